using System.Text.Json.Serialization;

namespace GridMap.Server.Layers;

/// <summary>TileJSON 3.0.</summary>
public sealed record TileJson(
    string Tilejson, string Name, string Description, string Version, string[] Tiles, int Minzoom, int Maxzoom, double[] Bounds, double[] Center,
    [property: JsonPropertyName("vector_layers")] VectorLayer[] VectorLayers)
{
    /// <summary>Of an answer: how it came about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object?>? About { get; init; }
}

public sealed record VectorLayer(string Id, string Description, int Minzoom, int Maxzoom, Dictionary<string, string> Fields);
