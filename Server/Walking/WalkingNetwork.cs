namespace GridMap.Server.Walking;

/// <summary>What people walk on, in figures: a network in many parts, or many off it, tells that roads are missing or do not meet.</summary>
/// <param name="Version">Of the roads, buildings, facilities, cells and boundaries.</param>
/// <param name="Components">Parts between which there is no way.</param>
/// <param name="LargestPercent">Of the edges, those in the part with the most; null where there is none.</param>
/// <param name="BuildingsOffNetwork">With no road within <see cref="WalkingCity.ReachMetres"/>: of them nobody can say where they walk.</param>
/// <param name="FacilitiesOffNetwork">Likewise: they serve nobody.</param>
/// <param name="CellsOffNetwork">Of the population cells, likewise.</param>
public sealed record WalkingNetwork(
    string Version, int Edges, int Components, double? LargestPercent, int Buildings, int BuildingsOffNetwork, int Facilities, int FacilitiesOffNetwork, int Cells, int CellsOffNetwork)
{
    public static WalkingNetwork Of(WalkingCity city)
    {
        var network = city.Network;
        var edges = new int[network.Components];
        for (var edge = 0; edge < network.Edges; edge++) edges[network.ComponentOf(network.Edge(edge).From)]++;
        // Rounded down, so that it is 100 only where all is in one.
        return new(city.Version, network.Edges, network.Components, network.Edges == 0 ? null : Math.Floor(10_000.0 * edges.Max() / network.Edges) / 100,
            city.Buildings.Count, city.Buildings.At.Count(at => !at.IsOnNetwork), city.Facilities.Count, city.Facilities.Count(facility => !facility.At.IsOnNetwork),
            city.Cells?.Buildings.Count ?? 0, city.Cells?.Buildings.At.Count(at => !at.IsOnNetwork) ?? 0);
    }
}
