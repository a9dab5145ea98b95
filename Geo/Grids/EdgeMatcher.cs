using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>A piece of border that nothing lies against: the owner is to its left.</summary>
internal readonly record struct UnmatchedEdge(Coordinate From, Coordinate To, int Owner);

/// <summary>Pairs directed edges with their reverses by exact equality, in flat arrays.</summary>
/// <remarks>
/// Vertices get ids by hash of their bits, edges are found by the pair of ids. Both hashes mix all bits: the usual
/// hash of two packed ids (high xor low) sends whole neighbourhoods into one bucket and takes minutes in place of milliseconds.
/// </remarks>
internal sealed class EdgeMatcher
{
    /// <summary>The owner of the parent's edges.</summary>
    public const int Parent = -1;

    private readonly int mask;
    private readonly int[] vertexSlots;
    private readonly double[] xs;
    private readonly double[] ys;
    private readonly int[] edgeSlots;
    private readonly int[] edgeFrom;
    private readonly int[] edgeTo;
    private readonly int[] edgeOwner;
    private readonly int[] edgeNext; // edges with the same two ends
    private readonly bool[] matched;
    private int vertexCount;
    private int edgeCount;

    public EdgeMatcher(int points)
    {
        var size = 16;
        while (size < 2 * points) size *= 2;
        mask = size - 1;
        vertexSlots = new int[size];
        edgeSlots = new int[size];
        xs = new double[points];
        ys = new double[points];
        edgeFrom = new int[points];
        edgeTo = new int[points];
        edgeOwner = new int[points];
        edgeNext = new int[points];
        matched = new bool[points];
    }

    /// <summary>Adds all edges with the polygon on their left, or, for the outside, on their right.</summary>
    public void Add(Polygon polygon, int owner, bool outside)
    {
        Add(polygon.Shell.CoordinateSequence, owner, counterclockwise: !outside);
        for (var i = 0; i < polygon.NumInteriorRings; i++) Add(polygon.Holes[i].CoordinateSequence, owner, counterclockwise: outside);
    }

    public List<UnmatchedEdge> Unmatched()
    {
        var rest = new List<UnmatchedEdge>();
        for (var i = 0; i < edgeCount; i++)
        {
            if (!matched[i]) rest.Add(new(new(xs[edgeFrom[i]], ys[edgeFrom[i]]), new(xs[edgeTo[i]], ys[edgeTo[i]]), edgeOwner[i]));
        }

        return rest;
    }

    private void Add(CoordinateSequence ring, int owner, bool counterclockwise)
    {
        var forward = (Area.OfRingSigned(ring) < 0) == counterclockwise;
        var previous = Vertex(ring, 0);
        for (var i = 1; i < ring.Count; i++)
        {
            var vertex = Vertex(ring, i);
            if (vertex != previous)
            {
                if (forward) Edge(previous, vertex, owner);
                else Edge(vertex, previous, owner);
            }

            previous = vertex;
        }
    }

    private int Vertex(CoordinateSequence ring, int index)
    {
        // + 0.0 makes one zero of the two.
        double x = ring.GetX(index) + 0.0, y = ring.GetY(index) + 0.0;
        var slot = (int)Mix((ulong)BitConverter.DoubleToInt64Bits(x) * 0x9E3779B97F4A7C15 ^ (ulong)BitConverter.DoubleToInt64Bits(y)) & mask;
        while (vertexSlots[slot] != 0)
        {
            var id = vertexSlots[slot] - 1;
            if (xs[id] == x && ys[id] == y) return id;
            slot = (slot + 1) & mask;
        }

        xs[vertexCount] = x;
        ys[vertexCount] = y;
        vertexSlots[slot] = ++vertexCount;
        return vertexCount - 1;
    }

    private void Edge(int from, int to, int owner)
    {
        int low = Math.Min(from, to), high = Math.Max(from, to);
        var slot = (int)Mix(((ulong)(uint)low << 32) | (uint)high) & mask;
        edgeFrom[edgeCount] = from;
        edgeTo[edgeCount] = to;
        edgeOwner[edgeCount] = owner;
        edgeNext[edgeCount] = -1;
        while (edgeSlots[slot] != 0)
        {
            var head = edgeSlots[slot] - 1;
            if (Math.Min(edgeFrom[head], edgeTo[head]) == low && Math.Max(edgeFrom[head], edgeTo[head]) == high)
            {
                // Cancel against one unmatched reverse, if there is one.
                for (var other = head; other >= 0; other = edgeNext[other])
                {
                    if (matched[other] || edgeFrom[other] != to) continue;
                    matched[other] = matched[edgeCount] = true;
                    break;
                }

                edgeNext[edgeCount] = edgeNext[head];
                edgeNext[head] = edgeCount++;
                return;
            }

            slot = (slot + 1) & mask;
        }

        edgeSlots[slot] = ++edgeCount;
    }

    // The finaliser of MurmurHash3 (Appleby).
    private static ulong Mix(ulong h)
    {
        h ^= h >> 33;
        h *= 0xFF51AFD7ED558CCD;
        h ^= h >> 33;
        h *= 0xC4CEB9FE1A85EC53;
        return h ^ (h >> 33);
    }
}
