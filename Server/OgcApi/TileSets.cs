using System.Text.Json;
using System.Text.Json.Nodes;
using GridMap.Geo.Projections;
using GridMap.Geo.Tiles;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>OGC API – Tiles (OGC 20-057): how the tiles of each collection, and of all together, are cut and where they are.</summary>
internal static class TileSets
{
    private const string Mvt = "application/vnd.mapbox-vector-tile";

    private const int Pixels = 256;

    // OGC 17-083r4 Annex D: scale denominator and cell size of tile matrix 0.
    private const double MercatorScale0 = 559082264.028717, MercatorCell0 = 156543.033928041, MercatorCorner = 20037508.3427892, LatLonScale0 = 279541132.014358, LatLonCell0 = 0.703125;

    // TileJSON knows one way of cutting the world.
    internal static readonly Parameter<string?> TileSetFormat = Parameters.Choice("f", ["json", "html", "tilejson"], "The format, over what the Accept header says; tilejson is TileJSON 3.0, of WebMercatorQuad.");

    // As many as the registered set has; how deep there are tiles, the limits of each tile set say.
    private const int MercatorMatrices = 25;

    public static void MapTileSets(this RouteGroupBuilder ogc)
    {
        ogc.MapMethods("/tileMatrixSets", OgcEndpoints.Read, (Delegate)MatrixSets).Takes(Formats.OfPages);
        ogc.MapMethods("/tileMatrixSets/{set}", OgcEndpoints.Read, (Delegate)MatrixSet).Takes(Formats.OfPages);
        ogc.MapMethods("/tiles", OgcEndpoints.Read, (Delegate)(Func<HttpContext, Task>)(http => List(http, null))).Takes(Formats.OfPages);
        ogc.MapMethods("/tiles/{set}", OgcEndpoints.Read, (string set, HttpContext http, LayerCatalog layers, Extents extents, CancellationToken cancellation) =>
            One(http, null, Find(set), layers, extents, cancellation)).Takes(LayerTiles.Collections, TileSetFormat, PageLanguage.Parameter);
        ogc.MapMethods("/collections/{collection}/tiles", OgcEndpoints.Read, (string collection, HttpContext http, LayerCatalog layers) =>
            List(http, OgcEndpoints.Find(layers, collection))).Takes(Formats.OfPages);
        ogc.MapMethods("/collections/{collection}/tiles/{set}", OgcEndpoints.Read, (string collection, string set, HttpContext http, LayerCatalog layers, Extents extents, CancellationToken cancellation) =>
            One(http, OgcEndpoints.Find(layers, collection), Find(set), layers, extents, cancellation)).Takes(TileSetFormat, PageLanguage.Parameter);
    }

