namespace GridMap.Geo.Packed;

/// <summary>Of each polygon the edges that pass through a row of the raster, row by row; an edge through several rows stands in each.</summary>
internal sealed class RasterBands
{
    private const double Steps = 1e7;

    private readonly RasterFrame _frame;
    private readonly int[] _firstBands;
    private readonly int[] _firstRows;
    private readonly int[] _offsets;

    public RasterBands(RasterFrame frame, PolygonEdges shapes)
    {
        _frame = frame;
        (_firstBands, _firstRows) = (new int[shapes.Count + 1], new int[shapes.Count]);
        // The first band is nobody's and has no edge.
        var (offsets, used) = (new List<int> { 0 }, 1);
        _firstBands[0] = 1;
        for (var item = 0; item < shapes.Count; item++)
        {
            var (low, high) = (int.MaxValue, -1);
            foreach (var edge in shapes.EdgesOf(item)) (low, high) = (Math.Min(low, Low(edge)), Math.Max(high, High(edge)));
            _firstRows[item] = low;
            var counts = new int[high < 0 ? 0 : high - low + 1];
            foreach (var edge in shapes.EdgesOf(item))
            {
                for (var row = Low(edge); row <= High(edge); row++) counts[row - low]++;
            }
            foreach (var count in counts)
            {
                offsets.Add(used);
                used += 1 + (count * 4);
            }
            _firstBands[item + 1] = offsets.Count;
        }
        _offsets = [.. offsets];
        Edges = new int[used];
        for (var item = 0; item < shapes.Count; item++)
        {
            foreach (var edge in shapes.EdgesOf(item))
            {
                for (var row = Low(edge); row <= High(edge); row++) Add(_offsets[_firstBands[item] + row - _firstRows[item]], edge);
            }
        }
    }

    /// <summary>Of each band the number of its edges, then x1, y1, x2, y2 of each in steps of 1e-7°.</summary>
    public int[] Edges { get; }

    /// <summary>Where the band of an item in a row begins.</summary>
    public int OffsetOf(int item, int row)
    {
        var band = _firstBands[item] + row - _firstRows[item];
        return band >= _firstBands[item] && band < _firstBands[item + 1] ? _offsets[band] : 0;
    }

    // The row of a place never decreases with its latitude, so an edge that holds the place's latitude is in the place's row.
    private int Low(PackedEdge edge) => _frame.Row(Math.Min(edge.Y1, edge.Y2) / Steps);

    private int High(PackedEdge edge) => _frame.Row(Math.Max(edge.Y1, edge.Y2) / Steps);

    private void Add(int offset, PackedEdge edge)
    {
        var at = offset + 1 + (4 * Edges[offset]++);
        (Edges[at], Edges[at + 1], Edges[at + 2], Edges[at + 3]) = (edge.X1, edge.Y1, edge.X2, edge.Y2);
    }
}
