using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.Distance;

namespace GridMap.Geo.Grids;

/// <summary>What a partition is held against.</summary>
public sealed record PartitionLimits
{
    public static PartitionLimits Default { get; } = new();

    /// <summary>Gaps and overlaps whose mean width is below this are called slivers.</summary>
    public double SliverWidthMetres { get; init; } = 1;

    /// <summary>A whole grid whose mean width is below this is a fault; 0 for none.</summary>
    public double MinGridWidthMetres { get; init; } = 2;

    /// <summary>Without a parent: how close two open borders run side by side before it is called a narrow gap; 0 for none.</summary>
    public double NarrowGapMetres { get; init; } = 1;

    /// <summary>Areas below this are rounding, not faults. The grid of 1e-7° makes real slivers of some 0.01 m² and more.</summary>
    public double NoiseSquareMetres { get; init; } = 1e-4;

    /// <summary>With more unmatched border pieces than this, the answer is <see cref="GridFaultReasons.TooManyFaults"/>.</summary>
    public int MaxUnmatchedEdges { get; init; } = 100_000;
}

/// <summary>Finds where a set of grids fails to tile its parent exactly.</summary>
/// <remarks>
/// <para>A clean partition is decided by equality: neighbours share their vertices bit for bit (coordinates on the grid of
/// 1e-7°), and so each directed edge of a grid has its reverse in a neighbour or in the outside of the parent. When all edges
/// pair up, the signed sum of all boundaries is zero, hence so is the coverage minus the parent everywhere: nothing more needs
/// to be looked at. Otherwise only the unpaired edges are noded and polygonised; how often a place is covered cannot change
/// inside such a face, so one point of each face tells gap, overlap or outside, and its area is exact.</para>
/// <para>Invalid grids are reported, repaired for the rest of the examination, and measured repaired. All geometries in lon,
/// lat; areas and widths in the plane given. Without a parent, gaps are the holes enclosed by grids.</para>
/// <para>Cost when clean: linear, 13,000 grids with 325,000 vertices in about 0.15 s; with faults, in addition about a millisecond per fault.</para>
/// </remarks>
public static class GridPartition
{
    /// <summary>All faults: of single grids first, then overlaps, gaps, parts outside, largest first, then mismatched borders.</summary>
    /// <param name="parent">Polygon or multipolygon that the grids should tile; null when there is none.</param>
    /// <param name="children">Grids; faults name them by index.</param>
    /// <param name="plane">Where to measure.</param>
    /// <param name="limits">Tolerances of naming; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at between faces.</param>
    /// <exception cref="ArgumentException">The parent is not a valid polygon, or a position lies outside what the plane can show.</exception>
    public static IReadOnlyList<GridFault> Faults(
        Geometry? parent, IReadOnlyList<Geometry> children, MetricPlane plane, PartitionLimits? limits = null, CancellationToken cancellationToken = default)
    {
        limits ??= PartitionLimits.Default;
        var parentParts = parent is null ? [] : GridShape.Parts(parent) ?? throw new ArgumentException($"the parent is a {parent.GeometryType}", nameof(parent));
        if (parent is not null && (parentParts.Count == 0 || !parent.IsValid)) throw new ArgumentException("the parent is empty or invalid", nameof(parent));

        var faults = new List<GridFault>();
        var sound = new List<(int Index, Polygon Polygon)>(children.Count);
        for (var i = 0; i < children.Count; i++) Examine(i, children[i], plane, limits, faults, sound);
        RemoveDuplicates(children, sound, plane, faults);

        var edges = new EdgeMatcher(sound.Sum(s => s.Polygon.NumPoints) + parentParts.Sum(p => p.NumPoints));
        foreach (var (index, polygon) in sound) edges.Add(polygon, index, outside: false);
        foreach (var part in parentParts) edges.Add(part, EdgeMatcher.Parent, outside: true);
        var unmatched = edges.Unmatched();
        if (unmatched.Count > limits.MaxUnmatchedEdges)
        {
            var whole = new Envelope();
            foreach (var edge in unmatched) whole.ExpandToInclude(new Envelope(edge.From, edge.To));
            faults.Add(new(GridFaultReasons.TooManyFaults, Factory.ToGeometry(whole), 0, 0, [],
                $"{unmatched.Count} border pieces have no counterpart; at most {limits.MaxUnmatchedEdges} are worked out"));
        }
        else if (unmatched.Count > 0)
        {
            faults.AddRange(new PartitionFaces(parent, sound, unmatched, plane, limits).Faults(cancellationToken));
        }

        return faults;
    }

