namespace GridMap.SampleCity.Numbers;

/// <summary>A place on the 1e-7 degree lattice on which every vertex of the city lies: whole ten-millionths of a degree.</summary>
public readonly record struct Place(int Lon7, int Lat7)
{
    public double Lon => Lon7 / 1e7;
    public double Lat => Lat7 / 1e7;
}

/// <summary>A point or a direction in the drawing plane: metres east and north of the city's centre.</summary>
public readonly record struct Vec(double X, double Y)
{
    public double Length => Math.Sqrt(X * X + Y * Y);
    public Vec Unit => this * (1 / Length);

    /// <summary>Turned left by a quarter.</summary>
    public Vec Left => new(-Y, X);
    public double Dot(Vec other) => X * other.X + Y * other.Y;
    public double Cross(Vec other) => X * other.Y - Y * other.X;
    public double To(Vec other) => (other - this).Length;
    public static Vec operator +(Vec a, Vec b) => new(a.X + b.X, a.Y + b.Y);
    public static Vec operator -(Vec a, Vec b) => new(a.X - b.X, a.Y - b.Y);
    public static Vec operator *(Vec a, double factor) => new(a.X * factor, a.Y * factor);
    public static Vec FromAngle(double radians) => new(SteadyMath.Cos(radians), SteadyMath.Sin(radians));
}

/// <summary>
/// The drawing plane. Metres and degrees are in one fixed proportion, that of the GRS 80 ellipsoid at the city's latitude, so that a straight
/// line is straight in both; over a city this is within 0.2 % of true length, and nothing is measured here, only drawn.
/// </summary>
public static class CityPlane
{
    public const double CentreLon = 120.0;
    public const double CentreLat = 31.8;
    public const double MetresPerDegreeLon = 94697.68;
    public const double MetresPerDegreeLat = 110883.32;
    private const int CentreLon7 = 1_200_000_000;
    private const int CentreLat7 = 318_000_000;

    public static Place Snap(Vec point) => new(
        CentreLon7 + (int)Math.Round(point.X / MetresPerDegreeLon * 1e7),
        CentreLat7 + (int)Math.Round(point.Y / MetresPerDegreeLat * 1e7));

    public static Vec ToPlane(Place place) => new(
        (place.Lon7 - CentreLon7) / 1e7 * MetresPerDegreeLon,
        (place.Lat7 - CentreLat7) / 1e7 * MetresPerDegreeLat);
}
