using System.Text.Json.Nodes;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>The operations of the OpenAPI document that send something.</summary>
internal static class ContractWrites
{
    public static void Add(JsonObject paths, Layer layer, LayerWrites writes, string name)
    {
        var refusals = () => new JsonObject
        {
            ["403"] = OgcContract.Problem("The key's role or area does not allow it."), ["409"] = OgcContract.Problem("It conflicts with what is there."),
            ["415"] = OgcContract.Problem("Another media type is needed."), ["422"] = OgcContract.Problem("The content breaks a rule."),
        };
        paths[$"/collections/{layer.Name}/items"]!["post"] = Operation($"create{name}Feature", $"Make a feature of {layer.Name}, or several at once", [Links.GeoJson, Links.Json], "201", "It was made; Location says where.", [], refusals());
        var item = paths[$"/collections/{layer.Name}/items/{{featureId}}"]!;
        if (writes.MayReplace)
        {
            item["put"] = Operation($"replace{name}Feature", $"Replace a feature of {layer.Name}", [Links.GeoJson, Links.Json], "204", "It was replaced.", ["featureId"], Existing(refusals()));
            item["patch"] = Operation($"update{name}Feature", $"Change a part of a feature of {layer.Name}", ["application/merge-patch+json", Links.GeoJson], "204", "It was changed.", ["featureId"], Existing(refusals()));
        }
        if (writes.MayDelete) item["delete"] = Operation($"delete{name}Feature", $"Take a feature of {layer.Name} away", [], "204", "It is gone.", ["featureId"], Existing(new JsonObject()));
    }

    public static JsonObject Operation(string id, string summary, string[] mediaTypes, string status, string done, string[] inPath, JsonObject more)
    {
        var responses = new JsonObject
        {
            [status] = new JsonObject { ["description"] = done }, ["400"] = OgcContract.Problem("The request could not be read."), ["401"] = OgcContract.Problem("A key is needed."),
        };
        foreach (var (code, response) in more.ToList())
        {
            more.Remove(code);
            responses[code] = response;
        }
        var operation = new JsonObject
        {
            ["operationId"] = id, ["summary"] = summary, ["tags"] = new JsonArray("Features"), ["parameters"] = new JsonArray([.. inPath.Select(InPath)]), ["responses"] = responses,
        };
        if (mediaTypes.Length > 0)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true, ["content"] = new JsonObject(mediaTypes.Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject { ["schema"] = OgcContract.Reference("Any") }))),
            };
        }
        return operation;
    }

    public static JsonNode InPath(string name) => new JsonObject
    {
        ["name"] = name, ["in"] = "path", ["required"] = true, ["description"] = "The id.", ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Existing(JsonObject responses)
    {
        responses["404"] = OgcContract.Problem("There is no such feature.");
        responses["412"] = OgcContract.Problem("It has changed since it was read.");
        return responses;
    }
}
