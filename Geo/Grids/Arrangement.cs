using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>Cuts the plane up by borders and drawn lines, and says of each piece whose it is.</summary>
/// <remarks>
/// Pieces are the faces of the planar subdivision, found by walking with the face on the left (de Berg et al., Computational Geometry, ch. 2). Whose a piece
/// is follows from counting: crossing a border from its right to its left adds one for the owner to the left and takes one from the owner to the right,
/// beginning with nobody far outside. No point has to be located in a polygon, so thin pieces are as safe as wide ones.
/// </remarks>
internal sealed class Arrangement
{
    /// <summary>No owner, or none known.</summary>
    public const int Nobody = int.MinValue;

    private readonly List<Edge> edges = [];
    private readonly List<GridVertex> vertices = [];
    private int[][] leaving = [];   // half-edges by vertex, counterclockwise
    private int[] ringOf = [];      // by half-edge
    private readonly List<List<int>> rings = [];
    private readonly List<Int128> areas = [];
    private int[] pieceOfRing = [];

    /// <summary>A border piece after noding. Half-edge 2e runs from A to B, 2e + 1 back.</summary>
    private sealed record Edge(int A, int B, Dictionary<int, int> Winding, int FarLeft, int FarRight, int Tag);

    /// <summary>A piece of the plane: the owners that cover it, ascending; the unbounded piece is the first.</summary>
    public sealed record Piece(int[] Owners, Int128 DoubleArea, GridVertex Corner);

    public List<Piece> Pieces { get; } = [];

    /// <param name="segments">After <see cref="SegmentNoding"/>: they meet at ends only, equal ones may repeat.</param>
    public Arrangement(IReadOnlyList<NodedSegment> segments)
    {
        Merge(segments);
        Prune();
        Sort();
        Trace();
        Nest();
        Label();
    }

    /// <summary>How long pieces border on each other, in metres, by the pair of pieces, the lower first.</summary>
    public Dictionary<(int, int), double> Borders(LatticeScale scale)
    {
        var borders = new Dictionary<(int, int), double>();
        for (var e = 0; e < edges.Count; e++)
        {
            int a = PieceOf(2 * e), b = PieceOf(2 * e + 1);
            if (a == b) continue;
            var key = a < b ? (a, b) : (b, a);
            borders[key] = borders.GetValueOrDefault(key) + scale.Metres(vertices[edges[e].A], vertices[edges[e].B]);
        }

        return borders;
    }

    /// <summary>As <see cref="Borders"/>, by what runs along.</summary>
    public Dictionary<(int A, int B, int Tag), double> TaggedBorders(LatticeScale scale)
    {
        var borders = new Dictionary<(int, int, int), double>();
        for (var e = 0; e < edges.Count; e++)
        {
            int a = PieceOf(2 * e), b = PieceOf(2 * e + 1);
            if (a == b) continue;
            var key = (Math.Min(a, b), Math.Max(a, b), edges[e].Tag);
            borders[key] = borders.GetValueOrDefault(key) + scale.Metres(vertices[edges[e].A], vertices[edges[e].B]);
        }

        return borders;
    }

    /// <summary>The piece around a place that is on no border; 0 for the outside.</summary>
    public int Locate(GridVertex place, Envelope[] boxes)
    {
        var (found, size) = (0, (Int128)0);
        for (var r = 0; r < rings.Count; r++)
        {
            if (areas[r] <= 0 || (found > 0 && areas[r] >= size) || !boxes[pieceOfRing[r]].Contains(place.Lon, place.Lat) || !Contains(r, place)) continue;
            (found, size) = (pieceOfRing[r], areas[r]);
        }

        return found;
    }

    /// <summary>The borders that remain when each piece goes to a face.</summary>
    /// <param name="faceOf">By piece; <see cref="Nobody"/> for what was no part of the work: there the face known beyond the border stays.</param>
    public List<BorderEdge> Dissolve(int[] faceOf)
    {
        var remaining = new List<BorderEdge>();
        for (var e = 0; e < edges.Count; e++)
        {
            int left = faceOf[PieceOf(2 * e)], right = faceOf[PieceOf(2 * e + 1)];
            if (left == Nobody) left = edges[e].FarLeft == Nobody ? right == Nobody ? Nobody : ArcPartition.Outside : edges[e].FarLeft;
            if (right == Nobody) right = edges[e].FarRight == Nobody ? left == Nobody ? Nobody : ArcPartition.Outside : edges[e].FarRight;
            if (left != right) remaining.Add(new(vertices[edges[e].A], vertices[edges[e].B], left, right));
        }

        remaining.Sort((a, b) => a.From != b.From ? a.From.CompareTo(b.From) : a.To.CompareTo(b.To));
        return remaining;
    }

