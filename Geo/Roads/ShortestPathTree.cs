using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GridMap.Geo.Roads;

/// <summary>Shortest ways from (or towards) one or many places over a network: a bounded search with many sources, kept for questions and small changes.</summary>
/// <remarks>
/// Dijkstra 1959 over buckets of distance (<see cref="NodeBuckets"/>). A source enters at both ends of its edge with its access leg; a target on a source's own edge
/// is reached along that edge where that is shorter. Every distance includes the access legs of both ends, in millimetres of walking, and never
/// exceeds the limit of the search. Ties go to the lower label, so the answer does not depend on the order of sources nor on the way it came about:
/// after <see cref="Insert"/> and <see cref="Remove"/> the tree equals a new search, and costs what they change. <see cref="Mark"/> and <see cref="GoBack"/>
/// try changes and take them back. A reset costs what was touched, not the size of the network. Memory: 16 bytes a node and 4 an edge. Not thread-safe; one
/// tree a thread.
/// </remarks>
public sealed class ShortestPathTree
{
    private readonly RoadNetwork network;
    private readonly NodeState[] state;
    private readonly int[] firstSource;
    private readonly List<int> touched = [];
    private readonly List<int> changed = [];
    private readonly List<(WalkSource Source, int Next)> sources = [];
    private readonly NodeBuckets queue = new();
    private readonly List<(int Node, NodeState State)> before = [];
    private readonly List<(WalkSource Source, int Next)> sourcesBefore = [];
    private bool isMarked;
    private int marked;
    private Heading heading;
    private int limit = RoadNetwork.Farthest;

    /// <param name="network">Kept; a tree of another network is another tree.</param>
    public ShortestPathTree(RoadNetwork network)
    {
        this.network = network;
        state = new NodeState[network.Nodes];
        firstSource = new int[network.Edges];
        Array.Fill(state, new() { Distance = RoadNetwork.NoWay, Origin = -1 });
        Array.Fill(firstSource, -1);
    }

    public RoadNetwork Network => network;

    /// <summary>Every node that is reached, in no order; after <see cref="Remove"/> also some that no longer are.</summary>
    public ReadOnlySpan<int> Touched => CollectionsMarshal.AsSpan(touched);

    /// <summary>Nodes whose distance or origin the last <see cref="Insert"/> or <see cref="Remove"/> may have changed; some more than once.</summary>
    public ReadOnlySpan<int> Changed => CollectionsMarshal.AsSpan(changed);

    /// <summary>What is known of a node; side by side, because they are read together.</summary>
    internal struct NodeState
    {
        /// <summary>NoWay where it was not reached.</summary>
        public int Distance;

        /// <summary>Label of its source; −1 where none ever came.</summary>
        public int Origin;

        /// <summary>The edge by which it was reached; −1 where a source enters.</summary>
        public int Via;
    }

    internal ReadOnlySpan<NodeState> States => state;

    internal IEnumerable<int> SourceEdges => sources.Select(source => source.Source.At.Edge);

    /// <summary>False only when no place of the edge can be reached.</summary>
    internal bool MayReach(int edge) =>
        firstSource[edge] >= 0 || state[network.Edge(edge).From].Distance != RoadNetwork.NoWay || state[network.Edge(edge).To].Distance != RoadNetwork.NoWay;

    internal bool HasSource(int edge) => firstSource[edge] >= 0;

    /// <summary>Of the last search.</summary>
    internal Heading Heading => heading;

    /// <summary>Millimetres to a node; <see cref="RoadNetwork.NoWay"/> when it was not reached.</summary>
    public int ToNode(int node) => state[node].Distance;

    /// <summary>The label of the source that a reached node belongs to; −1 for others.</summary>
    public int OriginOfNode(int node) => state[node].Distance == RoadNetwork.NoWay ? -1 : state[node].Origin;

    /// <summary>Forgets the last search and runs another.</summary>
    /// <param name="from">Where it begins; those that are not on the network are passed over.</param>
    /// <param name="limitMillimetres">0 to <see cref="RoadNetwork.Farthest"/>; what lies farther is not reached.</param>
    /// <param name="direction">From the sources or towards them.</param>
    public void Search(ReadOnlySpan<WalkSource> from, int limitMillimetres, Heading direction)
    {
        Guard.InRange(limitMillimetres, 0, RoadNetwork.Farthest);
        Reset();
        (limit, heading) = (limitMillimetres, direction);
        foreach (var source in from) Enter(source);
        Run();
        changed.Clear();
    }

    /// <summary>One more source.</summary>
    public void Insert(WalkSource source)
    {
        changed.Clear();
        Enter(source);
        Run();
    }

