using System.Globalization;

namespace GridMap.Geo.Projections;

/// <summary>How a CRS turns a place into two numbers.</summary>
public enum CrsKind
{
    Geographic,
    TransverseMercator,
    WebMercator,
}

/// <summary>The coordinate reference systems that GridMap speaks, each once: compare with ==.</summary>
/// <remarks>
/// CRS84 and EPSG:4326; 4490 (CGCS2000); the Gauss–Krüger zones of CGCS2000, 3° 4513–4554 and 6° 4491–4512 (the lower half of
/// each range carries the zone number in its eastings); UTM on WGS 84, 32601–32660 and 32701–32760; 3857 for display.
/// Everything in this library is x = longitude or easting, y = latitude or northing. <see cref="NorthFirst"/> tells what
/// the authority says, for those who write documents: EPSG:4326 and 4490 are lat, lon and the CGCS2000 zones northing, easting.
/// WGS 84 and CGCS2000 are taken as one datum (they agree within a decimetre; PostGIS does the same); each zone is computed on
/// its own ellipsoid. Immutable and thread-safe.
/// </remarks>
public sealed class KnownCrs
{
    private readonly Lazy<TransverseMercator> projection;

    private KnownCrs(int srid, string name, CrsKind kind, bool northFirst, string? uri = null,
        double centralMeridian = 0, double scale = 1, double falseEasting = 0, double falseNorthing = 0, bool cgcs2000 = false)
    {
        Srid = srid;
        Name = name;
        Kind = kind;
        NorthFirst = northFirst;
        Uri = uri ?? $"http://www.opengis.net/def/crs/EPSG/0/{srid}";
        CentralMeridian = centralMeridian;
        FalseEasting = falseEasting;
        projection = new(() => new TransverseMercator(centralMeridian, scale, falseEasting, falseNorthing, cgcs2000));
    }

    private static readonly Dictionary<int, KnownCrs> BySrid = All();

    /// <summary>WGS 84 in lon, lat: the CRS of GeoJSON and the default of the OGC APIs. Its SRID in PostGIS is 4326.</summary>
    public static KnownCrs Crs84 { get; } =
        new(4326, "WGS 84 (CRS84)", CrsKind.Geographic, northFirst: false, "http://www.opengis.net/def/crs/OGC/1.3/CRS84");

    /// <summary>EPSG:4326, officially lat, lon.</summary>
    public static KnownCrs Wgs84 => BySrid[4326];

    /// <summary>EPSG:4490, officially lat, lon.</summary>
    public static KnownCrs Cgcs2000 => BySrid[4490];

    /// <summary>EPSG:3857. For display only: it stretches by 1/cos(lat), 17.5 % at 31.8°N.</summary>
    public static KnownCrs WebMercator => BySrid[3857];

    public int Srid { get; }

    public string Name { get; }

    /// <summary>The OGC name, e.g. <c>http://www.opengis.net/def/crs/EPSG/0/4549</c>.</summary>
    public string Uri { get; }

    public CrsKind Kind { get; }

    /// <summary>Whether the authority writes latitude or northing first.</summary>
    public bool NorthFirst { get; }

    /// <summary>Degrees; 0 for CRSs without one.</summary>
    public double CentralMeridian { get; }

    /// <summary>Metres added to eastings.</summary>
    public double FalseEasting { get; }

    /// <summary>Every CRS known by EPSG code, in ascending order; CRS84 is not among them.</summary>
    public static IReadOnlyCollection<KnownCrs> Epsg { get; } = [.. BySrid.Values.OrderBy(crs => crs.Srid)];

    /// <summary>The CRS of an EPSG code, or null when it is not spoken here.</summary>
    public static KnownCrs? Find(int srid) => BySrid.GetValueOrDefault(srid);

