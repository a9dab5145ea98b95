using GridMap.Geo.Projections;
using GridMap.Server.Http;
using NetTopologySuite.Algorithm.Hull;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Coverage;

/// <summary>
/// Clusters of homes out of reach: homes within 150 m of each other belong together (DBSCAN whose every point is a core), so every one is in exactly
/// one cluster. Measured in the city's metric plane; drawn as a concave hull that keeps clear of what is farther than 300 m.
/// </summary>
public static class Gaps
{
    public const int Most = 200;
    private const double TogetherMetres = 150;
    private const double HullEdgeMetres = 2 * TogetherMetres;

    // One point for each cell of 30 m is enough for a hull that is widened by 45 m: no home in the cell is farther than its diagonal.
    private const double HullCellMetres = 30, WidenMetres = 45, SmoothMetres = 5;

    /// <param name="missed">Indexes of the homes out of reach.</param>
    public static List<Feature<PolygonShape, Gap>> Find(BuildingColumns buildings, IReadOnlyList<int> missed, WithinReach reach, MetricPlane plane)
    {
        var xs = missed.Select(i => buildings.Places.Lons[i]).ToArray();
        var ys = missed.Select(i => buildings.Places.Lats[i]).ToArray();
        plane.ToMetres(xs, ys, xs, ys);
        var clusters = Clusters(xs, ys).GroupBy(pair => pair.Cluster, pair => pair.Point)
            .Select(points => points.ToList())
            .Select(points => (Points: points, Residents: points.Sum(at => (long)buildings.Residents[missed[at]]), Households: points.Sum(at => (long)buildings.Households[missed[at]])))
            .OrderByDescending(cluster => cluster.Residents).ThenByDescending(cluster => cluster.Points.Count).ThenBy(cluster => cluster.Points[0]).Take(Most);
        var gaps = new List<Feature<PolygonShape, Gap>>();
        foreach (var (points, residents, households) in clusters)
        {
            var hull = Hull(points, xs, ys);
            var (lon, lat) = plane.ToLonLat(hull.PointOnSurface.X, hull.PointOnSurface.Y);
            gaps.Add(new Feature<PolygonShape, Gap>("Feature", PolygonShape.Of((Polygon)plane.ToLonLat(hull)),
                new Gap(residents, households, points.Count, reach.Nearest(lon, lat), default(Datum).FromStored(lon, lat))));
        }
        return gaps;
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

    private static Polygon Hull(List<int> points, double[] xs, double[] ys)
    {
        var corners = points.DistinctBy(i => ((int)Math.Floor(xs[i] / HullCellMetres), (int)Math.Floor(ys[i] / HullCellMetres))).Select(i => new Coordinate(xs[i], ys[i])).ToArray();
        var collected = GeometryFactory.Default.CreateMultiPointFromCoords(corners);
        var hull = corners.Length < 3 ? collected.ConvexHull() : ConcaveHull.ConcaveHullByLength(collected, HullEdgeMetres, isHolesAllowed: true);
        var widened = NetTopologySuite.Simplify.TopologyPreservingSimplifier.Simplify(hull.Buffer(WidenMetres + SmoothMetres, 4), SmoothMetres);
        // The hull is in one piece and so is what is grown from it; the library may still wrap it.
        return widened as Polygon ?? (Polygon)widened.GetGeometryN(0);
    }
}
