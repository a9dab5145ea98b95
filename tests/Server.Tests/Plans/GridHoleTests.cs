using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class GridHoleTests(PlanTown town) : IClassFixture<PlanTown>
{
    [DatabaseFact]
    public async Task A_lake_that_is_declared_is_no_fault_and_no_edit_takes_from_it()
    {
        var area = await town.Community(2);
        // A triangle of lattice points around the middle of one grid is taken out of it.
        const string middle = "ST_PointOnSurface(grids.geom)", corner = "round(({0}({1}) + {2})::numeric, 7)::float8";
        static string At(string dx, string dy) => $"ST_MakePoint({string.Format(null, corner, "ST_X", middle, dx)}, {string.Format(null, corner, "ST_Y", middle, dy)})";
        var lake = $"ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[{At("-0.0001", "-0.0001")}, {At("0.0001", "-0.0001")}, {At("0", "0.0001")}, {At("-0.0001", "-0.0001")}])), 4326)";
        var grid = await town.Scratch.Scalar<long>($"SELECT grids.id FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base' WHERE area_id = {area} AND valid_to = 'infinity' ORDER BY ST_Area(grids.geom) DESC LIMIT 1");
        await town.Scratch.Execute($"UPDATE grids SET geom = ST_Multi(ST_Difference(geom, {lake})) WHERE id = {grid}");

        var refused = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "有湖", areaId = area }), 409);
        var gap = refused.GetProperty("faults").EnumerateArray().ShouldHaveSingleItem();
        gap.GetProperty("code").GetString().ShouldBe("partition.gap");
        var place = gap.GetProperty("place");
        await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/grid-holes", new { areaId = area, place = new { lon = 0, lat = 0 }, kind = "water" }), 400);
        await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/grid-holes", new { areaId = area, place, kind = "sea" }), 400);
        var hole = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/grid-holes", new { areaId = area, place, kind = "water", name = "月湖" }), 201);
        hole.GetProperty("areaSquareMetres").GetDouble().ShouldBe(gap.GetProperty("areaSquareMetres").GetDouble(), 1);
        (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/grid-holes?areaId={area}")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("月湖");

        var plan = (await town.Begin(area, "有湖")).GetProperty("id").GetInt64();
        var shape = hole.GetProperty("geometry").GetProperty("coordinates")[0][0];
        var at = shape[0].GetRawText();
        var moved = await PlanTown.Json(await town.Edit(plan, $$"""{"type":"move-vertex","at":{{at}},"target":[{{shape[0][0].GetDouble() + 0.00002}},{{shape[0][1].GetDouble()}} ] }"""), 409);
        moved.GetRawText().ShouldContain("edit.border-is-fixed");
        // Whoever draws over the lake gets the land around it, not the lake.
        var (x, y) = (place.GetProperty("lon").GetDouble(), place.GetProperty("lat").GetDouble());
        const double d = 0.0003;
        var drawn = await town.Edit(plan, $$"""{"type":"draw","geometry":{"type":"Polygon","coordinates":[[[{{x - d}},{{y - d}}],[{{x + d}},{{y - d}}],[{{x + d}},{{y + d}}],[{{x - d}},{{y + d}}],[{{x - d}},{{y - d}}]]] } }""");
        await PlanTown.Json(drawn, 200);
        var shapes = string.Join(", ", (await town.Grids(plan)).GetProperty("items").EnumerateArray().Select(each => $"ST_SetSRID(ST_GeomFromGeoJSON('{each.GetProperty("geometry").GetRawText()}'), 4326)"));
        (await town.Scratch.Scalar<bool>($"""
            SELECT ST_Equals(ST_Union(geom), (SELECT ST_Difference(areas.geom, grid_holes.geom) FROM areas, grid_holes WHERE areas.id = {area} AND grid_holes.id = {hole.GetProperty("id").GetInt64()})) FROM unnest(ARRAY[{shapes}]) AS geom
            """)).ShouldBeTrue();

        (await town.Planner.DeleteAsync($"/api/grid-holes/{hole.GetProperty("id").GetInt64()}")).IsSuccessStatusCode.ShouldBeTrue();
        await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "又是缺口", areaId = area }), 409);
        // The plan that began with the lake still has it.
        await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/undo", null), 200);
    }

    [DatabaseFact]
    public async Task A_hole_whose_corners_stand_a_hair_beside_a_border_is_repaired_with_it()
    {
        var area = await town.Community(1);
        // A strip along a neighbour is nobody's: its ends lie on straight borders, so on the lattice they stand a little beside them.
        await town.Scratch.Execute($"""
            WITH here AS (SELECT grids.id, grids.geom FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base' WHERE area_id = {area} AND valid_to = 'infinity' AND kind = 'base'),
            pair AS (SELECT a.id, b.geom FROM here AS a JOIN here AS b ON a.id <> b.id ORDER BY ST_Length(ST_Intersection(a.geom, b.geom)::geography) DESC, a.id LIMIT 1)
            UPDATE grids SET geom = ST_Multi(ST_Difference(grids.geom, ST_Buffer(pair.geom, 0.0002))) FROM pair WHERE grids.id = pair.id
            """);
        var refused = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "一条河", areaId = area, repair = true }), 409);
        var gap = refused.GetProperty("faults").EnumerateArray().Single(fault => fault.GetProperty("code").GetString() == "partition.gap");
        await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/grid-holes", new { areaId = area, place = gap.GetProperty("place"), kind = "water" }), 201);
        var plan = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "一条河", areaId = area, repair = true }), 201);
        var check = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan.GetProperty("id").GetInt64()}/check");
        check.GetProperty("faults").EnumerateArray().ShouldAllBe(fault => fault.GetProperty("severity").GetString() != "blocking");
    }
}
