using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>Places out of reach that lie together, along the network.</summary>
/// <remarks>
/// Two places belong together when the walk between them is at most the linking distance, and so on from one to the next (single linkage). Found exactly
/// by one search from all of them: the shortest links of a network's Voronoi cells hold a minimum spanning tree of its places (Mehlhorn 1988), so only
/// neighbours along an edge need be compared. Where an edge costs more one way than the other, the walk is that of the search outwards. Thread-safe.
/// </remarks>
public static class CoverageGaps
{
    /// <summary>Clusters places along the network.</summary>
    /// <param name="network">On which they lie.</param>
    /// <param name="places">Those off the network are clusters of their own.</param>
    /// <param name="linkMillimetres">0 to <see cref="RoadNetwork.Farthest"/>.</param>
    /// <returns>For each place the lowest index of its cluster.</returns>
    public static int[] Cluster(RoadNetwork network, ReadOnlySpan<EdgePoint> places, int linkMillimetres)
    {
        Guard.InRange(linkMillimetres, 0, RoadNetwork.Farthest);
        var parent = new int[places.Length];
        var sources = new WalkSource[places.Length];
        for (var i = 0; i < parent.Length; i++) (parent[i], sources[i]) = (i, new(places[i], i));
        var tree = new ShortestPathTree(network);
        // Neither end of a link within the limit is farther from its place than the whole limit.
        tree.Search(sources, linkMillimetres, Heading.From);
        var onEdge = new List<(int Edge, int Along, int Place)>();
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i].IsOnNetwork) onEdge.Add((places[i].Edge, (int)Math.Round(places[i].Fraction * Cost(network, places[i].Edge)), i));
        }

        onEdge.Sort();
        var edges = new HashSet<int>();
        foreach (var node in tree.Touched)
        {
            for (var arc = network.FirstArc(node); arc < network.FirstArc(node + 1); arc++) edges.Add(network.ArcEdge(arc));
        }

        foreach (var (edge, _, _) in onEdge) edges.Add(edge);
        var next = 0;
        var line = new List<(int Along, int Access, int Place)>();
        foreach (var edge in edges.Order())
        {
            line.Clear();
            ref readonly var ends = ref network.Edge(edge);
            if (tree.OriginOfNode(ends.From) is >= 0 and var left) line.Add((0, tree.ToNode(ends.From), left));
            while (next < onEdge.Count && onEdge[next].Edge < edge) next++;
            for (; next < onEdge.Count && onEdge[next].Edge == edge; next++) line.Add((onEdge[next].Along, places[onEdge[next].Place].AccessMillimetres, onEdge[next].Place));
            if (tree.OriginOfNode(ends.To) is >= 0 and var right) line.Add((Cost(network, edge), tree.ToNode(ends.To), right));
            Link(line);
        }

        for (var i = 0; i < parent.Length; i++) parent[i] = Root(i);
        return parent;

        // Each with the best before it, then each with the best behind it.
        void Link(List<(int Along, int Access, int Place)> on)
        {
            for (var turn = 0; turn < 2; turn++)
            {
                var best = (Reach: long.MaxValue, Place: -1);
                foreach (var (along, access, place) in on)
                {
                    if (best.Place >= 0 && best.Reach + along + access <= linkMillimetres) Join(best.Place, place);
                    if ((long)access - along < best.Reach) best = ((long)access - along, place);
                }

                var whole = on.Count == 0 ? 0 : on[^1].Along;
                on.Reverse();
                for (var i = 0; i < on.Count; i++) on[i] = on[i] with { Along = whole - on[i].Along };
            }
        }

        void Join(int a, int b)
        {
            var (one, other) = (Root(a), Root(b));
            if (one != other) parent[Math.Max(one, other)] = Math.Min(one, other);
        }

        int Root(int i)
        {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        }
    }

    private static int Cost(RoadNetwork network, int edge)
    {
        ref readonly var ends = ref network.Edge(edge);
        var cost = Math.Min(ends.Forward, ends.Backward);
        return cost == RoadNetwork.NoWay ? RoadNetwork.Farthest : cost;
    }
}
