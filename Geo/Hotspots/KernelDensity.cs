namespace GridMap.Geo.Hotspots;

/// <summary>How a density is computed.</summary>
public enum DensityMethod
{
    /// <summary><see cref="Exact"/> as long as it is quick, else <see cref="Binned"/>.</summary>
    Auto,

    /// <summary>Every event is added to every cell in reach.</summary>
    Exact,

    /// <summary>Events are first shared out over the four nearest cell centres, then all cells are smoothed at once.</summary>
    Binned,
}

/// <summary>Kernel density of weighted events: how many per square kilometre, at the centre of each cell.</summary>
/// <remarks>
/// <para>Metric coordinates in, events per km² out; no edge correction: near the end of the data the density sinks, because
/// outside there are no events. Events outside the lattice count as far as the kernel reaches. Sum × cell area is the total
/// weight when no kernel is cut by the lattice's edge. No events: a surface of zeros. Results do not depend on threads.</para>
/// <para><see cref="DensityMethod.Exact"/> leaves out only what is below 1e-17 of a kernel's peak. <see cref="DensityMethod.Binned"/>
/// with a Gaussian differs from it, relative to the surface's maximum, by at most 0.5 % at a bandwidth of 2 cells and 0.1 % from 4 cells on (measured);
/// binning spreads each event by cell²/6 (variance), which is taken off the Gaussian beforehand. With bandwidth under 1 cell
/// a binned picture is only as sharp as its cells.</para>
/// <para>Cost: exact n × cells in reach; binned Gaussian n + cells × bandwidth in cells (1 M events on 512² below 150 ms); binned other shapes
/// filled cells × cells in reach.</para>
/// </remarks>
public static class KernelDensity
{
    // Cell visits that take about 20 ms.
    private const double QuickVisits = 2e7;

    /// <summary>The density on a lattice.</summary>
    /// <param name="xs">Metres east; finite.</param>
    /// <param name="ys">Metres north; finite; as many as xs.</param>
    /// <param name="weights">Events each point stands for, finite and not negative; empty for one each.</param>
    /// <param name="kernel">Shape and bandwidth.</param>
    /// <param name="lattice">Where to estimate.</param>
    /// <param name="method">How.</param>
    /// <exception cref="ArgumentException">Spans of different lengths, or a number that is not finite or a weight below 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Binned with a bandwidth above 1000 cells (Gaussian) or 100 cells (other shapes).</exception>
    public static Surface Estimate(
        ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, ReadOnlySpan<double> weights, Kernel kernel, Lattice lattice,
        DensityMethod method = DensityMethod.Auto)
    {
        lattice.Check();
        Guard.Positive(kernel.BandwidthMetres);
        Check(xs, ys, weights);
        if (method == DensityMethod.Auto)
        {
            var reach = kernel.Shape == KernelShape.Gaussian ? DirectDensity.GaussianReach * kernel.BandwidthMetres : kernel.BandwidthMetres;
            var across = 2 * reach / lattice.CellMetres + 1;
            var visits = xs.Length * Math.Min(across, lattice.Columns) * Math.Min(across, lattice.Rows);
            method = visits <= QuickVisits ? DensityMethod.Exact : DensityMethod.Binned;
        }

        var values = method == DensityMethod.Exact
            ? DirectDensity.Sum(xs, ys, weights, kernel, lattice)
            : BinnedDensity.Smooth(xs, ys, weights, kernel, lattice);
        for (var i = 0; i < values.Length; i++) values[i] *= 1e6;
        return new Surface(lattice, values);
    }

    /// <summary>The exact density at one place, per km².</summary>
    /// <exception cref="ArgumentException">As for <see cref="Estimate"/>.</exception>
    public static double At(double x, double y, ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, ReadOnlySpan<double> weights, Kernel kernel)
    {
        Guard.Finite(x);
        Guard.Finite(y);
        Guard.Positive(kernel.BandwidthMetres);
        Check(xs, ys, weights);
        var sum = 0.0;
        for (var i = 0; i < xs.Length; i++)
        {
            double dx = xs[i] - x, dy = ys[i] - y;
            sum += (weights.IsEmpty ? 1 : weights[i]) * kernel.DensityAtSquared(dx * dx + dy * dy);
        }

        return sum * 1e6;
    }

    private static void Check(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, ReadOnlySpan<double> weights)
    {
        if (xs.Length != ys.Length || (!weights.IsEmpty && weights.Length != xs.Length))
            throw new ArgumentException($"{xs.Length} xs, {ys.Length} ys and {weights.Length} weights do not belong together");
        for (var i = 0; i < xs.Length; i++)
        {
            if (!(double.IsFinite(xs[i]) && double.IsFinite(ys[i]))) throw new ArgumentException($"event {i} at ({xs[i]}, {ys[i]}) is not finite");
        }

        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i]))) throw new ArgumentException($"weight {i} is {weights[i]}; expected a finite number from 0");
        }
    }
}
