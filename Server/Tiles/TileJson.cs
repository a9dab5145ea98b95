using System.Text.Json.Serialization;
using Microsoft.Extensions.Caching.Memory;

namespace GridMap.Server.Tiles;

/// <summary>TileJSON 3.0.</summary>
public sealed record TileJson(
    string Tilejson, string Name, string Description, string Version, string[] Tiles, int Minzoom, int Maxzoom, double[] Bounds, double[] Center,
    [property: JsonPropertyName("vector_layers")] VectorLayer[] VectorLayers);

public sealed record VectorLayer(string Id, string Description, int Minzoom, int Maxzoom, Dictionary<string, string> Fields);

/// <summary>Tiles already made, by layer version: at most 128 MiB, least used go first.</summary>
public sealed class TileCache() : MemoryCache(new MemoryCacheOptions { SizeLimit = 128 << 20 });
