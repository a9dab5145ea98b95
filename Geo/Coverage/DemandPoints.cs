using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>Places that people walk from, lying on a network: buildings, or cells with residents.</summary>
/// <remarks>
/// Grouped by edge, with the way to both ends of the edge reckoned beforehand, so that a whole city is answered in one pass over memory. Places are
/// known by their index in the caller's list. Those that no edge is near to (<see cref="EdgePoint.None"/>) are counted apart and never reached.
/// Immutable, thread-safe. 24 bytes a place and 4 an edge.
/// </remarks>
public sealed class DemandPoints
{
    private readonly int[] first;
    private readonly int[] index;
    private readonly int[] byFrom;
    private readonly int[] byTo;
    private readonly EdgePoint[] places;

    /// <param name="network">On which they lie.</param>
    /// <param name="places">Kept, not copied.</param>
    /// <param name="heading"><see cref="Heading.Towards"/>: they walk to the facilities; From: they are walked to.</param>
    /// <exception cref="ArgumentException">A place on an edge that is not there.</exception>
    public DemandPoints(RoadNetwork network, EdgePoint[] places, Heading heading = Heading.Towards)
    {
        (Network, this.places, Heading) = (network, places, heading);
        first = new int[network.Edges + 1];
        for (var i = 0; i < places.Length; i++)
        {
            var edge = places[i].Edge;
            if (edge >= network.Edges || places[i].AccessMillimetres < 0 || places[i].AccessMillimetres > RoadNetwork.Farthest)
                throw new ArgumentException($"place {i} is {places[i]}; the network has {network.Edges} edges", nameof(places));
            if (edge >= 0) first[edge + 1]++;
        }

        for (var edge = 0; edge < network.Edges; edge++) first[edge + 1] += first[edge];
        var next = first.AsSpan(0, network.Edges).ToArray();
        var count = first[^1];
        (index, byFrom, byTo) = (new int[count], new int[count], new int[count]);
        for (var i = 0; i < places.Length; i++)
        {
            var place = places[i];
            if (place.Edge < 0) continue;
            var at = next[place.Edge]++;
            ref readonly var edge = ref network.Edge(place.Edge);
            index[at] = i;
            byFrom[at] = Sum(heading == Heading.Towards ? edge.ToStart(place.Fraction) : edge.FromStart(place.Fraction), place.AccessMillimetres);
            byTo[at] = Sum(heading == Heading.Towards ? edge.ToEnd(place.Fraction) : edge.FromEnd(place.Fraction), place.AccessMillimetres);
        }

        static int Sum(int cost, int access) => cost == RoadNetwork.NoWay ? RoadNetwork.NoWay : cost + access;
    }

    public RoadNetwork Network { get; }

    public Heading Heading { get; }

    public int Count => places.Length;

    /// <summary>How many lie on the network; the others are a class of their own.</summary>
    public int OnNetwork => index.Length;

    public EdgePoint Place(int place) => places[place];

    public bool IsOnNetwork(int place) => places[place].IsOnNetwork;

    /// <summary>The positions of an edge's places run from <c>First(edge)</c> to <c>First(edge + 1) − 1</c>.</summary>
    internal int First(int edge) => first[edge];

    /// <summary>Which place stands at a position.</summary>
    internal int PlaceAt(int position) => index[position];

    /// <summary>The distance of a position's place in a tree that was searched with this heading, from the ends of its edge alone.</summary>
    internal (int Millimetres, int Label) Through(in ShortestPathTree.NodeState from, in ShortestPathTree.NodeState to, int position)
    {
        int viaFrom = byFrom[position], viaTo = byTo[position];
        var start = from.Distance == RoadNetwork.NoWay || viaFrom == RoadNetwork.NoWay ? long.MaxValue : (long)from.Distance + viaFrom;
        var end = to.Distance == RoadNetwork.NoWay || viaTo == RoadNetwork.NoWay ? long.MaxValue : (long)to.Distance + viaTo;
        var best = Math.Min(start, end);
        if (best > RoadNetwork.Farthest) return (RoadNetwork.NoWay, -1);
        return ((int)best, start == end ? Math.Min(from.Origin, to.Origin) : start < end ? from.Origin : to.Origin);
    }
}
