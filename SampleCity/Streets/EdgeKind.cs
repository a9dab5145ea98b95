namespace GridMap.SampleCity.Streets;

/// <summary>What an edge of the street map is. The roads come first, widest first.</summary>
internal enum EdgeKind : byte { Ring, Arterial, Collector, Lane, Footpath, Boundary, RiverCentre, CanalCentre, RailCentre }

internal static class EdgeKinds
{
    public static bool IsRoad(this EdgeKind kind) => kind <= EdgeKind.Footpath;

    public static bool IsCentreLine(this EdgeKind kind) => kind >= EdgeKind.RiverCentre;

    /// <summary>Metres from the middle of the road to where the land beside it begins.</summary>
    public static double HalfWidth(this EdgeKind kind) => kind switch
    {
        EdgeKind.Ring => 26,
        EdgeKind.Arterial => 20,
        EdgeKind.Collector => 12,
        EdgeKind.Lane => 6,
        EdgeKind.Footpath => 3,
        _ => 4,
    };
}