    /// <summary>
    /// Reads a CRS name: <c>http(s)://www.opengis.net/def/crs/EPSG/0/4549</c>, <c>…/OGC/1.3/CRS84</c>, <c>urn:ogc:def:crs:EPSG::4549</c>,
    /// <c>urn:ogc:def:crs:OGC:1.3:CRS84</c>, <c>EPSG:4549</c>, <c>OGC:CRS84</c>, <c>CRS84</c>, either of the short forms in square
    /// brackets (safe CURIE), or the bare code.
    /// </summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out KnownCrs? crs)
    {
        crs = null;
        if (string.IsNullOrEmpty(text) || text.Length > 100) return false;
        var name = text is ['[', .. var curie, ']'] ? curie : text;
        string[] parts = name.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || name.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? name[(name.IndexOf("//", StringComparison.Ordinal) + 2)..].Split('/')
            : name.Split(':');
        (string Authority, string Code)? found = parts switch
        {
            ["www.opengis.net", "def", "crs", var authority, _, var code] => (authority, code),
            [var urn, "ogc", "def", "crs", var authority, _, var code] when urn.Equals("urn", StringComparison.OrdinalIgnoreCase) => (authority, code),
            [var authority, var code] => (authority, code),
            ["CRS84"] => ("OGC", "CRS84"),
            [var code] => ("EPSG", code),
            _ => null,
        };
        if (found is not { } name2) return false;
        if (name2.Authority.Equals("OGC", StringComparison.OrdinalIgnoreCase) && name2.Code == "CRS84") crs = Crs84;
        else if (name2.Authority.Equals("EPSG", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(name2.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var srid)) crs = Find(srid);
        return crs is not null;
    }

    /// <summary>
    /// Turns lon, lat in degrees into this CRS's x, y. A place that the CRS cannot show (Web Mercator beyond ±89.9°,
    /// a zone more than 20° from its central meridian, not finite) gives NaN, NaN.
    /// </summary>
    public (double X, double Y) FromLonLat(double lon, double lat)
    {
        if (!(lon is >= -360 and <= 360 && lat is >= -90 and <= 90)) return (double.NaN, double.NaN);
        return Kind switch
        {
            CrsKind.Geographic => (lon, lat),
            CrsKind.WebMercator => SphericalMercator.Forward(lon, lat),
            _ => projection.Value.Forward(lon, lat),
        };
    }

    /// <summary>Turns this CRS's x, y into lon, lat in degrees; NaN, NaN where that makes no sense.</summary>
    public (double Lon, double Lat) ToLonLat(double x, double y)
    {
        if (!(double.IsFinite(x) && double.IsFinite(y))) return (double.NaN, double.NaN);
        return Kind switch
        {
            CrsKind.Geographic => (x, y),
            CrsKind.WebMercator => SphericalMercator.Inverse(x, y),
            _ => projection.Value.Inverse(x, y),
        };
    }

    public override string ToString() => $"EPSG:{Srid} {Name}";

    private static Dictionary<int, KnownCrs> All()
    {
        var all = new Dictionary<int, KnownCrs>
        {
            [4326] = new(4326, "WGS 84", CrsKind.Geographic, northFirst: true),
            [4490] = new(4490, "China Geodetic Coordinate System 2000", CrsKind.Geographic, northFirst: true),
            [3857] = new(3857, "WGS 84 / Pseudo-Mercator", CrsKind.WebMercator, northFirst: false),
        };

        for (var zone = 13; zone <= 23; zone++)
        {
            var meridian = zone * 6 - 3;
            GaussKruger(4491 + zone - 13, $"CGCS2000 / Gauss-Kruger zone {zone}", meridian, zone * 1_000_000 + 500_000);
            GaussKruger(4502 + zone - 13, $"CGCS2000 / Gauss-Kruger CM {meridian}E", meridian, 500_000);
        }

        for (var zone = 25; zone <= 45; zone++)
        {
            var meridian = zone * 3;
            GaussKruger(4513 + zone - 25, $"CGCS2000 / 3-degree Gauss-Kruger zone {zone}", meridian, zone * 1_000_000 + 500_000);
            GaussKruger(4534 + zone - 25, $"CGCS2000 / 3-degree Gauss-Kruger CM {meridian}E", meridian, 500_000);
        }

        for (var zone = 1; zone <= 60; zone++)
        {
            var meridian = zone * 6 - 183;
            all[32600 + zone] = new(32600 + zone, $"WGS 84 / UTM zone {zone}N", CrsKind.TransverseMercator, northFirst: false,
                centralMeridian: meridian, scale: 0.9996, falseEasting: 500_000);
            all[32700 + zone] = new(32700 + zone, $"WGS 84 / UTM zone {zone}S", CrsKind.TransverseMercator, northFirst: false,
                centralMeridian: meridian, scale: 0.9996, falseEasting: 500_000, falseNorthing: 10_000_000);
        }

        return all;

        void GaussKruger(int srid, string name, double meridian, double falseEasting)
            => all[srid] = new(srid, name, CrsKind.TransverseMercator, northFirst: true,
                centralMeridian: meridian, falseEasting: falseEasting, cgcs2000: true);
    }
}
