namespace GridMap.Geo.Roads;

/// <summary>A network of edges between nodes, with what each edge costs either way, in integer millimetres of walking.</summary>
/// <remarks>
/// Immutable; made by <see cref="RoadNetworkBuilder"/> from lines, or by <see cref="Create"/> from a bare graph. Stored as compressed sparse rows:
/// the arcs of node v are <c>FirstArc(v) … FirstArc(v + 1) − 1</c>, one for each end of an edge at v, so an edge appears at both of its nodes.
/// A cost is the length times the factor of that direction (steps are slower), rounded to the millimetre; <see cref="NoWay"/> where that direction
/// is closed. Distances of searches are sums of such integers and therefore equal on every machine; against real numbers each edge is at most
/// 0.5 mm off. Parallel edges and loops are allowed. Thread-safe.
/// </remarks>
public sealed class RoadNetwork
{
    /// <summary>No way through, or never reached.</summary>
    public const int NoWay = int.MaxValue;

    /// <summary>The highest cost of an edge and the farthest a search goes: 1,073 km, so that two of them can be added.</summary>
    public const int Farthest = (1 << 30) - 1;

    private readonly int[] firstArc;
    private readonly Arc[] leaving;
    private readonly Arc[] arriving;
    private readonly int[] arcEdge;
    private readonly NetworkEdge[] edges;
    private readonly double[] nodeXs;
    private readonly double[] nodeYs;
    private readonly int[] component;

    private RoadNetwork(double[] nodeXs, double[] nodeYs, NetworkEdge[] edges, EdgeShapes shapes, long version)
    {
        (this.nodeXs, this.nodeYs, this.edges, Shapes, Version) = (nodeXs, nodeYs, edges, shapes, version);
        var nodes = nodeXs.Length;
        firstArc = new int[nodes + 1];
        foreach (var edge in edges)
        {
            firstArc[edge.From + 1]++;
            firstArc[edge.To + 1]++;
        }

        for (var node = 0; node < nodes; node++) firstArc[node + 1] += firstArc[node];
        leaving = new Arc[2 * edges.Length];
        arcEdge = new int[2 * edges.Length];
        // Where every edge costs the same both ways, one list serves both headings.
        arriving = edges.All(edge => edge.Forward == edge.Backward) ? leaving : new Arc[2 * edges.Length];
        var next = firstArc.AsSpan(0, nodes).ToArray();
        for (var i = 0; i < edges.Length; i++)
        {
            ref readonly var edge = ref edges[i];
            Put(next[edge.From]++, edge.To, i, edge.Forward, edge.Backward);
            Put(next[edge.To]++, edge.From, i, edge.Backward, edge.Forward);
        }

        (component, Components) = FindComponents();

        void Put(int arc, int node, int edge, int leave, int arrive) => (leaving[arc], arriving[arc], arcEdge[arc]) = (new(node, leave), new(node, arrive), edge);
    }

    /// <summary>Whatever its maker counts; results carry it.</summary>
    public long Version { get; }

    public int Nodes => nodeXs.Length;

    public int Edges => edges.Length;

    /// <summary>Parts without any edge between them, edges taken both ways; the largest (by nodes) is part 0.</summary>
    public int Components { get; }

    /// <summary>Whether some edge costs more in one direction than in the other; where none does, both headings give the same distances.</summary>
    public bool IsOneWay => !ReferenceEquals(leaving, arriving);

    /// <summary>The lines of the edges in the metric plane.</summary>
    public EdgeShapes Shapes { get; }

    internal ReadOnlySpan<NetworkEdge> AllEdges => edges;

    public ref readonly NetworkEdge Edge(int edge) => ref edges[edge];

    public (double X, double Y) Place(int node) => (nodeXs[node], nodeYs[node]);

    public int ComponentOf(int node) => component[node];

    /// <summary>How many edges end at a node; a loop counts twice.</summary>
    public int Degree(int node) => firstArc[node + 1] - firstArc[node];

    public int FirstArc(int node) => firstArc[node];

    /// <summary>The node at the other end of an arc.</summary>
    public int ArcNode(int arc) => leaving[arc].Node;

    public int ArcEdge(int arc) => arcEdge[arc];

    internal ReadOnlySpan<int> FirstArcs => firstArc;

    internal ReadOnlySpan<int> ArcEdges => arcEdge;

    /// <summary>The arcs for a search with this heading: costs of leaving the node, or of arriving there.</summary>
    internal ReadOnlySpan<Arc> Arcs(Heading heading) => heading == Heading.From ? leaving : arriving;

    /// <summary>A node as a place on one of its edges.</summary>
    /// <returns><see cref="EdgePoint.None"/> when no edge ends there.</returns>
    public EdgePoint AtNode(int node)
    {
        if (Degree(node) == 0) return EdgePoint.None;
        var edge = arcEdge[firstArc[node]];
        return new(edge, edges[edge].From == node ? 0 : 1, 0);
    }

