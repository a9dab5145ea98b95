using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

/// <summary>The pages under <c>/ogc</c>: one language each, the reader's.</summary>
public sealed partial class PageTests(SmallCity city) : IClassFixture<SmallCity>
{
    [GeneratedRegex("<(?<name>script|style)[^>]*>.*?</\\k<name>>|<[^>]+>", RegexOptions.Singleline, 1000)]
    private static partial Regex Markup();

    [GeneratedRegex("[\u4e00-\u9fff]", RegexOptions.None, 1000)]
    private static partial Regex Han();

    private async Task<HttpResponseMessage> Ask(string path, string? languages = null, string? etag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (languages is not null) request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        if (etag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        return await city.Anyone.SendAsync(request);
    }

    [DatabaseTheory]
    [InlineData("/ogc/processes/circle", "/ogc/processes/circle/execution")]
    [InlineData("/ogc/tiles/WebMercatorQuad", "/{tileMatrix}/")]
    public async Task A_page_writes_addresses_that_a_click_cannot_open(string page, string address)
    {
        var html = await city.Anyone.GetStringAsync($"{page}?f=html");
        html.ShouldContain(address);
        html.Split("href=\"").Skip(1).Select(rest => rest.Split('"')[0]).ShouldAllBe(href => !href.Contains(address));
    }

    [DatabaseTheory]
    [InlineData(null, null, "en")]
    [InlineData(null, "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN")]
    [InlineData(null, "zh", "zh-CN")]
    [InlineData(null, "zh-Hant-TW", "zh-CN")]
    [InlineData(null, "en-GB,en;q=0.9,zh;q=0.8", "en")]
    [InlineData(null, "fr-FR,zh;q=0.3", "zh-CN")]
    [InlineData(null, "zh;q=0", "en")]
    [InlineData(null, "zha", "en")]
    [InlineData(null, "fr, *;q=0.1", "en")]
    [InlineData(null, ";;q=x,,", "en")]
    [InlineData("zh", "en", "zh-CN")]
    [InlineData("en", "zh-CN", "en")]
    public async Task A_page_is_in_the_language_that_is_asked_for_or_preferred(string? asked, string? languages, string tag)
    {
        using var answer = await Ask($"/ogc/collections?f=html{(asked is null ? "" : $"&lang={asked}")}", languages);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        string.Join(", ", answer.Content.Headers.ContentLanguage).ShouldBe(tag);
        string.Join(", ", answer.Headers.Vary).ShouldContain("Accept-Language");
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain($"<html lang=\"{tag}\">");
        page.ShouldContain(tag == "en" ? "<h1>Collections</h1>" : "<h1>要素集</h1>");
    }

    [DatabaseTheory]
    [InlineData("/ogc")]
    [InlineData("/ogc/conformance")]
    [InlineData("/ogc/api")]
    [InlineData("/ogc/collections")]
    [InlineData("/ogc/collections/grids")]
    [InlineData("/ogc/collections/grids/queryables")]
    [InlineData("/ogc/collections/grids/sortables")]
    [InlineData("/ogc/collections/grids/schema")]
    [InlineData("/ogc/collections/roads/items")]
    [InlineData("/ogc/collections/population-cells/items")]
    [InlineData("/ogc/functions")]
    [InlineData("/ogc/processes")]
    [InlineData("/ogc/processes/siting")]
    [InlineData("/ogc/jobs")]
    [InlineData("/ogc/tiles")]
    [InlineData("/ogc/tiles/WebMercatorQuad")]
    [InlineData("/ogc/collections/grids/tiles")]
    [InlineData("/ogc/collections/grids/tiles/CGCS2000Quad")]
    [InlineData("/ogc/tileMatrixSets")]
    [InlineData("/ogc/tileMatrixSets/WebMercatorQuad")]
    [InlineData("/ogc/styles")]
    [InlineData("/ogc/styles/city")]
    [InlineData("/ogc/styles/city-dark/metadata")]
    public async Task Nothing_of_a_page_is_in_the_other_language(string path)
    {
        var english = await city.Anyone.GetStringAsync($"{path}?f=html&lang=en");
        var words = Markup().Replace(english, " ").Replace("中文", "", StringComparison.Ordinal); // the way to the other one
        Han().Match(words).Value.ShouldBeEmpty(words);
        var chinese = await city.Anyone.GetStringAsync($"{path}?f=html&lang=zh");
        Han().IsMatch(WebUtility.HtmlDecode(chinese[chinese.IndexOf("<main>", StringComparison.Ordinal)..])).ShouldBeTrue();
        foreach (var word in new[] { ">Links<", ">More<", ">Next page<", "Nothing matches", ">required<", ">This document<", ">Collections<", ">Vector tiles<" }) chinese.ShouldNotContain(word, Case.Sensitive);
        foreach (var page in new[] { english, chinese }) page.ShouldContain("class=\"language\"");
    }

    [DatabaseFact]
    public async Task A_language_that_was_asked_for_stays_from_page_to_page_and_leaves_documents_alone()
    {
        var page = await city.Anyone.GetStringAsync("/ogc/collections/grids/items?f=html&lang=zh&limit=2");
        page.ShouldContain("<h1>网格</h1>");
        page.ShouldContain("hreflang=\"en\"");
        var links = Regex.Matches(page, "href=\"(?<link>[^\"]*f=html[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => WebUtility.HtmlDecode(match.Groups["link"].Value)).ToList();
        links.Count.ShouldBeGreaterThan(5);
        links.ShouldAllBe(link => link.Contains("lang=", StringComparison.Ordinal));
        var source = WebUtility.HtmlDecode(Regex.Match(page, "data-source=\"(?<link>[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["link"].Value);
        source.ShouldNotContain("lang=");
        (await city.Anyone.GetStringAsync("/ogc/collections/grids?f=html")).ShouldNotContain("f=html&amp;lang=en\">grids");
        var (one, other) = (await city.Anyone.Json("/ogc/collections/grids?f=json"), await city.Anyone.Json("/ogc/collections/grids?f=json&lang=zh"));
        (other.GetRawText().Replace("lang=zh&", "", StringComparison.Ordinal) == one.GetRawText()).ShouldBeTrue("but for the address of the page beside it");
        one.At("title").GetString().ShouldBe("Grids 网格");
        (await city.Anyone.GetAsync("/ogc/collections?lang=fr")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await city.Anyone.GetAsync("/ogc/jobs/1/results?lang=zh")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "no page");
    }

    [DatabaseTheory]
    [InlineData("/ogc/collections/grids/items")]
    [InlineData("/ogc/collections/grids/items/1")]
    public async Task What_is_known_in_one_language_or_format_is_not_known_in_another(string path)
    {
        using var chinese = await Ask($"{path}?f=html", "zh");
        var tag = chinese.Headers.ETag!.ToString();
        (await Ask($"{path}?f=html", "zh", tag)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await Ask($"{path}?f=html", "en", tag)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Ask($"{path}?f=json", "zh", tag)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [DatabaseFact]
    public async Task The_contract_names_the_language_wherever_there_are_pages()
    {
        var paths = (await city.Anyone.Json("/ogc/api")).GetProperty("paths");
        foreach (var path in paths.EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)))
        {
            var names = path.Value.At("get", "parameters").EnumerateArray().Select(parameter => parameter.At("name").GetString()).ToList();
            var isPage = path.Value.At("get", "responses", "200").TryGetProperty("content", out var content) && content.TryGetProperty("text/html", out _);
            names.Contains("lang").ShouldBe(isPage, path.Name);
        }
    }

    [DatabaseFact]
    public async Task Every_process_says_in_Chinese_what_it_is_what_it_takes_and_what_it_answers()
    {
        var processes = (await city.Anyone.Json("/ogc/processes?f=json&lang=zh")).GetProperty("processes").EnumerateArray().Select(process => process.At("id").GetString()!).ToList();
        processes.Count.ShouldBeGreaterThan(10);
        var inputs = 0;
        foreach (var id in processes)
        {
            var (chinese, english) = (await city.Anyone.Json($"/ogc/processes/{id}?f=json&lang=zh"), await city.Anyone.Json($"/ogc/processes/{id}?f=json&lang=en"));
            MustBeSaid(id, chinese, english);
            foreach (var list in new[] { "inputs", "outputs" })
            {
                foreach (var one in chinese.GetProperty(list).EnumerateObject())
                {
                    MustBeSaid($"{id} {one.Name}", one.Value, english.At(list, one.Name));
                    inputs++;
                }
            }
            var page = WebUtility.HtmlDecode(await city.Anyone.GetStringAsync($"/ogc/processes/{id}?f=html&lang=zh"));
            page.ShouldNotContain("\"type\"", Case.Sensitive, $"{id}: what an input may be is said in words");
            foreach (var input in chinese.GetProperty("inputs").EnumerateObject()) page.ShouldContain(input.Value.At("description").GetString()!);
            page.ShouldNotContain("<span lang=\"en\">");
        }
        inputs.ShouldBeGreaterThan(100);

        static void MustBeSaid(string what, JsonElement chinese, JsonElement english)
        {
            foreach (var member in new[] { "title", "description" })
            {
                Han().IsMatch(chinese.At(member).GetString()!).ShouldBeTrue($"{what}: {member} {chinese.At(member)}");
                Han().IsMatch(english.At(member).GetString()!).ShouldBeFalse($"{what}: {member} {english.At(member)}");
            }
        }
    }

    [DatabaseTheory]
    [InlineData("/ogc/processes")]
    [InlineData("/ogc/processes/siting")]
    [InlineData("/ogc/functions")]
    [InlineData("/ogc/collections/grids/queryables")]
    [InlineData("/ogc/collections/grids/sortables")]
    [InlineData("/ogc/collections/grids/schema")]
    public async Task What_describes_things_to_people_is_in_their_language_as_a_document_too(string path)
    {
        foreach (var (query, languages, tag) in new[] { ("", "zh-CN,zh;q=0.9", "zh-CN"), ("&lang=zh", "en", "zh-CN"), ("", "en-GB, zh;q=0.5", "en"), ("&lang=en", "zh", "en"), ("", "fr", "") })
        {
            using var answer = await Ask($"{path}?f=json{query}", languages);
            string.Join(", ", answer.Content.Headers.ContentLanguage).ShouldBe(tag);
            string.Join(", ", answer.Headers.Vary).ShouldContain("Accept-Language");
            var text = await answer.Content.ReadAsStringAsync();
            if (tag == "en") Han().Match(text).Value.ShouldBeEmpty(text);
            if (tag == "zh-CN") Regex.IsMatch(text, "\"(title|description)\": \"[^\"\u4e00-\u9fff]*\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).ShouldBeFalse(text);
        }
        // The document beside a page in a language that was asked for is in the same.
        WebUtility.HtmlDecode(await city.Anyone.GetStringAsync($"{path}?f=html&lang=zh")).ShouldNotContain($"{path}?f=json\"");
    }

    [DatabaseFact]
    public async Task Every_property_is_called_by_a_title_in_both_languages_wherever_it_stands()
    {
        foreach (var name in (await city.Anyone.Json("/ogc/collections")).GetProperty("collections").EnumerateArray().Select(collection => collection.At("id").GetString()!).ToList())
        {
            foreach (var document in new[] { "queryables?", "sortables?", "schema?", "schema?type=create&" })
            {
                using var there = await Ask($"/ogc/collections/{name}/{document}f=json");
                if (there.StatusCode == HttpStatusCode.BadRequest) continue; // no such collection is written
                var (chinese, english) = (await city.Anyone.Json($"/ogc/collections/{name}/{document}f=json&lang=zh"), await city.Anyone.Json($"/ogc/collections/{name}/{document}f=json&lang=en"));
                foreach (var property in chinese.GetProperty("properties").EnumerateObject())
                {
                    Han().IsMatch(property.Value.At("title").GetString()!).ShouldBeTrue($"{name} {document} {property.Name}");
                    var title = english.At("properties", property.Name, "title").GetString()!;
                    (title != property.Name && !Han().IsMatch(title)).ShouldBeTrue($"{name} {document} {property.Name}: {title}");
                }
            }
            var properties = (await city.Anyone.Json($"/ogc/collections/{name}/queryables?f=json&lang=zh")).GetProperty("properties").EnumerateObject().Where(property => property.Name != "geometry").ToList();
            var page = WebUtility.HtmlDecode(await city.Anyone.GetStringAsync($"/ogc/collections/{name}/items?f=html&lang=zh&limit=1"));
            var queryables = WebUtility.HtmlDecode(await city.Anyone.GetStringAsync($"/ogc/collections/{name}/queryables?f=html&lang=zh"));
            foreach (var choice in properties.Where(property => property.Value.TryGetProperty("enum", out _)).SelectMany(property => property.Value.At("enum").EnumerateArray()))
                Regex.IsMatch(queryables, $"[\u4e00-\u9fff] {choice.GetString()}\\b", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeTrue($"{name} {choice}");
            if (!page.Contains("<thead>", StringComparison.Ordinal)) continue;
            foreach (var property in properties) page.ShouldContain($">{property.Value.At("title").GetString()}<br><code>{property.Name}</code></th>");
        }
        WebUtility.HtmlDecode(await city.Anyone.GetStringAsync("/ogc/collections/buildings/items/1?f=html&lang=zh")).ShouldSatisfyAllConditions(
            page => page.ShouldContain("<th>高度（米）<br><code>heightMetres</code></th>"), page => page.ShouldMatch("<td><span title=\"[a-z]+\">[\u4e00-\u9fff]+</span></td>"));
        WebUtility.HtmlDecode(await city.Anyone.GetStringAsync("/ogc/collections/buildings/queryables?f=html&lang=en")).ShouldContain("<th>Height, m<br><code>heightMetres</code></th>");
    }

    [DatabaseFact]
    public async Task The_page_of_the_contract_is_a_light_list_of_every_operation_in_either_language()
    {
        var operations = (await city.Anyone.Json("/ogc/api")).GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Path: path.Name, Method: operation.Name.ToUpperInvariant(), operation.Value)).ToList();
        operations.Count.ShouldBeGreaterThan(100);
        foreach (var language in new[] { "zh", "en" })
        {
            var written = await city.Anyone.GetStringAsync($"/ogc/api?f=html&lang={language}");
            written.Length.ShouldBeLessThan(100_000);
            var page = WebUtility.HtmlDecode(written);
            foreach (var (path, method, operation) in operations)
            {
                var row = Regex.Match(page, $"<tr><td>{method}</td><td>(<a [^>]*>)?<code>{Regex.Escape(path)}</code>(</a>)?</td><td>(?<summary>[^<]*)</td></tr>", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
                row.Success.ShouldBeTrue($"{method} {path}");
                Han().IsMatch(row.Groups["summary"].Value).ShouldBe(language == "zh", $"{method} {path}: {row.Groups["summary"]}");
                if (language == "en") row.Groups["summary"].Value.ShouldBe(operation.At("summary").GetString());
            }
            foreach (var document in new[] { "/ogc/api?f=json", "/ogc/api?openapi=3.1&f=json" }) page.ShouldContain($"{document}\"");
            foreach (var link in Regex.Matches(page, "<td><a href=\"(?<link>[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Groups["link"].Value).Where(link => !link.Contains("/items", StringComparison.Ordinal)))
            {
                using var answer = await city.Anyone.GetAsync(link);
                (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.OK, "text/html"), link);
            }
        }
    }

    [DatabaseFact]
    public async Task Tags_of_pages_lock_features_too()
    {
        var planner = await city.Server.As(Role.Planner);
        using var page = await planner.GetAsync("/ogc/collections/buildings/items/1?f=html&lang=zh");
        var request = new HttpRequestMessage(HttpMethod.Patch, "/ogc/collections/buildings/items/1") { Content = new StringContent("""{"properties":{}}""", System.Text.Encoding.UTF8, "application/merge-patch+json") };
        request.Headers.TryAddWithoutValidation("If-Match", page.Headers.ETag!.ToString());
        using var answer = await planner.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }
}
