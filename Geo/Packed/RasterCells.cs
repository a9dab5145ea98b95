namespace GridMap.Geo.Packed;

/// <summary>Finds which polygons touch which cells of a raster, and which of them cover the cell whole.</summary>
internal sealed class RasterCells(RasterFrame frame, PolygonEdges shapes, RasterBands bands)
{
    private const double Steps = 1e7;

    // Cells that an edge comes nearer to than this part of a cell count as touched.
    private const double Near = 1e-3;

    private readonly int[] _marks = new int[frame.Side * frame.Side];
    private int _minColumn, _minRow, _maxColumn, _maxRow;

    /// <summary>For each cell where its candidates begin, and the candidates.</summary>
    /// <param name="meets">Whether a candidate is met at a place.</param>
    public (int[] Starts, RasterCandidate[] Candidates) Fill(Func<RasterCandidate, double, double, bool> meets)
    {
        // Twice through all items: first counting, then placing.
        var starts = new int[_marks.Length + 1];
        for (var item = 0; item < shapes.Count; item++) Cover(item, meets, (cell, _) => starts[cell + 1]++);
        for (var i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        var (candidates, next) = (new RasterCandidate[starts[^1]], starts[..^1]);
        Array.Clear(_marks);
        for (var item = 0; item < shapes.Count; item++)
        {
            var of = item;
            Cover(item, meets, (cell, whole) => candidates[next[cell]++] = new(of, whole ? -1 : bands.OffsetOf(of, cell / frame.Side)));
        }
        return (starts, candidates);
    }

    private void Cover(int item, Func<RasterCandidate, double, double, bool> meets, Action<int, bool> put)
    {
        (_minColumn, _minRow, _maxColumn, _maxRow) = (int.MaxValue, int.MaxValue, -1, -1);
        foreach (var edge in shapes.EdgesOf(item)) Touch(edge, item + 1, put);
        for (var row = _minRow; row <= _maxRow; row++)
        {
            for (var column = _minColumn; column <= _maxColumn; column++)
            {
                var cell = (row * frame.Side) + column;
                if (_marks[cell] == item + 1) continue;
                // No border comes near, so one point speaks for the cell.
                var (lon, lat) = frame.Middle(column, row);
                if (meets(new(item, bands.OffsetOf(item, row)), lon, lat)) put(cell, true);
            }
        }
    }

    private void Touch(PackedEdge edge, int mark, Action<int, bool> put)
    {
        double c1 = frame.X(edge.X1 / Steps), r1 = frame.Y(edge.Y1 / Steps), c2 = frame.X(edge.X2 / Steps), r2 = frame.Y(edge.Y2 / Steps);
        var (low, high) = (Cell(Math.Min(r1, r2) - Near), Cell(Math.Max(r1, r2) + Near));
        for (var row = low; row <= high; row++)
        {
            // The part of the edge between the row's lower and upper side.
            double from = c1, to = c2;
            if (Math.Abs(r2 - r1) > Near)
            {
                var (a, b) = (Math.Clamp((row - Near - r1) / (r2 - r1), 0, 1), Math.Clamp((row + 1 + Near - r1) / (r2 - r1), 0, 1));
                (from, to) = (c1 + (a * (c2 - c1)), c1 + (b * (c2 - c1)));
            }
            var (first, last) = (Cell(Math.Min(from, to) - Near), Cell(Math.Max(from, to) + Near));
            (_minColumn, _maxColumn, _minRow, _maxRow) = (Math.Min(_minColumn, first), Math.Max(_maxColumn, last), Math.Min(_minRow, row), Math.Max(_maxRow, row));
            for (var column = first; column <= last; column++)
            {
                var cell = (row * frame.Side) + column;
                if (_marks[cell] == mark) continue;
                _marks[cell] = mark;
                put(cell, false);
            }
        }
    }

    private int Cell(double at) => Math.Clamp((int)Math.Floor(at), 0, frame.Side - 1);
}
