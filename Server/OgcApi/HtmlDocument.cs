using System.Text;
using System.Text.Json.Nodes;
using static GridMap.Server.OgcApi.OgcHtml;

namespace GridMap.Server.OgcApi;

/// <summary>Any JSON document as HTML, read by its own structure: things with links as cards, links as a list, the rest as tables. Nothing of it is left out.</summary>
internal static class HtmlDocument
{
    private static readonly Dictionary<string, string> Chinese = new()
    {
        ["id"] = "编号", ["title"] = "标题", ["description"] = "说明", ["itemType"] = "内容", ["crs"] = "坐标系", ["storageCrs"] = "存储坐标系", ["extent"] = "范围", ["spatial"] = "空间",
        ["temporal"] = "时间", ["bbox"] = "范围框", ["interval"] = "时段", ["links"] = "链接", ["version"] = "版本", ["inputs"] = "输入", ["outputs"] = "输出", ["schema"] = "结构",
        ["jobControlOptions"] = "执行方式", ["outputTransmission"] = "结果方式", ["conformsTo"] = "符合的标准", ["status"] = "状态", ["message"] = "信息", ["progress"] = "进度", ["created"] = "创建时间",
        ["started"] = "开始时间", ["finished"] = "完成时间", ["updated"] = "更新时间", ["collections"] = "数据集", ["processes"] = "分析", ["jobs"] = "任务", ["styles"] = "样式", ["tilesets"] = "瓦片集",
        ["tileMatrixSets"] = "切片方案", ["functions"] = "函数", ["arguments"] = "参数", ["returns"] = "返回", ["properties"] = "属性", ["required"] = "必填", ["type"] = "类型", ["enum"] = "可选值",
        ["minimum"] = "最小", ["maximum"] = "最大", ["format"] = "格式", ["minOccurs"] = "最少", ["maxOccurs"] = "最多", ["keywords"] = "关键词", ["dataType"] = "数据类型",
        ["tileMatrixSetLimits"] = "瓦片范围", ["tileMatrixSetURI"] = "切片方案", ["layers"] = "图层",
    };

    // What a link's relation is in Chinese, by the last part of its name.
    private static readonly Dictionary<string, string> ChineseRelations = new()
    {
        ["self"] = "本文档", ["alternate"] = "本文档", ["service-desc"] = "接口描述", ["service-doc"] = "接口文档", ["conformance"] = "符合的标准", ["data"] = "数据集", ["collection"] = "所属数据集",
        ["items"] = "要素", ["queryables"] = "可筛选的属性", ["sortables"] = "可排序的属性", ["schema"] = "结构", ["functions"] = "函数", ["processes"] = "分析", ["job-list"] = "任务", ["execute"] = "执行",
        ["results"] = "结果", ["tilesets-vector"] = "矢量瓦片", ["tiling-schemes"] = "切片方案", ["tiling-scheme"] = "切片方案", ["styles"] = "样式", ["stylesheet"] = "样式", ["next"] = "下一页", ["prev"] = "上一页",
        ["geodata"] = "所属数据集", ["item"] = "瓦片", ["up"] = "上一级",
    };

    // What an identifier's last parts are called where it stands for a coordinate system.
    private const string CrsRoot = "http://www.opengis.net/def/crs/";

    public static void Write(StringBuilder body, JsonObject document)
    {
        if (document["description"] is JsonValue description) body.Append($"<p class=\"lead\">{Text(description.ToString())}</p>");
        var pairs = new List<KeyValuePair<string, JsonNode?>>();
        foreach (var pair in document)
        {
            if (pair.Key is "links" or "description") continue;
            if (pair.Value is JsonArray list && IsThings(list)) Things(body, document.Count(other => other.Value is JsonArray) > 2 ? pair.Key : null, list);
            else pairs.Add(pair);
        }
        if (pairs.Count == 1 && pairs[0].Value is JsonArray only) Value(body, only);
        else if (!(pairs.Count == 1 && pairs[0].Key == "title")) Pairs(body, pairs);
        if (document["links"] is not JsonArray links) return;
        body.Append("<h2>Links 链接</h2>");
        Links(body, Read(links));
    }

    /// <summary>Links, one for each thing that they lead to: as a page where there is one, and the other formats small behind it.</summary>
    public static void Links(StringBuilder body, IEnumerable<(string Href, string Rel, string Type, string Title)> links)
    {
        body.Append("<ul class=\"links\">");
        foreach (var same in links.GroupBy(link => Place(link.Href)))
        {
            var all = same.Concat(same.Any(IsPage) ? [] : same.Where(HasPage).Take(1).Select(link => link with { Href = link.Href.Replace("f=json", "f=html", StringComparison.Ordinal), Type = "text/html" })).ToList();
            var first = all.FirstOrDefault(IsPage, all[0]);
            var chinese = ChineseRelations.GetValueOrDefault(first.Rel.Split('/')[^1]);
            body.Append($"<li>{Anchor(first, first.Title)}{(chinese is null ? "" : $"<small>{chinese}</small>")}");
            if (all.Count == 1 && !IsPage(first)) body.Append($"<small>{Text(Short(first.Type))}</small>");
            foreach (var other in all.Where(link => link != first)) body.Append($"<small>{Anchor(other, Short(other.Type))}</small>");
            body.Append("</li>");
        }
        body.Append("</ul>");
    }

    private static string Anchor((string Href, string Rel, string Type, string Title) link, string words) =>
        $"<a rel=\"{Text(link.Rel)}\" href=\"{Text(link.Href)}\">{Text(words.Length > 0 ? words : link.Href)}</a>";

    private static bool IsPage((string Href, string Rel, string Type, string Title) link) => link.Type.StartsWith("text/html", StringComparison.Ordinal);

