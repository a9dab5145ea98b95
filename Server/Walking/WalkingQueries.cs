using System.Buffers.Binary;
using GridMap.Geo.Coverage;
using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Walking;

/// <summary>A building as it comes from the database: a value, because half a million objects would be walked over by every collection of garbage while they are read.</summary>
public readonly record struct BuildingRow(long Id, double Lon, double Lat, int Households, int Residents, int Elderly, int Children, bool IsHome, long Grid, long Area);

/// <summary>Reads what people walk on, from and to.</summary>
public static class WalkingQueries
{
    // Going up and down steps takes about half as long again as the same way on the flat.
    private const double StepsFactor = 1.5;

    // Roads of one level that cross, or end so near to another, were meant to meet.
    private const double NearMissMetres = 1;

    /// <summary>Every walkable road, with the effort in each direction. What is one-way for vehicles alone is walked both ways.</summary>
    public static async Task<RoadNetwork> Roads(NpgsqlConnection connection, MetricPlane plane, CancellationToken cancellation)
    {
        var builder = new RoadNetworkBuilder(plane);
        double[] lons = new double[64], lats = new double[64];
        await using var command = Sql.Of($"""
            SELECT id, coalesce(walk_factor, CASE class WHEN 'steps' THEN {StepsFactor} ELSE 1 END), bridge, tunnel, layer, ST_AsBinary(geom, 'NDR'), walk_direction
            FROM roads WHERE walkable ORDER BY id
            """).ToCommand(connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var wkb = row.GetFieldValue<byte[]>(5);
            // Byte order, type, number of points, then pairs of doubles: the table holds line strings in two dimensions only.
            var points = BinaryPrimitives.ReadInt32LittleEndian(wkb.AsSpan(5));
            if (lons.Length < points) (lons, lats) = (new double[2 * points], new double[2 * points]);
            for (var i = 0; i < points; i++)
            {
                lons[i] = BinaryPrimitives.ReadDoubleLittleEndian(wkb.AsSpan(9 + (16 * i)));
                lats[i] = BinaryPrimitives.ReadDoubleLittleEndian(wkb.AsSpan(17 + (16 * i)));
            }
            var (factor, direction) = (row.GetDouble(1), row.GetString(6));
            var level = row.GetInt32(4) is not 0 and var layer ? layer : row.GetBoolean(2) ? 1 : row.GetBoolean(3) ? -1 : 0;
            builder.Add(row.GetInt64(0), lons.AsSpan(0, points), lats.AsSpan(0, points), new RoadRule(direction == "backward" ? 0 : factor, direction == "forward" ? 0 : factor, Math.Clamp(level, -RoadRule.MostLevel, RoadRule.MostLevel)));
        }
        builder.Mend(NearMissMetres);
        return builder.Build();
    }

    /// <summary>All buildings, or those named.</summary>
    public static Task<List<BuildingRow>> Buildings(NpgsqlConnection connection, long[]? ids, CancellationToken cancellation)
    {
        var asked = ids is null ? Sql.Trusted("TRUE") : Sql.Of($"id = ANY({ids})");
        return connection.Query($"""
            SELECT id, ST_X(centre), ST_Y(centre), households, residents, elderly, children,
                   residents > 0 OR households > 0 OR use IN ('residential', 'mixed'), coalesce(grid_id, 0), coalesce(area_id, 0)
            FROM buildings WHERE {asked} ORDER BY id
            """, row => new BuildingRow(row.GetInt64(0), row.GetDouble(1), row.GetDouble(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6),
                row.GetBoolean(7), row.GetInt64(8), row.GetInt64(9)), cancellation);
    }

    /// <summary>All population cells, each at a point within it, in the base grid and the lowest area there; and when the next boundary begins or ends, if one is known to.</summary>
    public static async Task<(List<BuildingRow> Cells, DateTime Until)> Cells(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var cells = await connection.Query($"""
            SELECT cells.id, ST_X(place), ST_Y(place), coalesce(households, 0), residents, coalesce(elderly, 0), coalesce(children, 0), residents > 0 OR coalesce(households, 0) > 0,
                   coalesce(grid, 0), coalesce((SELECT area_id FROM grids WHERE id = grid), lowest_area_at(place), 0)
            FROM population_cells AS cells CROSS JOIN LATERAL (SELECT ST_PointOnSurface(geom) AS place) AS inside CROSS JOIN LATERAL (SELECT base_grid_at(place, now()) AS grid) AS under
            ORDER BY cells.id
            """, row => new BuildingRow(row.GetInt64(0), row.GetDouble(1), row.GetDouble(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6),
                row.GetBoolean(7), row.GetInt64(8), row.GetInt64(9)), cancellation);
        var next = await connection.QueryOne($"""
            SELECT least((SELECT min(valid_from) FROM grids WHERE valid_from > now()), (SELECT min(valid_to) FROM grids WHERE valid_to > now() AND isfinite(valid_to)))
            """, row => row.IsDBNull(0) ? (DateTime?)null : row.GetDateTime(0), cancellation);
        return (cells, next ?? DateTime.MaxValue);
    }

    public static async Task<List<WalkingFacility>> Facilities(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // A few dozen texts for thousands of facilities.
        var (hours, items) = (new Dictionary<string, OpeningHours?>(), new Dictionary<string, string[]>());
        return await connection.Query($"""
            SELECT id, name, name_en, type, tier, opening_hours, service_items, capacity, ST_X(geom), ST_Y(geom) FROM facilities ORDER BY id
            """, row => new WalkingFacility(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), Hours(row.GetString(5)), Items(row.GetString(6)), row.IntOrNull(7),
                row.GetDouble(8), row.GetDouble(9), EdgePoint.None), cancellation);

        OpeningHours? Hours(string text)
        {
            if (hours.TryGetValue(text, out var known)) return known;
            OpeningHours.TryRead(text, out known, out _);
            return hours[text] = known;
        }

        string[] Items(string text)
        {
            if (!items.TryGetValue(text, out var known)) items[text] = known = text.Split(';', StringSplitOptions.RemoveEmptyEntries);
            return known;
        }
    }

    /// <summary>The plane in which the city measures; in a database without a city, that of its first road.</summary>
    public static async Task<MetricPlane?> Plane(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await connection.QueryOne($"SELECT metric_srid FROM city", row => (int?)row.GetInt32(0), cancellation) is { } srid) return MetricPlane.ForSrid(srid);
        var place = await connection.QueryOne($"SELECT ST_X(ST_StartPoint(geom)), ST_Y(ST_StartPoint(geom)) FROM roads ORDER BY id LIMIT 1",
            row => ((double Lon, double Lat)?)(row.GetDouble(0), row.GetDouble(1)), cancellation);
        return place is { } at ? MetricPlane.ForLonLat(at.Lon, at.Lat) : null;
    }
}
