using System.Buffers;
using System.Runtime.CompilerServices;
using GridMap.Geo.Hotspots;
using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>How far every cell around a search is, and (if asked for) from whom. Its memory is lent: dispose of it.</summary>
internal sealed class WalkField : IDisposable
{
    // Factors of edges are at least this; faster than walking on the flat is rare (moving stairs).
    private const double LeastFactor = 0.25;

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
        foreach (var edge in tree.SourceEdges) Stretch(edge, double.MinValue, double.MinValue, double.MaxValue, double.MaxValue);
        foreach (var node in tree.Touched)
        {
            if (tree.ToNode(node) > limit) continue;
            // No farther from the node than what is left of the walk: a factor below 1 would be needed to get there.
            var (x, y) = network.Place(node);
            var left = (limit - tree.ToNode(node)) / 1000.0 / LeastFactor;
            for (var arc = network.FirstArc(node); arc < network.FirstArc(node + 1); arc++) Stretch(network.ArcEdge(arc), x - left, y - left, x + left, y + left);
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

        void Stretch(int edge, double minX, double minY, double maxX, double maxY)
        {
            var xs = network.Shapes.Xs(edge);
            var ys = network.Shapes.Ys(edge);
            for (var i = 0; i < xs.Length; i++)
            {
                double x = Math.Clamp(xs[i], minX, maxX), y = Math.Clamp(ys[i], minY, maxY);
                (west, east, south, north) = (Math.Min(west, x), Math.Max(east, x), Math.Min(south, y), Math.Max(north, y));
            }
        }
    }

    // The outermost cells stay out of reach, so that every ring closes within the field.
    private void Fill(ShortestPathTree tree, SnapRaster raster, int first, int low, long most)
    {
        const int side = SnapRaster.Side;
        var edge = new EdgeReach(tree);
        for (var tileRow = (low + 1) / side; tileRow <= (low + Rows - 2) / side; tileRow++)
        {
            for (var tileColumn = (first + 1) / side; tileColumn <= (first + Columns - 2) / side; tileColumn++)
            {
                var cells = raster.Tile(tileColumn, tileRow);
                int left = Math.Max(tileColumn * side, first + 1), right = Math.Min((tileColumn + 1) * side, first + Columns - 1);
                int bottom = Math.Max(tileRow * side, low + 1), top = Math.Min((tileRow + 1) * side, low + Rows - 1);
                for (var row = bottom; row < top; row++)
                {
                    var line = cells.AsSpan((row - tileRow * side) * side + left - tileColumn * side, right - left);
                    var at = (row - low) * Stride + left - first;
                    foreach (ref readonly var cell in line)
                    {
                        if (edge.IsReached(cell) && edge.To(cell, out var label) is var far && far <= most)
                        {
                            Millimetres[at] = (int)far;
                            if (Labels is not null) Labels[at] = label;
                        }

                        at++;
                    }
                }
            }
        }
    }

    /// <summary>What is known of the edge that the last cell lay at: its neighbours mostly lie at the same one.</summary>
    private struct EdgeReach(ShortestPathTree tree)
    {
        private const long Never = long.MaxValue / 4;

        private int edge = int.MinValue;
        private bool isReached;
        private bool isPlain;
        private long fromStart;
        private long fromEnd;
        private double startCost;
        private double endCost;
        private int startLabel;
        private int endLabel;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsReached(in SnapRaster.Cell cell)
        {
            if (cell.Edge != edge) Enter(cell.Edge);
            return isReached;
        }

        /// <summary>Millimetres to the cell of the edge entered last.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly long To(in SnapRaster.Cell cell, out int label)
        {
            if (!isPlain) return Sought(cell, out label);
            long start = fromStart + (long)(cell.Fraction * startCost), end = fromEnd - (long)(cell.Fraction * endCost);
            var isStart = start < end || (start == end && startLabel < endLabel);
            label = isStart ? startLabel : endLabel;
            return (isStart ? start : end) + cell.AccessCentimetres * 10;
        }

        private readonly long Sought(in SnapRaster.Cell cell, out int label)
        {
            (var far, label) = tree.To(new(cell.Edge, cell.Fraction / (double)ushort.MaxValue, cell.AccessCentimetres * 10), Never);
            return far == RoadNetwork.NoWay ? Never : far;
        }

        private void Enter(int next)
        {
            edge = next;
            isReached = edge >= 0 && tree.MayReach(edge);
            if (!isReached) return;
            ref readonly var ends = ref tree.Network.Edge(edge);
            var (up, down) = tree.Heading == Heading.From ? (ends.Forward, ends.Backward) : (ends.Backward, ends.Forward);
            // Own sources, and streets that are closed one way, are left to the tree.
            isPlain = !tree.HasSource(edge) && up != RoadNetwork.NoWay && down != RoadNetwork.NoWay;
            ref readonly var start = ref tree.States[ends.From];
            ref readonly var end = ref tree.States[ends.To];
            (fromStart, startCost, startLabel) = (start.Distance == RoadNetwork.NoWay ? Never : start.Distance, up / (double)ushort.MaxValue, start.Origin);
            (fromEnd, endCost, endLabel) = (end.Distance == RoadNetwork.NoWay ? Never : (long)end.Distance + down, down / (double)ushort.MaxValue, end.Origin);
        }
    }
}
