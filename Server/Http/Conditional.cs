using Microsoft.Extensions.Primitives;

namespace GridMap.Server.Http;

/// <summary>
/// Conditional requests (RFC 9110 §13). Tags are compared by what stands between their quotes; a coding behind a dash, as compressed answers have it, is the same
/// content. Whoever wants a version and no other (If-Match) names it by a strong tag: a weak one says only that two are much alike.
/// </summary>
public static class Conditional
{
    private static readonly string[] Codings = ["gzip", "br"];

    /// <summary>Whether a reader has this version already; 304 has been set then.</summary>
    /// <exception cref="Refused">He wants only a version that this is not (If-Match).</exception>
    public static bool IsKnown(HttpContext http, string etag)
    {
        var headers = http.Request.Headers;
        if (headers.IfMatch.Count > 0 && !NamesStrongly(headers.IfMatch, etag)) throw new Refused(Problems.PreconditionFailed, "There is another version here than If-Match asks for.");
        if (headers.IfNoneMatch.Count == 0 || !Names(headers.IfNoneMatch, etag)) return false;
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>A strong tag, and another one for each coding that the answer goes out in.</summary>
    public static void Tag(HttpContext http, string etag)
    {
        http.Response.Headers.ETag = etag;
        if (http.Request.Headers.AcceptEncoding.Count == 0) return;
        http.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            if (headers.ContentEncoding.Count > 0 && headers.ETag.ToString() is ['"', .. var rest, '"']) headers.ETag = $"\"{rest}-{headers.ContentEncoding}\"";
            return Task.CompletedTask;
        }, http);
    }

    /// <summary>Whether a list of tags, or the star, names this one, weak or strong (If-None-Match).</summary>
    public static bool Names(StringValues tags, string etag) => Names(tags, etag, strongly: false);

    /// <summary>The same where both must be strong (If-Match).</summary>
    public static bool NamesStrongly(StringValues tags, string etag) => Names(tags, etag, strongly: true);

    private static bool Names(StringValues tags, string etag, bool strongly)
    {
        var wanted = Content(etag);
        var isWeak = IsWeak(etag);
        foreach (var line in tags)
        {
            if (line is null) continue;
            foreach (var part in line.AsSpan().Split(','))
            {
                var tag = line.AsSpan()[part].Trim();
                if (tag is "*") return true;
                if (strongly && (isWeak || IsWeak(tag))) continue;
                if (Content(tag).SequenceEqual(wanted)) return true;
            }
        }
        return false;
    }

    /// <summary>What stands between the quotes, without a coding.</summary>
    public static ReadOnlySpan<char> Content(ReadOnlySpan<char> tag)
    {
        if (IsWeak(tag)) tag = tag[2..];
        tag = tag.Trim('"');
        foreach (var coding in Codings)
        {
            if (tag.EndsWith(coding) && tag.Length > coding.Length && tag[^(coding.Length + 1)] == '-') return tag[..^(coding.Length + 1)];
        }
        return tag;
    }

    private static bool IsWeak(ReadOnlySpan<char> tag) => tag.StartsWith("W/");
}
