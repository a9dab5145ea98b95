using GridMap.Geo.Hotspots;
using GridMap.Geo.Projections;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace GridMap.Server.Coverage;

/// <summary>
/// Clusters of homes out of reach: homes within 150 m of each other belong together (DBSCAN whose every point is a core), so every one is in exactly
/// one cluster. Measured in the city's metric plane; drawn as everything within 85 m of them, as far as the asked area goes.
/// </summary>
public static class Gaps
{
    public const int Most = 200;
    private const double TogetherMetres = 150;

    // The outline keeps 85 m from every home: two homes 150 m apart share a neck of 80 m, more than three cells, so a cluster is in one piece.
    private const double CellMetres = 25, OutlineCells = 3.4, MostCellsAcross = 2_000, SmoothMetres = 5, LeastHoleSquareMetres = 5_000;

    /// <param name="missed">Indexes of the homes out of reach.</param>
    /// <param name="ground">What outlines are cut to, in degrees; homes outside it keep theirs whole.</param>
    public static List<Feature<MultiPolygonShape, Gap>> Find(BuildingColumns buildings, IReadOnlyList<int> missed, WithinReach reach, MetricPlane plane, Geometry ground)
    {
        var xs = missed.Select(i => buildings.Places.Lons[i]).ToArray();
        var ys = missed.Select(i => buildings.Places.Lats[i]).ToArray();
        plane.ToMetres(xs, ys, xs, ys);
        var clusters = Clusters(xs, ys).GroupBy(pair => pair.Cluster, pair => pair.Point)
            .Select(points => points.ToList())
            .Select(points => (Points: points, Residents: points.Sum(at => (long)buildings.Residents[missed[at]]), Households: points.Sum(at => (long)buildings.Households[missed[at]])))
            .OrderByDescending(cluster => cluster.Residents).ThenByDescending(cluster => cluster.Points.Count).ThenBy(cluster => cluster.Points[0]).Take(Most);
        var gaps = new List<Feature<MultiPolygonShape, Gap>>();
        var within = PreparedGeometryFactory.Prepare(plane.ToMetres(ground));
        foreach (var (points, residents, households) in clusters)
        {
            var outline = Cut(Outline(points, xs, ys), within);
            var middle = outline.PointOnSurface;
            var (lon, lat) = plane.ToLonLat(middle.X, middle.Y);
            gaps.Add(new Feature<MultiPolygonShape, Gap>("Feature", MultiPolygonShape.Of((MultiPolygon)plane.ToLonLat(outline)),
                new Gap(residents, households, points.Count, reach.Nearest(lon, lat), default(Datum).FromStored(lon, lat))));
        }
        return gaps;
    }

    internal static MultiPolygon Cut(Polygon outline, IPreparedGeometry ground)
    {
        if (ground.Contains(outline) || !ground.Intersects(outline)) return new MultiPolygon([outline]);
        var cut = OverlayNGRobust.Overlay(outline, ground.Geometry, SpatialFunction.Intersection);
        var pieces = PolygonExtracter.GetPolygons(cut).Cast<Polygon>().ToArray();
        return new MultiPolygon(pieces.Length == 0 ? [outline] : pieces);
    }

    /// <summary>For each point the number of its cluster. Two points of one lattice cell are always together, so only neighbouring cells are compared.</summary>
    internal static IEnumerable<(int Cluster, int Point)> Clusters(double[] xs, double[] ys)
    {
        var cell = TogetherMetres / Math.Sqrt(2);
        var cells = new Dictionary<(int, int), List<int>>();
        for (var i = 0; i < xs.Length; i++)
        {
            var key = ((int)Math.Floor(xs[i] / cell), (int)Math.Floor(ys[i] / cell));
            if (!cells.TryGetValue(key, out var members)) cells[key] = members = [];
            members.Add(i);
        }
        var parent = Enumerable.Range(0, xs.Length).ToArray();
        foreach (var ((column, row), members) in cells)
        {
            for (var i = 1; i < members.Count; i++) parent[Root(members[i])] = Root(members[0]);
            // Half of the 24 cells in reach: the other half sees this one.
            for (var r = 0; r <= 2; r++)
            {
                for (var c = r == 0 ? 1 : -2; c <= 2; c++)
                {
                    if (cells.TryGetValue((column + c, row + r), out var others) && Root(members[0]) != Root(others[0]) && AreTogether(members, others))
                        parent[Root(members[0])] = Root(others[0]);
                }
            }
        }
        return Enumerable.Range(0, xs.Length).Select(i => (Root(i), i));

        int Root(int i)
        {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        }

        bool AreTogether(List<int> ones, List<int> others)
        {
            foreach (var i in ones)
            {
                foreach (var j in others)
                {
                    double dx = xs[i] - xs[j], dy = ys[i] - ys[j];
                    if ((dx * dx) + (dy * dy) <= TogetherMetres * TogetherMetres) return true;
                }
            }
            return false;
        }
    }

    internal static Polygon Outline(List<int> points, double[] xs, double[] ys)
    {
        double minX = points.Min(i => xs[i]), minY = points.Min(i => ys[i]), maxX = points.Max(i => xs[i]), maxY = points.Max(i => ys[i]);
        var cell = Math.Max(CellMetres, Math.Max(maxX - minX, maxY - minY) / MostCellsAcross);
        var radius = OutlineCells * cell;
        var margin = 2 * radius;
        var lattice = Lattice.Around(minX - margin, minY - margin, maxX + margin, maxY + margin, cell);
        // 1 at a home, 1/2 at the outline, falling evenly: the level 1/2 of the surface is a smooth line.
        var nearness = new double[lattice.CellCount];
        foreach (var i in points)
        {
            int column = (int)((xs[i] - lattice.OriginX) / cell), row = (int)((ys[i] - lattice.OriginY) / cell), reach = (int)Math.Ceiling(OutlineCells) + 2;
            for (var r = Math.Max(0, row - reach); r <= Math.Min(lattice.Rows - 1, row + reach); r++)
            {
                for (var c = Math.Max(0, column - reach); c <= Math.Min(lattice.Columns - 1, column + reach); c++)
                {
                    double dx = lattice.CentreX(c) - xs[i], dy = lattice.CentreY(r) - ys[i];
                    ref var value = ref nearness[(r * lattice.Columns) + c];
                    value = Math.Max(value, 1 - (Math.Sqrt((dx * dx) + (dy * dy)) / (2 * radius)));
                }
            }
        }
        var area = Contours.Above(new Surface(lattice, nearness), 0.5, LeastHoleSquareMetres);
        var largest = area.Geometries.Cast<Polygon>().MaxBy(polygon => polygon.Area)!;
        return (Polygon)NetTopologySuite.Simplify.TopologyPreservingSimplifier.Simplify(largest, SmoothMetres);
    }
}
