using NetTopologySuite.Geometries;

namespace GridMap.Server.Http;

/// <summary>A GeoJSON Polygon (RFC 7946) in an answer of ours: the outer ring counterclockwise, then holes clockwise, [longitude, latitude].</summary>
public sealed record PolygonShape(string Type, IReadOnlyList<double[][]> Coordinates)
{
    /// <param name="polygon">WGS 84; rings in either direction.</param>
    /// <param name="datum">The datum of the answer.</param>
    public static PolygonShape Of(Polygon polygon, Datum datum = default) =>
        new("Polygon", [Ring(polygon.ExteriorRing, counterclockwise: true, datum), .. polygon.InteriorRings.Select(hole => Ring(hole, counterclockwise: false, datum))]);

    private static double[][] Ring(LineString ring, bool counterclockwise, Datum datum)
    {
        var positions = ring.Coordinates.Select(at => datum.FromStored(at.X, at.Y)).Select(place => new[] { place.Lon, place.Lat }).ToArray();
        if (NetTopologySuite.Algorithm.Orientation.IsCCW(ring.CoordinateSequence) != counterclockwise) Array.Reverse(positions);
        return positions;
    }
}

/// <summary>A GeoJSON MultiPolygon (RFC 7946) in an answer of ours.</summary>
public sealed record MultiPolygonShape(string Type, IReadOnlyList<IReadOnlyList<double[][]>> Coordinates)
{
    public static MultiPolygonShape Of(MultiPolygon area, Datum datum = default) =>
        new("MultiPolygon", area.Geometries.Cast<Polygon>().Select(polygon => PolygonShape.Of(polygon, datum).Coordinates).ToList());
}

public sealed record Feature<TGeometry, TProperties>(string Type, TGeometry Geometry, TProperties Properties);

/// <summary>A GeoJSON FeatureCollection whose properties the contract describes.</summary>
public sealed record FeatureSet<TGeometry, TProperties>(string Type, IReadOnlyList<Feature<TGeometry, TProperties>> Features);
