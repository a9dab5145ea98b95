using System.Text.Json.Nodes;
using GridMap.Server.Http;

namespace GridMap.Server.OgcApi;

/// <summary>What a JSON schema allows, said in a few words for the pages.</summary>
internal static class SchemaWords
{
    public static Words Of(JsonNode? node)
    {
        if (node is not JsonObject schema) return new("anything", "任意值");
        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray choices)
        {
            var each = choices.Select(Of).Distinct().ToList();
            return new(string.Join(" or ", each.Select(words => words.English)), string.Join("，或", each.Select(words => words.Chinese)));
        }
        if (schema["enum"] is JsonArray values) return Words.Name(string.Join(", ", values));
        if (schema["contentMediaType"] is { } media) return Words.Name($"{media}");
        return $"{schema["type"]}" switch
        {
            "array" => List(schema),
            "integer" => With(new("a whole number", "整数"), Range(schema, "minimum", "maximum")),
            "number" => With(new("a number", "数值"), Range(schema, "minimum", "maximum")),
            "boolean" => Words.Name("true, false"),
            "object" => new("an object", "对象"),
            "string" when schema["pattern"] is { } pattern => new($"text like {pattern}", $"文本，形如 {pattern}"),
            "string" when Range(schema, "minLength", "maxLength") is { } length => With(new("text", "文本"), new($"{length.English} characters", $"{length.Chinese} 个字符")),
            "string" => new("text", "文本"),
            var other => Words.Name(other),
        };
    }

    private static Words List(JsonObject schema)
    {
        var (item, count) = (Of(schema["items"]), Range(schema, "minItems", "maxItems"));
        return count is { } many ? new($"a list of {many.English}: {item.English}", $"{many.Chinese} 项的列表：{item.Chinese}") : new($"a list: {item.English}", $"列表：{item.Chinese}");
    }

    private static Words With(Words kind, Words? range) => range is { } said ? new($"{kind.English}, {said.English}", $"{kind.Chinese}，{said.Chinese}") : kind;

    // Null where there are no bounds.
    private static Words? Range(JsonObject schema, string least, string most) => (schema[least], schema[most]) switch
    {
        ({ } low, { } high) => Words.Name($"{low}" == $"{high}" ? $"{low}" : $"{low} – {high}"),
        ({ } low, null) => new Words($"at least {low}", $"至少 {low}"),
        (null, { } high) => new Words($"at most {high}", $"至多 {high}"),
        _ => default(Words?),
    };
}
