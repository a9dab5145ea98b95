using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary>
/// Compares checked rows with the table and writes only what differs, so that a second run writes nothing and logs nothing.
/// Several passes where rows of one step hang below each other (areas by level, departments by depth).
/// </summary>
internal sealed class TableWrite(TableStep step, Sql rows, StagingSchema schema, IReadOnlyList<TargetColumn> columns)
{
    /// <summary>From this many rows on, the change log gets one "reload" in place of a line for each row.</summary>
    private const int BulkRows = 1000;

    private readonly TargetTable _target = step.Table;
    private readonly Sql _table = Sql.Trusted(step.Table.Table);
    private readonly Sql _key = Sql.Trusted(step.Table.KeyColumn.Column);

    public string Note { get; private set; } = "";

    public async Task Run(NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var pass in Passes())
        {
            await Refer(connection, pass, cancellation);
            await Compare(connection, pass, cancellation);
            await Insert(connection, cancellation);
            await Update(connection, cancellation);
        }
        await connection.Execute($"ANALYZE {_table}", cancellation);
    }

    private IEnumerable<Sql> Passes() => _target.Name switch
    {
        "areas" => [Sql.Of($"r.level = 'city'"), Sql.Of($"r.level = 'district'"), Sql.Of($"r.level = 'street'"), Sql.Of($"r.level = 'community'")],
        "departments" => Enumerable.Repeat(
                Sql.Of($"(r.parent_id_text IS NULL OR EXISTS (SELECT FROM departments AS d WHERE d.code = r.parent_id_text))"), 8).Append(Sql.Trusted("TRUE")),
        _ => [Sql.Trusted("TRUE")],
    };

    private bool IsGrids => _target.Name == "grids";

    private List<TargetReference> WrittenReferences() => _target.References.Where(reference => step.Fields.ContainsKey(reference.Name) || Derived(reference)).ToList();

    private bool Derived(TargetReference reference) => reference.Table == "nets" || (reference.Table == "areas" && _target.Geometry == GeometryKind.Polygon);

    /// <summary>Codes of other tables become their ids; where the profile gives no area, the largest overlap decides.</summary>
    private async Task Refer(NpgsqlConnection connection, Sql pass, CancellationToken cancellation)
    {
        foreach (var reference in WrittenReferences())
        {
            var id = Sql.Trusted(reference.Column);
            var text = Sql.Trusted(reference.Column + "_text");
            var table = Sql.Trusted(reference.Table);
            if (reference.Table == "nets") await connection.Execute($"UPDATE {rows} SET {text} = 'base' WHERE {text} IS NULL", cancellation);
            if (reference.Table == "areas" && !step.Fields.ContainsKey(reference.Name))
                await Overlap(connection, id, pass, cancellation);
            else
                await connection.Execute($"""
                    UPDATE {rows} AS r SET {id} = t.id FROM {table} AS t
                    WHERE r.reason IS NULL AND r.action IS NULL AND {pass} AND t.code = r.{text}
                    """, cancellation);
            await connection.Execute($"""
                UPDATE {rows} AS r SET reason = {reference.Name + ": \""} || {text} || {"\" is not in " + reference.Table}
                WHERE reason IS NULL AND action IS NULL AND {pass} AND {text} IS NOT NULL AND {id} IS NULL
                """, cancellation);
            if (reference.Required)
                await connection.Execute($"UPDATE {rows} AS r SET reason = {"lies in none of the " + reference.Table} WHERE reason IS NULL AND action IS NULL AND {pass} AND {id} IS NULL", cancellation);
        }
    }

    /// <summary>
    /// The lowest area that holds at least half of the row's polygon; where none does, the one that holds most of it.
    /// For areas: among those above the row's own level.
    /// </summary>
    private async Task Overlap(NpgsqlConnection connection, Sql id, Sql pass, CancellationToken cancellation)
    {
        var above = _target.Name == "areas" ? Sql.Of($"AND {schema.Prefix}level_rank(a.level) < {schema.Prefix}level_rank(r.level)") : Sql.Empty;
        await connection.Execute($"""
            UPDATE {rows} AS r SET {id} = best.area FROM (
                SELECT DISTINCT ON (r.n) r.n, a.id AS area
                FROM {rows} AS r JOIN areas AS a ON a.geom && r.tidied {above}
                CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(a.geom, r.tidied)::geography) AS shared, ST_Area(r.tidied::geography) AS own) AS size
                WHERE r.reason IS NULL AND r.action IS NULL AND {pass} AND size.shared > 0
                ORDER BY r.n, (size.shared >= size.own / 2) DESC, {schema.Prefix}level_rank(a.level) DESC, size.shared DESC, a.code
            ) AS best WHERE best.n = r.n
            """, cancellation);
    }

    private async Task Compare(NpgsqlConnection connection, Sql pass, CancellationToken cancellation)
    {
        var changed = step.KeepExisting ? Sql.Trusted("'keep'") : Sql.Of($"CASE WHEN ROW({Values("t", stored: true)}) IS DISTINCT FROM ROW({Values("r", stored: false)}) THEN 'update pending' ELSE 'unchanged' END");
        var current = IsGrids ? Sql.Of($"AND t.valid_to = 'infinity' AND t.net_id = r.net_id") : Sql.Empty;
        await connection.Execute($"""
            UPDATE {rows} AS r SET target_id = t.id, action = {changed} FROM {_table} AS t
            WHERE r.reason IS NULL AND r.action IS NULL AND {pass} AND t.{_key} = r.{_key} {current}
            """, cancellation);
        await connection.Execute($"UPDATE {rows} AS r SET action = 'insert pending' WHERE r.reason IS NULL AND r.action IS NULL AND {pass}", cancellation);
    }

    private async Task Insert(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await Begin(connection, "insert pending", cancellation)) return;
        // Oldest first, so that ids follow the source; neighbours in the source stay neighbours on disk.
        await connection.Execute($"INSERT INTO {_table} ({Names()}) SELECT {Values("r", stored: false, written: true)} FROM {rows} AS r WHERE action = 'insert pending' ORDER BY n", cancellation);
        if (_target.Name == "incidents") await WriteSteps(connection, cancellation);
        await connection.Execute($"UPDATE {rows} SET action = 'insert' WHERE action = 'insert pending'", cancellation);
    }

    /// <summary>What the source tells of an incident's history: that it was reported, and when it was closed.</summary>
    private async Task WriteSteps(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.Execute($"""
            INSERT INTO incident_steps (incident_id, at, actor, from_status, to_status)
            SELECT t.id, history.at, 'import', history.from_status, history.to_status
            FROM {rows} AS r JOIN incidents AS t ON t.number = r.number
            CROSS JOIN LATERAL (
                SELECT t.reported_at AS at, NULL::text AS from_status, 'reported' AS to_status
                UNION ALL
                SELECT coalesce(t.closed_at, t.reported_at), 'reported', t.status WHERE t.status <> 'reported'
            ) AS history
            WHERE r.action = 'insert pending' ORDER BY r.n, history.at, history.from_status NULLS FIRST
            """, cancellation);

    private async Task Update(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await Begin(connection, "update pending", cancellation)) return;
        if (IsGrids)
        {
            await Redraw(connection, cancellation);
            if (!await Begin(connection, "update pending", cancellation)) return;
        }
        var set = columns.Select(column => $"{column.Column} = r.{column.Column}")
            .Concat(WrittenReferences().Select(reference => $"{reference.Column} = r.{reference.Column}"))
            .Concat(_target.Geometry == GeometryKind.None || IsGrids ? [] : ["geom = r.geom"]);
        await connection.Execute($"""
            UPDATE {_table} AS t SET {Sql.Trusted(string.Join(", ", set))} FROM {rows} AS r
            WHERE r.action = 'update pending' AND r.target_id = t.id
            """, cancellation);
        await connection.Execute($"UPDATE {rows} SET action = 'update' WHERE action = 'update pending'", cancellation);
    }

    /// <summary>
    /// A grid whose boundary changed gets a new version from now on; the old one stays for the past. What the profile does not fill is carried over.
    /// </summary>
    private async Task Redraw(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await connection.Execute($"SELECT set_config('gridmap.grids_later', 'on', true)", cancellation);
        await connection.Execute($"""
            UPDATE grids AS t SET valid_to = now() FROM {rows} AS r
            WHERE r.action = 'update pending' AND r.target_id = t.id AND t.geom::bytea <> r.tidied::bytea
            """, cancellation);
        string[] attributes = ["net_id", "code", "name", "kind", "area_id", "households", "residents"];
        var filled = columns.Select(column => column.Column).Concat(WrittenReferences().Select(reference => reference.Column)).ToHashSet();
        var values = string.Join(", ", attributes.Select(attribute => (filled.Contains(attribute) ? "r." : "t.") + attribute));
        var redrawn = await connection.Execute($"""
            INSERT INTO grids ({Sql.Trusted(string.Join(", ", attributes))}, valid_from, geom)
            SELECT {Sql.Trusted(values)}, now(), r.geom FROM {rows} AS r JOIN grids AS t ON t.id = r.target_id
            WHERE r.action = 'update pending' AND t.valid_to = now()
            """, cancellation);
        await connection.Execute($"SELECT set_config('gridmap.grids_later', 'off', true)", cancellation);
        if (redrawn == 0) return;
        await connection.Execute($"SELECT place_under_grids(ST_Collect(geom)) FROM grids WHERE now() IN (valid_from, valid_to)", cancellation);
        Note = $"{redrawn} boundaries redrawn: valid from now on, the old ones kept";
        // Written as a whole already: the update that follows is for the others.
        await connection.Execute($"""
            UPDATE {rows} AS r SET action = 'update' FROM grids AS t WHERE r.action = 'update pending' AND r.target_id = t.id AND t.valid_to = now()
            """, cancellation);
    }

    private async Task<bool> Begin(NpgsqlConnection connection, string action, CancellationToken cancellation)
    {
        var count = await connection.Scalar<long>($"SELECT count(*) FROM {rows} WHERE action = {action}", cancellation);
        await connection.Execute($"SELECT set_config('gridmap.bulk', {(count >= BulkRows ? "on" : "off")}, true)", cancellation);
        return count > 0;
    }

    private Sql Names() => Sql.Trusted(string.Join(", ", columns.Select(column => column.Column)
        .Concat(WrittenReferences().Select(reference => reference.Column))
        .Concat(_target.Geometry == GeometryKind.None ? [] : ["geom"])));

    private Sql Values(string alias, bool stored, bool written = false) => Sql.Trusted(string.Join(", ", columns.Select(column => $"{alias}.{column.Column}")
        .Concat(WrittenReferences().Select(reference => $"{alias}.{reference.Column}"))
        .Concat(_target.Geometry == GeometryKind.None ? [] : [written ? $"{alias}.geom" : stored ? $"{alias}.geom::bytea" : $"{alias}.tidied::bytea"])));
}
