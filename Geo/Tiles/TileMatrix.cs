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
