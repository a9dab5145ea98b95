using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GridMap.Geo.Packed;

namespace GridMap.Geo.Tiles;

/// <summary>
/// One tile of a <see cref="TileMatrixSet"/>, and the way from steps of 1e-7 degree to its own units.
/// </summary>
/// <remarks>
/// Units run from 0 to <see cref="Extent"/> to the east and to the south; a position lands on the same spot of the world whichever tile's units say so, to a
/// rounding of 1e-6 unit: degrees times a factor in the latitude–longitude quads; in WebMercatorQuad the spherical Mercator formula itself, or (within a tile of zoom 6 and above) its Taylor series about the tile's middle
/// to the seventh order, which differs from it by less than 1e-6 unit.
/// </remarks>
public sealed class TileMatrix
{
    public const int Extent = 4096;

    /// <summary>How far beyond its edges a tile's geometry reaches, units.</summary>
    public const int Buffer = 64;

    internal const int MaxZoom = 29;

    /// <summary>How many positions are projected at a time.</summary>
    internal const int Lanes = 4;

    // 2^52 + 2^51: the last 32 bits of a small whole number added to it are that number, as a whole number of 32 bits.
    private const double Magic = 6755399441055744;

    private const double MaxLatitude = 85.05112877980659;

    private readonly double _scaleX, _west, _north, _middleLat, _yMiddle, _near;
    private readonly double[]? _series;

    /// <param name="set">How the world is cut.</param>
    /// <param name="z">0–29.</param>
    /// <param name="x">Column from the west.</param>
    /// <param name="y">Row from the north.</param>
    public TileMatrix(TileMatrixSet set, int z, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (!set.Has(z, x, y)) throw new ArgumentOutOfRangeException(nameof(z), "no such tile");
        (Set, Z, X, Y) = (set, z, x, y);
        var (columns, rows) = ((double)set.Columns(z), (double)set.Rows(z));
        _scaleX = columns * Extent / 3.6e9;
        _west = ((x / columns * 360) - 180) * 1e7;
        _north = (90 - (y / rows * 180)) * 1e7;
        if (!set.IsMercator || z < 6) return;
        _middleLat = LatitudeOf((y + 0.5) / rows) * Math.PI / 180;
        _yMiddle = Extent / 2.0;
        _near = 0.6 * (LatitudeOf(y / rows) - LatitudeOf((y + 1) / rows)) * Math.PI / 180;
        _series = Series(_middleLat, rows * Extent / (2 * Math.PI));
    }

    public TileMatrixSet Set { get; }

    public int Z { get; }

    public int X { get; }

    public int Y { get; }

    /// <summary>What can be seen in the tile or its buffer, as a box of steps (rounded outwards).</summary>
    public PackedBox Reach
    {
        get
        {
            var (columns, margin) = ((double)Set.Columns(Z), (double)Buffer / Extent);
            return new PackedBox(Step(((X - margin) / columns * 360) - 180, Math.Floor), Step(Latitude(Y + 1 + margin), Math.Floor),
                Step(((X + 1 + margin) / columns * 360) - 180, Math.Ceiling), Step(Latitude(Y - margin), Math.Ceiling));
        }
    }

    /// <summary>Units to the east of the tile's western edge.</summary>
    public double UnitsX(int step) => (step - _west) * _scaleX;

    /// <summary>Units to the south of the tile's northern edge.</summary>
    public double UnitsY(int step)
    {
        if (!Set.IsMercator) return (_north - step) * _scaleX;
        var d = (step * (Math.PI / 1.8e9)) - _middleLat;
        if (_series is not { } c || Math.Abs(d) > _near) return ((Mercator(step / 1e7) * (1L << Z)) - Y) * Extent;
        return _yMiddle + (d * (c[0] + (d * (c[1] + (d * (c[2] + (d * (c[3] + (d * (c[4] + (d * (c[5] + (d * c[6])))))))))))));
    }

