namespace GridMap.Geo.Grids;

public sealed partial class ArcPartition
{
    /// <summary>Puts chains in the place of arcs, as far as they differ, and checks all grids that are different afterwards.</summary>
    internal GridEditResult Replace(
        IReadOnlyList<Arc> before, IReadOnlyList<(GridVertex[] Vertices, int Left, int Right)> after,
        IReadOnlyList<FaceParent> made, IReadOnlyList<FaceParent> gone, int freeFace, double minSquareMetres)
    {
        var kept = new HashSet<int>();
        var fresh = new List<(GridVertex[] Vertices, int Left, int Right)>();
        var byFirst = before.ToLookup(arc => arc.First);
        var byLast = before.ToLookup(arc => arc.Last);
        foreach (var chain in after)
        {
            var same = byFirst[chain.Vertices[0]].FirstOrDefault(arc => arc.Same(chain.Vertices, chain.Left, chain.Right))
                ?? byLast[chain.Vertices[0]].FirstOrDefault(arc => arc.Same(Reversed(chain.Vertices), chain.Right, chain.Left));
            if (same is not null) kept.Add(same.Id);
            else fresh.Add(chain);
        }

        var removed = before.Where(arc => !kept.Contains(arc.Id)).ToArray();
        var added = fresh.Select((chain, i) => new Arc(nextArc + i, chain.Vertices, chain.Left, chain.Right)).ToArray();
        return Try(new(removed, added, made, gone, Different(removed, added), (nextArc, nextArc + added.Length), (nextFace, freeFace)), minSquareMetres);
    }

    /// <summary>As <see cref="Try(ArcChange)"/>; also refuses to let a grid shrink below a size, and to let the whole lose or gain anything.</summary>
    internal GridEditResult Try(ArcChange change, double minSquareMetres)
    {
        var before = change.Touched.Where(Has).ToDictionary(face => face, DoubleArea);
        var result = Try(change);
        if (!result.IsDone) return result;
        Int128 sum = 0;
        foreach (var face in change.Touched)
        {
            if (!Has(face)) continue;
            var area = DoubleArea(face);
            sum += area;
            var corner = faces[face].Rings(arcs)[0][0];
            var size = LatticeScale.At(corner).SquareMetres(area);
            if (size >= minSquareMetres || area >= before.GetValueOrDefault(face, Int128.MaxValue)) continue;
            Put(change.Inverse());
            return GridEditResult.No(GridEditReasons.TooSmall, $"a grid would have {size:F0} m²; at least {minSquareMetres:F0} expected", corner);
        }

        var whole = before.Values.Aggregate((Int128)0, (total, area) => total + area);
        if (sum == whole) return result;
        Put(change.Inverse());
        return GridEditResult.No(GridEditReasons.TooComplex, "the borders lie too close to each other to be redrawn exactly");
    }

    private Int128 DoubleArea(int face) => faces[face].Rings(arcs).Aggregate((Int128)0, (sum, ring) => sum + ArcFace.DoubleArea(ring));

    /// <summary>Faces whose edges are not the same before and after; where an arc was only divided, its faces are as they were.</summary>
    private static int[] Different(Arc[] removed, Arc[] added)
    {
        var edges = new Dictionary<(int Face, GridVertex From, GridVertex To), int>();
        Count(removed, 1);
        Count(added, -1);
        return [.. edges.Where(pair => pair.Value != 0 && pair.Key.Face >= 0).Select(pair => pair.Key.Face).Distinct().Order()];

        void Count(Arc[] list, int sign)
        {
            foreach (var arc in list)
            {
                for (var i = 1; i < arc.Vertices.Length; i++)
                {
                    Add((arc.Left, arc.Vertices[i - 1], arc.Vertices[i]), sign);
                    Add((arc.Right, arc.Vertices[i], arc.Vertices[i - 1]), sign);
                }
            }
        }

        void Add((int, GridVertex, GridVertex) key, int sign) => edges[key] = edges.GetValueOrDefault(key) + sign;
    }

    private static GridVertex[] Reversed(GridVertex[] vertices)
    {
        var reversed = (GridVertex[])vertices.Clone();
        Array.Reverse(reversed);
        return reversed;
    }
}
