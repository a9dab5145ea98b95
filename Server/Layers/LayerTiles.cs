using GridMap.Geo.Tiles;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>What every face says of tiles alike: how deep they go, and how a tile is asked for.</summary>
public static class LayerTiles
{
    /// <summary>The deepest zoom that there are tiles of.</summary>
    public const int MaxZoom = 20;

    /// <summary>The format parameter of a tile.</summary>
    public static readonly Parameter<string?> Format = Parameters.Choice("f", ["mvt"], "The format of tiles: Mapbox Vector Tile.");

    /// <summary>The collections in a tile of several.</summary>
    public static readonly Parameter<string?> Collections = Parameters.TextOf("collections", 500, "Collections by comma; all when absent.");

    /// <summary>The collections that are asked for; all when none is.</summary>
    /// <exception cref="Refused">One of them is not there.</exception>
    public static Layer[] Asked(Question ask, LayerCatalog layers) => ask.Get(Collections)?.Split(',') is not { } names ? [.. layers.All]
        : [.. names.Distinct().Select(name => layers.Find(name) ?? throw Refused.Field("collections", "choice.unknown", $"some of {string.Join(", ", layers.All.Select(layer => layer.Name))}"))];

    /// <exception cref="Refused">There is no such tile.</exception>
    public static void MustExist(TileMatrixSet set, int z, int x, int y)
    {
        if (z > MaxZoom || !set.Has(z, x, y))
        {
            throw new Refused("tile.not-found", $"There is no tile {z}/{x}/{y} (zoom, column, row) in {set.Id}: zooms go from 0 to {MaxZoom}, "
                + (set.IsMercator ? "columns and rows from 0 to 2^zoom - 1." : "rows from 0 to 2^zoom - 1, columns from 0 to 2^(zoom + 1) - 1."));
        }
    }
}
