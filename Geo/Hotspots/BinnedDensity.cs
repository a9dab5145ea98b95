namespace GridMap.Geo.Hotspots;

/// <summary>Density by linear binning and one smoothing of the whole lattice; per square metre.</summary>
/// <remarks>Linear binning after Jones and Lotwick (1984), Wand (1994).</remarks>
internal static class BinnedDensity
{
    /// <summary>In standard deviations; what lies beyond is 4e-5 of the peak, and its mass is given back by scaling the taps to 1.</summary>
    private const double GaussianReach = 4.5;

    // What follows from the promise to answer in about a second.
    public const int MaxGaussianCells = 1000;
    public const int MaxCompactCells = 100;

    public static double[] Smooth(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, ReadOnlySpan<double> weights, Kernel kernel, Lattice lattice)
    {
        var cell = lattice.CellMetres;
        var gaussian = kernel.Shape == KernelShape.Gaussian;
        var bandwidthCells = kernel.BandwidthMetres / cell;
        var most = gaussian ? MaxGaussianCells : MaxCompactCells;
        if (bandwidthCells > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(kernel), kernel.BandwidthMetres, $"a bandwidth of {bandwidthCells:F0} cells; at most {most}: choose larger cells");
        }

        var reach = (int)Math.Ceiling((gaussian ? GaussianReach : 1) * bandwidthCells);
        var pad = Padding(xs, ys, lattice, reach + 1);
        var bins = new double[(lattice.Columns + pad.Left + pad.Right) * (lattice.Rows + pad.Bottom + pad.Top)];
        Bin(bins, xs, ys, weights, lattice, pad);
        return gaussian ? Separable(bins, bandwidthCells, cell, lattice, pad, reach) : Stamp(bins, kernel, lattice, pad, reach);
    }

    private readonly record struct Pad(int Left, int Right, int Bottom, int Top);

    /// <summary>How many cells beyond each side hold an event that reaches in.</summary>
    private static Pad Padding(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, Lattice lattice, int reach)
    {
        double minX = lattice.OriginX, maxX = lattice.EndX, minY = lattice.OriginY, maxY = lattice.EndY, margin = reach * lattice.CellMetres;
        double lowX = minX, highX = maxX, lowY = minY, highY = maxY;
        for (var i = 0; i < xs.Length; i++)
        {
            double x = xs[i], y = ys[i];
            if (x < minX - margin || x > maxX + margin || y < minY - margin || y > maxY + margin) continue;
            lowX = Math.Min(lowX, x);
            highX = Math.Max(highX, x);
            lowY = Math.Min(lowY, y);
            highY = Math.Max(highY, y);
        }

        // One more, because an event in the outer half of a cell shares itself with the next cell out.
        int Cells(double metres) => Math.Min((int)Math.Ceiling(metres / lattice.CellMetres), reach) + 1;
        return new(Cells(minX - lowX), Cells(highX - maxX), Cells(minY - lowY), Cells(highY - maxY));
    }

    private static void Bin(double[] bins, ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, ReadOnlySpan<double> weights, Lattice lattice, Pad pad)
    {
        int columns = lattice.Columns + pad.Left + pad.Right, rows = lattice.Rows + pad.Bottom + pad.Top;
        double scale = 1 / lattice.CellMetres, shiftX = pad.Left - 0.5 - lattice.OriginX * scale, shiftY = pad.Bottom - 0.5 - lattice.OriginY * scale;
        for (var i = 0; i < xs.Length; i++)
        {
            double x = xs[i] * scale + shiftX, y = ys[i] * scale + shiftY;
            // Also false for what lies so far out that the integer would overflow.
            if (!(x >= 0 && y >= 0 && x < columns - 1 && y < rows - 1)) continue;
            int column = (int)x, row = (int)y;
            double fx = x - column, fy = y - row, weight = weights.IsEmpty ? 1 : weights[i];
            var at = row * columns + column;
            double upper = weight * fy, lower = weight - upper;
            bins[at] += lower * (1 - fx);
            bins[at + 1] += lower * fx;
            bins[at + columns] += upper * (1 - fx);
            bins[at + columns + 1] += upper * fx;
        }
    }

    private static double[] Separable(double[] bins, double sigmaCells, double cell, Lattice lattice, Pad pad, int reach)
    {
        var taps = Taps(sigmaCells, reach);
        int columns = lattice.Columns, padded = columns + pad.Left + pad.Right, rows = lattice.Rows + pad.Bottom + pad.Top;

        // West–east: only the lattice's own columns, but all rows, because the padding rows are needed for the second pass.
        var smoothed = new double[rows * columns];
        var line = new double[columns + 2 * reach];
        var from = Math.Max(0, reach - pad.Left);
        var source = Math.Max(0, pad.Left - reach);
        for (var row = 0; row < rows; row++)
        {
            var bin = bins.AsSpan(row * padded, padded);
            if (!bin.ContainsAnyExcept(0.0)) continue;
            bin.Slice(source, Math.Min(padded - source, line.Length - from)).CopyTo(line.AsSpan(from));
            Rows.Convolve(smoothed.AsSpan(row * columns, columns), line, taps, 1);
        }

        // South–north, with the taps that meet a row.
        var values = new double[lattice.CellCount];
        for (var row = 0; row < lattice.Rows; row++)
        {
            var first = row + pad.Bottom - reach;
            int low = Math.Max(0, -first), high = Math.Min(taps.Length, rows - first);
            Rows.Convolve(values.AsSpan(row * columns, columns), smoothed.AsSpan((first + low) * columns), taps.AsSpan(low, high - low), columns);
        }

        var perSquareMetre = 1 / (cell * cell);
        for (var i = 0; i < values.Length; i++) values[i] *= perSquareMetre;
        return values;
    }

    private static double[] Taps(double sigmaCells, int reach)
    {
        // Linear binning has already spread each event by 1/6 cell² on average over places within a cell.
        var variance = Math.Max(sigmaCells * sigmaCells - 1.0 / 6, 0.02);
        var taps = new double[2 * reach + 1];
        var sum = 0.0;
        for (var k = -reach; k <= reach; k++) sum += taps[k + reach] = Math.Exp(-k * (double)k / (2 * variance));
        for (var k = 0; k < taps.Length; k++) taps[k] /= sum;
        return taps;
    }

    private static double[] Stamp(double[] bins, Kernel kernel, Lattice lattice, Pad pad, int reach)
    {
        int columns = lattice.Columns, padded = columns + pad.Left + pad.Right, rows = lattice.Rows + pad.Bottom + pad.Top, size = 2 * reach + 1;
        var stamp = new double[size * size];
        var sum = 0.0;
        for (var dy = -reach; dy <= reach; dy++)
            for (var dx = -reach; dx <= reach; dx++)
                sum += stamp[(dy + reach) * size + dx + reach] = kernel.DensityAtSquared((dx * (double)dx + dy * (double)dy) * lattice.CellSquareMetres);
        // The sum over cell centres differs a little from the integral; the number of events must not.
        var correction = 1 / (sum * lattice.CellSquareMetres);
        for (var i = 0; i < stamp.Length; i++) stamp[i] *= correction;

        var values = new double[lattice.CellCount];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < padded; column++)
            {
                var weight = bins[row * padded + column];
                if (weight == 0) continue;
                int x = column - pad.Left, y = row - pad.Bottom;
                int left = Math.Max(0, x - reach), right = Math.Min(columns - 1, x + reach);
                if (left > right) continue;
                for (var to = Math.Max(0, y - reach); to <= Math.Min(lattice.Rows - 1, y + reach); to++)
                {
                    Rows.AddScaled(values.AsSpan(to * columns + left, right - left + 1),
                        stamp.AsSpan((to - y + reach) * size + left - x + reach, right - left + 1), weight);
                }
            }
        }

        return values;
    }
}
