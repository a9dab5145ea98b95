using GridMap.Server.Http;

namespace GridMap.Server.OgcApi;

/// <summary>A link as OGC API writes it.</summary>
public sealed record Link(string Href, string Rel, string Type, string Title);

/// <summary>Absolute links, under the address that the outside world uses.</summary>
public static class Links
{
    public const string Json = "application/json", GeoJson = "application/geo+json", Html = "text/html",
        Schema = "application/schema+json", OpenApi = "application/vnd.oai.openapi+json;version=3.0", OpenApi31 = "application/vnd.oai.openapi+json;version=3.1";

    /// <summary>A link relation of OGC's own, in full.</summary>
    public static string Rel(string name) => $"http://www.opengis.net/def/rel/ogc/1.0/{name}";

    /// <summary>The server's address, without a slash at the end: GRIDMAP_PUBLIC_URL where there is a proxy, else as asked.</summary>
    public static string Base(HttpContext http) => PublicAddress.Of(http);

    /// <summary>How links are written inside streamed GeoJSON: <c>&amp;</c> and <c>+</c> as they are.</summary>
    public static readonly System.Text.Json.JsonSerializerOptions Text = new(System.Text.Json.JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The same links in the header (RFC 8288 §3), for clients that do not read the body. Titles stay there: headers are ASCII. So do links of an address
    /// with a long filter, for clients and proxies take headers of a few kilobytes.
    /// </summary>
    public static void ToHeader(HttpContext http, IEnumerable<Link> links)
    {
        var text = string.Join(", ", links.Select(link => $"<{Ascii(link.Href)}>; rel=\"{link.Rel}\"; type=\"{link.Type.Replace("\"", "", StringComparison.Ordinal)}\""));
        if (text.Length <= MostHeader) http.Response.Headers.Link = text;
    }

    private const int MostHeader = 8_000;

    private static readonly System.Buffers.SearchValues<char> Safe = System.Buffers.SearchValues.Create("!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    // What a URL may not hold in a header: the rest of it is escaped already.
    private static string Ascii(string address) => !address.AsSpan().ContainsAnyExcept(Safe) ? address : string.Concat(address.Select(letter => letter is > ' ' and < (char)127 and not ('<' or '>' or '"') ? letter.ToString() : Uri.EscapeDataString(letter.ToString())));

    /// <summary>self and alternate for a resource that there is as JSON and as HTML.</summary>
    public static IEnumerable<Link> SelfAndAlternate(HttpContext http, Format format, string jsonType, string title)
    {
        var (self, other) = format == Format.Html ? (Html, jsonType) : (jsonType, Html);
        yield return new Link(With(http, format), "self", self, title);
        yield return new Link(With(http, format == Format.Html ? Format.Json : Format.Html), "alternate", other, title);
    }

    /// <summary>The address of another document that has a language: in this request's, where its address says it.</summary>
    public static string InLanguage(HttpContext http, string address) => PageLanguage.Of(http) is { IsAsked: true } language ? $"{address}&lang={language.Code}" : address;

    /// <summary>This request's address with some parameters replaced (null takes one away).</summary>
    public static string With(HttpContext http, Format format, params (string Name, string? Value)[] changed)
    {
        // Most documents have no language.
        var query = http.Request.Query.Where(pair => pair.Key != "f" && (pair.Key != "lang" || format == Format.Html || PageLanguage.Of(http) is { IsOfDocument: true }) && !changed.Any(change => change.Name == pair.Key))
            .SelectMany(pair => pair.Value, (pair, value) => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}")
            .Concat(changed.Where(change => change.Value is not null).Select(change => $"{change.Name}={Uri.EscapeDataString(change.Value!)}"))
            .Append(format == Format.Html ? "f=html" : "f=json");
        return $"{Base(http)}{http.Request.Path}?{string.Join('&', query)}";
    }
}
