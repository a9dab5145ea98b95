namespace GridMap.Geo.Grids;

/// <summary>A piece of border between two neighbouring vertices, with the face on each side.</summary>
internal readonly record struct BorderEdge(GridVertex From, GridVertex To, int Left, int Right);

/// <summary>Strings edges to arcs: as long as nothing branches off.</summary>
internal static class ArcChains
{
    /// <param name="edges">Each once, in an order that does not depend on chance.</param>
    /// <param name="isNode">Whether other arcs end at a vertex.</param>
    public static List<(GridVertex[] Vertices, int Left, int Right)> Of(IReadOnlyList<BorderEdge> edges, Func<GridVertex, bool> isNode)
    {
        // Up to two edges at a vertex are kept here; a third makes it a node.
        var at = new Dictionary<GridVertex, (int First, int Second, int Count)>(edges.Count);
        for (var i = 0; i < edges.Count; i++)
        {
            Note(edges[i].From, i);
            Note(edges[i].To, i);
        }

        var used = new bool[edges.Count];
        var chains = new List<(GridVertex[], int, int)>();
        var run = new List<GridVertex>();
        for (var i = 0; i < edges.Count; i++)
        {
            if (used[i]) continue;
            if (IsNode(edges[i].From)) Follow(i, true);
            else if (IsNode(edges[i].To)) Follow(i, false);
        }

        // What is left runs in circles that meet nothing.
        for (var i = 0; i < edges.Count; i++)
        {
            if (!used[i]) Loop(i);
        }

        return chains;

        void Note(GridVertex vertex, int edge)
        {
            var (first, second, count) = at.GetValueOrDefault(vertex, (-1, -1, 0));
            at[vertex] = count == 0 ? (edge, -1, 1) : count == 1 ? (first, edge, 2) : (first, second, count + 1);
        }

        bool IsNode(GridVertex vertex) => at[vertex].Count != 2 || isNode(vertex);

        void Walk(int edge, bool forward)
        {
            run.Clear();
            run.Add(forward ? edges[edge].From : edges[edge].To);
            var start = run[0];
            while (true)
            {
                used[edge] = true;
                var to = forward ? edges[edge].To : edges[edge].From;
                run.Add(to);
                if (to == start || IsNode(to)) return;
                var (first, second, _) = at[to];
                edge = first == edge ? second : first;
                forward = edges[edge].From == to;
            }
        }

        void Follow(int edge, bool forward)
        {
            Walk(edge, forward);
            chains.Add(([.. run], forward ? edges[edge].Left : edges[edge].Right, forward ? edges[edge].Right : edges[edge].Left));
        }

        void Loop(int edge)
        {
            Walk(edge, true);
            var count = run.Count - 1;
            var least = 0;
            for (var i = 1; i < count; i++)
            {
                if (run[i] < run[least]) least = i;
            }

            var closed = new GridVertex[count + 1];
            for (var i = 0; i <= count; i++) closed[i] = run[(least + i) % count];
            chains.Add((closed, edges[edge].Left, edges[edge].Right));
        }
    }
}
