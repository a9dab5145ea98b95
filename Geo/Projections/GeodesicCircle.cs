using NetTopologySuite.Geometries;

namespace GridMap.Geo.Projections;

/// <summary>A circle drawn on the ellipsoid: every vertex is exactly the radius away from the centre.</summary>
/// <remarks>
/// For drawing. To decide who is inside, compare distances: the polygon is inscribed and smaller than the circle by the
/// factor sin(2π/n)·n/(2π) (0.16 % in area at 64 segments).
/// </remarks>
public static class GeodesicCircle
{
    /// <summary>The polygon in lon, lat, SRID 4326, counterclockwise and closed, starting in the east.</summary>
    /// <param name="lon">−180..180.</param>
    /// <param name="lat">−90..90.</param>
    /// <param name="radiusMetres">Above 0, at most 1,000 km.</param>
    /// <param name="segments">8–3600.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or the circle holds a pole or crosses the antimeridian.</exception>
    public static Polygon Polygon(double lon, double lat, double radiusMetres, int segments = 64)
    {
        Guard.InRange(lon, -180, 180);
        Guard.InRange(lat, -90, 90);
        Guard.InRange(segments, 8, 3600);
        if (!(radiusMetres > 0)) throw new ArgumentOutOfRangeException(nameof(radiusMetres), radiusMetres, "must be above 0");
        Guard.InRange(radiusMetres, 0, 1_000_000);
        if (Geodesic.Distance(lon, lat, lon, 90) <= radiusMetres || Geodesic.Distance(lon, lat, lon, -90) <= radiusMetres)
            throw new ArgumentOutOfRangeException(nameof(radiusMetres), radiusMetres, "the circle holds a pole");
        var ring = new Coordinate[segments + 1];
        for (var i = 0; i < segments; i++)
        {
            var (x, y) = Geodesic.Direct(lon, lat, radiusMetres, 90 - 360.0 * i / segments);
            if (Math.Abs(x) > 180) throw new ArgumentOutOfRangeException(nameof(lon), lon, "the circle crosses the antimeridian");
            ring[i] = new Coordinate(x, y);
        }

        ring[segments] = ring[0].Copy();
        return GeoJson.GeoJsonReader.Factory.CreatePolygon(ring);
    }
}
