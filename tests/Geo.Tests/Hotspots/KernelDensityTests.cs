using System.Globalization;
using GridMap.Geo.Hotspots;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Hotspots;

public class KernelDensityTests
{
    [Theory]
    [InlineData(KernelShape.Gaussian)]
    [InlineData(KernelShape.Quartic)]
    [InlineData(KernelShape.Epanechnikov)]
    [InlineData(KernelShape.Uniform)]
    public void A_kernel_has_volume_one(KernelShape shape)
    {
        var kernel = new Kernel(shape, 250);
        const double step = 0.25;
        var volume = 0.0;
        for (var r = step / 2; r < 2500; r += step) volume += 2 * Math.PI * r * step * kernel.DensityAtSquared(r * r);
        volume.ShouldBe(1, 1e-5);
        kernel.DensityAtSquared(250.1 * 250.1).ShouldBe(shape == KernelShape.Gaussian ? kernel.DensityAtSquared(250.1 * 250.1) : 0);
    }

    [Theory]
    [InlineData(KernelShape.Gaussian, 1 / (2 * Math.PI))]
    [InlineData(KernelShape.Quartic, 3 / Math.PI)]
    [InlineData(KernelShape.Epanechnikov, 2 / Math.PI)]
    [InlineData(KernelShape.Uniform, 1 / Math.PI)]
    public void One_event_peaks_as_its_formula_says(KernelShape shape, double peakAtUnitBandwidth)
    {
        // 1 event, bandwidth 1 km: the peak per km² is the formula's value.
        KernelDensity.At(500, 500, [500], [500], [], new Kernel(shape, 1000)).ShouldBe(peakAtUnitBandwidth, 1e-12);
        var surface = KernelDensity.Estimate([500], [500], [], new Kernel(shape, 1000), new Lattice(-500, -500, 1000, 2, 2));
        surface[0, 0].ShouldBe(KernelDensity.At(0, 0, [500], [500], [], new Kernel(shape, 1000)), 1e-12);
    }

    [ReferenceFact]
    public void Gaussian_and_quartic_equal_the_direct_sums_computed_with_r()
    {
        var (xs, ys) = Pines();
        var lattice = new Lattice(0, 0, 1.0 / 64, 64, 64);
        var gauss = KernelDensity.Estimate(xs, ys, [], new Kernel(KernelShape.Gaussian, 0.1), lattice, DensityMethod.Exact);
        var quartic = KernelDensity.Estimate(xs, ys, [], new Kernel(KernelShape.Quartic, 0.3), lattice, DensityMethod.Exact);
        var binned = KernelDensity.Estimate(xs, ys, [], new Kernel(KernelShape.Gaussian, 0.1), lattice, DensityMethod.Binned);
        var max = gauss.Max();
        var count = 0;
        foreach (var row in Csv("kde/japanesepines_exact_gauss_quartic.csv"))
        {
            int column = (int)(row[0] * 64), line = (int)(row[1] * 64);
            (gauss[column, line] / 1e6).ShouldBe(row[2], 1e-9);
            (quartic[column, line] / 1e6).ShouldBe(row[3], 1e-9);
            // 6.4 cells of bandwidth; the reference allows 0.5 % of the maximum.
            Math.Abs(binned[column, line] / 1e6 - row[2]).ShouldBeLessThan(0.001 * max / 1e6);
            count++;
        }

        count.ShouldBe(4096);
        var places = 0;
        foreach (var row in Csv("kde/japanesepines_at_points.csv"))
        {
            // Leave-one-out plus the event's own peak: the sum over all events.
            var all = KernelDensity.At(row[0], row[1], xs, ys, [], new Kernel(KernelShape.Gaussian, 0.1)) / 1e6;
            all.ShouldBe(row[3] + 1 / (2 * Math.PI * 0.01), 1e-9);
            places++;
        }

        places.ShouldBeGreaterThan(50);
    }

    [Theory]
    [InlineData(2, 0.005)]
    [InlineData(4, 0.001)]
    [InlineData(8, 0.001)]
    [InlineData(16, 0.001)]
    public void Binned_gaussian_stays_within_its_promise(double sigmaCells, double promise)
    {
        var (xs, ys, weights) = Clusters(2000, 11);
        var lattice = new Lattice(0, 0, 25, 128, 96);
        var kernel = new Kernel(KernelShape.Gaussian, 25 * sigmaCells);
        Worst(xs, ys, weights, kernel, lattice).ShouldBeLessThan(promise);
    }

    [Theory]
    [InlineData(KernelShape.Quartic, 0.02)]
    [InlineData(KernelShape.Epanechnikov, 0.03)]
    public void Binned_compact_kernels_are_close_to_exact(KernelShape shape, double promise)
    {
        var (xs, ys, weights) = Clusters(2000, 12);
        Worst(xs, ys, weights, new Kernel(shape, 300), new Lattice(0, 0, 25, 128, 96)).ShouldBeLessThan(promise);
    }

