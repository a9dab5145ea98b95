using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class PublishingTests(PlanTown town) : IClassFixture<PlanTown>
{
    private static long Id(JsonElement plan) => plan.GetProperty("id").GetInt64();

    /// <summary>Cuts some grid so that no building is cut.</summary>
    private async Task<JsonElement> SplitCleanly(long plan)
    {
        for (var skip = 0; ; skip++)
        {
            var edited = await town.SplitSome(plan, skip);
            if (!edited.GetProperty("faults").EnumerateArray().Any(fault => fault.GetProperty("severity").GetString() == "blocking")) return edited;
            await town.Planner.PostAsync($"/api/plans/{plan}/undo", null);
        }
    }

    /// <summary>Merges the first two neighbours there are: no building is cut by that.</summary>
    private async Task<(string Kept, string Gone)> MergeSome(long plan)
    {
        var keys = (await town.Grids(plan)).GetProperty("items").EnumerateArray().Select(grid => grid.GetProperty("key").GetString()!).ToArray();
        foreach (var a in keys)
        {
            foreach (var b in keys.Where(b => b != a))
            {
                if ((await town.Edit(plan, $$"""{"type":"merge","grids":["{{a}}","{{b}}"]}""")).IsSuccessStatusCode) return (a, b);
            }
        }
        throw new InvalidOperationException("no two grids are neighbours");
    }

    private Task<HttpResponseMessage> Publish(long plan, string reason = "试点需要", DateTime? effectiveAt = null) =>
        town.Planner.PostAsJsonAsync($"/api/plans/{plan}/publish", new { reason, effectiveAt });

    private Task<JsonElement> Unsigned(long plan) => town.Server.Anyone.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/comparison");

    [DatabaseFact]
    public async Task A_merge_is_published_whole_with_successors_people_and_a_life_line()
    {
        var community = await town.Community(0);
        var plan = Id(await town.Begin(community, "合并"));
        var (kept, gone) = await MergeSome(plan);
        var old = await town.Scratch.Scalar<long>($"SELECT grids.id FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base' WHERE grids.code = '{gone}' AND valid_to = 'infinity'");
        var check = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/check");
        check.GetProperty("ok").GetBoolean().ShouldBeTrue();
        // Two grids' households in one: a warning, so a reason is asked for.
        if (check.GetProperty("needsReason").GetBoolean())
            (await PlanTown.Json(await Publish(plan, ""), 409)).GetProperty("code").GetString().ShouldBe("plan.reason-needed");
        var comparison = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/comparison");
        comparison.GetProperty("gridsAfter").GetInt32().ShouldBe(comparison.GetProperty("gridsBefore").GetInt32() - 1);
        var moved = comparison.GetProperty("moves").EnumerateArray().Single(move => move.GetProperty("from").GetString() == gone);
        moved.GetProperty("to").GetString().ShouldBe(kept);
        (await Unsigned(plan)).GetProperty("moves")[0].GetProperty("dutyBefore")[0].GetProperty("phone").ValueKind.ShouldBe(JsonValueKind.Null);

        var published = await PlanTown.Json(await Publish(plan), 200);
        published.GetProperty("voided")[0].GetString().ShouldBe(gone);
        var crosswalk = published.GetProperty("crosswalk").EnumerateArray().Single(row => row.GetProperty("oldCode").GetString() == gone);
        crosswalk.GetProperty("newCode").GetString().ShouldBe(kept);
        foreach (var (duty, code) in new[] { ("dutyBefore", gone), ("dutyAfter", kept) })
        {
            var people = await town.Scratch.Scalar<string>($"SELECT string_agg(role || ' ' || person, ', ' ORDER BY role, person) FROM duties JOIN nets ON nets.id = net_id AND nets.code = 'base' WHERE grid_code = '{code}'");
            string.Join(", ", crosswalk.GetProperty(duty).EnumerateArray().Select(holder => $"{holder.GetProperty("role").GetString()} {holder.GetProperty("person").GetString()}")).ShouldBe(people);
            people.ShouldNotBeNullOrEmpty();
            // What was told before it was published is what came.
            moved.GetProperty(duty).GetRawText().ShouldBe(crosswalk.GetProperty(duty).GetRawText());
        }
        crosswalk.GetProperty("households").GetInt64().ShouldBe(moved.GetProperty("households").GetInt64());
        (await town.Scratch.Scalar<double>($"SELECT ST_Area(geom::geography) FROM grids WHERE id = {old}")).ShouldBe(crosswalk.GetProperty("areaSquareMetres").GetDouble(), 0.01);
        (await town.Scratch.Scalar<long>($"SELECT coalesce(sum(households), 0)::bigint FROM buildings WHERE ST_Intersects(centre, (SELECT geom FROM grids WHERE id = {old}))")).ShouldBe(crosswalk.GetProperty("households").GetInt64());

        await Partition(community);
        (await town.Scratch.Scalar<bool>($"SELECT valid_to <= now() FROM grids WHERE id = {old}")).ShouldBeTrue();
        (await town.Scratch.Scalar<long>($"SELECT count(*) FROM duties WHERE grid_code = '{gone}' AND valid_to = 'infinity'")).ShouldBe(0);
        (await town.Scratch.Scalar<long>("SELECT count(*) FROM buildings WHERE grid_id IS DISTINCT FROM base_grid_at(centre, now())")).ShouldBe(0);
        // An old case stays in the grid of its day.
        (await town.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE grid_id IS DISTINCT FROM base_grid_at(geom, reported_at)")).ShouldBe(0);
        var life = await town.Server.Anyone.GetFromJsonAsync<JsonElement>($"/api/grids/{gone}/life");
        life.GetProperty("became")[0].GetProperty("code").GetString().ShouldBe(kept);
        (await town.Server.Anyone.GetFromJsonAsync<JsonElement>($"/api/grids/{kept}/life")).GetProperty("cameFrom").EnumerateArray().ShouldContain(row => row.GetProperty("code").GetString() == gone);
        (await town.Server.Anyone.GetAsync("/api/grids/none/life")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await PlanTown.Json(await Publish(plan), 409)).GetProperty("code").GetString().ShouldBe("plan.not-a-draft");
        (await town.Scratch.Scalar<long>($"SELECT count(*) FROM changes WHERE table_name = 'grid_crosswalk' AND actor LIKE 'Planner%'")).ShouldBeGreaterThan(0);
        (await town.Server.Anyone.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/crosswalk")).GetProperty("items").GetArrayLength().ShouldBe(published.GetProperty("crosswalk").GetArrayLength());
    }

    [DatabaseFact]
    public async Task A_split_gets_the_next_code_from_a_day_to_come()
    {
        var community = await town.Community(1);
        var plan = Id(await town.Begin(community, "拆分"));
        await SplitCleanly(plan);
        var day = DateTime.UtcNow.Date.AddDays(10);
        // A new grid has no people of its own: it gets those of the grid that it is cut from.
        var fromHere = (await Unsigned(plan)).GetProperty("moves").EnumerateArray().Single(move => move.GetProperty("to").GetString()!.StartsWith('#'));
        fromHere.GetProperty("dutyAfter").GetArrayLength().ShouldBeGreaterThan(0);
        fromHere.GetProperty("dutyAfter").GetRawText().ShouldBe(fromHere.GetProperty("dutyBefore").GetRawText());
        var code = await town.Scratch.Scalar<string>($"SELECT code FROM areas WHERE id = {community}");
        var highest = await town.Scratch.Scalar<string>($"SELECT max(grids.code) FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base' WHERE starts_with(grids.code, '{code}')");
        var published = await PlanTown.Json(await Publish(plan, effectiveAt: day), 200);
        var fresh = published.GetProperty("newCodes")[0].GetString()!;
        long.Parse(fresh, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(long.Parse(highest!, System.Globalization.CultureInfo.InvariantCulture) + 1);
        await Partition(community);
        await Partition(community, $"'{day.AddSeconds(1):O}'");
        (await town.Scratch.Scalar<long>($"SELECT count(*) FROM grids WHERE code = '{fresh}' AND valid_from = '{day:O}'")).ShouldBe(1);
        (await town.Scratch.Scalar<bool>($"SELECT settled FROM plans WHERE id = {plan}")).ShouldBeFalse();
        var duties = await town.Scratch.Scalar<long>($"SELECT count(*) FROM duties WHERE grid_code = '{fresh}' AND valid_from = '{day:O}'");
        duties.ShouldBeGreaterThan(0);
        (await town.Planner.GetAsync($"/api/grids/{fresh}/life")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [DatabaseFact]
    public async Task Two_plans_conflict_only_where_they_touch_the_same_grids()
    {
        var community = await town.Community(2);
        var one = Id(await town.Begin(community, "甲"));
        var two = Id(await town.Begin(community, "乙"));
        var other = Id(await town.Begin(await town.Community(3), "丙"));
        var (kept, gone) = await MergeSome(one);
        (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{two}")).GetProperty("conflicts").GetArrayLength().ShouldBe(0);
        await town.SplitSome(other);
        var command = $$"""{"type":"merge","grids":["{{gone}}","{{kept}}"]}""";
        var said = (await PlanTown.Json(await town.Edit(two, command), 200)).GetProperty("conflicts").EnumerateArray().Single();
        (said.GetProperty("planId").GetInt64(), said.GetProperty("name").GetString()).ShouldBe((one, "甲"));
        said.GetProperty("grids").EnumerateArray().Select(grid => grid.GetString()).Order().ShouldBe(new[] { gone, kept }.Order());
        await PlanTown.Json(await Publish(one), 200);
        var late = await PlanTown.Json(await Publish(two), 409);
        late.GetProperty("code").GetString().ShouldBe("plan.base-changed");
        late.GetProperty("faults").GetArrayLength().ShouldBe(2);
    }

    [DatabaseFact]
    public async Task A_plan_whose_ground_was_changed_is_put_over_the_grids_of_today()
    {
        var area = await town.Community(3);
        var (mine, theirs) = (Id(await town.Begin(area, "我的")), Id(await town.Begin(area, "同事的")));
        var merged = await MergeSome(mine);
        await SplitCleanly(theirs);
        var other = (await town.Grids(theirs)).GetProperty("items").EnumerateArray().Where(grid => grid.GetProperty("changed").GetBoolean()).Select(grid => grid.GetProperty("key").GetString()).ToHashSet();
        (await Publish(theirs)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var response = await town.Planner.PostAsync($"/api/plans/{mine}/rebase", null);
        var anew = await PlanTown.Json(response, 201);
        response.Headers.Location!.ToString().ShouldBe($"/api/plans/{Id(anew)}");
        (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{mine}")).GetProperty("plan").GetProperty("status").GetString().ShouldBe("withdrawn");
        anew.GetProperty("steps").GetInt32().ShouldBe(1);
        var (before, after) = ((await town.Grids(mine)).GetProperty("items").EnumerateArray().ToArray(), (await town.Grids(Id(anew))).GetProperty("items").EnumerateArray().ToArray());
        // What this plan changed is as it was drawn here; what only the other changed is as it was published.
        var own = before.Single(grid => grid.GetProperty("key").GetString() == merged.Kept);
        var now = after.Single(grid => grid.GetProperty("key").GetString() == merged.Kept);
        now.GetProperty("households").GetInt64().ShouldBe(own.GetProperty("households").GetInt64());
        now.GetProperty("areaSquareMetres").GetDouble().ShouldBe(own.GetProperty("areaSquareMetres").GetDouble(), 1);
        after.ShouldNotContain(grid => grid.GetProperty("key").GetString() == merged.Gone);
        other.ShouldNotBeEmpty();
        after.Sum(grid => grid.GetProperty("areaSquareMetres").GetDouble()).ShouldBe(before.Sum(grid => grid.GetProperty("areaSquareMetres").GetDouble()), 1);
        (await Publish(Id(anew))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{mine}/rebase", null), 409);
    }

    [DatabaseFact]
    public async Task Objections_are_heard_and_need_a_reason_to_be_passed_over()
    {
        var community = await town.Community(4);
        var plan = Id(await town.Begin(community, "征求意见"));
        await MergeSome(plan);
        var street = await town.Server.As(Role.Operator, await town.Scratch.Scalar<long>($"SELECT parent_id FROM areas WHERE id = {community}"));
        (await street.PostAsJsonAsync($"/api/plans/{plan}/consultations", new { areaId = community, agrees = false })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await street.PostAsJsonAsync($"/api/plans/{plan}/consultations", new { areaId = community, agrees = false, reason = "路不通" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await street.PostAsJsonAsync($"/api/plans/{plan}/consultations", new { areaId = await town.Community(5), agrees = true })).StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Forbidden);
        (await street.PostAsJsonAsync($"/api/plans/{plan}/comments", new { text = "见现场照片", place = new { lon = 119.95, lat = 31.78 } })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var check = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/check");
        check.GetProperty("faults").EnumerateArray().ShouldContain(fault => fault.GetProperty("code").GetString() == "plan.objection");
        (await PlanTown.Json(await Publish(plan, ""), 409)).GetProperty("code").GetString().ShouldBe("plan.reason-needed");
        var whole = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}");
        (whole.GetProperty("comments").GetArrayLength(), whole.GetProperty("consultations").GetArrayLength()).ShouldBe((1, 1));
        await PlanTown.Json(await Publish(plan, "已协调"), 200);
        (await town.Scratch.Scalar<string>($"SELECT reason FROM plans WHERE id = {plan}")).ShouldBe("已协调");
    }

    [DatabaseFact]
    public async Task A_border_through_a_building_keeps_a_plan_from_being_published_and_an_empty_one_is_none()
    {
        // A new grid of the western half of a large building and what is around it.
        const string building = """
            FROM buildings JOIN grids ON grids.id = grid_id AND ST_Contains(grids.geom, ST_Expand(ST_Centroid(buildings.geom), 0.00041))
            WHERE ST_NumGeometries(buildings.geom) = 1 AND grids.valid_to = 'infinity' ORDER BY ST_Area(buildings.geom) DESC, buildings.id LIMIT 1
            """;
        var plan = Id(await town.Begin(await town.Scratch.Scalar<long>($"SELECT grids.area_id {building}"), "切楼"));
        (await PlanTown.Json(await Publish(plan), 409)).GetProperty("code").GetString().ShouldBe("plan.nothing-to-publish");
        var wkt = await town.Scratch.Scalar<string>($"""
            SELECT ST_AsGeoJSON(ST_Envelope(ST_Collect(ST_Translate(ST_Centroid(buildings.geom), -0.0004, -0.0004), ST_Translate(ST_Centroid(buildings.geom), 0, 0.0004)))) {building}
            """);
        wkt.ShouldNotBeNull();
        var edited = await PlanTown.Json(await town.Edit(plan, $$"""{"type":"draw","geometry":{{wkt}}}"""), 200);
        var fault = edited.GetProperty("faults").EnumerateArray().First(fault => fault.GetProperty("code").GetString() == "grid.cuts-building");
        fault.GetProperty("severity").GetString().ShouldBe("blocking");
        fault.GetProperty("thing").GetString().ShouldNotBeNullOrEmpty();
        var refused = await PlanTown.Json(await Publish(plan), 409);
        refused.GetProperty("code").GetString().ShouldBe("plan.faults");
    }

    [DatabaseFact]
    public async Task A_building_that_stands_over_a_border_a_little_may_not_be_cut_in_halves()
    {
        // A long building on the border of two grids, a tenth of it in the one.
        var area = await town.Community(4);
        const string border = """
            FROM grids AS a JOIN grids AS b ON a.area_id = b.area_id AND a.code < b.code AND ST_Touches(a.geom, b.geom) JOIN nets ON nets.id = a.net_id AND nets.id = b.net_id AND nets.code = 'base',
            LATERAL (SELECT edge, ST_StartPoint(edge) AS p, ST_EndPoint(edge) AS q FROM (SELECT (ST_DumpSegments(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2))).geom AS edge) AS edges) AS ends
            WHERE a.valid_to = 'infinity' AND b.valid_to = 'infinity' AND a.area_id =
            """;
        var at = await town.Scratch.Scalar<string>($"""
            WITH best AS (SELECT a.geom AS west, b.geom AS east, ST_Centroid(edge) AS middle, ST_Azimuth(p, q) AS way {border} {area} ORDER BY ST_Length(edge) DESC LIMIT 1),
            turned AS (SELECT *, CASE WHEN ST_Contains(west, ST_SetSRID(ST_MakePoint(ST_X(middle) + sin(way + pi() / 2) * 0.00002, ST_Y(middle) + cos(way + pi() / 2) * 0.00002), 4326)) THEN way + pi() / 2 ELSE way - pi() / 2 END AS inward FROM best)
            SELECT format('%s %s %s', ST_X(middle), ST_Y(middle), inward) FROM turned
            """);
        var numbers = at!.Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var (x, y, dx, dy) = (numbers[0], numbers[1], Math.Sin(numbers[2]), Math.Cos(numbers[2]));
        string Corner(double along, double aside) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{x + dx * along - dy * aside:F7} {y + dy * along + dx * aside:F7}");
        await town.Scratch.Execute($"INSERT INTO buildings (code, name, geom) VALUES ('OVER', '骑楼', ST_GeomFromText('MULTIPOLYGON((({Corner(-4e-5, -5e-5)}, {Corner(4e-4, -5e-5)}, {Corner(4e-4, 5e-5)}, {Corner(-4e-5, 5e-5)}, {Corner(-4e-5, -5e-5)})))', 4326))");
        var plan = Id(await town.Begin(area, "骑楼"));
        string Ring(params string[] corners) => $$$"""{"type":"draw","geometry":{"type":"Polygon","coordinates":[[{{{string.Join(',', corners.Select(corner => $"[{corner.Replace(' ', ',')}]"))}}}]]}}""";
        // As it is cut now it may stay; cut in the middle as well it may not.
        var beside = await PlanTown.Json(await town.Edit(plan, Ring(Corner(4.5e-4, -9e-5), Corner(7e-4, -9e-5), Corner(7e-4, 9e-5), Corner(4.5e-4, 9e-5), Corner(4.5e-4, -9e-5)), query: "?dryRun=true"), 200);
        IEnumerable<string> Cut(JsonElement edited) => edited.GetProperty("faults").EnumerateArray().Where(fault => fault.GetProperty("code").GetString() == "grid.cuts-building").Select(fault => fault.GetProperty("thing").GetString()!);
        Cut(beside).ShouldNotContain("OVER");
        var halved = await PlanTown.Json(await town.Edit(plan, Ring(Corner(2e-4, -9e-5), Corner(7e-4, -9e-5), Corner(7e-4, 9e-5), Corner(2e-4, 9e-5), Corner(2e-4, -9e-5)), query: "?dryRun=true"), 200);
        Cut(halved).ShouldContain("OVER");
    }

    [DatabaseFact]
    public async Task A_base_with_faults_is_refused_with_each_and_repaired_on_demand()
    {
        var community = await town.Community(7);
        // A vertex of one grid moves by two steps of the lattice, behind the planner's back.
        await town.Scratch.Execute($"""
            UPDATE grids SET geom = ST_Multi(ST_MakePolygon(ST_SetPoint(one.shell, 2, ST_Translate(ST_PointN(one.shell, 3), 2e-7, 3e-7)))) FROM (
                SELECT id AS spoiled, ST_ExteriorRing(ST_GeometryN(geom, 1)) AS shell FROM grids WHERE area_id = {community} AND valid_to = 'infinity' AND kind = 'base'
                AND net_id = (SELECT id FROM nets WHERE code = 'base') ORDER BY code LIMIT 1) AS one WHERE id = one.spoiled
            """);
        var refused = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "有缝", areaId = community }), 409);
        refused.GetProperty("code").GetString().ShouldBe("plan.base-has-faults");
        var faults = refused.GetProperty("faults").EnumerateArray().ToArray();
        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(fault => fault.GetProperty("repairable").GetBoolean());
        var plan = Id(await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "补缝", areaId = community, repair = true }), 201));
        var begun = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}");
        begun.GetProperty("steps").GetArrayLength().ShouldBe(0);
        begun.GetProperty("repaired").EnumerateArray().Select(code => code.GetString()).ShouldBeSubsetOf((await town.Grids(plan)).GetProperty("items").EnumerateArray().Where(grid => grid.GetProperty("changed").GetBoolean()).Select(grid => grid.GetProperty("key").GetString()));
        begun.GetProperty("repaired").GetArrayLength().ShouldBeGreaterThan(0);
        (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/comparison")).GetProperty("after").EnumerateArray().ShouldNotBeEmpty();
        await PlanTown.Json(await Publish(plan), 200);
        await Partition(community);
    }

    [DatabaseFact]
    public async Task A_gap_goes_to_the_grid_that_people_say_and_an_overlap_stays_with_it()
    {
        var community = await town.Community(6);
        // One grid loses its western strip, behind the planner's back.
        await Spoil("ST_Difference(grids.geom, ST_MakeEnvelope(ST_XMin(grids.geom) - 1, -90, ST_XMin(grids.geom) + 0.0004, 90, 4326))");
        var refused = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "空隙", areaId = community, repair = true }), 409);
        var gap = refused.GetProperty("faults").EnumerateArray().Single(fault => fault.GetProperty("code").GetString() == "partition.gap");
        gap.GetProperty("repairable").GetBoolean().ShouldBeFalse();
        var place = gap.GetProperty("place");
        var winner = gap.GetProperty("grids")[0].GetString();

        var elsewhere = await PlanTown.Json(await Begin(new { lon = place.GetProperty("lon").GetDouble() + 0.5, lat = 31.7 }, winner!), 400);
        elsewhere.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("decision.no-fault");
        var stranger = await PlanTown.Json(await Begin(place, "990000000000000"), 400);
        (stranger.GetProperty("errors")[0].GetProperty("field").GetString(), stranger.GetProperty("errors")[0].GetProperty("code").GetString()).ShouldBe(("decisions[0].grid", "decision.not-beside"));

        await PlanTown.Json(await Publish(Id(await PlanTown.Json(await Begin(place, winner!), 201))), 200);
        await Partition(community);

        // And then it grows into its neighbours.
        await Spoil($"ST_Intersection(ST_Buffer(grids.geom, 0.0003), (SELECT geom FROM areas WHERE id = {community}))");
        refused = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "重叠", areaId = community, repair = true }), 409);
        var overlaps = refused.GetProperty("faults").EnumerateArray().Where(fault => fault.GetProperty("code").GetString() == "partition.overlap").ToArray();
        overlaps.ShouldNotBeEmpty();
        var decisions = overlaps.Select(fault => new { place = fault.GetProperty("place"), grid = fault.GetProperty("grids")[0].GetString() }).ToArray();
        var plan = Id(await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "保留", areaId = community, decisions }), 201));
        await PlanTown.Json(await Publish(plan), 200);
        // A corner that the overlap left on the area's straight border stands on the lattice, up to half a step beside it: under 10 mm along some hundred metres.
        (await town.Scratch.Scalar<double>($"""
            SELECT ST_Area(ST_SymDifference(ST_Union(grids.geom), (SELECT geom FROM areas WHERE id = {community}))::geography) FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base'
            WHERE area_id = {community} AND kind = 'base' AND valid_to = 'infinity'
            """)).ShouldBeLessThan(1);
        (await town.Scratch.Scalar<long>($"""
            SELECT count(*) FROM grids AS a JOIN grids AS b ON a.id < b.id AND a.net_id = b.net_id AND a.geom && b.geom WHERE a.area_id = {community} AND b.area_id = {community}
            AND a.kind = 'base' AND b.kind = 'base' AND a.valid_to = 'infinity' AND b.valid_to = 'infinity' AND NOT ST_Relate(a.geom, b.geom, 'F********')
            """)).ShouldBe(0);

        Task<HttpResponseMessage> Begin(object at, string grid) =>
            town.Planner.PostAsJsonAsync("/api/plans", new { name = "划归", areaId = community, decisions = new[] { new { place = at, grid } } });

        Task Spoil(string geometry) => town.Scratch.Execute($"""
            UPDATE grids SET geom = ST_Multi({geometry}) WHERE id = (
                SELECT id FROM grids WHERE area_id = {community} AND valid_to = 'infinity' AND kind = 'base' AND net_id = (SELECT id FROM nets WHERE code = 'base') ORDER BY code LIMIT 1)
            """);
    }

    private async Task Partition(long area, string at = "now()")
    {
        var grids = $"""
            (SELECT grids.* FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base' WHERE area_id = {area} AND kind = 'base'
             AND valid_from <= {at}::timestamptz AND valid_to > {at}::timestamptz)
            """;
        (await town.Scratch.Scalar<bool>($"SELECT ST_Equals((SELECT ST_Union(geom) FROM {grids} AS a), (SELECT geom FROM areas WHERE id = {area}))")).ShouldBeTrue();
        (await town.Scratch.Scalar<long>($"SELECT count(*) FROM {grids} AS a JOIN {grids} AS b ON a.id < b.id WHERE NOT ST_Relate(a.geom, b.geom, 'F********')")).ShouldBe(0);
    }
}
