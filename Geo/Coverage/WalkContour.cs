using System.Numerics;
using System.Runtime.Intrinsics;
using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>The line where a walk is used up, on a field of millimetres whose outermost cells are out of reach: marching squares on bits.</summary>
/// <remarks>
/// The same lines as <see cref="Hotspots.Contours.Above"/> (values at cell centres, straight in between, a saddle decided by the mean of its corners, shells
/// counterclockwise, holes clockwise), without its bands, frame and dictionaries: it is drawn while somebody drags the map. 64 squares are told apart at
/// once; only those that the line crosses are looked at one by one. Not thread-safe; used again and again by its thread.
/// </remarks>
internal sealed class WalkContour
{
    // Keeps a crossing away from the cell centres, so that a ring never touches itself where a walk ends exactly there.
    private const double Margin = 1e-6;

    // More than that is not kept for the next one.
    private const int MostKept = 1 << 22;

    [ThreadStatic] private static WalkContour? kept;

    // For each crossing (of the edge that leaves a cell eastward: 2 × cell; northward: 2 × cell + 1) the next one of its ring, plus 1. All 0 in between.
    private int[] next = [];
    private ulong[] inside = [];
    private double[] xs = new double[1024];
    private double[] ys = new double[1024];
    private readonly List<int> starts = [];
    private WalkField field = null!;
    private int limit;
    private int? label;

    /// <summary>Of this thread.</summary>
    public static WalkContour Own => kept ??= new();

    /// <summary>Everything within the limit, and of the label if one is named.</summary>
    public WalkOutline Trace(WalkField of, int limitMillimetres, int? ofLabel, double leastSquareMetres)
    {
        (field, limit, label) = (of, limitMillimetres, ofLabel);
        var words = field.Stride / 64;
        if (next.Length < 2 * field.Stride * field.Rows) next = new int[2 * field.Stride * field.Rows];
        if (inside.Length < words * field.Rows + 1) inside = new ulong[words * field.Rows + 1];
        Mark(words);
        starts.Clear();
        for (var row = 0; row + 1 < field.Rows; row++)
        {
            for (var word = 0; word < words; word++)
            {
                var at = row * words + word;
                ulong low = inside[at], high = inside[at + words];
                // The last column is outside, so no bit comes over from the next row.
                ulong lowEast = (low >> 1) | (word + 1 < words ? inside[at + 1] << 63 : 0), highEast = (high >> 1) | (word + 1 < words ? inside[at + words + 1] << 63 : 0);
                for (var mixed = (low | lowEast | high | highEast) & ~(low & lowEast & high & highEast); mixed != 0; mixed &= mixed - 1)
                {
                    var bit = BitOperations.TrailingZeroCount(mixed);
                    Square(row * field.Stride + 64 * word + bit,
                        (int)((low >> bit) & 1) | (int)((lowEast >> bit) & 1) << 1 | (int)((highEast >> bit) & 1) << 2 | (int)((high >> bit) & 1) << 3);
                }
            }
        }

        var outline = Rings(leastSquareMetres);
        if (next.Length > MostKept) kept = null;
        field = null!;
        return outline;
    }

    private void Mark(int words)
    {
        var most = Vector512.Create(limit);
        for (var word = 0; word < words * field.Rows; word++)
        {
            var bits = 0UL;
            for (var part = 0; part < 4; part++)
            {
                var near = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref field.Millimetres[64 * word + 16 * part]), most);
                if (label is { } own) near &= Vector512.Equals(Vector512.LoadUnsafe(ref field.Labels![64 * word + 16 * part]), Vector512.Create(own));
                bits |= near.ExtractMostSignificantBits() << (16 * part);
            }

