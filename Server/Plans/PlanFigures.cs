using System.Buffers;
using System.Text.Json;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>What grids hold, counted by PostGIS for any boundary: a draft's or the base's.</summary>
internal static class PlanFigures
{
    public sealed record Asked(string Key, string? Code, string Name, long AreaId, bool Changed, Polygon Boundary);

    public static Asked Of(PlanDraft draft, int face) =>
        new(draft.Key(face), draft.BaseOf(face)?.Code, draft.NameOf(face), draft.AreaOf(face), draft.IsReshaped(face), draft.Partition.PolygonOf(face));

    public static Asked Of(BaseGrid grid) => new(grid.Code, grid.Code, grid.Name, grid.AreaId, false, PlanDraft.Single(grid.Boundary));

    public static async Task<List<PlanGrid>> Count(
        NpgsqlConnection connection, IReadOnlyList<Asked> asked, Plan plan, Geo.Projections.MetricPlane plane, bool withGeometry, CancellationToken cancellation)
    {
        if (asked.Count == 0) return [];
        var pace = await connection.Scalar<double>($"SELECT walk_metres_per_minute FROM city", cancellation);
        // A building belongs where its representative point lies; a point on a border belongs to the first grid by key, so that none counts twice.
        var order = asked.Select((grid, i) => (grid.Key, i)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.i).ToArray();
        var wkbs = order.Select(i => Wkb.Write(asked[i].Boundary)).ToArray();
        var areas = order.Select(i => asked[i].AreaId).ToArray();
        var rows = await connection.Query($"""
            WITH faces AS MATERIALIZED (
                SELECT n, area_id, ST_GeomFromWKB(wkb, 4326) AS geom FROM unnest({wkbs}::bytea[], {areas}::bigint[]) WITH ORDINALITY AS given (wkb, area_id, n)
            ), homes AS (
                SELECT n, count(*) AS buildings, sum(households) AS households, sum(residents) AS residents FROM (
                    SELECT DISTINCT ON (buildings.id) n, households, residents FROM faces JOIN buildings ON buildings.centre && faces.geom AND ST_Intersects(buildings.centre, faces.geom)
                    ORDER BY buildings.id, n) AS placed GROUP BY n
            ), cases AS (
                SELECT n, count(*) AS incidents FROM (
                    SELECT DISTINCT ON (incidents.id) n FROM faces JOIN incidents ON incidents.geom && faces.geom AND ST_Intersects(incidents.geom, faces.geom)
                    WHERE incidents.reported_at > now() - interval '12 months' ORDER BY incidents.id, n) AS placed GROUP BY n
            )
            SELECT coalesce(households, 0), coalesce(residents, 0), coalesce(buildings, 0), coalesce(incidents, 0), ST_Area(faces.geom::geography), ST_Perimeter(faces.geom::geography),
                   areas.id, areas.code, areas.name, areas.name_en, areas.level,
                   (SELECT ST_Distance(facilities.geom::geography, ST_PointOnSurface(faces.geom)::geography) FROM facilities WHERE type LIKE 'party-%'
                    ORDER BY facilities.geom <-> ST_PointOnSurface(faces.geom) LIMIT 1)
            FROM faces JOIN areas ON areas.id = faces.area_id LEFT JOIN homes USING (n) LEFT JOIN cases USING (n) ORDER BY n
            """, row => (Households: row.GetInt64(0), Residents: row.GetInt64(1), Buildings: row.GetInt64(2), Incidents: row.GetInt64(3), Area: row.GetDouble(4), Perimeter: row.GetDouble(5),
                In: new AreaRef(row.GetInt64(6), row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10)), Centre: row.DoubleOrNull(11)), cancellation);
        var grids = new PlanGrid[asked.Count];
        for (var i = 0; i < order.Length; i++)
        {
            var (grid, has) = (asked[order[i]], rows[i]);
            var box = grid.Boundary.EnvelopeInternal;
            grids[order[i]] = new(grid.Key, grid.Code, grid.Name, has.In, grid.Changed, has.Households, has.Residents, has.Buildings, has.Incidents, has.Area, has.Perimeter,
                new GridShape(has.Area, has.Perimeter).Compactness, GridIndicators.MetresAcross(grid.Boundary, plane) / pace, has.Centre / pace,
                has.Households / ((plan.Least + plan.Most) / 2), has.Households > plan.Most ? "too-large" : has.Households < plan.Least ? "too-small" : "in-band",
                [box.MinX, box.MinY, box.MaxX, box.MaxY], withGeometry ? GeoJson(grid.Boundary) : null);
        }
        return [.. grids];
    }

    public static JsonElement GeoJson(Geometry geometry)
    {
        var wkb = Wkb.Write(geometry);
        var buffer = new ArrayBufferWriter<byte>(wkb.Length * 2);
        GeoJsonWriter.WriteGeometry(buffer, wkb);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
