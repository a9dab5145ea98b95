namespace GridMap.Geo.Roads;

/// <summary>Finds the edge nearest to a place: a uniform grid over the straight pieces of all lines.</summary>
/// <remarks>
/// Distances are measured in the plane and turned into true metres by the scale of the edge found (true length over length in the plane), so an
/// access leg is as long as on the ground. Of two pieces equally near the lower edge wins. Immutable, thread-safe. Cost: building is linear in pieces,
/// 40 ms for 600,000; a question looks at the pieces of a few cells, about 1 µs in a city.
/// </remarks>
public sealed class EdgeIndex
{
    private const int MostCells = 4_000_000;

    private readonly RoadNetwork network;
    private readonly double[] pieces;
    private readonly int[] pieceEdge;
    private readonly double[] along;
    private readonly double[] scale;
    private readonly int[] firstInCell;
    private readonly int[] inCell;
    private readonly double left;
    private readonly double bottom;
    private readonly double cell;
    private readonly int columns;
    private readonly int rows;

    /// <param name="network">What is looked up.</param>
    /// <param name="cellMetres">Side of a cell: about the usual distance between roads.</param>
    public EdgeIndex(RoadNetwork network, double cellMetres = 50)
    {
        Guard.Positive(cellMetres);
        this.network = network;
        var shapes = network.Shapes;
        var count = shapes.Points - shapes.Count;
        (pieces, pieceEdge, along, scale) = (new double[4 * count], new int[count], new double[count], new double[shapes.Count]);
        double right = double.MinValue, top = double.MinValue;
        (left, bottom) = (double.MaxValue, double.MaxValue);
        for (int edge = 0, piece = 0; edge < shapes.Count; edge++)
        {
            var x = shapes.Xs(edge);
            var y = shapes.Ys(edge);
            var length = 0.0;
            for (var i = 1; i < x.Length; i++, piece++)
            {
                (pieceEdge[piece], along[piece]) = (edge, length);
                (pieces[4 * piece], pieces[4 * piece + 1], pieces[4 * piece + 2], pieces[4 * piece + 3]) = (x[i - 1], y[i - 1], x[i], y[i]);
                length += Math.Sqrt(Square(x[i] - x[i - 1]) + Square(y[i] - y[i - 1]));
                (left, right) = (Math.Min(left, Math.Min(x[i - 1], x[i])), Math.Max(right, Math.Max(x[i - 1], x[i])));
                (bottom, top) = (Math.Min(bottom, Math.Min(y[i - 1], y[i])), Math.Max(top, Math.Max(y[i - 1], y[i])));
            }

            scale[edge] = length > 0 ? shapes.Metres[edge] / length : 1;
        }

        if (count == 0) (left, bottom, right, top) = (0, 0, 0, 0);
        (Left, Bottom, Right, Top) = (left, bottom, right, top);
        cell = Math.Max(cellMetres, Math.Sqrt((right - left) * (top - bottom) / MostCells));
        cell = Math.Max(cell, Math.Max(right - left, top - bottom) / 100_000);
        columns = (int)((right - left) / cell) + 1;
        rows = (int)((top - bottom) / cell) + 1;
        firstInCell = new int[columns * rows + 1];
        for (var piece = 0; piece < count; piece++) EachCell(piece, at => firstInCell[at + 1]++);
        for (var i = 0; i < columns * rows; i++) firstInCell[i + 1] += firstInCell[i];
        inCell = new int[firstInCell[^1]];
        var next = firstInCell.AsSpan(0, columns * rows).ToArray();
        for (var piece = 0; piece < count; piece++) EachCell(piece, at => inCell[next[at]++] = piece);
    }

    public RoadNetwork Network => network;

    /// <summary>The box of all lines; empty boxes are 0.</summary>
    public double Left { get; }

    public double Bottom { get; }

    public double Right { get; }

    public double Top { get; }

