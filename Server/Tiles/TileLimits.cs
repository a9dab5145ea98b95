using GridMap.Geo.Tiles;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Tiles;

/// <summary>The limits that a tile set names (OGC 20-057, tc-error): outside them there is no tile; inside one may be empty.</summary>
public static class TileLimits
{
    /// <exception cref="Refused">The tile lies outside.</exception>
    public static async ValueTask Must(Extents extents, IReadOnlyList<Layer> layers, TileMatrixSet set, int z, int x, int y, CancellationToken cancellation)
    {
        var deepEnough = z >= layers.Min(layer => set.ZoomOf(layer.MinZoom));
        // What was measured last answers for nearly every tile: a table that changes all the time is not measured anew for each.
        if (deepEnough && Extents.Around(layers.Select(extents.LastBoxOf)) is { } last && set.Reaches(last, z, x, y)) return;
        var boxes = new List<double[]?>();
        foreach (var layer in layers) boxes.Add(await extents.BoxOf(layer, cancellation));
        // Nothing there is nothing to have limits.
        if (Extents.Around(boxes) is not { } box || (deepEnough && set.Reaches(box, z, x, y))) return;
        throw new Refused("tile.not-found", $"The tile {z}/{x}/{y} (zoom, column, row) lies outside the limits that the tile set names.");
    }
}
