using System.Text.Json.Nodes;
using GridMap.Server.Http;

namespace GridMap.Server.OgcApi;

public enum Format
{
    Json,
    Html,
}

/// <summary>Which format is wanted: <c>f</c> first, then the Accept header by its q values; JSON when nobody says.</summary>
public static class Formats
{
    public static readonly Parameter<string?> Parameter = Parameters.Choice("f", ["json", "html"], "The format, over what the Accept header says.");

    /// <summary>For <c>.Takes(…)</c> of everything that is a page, too.</summary>
    public static readonly Parameter[] OfPages = [Parameter, PageLanguage.Parameter];

    private const string ByLanguage = "Accept, Accept-Language, Accept-Encoding";

    private static readonly string[] JsonTypes = ["application/json", "application/geo+json", "application/vnd.oai.openapi+json", "application/schema+json"];

    /// <summary>Decides a page's language as well: see <see cref="PageLanguage.Of"/>.</summary>
    /// <exception cref="Refused">The Accept header rules out every format there is.</exception>
    public static Format Wanted(HttpContext http, Question ask) => Wanted(http, ask, ask.Get(Parameter), JsonTypes);

    /// <summary>The same for what describes things to people: as a document, too, it is in the language that is asked for.</summary>
    public static Format WantedInLanguage(HttpContext http, Question ask)
    {
        var format = Wanted(http, ask);
        http.Response.Headers.Vary = ByLanguage;
        if (PageLanguage.WantedOfDocument(http, ask) is { } language) http.Response.Headers.ContentLanguage = language.Tag;
        return format;
    }

    /// <summary>The same for what may be asked for in more formats.</summary>
    public static Format Wanted(HttpContext http, Question ask, Parameter<string?> parameter) => Wanted(http, ask, ask.Get(parameter), JsonTypes);

    /// <summary>The same for what is a document of other types.</summary>
    /// <param name="asked">The format that the address names; null when it leaves it open.</param>
    public static Format Wanted(HttpContext http, Question ask, string? asked, string[] documentTypes)
    {
        var format = asked is null ? Negotiated(http, documentTypes) : asked == "html" ? Format.Html : Format.Json;
        http.Response.Headers.Vary = format == Format.Html ? ByLanguage : "Accept, Accept-Encoding";
        if (format == Format.Html) http.Response.Headers.ContentLanguage = PageLanguage.Wanted(http, ask).Tag;
        return format;
    }

    private static Format Negotiated(HttpContext http, string[] documentTypes)
    {
        var accept = http.Request.GetTypedHeaders().Accept;
        if (accept.Count == 0) return Format.Json;
        var html = Acceptance.Of(accept, "text/html");
        // A document that is ruled out by a name of its own is not what "anything else" means.
        var named = accept.Where(range => documentTypes.Contains(range.MediaType.Value, StringComparer.OrdinalIgnoreCase)).ToList();
        var json = named.Count > 0 && named.All(range => range.Quality == 0) ? 0 : documentTypes.Max(type => Acceptance.Of(accept, type));
        if (html <= 0 && json <= 0) throw new Refused(Problems.NotAcceptable, documentTypes == JsonTypes ? "There are application/geo+json, application/json and text/html." : $"There are {documentTypes[0]} and text/html.");
        return html > json ? Format.Html : Format.Json;
    }

    public static async Task Write(HttpContext http, JsonNode node, string type)
    {
        http.Response.ContentType = type;
        await http.Response.WriteAsync(node.ToJsonString(JsonText), http.RequestAborted);
    }

    private static readonly System.Text.Json.JsonSerializerOptions JsonText = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true,
    };
}
