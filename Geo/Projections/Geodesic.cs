namespace GridMap.Geo.Projections;

/// <summary>Shortest lines on the WGS 84 ellipsoid.</summary>
/// <remarks>
/// Vincenty (1975), with the nested series for the distance, and for nearly opposite points, where his iteration does not
/// converge, a bisection on the starting azimuth over the same series (the monotone function of Karney 2013, §4). Agrees with
/// GeographicLib (through PostGIS) within 0.1 mm, near the antipode within 1 mm. Degrees in, metres and degrees out; azimuths
/// are clockwise from north in 0..360. Cost: about 1 µs, near the antipode about 10 µs. Thread-safe.
/// </remarks>
public static class Geodesic
{
    internal const double A = 6378137;
    internal const double F = 1 / 298.257223563;
    internal const double B = A * (1 - F);

    /// <summary>The distance in metres.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A latitude beyond ±90, or a number that is not finite.</exception>
    public static double Distance(double lon1, double lat1, double lon2, double lat2) => Inverse(lon1, lat1, lon2, lat2).Metres;

    /// <summary>The distance, and the azimuth at the first point (0 when the points are one).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A latitude beyond ±90, or a number that is not finite.</exception>
    public static (double Metres, double Azimuth) Inverse(double lon1, double lat1, double lon2, double lat2)
    {
        Guard.InRange(lat1, -90, 90);
        Guard.InRange(lat2, -90, 90);
        Guard.Finite(lon1);
        Guard.Finite(lon2);
        var l = double.DegreesToRadians(Math.IEEERemainder(lon2 - lon1, 360));
        if (l == 0 && lat1 == lat2) return (0, 0);
        var (sinU1, cosU1) = Reduced(lat1);
        var (sinU2, cosU2) = Reduced(lat2);
        var lambda = l;
        for (var round = 0; round < 30; round++)
        {
            var (sinLambda, cosLambda) = Math.SinCos(lambda);
            double p = cosU2 * sinLambda, q = cosU1 * sinU2 - sinU1 * cosU2 * cosLambda;
            var sinSigma = Math.Sqrt(p * p + q * q);
            var cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosLambda;
            var sigma = Math.Atan2(sinSigma, cosSigma);
            var sinAlpha = sinSigma == 0 ? 0 : cosU1 * cosU2 * sinLambda / sinSigma;
            var cosSqAlpha = 1 - sinAlpha * sinAlpha;
            var cos2SigmaM = cosSqAlpha < 1e-15 ? 0 : cosSigma - 2 * sinU1 * sinU2 / cosSqAlpha;
            var next = l + LongitudeExcess(sinAlpha, cosSqAlpha, sigma, sinSigma, cosSigma, cos2SigmaM);
            // Beyond half a turn means that the iteration is running off: nearly opposite points.
            if (Math.Abs(next) > Math.PI) break;
            if (Math.Abs(next - lambda) < 1e-13)
                return (Length(cosSqAlpha, sigma, sinSigma, cosSigma, cos2SigmaM), Bearing(p, q));
            lambda = next;
        }

        return NearlyOpposite(sinU1, cosU1, sinU2, cosU2, l);
    }

    /// <summary>Where one arrives after a number of metres at an azimuth.</summary>
    /// <returns>Longitude continuous with the start (it may pass ±180), latitude in −90..90.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A latitude beyond ±90, a distance outside 0..20,000 km, or a number that is not finite.</exception>
    public static (double Lon, double Lat) Direct(double lon, double lat, double metres, double azimuth)
    {
        Guard.InRange(lat, -90, 90);
        Guard.Finite(lon);
        Guard.Finite(azimuth);
        Guard.InRange(metres, 0, 20_000_000);
        var (sinU1, cosU1) = Reduced(lat);
        var (sinAlpha1, cosAlpha1) = Math.SinCos(double.DegreesToRadians(azimuth));
        var sigma1 = Math.Atan2(sinU1, cosU1 * cosAlpha1);
        var sinAlpha = cosU1 * sinAlpha1;
        var cosSqAlpha = 1 - sinAlpha * sinAlpha;
        var (a, b) = Series(cosSqAlpha);
        var start = metres / (B * a);
        var sigma = start;
        double sinSigma, cosSigma, cos2SigmaM;
        for (var round = 0; ; round++)
        {
            (sinSigma, cosSigma) = Math.SinCos(sigma);
            cos2SigmaM = Math.Cos(2 * sigma1 + sigma);
            var next = start + DeltaSigma(b, sinSigma, cosSigma, cos2SigmaM);
            var done = Math.Abs(next - sigma) < 1e-14 || round == 30;
            sigma = next;
            if (done) break;
        }

        (sinSigma, cosSigma) = Math.SinCos(sigma);
        cos2SigmaM = Math.Cos(2 * sigma1 + sigma);
        var t = sinU1 * sinSigma - cosU1 * cosSigma * cosAlpha1;
        var phi = Math.Atan2(sinU1 * cosSigma + cosU1 * sinSigma * cosAlpha1, (1 - F) * Math.Sqrt(sinAlpha * sinAlpha + t * t));
        var lambda = Math.Atan2(sinSigma * sinAlpha1, cosU1 * cosSigma - sinU1 * sinSigma * cosAlpha1);
        var l = lambda - LongitudeExcess(sinAlpha, cosSqAlpha, sigma, sinSigma, cosSigma, cos2SigmaM);
        return (lon + double.RadiansToDegrees(l), double.RadiansToDegrees(phi));
    }

