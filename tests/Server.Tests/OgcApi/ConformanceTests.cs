using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

/// <summary>Requirements of OGC API – Features Part 1, walked through from the landing page as a client would.</summary>
public sealed class ConformanceTests(SmallCity city) : IClassFixture<SmallCity>
{
    private static readonly string[] Collections = ["areas", "grids", "compounds", "buildings", "facilities", "incidents", "roads", "landscapes", "population-cells"];

    [DatabaseFact]
    public async Task Every_link_from_the_landing_page_on_answers_in_the_type_it_names()
    {
        var (seen, todo) = (new HashSet<string>(), new Queue<(string Href, string Type)>());
        todo.Enqueue(($"{city.Server.Address}ogc", "application/json"));
        while (todo.Count > 0 && seen.Count < 200)
        {
            var (href, type) = todo.Dequeue();
            if (!seen.Add(href)) continue;
            var response = await city.Anyone.GetAsync(href);
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.OK, $"{href}: {text}");
            response.Content.Headers.ContentType!.ToString().Replace(" ", "").ShouldStartWith(type.Replace(" ", ""), customMessage: href);
            if (!type.Contains("json")) continue;
            foreach (var link in LinksIn(JsonDocument.Parse(text).RootElement)) todo.Enqueue(link);
        }
        seen.Count.ShouldBeGreaterThan(60);
    }

    [DatabaseFact]
    public async Task The_conformance_list_holds_the_classes_of_part_1()
    {
        var document = JsonDocument.Parse(await city.Anyone.GetStringAsync("/ogc/conformance"));
        var classes = document.RootElement.GetProperty("conformsTo").EnumerateArray().Select(item => item.GetString()).ToList();
        foreach (var name in new[] { "core", "geojson", "html", "oas30" }) classes.ShouldContain($"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}");
        // Features finds it by the one relation, Common and Processes by the other.
        var relations = (await city.Anyone.Json("/ogc")).GetProperty("links").EnumerateArray().Select(link => link.GetProperty("rel").GetString()).ToList();
        foreach (var relation in new[] { "conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance" }) relations.ShouldContain(relation);
    }

    [DatabaseFact]
    public async Task Collections_are_all_there_with_extent_item_type_and_links()
    {
        var document = JsonDocument.Parse(await city.Anyone.GetStringAsync("/ogc/collections"));
        var collections = document.RootElement.GetProperty("collections").EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!);
        collections.Keys.ShouldBe(Collections, ignoreOrder: true);
        var bbox = collections["grids"].GetProperty("extent").GetProperty("spatial").GetProperty("bbox")[0].EnumerateArray().Select(number => number.GetDouble()).ToArray();
        bbox.ShouldBe([SmallCity.West, SmallCity.South, SmallCity.East, SmallCity.North], tolerance: 1e-9);
        collections["grids"].GetProperty("extent").GetProperty("temporal").GetProperty("interval")[0][1].ValueKind.ShouldBe(JsonValueKind.Null);
        collections["incidents"].GetProperty("itemType").GetString().ShouldBe("feature");
    }

    [DatabaseFact]
    public async Task The_contract_is_OpenAPI_3_0_and_names_every_operation()
    {
        var response = await city.Anyone.GetAsync("/ogc/api?f=json");
        response.Content.Headers.ContentType!.ToString().Replace(" ", "").ShouldBe("application/vnd.oai.openapi+json;version=3.0");
        var paths = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("paths");
        foreach (var name in Collections)
        {
            var names = paths.GetProperty($"/collections/{name}/items").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ToList();
            names.ShouldContain("bbox");
            names.ShouldContain("datetime");
            names.ShouldContain("limit");
            paths.TryGetProperty($"/collections/{name}/items/{{featureId}}", out _).ShouldBeTrue();
        }
    }

    [DatabaseTheory]
    [InlineData("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("application/geo+json", "application/geo+json")]
    [InlineData("*/*", "application/geo+json")]
    [InlineData("text/html;q=0.4, application/geo+json;q=0.9", "application/geo+json")]
    [InlineData("application/geo+json;q=0, */*", "text/html")]
    public async Task The_format_follows_the_accept_header(string accept, string expected)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/collections/grids/items");
        request.Headers.Accept.ParseAdd(accept);
        var response = await city.Anyone.SendAsync(request);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(expected);
        response.Headers.Vary.ShouldContain("Accept");
    }

    [DatabaseFact]
    public async Task An_accept_header_that_rules_everything_out_is_406()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/collections/grids/items");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/png"));
        (await city.Anyone.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
    }

    [DatabaseFact]
    public async Task Pages_hold_the_features_their_links_and_a_map_and_encode_hostile_text()
    {
        await city.Scratch.Execute("INSERT INTO facilities (code, name, type, geom) VALUES ('XSS', '<script>alert(1)</script>', 'pharmacy', 'SRID=4326;POINT(119.95 31.78)')");
        var page = await city.Anyone.GetStringAsync("/ogc/collections/facilities/items?f=html&limit=100");
        page.ShouldContain("id=\"map\"");
        page.ShouldContain("&lt;script&gt;");
        page.ShouldNotContain("<script>alert");
        Regex.Count(page, "<tr><td[^>]*><a href=", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBe((int)await city.Scratch.Scalar<long>("SELECT count(*) FROM facilities"));
        await city.Scratch.Execute("DELETE FROM facilities WHERE code = 'XSS'");
    }

    [DatabaseFact]
    public async Task Head_answers_like_get_without_a_body()
    {
        var response = await city.Anyone.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/ogc/collections/grids/items"));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    private static IEnumerable<(string Href, string Type)> LinksIn(JsonElement node)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Object when node.TryGetProperty("href", out var href) && href.ValueKind == JsonValueKind.String && node.TryGetProperty("type", out var type):
                // A template is no address, and a process is executed by POST.
                if (node.TryGetProperty("templated", out _) || node.GetProperty("rel").GetString()!.EndsWith("/execute", StringComparison.Ordinal)) break;
                yield return (href.GetString()!, type.GetString()!);
                break;
            case JsonValueKind.Object:
                foreach (var link in node.EnumerateObject().SelectMany(member => LinksIn(member.Value))) yield return link;
                break;
            case JsonValueKind.Array:
                foreach (var link in node.EnumerateArray().SelectMany(LinksIn)) yield return link;
                break;
        }
    }
}
