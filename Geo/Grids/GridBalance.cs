namespace GridMap.Geo.Grids;

/// <summary>What one grid carries.</summary>
/// <param name="Households">From 0.</param>
/// <param name="Load">Work in any one unit, e.g. incidents per week; from 0.</param>
/// <param name="Shape">Area and outline in metres.</param>
public readonly record struct GridLoad(double Households, double Load, GridShape Shape);

/// <summary>How evenly one number is spread over grids.</summary>
/// <param name="Mean">Sum / n.</param>
/// <param name="StandardDeviation">Of the population: √(Σ(x−mean)²/n), for the grids are all there are and no sample.</param>
/// <param name="CoefficientOfVariation">Standard deviation / mean; 0 when the mean is 0.</param>
/// <param name="Min">Smallest.</param>
/// <param name="Max">Largest.</param>
/// <param name="Gini">Mean absolute difference / (2·mean): 0 all equal, towards 1 all in one grid; 0 when the mean is 0.</param>
public readonly record struct Spread(double Mean, double StandardDeviation, double CoefficientOfVariation, double Min, double Max, double Gini)
{
    /// <summary>The spread of at least one number.</summary>
    /// <exception cref="ArgumentException">No number, or one below 0 or not finite.</exception>
    public static Spread Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("no values", nameof(values));
        var sorted = values.ToArray();
        Array.Sort(sorted);
        // NaN sorts first.
        if (!(sorted[0] >= 0) || !double.IsFinite(sorted[^1])) throw new ArgumentException("values must be finite and not below 0", nameof(values));
        double sum = 0, ranked = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            sum += sorted[i];
            ranked += (2.0 * (i + 1) - sorted.Length - 1) * sorted[i];
        }

        double mean = sum / sorted.Length, squares = 0;
        foreach (var value in sorted) squares += (value - mean) * (value - mean);
        var deviation = Math.Sqrt(squares / sorted.Length);
        return new(mean, deviation, mean > 0 ? deviation / mean : 0, sorted[0], sorted[^1], sum > 0 ? ranked / (sorted.Length * sum) : 0);
    }
}

/// <summary>How evenly grids are drawn.</summary>
/// <param name="Count">Grids.</param>
/// <param name="Households">Spread of households.</param>
/// <param name="SquareMetres">Spread of areas.</param>
/// <param name="Load">Spread of load.</param>
/// <param name="ShareInBand">Share of grids with households in the band, ends included: 0–1.</param>
/// <param name="BelowBand">Grids with fewer households.</param>
/// <param name="AboveBand">Grids with more: the mesh is too large there.</param>
/// <param name="MeanCompactness">Mean Polsby–Popper 4πA/P² over grids, 0–1.</param>
/// <param name="MinCompactness">The least compact grid's.</param>
public sealed record GridBalance(
    int Count, Spread Households, Spread SquareMetres, Spread Load, double ShareInBand, int BelowBand, int AboveBand, double MeanCompactness, double MinCompactness)
{
    /// <summary>Sums up at least one grid. The usual band of 300–500 households is custom, not law: it is the caller's to set.</summary>
    /// <exception cref="ArgumentException">No grid, a number below 0 or not finite, or a band that ends before it begins.</exception>
    public static GridBalance Of(IReadOnlyList<GridLoad> grids, double bandFrom = 300, double bandTo = 500)
    {
        if (grids.Count == 0) throw new ArgumentException("no grids", nameof(grids));
        if (!(bandFrom >= 0 && bandTo >= bandFrom)) throw new ArgumentException($"a band from {bandFrom} to {bandTo}", nameof(bandTo));
        double[] households = [.. grids.Select(g => g.Households)];
        return new(grids.Count,
            Spread.Of(households),
            Spread.Of([.. grids.Select(g => g.Shape.SquareMetres)]),
            Spread.Of([.. grids.Select(g => g.Load)]),
            households.Count(h => h >= bandFrom && h <= bandTo) / (double)grids.Count,
            households.Count(h => h < bandFrom),
            households.Count(h => h > bandTo),
            grids.Average(g => g.Shape.Compactness),
            grids.Min(g => g.Shape.Compactness));
    }
}
