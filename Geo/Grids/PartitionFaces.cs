using GridMap.Geo.Projections;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;
using NetTopologySuite.Operation.Polygonize;

namespace GridMap.Geo.Grids;

/// <summary>Turns unpaired edges into faces and says what each face is.</summary>
internal sealed class PartitionFaces(
    Geometry? parent, List<(int Index, Polygon Polygon)> sound, List<UnmatchedEdge> unmatched, MetricPlane plane, PartitionLimits limits)
{
    private readonly IndexedPointInAreaLocator? inParent = parent is null ? null : new(parent);
    private readonly IPreparedGeometry? wholeParent = parent is null ? null : PreparedGeometryFactory.Prepare(parent);
    private readonly STRtree<(int Index, Polygon Polygon)> tree = Index(sound);
    private const double WideDegrees = 1e-7, HairDegrees = 1e-9, RoundingDegrees = 1e-11;

    private readonly List<UnmatchedEdge> open = PartitionBorders.Open(unmatched);
    private readonly List<Polygon> faultFaces = [];

    public List<GridFault> Faults(CancellationToken cancellationToken)
    {
        var faults = new List<GridFault>();
        foreach (var face in Faces())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Judge(face, faults);
        }

        faults.Sort((a, b) =>
        {
            var byReason = Rank(a.Reason).CompareTo(Rank(b.Reason));
            return byReason != 0 ? byReason : b.SquareMetres.CompareTo(a.SquareMetres);
        });
        var borders = new PartitionBorders(unmatched, plane, limits);
        faults.AddRange(borders.Mismatches());
        if (parent is not null && limits.NoiseSquareMetres == 0) faults.AddRange(borders.Unexplained([.. faults]));
        if (parent is null && limits.NarrowGapMetres > 0) faults.AddRange(new PartitionBorders(open, plane, limits).NarrowGaps(faultFaces));
        return faults;
    }

    private static int Rank(string reason) => reason switch
    {
        GridFaultReasons.Overlap => 0,
        GridFaultReasons.SliverOverlap => 1,
        GridFaultReasons.Gap => 2,
        GridFaultReasons.SliverGap => 3,
        _ => 4,
    };

    private static STRtree<(int, Polygon)> Index(List<(int Index, Polygon Polygon)> sound)
    {
        var index = new STRtree<(int, Polygon)>();
        foreach (var child in sound) index.Insert(child.Polygon.EnvelopeInternal, child);
        index.Build();
        return index;
    }

    private IEnumerable<Polygon> Faces()
    {
        if (open.Count == 0) return [];
        var polygonizer = new Polygonizer();
        polygonizer.Add(OverlayNGRobust.Union(GridPartition.Factory.BuildGeometry(Chains())));
        return polygonizer.GetPolygons().Cast<Polygon>();
    }

    /// <summary>The edges strung together head to tail: a few long lines are noded several times faster than thousands of short ones.</summary>
    private List<Geometry> Chains()
    {
        var leaving = new Dictionary<(double, double), Stack<UnmatchedEdge>>();
        foreach (var edge in open)
        {
            if (!leaving.TryGetValue((edge.From.X, edge.From.Y), out var edges)) leaving.Add((edge.From.X, edge.From.Y), edges = new());
            edges.Push(edge);
        }

        var chains = new List<Geometry>();
        var chain = new List<Coordinate>();
        foreach (var first in open)
        {
            chain.Clear();
            for (var at = first.From; leaving.TryGetValue((at.X, at.Y), out var edges) && edges.TryPop(out var edge); at = edge.To)
            {
                if (chain.Count == 0) chain.Add(edge.From);
                chain.Add(edge.To);
            }

            if (chain.Count > 0) chains.Add(GridPartition.Factory.CreateLineString([.. chain]));
        }

        return chains;
    }

    private void Judge(Polygon face, List<GridFault> faults)
    {
        var (point, covering) = Sample(face);
        var inside = inParent is null || inParent.Locate(point) == Location.Interior;
        if (covering == 1 && inside) return;
        if (covering == 0 && !inside) return;
        var shape = GridShape.Of(face, plane);
        if (shape.SquareMetres < limits.NoiseSquareMetres) return;
        faultFaces.Add(face);
        if (covering == 0)
        {
            faults.Add(new(shape.WidthMetres < limits.SliverWidthMetres ? GridFaultReasons.SliverGap : GridFaultReasons.Gap,
                face, shape.SquareMetres, shape.WidthMetres, Around(face), $"{shape.SquareMetres:F2} m² belong to no grid"));
            return;
        }

        // Where a neighbour's border is the parent's, both are paired and gone: such a face reaches from two grids to the outside.
        var beyond = wholeParent is null || wholeParent.Covers(face) ? null : Wide(OverlayNGRobust.Overlay(face, parent, SpatialFunction.Difference));
        var mixed = beyond is not null && Wide(OverlayNGRobust.Overlay(face, parent, SpatialFunction.Intersection)) is not null;
        var shares = Shares(face);
        if (covering >= 2 || mixed) Overlaps(face, shape, shares, mixed, faults);
        if (inside && !mixed) return;
        foreach (var (index, share) in shares)
        {
            if ((mixed ? Wide(OverlayNGRobust.Overlay(share, beyond!, SpatialFunction.Intersection)) : share) is not { } part) continue;
            var size = GridShape.Of(part, plane);
            faults.Add(new(GridFaultReasons.OutsideParent, part, size.SquareMetres, size.WidthMetres, [index], $"{size.SquareMetres:F2} m² lie outside the parent"));
        }
    }

    /// <summary>The polygons of an overlay that are more than the rounding of where lines cross; null when none.</summary>
    private static Geometry? Wide(Geometry overlay) => AreaOf(overlay) is { } area && area.Area > RoundingDegrees * area.Length ? area : null;

    /// <summary>A point of the face that is on nobody's border, and how many grids cover it. Paired borders may run through a face, even through its middle.</summary>
    private (Coordinate Point, int Covering) Sample(Polygon face)
    {
        var point = face.InteriorPoint.Coordinate;
        // In a wide face a sample stays clear of every border: the doubles of one border drawn with more vertices on one side leave hairs between its two sides.
        var clear = face.Area > WideDegrees * face.Length ? HairDegrees : 0;
        for (var attempt = 1; ; attempt++)
        {
            var covering = 0;
            var onBorder = false;
            foreach (var (_, polygon) in tree.Query(new Envelope(point)))
            {
                var location = SimplePointInAreaLocator.Locate(point, polygon);
                if (location == Location.Interior) covering++;
                onBorder |= location == Location.Boundary || (clear > 0 && polygon.Boundary.IsWithinDistance(GridPartition.Factory.CreatePoint(point), clear));
            }

            if (!onBorder || attempt > 20) return (point, covering);
            point = OnScanLine(face, attempt * 0.6180339887498949 % 1) ?? point;
        }
    }

    /// <summary>A point within the face at a part of its height, well inside the widest stretch there; null when the line only touches it.</summary>
    private static Coordinate? OnScanLine(Polygon face, double part)
    {
        var box = face.EnvelopeInternal;
        var y = box.MinY + part * box.Height;
        var xs = new List<double>();
        foreach (var ring in face.Holes.Prepend(face.Shell))
        {
            for (var i = 1; i < ring.NumPoints; i++)
            {
                Coordinate a = ring.GetCoordinateN(i - 1), b = ring.GetCoordinateN(i);
                if (a.Y > y != b.Y > y) xs.Add(a.X + (y - a.Y) / (b.Y - a.Y) * (b.X - a.X));
            }
        }

        xs.Sort();
        var (widest, at) = (0.0, -1);
        for (var i = 1; i < xs.Count; i += 2)
        {
            if (xs[i] - xs[i - 1] > widest) (widest, at) = (xs[i] - xs[i - 1], i);
        }

        return at < 0 ? null : new Coordinate(xs[at - 1] + widest * 0.4142135623730951, y);
    }

    private void Overlaps(Polygon face, GridShape shape, List<(int Index, Geometry Part)> shares, bool mixed, List<GridFault> faults)
    {
        if (!mixed && shares.Count == 2 && shares[0].Index != shares[1].Index)
        {
            faults.Add(Overlap(face, shape, shares[0].Index, shares[1].Index));
            return;
        }

        // Paired edges of other grids may run through the face: then each pair has its own part of it.
        for (var i = 0; i < shares.Count; i++)
        {
            for (var j = i + 1; j < shares.Count; j++)
            {
                if (shares[i].Index == shares[j].Index || !shares[i].Part.EnvelopeInternal.Intersects(shares[j].Part.EnvelopeInternal)) continue;
                var common = Wide(OverlayNGRobust.Overlay(shares[i].Part, shares[j].Part, SpatialFunction.Intersection));
                if (common is null) continue;
                var size = GridShape.Of(common, plane);
                if (size.SquareMetres >= limits.NoiseSquareMetres) faults.Add(Overlap(common, size, shares[i].Index, shares[j].Index));
            }
        }
    }

    private GridFault Overlap(Geometry place, GridShape shape, int a, int b)
        => new(shape.WidthMetres < limits.SliverWidthMetres ? GridFaultReasons.SliverOverlap : GridFaultReasons.Overlap,
            place, shape.SquareMetres, shape.WidthMetres, [Math.Min(a, b), Math.Max(a, b)], $"{shape.SquareMetres:F2} m² belong to two grids");

    /// <summary>The part of the face that each grid covers.</summary>
    private List<(int Index, Geometry Part)> Shares(Polygon face)
    {
        var shares = new List<(int, Geometry)>();
        foreach (var (index, polygon) in tree.Query(face.EnvelopeInternal))
        {
            var part = AreaOf(OverlayNGRobust.Overlay(polygon, face, SpatialFunction.Intersection));
            if (part is not null && GridShape.Of(part, plane).SquareMetres >= limits.NoiseSquareMetres) shares.Add((index, part));
        }

        return shares;
    }

    private int[] Around(Polygon face)
    {
        const double touchDegrees = 1e-9;
        var box = face.EnvelopeInternal.Copy();
        box.ExpandBy(touchDegrees);
        return [.. tree.Query(box).Where(c => c.Polygon.IsWithinDistance(face, touchDegrees)).Select(c => c.Index).Distinct().Order()];
    }

    /// <summary>The polygons of an overlay result, which may hold lines and points where borders only touch; null when none.</summary>
    internal static Geometry? AreaOf(Geometry result)
    {
        if (result is Polygon or MultiPolygon) return result.IsEmpty ? null : result;
        var polygons = new List<Geometry>();
        for (var i = 0; i < result.NumGeometries; i++)
        {
            if (result.GetGeometryN(i) is Polygon { IsEmpty: false } polygon) polygons.Add(polygon);
        }

        return polygons.Count == 0 ? null : result.Factory.BuildGeometry(polygons);
    }
}
