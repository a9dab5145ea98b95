using System.Diagnostics;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary>
/// One step: source rows are read into <c>rows_N</c> with typed values, a geometry and, where something is wrong, a reason;
/// then the good ones are compared with the table, and only what differs is written.
/// </summary>
internal sealed class TableLoad(TableStep step, StagingSchema schema, int number, string timeZone)
{
    private readonly TargetTable _target = step.Table;
    private readonly Sql _rows = Sql.Trusted($"{schema.Name}.rows_{number}");
    private readonly Sql _read = Sql.Trusted($"{schema.Name}.read_{number}");
    private readonly IReadOnlyList<TargetColumn> _columns = step.Table.Columns;

    public async Task<StepReport> Run(NpgsqlConnection connection, SourceRows source, int listed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var (read, leftOut) = await Read(connection, source, cancellation);
        await Shape(connection, cancellation);
        await Check(connection, cancellation);
        var writer = new TableWrite(step, _rows, schema, Given());
        await writer.Run(connection, cancellation);
        return await Report(connection, read, leftOut, writer, listed, clock, cancellation);
    }

    // A column that the profile does not fill is not touched: neither compared nor overwritten.
    private List<TargetColumn> Given() => _columns.Where(column => step.Fields.ContainsKey(column.Name)).ToList();

    private async Task<(long Read, long LeftOut)> Read(NpgsqlConnection connection, SourceRows source, CancellationToken cancellation)
    {
        var write = new ExpressionSql(schema, source.Columns);
        var names = step.Fields.Keys.ToList();
        var texts = string.Concat(names.Select(name => $", {TextColumn(name)} text"));
        await connection.Execute($"CREATE UNLOGGED TABLE {_read} (source_file text, source_row bigint, geom geometry, unplaced text{Sql.Trusted(texts)}, n bigint GENERATED ALWAYS AS IDENTITY)", cancellation);
        var (geometry, unplaced) = source.Place(schema, write);
        var values = names.Aggregate(Sql.Empty, (sql, name) => Sql.Of($"{sql}, {write.Value(step.Fields[name].Expression)}"));
        var relation = step.Geometry.DissolveBy.Count == 0 ? source.Relation : Dissolved(write, source);
        var taken = await connection.Execute($"""
            INSERT INTO {_read} SELECT s.source_file, s.source_row, {geometry}, {unplaced} {values}
            FROM ({relation}) AS s WHERE {write.All(step.Where)}
            """, cancellation);
        await DatumShift.TakeOut(connection, _read, source.Coord, cancellation);
        var all = await connection.Scalar<long>($"SELECT count(*) FROM ({source.Relation}) AS s", cancellation);
        return (all, step.Geometry.DissolveBy.Count == 0 ? all - taken : 0);
    }

    private Sql Dissolved(ExpressionSql write, SourceRows source)
    {
        foreach (var name in step.Geometry.DissolveBy) write.Column(step.Path + ".geometry.dissolveBy", name);
        var groups = step.Geometry.DissolveBy.Where(source.Columns.ContainsKey).Select(name => source.Columns[name]).ToHashSet();
        var columns = string.Concat(source.Columns.Values.Select(column => groups.Contains(column) ? $", {column}" : $", min({column}) AS {column}"));
        return Sql.Of($"""
            SELECT min(source_file) AS source_file, min(source_row) AS source_row, ST_Union(ST_MakeValid(geom)) AS geom{Sql.Trusted(columns)}
            FROM ({source.Relation}) AS parts GROUP BY {Sql.Trusted(string.Join(", ", groups))}
            """);
    }

