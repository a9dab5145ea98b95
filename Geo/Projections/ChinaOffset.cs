using GridMap.Geo.GeoJson;

namespace GridMap.Geo.Projections;

/// <summary>The three ways in which Chinese maps write a longitude and latitude.</summary>
public enum ChinaDatum
{
    /// <summary>WGS 84, equal to CGCS2000 within a decimetre: what GridMap stores.</summary>
    Wgs84,

    /// <summary>The shifted coordinates of Amap, Tencent and Google's China maps.</summary>
    Gcj02,

    /// <summary>Baidu's second shift on top of GCJ-02.</summary>
    Bd09,
}

/// <summary>WGS 84 ↔ GCJ-02 ↔ BD-09, in degrees; for the edge only: labels, pasted coordinates, outside maps.</summary>
/// <remarks>
/// The widely published (never official) formulas with the Krasovsky axis a = 6378245 m and e² = 0.00669342162296594323.
/// GCJ-02 moves a place by 300–700 m. Outside the box lon 72.004–137.8347, lat 0.8293–55.8271 GCJ-02 equals WGS 84. The way
/// back has no closed form; it is iterated to 1e-12° (the one-step inverse found elsewhere is 0.1–2 m off), so a round
/// trip inside the box returns within 1e-11°. Close to the edge of the box, where the shift jumps, the way back is undefined
/// by nature. Not finite in, not finite out. Thread-safe.
/// </remarks>
public static class ChinaOffset
{
    private const double Axis = 6378245.0;
    private const double EccentricitySquared = 0.00669342162296594323;
    private const double BdTurn = Math.PI * 3000.0 / 180.0;
    private const double Tolerance = 1e-12;

    /// <summary>The shift from one datum to another, to hand to a reader or writer; null when they are the same.</summary>
    public static CoordinateShift? Shift(ChinaDatum from, ChinaDatum to) => (from, to) switch
    {
        (ChinaDatum.Wgs84, ChinaDatum.Gcj02) => Wgs84ToGcj02,
        (ChinaDatum.Wgs84, ChinaDatum.Bd09) => Wgs84ToBd09,
        (ChinaDatum.Gcj02, ChinaDatum.Wgs84) => Gcj02ToWgs84,
        (ChinaDatum.Gcj02, ChinaDatum.Bd09) => Gcj02ToBd09,
        (ChinaDatum.Bd09, ChinaDatum.Gcj02) => Bd09ToGcj02,
        (ChinaDatum.Bd09, ChinaDatum.Wgs84) => Bd09ToWgs84,
        _ => null,
    };

    /// <summary>Reads <c>wgs84</c>, <c>gcj02</c> or <c>bd09</c>; also <c>cgcs2000</c>, which is WGS 84 here. Case does not matter.</summary>
    public static bool TryParse(string? text, out ChinaDatum datum)
    {
        ChinaDatum? found = text?.ToLowerInvariant() switch
        {
            "wgs84" or "cgcs2000" => ChinaDatum.Wgs84,
            "gcj02" => ChinaDatum.Gcj02,
            "bd09" => ChinaDatum.Bd09,
            _ => null,
        };
        datum = found ?? ChinaDatum.Wgs84;
        return found is not null;
    }

    public static bool IsShifted(double lon, double lat) => lon is >= 72.004 and <= 137.8347 && lat is >= 0.8293 and <= 55.8271;

    public static (double Lon, double Lat) Wgs84ToGcj02(double lon, double lat)
    {
        if (!IsShifted(lon, lat)) return (lon, lat);
        var (dLon, dLat) = Offset(lon, lat);
        return (lon + dLon, lat + dLat);
    }

