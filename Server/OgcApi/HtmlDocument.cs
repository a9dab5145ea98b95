using System.Text;
using System.Text.Json.Nodes;
using static GridMap.Server.OgcApi.OgcHtml;

namespace GridMap.Server.OgcApi;

/// <summary>Any JSON document as HTML, read by its own structure: things with links as cards, links as a list, the rest as tables. Nothing of it is left out.</summary>
internal sealed class HtmlDocument(StringBuilder body, PageLanguage language)
{
    // What an identifier's last parts are called where it stands for a coordinate system.
    private const string CrsRoot = "http://www.opengis.net/def/crs/";

    /// <param name="document">Its title stands above it.</param>
    public void Write(JsonObject document)
    {
        if (document["description"] is JsonValue description) body.Append($"<p class=\"lead\">{language.Marked(description.ToString())}</p>");
        var pairs = new List<KeyValuePair<string, JsonNode?>>();
        foreach (var pair in document)
        {
            if (pair.Key is "links" or "title" or "description") continue;
            if (pair.Value is JsonArray list && IsThings(list)) Things(document.Count(other => other.Value is JsonArray) > 2 ? pair.Key : null, list);
            else pairs.Add(pair);
        }
        if (pairs.Count == 1 && pairs[0].Value is JsonArray only) Value(only);
        else if (pairs.Count > 0) Pairs(pairs);
        if (document["links"] is not JsonArray links) return;
        body.Append($"<h2>{language.Say(("Links", "链接"))}</h2>");
        Links(Read(links));
    }

    /// <summary>Links, one for each thing that they lead to: as a page where there is one, and the other formats small behind it.</summary>
    public void Links(IEnumerable<(string Href, string Rel, string Type, string Title)> links)
    {
        body.Append("<ul class=\"links\">");
        foreach (var same in links.GroupBy(link => Place(link.Href)))
        {
            var all = same.Concat(same.Any(IsPage) ? [] : same.Where(HasPage).Take(1).Select(link => link with { Href = link.Href.Replace("f=json", "f=html", StringComparison.Ordinal), Type = "text/html" })).ToList();
            var first = all.FirstOrDefault(IsPage, all[0]);
            body.Append($"<li>{Anchor(first, Called(first))}");
            if (all.Count == 1 && !IsPage(first)) body.Append($"<small>{Text(Short(first.Type))}</small>");
            foreach (var other in all.Where(link => link != first).DistinctBy(link => link.Href)) body.Append($"<small>{Anchor(other, Short(other.Type))}</small>");
            body.Append("</li>");
        }
        body.Append("</ul>");
    }

    private string Called((string Href, string Rel, string Type, string Title) link) =>
        !language.IsChinese ? link.Title : PageWords.ChineseLinks.GetValueOrDefault(link.Title) ?? PageWords.ChineseRelations.GetValueOrDefault(link.Rel.Split('/')[^1]) ?? link.Title;

    // What is sent to, and what has places to be filled in, is written: a click would lead nowhere.
    private string Anchor((string Href, string Rel, string Type, string Title) link, string words) => link.Rel.EndsWith("/execute", StringComparison.Ordinal) || link.Href.Contains('{')
        ? $"{Text(words)} <code>{Text(link.Href)}</code>"
        : $"<a rel=\"{Text(link.Rel)}\" href=\"{Text(language.Address(link.Href))}\">{Text(words.Length > 0 ? words : link.Href)}</a>";

    private static bool IsPage((string Href, string Rel, string Type, string Title) link) => link.Type.StartsWith("text/html", StringComparison.Ordinal);

    // Every JSON document of this server that can be asked for by f is a page too.
    private static bool HasPage((string Href, string Rel, string Type, string Title) link) =>
        link.Type is "application/json" or "application/schema+json" && link.Href.Contains("f=json", StringComparison.Ordinal);

    // The same place in another format and language.
    private static string Place(string href) =>
        string.Join('&', href.Split('&', '?').Where(part => !part.StartsWith("f=", StringComparison.Ordinal) && !part.StartsWith("lang=", StringComparison.Ordinal)));

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

