using System.Globalization;
using GridMap.Geo.Tiles;
using GridMap.Server.Access;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Tiles;

/// <summary>Vector tiles of every layer, and TileJSON 3.0 to find them by.</summary>
public static class TileEndpoints
{
    // So many bytes of one answer about all layers, and so many layers.
    private const int MostBytes = 16 << 20;

    // What the format was called before its name was registered.
    private const string FormerName = "application/x-protobuf";

    public static void MapTiles(this IEndpointRouteBuilder app)
    {
        var tiles = app.MapGroup("/tiles").Reads();
        tiles.MapGet("", List).Takes();
        tiles.MapGet("/{layer}.json", Describe);
        tiles.MapGet("/{layer}/{z:int}/{x:int}/{y:int}.mvt", Tile);
        var ogc = app.MapGroup("/ogc").Reads();
        ogc.MapMethods("/collections/{layer}/tiles/{set}/{z}/{row}/{column}", ["GET", "HEAD"], OgcTile);
        ogc.MapMethods("/tiles/{set}/{z}/{row}/{column}", ["GET", "HEAD"], OgcTileOfAll);
    }

    private static async Task<IResult> List(HttpContext http, LayerCatalog layers, TileQueries queries, CancellationToken cancellation)
    {
        var all = new List<TileJson>();
        foreach (var layer in layers.All) all.Add(await Make(http, layer, queries, cancellation));
        return TypedResults.Ok(new Listed<TileJson>(all));
    }

    private static async Task<IResult> Describe(string layer, HttpContext http, LayerCatalog layers, TileQueries queries, CancellationToken cancellation)
    {
        var found = Find(layers, layer);
        Question.Of(http, Filter(found));
        return TypedResults.Ok(await Make(http, found, queries, cancellation));
    }

    private static async Task Tile(string layer, int z, int x, int y, HttpContext http, LayerCatalog layers, TileSource source, CancellationToken cancellation)
    {
        var found = Find(layers, layer);
        var ask = Question.Of(http, Filter(found));
        LayerTiles.MustExist(TileMatrixSet.WebMercatorQuad, z, x, y);
        Acceptance.Must(http, MadeTile.MediaType, FormerName);
        await (await source.Find(found, TileMatrixSet.WebMercatorQuad, z, x, y, ask, http.Request.QueryString.Value ?? "", cancellation)).Send(http, cancellation);
    }

    // OGC 20-057: rows before columns.
    private static async Task OgcTile(string layer, string set, string z, string row, string column, HttpContext http, LayerCatalog layers, TileSource source, Extents extents, CancellationToken cancellation)
    {
        var found = layers.Find(layer) ?? throw Refused.NotFound("collection", layer);
        var ask = Question.Of(http, [.. Filter(found), LayerTiles.Format]);
        var (cut, zoom, x, y) = Place(set, z, row, column);
        if (!ask.Has(LayerTiles.Format)) Acceptance.Must(http, MadeTile.MediaType, FormerName);
        await TileLimits.Must(extents, [found], cut, zoom, x, y, cancellation);
        await (await source.Find(found, cut, zoom, x, y, ask, http.Request.QueryString.Value ?? "", cancellation)).Send(http, cancellation);
    }

    // A tile of several layers is their tiles one after the other (Mapbox Vector Tile 2.1 §4: layers are a repeated field).
    private static async Task OgcTileOfAll(string set, string z, string row, string column, HttpContext http, LayerCatalog layers, TileSource source, Extents extents, CancellationToken cancellation)
    {
        var ask = Question.Of(http, [LayerTiles.Collections, LayerTiles.Format]);
        var (cut, zoom, x, y) = Place(set, z, row, column);
        if (!ask.Has(LayerTiles.Format)) Acceptance.Must(http, MadeTile.MediaType, FormerName);
        var (asked, parts) = (LayerTiles.Asked(ask, layers), new List<byte[]>());
        await TileLimits.Must(extents, asked, cut, zoom, x, y, cancellation);
        foreach (var layer in asked)
        {
            parts.Add((await source.Find(layer, cut, zoom, x, y, ask, "", cancellation)).Bytes);
            if (parts.Sum(part => (long)part.Length) > MostBytes) throw Refused.Field("collections", "list.length", $"fewer collections, or a higher zoom: a tile has at most {MostBytes >> 20} MiB");
        }
        await new MadeTile([.. parts.SelectMany(part => part)]).Send(http, cancellation);
    }

    private static (TileMatrixSet Set, int Z, int X, int Y) Place(string set, string z, string row, string column)
    {
        var cut = TileMatrixSet.All.FirstOrDefault(known => known.Id == set) ?? throw Refused.NotFound("tile-matrix-set", set);
        // The name of a tile matrix is a text: "08" names none.
        if (!Whole(z, out var zoom) || (z.Length > 1 && z[0] == '0') || !Whole(row, out var y) || !Whole(column, out var x)) throw new Refused("tile.not-found", $"Zoom, row and column of a tile are whole numbers, not {z}/{row}/{column}.");
        LayerTiles.MustExist(cut, zoom, x, y);
        return (cut, zoom, x, y);

        static bool Whole(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static Parameter[] Filter(Layer layer) => layer.TileFilter?.Parameters ?? [];

    private static Layer Find(LayerCatalog layers, string name) => layers.Find(name) ?? throw Refused.NotFound("layer", name);

    private static async Task<TileJson> Make(HttpContext http, Layer layer, TileQueries queries, CancellationToken cancellation) => TileJson.Of(
        layer.Name, layer.Description, $"{PublicAddress.Of(http)}/tiles/{layer.Name}/{{z}}/{{x}}/{{y}}.mvt{http.Request.QueryString}", [layer], await queries.Bounds(layer, cancellation));
}