    /// <summary>The box of each bounded piece.</summary>
    public Envelope[] Boxes()
    {
        var boxes = Array.ConvertAll(Pieces.ToArray(), _ => new Envelope());
        for (var half = 0; half < edges.Count * 2; half++) boxes[PieceOf(half)].ExpandToInclude(vertices[Origin(half)].ToCoordinate());
        return boxes;
    }

    /// <summary>The outline of a bounded piece, the outer ring first.</summary>
    public IReadOnlyList<GridVertex[]> RingsOf(int piece) => [.. Enumerable.Range(0, rings.Count).Where(r => pieceOfRing[r] == piece).OrderByDescending(r => areas[r])
        .Select(r => rings[r].Select(half => vertices[Origin(half)]).Append(vertices[Origin(rings[r][0])]).ToArray())];

    private int PieceOf(int half) => pieceOfRing[ringOf[half]];

    private int Origin(int half) => (half & 1) == 0 ? edges[half >> 1].A : edges[half >> 1].B;

    private int Target(int half) => Origin(half ^ 1);

    private void Merge(IReadOnlyList<NodedSegment> segments)
    {
        var ids = new Dictionary<GridVertex, int>(segments.Count);
        var places = new Dictionary<(int, int), int>(segments.Count);
        foreach (var segment in segments)
        {
            if (segment.A == segment.B) continue;
            var forward = segment.A < segment.B;
            int a = Id(forward ? segment.A : segment.B), b = Id(forward ? segment.B : segment.A);
            var (farLeft, farRight) = forward ? (segment.FarLeft, segment.FarRight) : (segment.FarRight, segment.FarLeft);
            if (!places.TryGetValue((a, b), out var place))
            {
                places.Add((a, b), place = edges.Count);
                edges.Add(new(a, b, [], farLeft, farRight, segment.Tag));
            }
            else
            {
                var there = edges[place];
                edges[place] = there with { FarLeft = there.FarLeft == Nobody ? farLeft : there.FarLeft, FarRight = there.FarRight == Nobody ? farRight : there.FarRight, Tag = Math.Max(there.Tag, segment.Tag) };
            }

            var winding = edges[place].Winding;
            if (segment.Left != Nobody) Add(winding, segment.Left, forward ? 1 : -1);
            if (segment.Right != Nobody) Add(winding, segment.Right, forward ? -1 : 1);
        }

        int Id(GridVertex vertex)
        {
            if (ids.TryGetValue(vertex, out var id)) return id;
            ids.Add(vertex, id = vertices.Count);
            vertices.Add(vertex);
            return id;
        }

        static void Add(Dictionary<int, int> winding, int owner, int delta)
        {
            var sum = winding.GetValueOrDefault(owner) + delta;
            if (sum == 0) winding.Remove(owner);
            else winding[owner] = sum;
        }
    }

    /// <summary>Takes off the ends of lines that lead nowhere.</summary>
    private void Prune()
    {
        var degree = new int[vertices.Count];
        var at = new List<int>[vertices.Count];
        for (var e = 0; e < edges.Count; e++)
        {
            foreach (var v in (int[])[edges[e].A, edges[e].B])
            {
                degree[v]++;
                (at[v] ??= []).Add(e);
            }
        }

        var gone = new bool[edges.Count];
        var loose = new Stack<int>(Enumerable.Range(0, vertices.Count).Where(v => degree[v] == 1));
        while (loose.TryPop(out var v))
        {
            var e = at[v].FindIndex(i => !gone[i]);
            if (e < 0) continue;
            var edge = at[v][e];
            gone[edge] = true;
            var other = edges[edge].A == v ? edges[edge].B : edges[edge].A;
            degree[v]--;
            if (--degree[other] == 1) loose.Push(other);
        }

        var kept = 0;
        for (var e = 0; e < edges.Count; e++)
        {
            if (!gone[e]) edges[kept++] = edges[e];
        }

        edges.RemoveRange(kept, edges.Count - kept);
    }

    private void Sort()
    {
        var lists = new List<int>[vertices.Count];
        for (var half = 0; half < edges.Count * 2; half++) (lists[Origin(half)] ??= []).Add(half);
        leaving = Array.ConvertAll(lists, list => list?.ToArray() ?? []);
        for (var v = 0; v < leaving.Length; v++)
        {
            var centre = vertices[v];
            Array.Sort(leaving[v], (g, h) => ByAngle(centre, vertices[Target(g)], vertices[Target(h)]));
        }
    }

