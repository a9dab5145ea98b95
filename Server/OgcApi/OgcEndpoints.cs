using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GridMap.Server.Access;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.OgcApi;

/// <summary>OGC API – Features (OGC 17-069r4, 18-058r1, 19-079r2, 20-002, 23-058) over every published layer, under <c>/ogc</c>.</summary>
public static class OgcEndpoints
{
    public static void MapOgcApi(this IEndpointRouteBuilder app)
    {
        var ogc = app.MapGroup("/ogc").Reads();
        ogc.MapMethods("", Read, (Delegate)Landing).Takes(Formats.OfPages);
        ogc.MapMethods("/conformance", Read, (Delegate)Conforms).Takes(Formats.OfPages);
        ogc.MapMethods("/api", Read, Api).Takes([OpenApiVersion, .. Formats.OfPages]);
        ogc.MapMethods("/collections", Read, AllCollections).Takes(Formats.OfPages);
        ogc.MapMethods("/collections/{collection}", Read, OneCollection).Takes(Formats.OfPages);
        ogc.MapSchemas();
        ogc.MapWrites();
        ogc.MapProcesses();
        ogc.MapTileSets();
        ogc.MapStyles();
        ogc.MapMethods("/collections/{collection}/items", Read, OneCollectionsItems);
        ogc.MapMethods("/collections/{collection}/items/{fid}", Read, OneItem).Takes([ItemsQuestion.Crs84OrOther, Parameters.Coord, .. Formats.OfPages]);
    }

    internal static readonly Parameter<string?> OpenApiVersion = Parameters.Choice("openapi", ["3.0", "3.1"], "The version of OpenAPI; 3.0 when absent.");

    internal static readonly string[] Read = ["GET", "HEAD"];

