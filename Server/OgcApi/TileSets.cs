using System.Text.Json.Nodes;
using GridMap.Geo.Projections;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>OGC API – Tiles (OGC 20-057): how the tiles of each collection are cut and where they are; they themselves come from <c>/tiles</c>.</summary>
internal static class TileSets
{
    private const string Mvt = "application/vnd.mapbox-vector-tile", Quad = "WebMercatorQuad", QuadUri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";

    private const int MaxZoom = 20, Pixels = 256;

    // OGC 17-083r4 Annex D: scale denominator and cell size of tile matrix 0, and the corner of the square.
    private const double Scale0 = 559082264.028717, Cell0 = 156543.033928041, Corner = 20037508.3427892;

    public static void MapTileSets(this RouteGroupBuilder ogc)
    {
        ogc.MapMethods("/tileMatrixSets", OgcEndpoints.Read, (Delegate)MatrixSets).Takes(Formats.Parameter);
        ogc.MapMethods("/tileMatrixSets/{set}", OgcEndpoints.Read, (Delegate)MatrixSet).Takes(Formats.Parameter);
        ogc.MapMethods("/collections/{collection}/tiles", OgcEndpoints.Read, TileSetList).Takes(Formats.Parameter);
        ogc.MapMethods("/collections/{collection}/tiles/{set}", OgcEndpoints.Read, TileSet).Takes(Formats.Parameter);
    }

