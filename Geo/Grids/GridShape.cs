using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace GridMap.Geo.Grids;

/// <summary>Area and outline of a polygon, measured in a metric plane.</summary>
/// <param name="SquareMetres">Holes taken off.</param>
/// <param name="PerimeterMetres">Outer and inner rings.</param>
public readonly record struct GridShape(double SquareMetres, double PerimeterMetres)
{
    /// <summary>Mean width 2A/P in metres; half the side of a square; 0 without an outline.</summary>
    public double WidthMetres => PerimeterMetres > 0 ? 2 * SquareMetres / PerimeterMetres : 0;

    /// <summary>Polsby–Popper (1991) compactness 4πA/P²: 1 for a circle, π/4 for a square, towards 0 for a thread; 0 without an outline.</summary>
    public double Compactness => PerimeterMetres > 0 ? 4 * Math.PI * SquareMetres / (PerimeterMetres * PerimeterMetres) : 0;

    /// <summary>Measures a lon, lat geometry.</summary>
    /// <exception cref="ArgumentException">A position lies outside what the plane can show.</exception>
    public static GridShape Of(Geometry lonLat, MetricPlane plane)
    {
        var metres = plane.ToMetres(lonLat);
        return new(metres.Area, metres.Length);
    }

    /// <summary>The polygons in a geometry, empty ones left out; null when it holds anything else.</summary>
    internal static List<Polygon>? Parts(Geometry geometry)
    {
        var parts = new List<Polygon>(1);
        if (geometry is not (Polygon or MultiPolygon)) return null;
        for (var i = 0; i < geometry.NumGeometries; i++)
        {
            if (geometry.GetGeometryN(i) is Polygon { IsEmpty: false } polygon) parts.Add(polygon);
        }

        return parts;
    }

    /// <summary>The fault of an invalid polygon, or null.</summary>
    internal static GridFault? Validity(Geometry geometry, int index)
    {
        var error = new IsValidOp(geometry).ValidationError;
        if (error is null) return null;
        var place = geometry.Factory.CreatePoint(error.Coordinate ?? geometry.Coordinate);
        return new(GridFaultReasons.Invalid, place, 0, 0, [index], error.Message);
    }
}
