using System.Runtime.InteropServices;
using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Streets;

/// <summary>
/// A planar map as half-edges (de Berg et al., Computational Geometry, ch. 2). Half-edge h runs along edge h / 2; its twin is h ^ 1; its face
/// lies to its left. Every vertex is on the coordinate lattice from the moment it exists, and every polygon of the city is read off this one
/// map, so neighbours share their vertices exactly: there is nothing to snap afterwards.
/// </summary>
internal sealed class PlanarMap
{
    public const int Outside = 0;

    private struct Half
    {
        public int Origin, Next, Prev, Face;
    }

    private readonly List<Half> halves = [];
    private readonly List<EdgeKind> kinds = [];
    private readonly List<int> names = [];
    private readonly List<Place> places = [];
    private readonly List<Vec> points = [];
    private readonly List<int> degrees = [];
    private readonly List<int> faceStarts = [];
    private readonly Dictionary<Place, int> vertexAt = [];

    public int Halves => halves.Count;
    public int Edges => kinds.Count;
    public int Faces => faceStarts.Count;
    public int Vertices => places.Count;

    public int Origin(int half) => halves[half].Origin;
    public int Target(int half) => halves[half ^ 1].Origin;
    public int Next(int half) => halves[half].Next;
    public int Face(int half) => halves[half].Face;
    public int Start(int face) => faceStarts[face];
    public Vec Point(int vertex) => points[vertex];
    public Place PlaceOf(int vertex) => places[vertex];
    public int Degree(int vertex) => degrees[vertex];
    public EdgeKind Kind(int half) => kinds[half >> 1];
    public int Name(int half) => names[half >> 1];
    public void SetName(int half, int name) => names[half >> 1] = name;
    public void SetKind(int half, EdgeKind kind) => kinds[half >> 1] = kind;

    /// <summary>The half-edges around a face, in order; the face lies to their left.</summary>
    public List<int> Around(int face)
    {
        var around = new List<int>();
        var start = faceStarts[face];
        var half = start;
        do
        {
            around.Add(half);
            half = halves[half].Next;
        }
        while (half != start);
        return around;
    }

    public Vec[] Corners(int face)
    {
        var around = Around(face);
        var corners = new Vec[around.Count];
        for (var i = 0; i < corners.Length; i++) corners[i] = points[halves[around[i]].Origin];
        return corners;
    }

    /// <summary>Builds the map from edges that cross nowhere: at most one edge between two vertices, one connected piece, no loose ends.</summary>
    public static PlanarMap FromEdges(IReadOnlyList<(Place A, Place B, EdgeKind Kind, int Name)> edges)
    {
        var map = new PlanarMap();
        map.faceStarts.Add(-1);                                     // the outside
        foreach (var (a, b, kind, name) in edges)
            map.AddEdge(map.VertexAt(a), map.VertexAt(b), kind, name, Outside, Outside);
        map.LinkAroundVertices();
        map.TraceFaces();
        return map;
    }

    /// <summary>Puts a vertex on an edge; returns it. The half-edge keeps its origin and now ends in the new vertex.</summary>
    public int SplitEdge(int half, Vec where)
    {
        var place = CityPlane.Snap(where);
        if (vertexAt.TryGetValue(place, out var there))
            return there == Origin(half) || there == Target(half)
                ? there
                : throw new InvalidOperationException("The place is taken by a vertex of another edge.");
        var middle = VertexAt(place);
        var twin = half ^ 1;
        var target = halves[twin].Origin;
        // half: origin -> middle, far: middle -> target
        var far = AddEdge(middle, target, kinds[half >> 1], names[half >> 1], halves[half].Face, halves[twin].Face);
        degrees[target]--;                                          // AddEdge counted it again
        degrees[middle]++;
        var list = CollectionsMarshal.AsSpan(halves);
        list[twin].Origin = middle;
        Link(list, far, list[half].Next);
        Link(list, half, far);
        Link(list, list[twin].Prev, far ^ 1);
        Link(list, far ^ 1, twin);
        return middle;
    }

