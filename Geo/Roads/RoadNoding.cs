namespace GridMap.Geo.Roads;

/// <summary>Finds where lines should meet: crossings of one level without a common vertex, and ends that just miss a line.</summary>
/// <remarks>Piece k runs from vertex k to vertex k + 1 of the same road. Pieces are sorted by cells of 50 m. Cost: the pairs of pieces in each cell.</remarks>
internal sealed class RoadNoding
{
    private const double Cell = 50;

    private readonly double[] xs;
    private readonly double[] ys;
    private readonly int[] first;
    private readonly int[] road;
    private readonly int[] level;
    private readonly (long Cell, int Piece)[] sorted;
    private readonly Dictionary<int, List<(double Along, double X, double Y)>> behind = [];
    private readonly Dictionary<int, (double X, double Y)> before = [];
    private readonly Dictionary<int, (double X, double Y)> after = [];

    public RoadNoding(double[] xs, double[] ys, int[] first, int[] level)
    {
        (this.xs, this.ys, this.first, this.level) = (xs, ys, first, level);
        road = new int[xs.Length];
        for (var i = 0; i < first.Length; i++) Array.Fill(road, i, first[i], End(i) - first[i]);
        var found = new List<(long, int)>(xs.Length * 2);
        for (var piece = 0; piece + 1 < xs.Length; piece++)
        {
            if (road[piece] != road[piece + 1]) continue;
            for (var row = Index(Math.Min(ys[piece], ys[piece + 1])); row <= Index(Math.Max(ys[piece], ys[piece + 1])); row++)
            {
                for (var column = Index(Math.Min(xs[piece], xs[piece + 1])); column <= Index(Math.Max(xs[piece], xs[piece + 1])); column++) found.Add((Key(column, row), piece));
            }
        }

        found.Sort();
        sorted = [.. found];
    }

    public int Crossings { get; private set; }

    public int Ends { get; private set; }

    /// <summary>What a road's line begins with in addition, if anything.</summary>
    public (double X, double Y)? Before(int number) => before.TryGetValue(number, out var place) ? place : null;

    public (double X, double Y)? After(int number) => after.TryGetValue(number, out var place) ? place : null;

    /// <summary>Places to put between a vertex and the next one.</summary>
    public IEnumerable<(double X, double Y)?> Behind(int vertex) =>
        behind.TryGetValue(vertex, out var places) ? places.OrderBy(place => place.Along).Select(place => ((double, double)?)(place.X, place.Y)) : [];

    public void Cross()
    {
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end].Cell == sorted[start].Cell; end++)
            {
            }

            for (var i = start; i < end; i++)
            {
                for (var j = i + 1; j < end; j++) Cross(sorted[i].Piece, sorted[j].Piece, sorted[start].Cell);
            }
        }
    }

    /// <param name="near">Metres.</param>
    /// <param name="isLoose">Whether nothing else touches a vertex.</param>
    public void Reach(double near, Func<int, bool> isLoose)
    {
        for (var i = 0; i < first.Length; i++)
        {
            Reach(i, first[i], near, isLoose, before);
            Reach(i, End(i) - 1, near, isLoose, after);
        }
    }

    private void Cross(int one, int other, long cell)
    {
        if (level[road[one]] != level[road[other]]) return;
        double ax = xs[one], ay = ys[one], bx = xs[one + 1], by = ys[one + 1], cx = xs[other], cy = ys[other], dx = xs[other + 1], dy = ys[other + 1];
        double c = Side(ax, ay, bx, by, cx, cy), d = Side(ax, ay, bx, by, dx, dy), a = Side(cx, cy, dx, dy, ax, ay), b = Side(cx, cy, dx, dy, bx, by);
        if (!(c * d < 0 && a * b < 0)) return;
        double t = a / (a - b), u = c / (c - d), x = ax + t * (bx - ax), y = ay + t * (by - ay);
        // Both pieces may lie in several cells together; the crossing lies in one.
        if (Key(Index(x), Index(y)) != cell) return;
        // A crossing within a centimetre of a common vertex is that vertex, rounded.
        if (IsShared(one, other, x, y)) return;
        Put(one, t, x, y);
        Put(other, u, x, y);
        Crossings++;
    }

    private bool IsShared(int one, int other, double x, double y)
    {
        foreach (var i in (ReadOnlySpan<int>)[one, one + 1])
        {
            foreach (var j in (ReadOnlySpan<int>)[other, other + 1])
            {
                if (xs[i] == xs[j] && ys[i] == ys[j] && Math.Abs(xs[i] - x) < 0.02 && Math.Abs(ys[i] - y) < 0.02) return true;
            }
        }

        return false;
    }

    private void Reach(int own, int vertex, double near, Func<int, bool> isLoose, Dictionary<int, (double X, double Y)> ends)
    {
        if (!isLoose(vertex)) return;
        double x = xs[vertex], y = ys[vertex];
        var best = (Piece: -1, Metres: near + 1e-9, Along: 0.0);
        for (var row = Index(y - near); row <= Index(y + near); row++)
        {
            for (var column = Index(x - near); column <= Index(x + near); column++)
            {
                var key = Key(column, row);
                var at = Array.BinarySearch(sorted, (key, -1));
                for (at = at < 0 ? ~at : at; at < sorted.Length && sorted[at].Cell == key; at++)
                {
                    var piece = sorted[at].Piece;
                    if (road[piece] == own || level[road[piece]] != level[own]) continue;
                    double dx = xs[piece + 1] - xs[piece], dy = ys[piece + 1] - ys[piece], square = dx * dx + dy * dy;
                    var t = square > 0 ? Math.Clamp(((x - xs[piece]) * dx + (y - ys[piece]) * dy) / square, 0, 1) : 0;
                    var metres = Math.Sqrt(Math.Pow(x - xs[piece] - t * dx, 2) + Math.Pow(y - ys[piece] - t * dy, 2));
                    if (metres < best.Metres) best = (piece, metres, t);
                }
            }
        }

        if (best.Piece < 0) return;
        var (foot, length) = (best.Along, Math.Sqrt(Math.Pow(xs[best.Piece + 1] - xs[best.Piece], 2) + Math.Pow(ys[best.Piece + 1] - ys[best.Piece], 2)));
        // A foot within 2 cm of a vertex is that vertex.
        foot = foot * length < 0.02 ? 0 : (1 - foot) * length < 0.02 ? 1 : foot;
        double fx = xs[best.Piece] + foot * (xs[best.Piece + 1] - xs[best.Piece]), fy = ys[best.Piece] + foot * (ys[best.Piece + 1] - ys[best.Piece]);
        if (foot is > 0 and < 1) Put(best.Piece, foot, fx, fy);
        ends[own] = (fx, fy);
        Ends++;
    }

    private void Put(int piece, double along, double x, double y)
    {
        if (!behind.TryGetValue(piece, out var places)) behind[piece] = places = [];
        places.Add((along, x, y));
    }

    private int End(int number) => number + 1 < first.Length ? first[number + 1] : xs.Length;

    private static int Index(double metres) => (int)Math.Floor(metres / Cell);

    private static long Key(int column, int row) => ((long)column << 32) | (uint)row;

    private static double Side(double ax, double ay, double bx, double by, double x, double y) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
}
