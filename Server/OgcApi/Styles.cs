using System.Text.Json.Nodes;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>OGC API – Styles (OGC 20-009): the map as it is designed, as MapLibre styles that QGIS and map libraries open, with their metadata.</summary>
internal static class Styles
{
    private const string MapLibre = "application/vnd.mapbox.style+json", Specification = "https://maplibre.org/maplibre-style-spec/";

    private const string Created = "2026-11-22T00:00:00Z", Revised = "2026-11-30T00:00:00Z";

    private const int MaxZoom = 16;

    // Large shapes stop lower: the fewer tiles cut them, the fewer times they are named.
    private const int LargeShapesMaxZoom = 14;

    private static readonly string[] LargeShapes = ["areas", "grids", "compounds", "landscapes"];

    // Closed incidents are not drawn, so a map that asks for each layer's tiles by itself loads none. Where one tile holds all layers they are there, and the drawing leaves them out.
    private static readonly Dictionary<string, string> Queries = new() { ["incidents"] = "?status=open" };

    internal static readonly Parameter<string?> StyleFormat = Parameters.Choice("f", ["mapbox", "json", "html"], "The format, over what the Accept header says: mapbox and json are both the MapLibre style.");

    public static void MapStyles(this RouteGroupBuilder ogc)
    {
        ogc.MapMethods("/styles", OgcEndpoints.Read, (Delegate)List).Takes(Formats.OfPages);
        ogc.MapMethods("/styles/{style}", OgcEndpoints.Read, Style).Takes(StyleFormat, PageLanguage.Parameter);
        ogc.MapMethods("/styles/{style}/metadata", OgcEndpoints.Read, Metadata).Takes(Formats.OfPages);
    }

    public static Link LinkToAll(HttpContext http) => new($"{Links.Base(http)}/ogc/styles?f=json", Links.Rel("styles"), Links.Json, "Styles");

