using GridMap.Geo.GeoJson;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>One face of a partition, with what is derived from its arcs.</summary>
internal sealed class ArcFace(int id, int parent, int[] arcs)
{
    private readonly Lock deriving = new();
    private GridVertex[][]? rings;
    private Polygon? polygon;
    private Envelope? box;

    public int Id => id;

    public int Parent => parent;

    /// <summary>Ids of the arcs around it, ascending.</summary>
    public int[] Arcs => arcs;

    /// <summary>The outer ring first, counterclockwise, holes clockwise; each closed and begun at its least vertex.</summary>
    public GridVertex[][] Rings(IReadOnlyDictionary<int, Arc> all)
    {
        lock (deriving) return rings ??= Link(all, out _) ?? throw new InvalidOperationException($"the borders of face {id} do not close");
    }

    public Envelope Box(IReadOnlyDictionary<int, Arc> all)
    {
        if (box is not null) return box;
        var around = new Envelope();
        foreach (var vertex in Rings(all)[0]) around.ExpandToInclude(vertex.Lon, vertex.Lat);
        return box = around;
    }

    public Polygon Polygon(IReadOnlyDictionary<int, Arc> all)
    {
        var closed = Rings(all);
        lock (deriving) return polygon ??= Make(closed);
    }

    /// <summary>Strings the arcs to rings; null, with the vertex, when they do not close or pass a vertex twice.</summary>
    public GridVertex[][]? Link(IReadOnlyDictionary<int, Arc> all, out GridVertex trouble)
    {
        trouble = default;
        var leaving = new Dictionary<GridVertex, (Arc Arc, bool Forward)>(arcs.Length);
        foreach (var arcId in arcs)
        {
            var arc = all[arcId];
            var forward = arc.Left == id;
            trouble = forward ? arc.First : arc.Last;
            if (!leaving.TryAdd(trouble, (arc, forward))) return null;
        }

        var linked = new List<GridVertex[]>();
        var run = new List<GridVertex>();
        foreach (var arcId in arcs)
        {
            var start = all[arcId].Left == id ? all[arcId].First : all[arcId].Last;
            if (!leaving.ContainsKey(start)) continue;
            run.Clear();
            for (var at = start; leaving.Remove(at, out var next);)
            {
                var vertices = next.Arc.Vertices;
                for (var i = 0; i < vertices.Length - 1; i++) run.Add(next.Forward ? vertices[i] : vertices[vertices.Length - 1 - i]);
                at = next.Forward ? next.Arc.Last : next.Arc.First;
                if (at == start) break;
                trouble = at;
                if (!leaving.ContainsKey(at)) return null;
            }

            linked.Add(FromLeast(run));
        }

        // The outer ring is the one that turns left; a sound face has exactly one, and FaceCheck sees to that.
        linked.Sort((a, b) =>
        {
            var byTurn = (DoubleArea(b) > 0).CompareTo(DoubleArea(a) > 0);
            return byTurn != 0 ? byTurn : a[0].CompareTo(b[0]);
        });
        return [.. linked];
    }

    /// <summary>Twice the signed area in square lattice steps.</summary>
    public static Int128 DoubleArea(ReadOnlySpan<GridVertex> closed)
    {
        Int128 sum = 0;
        for (var i = 1; i < closed.Length - 1; i++) sum += GridVertex.Turn(closed[0], closed[i], closed[i + 1]);
        return sum;
    }

    private static GridVertex[] FromLeast(List<GridVertex> run)
    {
        var least = 0;
        for (var i = 1; i < run.Count; i++)
        {
            if (run[i] < run[least]) least = i;
        }

        var closed = new GridVertex[run.Count + 1];
        for (var i = 0; i <= run.Count; i++) closed[i] = run[(least + i) % run.Count];
        return closed;
    }

    private static Polygon Make(GridVertex[][] rings)
    {
        var shell = Ring(rings[0]);
        return GeoJsonReader.Factory.CreatePolygon(shell, [.. rings.Skip(1).Select(Ring)]);
    }

    private static LinearRing Ring(GridVertex[] closed) => GeoJsonReader.Factory.CreateLinearRing(Array.ConvertAll(closed, vertex => vertex.ToCoordinate()));
}
