using System.Runtime.InteropServices;
using GridMap.Geo.Projections;

namespace GridMap.Geo.Roads;

/// <summary>Makes a network out of lines of roads.</summary>
/// <remarks>
/// Vertices are equal when they are on the grid of 1e-7° (1 cm): there is no other tolerance, so what does not meet in the data does not meet here
/// (<see cref="RoadFaults"/> finds ends that just miss). Where the end of a road lies on the end of another they meet, on whatever levels; where a
/// road passes through a vertex of another (its end or its middle) they meet on the same level only, so that a bridge does not touch what runs under
/// it. Lines that cross without a common vertex meet only after <see cref="Mend"/>. A river, a railway, a wall is no edge and therefore a barrier.
/// Lengths are geodesic (<see cref="Geodesic"/>), summed over the vertices and rounded once per edge. Nodes are numbered along a Morton curve, so that
/// neighbours lie close in memory. Cost: linear in vertices, about 2 µs each. Not thread-safe.
/// </remarks>
public sealed class RoadNetworkBuilder(MetricPlane plane)
{
    /// <summary>Steps of 1e-7° to a degree.</summary>
    private const double Steps = 1e7;

    private readonly List<(long Road, RoadRule Rule, int First)> roads = [];
    private readonly List<Vertex> vertices = [];
    private readonly Dictionary<Vertex, Use> uses = [];

    /// <summary>How many roads were left out because they had no length.</summary>
    public int WithoutLength { get; private set; }

    /// <summary>Adds a road.</summary>
    /// <param name="road">Its identifier, given back by its edges.</param>
    /// <param name="lons">At least two.</param>
    /// <param name="lats">As many.</param>
    /// <param name="rule">How it is walked.</param>
    /// <exception cref="ArgumentException">Fewer than two vertices, lists of two lengths, not finite, or a rule out of range.</exception>
    public void Add(long road, ReadOnlySpan<double> lons, ReadOnlySpan<double> lats, RoadRule rule)
    {
        rule.Check();
        if (lons.Length != lats.Length || lons.Length < 2) throw new ArgumentException($"{lons.Length} longitudes and {lats.Length} latitudes; at least two each, and equally many");
        var first = vertices.Count;
        for (var i = 0; i < lons.Length; i++)
        {
            Guard.InRange(lons[i], -180, 180, nameof(lons));
            Guard.InRange(lats[i], -90, 90, nameof(lats));
            var vertex = new Vertex((int)Math.Round(lons[i] * Steps), (int)Math.Round(lats[i] * Steps));
            if (vertices.Count == first || vertices[^1] != vertex) vertices.Add(vertex);
        }

        if (vertices.Count < first + 2)
        {
            vertices.RemoveRange(first, vertices.Count - first);
            WithoutLength++;
            return;
        }

        roads.Add((road, rule, first));
        Note(first, rule);
    }

    /// <summary>
    /// Joins what careless drawing leaves apart: roads of one level that cross without a common vertex, and ends that stop at most so far from a road of their
    /// level. A vertex is put into the lines where they cross, and an end is drawn on to the foot of the other road; each is at most 1 cm beside the line.
    /// </summary>
    /// <param name="nearMetres">0 to 10; 0 joins crossings and ends that lie on a line.</param>
    /// <returns>How many crossings and how many ends were joined.</returns>
    /// <exception cref="ArgumentException">A place that the plane cannot show.</exception>
    public (int Crossings, int Ends) Mend(double nearMetres)
    {
        Guard.InRange(nearMetres, 0, 10);
        var (xs, ys) = Project();
        var noding = new RoadNoding(xs, ys, [.. roads.Select(road => road.First)], [.. roads.Select(road => road.Rule.Level)]);
        noding.Cross();
        noding.Reach(nearMetres, at => uses[vertices[at]].Count == 1);
        var (old, starts) = (vertices.ToArray(), roads.ToArray());
        roads.Clear();
        vertices.Clear();
        uses.Clear();
        for (var i = 0; i < starts.Length; i++)
        {
            var first = vertices.Count;
            var end = i + 1 < starts.Length ? starts[i + 1].First : old.Length;
            Draw(noding.Before(i));
            for (var at = starts[i].First; at < end; at++)
            {
                Put(old[at]);
                foreach (var place in noding.Behind(at)) Draw(place);
            }

            Draw(noding.After(i));
            roads.Add((starts[i].Road, starts[i].Rule, first));
            Note(first, starts[i].Rule);

            void Draw((double X, double Y)? place)
            {
                if (place is not { } at) return;
                var (lon, lat) = plane.ToLonLat(at.X, at.Y);
                Put(new((int)Math.Round(lon * Steps), (int)Math.Round(lat * Steps)));
            }

            void Put(Vertex vertex)
            {
                if (vertices.Count == first || vertices[^1] != vertex) vertices.Add(vertex);
            }
        }

        return (noding.Crossings, noding.Ends);
    }

    private void Note(int first, RoadRule rule)
    {
        var level = 1UL << (rule.Level + RoadRule.MostLevel);
        for (var i = first; i < vertices.Count; i++)
        {
            ref var use = ref CollectionsMarshal.GetValueRefOrAddDefault(uses, vertices[i], out _);
            use.Count++;
            if (i == first || i == vertices.Count - 1) use.Ends |= level;
            else if ((use.Middles & level) != 0) use.Meetings |= level;
            else use.Middles |= level;
        }
    }