    /// <summary>Values get their types and geometries their shape. Nothing raises: what cannot be read becomes a reason.</summary>
    private async Task Shape(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var typed = string.Concat(_columns.Select(column => $", {column.Column} {column.SqlType}"))
            + string.Concat(_target.References.Select(reference => $", {reference.Column}_text text, {reference.Column} bigint"));
        await connection.Execute($"""
            CREATE UNLOGGED TABLE {_rows} (n bigint GENERATED ALWAYS AS IDENTITY, source_file text, source_row bigint, part integer, parts integer,
                geom geometry, tidied geometry, repaired text, reason text, target_id bigint, action text{Sql.Trusted(typed)})
            """, cancellation);
        var insert = Sql.Trusted(string.Concat(_columns.Select(column => $", {column.Column}")));
        var values = _columns.Aggregate(Sql.Empty, (sql, column) => Sql.Of($"{sql}, {Filled(column)}"));
        var problems = Given().Aggregate(Sql.Of($"r.unplaced"), (sql, column) => Sql.Of($"{sql}, {Problem(column)}"));
        var given = _target.References.Where(reference => step.Fields.ContainsKey(reference.Name)).ToList();
        var references = Sql.Trusted(string.Concat(given.Select(reference => $", {reference.Column}_text")));
        var referenceValues = Sql.Trusted(string.Concat(given.Select(reference => $", CASE WHEN left(r.{TextColumn(reference.Name)}, 1) <> chr(1) THEN r.{TextColumn(reference.Name)} END")));
        var rules = step.Geometry;
        // OFFSET 0 keeps the planner from working every conversion out again wherever its value is used.
        var typedValues = Given().Aggregate(Sql.Empty, (sql, column) => Sql.Of($"{sql}, {Typed(column)} AS {Sql.Trusted(TypedColumn(column))}"));
        var typedRows = Sql.Of($"SELECT r.*{typedValues} FROM {_read} AS r OFFSET 0");
        var clip = rules.ClipToCity ? Sql.Of($"(SELECT ST_Union(geom) FROM areas WHERE level = 'city')") : Sql.Trusted("(SELECT NULL::geometry)");
        await connection.Execute($"""
            INSERT INTO {_rows} (source_file, source_row, part, parts, geom, tidied, repaired, reason{insert}{references})
            SELECT r.source_file, r.source_row, shape.part, shape.parts, shape.geom, shape.tidied, shape.repaired, coalesce({problems}, shape.reason){values}{referenceValues}
            FROM ({typedRows}) AS r CROSS JOIN {clip} AS clip (area)
            CROSS JOIN LATERAL {schema.Prefix}shapes(r.geom, {_target.Geometry.ToString()}, {rules.SwapAxes}, {rules.BufferMetres}, {rules.Explode},
                {rules.MinimumSquareMetres}, clip.area) AS shape
            ORDER BY r.source_file, r.source_row, shape.part
            """, cancellation);
        var key = Sql.Trusted(_target.KeyColumn.Column);
        await connection.Execute($"UPDATE {_rows} SET {key} = {key} || '-' || part WHERE parts > 1", cancellation);
        await connection.Execute($"CREATE INDEX ON {_rows} ({key})", cancellation);
        await connection.Execute($"ANALYZE {_rows}", cancellation);
    }

    private Sql Filled(TargetColumn column)
    {
        if (!step.Fields.ContainsKey(column.Name)) return Sql.Of($"{column.Default}::text::{Sql.Trusted(column.SqlType)}");
        var typed = Sql.Trusted("r." + TypedColumn(column));
        return column.Default is null ? typed : Sql.Of($"coalesce({typed}, {column.Default}::text::{Sql.Trusted(column.SqlType)})");
    }

    private Sql Typed(TargetColumn column)
    {
        var field = step.Fields[column.Name];
        var text = Sql.Trusted($"(CASE WHEN left(r.{TextColumn(column.Name)}, 1) <> chr(1) THEN r.{TextColumn(column.Name)} END)");
        return column.Kind switch
        {
            ColumnKind.Integer => Sql.Of($"{schema.Prefix}as_integer({text}, {field.Factor})"),
            ColumnKind.Number => Sql.Of($"{schema.Prefix}as_number({text}, {field.Factor})"),
            ColumnKind.Boolean => Sql.Of($"{schema.Prefix}as_boolean({text})"),
            ColumnKind.Time => Sql.Of($"{schema.Prefix}as_time({text}, {field.Format}::text, {field.Zone ?? timeZone})"),
            ColumnKind.Date => Sql.Of($"{schema.Prefix}as_date({text}, {field.Format}::text)"),
            _ => text,
        };
    }

