using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Grids;

public sealed class GridTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task A_grid_shows_its_figures_as_PostGIS_measures_them()
    {
        var grid = await city.Anyone.GetFromJsonAsync<JsonElement>("/api/grids/5");
        grid.GetProperty("code").GetString().ShouldBe(SmallCity.GridCode(1, 1));
        grid.GetProperty("buildings").GetInt64().ShouldBe(5);
        var area = await city.Scratch.Scalar<double>("SELECT ST_Area(geom::geography) FROM grids WHERE id = 5");
        grid.GetProperty("areaSquareMetres").GetDouble().ShouldBe(area, 1e-6);
        grid.GetProperty("geometry").GetProperty("type").GetString().ShouldBe("MultiPolygon");
        (await city.Anyone.GetAsync("/api/grids/999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [DatabaseTheory]
    [InlineData(20)] // special
    [InlineData(31)] // of the police
    [InlineData(11)] // of a time before
    public async Task Of_any_other_boundary_is_told_what_lies_in_it(long id)
    {
        var grid = await city.Anyone.GetFromJsonAsync<JsonElement>($"/api/grids/{id}");
        grid.GetProperty("buildings").GetInt64().ShouldBe(await city.Scratch.Scalar<long>($"SELECT count(*) FROM buildings JOIN grids ON ST_Intersects(centre, grids.geom) WHERE grids.id = {id}"));
        grid.GetProperty("incidents12Months").GetInt64().ShouldBe(await city.Scratch.Scalar<long>(
            $"SELECT count(*) FROM incidents JOIN grids ON ST_Intersects(incidents.geom, grids.geom) WHERE grids.id = {id} AND reported_at > now() - interval '12 months'"));
        grid.GetProperty("buildings").GetInt64().ShouldBeGreaterThan(0);
    }

    [DatabaseFact]
    public async Task A_boundary_over_existing_grids_is_refused_with_every_overlap_and_nothing_is_written()
    {
        var before = await city.Scratch.Scalar<long>("SELECT count(*) FROM grids WHERE name = '重叠'");
        var response = await Post(Square(119.9405, 31.7705, 0.0150), "base", name: "重叠");
        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("grid.faults");
        var faults = problem.GetProperty("faults").EnumerateArray().ToList();
        faults.Count(fault => fault.GetProperty("code").GetString() == "grid.overlap").ShouldBe(4);
        faults.ShouldContain(fault => fault.GetProperty("code").GetString() == "grid.outside-area");
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM grids WHERE name = '重叠'")).ShouldBe(before);
    }

    [DatabaseFact]
    public async Task A_special_grid_may_lie_over_base_grids_gets_the_next_code_and_is_attributed()
    {
        var response = await Post(Square(119.9520, 31.7820, 0.0020), "special");
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var grid = await response.Content.ReadFromJsonAsync<JsonElement>();
        grid.GetProperty("code").GetString()!.ShouldStartWith(SmallCity.CommunityCode(1));
        grid.GetProperty("code").GetString()!.Length.ShouldBe(15);
        (await city.Scratch.Scalar<string>($"SELECT actor FROM changes WHERE table_name = 'grids' AND row_id = {grid.GetProperty("id").GetInt64()}"))!.ShouldStartWith("Planner");
        (await city.Anyone.GetAsync(response.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [DatabaseFact]
    public async Task A_dry_run_answers_with_faults_and_figures_and_writes_nothing()
    {
        var response = await Post(Square(119.941, 31.771, 0.002), "special", "?dryRun=true", name: "试算");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var check = await response.Content.ReadFromJsonAsync<JsonElement>();
        check.GetProperty("ok").GetBoolean().ShouldBeTrue();
        check.GetProperty("buildings").GetInt64().ShouldBe(1);
        check.GetProperty("households").GetInt64().ShouldBe(10);
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM grids WHERE name = '试算'")).ShouldBe(0);
    }

    [DatabaseTheory]
    [InlineData("""{"type":"Polygon","coordinates":[[[119.95,31.78],[119.96,31.79],[119.96,31.78],[119.95,31.79],[119.95,31.78]]]}""", "special", 409, "grid.invalid")]
    [InlineData("""{"type":"Polygon","coordinates":[[[119.95,31.78],[119.96,31.79],[119.96,31.78]]]}""", "special", 400, "geometry.")]
    [InlineData("""{"type":"Point","coordinates":[119.95,31.78]}""", "special", 400, "geometry.type-not-allowed")]
    [InlineData("""{"type":"Polygon","coordinates":[[[219.95,31.78],[119.96,31.79],[119.96,31.78],[219.95,31.78]]]}""", "special", 400, "geometry.out-of-range")]
    [InlineData("""{"type":"Polygon","coordinates":[[[100,20],[100.001,20],[100.001,20.001],[100,20]]]}""", "base", 409, "grid.outside-area")]
    public async Task Bad_boundaries_are_refused_by_name(string geometry, string kind, int status, string code)
    {
        var response = await Post(geometry, kind);
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldContain(code);
    }

    [DatabaseFact]
    public async Task Drawing_needs_a_planner_and_a_key_for_the_area()
    {
        var geometry = Square(119.9520, 31.7860, 0.0011);
        (await Send(city.Anyone, geometry, "special")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Send(await city.Server.As(Role.Operator), geometry, "special")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(await city.Server.As(Role.Planner, SmallCity.Street2Id), geometry, "special")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(await city.Server.As(Role.Planner, SmallCity.Street1Id), geometry, "special")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [DatabaseFact]
    public async Task Two_planners_cannot_both_save_the_same_place()
    {
        await city.Scratch.Execute("INSERT INTO nets (code, name) VALUES ('race', '竞')");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Post(Square(119.943, 31.776, 0.002), "base", net: "race")));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(5);
    }

    private async Task<HttpResponseMessage> Post(string geometry, string kind, string query = "", string net = "base", string name = "画的网格") =>
        await Send(await city.Server.As(Role.Planner), geometry, kind, query, net, name);

    private static Task<HttpResponseMessage> Send(HttpClient client, string geometry, string kind, string query = "", string net = "base", string name = "画的网格") =>
        client.PostAsync("/api/grids" + query, new StringContent(
            $$$"""{"type":"Feature","geometry":{{{geometry}}},"properties":{"name":"{{{name}}}","net":"{{{net}}}","kind":"{{{kind}}}"}}""", System.Text.Encoding.UTF8, "application/geo+json"));

    private static string Square(double west, double south, double size) => FormattableString.Invariant(
        $"{{\"type\":\"Polygon\",\"coordinates\":[[[{west},{south}],[{west + size},{south}],[{west + size},{south + size}],[{west},{south + size}],[{west},{south}]]]}}");
}
