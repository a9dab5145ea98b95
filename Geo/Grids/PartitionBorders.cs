using GridMap.Geo.Projections;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace GridMap.Geo.Grids;

/// <summary>Faults of unpaired borders that enclose no area.</summary>
internal sealed class PartitionBorders(List<UnmatchedEdge> unmatched, MetricPlane plane, PartitionLimits limits)
{
    /// <summary>Vertices that lie exactly inside another owner's edge while a border runs on along that edge.</summary>
    public IEnumerable<GridFault> Mismatches()
    {
        var starts = new STRtree<(Coordinate Vertex, Coordinate Other, int Owner)>();
        foreach (var edge in unmatched)
        {
            starts.Insert(new Envelope(edge.From), (edge.From, edge.To, edge.Owner));
            starts.Insert(new Envelope(edge.To), (edge.To, edge.From, edge.Owner));
        }

        var found = new SortedDictionary<(double, double), SortedSet<int>>();
        foreach (var edge in unmatched)
        {
            foreach (var (vertex, other, owner) in starts.Query(new Envelope(edge.From, edge.To)))
            {
                if (owner == edge.Owner || vertex.Equals2D(edge.From) || vertex.Equals2D(edge.To)) continue;
                if (Orientation.Index(edge.From, edge.To, vertex) != OrientationIndex.Collinear) continue;
                if (Orientation.Index(edge.From, edge.To, other) != OrientationIndex.Collinear) continue;
                if (!found.TryGetValue((vertex.X, vertex.Y), out var owners)) found.Add((vertex.X, vertex.Y), owners = []);
                if (owner != EdgeMatcher.Parent) owners.Add(owner);
                if (edge.Owner != EdgeMatcher.Parent) owners.Add(edge.Owner);
            }
        }

        return found.Select(entry => new GridFault(GridFaultReasons.MismatchedEdge,
            GridPartition.Factory.CreatePoint(new Coordinate(entry.Key.Item1, entry.Key.Item2)), 0, 0, [.. entry.Value],
            "a vertex on a border that lacks it"));
    }

    /// <summary>Open borders of two grids side by side; one fault for each pair of grids, where they are closest.</summary>
    public IEnumerable<GridFault> NarrowGaps(List<Polygon> known)
    {
        var edges = unmatched.Select(Project).ToArray();
        var tree = new STRtree<int>();
        for (var i = 0; i < edges.Length; i++) tree.Insert(new Envelope(edges[i].P0, edges[i].P1), i);
        var closest = new SortedDictionary<(int, int), (double Distance, Coordinate A, Coordinate B)>();
        for (var i = 0; i < edges.Length; i++)
        {
            var box = new Envelope(edges[i].P0, edges[i].P1);
            box.ExpandBy(limits.NarrowGapMetres);
            foreach (var j in tree.Query(box))
            {
                var pair = (unmatched[i].Owner, unmatched[j].Owner);
                if (pair.Item1 >= pair.Item2 || !FaceEachOther(edges[i], edges[j])) continue;
                var between = edges[i].ClosestPoints(edges[j]);
                var middle = new LineSegment(edges[i].MidPoint, edges[j].Project(edges[i].MidPoint));
                var distance = between[0].Distance(between[1]);
                // Borders that meet at a tip are measured where they have parted.
                if (distance == 0) (distance, between) = (middle.Length, [middle.P0, middle.P1]);
                if (distance == 0 || distance > limits.NarrowGapMetres) continue;
                if (!closest.TryGetValue(pair, out var best) || distance < best.Distance) closest[pair] = (distance, between[0], between[1]);
            }
        }

        foreach (var (pair, gap) in closest)
        {
            var a = plane.ToLonLat(gap.A.X, gap.A.Y);
            var b = plane.ToLonLat(gap.B.X, gap.B.Y);
            var line = GridPartition.Factory.CreateLineString([new(a.Lon, a.Lat), new(b.Lon, b.Lat)]);
            if (known.Any(face => face.IsWithinDistance(line, 1e-9))) continue;
            yield return new(GridFaultReasons.NarrowGap, line, 0, gap.Distance, [pair.Item1, pair.Item2], $"borders {gap.Distance:F2} m apart");
        }
    }

    private LineSegment Project(UnmatchedEdge edge)
    {
        var (ax, ay) = plane.ToMetres(edge.From.X, edge.From.Y);
        var (bx, by) = plane.ToMetres(edge.To.X, edge.To.Y);
        return new(ax, ay, bx, by);
    }

    /// <summary>Nearly opposite in direction, each outside the other's owner (owners lie to the left), and with a common stretch.</summary>
    private bool FaceEachOther(LineSegment a, LineSegment b)
    {
        double ax = a.P1.X - a.P0.X, ay = a.P1.Y - a.P0.Y, bx = b.P1.X - b.P0.X, by = b.P1.Y - b.P0.Y;
        double lengthA = double.Hypot(ax, ay), lengthB = double.Hypot(bx, by);
        if (ax * bx + ay * by > -0.9 * lengthA * lengthB) return false;
        // Positive: the middle of b lies left of a.
        if (ax * (b.MidPoint.Y - a.P0.Y) - ay * (b.MidPoint.X - a.P0.X) > 0) return false;
        double from = a.ProjectionFactor(b.P1), to = a.ProjectionFactor(b.P0);
        var common = (Math.Min(1, to) - Math.Max(0, from)) * lengthA;
        return common > Math.Min(limits.NarrowGapMetres, 0.5 * Math.Min(lengthA, lengthB));
    }
}