    [Theory]
    [InlineData(KernelShape.Gaussian, DensityMethod.Exact)]
    [InlineData(KernelShape.Gaussian, DensityMethod.Binned)]
    [InlineData(KernelShape.Quartic, DensityMethod.Exact)]
    [InlineData(KernelShape.Quartic, DensityMethod.Binned)]
    [InlineData(KernelShape.Uniform, DensityMethod.Binned)]
    public void The_surface_holds_as_many_events_as_were_given(KernelShape shape, DensityMethod method)
    {
        var random = new Random(5);
        var xs = Enumerable.Range(0, 500).Select(_ => 4000 + random.NextDouble() * 2000).ToArray();
        var ys = Enumerable.Range(0, 500).Select(_ => 4000 + random.NextDouble() * 2000).ToArray();
        var weights = Enumerable.Range(0, 500).Select(i => i % 3 + 0.5).ToArray();
        // 4 km of room around, 9 bandwidths: nothing is cut.
        var surface = KernelDensity.Estimate(xs, ys, weights, new Kernel(shape, 400), new Lattice(0, 0, 50, 200, 200), method);
        surface.TotalEvents().ShouldBe(weights.Sum(), weights.Sum() * (method == DensityMethod.Binned ? 1e-9 : 1e-4));
    }

    [Theory]
    [InlineData(DensityMethod.Exact)]
    [InlineData(DensityMethod.Binned)]
    public void Events_outside_the_lattice_reach_in(DensityMethod method)
    {
        var kernel = new Kernel(KernelShape.Gaussian, 100);
        // On cell centres (outside: -30, 1030, …), so binning is exact but for its variance correction.
        double[] xs = [-30, 1030, 510, 510, -1e12, 1e300], ys = [510, 510, -130, 1130, 0, 0];
        var surface = KernelDensity.Estimate(xs, ys, [], kernel, new Lattice(0, 0, 20, 50, 50), method);
        foreach (var (column, row) in new[] { (0, 25), (49, 25), (25, 0), (25, 49) })
        {
            var exact = KernelDensity.At(surface.Lattice.CentreX(column), surface.Lattice.CentreY(row), xs.AsSpan(0, 4), ys.AsSpan(0, 4), [], kernel);
            surface[column, row].ShouldBe(exact, exact * 0.01);
        }
    }

    [Fact]
    public void No_events_give_zeros_and_bad_input_is_refused()
    {
        var kernel = new Kernel(KernelShape.Gaussian, 100);
        var lattice = new Lattice(0, 0, 10, 20, 20);
        foreach (var method in Enum.GetValues<DensityMethod>()) KernelDensity.Estimate([], [], [], kernel, lattice, method).Max().ShouldBe(0);
        Should.Throw<ArgumentException>(() => KernelDensity.Estimate([1], [], [], kernel, lattice));
        Should.Throw<ArgumentException>(() => KernelDensity.Estimate([double.NaN], [1], [], kernel, lattice));
        Should.Throw<ArgumentException>(() => KernelDensity.Estimate([1], [1], [-1], kernel, lattice));
        Should.Throw<ArgumentException>(() => KernelDensity.Estimate([1], [1], [1, 2], kernel, lattice));
        Should.Throw<ArgumentOutOfRangeException>(() => new Kernel(KernelShape.Gaussian, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new Kernel(KernelShape.Gaussian, double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => KernelDensity.Estimate([1], [1], [], default, lattice));
        Should.Throw<ArgumentOutOfRangeException>(() => KernelDensity.Estimate([1], [1], [], kernel, default));
        Should.Throw<ArgumentOutOfRangeException>(() => KernelDensity.Estimate([1], [1], [], new Kernel(KernelShape.Quartic, 1e6), lattice, DensityMethod.Binned));
        Should.Throw<ArgumentOutOfRangeException>(() => Lattice.Around(0, 0, 1e6, 1e6, 1));
        Lattice.Around(1, -1, 99, 101, 10).ShouldBe(new Lattice(0, -10, 10, 10, 12));
    }

    /// <summary>Largest difference between binned and exact, as a share of the maximum.</summary>
    private static double Worst(double[] xs, double[] ys, double[] weights, Kernel kernel, Lattice lattice)
    {
        var exact = KernelDensity.Estimate(xs, ys, weights, kernel, lattice, DensityMethod.Exact);
        var binned = KernelDensity.Estimate(xs, ys, weights, kernel, lattice, DensityMethod.Binned);
        var worst = 0.0;
        for (var i = 0; i < exact.Values.Length; i++) worst = Math.Max(worst, Math.Abs(exact.Values[i] - binned.Values[i]));
        return worst / exact.Max();
    }

    internal static (double[] Xs, double[] Ys, double[] Weights) Clusters(int count, int seed)
    {
        var random = new Random(seed);
        double[] xs = new double[count], ys = new double[count], weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            var centre = i % 7;
            xs[i] = 300 + centre * 400 + (random.NextDouble() + random.NextDouble() - 1) * 400;
            ys[i] = 400 + centre * centre * 40 + (random.NextDouble() + random.NextDouble() - 1) * 400;
            weights[i] = 1 + i % 3;
        }

        return (xs, ys, weights);
    }

    private static (double[] Xs, double[] Ys) Pines()
    {
        var rows = Csv("kde/japanesepines_points.csv").ToArray();
        rows.Length.ShouldBe(65);
        return (rows.Select(r => r[0]).ToArray(), rows.Select(r => r[1]).ToArray());
    }

    private static IEnumerable<double[]> Csv(string name) => File.ReadLines(ReferenceData.File(name)).Skip(1)
        .Select(line => line.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray());
}