    internal static GeometryFactory Factory { get; } = GeoJson.GeoJsonReader.Factory;

    private static void Examine(int index, Geometry child, MetricPlane plane, PartitionLimits limits, List<GridFault> faults, List<(int, Polygon)> sound)
    {
        var parts = GridShape.Parts(child);
        if (parts is null || parts.Count == 0)
        {
            var place = child.IsEmpty ? Factory.CreatePoint() : (Geometry)child.Centroid;
            faults.Add(parts is null && !child.IsEmpty
                ? new(GridFaultReasons.NotAPolygon, place, 0, 0, [index], $"a {child.GeometryType}")
                : new(GridFaultReasons.Empty, place, 0, 0, [index], "nothing drawn"));
            return;
        }

        if (parts.Count > 1)
            faults.Add(new(GridFaultReasons.Multipart, child.PointOnSurface, 0, 0, [index], $"{parts.Count} pieces"));

        // The quick check refuses nothing wrongly: what it doubts goes to the full one.
        var certain = parts.Count == 1 && parts[0].NumInteriorRings == 0 && SimpleRing.IsCertain(parts[0].Shell.CoordinateSequence);
        if (!certain && GridShape.Validity(child, index) is { } invalid)
        {
            faults.Add(invalid);
            parts = GridShape.Parts(GeometryFixer.Fix(child)) ?? [];
        }

        foreach (var part in parts)
        {
            if (part.NumInteriorRings > 0 && TouchOf(part) is { } touch)
                faults.Add(new(GridFaultReasons.SelfTouching, touch, 0, 0, [index], "the grid touches itself in a point"));
        }

        foreach (var part in parts)
        {
            if (limits.MinGridWidthMetres > 0 && MaybeThin(part, limits.MinGridWidthMetres))
            {
                var shape = GridShape.Of(part, plane);
                if (shape.WidthMetres < limits.MinGridWidthMetres)
                    faults.Add(new(GridFaultReasons.Sliver, part, shape.SquareMetres, shape.WidthMetres, [index], $"{shape.WidthMetres:F2} m wide on average"));
            }

            sound.Add((index, part));
        }
    }

    /// <summary>Where a hole touches the outer ring or another hole: valid for Simple Features, but no place to divide a city.</summary>
    private static Point? TouchOf(Polygon polygon)
    {
        LinearRing[] rings = [polygon.Shell, .. polygon.Holes];
        for (var i = 1; i < rings.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (!rings[i].EnvelopeInternal.Intersects(rings[j].EnvelopeInternal)) continue;
                var nearest = new IndexedFacetDistance(rings[j]);
                if (nearest.Distance(rings[i]) == 0) return Factory.CreatePoint(nearest.NearestPoints(rings[i])[0]);
            }
        }

        return null;
    }

    /// <summary>A cheap bound in degrees, so that ordinary grids need not be projected: a degree is never longer than 111.7 km.</summary>
    private static bool MaybeThin(Polygon polygon, double metres)
    {
        var lat = Math.Min(89, Math.Max(Math.Abs(polygon.EnvelopeInternal.MinY), Math.Abs(polygon.EnvelopeInternal.MaxY)));
        var shortest = 110_000 * Math.Cos(double.DegreesToRadians(lat));
        // area ≥ A·(shortest·110 km), outline ≤ P·111.7 km.
        return 2 * polygon.Area * shortest * 110_000 < metres * polygon.Length * 111_700 * 1.01;
    }

    private static void RemoveDuplicates(IReadOnlyList<Geometry> children, List<(int Index, Polygon Polygon)> sound, MetricPlane plane, List<GridFault> faults)
    {
        var seen = new Dictionary<(double, double, double, double, int), List<int>>();
        var removed = new HashSet<int>();
        for (var i = 0; i < children.Count; i++)
        {
            if (children[i].IsEmpty) continue;
            var box = children[i].EnvelopeInternal;
            var key = (box.MinX, box.MinY, box.MaxX, box.MaxY, children[i].NumPoints);
            if (!seen.TryGetValue(key, out var same))
            {
                seen.Add(key, [i]);
                continue;
            }

            var twin = same.FindIndex(j => children[j].Normalized().EqualsExact(children[i].Normalized()));
            if (twin < 0)
            {
                same.Add(i);
                continue;
            }

            var shape = GridShape.Of(children[i], plane);
            faults.Add(new(GridFaultReasons.Duplicate, children[i], shape.SquareMetres, shape.WidthMetres, [same[twin], i], "the same polygon twice"));
            removed.Add(i);
        }

        if (removed.Count > 0) sound.RemoveAll(s => removed.Contains(s.Index));
    }
}
