using System.Globalization;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>A row of the change log: which row of which table was written, when and by whom. A <c>reload</c> is a bulk change and names no row.</summary>
public sealed record Change(long Seq, ulong Xid, DateTime At, string Table, string Op, long? RowId, string Actor);

/// <summary>The log that every writer feeds, whatever program it is. What stands behind a position is complete: see <see cref="PgSnapshot"/>.</summary>
public static class ChangeLog
{
    /// <summary>Every table that is followed.</summary>
    public static readonly string[] Tables =
        ["incidents", "grids", "areas", "buildings", "facilities", "roads", "compounds", "landscapes", "population_cells", "nets", "duties", "departments",
        "plans", "plan_comments", "plan_consultations", "grid_crosswalk", "grid_holes", "coverage_scenarios"];

    /// <summary>The columns that <see cref="Read"/> takes, in order.</summary>
    public static Sql Columns => Sql.Trusted("seq, xid::text, at, table_name, op, row_id, actor");

    public static Change Read(NpgsqlDataReader row) => new(row.GetInt64(0), ulong.Parse(row.GetString(1)), row.GetDateTime(2), row.GetString(3), row.GetString(4),
        row.LongOrNull(5), row.GetString(6));

    /// <summary>
    /// What one snapshot does not see, for the asking transaction sees only what has committed: what had not begun and what was running. Both by the index,
    /// so that a look costs what is new, however long ago the oldest running transaction began.
    /// </summary>
    public static Sql BehindSnapshot(PgSnapshot start) => Sql.Of($"""
        (xid >= {start.Xmax.ToString(CultureInfo.InvariantCulture)}::text::xid8 OR xid = ANY ({Array.ConvertAll(start.Running, xid => xid.ToString(CultureInfo.InvariantCulture))}::text[]::xid8[]))
        """);

    /// <summary>
    /// A backup brought into another database server keeps the numbers of the old one's transactions. Those that this server has not reached yet
    /// would look new for ever, so they are given the number of the transaction that is running now.
    /// </summary>
    public static Task Adopt(Database database, CancellationToken cancellation) => database.Write("restore", async connection =>
    {
        await connection.Execute($"DELETE FROM change_positions WHERE pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot())", cancellation);
        return await connection.Execute($"UPDATE changes SET xid = pg_current_xact_id() WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())", cancellation);
    }, cancellation);
}
