namespace GridMap.Geo.Hotspots;

/// <summary>The plain sum over events; per square metre.</summary>
internal static class DirectDensity
{
    /// <summary>In standard deviations: exp(−9²/2) is 3e-18.</summary>
    public const double GaussianReach = 9;

    public static double[] Sum(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, ReadOnlySpan<double> weights, Kernel kernel, Lattice lattice)
    {
        var values = new double[lattice.CellCount];
        var gaussian = kernel.Shape == KernelShape.Gaussian;
        var reach = gaussian ? GaussianReach * kernel.BandwidthMetres : kernel.BandwidthMetres;
        var factors = gaussian ? new double[lattice.Columns] : [];
        for (var i = 0; i < xs.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            if (weight == 0) continue;
            var (left, right) = Range(xs[i], reach, lattice.OriginX, lattice.CellMetres, lattice.Columns);
            var (bottom, top) = Range(ys[i], reach, lattice.OriginY, lattice.CellMetres, lattice.Rows);
            if (left > right || bottom > top) continue;
            if (gaussian) AddGaussian(values, factors, xs[i], ys[i], weight, kernel.BandwidthMetres, lattice, left, right, bottom, top);
            else AddCompact(values, xs[i], ys[i], weight, kernel, lattice, left, right, bottom, top);
        }

        return values;
    }

    /// <summary>The cells whose centres lie within reach; an empty range has its end before its start.</summary>
    private static (int First, int Last) Range(double at, double reach, double origin, double cell, int count)
    {
        var first = Math.Ceiling((at - reach - origin) / cell - 0.5);
        var last = Math.Floor((at + reach - origin) / cell - 0.5);
        return ((int)Math.Clamp(first, 0, count), (int)Math.Clamp(last, -1, count - 1));
    }

    // A Gaussian is a product of one factor per axis: two rows of exponentials in place of one per cell.
    private static void AddGaussian(double[] values, double[] factors, double x, double y, double weight, double sigma, Lattice lattice,
        int left, int right, int bottom, int top)
    {
        var half = -0.5 / (sigma * sigma);
        var peak = weight / (2 * Math.PI * sigma * sigma);
        for (var column = left; column <= right; column++)
        {
            var dx = lattice.CentreX(column) - x;
            factors[column] = Math.Exp(half * dx * dx);
        }

        for (var row = bottom; row <= top; row++)
        {
            var dy = lattice.CentreY(row) - y;
            var scale = peak * Math.Exp(half * dy * dy);
            var target = values.AsSpan(row * lattice.Columns + left, right - left + 1);
            Rows.AddScaled(target, factors.AsSpan(left, target.Length), scale);
        }
    }

    private static void AddCompact(double[] values, double x, double y, double weight, Kernel kernel, Lattice lattice,
        int left, int right, int bottom, int top)
    {
        for (var row = bottom; row <= top; row++)
        {
            var dy = lattice.CentreY(row) - y;
            var start = row * lattice.Columns;
            for (var column = left; column <= right; column++)
            {
                var dx = lattice.CentreX(column) - x;
                values[start + column] += weight * kernel.DensityAtSquared(dx * dx + dy * dy);
            }
        }
    }
}
