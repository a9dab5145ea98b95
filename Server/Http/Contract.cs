using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GridMap.Server.Http;

/// <summary>The generated contract: query parameters from <see cref="Takes"/>, and the problem that every operation may answer.</summary>
public static class Contract
{
    public const string DocumentName = "v1";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1; // as the build writes it
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "GridMap", Version = typeof(Contract).Assembly.GetName().Version!.ToString(3),
                Description = "Grids, incidents, coverage and hotspots of a city.",
            };
            document.Info.License = new OpenApiLicense { Name = "As agreed with the city", Url = new Uri("/", UriKind.Relative) };
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Components ??= new OpenApiComponents();
            document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
            document.Components.Schemas["Problem"] = ProblemSchema();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key." },
                ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = "An API key." },
            };
            // Reading may be open; whether it is, the server's operator decides.
            document.Security =
            [
                new OpenApiSecurityRequirement(),
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
            ];
            var topics = context.DescriptionGroups.SelectMany(group => group.Items).SelectMany(item => item.ActionDescriptor.EndpointMetadata.OfType<Topic>())
                .GroupBy(topic => topic.Name).ToDictionary(group => group.Key, group => group.First().What);
            foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
            {
                if (tag.Name is not null && topics.TryGetValue(tag.Name, out var what)) tag.Description = what;
            }
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonPropertyInfo?.AttributeProvider?.IsDefined(typeof(TextOrObjectAttribute), inherit: false) == true)
                schema.OneOf = [Text(), new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() }];
            // Its text is made by hand, so the serializer cannot say what is in it.
            if (context.JsonTypeInfo.Type != typeof(MultiPolygonShape)) return Task.CompletedTask;
            var shape = MultiPolygonShape.Schema();
            (schema.Type, schema.Required, schema.Properties, schema.AdditionalPropertiesAllowed) = (shape.Type, shape.Required, shape.Properties, shape.AdditionalPropertiesAllowed);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var parameter in context.Description.ActionDescriptor.EndpointMetadata.OfType<Takes>().SelectMany(takes => takes.Parameters))
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = parameter.Name, In = ParameterLocation.Query, Description = parameter.Description, Required = parameter.IsRequired,
                    Schema = parameter.Schema, Explode = parameter.Repeats, Style = ParameterStyle.Form,
                });
            }
            operation.OperationId ??= OperationId(context.Description.HttpMethod ?? "GET", context.Description.RelativePath ?? "");
            operation.Responses ??= [];
            operation.Responses["400"] = Problem(context.Document, "A parameter or the body is unknown or wrong: errors say which field and what was expected.");
            operation.Responses["default"] = Problem(context.Document, "A problem (RFC 9457): the code says why, errors say which fields.");
            return Task.CompletedTask;
        });
    }

    // GET api/incidents/{id} is getIncidentsById.
    private static string OperationId(string method, string path)
    {
        var words = path.Split(['/', '-', '.'], StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => word == "api")
            .Select(word => word.StartsWith('{') ? $"By{Capital(word.Trim('{', '}', '*').Split(':')[0])}" : Capital(word));
        return method.ToLowerInvariant() + string.Concat(words);

        static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
    }

    private static OpenApiResponse Problem(OpenApiDocument? document, string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", document) } },
    };

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "title", "status", "detail", "instance", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text(), ["title"] = Text(), ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer }, ["detail"] = Text(),
            ["instance"] = Text(), ["code"] = Text(), ["traceId"] = Text(),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema> { ["field"] = Text(), ["code"] = Text(), ["expected"] = Text() },
                },
            },
            ["faults"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object } },
        },
    };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}

/// <summary>A member of a body that may be a text or an object: the serializer takes it as it comes and cannot say so.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextOrObjectAttribute : Attribute;

/// <summary>What a group of endpoints is about, for the contract.</summary>
public sealed record Topic(string Name, string What);

public static class TopicEndpoints
{
    /// <summary>Names what these endpoints are about.</summary>
    public static T About<T>(this T endpoints, string name, string what) where T : IEndpointConventionBuilder => endpoints.WithTags(name).WithMetadata(new Topic(name, what));
}
