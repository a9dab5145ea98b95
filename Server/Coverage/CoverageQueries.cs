using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Coverage;

/// <summary>Places in degrees, one list for each coordinate.</summary>
public sealed record Places(double[] Lons, double[] Lats)
{
    public int Count => Lons.Length;
}

/// <summary>Buildings column by column; grids and areas are 0 where a building lies in none.</summary>
public sealed record BuildingColumns(Places Places, int[] Households, int[] Residents, bool[] AreHomes, long[] Grids, long[] Areas)
{
    public int Count => Places.Count;
}

/// <summary>
/// What coverage is made of, read in bulk: one row of arrays is read many times faster than a row for each building, and deciding in memory
/// answers for a whole city in the time that 10,000 questions by index would take.
/// </summary>
public static class CoverageQueries
{
    public static async Task<Places> Facilities(NpgsqlConnection connection, string[] types, string? tier, CancellationToken cancellation)
    {
        var asked = tier is null ? Sql.Trusted("TRUE") : Sql.Of($"tier = {tier}");
        return (await connection.QueryOne($"""
            SELECT coalesce(array_agg(ST_X(geom)), ARRAY[]::double precision[]), coalesce(array_agg(ST_Y(geom)), ARRAY[]::double precision[])
            FROM facilities WHERE type = ANY({types}) AND {asked}
            """, row => new Places(row.GetFieldValue<double[]>(0), row.GetFieldValue<double[]>(1)), cancellation))!;
    }

    public static async Task<BuildingColumns> Buildings(NpgsqlConnection connection, long[]? areas, CancellationToken cancellation)
    {
        var asked = areas is null ? Sql.Trusted("TRUE") : Sql.Of($"area_id = ANY({areas})");
        return await connection.QueryOne($"""
            SELECT array_agg(ST_X(centre)), array_agg(ST_Y(centre)), array_agg(households), array_agg(residents),
                   array_agg(residents > 0 OR households > 0 OR use IN ('residential', 'mixed')), array_agg(coalesce(grid_id, 0)), array_agg(coalesce(area_id, 0))
            FROM buildings WHERE {asked} HAVING count(*) > 0
            """, row => new BuildingColumns(new Places(row.GetFieldValue<double[]>(0), row.GetFieldValue<double[]>(1)), row.GetFieldValue<int[]>(2),
                row.GetFieldValue<int[]>(3), row.GetFieldValue<bool[]>(4), row.GetFieldValue<long[]>(5), row.GetFieldValue<long[]>(6)), cancellation)
            ?? new BuildingColumns(new Places([], []), [], [], [], [], []);
    }

    public static async Task<Dictionary<long, (string Code, string Name)>> Grids(NpgsqlConnection connection, long[] ids, CancellationToken cancellation) =>
        (await connection.Query($"SELECT id, code, name FROM grids WHERE id = ANY({ids})", row => (row.GetInt64(0), row.GetString(1), row.GetString(2)), cancellation))
        .ToDictionary(grid => grid.Item1, grid => (grid.Item2, grid.Item3));

    public static async Task<Dictionary<long, AreaStep>> Areas(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.Query($"SELECT id, code, name, name_en, level, parent_id FROM areas",
            row => new AreaStep(new AreaRef(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)), row.LongOrNull(5)), cancellation))
        .ToDictionary(step => step.Area.Id);

    /// <summary>The asked area, or all there is; empty in a database without areas.</summary>
    public static async Task<Geometry> Ground(NpgsqlConnection connection, long? area, CancellationToken cancellation) =>
        (await connection.QueryOne($"SELECT ST_AsBinary(ST_Union(geom)) FROM areas WHERE id = {area} OR ({area}::bigint IS NULL AND parent_id IS NULL)",
            row => row.IsDBNull(0) ? null : Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation)) ?? GeometryFactory.Default.CreateGeometryCollection();

    /// <summary>The plane in which the city measures; null in a database without a city.</summary>
    public static Task<int?> MetricSrid(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.QueryOne($"SELECT metric_srid FROM city", row => (int?)row.GetInt32(0), cancellation);
}
