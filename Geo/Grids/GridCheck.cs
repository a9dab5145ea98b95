using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace GridMap.Geo.Grids;

/// <summary>What a single new grid must satisfy.</summary>
public sealed record GridCheckLimits
{
    public static GridCheckLimits Default { get; } = new();

    public double MinSquareMetres { get; init; } = 100;

    /// <summary>Infinite for no limit.</summary>
    public double MaxSquareMetres { get; init; } = double.PositiveInfinity;

    /// <summary>Mean width 2A/P below which a grid is a sliver.</summary>
    public double MinWidthMetres { get; init; } = 2;

    /// <summary>Overlaps and parts outside up to this are let pass; 0 for none.</summary>
    public double ToleratedSquareMetres { get; init; } = 0.1;

    /// <summary>Whether a grid may have several pieces.</summary>
    public bool AllowMultipart { get; init; }
}

/// <summary>Holds one new or changed grid against its parent and its neighbours in the same net.</summary>
/// <remarks>
/// For one grid at a time; for a whole net use <see cref="GridPartition"/>, which does not look for gaps pair by pair.
/// Geometries in lon, lat; sizes in the plane given. Cost: one overlay per neighbour whose box meets the grid's, about 0.1 ms each.
/// </remarks>
public static class GridCheck
{
    /// <summary>All faults; empty when the grid may be stored. An invalid polygon is not examined further.</summary>
    /// <param name="candidate">The new grid.</param>
    /// <param name="neighbours">Grids of the same net around it, not its own former self; faults name them by index.</param>
    /// <param name="parent">The area it belongs to; null when there is none.</param>
    /// <param name="plane">Where to measure.</param>
    /// <param name="limits">What is asked for; null for the defaults.</param>
    /// <returns>Faults of the grid itself have no children; overlaps name the neighbour.</returns>
    /// <exception cref="ArgumentException">A position lies outside what the plane can show.</exception>
    public static IReadOnlyList<GridFault> Faults(
        Geometry candidate, IReadOnlyList<Geometry> neighbours, Geometry? parent, MetricPlane plane, GridCheckLimits? limits = null)
    {
        limits ??= GridCheckLimits.Default;
        var parts = GridShape.Parts(candidate);
        if (candidate.IsEmpty) return [new(GridFaultReasons.Empty, candidate, 0, 0, [], "nothing drawn")];
        if (parts is null) return [new(GridFaultReasons.NotAPolygon, candidate.Centroid, 0, 0, [], $"a {candidate.GeometryType}; expected a polygon")];
        if (GridShape.Validity(candidate, 0) is { } invalid) return [invalid with { Children = [] }];

        var faults = new List<GridFault>();
        if (parts.Count > 1 && !limits.AllowMultipart)
            faults.Add(new(GridFaultReasons.Multipart, candidate.PointOnSurface, 0, 0, [], $"{parts.Count} pieces; expected one"));
        var shape = GridShape.Of(candidate, plane);
        if (shape.SquareMetres < limits.MinSquareMetres)
            faults.Add(new(GridFaultReasons.TooSmall, candidate, shape.SquareMetres, shape.WidthMetres, [], $"{shape.SquareMetres:F1} m²; at least {limits.MinSquareMetres} expected"));
        if (shape.SquareMetres > limits.MaxSquareMetres)
            faults.Add(new(GridFaultReasons.TooLarge, candidate, shape.SquareMetres, shape.WidthMetres, [], $"{shape.SquareMetres:F1} m²; at most {limits.MaxSquareMetres} expected"));
        if (shape.WidthMetres < limits.MinWidthMetres)
            faults.Add(new(GridFaultReasons.Sliver, candidate, shape.SquareMetres, shape.WidthMetres, [], $"{shape.WidthMetres:F2} m wide on average; at least {limits.MinWidthMetres} expected"));

        for (var i = 0; i < neighbours.Count; i++)
        {
            if (!neighbours[i].EnvelopeInternal.Intersects(candidate.EnvelopeInternal)) continue;
            Measure(GridFaultReasons.Overlap, OverlayNGRobust.Overlay(candidate, neighbours[i], SpatialFunction.Intersection), [i], "are another grid's");
        }

        if (parent is not null)
            Measure(GridFaultReasons.OutsideParent, OverlayNGRobust.Overlay(candidate, parent, SpatialFunction.Difference), [], "lie outside the parent");
        return faults;

        void Measure(string reason, Geometry overlay, int[] children, string what)
        {
            if (PartitionFaces.AreaOf(overlay) is not { } place) return;
            var size = GridShape.Of(place, plane);
            if (size.SquareMetres > limits.ToleratedSquareMetres)
                faults.Add(new(reason, place, size.SquareMetres, size.WidthMetres, children, $"{size.SquareMetres:F2} m² {what}"));
        }
    }
}
