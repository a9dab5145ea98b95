using GridMap.Server.Databases;
using GridMap.Server.Http;

namespace GridMap.Server.Plans;

/// <summary>What a code has been: from what it was split off, into what it was merged.</summary>
internal static class GridLives
{
    public static async Task<GridLife> Of(Database database, string net, string code, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var spans = await connection.Query($"""
            SELECT grids.id, grids.name, valid_from, valid_to, ST_Area(geom::geography), households FROM grids JOIN nets ON nets.id = grids.net_id
            WHERE nets.code = {net} AND grids.code = {code} ORDER BY valid_from LIMIT 1000
            """, row => new GridSpan(row.GetInt64(0), row.GetString(1), row.TimeOrNull(2), row.TimeOrNull(3), row.GetDouble(4), row.IntOrNull(5)), cancellation);
        if (spans.Count == 0) throw Refused.NotFound("grid", code);
        return new(net, code, spans, await Descent("new_code", "old_code"), await Descent("old_code", "new_code"));

        Task<List<GridDescent>> Descent(string own, string other) => connection.Query($"""
            SELECT {Sql.Trusted(other)}, effective_at, plan_id, area_square_metres, households FROM grid_crosswalk JOIN nets ON nets.id = grid_crosswalk.net_id
            WHERE nets.code = {net} AND {Sql.Trusted(own)} = {code} AND old_code <> new_code ORDER BY effective_at, 1 LIMIT 1000
            """, row => new GridDescent(row.GetString(0), row.GetDateTime(1), row.GetInt64(2), row.GetDouble(3), row.GetInt32(4)), cancellation);
    }
}
