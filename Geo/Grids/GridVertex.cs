using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>A position on the lattice of 1e-7°, about 1 cm: two vertices are equal or they are not, there is no tolerance.</summary>
/// <param name="X">Longitude in 1e-7 degrees.</param>
/// <param name="Y">Latitude in 1e-7 degrees.</param>
public readonly record struct GridVertex(int X, int Y) : IComparable<GridVertex>
{
    private const double PerDegree = 1e7;

    public double Lon => X / PerDegree;

    public double Lat => Y / PerDegree;

    /// <summary>The lattice point nearest to a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a longitude and latitude, or NaN.</exception>
    public static GridVertex Nearest(double lon, double lat)
        => new((int)Math.Round(Guard.InRange(lon, -180, 180) * PerDegree), (int)Math.Round(Guard.InRange(lat, -90, 90) * PerDegree));

    /// <summary>The vertex at exactly this position, or null when it lies between lattice points, off the globe or is not finite.</summary>
    public static GridVertex? Exactly(double lon, double lat)
    {
        if (!(lon is >= -180 and <= 180 && lat is >= -90 and <= 90)) return null;
        var vertex = new GridVertex((int)Math.Round(lon * PerDegree), (int)Math.Round(lat * PerDegree));
        return vertex.Lon == lon && vertex.Lat == lat ? vertex : null;
    }

    public Coordinate ToCoordinate() => new(Lon, Lat);

    public int CompareTo(GridVertex other) => X != other.X ? X.CompareTo(other.X) : Y.CompareTo(other.Y);

    public override int GetHashCode()
    {
        // Neighbouring vertices differ in few bits: all of them must count.
        var h = ((ulong)(uint)X << 32 | (uint)Y) * 0x9E3779B97F4A7C15;
        return (int)((h ^ (h >> 29)) >> 16);
    }

    public static bool operator <(GridVertex a, GridVertex b) => a.CompareTo(b) < 0;

    public static bool operator >(GridVertex a, GridVertex b) => a.CompareTo(b) > 0;

    public static bool operator <=(GridVertex a, GridVertex b) => a.CompareTo(b) <= 0;

    public static bool operator >=(GridVertex a, GridVertex b) => a.CompareTo(b) >= 0;

    /// <summary>Twice the signed area of the triangle: above 0 when <paramref name="p"/> lies left of a→b. Exact while the three lie within 60° of each other.</summary>
    internal static long Turn(GridVertex a, GridVertex b, GridVertex p)
        => ((long)b.X - a.X) * ((long)p.Y - a.Y) - ((long)b.Y - a.Y) * ((long)p.X - a.X);

    /// <summary>Whether a vertex known to be on the line a–b lies strictly between its ends.</summary>
    internal static bool IsBetween(GridVertex a, GridVertex b, GridVertex p)
        => p != a && p != b && p.X >= Math.Min(a.X, b.X) && p.X <= Math.Max(a.X, b.X) && p.Y >= Math.Min(a.Y, b.Y) && p.Y <= Math.Max(a.Y, b.Y);
}
