using System.Net;
using GridMap.Server.Http;
using Microsoft.Net.Http.Headers;

namespace GridMap.Server.OgcApi;

/// <summary>The language of a page: what <c>lang</c> says, else what the reader's browser prefers, else English. Documents that describe things to people have it, too, where it is asked for.</summary>
/// <param name="IsAsked">Whether the address says it: then the addresses of other pages do, too.</param>
public sealed record PageLanguage(bool IsChinese, bool IsAsked)
{
    public static readonly Parameter<string?> Parameter = Parameters.Choice("lang", ["zh", "en"], "The language of the page (f=html) or of what describes inputs, properties and functions, over what the Accept-Language header says.");

    /// <summary>Whether the JSON at the same address is in a language, as its page is.</summary>
    public bool IsOfDocument { get; init; }

    /// <summary>As in <c>lang</c>.</summary>
    public string Code => IsChinese ? "zh" : "en";

    /// <summary>BCP 47.</summary>
    public string Tag => IsChinese ? "zh-CN" : "en";

    /// <summary>The language of this request's page or document; null where it is a document that has none.</summary>
    public static PageLanguage? Of(HttpContext http) => http.Features.Get<PageLanguage>();

    public static PageLanguage Wanted(HttpContext http, Question ask)
    {
        var language = Asked(http, ask) ?? new PageLanguage(false, false);
        http.Features.Set(language);
        return language;
    }

    /// <summary>The language of a document that describes things to people; null when nobody says: then it is as other documents are.</summary>
    public static PageLanguage? WantedOfDocument(HttpContext http, Question ask)
    {
        var language = Asked(http, ask);
        if (language is not null) http.Features.Set(language = language with { IsOfDocument = true });
        return language;
    }

    private static PageLanguage? Asked(HttpContext http, Question ask) =>
        ask.Get(Parameter) is { } asked ? new PageLanguage(asked == "zh", true) : Preferred(http.Request.GetTypedHeaders().AcceptLanguage) is { } preferred ? new PageLanguage(Is(preferred, "zh"), false) : null;

    public string Say(Words words) => IsChinese ? words.Chinese : words.English;

    /// <summary>An address as it stands on the page.</summary>
    public string Address(string href)
    {
        var query = href.IndexOf('?', StringComparison.Ordinal);
        if (!IsAsked || query < 0) return href;
        var parts = href[(query + 1)..].Split('&');
        return parts.Contains("f=html") && !parts.Any(part => part.StartsWith("lang=", StringComparison.Ordinal)) ? $"{href}&lang={Code}" : href;
    }

    /// <summary>Text for HTML, marked where it is in the other language: what people have written in English only.</summary>
    public string Marked(string text) => IsChinese && text.Length > 0 && text.All(char.IsAscii) ? $"<span lang=\"en\">{WebUtility.HtmlEncode(text)}</span>" : WebUtility.HtmlEncode(text);

    // Of two that are wanted as much the one that is named first.
    private static StringWithQualityHeaderValue? Preferred(IList<StringWithQualityHeaderValue> accept) =>
        accept.Where(range => range.Quality != 0 && (Is(range, "zh") || Is(range, "en"))).OrderByDescending(range => range.Quality ?? 1).FirstOrDefault();

    private static bool Is(StringWithQualityHeaderValue range, string language) =>
        range.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (range.Value.Length == language.Length || range.Value[language.Length] == '-');
}