    // Every JSON document of this server that can be asked for by f is a page too.
    private static bool HasPage((string Href, string Rel, string Type, string Title) link) =>
        link.Type is "application/json" or "application/schema+json" && link.Href.Contains("f=json", StringComparison.Ordinal);

    // The same place in another format.
    private static string Place(string href) => string.Join('&', href.Split('&', '?').Where(part => !part.StartsWith("f=", StringComparison.Ordinal)));

    private static string Short(string type) => type.Split(';')[0] switch
    {
        "application/json" => "JSON",
        "application/geo+json" => "GeoJSON",
        "application/schema+json" => "JSON Schema",
        "application/vnd.oai.openapi+json" => "OpenAPI",
        "application/vnd.mapbox-vector-tile" => "MVT",
        "application/vnd.mapbox.style+json" => "MapLibre",
        "text/html" => "HTML",
        var other => other,
    };

    private static IEnumerable<(string Href, string Rel, string Type, string Title)> Read(JsonArray links) =>
        links.OfType<JsonObject>().Select(link => ($"{link["href"]}", $"{link["rel"]}", $"{link["type"]}", $"{link["title"]}"));

    private static bool IsThings(JsonArray list) => list.Count > 0 && list.All(item => item is JsonObject thing && thing["links"] is JsonArray && (thing["id"] ?? thing["title"]) is JsonValue);

    private static void Things(StringBuilder body, string? name, JsonArray list)
    {
        if (name is not null) body.Append($"<h2>{Label(name)}</h2>");
        body.Append("<div class=\"cards\">");
        foreach (var thing in list.OfType<JsonObject>())
        {
            var links = Read((JsonArray)thing["links"]!).ToList();
            var own = links.FirstOrDefault(link => link.Rel is "alternate" or "self" && link.Type.StartsWith("text/html", StringComparison.Ordinal), links.FirstOrDefault(link => link.Rel == "self"));
            var title = Text($"{thing["title"] ?? thing["id"]}");
            body.Append($"<article class=\"card\"><h3>{(own.Href is null ? title : $"<a href=\"{Text(own.Href)}\">{title}</a>")}</h3>");
            if (thing["description"] is JsonValue description) body.Append($"<p>{Text(description.ToString())}</p>");
            Links(body, links.Where(link => own.Href is null || Place(link.Href) != Place(own.Href)));
            var rest = thing.Where(pair => pair.Key is not ("links" or "title" or "description")).ToList();
            if (rest.Count > 0)
            {
                body.Append("<details><summary>More 更多</summary>");
                Pairs(body, rest);
                body.Append("</details>");
            }
            body.Append("</article>");
        }
        body.Append("</div>");
    }

    private static void Pairs(StringBuilder body, IEnumerable<KeyValuePair<string, JsonNode?>> pairs)
    {
        body.Append("<table class=\"pairs\"><tbody>");
        foreach (var (name, value) in pairs)
        {
            body.Append($"<tr><th>{Label(name)}</th><td>");
            Value(body, value);
            body.Append("</td></tr>");
        }
        body.Append("</tbody></table>");
    }

    // A row for each input or output of a process.
    private static void Inputs(StringBuilder body, JsonObject inputs)
    {
        body.Append("<table><tbody>");
        foreach (var (name, input) in inputs)
        {
            var needed = $"{input!["minOccurs"]}" is "" or "0" ? "" : "<small>required 必填</small>";
            body.Append($"<tr><th>{Text(name)}{needed}</th><td>{Text($"{input["description"] ?? input["title"]}")}</td><td><code>{Text(input["schema"]!.ToJsonString())}</code></td></tr>");
        }
        body.Append("</tbody></table>");
    }

    private static string Label(string name) => Chinese.TryGetValue(name, out var chinese) ? $"{Text(name)}<small>{chinese}</small>" : Text(name);

    private static void Value(StringBuilder body, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject link when link["href"] is not null && link["rel"] is not null:
                Links(body, Read([link.DeepClone()]));
                break;
            case JsonObject { Count: > 0 } inputs when inputs.All(pair => pair.Value is JsonObject input && input["schema"] is JsonObject):
                Inputs(body, inputs);
                break;
            case JsonObject pairs:
                Pairs(body, pairs);
                break;
            case JsonArray { Count: > 0 } list when list.All(IsAddress):
                body.Append("<div class=\"chips\">");
                foreach (var item in list) body.Append($"<a href=\"{Text($"{item}")}\">{Text(Name($"{item}"))}</a>");
                body.Append("</div>");
                break;
            case JsonArray { Count: > 0 } list when list.All(item => item is JsonValue or null):
                if (list.Count < 5) body.Append(Text(string.Join(", ", list.Select(item => item?.ToString() ?? ".."))));
                else body.Append($"<div class=\"chips\">{string.Concat(list.Select(item => $"<span>{Text(item?.ToString() ?? "..")}</span>"))}</div>");
                break;
            case JsonArray list when list.All(item => item is JsonObject link && link["href"] is not null && link["rel"] is not null):
                Links(body, Read(list));
                break;
            case JsonArray list:
                foreach (var item in list) Value(body, item);
                break;
            default:
                var text = node?.ToString() ?? "";
                body.Append(IsAddress(node) ? $"<a href=\"{Text(text)}\">{Text(Name(text))}</a>" : Text(text));
                break;
        }
    }

    private static bool IsAddress(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) && (text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal));

    private static string Name(string address)
    {
        if (!address.StartsWith(CrsRoot, StringComparison.Ordinal)) return address;
        var parts = address[CrsRoot.Length..].Split('/');
        return parts.Length == 3 ? $"{parts[0]}:{parts[2]}" : address;
    }
}
