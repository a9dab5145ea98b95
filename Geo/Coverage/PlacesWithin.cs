using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>Takes what <see cref="PlacesWithin"/> finds, one place after the other.</summary>
internal interface IPlaceTaker
{
    void Take(int place, int millimetres, int label);
}

/// <summary>Who is within a walk of one facility after the other.</summary>
/// <remarks>
/// One bounded search each and a look at the edges around the nodes it reached: each edge at its lower end, or at the only one that was reached. Where a
/// search reaches much of the network, the nodes are taken in their own order, in which what belongs together lies together in memory. Not thread-safe; one a
/// thread. Memory: a search tree.
/// </remarks>
public sealed class PlacesWithin(DemandPoints demand)
{
    // From this share of the nodes on, passing over those that were not reached costs less than jumping.
    private const int DenseShare = 16;

    private readonly ShortestPathTree tree = new(demand.Network);

    /// <summary>The tree of the last question.</summary>
    public ShortestPathTree Tree => tree;

    /// <summary>Every place within the limit, with its millimetres; by edge, in no order that could be relied on.</summary>
    /// <param name="at">Where the facility stands; off the network nobody is within.</param>
    /// <param name="limitMillimetres">0 to <see cref="RoadNetwork.Farthest"/>.</param>
    public List<(int Place, int Millimetres)> Find(EdgePoint at, int limitMillimetres)
    {
        var found = new Listed([]);
        Each([new(at, 0)], limitMillimetres, ref found);
        return found.Places;
    }

    /// <summary>Every place within the limit of any of the sources, with its millimetres and the label of the nearest.</summary>
    public void Each(ReadOnlySpan<WalkSource> sources, int limitMillimetres, Action<int, int, int> take)
    {
        var told = new Told(take);
        Each(sources, limitMillimetres, ref told);
    }

    /// <summary>The same, for a taker that is made part of the loop.</summary>
    internal void Each<T>(ReadOnlySpan<WalkSource> sources, int limitMillimetres, ref T taker)
        where T : struct, IPlaceTaker
    {
        tree.Search(sources, limitMillimetres, demand.Heading);
        if (tree.Touched.Length > demand.Network.Nodes / DenseShare)
        {
            var states = tree.States;
            for (var node = 0; node < states.Length; node++)
            {
                if (states[node].Distance != RoadNetwork.NoWay) Around(node, limitMillimetres, ref taker);
            }
        }
        else
        {
            foreach (var node in tree.Touched) Around(node, limitMillimetres, ref taker);
        }

        // What lies on a source's own edge may be near although neither end of the edge is.
        for (var i = 0; i < sources.Length; i++)
        {
            var edge = sources[i].At.Edge;
            if (edge < 0 || IsReached(demand.Network.Edge(edge)) || IsOnEarlier(sources[..i], edge)) continue;
            OnSourceEdge(edge, limitMillimetres, ref taker);
        }
    }

    private static bool IsOnEarlier(ReadOnlySpan<WalkSource> sources, int edge)
    {
        foreach (var source in sources)
        {
            if (source.At.Edge == edge) return true;
        }

        return false;
    }

    private bool IsReached(in NetworkEdge edge) => tree.States[edge.From].Distance != RoadNetwork.NoWay || tree.States[edge.To].Distance != RoadNetwork.NoWay;

    private void Around<T>(int node, int limit, ref T taker)
        where T : struct, IPlaceTaker
    {
        var network = demand.Network;
        var states = tree.States;
        for (var arc = network.FirstArc(node); arc < network.FirstArc(node + 1); arc++)
        {
            var edge = network.ArcEdge(arc);
            int first = demand.First(edge), end = demand.First(edge + 1);
            if (first == end) continue;
            ref readonly var ends = ref network.Edge(edge);
            var other = ends.From == node ? ends.To : ends.From;
            // Looked at from its other end; a loop has both of its arcs here, side by side.
            if (other < node ? states[other].Distance != RoadNetwork.NoWay : other == node && arc > network.FirstArc(node) && network.ArcEdge(arc - 1) == edge) continue;
            if (tree.HasSource(edge))
            {
                OnSourceEdge(edge, limit, ref taker);
                continue;
            }

            ref readonly var from = ref states[ends.From];
            ref readonly var to = ref states[ends.To];
            for (var position = first; position < end; position++)
            {
                var (millimetres, label) = demand.Through(from, to, position);
                if (millimetres <= limit) taker.Take(demand.PlaceAt(position), millimetres, label);
            }
        }
    }

    private void OnSourceEdge<T>(int edge, int limit, ref T taker)
        where T : struct, IPlaceTaker
    {
        for (var position = demand.First(edge); position < demand.First(edge + 1); position++)
        {
            var place = demand.PlaceAt(position);
            var (millimetres, label) = tree.To(demand.Place(place));
            if (millimetres <= limit) taker.Take(place, millimetres, label);
        }
    }

    private readonly struct Listed(List<(int, int)> places) : IPlaceTaker
    {
        public List<(int Place, int Millimetres)> Places => places;

        public void Take(int place, int millimetres, int label) => places.Add((place, millimetres));
    }

    private readonly struct Told(Action<int, int, int> take) : IPlaceTaker
    {
        public void Take(int place, int millimetres, int label) => take(place, millimetres, label);
    }
}
