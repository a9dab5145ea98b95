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

    [DatabaseFact]
    public async Task Nets_that_share_no_border_and_cover_other_land_are_accounted_for_to_the_household()
    {
        var area = await town.Community(2);
        // Five upright strips that begin outside the community and end before its eastern border, and three level ones that reach beyond it: all borders cross.
        await Strips("fire", area, "ST_MakeEnvelope(ST_XMin(box) - 0.002 + i * w * 0.16, ST_YMin(box) - 0.001, ST_XMin(box) - 0.002 + (i + 1) * w * 0.16, ST_YMax(box) + 0.001, 4326)", 5);
        await Strips("sanitation", area, "ST_MakeEnvelope(ST_XMin(box) - 0.001, ST_YMin(box) - 0.001 + i * h * 0.45, ST_XMax(box) + 0.003, ST_YMin(box) - 0.001 + (i + 1) * h * 0.45, 4326)", 3);
        var plan = (await town.Begin(area, "异网合并")).GetProperty("id").GetInt64();
        await Accounted(plan, "fire", area);
        await Accounted(plan, "sanitation", area);

        var wishes = new { areaId = area, nets = "fire,sanitation" };
        var best = (await PlanTown.Json(await town.Planner.PostAsJsonAsync($"/api/plans/{plan}/proposals", wishes), 200)).GetProperty("proposals")[0];
        best.GetProperty("notContiguous").GetInt32().ShouldBe(0);
        await PlanTown.Json(await town.Edit(plan, $$"""{"type":"delineate","areaId":{{area}},"nets":"fire,sanitation"}"""), 200);
        (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/check")).GetProperty("ok").GetBoolean().ShouldBeTrue();
        await Accounted(plan, "fire", area);
        await Accounted(plan, "sanitation", area);
    }

    private async Task Strips(string net, long area, string shape, int count)
    {
        await town.Scratch.Execute($"INSERT INTO nets (code, name) VALUES ('{net}', '{net}')");
        await town.Scratch.Execute($"""
            INSERT INTO grids (net_id, code, name, kind, area_id, geom)
            SELECT nets.id, '{net}-' || i, '{net} ' || i, 'base', {area}, ST_Multi({shape})
            FROM nets, (SELECT geom AS box, ST_XMax(geom) - ST_XMin(geom) AS w, ST_YMax(geom) - ST_YMin(geom) AS h FROM areas WHERE id = {area}) AS area, generate_series(0, {count - 1}) AS i WHERE nets.code = '{net}'
            """);
    }

    /// <summary>The crosswalk row by row and in sum, counted again by SQL from the draft's own polygons.</summary>
    private async Task Accounted(long plan, string net, long area)
    {
        var held = await Held(plan, net);
        var shares = held.GetProperty("shares").EnumerateArray().ToArray();
        var grids = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToDictionary(grid => grid.GetProperty("key").GetString()!, grid => grid.GetProperty("geometry").GetRawText());
        shares.Length.ShouldBeGreaterThan(grids.Count / 2);
        foreach (var share in shares)
        {
            var pair = $"""
                FROM (SELECT ST_Intersection(grids.geom, ST_SetSRID(ST_GeomFromGeoJSON('{grids[share.GetProperty("to").GetString()!]}'), 4326)) AS geom, grids.geom AS old FROM grids WHERE code = '{share.GetProperty("from").GetString()}') AS pair
                """;
            share.GetProperty("areaSquareMetres").GetDouble().ShouldBe(await town.Scratch.Scalar<double>($"SELECT ST_Area(geom::geography) {pair}"), 0.5);
            share.GetProperty("shareOfFrom").GetDouble().ShouldBe(await town.Scratch.Scalar<double>($"SELECT ST_Area(geom::geography) / ST_Area(old::geography) {pair}"), 1e-3);
            foreach (var (name, table, point, value) in new[] { ("households", "buildings", "centre", "households"), ("residents", "buildings", "centre", "residents"), ("openIncidents", "incidents", "geom", "(closed_at IS NULL)::integer") })
                share.GetProperty(name).GetInt64().ShouldBe(await town.Scratch.Scalar<long>($"SELECT coalesce((SELECT sum({value}) FROM {table} WHERE ST_Intersects({table}.{point}, pair.geom)), 0)::bigint {pair}"), $"{net} {name} of {share}");
        }
        // No more and no less than what lives on the land that the net covers.
        var covered = $"(SELECT ST_Intersection(ST_Union(grids.geom), (SELECT geom FROM areas WHERE id = {area})) AS geom FROM grids JOIN nets ON nets.id = net_id AND nets.code = '{net}') AS covered";
        shares.Sum(share => share.GetProperty("households").GetInt64()).ShouldBe(await town.Scratch.Scalar<long>($"SELECT sum(households)::bigint FROM buildings, {covered} WHERE ST_Intersects(centre, covered.geom)"));
        shares.Sum(share => share.GetProperty("residents").GetInt64()).ShouldBe(await town.Scratch.Scalar<long>($"SELECT sum(residents)::bigint FROM buildings, {covered} WHERE ST_Intersects(centre, covered.geom)"));
        shares.Sum(share => share.GetProperty("areaSquareMetres").GetDouble()).ShouldBe(await town.Scratch.Scalar<double>($"SELECT ST_Area(geom::geography) FROM {covered}"), 10);
    }
}