    private static (double Metres, double Azimuth) NearlyOpposite(double sinU1, double cosU1, double sinU2, double cosU2, double l)
    {
        // By symmetry: start from the point farther from the equator, in the south, and go east.
        var swapped = Math.Abs(sinU1) < Math.Abs(sinU2);
        if (swapped) (sinU1, cosU1, sinU2, cosU2) = (sinU2, cosU2, sinU1, cosU1);
        var mirrored = sinU1 > 0;
        if (mirrored) (sinU1, sinU2) = (-sinU1, -sinU2);
        var target = Math.Abs(l);

        double low = 0, high = Math.PI, azimuth1 = 0, azimuth2 = 0, metres = 0;
        for (var round = 0; round < 60; round++)
        {
            azimuth1 = (low + high) / 2;
            (var reached, metres, azimuth2) = Along(azimuth1, sinU1, cosU1, sinU2, cosU2);
            if (reached < target) low = azimuth1;
            else high = azimuth1;
        }

        var azimuth = swapped ? Math.PI - azimuth2 : azimuth1;
        // Mirroring at the equator turns north into south; swapping has already walked the line backwards.
        if (mirrored) azimuth = Math.PI - azimuth;
        // Along the equator north and south are equally short; the north it is.
        if (sinU1 == 0 && sinU2 == 0) azimuth = Math.PI / 2 - Math.Abs(azimuth - Math.PI / 2);
        if (l < 0) azimuth = -azimuth;
        return (metres, Degrees(azimuth));
    }

    /// <summary>Follows an azimuth from latitude 1 to where it next meets latitude 2: the longitude passed, metres, azimuth there.</summary>
    private static (double Longitude, double Metres, double Azimuth2) Along(double azimuth1, double sinU1, double cosU1, double sinU2, double cosU2)
    {
        var (sinAlpha1, cosAlpha1) = Math.SinCos(azimuth1);
        var sinAlpha = sinAlpha1 * cosU1;
        var cosSqAlpha = 1 - sinAlpha * sinAlpha;
        var cosAlpha2CosU2 = Math.Sqrt(Math.Max(0, cosAlpha1 * cosAlpha1 * cosU1 * cosU1 + (cosU2 - cosU1) * (cosU2 + cosU1)));
        var azimuth2 = Math.Atan2(sinAlpha, cosAlpha2CosU2);
        double sigma1 = Math.Atan2(sinU1, cosAlpha1 * cosU1), sigma2 = Math.Atan2(sinU2, cosAlpha2CosU2);
        var omega1 = Math.Atan2(sinAlpha * sinU1, cosAlpha1 * cosU1);
        var omega2 = Math.Atan2(sinAlpha * sinU2, cosAlpha2CosU2);
        var sigma = sigma2 - sigma1;
        var omega = omega2 - omega1;
        if (sigma < 0) sigma += 2 * Math.PI;
        if (omega < 0) omega += 2 * Math.PI;
        var (sinSigma, cosSigma) = Math.SinCos(sigma);
        var cos2SigmaM = Math.Cos(sigma1 + sigma2);
        return (omega - LongitudeExcess(sinAlpha, cosSqAlpha, sigma, sinSigma, cosSigma, cos2SigmaM),
            Length(cosSqAlpha, sigma, sinSigma, cosSigma, cos2SigmaM), azimuth2);
    }

    private static (double Sin, double Cos) Reduced(double lat)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(lat));
        if (Math.Abs(lat) == 90) return (Math.Sign(lat), 0);
        double s = (1 - F) * sin, norm = Math.Sqrt(s * s + cos * cos);
        return (s / norm, cos / norm);
    }

    private static double LongitudeExcess(double sinAlpha, double cosSqAlpha, double sigma, double sinSigma, double cosSigma, double cos2SigmaM)
    {
        var c = F / 16 * cosSqAlpha * (4 + F * (4 - 3 * cosSqAlpha));
        return (1 - c) * F * sinAlpha * (sigma + c * sinSigma * (cos2SigmaM + c * cosSigma * (2 * cos2SigmaM * cos2SigmaM - 1)));
    }

    private static double Length(double cosSqAlpha, double sigma, double sinSigma, double cosSigma, double cos2SigmaM)
    {
        var (a, b) = Series(cosSqAlpha);
        return B * a * (sigma - DeltaSigma(b, sinSigma, cosSigma, cos2SigmaM));
    }

    private static (double A, double B) Series(double cosSqAlpha)
    {
        var uSq = cosSqAlpha * (A * A - B * B) / (B * B);
        return (1 + uSq / 16384 * (4096 + uSq * (-768 + uSq * (320 - 175 * uSq))), uSq / 1024 * (256 + uSq * (-128 + uSq * (74 - 47 * uSq))));
    }

    private static double DeltaSigma(double b, double sinSigma, double cosSigma, double cos2SigmaM)
    {
        var square = cos2SigmaM * cos2SigmaM;
        return b * sinSigma * (cos2SigmaM + b / 4 * (cosSigma * (2 * square - 1)
            - b / 6 * cos2SigmaM * (4 * sinSigma * sinSigma - 3) * (4 * square - 3)));
    }

    private static double Bearing(double east, double north) => Degrees(Math.Atan2(east, north));

    private static double Degrees(double radians)
    {
        var degrees = double.RadiansToDegrees(radians);
        if (degrees < 0) degrees += 360;
        // −1e-15 + 360 is 360.
        return degrees < 360 ? degrees : 0;
    }
}
