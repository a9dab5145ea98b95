using System.Text.Json.Nodes;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.OpenApi;

namespace GridMap.Server.OgcApi;

/// <summary>The OpenAPI 3.0 document of the OGC face: every operation and parameter of every collection, written from the layers themselves.</summary>
public static class OgcContract
{
    public static JsonObject Document(HttpContext http, LayerCatalog layers)
    {
        var general = new ContractTopic(http, ("General", "总览"), ("What there is, and this document.", "服务总览与接口描述。"));
        var paths = new JsonObject
        {
            ["/"] = Get(general, "getLandingPage", ("Landing page", "首页"), "LandingPage", Links.Json, Formats.OfPages),
            ["/conformance"] = Get(general, "getConformance", ("Conformance classes", "符合性声明"), "Conformance", Links.Json, Formats.OfPages),
            ["/api"] = Get(general, "getApi", ("This document", "本接口描述"), "Any", Links.OpenApi, [OgcEndpoints.OpenApiVersion, .. Formats.OfPages]),
            ["/functions"] = Get(general, "getFunctions", ("Functions for filters", "过滤条件可用的函数"), "Functions", Links.Json, Formats.OfPages),
            ["/collections"] = Get(general, "getCollections", ("All collections", "全部要素集"), "Collections", Links.Json, Formats.OfPages),
        };
        List<ContractTopic> topics = [general, .. OtherPaths(http, paths)];
        foreach (var layer in layers.All) topics.Add(LayerPaths(http, paths, layer));
        foreach (var (_, path) in paths)
        {
            foreach (var (method, operation) in path!.AsObject()) Anywhere(operation!.AsObject(), method);
        }
        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject
            {
                ["title"] = "GridMap – OGC API", ["version"] = typeof(OgcContract).Assembly.GetName().Version!.ToString(3),
                ["description"] = PageWords.About.English, ["license"] = new JsonObject { ["name"] = "As agreed with the city", ["url"] = $"{Links.Base(http)}/ogc" },
                ["contact"] = new JsonObject { ["name"] = "GridMap", ["url"] = $"{Links.Base(http)}/" },
            },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["apiKey"] = new JsonArray() }),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = $"{Links.Base(http)}/ogc" }),
            ["tags"] = new JsonArray([.. topics.Select(topic => (JsonNode)topic.Described)]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = ContractSchemas.All(), ["headers"] = LimitHeaders(), ["responses"] = new JsonObject { [NoKey] = Problem("The key is none, or reading needs one."), [TooMany] = Limited() },
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" }, ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-API-Key" },
                },
            },
        };
    }

    private static ContractTopic LayerPaths(HttpContext http, JsonObject paths, Layer layer)
    {
        var topic = new ContractTopic(http, PageWords.TitleOf(layer), PageWords.DescriptionOf(layer));
        var name = string.Concat(layer.Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        paths[$"/collections/{layer.Name}"] = Get(topic, $"describe{name}", topic.Title, "Collection", Links.Json, Formats.OfPages, missing: true);
        paths[$"/collections/{layer.Name}/items"] = Get(topic, $"get{name}", topic.Meaning, "FeatureCollection", Links.GeoJson, ItemsQuestion.ParametersOf(layer), missing: true, isConditional: true);
        foreach (var (document, what) in Documents)
            paths[$"/collections/{layer.Name}/{document}"] = Get(topic, $"get{name}{char.ToUpperInvariant(document[0])}{document[1..]}", what, "Schema", Links.Schema, document == "schema" ? SchemaEndpoints.ParametersOf(layer) : Formats.OfPages, missing: true);
        var one = Get(topic, $"get{name}Feature", ($"One feature of {layer.Name}", $"{layer.TitleZh}：单个要素"), "Feature", Links.GeoJson, [ItemsQuestion.Crs84OrOther, Parameters.Coord, .. Formats.OfPages], missing: true, isConditional: true);
        one["get"]!["parameters"]!.AsArray().Insert(0, new JsonObject
        {
            ["name"] = "featureId", ["in"] = "path", ["required"] = true, ["description"] = "The feature's id.", ["schema"] = new JsonObject { ["type"] = "string" },
        });
        paths[$"/collections/{layer.Name}/items/{{featureId}}"] = one;
        if (layer.Writes is { } writes) ContractWrites.Add(paths, topic, layer, writes, name);
        AddTiles(paths, topic, $"/collections/{layer.Name}/tiles", $"{layer.Name}.collection", layer.TileFilter?.Parameters ?? []);
        return topic;
    }

    private static readonly (string Name, Words What)[] Documents =
    [
        ("queryables", ("What items may be selected by", "可用于过滤的属性")), ("sortables", ("What items may be sorted by", "可用于排序的属性")), ("schema", ("What items are", "要素的属性结构")),
    ];

    // What any question may meet before anybody looks at what it is about.
    private static void Anywhere(JsonObject operation, string method)
    {
        operation["description"] ??= $"{operation["summary"]!.ToString().TrimEnd('.')}. What is wrong comes as a problem (RFC 9457) with a code, and with the fields that are to blame.";
        var responses = operation["responses"]!.AsObject();
        foreach (var (_, done) in responses.Where(response => response.Key[0] == '2').ToList())
        {
            var headers = done!["headers"]?.AsObject() ?? [];
            foreach (var (name, _) in LimitHeaders().Where(header => header.Key != RetryAfter)) headers[name] = new JsonObject { ["$ref"] = $"#/components/headers/{name}" };
            done["headers"] = headers;
        }
        if (method != "options") responses["401"] ??= new JsonObject { ["$ref"] = $"#/components/responses/{NoKey}" };
        if (operation.ContainsKey("requestBody")) responses["413"] ??= Problem("The body is too large.");
        responses["429"] = new JsonObject { ["$ref"] = $"#/components/responses/{TooMany}" };
        responses["500"] ??= Problem("The server failed.");
        responses["503"] ??= Problem("The database cannot be reached.");
    }

    private const string NoKey = "NoKey", TooMany = "TooMany", RetryAfter = "Retry-After";

    private static JsonObject LimitHeaders() => new(new[]
    {
        ("RateLimit-Limit", "How many requests a minute there are for this key or address."), ("RateLimit-Remaining", "How many of them are left."),
        ("RateLimit-Reset", "Seconds until all are there again."), (RetryAfter, "Seconds to wait."),
    }.Select(header => KeyValuePair.Create(header.Item1, (JsonNode?)new JsonObject { ["description"] = header.Item2, ["schema"] = new JsonObject { ["type"] = "integer" } })));

    private static JsonObject Limited()
    {
        var response = Problem("Too many requests, or too many jobs at once.");
        response["headers"] = new JsonObject(LimitHeaders().Select(header => KeyValuePair.Create(header.Key, (JsonNode?)new JsonObject { ["$ref"] = $"#/components/headers/{header.Key}" })));
        return response;
    }

    /// <summary>The same document as OpenAPI 3.1, where null is a type of its own.</summary>
    public static JsonObject As31(JsonObject document)
    {
        document["openapi"] = "3.1.0";
        Widen(document);
        return document;

        static void Widen(JsonNode? node)
        {
            if (node is JsonArray list) foreach (var item in list) Widen(item);
            if (node is not JsonObject members) return;
            if (members["nullable"] is JsonValue && members["type"] is JsonValue type)
            {
                members["type"] = new JsonArray(type.DeepClone(), "null");
                members.Remove("nullable");
            }
            foreach (var (_, value) in members.ToList()) Widen(value);
        }
    }

    // Names of operations end as OGC 20-057 §13 says.
    private static void AddTiles(JsonObject paths, ContractTopic topic, string address, string name, IReadOnlyList<Parameter> filter)
    {
        paths[address] = Get(topic, $"{name}.vector.getTileSetsList", ("Tile sets", "瓦片集列表"), "TileSets", Links.Json, Formats.OfPages);
        paths[$"{address}/{{tileMatrixSetId}}"] = Get(topic, $"{name}.vector.getTileSet", ("A tile set", "瓦片集"), "TileSet", Links.Json, [.. filter.Where(parameter => parameter == LayerTiles.Collections), TileSets.TileSetFormat, PageLanguage.Parameter], missing: true, "tileMatrixSetId");
        paths[$"{address}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"] = new JsonObject
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = $"{name}.vector.getTile", ["summary"] = topic.Say(("A vector tile", "矢量瓦片")), ["tags"] = topic.Tags,
                ["parameters"] = new JsonArray([.. TilePlace.Select(ContractWrites.InPath), .. filter.Select(Describe), Describe(LayerTiles.Format)]),
                ["responses"] = new JsonObject
                {
                    ["200"] = new JsonObject { ["description"] = "The tile.", ["content"] = new JsonObject { ["application/vnd.mapbox-vector-tile"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } } } },
                    ["204"] = new JsonObject { ["description"] = "The tile is empty." },
                    ["304"] = new JsonObject { ["description"] = "The client has it already (If-None-Match)." },
                    ["400"] = Problem("A parameter is unknown or wrong."), ["404"] = Problem("There is no such tile."), ["406"] = Problem("A tile is not accepted."), ["412"] = Problem("There is another version than If-Match asks for."), ["503"] = Problem("The database cannot be reached."),
                },
            },
        };
    }

    private static readonly string[] TilePlace = ["tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"];

    // An answer is of one of the media types that some process makes.
    private static JsonObject Answers(ProcessCatalog processes) => new(processes.All.SelectMany(process => process.Format?.Makes ?? [("json", Links.Json)]).Select(make => make.MediaType).Distinct().Order(StringComparer.Ordinal)
        .Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject
        {
            ["schema"] = type.Contains("json", StringComparison.Ordinal) ? Reference(type == Links.GeoJson ? "FeatureCollection" : "Any") : new JsonObject { ["type"] = "string", ["format"] = "binary" },
        })));

    private static IEnumerable<ContractTopic> OtherPaths(HttpContext http, JsonObject paths)
    {
        ContractTopic tiles = new(http, ("Tiles", "瓦片"), ("Vector tiles of all collections, and how the world is cut into them.", "全部要素集的矢量瓦片及切片方案。")),
            styles = new(http, ("Styles", "样式"), ("Maps for MapLibre and QGIS.", "供 MapLibre 与 QGIS 使用的地图样式。")),
            runs = new(http, ("Processes", "分析"), ("Questions about the city, at once or as jobs.", "对城市的分析提问，即时作答或作为任务执行。")),
            jobs = new(http, ("Jobs", "任务"), ("What is being answered, and what has been.", "正在执行与已完成的分析任务。"));
        AddTiles(paths, tiles, "/tiles", "dataset", [LayerTiles.Collections]);
        paths["/tileMatrixSets"] = Get(tiles, "getTileMatrixSetsList", ("Tile matrix sets", "切片方案列表"), "TileMatrixSets", Links.Json, Formats.OfPages);
        paths["/tileMatrixSets/{tileMatrixSetId}"] = Get(tiles, "getTileMatrixSet", ("A tile matrix set", "切片方案"), "TileMatrixSet", Links.Json, Formats.OfPages, missing: true, "tileMatrixSetId");
        paths["/styles"] = Get(styles, "getStyles", ("Styles", "样式列表"), "Styles", Links.Json, Formats.OfPages);
        paths["/styles/{styleId}"] = Get(styles, "getStyle", ("A style for MapLibre and QGIS", "供 MapLibre 与 QGIS 使用的样式"), "Style", "application/vnd.mapbox.style+json", [Styles.StyleFormat, PageLanguage.Parameter], missing: true, "styleId");
        paths["/styles/{styleId}/metadata"] = Get(styles, "getStyleMetadata", ("What a style is for and what it draws", "样式的用途与绘制内容"), "StyleMetadata", Links.Json, Formats.OfPages, missing: true, "styleId");
        paths["/processes"] = Get(runs, "getProcesses", ("Processes", "分析列表"), "Processes", Links.Json, [ProcessEndpoints.Limit, ProcessEndpoints.Offset, .. Formats.OfPages]);
        paths["/processes/{processId}"] = Get(runs, "getProcess", ("A process", "分析的说明：输入与输出"), "Process", Links.Json, Formats.OfPages, missing: true, "processId");
        paths["/processes/{processId}/execution"] = new JsonObject
        {
            ["post"] = ContractWrites.Operation(runs, "execute", ("Run a process, or start a job (Prefer: respond-async)", "执行分析，或启动任务（Prefer: respond-async）"), ["application/json"], "200", "The answer.", ["processId"],
                new JsonObject { ["201"] = new JsonObject { ["description"] = "The job was made; Location says where." }, ["404"] = Problem("There is no such process."), ["415"] = Problem("Another media type is needed.") }),
        };
        var execute = paths["/processes/{processId}/execution"]!["post"]!;
        execute["requestBody"]!["content"]![Links.Json]!["schema"] = Reference("Execute");
        var processes = http.RequestServices.GetRequiredService<ProcessCatalog>();
        execute["responses"]!["200"]!["content"] = Answers(processes);
        execute["responses"]!["201"]!["content"] = JobContent();
        execute["responses"]!["201"]!["headers"] = new JsonObject { ["Location"] = new JsonObject { ["description"] = "The job.", ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "uri" } } };
        ContractWrites.TakesHeader(paths["/processes/{processId}/execution"]!["post"]!, "Prefer", "respond-async: start a job and answer at once.");
        paths["/jobs"] = Get(jobs, "getJobs", ("Your jobs", "我的任务"), "Jobs", Links.Json, ProcessEndpoints.OfJobs);
        var job = Get(jobs, "getJob", ("A job's status", "任务状态"), "Job", Links.Json, Formats.OfPages, missing: true, "jobId");
        job["delete"] = ContractWrites.Operation(jobs, "dismiss", ("Stop a job and forget its results", "终止任务并丢弃其结果"), [], "200", "It was dismissed.", ["jobId"], new JsonObject { ["404"] = Problem("There is no such job.") });
        job["delete"]!["responses"]!["200"]!["content"] = JobContent();
        paths["/jobs/{jobId}"] = job;
        paths["/jobs/{jobId}/results"] = Get(jobs, "getJobResults", ("A job's results", "任务结果"), "Any", Links.Json, [ProcessEndpoints.ResultFormat], missing: true, "jobId");
        paths["/jobs/{jobId}/results"]!["get"]!["responses"]!["200"]!["content"] = Answers(processes);
        return [tiles, styles, runs, jobs];

        static JsonObject JobContent() => new() { [Links.Json] = new JsonObject { ["schema"] = Reference("Job") } };
    }

    private static JsonObject Get(ContractTopic topic, string id, Words summary, string schema, string type, IReadOnlyList<Parameter> parameters, bool missing = false, string? inPath = null, bool isConditional = false)
    {
        var content = new JsonObject { [type] = new JsonObject { ["schema"] = Reference(schema) } };
        if (parameters.Contains(PageLanguage.Parameter)) content["text/html"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        var responses = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "What was asked for.", ["content"] = content }, ["400"] = Problem("A parameter is unknown or wrong."),
        };
        if (isConditional)
        {
            responses["304"] = new JsonObject { ["description"] = "The client has it already (If-None-Match)." };
            responses["412"] = Problem("There is another version than If-Match asks for.");
        }
        if (missing) responses["404"] = Problem("There is no such thing.");
        responses["406"] = Problem("No accepted format is available.");
        responses["500"] = Problem("The server failed.");
        responses["503"] = Problem("The database cannot be reached.");
        return new JsonObject
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = id, ["summary"] = topic.Say(summary), ["tags"] = topic.Tags,
                ["parameters"] = new JsonArray([.. inPath is null ? [] : new[] { ContractWrites.InPath(inPath) }, .. parameters.Select(Describe)]), ["responses"] = responses,
            },
        };
    }

    internal static JsonNode Describe(Parameter parameter) => new JsonObject
    {
        ["name"] = parameter.Name, ["in"] = "query", ["required"] = parameter.IsRequired, ["description"] = parameter.Description,
        ["schema"] = parameter.Repeats && parameter.Schema.Type != JsonSchemaType.Array ? new JsonObject { ["type"] = "array", ["items"] = Schema(parameter.Schema) } : Schema(parameter.Schema),
        ["style"] = "form", ["explode"] = parameter.Repeats,
    };

    internal static JsonObject Schema(OpenApiSchema schema)
    {
        if (schema.AnyOf is { Count: > 0 } kinds) return new JsonObject { ["anyOf"] = new JsonArray([.. kinds.Select(kind => Schema((OpenApiSchema)kind))]) };
        var node = new JsonObject { ["type"] = schema.Type!.Value.ToString().ToLowerInvariant() };
        if (schema.Format is { } format) node["format"] = format;
        if (schema.Minimum is { } least) node["minimum"] = JsonNode.Parse(least);
        if (schema.Maximum is { } most) node["maximum"] = JsonNode.Parse(most);
        if (schema.MinLength is { } shortest) node["minLength"] = shortest;
        if (schema.MaxLength is { } longest) node["maxLength"] = longest;
        if (schema.Default is { } value) node["default"] = value.DeepClone();
        if (schema.Pattern is { } pattern) node["pattern"] = pattern;
        if (schema.Enum is { Count: > 0 } choices) node["enum"] = new JsonArray([.. choices.Select(choice => choice.DeepClone())]);
        if (schema.Items is OpenApiSchema items) node["items"] = Schema(items);
        if (schema.MinItems is { } fewest) node["minItems"] = fewest;
        if (schema.MaxItems is { } all) node["maxItems"] = all;
        return node;
    }

    internal static JsonObject Problem(string description) => new()
    {
        ["description"] = description, ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Reference("Problem") }, [Links.Json] = new JsonObject { ["schema"] = Reference("Problem") } },
    };

    internal static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };
}
