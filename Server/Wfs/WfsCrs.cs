using GridMap.Geo.GeoJson;
using GridMap.Geo.Projections;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>
/// A CRS as a client named it. The urn and the http name of OGC mean the order of axes that the authority says (EPSG:4326 is latitude, longitude);
/// <c>EPSG:4326</c> and <c>…/gml/srs/epsg.xml#4326</c> mean x, y, as they have always been used. An answer repeats the name as it came, so that it is read by the same rule.
/// </summary>
public sealed record WfsCrs(KnownCrs Crs, string Name, bool ByAuthority)
{
    private const string EpsgXml = "http://www.opengis.net/gml/srs/epsg.xml#";

    public static WfsCrs Default { get; } = new(KnownCrs.Wgs84, "urn:ogc:def:crs:EPSG::4326", ByAuthority: true);

    /// <summary>Longitude and latitude, for GeoJSON.</summary>
    public static WfsCrs LonLat { get; } = new(KnownCrs.Crs84, "urn:ogc:def:crs:OGC:1.3:CRS84", ByAuthority: true);

    /// <summary>1e-7° and a millimetre: finer than anything that is stored.</summary>
    public int Decimals => Crs.Kind == CrsKind.Geographic ? GeoJsonWriter.DefaultDecimals : 3;

    private bool Swaps => Crs.NorthFirst && !ByAuthority;

    public static string Urn(KnownCrs crs) => crs == KnownCrs.Crs84 ? LonLat.Name : $"urn:ogc:def:crs:EPSG::{crs.Srid}";

    /// <param name="listed">Those of the type, as the capabilities name them.</param>
    /// <exception cref="WfsFault">It is none of them.</exception>
    public static WfsCrs Parse(string name, string locator, IReadOnlyList<KnownCrs> listed)
    {
        var text = name.Trim();
        var byAuthority = text.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) || (text.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !text.StartsWith(EpsgXml, StringComparison.Ordinal));
        return KnownCrs.TryParse(text.StartsWith(EpsgXml, StringComparison.Ordinal) ? $"EPSG:{text[EpsgXml.Length..]}" : text, out var crs) && listed.Contains(crs)
            ? new WfsCrs(crs, text, byAuthority) : throw WfsFault.Invalid(locator, "the name of a CRS in the capabilities, such as urn:ogc:def:crs:EPSG::4326");
    }

    /// <summary>Longitude and latitude of a position as it is written; NaN where it makes no sense.</summary>
    public (double Lon, double Lat) ToLonLat(double first, double second) => Swaps ? new AskedCrs(Crs).ToLonLat(second, first) : new AskedCrs(Crs).ToLonLat(first, second);

    /// <summary>For writing; null when positions are written as they are stored.</summary>
    public CoordinateShift? Shift
    {
        get
        {
            if (Crs == KnownCrs.Crs84) return null;
            var (asked, swaps) = (new AskedCrs(Crs), Swaps);
            return swaps ? (lon, lat) => { var (first, second) = asked.FromLonLat(lon, lat); return (second, first); } : asked.FromLonLat;
        }
    }

    /// <summary>The same CRS with x, y whatever its name: the order of GeoJSON.</summary>
    public WfsCrs AsXy => this with { ByAuthority = false };

    /// <exception cref="WfsFault">A corner makes no sense in the CRS, or the box is upside down.</exception>
    public NetTopologySuite.Geometries.Geometry Box(double lowerFirst, double lowerSecond, double upperFirst, double upperSecond, string locator)
    {
        var box = Swaps ? new AskedCrs(Crs).BoxToLonLat(lowerSecond, lowerFirst, upperSecond, upperFirst) : new AskedCrs(Crs).BoxToLonLat(lowerFirst, lowerSecond, upperFirst, upperSecond);
        var axes = Crs.NorthFirst && ByAuthority ? "latitude or northing first" : "x (longitude or easting) first";
        return box ?? throw WfsFault.Invalid(locator, $"a lower and an upper corner within {Name}, {axes}");
    }
}
