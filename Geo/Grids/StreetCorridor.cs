using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>Streets near one border, as a graph on lattice vertices.</summary>
internal sealed class StreetCorridor
{
    private readonly Dictionary<GridVertex, List<GridVertex>> beside = [];
    private readonly Dictionary<GridVertex, double> offset = []; // metres from the border, of those in reach
    private LatticeScale scale;

    public StreetCorridor(IReadOnlyList<LineString> streets)
    {
        foreach (var street in streets)
        {
            var run = Array.ConvertAll(street.Coordinates, at => GridVertex.Nearest(at.X, at.Y));
            for (var i = 1; i < run.Length; i++)
            {
                if (run[i] == run[i - 1]) continue;
                Beside(run[i - 1]).Add(run[i]);
                Beside(run[i]).Add(run[i - 1]);
            }
        }
    }

    /// <summary>Keeps to what is near this border from now on.</summary>
    public void Near(Arc arc, double reachMetres)
    {
        offset.Clear();
        scale = LatticeScale.At(arc.First);
        int marginX = (int)(reachMetres / scale.MetresX), marginY = (int)(reachMetres / scale.MetresY);
        var vertices = arc.Copy();
        int minX = vertices.Min(v => v.X) - marginX, maxX = vertices.Max(v => v.X) + marginX, minY = vertices.Min(v => v.Y) - marginY, maxY = vertices.Max(v => v.Y) + marginY;
        foreach (var vertex in beside.Keys)
        {
            if (vertex.X < minX || vertex.X > maxX || vertex.Y < minY || vertex.Y > maxY) continue;
            var metres = double.PositiveInfinity;
            for (var i = 1; i < vertices.Length; i++) metres = Math.Min(metres, scale.ToSegment(vertex, vertices[i - 1], vertices[i]).Metres);
            if (metres <= reachMetres) offset.Add(vertex, metres);
        }
    }

    /// <summary>The street vertex nearest to a place, in reach of it and of the border.</summary>
    public GridVertex? Nearest(GridVertex place, double reachMetres)
    {
        GridVertex? nearest = null;
        foreach (var vertex in offset.Keys.Order())
        {
            var metres = scale.Metres(place, vertex);
            if (metres > reachMetres) continue;
            (nearest, reachMetres) = (vertex, metres);
        }

        return nearest;
    }

    /// <summary>The shortest way (Dijkstra) between two street vertices that never leaves the reach; null when there is none.</summary>
    public GridVertex[]? Path(GridVertex from, GridVertex to)
    {
        if (!offset.ContainsKey(from) || !offset.ContainsKey(to) || from == to) return null;
        var cost = new Dictionary<GridVertex, double> { [from] = 0 };
        var came = new Dictionary<GridVertex, GridVertex>();
        var queue = new PriorityQueue<GridVertex, (double, GridVertex)>();
        queue.Enqueue(from, (0, from));
        while (queue.TryDequeue(out var at, out var priority))
        {
            if (priority.Item1 > cost[at]) continue;
            if (at == to) break;
            foreach (var next in beside[at])
            {
                if (!offset.TryGetValue(next, out var away)) continue;
                // Farther from the old border counts as longer: of two streets the nearer one is meant.
                var total = cost[at] + scale.Metres(at, next) * (1 + away / 10);
                if (cost.TryGetValue(next, out var known) && known <= total) continue;
                cost[next] = total;
                came[next] = at;
                queue.Enqueue(next, (total, next));
            }
        }

        if (!came.ContainsKey(to)) return null;
        var path = new List<GridVertex> { to };
        while (path[^1] != from) path.Add(came[path[^1]]);
        path.Reverse();
        return [.. path];
    }

    private List<GridVertex> Beside(GridVertex vertex)
    {
        if (!beside.TryGetValue(vertex, out var list)) beside.Add(vertex, list = []);
        return list;
    }
}
