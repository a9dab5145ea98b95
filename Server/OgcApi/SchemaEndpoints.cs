using System.Text.Json.Nodes;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>What collections can be asked: queryables, sortables, schemas, and the functions of filters.</summary>
internal static class SchemaEndpoints
{
    public static void MapSchemas(this RouteGroupBuilder ogc)
    {
        Map("queryables", Schemas.Queryable, "queryables 可查询字段");
        Map("sortables", Schemas.Sortable, "sortables 可排序字段");
        Map("schema", Schemas.Returned, "schema 结构");
        ogc.MapMethods("/functions", OgcEndpoints.Read, (Delegate)Functions).Takes(Formats.Parameter);

        void Map(string name, Func<Layer, string, JsonObject> document, string title) =>
            ogc.MapMethods($"/collections/{{collection}}/{name}", OgcEndpoints.Read, (string collection, HttpContext http, LayerCatalog layers) =>
            {
                var layer = OgcEndpoints.Find(layers, collection);
                var format = Formats.Wanted(http, Question.Of(http));
                // The id is the address without its query.
                return OgcEndpoints.Answer(http, format, document(layer, $"{Links.Base(http)}{http.Request.Path}"), $"{layer.Title} {layer.TitleZh}: {title}", Links.Schema);
            }).Takes(Formats.Parameter);
    }

    private static Task Functions(HttpContext http)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var document = new JsonObject
        {
            ["functions"] = new JsonArray([.. FilterFunctions.All.Select(function => (JsonNode)new JsonObject
            {
                ["name"] = function.Name,
                ["description"] = function.Description,
                ["arguments"] = new JsonArray([.. function.Arguments.Select(argument => (JsonNode)new JsonObject
                {
                    ["title"] = argument.Name, ["type"] = new JsonArray(Type(argument.Kind)),
                })]),
                ["returns"] = new JsonArray(Type(function.Returns)),
            })]),
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document")),
        };
        return OgcEndpoints.Answer(http, format, document, "Functions 函数", Links.Json);
    }

    private static string Type(FilterKind kind) => kind switch
    {
        FilterKind.Text => "string",
        FilterKind.Timestamp or FilterKind.Date => "datetime",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
