using NetTopologySuite.Geometries;

namespace GridMap.Geo.Projections;

/// <summary>The plane in which a city is measured: x metres east, y metres north.</summary>
/// <remarks>
/// In China the 3° CGCS2000 Gauss–Krüger zone (scale 1 on its central meridian, up to 1 : 3,000 too long 1.5° away at 30°N;
/// 0.02 % at 100 km), elsewhere UTM (−0.04 % to +0.1 %). Choose the plane once per city, not per feature: two features
/// measured in two zones do not meet. Positions that the zone cannot show become NaN. Thread-safe.
/// </remarks>
public sealed class MetricPlane
{
    private MetricPlane(KnownCrs crs) => Crs = crs;

    public KnownCrs Crs { get; }

    public int Srid => Crs.Srid;

    /// <summary>The plane for a place: the 3° zone within lon 73.5–135, lat 3–54, else the UTM zone.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a longitude and latitude.</exception>
    public static MetricPlane ForLonLat(double lon, double lat)
    {
        Guard.InRange(lon, -180, 180);
        Guard.InRange(lat, -90, 90);
        if (lon is >= 73.5 and <= 135 && lat is >= 3 and <= 54)
        {
            // Zones reach 1.5° to either side of a multiple of 3; the westernmost is 75°E.
            var zone = Math.Max(25, (int)Math.Floor(lon / 3 + 0.5));
            return new(KnownCrs.Find(4534 + zone - 25)!);
        }

        var utm = Math.Min(60, (int)Math.Floor((lon + 180) / 6) + 1);
        return new(KnownCrs.Find((lat < 0 ? 32700 : 32600) + utm)!);
    }

    /// <summary>The plane of a Gauss–Krüger or UTM code.</summary>
    /// <exception cref="ArgumentException">The code is unknown here or not metric; EPSG:3857 is not metric either.</exception>
    public static MetricPlane ForSrid(int srid) => KnownCrs.Find(srid) is { Kind: CrsKind.TransverseMercator } crs
        ? new(crs)
        : throw new ArgumentException($"EPSG:{srid} is not a CGCS2000 Gauss-Kruger (4491–4554) or UTM (32601–32660, 32701–32760) zone", nameof(srid));

    public (double X, double Y) ToMetres(double lon, double lat) => Crs.FromLonLat(lon, lat);

    public (double Lon, double Lat) ToLonLat(double x, double y) => Crs.ToLonLat(x, y);

    /// <summary>Projects in bulk, without allocation. The target spans may be the source spans.</summary>
    public void ToMetres(ReadOnlySpan<double> lons, ReadOnlySpan<double> lats, Span<double> xs, Span<double> ys)
    {
        CheckLengths(lons.Length, lats.Length, xs.Length, ys.Length);
        for (var i = 0; i < lons.Length; i++) (xs[i], ys[i]) = Crs.FromLonLat(lons[i], lats[i]);
    }

    /// <summary>Unprojects in bulk, without allocation. The target spans may be the source spans.</summary>
    public void ToLonLat(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, Span<double> lons, Span<double> lats)
    {
        CheckLengths(xs.Length, ys.Length, lons.Length, lats.Length);
        for (var i = 0; i < xs.Length; i++) (lons[i], lats[i]) = Crs.ToLonLat(xs[i], ys[i]);
    }

    /// <summary>A projected copy of a lon, lat geometry, with this plane's SRID.</summary>
    /// <exception cref="ArgumentException">A position lies outside what the zone can show.</exception>
    public Geometry ToMetres(Geometry lonLat) => Reproject.Geometry(lonLat, KnownCrs.Crs84, Crs);

    /// <summary>A lon, lat copy of a geometry in this plane, with SRID 4326.</summary>
    /// <exception cref="ArgumentException">A position lies outside what the zone can show.</exception>
    public Geometry ToLonLat(Geometry metres) => Reproject.Geometry(metres, Crs, KnownCrs.Crs84);

    private static void CheckLengths(int a, int b, int c, int d)
    {
        if (a != b || c < a || d < a) throw new ArgumentException($"spans of {a}, {b} positions do not fit into {c}, {d}");
    }
}
