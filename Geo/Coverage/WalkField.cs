using System.Buffers;
using GridMap.Geo.Hotspots;
using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>How far every cell around a search is, and (if asked for) from whom. Its memory is lent: dispose of it.</summary>
internal sealed class WalkField : IDisposable
{
    // Factors of edges are at least this; faster than walking on the flat is rare (moving stairs).
    private const double LeastFactor = 0.25;

    private const long Never = long.MaxValue / 4;

    private readonly double originX;
    private readonly double originY;
    private readonly double cellMetres;

    /// <param name="originX">West edge of the first cell.</param>
    /// <param name="originY">South edge of the first cell.</param>
    /// <param name="cellMetres">Side of a cell.</param>
    /// <param name="columns">Of which the first and the last stay out of reach.</param>
    /// <param name="rows">Likewise.</param>
    /// <param name="withLabels">Whether it is kept whose each cell is.</param>
    internal WalkField(double originX, double originY, double cellMetres, int columns, int rows, bool withLabels)
    {
        (this.originX, this.originY, this.cellMetres, Columns, Rows) = (originX, originY, cellMetres, columns, rows);
        Stride = (columns + 63) / 64 * 64;
        Cut = 2000 * cellMetres;
        Millimetres = ArrayPool<int>.Shared.Rent(Stride * rows);
        Array.Fill(Millimetres, RoadNetwork.NoWay, 0, Stride * rows);
        if (!withLabels) return;
        Labels = ArrayPool<int>.Shared.Rent(Stride * rows);
        Array.Fill(Labels, -1, 0, Stride * rows);
    }

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>Cells from one row to the next: whole words of bits.</summary>
    public int Stride { get; }

    /// <summary>How far from the line numbers still differ, in millimetres.</summary>
    public double Cut { get; }

    /// <summary>Row by row; <see cref="RoadNetwork.NoWay"/> where nothing is known. May be longer than the field.</summary>
    public int[] Millimetres { get; }

    /// <summary>Like the millimetres; −1 for nobody's.</summary>
    public int[]? Labels { get; }

    public double CentreX(double column) => originX + (column + 0.5) * cellMetres;

    public double CentreY(double row) => originY + (row + 0.5) * cellMetres;