    private static async Task Landing(HttpContext http)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var address = Links.Base(http);
        Link[] links =
        [
            .. Links.SelfAndAlternate(http, format, Links.Json, "This document"),
            new($"{address}/ogc/api?f=json", "service-desc", Links.OpenApi, "The API, as OpenAPI 3.0"),
            new($"{address}/ogc/api?openapi=3.1&f=json", "service-desc", Links.OpenApi31, "The API, as OpenAPI 3.1"),
            new($"{address}/ogc/api?f=html", "service-doc", Links.Html, "The API, for people"),
            new($"{address}/ogc/conformance?f=json", "conformance", Links.Json, "Conformance classes"),
            // Features calls the relation by its short name, Common and Processes by its long one.
            new($"{address}/ogc/conformance?f=json", Links.Rel("conformance"), Links.Json, "Conformance classes"),
            new($"{address}/ogc/collections?f=json", "data", Links.Json, "Collections"),
            new($"{address}/ogc/functions?f=json", Links.Rel("functions"), Links.Json, "Functions for filters"),
            new($"{address}/ogc/processes?f=json", Links.Rel("processes"), Links.Json, "Processes"),
            new($"{address}/ogc/jobs?f=json", Links.Rel("job-list"), Links.Json, "Jobs"),
            new($"{address}/ogc/tiles?f=json", Links.Rel("tilesets-vector"), Links.Json, "Vector tiles"),
            new($"{address}/ogc/tileMatrixSets?f=json", Links.Rel("tiling-schemes"), Links.Json, "Tile matrix sets"),
            Styles.LinkToAll(http),
        ];
        var node = new JsonObject
        {
            ["title"] = "GridMap", ["description"] = http.SayOrEnglish(PageWords.About), ["links"] = Collections.Array(links),
        };
        await Answer(http, format, node, Words.Name("GridMap"), Links.Json);
    }

    private static async Task Conforms(HttpContext http)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var node = new JsonObject
        {
            ["conformsTo"] = new JsonArray([.. Conformance.Classes.Select(name => (JsonNode)name)]),
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document")),
        };
        await Answer(http, format, node, ("Conformance", "符合性"), Links.Json);
    }

    private static async Task Api(HttpContext http, LayerCatalog layers)
    {
        var ask = Question.Of(http);
        var (format, document) = (Formats.Wanted(http, ask), OgcContract.Document(http, layers));
        if (format == Format.Html) await ApiPage.Write(http, document);
        else if (IsWanted31(http, ask)) await Formats.Write(http, OgcContract.As31(document), Links.OpenApi31);
        else await Formats.Write(http, document, Links.OpenApi);
    }

    // What the address says, else the version that the Accept header wants of the type.
    private static bool IsWanted31(HttpContext http, Question ask) => (ask.Get(OpenApiVersion) ?? http.Request.GetTypedHeaders().Accept
        .Where(range => range.MediaType.Equals("application/vnd.oai.openapi+json", StringComparison.OrdinalIgnoreCase) && range.Quality is not 0).OrderByDescending(range => range.Quality ?? 1)
        .Select(range => range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.Value.ToString().Trim('"')).FirstOrDefault())
        ?.StartsWith("3.1", StringComparison.Ordinal) == true;

    private static async Task AllCollections(HttpContext http, LayerCatalog layers, Collections collections, CancellationToken cancellation)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var list = new JsonArray();
        foreach (var layer in layers.All)
        {
            var address = $"{Links.Base(http)}/ogc/collections/{layer.Name}";
            list.Add(await collections.Describe(http, layer,
                [new Link($"{address}?f=json", "self", Links.Json, layer.Title), new Link($"{address}?f=html", "alternate", Links.Html, layer.Title)], cancellation));
        }
        var node = new JsonObject
        {
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document")), ["collections"] = list,
        };
        await Answer(http, format, node, ("Collections", "要素集"), Links.Json);
    }

    private static async Task OneCollection(string collection, HttpContext http, LayerCatalog layers, Collections collections, CancellationToken cancellation)
    {
        var layer = Find(layers, collection);
        var format = Formats.Wanted(http, Question.Of(http));
        var node = await collections.Describe(http, layer, Links.SelfAndAlternate(http, format, Links.Json, layer.Title), cancellation);
        await Answer(http, format, node, PageWords.TitleOf(layer), Links.Json, new PageMap("source", $"{Links.Base(http)}/ogc/collections/{layer.Name}/items?f=json&limit=1000"));
    }

    private static async Task OneCollectionsItems(
        string collection, HttpContext http, LayerCatalog layers, Items items, CollectionCrs crs, LayerReader reader, CancellationToken cancellation)
    {
        var layer = Find(layers, collection);
        var ask = Question.Of(http, ItemsQuestion.ParametersOf(layer));
        var format = Formats.Wanted(http, ask);
        var question = await ItemsQuestion.Read(layer, ask, crs, cancellation);
        var view = await reader.View(layer, cancellation);
        if (Items.IsKnown(http, view)) return;
        NameCrs(http, question.Crs);
        Links.ToHeader(http, Items.LinksOf(http, layer, format)); // what follows is known at the end only, and stands in the body
        try
        {
            if (format == Format.Html) await OgcHtml.WriteItems(http, question.Features, reader, cancellation);
            else if (HttpMethods.IsHead(http.Request.Method)) http.Response.ContentType = Links.GeoJson;
            else await items.Stream(http, view, question, cancellation);
        }
        catch (PostgresException failed) when (question.Features.Filter is not null && failed.SqlState is ['2', '2', ..] or "XX000" or "0A000")
        {
            // Geometries and numbers that pass every check may still be beyond what can be computed.
            throw Refused.Field("filter", "filter.cannot-be-computed", "an expression that can be computed for every feature");
        }
    }

    private static async Task OneItem(string collection, string fid, HttpContext http, LayerCatalog layers, CollectionCrs crs, LayerReader reader, CancellationToken cancellation)
    {
        var layer = Find(layers, collection);
        var ask = Question.Of(http);
        var format = Formats.Wanted(http, ask);
        var asked = await crs.Asked(layer, ask, ItemsQuestion.Crs84OrOther, Datum.Of(ask), cancellation);
        if (!long.TryParse(fid, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) throw NoFeature(layer, fid);
        var view = await reader.View(layer, cancellation);
        var plain = new FeatureQuestion(layer, 1) { Ids = [id] };
        var content = await view.One(plain, id, cancellation);
        if (content.Length == 0) throw NoFeature(layer, fid);
        NameCrs(http, asked);
        // The feature's own tag, so that it can be locked by; a representation that differs says so behind a dash.
        var etag = $"\"{FeatureRows.Tag(content)}{(asked.IsDefault ? "" : $"-{asked.Crs.Srid}{(asked.Crs.NorthFirst ? "n" : "")}{asked.Datum.Name}")}{(PageLanguage.Of(http) is { } page ? $"-html-{page.Code}" : "")}\"";
        Conditional.Tag(http, etag);
        http.Response.Headers.CacheControl = "no-cache";
        if (Conditional.IsKnown(http, etag)) return;
        Link[] links =
        [
            .. Links.SelfAndAlternate(http, format, Links.GeoJson, $"{layer.Title} {fid}"),
            new($"{Links.Base(http)}/ogc/collections/{layer.Name}?f=json", "collection", Links.Json, layer.Title),
        ];
        Links.ToHeader(http, links);
        var question = ItemsQuestion.Written(plain, asked);
        if (format == Format.Html)
        {
            if (!await OgcHtml.WriteItem(http, question, reader, links, cancellation)) throw NoFeature(layer, fid);
            return;
        }
        if (!asked.IsDefault) content = await view.One(question, id, cancellation);
        var coord = asked.Datum == default ? "" : $",\"coord\":\"{asked.Datum.Name}\"";
        http.Response.ContentType = Links.GeoJson;
        var output = http.Response.BodyWriter;
        output.Write(content.AsSpan(0, content.Length - 1)); // all but the last brace
        Encoding.UTF8.GetBytes($"{coord},\"links\":{JsonSerializer.Serialize(links, Links.Text)}}}", output);
        await output.FlushAsync(cancellation);
    }

    // GCJ-02 and BD-09 have no CRS of their own to name; they go by their own header.
    internal static void NameCrs(HttpContext http, AskedCrs crs)
    {
        if (crs.Datum == default) http.Response.Headers["Content-Crs"] = $"<{crs.Crs.Uri}>";
        else http.Response.Headers["X-GridMap-Coord"] = crs.Datum.Name;
    }

    /// <summary>A document as JSON or as a page.</summary>
    internal static Task Answer(HttpContext http, Format format, JsonObject node, Words title, string type, PageMap? map = null)
    {
        if (node["links"] is JsonArray links)
            Links.ToHeader(http, links.OfType<JsonObject>().Where(link => link["templated"] is null).Select(link => new Link($"{link["href"]}", $"{link["rel"]}", $"{link["type"]}", "")));
        return format == Format.Html ? OgcHtml.WriteDocument(http, title, node, map) : Formats.Write(http, node, type);
    }

    internal static Layer Find(LayerCatalog layers, string name) => layers.Find(name) ?? throw Refused.NotFound("collection", name);

    internal static Refused NoFeature(Layer layer, string fid) => new("feature.not-found", $"There is no feature {fid} in {layer.Name}.");
}
