using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.OgcApi;

/// <summary>The same resources as pages: everything that the JSON says, every link as an anchor, a map where there is geometry.</summary>
public static class OgcHtml
{
    public static Task WriteDocument(HttpContext http, string title, JsonObject document, string? mapSource)
    {
        var body = new StringBuilder();
        if (mapSource is not null) body.Append(Map(mapSource));
        Describe(body, document);
        return Write(http, title, body);
    }

    public static async Task WriteItems(HttpContext http, FeatureQuestion question, LayerReader source, CancellationToken cancellation)
    {
        var layer = question.Layer;
        var (rows, ids) = (new StringBuilder(), new List<long>());
        FeatureKey? last = null;
        await source.Rows(question, reader =>
        {
            ids.Add(reader.GetInt64(0));
            if (ids.Count > question.Limit) return;
            var address = $"{Links.Base(http)}/ogc/collections/{layer.Name}/items/{ids[^1]}?f=html";
            rows.Append($"<tr><td><a href=\"{Text(address)}\">{ids[^1]}</a></td>");
            for (var i = 0; i < question.Columns.Count; i++) rows.Append($"<td>{Text(Value(reader, i, question.Columns[i].Kind))}</td>");
            if (ids.Count == question.Limit) last = new FeatureKey(ids[^1], [.. question.Sort.Select((sort, i) => FeatureWriter.Value(reader, question.Columns.Count + i + 2, sort.Column.Kind))]);
            rows.Append("</tr>");
        }, cancellation);
        var more = ids.Count > question.Limit;
        var body = new StringBuilder(Map(Links.With(http, Format.Json)));
        body.Append($"<p class=\"bar\"><a href=\"{Text(Links.With(http, Format.Json))}\">GeoJSON</a>");
        body.Append($"<a href=\"{Text($"{Links.Base(http)}/ogc/collections/{layer.Name}?f=html")}\">{Text(layer.Title)} {Text(layer.TitleZh)}</a>");
        if (more) body.Append($"<a rel=\"next\" href=\"{Text(Links.With(http, Format.Html, ("after", Sorting.WriteKey(last!)), ("offset", null)))}\">Next page 下一页</a>");
        body.Append("</p>");
        body.Append(ids.Count == 0 ? "<p>Nothing matches. 没有符合条件的要素。</p>"
            : $"<div class=\"scroll\"><table><thead><tr><th>id</th>{string.Concat(question.Columns.Select(column => $"<th>{Text(column.Name)}</th>"))}</tr></thead><tbody>{rows}</tbody></table></div>");
        await Write(http, $"{layer.Title} {layer.TitleZh}", body);
    }

    /// <returns>Whether there is such a feature; nothing is written when not.</returns>
    public static async Task<bool> WriteItem(HttpContext http, FeatureQuestion question, LayerReader source, Link[] links, CancellationToken cancellation)
    {
        var layer = question.Layer;
        var body = new StringBuilder(Map(Links.With(http, Format.Json)));
        long? id = null;
        await source.Rows(question, row =>
        {
            id = row.GetInt64(0);
            body.Append("<table class=\"pairs\"><tbody>");
            for (var i = 0; i < layer.Columns.Count; i++)
                body.Append($"<tr><th>{Text(layer.Columns[i].Name)}</th><td>{Text(Value(row, i, layer.Columns[i].Kind))}</td></tr>");
            body.Append("</tbody></table>").Append(Anchors(links.Select(link => (link.Href, link.Rel, link.Title))));
        }, cancellation);
        if (id is null) return false;
        await Write(http, $"{layer.Title} {layer.TitleZh} {id}", body);
        return true;
    }

    private static string Value(NpgsqlDataReader row, int column, ColumnKind kind)
    {
        var at = column + 2;
        if (row.IsDBNull(at)) return "";
        return kind switch
        {
            ColumnKind.Time => row.TimeOrNull(at)?.ToString("yyyy-MM-ddTHH:mm:ssZ") ?? "",
            ColumnKind.Text => row.GetString(at),
            ColumnKind.Flag => row.GetBoolean(at) ? "true" : "false",
            ColumnKind.Integer => row.GetInt64(at).ToString(),
            _ => row.GetDouble(at).ToString(),
        };
    }

