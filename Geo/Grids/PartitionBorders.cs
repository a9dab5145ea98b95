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
        var starts = Ends(unmatched);
        var found = new SortedDictionary<(double, double), SortedSet<int>>();
        var ofGrids = new HashSet<(double, double)>();
        foreach (var edge in unmatched)
        {
            foreach (var (vertex, other, owner) in starts.Query(new Envelope(edge.From, edge.To)))
            {
                if (owner == edge.Owner || vertex.Equals2D(edge.From) || vertex.Equals2D(edge.To)) continue;
                if (!AreInLine(edge.From, edge.To, vertex) || !AreInLine(edge.From, edge.To, other)) continue;
                if (!found.TryGetValue((vertex.X, vertex.Y), out var owners)) found.Add((vertex.X, vertex.Y), owners = []);
                if (owner != EdgeMatcher.Parent) owners.Add(owner);
                if (edge.Owner == EdgeMatcher.Parent) continue;
                owners.Add(edge.Owner);
                ofGrids.Add((vertex.X, vertex.Y));
            }
        }

        return found.Select(entry => new GridFault(GridFaultReasons.MismatchedEdge,
            GridPartition.Factory.CreatePoint(new Coordinate(entry.Key.Item1, entry.Key.Item2)), 0, 0, [.. entry.Value],
            "a vertex on a border that lacks it")
        { OfParentOnly = !ofGrids.Contains(entry.Key) });
    }

    /// <summary>
    /// With a parent every edge has its reverse or a fault. Slivers thinner than what noding tells apart have neither: their vertices, beside a border that lacks them.
    /// </summary>
    public IEnumerable<GridFault> Unexplained(IReadOnlyList<GridFault> faults)
    {
        const double besideDegrees = 3e-7;
        var known = new STRtree<GridFault>();
        foreach (var fault in faults) known.Insert(fault.Place.EnvelopeInternal, fault);
        var ends = Ends(unmatched);
        var told = new HashSet<(double, double)>();
        foreach (var edge in unmatched.Where(edge => edge.Owner != EdgeMatcher.Parent))
        {
            var line = GridPartition.Factory.CreateLineString([edge.From, edge.To]);
            var box = new Envelope(edge.From, edge.To);
            box.ExpandBy(besideDegrees);
            if (known.Query(box).Any(fault => fault.Place.IsWithinDistance(line, besideDegrees))) continue;
            foreach (var (vertex, _, owner) in ends.Query(box))
            {
                if (owner == edge.Owner || owner == EdgeMatcher.Parent || vertex.Equals2D(edge.From) || vertex.Equals2D(edge.To)) continue;
                if (DistanceComputer.PointToSegment(vertex, edge.From, edge.To) > besideDegrees || !told.Add((vertex.X, vertex.Y))) continue;
                yield return new(GridFaultReasons.MismatchedEdge, GridPartition.Factory.CreatePoint(vertex.Copy()), 0, 0, [Math.Min(owner, edge.Owner), Math.Max(owner, edge.Owner)],
                    "a vertex beside a border that lacks it");
            }
        }
    }

    /// <summary>
    /// What has no counterpart once every edge is parted at the vertices that lie on it exactly: a border that only lacks a vertex encloses nothing. Parted on the lattice, for
    /// the doubles of three places in line make slivers where there are none.
    /// </summary>
    public static List<UnmatchedEdge> Open(List<UnmatchedEdge> unmatched)
    {
        var ends = Ends(unmatched);
        var open = new Dictionary<(double, double, double, double), List<UnmatchedEdge>>();
        foreach (var edge in unmatched)
        {
            var from = edge.From;
            var within = ends.Query(new Envelope(edge.From, edge.To)).Select(end => end.Vertex)
                .Where(vertex => !vertex.Equals2D(edge.From) && !vertex.Equals2D(edge.To) && AreInLine(edge.From, edge.To, vertex))
                .DistinctBy(vertex => (vertex.X, vertex.Y)).OrderBy(edge.From.Distance);
            foreach (var to in within.Append(edge.To))
            {
                var piece = new UnmatchedEdge(from, to, edge.Owner);
                if (open.TryGetValue((to.X, to.Y, from.X, from.Y), out var reverse) && reverse.Count > 0) reverse.RemoveAt(reverse.Count - 1);
                else if (open.TryGetValue((from.X, from.Y, to.X, to.Y), out var same)) same.Add(piece);
                else open.Add((from.X, from.Y, to.X, to.Y), [piece]);
                from = to;
            }
        }

        return [.. open.Values.SelectMany(pieces => pieces)];
    }

    private static STRtree<(Coordinate Vertex, Coordinate Other, int Owner)> Ends(List<UnmatchedEdge> edges)
    {
        var ends = new STRtree<(Coordinate, Coordinate, int)>();
        foreach (var edge in edges)
        {
            ends.Insert(new Envelope(edge.From), (edge.From, edge.To, edge.Owner));
            ends.Insert(new Envelope(edge.To), (edge.To, edge.From, edge.Owner));
        }

        return ends;
    }

    /// <summary>On the lattice, where positions have it: the doubles nearest to three lattice points in line are mostly not in line.</summary>
    private static bool AreInLine(Coordinate a, Coordinate b, Coordinate c) =>
        GridVertex.Exactly(a.X, a.Y) is { } p && GridVertex.Exactly(b.X, b.Y) is { } q && GridVertex.Exactly(c.X, c.Y) is { } r
            ? ArcFace.DoubleArea([p, q, r, p]) == 0
            : Orientation.Index(a, b, c) == OrientationIndex.Collinear;

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