    /// <summary>The nearest place on the network.</summary>
    /// <param name="x">East, metres in the plane.</param>
    /// <param name="y">North, metres in the plane.</param>
    /// <param name="mostMetres">The longest access leg; what is farther is <see cref="EdgePoint.None"/>. At most 1,000,000.</param>
    /// <param name="hint">A place thought to be close by, such as the answer for a neighbour: its edge is looked at first.</param>
    public EdgePoint Nearest(double x, double y, double mostMetres, EdgePoint? hint = null)
    {
        Guard.Finite(x);
        Guard.Finite(y);
        Guard.InRange(mostMetres, 0, 1_000_000);
        if (pieceEdge.Length == 0) return EdgePoint.None;
        // A little more in the plane than asked for: its metres may be up to 1 : 1,000 long.
        var reach = mostMetres * 1.001 + 0.001;
        var best = (Piece: -1, Square: reach * reach, At: 0.0);
        if (hint is { IsOnNetwork: true } near)
        {
            var (hx, hy) = network.Shapes.At(near.Edge, near.Fraction);
            best.Square = Math.Min(best.Square, (Square(x - hx) + Square(y - hy)) * (1 + 1e-9) + 1e-9);
        }

        int column = (int)Math.Clamp(Math.Floor((x - left) / cell), -1e9, 1e9), row = (int)Math.Clamp(Math.Floor((y - bottom) / cell), -1e9, 1e9);
        for (var ring = FirstRing(column, row); ; ring++)
        {
            // Everything in this ring and beyond is at least so far away.
            var inside = ring == 0 ? 0 : Math.Min(
                Math.Min(x - left - (column - ring + 1) * cell, (column + ring) * cell - (x - left)),
                Math.Min(y - bottom - (row - ring + 1) * cell, (row + ring) * cell - (y - bottom)));
            if (inside > 0 && inside * inside > best.Square) break;
            if (ring > 0 && column - ring < 0 && row - ring < 0 && column + ring >= columns && row + ring >= rows) break;
            Ring(column, row, ring, x, y, ref best);
        }

        if (best.Piece < 0) return EdgePoint.None;
        var edge = pieceEdge[best.Piece];
        var access = Math.Round(Math.Sqrt(best.Square) * scale[edge] * 1000);
        if (access > Math.Round(mostMetres * 1000)) return EdgePoint.None;
        var whole = network.Shapes.PlaneLength(edge);
        var (ax, ay, bx, by) = (pieces[4 * best.Piece], pieces[4 * best.Piece + 1], pieces[4 * best.Piece + 2], pieces[4 * best.Piece + 3]);
        var metres = along[best.Piece] + best.At * Math.Sqrt(Square(bx - ax) + Square(by - ay));
        return new(edge, whole > 0 ? Math.Clamp(metres / whole, 0, 1) : 0, (int)access);
    }

    internal int CellCount => columns * rows;

    internal ReadOnlySpan<int> PiecesIn(int at) => inCell.AsSpan(firstInCell[at], firstInCell[at + 1] - firstInCell[at]);

    internal (int Edge, double Ax, double Ay, double Bx, double By) Piece(int piece) =>
        (pieceEdge[piece], pieces[4 * piece], pieces[4 * piece + 1], pieces[4 * piece + 2], pieces[4 * piece + 3]);

    internal int CellOf(double x, double y) => Row(y) * columns + Column(x);

    // Rings that lie wholly outside the grid are skipped.
    private int FirstRing(int column, int row) =>
        Math.Max(Math.Max(-column, column - columns + 1), Math.Max(Math.Max(-row, row - rows + 1), 0));

    private void Ring(int column, int row, int ring, double x, double y, ref (int Piece, double Square, double At) best)
    {
        int low = Math.Max(column - ring, 0), high = Math.Min(column + ring, columns - 1);
        for (var r = Math.Max(row - ring, 0); r <= Math.Min(row + ring, rows - 1); r++)
        {
            if (r == row - ring || r == row + ring)
            {
                for (var c = low; c <= high; c++) Cell(r * columns + c, x, y, ref best);
                continue;
            }

            if (column - ring >= 0 && column - ring < columns) Cell(r * columns + column - ring, x, y, ref best);
            if (ring > 0 && column + ring >= 0 && column + ring < columns) Cell(r * columns + column + ring, x, y, ref best);
        }
    }

    private void Cell(int at, double x, double y, ref (int Piece, double Square, double At) best)
    {
        for (var i = firstInCell[at]; i < firstInCell[at + 1]; i++)
        {
            var piece = inCell[i];
            var p = pieces.AsSpan(4 * piece, 4);
            double dx = p[2] - p[0], dy = p[3] - p[1], square = dx * dx + dy * dy;
            var t = square > 0 ? Math.Clamp(((x - p[0]) * dx + (y - p[1]) * dy) / square, 0, 1) : 0;
            var distance = Square(x - p[0] - t * dx) + Square(y - p[1] - t * dy);
            if (distance < best.Square || (distance == best.Square && (best.Piece < 0 || pieceEdge[piece] < pieceEdge[best.Piece])))
                best = (piece, distance, t);
        }
    }

    // The cells of a piece's box; of a long slanting piece only those that it comes near.
    private void EachCell(int piece, Action<int> take)
    {
        double ax = pieces[4 * piece], ay = pieces[4 * piece + 1], bx = pieces[4 * piece + 2], by = pieces[4 * piece + 3];
        int low = Column(Math.Min(ax, bx)), high = Column(Math.Max(ax, bx)), down = Row(Math.Min(ay, by)), up = Row(Math.Max(ay, by));
        double dx = bx - ax, dy = by - ay, length = Math.Sqrt(dx * dx + dy * dy);
        for (var r = down; r <= up; r++)
        {
            for (var c = low; c <= high; c++)
            {
                double x = left + (c + 0.5) * cell - ax, y = bottom + (r + 0.5) * cell - ay;
                if (low == high || down == up || Math.Abs(x * dy - y * dx) <= length * cell * 0.7072) take(r * columns + c);
            }
        }
    }

    private int Column(double x) => Math.Clamp((int)((x - left) / cell), 0, columns - 1);

    private int Row(double y) => Math.Clamp((int)((y - bottom) / cell), 0, rows - 1);

    private static double Square(double value) => value * value;
}