    public static (double Lon, double Lat) Gcj02ToWgs84(double lon, double lat)
    {
        if (!IsShifted(lon, lat)) return (lon, lat);
        double wgsLon = lon, wgsLat = lat;
        for (var round = 0; round < 20; round++)
        {
            // The offset hardly changes over its own length (slope about 1e-3), so this fixed point gains three digits a round.
            var (dLon, dLat) = Offset(wgsLon, wgsLat);
            double nextLon = lon - dLon, nextLat = lat - dLat;
            var moved = Math.Max(Math.Abs(nextLon - wgsLon), Math.Abs(nextLat - wgsLat));
            (wgsLon, wgsLat) = (nextLon, nextLat);
            if (moved < Tolerance) break;
        }

        return (wgsLon, wgsLat);
    }

    public static (double Lon, double Lat) Gcj02ToBd09(double lon, double lat)
    {
        var z = Math.Sqrt(lon * lon + lat * lat) + 0.00002 * Math.Sin(lat * BdTurn);
        var theta = Math.Atan2(lat, lon) + 0.000003 * Math.Cos(lon * BdTurn);
        return (z * Math.Cos(theta) + 0.0065, z * Math.Sin(theta) + 0.006);
    }

    public static (double Lon, double Lat) Bd09ToGcj02(double lon, double lat)
    {
        var (gcjLon, gcjLat) = Bd09ToGcj02OneStep(lon, lat);
        for (var round = 0; round < 40; round++)
        {
            var (bdLon, bdLat) = Gcj02ToBd09(gcjLon, gcjLat);
            double missLon = lon - bdLon, missLat = lat - bdLat;
            gcjLon += missLon;
            gcjLat += missLat;
            if (Math.Max(Math.Abs(missLon), Math.Abs(missLat)) < Tolerance) break;
        }

        return (gcjLon, gcjLat);
    }

    public static (double Lon, double Lat) Wgs84ToBd09(double lon, double lat)
    {
        var (gcjLon, gcjLat) = Wgs84ToGcj02(lon, lat);
        return Gcj02ToBd09(gcjLon, gcjLat);
    }

    public static (double Lon, double Lat) Bd09ToWgs84(double lon, double lat)
    {
        var (gcjLon, gcjLat) = Bd09ToGcj02(lon, lat);
        return Gcj02ToWgs84(gcjLon, gcjLat);
    }

    /// <summary>The published inverse: a first guess here, up to 1 m off.</summary>
    internal static (double Lon, double Lat) Bd09ToGcj02OneStep(double lon, double lat)
    {
        double x = lon - 0.0065, y = lat - 0.006;
        var z = Math.Sqrt(x * x + y * y) - 0.00002 * Math.Sin(y * BdTurn);
        var theta = Math.Atan2(y, x) - 0.000003 * Math.Cos(x * BdTurn);
        return (z * Math.Cos(theta), z * Math.Sin(theta));
    }

    private static (double Lon, double Lat) Offset(double lon, double lat)
    {
        double x = lon - 105, y = lat - 35, root = Math.Sqrt(Math.Abs(x));
        var shared = (20 * Math.Sin(6 * x * Math.PI) + 20 * Math.Sin(2 * x * Math.PI)) * 2 / 3;
        var dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
            + (20 * Math.Sin(y * Math.PI) + 40 * Math.Sin(y / 3 * Math.PI)) * 2 / 3
            + (160 * Math.Sin(y / 12 * Math.PI) + 320 * Math.Sin(y * Math.PI / 30)) * 2 / 3;
        var dLon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
            + (20 * Math.Sin(x * Math.PI) + 40 * Math.Sin(x / 3 * Math.PI)) * 2 / 3
            + (150 * Math.Sin(x / 12 * Math.PI) + 300 * Math.Sin(x / 30 * Math.PI)) * 2 / 3;
        var phi = lat / 180 * Math.PI;
        var sine = Math.Sin(phi);
        var magic = 1 - EccentricitySquared * sine * sine;
        var rootMagic = Math.Sqrt(magic);
        return (dLon * 180 / (Axis / rootMagic * Math.Cos(phi) * Math.PI),
            dLat * 180 / (Axis * (1 - EccentricitySquared) / (magic * rootMagic) * Math.PI));
    }
}
