using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>
/// A number for each table that grows with every committed change, whoever made it: how many rows of the change log are visible.
/// Exact at the moment of the call and cheap: the visible rows of a remembered snapshot are counted once, and later calls count only
/// what has become visible since. (The highest sequence number would miss a change that began early and committed late.)
/// </summary>
public sealed class LayerVersions(Database database, LayerCopies copies)
{
    private sealed record Known(PgSnapshot? Snapshot, Dictionary<string, long> Counts);

    private volatile Known _known = new(null, []);

    /// <summary>From memory while it follows the log (exact for writes through this server, others within a second), else from the database.</summary>
    public ValueTask<long> Of(Layer layer, CancellationToken cancellation) => copies.Version(layer) is { } version ? ValueTask.FromResult(version) : new(Ask(layer, cancellation));

    private async Task<long> Ask(Layer layer, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await Of(layer, connection, cancellation);
    }

    /// <summary>As the connection's transaction sees it.</summary>
    public async Task<long> Of(Layer layer, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var known = _known;
        var counts = new Dictionary<string, long>(known.Counts);
        string? snapshot = null;
        var visibleNow = known.Snapshot is { } then
            ? Sql.Of($"""
                SELECT table_name, count(*) FROM changes
                WHERE {ChangeLog.BehindSnapshot(then)}
                GROUP BY table_name
                """)
            : Sql.Of($"SELECT table_name, count(*) FROM changes GROUP BY table_name");
        // One statement, so that the counts and the snapshot belong together.
        await connection.Query($"""
            WITH visible (table_name, rows) AS MATERIALIZED ({visibleNow})
            SELECT pg_current_snapshot()::text, table_name, rows FROM (SELECT 1) AS once LEFT JOIN visible ON TRUE
            """, reader =>
            {
                snapshot = reader.GetString(0);
                if (!reader.IsDBNull(1)) counts[reader.GetString(1)] = counts.GetValueOrDefault(reader.GetString(1)) + reader.GetInt64(2);
                return 0;
            }, cancellation);
        _known = new Known(PgSnapshot.Parse(snapshot), counts);
        return layer.DependsOn.Sum(table => counts.GetValueOrDefault(table));
    }
}