    /// <summary>Takes every source of a label away; what belonged to them goes to those that are left.</summary>
    public void Remove(int label)
    {
        changed.Clear();
        var left = new List<WalkSource>(sources.Count);
        foreach (var (source, _) in sources)
        {
            firstSource[source.At.Edge] = -1;
            if (source.Label != label)
            {
                left.Add(source);
                continue;
            }

            Empty(network.Edge(source.At.Edge).From, label);
            Empty(network.Edge(source.At.Edge).To, label);
        }

        // What belongs to a source hangs together: every way to it leads through nodes of its own.
        sources.Clear();
        for (var i = 0; i < changed.Count; i++)
        {
            for (var arc = network.FirstArc(changed[i]); arc < network.FirstArc(changed[i] + 1); arc++) Empty(network.ArcNode(arc), label);
        }

        // From the nodes around the hole, and from every source that is left, should its edge end in it.
        var arcs = network.Arcs(heading == Heading.From ? Heading.Towards : Heading.From);
        for (var i = changed.Count - 1; i >= 0; i--)
        {
            var node = changed[i];
            for (var arc = network.FirstArc(node); arc < network.FirstArc(node + 1); arc++)
            {
                var (other, cost) = arcs[arc];
                if (state[other].Distance != RoadNetwork.NoWay && cost != RoadNetwork.NoWay)
                    Relax(node, state[other].Distance + cost, state[other].Origin, network.ArcEdge(arc));
            }
        }

        foreach (var source in left) Enter(source);
        Run();
    }

    /// <summary>Begins a trial: <see cref="GoBack"/> brings back what holds now.</summary>
    public void Mark()
    {
        isMarked = true;
        marked = touched.Count;
        before.Clear();
        sourcesBefore.Clear();
        sourcesBefore.AddRange(sources);
    }

    /// <summary>Takes back all since <see cref="Mark"/>. Costs what it changed and a look at every source.</summary>
    /// <exception cref="InvalidOperationException">Nothing is marked.</exception>
    public void GoBack()
    {
        if (!isMarked) throw new InvalidOperationException("there is no mark to go back to");
        isMarked = false;
        for (var i = before.Count - 1; i >= 0; i--) state[before[i].Node] = before[i].State;
        before.Clear();
        touched.RemoveRange(marked, touched.Count - marked);
        foreach (var (source, _) in sources) firstSource[source.At.Edge] = -1;
        sources.Clear();
        sources.AddRange(sourcesBefore);
        for (var i = 0; i < sources.Count; i++) firstSource[sources[i].Source.At.Edge] = i;
        changed.Clear();
    }

    /// <summary>How far a place is, and from which source; (NoWay, −1) beyond the limit.</summary>
    public (int Millimetres, int Label) To(EdgePoint place) => To(place, limit);

    internal (int Millimetres, int Label) To(EdgePoint place, long most)
    {
        if (!place.IsOnNetwork) return (RoadNetwork.NoWay, -1);
        ref readonly var edge = ref network.Edge(place.Edge);
        var best = (Millimetres: RoadNetwork.NoWay, Label: -1);
        Take(edge.From, heading == Heading.From ? edge.FromStart(place.Fraction) : edge.ToStart(place.Fraction), ref best);
        Take(edge.To, heading == Heading.From ? edge.FromEnd(place.Fraction) : edge.ToEnd(place.Fraction), ref best);
        for (var i = firstSource[place.Edge]; i >= 0; i = sources[i].Next)
        {
            var (at, label) = sources[i].Source;
            var along = heading == Heading.From ? edge.Between(at.Fraction, place.Fraction) : edge.Between(place.Fraction, at.Fraction);
            if (along == RoadNetwork.NoWay) continue;
            var sum = along + at.AccessMillimetres;
            if (sum < best.Millimetres || (sum == best.Millimetres && label < best.Label)) best = (sum, label);
        }

        if (best.Label < 0) return best;
        var total = (long)best.Millimetres + place.AccessMillimetres;
        return total <= most ? ((int)total, best.Label) : (RoadNetwork.NoWay, -1);
    }

    /// <summary>The way between a place and its source in the direction walked, in the plane, from edge to edge without the access legs; null when there is none.</summary>
    public IReadOnlyList<(double X, double Y)>? RouteTo(EdgePoint place)
    {
        var (millimetres, label) = To(place);
        if (label < 0) return null;
        var rest = millimetres - place.AccessMillimetres;
        ref readonly var edge = ref network.Edge(place.Edge);
        var line = new List<(double X, double Y)>();
        foreach (var (source, _) in sources)
        {
            if (source.Label != label || source.At.Edge != place.Edge) continue;
            var along = heading == Heading.From ? edge.Between(source.At.Fraction, place.Fraction) : edge.Between(place.Fraction, source.At.Fraction);
            if (along == RoadNetwork.NoWay || along + source.At.AccessMillimetres != rest) continue;
            line.AddRange(network.Shapes.Stretch(place.Edge, place.Fraction, source.At.Fraction));
            return Walked(line);
        }

        var toFrom = heading == Heading.From ? edge.FromStart(place.Fraction) : edge.ToStart(place.Fraction);
        var byFrom = toFrom != RoadNetwork.NoWay && state[edge.From].Distance != RoadNetwork.NoWay && state[edge.From].Origin == label && state[edge.From].Distance + toFrom == rest;
        line.AddRange(network.Shapes.Stretch(place.Edge, place.Fraction, byFrom ? 0 : 1));
        var node = byFrom ? edge.From : edge.To;
        while (state[node].Via >= 0)
        {
            ref readonly var step = ref network.Edge(state[node].Via);
            // A loop is never on a shortest way, so the other end is another node.
            var end = step.From == node ? 1.0 : 0.0;
            line.AddRange(network.Shapes.Stretch(state[node].Via, 1 - end, end).Skip(1));
            node = end == 1 ? step.To : step.From;
        }

        foreach (var (source, _) in sources)
        {
            if (source.Label != label || EntersAt(source.At, node) is not { } end) continue;
            line.AddRange(network.Shapes.Stretch(source.At.Edge, end, source.At.Fraction).Skip(1));
            break;
        }

        return Walked(line);
    }

