using System.Net;
using GridMap.Server.Http;
using Microsoft.Net.Http.Headers;

namespace GridMap.Server.OgcApi;

/// <summary>The language of a page: what <c>lang</c> says, else what the reader's browser prefers, else English.</summary>
/// <param name="IsAsked">Whether the address says it: then the addresses of other pages do, too.</param>
public sealed record PageLanguage(bool IsChinese, bool IsAsked)
{
    public static readonly Parameter<string?> Parameter = Parameters.Choice("lang", ["zh", "en"], "The language of the page (f=html), over what the Accept-Language header says.");

    /// <summary>As in <c>lang</c>.</summary>
    public string Code => IsChinese ? "zh" : "en";

    /// <summary>BCP 47.</summary>
    public string Tag => IsChinese ? "zh-CN" : "en";

    /// <summary>The language of this request's page; null where it is no page.</summary>
    public static PageLanguage? Of(HttpContext http) => http.Features.Get<PageLanguage>();

    public static PageLanguage Wanted(HttpContext http, Question ask)
    {
        var asked = ask.Get(Parameter);
        var language = new PageLanguage(asked is null ? PrefersChinese(http.Request.GetTypedHeaders().AcceptLanguage) : asked == "zh", asked is not null);
        http.Features.Set(language);
        return language;
    }

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
    private static bool PrefersChinese(IList<StringWithQualityHeaderValue> accept)
    {
        var known = accept.Where(range => range.Quality != 0 && (Is(range, "zh") || Is(range, "en"))).OrderByDescending(range => range.Quality ?? 1).FirstOrDefault();
        return known is not null && Is(known, "zh");
    }

    private static bool Is(StringWithQualityHeaderValue range, string language) =>
        range.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (range.Value.Length == language.Length || range.Value[language.Length] == '-');
}
