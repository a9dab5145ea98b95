using System.Text.Json.Nodes;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>The operations of the OpenAPI document that send something.</summary>
internal static class ContractWrites
{
    public static void Add(JsonObject paths, ContractTopic topic, Layer layer, LayerWrites writes, string name)
    {
        var refusals = () => new JsonObject
        {
            ["403"] = OgcContract.Problem("The key's role or area does not allow it."), ["409"] = OgcContract.Problem("It conflicts with what is there."),
            ["415"] = OgcContract.Problem("Another media type is needed."), ["422"] = OgcContract.Problem("The content breaks a rule."),
        };
        paths[$"/collections/{layer.Name}/items"]!["post"] = Operation(topic, $"create{name}Feature", ($"Make a feature of {layer.Name}, or several at once", $"新增{layer.TitleZh}要素，可一次多个"), [Links.GeoJson, Links.Json], "201", "It was made; Location says where.", [], refusals());
        Sends(paths[$"/collections/{layer.Name}/items"]!["post"]!);
        paths[$"/collections/{layer.Name}/items"]!["options"] = Options(topic, $"get{name}Options");
        var item = paths[$"/collections/{layer.Name}/items/{{featureId}}"]!;
        if (writes.MayReplace)
        {
            item["put"] = Operation(topic, $"replace{name}Feature", ($"Replace a feature of {layer.Name}", $"整体替换一个{layer.TitleZh}要素"), [Links.GeoJson, Links.Json], "204", "It was replaced.", ["featureId"], Existing(refusals()));
            item["patch"] = Operation(topic, $"update{name}Feature", ($"Change a part of a feature of {layer.Name}", $"修改{layer.TitleZh}要素的部分内容"), ["application/merge-patch+json", Links.GeoJson, Links.Json], "204", "It was changed.", ["featureId"], Existing(refusals()));
            foreach (var method in new[] { "put", "patch" })
            {
                Sends(item[method]!);
                Locks(item[method]!);
            }
        }
        if (writes.MayDelete)
        {
            item["delete"] = Operation(topic, $"delete{name}Feature", ($"Take a feature of {layer.Name} away", $"删除一个{layer.TitleZh}要素"), [], "204", "It is gone.", ["featureId"],
                Existing(new JsonObject { ["403"] = OgcContract.Problem("The key's role or area does not allow it."), ["409"] = OgcContract.Problem("Something else needs it.") }));
            Locks(item["delete"]!);
        }
        item["options"] = Options(topic, $"get{name}FeatureOptions", "featureId");
    }

    private static void Sends(JsonNode operation)
    {
        TakesHeader(operation, "Content-Crs", "The CRS of the geometry that is sent, <URI>: one of the collection's; CRS84 when absent.");
        operation["parameters"]!.AsArray().Add(OgcContract.Describe(Parameters.Coord));
    }

    private static void Locks(JsonNode operation)
    {
        TakesHeader(operation, "If-Match", "The tag of the version that was read: another one there is refused.");
        TakesHeader(operation, "If-None-Match", "Tags, or *, of versions that are not to be changed.");
    }

    public static void TakesHeader(JsonNode operation, string name, string description) => operation["parameters"]!.AsArray().Add(new JsonObject
    {
        ["name"] = name, ["in"] = "header", ["required"] = false, ["description"] = description, ["schema"] = new JsonObject { ["type"] = "string" },
    });

    private static JsonObject Options(ContractTopic topic, string id, params string[] inPath) => new()
    {
        ["operationId"] = id, ["summary"] = topic.Say(("What may be done here", "此处允许的操作")), ["tags"] = topic.Tags, ["parameters"] = new JsonArray([.. inPath.Select(InPath)]),
        ["responses"] = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = "The header Allow lists the methods.",
                ["headers"] = new JsonObject { ["Allow"] = new JsonObject { ["description"] = "Methods, by commas.", ["schema"] = new JsonObject { ["type"] = "string" } } },
            },
            ["404"] = OgcContract.Problem("There is no such collection."),
        },
    };

    public static JsonObject Operation(ContractTopic topic, string id, Words summary, string[] mediaTypes, string status, string done, string[] inPath, JsonObject more)
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
            ["operationId"] = id, ["summary"] = topic.Say(summary), ["tags"] = topic.Tags, ["parameters"] = new JsonArray([.. inPath.Select(InPath)]), ["responses"] = responses,
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
