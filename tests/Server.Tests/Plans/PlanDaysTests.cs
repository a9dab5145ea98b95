using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

/// <summary>Plans over boundaries of a day to come, dates without a time, and what of a question no plan can take.</summary>
public sealed class PlanDaysTests(PlanTown town) : IClassFixture<PlanTown>
{
    private static long Id(JsonElement plan) => plan.GetProperty("id").GetInt64();

    private Task<HttpResponseMessage> Publish(long plan, string? effectiveAt = null) => town.Planner.PostAsJsonAsync($"/api/plans/{plan}/publish", new { reason = "试点", effectiveAt });

    private async Task<string[]> MergeFirst(long plan)
    {
        var keys = (await town.Grids(plan)).GetProperty("items").EnumerateArray().Select(grid => grid.GetProperty("key").GetString()!).ToArray();
        foreach (var other in keys.Skip(1))
        {
            if ((await town.Edit(plan, $$"""{"type":"merge","grids":["{{keys[0]}}","{{other}}"]}""")).IsSuccessStatusCode) return [keys[0], other];
        }
        throw new InvalidOperationException("the first grid has no neighbour");
    }

    [DatabaseFact]
    public async Task A_plan_over_boundaries_that_come_into_force_later_is_put_over_these_and_published_behind_them()
    {
        var community = await town.Community(0);
        var zone = TimeZoneInfo.FindSystemTimeZoneById((await town.Scratch.Scalar<string>("SELECT time_zone FROM city"))!);
        var day = DateTime.SpecifyKind(DateTime.UtcNow.Date.AddDays(11), DateTimeKind.Unspecified);
        var dayText = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (first, second) = (Id(await town.Begin(community, "先")), Id(await town.Begin(community, "后")));
        await MergeFirst(first);
        await PlanTown.Json(await town.Edit(second, """{"type":"rename","grids":["KEY"],"name":"新名"}""".Replace("KEY", (await town.Grids(second)).GetProperty("items")[0].GetProperty("key").GetString()!, StringComparison.Ordinal)), 200);

        // A date is midnight in the city.
        var published = await PlanTown.Json(await Publish(first, dayText), 200);
        published.GetProperty("plan").GetProperty("effectiveAt").GetDateTime().ToUniversalTime().ShouldBe(TimeZoneInfo.ConvertTimeToUtc(day, zone));

        var late = await PlanTown.Json(await Publish(second), 409);
        late.GetProperty("code").GetString().ShouldBe("plan.base-changed");
        late.GetProperty("detail").GetString()!.ShouldContain("from");
        var anew = await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{second}/rebase", null), 201);
        anew.GetProperty("baseAt").GetDateTime().ToUniversalTime().ShouldBe(TimeZoneInfo.ConvertTimeToUtc(day, zone));
        anew.GetProperty("baseIsToCome").GetBoolean().ShouldBeTrue();
        var plan = Id(anew);
        var again = (await town.Grids(plan)).GetProperty("items")[0].GetProperty("key").GetString();
        await PlanTown.Json(await town.Edit(plan, $$"""{"type":"rename","grids":["{{again}}"],"name":"新名"}"""), 200);
        var early = await PlanTown.Json(await Publish(plan), 400);
        (early.GetProperty("errors")[0].GetProperty("field").GetString(), early.GetProperty("errors")[0].GetProperty("code").GetString()).ShouldBe(("effectiveAt", "time.before-base"));
        var after = day.AddDays(5).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await PlanTown.Json(await Publish(plan, after), 200);
        (await town.Scratch.Scalar<long>($"SELECT count(*) FROM grids WHERE area_id = {community} AND name = '新名' AND valid_to = 'infinity'")).ShouldBe(1);
    }

