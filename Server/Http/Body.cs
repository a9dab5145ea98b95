using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace GridMap.Server.Http;

/// <summary>Reads a JSON body strictly: right media type, bounded size, no unknown or repeated members, and errors that name the place.</summary>
public static class Body
{
    public const long MaxBytes = 16 << 20;

    public static async Task<T> Read<T>(HttpContext http, CancellationToken cancellation, params string[] mediaTypes) where T : class
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (mediaTypes.Length == 0) mediaTypes = ["application/json"];
        if (!mediaTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
            throw new Refused(Problems.MediaType, $"Send {string.Join(" or ", mediaTypes)}.");
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, cancellation);
            var text = body.GetBuffer().AsMemory(0, (int)body.Length);
            if (text.Span.IndexOf("\\u0000"u8) >= 0 || text.Span.IndexOf("null"u8) >= 0) CheckNulls(text);
            return JsonSerializer.Deserialize<T>(text.Span, options) ?? throw Refused.Field("body", "body.empty", "a JSON object");
        }
        catch (JsonException exception)
        {
            throw Wrong<T>(exception, options);
        }
    }

    // No text of the database can hold U+0000 (where the six letters mean it), and no list of any body a null: the serialiser sees to members, not to items.
    private static void CheckNulls(ReadOnlyMemory<byte> text)
    {
        using var document = JsonDocument.Parse(text, new() { MaxDepth = 64 });
        Check(document.RootElement, "", isItem: false);

        static void Check(JsonElement node, string path, bool isItem)
        {
            switch (node.ValueKind)
            {
                case JsonValueKind.Null when isItem: throw Refused.Field(path, "field.null", "a value");
                case JsonValueKind.String when IsWithNull(node): throw Refused.Field(path.Length > 0 ? path : "body", "text.control-character", "a text without the character U+0000");
                case JsonValueKind.Array:
                    foreach (var (i, item) in node.EnumerateArray().Index()) Check(item, $"{path}[{i}]", isItem: true);
                    break;
                case JsonValueKind.Object:
                    foreach (var member in node.EnumerateObject()) Check(member.Value, path.Length > 0 ? $"{path}.{member.Name}" : member.Name, isItem: false);
                    break;
            }
        }

        static bool IsWithNull(JsonElement node)
        {
            try
            {
                return node.GetString()!.Contains('\0', StringComparison.Ordinal);
            }
            catch (InvalidOperationException)
            {
                return false; // half a surrogate pair: refused where it is read
            }
        }
    }

    private static Refused Wrong<T>(JsonException exception, JsonSerializerOptions options)
    {
        var path = exception.Path is { Length: > 2 } text ? text[2..] : "";
        var field = path.Length > 0 ? path : "body";
        var message = exception.Message;
        // The serialiser names members in quotes and not in the path.
        var quoted = message.Split('\'').Where((_, i) => i % 2 == 1).ToList();
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
            return Refused.Field(Below(path, quoted[0]), "field.unknown", "only the fields that the API describes");
        if (message.Contains("missing required properties", StringComparison.Ordinal))
            return Refused.Fields(quoted.Skip(1).Select(name => new FieldError(Below(path, name), "field.missing", "a value")).ToList());
        if (message.Contains("Duplicate property", StringComparison.Ordinal))
            return Refused.Field(quoted.Count > 0 ? Below(path, quoted[0]) : field, "field.repeated", "each field once");
        if (message.Contains("null values", StringComparison.Ordinal)) return Refused.Field(field, "field.null", "a value");
        if (message.Contains("could not be converted to", StringComparison.Ordinal))
            return Refused.Field(field, "field.wrong-type", BodyTypes.Meant(typeof(T), path, options));
        return Refused.Field(field, "body.not-json", $"well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})");
    }

    // Some messages come with the path of the object, some with the path of the member itself.
    private static string Below(string path, string member) =>
        path.Length == 0 ? member : path == member || path.EndsWith("." + member, StringComparison.Ordinal) ? path : $"{path}.{member}";
}
