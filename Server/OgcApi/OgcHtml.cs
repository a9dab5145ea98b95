using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.OgcApi;

/// <summary>What a page's map shows: the features (<c>source</c>) or the style (<c>style</c>) at an address.</summary>
public sealed record PageMap(string Kind, string Address);

/// <summary>The same resources as pages, in Chinese or English: everything that the JSON says, every link as an anchor, a map where there is geometry.</summary>
public static class OgcHtml
{
    private const int ShortText = 24;

    public static Task WriteDocument(HttpContext http, Words title, JsonObject document, PageMap? map)
    {
        var body = new StringBuilder();
        if (map is not null) body.Append(Map(map));
        new HtmlDocument(body, LanguageOf(http)).Write(document);
        return WritePage(http, title, body);
    }

    public static async Task WriteItems(HttpContext http, FeatureQuestion question, LayerReader source, CancellationToken cancellation)
    {
        var (layer, language) = (question.Layer, LanguageOf(http));
        var (rows, ids) = (new StringBuilder(), new List<long>());
        FeatureKey? last = null;
        await source.Rows(question, reader =>
        {
            ids.Add(reader.GetInt64(0));
            if (ids.Count > question.Limit) return;
            var address = language.Address($"{Links.Base(http)}/ogc/collections/{layer.Name}/items/{ids[^1]}?f=html");
            rows.Append($"<tr><td class=\"number\"><a href=\"{Text(address)}\">{ids[^1]}</a></td>");
            for (var i = 0; i < question.Columns.Count; i++) rows.Append(Cell(Value(language, reader, i, question.Columns[i]), question.Columns[i]));
            if (ids.Count == question.Limit) last = new FeatureKey(ids[^1], [.. question.Sort.Select((sort, i) => FeatureWriter.Value(reader, question.Columns.Count + i + 2, sort.Column.Kind))]);
            rows.Append("</tr>");
        }, cancellation);
        var more = ids.Count > question.Limit;
        var body = new StringBuilder(Map(new PageMap("source", Links.With(http, Format.Json))));
        body.Append($"<p class=\"bar\"><a href=\"{Text(Links.With(http, Format.Json))}\">GeoJSON</a>");
        body.Append($"<a href=\"{Text(language.Address($"{Links.Base(http)}/ogc/collections/{layer.Name}?f=html"))}\">{Text(language.Say(PageWords.TitleOf(layer)))}</a>");
        if (more) body.Append($"<a rel=\"next\" href=\"{Text(Links.With(http, Format.Html, ("after", Sorting.WriteKey(last!)), ("offset", null)))}\">{language.Say(("Next page", "下一页"))}</a>");
        body.Append("</p>");
        body.Append(ids.Count == 0 ? $"<p>{language.Say(("Nothing matches.", "没有符合条件的要素。"))}</p>"
            : $"<div class=\"scroll\"><table><thead><tr>{string.Concat(question.Columns.Prepend(Queryables.Id).Select(column => $"<th{(IsNumber(column) ? " class=\"number\"" : "")}>{Head(language, column)}</th>"))}</tr></thead><tbody>{rows}</tbody></table></div>");
        await WritePage(http, PageWords.TitleOf(layer), body);
    }

    /// <returns>Whether there is such a feature; nothing is written when not.</returns>
    public static async Task<bool> WriteItem(HttpContext http, FeatureQuestion question, LayerReader source, Link[] links, CancellationToken cancellation)
    {
        var (layer, language) = (question.Layer, LanguageOf(http));
        var body = new StringBuilder(Map(new PageMap("source", Links.With(http, Format.Json))));
        long? id = null;
        await source.Rows(question, row =>
        {
            id = row.GetInt64(0);
            body.Append("<table class=\"pairs\"><tbody>");
            for (var i = 0; i < layer.Columns.Count; i++)
                body.Append($"<tr><th>{Head(language, layer.Columns[i])}</th><td>{Value(language, row, i, layer.Columns[i])}</td></tr>");
            body.Append("</tbody></table>");
            new HtmlDocument(body, language).Links(links.Select(link => (link.Href, link.Rel, link.Type, link.Title)));
        }, cancellation);
        if (id is null) return false;
        await WritePage(http, ($"{layer.Title} {id}", $"{layer.TitleZh} {id}"), body);
        return true;
    }

    // A short text stays in one line, for Chinese would break between any two characters.
    private static string Cell(string value, LayerColumn column) =>
        $"<td{(IsNumber(column) ? " class=\"number\"" : column.Kind == ColumnKind.Text && column.Choices is null && value.Length > ShortText ? " class=\"long\"" : "")}>{value}</td>";

    private static bool IsNumber(LayerColumn column) => column.Kind is ColumnKind.Integer or ColumnKind.Number;

    private static string Head(PageLanguage language, LayerColumn column) => HtmlDocument.Named(language.Say(column.Title), column.Name);

    private static string Value(PageLanguage language, NpgsqlDataReader row, int at, LayerColumn column)
    {
        var value = Value(row, at, column.Kind);
        return column.Kind == ColumnKind.Flag || column.Choices is not null ? ValueWords.Html(language, column, value) : Text(value);
    }

    private static string Value(NpgsqlDataReader row, int column, ColumnKind kind)
    {
        var at = column + 2;
        if (row.IsDBNull(at)) return "";
        return kind switch
        {
            ColumnKind.Time => row.TimeOrNull(at)?.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ") ?? "",
            ColumnKind.Text => row.GetString(at),
            ColumnKind.Flag => row.GetBoolean(at) ? "true" : "false",
            ColumnKind.Integer => row.GetInt64(at).ToString(),
            _ => row.GetDouble(at).ToString(),
        };
    }

    private static string Map(PageMap map) => $"<div id=\"map\" data-{map.Kind}=\"{Text(map.Address)}\"></div>";

    // Whoever writes a page has asked for its format, and with that its language is decided.
    internal static PageLanguage LanguageOf(HttpContext http) => PageLanguage.Of(http)!;

    internal static async Task WritePage(HttpContext http, Words words, StringBuilder body)
    {
        var (language, trail) = (LanguageOf(http), new StringBuilder());
        var (path, whole, title) = (http.Request.Path.ToString().Trim('/').Split('/'), Links.Base(http), Text(language.Say(words)));
        for (var i = 0; i < path.Length; i++)
            trail.Append($"{(i > 0 ? " / " : "")}<a href=\"{Text(language.Address($"{whole}/{string.Join('/', path[..(i + 1)])}?f=html"))}\">{Text(WebUtility.UrlDecode(path[i]))}</a>");
        var other = language with { IsChinese = !language.IsChinese };
        var elsewhere = Text(Links.With(http, Format.Html, ("lang", other.Code)));
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync($"""
            <!doctype html>
            <html lang="{language.Tag}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="/favicon.svg" type="image/svg+xml">
            <link rel="alternate" hreflang="{other.Tag}" href="{elsewhere}">
            <title>{title} – GridMap</title>
            <link rel="stylesheet" href="/ogc-map.css">
            <style>{HtmlStyle.Text}</style>
            </head>
            <body>
            <nav><a class="home" href="/">GridMap</a> <span>{trail}</span><a class="language" lang="{other.Tag}" hreflang="{other.Tag}" href="{elsewhere}">{other.Say(("English", "中文"))}</a></nav>
            <main>
            <h1>{title}</h1>
            {body}
            </main>
            <script type="module" src="/ogc-map.js"></script>
            </body>
            </html>
            """, http.RequestAborted);
    }

    internal static string Text(string text) => WebUtility.HtmlEncode(text);
}