    /// <summary>
    /// Cuts a face along a line from the origin of one of its half-edges to the origin of another, by way of <paramref name="between"/>.
    /// The new face is to the left of the line; its number is returned.
    /// </summary>
    public int SplitFace(int from, int to, ReadOnlySpan<Vec> between, EdgeKind kind, int name)
    {
        var face = halves[from].Face;
        var added = faceStarts.Count;
        faceStarts.Add(-1);
        var beforeFrom = halves[from].Prev;
        var beforeTo = halves[to].Prev;
        var last = -1;
        var first = -1;
        var vertex = halves[from].Origin;
        for (var i = 0; i <= between.Length; i++)
        {
            int end;
            if (i == between.Length) end = halves[to].Origin;
            else
            {
                var place = CityPlane.Snap(between[i]);
                if (vertexAt.ContainsKey(place)) continue;
                end = VertexAt(place);
            }
            var half = AddEdge(vertex, end, kind, name, added, face);
            var list = CollectionsMarshal.AsSpan(halves);
            if (last >= 0)
            {
                Link(list, last, half);
                Link(list, half ^ 1, last ^ 1);
            }
            else first = half;
            last = half;
            vertex = end;
        }
        var all = CollectionsMarshal.AsSpan(halves);
        Link(all, beforeFrom, first);
        Link(all, last, to);
        Link(all, beforeTo, last ^ 1);
        Link(all, first ^ 1, from);
        faceStarts[added] = first;
        faceStarts[face] = first ^ 1;
        for (var half = all[first].Next; half != first; half = all[half].Next) all[half].Face = added;
        return added;
    }

    private static void Link(Span<Half> list, int half, int next)
    {
        list[half].Next = next;
        list[next].Prev = half;
    }

    private int VertexAt(Place place)
    {
        if (vertexAt.TryGetValue(place, out var vertex)) return vertex;
        vertex = places.Count;
        places.Add(place);
        points.Add(CityPlane.ToPlane(place));
        degrees.Add(0);
        vertexAt.Add(place, vertex);
        return vertex;
    }

    private int AddEdge(int a, int b, EdgeKind kind, int name, int left, int right)
    {
        var half = halves.Count;
        halves.Add(new Half { Origin = a, Next = half ^ 1, Prev = half ^ 1, Face = left });
        halves.Add(new Half { Origin = b, Next = half, Prev = half, Face = right });
        kinds.Add(kind);
        names.Add(name);
        degrees[a]++;
        degrees[b]++;
        return half;
    }

    private void LinkAroundVertices()
    {
        var leaving = new List<int>[places.Count];
        for (var half = 0; half < halves.Count; half++) (leaving[halves[half].Origin] ??= []).Add(half);
        var list = CollectionsMarshal.AsSpan(halves);
        foreach (var fan in leaving)
        {
            fan.Sort((a, b) => Angle(a).CompareTo(Angle(b)));       // counter-clockwise
            for (var i = 0; i < fan.Count; i++)
                Link(list, fan[(i + 1) % fan.Count] ^ 1, fan[i]);   // arriving by the next one round, leave by this one: the face is to the left
        }
    }

    private double Angle(int half)
    {
        var way = points[Target(half)] - points[Origin(half)];
        return SteadyMath.Atan2(way.Y, way.X);
    }

    private void TraceFaces()
    {
        var seen = new bool[halves.Count];
        for (var start = 0; start < halves.Count; start++)
        {
            if (seen[start]) continue;
            var twiceArea = 0.0;
            var half = start;
            do
            {
                seen[half] = true;
                twiceArea += points[Origin(half)].Cross(points[Target(half)]);
                half = halves[half].Next;
            }
            while (half != start);
            var face = Outside;
            if (twiceArea > 0)
            {
                face = faceStarts.Count;
                faceStarts.Add(start);
            }
            else if (faceStarts[Outside] < 0) faceStarts[Outside] = start;
            else throw new InvalidOperationException("The edges are not one connected piece.");
            var list = CollectionsMarshal.AsSpan(halves);
            do
            {
                list[half].Face = face;
                half = list[half].Next;
            }
            while (half != start);
        }
    }
}