    /// <summary>By which end of its edge a source gives a node its distance: 0 for From, 1 for To.</summary>
    private double? EntersAt(EdgePoint at, int node)
    {
        ref readonly var edge = ref network.Edge(at.Edge);
        var rest = state[node].Distance - at.AccessMillimetres;
        if (edge.From == node && (heading == Heading.From ? edge.ToStart(at.Fraction) : edge.FromStart(at.Fraction)) == rest) return 0;
        if (edge.To == node && (heading == Heading.From ? edge.ToEnd(at.Fraction) : edge.FromEnd(at.Fraction)) == rest) return 1;
        return null;
    }

    private List<(double X, double Y)> Walked(List<(double X, double Y)> line)
    {
        if (line.Count == 1) line.Add(line[0]);
        if (heading == Heading.From) line.Reverse();
        return line;
    }

    private void Take(int node, int cost, ref (int Millimetres, int Label) best)
    {
        if (cost == RoadNetwork.NoWay || state[node].Distance == RoadNetwork.NoWay) return;
        var sum = state[node].Distance + cost;
        if (sum < best.Millimetres || (sum == best.Millimetres && state[node].Origin < best.Label)) best = (sum, state[node].Origin);
    }

    private void Enter(WalkSource source)
    {
        var (at, label) = source;
        Guard.InRange(label, 0, int.MaxValue);
        if (!at.IsOnNetwork || at.AccessMillimetres > limit) return;
        ref readonly var edge = ref network.Edge(at.Edge);
        sources.Add((source, firstSource[at.Edge]));
        firstSource[at.Edge] = sources.Count - 1;
        Begin(edge.From, heading == Heading.From ? edge.ToStart(at.Fraction) : edge.FromStart(at.Fraction));
        Begin(edge.To, heading == Heading.From ? edge.ToEnd(at.Fraction) : edge.FromEnd(at.Fraction));

        void Begin(int node, int cost)
        {
            if (cost != RoadNetwork.NoWay) Relax(node, cost + at.AccessMillimetres, label, -1);
        }
    }

    private void Empty(int node, int label)
    {
        ref var at = ref state[node];
        if (at.Distance == RoadNetwork.NoWay || at.Origin != label) return;
        if (isMarked) before.Add((node, at));
        at.Distance = RoadNetwork.NoWay;
        changed.Add(node);
    }

    private void Relax(int node, int millimetres, int label, int edge)
    {
        ref var at = ref state[node];
        if (millimetres > limit || millimetres > at.Distance || (millimetres == at.Distance && label >= at.Origin)) return;
        Note(node, at);
        (at.Distance, at.Origin, at.Via) = (millimetres, label, edge);
        queue.Push(millimetres, node);
    }

    // Before a node is reached anew. One that a removal has emptied keeps its origin and is among those touched.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(int node, in NodeState at)
    {
        if (at.Origin < 0) touched.Add(node);
        if (isMarked) before.Add((node, at));
    }

    private void Run()
    {
        var first = network.FirstArcs;
        var arcs = network.Arcs(heading);
        var edges = network.ArcEdges;
        while (queue.TryTake(out var reached, out var node))
        {
            if (reached != state[node].Distance) continue;
            changed.Add(node);
            var label = state[node].Origin;
            var end = first[node + 1];
            for (var arc = first[node]; arc < end; arc++)
            {
                var (other, cost) = arcs[arc];
                if (cost > limit - reached) continue;
                var sum = reached + cost;
                ref var at = ref state[other];
                if (sum > at.Distance || (sum == at.Distance && label >= at.Origin)) continue;
                Note(other, at);
                (at.Distance, at.Origin, at.Via) = (sum, label, edges[arc]);
                // Nothing lies behind a dead end.
                if (first[other + 1] - first[other] > 1) queue.Push(sum, other);
                else changed.Add(other);
            }
        }
    }

    private void Reset()
    {
        foreach (var node in touched) (state[node].Distance, state[node].Origin) = (RoadNetwork.NoWay, -1);
        (isMarked, marked) = (false, 0);
        before.Clear();
        foreach (var (source, _) in sources) firstSource[source.At.Edge] = -1;
        touched.Clear();
        sources.Clear();
        queue.Clear();
    }
}