    /// <summary>SQL that is null for a good value and otherwise says what is wrong with it.</summary>
    private Sql Problem(TargetColumn column)
    {
        var raw = Sql.Trusted($"r.{TextColumn(column.Name)}");
        var typed = Sql.Trusted("r." + TypedColumn(column));
        var what = column.Kind switch
        {
            ColumnKind.Integer => "is not a whole number",
            ColumnKind.Number => "is not a number",
            ColumnKind.Boolean => "is neither yes nor no",
            ColumnKind.Time => "is not a time in the expected form",
            ColumnKind.Date => "is not a date in the expected form",
            _ => "",
        };
        var name = column.Name + ": ";
        var cases = Sql.Of($"WHEN left({raw}, 1) = chr(1) THEN {name} || substr({raw}, 2)");
        if (column.Kind == ColumnKind.Text)
        {
            cases = Sql.Of($"{cases} WHEN length({raw}) > {column.MaximumLength} THEN {name} || 'is longer than ' || {column.MaximumLength} || ' characters'");
        }
        else if (!step.Fields[column.Name].EmptyWhenUnreadable)
        {
            cases = Sql.Of($"{cases} WHEN {raw} IS NOT NULL AND {typed} IS NULL THEN {name} || '\"' || left({raw}, 80) || '\" ' || {what}");
        }
        if (column.Required) cases = Sql.Of($"{cases} WHEN {typed} IS NULL THEN {name} || 'is empty'");
        if (column.Allowed is { } allowed)
            cases = Sql.Of($"{cases} WHEN {raw} <> ALL ({allowed}) THEN {name} || '\"' || left({raw}, 80) || '\" is not one of ' || {string.Join(", ", allowed)}");
        if (column.Minimum is { } minimum) cases = Sql.Of($"{cases} WHEN {typed} < {minimum} THEN {name} || {typed} || ' is below ' || {minimum}");
        if (column.Maximum is { } maximum) cases = Sql.Of($"{cases} WHEN {typed} > {maximum} THEN {name} || {typed} || ' is above ' || {maximum}");
        return Sql.Of($"CASE {cases} END");
    }

