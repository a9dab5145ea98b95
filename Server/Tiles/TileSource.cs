using GridMap.Geo.Tiles;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Tiles;

/// <summary>Tiles of a layer: the one already made, or made now from memory, or by the database where the layer is not in memory.</summary>
public sealed class TileSource(LayerReader reader, Database database, TileQueries queries, TileCache cache, CityClock clock)
{
    /// <param name="layer">Whose tile.</param>
    /// <param name="set">How the world is cut.</param>
    /// <param name="z">The tile's zoom, which there must be, as the column and row.</param>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="ask">The request's own parameters: those of the layer's filter.</param>
    /// <param name="query">The same as they were written.</param>
    /// <param name="cancellation">Stops the asking.</param>
    public async ValueTask<MadeTile> Find(Layer layer, TileMatrixSet set, int z, int x, int y, Question ask, string query, CancellationToken cancellation)
    {
        if (!set.IsMercator) set = TileMatrixSet.WorldCrs84Quad; // the tiles of degrees are the same ones on either datum: made and kept once
        var view = await reader.View(layer, cancellation);
        var tests = view.Copy is { Since: not null } ? await Tests(layer, ask, cancellation) : null;
        var copy = tests is not null && !view.Copy!.HasAll(new FeatureQuestion(layer, 1) { Tests = tests }) ? null : view.Copy;
        // "Now" moves on without any change being made; a minute is as fine as anybody can tell boundaries apart.
        var minute = layer.TimeEnd is null && (layer.TileFilter is null || query.Length == 0) ? 0 : clock.Now.Ticks / TimeSpan.TicksPerMinute;
        var key = new TileKey(set, z, x, y, query, minute, copy is null ? view.Version : 0);
        if (cache.Find(layer, key) is { } known) return known;
        var tile = new MadeTile(set.Detail(z) < layer.MinZoom ? [] : await Make(layer, new TileMatrix(set, z, x, y), tests ?? await Tests(layer, ask, cancellation), copy, cancellation));
        cache.Keep(layer, key, tile, copy);
        return tile;
    }

    private async ValueTask<IReadOnlyList<PropertyTest>> Tests(Layer layer, Question ask, CancellationToken cancellation) =>
        layer.TileFilter is { } filter ? await filter.Tests(ask, database, clock, cancellation) : [];

    private async Task<byte[]> Make(Layer layer, TileMatrix tile, IReadOnlyList<PropertyTest> tests, LayerCopy? copy, CancellationToken cancellation) =>
        copy is not null ? TileMaker.Make(copy, tile, tests) : await queries.Tile(layer, tile, tests, cancellation);
}
