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
            if (text.Span.IndexOf("\\u0000"u8) >= 0 && PlaceOfNull(text) is { } place) throw Refused.Field(place, "text.control-character", "a text without the character U+0000");
            return JsonSerializer.Deserialize<T>(text.Span, options) ?? throw Refused.Field("body", "body.empty", "a JSON object");
        }
        catch (JsonException exception)
        {
            throw Wrong(exception);
        }
    }

    // No text of the database can hold it. Null where the six letters mean themselves.
    private static string? PlaceOfNull(ReadOnlyMemory<byte> text)
    {
        using var document = JsonDocument.Parse(text, new() { MaxDepth = 64 });
        return Search(document.RootElement, "");

        static string? Search(JsonElement node, string path) => node.ValueKind switch
        {
            JsonValueKind.String => IsWithNull(node) ? path.Length > 0 ? path : "body" : null,
            JsonValueKind.Array => node.EnumerateArray().Select((item, i) => Search(item, $"{path}[{i}]")).FirstOrDefault(found => found is not null),
            JsonValueKind.Object => node.EnumerateObject().Select(member => Search(member.Value, path.Length > 0 ? $"{path}.{member.Name}" : member.Name)).FirstOrDefault(found => found is not null),
            _ => null,
        };

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

    private static Refused Wrong(JsonException exception)
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
            return Refused.Field(field, "field.wrong-type", "a value of another type");
        return Refused.Field(field, "body.not-json", $"well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})");
    }

    // Some messages come with the path of the object, some with the path of the member itself.
    private static string Below(string path, string member) =>
        path.Length == 0 ? member : path == member || path.EndsWith("." + member, StringComparison.Ordinal) ? path : $"{path}.{member}";
}