    /// <summary>What needs other rows or tables to be judged: rules between columns, catalogues, a key that comes twice.</summary>
    private async Task Check(NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var rule in _target.Rules)
            await connection.Execute($"UPDATE {_rows} SET reason = {rule.Reason} WHERE reason IS NULL AND NOT coalesce({Sql.Trusted(rule.Condition)}, true)", cancellation);
        foreach (var column in _columns.Where(column => column.Catalogue is not null))
        {
            var name = Sql.Trusted(column.Column);
            await connection.Execute($"""
                UPDATE {_rows} AS r SET reason = {column.Name + ": \""} || {name} || {"\" is not in the catalogue " + column.Catalogue}
                WHERE reason IS NULL AND NOT EXISTS (SELECT FROM catalogue_entries WHERE catalogue = {column.Catalogue} AND code = r.{name})
                """, cancellation);
        }
        var key = Sql.Trusted(_target.KeyColumn.Column);
        var net = _target.Name == "grids" ? Sql.Of($", coalesce(net_id_text, 'base')") : Sql.Empty;
        await connection.Execute($"""
            UPDATE {_rows} AS r SET reason = {_target.Key} || ': "' || r.{key} || '" was already given by ' || first_file || ' row ' || first_row
            FROM (SELECT n, first_value(n) OVER same AS first_n, first_value(source_file) OVER same AS first_file, first_value(source_row) OVER same AS first_row
                  FROM {_rows} WHERE reason IS NULL WINDOW same AS (PARTITION BY {key}{net} ORDER BY n)) AS given
            WHERE given.n = r.n AND given.first_n <> given.n
            """, cancellation);
    }

    private async Task<StepReport> Report(
        NpgsqlConnection connection, long read, long leftOut, TableWrite writer, int listed, Stopwatch clock, CancellationToken cancellation)
    {
        var key = Sql.Trusted(_target.KeyColumn.Column);
        var counts = await connection.QueryOne($"""
            SELECT count(*) FILTER (WHERE action = 'insert'), count(*) FILTER (WHERE action = 'update'), count(*) FILTER (WHERE action = 'unchanged'),
                   count(*) FILTER (WHERE action = 'keep'), count(*) FILTER (WHERE reason IS NULL AND repaired IS NOT NULL), count(*) FILTER (WHERE reason IS NOT NULL),
                   count(*) FILTER (WHERE part > 1)
            FROM {_rows}
            """, row => Enumerable.Range(0, 7).Select(row.GetInt64).ToArray(), cancellation);
        var reasons = await connection.Query($"""
            SELECT regexp_replace(reason, '"[^"]*"|[0-9.-]+, [0-9.-]+| by .* row [0-9]+$', '…', 'g') AS message, count(*)
            FROM {_rows} WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50
            """, row => new ReasonCount(row.GetString(0), row.GetInt64(1)), cancellation);
        var refused = await Notes(connection, Sql.Of($"reason"), Sql.Of($"reason IS NOT NULL"), listed, cancellation);
        var repaired = await Notes(connection, Sql.Of($"repaired"), Sql.Of($"reason IS NULL AND repaired IS NOT NULL"), listed, cancellation);
        var (vanished, vanishedKeys) = await Vanished(connection, key, listed, cancellation);
        return new StepReport(step.Name, _target.Name, read, leftOut, counts![6], counts[0], counts[1], counts[2], counts[3], counts[4], counts[5],
            vanished, reasons, refused, repaired, vanishedKeys, writer.Note, Math.Round(clock.Elapsed.TotalSeconds, 3));
    }

    private async Task<List<RowNote>> Notes(NpgsqlConnection connection, Sql note, Sql condition, int listed, CancellationToken cancellation) =>
        await connection.Query($"""
            SELECT source_file, source_row, {Sql.Trusted(_target.KeyColumn.Column)}, {note} FROM {_rows} WHERE {condition} ORDER BY n LIMIT {listed}
            """, row => new RowNote(row.GetString(0), row.GetInt64(1), row.TextOrNull(2), row.GetString(3)), cancellation);

    /// <summary>Rows of the table that carry this step's mark (the fixed beginning of its codes) and were not in the source this time.</summary>
    private async Task<(long Count, List<string> Keys)> Vanished(NpgsqlConnection connection, Sql key, int listed, CancellationToken cancellation)
    {
        if (step.Fields[_target.Key].Expression is not Template { Prefix.Length: > 0 } template) return (0, []);
        var current = _target.Name == "grids" ? Sql.Of($"AND t.valid_to = 'infinity'") : Sql.Empty;
        var from = Sql.Of($"""
            FROM {Sql.Trusted(_target.Table)} AS t
            WHERE starts_with(t.{key}, {template.Prefix}) {current} AND NOT EXISTS (SELECT FROM {_rows} AS r WHERE r.{key} = t.{key})
            """);
        var count = await connection.Scalar<long>($"SELECT count(*) {from}", cancellation);
        var keys = count == 0 ? [] : await connection.Query($"SELECT t.{key} {from} ORDER BY 1 LIMIT {listed}", row => row.GetString(0), cancellation);
        return (count, keys);
    }

    private static string TypedColumn(TargetColumn column) => "v_" + column.Column;

    private static string TextColumn(string name) => "t_" + name.ToLowerInvariant();
}
