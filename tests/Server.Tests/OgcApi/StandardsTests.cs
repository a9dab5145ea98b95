using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

/// <summary>Clauses of the standards that clients rarely reach, one by one.</summary>
public sealed class StandardsTests(SmallCity city) : IClassFixture<SmallCity>
{
    private async Task<HttpResponseMessage> Ask(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await city.Anyone.SendAsync(request);
    }

    private async Task<HttpStatusCode> Status(string path, params (string Name, string Value)[] headers)
    {
        using var answer = await Ask(HttpMethod.Get, path, headers);
        return answer.StatusCode;
    }

    [DatabaseTheory]
    [InlineData("facilities", """{"name":"x","type":"nope"}""", "properties.type", "a code of /api/catalogues/facility-types")]
    [InlineData("facilities", """{"name":"x","type":"pharmacy","capacity":-1}""", "properties.capacity", null)]
    public async Task What_the_database_refuses_is_told_by_the_property(string collection, string properties, string field, string? expected)
    {
        var planner = await city.Server.As(Role.Planner);
        using var content = new StringContent($$"""{"type":"Feature","geometry":{"type":"Point","coordinates":[119.955,31.785]},"properties":{{properties}}}""", Encoding.UTF8, "application/geo+json");
        using var answer = await planner.PostAsync($"/ogc/collections/{collection}/items", content);
        ((int)answer.StatusCode).ShouldBe(422);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var error = problem.RootElement.GetProperty("errors")[0];
        error.GetProperty("field").GetString().ShouldBe(field);
        if (expected is not null) error.GetProperty("expected").GetString().ShouldBe(expected);
    }