            inside[word] = bits;
        }
    }

    // Directed with what is inside on the left.
    private void Square(int at, int index)
    {
        int south = 2 * at, east = 2 * (at + 1) + 1, north = 2 * (at + field.Stride), west = 2 * at + 1;
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
                if (Middle(at)) { Join(south, east); Join(north, west); }
                else { Join(south, west); Join(north, east); }
                break;
            default:
                if (Middle(at)) { Join(west, south); Join(east, north); }
                else { Join(east, south); Join(west, north); }
                break;
        }
    }

    private bool Middle(int at) => Left(at) + Left(at + 1) + Left(at + field.Stride) + Left(at + field.Stride + 1) >= 0;

    // What is left of the walk at a cell, cut off two cells from the line: a cell without a way stands beside one with some walk left.
    private double Left(int at) => field.Millimetres[at] == RoadNetwork.NoWay || (label is { } own && field.Labels![at] != own) ? -field.Cut : Math.Clamp((double)limit - field.Millimetres[at], -field.Cut, field.Cut);

    private void Join(int from, int to)
    {
        next[from] = to + 1;
        starts.Add(from);
    }

    private WalkOutline Rings(double leastSquareMetres)
    {
        List<(OutlineRing Ring, double Area)> shells = [], holes = [];
        foreach (var start in starts)
        {
            if (next[start] == 0) continue;
            var count = Walk(start);
            // Twice the area from the first place on: counterclockwise is positive.
            var twice = 0.0;
            for (var i = 1; i + 1 < count; i++) twice += (xs[i] - xs[0]) * (ys[i + 1] - ys[0]) - (xs[i + 1] - xs[0]) * (ys[i] - ys[0]);
            var area = twice / 2;
            if (count < 4 || area == 0 || Math.Abs(area) < leastSquareMetres) continue;
            (area > 0 ? shells : holes).Add((new(xs[..count], ys[..count]), Math.Abs(area)));
        }

        return Assemble(shells, holes);
    }

    private int Walk(int start)
    {
        var (at, count) = (start, 0);
        do
        {
            if (count + 1 >= xs.Length) (xs, ys) = ([.. xs, .. xs], [.. ys, .. ys]);
            int cell = at >> 1, column = cell % field.Stride, row = cell / field.Stride;
            var isNorth = (at & 1) != 0;
            double a = Left(cell), b = Left(isNorth ? cell + field.Stride : cell + 1), t = Margin + (1 - 2 * Margin) * (a / (a - b));
            (xs[count], ys[count]) = (field.CentreX(column + (isNorth ? 0 : t)), field.CentreY(row + (isNorth ? t : 0)));
            count++;
            (at, next[at]) = (next[at] - 1, 0);
        }
        while (at != start);
        (xs[count], ys[count]) = (xs[0], ys[0]);
        return count + 1;
    }

    private static WalkOutline Assemble(List<(OutlineRing Ring, double Area)> shells, List<(OutlineRing Ring, double Area)> holes)
    {
        // Smallest first: the first shell that holds a hole is its own.
        shells.Sort((a, b) => a.Area.CompareTo(b.Area));
        var polygons = shells.ConvertAll(shell => new List<OutlineRing> { shell.Ring });
        foreach (var (hole, area) in holes)
        {
            for (var i = 0; i < shells.Count; i++)
            {
                if (shells[i].Area < area || !Holds(shells[i].Ring, hole.Xs[0], hole.Ys[0])) continue;
                polygons[i].Add(hole);
                break;
            }
        }

        return new(polygons);
    }

    // No hole touches a shell: a crossing belongs to one ring.
    private static bool Holds(OutlineRing ring, double x, double y)
    {
        var (ringXs, ringYs) = ring;
        var isIn = false;
        for (var i = 1; i < ringXs.Length; i++)
        {
            if (ringYs[i] > y != ringYs[i - 1] > y && x < ringXs[i] + (y - ringYs[i]) * (ringXs[i - 1] - ringXs[i]) / (ringYs[i - 1] - ringYs[i])) isIn = !isIn;
        }

        return isIn;
    }
}
