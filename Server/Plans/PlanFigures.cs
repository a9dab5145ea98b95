using System.Buffers;
using System.Text.Json;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using GridMap.Server.Walking;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>What grids hold, for any boundary: a draft's or the base's. Counted in memory where that is known to be as the database is, else by PostGIS: the same figures.</summary>
public sealed class PlanFigures(WalkingCities cities, LayerCopies copies, LayerCatalog layers)
{
    private const int LoadMonths = 12;

    internal sealed record Asked(string Key, string? Code, string Name, long AreaId, bool Changed, Polygon Boundary);

    internal static Asked Of(PlanDraft draft, int face) =>
        new(draft.Key(face), draft.BaseOf(face)?.Code, draft.NameOf(face), draft.AreaOf(face), draft.IsReshaped(face), draft.Partition.PolygonOf(face));

    internal static Asked Of(BaseGrid grid) => new(grid.Code, grid.Code, grid.Name, grid.AreaId, false, PlanDraft.Single(grid.Boundary));

    internal async Task<List<PlanGrid>> Count(
        NpgsqlConnection connection, IReadOnlyList<Asked> asked, Plan plan, Geo.Projections.MetricPlane plane, bool withGeometry, CancellationToken cancellation)
    {
        if (asked.Count == 0) return [];
        var pace = await cities.MetresPerMinute(cancellation);
        // A building belongs where its representative point lies; a point on a border belongs to the first grid by key, so that none counts twice.
        var order = asked.Select((grid, i) => (grid.Key, i)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.i).ToArray();
        var wkbs = order.Select(i => Wkb.Write(asked[i].Boundary)).ToArray();
        var shapes = await Shapes(connection, wkbs, [.. order.Select(i => asked[i].AreaId)], cancellation);
        var contents = Contents(wkbs);
        var homes = await Homes(connection, contents, wkbs, cancellation);
        var incidents = await Incidents(connection, contents, wkbs, cancellation);
        var grids = new PlanGrid[asked.Count];
        for (var i = 0; i < order.Length; i++)
        {
            var (grid, shape, home) = (asked[order[i]], shapes[i], homes[i]);
            var box = grid.Boundary.EnvelopeInternal;
            grids[order[i]] = new(grid.Key, grid.Code, grid.Name, shape.In, grid.Changed, home.Households, home.Residents, home.Buildings, incidents[i], shape.SquareMetres, shape.PerimeterMetres,
                new GridShape(shape.SquareMetres, shape.PerimeterMetres).Compactness, GridIndicators.MetresAcross(grid.Boundary, plane) / pace, Rounded(home.MetresToCentre / pace),
                home.Households / ((plan.Least + plan.Most) / 2), home.Households > plan.Most ? "too-large" : home.Households < plan.Least ? "too-small" : "in-band",
                [box.MinX, box.MinY, box.MaxX, box.MaxY], withGeometry ? GeoJson(grid.Boundary) : null);
        }
        return [.. grids];

        // A mean's last digits depend on the order of adding, and no walk is timed to the second.
        static double? Rounded(double? minutes) => minutes is { } known ? Math.Round(known, 2) : null;
    }

    private static Task<List<(double SquareMetres, double PerimeterMetres, AreaRef In)>> Shapes(NpgsqlConnection connection, byte[][] wkbs, long[] areas, CancellationToken cancellation) =>
        connection.Query($"""
            SELECT ST_Area(faces.geom), ST_Perimeter(faces.geom), areas.id, areas.code, areas.name, areas.name_en, areas.level
            FROM (SELECT n, area_id, ST_GeomFromWKB(wkb, 4326)::geography AS geom FROM unnest({wkbs}::bytea[], {areas}::bigint[]) WITH ORDINALITY AS given (wkb, area_id, n)) AS faces
            JOIN areas ON areas.id = faces.area_id ORDER BY n
            """, row => (row.GetDouble(0), row.GetDouble(1), new AreaRef(row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6))), cancellation);

    // How far people walk may be a moment old; how many they are may not.
    private async Task<IReadOnlyList<GridContents.Home>> Homes(NpgsqlConnection connection, GridContents? contents, byte[][] wkbs, CancellationToken cancellation)
    {
        // Asked before the city is taken: what comes in between is newer, never older.
        var isCurrent = cities.IsCurrent;
        var city = cities.Last is { Network.Edges: > 0 } last ? last : await cities.IfAny(cancellation);
        var remembered = city is null ? null : contents?.Homes(city);
        if (remembered is not null && isCurrent) return remembered;
        return await connection.Query($"""
            SELECT faces.n::integer - 1, count(placed.n), coalesce(sum(households), 0), coalesce(sum(residents), 0) FROM unnest({wkbs}::bytea[]) WITH ORDINALITY AS faces (wkb, n) LEFT JOIN (
                SELECT DISTINCT ON (buildings.id) n, households, residents
                FROM (SELECT n, ST_GeomFromWKB(wkb, 4326) AS geom FROM unnest({wkbs}::bytea[]) WITH ORDINALITY AS given (wkb, n)) AS faces
                JOIN buildings ON buildings.centre && faces.geom AND ST_Intersects(buildings.centre, faces.geom) ORDER BY buildings.id, n) AS placed ON placed.n = faces.n
            GROUP BY faces.n ORDER BY faces.n
            """, row => new GridContents.Home(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), remembered?[row.GetInt32(0)].MetresToCentre), cancellation);
    }

    private async Task<IReadOnlyList<long>> Incidents(NpgsqlConnection connection, GridContents? contents, byte[][] wkbs, CancellationToken cancellation)
    {
        var after = DateTime.UtcNow.AddMonths(-LoadMonths);
        if (contents is not null && copies.Find(layers.Find("incidents")!) is { } copy && !(copy.Since > after)) return contents.Incidents(copy, after);
        return await connection.Query($"""
            SELECT count(placed.n) FROM unnest({wkbs}::bytea[]) WITH ORDINALITY AS faces (wkb, n) LEFT JOIN (
                SELECT DISTINCT ON (incidents.id) n
                FROM (SELECT n, ST_GeomFromWKB(wkb, 4326) AS geom FROM unnest({wkbs}::bytea[]) WITH ORDINALITY AS given (wkb, n)) AS faces
                JOIN incidents ON incidents.geom && faces.geom AND ST_Intersects(incidents.geom, faces.geom)
                WHERE incidents.reported_at > now() - make_interval(months => {LoadMonths}) ORDER BY incidents.id, n) AS placed ON placed.n = faces.n
            GROUP BY faces.n ORDER BY faces.n
            """, row => row.GetInt64(0), cancellation);
    }

    // Null where a boundary cannot be kept exactly: then PostGIS counts.
    private static GridContents? Contents(byte[][] wkbs)
    {
        try
        {
            return new GridContents(wkbs);
        }
        catch (Geo.Packed.NotPackableException)
        {
            return null;
        }
    }

    internal static JsonElement GeoJson(Geometry geometry)
    {
        var wkb = Wkb.Write(geometry);
        var buffer = new ArrayBufferWriter<byte>(wkb.Length * 2);
        GeoJsonWriter.WriteGeometry(buffer, wkb);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
