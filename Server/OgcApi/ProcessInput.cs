using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GridMap.Server.Http;
using Microsoft.OpenApi;

namespace GridMap.Server.OgcApi;

/// <summary>An input of a process is a query parameter: described by the parameter's own schema, held to the same schema, and then read as the query is.</summary>
internal static class ProcessInput
{
    public static JsonObject Describe(HttpContext http, Parameter parameter) => new()
    {
        ["title"] = http.SayOrEnglish(InputTitles.Of(parameter)), ["description"] = http.SayOrEnglish(parameter.Meaning), ["minOccurs"] = parameter.IsRequired ? 1 : 0, ["maxOccurs"] = parameter.Most,
        ["schema"] = OgcContract.Schema(parameter.OneSchema),
    };

    /// <summary>What the answer may be: JSON, or one for each format that the process makes.</summary>
    public static JsonObject DescribeOutput(Process process)
    {
        var types = (process.Format?.Makes ?? [("json", Links.Json)]).Select(make => make.MediaType).Distinct().Select(Answer).ToList();
        return types.Count == 1 ? types[0] : new JsonObject { ["oneOf"] = new JsonArray([.. types]) };
    }

    private static JsonObject Answer(string mediaType) => mediaType switch
    {
        Links.Json => new JsonObject { ["type"] = "object", ["contentMediaType"] = mediaType },
        Links.GeoJson => new JsonObject { ["type"] = "object", ["format"] = "geojson-feature-collection", ["contentMediaType"] = mediaType },
        _ => new JsonObject { ["type"] = "string", ["contentEncoding"] = "binary", ["contentMediaType"] = mediaType },
    };

    /// <summary>The values of an input, each as it is written in a query; none for null.</summary>
    /// <exception cref="Refused">A value is of another type than the schema says.</exception>
    public static IEnumerable<string> TextsOf(Parameter parameter, JsonElement given)
    {
        // A value may stand in an object of its own ("qualified").
        if (given.ValueKind == JsonValueKind.Object && given.TryGetProperty("value", out var inner)) given = inner;
        if (given.ValueKind == JsonValueKind.Null) return [];
        if (parameter.Most == 1) return [Text(parameter, parameter.OneSchema, given)];
        return given.ValueKind == JsonValueKind.Array ? [.. given.EnumerateArray().Select(item => Text(parameter, parameter.OneSchema, item))] : [Text(parameter, parameter.OneSchema, given)];
    }

    private static string Text(Parameter parameter, OpenApiSchema schema, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("value", out var inner)) value = inner;
        return schema.Type switch
        {
            JsonSchemaType.Array when value.ValueKind == JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(item => Text(parameter, (OpenApiSchema)schema.Items!, item))),
            JsonSchemaType.Number when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) => Digits(value.GetRawText(), number),
            JsonSchemaType.Integer when value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var whole) && decimal.IsInteger(whole) => whole.ToString("0", CultureInfo.InvariantCulture),
            JsonSchemaType.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.ValueKind == JsonValueKind.True ? "true" : "false",
            JsonSchemaType.String or null when value.ValueKind == JsonValueKind.String => TextOf(value) ?? throw Wrong(),
            _ => throw Wrong(),
        };

        Refused Wrong() => Refused.Field($"inputs.{parameter.Name}", "input.wrong-type", Expected(schema));
    }

    // As it was written, but for an exponent, which not every parameter takes.
    private static string Digits(string written, double number) => written.AsSpan().IndexOfAny('e', 'E') < 0 ? written : number.ToString("0.####################", CultureInfo.InvariantCulture);

    private static string Expected(OpenApiSchema schema) => schema.Type switch
    {
        JsonSchemaType.Array => $"a list, each {Expected((OpenApiSchema)schema.Items!)}",
        JsonSchemaType.Number => "a number",
        JsonSchemaType.Integer => "a whole number",
        JsonSchemaType.Boolean => "true or false",
        _ => "a text",
    };

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }
}
