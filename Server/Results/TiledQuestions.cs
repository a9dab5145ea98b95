using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.OpenApi;

namespace GridMap.Server.Results;

/// <summary>Which tile.</summary>
public sealed record TileAddress(int Z, int X, int Y);

/// <summary>Questions whose answers are also tiles: <c>format=tilejson</c> says where, <c>format=mvt&amp;tile=z/x/y</c> is one of them.</summary>
public static class TiledQuestions
{
    public static readonly Parameter<TileAddress?> TileParameter = new("tile", ("With format=mvt: which tile, zoom/column/row.", "format=mvt 时：哪一块瓦片，写作 级别/列/行。"),
        new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^\d+/\d+/\d+$" }, ReadTile);

    /// <summary>
    /// Put last: it answers before the handler when the tiles are known. The handler makes its layer as for any file, and <see cref="ResultFile.Of"/> hands it over.
    /// </summary>
    /// <param name="also">What else the answer depends on, for a question that names more than the city's data.</param>
    public static RouteHandlerBuilder WithTiles(this RouteHandlerBuilder endpoint, Func<HttpContext, CancellationToken, Task<string>>? also = null) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var (http, ask, cancellation) = (context.HttpContext, Question.Of(context.HttpContext), context.HttpContext.RequestAborted);
        Check(ask);
        var (format, tile) = (ResultFile.FormatOf(ask), ask.Get(TileParameter));
        if (format is not ("mvt" or "tilejson")) return await next(context);
        if (tile is not null) LayerTiles.MustExist(Geo.Tiles.TileMatrixSet.WebMercatorQuad, tile.Z, tile.X, tile.Y);
        var question = string.Join('&', http.Request.Query.Where(pair => pair.Key is not ("format" or "tile")).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => pair.Value.Select(value => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}")));
        var cache = http.RequestServices.GetRequiredService<ResultTileCache>();
        var version = $"{await cache.Version(cancellation)}|{(also is null ? "" : await also(http, cancellation))}";
        var tiles = await cache.Find($"{http.Request.Path}?{question}|{version}", async () =>
        {
            await next(context);
            return http.Features.Get<ResultLayer>() ?? throw new InvalidOperationException("the handler made no layer");
        }, cancellation);
        if (tile is not null) return new TileResult(tiles.Tile(tile.Z, tile.X, tile.Y));
        var template = $"{PublicAddress.Of(http)}{http.Request.Path}?{question}&format=mvt&tile={{z}}/{{x}}/{{y}}";
        return TypedResults.Ok(tiles.Describe(template.Replace("?&", "?", StringComparison.Ordinal)));
    });

    /// <exception cref="Refused">A tile of what is not asked for as tiles, or tiles without saying which.</exception>
    public static void Check(Question ask)
    {
        var isTile = ResultFile.FormatOf(ask) == "mvt";
        if (!isTile && ask.Has(TileParameter)) throw Refused.Field("tile", "parameter.not-here", "format=mvt");
        if (isTile && ask.Get(TileParameter) is null) throw Refused.Field("tile", "parameter.missing", "which tile, zoom/column/row");
    }

    /// <summary>For questions that are about now as well: <paramref name="made"/> says of which tables, and the answer is made anew every minute.</summary>
    public static RouteHandlerBuilder WithTilesOf(this RouteHandlerBuilder endpoint, Layer made) => endpoint.WithTiles(async (http, cancellation) =>
        $"{await http.RequestServices.GetRequiredService<LayerVersions>().Of(made, cancellation)}|{DateTime.UtcNow.Ticks / TimeSpan.TicksPerMinute}");

    private static Reading<TileAddress?> ReadTile(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 3 && Whole(parts[0], out var z) && Whole(parts[1], out var x) && Whole(parts[2], out var y)
            ? new TileAddress(z, x, y) : Reading<TileAddress?>.Wrong("tile.unreadable", "zoom/column/row, such as 13/6829/3334");

        static bool Whole(string text, out int number) => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number);
    }

    private sealed class TileResult(MadeTile tile) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => tile.Send(httpContext, httpContext.RequestAborted);
    }
}