    [DatabaseFact]
    public async Task A_plan_begins_over_the_grids_of_a_date_by_the_city_s_clock()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById((await town.Scratch.Scalar<string>("SELECT time_zone FROM city"))!);
        var begun = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "某日", areaId = await town.Community(1), baseAt = "2026-10-01" }), 201);
        begun.GetProperty("baseAt").GetDateTime().ToUniversalTime().ShouldBe(TimeZoneInfo.ConvertTimeToUtc(new DateTime(2026, 10, 1), zone));
        begun.GetProperty("baseIsToCome").GetBoolean().ShouldBeFalse();
        (await town.Begin(await town.Community(1), "今")).GetProperty("baseIsToCome").GetBoolean().ShouldBeFalse();
        var wrong = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "某日", areaId = 1, baseAt = "yesterday", least = -1 }), 400);
        wrong.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()).Order().ShouldBe(["baseAt", "least"]);
    }

    [DatabaseTheory]
    [InlineData("edits", """{"type":"rename","grids":["KEY"],"name":"a\u0000"}""", "name")]
    [InlineData("edits", """{"type":"rename","grids":["KEY"],"name":"a","note":"\u0000"}""", "note")]
    [InlineData("comments", """{"text":"x\u0000"}""", "text")]
    [InlineData("comments", """{"text":"x","grid":"nope"}""", "grid")]
    [InlineData("consultations", """{"areaId":1,"agrees":false,"reason":"\u0000x"}""", "reason")]
    [InlineData("publish", """{"reason":"a\u0000"}""", "reason")]
    [InlineData("publish", """{"reason":5}""", "reason")]
    [InlineData("publish", """{"reason":"x","effectiveAt":"nonsense"}""", "effectiveAt")]
    public async Task What_no_plan_can_take_is_refused_by_its_field(string where, string body, string field)
    {
        var plan = Id(await town.Begin(await town.Community(2)));
        var key = (await town.Grids(plan)).GetProperty("items")[0].GetProperty("key").GetString();
        using var content = new StringContent(body.Replace("KEY", key, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        var refused = await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/{where}", content), 400);
        refused.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
        (await town.Planner.DeleteAsync($"/api/plans/{plan}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [DatabaseFact]
    public async Task A_name_that_is_only_tried_is_shown_and_not_kept_and_letters_that_look_like_a_null_are_letters()
    {
        var plan = Id(await town.Begin(await town.Community(2)));
        var grid = (await town.Grids(plan)).GetProperty("items")[0];
        var command = $$"""{"type":"rename","grids":["{{grid.GetProperty("key").GetString()}}"],"name":"a\\u0000"}""";
        (await PlanTown.Json(await town.Edit(plan, command, query: "?dryRun=true"), 200)).GetProperty("touched")[0].GetProperty("name").GetString().ShouldBe("a\\u0000");
        (await town.Grids(plan)).GetProperty("items")[0].GetProperty("name").GetString().ShouldBe(grid.GetProperty("name").GetString());
        (await PlanTown.Json(await town.Edit(plan, command), 200)).GetProperty("touched")[0].GetProperty("name").GetString().ShouldBe("a\\u0000");
    }

    [DatabaseFact]
    public async Task A_vertex_exactly_on_a_neighbour_s_border_is_a_fault_and_is_repaired()
    {
        var community = await town.Community(3);
        // In the first grid of the community, a vertex in the middle of an edge that a neighbour has, too.
        var changed = await town.Scratch.Scalar<string>($"""
            WITH own AS (SELECT grids.id, grids.code, ST_ExteriorRing(ST_GeometryN(geom, 1)) AS ring FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base'
                         WHERE area_id = {community} AND kind = 'base' AND valid_to = 'infinity'),
                 edges AS (SELECT id, code, n, ST_PointN(ring, n) AS a, ST_PointN(ring, n + 1) AS b FROM own CROSS JOIN LATERAL generate_series(1, ST_NPoints(ring) - 1) AS n),
                 middle AS (SELECT one.id, one.code, one.n, one.a, one.b, (round(ST_X(one.a) * 1e7) + round(ST_X(one.b) * 1e7))::bigint AS x, (round(ST_Y(one.a) * 1e7) + round(ST_Y(one.b) * 1e7))::bigint AS y
                            FROM edges AS one JOIN edges AS other ON other.id <> one.id AND ST_Equals(other.a, one.b) AND ST_Equals(other.b, one.a)),
                 chosen AS (SELECT * FROM middle WHERE x % 2 = 0 AND y % 2 = 0 AND ST_X(a) <> ST_X(b) AND ST_Y(a) <> ST_Y(b) ORDER BY id, n LIMIT 1)
            UPDATE grids SET geom = ST_Multi(ST_MakePolygon(ST_AddPoint(ST_ExteriorRing(ST_GeometryN(geom, 1)), ST_SetSRID(ST_MakePoint(chosen.x / 2 / 1e7, chosen.y / 2 / 1e7), 4326), chosen.n)))
            FROM chosen WHERE grids.id = chosen.id RETURNING grids.code
            """);
        changed.ShouldNotBeNullOrEmpty();
        var refused = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "多一个点", areaId = community }), 409);
        var fault = refused.GetProperty("faults").EnumerateArray().ShouldHaveSingleItem();
        (fault.GetProperty("code").GetString(), fault.GetProperty("repairable").GetBoolean()).ShouldBe(("partition.mismatched-edge", true));
        fault.GetProperty("grids").EnumerateArray().Select(grid => grid.GetString()).ShouldContain(changed);
        // What the repair would do is told before it is made.
        var plans = await town.Scratch.Scalar<long>("SELECT count(*) FROM plans");
        (await town.Planner.PostAsJsonAsync("/api/plans/preview", new { name = "补上", areaId = community })).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
        var preview = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans/preview", new { name = "补上", areaId = community, repair = true }), 200);
        preview.GetProperty("repaired").GetArrayLength().ShouldBeGreaterThan(0);
        (await town.Scratch.Scalar<long>("SELECT count(*) FROM plans")).ShouldBe(plans);
        var plan = Id(await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "补上", areaId = community, repair = true }), 201));
        // The border is held once: a corner of it can be moved.
        var at = fault.GetProperty("place");
        var (lon, lat) = (at.GetProperty("lon").GetDouble(), at.GetProperty("lat").GetDouble());
        var command = string.Create(CultureInfo.InvariantCulture, $$"""{"type":"move-vertex","at":[{{lon}},{{lat}}],"target":[{{lon + 1e-6}},{{lat + 1e-6}}]}""");
        (await PlanTown.Json(await town.Edit(plan, command), 200)).GetProperty("touched").GetArrayLength().ShouldBe(2);
    }
}
