using GridMap.Geo.Projections;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace GridMap.Geo.Grids;

/// <summary>What a grid of one net and a grid of another have in common.</summary>
/// <param name="A">Index in the first net.</param>
/// <param name="B">Index in the second.</param>
/// <param name="SquareMetres">Common land.</param>
/// <param name="ShareOfA">Of the first one's land, 0–1.</param>
/// <param name="ShareOfB">Of the second one's.</param>
public readonly record struct NetOverlap(int A, int B, double SquareMetres, double ShareOfA, double ShareOfB);

/// <summary>How two nets over one city fit together (多网并立).</summary>
/// <param name="Overlaps">Pairs with common land, by A and B.</param>
/// <param name="BorderMetres">All borders of the first net, each once.</param>
/// <param name="AlongMetres">Of them, how much is a border of the second net too.</param>
/// <param name="Nested">Grids of the first net that lie wholly within one grid of the second.</param>
public sealed record NetMatrix(IReadOnlyList<NetOverlap> Overlaps, double BorderMetres, double AlongMetres, int Nested)
{
    /// <summary>Compares two nets. Crumbs below the noise are left out: borders that agree may be noded differently.</summary>
    /// <remarks>One overlay for each pair that meets and is not nested: 812 grids with 135 in about 0.3 s.</remarks>
    /// <exception cref="ArgumentException">A position lies outside what the plane can show.</exception>
    public static NetMatrix Of(
        IReadOnlyList<Geometry> a, IReadOnlyList<Geometry> b, MetricPlane plane, double noiseSquareMetres = 1, CancellationToken cancellationToken = default)
    {
        var tree = new STRtree<int>();
        for (var i = 0; i < b.Count; i++) tree.Insert(b[i].EnvelopeInternal, i);
        tree.Build();
        var prepared = new IPreparedGeometry?[b.Count];
        var sizeOfB = b.Select(grid => GridShape.Of(grid, plane).SquareMetres).ToArray();
        var overlaps = new List<NetOverlap>();
        var nested = 0;
        for (var i = 0; i < a.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var size = GridShape.Of(a[i], plane).SquareMetres;
            var near = tree.Query(a[i].EnvelopeInternal).Order().ToArray();
            var around = Array.FindIndex(near, j => (prepared[j] ??= PreparedGeometryFactory.Prepare(b[j])).Covers(a[i]));
            if (around >= 0) overlaps.Add(new(i, near[around], size, 1, Share(size, sizeOfB[near[around]])));
            nested += around >= 0 ? 1 : 0;
            foreach (var j in near)
            {
                // Others may meet it all the same where the second net overlaps itself.
                if (around >= 0 && j == near[around]) continue;
                if (!prepared[j]?.Intersects(a[i]) ?? false) continue;
                if (PartitionFaces.AreaOf(OverlayNGRobust.Overlay(a[i], b[j], SpatialFunction.Intersection)) is not { } common) continue;
                var square = GridShape.Of(common, plane).SquareMetres;
                if (square > noiseSquareMetres) overlaps.Add(new(i, j, square, Share(square, size), Share(square, sizeOfB[j])));
            }
        }

        overlaps.Sort((x, y) => x.A != y.A ? x.A.CompareTo(y.A) : x.B.CompareTo(y.B));
        var (all, along) = Borders(a, b, plane);
        return new(overlaps, all, along, nested);
    }

    private static double Share(double part, double whole) => whole > 0 ? Math.Min(1, part / whole) : 0;

    // A corner on a border is rounded to the lattice.
    private const double LatticeDegrees = 1.5e-7;

    /// <summary>Edges that are equal, and stretches of others that lie on an edge of the second net: the nets may have corners where the other has none.</summary>
    private static (double All, double Along) Borders(IReadOnlyList<Geometry> a, IReadOnlyList<Geometry> b, MetricPlane plane)
    {
        var others = b.SelectMany(Edges).ToHashSet();
        var near = new STRtree<(Coordinate From, Coordinate To)>();
        foreach (var edge in others) near.Insert(new Envelope(edge.Item1, edge.Item2), edge);
        double all = 0, along = 0;
        foreach (var edge in a.SelectMany(Edges).ToHashSet())
        {
            var (ax, ay) = plane.ToMetres(edge.Item1.X, edge.Item1.Y);
            var (bx, by) = plane.ToMetres(edge.Item2.X, edge.Item2.Y);
            var metres = double.Hypot(ax - bx, ay - by);
            all += metres;
            if (others.Contains(edge)) along += metres;
            else if (others.Count > 0) along += metres * Covered(edge.Item1, edge.Item2, near);
        }

        return (all, along);
    }

    /// <summary>The share of an edge that lies on others, 0–1.</summary>
    private static double Covered(Coordinate from, Coordinate to, STRtree<(Coordinate From, Coordinate To)> others)
    {
        var box = new Envelope(from, to);
        box.ExpandBy(LatticeDegrees);
        var on = new List<(double Start, double End)>();
        foreach (var other in others.Query(box))
        {
            double start = Along(other.From), end = Along(other.To);
            if (start > end) (start, end) = (end, start);
            if (end - start > 0 && IsOn(start, other) && IsOn(end, other)) on.Add((start, end));
        }

        double covered = 0, reached = 0;
        foreach (var (start, end) in on.Order())
        {
            covered += Math.Max(0, end - Math.Max(start, reached));
            reached = Math.Max(reached, end);
        }

        return covered;

        double Along(Coordinate at)
        {
            double dx = to.X - from.X, dy = to.Y - from.Y;
            return Math.Clamp(((at.X - from.X) * dx + (at.Y - from.Y) * dy) / (dx * dx + dy * dy), 0, 1);
        }

        bool IsOn(double t, (Coordinate From, Coordinate To) other) =>
            DistanceComputer.PointToSegment(new(from.X + t * (to.X - from.X), from.Y + t * (to.Y - from.Y)), other.From, other.To) <= LatticeDegrees;
    }

    private static IEnumerable<(Coordinate, Coordinate)> Edges(Geometry grid)
    {
        foreach (var part in GridShape.Parts(grid) ?? [])
        {
            foreach (var ring in part.Holes.Prepend(part.Shell))
            {
                for (var i = 1; i < ring.NumPoints; i++)
                {
                    Coordinate from = ring.GetCoordinateN(i - 1), to = ring.GetCoordinateN(i);
                    if (!from.Equals2D(to)) yield return from.CompareTo(to) < 0 ? (from, to) : (to, from);
                }
            }
        }
    }
}
