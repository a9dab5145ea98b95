using NetTopologySuite.Geometries;

namespace GridMap.Geo.Hotspots;

/// <summary>Traces one band after another over the same surface.</summary>
/// <remarks>
/// Nodes are the cell centres and a frame of copies on the lattice's edge. Each cell between four nodes gives directed
/// pieces of the two contours that have the band on their left, and the frame gives the stretches of the edge that lie in
/// the band. Every point then has exactly one piece coming in and one going out, so the rings follow by walking.
/// </remarks>
internal sealed class ContourTracer
{
    // Keeps a crossing away from the nodes, so that rings through equal values never touch themselves.
    private const double NodeMargin = 1e-6;

    private static readonly GeometryFactory Factory = new();

    private readonly int width;
    private readonly int height;
    private readonly double[] nodes;
    private readonly double[] xs;
    private readonly double[] ys;
    private readonly double minArea;
    private readonly Dictionary<PointKey, PointKey> next = new();

    private double low;
    private double high;

    public ContourTracer(Surface surface, double lowestLevel, double minArea)
    {
        var background = Background(surface, lowestLevel);
        var lattice = surface.Lattice;
        this.minArea = minArea;
        width = lattice.Columns + 2;
        height = lattice.Rows + 2;
        nodes = new double[width * height];
        xs = new double[width];
        ys = new double[height];
        for (var i = 0; i < width; i++)
            xs[i] = i == 0 ? lattice.OriginX : i == width - 1 ? lattice.EndX : lattice.CentreX(i - 1);
        for (var j = 0; j < height; j++)
        {
            ys[j] = j == 0 ? lattice.OriginY : j == height - 1 ? lattice.EndY : lattice.CentreY(j - 1);
            for (var i = 0; i < width; i++)
            {
                var value = surface[Math.Clamp(i - 1, 0, lattice.Columns - 1), Math.Clamp(j - 1, 0, lattice.Rows - 1)];
                nodes[j * width + i] = double.IsFinite(value) ? value : background;
            }
        }
    }

    private enum PointKind : byte
    {
        Node,
        LowCrossing,
        HighCrossing,
    }

    /// <summary>A node, or where a level crosses the edge that leaves a node eastward or northward.</summary>
    private readonly record struct PointKey(int Node, bool North, PointKind Kind)
    {
        // The generated hash would send neighbours to neighbouring buckets in long runs.
        public override int GetHashCode() => (int)((uint)(Node * 8 + (North ? 4 : 0) + (int)Kind) * 2654435769u);
    }