    private static Task MatrixSets(HttpContext http)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var document = new JsonObject
        {
            ["tileMatrixSets"] = new JsonArray(new JsonObject
            {
                ["id"] = Quad, ["title"] = "Google Maps Compatible for the World", ["uri"] = QuadUri, ["crs"] = KnownCrs.WebMercator.Uri,
                ["links"] = Collections.Array([new Link($"{Links.Base(http)}/ogc/tileMatrixSets/{Quad}?f=json", "self", Links.Json, Quad)]),
            }),
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document")),
        };
        return OgcEndpoints.Answer(http, format, document, "Tile matrix sets 瓦片矩阵集", Links.Json);
    }

    private static Task MatrixSet(string set, HttpContext http)
    {
        MustExist(set);
        var format = Formats.Wanted(http, Question.Of(http));
        var document = new JsonObject
        {
            ["id"] = Quad, ["title"] = "Google Maps Compatible for the World", ["uri"] = QuadUri, ["crs"] = KnownCrs.WebMercator.Uri,
            ["orderedAxes"] = new JsonArray("X", "Y"), ["wellKnownScaleSet"] = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
            ["tileMatrices"] = new JsonArray([.. Enumerable.Range(0, MaxZoom + 1).Select(zoom => (JsonNode)new JsonObject
            {
                ["id"] = zoom.ToString(), ["scaleDenominator"] = Scale0 / (1 << zoom), ["cellSize"] = Cell0 / (1 << zoom), ["cornerOfOrigin"] = "topLeft",
                ["pointOfOrigin"] = new JsonArray(-Corner, Corner), ["tileWidth"] = Pixels, ["tileHeight"] = Pixels, ["matrixWidth"] = 1L << zoom, ["matrixHeight"] = 1L << zoom,
            })]),
        };
        return OgcEndpoints.Answer(http, format, document, Quad, Links.Json);
    }

    private static Task TileSetList(string collection, HttpContext http, LayerCatalog layers)
    {
        var layer = OgcEndpoints.Find(layers, collection);
        var format = Formats.Wanted(http, Question.Of(http));
        var set = Heading(layer);
        set["links"] = Collections.Array([new Link($"{Address(http, layer)}/{Quad}?f=json", "self", Links.Json, Quad), Scheme(http)]);
        var document = new JsonObject
        {
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document")), ["tilesets"] = new JsonArray(set),
        };
        return OgcEndpoints.Answer(http, format, document, $"{layer.Title} {layer.TitleZh}: tiles 瓦片", Links.Json);
    }

    private static async Task TileSet(string collection, string set, HttpContext http, LayerCatalog layers, Extents extents, CancellationToken cancellation)
    {
        var layer = OgcEndpoints.Find(layers, collection);
        MustExist(set);
        var format = Formats.Wanted(http, Question.Of(http));
        var document = Heading(layer);
        document["layers"] = new JsonArray(new JsonObject
        {
            ["id"] = layer.Name, ["title"] = layer.Title, ["dataType"] = "vector", ["geometryDimension"] = layer.Geometry switch { "point" => 0, "line" => 1, _ => 2 },
            ["minTileMatrix"] = layer.MinZoom.ToString(), ["maxTileMatrix"] = MaxZoom.ToString(),
            ["propertiesSchema"] = new JsonObject
            {
                ["type"] = "object", ["properties"] = new JsonObject(layer.Columns.Where(column => column.InTiles).Select(column => KeyValuePair.Create(column.Name,
                    (JsonNode?)new JsonObject { ["type"] = column.Kind is ColumnKind.Integer or ColumnKind.Number or ColumnKind.Time ? "number" : column.Kind == ColumnKind.Flag ? "boolean" : "string" }))),
            },
        });
        if (await extents.BoxOf(layer, cancellation) is [var west, var south, var east, var north])
        {
            document["boundingBox"] = new JsonObject { ["lowerLeft"] = new JsonArray(west, south), ["upperRight"] = new JsonArray(east, north), ["crs"] = KnownCrs.Crs84.Uri };
            document["tileMatrixSetLimits"] = new JsonArray([.. Enumerable.Range(layer.MinZoom, MaxZoom + 1 - layer.MinZoom).Select(zoom => (JsonNode)Limits(zoom, west, south, east, north))]);
        }
        var links = Collections.Array([.. Links.SelfAndAlternate(http, format, Links.Json, "This tile set"), Scheme(http),
            new Link($"{Links.Base(http)}/tiles/{layer.Name}.json", "describedby", Links.Json, "TileJSON"), new Link($"{Links.Base(http)}/ogc/collections/{layer.Name}?f=json", Links.Rel("geodata"), Links.Json, layer.Title)]);
        // Rows before columns is the standard's order of names; the address has them as the map libraries do.
        links.Add(new JsonObject { ["href"] = $"{Links.Base(http)}/tiles/{layer.Name}/{{tileMatrix}}/{{tileCol}}/{{tileRow}}.mvt", ["rel"] = "item", ["type"] = Mvt, ["title"] = "Tiles", ["templated"] = true });
        document["links"] = links;
        await OgcEndpoints.Answer(http, format, document, $"{layer.Title} {layer.TitleZh}: {Quad}", Links.Json);
    }

    private static JsonObject Heading(Layer layer) => new()
    {
        ["title"] = layer.Title, ["dataType"] = "vector", ["crs"] = KnownCrs.WebMercator.Uri, ["tileMatrixSetURI"] = QuadUri,
    };

    private static JsonObject Limits(int zoom, double west, double south, double east, double north)
    {
        var (left, top) = Tile(zoom, west, north);
        var (right, bottom) = Tile(zoom, east, south);
        return new JsonObject { ["tileMatrix"] = zoom.ToString(), ["minTileRow"] = top, ["maxTileRow"] = bottom, ["minTileCol"] = left, ["maxTileCol"] = right };
    }

    private static (long Column, long Row) Tile(int zoom, double lon, double lat)
    {
        var (x, y) = KnownCrs.WebMercator.FromLonLat(lon, Math.Clamp(lat, -85.05, 85.05));
        var (count, side) = (1L << zoom, 2 * Corner / (1L << zoom));
        return (Math.Clamp((long)Math.Floor((x + Corner) / side), 0, count - 1), Math.Clamp((long)Math.Floor((Corner - y) / side), 0, count - 1));
    }

    private static Link Scheme(HttpContext http) => new($"{Links.Base(http)}/ogc/tileMatrixSets/{Quad}?f=json", Links.Rel("tiling-scheme"), Links.Json, Quad);

    private static string Address(HttpContext http, Layer layer) => $"{Links.Base(http)}/ogc/collections/{layer.Name}/tiles";

    private static void MustExist(string set)
    {
        if (set != Quad) throw Refused.NotFound("tile-matrix-set", set);
    }
}
