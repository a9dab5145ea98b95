using System.Text.Json.Nodes;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>Layers as OGC API collections (OGC 17-069r4 §7.13–7.14).</summary>
public sealed class Collections(Database database, LayerVersions versions)
{
    private const string Crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

    private sealed record Extent(double[]? Box, DateTime? From, DateTime? To);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (long Version, Extent Extent)> _extents = [];

    public async Task<JsonObject> Describe(HttpContext http, Layer layer, IEnumerable<Link> extra, CancellationToken cancellation)
    {
        var extent = await ExtentOf(layer, cancellation);
        var address = $"{Links.Base(http)}/ogc/collections/{layer.Name}";
        var links = extra.Concat(
        [
            new Link($"{address}/items?f=json", "items", Links.GeoJson, $"{layer.Title} as GeoJSON"),
            new Link($"{address}/items?f=html", "items", Links.Html, $"{layer.Title} as HTML"),
        ]);
        var spatial = new JsonObject { ["bbox"] = new JsonArray(Numbers(extent.Box ?? [-180, -90, 180, 90])), ["crs"] = Crs84 };
        var described = new JsonObject
        {
            ["id"] = layer.Name,
            ["title"] = $"{layer.Title} {layer.TitleZh}",
            ["description"] = layer.Description,
            ["itemType"] = "feature",
            ["crs"] = new JsonArray(Crs84),
            ["extent"] = new JsonObject { ["spatial"] = spatial },
            ["links"] = Array(links),
        };
        if (layer.TimeStart is not null)
        {
            described["extent"]!["temporal"] = new JsonObject
            {
                ["interval"] = new JsonArray(new JsonArray(Time(extent.From), layer.TimeEnd is null ? Time(extent.To) : null)),
                ["trs"] = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            };
        }
        return described;
    }

    public static JsonArray Array(IEnumerable<Link> links) =>
        [.. links.Select(link => (JsonNode)new JsonObject { ["href"] = link.Href, ["rel"] = link.Rel, ["type"] = link.Type, ["title"] = link.Title })];

    private static JsonArray Numbers(double[] numbers) => [.. numbers.Select(number => (JsonNode)number)];

    private static JsonNode? Time(DateTime? time) => time is { } value ? value.ToString("yyyy-MM-ddTHH:mm:ssZ") : null;

    // Exact, and measured once for each version of the layer.
    private async Task<Extent> ExtentOf(Layer layer, CancellationToken cancellation)
    {
        var version = await versions.Of(layer, cancellation);
        if (_extents.TryGetValue(layer.Name, out var known) && known.Version == version) return known.Extent;
        var start = Sql.Trusted(layer.TimeStart ?? "NULL::timestamptz");
        var extent = await database.QueryOne(Sql.Of($"""
            SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), first, last
            FROM (SELECT ST_Extent(t.geom) AS box, min({start}) FILTER (WHERE isfinite({start})) AS first, max({start}) FILTER (WHERE isfinite({start})) AS last
                  FROM {Sql.Trusted(layer.From)}) AS whole
            """), reader => new Extent(reader.BoxOrNull(0),
                reader.TimeOrNull(4), reader.TimeOrNull(5)), cancellation);
        _extents[layer.Name] = (version, extent!);
        return extent!;
    }
}
