namespace GridMap.Geo.Hotspots;

/// <summary>How the weight of an event falls off with distance.</summary>
public enum KernelShape
{
    /// <summary>exp(−d²/2h²)/(2πh²); the bandwidth is the standard deviation, the support has no end.</summary>
    Gaussian,

    /// <summary>3(1−d²/h²)²/(πh²), also called biweight; the bandwidth is the radius beyond which nothing counts.</summary>
    Quartic,

    /// <summary>2(1−d²/h²)/(πh²).</summary>
    Epanechnikov,

    /// <summary>1/(πh²).</summary>
    Uniform,
}

/// <summary>A radial kernel in the plane whose volume is 1.</summary>
/// <remarks>
/// Distances in metres, densities per square metre. A Gaussian of bandwidth h is about as wide as a quartic of 3h: do not
/// compare pictures of two shapes with one bandwidth. Source: Silverman (1986), §4.2 (K₂ is the quartic).
/// </remarks>
public readonly record struct Kernel
{
    /// <exception cref="ArgumentOutOfRangeException">Bandwidth not above 0 and finite, or an unknown shape.</exception>
    public Kernel(KernelShape shape, double bandwidthMetres)
    {
        if (!Enum.IsDefined(shape)) throw new ArgumentOutOfRangeException(nameof(shape), shape, "unknown kernel");
        Shape = shape;
        BandwidthMetres = Guard.Positive(bandwidthMetres);
    }

    public KernelShape Shape { get; }

    public double BandwidthMetres { get; }

    /// <summary>Beyond this many metres the density is 0; infinite for the Gaussian.</summary>
    public double SupportMetres => Shape == KernelShape.Gaussian ? double.PositiveInfinity : BandwidthMetres;

    /// <summary>Density per square metre at a squared distance in square metres.</summary>
    public double DensityAtSquared(double squareMetres)
    {
        var square = BandwidthMetres * BandwidthMetres;
        var u = squareMetres / square;
        if (Shape == KernelShape.Gaussian) return Math.Exp(-0.5 * u) / (2 * Math.PI * square);
        if (!(u <= 1)) return 0;
        return Shape switch
        {
            KernelShape.Quartic => 3 / (Math.PI * square) * (1 - u) * (1 - u),
            KernelShape.Epanechnikov => 2 / (Math.PI * square) * (1 - u),
            _ => 1 / (Math.PI * square),
        };
    }
}
