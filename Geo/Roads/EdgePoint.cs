namespace GridMap.Geo.Roads;

/// <summary>A place on the network: an edge, how far along it, and the way from the true place to the edge.</summary>
/// <param name="Edge">Index of the edge; −1 when the place lies beyond the reach of every edge.</param>
/// <param name="Fraction">0 at the edge's From, 1 at its To, by length.</param>
/// <param name="AccessMillimetres">From the place straight to the edge; walked at the same speed as the edge, and part of every distance.</param>
public readonly record struct EdgePoint(int Edge, double Fraction, int AccessMillimetres)
{
    /// <summary>Too far from any edge: a class of its own, neither covered nor uncovered.</summary>
    public static readonly EdgePoint None = new(-1, 0, 0);

    public bool IsOnNetwork => Edge >= 0;
}

/// <summary>Which way people walk.</summary>
public enum Heading
{
    /// <summary>From the sources outwards.</summary>
    From,

    /// <summary>From everywhere towards the sources; another answer only where an edge costs more one way than the other.</summary>
    Towards,
}

/// <summary>Where a search begins.</summary>
/// <param name="At">On the network.</param>
/// <param name="Label">Given back as the origin of what is reached; of two origins equally far the lower label wins. At least 0.</param>
public readonly record struct WalkSource(EdgePoint At, int Label);