    private static Task List(HttpContext http)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var document = new JsonObject
        {
            ["default"] = CityStyle.All[0].Id,
            ["styles"] = new JsonArray([.. CityStyle.All.Select(style => (JsonNode)new JsonObject
            {
                ["id"] = style.Id, ["title"] = http.SayOrBoth(style.Title), ["description"] = http.SayOrEnglish(style.Description), ["links"] = Collections.Array(LinksOf(http, style)),
            })]),
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document")),
        };
        return OgcEndpoints.Answer(http, format, document, ("Styles", "样式"), Links.Json);
    }

    private static async Task Style(string style, HttpContext http, LayerCatalog layers, Extents extents, AreaNames names, Database database, CancellationToken cancellation)
    {
        var found = Find(style);
        var ask = Question.Of(http);
        var format = Formats.Wanted(http, ask, ask.Get(StyleFormat), [MapLibre, Links.Json]);
        var drawing = await Drawing(found, database, cancellation);
        if (format == Format.Html)
        {
            var page = Described(http, found, drawing, layers);
            page["links"] = Collections.Array([.. LinksOf(http, found), LinkToAll(http)]);
            await OgcEndpoints.Answer(http, format, page, found.Title, Links.Json, new PageMap("style", $"{Address(http, found)}?f=mapbox"));
            return;
        }
        var sources = new JsonObject();
        foreach (var name in LayersOf(drawing))
        {
            sources[name] = new JsonObject
            {
                ["type"] = "vector", ["tiles"] = new JsonArray($"{Links.Base(http)}/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt{Queries.GetValueOrDefault(name)}"), ["minzoom"] = layers.Find(name)!.MinZoom,
                ["maxzoom"] = LargeShapes.Contains(name) ? LargeShapesMaxZoom : MaxZoom,
            };
        }
        sources[CityStyle.NamesOfAreas] = new JsonObject { ["type"] = "geojson", ["data"] = await names.Points(cancellation) };
        var document = new JsonObject { ["version"] = 8, ["name"] = found.Title.Both, ["sources"] = sources };
        if (await extents.BoxOf(layers.Find("areas")!, cancellation) is [var west, var south, var east, var north])
            (document["center"], document["zoom"]) = (new JsonArray((west + east) / 2, (south + north) / 2), 12);
        document["layers"] = drawing;
        Links.ToHeader(http, LinksOf(http, found));
        await Formats.Write(http, document, MapLibre);
    }

    private static async Task Metadata(string style, HttpContext http, LayerCatalog layers, Database database, CancellationToken cancellation)
    {
        var found = Find(style);
        var format = Formats.Wanted(http, Question.Of(http));
        var document = Described(http, found, await Drawing(found, database, cancellation), layers);
        document["links"] = Collections.Array([.. Links.SelfAndAlternate(http, format, Links.Json, "This document"), .. LinksOf(http, found).Where(link => link.Rel != "describedby"), LinkToAll(http)]);
        await OgcEndpoints.Answer(http, format, document, found.Title, Links.Json);
    }

    private static JsonObject Described(HttpContext http, CityStyle style, JsonArray drawing, LayerCatalog layers) => new()
    {
        ["id"] = style.Id, ["title"] = http.SayOrBoth(style.Title), ["description"] = http.SayOrEnglish(style.Description),
        ["keywords"] = new JsonArray([.. LayersOf(drawing).Select(name => (JsonNode)http.SayOrBoth(PageWords.TitleOf(layers.Find(name)!)))]),
        ["accessConstraints"] = "unclassified", ["dates"] = new JsonObject { ["creation"] = Created, ["revision"] = Revised }, ["scope"] = "style",
        ["version"] = typeof(Styles).Assembly.GetName().Version!.ToString(3),
        ["stylesheets"] = new JsonArray(new JsonObject
        {
            ["title"] = "MapLibre Style", ["version"] = "8", ["specification"] = Specification, ["native"] = true, ["link"] = Collections.Array([Stylesheet(http, style)])[0]!.DeepClone(),
        }),
        ["layers"] = new JsonArray([.. LayersOf(drawing).Select(name => (JsonNode)LayerOf(http, layers.Find(name)!, drawing))]),
    };

    private static JsonObject LayerOf(HttpContext http, Layer layer, JsonArray drawing)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var drawn in drawing.Where(drawn => (drawn!["source-layer"]?.ToString() ?? (drawn["source"]?.ToString() == CityStyle.NamesOfAreas ? "areas" : "")) == layer.Name)) Collect(drawn, used);
        return new JsonObject
        {
            ["id"] = layer.Name, ["description"] = http.SayOrEnglish(PageWords.DescriptionOf(layer)), ["type"] = layer.Geometry,
            ["attributes"] = new JsonObject(used.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["type"] = layer.TileProperties.First(property => property.Name == name).Type }))),
            ["sampleData"] = Collections.Array([new Link($"{Links.Base(http)}/ogc/collections/{layer.Name}/items?f=json", "start", Links.GeoJson, layer.Title)])[0]!.DeepClone(),
        };
    }

    // The properties that expressions read, and those that stand in the text of a label.
    private static void Collect(JsonNode? node, SortedSet<string> into)
    {
        switch (node)
        {
            case JsonArray { Count: 2 } read when read[0]?.ToString() is "get" or "has":
                into.Add($"{read[1]}");
                break;
            case JsonArray list:
                foreach (var item in list) Collect(item, into);
                break;
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (name == "text-field" && value is JsonValue text) into.UnionWith(text.ToString().Split('{').Skip(1).Select(part => part.Split('}')[0]));
                    else Collect(value, into);
                }
                break;
        }
    }

    private static async Task<JsonArray> Drawing(CityStyle style, Database database, CancellationToken cancellation) => style.Layers(await database.Query($"""
        WITH RECURSIVE tree AS (
            SELECT code, code AS top FROM catalogue_entries WHERE catalogue = 'facility-types' AND parent_code IS NULL
            UNION
            SELECT child.code, tree.top FROM catalogue_entries AS child JOIN tree ON child.parent_code = tree.code WHERE child.catalogue = 'facility-types'
        )
        SELECT top, array_agg(code ORDER BY code) FROM tree GROUP BY top ORDER BY top
        """, row => (row.GetString(0), row.GetFieldValue<string[]>(1)), cancellation));

    private static IEnumerable<string> LayersOf(JsonArray drawing) => drawing.Select(layer => layer!["source-layer"]?.ToString()).OfType<string>().Distinct();

    private static Link[] LinksOf(HttpContext http, CityStyle style) =>
    [
        Stylesheet(http, style),
        new($"{Address(http, style)}?f=html", "alternate", Links.Html, http.SayOrEnglish(style.Title)),
        new($"{Address(http, style)}/metadata?f=json", "describedby", Links.Json, "Metadata"),
    ];

    internal static Link Stylesheet(HttpContext http, CityStyle style) => new($"{Address(http, style)}?f=mapbox", "stylesheet", MapLibre, "MapLibre style");

    private static string Address(HttpContext http, CityStyle style) => $"{Links.Base(http)}/ogc/styles/{style.Id}";

    private static CityStyle Find(string id) => CityStyle.All.FirstOrDefault(style => style.Id == id) ?? throw Refused.NotFound("style", id);
}
