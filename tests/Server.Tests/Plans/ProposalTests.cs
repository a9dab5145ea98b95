using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class ProposalTests(PlanTown town) : IClassFixture<PlanTown>
{
    [DatabaseFact]
    public async Task The_machine_s_grids_are_a_partition_along_streets_that_cuts_no_building()
    {
        for (var rank = 0; rank < 3; rank++)
        {
            var area = await town.Community(rank);
            var plan = (await town.Begin(area, "机器方案")).GetProperty("id").GetInt64();
            var wishes = new { areaId = area, seed = 3 };
            var proposals = (await PlanTown.Json(await town.Planner.PostAsJsonAsync($"/api/plans/{plan}/proposals", wishes), 200)).GetProperty("proposals").GetRawText();
            // The same wishes, the same proposals; and nothing has changed.
            (await PlanTown.Json(await town.Planner.PostAsJsonAsync($"/api/plans/{plan}/proposals", wishes), 200)).GetProperty("proposals").GetRawText().ShouldBe(proposals);
            var first = JsonDocument.Parse(proposals).RootElement[0];
            first.GetProperty("possible").GetBoolean().ShouldBeTrue();
            first.GetProperty("notContiguous").GetInt32().ShouldBe(0);
            first.GetProperty("onStreets").GetDouble().ShouldBeGreaterThanOrEqualTo(0.99);

            var made = await PlanTown.Json(await town.Edit(plan, $$"""{"type":"delineate","areaId":{{area}},"seed":3}""", version: 1), 200);
            made.GetProperty("faults").EnumerateArray().ShouldNotContain(fault => fault.GetProperty("code").GetString() == "grid.cuts-building");
            var grids = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToArray();
            grids.Length.ShouldBe(first.GetProperty("grids").GetInt32());
            grids.Min(grid => grid.GetProperty("households").GetDouble()).ShouldBe(first.GetProperty("leastSize").GetDouble());
            grids.Max(grid => grid.GetProperty("households").GetDouble()).ShouldBe(first.GetProperty("mostSize").GetDouble());
            var shapes = string.Join("), (", grids.Select(grid => $"ST_SetSRID(ST_GeomFromGeoJSON('{grid.GetProperty("geometry").GetRawText()}'), 4326)"));
            var draft = $"(SELECT row_number() OVER () AS id, geom FROM (VALUES ({shapes})) AS given (geom)) AS draft";
            (await town.Scratch.Scalar<bool>($"SELECT ST_Equals((SELECT ST_Union(geom) FROM {draft}), (SELECT geom FROM areas WHERE id = {area}))")).ShouldBeTrue();
            (await town.Scratch.Scalar<long>($"WITH draft AS (SELECT * FROM {draft}) SELECT count(*) FROM draft AS a JOIN draft AS b ON a.id < b.id WHERE NOT ST_Relate(a.geom, b.geom, 'F********')")).ShouldBe(0);
            await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/undo", null), 200);
        }
    }

    [DatabaseTheory]
    [InlineData("""{"areaId":999999}""", "areaId")]
    [InlineData("""{"areaId":AREA,"keep":2}""", "keep")]
    [InlineData("""{"areaId":AREA,"colour":1}""", "field.unknown")]
    [InlineData("""{"areaId":AREA,"weights":{"residents":1}}""", "least")]
    [InlineData("""{"areaId":AREA,"weights":{"residents":-1},"least":1,"most":2}""", "weights")]
    [InlineData("""{"areaId":AREA,"least":400,"most":300}""", "most")]
    public async Task Wishes_are_read_strictly(string body, string named)
    {
        var area = await town.Community(0);
        var plan = (await town.Begin(area, "机器方案")).GetProperty("id").GetInt64();
        var content = new StringContent(body.Replace("AREA", $"{area}", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        (await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/proposals", content), 400)).GetRawText().ShouldContain(named);
    }

    [DatabaseFact]
    public async Task A_whole_street_is_one_edit_that_can_be_watched_as_a_job()
    {
        var street = await town.Street();
        var plan = (await town.Begin(street, "全街道")).GetProperty("id").GetInt64();
        var asked = new HttpRequestMessage(HttpMethod.Post, $"/api/plans/{plan}/proposals") { Content = JsonContent.Create(new { areaId = street }) };
        asked.Headers.Add("Prefer", "respond-async");
        var started = await town.Planner.SendAsync(asked);
        var job = await PlanTown.Json(started, 201);
        started.Headers.Location!.ToString().ShouldBe($"/ogc/jobs/{job.GetProperty("jobID").GetString()}");
        JsonElement state;
        do
        {
            await Task.Delay(100);
            state = await PlanTown.Json(await town.Planner.GetAsync($"{started.Headers.Location}?f=json"), 200);
        }
        while (state.GetProperty("status").GetString() is "accepted" or "running");
        state.GetProperty("progress").GetInt32().ShouldBe(100);
        var answer = await PlanTown.Json(await town.Planner.GetAsync($"{started.Headers.Location}/results"), 200);
        answer.GetProperty("areas").GetInt32().ShouldBeGreaterThan(1);
        var proposal = answer.GetProperty("proposals").EnumerateArray().ShouldHaveSingleItem();
        proposal.GetProperty("possible").GetBoolean().ShouldBeTrue();
        proposal.GetProperty("notContiguous").GetInt32().ShouldBe(0);

        await PlanTown.Json(await town.Edit(plan, $$"""{"type":"delineate","areaId":{{street}}}""", version: 1), 200);
        var grids = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToArray();
        grids.Length.ShouldBe(proposal.GetProperty("grids").GetInt32());
        // Every grid outside the band has its reason.
        var outside = proposal.GetProperty("outside").EnumerateArray().ToArray();
        grids.Count(grid => grid.GetProperty("mesh").GetString() != "in-band").ShouldBe(outside.Length);
        outside.ShouldAllBe(grid => grid.GetProperty("reason").GetString()!.StartsWith("grid."));
        ((double)outside.Length / grids.Length).ShouldBeLessThanOrEqualTo(1 - proposal.GetProperty("shareInBand").GetDouble() + 1e-9);
        var check = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/check");
        check.GetProperty("faults").EnumerateArray().ShouldNotContain(fault => fault.GetProperty("severity").GetString() == "blocking");
        check.GetProperty("faults").EnumerateArray().Count(fault => fault.GetProperty("code").GetString() == "grid.cuts-compound").ShouldBe(proposal.GetProperty("compoundsDivided").GetInt32());
        await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/undo", null), 200);
    }

    [DatabaseFact]
    public async Task Anything_can_be_evened_out_and_single_moves_are_edits()
    {
        var area = await town.Community(1);
        var plan = (await town.Begin(area, "按人口")).GetProperty("id").GetInt64();
        var residents = (await town.Grids(plan)).GetProperty("items").EnumerateArray().Sum(grid => grid.GetProperty("residents").GetInt64());
        foreach (var (weights, total) in new[] { ("""{"residents":1}""", (double)residents), ("""{"hectares":1}""", await town.Scratch.Scalar<double>($"SELECT ST_Area(geom::geography) / 1e4 FROM areas WHERE id = {area}")) })
        {
            var body = new StringContent($$"""{"areaId":{{area}},"weights":{{weights}},"least":{{(int)(total / 6)}},"most":{{(int)(total / 3)}}}""", System.Text.Encoding.UTF8, "application/json");
            var best = (await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/proposals", body), 200)).GetProperty("proposals")[0];
            best.GetProperty("shareInBand").GetDouble().ShouldBe(1, weights);
            best.GetProperty("leastSize").GetDouble().ShouldBeGreaterThanOrEqualTo((int)(total / 6));
        }

        var moves = (await PlanTown.Json(await town.Planner.PostAsJsonAsync($"/api/plans/{plan}/improvements", new { areaId = area }), 200)).GetProperty("moves").EnumerateArray().ToArray();
        moves.ShouldNotBeEmpty();
        moves.Select(move => move.GetProperty("gain").GetDouble()).ShouldBeInOrder(SortDirection.Descending);
        var first = moves[0];
        var edited = await PlanTown.Json(await town.Edit(plan, $$"""{"type":"transfer","to":"{{first.GetProperty("to").GetString()}}","geometry":{{first.GetProperty("geometry").GetRawText()}}}"""), 200);
        edited.GetProperty("touched").EnumerateArray().Single(grid => grid.GetProperty("key").GetString() == first.GetProperty("to").GetString())
            .GetProperty("households").GetDouble().ShouldBe(first.GetProperty("toAfter").GetDouble());
    }
}
