using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary>The city row of a profile. A database is about one city: a profile of another city is refused.</summary>
internal static class CityOf
{
    /// <summary>Before the first step: the row itself, the profile's catalogue entries. A plane that follows from the data is set at the end.</summary>
    public static async Task Begin(Profile profile, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var city = profile.City;
        var there = await connection.QueryOne($"SELECT division_code, name FROM city", row => (Code: row.GetString(0), Name: row.GetString(1)), cancellation);
        if (there.Code is not null && there.Code != city.DivisionCode)
            throw new ImportException("$.city.divisionCode", $"this database is about {there.Name} ({there.Code}), the profile about {city.Name} ({city.DivisionCode})");
        await connection.Execute($"""
            INSERT INTO city (name, name_en, division_code, time_zone, metric_srid, grid_code, walk_metres_per_minute)
            VALUES ({city.Name}, {city.NameEn}, {city.DivisionCode}, {city.TimeZone}, {city.MetricSrid ?? 4326},
                    {city.GridCode ?? "unit-15"}, {city.WalkMetresPerMinute ?? 60})
            ON CONFLICT (only_row) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, time_zone = EXCLUDED.time_zone,
                metric_srid = CASE WHEN EXCLUDED.metric_srid = 4326 THEN city.metric_srid ELSE EXCLUDED.metric_srid END
            """, cancellation);
        foreach (var entry in profile.Catalogue)
        {
            await connection.Execute($"""
                INSERT INTO catalogue_entries (catalogue, code, name, name_en, parent_code, source, confidence, profile, position)
                SELECT {entry.Catalogue}, {entry.Code}, {entry.Name}, {entry.NameEn}, {entry.ParentCode}::text, {entry.Source}, 'own', {profile.Name},
                       (SELECT coalesce(max(position), 0) + 1 FROM catalogue_entries WHERE catalogue = {entry.Catalogue})
                ON CONFLICT (catalogue, code) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, parent_code = EXCLUDED.parent_code
                """, cancellation);
        }
    }

    /// <summary>
    /// After the last step: where the profile says "auto", the plane of the data's middle. In China the 3-degree CGCS2000 Gauss–Krüger zone
    /// (EPSG:4534 + (central meridian - 75) / 3), elsewhere the UTM zone.
    /// </summary>
    public static async Task Finish(Profile profile, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (profile.City.MetricSrid is not null) return;
        var middle = await connection.QueryOne($"""
            SELECT ST_X(centre), ST_Y(centre) FROM (
                SELECT ST_Centroid(ST_Extent(geom)::geometry) AS centre FROM (
                    SELECT geom FROM areas UNION ALL SELECT geom FROM roads UNION ALL SELECT geom FROM buildings
                    UNION ALL SELECT geom FROM facilities UNION ALL SELECT geom FROM incidents) AS everything) AS extent
            WHERE centre IS NOT NULL
            """, row => new double[] { row.GetDouble(0), row.GetDouble(1) }, cancellation);
        if (middle is null) throw new ImportException("$.city.metricSrid", "\"auto\" needs data: nothing was written");
        await connection.Execute($"UPDATE city SET metric_srid = {PlaneAt(middle[0], middle[1])}", cancellation);
    }

    internal static int PlaneAt(double lon, double lat)
    {
        if (lon is >= 73.5 and < 136.5 && lat is >= 17 and <= 54) return 4534 + ((int)Math.Floor((lon - 73.5) / 3));
        var zone = Math.Clamp((int)Math.Floor((lon + 180) / 6) + 1, 1, 60);
        return (lat >= 0 ? 32_600 : 32_700) + zone;
    }
}