    [DatabaseTheory] // RFC 9110 §9.3.7, §15.5.6
    [InlineData("/ogc", "GET, HEAD, OPTIONS")]
    [InlineData("/ogc/processes/siting/execution", "OPTIONS, POST")]
    [InlineData("/wfs", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/tiles/grids/12/3412/1666.mvt", "GET, HEAD, OPTIONS")]
    [InlineData("/api/plans", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/api/plans/1", "DELETE, GET, HEAD, OPTIONS")]
    public async Task Every_path_says_what_it_takes(string path, string allow)
    {
        using var preflight = await Ask(HttpMethod.Options, path, ("Origin", "https://example.org"), ("Access-Control-Request-Method", "BREW"));
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldBe(allow);
        foreach (var (method, status) in new[] { (HttpMethod.Options, HttpStatusCode.NoContent), (new HttpMethod("BREW"), HttpStatusCode.MethodNotAllowed) })
        {
            using var answer = await Ask(method, path);
            answer.StatusCode.ShouldBe(status);
            string.Join(", ", answer.Content.Headers.Allow).ShouldBe(allow);
        }
        using var nowhere = await Ask(HttpMethod.Options, "/ogc/nowhere");
        nowhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [DatabaseTheory] // Fetch §3.3.3: what a page of another origin may send
    [InlineData("/ogc/collections/buildings/items/1", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT")]
    [InlineData("/ogc/collections/areas/items", "GET, HEAD, OPTIONS")]
    [InlineData("/ogc/collections/castles/items", "GET, HEAD, OPTIONS")]
    [InlineData("/nowhere", "GET, HEAD, OPTIONS")]
    public async Task A_preflight_lists_the_methods_of_its_path(string path, string methods)
    {
        using var preflight = await Ask(HttpMethod.Options, path, ("Origin", "https://example.org"), ("Access-Control-Request-Method", "DELETE"), ("Access-Control-Request-Headers", "x-api-key"));
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        preflight.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["x-api-key"]);
        preflight.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldBe(methods);
    }

    [DatabaseFact] // RFC 9110 §9.3.7
    public async Task The_root_says_what_it_takes()
    {
        using var answer = await Ask(HttpMethod.Options, "/");
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Content.Headers.Allow.ShouldBe(["GET", "HEAD", "OPTIONS"], ignoreOrder: true);
    }

    [DatabaseTheory] // RFC 9110 §12.5.1
    [InlineData("/tiles/grids/12/3412/1666.mvt", "image/png", 406)]
    [InlineData("/tiles/grids/12/3412/1666.mvt", "application/vnd.mapbox-vector-tile;q=0, */*", 406)]
    [InlineData("/tiles/grids/12/3412/1666.mvt", "image/png, */*;q=0.1", 200)]
    [InlineData("/tiles/grids/12/3412/1666.mvt", "application/x-protobuf", 200)]
    [InlineData("/tiles/grids/12/3412/1666.mvt", "application/*", 200)]
    [InlineData("/tiles/grids/12/3412/1666.mvt", null, 200)]
    [InlineData("/ogc/collections/grids/tiles/WebMercatorQuad/12/1666/3412", "image/png", 406)]
    [InlineData("/ogc/collections/grids/tiles/WebMercatorQuad/12/1666/3412?f=mvt", "image/png", 200)]
    [InlineData("/ogc/tiles/WebMercatorQuad/12/1666/3412", "text/html", 406)]
    [InlineData("/ogc/tiles/WebMercatorQuad/12/1666/3412", "*/*", 200)]
    public async Task A_tile_is_sent_to_those_who_accept_one(string path, string? accept, int status)
    {
        using var answer = accept is null ? await Ask(HttpMethod.Get, path) : await Ask(HttpMethod.Get, path, ("Accept", accept));
        ((int)answer.StatusCode).ShouldBe(status);
        if (status == 200) answer.Headers.Vary.ShouldContain("Accept");
        else (await answer.Content.ReadAsStringAsync()).ShouldContain("request.not-acceptable");
    }

    [DatabaseTheory] // OGC 21-065r2: ranges of texts, by code points
    [InlineData("name BETWEEN 'A' AND 'Z'", "name >= 'A' AND name <= 'Z'")]
    [InlineData("NOT (code BETWEEN '1' AND '32')", "code < '1' OR code > '32'")]
    [InlineData("validFrom BETWEEN DATE('0001-01-01') AND DATE('9999-12-31')", "validFrom IS NOT NULL")]
    [InlineData("validFrom < TIMESTAMP('9999-12-31T23:59:59Z')", "validFrom IS NOT NULL")]
    [InlineData("validFrom > TIMESTAMP('2016-12-31T23:59:60.123456789012Z')", "validFrom > TIMESTAMP('2016-12-31T23:59:59.9999999Z')")]
    public async Task Ranges_of_texts_and_the_ends_of_the_calendar_are_what_they_say(string filter, string same)
    {
        const string items = "/ogc/collections/grids/items?limit=1000&properties=code&skipGeometry=true&filter=";
        var (one, other) = (await city.Anyone.Json(items + Uri.EscapeDataString(filter)), await city.Anyone.Json(items + Uri.EscapeDataString(same)));
        one.At("features").GetRawText().ShouldBe(other.At("features").GetRawText());
        one.At("numberMatched").GetInt64().ShouldBe(other.At("numberMatched").GetInt64());
    }

    [DatabaseTheory] // OGC 17-069r4 /req/core/fc-time-definition: RFC 3339 has all years of four digits
    [InlineData("2025-01-01T00:00:00Z/9999-12-31T23:59:59Z", "2025-01-01T00:00:00Z/..")]
    [InlineData("0001-01-01T00:00:00Z/2300-01-01T00:00:00Z", "1901-01-01T00:00:00Z/2199-01-01T00:00:00Z")]
    [InlineData("3000-01-01", "2199-12-31")]
    [InlineData("2026-03-01T07:59:60Z", "2026-03-01T07:59:59.9999999Z")]
    public async Task Times_beyond_what_is_kept_are_times(string datetime, string same)
    {
        var (one, other) = (await city.Anyone.Json($"/ogc/collections/grids/items?limit=1000&datetime={datetime}"), await city.Anyone.Json($"/ogc/collections/grids/items?limit=1000&datetime={same}"));
        one.At("numberMatched").GetInt64().ShouldBe(other.At("numberMatched").GetInt64());
        one.At("features").GetRawText().ShouldBe(other.At("features").GetRawText());
    }

    [DatabaseTheory] // what is wrong is refused also where it is not used, and what is too much is the most there is
    [InlineData("/ogc/collections/grids/items?bbox-crs=foo", 400)]
    [InlineData("/ogc/collections/grids/items?filter-crs=foo", 400)]
    [InlineData("/ogc/collections/grids/items?limit=9223372036854775808", 200)]
    [InlineData("/ogc/collections/grids/items?limit=-1", 400)]
    [InlineData("/ogc/processes?limit=10000000", 200)]
    [InlineData("/ogc/jobs?limit=99999&type=process&status=successful,failed&status=running&processID=locate&datetime=2026-01-01T00:00:00Z/..&minDuration=0&maxDuration=5", 200)]
    [InlineData("/ogc/jobs?status=never", 400)]
    [InlineData("/ogc/jobs?type=coverage", 400)]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=foo:areas", 400)]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=areas", 200)]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=gridmap:areas&namespaces=xmlns(gridmap,http://foo)", 400)]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=a:areas&namespaces=xmlns(a,urn:x-gridmap:features:1)", 200)]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=areas&resolve=remote", 400)]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=areas&resolve=none", 200)]
    public async Task Parameters_are_checked_as_the_standards_say(string path, int status) => ((int)await Status(path)).ShouldBe(status);

    [DatabaseFact] // OGC 09-025r2 §7.5
    public async Task WFS_takes_ranges_of_texts_and_names_its_own_parameter()
    {
        const string filter = """<Filter xmlns="http://www.opengis.net/fes/2.0"><PropertyIsBetween><ValueReference>name</ValueReference><LowerBoundary><Literal>A</Literal></LowerBoundary><UpperBoundary><Literal>Z</Literal></UpperBoundary></PropertyIsBetween></Filter>""";
        (await Status($"/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=areas&filter={Uri.EscapeDataString(filter)}")).ShouldBe(HttpStatusCode.OK);
        var told = await city.Anyone.Text("/wfs?service=WFS&version=2.0.0&request=GetPropertyValue&typeNames=areas&valueReference=nope");
        told.ShouldContain("locator=\"valueReference\"");
    }

    [DatabaseFact] // OGC 17-069r4 /req/core/fc-md-extent
    public async Task The_time_of_a_collection_holds_that_of_every_feature()
    {
        var interval = (await city.Anyone.Json("/ogc/collections/grids")).At("extent", "temporal", "interval", 0);
        var always = await city.Scratch.Scalar<bool>("SELECT bool_or(NOT isfinite(valid_from)) FROM grids");
        (interval[0].ValueKind == JsonValueKind.Null).ShouldBe(always);
        interval[1].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [DatabaseFact] // RFC 9110 §13.1.2, §15.4.5, §8.8.3.3
    public async Task A_version_is_known_by_its_tag_however_it_is_spelled_and_coded()
    {
        const string one = "/ogc/collections/grids/items/1", many = "/ogc/collections/grids/items?limit=2";
        using var plain = await Ask(HttpMethod.Get, one);
        var strong = plain.Headers.ETag!.Tag;
        plain.Headers.ETag.IsWeak.ShouldBeFalse();
        (await Status(one, ("If-None-Match", "W/" + strong))).ShouldBe(HttpStatusCode.NotModified);
        using var list = await Ask(HttpMethod.Get, many);
        list.Headers.ETag!.IsWeak.ShouldBeTrue();
        using var known = await Ask(HttpMethod.Get, many, ("If-None-Match", $"\"x\", {list.Headers.ETag.Tag}"));
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        known.Headers.Vary.ShouldBe(["Accept", "Accept-Encoding"], ignoreOrder: true);
        using var zipped = await Ask(HttpMethod.Get, one, ("Accept-Encoding", "gzip"));
        zipped.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        zipped.Headers.ETag!.Tag.ShouldBe(strong.TrimEnd('"') + "-gzip\"");
        (await Status(one, ("If-None-Match", zipped.Headers.ETag.Tag))).ShouldBe(HttpStatusCode.NotModified);
        (await Status(one, ("If-Match", zipped.Headers.ETag.Tag))).ShouldBe(HttpStatusCode.OK);
        (await Status(one, ("If-Match", "\"other\""))).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Status(one, ("If-Match", "*"))).ShouldBe(HttpStatusCode.OK);
        // A weak tag never fits where strong ones are compared (RFC 9110 §13.1.1), neither the reader's nor the page's own.
        (await Status(one, ("If-Match", "W/" + strong))).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Status(one, ("If-Match", $"W/{strong}, {strong}"))).ShouldBe(HttpStatusCode.OK);
        (await Status(many, ("If-Match", list.Headers.ETag.ToString()))).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Status(many, ("If-Match", list.Headers.ETag.Tag))).ShouldBe(HttpStatusCode.PreconditionFailed);
        using var head = await Ask(HttpMethod.Head, one, ("If-Match", "W/" + strong));
        head.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        using var tile = await Ask(HttpMethod.Get, "/tiles/grids/14/13652/6664.mvt");
        if (tile.Headers.ETag is { } tag) (await Status("/tiles/grids/14/13652/6664.mvt", ("If-None-Match", tag.Tag))).ShouldBeOneOf(HttpStatusCode.NotModified, HttpStatusCode.NoContent);
    }

    [DatabaseFact] // RFC 9110 §9.1: whatever can be got has a head
    public async Task Heads_are_answered_everywhere_without_a_body()
    {
        foreach (var path in new[] { "/wfs?service=WFS&request=GetCapabilities", "/tiles/grids.json", "/api/city", "/ogc/collections/grids/items", "/health/ready", "/api/live" })
        {
            using var head = await Ask(HttpMethod.Head, path);
            head.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty(path);
        }
    }

    [DatabaseFact] // RFC 7396 §2, RFC 5789 §3.1, RFC 9110 §13.1.2
    public async Task A_patch_merges_into_the_geometry_and_a_condition_keeps_what_is_there()
    {
        var planner = await city.Server.As(Role.Planner);
        async Task<HttpResponseMessage> Send(HttpMethod method, string path, string body, string type, string? ifNoneMatch = null)
        {
            var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)) };
            if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
            return await planner.SendAsync(request);
        }
        const string ring = "[[[119.9451,31.7751],[119.9453,31.7751],[119.9453,31.7753],[119.9451,31.7751]]]", other = "[[[[119.9463,31.7753],[119.9461,31.7751],[119.9463,31.7751],[119.9463,31.7753]]]]";
        var feature = $$$"""{"type":"Feature","geometry":{"type":"Polygon","coordinates":{{{ring}}}},"properties":{"name":"一","use":"residential"}}""";
        using var made = await Send(HttpMethod.Post, "/ogc/collections/buildings/items", feature, "application/geo+json");
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var address = made.Headers.Location!.ToString();
        using var patched = await Send(HttpMethod.Patch, address, $$$"""{"geometry":{"coordinates":{{{other}}}}}""", "application/merge-patch+json");
        patched.StatusCode.ShouldBe(HttpStatusCode.NoContent, await patched.Content.ReadAsStringAsync());
        var moved = (await planner.Json(address)).At("geometry", "coordinates").GetRawText();
        (moved.Contains("119.9461", StringComparison.Ordinal), moved.Contains("119.9451", StringComparison.Ordinal)).ShouldBe((true, false));
        using var wrong = await Send(HttpMethod.Patch, address, """{"type":"Foo"}""", "application/merge-patch+json");
        ((int)wrong.StatusCode).ShouldBe(422);
        using var kept = await Send(HttpMethod.Put, address, feature, "application/geo+json", "*");
        kept.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await planner.Json(address)).At("geometry", "coordinates").GetRawText().ShouldBe(moved);
        using var options = await Ask(HttpMethod.Options, address);
        options.Headers.GetValues("Accept-Patch").Single().ShouldContain("application/merge-patch+json");
        (await planner.DeleteAsync(address)).EnsureSuccessStatusCode();
    }

    [DatabaseFact] // OGC 18-062r2 /rec/core/next
    public async Task Processes_are_paged_by_links()
    {
        var names = new List<string>();
        var next = "/ogc/processes?limit=4&f=json";
        for (var i = 0; i < 20 && next is not null; i++)
        {
            var page = await city.Anyone.Json(next);
            names.AddRange(page.At("processes").EnumerateArray().Select(process => process.At("id").GetString()!));
            next = page.At("links").EnumerateArray().Where(link => link.At("rel").GetString() == "next").Select(link => new Uri(link.At("href").GetString()!).PathAndQuery).FirstOrDefault();
        }
        names.ShouldBe((await city.Anyone.Json("/ogc/processes")).At("processes").EnumerateArray().Select(process => process.At("id").GetString()!));
        names.Count.ShouldBeGreaterThan(8);
    }

    [DatabaseTheory] // RFC 9110 §10.2.1, §15.5.6
    [InlineData("areas/items")]
    [InlineData("areas/items/1")]
    [InlineData("incidents/items")]
    [InlineData("incidents/items/1")]
    [InlineData("facilities/items")]
    [InlineData("facilities/items/1")]
    public async Task A_method_that_is_refused_is_told_what_OPTIONS_tells(string path)
    {
        static string[] Sorted(HttpResponseMessage response) => [.. response.Content.Headers.Allow.Order(StringComparer.Ordinal)];
        using var options = await Ask(HttpMethod.Options, $"/ogc/collections/{path}");
        foreach (var method in new[] { "POST", "PUT", "PATCH", "DELETE", "TRACE" }.Where(method => !options.Content.Headers.Allow.Contains(method)))
        {
            using var refused = await Ask(new HttpMethod(method), $"/ogc/collections/{path}");
            refused.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
            Sorted(refused).ShouldBe(Sorted(options), method);
            (await refused.Content.ReadAsStringAsync()).ShouldContain($"Allowed: {string.Join(", ", refused.Content.Headers.Allow)}.");
        }
    }

    [DatabaseTheory] // OGC 18-062r2, its OpenAPI: exceptions are application/json
    [InlineData("/ogc/processes/none", "application/json", "application/json")]
    [InlineData("/ogc/jobs/none/results", "application/json;q=0.5, text/html;q=0", "application/json")]
    [InlineData("/ogc/processes/none", "application/json, */*;q=0.1", "application/problem+json")]
    [InlineData("/ogc/processes/none", "application/json, application/problem+json", "application/problem+json")]
    [InlineData("/ogc/processes/none", "text/html", "application/problem+json")]
    [InlineData("/api/grids/999999", "application/json", "application/problem+json")]
    public async Task An_exception_has_the_name_of_json_that_is_accepted(string path, string accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        using var response = await city.Anyone.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(404);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
    }

    [DatabaseFact] // 65,536 characters of CQL2 fit into a line, also in Chinese
    public async Task A_long_filter_is_read_and_a_longer_one_refused_by_name()
    {
        string Filter(int count) => string.Join(" OR ", Enumerable.Repeat("name='网'", count));
        (await Status("/ogc/collections/grids/items?filter=" + Uri.EscapeDataString(Filter(2_000)))).ShouldBe(HttpStatusCode.OK);
        var refused = await city.Anyone.Text("/ogc/collections/grids/items?filter=" + Uri.EscapeDataString(Filter(6_000)));
        refused.ShouldContain("\"filter\"");
    }
}
