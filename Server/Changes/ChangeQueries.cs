using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Changes;

/// <summary>Pages of the change log between two snapshots: complete, because what stands behind a snapshot cannot grow in its middle.</summary>
public sealed class ChangeQueries(Database database)
{
    private static readonly PgSnapshot Beginning = new(1, 1, []);

    public async Task<ChangePosition> Now(CancellationToken cancellation) =>
        new(PgSnapshot.Parse(await database.Scalar<string>($"SELECT pg_current_snapshot()::text", cancellation)), null, 0);

    /// <summary>A position that did not see what was committed at or after the time: the last one that was noted before it, or the beginning of the log.</summary>
    /// <exception cref="Refused">The time has not come yet.</exception>
    public async Task<ChangePosition> At(DateTime time, CancellationToken cancellation)
    {
        if (await database.Scalar<bool>($"SELECT {time} > clock_timestamp() + interval '1 minute'", cancellation))
            throw Refused.Field("since", "time.future", "a moment that has come");
        var noted = await database.Scalar<string>($"SELECT snapshot::text FROM change_positions WHERE at <= {time} ORDER BY at DESC LIMIT 1", cancellation);
        return new ChangePosition(noted is null ? Beginning : PgSnapshot.Parse(noted), null, 0);
    }

    /// <summary>At most <paramref name="limit"/> changes behind a position, and the position behind the last of them.</summary>
    /// <param name="tables">Only of these; null for all.</param>
    /// <exception cref="Refused">The position lies ahead of this database.</exception>
    public async Task<(List<Change> Changes, ChangePosition Next, bool More)> Page(ChangePosition from, string[]? tables, int limit, CancellationToken cancellation)
    {
        var upTo = from.End is { } known ? Sql.Of($"{known.ToString()}::text::pg_snapshot") : Sql.Trusted("pg_current_snapshot()");
        var ofTables = tables is null ? Sql.Empty : Sql.Of($"AND table_name = ANY ({tables})");
        var changes = new List<Change>();
        var (end, now) = (Beginning, Beginning);
        // One statement: a snapshot of now and what it sees belong together.
        await database.Query($"""
            SELECT {ChangeLog.Columns}, upto::text, pg_current_snapshot()::text
            FROM (SELECT {upTo} AS upto) AS page LEFT JOIN LATERAL (
                SELECT * FROM changes
                WHERE {ChangeLog.BehindSnapshot(from.Start)} AND pg_visible_in_snapshot(xid, upto) AND seq > {from.Seq} {ofTables}
                ORDER BY seq LIMIT {limit + 1}
            ) AS behind ON TRUE
            ORDER BY seq
            """, row =>
            {
                (end, now) = (PgSnapshot.Parse(row.GetString(7)), PgSnapshot.Parse(row.GetString(8)));
                if (!row.IsDBNull(0)) changes.Add(ChangeLog.Read(row));
                return 0;
            }, cancellation);
        if (from.Start.Xmax > now.Xmax || end.Xmax > now.Xmax)
            throw new Refused("position.elsewhere", "The position is of another database, or of this one before it was restored. Read everything again and begin at the position of now.");
        if (changes.Count <= limit) return (changes, new ChangePosition(end, null, 0), from.End is not null);
        changes.RemoveAt(limit);
        return (changes, new ChangePosition(from.Start, end, changes[^1].Seq), true);
    }
}
