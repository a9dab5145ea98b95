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
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, options, cancellation)
                ?? throw Refused.Field("body", "body.empty", "a JSON object");
        }
        catch (JsonException exception)
        {
            throw Wrong(exception);
        }
    }

    private static Refused Wrong(JsonException exception)
    {
        var path = exception.Path is { Length: > 2 } text ? text[2..] : "body";
        var message = exception.Message;
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
            return Refused.Field(Last(message, path), "field.unknown", "only the fields that the API describes");
        if (message.Contains("missing required properties", StringComparison.Ordinal))
            return Refused.Field(Last(message, path), "field.missing", "a value");
        if (exception.InnerException is null && message.Contains("converted to", StringComparison.Ordinal))
            return Refused.Field(path, "field.wrong-type", "a value of another type");
        return Refused.Field(path, "body.not-json", $"well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})");
    }

    // The serialiser names the member in quotes and not in the path.
    private static string Last(string message, string path)
    {
        var quoted = message.Split('\'');
        return quoted.Length >= 3 && path == "body" ? quoted[1].Split('.')[^1] : path;
    }
}
