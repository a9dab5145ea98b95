namespace GridMap.SampleCity.Numbers;

/// <summary>Smooth value noise in [-1, 1]: random heights on a square lattice, joined by a cubic ease.</summary>
internal sealed class Noise(ulong seed, double wavelengthMetres)
{
    public double At(Vec point)
    {
        var x = point.X / wavelengthMetres;
        var y = point.Y / wavelengthMetres;
        var column = (long)Math.Floor(x);
        var row = (long)Math.Floor(y);
        var fx = Ease(x - column);
        var fy = Ease(y - row);
        var south = Height(column, row) * (1 - fx) + Height(column + 1, row) * fx;
        var north = Height(column, row + 1) * (1 - fx) + Height(column + 1, row + 1) * fx;
        return south * (1 - fy) + north * fy;
    }

    private static double Ease(double t) => t * t * (3 - 2 * t);

    private double Height(long column, long row)
    {
        var bits = Pcg.Mix(unchecked(seed ^ Pcg.Mix((ulong)column * 0x9E3779B97F4A7C15UL + (ulong)row)));
        return (bits >> 11) * (2.0 / (1UL << 53)) - 1;
    }
}