    /// <summary>
    /// Turns positions in steps into units of this tile, each rounded to the lattice; and tells how far they reach. The arrays have room for <see cref="Lanes"/> more.
    /// </summary>
    /// <remarks>The same numbers as <see cref="UnitsX(int)"/> and <see cref="UnitsY(int)"/> give, four at a time. What is far away comes as near as 1e8 units.</remarks>
    internal TileBox Snap(int[] xs, int[] ys, int count, int lattice)
    {
        // The last one again fills up the last four.
        for (var i = count; i < count + Lanes - 1; i++) (xs[i], ys[i]) = (xs[count - 1], ys[count - 1]);
        ref int firstX = ref MemoryMarshal.GetArrayDataReference(xs), firstY = ref MemoryMarshal.GetArrayDataReference(ys);
        var (inverse, size) = (1.0 / lattice, Vector128.Create(lattice));
        Vector128<int> minX = Vector128.Create(int.MaxValue), minY = minX, maxX = Vector128.Create(int.MinValue), maxY = maxX;
        for (var i = 0; i < count; i += Lanes)
        {
            var x = Wide(Vector128.LoadUnsafe(ref firstX, (nuint)i));
            var y = Wide(Vector128.LoadUnsafe(ref firstY, (nuint)i));
            var (unitsX, unitsY) = (Snap((x - Vector256.Create(_west)) * _scaleX, inverse) * size, Snap(UnitsY(y, ref Unsafe.Add(ref firstY, i)), inverse) * size);
            unitsX.StoreUnsafe(ref firstX, (nuint)i);
            unitsY.StoreUnsafe(ref firstY, (nuint)i);
            (minX, maxX) = (Vector128.Min(minX, unitsX), Vector128.Max(maxX, unitsX));
            (minY, maxY) = (Vector128.Min(minY, unitsY), Vector128.Max(maxY, unitsY));
        }
        return new TileBox(Least(minX), Least(minY), -Least(-maxX), -Least(-maxY));
    }

    private Vector256<double> UnitsY(Vector256<double> steps, ref int first)
    {
        if (!Set.IsMercator) return (Vector256.Create(_north) - steps) * _scaleX;
        var d = (steps * (Math.PI / 1.8e9)) - Vector256.Create(_middleLat);
        if (_series is not { } c || Vector256.GreaterThanAny(Vector256.Abs(d), Vector256.Create(_near)))
            return Vector256.Create(UnitsY(first), UnitsY(Unsafe.Add(ref first, 1)), UnitsY(Unsafe.Add(ref first, 2)), UnitsY(Unsafe.Add(ref first, 3)));
        var sum = Vector256.Create(c[6]);
        for (var i = 5; i >= 0; i--) sum = Vector256.Create(c[i]) + (d * sum);
        return Vector256.Create(_yMiddle) + (d * sum);
    }

    // To the nearest whole number, halves upwards.
    private static Vector128<int> Snap(Vector256<double> units, double inverse)
    {
        var near = Vector256.Max(Vector256.Min(units, Vector256.Create(1e8)), Vector256.Create(-1e8));
        var whole = (Vector256.Floor((near * inverse) + Vector256.Create(0.5)) + Vector256.Create(Magic)).AsInt64();
        return Vector128.Narrow(whole.GetLower(), whole.GetUpper());
    }

    private static Vector256<double> Wide(Vector128<int> steps)
    {
        var (low, high) = Vector128.Widen(steps);
        return (Vector256.Create(low, high) + Vector256.Create(Magic).AsInt64()).AsDouble() - Vector256.Create(Magic);
    }

    private static int Least(Vector128<int> four) => Math.Min(Math.Min(four[0], four[1]), Math.Min(four[2], four[3]));

    // 0 in the north to 1 in the south.
    internal static double Mercator(double latitude)
    {
        var lat = Math.Clamp(latitude, -MaxLatitude, MaxLatitude) * Math.PI / 180;
        return (1 - (Math.Asinh(Math.Tan(lat)) / Math.PI)) / 2;
    }

    private double Latitude(double row) => Set.IsMercator ? LatitudeOf(row / Set.Rows(Z)) : 90 - (row / Set.Rows(Z) * 180);

    private static double LatitudeOf(double down) => Math.Atan(Math.Sinh(Math.PI * (1 - (2 * down)))) * 180 / Math.PI;

    private static int Step(double degrees, Func<double, double> round) => (int)Math.Clamp(round(degrees * 1e7), -2_100_000_000, 2_100_000_000);

    // The derivatives of asinh(tan φ) are those of the integral of sec φ: with s = sec φ and t = tan φ each is a polynomial of the two.
    private static double[] Series(double lat, double scale)
    {
        var (s, t) = (1 / Math.Cos(lat), Math.Tan(lat));
        var (s2, t2) = (s * s, t * t);
        double[] derivatives =
        [
            s,
            s * t,
            s * (t2 + s2),
            s * t * (t2 + (5 * s2)),
            s * ((t2 * t2) + (18 * t2 * s2) + (5 * s2 * s2)),
            s * t * ((t2 * t2) + (58 * t2 * s2) + (61 * s2 * s2)),
            s * ((t2 * t2 * t2) + (179 * t2 * t2 * s2) + (479 * t2 * s2 * s2) + (61 * s2 * s2 * s2)),
        ];
        var factorial = 1.0;
        for (var i = 0; i < derivatives.Length; i++)
        {
            factorial *= i + 1;
            derivatives[i] *= -scale / factorial;
        }
        return derivatives;
    }
}