    private static Task MatrixSets(HttpContext http)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var document = new JsonObject
        {
            ["tileMatrixSets"] = new JsonArray([.. TileMatrixSet.All.Select(set => (JsonNode)new JsonObject
            {
                ["id"] = set.Id, ["title"] = set.Title, ["uri"] = UriOf(http, set), ["crs"] = Crs(set).Uri,
                ["links"] = Collections.Array([new Link($"{Links.Base(http)}/ogc/tileMatrixSets/{set.Id}?f=json", "self", Links.Json, set.Id)]),
            })]),
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document")),
        };
        return OgcEndpoints.Answer(http, format, document, ("Tile matrix sets", "瓦片矩阵集"), Links.Json);
    }

    private static Task MatrixSet(string set, HttpContext http)
    {
        var cut = Find(set);
        var format = Formats.Wanted(http, Question.Of(http));
        var document = new JsonObject { ["id"] = cut.Id, ["title"] = cut.Title, ["uri"] = UriOf(http, cut), ["crs"] = Crs(cut).Uri };
        // The axes in the order of the system itself: EPSG:4490 has latitude first.
        var northFirst = cut == TileMatrixSet.Cgcs2000Quad;
        document["orderedAxes"] = cut.IsMercator ? new JsonArray("X", "Y") : northFirst ? new JsonArray("Lat", "Lon") : new JsonArray("Lon", "Lat");
        if (cut.IsMercator) document["wellKnownScaleSet"] = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible";
        else if (!northFirst) document["wellKnownScaleSet"] = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad"; // defined on CRS84 alone
        document["tileMatrices"] = new JsonArray([.. Enumerable.Range(0, cut.IsMercator ? MercatorMatrices : LayerTiles.MaxZoom + 1).Select(zoom => (JsonNode)new JsonObject
        {
            ["id"] = zoom.ToString(), ["scaleDenominator"] = (cut.IsMercator ? MercatorScale0 : LatLonScale0) / (1 << zoom), ["cellSize"] = (cut.IsMercator ? MercatorCell0 : LatLonCell0) / (1 << zoom),
            ["cornerOfOrigin"] = "topLeft", ["pointOfOrigin"] = cut.IsMercator ? new JsonArray(-MercatorCorner, MercatorCorner) : northFirst ? new JsonArray(90, -180) : new JsonArray(-180, 90),
            ["tileWidth"] = Pixels, ["tileHeight"] = Pixels, ["matrixWidth"] = cut.Columns(zoom), ["matrixHeight"] = cut.Rows(zoom),
        })]);
        document["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document"));
        return OgcEndpoints.Answer(http, format, document, Words.Name(cut.Id), Links.Json);
    }

    // No layer: tiles of all of them.
    private static Task List(HttpContext http, Layer? layer)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var sets = TileMatrixSet.All.Select(set =>
        {
            var heading = Heading(http, layer, set);
            heading["links"] = Collections.Array([new Link($"{Address(http, layer)}/{set.Id}?f=json", "self", Links.Json, set.Id), Scheme(http, set)]);
            return (JsonNode)heading;
        });
        var document = new JsonObject
        {
            ["links"] = Collections.Array([.. Links.SelfAndAlternate(http, format, Links.Json, "This document"), Styles.LinkToAll(http)]), ["tilesets"] = new JsonArray([.. sets]),
        };
        return OgcEndpoints.Answer(http, format, document, layer is null ? ("Tiles", "瓦片") : ($"{layer.Title}: tiles", $"{layer.TitleZh}：瓦片"), Links.Json);
    }

    private static async Task One(HttpContext http, Layer? layer, TileMatrixSet set, LayerCatalog layers, Extents extents, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var format = Formats.Wanted(http, ask, TileSetFormat);
        var shown = layer is null ? LayerTiles.Asked(ask, layers) : [layer];
        var some = ask.Has(LayerTiles.Collections) ? $"collections={string.Join(',', shown.Select(one => one.Name))}&" : "";
        var box = await BoxOf(shown, extents, cancellation);
        if (ask.Get(TileSetFormat) == "tilejson")
        {
            if (!set.IsMercator) throw Refused.Field("f", "choice.unknown", "json or html: TileJSON is of WebMercatorQuad");
            var tiles = TileJson.Of(layer?.Name ?? "GridMap", layer?.Description ?? PageWords.About.English, $"{Address(http, layer)}/{set.Id}/{{z}}/{{y}}/{{x}}?{some}f=mvt", shown, box);
            await Formats.Write(http, JsonSerializer.SerializeToNode(tiles, JsonSerializerOptions.Web)!, Links.Json);
            return;
        }
        var document = Heading(http, layer, set);
        document["layers"] = new JsonArray([.. shown.Select(one => (JsonNode)Described(http, one, set))]);
        if (box is [var west, var south, var east, var north])
        {
            document["boundingBox"] = new JsonObject { ["lowerLeft"] = new JsonArray(west, south), ["upperRight"] = new JsonArray(east, north), ["crs"] = KnownCrs.Crs84.Uri };
            var least = shown.Min(one => set.ZoomOf(one.MinZoom));
            document["tileMatrixSetLimits"] = new JsonArray([.. Enumerable.Range(least, LayerTiles.MaxZoom + 1 - least).Select(zoom => (JsonNode)Limits(set, zoom, west, south, east, north))]);
        }
        var links = Collections.Array([.. Links.SelfAndAlternate(http, format, Links.Json, "This tile set"), Scheme(http, set), Styles.LinkToAll(http)]);
        if (layer is null)
        {
            if (set.IsMercator)
            {
                links.Add(LinkTo($"{Address(http, layer)}/{set.Id}?{some}f=tilejson", "describedby", Links.Json, "TileJSON"));
                foreach (var style in CityStyle.All) links.Add(Collections.Array([Styles.Stylesheet(http, style)])[0]!.DeepClone());
            }
        }
        else
        {
            links.Add(LinkTo($"{Links.Base(http)}/ogc/collections/{layer.Name}?f=json", Links.Rel("geodata"), Links.Json, layer.Title));
            if (set.IsMercator) links.Add(LinkTo($"{Links.Base(http)}/tiles/{layer.Name}.json", "describedby", Links.Json, "TileJSON"));
        }
        links.Add(new JsonObject { ["href"] = $"{Address(http, layer)}/{set.Id}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?{some}f=mvt", ["rel"] = "item", ["type"] = Mvt, ["title"] = "Tiles", ["templated"] = true });
        document["links"] = links;
        await OgcEndpoints.Answer(http, format, document, ($"{layer?.Title ?? "Tiles"}: {set.Id}", $"{layer?.TitleZh ?? "瓦片"}：{set.Id}"), Links.Json);
    }

    // What any of them holds: landscapes reach beyond the city's areas.
    private static async Task<double[]?> BoxOf(Layer[] layers, Extents extents, CancellationToken cancellation)
    {
        var boxes = new List<double[]?>();
        foreach (var layer in layers) boxes.Add(await extents.BoxOf(layer, cancellation));
        return Extents.Around(boxes);
    }

    private static JsonObject Described(HttpContext http, Layer layer, TileMatrixSet set) => new()
    {
        ["id"] = layer.Name, ["title"] = http.SayOrEnglish(PageWords.TitleOf(layer)), ["dataType"] = "vector", ["geometryDimension"] = layer.Geometry switch { "point" => 0, "line" => 1, _ => 2 },
        ["minTileMatrix"] = set.ZoomOf(layer.MinZoom).ToString(), ["maxTileMatrix"] = LayerTiles.MaxZoom.ToString(),
        ["propertiesSchema"] = new JsonObject
        {
            ["type"] = "object", ["properties"] = new JsonObject(layer.TileProperties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)Said(http, property)))),
        },
    };

    private static JsonObject Said(HttpContext http, TileProperty property)
    {
        var said = new JsonObject { ["title"] = http.SayOrEnglish(property.Title), ["type"] = property.Type };
        if (property.Meaning.Length > 0) said["description"] = http.SayOrEnglish((property.Meaning, property.MeaningZh));
        return said;
    }

    private static JsonObject Heading(HttpContext http, Layer? layer, TileMatrixSet set) => new()
    {
        ["title"] = layer is null ? "GridMap" : http.SayOrEnglish(PageWords.TitleOf(layer)), ["dataType"] = "vector", ["crs"] = Crs(set).Uri, ["tileMatrixSetURI"] = UriOf(http, set),
    };

    private static JsonObject Limits(TileMatrixSet set, int zoom, double west, double south, double east, double north)
    {
        var (left, top) = set.TileAt(zoom, west, north);
        var (right, bottom) = set.TileAt(zoom, east, south);
        return new JsonObject { ["tileMatrix"] = zoom.ToString(), ["minTileRow"] = top, ["maxTileRow"] = bottom, ["minTileCol"] = left, ["maxTileCol"] = right };
    }

    private static KnownCrs Crs(TileMatrixSet set) => set.IsMercator ? KnownCrs.WebMercator : set == TileMatrixSet.Cgcs2000Quad ? KnownCrs.Cgcs2000 : KnownCrs.Crs84;

    private static string UriOf(HttpContext http, TileMatrixSet set) => set.Uri ?? $"{Links.Base(http)}/ogc/tileMatrixSets/{set.Id}";

    private static JsonNode LinkTo(string href, string rel, string type, string title) => Collections.Array([new Link(href, rel, type, title)])[0]!.DeepClone();

    private static Link Scheme(HttpContext http, TileMatrixSet set) => new($"{Links.Base(http)}/ogc/tileMatrixSets/{set.Id}?f=json", Links.Rel("tiling-scheme"), Links.Json, set.Id);

    private static string Address(HttpContext http, Layer? layer) => $"{Links.Base(http)}/ogc/{(layer is null ? "" : $"collections/{layer.Name}/")}tiles";

    private static TileMatrixSet Find(string set) => TileMatrixSet.All.FirstOrDefault(known => known.Id == set) ?? throw Refused.NotFound("tile-matrix-set", set);
}
