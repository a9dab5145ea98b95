using System.Collections.Concurrent;
using GridMap.Geo.Packed;
using GridMap.Geo.Tiles;
using GridMap.Server.Layers;

namespace GridMap.Server.Tiles;

/// <summary>Which tile.</summary>
/// <param name="Set">How the world is cut.</param>
/// <param name="Z">Zoom.</param>
/// <param name="X">Column.</param>
/// <param name="Y">Row.</param>
/// <param name="Filter">The query as it was asked.</param>
/// <param name="Minute">The time that "now" stands for; 0 where the tile does not depend on it.</param>
/// <param name="Version">Of the layer where the database made the tile; 0 where the layer is in memory, whose changes take tiles away.</param>
public readonly record struct TileKey(TileMatrixSet Set, int Z, int X, int Y, string Filter, long Minute, long Version);

/// <summary>
/// Tiles already made, within a bound of bytes (what was not used for longest goes first, roughly: the clock algorithm). A change of a layer in memory takes away
/// exactly the tiles that show what changed.
/// </summary>
public sealed class TileCache
{
    private readonly long _most;
    private readonly ConcurrentDictionary<string, LayerTiles> _layers = [];
    private readonly ConcurrentQueue<(LayerTiles Layer, TileKey Key, MadeTile Tile)> _clock = [];
    private long _bytes;

    public TileCache(LayerCopies copies, IConfiguration configuration)
    {
        _most = long.TryParse(configuration["GRIDMAP_TILE_CACHE_MIB"], out var mebibytes) && mebibytes is >= 0 and < 1 << 20 ? mebibytes << 20 : 128L << 20;
        copies.Listen(Drop);
    }

    public long Bytes => Interlocked.Read(ref _bytes);

    public MadeTile? Find(Layer layer, TileKey key)
    {
        if (!_layers.TryGetValue(layer.Name, out var tiles) || !tiles.Made.TryGetValue(key, out var tile)) return null;
        if (!tile.IsUsed) tile.IsUsed = true;
        return tile;
    }

    /// <summary>Keeps a tile made from a copy, unless the layer has moved on meanwhile; or from the database (no copy), when the key tells the version.</summary>
    public void Keep(Layer layer, TileKey key, MadeTile tile, LayerCopy? copy)
    {
        if (tile.Size > _most / 8) return;
        // The first tile of a layer that has not changed since this cache began to listen.
        var tiles = _layers.GetOrAdd(layer.Name, _ => new LayerTiles { Version = copy?.Version ?? -1 });
        lock (tiles)
        {
            if (copy is not null && copy.Version != tiles.Version) return;
            if (!tiles.Made.TryAdd(key, tile)) return;
        }
        Interlocked.Add(ref _bytes, tile.Size);
        _clock.Enqueue((tiles, key, tile));
        while (Bytes > _most && _clock.TryDequeue(out var oldest))
        {
            if (oldest.Tile.IsUsed && oldest.Layer.Made.TryGetValue(oldest.Key, out var known) && known == oldest.Tile)
            {
                oldest.Tile.IsUsed = false;
                _clock.Enqueue(oldest);
                continue;
            }
            Remove(oldest.Layer, oldest.Key, oldest.Tile);
        }
    }

    private void Drop(CopyChange change)
    {
        var tiles = _layers.GetOrAdd(change.Layer.Name, _ => new LayerTiles());
        lock (tiles)
        {
            tiles.Version = change.Copy?.Version ?? -1;
            foreach (var (key, tile) in tiles.Made)
            {
                if (change.Touched is null || Shows(key, change.Touched)) Remove(tiles, key, tile);
            }
        }
    }

    private void Remove(LayerTiles tiles, TileKey key, MadeTile tile)
    {
        if (tiles.Made.TryRemove(KeyValuePair.Create(key, tile))) Interlocked.Add(ref _bytes, -tile.Size);
    }

    private static bool Shows(TileKey key, IReadOnlyList<PackedBox> touched)
    {
        var reach = new TileMatrix(key.Set, key.Z, key.X, key.Y).Reach;
        foreach (var box in touched)
        {
            if (box.Meets(reach)) return true;
        }
        return false;
    }

    private sealed class LayerTiles
    {
        public ConcurrentDictionary<TileKey, MadeTile> Made { get; } = [];

        public long Version { get; set; } = -1;
    }
}