    private static string Map(string source) => $"<div id=\"map\" data-source=\"{Text(source)}\"></div>";

    // Any JSON document, read by its own structure: nothing of it is left out.
    private static void Describe(StringBuilder body, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject link when link["href"] is { } href && link["rel"] is { } rel:
                body.Append(Anchors([(href.ToString(), rel.ToString(), link["title"]?.ToString() ?? href.ToString())]));
                break;
            case JsonObject pairs:
                body.Append("<table class=\"pairs\"><tbody>");
                foreach (var (name, value) in pairs)
                {
                    body.Append($"<tr><th>{Text(name)}</th><td>");
                    Describe(body, value);
                    body.Append("</td></tr>");
                }
                body.Append("</tbody></table>");
                break;
            case JsonArray { Count: > 0 } list when list.All(item => item is JsonValue or null):
                body.Append(Text(string.Join(", ", list.Select(item => item?.ToString() ?? ".."))));
                break;
            case JsonArray list:
                foreach (var item in list) Describe(body, item);
                break;
            default:
                var text = node?.ToString() ?? "";
                body.Append(text.StartsWith("http", StringComparison.Ordinal) ? $"<a href=\"{Text(text)}\">{Text(text)}</a>" : Text(text));
                break;
        }
    }

    private static string Anchors(IEnumerable<(string Href, string Rel, string Title)> links) => string.Concat(links.Select(link =>
        $"<div class=\"link\"><a rel=\"{Text(link.Rel)}\" href=\"{Text(link.Href)}\">{Text(link.Title)}</a> <span>{Text(link.Rel.Split('/')[^1])}</span></div>"));

    private static async Task Write(HttpContext http, string title, StringBuilder body)
    {
        var trail = new StringBuilder();
        var (path, whole) = (http.Request.Path.ToString().Trim('/').Split('/'), Links.Base(http));
        for (var i = 0; i < path.Length; i++)
            trail.Append($"{(i > 0 ? " / " : "")}<a href=\"{Text($"{whole}/{string.Join('/', path[..(i + 1)])}?f=html")}\">{Text(WebUtility.UrlDecode(path[i]))}</a>");
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="/favicon.svg" type="image/svg+xml">
            <title>{Text(title)} – GridMap</title>
            <link rel="stylesheet" href="/ogc-map.css">
            <style>{Style}</style>
            </head>
            <body>
            <nav><a class="home" href="/">GridMap</a> <span>{trail}</span></nav>
            <main>
            <h1>{Text(title)}</h1>
            {body}
            </main>
            <script type="module" src="/ogc-map.js"></script>
            </body>
            </html>
            """, http.RequestAborted);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1c2430; --quiet: #5a6675; --line: #dde3ea; --paper: #fff; --accent: #1659c7; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8edf4; --quiet: #a3b0c0; --line: #2b3645; --paper: #121821; --accent: #7fb0ff; } }
        body { margin: 0; font: 15px/1.55 -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; color: var(--ink); background: var(--paper); font-variant-numeric: tabular-nums; }
        nav { display: flex; gap: 1rem; padding: .8rem 1.5rem; border-bottom: 1px solid var(--line); color: var(--quiet); }
        nav .home { font-weight: 650; color: var(--ink); text-decoration: none; }
        main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: .8rem 0 1rem; }
        a { color: var(--accent); }
        #map { height: 26rem; border: 1px solid var(--line); border-radius: 8px; margin-bottom: 1.2rem; overflow: hidden; }
        .scroll { overflow-x: auto; }
        .bar { display: flex; gap: 1.5rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid var(--line); }
        th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
        .pairs th { width: 11rem; }
        .pairs .pairs { margin: -.4rem 0; }
        .pairs tr:last-child > th, .pairs tr:last-child > td { border-bottom: 0; }
        .link span { color: var(--quiet); font-size: .85em; }
        """;
}
