using System.Text.Json.Nodes;
using GridMap.Geo.Projections;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>Layers as OGC API collections (OGC 17-069r4 §7.13–7.14).</summary>
public sealed class Collections(Extents extents, CollectionCrs crs)
{
    public async Task<JsonObject> Describe(HttpContext http, Layer layer, IEnumerable<Link> extra, CancellationToken cancellation)
    {
        var extent = await extents.Of(layer, cancellation);
        var address = $"{Links.Base(http)}/ogc/collections/{layer.Name}";
        var links = extra.Concat(
        [
            new Link($"{address}/items?f=json", "items", Links.GeoJson, $"{layer.Title} as GeoJSON"),
            new Link($"{address}/items?f=html", "items", Links.Html, $"{layer.Title} as HTML"),
            new Link($"{address}/queryables?f=json", Links.Rel("queryables"), Links.Schema, "What items may be selected by"),
            new Link($"{address}/sortables?f=json", Links.Rel("sortables"), Links.Schema, "What items may be sorted by"),
            new Link($"{address}/tiles?f=json", Links.Rel("tilesets-vector"), Links.Json, "Vector tiles"),
            new Link($"{address}/schema?f=json", Links.Rel("schema"), Links.Schema, "What items are"),
        ]);
        var spatial = new JsonObject { ["bbox"] = new JsonArray(Numbers(extent.Box ?? [-180, -90, 180, 90])), ["crs"] = KnownCrs.Crs84.Uri };
        var described = new JsonObject
        {
            ["id"] = layer.Name,
            ["title"] = http.SayOrBoth(PageWords.TitleOf(layer)),
            ["description"] = http.SayOrEnglish(PageWords.DescriptionOf(layer)),
            ["itemType"] = "feature",
            ["crs"] = new JsonArray([.. (await crs.Of(layer, cancellation)).Select(known => (JsonNode)known.Uri)]),
            ["storageCrs"] = CollectionCrs.Storage.Uri,
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

    private static JsonNode? Time(DateTime? time) => time is { } value ? value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ") : null;
}
