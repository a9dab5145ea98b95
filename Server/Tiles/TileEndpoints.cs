using System.Security.Cryptography;
using System.Text;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.Extensions.Caching.Memory;

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

    private static async Task<IResult> Tile(string layer, int z, int x, int y, HttpContext http, LayerCatalog layers, LayerVersions versions, Database database, TileQueries queries,
        TileCache cache, CityClock clock, CancellationToken cancellation)
    {
        var found = Find(layers, layer);
        var ask = Question.Of(http, Parameters(found));
        if (z is < 0 or > MaxZoom || x < 0 || y < 0 || x >= 1L << z || y >= 1L << z)
            throw new Refused("tile.not-found", $"There is no tile {z}/{x}/{y}: zooms go from 0 to {MaxZoom}, columns and rows from 0 to 2^zoom - 1.");
        // "Now" moves on without any change being made; a minute is as fine as anybody can tell boundaries apart.
        var minute = found.TimeEnd is null ? "" : clock.Now.ToString("yyyyMMddHHmm");
        var version = await versions.Of(found, cancellation);
        var key = $"{layer}/{z}/{x}/{y}?{http.Request.QueryString}#{version}@{minute}";
        var etag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 10))}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch.Any(value => value?.Contains(etag, StringComparison.Ordinal) == true)) return TypedResults.StatusCode(304);
        if (z < found.MinZoom) return TypedResults.NoContent();
        if (!cache.TryGetValue(key, out byte[]? tile))
        {
            var tests = found.TileFilter is { } filter ? await filter.Tests(ask, database, clock, cancellation) : [];
            tile = await queries.Tile(found, z, x, y, tests, cancellation);
            cache.Set(key, tile, new MemoryCacheEntryOptions { Size = tile.Length + 200 });
        }
        return tile!.Length == 0 ? TypedResults.NoContent() : TypedResults.Bytes(tile, "application/vnd.mapbox-vector-tile");
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
