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
            grids.Min(grid => grid.GetProperty("households").GetDouble()).ShouldBe(first.GetProperty("leastHouseholds").GetDouble());
            grids.Max(grid => grid.GetProperty("households").GetDouble()).ShouldBe(first.GetProperty("mostHouseholds").GetDouble());
            var shapes = string.Join("), (", grids.Select(grid => $"ST_SetSRID(ST_GeomFromGeoJSON('{grid.GetProperty("geometry").GetRawText()}'), 4326)"));
            var draft = $"(SELECT row_number() OVER () AS id, geom FROM (VALUES ({shapes})) AS given (geom)) AS draft";
            (await town.Scratch.Scalar<bool>($"SELECT ST_Equals((SELECT ST_Union(geom) FROM {draft}), (SELECT geom FROM areas WHERE id = {area}))")).ShouldBeTrue();
            (await town.Scratch.Scalar<long>($"WITH draft AS (SELECT * FROM {draft}) SELECT count(*) FROM draft AS a JOIN draft AS b ON a.id < b.id WHERE NOT ST_Relate(a.geom, b.geom, 'F********')")).ShouldBe(0);
            await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/undo", null), 200);
        }
    }

    [DatabaseTheory]
    [InlineData("""{"areaId":1}""", "areaId")]
    [InlineData("""{"areaId":AREA,"keep":2}""", "keep")]
    [InlineData("""{"areaId":AREA,"colour":1}""", "field.unknown")]
    public async Task Wishes_are_read_strictly(string body, string named)
    {
        var area = await town.Community(0);
        var plan = (await town.Begin(area, "机器方案")).GetProperty("id").GetInt64();
        var content = new StringContent(body.Replace("AREA", $"{area}", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        (await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/proposals", content), 400)).GetRawText().ShouldContain(named);
    }
}
