using GridMap.Geo.Hotspots;
using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>For the middle of every cell of a lattice the nearest place on the network: what turns a search into a picture.</summary>
/// <remarks>
/// Reckoned a tile of 64 × 64 cells at a time when first asked for or by <see cref="Prepare"/>, and kept: a tile costs 4 ms and 25 kB. The
/// fraction is kept in 1/65,535 of the edge, the access leg in centimetres; cells stand edge by edge, so that a search looks at each edge once and passes
/// over those that it has not reached. Thread-safe: a tile may be reckoned twice, with the same result.
/// </remarks>
public sealed class SnapRaster
{
    internal const int Side = 64;

    private readonly Tile?[] tiles;
    private readonly float[] outreach;
    private readonly int across;
    private int prepared;

    /// <param name="index">Of the network.</param>
    /// <param name="cellMetres">Side of a cell; made wider where the network would need more than 64 million cells.</param>
    /// <param name="reachMetres">The longest access leg, at most 600: cells farther from every edge belong to nothing.</param>
    public SnapRaster(EdgeIndex index, double cellMetres, double reachMetres)
    {
        Guard.Positive(cellMetres);
        ReachMetres = Guard.InRange(reachMetres, 1, 600);
        Index = index;
        double width = index.Right - index.Left + 2 * reachMetres, height = index.Top - index.Bottom + 2 * reachMetres;
        CellMetres = Math.Max(cellMetres, Math.Sqrt(width * height / 64e6));
        (OriginX, OriginY) = (Math.Floor((index.Left - reachMetres) / CellMetres) * CellMetres, Math.Floor((index.Bottom - reachMetres) / CellMetres) * CellMetres);
        across = (int)(width / CellMetres / Side) + 2;
        var up = (int)(height / CellMetres / Side) + 2;
        (Columns, Rows) = (across * Side, up * Side);
        tiles = new Tile?[across * up];
        outreach = Outreaches(index.Network);
    }

    public EdgeIndex Index { get; }

    public double CellMetres { get; }

    public double ReachMetres { get; }

    internal double OriginX { get; }

    internal double OriginY { get; }

    internal int Columns { get; }

    internal int Rows { get; }

    /// <summary>How many tiles there are.</summary>
    public int Tiles => tiles.Length;

    /// <summary>How many of them have been reckoned.</summary>
    public int TilesReady => tiles.Count(tile => tile is not null);

    /// <summary>Reckons up to so many tiles that nobody has asked for yet, from the west and south on. One caller at a time; others may ask meanwhile.</summary>
    /// <returns>Whether some may be left.</returns>
    public bool Prepare(int most)
    {
        for (; prepared < tiles.Length && most > 0; prepared++)
        {
            if (tiles[prepared] is not null) continue;
            tiles[prepared] = Reckon(prepared % across, prepared / across);
            most--;
        }

        return prepared < tiles.Length;
    }

    /// <summary>How far a node's edges lead away from it east or north, at most: metres.</summary>
    internal float Outreach(int node) => outreach[node];

    /// <summary>Where a cell's middle meets its edge; its position in the tile counts row by row from the south.</summary>
    internal readonly record struct Cell(ushort Position, ushort Fraction, ushort AccessCentimetres);

    /// <summary>A tile's cells edge by edge: those of <c>Edges[i]</c> run from <c>First[i]</c> to <c>First[i + 1] − 1</c>. Cells that no edge is near to are missing.</summary>
    internal sealed record Tile(int[] Edges, int[] First, Cell[] Cells);

    internal Tile At(int tileColumn, int tileRow) => tiles[tileRow * across + tileColumn] ??= Reckon(tileColumn, tileRow);

    private Tile Reckon(int tileColumn, int tileRow)
    {
        var (keys, cells) = (new long[Side * Side], new Cell[Side * Side]);
        var count = 0;
        EdgePoint? before = null;
        for (var row = 0; row < Side; row++)
        {
            for (var i = 0; i < Side; i++)
            {
                // There and back again: the last cell is always a neighbour, and a good hint.
                var column = (row & 1) == 0 ? i : Side - 1 - i;
                var place = Index.Nearest(OriginX + (tileColumn * Side + column + 0.5) * CellMetres, OriginY + (tileRow * Side + row + 0.5) * CellMetres, ReachMetres, before);
                if (!place.IsOnNetwork) continue;
                before = place;
                var position = row * Side + column;
                keys[count] = ((long)place.Edge << 12) | (uint)position;
                cells[count++] = new((ushort)position, (ushort)Math.Round(place.Fraction * ushort.MaxValue), (ushort)((place.AccessMillimetres + 5) / 10));
            }
        }

        Array.Resize(ref keys, count);
        Array.Resize(ref cells, count);
        Array.Sort(keys, cells);
        var (edges, first) = (new List<int>(), new List<int>());
        for (var i = 0; i < count; i++)
        {
            var edge = (int)(keys[i] >> 12);
            if (edges.Count > 0 && edges[^1] == edge) continue;
            edges.Add(edge);
            first.Add(i);
        }

        return new([.. edges], [.. first, count], cells);
    }

    private static float[] Outreaches(RoadNetwork network)
    {
        var far = new float[network.Nodes];
        for (var edge = 0; edge < network.Edges; edge++)
        {
            ref readonly var ends = ref network.Edge(edge);
            var xs = network.Shapes.Xs(edge);
            var ys = network.Shapes.Ys(edge);
            for (var i = 0; i < xs.Length; i++)
            {
                far[ends.From] = Math.Max(far[ends.From], Away(xs[i] - xs[0], ys[i] - ys[0]));
                far[ends.To] = Math.Max(far[ends.To], Away(xs[i] - xs[^1], ys[i] - ys[^1]));
            }
        }

        return far;

        static float Away(double x, double y) => (float)Math.Max(Math.Abs(x), Math.Abs(y));
    }
}
