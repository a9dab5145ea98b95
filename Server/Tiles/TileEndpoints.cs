using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Tiles;

/// <summary>Vector tiles of every layer, and TileJSON 3.0 to find them by.</summary>
public static class TileEndpoints
{
    public const int MaxZoom = 20;

    public static void MapTiles(this IEndpointRouteBuilder app)
    {
        var tiles = app.MapGroup("/tiles").Reads();
        tiles.MapGet("", List).Takes();
        tiles.MapGet("/{layer}.json", Describe);
        tiles.MapGet("/{layer}/{z:int}/{x:int}/{y:int}.mvt", Tile);
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
        Question.Of(http, Parameters(found));
        return TypedResults.Ok(await Make(http, found, queries, cancellation));
    }

    private static async Task Tile(string layer, int z, int x, int y, HttpContext http, LayerCatalog layers, LayerReader reader, Database database, TileQueries queries,
        TileCache cache, CityClock clock, CancellationToken cancellation)
    {
        var found = Find(layers, layer);
        var ask = Question.Of(http, Parameters(found));
        if (z is < 0 or > MaxZoom || x < 0 || y < 0 || x >= 1L << z || y >= 1L << z)
            throw new Refused("tile.not-found", $"There is no tile {z}/{x}/{y}: zooms go from 0 to {MaxZoom}, columns and rows from 0 to 2^zoom - 1.");
        var view = await reader.View(found, cancellation);
        // "Now" moves on without any change being made; a minute is as fine as anybody can tell boundaries apart.
        var minute = found.TimeEnd is null && (found.TileFilter is null || !http.Request.QueryString.HasValue) ? "" : clock.Now.ToString("yyyyMMddHHmm");
        var key = new TileKey(z, x, y, $"{http.Request.QueryString}@{minute}{(view.Copy is null ? $"#{view.Version}" : "")}");
        if (cache.Find(found, key) is not { } tile)
        {
            tile = new MadeTile(z < found.MinZoom ? [] : await Make(found, ask, key, view, database, queries, clock, cancellation));
            cache.Keep(found, key, tile, view.Copy);
        }
        await Send(http, tile, cancellation);
    }

    private static async Task<byte[]> Make(Layer layer, Question ask, TileKey key, LayerView view, Database database, TileQueries queries, CityClock clock, CancellationToken cancellation)
    {
        var tests = layer.TileFilter is { } filter ? await filter.Tests(ask, database, clock, cancellation) : [];
        return view.Copy is { } copy ? TileMaker.Make(copy, key.Z, key.X, key.Y, tests) : await queries.Tile(layer, key.Z, key.X, key.Y, tests, cancellation);
    }

    private static async Task Send(HttpContext http, MadeTile tile, CancellationToken cancellation)
    {
        var headers = http.Response.Headers;
        (headers.ETag, headers.CacheControl, headers.Vary) = (tile.ETag, "no-cache", "Accept-Encoding");
        if (Asked(http.Request.Headers.IfNoneMatch, tile.ETag) || tile.Bytes.Length == 0)
        {
            http.Response.StatusCode = tile.Bytes.Length == 0 ? StatusCodes.Status204NoContent : StatusCodes.Status304NotModified;
            return;
        }
        // Compressed once for everybody; the middleware leaves alone what says its encoding.
        var zipped = AcceptsGzip(http.Request.Headers.AcceptEncoding);
        if (zipped) headers.ContentEncoding = "gzip";
        var body = zipped ? tile.Gzip : tile.Bytes;
        (http.Response.ContentType, http.Response.ContentLength) = ("application/vnd.mapbox-vector-tile", body.Length);
        await http.Response.BodyWriter.WriteAsync(body, cancellation);
    }

    private static bool Asked(Microsoft.Extensions.Primitives.StringValues asked, string etag)
    {
        foreach (var value in asked)
        {
            if (value is not null && (value.Contains(etag, StringComparison.Ordinal) || value.Trim() == "*")) return true;
        }
        return false;
    }

    private static bool AcceptsGzip(Microsoft.Extensions.Primitives.StringValues accept)
    {
        if (accept.Count == 0) return false;
        foreach (var coding in accept.ToString().Split(','))
        {
            var parts = coding.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Trim() is not ("gzip" or "*")) continue;
            return !(parts.Length > 1 && parts[1].StartsWith("q=0", StringComparison.Ordinal) && parts[1].TrimStart('q', '=').Trim('0', '.').Length == 0);
        }
        return false;
    }

    private static Parameter[] Parameters(Layer layer) => layer.TileFilter?.Parameters ?? [];

    private static Layer Find(LayerCatalog layers, string name) => layers.Find(name) ?? throw Refused.NotFound("layer", name);

    private static async Task<TileJson> Make(HttpContext http, Layer layer, TileQueries queries, CancellationToken cancellation)
    {
        var address = http.RequestServices.GetRequiredService<IConfiguration>()["GRIDMAP_PUBLIC_URL"]?.TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";
        var fields = layer.Columns.Where(column => column.InTiles).ToDictionary(column => column.Name, column => column.Kind switch
        {
            ColumnKind.Integer or ColumnKind.Number => "Number",
            ColumnKind.Flag => "Boolean",
            _ => "String",
        });
        if (layer.CountBelowZoom > 0) fields["count"] = "Number";
        var bounds = await queries.Bounds(layer, cancellation) ?? [-180, -85.05112877980659, 180, 85.05112877980659];
        return new TileJson("3.0.0", layer.Name, layer.Description, "1.0.0", [$"{address}/tiles/{layer.Name}/{{z}}/{{x}}/{{y}}.mvt{http.Request.QueryString}"],
            layer.MinZoom, 16, bounds, [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, Math.Max(layer.MinZoom, 12)],
            [new VectorLayer(layer.Name, layer.Description, layer.MinZoom, 16, fields)]);
    }
}
