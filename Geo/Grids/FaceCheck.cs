namespace GridMap.Geo.Grids;

/// <summary>Whether rings bound one simple polygon. With borders held once, this for each face is all that a partition needs to be exact.</summary>
/// <remarks>
/// Each arc is counted once to its left and once, reversed, to its right, so the boundaries of all faces add up to the parent's, whatever the arcs look
/// like. When each face besides is simple and turns left, it covers every place once or not at all; then the faces cover every place of the parent exactly
/// once. No pair of faces has to be compared.
/// </remarks>
internal static class FaceCheck
{
    /// <summary>Pairs of segments compared before a ring is called too complex: about a second.</summary>
    public const long MostPairs = 200_000_000;

    /// <summary>The reason and place of the first fault, or null.</summary>
    public static (string Reason, string Detail, GridVertex Place)? Fault(GridVertex[][] rings)
    {
        if (rings.Length == 0 || ArcFace.DoubleArea(rings[0]) <= 0) return (GridEditReasons.NoAreaLeft, "the grid would have no area, or be inside out", rings.Length == 0 ? default : rings[0][0]);
        for (var i = 1; i < rings.Length; i++)
        {
            var area = ArcFace.DoubleArea(rings[i]);
            if (area == 0) return (GridEditReasons.NoAreaLeft, "a hole would have no area", rings[i][0]);
            if (area > 0) return (GridEditReasons.NotContiguous, "the grid would fall apart", rings[i][0]);
        }

        var count = rings.Sum(ring => ring.Length - 1);
        var seen = new HashSet<GridVertex>(count);
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length - 1; i++)
            {
                if (!seen.Add(ring[i])) return (GridEditReasons.TouchesItself, "the grid would touch itself in a point", ring[i]);
            }
        }

        if (Crossing(rings, count) is { } crossing) return crossing;
        for (var i = 1; i < rings.Length; i++)
        {
            if (!Contains(rings[0], rings[i][0])) return (GridEditReasons.NotContiguous, "a hole would lie outside its grid", rings[i][0]);
            for (var j = 1; j < rings.Length; j++)
            {
                if (j != i && Contains(rings[j], rings[i][0])) return (GridEditReasons.NotContiguous, "a hole would lie within another", rings[i][0]);
            }
        }

        return null;
    }

    /// <summary>Whether a closed ring has a vertex inside that is none of its own and on none of its edges.</summary>
    public static bool Contains(ReadOnlySpan<GridVertex> ring, GridVertex p)
    {
        var inside = false;
        for (var i = 0; i < ring.Length - 1; i++)
        {
            GridVertex a = ring[i], b = ring[i + 1];
            if (a.Y > p.Y == b.Y > p.Y) continue;
            if (GridVertex.Turn(a, b, p) > 0 == b.Y > a.Y) inside = !inside;
        }

        return inside;
    }

    private readonly record struct Edge(GridVertex A, GridVertex B, int Low, int High, int Least, int Most);

    // Along the axis in which edges are shorter, sorted by where they begin: an edge meets only those that begin before it ends.
    private static (string, string, GridVertex)? Crossing(GridVertex[][] rings, int count)
    {
        var edges = new Edge[count];
        long wide = 0, tall = 0;
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length - 1; i++)
            {
                wide += Math.Abs((long)ring[i].X - ring[i + 1].X);
                tall += Math.Abs((long)ring[i].Y - ring[i + 1].Y);
            }
        }

        var along = wide <= tall;
        var at = 0;
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length - 1; i++)
            {
                GridVertex a = ring[i], b = ring[i + 1];
                var (x1, x2, y1, y2) = along ? (a.X, b.X, a.Y, b.Y) : (a.Y, b.Y, a.X, b.X);
                edges[at++] = new(a, b, Math.Min(x1, x2), Math.Max(x1, x2), Math.Min(y1, y2), Math.Max(y1, y2));
            }
        }

        Array.Sort(edges, (a, b) => a.Low.CompareTo(b.Low));
        long pairs = 0;
        for (var i = 0; i < edges.Length; i++)
        {
            ref readonly var e = ref edges[i];
            for (var j = i + 1; j < edges.Length && edges[j].Low <= e.High; j++)
            {
                if (++pairs > MostPairs) return (GridEditReasons.TooComplex, "the border is too complex to be checked", e.A);
                ref readonly var f = ref edges[j];
                if (f.Least > e.Most || f.Most < e.Least) continue;
                if (Meet(e.A, e.B, f.A, f.B)) return (GridEditReasons.BordersCross, "borders would cross or touch", f.A);
            }
        }

        return null;
    }

    /// <summary>Whether two edges of rings without repeated vertices have more in common than a vertex of theirs.</summary>
    private static bool Meet(GridVertex a, GridVertex b, GridVertex c, GridVertex d)
    {
        // A common end, and no repeated vertex: neighbours in a ring, which may only run back over each other.
        if (b == c) return Back(a, b, d);
        if (a == d) return Back(b, a, c);
        if (a == c) return Back(b, a, d);
        if (b == d) return Back(a, b, c);
        var c1 = Math.Sign(GridVertex.Turn(a, b, c));
        var d1 = Math.Sign(GridVertex.Turn(a, b, d));
        if (c1 * d1 > 0) return false;
        var a1 = Math.Sign(GridVertex.Turn(c, d, a));
        var b1 = Math.Sign(GridVertex.Turn(c, d, b));
        if (a1 * b1 > 0) return false;
        // Collinear boxes that meet, or a proper crossing, or an end on the other edge.
        return c1 != 0 || d1 != 0 || a1 != 0 || b1 != 0
            || (Math.Max(a.X, b.X) >= Math.Min(c.X, d.X) && Math.Max(c.X, d.X) >= Math.Min(a.X, b.X)
                && Math.Max(a.Y, b.Y) >= Math.Min(c.Y, d.Y) && Math.Max(c.Y, d.Y) >= Math.Min(a.Y, b.Y));
    }

    private static bool Back(GridVertex from, GridVertex corner, GridVertex to)
        => GridVertex.Turn(from, corner, to) == 0
            && ((long)from.X - corner.X) * ((long)to.X - corner.X) + ((long)from.Y - corner.Y) * ((long)to.Y - corner.Y) > 0;
}
