namespace GridMap.Geo.Roads;

/// <summary>How a road is walked.</summary>
/// <param name="ForwardFactor">Metres of effort for a metre along the line: 1 on the flat, more on steps, 0 where that direction is closed.</param>
/// <param name="BackwardFactor">The same against the line.</param>
/// <param name="Level">0 on the ground; bridges above, tunnels below. Roads meet in the middle of each other only on one level, at their ends on any.</param>
public readonly record struct RoadRule(double ForwardFactor = 1, double BackwardFactor = 1, int Level = 0)
{
    /// <summary>The highest factor.</summary>
    public const double MostFactor = 100;

    /// <summary>Levels from −31 to 31 are told apart.</summary>
    public const int MostLevel = 31;

    /// <summary>Walked both ways on the ground.</summary>
    public static readonly RoadRule Plain = new(1, 1, 0);

    internal void Check()
    {
        Guard.InRange(ForwardFactor, 0, MostFactor);
        Guard.InRange(BackwardFactor, 0, MostFactor);
        Guard.InRange(Level, -MostLevel, MostLevel);
    }
}
