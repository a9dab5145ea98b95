using GridMap.Geo.Hotspots;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Coverage;

/// <summary>The line at 0 of a lattice of numbers whose outermost cells are all negative: marching squares on flat arrays.</summary>
/// <remarks>
/// The same lines as <see cref="Contours.Above"/> (values at cell centres, straight in between, a saddle decided by the mean of its corners, shells
/// counterclockwise, holes clockwise), without its bands, frame and dictionaries: a tenth of the time, because it is drawn while somebody drags the map.
/// Not thread-safe.
/// </remarks>
internal sealed class WalkContour(Lattice lattice)
{
    // Keeps a crossing away from the cell centres, so that a ring never touches itself where a value is exactly 0.
    private const double Margin = 1e-6;

    private static readonly GeometryFactory Factory = new();

    private readonly int columns = lattice.Columns;

    // For each crossing (of the edge that leaves a cell eastward: 2 × cell; northward: 2 × cell + 1) the next one of its ring, plus 1.
    private readonly int[] next = new int[2 * lattice.CellCount];
    private readonly List<int> starts = [];

    /// <summary>Everything at or above 0.</summary>
    public MultiPolygon Trace(ReadOnlySpan<float> values, double leastSquareMetres)
    {
        starts.Clear();
        for (var row = 0; row + 1 < lattice.Rows; row++)
        {
            var at = row * columns;
            var index = (values[at] >= 0 ? 2 : 0) | (values[at + columns] >= 0 ? 4 : 0);
            for (var end = at + columns - 1; at < end; at++)
            {
                index = ((index & 2) >> 1) | ((index & 4) << 1) | (values[at + 1] >= 0 ? 2 : 0) | (values[at + columns + 1] >= 0 ? 4 : 0);
                if (index is not (0 or 15)) Cell(values, at, index);
            }
        }

        List<(LinearRing Ring, double Area)> shells = [], holes = [];
        foreach (var start in starts)
        {
            if (next[start] == 0 || Walk(values, start) is not { } ring) continue;
            // NTS counts clockwise as positive.
            var area = -NetTopologySuite.Algorithm.Area.OfRingSigned(ring.CoordinateSequence);
            if (Math.Abs(area) < leastSquareMetres || area == 0) continue;
            if (area > 0) shells.Add((ring, area));
            else holes.Add((ring, -area));
        }

        return Assemble(shells, holes);
    }

    // Directed with what is inside on the left.
    private void Cell(ReadOnlySpan<float> values, int at, int index)
    {
        int south = 2 * at, east = 2 * (at + 1) + 1, north = 2 * (at + columns), west = 2 * at + 1;
        switch (index)
        {
            case 1: Join(south, west); break;
            case 2: Join(east, south); break;
            case 3: Join(east, west); break;
            case 4: Join(north, east); break;
            case 6: Join(north, south); break;
            case 7: Join(north, west); break;
            case 8: Join(west, north); break;
            case 9: Join(south, north); break;
            case 11: Join(east, north); break;
            case 12: Join(west, east); break;
            case 13: Join(south, east); break;
            case 14: Join(west, south); break;
            case 5:
                if (Middle(values, at)) { Join(south, east); Join(north, west); }
                else { Join(south, west); Join(north, east); }
                break;
            default:
                if (Middle(values, at)) { Join(west, south); Join(east, north); }
                else { Join(east, south); Join(west, north); }
                break;
        }
    }

    private bool Middle(ReadOnlySpan<float> values, int at) => values[at] + values[at + 1] + values[at + columns] + values[at + columns + 1] >= 0;

    private void Join(int from, int to)
    {
        next[from] = to + 1;
        starts.Add(from);
    }

    private LinearRing? Walk(ReadOnlySpan<float> values, int start)
    {
        var ring = new List<Coordinate>();
        var at = start;
        do
        {
            ring.Add(Place(values, at));
            var to = next[at] - 1;
            next[at] = 0;
            at = to;
        }
        while (at != start);
        ring.Add(ring[0].Copy());
        return ring.Count >= 4 ? Factory.CreateLinearRing([.. ring]) : null;
    }

    private Coordinate Place(ReadOnlySpan<float> values, int crossing)
    {
        int cell = crossing >> 1, column = cell % columns, row = cell / columns;
        var isNorth = (crossing & 1) != 0;
        double a = values[cell], b = values[isNorth ? cell + columns : cell + 1];
        var t = Margin + (1 - 2 * Margin) * (a / (a - b));
        return isNorth ? new(lattice.CentreX(column), lattice.CentreY(row) + t * lattice.CellMetres) : new(lattice.CentreX(column) + t * lattice.CellMetres, lattice.CentreY(row));
    }

    private static MultiPolygon Assemble(List<(LinearRing Ring, double Area)> shells, List<(LinearRing Ring, double Area)> holes)
    {
        // Smallest first: the first shell that holds a hole is its own.
        shells.Sort((a, b) => a.Area.CompareTo(b.Area));
        var own = shells.ConvertAll(_ => new List<LinearRing>());
        foreach (var (hole, area) in holes)
        {
            for (var i = 0; i < shells.Count; i++)
            {
                if (shells[i].Area < area || !shells[i].Ring.EnvelopeInternal.Contains(hole.EnvelopeInternal)) continue;
                if (!NetTopologySuite.Algorithm.PointLocation.IsInRing(hole.GetCoordinateN(0), shells[i].Ring.Coordinates)) continue;
                own[i].Add(hole);
                break;
            }
        }

        return Factory.CreateMultiPolygon([.. shells.Select((shell, i) => Factory.CreatePolygon(shell.Ring, [.. own[i]]))]);
    }
}
