using GridMap.Geo.Projections;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>What one grid has of everything that can be too much or too little for its people.</summary>
/// <param name="Households">From 0.</param>
/// <param name="Residents">From 0.</param>
/// <param name="SquareMetres">Land.</param>
/// <param name="Buildings">From 0.</param>
/// <param name="Load">Incidents of twelve months.</param>
/// <param name="MinutesAcross">Walking, between the two places farthest apart, as the crow flies.</param>
public readonly record struct GridIndicators(double Households, double Residents, double SquareMetres, double Buildings, double Load, double MinutesAcross)
{
    /// <summary>The longest way across a polygon in metres: the diameter of its convex hull.</summary>
    /// <exception cref="ArgumentException">A position lies outside what the plane can show.</exception>
    public static double MetresAcross(Geometry lonLat, MetricPlane plane)
    {
        // n log n for the hull; on its few corners every pair may be tried.
        var hull = new ConvexHull(plane.ToMetres(lonLat)).GetConvexHull().Coordinates;
        double longest = 0;
        for (var i = 0; i < hull.Length; i++)
        {
            for (var j = i + 1; j < hull.Length; j++) longest = Math.Max(longest, hull[i].Distance(hull[j]));
        }

        return longest;
    }
}

/// <summary>The names of the indicators.</summary>
public static class GridIndicatorNames
{
    public const string Households = "households";
    public const string Residents = "residents";
    public const string SquareMetres = "areaSquareMetres";
    public const string Buildings = "buildings";
    public const string Load = "load";
    public const string MinutesAcross = "minutesAcross";
}

/// <summary>From when a grid's mesh is too small, and from when too large (网眼过大). The usual band of 300–500 households is custom, not law: all is the caller's to set.</summary>
/// <param name="Least">Null where nothing is too little.</param>
/// <param name="Most">Null where nothing is too much.</param>
public sealed record MeshLimits(GridIndicators? Least, GridIndicators? Most)
{
    /// <summary>300 to 500 households; a quarter of an hour across.</summary>
    public static MeshLimits Usual { get; } = new(new(300, 0, 0, 0, 0, 0),
        new(500, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, 15));

    /// <summary>Faults of grids outside the limits, the most overloaded first; one for each grid and indicator.</summary>
    /// <exception cref="ArgumentException">Not as many grids as indicators.</exception>
    public IReadOnlyList<GridFault> Faults(IReadOnlyList<Geometry> grids, IReadOnlyList<GridIndicators> indicators)
    {
        if (grids.Count != indicators.Count) throw new ArgumentException($"{indicators.Count} indicators for {grids.Count} grids", nameof(indicators));
        var faults = new List<(double Ratio, GridFault Fault)>();
        for (var i = 0; i < grids.Count; i++)
        {
            var (grid, has) = (i, indicators[i]);
            foreach (var (name, pick) in Named)
            {
                if (Most is { } most && pick(has) > pick(most)) Add(GridFaultReasons.MeshTooLarge, name, pick(has), pick(most), pick(has) / Math.Max(1e-9, pick(most)));
                if (Least is { } least && pick(has) < pick(least)) Add(GridFaultReasons.MeshTooSmall, name, pick(has), pick(least), -pick(has) / Math.Max(1e-9, pick(least)));
            }

            void Add(string reason, string name, double value, double limit, double ratio) => faults.Add((ratio,
                new(reason, grids[grid], has.SquareMetres, 0, [grid], $"{name} {value:0.#}; {(ratio > 0 ? "at most" : "at least")} {limit:0.#}") { Indicator = name, Value = value, Limit = limit }));
        }

        // Too large by the ratio, then too small, the emptiest first.
        return [.. faults.OrderByDescending(entry => entry.Ratio > 0).ThenByDescending(entry => entry.Ratio).Select(entry => entry.Fault)];
    }

    private static readonly (string Name, Func<GridIndicators, double> Pick)[] Named =
    [
        (GridIndicatorNames.Households, i => i.Households), (GridIndicatorNames.Residents, i => i.Residents), (GridIndicatorNames.SquareMetres, i => i.SquareMetres),
        (GridIndicatorNames.Buildings, i => i.Buildings), (GridIndicatorNames.Load, i => i.Load), (GridIndicatorNames.MinutesAcross, i => i.MinutesAcross),
    ];
}