    private static int ByAngle(GridVertex centre, GridVertex a, GridVertex b)
    {
        bool upperA = a.Y > centre.Y || (a.Y == centre.Y && a.X > centre.X), upperB = b.Y > centre.Y || (b.Y == centre.Y && b.X > centre.X);
        if (upperA != upperB) return upperA ? -1 : 1;
        return -Math.Sign(GridVertex.Turn(centre, a, b));
    }

    private void Trace()
    {
        ringOf = new int[edges.Count * 2];
        Array.Fill(ringOf, -1);
        var rank = new int[edges.Count * 2];
        foreach (var list in leaving)
        {
            for (var i = 0; i < list.Length; i++) rank[list[i]] = i;
        }

        for (var start = 0; start < ringOf.Length; start++)
        {
            if (ringOf[start] >= 0) continue;
            var ring = new List<int>();
            var half = start;
            do
            {
                ringOf[half] = rings.Count;
                ring.Add(half);
                var around = leaving[Target(half)];
                // With the face on the left, go on along the edge that comes next clockwise from where we came.
                half = around[(rank[half ^ 1] + around.Length - 1) % around.Length];
            }
            while (half != start);
            Int128 area = 0;
            var first = vertices[Origin(ring[0])];
            foreach (var h in ring) area += GridVertex.Turn(first, vertices[Origin(h)], vertices[Target(h)]);
            rings.Add(ring);
            areas.Add(area);
        }
    }

    /// <summary>Each ring that turns left begins a piece; one that turns right is the outside of what hangs together, a hole in the piece around it.</summary>
    private void Nest()
    {
        pieceOfRing = new int[rings.Count];
        Pieces.Add(new([], 0, default));
        var bounded = new List<int>();
        for (var r = 0; r < rings.Count; r++)
        {
            if (areas[r] <= 0) continue;
            pieceOfRing[r] = Pieces.Count;
            Pieces.Add(new([], areas[r], vertices[Origin(rings[r][0])]));
            bounded.Add(r);
        }

        var component = Components();
        for (var r = 0; r < rings.Count; r++)
        {
            if (areas[r] > 0) continue;
            var vertex = Origin(rings[r][0]);
            var around = -1;
            foreach (var b in bounded)
            {
                if (component[Origin(rings[b][0])] == component[vertex] || (around >= 0 && areas[b] >= areas[around]) || !Contains(b, vertices[vertex])) continue;
                around = b;
            }

            pieceOfRing[r] = around < 0 ? 0 : pieceOfRing[around];
            var piece = pieceOfRing[r];
            Pieces[piece] = Pieces[piece] with { DoubleArea = Pieces[piece].DoubleArea + areas[r] };
        }
    }

    private bool Contains(int ring, GridVertex p)
    {
        var inside = false;
        foreach (var half in rings[ring])
        {
            GridVertex a = vertices[Origin(half)], b = vertices[Target(half)];
            if (a.Y > p.Y == b.Y > p.Y) continue;
            if (GridVertex.Turn(a, b, p) > 0 == b.Y > a.Y) inside = !inside;
        }

        return inside;
    }

    private int[] Components()
    {
        var root = Enumerable.Range(0, vertices.Count).ToArray();
        foreach (var edge in edges) root[Find(edge.A)] = Find(edge.B);
        for (var v = 0; v < root.Length; v++) root[v] = Find(v);
        return root;

        int Find(int v)
        {
            while (root[v] != v) v = root[v] = root[root[v]];
            return v;
        }
    }

    private void Label()
    {
        var across = new List<(int Half, int Piece)>[Pieces.Count];
        for (var half = 0; half < edges.Count * 2; half++) (across[PieceOf(half)] ??= []).Add((half, PieceOf(half ^ 1)));
        var counts = new Dictionary<int, int>?[Pieces.Count];
        counts[0] = [];
        var waiting = new Queue<int>();
        waiting.Enqueue(0);
        while (waiting.TryDequeue(out var piece))
        {
            foreach (var (half, other) in across[piece] ?? [])
            {
                if (counts[other] is not null) continue;
                // From the left of this half-edge to its right.
                var winding = new Dictionary<int, int>(counts[piece]!);
                var sign = (half & 1) == 0 ? -1 : 1;
                foreach (var (owner, delta) in edges[half >> 1].Winding) winding[owner] = winding.GetValueOrDefault(owner) + sign * delta;
                counts[other] = winding;
                waiting.Enqueue(other);
            }
        }

        for (var p = 0; p < Pieces.Count; p++)
        {
            if (counts[p] is { } winding) Pieces[p] = Pieces[p] with { Owners = [.. winding.Where(pair => pair.Value > 0).Select(pair => pair.Key).Order()] };
        }
    }
}