    /// <summary>The network of all roads added so far.</summary>
    /// <exception cref="ArgumentException">A place that the plane cannot show, or an edge longer than <see cref="RoadNetwork.Farthest"/>.</exception>
    public RoadNetwork Build(long version = 0)
    {
        var (xs, ys) = Project();
        var nodes = Nodes(xs, ys);
        var edges = new List<NetworkEdge>(roads.Count);
        var first = new List<int>(roads.Count + 1) { 0 };
        var (shapeXs, shapeYs, metres) = (new List<double>(vertices.Count), new List<double>(vertices.Count), new List<double>(roads.Count));
        for (var i = 0; i < roads.Count; i++)
        {
            var (road, rule, start) = roads[i];
            var end = i + 1 < roads.Count ? roads[i + 1].First : vertices.Count;
            var level = 1UL << (rule.Level + RoadRule.MostLevel);
            var (from, length) = (uses[vertices[start]].Node, 0.0);
            Draw(start);
            for (var at = start + 1; at < end; at++)
            {
                length += Metres(vertices[at - 1], vertices[at]);
                Draw(at);
                var use = uses[vertices[at]];
                if (at < end - 1 && ((use.Ends | use.Meetings) & level) == 0) continue;
                edges.Add(new(from, use.Node, Cost(length, rule.ForwardFactor), Cost(length, rule.BackwardFactor), road, rule.Level));
                metres.Add(length);
                first.Add(shapeXs.Count);
                if (at == end - 1) break;
                (from, length) = (use.Node, 0);
                Draw(at);
            }
        }

        // Nodes are numbered along a curve; edges follow them, so that what is walked together lies together in memory.
        int[] order = [.. Enumerable.Range(0, edges.Count)];
        Array.Sort([.. edges.Select((edge, i) => ((long)Math.Min(edge.From, edge.To) << 32) | (uint)i)], order);
        var shapes = new EdgeShapes([.. first], [.. shapeXs], [.. shapeYs], [.. metres]).InOrder(order);
        return RoadNetwork.Create(nodes.Xs, nodes.Ys, [.. order.Select(i => edges[i])], shapes, version);

        void Draw(int at)
        {
            shapeXs.Add(xs[at]);
            shapeYs.Add(ys[at]);
        }
    }

    private (double[] Xs, double[] Ys) Project()
    {
        var (xs, ys) = (new double[vertices.Count], new double[vertices.Count]);
        for (var i = 0; i < xs.Length; i++)
        {
            (xs[i], ys[i]) = plane.ToMetres(vertices[i].Lon / Steps, vertices[i].Lat / Steps);
            if (!double.IsFinite(xs[i]) || !double.IsFinite(ys[i]))
                throw new ArgumentException($"{vertices[i].Lon / Steps}, {vertices[i].Lat / Steps} lies outside the plane {plane.Crs}");
        }

        return (xs, ys);
    }

    // Ends, and middles where two roads of one level meet.
    private (double[] Xs, double[] Ys) Nodes(double[] xs, double[] ys)
    {
        var found = new List<(ulong Morton, int Vertex)>();
        int west = int.MaxValue, south = int.MaxValue;
        foreach (var vertex in vertices) (west, south) = (Math.Min(west, vertex.Lon), Math.Min(south, vertex.Lat));
        for (var i = 0; i < vertices.Count; i++)
        {
            ref var use = ref CollectionsMarshal.GetValueRefOrNullRef(uses, vertices[i]);
            if ((use.Ends | use.Meetings) == 0 || use.Node == -1) continue;
            use.Node = -1;
            found.Add((Morton((uint)(vertices[i].Lon - (long)west), (uint)(vertices[i].Lat - (long)south)), i));
        }

        found.Sort();
        var (nodeXs, nodeYs) = (new double[found.Count], new double[found.Count]);
        for (var node = 0; node < found.Count; node++)
        {
            var vertex = found[node].Vertex;
            CollectionsMarshal.GetValueRefOrNullRef(uses, vertices[vertex]).Node = node;
            (nodeXs[node], nodeYs[node]) = (xs[vertex], ys[vertex]);
        }

        return (nodeXs, nodeYs);
    }

    private static double Metres(Vertex a, Vertex b) => Geodesic.Distance(a.Lon / Steps, a.Lat / Steps, b.Lon / Steps, b.Lat / Steps);

    private static int Cost(double metres, double factor)
    {
        if (factor == 0) return RoadNetwork.NoWay;
        var millimetres = Math.Round(metres * factor * 1000);
        return millimetres <= RoadNetwork.Farthest ? (int)millimetres : throw new ArgumentException($"an edge of {metres} m with factor {factor} is too long");
    }

    private static ulong Morton(uint x, uint y) => Spread(x) | (Spread(y) << 1);

    private static ulong Spread(uint value)
    {
        ulong bits = value;
        bits = (bits | (bits << 16)) & 0x0000FFFF0000FFFF;
        bits = (bits | (bits << 8)) & 0x00FF00FF00FF00FF;
        bits = (bits | (bits << 4)) & 0x0F0F0F0F0F0F0F0F;
        bits = (bits | (bits << 2)) & 0x3333333333333333;
        return (bits | (bits << 1)) & 0x5555555555555555;
    }

    private readonly record struct Vertex(int Lon, int Lat)
    {
        // The generated hash would send neighbours to neighbouring buckets in long runs.
        public override int GetHashCode() => (int)(((uint)Lon * 2654435769u) ^ (((uint)Lat * 2246822519u) >> 3));
    }

    private struct Use
    {
        public ulong Ends;
        public ulong Middles;
        public ulong Meetings;
        public int Count;
        public int Node;
    }
}
