namespace GridMap.Geo.Grids;

/// <summary>Visvalingam–Whyatt on arcs: the vertex with the smallest triangle goes first, unless something lies in the triangle.</summary>
/// <remarks>
/// A triangle of a vertex and its neighbours that holds no other vertex of the two grids can be cut off without crossing anything; vertices that have gone
/// already still count, which errs on the safe side. n log n besides the look-ups.
/// </remarks>
internal sealed class ArcSimplification
{
    private readonly ArcPartition partition;
    private readonly IReadOnlyList<Arc> arcs;
    private readonly double toleranceSquareMetres;
    private readonly GridVertex[] obstacles; // by x
    private readonly HashSet<(GridVertex, GridVertex)> straight = [];

    public ArcSimplification(ArcPartition partition, IReadOnlyList<Arc> arcs, double toleranceSquareMetres)
    {
        (this.partition, this.arcs, this.toleranceSquareMetres) = (partition, arcs, toleranceSquareMetres);
        var near = arcs.SelectMany(arc => (int[])[arc.Left, arc.Right]).Where(face => face >= 0).Distinct().SelectMany(partition.ArcsOf).DistinctBy(arc => arc.Id).ToArray();
        obstacles = [.. near.SelectMany(arc => arc.Copy()).Distinct()];
        Array.Sort(obstacles);
        foreach (var arc in near.Where(arc => arc.Vertices.Length == 2)) straight.Add(Ends(arc));
    }

    /// <summary>The new vertices of arcs that lost any, by id.</summary>
    public Dictionary<int, GridVertex[]> Run()
    {
        var changed = new Dictionary<int, GridVertex[]>();
        foreach (var arc in arcs)
        {
            if (Simplified(arc) is { } vertices) changed.Add(arc.Id, vertices);
        }

        return changed;
    }

    private GridVertex[]? Simplified(Arc arc)
    {
        var vertices = arc.Copy();
        var scale = LatticeScale.At(vertices[0]);
        var limit = toleranceSquareMetres / (scale.MetresX * scale.MetresY) * 2; // of the double area
        int[] before = new int[vertices.Length], after = new int[vertices.Length];
        var size = new long[vertices.Length];
        var queue = new PriorityQueue<(int Vertex, long Size), (long, int)>();
        for (var i = 1; i < vertices.Length - 1; i++) (before[i], after[i]) = (i - 1, i + 1);
        for (var i = 1; i < vertices.Length - 1; i++) Queue(i, 0);
        var left = vertices.Length;
        while (queue.TryDequeue(out var next, out _))
        {
            var i = next.Vertex;
            if (next.Size != size[i] || size[i] < 0) continue;
            if (size[i] >= limit) break;
            if (left <= (arc.IsLoop ? 4 : 2) || (left == 3 && !straight.Add(Ends(arc)))) break;
            if (Holds(vertices[before[i]], vertices[i], vertices[after[i]]))
            {
                if (left == 3) straight.Remove(Ends(arc));
                continue;
            }

            var floor = size[i];
            size[i] = -1;
            left--;
            after[before[i]] = after[i];
            before[after[i]] = before[i];
            // As in the paper, a vertex never goes before one that went at a smaller area.
            if (before[i] > 0) Queue(before[i], floor);
            if (after[i] < vertices.Length - 1) Queue(after[i], floor);
        }

        return left == vertices.Length ? null : [.. vertices.Where((_, i) => size[i] >= 0)];

        void Queue(int i, long floor)
        {
            size[i] = Math.Max(floor, Math.Abs(GridVertex.Turn(vertices[before[i]], vertices[i], vertices[after[i]])));
            queue.Enqueue((i, size[i]), (size[i], i));
        }
    }

    private static (GridVertex, GridVertex) Ends(Arc arc) => arc.First < arc.Last ? (arc.First, arc.Last) : (arc.Last, arc.First);

    private bool Holds(GridVertex a, GridVertex b, GridVertex c)
    {
        var fromX = Math.Min(a.X, Math.Min(b.X, c.X));
        var sign = Math.Sign(GridVertex.Turn(a, b, c));
        // A vertex on the straight line between its neighbours goes without moving the border.
        if (sign == 0) return false;
        int toX = Math.Max(a.X, Math.Max(b.X, c.X)), fromY = Math.Min(a.Y, Math.Min(b.Y, c.Y)), toY = Math.Max(a.Y, Math.Max(b.Y, c.Y));
        var at = Array.BinarySearch(obstacles, new GridVertex(fromX, int.MinValue));
        for (var i = at < 0 ? ~at : at; i < obstacles.Length && obstacles[i].X <= toX; i++)
        {
            var p = obstacles[i];
            if (p.Y < fromY || p.Y > toY || p == a || p == b || p == c) continue;
            if (sign * Math.Sign(GridVertex.Turn(a, b, p)) >= 0 && sign * Math.Sign(GridVertex.Turn(b, c, p)) >= 0 && sign * Math.Sign(GridVertex.Turn(c, a, p)) >= 0) return true;
        }

        return false;
    }
}
