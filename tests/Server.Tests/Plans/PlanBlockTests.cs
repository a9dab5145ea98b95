using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class PlanBlockTests(PlanTown town) : IClassFixture<PlanTown>
{
    private static long Id(JsonElement plan) => plan.GetProperty("id").GetInt64();

    private async Task<List<JsonElement>> Blocks(long plan, long area) =>
        [.. (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/blocks?areaId={area}")).GetProperty("items").EnumerateArray()];

    private static string Geometry(JsonElement block) => $"ST_SetSRID(ST_GeomFromGeoJSON('{block.GetProperty("geometry").GetRawText()}'), 4326)";

    [DatabaseFact]
    public async Task Blocks_tile_the_grids_and_no_building_reaches_out_of_one()
    {
        var area = await town.Community(0);
        var plan = Id(await town.Begin(area));
        var grids = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToList();
        var blocks = await Blocks(plan, area);
        blocks.Count.ShouldBeGreaterThan(grids.Count);
        blocks.Sum(block => block.GetProperty("areaSquareMetres").GetDouble()).ShouldBe(grids.Sum(grid => grid.GetProperty("areaSquareMetres").GetDouble()), 0.001 * grids.Sum(grid => grid.GetProperty("areaSquareMetres").GetDouble()));
        blocks.Sum(block => block.GetProperty("households").GetDouble()).ShouldBe(grids.Sum(grid => grid.GetProperty("households").GetDouble()));
        var all = string.Join(", ", blocks.Select(Geometry));
        // Borders are cut at crossings, whose places are rounded to the lattice: a square decimetre of a building may lie beyond.
        (await town.Scratch.Scalar<long>($"""
            SELECT count(*) FROM unnest(ARRAY[{all}]) AS block JOIN buildings ON ST_Intersects(centre, block) WHERE ST_Area(ST_Difference(buildings.geom, block)::geography) > 0.1
            """)).ShouldBe(0);
    }

    [DatabaseFact]
    public async Task A_block_and_a_building_s_block_go_to_the_grid_beside_them_whole()
    {
        var area = await town.Community(0);
        var plan = Id(await town.Begin(area));
        var keys = (await town.Grids(plan)).GetProperty("items").EnumerateArray().Select(grid => grid.GetProperty("key").GetString()!).ToList();
        foreach (var block in (await Blocks(plan, area)).Where(block => block.GetProperty("households").GetDouble() > 0))
        {
            var from = block.GetProperty("grid").GetString()!;
            // Wholly of one grid, so that all of it goes over.
            if (!await town.Scratch.Scalar<bool>($"SELECT EXISTS (SELECT FROM grids WHERE code = '{from}' AND valid_to = 'infinity' AND ST_Area(ST_Difference({Geometry(block)}, geom)::geography) < 1)")) continue;
            var place = await town.Scratch.Scalar<string>($"SELECT ST_X(p) || ',' || ST_Y(p) FROM ST_PointOnSurface({Geometry(block)}) AS p");
            foreach (var to in keys.Where(key => key != from))
            {
                var tried = await town.Edit(plan, $$"""{"type":"transfer","to":"{{to}}","places":[[{{place}}]]}""", query: "?dryRun=true");
                if (!tried.IsSuccessStatusCode) continue;
                var edited = await PlanTown.Json(tried, 200);
                var before = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToDictionary(grid => grid.GetProperty("key").GetString()!, grid => grid.GetProperty("households").GetDouble());
                var touched = edited.GetProperty("touched").EnumerateArray().ToDictionary(grid => grid.GetProperty("key").GetString()!, grid => grid.GetProperty("households").GetDouble());
                (touched[to] - before[to]).ShouldBe(block.GetProperty("households").GetDouble());
                edited.GetProperty("faults").EnumerateArray().ShouldNotContain(fault => fault.GetProperty("code").GetString()!.Contains("cuts"));
                var building = await town.Scratch.Scalar<long>($"SELECT id FROM buildings WHERE households > 0 AND ST_Intersects(centre, {Geometry(block)}) ORDER BY id LIMIT 1");
                var again = await PlanTown.Json(await town.Edit(plan, $$"""{"type":"transfer","to":"{{to}}","buildings":[{{building}}]}"""), 200);
                again.GetProperty("touched").GetRawText().ShouldBe(edited.GetProperty("touched").GetRawText());
                return;
            }
        }
        throw new InvalidOperationException("no block lies beside another grid");
    }

    [DatabaseTheory]
    [InlineData("\"places\":[]", "places")]
    [InlineData("\"places\":[[999,1]]", "places[0]")]
    [InlineData("\"places\":[[1,1]]", "places[0]")]
    [InlineData("\"buildings\":[987654321]", "buildings[0]")]
    [InlineData("\"places\":[[1,1]],\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}", "geometry")]
    public async Task Blocks_that_are_nowhere_are_refused_by_field(string fields, string named)
    {
        var plan = Id(await town.Begin(await town.Community(0)));
        var key = (await town.Grids(plan)).GetProperty("items")[0].GetProperty("key").GetString();
        var problem = await PlanTown.Json(await town.Edit(plan, $$"""{"type":"transfer","to":"{{key}}",{{fields}}}"""), 400);
        problem.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(named);
    }
}
