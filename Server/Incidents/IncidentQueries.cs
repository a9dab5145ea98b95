using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Incidents;

/// <summary>SQL on incidents and their steps.</summary>
public static class IncidentQueries
{
    private static readonly Sql Selected = Sql.Trusted("""
        SELECT incidents.id, incidents.number, incidents.category, entry.name, entry.name_en, incidents.source, incidents.status, incidents.severity,
               incidents.title, incidents.description, incidents.address, incidents.outside_number, ST_X(incidents.geom), ST_Y(incidents.geom),
               incidents.reported_at, incidents.due_at, incidents.closed_at, incidents.closed_at IS NULL AND coalesce(incidents.due_at < now(), false),
               grids.id, nets.code, grids.code, grids.name, grids.kind,
               areas.id, areas.code, areas.name, areas.name_en, areas.level, departments.id, departments.code, departments.name
        """);

    private static readonly Sql Joined = Sql.Trusted("""
        JOIN catalogue_entries AS entry ON entry.catalogue = incidents.catalogue AND entry.code = incidents.category
        LEFT JOIN grids ON grids.id = incidents.grid_id
        LEFT JOIN nets ON nets.id = grids.net_id
        LEFT JOIN areas ON areas.id = incidents.area_id
        LEFT JOIN departments ON departments.id = incidents.department_id
        """);

    /// <summary>Newest first. The page is cut before anything is joined to it.</summary>
    public static Task<List<Incident>> List(Database database, Sql where, int limit, CancellationToken cancellation) => database.Query($"""
        {Selected}
        FROM (SELECT * FROM incidents WHERE {where} ORDER BY reported_at DESC, id DESC LIMIT {limit}) AS incidents
        {Joined}
        ORDER BY incidents.reported_at DESC, incidents.id DESC
        """, reader => Read(reader, default), cancellation);

    public static Task<Incident?> One(NpgsqlConnection connection, long id, Datum datum, CancellationToken cancellation) =>
        connection.QueryOne($"{Selected} FROM incidents {Joined} WHERE incidents.id = {id}", reader => Read(reader, datum), cancellation);

    public static Task<List<IncidentStep>> Steps(NpgsqlConnection connection, long id, CancellationToken cancellation) => connection.Query($"""
        SELECT at, actor, from_status, to_status, note FROM incident_steps WHERE incident_id = {id} ORDER BY id LIMIT 1000
        """, reader => new IncidentStep(reader.GetDateTime(0), reader.GetString(1), reader.TextOrNull(2), reader.GetString(3), reader.GetString(4)), cancellation);

    /// <summary>
    /// Takes all rows in by one statement and writes their first steps. A row whose idempotency key is there already is left out,
    /// also when another transaction is writing it at this moment: the statement waits for that one to end.
    /// </summary>
    public static async Task<List<(IncidentNumber Made, long? AreaId)>> Insert(
        NpgsqlConnection connection, IncidentRow[] rows, string actor, string? key, byte[]? hash, CancellationToken cancellation)
    {
        var made = await connection.Query($"""
            WITH rows AS (
                SELECT nextval(pg_get_serial_sequence('incidents', 'id')) AS id, position, category, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom,
                       title, description, address, severity, source, reported_at, due_at, outside_number, department_id
                FROM unnest({Column(row => row.Category)}, {Column(row => row.Lon)}, {Column(row => row.Lat)}, {Column(row => row.Title)},
                            {Column(row => row.Description)}, {Column(row => row.Address)}, {Column(row => row.Severity)}, {Column(row => row.Source)},
                            {Column(row => row.ReportedAt)}::timestamptz[], {Column(row => row.DueAt)}::timestamptz[],
                            {Column(row => row.OutsideNumber)}::text[], {Column(row => row.DepartmentId)}::bigint[])
                     WITH ORDINALITY AS row (category, lon, lat, title, description, address, severity, source,
                                             reported_at, due_at, outside_number, department_id, position)
            ), made AS (
                INSERT INTO incidents (id, category, geom, title, description, address, severity, source, reported_at, due_at,
                                       outside_number, department_id, idempotency_key, request_hash)
                SELECT id, category, geom, title, description, address, severity, source, reported_at, due_at, outside_number, department_id,
                       {key}::text, {hash}::bytea
                FROM rows ORDER BY position
                ON CONFLICT (idempotency_key) DO NOTHING
                RETURNING id, number, area_id
            ), steps AS (
                INSERT INTO incident_steps (incident_id, actor, to_status) SELECT id, {actor}, 'reported' FROM made
            )
            SELECT made.id, made.number, made.area_id FROM made JOIN rows USING (id) ORDER BY rows.position
            """, reader => (new IncidentNumber(reader.GetInt64(0), reader.GetString(1)), reader.LongOrNull(2)), cancellation);
        return made;

        T[] Column<T>(Func<IncidentRow, T> value) => rows.Select(value).ToArray();
    }

    public static Task<(long Id, byte[] Hash)> ByKey(NpgsqlConnection connection, string key, CancellationToken cancellation) => connection.QueryOne($"""
        SELECT id, request_hash FROM incidents WHERE idempotency_key = {key}
        """, reader => (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)), cancellation);

    /// <summary>What a change must know, with the row locked until the transaction ends: of two changes at once the second sees the first.</summary>
    public static Task<(string Status, long? AreaId, DateTime ReportedAt)?> Lock(NpgsqlConnection connection, long id, CancellationToken cancellation) => connection.QueryOne($"""
        SELECT status, area_id, reported_at FROM incidents WHERE id = {id} FOR UPDATE
        """, reader => ((string, long?, DateTime)?)(reader.GetString(0), reader.LongOrNull(1), reader.GetDateTime(2)), cancellation);

    public static Task<int> Change(NpgsqlConnection connection, long id, string actor, string from, IncidentChange change, DateTime? dueAt, CancellationToken cancellation)
    {
        var to = change.Status ?? from;
        return connection.Execute($"""
            WITH changed AS (
                UPDATE incidents SET
                    status = {to},
                    department_id = coalesce({change.DepartmentId}::bigint, department_id),
                    severity = coalesce({change.Severity}::text, severity),
                    due_at = coalesce({dueAt}::timestamptz, due_at),
                    closed_at = CASE WHEN {IncidentWorkflow.IsFinal(to)} THEN coalesce(closed_at, greatest(now(), reported_at)) END
                WHERE id = {id}
                RETURNING id
            )
            INSERT INTO incident_steps (incident_id, actor, from_status, to_status, note)
            SELECT id, {actor}, {from}, {to}, {change.Note?.Trim() ?? ""} FROM changed
            """, cancellation);
    }

    private static Incident Read(NpgsqlDataReader row, Datum datum) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7),
        row.GetString(8), row.GetString(9), row.GetString(10), row.TextOrNull(11), datum.FromStored(row.GetDouble(12), row.GetDouble(13)), datum.Name,
        row.GetDateTime(14), row.TimeOrNull(15), row.TimeOrNull(16), row.GetBoolean(17),
        row.IsDBNull(18) ? null : new GridRef(row.GetInt64(18), row.GetString(19), row.GetString(20), row.GetString(21), row.GetString(22)),
        row.IsDBNull(23) ? null : new AreaRef(row.GetInt64(23), row.GetString(24), row.GetString(25), row.GetString(26), row.GetString(27)),
        row.IsDBNull(28) ? null : new DepartmentRef(row.GetInt64(28), row.GetString(29), row.GetString(30)));
}
