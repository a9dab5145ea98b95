using System.Net.Http.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class PinchedPlanTests(PlanTown town) : IClassFixture<PlanTown>
{
    [DatabaseFact]
    public async Task A_plan_over_a_grid_that_touches_itself_begins_once_that_is_repaired()
    {
        var area = await town.Community(0);
        // A triangle from a vertex of a grid inward becomes a grid of its own: the grid around it touches itself in that vertex.
        await town.Scratch.Execute($"""
            WITH corners AS (
                SELECT id, grids.geom, ST_PointOnSurface(grids.geom) AS inside, points.geom AS corner
                FROM grids, ST_DumpPoints(ST_ExteriorRing(ST_GeometryN(grids.geom, 1))) AS points WHERE area_id = {area} AND kind = 'base' AND valid_to = 'infinity'
            ), triangles AS (
                SELECT id, geom, ST_ReducePrecision(ST_MakePolygon(ST_MakeLine(ARRAY[corner, ST_Translate(inside, 0.00005, 0.00005), ST_Translate(inside, -0.00005, -0.00005), corner])), 1e-7) AS hole
                FROM corners WHERE ST_Distance(corner, inside) > 0.0003
            ), chosen AS (
                SELECT id, ST_Difference(geom, hole, 1e-7) AS rest, hole FROM triangles
                WHERE ST_CoveredBy(hole, geom) AND ST_Length(ST_Intersection(ST_Boundary(hole), ST_Boundary(geom))) = 0 AND ST_NumInteriorRings(ST_GeometryN(ST_Difference(geom, hole, 1e-7), 1)) = 1
                ORDER BY id LIMIT 1
            ), shrunk AS (UPDATE grids SET geom = ST_Multi(rest) FROM chosen WHERE chosen.id = grids.id RETURNING grids.net_id, grids.area_id, grids.kind, grids.code, hole)
            INSERT INTO grids (net_id, area_id, kind, code, name, geom) SELECT net_id, area_id, kind, code || 'x', 'inner', ST_Multi(hole) FROM shrunk
            """);
        (await town.Scratch.Scalar<long>("SELECT count(*) FROM grids WHERE name = 'inner'")).ShouldBe(1);

        var refused = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "试", areaId = area }), 409);
        refused.GetProperty("code").GetString().ShouldBe("plan.base-has-faults");
        var fault = refused.GetProperty("faults").EnumerateArray().ShouldHaveSingleItem();
        (fault.GetProperty("code").GetString(), fault.GetProperty("repairable").GetBoolean()).ShouldBe(("grid.self-touching", true));
        fault.GetProperty("place").GetProperty("lon").GetDouble().ShouldBeGreaterThan(0);

        var preview = (await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans/preview", new { name = "试", areaId = area, repair = true }), 200)).GetProperty("repaired").EnumerateArray().ToList();
        // What one gives, the other gets.
        preview.Count.ShouldBe(2);
        preview.Sum(grid => grid.GetProperty("gainedSquareMetres").GetDouble()).ShouldBe(preview.Sum(grid => grid.GetProperty("lostSquareMetres").GetDouble()), 0.01);
        preview.Max(grid => grid.GetProperty("gainedSquareMetres").GetDouble()).ShouldBeGreaterThan(0);
        var plan = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "试", areaId = area, repair = true }), 201);
        var grids = (await town.Grids(plan.GetProperty("id").GetInt64())).GetProperty("items").EnumerateArray().ToArray();
        // The two that the repair redrew say so; they can be published like any other change.
        grids.Count(grid => grid.GetProperty("changed").GetBoolean()).ShouldBe(2);
        var shapes = string.Join(", ", grids.Select(grid => $"ST_SetSRID(ST_GeomFromGeoJSON('{grid.GetProperty("geometry").GetRawText()}'), 4326)"));
        (await town.Scratch.Scalar<double>($"SELECT ST_Area(ST_SymDifference(ST_Union(ARRAY[{shapes}]), (SELECT geom FROM areas WHERE id = {area}))::geography)")).ShouldBeLessThan(1e-6);
    }

    [DatabaseFact]
    public async Task A_vertex_more_on_a_straight_border_is_no_change()
    {
        var plan = (await town.Begin(await town.Community(1))).GetProperty("id").GetInt64();
        var edited = await town.SplitSome(plan);
        var touched = edited.GetProperty("touched").EnumerateArray().ToArray();
        var own = touched.Where(grid => grid.GetProperty("changed").GetBoolean()).ToArray();
        own.Count(grid => grid.GetProperty("key").GetString()!.StartsWith('#')).ShouldBeGreaterThan(0);
        // What changes hands is between the grids that say that they changed.
        var moves = (await town.Planner.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/plans/{plan}/comparison")).GetProperty("moves").EnumerateArray()
            .Where(move => move.GetProperty("from").GetString() != move.GetProperty("to").GetString()).ToArray();
        moves.ShouldNotBeEmpty();
        var keys = own.Select(grid => grid.GetProperty("key").GetString()).ToArray();
        foreach (var move in moves) keys.ShouldContain(move.GetProperty("to").GetString());
        foreach (var fault in edited.GetProperty("faults").EnumerateArray().Where(fault => fault.GetProperty("code").GetString()!.StartsWith("grid.mesh", StringComparison.Ordinal)))
            keys.ShouldContain(fault.GetProperty("grids")[0].GetString());
    }
}
