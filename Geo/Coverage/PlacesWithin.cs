using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>Who is within a walk of one facility after the other.</summary>
/// <remarks>One bounded search each and a look at the edges it reached. Not thread-safe; one a thread. Memory: a search tree.</remarks>
public sealed class PlacesWithin(DemandPoints demand)
{
    private readonly ShortestPathTree tree = new(demand.Network);
    private readonly bool[] isVisited = new bool[demand.Network.Edges];
    private readonly List<int> edges = [];

    /// <summary>The tree of the last question.</summary>
    public ShortestPathTree Tree => tree;

    /// <summary>Every place within the limit, with its millimetres; by edge, in the order of the search.</summary>
    /// <param name="at">Where the facility stands; off the network nobody is within.</param>
    /// <param name="limitMillimetres">0 to <see cref="RoadNetwork.Farthest"/>.</param>
    public List<(int Place, int Millimetres)> Find(EdgePoint at, int limitMillimetres)
    {
        var found = new List<(int, int)>();
        Each([new(at, 0)], limitMillimetres, (place, millimetres, _) => found.Add((place, millimetres)));
        return found;
    }

    /// <summary>Every place within the limit of any of the sources, with its millimetres and the label of the nearest.</summary>
    public void Each(ReadOnlySpan<WalkSource> sources, int limitMillimetres, Action<int, int, int> take)
    {
        tree.Search(sources, limitMillimetres, demand.Heading);
        foreach (var source in sources)
        {
            if (source.At.IsOnNetwork) Visit(source.At.Edge);
        }

        var network = demand.Network;
        foreach (var node in tree.Touched)
        {
            for (var arc = network.FirstArc(node); arc < network.FirstArc(node + 1); arc++) Visit(network.ArcEdge(arc));
        }

        foreach (var edge in edges)
        {
            isVisited[edge] = false;
            if (demand.First(edge) == demand.First(edge + 1)) continue;
            ref readonly var ends = ref network.Edge(edge);
            ref readonly var from = ref tree.States[ends.From];
            ref readonly var to = ref tree.States[ends.To];
            var hasSource = tree.HasSource(edge);
            for (var position = demand.First(edge); position < demand.First(edge + 1); position++)
            {
                var place = demand.PlaceAt(position);
                var (millimetres, label) = hasSource ? tree.To(demand.Place(place)) : demand.Through(from, to, position);
                if (millimetres <= limitMillimetres) take(place, millimetres, label);
            }
        }

        edges.Clear();
    }

    private void Visit(int edge)
    {
        if (isVisited[edge]) return;
        isVisited[edge] = true;
        edges.Add(edge);
    }
}
