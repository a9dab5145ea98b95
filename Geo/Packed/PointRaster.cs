namespace GridMap.Geo.Packed;

/// <summary>A polygon that may be at a place: its number, and where its edges near the place begin, below 0 when it covers the whole cell.</summary>
public readonly record struct RasterCandidate(int Item, int Edges);

/// <summary>
/// Finds polygons under points by the million: a raster of cells over them all, each with the polygons that touch it and whether they cover it whole. Only near borders is a
/// point tested, and then against those edges alone that pass through the cell's row. Immutable and thread-safe. Answers as <see cref="PointTest"/> does for valid polygons.
/// </summary>
/// <remarks>Most of its time is spent waiting for memory, so what belongs to a place lies together: the cell's start, its candidates, the edges of each that must be tested.</remarks>
public sealed class PointRaster
{
    private const double Steps = 1e7;

    private readonly RasterFrame _frame;
    private readonly int[] _starts;
    private readonly RasterCandidate[] _candidates;
    private readonly int[] _edges;

    /// <param name="geometries">Valid polygons or multipolygons; the item's number is its place in the list.</param>
    public PointRaster(IReadOnlyList<(GeometryArena Arena, int Index)> geometries)
    {
        var shapes = PolygonEdges.Of(geometries);
        _frame = RasterFrame.Around(shapes.Box, geometries.Count);
        var bands = new RasterBands(_frame, shapes);
        _edges = bands.Edges;
        (_starts, _candidates) = new RasterCells(_frame, shapes, bands).Fill(Meets);
    }

    public long Bytes => ((_starts.LongLength + _edges.LongLength) * 4) + (_candidates.LongLength * 8);

    /// <summary>The items that may be there; test each with <see cref="Meets"/>.</summary>
    public ReadOnlySpan<RasterCandidate> Candidates(double lon, double lat)
    {
        var cell = _frame.CellAt(lon, lat);
        return cell < 0 ? [] : _candidates.AsSpan(_starts[cell], _starts[cell + 1] - _starts[cell]);
    }

    /// <summary>Whether the candidate is really met at the place for which it was found.</summary>
    public bool Meets(RasterCandidate candidate, double lon, double lat)
    {
        if (candidate.Edges < 0) return true;
        var edges = _edges.AsSpan(candidate.Edges + 1, _edges[candidate.Edges] * 4);
        var inside = false;
        // A step above and below, what is rounded cannot change sides.
        var step = (int)Math.Round(lat * Steps);
        var (above, below) = (step + 1, step - 1);
        for (var i = 0; i + 3 < edges.Length; i += 4)
        {
            int y1 = edges[i + 1], y2 = edges[i + 3];
            if ((y1 > above && y2 > above) || (y1 < below && y2 < below)) continue;
            var turn = PointTest.Winding(edges[i] / Steps, y1 / Steps, edges[i + 2] / Steps, y2 / Steps, lon, lat);
            if (turn == PointTest.OnBorder) return true;
            inside ^= turn != 0;
        }
        return inside;
    }
}
