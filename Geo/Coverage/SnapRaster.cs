using GridMap.Geo.Hotspots;
using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>For the middle of every cell of a lattice the nearest place on the network: what turns a search into a picture.</summary>
/// <remarks>
/// Reckoned a tile of 64 × 64 cells at a time when first asked for, and kept: a city that nobody looks at costs nothing, a tile 4 ms and 32 kB. The
/// fraction is kept in 1/65,535 of the edge, the access leg in centimetres. Thread-safe: a tile may be reckoned twice, with the same result.
/// </remarks>
public sealed class SnapRaster
{
    internal const int Side = 64;

    private readonly Cell[]?[] tiles;
    private readonly int across;

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
        tiles = new Cell[]?[across * up];
    }

    public EdgeIndex Index { get; }

    public double CellMetres { get; }

    public double ReachMetres { get; }

    internal double OriginX { get; }

    internal double OriginY { get; }

    internal int Columns { get; }

    internal int Rows { get; }

    /// <summary>How many tiles have been reckoned.</summary>
    public int TilesReady => tiles.Count(tile => tile is not null);

    /// <summary>Where a cell's middle meets the network.</summary>
    internal readonly record struct Cell(int Edge, ushort Fraction, ushort AccessCentimetres);

    /// <summary>A tile's cells, row by row from the south.</summary>
    internal Cell[] Tile(int tileColumn, int tileRow) => tiles[tileRow * across + tileColumn] ??= Reckon(tileColumn, tileRow);

    private Cell[] Reckon(int tileColumn, int tileRow)
    {
        var cells = new Cell[Side * Side];
        EdgePoint? before = null;
        for (var row = 0; row < Side; row++)
        {
            for (var i = 0; i < Side; i++)
            {
                // There and back again: the last cell is always a neighbour, and a good hint.
                var column = (row & 1) == 0 ? i : Side - 1 - i;
                var place = Index.Nearest(OriginX + (tileColumn * Side + column + 0.5) * CellMetres, OriginY + (tileRow * Side + row + 0.5) * CellMetres, ReachMetres, before);
                if (place.IsOnNetwork) before = place;
                cells[row * Side + column] = place.IsOnNetwork
                    ? new(place.Edge, (ushort)Math.Round(place.Fraction * ushort.MaxValue), (ushort)((place.AccessMillimetres + 5) / 10))
                    : new(-1, 0, 0);
            }
        }

        return cells;
    }
}