    /// <summary>
    /// A value below all others and all levels, but of their size: next to −∞ all levels would cross an edge at one point.
    /// </summary>
    private static double Background(Surface surface, double lowestLevel)
    {
        double least = lowestLevel, most = lowestLevel;
        foreach (var value in surface.Values)
        {
            if (!double.IsFinite(value)) continue;
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return least == most ? least - 1 : least - (most - least);
    }

    public MultiPolygon Band(double bandLow, double bandHigh)
    {
        low = bandLow;
        high = bandHigh;
        next.Clear();
        for (var j = 0; j + 1 < height; j++)
        {
            for (var i = 0; i + 1 < width; i++)
            {
                Cell(i, j, low, PointKind.LowCrossing);
                if (!double.IsPositiveInfinity(high)) Cell(i, j, high, PointKind.HighCrossing);
            }
        }

        for (var i = 0; i + 1 < width; i++)
        {
            Frame(i, 0, north: false, forward: true);
            Frame(i, height - 1, north: false, forward: false);
        }

        for (var j = 0; j + 1 < height; j++)
        {
            Frame(width - 1, j, north: true, forward: true);
            Frame(0, j, north: true, forward: false);
        }

        return Assemble(Walk());
    }

    private void Cell(int i, int j, double level, PointKind kind)
    {
        var node = j * width + i;
        double sw = nodes[node], se = nodes[node + 1], nw = nodes[node + width], ne = nodes[node + width + 1];
        var index = (sw >= level ? 1 : 0) | (se >= level ? 2 : 0) | (ne >= level ? 4 : 0) | (nw >= level ? 8 : 0);
        if (index is 0 or 15) return;
        PointKey south = new(node, false, kind), east = new(node + 1, true, kind), north = new(node + width, false, kind), west = new(node, true, kind);
        // Directed with the values at or above the level on the left.
        switch (index)
        {
            case 1: Add(south, west); break;
            case 2: Add(east, south); break;
            case 3: Add(east, west); break;
            case 4: Add(north, east); break;
            case 6: Add(north, south); break;
            case 7: Add(north, west); break;
            case 8: Add(west, north); break;
            case 9: Add(south, north); break;
            case 11: Add(east, north); break;
            case 12: Add(west, east); break;
            case 13: Add(south, east); break;
            case 14: Add(west, south); break;
            case 5 when Middle(): Add(south, east); Add(north, west); break;
            case 5: Add(south, west); Add(north, east); break;
            case 10 when Middle(): Add(west, south); Add(east, north); break;
            default: Add(east, south); Add(west, north); break;
        }

        // A saddle: do the two high corners meet in the middle? Quartered first, so that the sum cannot overflow.
        bool Middle() => sw / 4 + se / 4 + nw / 4 + ne / 4 >= level;

        void Add(PointKey from, PointKey to)
        {
            if (kind == PointKind.LowCrossing) next.Add(from, to);
            else next.Add(to, from);
        }
    }

    /// <summary>The stretch of one frame edge that lies in the band, in counterclockwise direction.</summary>
    private void Frame(int i, int j, bool north, bool forward)
    {
        var node = j * width + i;
        var other = north ? node + width : node + 1;
        double a = nodes[node], b = nodes[other];
        bool aIn = a >= low && a < high, bIn = b >= low && b < high;
        var lowCrossed = (a >= low) != (b >= low);
        var highCrossed = (a >= high) != (b >= high);
        if (!aIn && !bIn && !(lowCrossed && highCrossed)) return;
        var atLow = new PointKey(node, north, PointKind.LowCrossing);
        var atHigh = new PointKey(node, north, PointKind.HighCrossing);
        var start = aIn ? new(node, false, PointKind.Node) : a < low ? atLow : atHigh;
        var end = bIn ? new(other, false, PointKind.Node) : b < low ? atLow : atHigh;
        if (forward) next.Add(start, end);
        else next.Add(end, start);
    }

    private List<LinearRing> Walk()
    {
        var rings = new List<LinearRing>();
        var ring = new List<Coordinate>();
        while (next.Count > 0)
        {
            ring.Clear();
            PointKey start;
            using (var first = next.Keys.GetEnumerator())
            {
                first.MoveNext();
                start = first.Current;
            }

            var at = start;
            do
            {
                if (!next.Remove(at, out var to)) throw new InvalidOperationException("an open contour: a piece is missing");
                var place = Place(at);
                if (ring.Count == 0 || !place.Equals2D(ring[^1])) ring.Add(place);
                at = to;
            }
            while (at != start);

            ring.Add(ring[0].Copy());
            if (ring.Count >= 4) rings.Add(Factory.CreateLinearRing([.. ring]));
        }

        return rings;
    }

    private Coordinate Place(PointKey key)
    {
        int i = key.Node % width, j = key.Node / width;
        if (key.Kind == PointKind.Node) return new(xs[i], ys[j]);
        var level = key.Kind == PointKind.LowCrossing ? low : high;
        double a = nodes[key.Node], b = nodes[key.North ? key.Node + width : key.Node + 1];
        // Squeezed, not clamped: two levels that cross close to a node keep their order.
        var t = NodeMargin + (1 - 2 * NodeMargin) * ((level - a) / (b - a));
        return key.North ? new(xs[i], ys[j] + t * (ys[j + 1] - ys[j])) : new(xs[i] + t * (xs[i + 1] - xs[i]), ys[j]);
    }

    private MultiPolygon Assemble(List<LinearRing> rings)
    {
        var shells = new List<(LinearRing Ring, double Area, List<LinearRing> Holes)>();
        var holes = new List<(LinearRing Ring, double Area)>();
        foreach (var ring in rings)
        {
            var area = NetTopologySuite.Algorithm.Area.OfRingSigned(ring.CoordinateSequence);
            if (Math.Abs(area) < minArea || area == 0) continue;
            // NTS counts clockwise as positive.
            if (area < 0) shells.Add((ring, -area, []));
            else holes.Add((ring, area));
        }

        // Smallest first: the first shell that holds a hole is its own.
        shells.Sort((a, b) => a.Area.CompareTo(b.Area));
        foreach (var (hole, area) in holes)
        {
            foreach (var shell in shells)
            {
                if (shell.Area < area || !shell.Ring.EnvelopeInternal.Contains(hole.EnvelopeInternal)) continue;
                if (!NetTopologySuite.Algorithm.PointLocation.IsInRing(hole.GetCoordinateN(0), shell.Ring.Coordinates)) continue;
                shell.Holes.Add(hole);
                break;
            }
        }

        return Factory.CreateMultiPolygon([.. shells.Select(s => Factory.CreatePolygon(s.Ring, [.. s.Holes]))]);
    }
}
