using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

/// <summary>OGC API – Features Part 4 over HTTP.</summary>
public sealed class WriteTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const string Items = "/ogc/collections/buildings/items";

    [DatabaseFact]
    public async Task What_was_read_in_a_shifted_datum_is_not_kept_where_it_is_not()
    {
        var planner = await city.Server.As(Role.Planner);
        var address = (await Send(planner, HttpMethod.Post, Items, Building(119.9452, "移", floors: 3))).Headers.Location!.ToString();
        var (before, shifted) = (await planner.GetStringAsync(address), await planner.GetStringAsync($"{address}?coord=bd09"));
        shifted.ShouldContain("\"coord\":\"bd09\"");
        var refused = await Send(planner, HttpMethod.Put, address, shifted);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).Fields().ShouldContain("coord");
        (await Send(planner, HttpMethod.Post, Items, $"{{\"type\":\"FeatureCollection\",\"coord\":\"gcj02\",\"features\":[{Building(119.9453, "移", floors: 3)}]}}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await planner.GetStringAsync(address)).ShouldBe(before);
        (await Send(planner, HttpMethod.Put, $"{address}?coord=bd09", shifted)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Send(planner, HttpMethod.Delete, address, "");
    }

    [DatabaseFact]
    public async Task A_feature_is_made_read_replaced_changed_and_deleted()
    {
        var planner = await city.Server.As(Role.Planner);
        var made = await Send(planner, HttpMethod.Post, Items, Building(119.9451, "旧名", floors: 3));
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var address = made.Headers.Location!.ToString();
        var tag = made.Headers.ETag!;
        tag.IsWeak.ShouldBeFalse();
        made.Headers.GetValues("Content-Crs").ShouldBe(["<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"]);
        var read = await planner.GetAsync(address);
        read.Headers.ETag.ShouldBe(tag);
        var feature = JsonDocument.Parse(await read.Content.ReadAsStringAsync()).RootElement;
        feature.At("properties", "floors").GetInt32().ShouldBe(3);
        feature.At("properties", "gridId").GetInt64().ShouldBe(1, "derived by the server");
        feature.At("properties", "code").GetString().ShouldNotBeNullOrEmpty("given by the server");

        // A replaced feature has nothing left of the old one; an id in the body means nothing.
        var replaced = await Send(planner, HttpMethod.Put, address, Building(119.9651, "新名").Replace("\"type\":\"Feature\"", "\"type\":\"Feature\",\"id\":1", StringComparison.Ordinal));
        replaced.StatusCode.ShouldBe(HttpStatusCode.NoContent, await replaced.Content.ReadAsStringAsync());
        feature = await planner.Json(address);
        feature.At("properties", "floors").ValueKind.ShouldBe(JsonValueKind.Null);
        feature.At("properties", "name").GetString().ShouldBe("新名");
        feature.At("properties", "gridId").GetInt64().ShouldBe(3);

        // A merge patch changes what it names, null takes away.
        (await Send(planner, HttpMethod.Patch, address, """{"properties":{"floors":7,"name":null}}""", "application/merge-patch+json")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        feature = await planner.Json(address);
        feature.At("properties", "floors").GetInt32().ShouldBe(7);
        feature.At("properties", "name").GetString().ShouldBe("");
        feature.At("properties", "gridId").GetInt64().ShouldBe(3);
        (await Send(planner, HttpMethod.Patch, address, """{"properties":null}""", "application/merge-patch+json")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await planner.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await planner.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var id = long.Parse(address[(address.LastIndexOf('/') + 1)..]);
        (await city.Scratch.Scalar<string>($"SELECT string_agg(op, ',' ORDER BY seq) FROM changes WHERE table_name = 'buildings' AND row_id = {id} AND actor LIKE 'Planner%'")).ShouldBe("insert,update,update,delete");
    }

    [DatabaseFact]
    public async Task Of_many_writers_with_one_tag_exactly_one_wins()
    {
        var planner = await city.Server.As(Role.Planner);
        var made = await Send(planner, HttpMethod.Post, Items, Building(119.9452, "race"));
        var (address, tag) = (made.Headers.Location!.ToString(), made.Headers.ETag!);
        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(n => Send(planner, n % 2 == 0 ? HttpMethod.Put : HttpMethod.Patch, address, Building(119.9452, $"writer {n}"), ifMatch: tag.Tag)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(11);
        var winner = answers.Single(answer => answer.StatusCode == HttpStatusCode.NoContent);
        (await planner.GetAsync(address)).Headers.ETag.ShouldBe(winner.Headers.ETag, "the tag of the answer is the tag of the feature");

        (await Send(planner, HttpMethod.Delete, address, null, ifMatch: tag.Tag)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Send(planner, HttpMethod.Put, address, Building(119.9452, "x"), ifMatch: "W/" + winner.Headers.ETag!.Tag)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed, "a weak tag never matches");
        (await Send(planner, HttpMethod.Put, address, Building(119.9452, "x"), ifMatch: "*")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var html = (await planner.GetAsync(address + "?f=html")).Headers.ETag!;
        (await Send(planner, HttpMethod.Delete, address, null, ifMatch: html.Tag)).StatusCode.ShouldBe(HttpStatusCode.NoContent, "a tag of another representation locks as well");
        (await Send(planner, HttpMethod.Put, address, Building(119.9452, "x"), ifMatch: "*")).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Send(planner, HttpMethod.Put, address, Building(119.9452, "x"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [DatabaseTheory]
    [InlineData("buildings", """{"type":"Polygon","coordinates":[[[119.9501,31.7801],[119.9502,31.7801],[119.9502,31.7802],[119.9501,31.7801]]]}""", """ "name":"重号" """)]
    [InlineData("facilities", """{"type":"Point","coordinates":[119.9501,31.7801]}""", """ "name":"重号","type":"pharmacy" """)]
    [InlineData("compounds", """{"type":"Polygon","coordinates":[[[119.9501,31.7801],[119.9502,31.7801],[119.9502,31.7802],[119.9501,31.7801]]]}""", """ "name":"重号" """)]
    [InlineData("roads", """{"type":"LineString","coordinates":[[119.9501,31.7801],[119.9502,31.7801]]}""", """ "name":"重号","class":"lane" """)]
    [InlineData("landscapes", """{"type":"Polygon","coordinates":[[[119.9501,31.7801],[119.9502,31.7801],[119.9502,31.7802],[119.9501,31.7801]]]}""", """ "name":"重号","kind":"water" """)]
    [InlineData("grids", """{"type":"Polygon","coordinates":[[[119.9521,31.7821],[119.9531,31.7821],[119.9531,31.7831],[119.9521,31.7821]]]}""", """ "name":"重号","kind":"special" """)]
    public async Task A_code_that_another_has_is_refused_by_its_name(string collection, string geometry, string properties)
    {
        var planner = await city.Server.As(Role.Planner);
        var (items, twice) = ($"/ogc/collections/{collection}/items", collection == "grids" ? $"{SmallCity.CommunityCode(1)}801" : "TWICE");
        string Feature(string code) => $$"""{"type":"Feature","geometry":{{geometry}},"properties":{"code":"{{code}}",{{properties}} } }""";
        var (first, other) = (await Send(planner, HttpMethod.Post, items, Feature(twice)), collection == "grids" ? null : await Send(planner, HttpMethod.Post, items, Feature("OTHER")));
        first.StatusCode.ShouldBe(HttpStatusCode.Created, await first.Content.ReadAsStringAsync());
        List<HttpResponseMessage> refused = [await Send(planner, HttpMethod.Post, items, Feature(twice))];
        if (other is not null)
        {
            refused.Add(await Send(planner, HttpMethod.Put, other.Headers.Location!.ToString(), Feature(twice)));
            refused.Add(await Send(planner, HttpMethod.Patch, other.Headers.Location!.ToString(), """{"properties":{"code":"TWICE"}}""", "application/merge-patch+json"));
        }
        foreach (var answer in refused)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Conflict, await answer.Content.ReadAsStringAsync());
            var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
            problem.Fields().ShouldBe(["properties.code"]);
            problem.At("errors", 0, "code").GetString().ShouldBe("value.taken");
        }
        foreach (var made in new[] { first, other }.OfType<HttpResponseMessage>()) (await planner.DeleteAsync(made.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [DatabaseFact]
    public async Task A_collection_is_written_whole_or_not_at_all()
    {
        var planner = await city.Server.As(Role.Planner);
        var before = await city.Scratch.Scalar<long>("SELECT count(*) FROM buildings");
        var bad = await Send(planner, HttpMethod.Post, Items, $$"""{"type":"FeatureCollection","features":[{{Building(119.9453, "a")}},{{Building(119.9454, "b", floors: 999)}},{"type":"Point"}]}""");
        bad.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonSerializer.Deserialize<JsonElement>(await bad.Content.ReadAsStringAsync()).Fields().ShouldBe(["features[1].properties.floors", "features[2].type"]);
        // The second breaks a rule that only the database knows.
        var late = await Send(planner, HttpMethod.Post, Items, $$"""{"type":"FeatureCollection","features":[{{Building(119.9453, "a")}},{{Building(119.9454, "b").Replace("\"name\"", "\"code\":\"B-office\",\"name\"", StringComparison.Ordinal)}}]}""");
        late.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        JsonSerializer.Deserialize<JsonElement>(await late.Content.ReadAsStringAsync()).Fields().ShouldBe(["features[1].properties.code"]);
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM buildings")).ShouldBe(before);
        var good = await Send(planner, HttpMethod.Post, Items, $$"""{"type":"FeatureCollection","features":[{{Building(119.9453, "a")}},{{Building(119.9454, "b")}}]}""");
        good.StatusCode.ShouldBe(HttpStatusCode.Created);
        var ids = JsonSerializer.Deserialize<JsonElement>(await good.Content.ReadAsStringAsync()).GetProperty("ids").EnumerateArray().Select(id => id.GetInt64()).ToList();
        ids.Count.ShouldBe(2);
        foreach (var id in ids) (await planner.DeleteAsync($"{Items}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [DatabaseFact]
    public async Task Writing_needs_a_key_of_the_role_and_of_the_place()
    {
        (await Send(city.Anyone, HttpMethod.Post, Items, Building(119.9455, "x"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Send(await city.Server.As(Role.Operator), HttpMethod.Post, Items, Building(119.9455, "x"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var local = await city.Server.As(Role.Planner, SmallCity.Street1Id);
        var before = await city.Scratch.Scalar<long>("SELECT count(*) FROM buildings");
        (await Send(local, HttpMethod.Post, Items, Building(119.9655, "in the other street"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var made = await Send(local, HttpMethod.Post, Items, Building(119.9455, "in its own"));
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Send(local, HttpMethod.Put, made.Headers.Location!.ToString(), Building(119.9655, "moved away"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var other = await city.Scratch.Scalar<long>("SELECT id FROM buildings WHERE area_id = 7 LIMIT 1");
        (await Send(local, HttpMethod.Patch, $"{Items}/{other}", """{"properties":{"floors":1}}""")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await local.DeleteAsync($"{Items}/{other}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        // Roads have no area of their own: the whole line must lie inside.
        const string across = """{"type":"Feature","geometry":{"type":"LineString","coordinates":[[119.955,31.78],[119.965,31.78]]},"properties":{"class":"lane"}}""";
        (await Send(local, HttpMethod.Post, "/ogc/collections/roads/items", across)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await local.DeleteAsync(made.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM buildings")).ShouldBe(before);
    }

    [DatabaseFact]
    public async Task Bodies_come_in_any_listed_crs()
    {
        var planner = await city.Server.As(Role.Planner);
        const string body = """{"type":"Feature","geometry":{"type":"Point","coordinates":[3518013.06,495737.92]},"properties":{"name":"药店","type":"pharmacy"}}""";
        var request = Request(HttpMethod.Post, "/ogc/collections/facilities/items", body);
        request.Headers.Add("Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/4549>");
        var made = await planner.SendAsync(request);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var at = (await planner.Json(made.Headers.Location!.ToString())).At("geometry", "coordinates");
        at[0].GetDouble().ShouldBe(119.955, 1e-7);
        at[1].GetDouble().ShouldBe(31.785, 1e-7);
        await planner.DeleteAsync(made.Headers.Location);
        request = Request(HttpMethod.Post, "/ogc/collections/facilities/items", body);
        request.Headers.Add("Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/1>");
        (await planner.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [DatabaseFact]
    public async Task Grids_pass_the_checks_of_drawing_and_end_instead_of_vanishing()
    {
        var planner = await city.Server.As(Role.Planner);
        const string square = """{"type":"Polygon","coordinates":[[[119.951,31.781],[119.953,31.781],[119.953,31.783],[119.951,31.783],[119.951,31.781]]]}""";
        (await Send(planner, HttpMethod.Post, "/ogc/collections/grids/items", $$$"""{"type":"Feature","geometry":{{{square}}},"properties":{"name":"压盖"}}""")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var made = await Send(planner, HttpMethod.Post, "/ogc/collections/grids/items", $$$"""{"type":"Feature","geometry":{{{square}}},"properties":{"name":"专属","kind":"special"}}""");
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var address = made.Headers.Location!.ToString();
        (await planner.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await planner.Json(address)).At("properties", "validTo").ValueKind.ShouldBe(JsonValueKind.String, "the row stays and says until when");
        (await planner.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        var reporter = await city.Server.As(Role.Reporter);
        var incident = await Send(reporter, HttpMethod.Post, "/ogc/collections/incidents/items",
            """{"type":"Feature","geometry":{"type":"Point","coordinates":[119.951,31.781]},"properties":{"category":"E0102","title":"井盖"}}""");
        incident.StatusCode.ShouldBe(HttpStatusCode.Created, await incident.Content.ReadAsStringAsync());
        (await reporter.Json(incident.Headers.Location!.ToString())).At("properties", "number").GetString().ShouldNotBeNullOrEmpty();
        var id = incident.Headers.Location!.ToString().Split('/')[^1];
        (await city.Scratch.Scalar<long>($"SELECT count(*) FROM incident_steps WHERE incident_id = {id}")).ShouldBe(1);
        await city.Scratch.Execute($"DELETE FROM incidents WHERE id = {id}");
    }

    [DatabaseFact]
    public async Task A_grids_name_and_figures_change_and_its_boundary_does_not()
    {
        var planner = await city.Server.As(Role.Planner);
        const string address = "/ogc/collections/grids/items/1";
        var before = await planner.Json(address);
        var (geometry, name) = (before.GetProperty("geometry").GetRawText(), before.At("properties", "name").GetString());
        var tag = (await planner.GetAsync(address)).Headers.ETag!.Tag;
        var put = await Send(planner, HttpMethod.Put, address, $$$"""{"type":"Feature","geometry":{{{geometry}}},"properties":{"name":"新名网格","net":"base","households":321}}""", ifMatch: tag);
        put.StatusCode.ShouldBe(HttpStatusCode.NoContent, await put.Content.ReadAsStringAsync());
        var after = await planner.Json(address);
        after.At("properties", "name").GetString().ShouldBe("新名网格");
        after.At("properties", "households").GetInt32().ShouldBe(321);
        after.At("properties", "residents").ValueKind.ShouldBe(JsonValueKind.Null, "a replacement has nothing left of what was not sent");
        after.At("properties", "code").GetString().ShouldBe(before.At("properties", "code").GetString());
        after.GetProperty("geometry").GetRawText().ShouldBe(geometry);
        (await Send(planner, HttpMethod.Patch, address, """{"properties":{"residents":900}}""", "application/merge-patch+json", tag)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Send(planner, HttpMethod.Patch, address, """{"properties":{"residents":900}}""", "application/merge-patch+json")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        after = await planner.Json(address);
        (after.At("properties", "residents").GetInt32(), after.At("properties", "households").GetInt32()).ShouldBe((900, 321));

        const string elsewhere = """{"type":"Polygon","coordinates":[[[119.951,31.781],[119.953,31.781],[119.953,31.783],[119.951,31.783],[119.951,31.781]]]}""";
        var moved = await Send(planner, HttpMethod.Patch, address, $$"""{"geometry":{{elsewhere}}}""", "application/merge-patch+json");
        moved.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        JsonDocument.Parse(await moved.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString().ShouldBe("grid.boundary-by-plan");
        var renumbered = await Send(planner, HttpMethod.Patch, address, """{"properties":{"code":"1","kind":"special","areaId":7}}""", "application/merge-patch+json");
        renumbered.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonSerializer.Deserialize<JsonElement>(await renumbered.Content.ReadAsStringAsync()).Fields().ShouldBe(["properties.kind", "properties.code", "properties.areaId"]);
        (await planner.Json(address)).GetProperty("geometry").GetRawText().ShouldBe(geometry);
        (await Send(planner, HttpMethod.Put, address, $$$"""{"type":"Feature","geometry":{{{geometry}}},"properties":{"name":"{{{name}}}","households":{{{before.At("properties", "households").GetRawText()}}},"residents":{{{before.At("properties", "residents").GetRawText()}}}}}"""))
            .StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [DatabaseFact]
    public async Task Options_and_refusals_say_what_is_allowed()
    {
        foreach (var (path, allow) in new[]
        {
            (Items, "GET, HEAD, OPTIONS, POST"), ($"{Items}?f=json", "GET, HEAD, OPTIONS, POST"), ($"{Items}/1", "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"), ("/ogc/collections/areas/items", "GET, HEAD, OPTIONS"),
            ("/ogc/collections/grids/items/1", "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"), ("/ogc/collections/incidents/items/1", "GET, HEAD, OPTIONS"),
        })
        {
            var options = await city.Anyone.SendAsync(new HttpRequestMessage(HttpMethod.Options, path));
            options.StatusCode.ShouldBe(HttpStatusCode.OK);
            options.Content.Headers.Allow.ShouldBe(allow.Split(", "), ignoreOrder: true);
        }
        var refused = await Send(await city.Server.As(Role.Administrator), HttpMethod.Put, "/ogc/collections/incidents/items/1", "{}");
        refused.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        refused.Content.Headers.Allow.ShouldBe(["GET", "HEAD", "OPTIONS"], ignoreOrder: true);
        (await Send(await city.Server.As(Role.Planner), HttpMethod.Post, Items, "<x/>", "application/xml")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await Send(await city.Server.As(Role.Planner), HttpMethod.Put, $"{Items}/1", "{}", "application/merge-patch+json")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [DatabaseFact]
    public async Task The_schema_of_what_is_sent_lists_what_may_be_set()
    {
        var create = await city.Anyone.Json("/ogc/collections/facilities/schema?type=create");
        create.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(["name", "type", "geometry"]);
        create.GetProperty("properties").TryGetProperty("gridId", out _).ShouldBeFalse();
        (await city.Anyone.Json("/ogc/collections/facilities/schema?type=update")).TryGetProperty("required", out _).ShouldBeFalse();
        // The description names the schemas that there are, and no others.
        var paths = (await city.Anyone.Json("/ogc/api")).GetProperty("paths");
        foreach (var (collection, types) in new[] { ("facilities", "create,replace,update"), ("incidents", "create"), ("areas", "") })
        {
            var described = paths.At($"/collections/{collection}/schema", "get", "parameters").EnumerateArray().Where(parameter => parameter.GetProperty("name").GetString() == "type")
                .SelectMany(parameter => parameter.At("schema", "enum").EnumerateArray()).Select(type => type.GetString()).ToList();
            string.Join(',', described).ShouldBe(types);
            foreach (var type in new[] { "create", "replace", "update" })
                (await city.Anyone.GetAsync($"/ogc/collections/{collection}/schema?type={type}")).StatusCode.ShouldBe(described.Contains(type) ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
        }
    }

    [DatabaseTheory]
    [InlineData("PATCH", "/ogc/collections/buildings/items/1", "{\"type\":\"Feature\",\"properties\":{\"floors\":3}}")]
    [InlineData("DELETE", "/ogc/collections/buildings/items/1", null)]
    public async Task A_condition_without_a_tag_is_none(string method, string path, string? body)
    {
        var response = await Send(await city.Server.As(Role.Planner), new HttpMethod(method), path, body, ifMatch: "");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).Fields().ShouldBe(["If-Match"]);
    }

    [DatabaseTheory] // RFC 9110 §13.1.1
    [InlineData("PATCH", "{\"type\":\"Feature\",\"properties\":{\"floors\":4}}")]
    [InlineData("DELETE", null)]
    public async Task A_weak_tag_never_lets_write(string method, string? body)
    {
        var planner = await city.Server.As(Role.Planner);
        var tag = (await planner.GetAsync("/ogc/collections/buildings/items/3")).Headers.ETag!.Tag;
        (await Send(planner, new HttpMethod(method), "/ogc/collections/buildings/items/3", body, ifMatch: $"W/{tag}")).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    private static string Building(double west, string name, int? floors = null)
    {
        var (w, e) = (west, Math.Round(west + 0.0001, 7));
        var properties = floors is { } storeys ? $"\"name\":\"{name}\",\"floors\":{storeys}" : $"\"name\":\"{name}\"";
        return FormattableString.Invariant($$$"""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[{{{w}}},31.775],[{{{e}}},31.775],[{{{e}}},31.7751],[{{{w}}},31.7751],[{{{w}}},31.775]]]},"properties":{{{{properties}}}}}""");
    }

    private static Task<HttpResponseMessage> Send(HttpClient client, HttpMethod method, string path, string? body, string type = "application/geo+json", string? ifMatch = null)
    {
        var request = Request(method, path, body, type);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? body, string type = "application/geo+json")
    {
        var request = new HttpRequestMessage(method, path);
        if (body is null) return request;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return request;
    }
}
