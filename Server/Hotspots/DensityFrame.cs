using GridMap.Geo.Hotspots;
using GridMap.Geo.Projections;
using GridMap.Server.Http;

namespace GridMap.Server.Hotspots;

/// <summary>Where a density is computed and how finely. The frame depends on the place asked for, never on the incidents, so that pictures of two periods lie on each other.</summary>
public static class DensityFrame
{
    public const int MostCells = 1_000_000;
    private const double UsualCells = 200_000;

    // A Gaussian has 1.1 % of its volume beyond three bandwidths and 0.03 % beyond four; the other kernels end at one.
    private const double GaussianReach = 4;

    // Work grows with the square of the cells under a kernel that is not separable.
    private const double MostCellsOfQuartic = 30, MostCellsOfGaussian = 1_000;

    public static double ReachMetres(Kernel kernel) => kernel.Shape == KernelShape.Gaussian ? GaussianReach * kernel.BandwidthMetres : kernel.BandwidthMetres;

    /// <param name="box">Degrees.</param>
    /// <param name="isWhole">The box is a whole area, so the surface goes on until it has sunk to nothing; else the box is cut where it was asked.</param>
    /// <exception cref="Refused">The box is empty in the plane, or has too many cells.</exception>
    public static Lattice Lattice(Bbox box, bool isWhole, Kernel kernel, double? cellMetres, MetricPlane plane)
    {
        var (minX, minY, maxX, maxY) = InPlane(box, plane);
        var margin = isWhole ? ReachMetres(kernel) : 0;
        (minX, minY, maxX, maxY) = (minX - margin, minY - margin, maxX + margin, maxY + margin);
        var (width, height) = (maxX - minX, maxY - minY);
        var finest = kernel.BandwidthMetres / (kernel.Shape == KernelShape.Gaussian ? MostCellsOfGaussian : MostCellsOfQuartic);
        var cell = cellMetres ?? Tidy(Math.Max(kernel.BandwidthMetres / 10, Math.Sqrt(width * height / UsualCells)));
        if (cell < finest) throw TooFine(finest);
        var (columns, rows) = (Math.Ceiling(width / cell) + 1, Math.Ceiling(height / cell) + 1);
        if (columns * rows > MostCells || columns > Geo.Hotspots.Lattice.MaxSide || rows > Geo.Hotspots.Lattice.MaxSide)
            throw TooFine(Tidy(Math.Max(Math.Sqrt(width * height / (MostCells * 0.99)), Math.Max(width, height) / (Geo.Hotspots.Lattice.MaxSide - 1))));
        return Geo.Hotspots.Lattice.Around(minX, minY, maxX, maxY, cell);

        Refused TooFine(double least) => Refused.Field("cellMetres", "surface.too-many-cells",
            $"at least {Math.Ceiling(least * 100) / 100} for a frame of {width / 1000:0.#} × {height / 1000:0.#} km and this bandwidth (at most {MostCells} cells)");
    }

    /// <summary>The box of a lattice, in degrees.</summary>
    public static Bbox Degrees(Lattice lattice, MetricPlane plane)
    {
        var box = new Bbox(double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var (x, y) in Border(lattice.OriginX, lattice.OriginY, lattice.EndX, lattice.EndY))
        {
            var (lon, lat) = plane.ToLonLat(x, y);
            box = new Bbox(Math.Min(box.West, lon), Math.Min(box.South, lat), Math.Max(box.East, lon), Math.Max(box.North, lat));
        }
        return box;
    }

    private static (double MinX, double MinY, double MaxX, double MaxY) InPlane(Bbox box, MetricPlane plane)
    {
        double minX = double.MaxValue, minY = double.MaxValue, maxX = double.MinValue, maxY = double.MinValue;
        foreach (var (lon, lat) in Border(box.West, box.South, box.East, box.North))
        {
            var (x, y) = plane.ToMetres(lon, lat);
            if (!double.IsFinite(x) || !double.IsFinite(y)) throw Refused.Field("bbox", "bbox.outside-the-plane", $"a box near the city ({plane.Crs} cannot show this one)");
            (minX, minY, maxX, maxY) = (Math.Min(minX, x), Math.Min(minY, y), Math.Max(maxX, x), Math.Max(maxY, y));
        }
        return (minX, minY, maxX, maxY);
    }

    // Straight borders bend when projected: their ends and points between show how far.
    private static IEnumerable<(double X, double Y)> Border(double minX, double minY, double maxX, double maxY)
    {
        const int steps = 16;
        for (var i = 0; i <= steps; i++)
        {
            double x = minX + ((maxX - minX) * i / steps), y = minY + ((maxY - minY) * i / steps);
            yield return (x, minY);
            yield return (x, maxY);
            yield return (minX, y);
            yield return (maxX, y);
        }
    }

    // 1, 2, 5 or 10 times a power of ten, upwards: people read it.
    private static double Tidy(double metres)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(metres)));
        foreach (var step in new[] { 1, 2, 2.5, 5 })
        {
            if (step * power >= metres) return step * power;
        }
        return 10 * power;
    }
}