    private void Things(string? name, JsonArray list)
    {
        if (name is not null) body.Append($"<h2>{Label(name)}</h2>");
        body.Append("<div class=\"cards\">");
        foreach (var thing in list.OfType<JsonObject>())
        {
            var links = Read((JsonArray)thing["links"]!).ToList();
            var own = links.FirstOrDefault(link => link.Rel is "alternate" or "self" && link.Type.StartsWith("text/html", StringComparison.Ordinal), links.FirstOrDefault(link => link.Rel == "self"));
            var title = Text($"{thing["title"] ?? thing["id"]}");
            body.Append($"<article class=\"card\"><h3>{(own.Href is null ? title : $"<a href=\"{Text(language.Address(own.Href))}\">{title}</a>")}</h3>");
            if (thing["description"] is JsonValue description) body.Append($"<p>{language.Marked(description.ToString())}</p>");
            Links(links.Where(link => own.Href is null || Place(link.Href) != Place(own.Href)));
            var rest = thing.Where(pair => pair.Key is not ("links" or "title" or "description")).ToList();
            if (rest.Count > 0)
            {
                body.Append($"<details><summary>{language.Say(("More", "更多"))}</summary>");
                Pairs(rest);
                body.Append("</details>");
            }
            body.Append("</article>");
        }
        body.Append("</div>");
    }

    private void Pairs(IEnumerable<KeyValuePair<string, JsonNode?>> pairs)
    {
        body.Append("<table class=\"pairs\"><tbody>");
        foreach (var (name, value) in pairs)
        {
            body.Append($"<tr><th>{Label(name)}</th><td>");
            Value(value);
            body.Append("</td></tr>");
        }
        body.Append("</tbody></table>");
    }

    // A row for each input or output of a process.
    private void Inputs(JsonObject inputs)
    {
        body.Append("<table class=\"inputs\"><tbody>");
        foreach (var (name, input) in inputs)
        {
            var needed = $"{input!["minOccurs"]}" is "" or "0" ? "" : $"<small>{language.Say(("required", "必填"))}</small>";
            body.Append($"<tr><th>{Named($"{input["title"]}", name)}{needed}</th><td>{language.Marked($"{input["description"]}")}</td><td>{Text(language.Say(SchemaWords.Of(input["schema"])))}</td></tr>");
        }
        body.Append("</tbody></table>");
    }

    // A row for each property of a schema: what it is called, what it holds, and whatever else is said of it.
    private void Properties(JsonObject properties)
    {
        body.Append("<table><tbody>");
        foreach (var (name, property) in properties)
        {
            var schema = property!.AsObject();
            body.Append($"<tr><th>{Named($"{schema["title"]}", name)}</th><td class=\"type\">{Text(string.Join(", ", new[] { schema["type"], schema["format"] }.OfType<JsonNode>()))}</td><td>");
            foreach (var (member, value) in schema.Where(pair => pair.Key is not ("title" or "type" or "format")))
            {
                if (member == "enum") Value(new JsonArray([.. value!.AsArray().Select(choice => (JsonNode)Choice(name, $"{choice}"))]));
                else if (member == "description") body.Append($"<div>{language.Marked($"{value}")}</div>");
                else body.Append($"<div>{Label(member)}{(value is JsonValue said && said.TryGetValue(out bool isSo) && isSo ? "" : $" {Text($"{value}")}")}</div>");
            }
            body.Append("</td></tr>");
        }
        body.Append("</tbody></table>");
    }

    private string Choice(string property, string value) => language.IsChinese && ValueWords.Chinese(property, value) is { } chinese ? $"{chinese} {value}" : value;

    // A row for each function: what it is, what it takes and what it gives.
    private void Functions(JsonArray functions)
    {
        body.Append("<table><tbody>");
        foreach (var function in functions)
        {
            var arguments = string.Join(", ", function!["arguments"]!.AsArray().Select(argument => $"{argument!["title"]}: {Types(argument["type"])}"));
            body.Append($"<tr><th>{Text($"{function["name"]}")}</th><td>{language.Marked($"{function["description"]}")}</td><td>{Text($"{arguments} → {Types(function["returns"])}")}</td></tr>");
        }
        body.Append("</tbody></table>");

        static string Types(JsonNode? names) => string.Join(" | ", names!.AsArray().Select(name => $"{name}"));
    }

    /// <summary>A title with the name under it that questions and filters use.</summary>
    public static string Named(string title, string name) => $"{Text(title)}<br><code>{Text(name)}</code>";

    // What a document calls it stays to be seen.
    private string Label(string name) =>
        language.IsChinese && PageWords.ChineseMembers.TryGetValue(name, out var chinese) ? $"<span title=\"{Text(name)}\">{chinese}</span>" : Text(name);

    private void Value(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject link when link["href"] is not null && link["rel"] is not null:
                Links(Read([link.DeepClone()]));
                break;
            case JsonObject { Count: > 0 } inputs when inputs.All(pair => pair.Value is JsonObject input && input["schema"] is JsonObject):
                Inputs(inputs);
                break;
            case JsonObject { Count: > 0 } properties when properties.All(pair => pair.Value is JsonObject property && property["title"] is JsonValue):
                Properties(properties);
                break;
            case JsonObject pairs:
                Pairs(pairs);
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
                Links(Read(list));
                break;
            case JsonArray { Count: > 0 } functions when functions.All(item => item is JsonObject function && function["arguments"] is JsonArray):
                Functions(functions);
                break;
            case JsonArray list:
                foreach (var item in list) Value(item);
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
