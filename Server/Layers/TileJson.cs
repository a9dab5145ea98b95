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

    private const int MaxZoom = 16;

    private static readonly double[] World = [-180, -85.05112877980659, 180, 85.05112877980659];

    /// <summary>Of layers that are in one tile.</summary>
    /// <param name="template">Of a tile's address, with {z}, {x} and {y}.</param>
    /// <param name="bounds">Where they are; null where nothing is known of it.</param>
    public static TileJson Of(string name, string description, string template, IReadOnlyCollection<Layer> layers, double[]? bounds)
    {
        var (box, least) = (bounds ?? World, layers.Min(layer => layer.MinZoom));
        return new("3.0.0", name, description, "1.0.0", [template], least, MaxZoom, box, [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, Math.Max(least, 12)], [.. layers.Select(Of)]);
    }

    private static VectorLayer Of(Layer layer) => new(layer.Name, layer.Description, layer.MinZoom, MaxZoom,
        layer.TileProperties.ToDictionary(property => property.Name, property => char.ToUpperInvariant(property.Type[0]) + property.Type[1..]));
}

public sealed record VectorLayer(string Id, string Description, int Minzoom, int Maxzoom, Dictionary<string, string> Fields);
