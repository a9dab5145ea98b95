using Microsoft.Net.Http.Headers;

namespace GridMap.Server.Http;

/// <summary>What the Accept header says of a media type (RFC 9110 §12.5.1).</summary>
public static class Acceptance
{
    /// <summary>From 0 (ruled out) to 1; 1 for everything when nobody says. The most specific range that matches decides.</summary>
    public static double Of(IList<MediaTypeHeaderValue> accept, string type)
    {
        if (accept.Count == 0) return 1;
        var group = type.Split('/')[0];
        var match = accept.Where(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)
                || range.MediaType.Equals($"{group}/*", StringComparison.OrdinalIgnoreCase) || range.MatchesAllTypes)
            .MinBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0);
        return match is null ? 0 : match.Quality ?? 1;
    }

    /// <param name="http">Who asks.</param>
    /// <param name="type">The one format that there is.</param>
    /// <param name="otherNames">Names that it has besides; they count where they are said.</param>
    /// <exception cref="Refused">It is ruled out.</exception>
    public static void Must(HttpContext http, string type, params string[] otherNames)
    {
        var accept = http.Request.GetTypedHeaders().Accept;
        if (Of(accept, type) > 0 || accept.Any(range => range.Quality != 0 && otherNames.Contains(range.MediaType.Value, StringComparer.OrdinalIgnoreCase))) return;
        throw new Refused(Problems.NotAcceptable, $"There is {type}.");
    }
}
