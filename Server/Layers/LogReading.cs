using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>How many rows of the change log each table has, as seen by one snapshot: a table's version.</summary>
public sealed record LogPosition(PgSnapshot Snapshot, IReadOnlyDictionary<string, long> Counts)
{
    public long Version(Layer layer) => layer.DependsOn.Sum(table => Counts.GetValueOrDefault(table));
}

/// <summary>What became visible in one table.</summary>
public sealed class TableChanges
{
    public HashSet<long> Ids { get; } = [];

    public bool IsReload { get; set; }

    public long Rows { get; set; }
}

/// <summary>Reads the change log between snapshots: behind a snapshot nothing can appear later, behind a sequence number it can.</summary>
public static class LogReading
{
    public static async Task<LogPosition> Now(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var (snapshot, counts) = ("", new Dictionary<string, long>());
        await connection.Query($"""
            SELECT pg_current_snapshot()::text, table_name, rows
            FROM (SELECT 1) AS once LEFT JOIN (SELECT table_name, count(*) AS rows FROM changes GROUP BY table_name) AS counted ON TRUE
            """, row =>
            {
                snapshot = row.GetString(0);
                if (!row.IsDBNull(1)) counts[row.GetString(1)] = row.GetInt64(2);
                return 0;
            }, cancellation);
        return new LogPosition(PgSnapshot.Parse(snapshot), counts);
    }

    /// <summary>What the connection sees and the snapshot did not, by table; of some tables or all.</summary>
    public static async Task<(PgSnapshot Snapshot, Dictionary<string, TableChanges> Changes)> Since(NpgsqlConnection connection, PgSnapshot then, string[]? tables, CancellationToken cancellation)
    {
        var (snapshot, changes) = ("", new Dictionary<string, TableChanges>());
        // One statement, so that the new snapshot and what it sees belong together.
        await connection.Query($"""
            SELECT pg_current_snapshot()::text, table_name, row_id
            FROM (SELECT 1) AS once LEFT JOIN changes
              ON {ChangeLog.BehindSnapshot(then)}
                 AND ({tables}::text[] IS NULL OR table_name = ANY ({tables}::text[]))
            """, row =>
            {
                snapshot = row.GetString(0);
                if (row.IsDBNull(1)) return 0;
                if (!changes.TryGetValue(row.GetString(1), out var table)) changes[row.GetString(1)] = table = new TableChanges();
                table.Rows++;
                if (row.IsDBNull(2)) table.IsReload = true;
                else table.Ids.Add(row.GetInt64(2));
                return 0;
            }, cancellation);
        return (PgSnapshot.Parse(snapshot), changes);
    }

    /// <summary>Which cluster this is, and which of its lives: another one may give the same transaction numbers to other changes.</summary>
    public static Task<string?> Cluster(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.Scalar<string>($"SELECT (pg_control_system()).system_identifier || '/' || (pg_control_checkpoint()).timeline_id || '/' || current_database()", cancellation);
}
