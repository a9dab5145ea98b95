using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class PlanTests(PlanTown town) : IClassFixture<PlanTown>
{
    private static long Id(JsonElement plan) => plan.GetProperty("id").GetInt64();

    private static string[] Keys(JsonElement edited) => [.. edited.GetProperty("touched").EnumerateArray().Select(grid => grid.GetProperty("key").GetString()!)];

    [DatabaseFact]
    public async Task An_edit_shows_its_consequences_as_PostGIS_counts_them_and_is_undone_exactly()
    {
        var plan = Id(await town.Begin(await town.Community(0)));
        var before = (await town.Grids(plan)).GetProperty("items").GetRawText();
        var edited = await town.SplitSome(plan);
        edited.GetProperty("version").GetInt32().ShouldBe(2);
        Keys(edited).Length.ShouldBeGreaterThanOrEqualTo(2);
        Keys(edited).ShouldContain(key => key.StartsWith('#'));
        foreach (var grid in edited.GetProperty("touched").EnumerateArray())
        {
            var geometry = $"ST_SetSRID(ST_GeomFromGeoJSON('{grid.GetProperty("geometry").GetRawText()}'), 4326)";
            (await town.Scratch.Scalar<long>($"SELECT coalesce(sum(households), 0)::bigint FROM buildings WHERE ST_Intersects(centre, {geometry})")).ShouldBe(grid.GetProperty("households").GetInt64());
            (await town.Scratch.Scalar<long>($"SELECT count(*) FROM buildings WHERE ST_Intersects(centre, {geometry})")).ShouldBe(grid.GetProperty("buildings").GetInt64());
            (await town.Scratch.Scalar<long>($"SELECT count(*) FROM incidents WHERE ST_Intersects(geom, {geometry}) AND reported_at > now() - interval '12 months'")).ShouldBe(grid.GetProperty("incidents12Months").GetInt64());
            (await town.Scratch.Scalar<double>($"SELECT ST_Area({geometry}::geography)")).ShouldBe(grid.GetProperty("areaSquareMetres").GetDouble(), 1e-3);
            (await town.Scratch.Scalar<bool>($"SELECT ST_IsValid({geometry})")).ShouldBeTrue();
        }
        var undone = await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/undo", null), 200);
        undone.GetProperty("gone").EnumerateArray().ShouldNotBeEmpty();
        (await town.Grids(plan)).GetProperty("items").GetRawText().ShouldBe(before);
        (await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/undo", null), 409)).GetProperty("code").GetString().ShouldBe("plan.nothing-to-undo");
        await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/redo", null), 200);
        (await town.Grids(plan)).GetProperty("items").GetArrayLength().ShouldBeGreaterThan(JsonDocument.Parse(before).RootElement.GetArrayLength());
        var whole = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}");
        whole.GetProperty("steps")[0].GetProperty("name").GetString().ShouldBe("切开");
        whole.GetProperty("plan").GetProperty("version").GetInt32().ShouldBe(4);
    }

    [DatabaseFact]
    public async Task A_dry_run_answers_the_same_and_changes_nothing()
    {
        var plan = Id(await town.Begin(await town.Community(0)));
        var key = (await town.Grids(plan)).GetProperty("items")[0].GetProperty("key").GetString();
        var neighbours = (await town.Grids(plan)).GetProperty("items").EnumerateArray().Skip(1).Select(grid => grid.GetProperty("key").GetString());
        foreach (var other in neighbours)
        {
            var command = $$"""{"type":"merge","grids":["{{key}}","{{other}}"]}""";
            var response = await town.Edit(plan, command, query: "?dryRun=true");
            if (!response.IsSuccessStatusCode) continue;
            var tried = await PlanTown.Json(response, 200);
            (tried.GetProperty("dryRun").GetBoolean(), tried.GetProperty("version").GetInt32()).ShouldBe((true, 1));
            (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}")).GetProperty("steps").GetArrayLength().ShouldBe(0);
            var made = await PlanTown.Json(await town.Edit(plan, command), 200);
            made.GetProperty("touched").GetRawText().ShouldBe(tried.GetProperty("touched").GetRawText());
            made.GetProperty("gone")[0].GetString().ShouldBe(other);
            return;
        }
        Assert.Fail("the first grid has no neighbour");
    }

    [DatabaseFact]
    public async Task Of_two_editors_with_one_version_exactly_one_wins()
    {
        var plan = Id(await town.Begin(await town.Community(1)));
        var key = (await town.Grids(plan)).GetProperty("items")[0].GetProperty("key").GetString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => town.Edit(plan, $$"""{"type":"rename","grids":["{{key}}"],"name":"第{{i}}名"}""", version: 1)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(5);
        answers.Single(answer => answer.StatusCode == HttpStatusCode.OK).Headers.ETag!.Tag.ShouldBe("\"2\"");
    }

    [DatabaseFact]
    public async Task A_street_stays_a_partition_through_a_hundred_edits_by_PostGIS_s_word()
    {
        var street = await town.Street();
        var plan = Id(await town.Begin(street));
        var random = new Random(5);
        var done = 0;
        for (var i = 0; i < 140 && done < 60; i++)
        {
            var grids = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToArray();
            var grid = grids[random.Next(grids.Length)];
            var ring = grid.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Select(at => (Lon: at[0].GetDouble(), Lat: at[1].GetDouble())).ToArray();
            var at = ring[random.Next(ring.Length)];
            double dx = (random.NextDouble() - 0.5) * 4e-4, dy = (random.NextDouble() - 0.5) * 4e-4;
            FormattableString command = random.Next(4) switch
            {
                0 => $$"""{"type":"move-vertex","at":[{{at.Lon}},{{at.Lat}}],"target":[{{at.Lon + dx}},{{at.Lat + dy}}]}""",
                1 => $$"""{"type":"insert-vertex","at":[{{at.Lon + dx / 4}},{{at.Lat + dy / 4}}],"reachMetres":30}""",
                2 => $$$"""{"type":"transfer","to":"{{{grid.GetProperty("key").GetString()}}}","geometry":{"type":"Polygon","coordinates":[[[{{{at.Lon - 2e-4}}},{{{at.Lat - 2e-4}}}],[{{{at.Lon + 2e-4}}},{{{at.Lat - 2e-4}}}],[{{{at.Lon}}},{{{at.Lat + 3e-4}}}],[{{{at.Lon - 2e-4}}},{{{at.Lat - 2e-4}}}]]]}}""",
                _ => $$"""{"type":"simplify","grids":["{{grid.GetProperty("key").GetString()}}"],"toleranceSquareMetres":{{5 + random.Next(50)}}}""",
            };
            var response = await town.Edit(plan, FormattableString.Invariant(command));
            ((int)response.StatusCode).ShouldBeOneOf(200, 409);
            if (response.IsSuccessStatusCode) done++;
        }
        done.ShouldBeGreaterThan(30);
        var all = (await town.Grids(plan)).GetProperty("items").EnumerateArray().Select(grid => $"ST_SetSRID(ST_GeomFromGeoJSON('{grid.GetProperty("geometry").GetRawText()}'), 4326)").ToArray();
        var draft = $"(SELECT row_number() OVER () AS id, geom FROM (VALUES ({string.Join("), (", all)})) AS given (geom)) AS draft";
        (await town.Scratch.Scalar<long>($"SELECT count(*) FROM {draft} WHERE NOT ST_IsValid(geom)")).ShouldBe(0);
        (await town.Scratch.Scalar<bool>($"SELECT ST_Equals((SELECT ST_Union(geom) FROM {draft}), (SELECT geom FROM areas WHERE id = {street}))")).ShouldBeTrue();
        (await town.Scratch.Scalar<long>($"WITH draft AS (SELECT * FROM {draft}) SELECT count(*) FROM draft AS a JOIN draft AS b ON a.id < b.id AND a.geom && b.geom WHERE NOT ST_Relate(a.geom, b.geom, 'F********')")).ShouldBe(0);
        // Opened anew from its steps, the draft is the same.
        var before = (await town.Grids(plan)).GetProperty("items").GetRawText();
        town.Server.Service<Server.Plans.PlanDesk>().Forget(plan);
        (await town.Grids(plan)).GetProperty("items").GetRawText().ShouldBe(before);
    }

    [DatabaseTheory]
    [InlineData("""{"type":"explode"}""", 400, "type")]
    [InlineData("""{"type":"split","grids":["nowhere"],"geometry":{"type":"LineString","coordinates":[[119.9,31.7],[119.91,31.7]]}}""", 400, "grids[0]")]
    [InlineData("""{"type":"split","grids":["KEY"]}""", 400, "geometry")]
    [InlineData("""{"type":"split","grids":["KEY"],"geometry":{"type":"Polygon","coordinates":[[[119.9,31.7],[119.91,31.7],[119.91,31.71],[119.9,31.7]]]}}""", 400, "geometry.type-not-allowed")]
    [InlineData("""{"type":"split","grids":["KEY"],"geometry":{"type":"LineString","coordinates":[[1,1],[2,2]]}}""", 409, "edit.off-the-map")]
    [InlineData("""{"type":"move-vertex","at":[500,0],"target":[1,1]}""", 400, "at")]
    [InlineData("""{"type":"move-vertex","at":[119.9,31.7],"target":[119.9001,31.7]}""", 409, "edit.no-vertex-here")]
    [InlineData("""{"type":"merge","grids":["KEY"]}""", 400, "grids")]
    [InlineData("""{"type":"merge","grids":["KEY","KEY"]}""", 409, "edit.nothing-changes")]
    [InlineData("""{"type":"simplify","grids":["KEY"],"toleranceSquareMetres":-1}""", 400, "toleranceSquareMetres")]
    [InlineData("""{"type":"rename","grids":["KEY"],"name":""}""", 400, "name")]
    [InlineData("""{"type":"rename","grids":["KEY"],"colour":"red"}""", 400, "field.unknown")]
    [InlineData("""{"type":"transfer","to":"KEY","geometry":{"type":"Polygon","coordinates":[[[119.95,31.78],[119.96,31.79],[119.96,31.78],[119.95,31.795],[119.95,31.78]]]}}""", 409, "edit.")]
    public async Task Bad_edits_are_refused_by_name_and_leave_the_version(string command, int status, string named)
    {
        var plan = Id(await town.Begin(await town.Community(2)));
        var key = (await town.Grids(plan)).GetProperty("items")[0].GetProperty("key").GetString();
        var response = await town.Edit(plan, command.Replace("KEY", key, StringComparison.Ordinal));
        var text = (await PlanTown.Json(response, status)).GetRawText();
        text.ShouldContain(named);
        (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}")).GetProperty("plan").GetProperty("version").GetInt32().ShouldBe(1);
    }

    [DatabaseFact]
    public async Task Several_grids_together_within_another_are_an_enclave_as_one_alone_is()
    {
        var plan = Id(await town.Begin(await town.Community(1)));
        var grid = (await town.Grids(plan)).GetProperty("items").EnumerateArray().MaxBy(each => each.GetProperty("areaSquareMetres").GetDouble());
        var box = grid.GetProperty("bbox").EnumerateArray().Select(number => number.GetDouble()).ToArray();
        double x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2;
        string At(double dx, double dy) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[{x + dx:F7},{y + dy:F7}]");
        string Corners(params string[] corners) => string.Join(',', corners);
        var island = await PlanTown.Json(await town.Edit(plan, $$$"""{"type":"draw","geometry":{"type":"Polygon","coordinates":[[{{{Corners(At(-1e-4, -1e-4), At(1e-4, -1e-4), At(1e-4, 1e-4), At(-1e-4, 1e-4), At(-1e-4, -1e-4))}}}]]}}"""), 200);
        var first = Keys(island).Single(key => key.StartsWith('#'));
        var outer = Keys(island).Single(key => key != first);
        static IEnumerable<string> Enclaves(JsonElement answer) => answer.GetProperty("faults").EnumerateArray().Where(fault => fault.GetProperty("code").GetString() == "grid.enclave")
            .Select(fault => string.Join(' ', fault.GetProperty("grids").EnumerateArray().Select(key => key.GetString())));
        Enclaves(island).ShouldBe([$"{first} {outer}"]);
        var halves = await PlanTown.Json(await town.Edit(plan, $$$"""{"type":"split","grids":["{{{first}}}"],"geometry":{"type":"LineString","coordinates":[{{{At(0, -2e-4)}}},{{{At(0, 2e-4)}}}]}}"""), 200);
        var second = Keys(halves).Single(key => key.StartsWith('#') && key != first);
        Enclaves(halves).ShouldBe([$"{first} {second} {outer}"]);
        Enclaves(await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/check")).ShouldBe([$"{first} {second} {outer}"]);
    }

    [DatabaseFact]
    public async Task A_border_drawn_over_itself_is_refused_for_what_it_is()
    {
        var plan = Id(await town.Begin(await town.Community(2)));
        var edges = (await town.Grids(plan)).GetProperty("items").EnumerateArray().SelectMany(grid =>
        {
            var ring = grid.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Select(at => at.GetRawText()).ToArray();
            return ring.Zip(ring.Skip(1), (from, to) => (Key: grid.GetProperty("key").GetString(), From: from, To: to));
        }).ToArray();
        var sides = edges.ToDictionary(edge => (edge.From, edge.To), edge => edge.Key);
        var (one, start, end) = edges.First(edge => sides.ContainsKey((edge.To, edge.From)));
        var text = (await PlanTown.Json(await town.Edit(plan, $$$"""{"type":"reshape","grids":["{{{one}}}","{{{sides[(end, start)]}}}"],"geometry":{"type":"LineString","coordinates":[{{{start}}},{{{end}}}]}}"""), 409)).GetRawText();
        text.ShouldContain("edit.line-along-border");
    }

    [DatabaseFact]
    public async Task Planning_needs_a_planner_for_the_area()
    {
        var community = await town.Community(0);
        var elsewhere = await town.Server.As(Role.Planner, await town.Community(1));
        (await town.Server.Anyone.PostAsJsonAsync("/api/plans", new { name = "无", areaId = community })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await town.Server.As(Role.Operator)).PostAsJsonAsync("/api/plans", new { name = "无", areaId = community })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await elsewhere.PostAsJsonAsync("/api/plans", new { name = "无", areaId = community })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var plan = Id(await town.Begin(community));
        (await town.Edit(plan, """{"type":"rename","grids":["x"],"name":"x"}""", client: elsewhere)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await elsewhere.DeleteAsync($"/api/plans/{plan}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await town.Planner.DeleteAsync($"/api/plans/{plan}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await town.Planner.DeleteAsync($"/api/plans/{plan}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await town.Planner.GetAsync("/api/plans/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await town.Server.Anyone.GetFromJsonAsync<JsonElement>("/api/plans?status=withdrawn")).GetProperty("items").EnumerateArray().ShouldContain(item => item.GetProperty("id").GetInt64() == plan);
    }
}