    /// <summary>Every label that is nearest to some cell, rising.</summary>
    public IEnumerable<int> DistinctLabels() => Labels!.Take(Stride * Rows).Where(label => label >= 0).Distinct().Order();

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(Millimetres);
        if (Labels is not null) ArrayPool<int>.Shared.Return(Labels);
    }

    /// <summary>The field over the box around all that the search reached; null when that is nothing.</summary>
    public static WalkField? Of(ShortestPathTree tree, SnapRaster raster, int limit, bool withLabels)
    {
        var network = tree.Network;
        var (west, south, east, north) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var edge in tree.SourceEdges) Hold(edge);
        foreach (var node in tree.Touched)
        {
            if (tree.ToNode(node) > limit) continue;
            // No farther from the node than its edges lead, and than what is left of the walk: a factor below 1 would be needed to get there.
            var (x, y) = network.Place(node);
            var left = Math.Min((limit - tree.ToNode(node)) / 1000.0 / LeastFactor, raster.Outreach(node));
            (west, east, south, north) = (Math.Min(west, x - left), Math.Max(east, x + left), Math.Min(south, y - left), Math.Max(north, y + left));
        }

        if (west > east) return null;
        var margin = Math.Min(raster.ReachMetres, limit / 1000.0) + 2 * raster.CellMetres;
        int first = Column(west - margin), last = Column(east + margin), low = Row(south - margin), high = Row(north + margin);
        var field = new WalkField(raster.OriginX + first * raster.CellMetres, raster.OriginY + low * raster.CellMetres, raster.CellMetres,
            Math.Min(last - first + 1, Lattice.MaxSide), Math.Min(high - low + 1, Lattice.MaxSide), withLabels);
        // Beyond the line as far as the cut, so that the line runs true between two cells.
        field.Fill(tree, raster, first, low, (long)limit + (long)field.Cut);
        return field;

        int Column(double x) => (int)Math.Clamp((x - raster.OriginX) / raster.CellMetres, 0, raster.Columns - 1);

        int Row(double y) => (int)Math.Clamp((y - raster.OriginY) / raster.CellMetres, 0, raster.Rows - 1);

        void Hold(int edge)
        {
            var xs = network.Shapes.Xs(edge);
            var ys = network.Shapes.Ys(edge);
            for (var i = 0; i < xs.Length; i++) (west, east, south, north) = (Math.Min(west, xs[i]), Math.Max(east, xs[i]), Math.Min(south, ys[i]), Math.Max(north, ys[i]));
        }
    }

    // The outermost cells stay out of reach, so that every ring closes within the field.
    private void Fill(ShortestPathTree tree, SnapRaster raster, int first, int low, long most)
    {
        const int side = SnapRaster.Side;
        for (var tileRow = (low + 1) / side; tileRow <= (low + Rows - 2) / side; tileRow++)
        {
            for (var tileColumn = (first + 1) / side; tileColumn <= (first + Columns - 2) / side; tileColumn++)
            {
                var tile = raster.At(tileColumn, tileRow);
                // In the field's own cells, and which of the tile's lie within it.
                int west = tileColumn * side - first, south = tileRow * side - low;
                var window = new Window(Math.Max(1 - west, 0), Math.Min(Columns - 2 - west, side - 1), Math.Max(1 - south, 0), Math.Min(Rows - 2 - south, side - 1));
                for (var i = 0; i < tile.Edges.Length; i++)
                {
                    if (tree.MayReach(tile.Edges[i])) Draw(tree, tile.Edges[i], tile.Cells.AsSpan(tile.First[i], tile.First[i + 1] - tile.First[i]), south * Stride + west, window, most);
                }
            }
        }
    }

    // The cells of one edge. The origin is where the tile's first cell stands in the field: below 0 where only other cells of the tile do.
    private void Draw(ShortestPathTree tree, int edge, ReadOnlySpan<SnapRaster.Cell> cells, int origin, Window window, long most)
    {
        ref readonly var ends = ref tree.Network.Edge(edge);
        var (up, down) = tree.Heading == Heading.From ? (ends.Forward, ends.Backward) : (ends.Backward, ends.Forward);
        ref readonly var start = ref tree.States[ends.From];
        ref readonly var end = ref tree.States[ends.To];
        // Own sources, and streets that are closed one way, are left to the tree.
        if (tree.HasSource(edge) || up == RoadNetwork.NoWay || down == RoadNetwork.NoWay)
        {
            foreach (ref readonly var cell in cells)
            {
                var (far, label) = tree.To(new(edge, cell.Fraction / (double)ushort.MaxValue, cell.AccessCentimetres * 10), Never);
                if (far != RoadNetwork.NoWay) Put(cell, far, label);
            }

            return;
        }

        var fromStart = start.Distance == RoadNetwork.NoWay ? Never : start.Distance;
        var fromEnd = end.Distance == RoadNetwork.NoWay ? Never : (long)end.Distance + down;
        double startCost = up / (double)ushort.MaxValue, endCost = down / (double)ushort.MaxValue;
        foreach (ref readonly var cell in cells)
        {
            long byStart = fromStart + (long)(cell.Fraction * startCost), byEnd = fromEnd - (long)(cell.Fraction * endCost);
            var isStart = byStart < byEnd || (byStart == byEnd && start.Origin < end.Origin);
            Put(cell, (isStart ? byStart : byEnd) + cell.AccessCentimetres * 10, isStart ? start.Origin : end.Origin);
        }

        void Put(in SnapRaster.Cell cell, long far, int label)
        {
            int column = cell.Position % SnapRaster.Side, row = cell.Position / SnapRaster.Side;
            if (far > most || !window.Holds(column, row)) return;
            var at = origin + row * Stride + column;
            Millimetres[at] = (int)far;
            if (Labels is not null) Labels[at] = label;
        }
    }

    private readonly record struct Window(int Left, int Right, int Bottom, int Top)
    {
        public bool Holds(int column, int row) => (uint)(column - Left) <= (uint)(Right - Left) && (uint)(row - Bottom) <= (uint)(Top - Bottom);
    }
}