    /// <summary>A network of a bare graph.</summary>
    /// <param name="nodeXs">East, metres.</param>
    /// <param name="nodeYs">North, metres.</param>
    /// <param name="edges">Between these nodes.</param>
    /// <param name="shapes">One line for each edge; null draws each edge straight.</param>
    /// <param name="version">Given back by <see cref="Version"/>.</param>
    /// <exception cref="ArgumentException">An edge names a node that is not there or has an impossible cost, or lengths of lists do not fit.</exception>
    public static RoadNetwork Create(double[] nodeXs, double[] nodeYs, NetworkEdge[] edges, EdgeShapes? shapes = null, long version = 0)
    {
        if (nodeXs.Length != nodeYs.Length) throw new ArgumentException($"{nodeXs.Length} xs and {nodeYs.Length} ys");
        for (var i = 0; i < edges.Length; i++)
        {
            var edge = edges[i];
            if ((uint)edge.From >= (uint)nodeXs.Length || (uint)edge.To >= (uint)nodeXs.Length || !IsCost(edge.Forward) || !IsCost(edge.Backward))
                throw new ArgumentException($"edge {i} is {edge}; nodes 0 to {nodeXs.Length - 1} and costs 0 to {Farthest} or NoWay are allowed", nameof(edges));
        }

        shapes ??= EdgeShapes.Straight(nodeXs, nodeYs, edges);
        if (shapes.Count != edges.Length) throw new ArgumentException($"{shapes.Count} lines for {edges.Length} edges", nameof(shapes));
        return new(nodeXs, nodeYs, edges, shapes, version);

        static bool IsCost(int cost) => cost is >= 0 and <= Farthest or NoWay;
    }

    private (int[] Component, int Count) FindComponents()
    {
        var part = new int[Nodes];
        Array.Fill(part, -1);
        var sizes = new List<int>();
        var stack = new Stack<int>();
        for (var start = 0; start < Nodes; start++)
        {
            if (part[start] >= 0) continue;
            var size = 0;
            part[start] = sizes.Count;
            stack.Push(start);
            while (stack.TryPop(out var node))
            {
                size++;
                for (var arc = firstArc[node]; arc < firstArc[node + 1]; arc++)
                {
                    if (part[leaving[arc].Node] >= 0) continue;
                    part[leaving[arc].Node] = sizes.Count;
                    stack.Push(leaving[arc].Node);
                }
            }

            sizes.Add(size);
        }

        var rank = new int[sizes.Count];
        var order = Enumerable.Range(0, sizes.Count).OrderByDescending(i => sizes[i]).ThenBy(i => i).ToArray();
        for (var i = 0; i < order.Length; i++) rank[order[i]] = i;
        for (var node = 0; node < part.Length; node++) part[node] = rank[part[node]];
        return (part, sizes.Count);
    }
}

/// <summary>One end of an edge at a node: the node at the other end, and what it costs to get there or to come from there.</summary>
internal readonly record struct Arc(int Node, int Cost);

/// <summary>An edge: its nodes, and what it costs to walk it from From to To and back, in millimetres of walking.</summary>
/// <param name="From">Index of a node.</param>
/// <param name="To">Index of a node.</param>
/// <param name="Forward">From to To; <see cref="RoadNetwork.NoWay"/> when closed.</param>
/// <param name="Backward">To to From; <see cref="RoadNetwork.NoWay"/> when closed.</param>
/// <param name="Road">Whose piece it is: the identifier that came in.</param>
/// <param name="Level">As in <see cref="RoadRule"/>; searches do not look at it.</param>
public readonly record struct NetworkEdge(int From, int To, int Forward, int Backward, long Road = 0, int Level = 0)
{
    /// <summary>From the edge's From to a place on it; 0 at the very node, even where the direction is closed.</summary>
    public int FromStart(double fraction) => fraction <= 0 ? 0 : Forward == RoadNetwork.NoWay ? RoadNetwork.NoWay : (int)Math.Round(fraction * Forward);

    /// <summary>From a place on the edge on to its To.</summary>
    public int ToEnd(double fraction) => fraction >= 1 ? 0 : Forward == RoadNetwork.NoWay ? RoadNetwork.NoWay : Forward - (int)Math.Round(fraction * Forward);

    /// <summary>From a place on the edge back to its From.</summary>
    public int ToStart(double fraction) => fraction <= 0 ? 0 : Backward == RoadNetwork.NoWay ? RoadNetwork.NoWay : (int)Math.Round(fraction * Backward);

    /// <summary>From the edge's To back to a place on it.</summary>
    public int FromEnd(double fraction) => fraction >= 1 ? 0 : Backward == RoadNetwork.NoWay ? RoadNetwork.NoWay : Backward - (int)Math.Round(fraction * Backward);

    /// <summary>Along the edge itself from one place on it to another.</summary>
    public int Between(double start, double end)
    {
        if (start == end) return 0;
        var cost = end > start ? Forward : Backward;
        return cost == RoadNetwork.NoWay ? RoadNetwork.NoWay : Math.Abs((int)Math.Round(end * cost) - (int)Math.Round(start * cost));
    }
}
