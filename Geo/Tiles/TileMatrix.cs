using GridMap.Geo.Packed;

namespace GridMap.Geo.Tiles;

/// <summary>
/// One tile of WebMercatorQuad (OGC 17-083r4, annex D.1), and the way from steps of 1e-7 degree to its own units.
/// </summary>
/// <remarks>
/// Units run from 0 to <see cref="Extent"/> to the east and to the south; a position lands on the same spot of the world whichever tile's units say so, to a
/// rounding of 1e-6 unit: the projection is the spherical Mercator formula itself, or (within a tile of zoom 6 and above) its Taylor series about the tile's middle
/// to the seventh order, which differs from it by less than 1e-6 unit.
/// </remarks>
public sealed class TileMatrix
{
    public const int Extent = 4096;

    /// <summary>How far beyond its edges a tile's geometry reaches, units.</summary>
    public const int Buffer = 64;

    private const int MaxZoom = 30;
    private const double MaxLatitude = 85.05112877980659;

    private readonly double _scaleX, _west, _middleLat, _yMiddle, _near;
    private readonly double[]? _series;

    /// <param name="z">0–30.</param>
    /// <param name="x">Column from the west.</param>
    /// <param name="y">Row from the north.</param>
    public TileMatrix(int z, int x, int y)
    {
        if (z is < 0 or > MaxZoom || x < 0 || y < 0 || x >= 1L << z || y >= 1L << z) throw new ArgumentOutOfRangeException(nameof(z), "no such tile");
        (Z, X, Y) = (z, x, y);
        var tiles = (double)(1L << z);
        _scaleX = tiles * Extent / 3.6e9;
        _west = ((x / tiles * 360) - 180) * 1e7;
        if (z < 6) return;
        _middleLat = LatitudeOf((y + 0.5) / tiles) * Math.PI / 180;
        _yMiddle = Extent / 2.0;
        _near = 0.6 * (LatitudeOf(y / tiles) - LatitudeOf((y + 1) / tiles)) * Math.PI / 180;
        _series = Series(_middleLat, tiles * Extent / (2 * Math.PI));
    }

    public int Z { get; }

    public int X { get; }

    public int Y { get; }

    /// <summary>What can be seen in the tile or its buffer, as a box of steps (rounded outwards).</summary>
    public PackedBox Reach
    {
        get
        {
            var tiles = (double)(1L << Z);
            var margin = (double)Buffer / Extent;
            return new PackedBox(Step(((X - margin) / tiles * 360) - 180, Math.Floor), Step(LatitudeOf((Y + 1 + margin) / tiles), Math.Floor),
                Step(((X + 1 + margin) / tiles * 360) - 180, Math.Ceiling), Step(LatitudeOf((Y - margin) / tiles), Math.Ceiling));
        }
    }

    /// <summary>Units to the east of the tile's western edge.</summary>
    public double UnitsX(int step) => (step - _west) * _scaleX;

    /// <summary>Units to the south of the tile's northern edge.</summary>
    public double UnitsY(int step)
    {
        var d = (step * (Math.PI / 1.8e9)) - _middleLat;
        if (_series is not { } c || Math.Abs(d) > _near) return ((Mercator(step / 1e7) * (1L << Z)) - Y) * Extent;
        return _yMiddle + (d * (c[0] + (d * (c[1] + (d * (c[2] + (d * (c[3] + (d * (c[4] + (d * (c[5] + (d * c[6])))))))))))));
    }

    // 0 in the north to 1 in the south.
    private static double Mercator(double latitude)
    {
        var lat = Math.Clamp(latitude, -MaxLatitude, MaxLatitude) * Math.PI / 180;
        return (1 - (Math.Asinh(Math.Tan(lat)) / Math.PI)) / 2;
    }

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
