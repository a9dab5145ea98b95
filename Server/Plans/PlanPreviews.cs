using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>What a draft would begin with: how many grids, and those that repairs and decisions would draw anew.</summary>
public sealed record PlanPreview(int Grids, IReadOnlyList<RepairedGrid> Repaired);

/// <param name="Geometry">As it would be.</param>
/// <param name="Gained">Land that it would get; null where that is none. A repair that only puts a vertex into a border moves no land.</param>
/// <param name="Lost">Land that it would give.</param>
public sealed record RepairedGrid(string Code, double GainedSquareMetres, double LostSquareMetres, JsonElement Geometry, JsonElement? Gained, JsonElement? Lost);

internal static class PlanPreviews
{
    /// <summary>Begins the plan in a transaction that is taken back.</summary>
    public static async Task<PlanPreview> Of(Database database, Caller caller, PlanWanted wanted, DateTime baseAt, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var id = await PlanStart.Begin(connection, caller, wanted, baseAt, cancellation);
        var count = await connection.Scalar<int>($"SELECT count(*)::integer FROM plan_grids WHERE plan_id = {id}", cancellation);
        var repaired = await connection.Query($"""
            SELECT code, ST_Area(gained::geography), ST_Area(lost::geography), ST_AsBinary(drawn), ST_AsBinary(gained), ST_AsBinary(lost)
            FROM plan_grids JOIN grids ON grids.id = plan_grids.grid_id
            CROSS JOIN LATERAL (SELECT ST_GeomFromWKB(wkb, 4326) AS drawn) AS now
            CROSS JOIN LATERAL (SELECT ST_CollectionExtract(ST_Difference(drawn, grids.geom), 3) AS gained, ST_CollectionExtract(ST_Difference(grids.geom, drawn), 3) AS lost) AS moved
            WHERE plan_id = {id} AND (ST_NPoints(drawn) <> ST_NPoints(grids.geom) OR NOT ST_Equals(drawn, grids.geom)) ORDER BY code
            """, row => new RepairedGrid(row.GetString(0), row.GetDouble(1), row.GetDouble(2), Json(row, 3)!.Value, Json(row, 4), Json(row, 5)), cancellation);
        await transaction.RollbackAsync(cancellation);
        return new(count, repaired);
    }

    private static JsonElement? Json(NpgsqlDataReader row, int column) => Wkb.Read(row.GetFieldValue<byte[]>(column)) is { IsEmpty: false } geometry ? PlanFigures.GeoJson(geometry) : null;
}
