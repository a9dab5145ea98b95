using System.Text;
using System.Text.Json.Nodes;
using GridMap.Server.Http;
using static GridMap.Server.OgcApi.OgcHtml;

namespace GridMap.Server.OgcApi;

/// <summary>
/// The contract as a page: every operation under its topic. What it takes and answers stands in the documents, for programs: all of it as a page would be
/// more than anybody reads.
/// </summary>
internal static class ApiPage
{
    private static readonly Words Lead = ("Every operation, by topic. What each takes and answers is in the OpenAPI documents, for programs.", "按主题列出全部操作；各操作的参数、返回内容与数据结构见供程序读取的 OpenAPI 文档。");

    public static Task Write(HttpContext http, JsonObject document)
    {
        var (body, language, address) = (new StringBuilder(), LanguageOf(http), $"{Links.Base(http)}/ogc");
        body.Append($"<p class=\"lead\">{Text(language.Say(Lead))}</p>");
        body.Append($"<p class=\"bar\"><a href=\"{Text($"{address}/api?f=json")}\">OpenAPI 3.0 (JSON)</a><a href=\"{Text($"{address}/api?openapi=3.1&f=json")}\">OpenAPI 3.1 (JSON)</a></p>");
        var topics = document["tags"]!.AsArray().Select(topic => ($"{topic!["name"]}", $"{topic["description"]}")).ToList();
        body.Append("<div class=\"chips\">");
        for (var i = 0; i < topics.Count; i++) body.Append($"<a href=\"#t{i}\">{Text(topics[i].Item1)}</a>");
        body.Append("</div>");
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => (Path: path.Key, Method: operation.Key, Operation: operation.Value!)).ToLookup(one => $"{one.Operation["tags"]![0]}");
        for (var i = 0; i < topics.Count; i++)
        {
            body.Append($"<h2 id=\"t{i}\">{Text(topics[i].Item1)}</h2><p class=\"quiet\">{Text(topics[i].Item2)}</p><table class=\"operations\"><tbody>");
            foreach (var (path, method, operation) in operations[topics[i].Item1])
            {
                var shown = $"<code>{Text(path)}</code>";
                if (IsPage(path, operation)) shown = $"<a href=\"{Text(language.Address($"{address}{path.TrimEnd('/')}?f=html"))}\">{shown}</a>";
                body.Append($"<tr><td>{method.ToUpperInvariant()}</td><td>{shown}</td><td>{Text($"{operation["summary"]}")}</td></tr>");
            }
            body.Append("</tbody></table>");
        }
        return WritePage(http, ("API", "接口"), body);
    }

    private static bool IsPage(string path, JsonNode operation) => !path.Contains('{') && operation["responses"]?["200"]?["content"]?["text/html"] is not null;
}
