using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class PlanNetTests(PlanTown town) : IClassFixture<PlanTown>
{
    private async Task<JsonElement> Held(long plan, string net) => await PlanTown.Json(await town.Planner.GetAsync($"/api/plans/{plan}/nets?net={net}"), 200);

    [DatabaseFact]
    public async Task Shares_of_another_net_are_what_sql_counts()
    {
        var street = await town.Street();
        var plan = (await town.Begin(street, "对照")).GetProperty("id").GetInt64();
        foreach (var net in new[] { "police", "volunteer" })
        {
            var held = await Held(plan, net);
            var shares = held.GetProperty("shares").EnumerateArray().ToArray();
            shares.ShouldNotBeEmpty();
            foreach (var share in shares.Take(25))
            {
                var pair = $"""
                    FROM grids AS a JOIN nets AS na ON na.id = a.net_id AND na.code = '{net}', grids AS b JOIN nets AS nb ON nb.id = b.net_id AND nb.code = 'base'
                    WHERE a.code = '{share.GetProperty("from").GetString()}' AND b.code = '{share.GetProperty("to").GetString()}' AND a.valid_to = 'infinity' AND b.valid_to = 'infinity'
                    """;
                share.GetProperty("areaSquareMetres").GetDouble().ShouldBe(await town.Scratch.Scalar<double>($"SELECT ST_Area(ST_Intersection(a.geom, b.geom)::geography) {pair}"), 0.5);
                // Shares are of areas in the city's plane; a tenth of a per cent covers its scale.
                share.GetProperty("shareOfFrom").GetDouble().ShouldBe(await town.Scratch.Scalar<double>($"SELECT ST_Area(ST_Intersection(a.geom, b.geom)::geography) / ST_Area(a.geom::geography) {pair}"), 1e-3);
                share.GetProperty("households").GetInt64().ShouldBe(await town.Scratch.Scalar<long>($"SELECT coalesce((SELECT sum(households) FROM buildings WHERE ST_Intersects(centre, ST_Intersection(a.geom, b.geom))), 0)::bigint {pair}"));
            }
            // Of every net all land in the street is somebody's.
            shares.Sum(share => share.GetProperty("areaSquareMetres").GetDouble()).ShouldBe(await town.Scratch.Scalar<double>($"""
                SELECT sum(ST_Area(ST_Intersection(grids.geom, areas.geom)::geography)) FROM grids JOIN nets ON nets.id = net_id AND nets.code = '{net}' JOIN areas ON areas.id = {street}
                WHERE valid_to = 'infinity' AND ST_Intersects(grids.geom, areas.geom)
                """), 5);
            held.GetProperty("alongMetres").GetDouble().ShouldBeLessThanOrEqualTo(held.GetProperty("borderMetres").GetDouble());
        }
        await PlanTown.Json(await town.Planner.GetAsync($"/api/plans/{plan}/nets?net=nowhere"), 400);
        await PlanTown.Json(await town.Planner.GetAsync($"/api/plans/{plan}/nets"), 400);
    }

    [DatabaseFact]
    public async Task Three_nets_become_one_along_their_own_borders()
    {
        var area = await town.Community(0);
        var plan = (await town.Begin(area, "三网合一")).GetProperty("id").GetInt64();
        var wishes = new { areaId = area, nets = "police,volunteer" };
        var best = (await PlanTown.Json(await town.Planner.PostAsJsonAsync($"/api/plans/{plan}/proposals", wishes), 200)).GetProperty("proposals")[0];
        best.GetProperty("possible").GetBoolean().ShouldBeTrue();
        best.GetProperty("shareInBand").GetDouble().ShouldBeGreaterThan(0.8);
        await PlanTown.Json(await town.Edit(plan, $$"""{"type":"delineate","areaId":{{area}},"nets":"police,volunteer"}"""), 200);
        var check = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/check");
        check.GetProperty("ok").GetBoolean().ShouldBeTrue(check.GetRawText());
        foreach (var net in new[] { "police", "volunteer" })
        {
            var held = await Held(plan, net);
            // Every grid of theirs is accounted for to the last household.
            held.GetProperty("shares").EnumerateArray().Sum(share => share.GetProperty("households").GetInt64())
                .ShouldBe((await town.Grids(plan)).GetProperty("items").EnumerateArray().Sum(grid => grid.GetProperty("households").GetInt64()));
            (held.GetProperty("borders").ValueKind == JsonValueKind.Null).ShouldBe(held.GetProperty("borderMetres").GetDouble() - held.GetProperty("alongMetres").GetDouble() < 1e-6);
        }
        await PlanTown.Json(await town.Planner.PostAsJsonAsync($"/api/plans/{plan}/proposals", new { areaId = area, nets = "," }), 400);
        await PlanTown.Json(await town.Planner.PostAsJsonAsync($"/api/plans/{plan}/proposals", new { areaId = area, nets = "nowhere" }), 400);
    }
}
