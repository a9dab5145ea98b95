using System.Text.Json.Nodes;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>What collections can be asked: queryables, sortables, schemas, and the functions of filters.</summary>
internal static class SchemaEndpoints
{
    public static void MapSchemas(this RouteGroupBuilder ogc)
    {
        Map("queryables", Schemas.Queryable);
        Map("sortables", Schemas.Sortable);
        ogc.MapMethods("/collections/{collection}/schema", OgcEndpoints.Read, Schema).Takes([Type, .. Formats.OfPages]);
        ogc.MapMethods("/functions", OgcEndpoints.Read, (Delegate)Functions).Takes(Formats.OfPages);

        void Map(string name, Func<HttpContext, Layer, string, JsonObject> document) =>
            ogc.MapMethods($"/collections/{{collection}}/{name}", OgcEndpoints.Read, (string collection, HttpContext http, LayerCatalog layers) =>
            {
                var layer = OgcEndpoints.Find(layers, collection);
                var format = Formats.WantedInLanguage(http, Question.Of(http));
                // The id is the address without its query.
                return Answer(http, format, document(http, layer, $"{Links.Base(http)}{http.Request.Path}"));
            }).Takes(Formats.OfPages);
    }

    private static readonly Parameter<string?> Type = TypeOf("create", "replace", "update");

    private static Parameter<string?> TypeOf(params string[] choices) => Parameters.Choice("type", choices, "The schema of what may be sent for it; of what is answered when absent.");

    /// <summary>What the schema of one collection takes: of what may be sent only the kinds that there are.</summary>
    public static IReadOnlyList<Parameter> ParametersOf(Layer layer) => layer.Writes is not { } writes ? Formats.OfPages : [writes.MayReplace ? Type : TypeOf("create"), .. Formats.OfPages];

    private static Task Schema(string collection, HttpContext http, LayerCatalog layers)
    {
        var layer = OgcEndpoints.Find(layers, collection);
        var ask = Question.Of(http);
        var (format, address) = (Formats.WantedInLanguage(http, ask), $"{Links.Base(http)}{http.Request.Path}");
        var type = ask.Get(Type);
        if (type is not null && (layer.Writes is not { } writes || (type != "create" && !writes.MayReplace)))
            throw Refused.Field("type", "collection.not-writable", $"no type: {layer.Name} cannot be written so");
        var document = type is null ? Schemas.Returned(http, layer, address) : Schemas.Received(http, layer, layer.Writes!, $"{address}?type={type}", whole: type != "update");
        return Answer(http, format, document);
    }

    private static Task Answer(HttpContext http, Format format, JsonObject document) => OgcEndpoints.Answer(http, format, document, Words.Name($"{document["title"]}"), Links.Schema);

    private static Task Functions(HttpContext http)
    {
        var format = Formats.WantedInLanguage(http, Question.Of(http));
        var document = new JsonObject
        {
            ["functions"] = new JsonArray([.. FilterFunctions.All.Select(function => (JsonNode)new JsonObject
            {
                ["name"] = function.Name,
                ["description"] = http.SayOrEnglish(function.Meaning),
                ["arguments"] = new JsonArray([.. function.Arguments.Select(argument => (JsonNode)new JsonObject
                {
                    ["title"] = http.SayOrEnglish((argument.Name, argument.NameZh)), ["type"] = new JsonArray(TypeOf(argument.Kind)),
                })]),
                ["returns"] = new JsonArray(TypeOf(function.Returns)),
            })]),
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, http.SayOrEnglish(PageWords.ThisDocument))),
        };
        return OgcEndpoints.Answer(http, format, document, ("Functions", "函数"), Links.Json);
    }

    private static string TypeOf(FilterKind kind) => kind switch
    {
        FilterKind.Text => "string",
        FilterKind.Timestamp or FilterKind.Date => "datetime",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
