using NetTopologySuite.Geometries;

namespace GridMap.Geo.Hotspots;

/// <summary>The places where a surface lies in [<see cref="Low"/>, <see cref="High"/>).</summary>
/// <param name="Low">The level below.</param>
/// <param name="High">The level above; infinite for the topmost band.</param>
/// <param name="Area">In the surface's metric plane; may be empty.</param>
public sealed record ContourBand(double Low, double High, MultiPolygon Area);

/// <summary>Marching squares: polygons between levels.</summary>
/// <remarks>
/// Values are taken at cell centres, straight in between, and constant over the half cell to the lattice's edge, where
/// bands are closed. The bands of ascending levels tile the surface above the first level without overlap and share
/// their borders vertex by vertex. A saddle is decided by the mean of its four corners. Shells run counterclockwise, holes
/// clockwise. Not finite values count as below every level. Cost: one pass per band and a sort of its rings. Source: Lorensen
/// and Cline (1987) in two dimensions.
/// </remarks>
public static class Contours
{
    /// <summary>Bands between consecutive levels, and one above the last.</summary>
    /// <param name="surface">The values.</param>
    /// <param name="levels">1–64 levels, finite and rising.</param>
    /// <param name="minRingSquareMetres">Shells and holes smaller than this are left out; 0 keeps all.</param>
    /// <exception cref="ArgumentException">Levels missing, too many, not finite or not rising.</exception>
    public static IReadOnlyList<ContourBand> Bands(Surface surface, ReadOnlySpan<double> levels, double minRingSquareMetres = 0)
    {
        CheckLevels(levels);
        Guard.InRange(minRingSquareMetres, 0, double.MaxValue);
        var tracer = new ContourTracer(surface, levels[0], minRingSquareMetres);
        var bands = new List<ContourBand>(levels.Length);
        for (var i = 0; i < levels.Length; i++)
        {
            var high = i + 1 < levels.Length ? levels[i + 1] : double.PositiveInfinity;
            bands.Add(new(levels[i], high, tracer.Band(levels[i], high)));
        }

        return bands;
    }

    /// <summary>Everything at or above one level.</summary>
    /// <exception cref="ArgumentException">The level is not finite.</exception>
    public static MultiPolygon Above(Surface surface, double level, double minRingSquareMetres = 0)
    {
        CheckLevels([level]);
        Guard.InRange(minRingSquareMetres, 0, double.MaxValue);
        return new ContourTracer(surface, level, minRingSquareMetres).Band(level, double.PositiveInfinity);
    }

    /// <summary>Levels at equal steps: max·i/(count+1), i = 1..count. Empty when no value is above 0.</summary>
    public static double[] EqualLevels(Surface surface, int count)
    {
        Guard.InRange(count, 1, 64);
        var max = surface.Max();
        if (!(max > 0) || !double.IsFinite(max)) return [];
        var levels = new double[count];
        for (var i = 0; i < count; i++) levels[i] = max * (i + 1) / (count + 1);
        return levels;
    }

    /// <summary>
    /// Levels that cut the cells above <paramref name="floor"/> into count + 1 equally many; equal levels are merged, so that there may be
    /// fewer than asked for. Quantile by linear interpolation (type 7).
    /// </summary>
    /// <param name="surface">The values.</param>
    /// <param name="count">1–64.</param>
    /// <param name="floor">Cells at or below it are background and not counted.</param>
    public static double[] QuantileLevels(Surface surface, int count, double floor = 0)
    {
        Guard.InRange(count, 1, 64);
        Guard.Finite(floor);
        var values = new List<double>();
        foreach (var value in surface.Values)
        {
            if (value > floor && double.IsFinite(value)) values.Add(value);
        }

        if (values.Count == 0) return [];
        values.Sort();
        var levels = new List<double>(count);
        for (var i = 1; i <= count; i++)
        {
            var at = (values.Count - 1) * (double)i / (count + 1);
            var low = (int)at;
            var level = low + 1 < values.Count ? values[low] + (at - low) * (values[low + 1] - values[low]) : values[low];
            if (levels.Count == 0 || level > levels[^1]) levels.Add(level);
        }

        return [.. levels];
    }

    internal static void CheckLevels(ReadOnlySpan<double> levels)
    {
        if (levels.Length is < 1 or > 64) throw new ArgumentException($"{levels.Length} levels; 1 to 64 expected");
        for (var i = 0; i < levels.Length; i++)
        {
            if (!double.IsFinite(levels[i]) || (i > 0 && levels[i] <= levels[i - 1]))
                throw new ArgumentException($"level {i} is {levels[i]}; levels must be finite and rise");
        }
    }
}
