namespace GridMap.Geo.Roads;

public enum RoadFaultKind
{
    /// <summary>A road's end that stops just short of another road, or lies on it without a common vertex.</summary>
    NearMiss,

    /// <summary>Two roads of one level that cross without a common vertex.</summary>
    Crossing,
}

/// <summary>A place where roads probably should meet and do not.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Road">One of the two; of a crossing the one with the lower identifier, of a near miss the one that ends.</param>
/// <param name="Other">The other.</param>
/// <param name="X">East, metres in the plane.</param>
/// <param name="Y">North, metres in the plane.</param>
/// <param name="Metres">How far apart, in the plane; 0 for a crossing.</param>
public readonly record struct RoadFault(RoadFaultKind Kind, long Road, long Other, double X, double Y, double Metres);

/// <summary>Looks for places where a network is probably cut by careless drawing.</summary>
/// <remarks>Nothing is mended: what a road is must be said in the data. Cost: the pairs of pieces in each cell of the index. Thread-safe.</remarks>
public static class RoadFaults
{
    /// <param name="index">Of the network that is looked at.</param>
    /// <param name="nearMetres">An end this near to another road of its level is a near miss; at most 10.</param>
    /// <param name="most">No more than so many are given; at least 1.</param>
    /// <returns>Crossings and near misses, cell by cell.</returns>
    public static IReadOnlyList<RoadFault> Find(EdgeIndex index, double nearMetres = 1, int most = 1000)
    {
        Guard.InRange(nearMetres, 0, 10);
        Guard.InRange(most, 1, int.MaxValue);
        var faults = new List<RoadFault>();
        for (var cell = 0; cell < index.CellCount && faults.Count < most; cell++) Crossings(index, cell, faults, most);
        var network = index.Network;
        for (var node = 0; node < network.Nodes && faults.Count < most; node++)
        {
            if (network.Degree(node) == 1) NearMiss(index, node, nearMetres, faults);
        }

        return faults;
    }

    private static void Crossings(EdgeIndex index, int cell, List<RoadFault> faults, int most)
    {
        var pieces = index.PiecesIn(cell);
        var network = index.Network;
        for (var i = 0; i < pieces.Length; i++)
        {
            var (edge, ax, ay, bx, by) = index.Piece(pieces[i]);
            for (var j = i + 1; j < pieces.Length; j++)
            {
                var (other, cx, cy, dx, dy) = index.Piece(pieces[j]);
                if (network.Edge(edge).Level != network.Edge(other).Level) continue;
                double c = Side(ax, ay, bx, by, cx, cy), d = Side(ax, ay, bx, by, dx, dy), a = Side(cx, cy, dx, dy, ax, ay), b = Side(cx, cy, dx, dy, bx, by);
                if (!(c * d < 0 && a * b < 0)) continue;
                var t = a / (a - b);
                double x = ax + t * (bx - ax), y = ay + t * (by - ay);
                // Both pieces may lie in several cells together; the crossing lies in one.
                if (index.CellOf(x, y) != cell) continue;
                var (road, crossed) = (network.Edge(edge).Road, network.Edge(other).Road);
                faults.Add(new(RoadFaultKind.Crossing, Math.Min(road, crossed), Math.Max(road, crossed), x, y, 0));
                if (faults.Count == most) return;
            }
        }
    }

    private static void NearMiss(EdgeIndex index, int node, double near, List<RoadFault> faults)
    {
        var network = index.Network;
        var own = network.ArcEdge(network.FirstArc(node));
        var (x, y) = network.Place(node);
        var best = (Edge: -1, Metres: near);
        // The corners of the little box around the end: at most four cells.
        var seen = new HashSet<int>();
        foreach (var (cornerX, cornerY) in ((double, double)[])[(x - near, y - near), (x + near, y - near), (x - near, y + near), (x + near, y + near)])
        {
            var cell = index.CellOf(cornerX, cornerY);
            if (!seen.Add(cell)) continue;
            foreach (var piece in index.PiecesIn(cell))
            {
                var (edge, ax, ay, bx, by) = index.Piece(piece);
                if (edge == own || network.Edge(edge).Level != network.Edge(own).Level) continue;
                double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
                var t = square > 0 ? Math.Clamp(((x - ax) * dx + (y - ay) * dy) / square, 0, 1) : 0;
                var metres = Math.Sqrt(Math.Pow(x - ax - t * dx, 2) + Math.Pow(y - ay - t * dy, 2));
                if (metres <= best.Metres) best = (edge, metres);
            }
        }

        if (best.Edge >= 0) faults.Add(new(RoadFaultKind.NearMiss, network.Edge(own).Road, network.Edge(best.Edge).Road, x, y, best.Metres));
    }

    private static double Side(double ax, double ay, double bx, double by, double x, double y) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
}
