using GridMap.Geo.Hotspots;
using GridMap.Geo.Roads;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Coverage;

/// <summary>How far every cell around a search is, and from whom.</summary>
internal sealed class WalkField
{
    private readonly Lattice lattice;
    private readonly int[] millimetres;
    private readonly int[] labels;
    private WalkContour? contour;
    private float[]? values;

    private WalkField(Lattice lattice, int[] millimetres, int[] labels) => (this.lattice, this.millimetres, this.labels) = (lattice, millimetres, labels);

    /// <summary>Every label that is nearest to some cell, rising.</summary>
    public IEnumerable<int> Labels => labels.Where(label => label >= 0).Distinct().Order();

    /// <summary>The field over the box around all that the search reached; null when that is nothing.</summary>
    public static WalkField? Of(ShortestPathTree tree, SnapRaster raster, int limit)
    {
        var network = tree.Network;
        var (west, south, east, north) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var edge in tree.SourceEdges) Stretch(edge);
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
        var (columns, rows) = (Math.Min(last - first + 1, Lattice.MaxSide), Math.Min(high - low + 1, Lattice.MaxSide));
        var field = new WalkField(new(raster.OriginX + first * raster.CellMetres, raster.OriginY + low * raster.CellMetres, raster.CellMetres, columns, rows),
            new int[columns * rows], new int[columns * rows]);
        field.Fill(tree, raster, first, low, limit);
        return field;

        int Column(double x) => (int)Math.Clamp((x - raster.OriginX) / raster.CellMetres, 0, raster.Columns - 1);

        int Row(double y) => (int)Math.Clamp((y - raster.OriginY) / raster.CellMetres, 0, raster.Rows - 1);

        void Stretch(int edge, double minX = double.MinValue, double minY = double.MinValue, double maxX = double.MaxValue, double maxY = double.MaxValue)
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

    /// <summary>Around every cell within the walk, and of the label if one is named.</summary>
    public MultiPolygon Contour(int limit, int? label, double leastSquareMetres)
    {
        // Straight in between two cells, and cut off two cells from the line: a cell without a way stands beside one with some walk left.
        var cut = (float)(2000 * lattice.CellMetres);
        contour ??= new(lattice);
        values ??= new float[millimetres.Length];
        Array.Fill(values, -cut);
        // The outermost cells stay outside, so that every ring closes within the lattice.
        for (var row = 1; row < lattice.Rows - 1; row++)
        {
            for (var at = row * lattice.Columns + 1; at < (row + 1) * lattice.Columns - 1; at++)
            {
                if (millimetres[at] != RoadNetwork.NoWay && (label is null || labels[at] == label)) values[at] = Math.Clamp((float)(limit - millimetres[at]), -cut, cut);
            }
        }

        return contour.Trace(values, leastSquareMetres);
    }

    // Factors of edges are at least this; faster than walking on the flat is rare (moving stairs).
    private const double LeastFactor = 0.25;

    private void Fill(ShortestPathTree tree, SnapRaster raster, int first, int low, int limit)
    {
        var (columns, rows) = (lattice.Columns, lattice.Rows);
        Array.Fill(millimetres, RoadNetwork.NoWay);
        Array.Fill(labels, -1);
        // Beyond the line as far as the cut, so that the line runs true between two cells.
        var most = (long)limit + (long)(2000 * lattice.CellMetres);
        for (var tileRow = low / SnapRaster.Side; tileRow <= (low + rows - 1) / SnapRaster.Side; tileRow++)
        {
            for (var tileColumn = first / SnapRaster.Side; tileColumn <= (first + columns - 1) / SnapRaster.Side; tileColumn++)
            {
                var cells = raster.Tile(tileColumn, tileRow);
                int left = Math.Max(tileColumn * SnapRaster.Side, first), right = Math.Min((tileColumn + 1) * SnapRaster.Side, first + columns);
                int bottom = Math.Max(tileRow * SnapRaster.Side, low), top = Math.Min((tileRow + 1) * SnapRaster.Side, low + rows);
                for (var row = bottom; row < top; row++)
                {
                    for (var column = left; column < right; column++)
                    {
                        ref readonly var cell = ref cells[(row - tileRow * SnapRaster.Side) * SnapRaster.Side + column - tileColumn * SnapRaster.Side];
                        if (cell.Edge < 0 || !tree.MayReach(cell.Edge)) continue;
                        var (far, label) = tree.To(new(cell.Edge, cell.Fraction / (double)ushort.MaxValue, cell.AccessCentimetres * 10), most);
                        var at = (row - low) * columns + column - first;
                        (millimetres[at], labels[at]) = (far, label);
                    }
                }
            }
        }
    }
}
