using System.Net;
using System.Text.Json;
using GridMap.Server.Databases;
using GridMap.Server.Tests.Walking;
using GridMap.Server.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Coverage;

public sealed class WalkCoverageTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    private const string Pharmacies = "facilityType=pharmacy&minutes=5";

    [DatabaseFact]
    public async Task Lists_add_up_to_the_total_and_the_circle_claims_what_the_circles_question_says()
    {
        var walk = await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}");
        walk.At("metres").GetDouble().ShouldBe(300);
        walk.At("metresPerMinute").GetDouble().ShouldBe(60);
        var total = walk.At("total");
        foreach (var list in new[] { "byStreet", "byCommunity", "byGrid" })
        {
            foreach (var group in new[] { "all", "covered", "offNetwork" })
            {
                foreach (var figure in new[] { "buildings", "households", "residents", "elderly", "children" })
                    walk.At(list).EnumerateArray().Sum(part => part.At("cover", group, figure).GetInt64()).ShouldBe(total.At(group, figure).GetInt64(), $"{list} {group} {figure}");
            }
        }
        (await town.Scratch.Scalar<string>("SELECT concat_ws(' ', count(*), sum(households), sum(residents), sum(elderly), sum(children)) FROM buildings"))
            .ShouldBe($"{total.At("all", "buildings")} {total.At("all", "households")} {total.At("all", "residents")} {total.At("all", "elderly")} {total.At("all", "children")}");
        var circle = await town.Anyone.Json($"/api/coverage?{Pharmacies}");
        total.At("residentsInCircle").GetInt64().ShouldBe(circle.At("total", "residentsCovered").GetInt64());
        total.At("covered", "residents").GetInt64().ShouldBeInRange(1, total.At("residentsInCircle").GetInt64());
        total.At("residentsOften").GetInt64().ShouldBeLessThanOrEqualTo(total.At("residentsTwice").GetInt64());
        total.At("meanMetres").GetDouble().ShouldBeLessThan(total.At("p95Metres").GetDouble());
        // A longer walk never covers fewer, a slower one never more.
        (await town.Anyone.Json("/api/coverage/walking?facilityType=pharmacy&minutes=10")).At("total", "covered", "residents").GetInt64().ShouldBeGreaterThan(total.At("covered", "residents").GetInt64());
        (await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}&profile=elder")).At("total", "covered", "residents").GetInt64().ShouldBeLessThan(total.At("covered", "residents").GetInt64());
    }

    [DatabaseFact]
    public async Task Each_building_is_covered_when_the_distance_to_its_nearest_facility_says_so()
    {
        var homes = await town.Homes(60);
        var pharmacies = await town.Server.Database.Query($"SELECT ST_X(geom), ST_Y(geom) FROM facilities WHERE type = 'pharmacy' ORDER BY id LIMIT 100",
            row => new[] { row.GetDouble(0), row.GetDouble(1) }, CancellationToken.None);
        var matrix = await town.Anyone.PostJson("/api/distances", new { from = homes.Select(home => new[] { home.Lon, home.Lat }), to = pharmacies });
        var street = await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}");
        street.At("facilities").GetInt32().ShouldBe(pharmacies.Count);
        for (var i = 0; i < homes.Count; i++)
        {
            var nearest = await town.Anyone.Json($"/api/nearest?lon={homes[i].Lon}&lat={homes[i].Lat}&facilityType=pharmacy&count=1");
            nearest.At("items", 0, "metres").GetDouble().ShouldBe(matrix.At("metres", i).EnumerateArray().Where(metres => metres.ValueKind == JsonValueKind.Number).Min(metres => metres.GetDouble()), 1e-9);
        }
    }

    [DatabaseFact]
    public async Task Covered_often_and_how_far_most_walk_follow_from_the_rows_of_buildings()
    {
        var walk = await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}&times=2");
        walk.At("times").GetInt32().ShouldBe(2);
        walk.At("total", "residentsOften").GetInt64().ShouldBe(walk.At("total", "residentsTwice").GetInt64());
        walk.At("total", "buildingsOften").GetInt64().ShouldBe(walk.At("total", "buildingsTwice").GetInt64());
        var often = (await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}&times=8")).At("total");
        often.At("residentsOften").GetInt64().ShouldBeLessThan(often.At("residentsTwice").GetInt64());

        var rows = (await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}&by=building&format=geojson")).At("features").EnumerateArray().Select(row => row.At("properties"))
            .Where(row => row.At("nearestMetres").ValueKind == JsonValueKind.Number).ToLookup(row => row.At("gridId").ValueKind == JsonValueKind.Number ? row.At("gridId").GetInt64() : 0);
        walk.At("total", "p95Metres").GetDouble().ShouldBe(P95(rows.SelectMany(grid => grid))!.Value);
        foreach (var grid in walk.At("byGrid").EnumerateArray())
        {
            var expected = P95(rows[grid.At("id").ValueKind == JsonValueKind.Number ? grid.At("id").GetInt64() : 0]);
            if (expected is null) grid.At("cover", "p95Metres").ValueKind.ShouldBe(JsonValueKind.Null);
            else grid.At("cover", "p95Metres").GetDouble().ShouldBe(expected.Value);
        }

        // The walk within which at least 95 of 100 residents live.
        static double? P95(IEnumerable<JsonElement> rows)
        {
            var each = rows.SelectMany(row => Enumerable.Repeat(row.At("nearestMetres").GetDouble(), row.At("residents").GetInt32())).Order().ToList();
            return each.Count == 0 ? null : each[(int)Math.Ceiling(0.95 * each.Count) - 1];
        }
    }

    [DatabaseFact]
    public async Task Cells_walk_from_their_middle_and_add_up_to_all_cells()
    {
        const string cells = $"{Pharmacies}&demand=cells";
        var walk = await town.Anyone.Json($"/api/coverage/walking?{cells}");
        walk.At("demand").GetString().ShouldBe("cells");
        var total = walk.At("total");
        (await town.Scratch.Scalar<string>("SELECT concat_ws(' ', count(*), sum(residents), sum(elderly), sum(children)) FROM population_cells"))
            .ShouldBe($"{total.At("all", "buildings")} {total.At("all", "residents")} {total.At("all", "elderly")} {total.At("all", "children")}");
        foreach (var list in new[] { "byStreet", "byCommunity", "byGrid" })
            walk.At(list).EnumerateArray().Sum(part => part.At("cover", "covered", "residents").GetInt64()).ShouldBe(total.At("covered", "residents").GetInt64(), list);

        var rows = (await town.Anyone.Json($"/api/coverage/walking?{cells}&by=cell&format=geojson")).At("features").EnumerateArray().Select(row => row.At("properties")).ToList();
        rows.Where(row => row.At("covered").GetInt32() == 1).Sum(row => row.At("residents").GetInt64()).ShouldBe(total.At("covered", "residents").GetInt64());
        rows.Where(row => row.At("offNetwork").GetInt32() == 1).Sum(row => row.At("residents").GetInt64()).ShouldBe(total.At("offNetwork", "residents").GetInt64());
        foreach (var row in rows.Where(row => row.At("nearestMetres").ValueKind == JsonValueKind.Number && row.At("id").GetInt64() % 9 == 0))
        {
            var (lon, lat, grid) = await town.Server.Database.QueryOne($"SELECT ST_X(p), ST_Y(p), coalesce(base_grid_at(p, now()), 0) FROM (SELECT ST_PointOnSurface(geom) AS p FROM population_cells WHERE id = {row.At("id").GetInt64()}) AS cell",
                found => (found.GetDouble(0), found.GetDouble(1), found.GetInt64(2)), CancellationToken.None);
            var nearest = await town.Anyone.Json($"/api/nearest?lon={lon:R}&lat={lat:R}&facilityType=pharmacy&count=1");
            // The place asked for is put on the lattice of 1e-7 degree (1 cm), the cell's point is not.
            row.At("nearestMetres").GetDouble().ShouldBe(nearest.At("items", 0, "metres").GetDouble(), 0.02);
            (row.At("gridId").ValueKind == JsonValueKind.Number ? row.At("gridId").GetInt64() : 0).ShouldBe(grid);
        }
        var gaps = await town.Anyone.Json($"/api/coverage/gaps?{cells}");
        gaps.At("gaps", "features").EnumerateArray().Sum(gap => gap.At("properties", "people", "residents").GetInt64()).ShouldBe(gaps.At("uncovered", "residents").GetInt64());
        var network = (await town.Anyone.Json("/health/ready")).At("walking");
        network.At("cells").GetInt64().ShouldBe(rows.Count);
        network.At("cellsOffNetwork").GetInt64().ShouldBe(rows.Count(row => row.At("offNetwork").GetInt32() == 1));

        // What a writer changes is there in the next answer; a cell without a road is neither covered nor uncovered.
        await town.Scratch.Execute("INSERT INTO population_cells (code, residents, geom) SELECT 'far', 123, ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(max(ST_XMax(geom)) + 0.1, min(ST_YMin(geom))), 4326), 0.001)) FROM roads");
        await town.Server.Service<WalkingCities>().CatchUp();
        (await town.Anyone.Json($"/api/coverage/walking?{cells}")).At("total", "offNetwork", "residents").GetInt64().ShouldBe(total.At("offNetwork", "residents").GetInt64() + 123);
        // It lies in no grid: a row without a shape, in files and tiles too.
        foreach (var answer in new[] { "walking", "catchment" })
        {
            var nowhere = (await town.Anyone.Json($"/api/coverage/{answer}?{cells}&format=geojson")).At("features").EnumerateArray().Single(row => row.At("geometry").ValueKind == JsonValueKind.Null).At("properties");
            nowhere.At("id").ValueKind.ShouldBe(JsonValueKind.Null);
            nowhere.At(answer == "walking" ? "residents" : "offNetwork").GetInt64().ShouldBeGreaterThanOrEqualTo(123);
            foreach (var format in new[] { "csv", "geopackage", "tilejson", "mvt&tile=14/13650/6650" })
                ((int)(await town.Anyone.GetAsync($"/api/coverage/{answer}?{cells}&format={format}")).StatusCode).ShouldBeInRange(200, 204, $"{answer} {format}");
        }
        await town.Scratch.Execute("DELETE FROM population_cells WHERE code = 'far'");
        await town.Server.Service<WalkingCities>().CatchUp();
        (await town.Anyone.Json($"/api/coverage/walking?{cells}")).At("total").ToString().ShouldBe(total.ToString());

        foreach (var wrong in new[] { "by=building&demand=cells", "by=cell", "demand=people", "times=1" })
            (await town.Anyone.GetAsync($"/api/coverage/walking?{Pharmacies}&format=csv&{wrong}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
    }

    [DatabaseFact]
    public async Task Gaps_hold_every_home_out_of_reach_once_and_say_why()
    {
        var answer = await town.Anyone.Json($"/api/coverage/gaps?{Pharmacies}");
        var gaps = answer.At("gaps", "features").EnumerateArray().ToList();
        gaps.Count.ShouldBeInRange(2, 200);
        gaps.Count.ShouldBe(answer.At("count").GetInt32());
        gaps.Sum(gap => gap.At("properties", "people", "residents").GetInt64()).ShouldBe(answer.At("uncovered", "residents").GetInt64());
        var walk = await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}");
        answer.At("uncovered", "residents").GetInt64().ShouldBe(walk.At("total", "all", "residents").GetInt64() - walk.At("total", "covered", "residents").GetInt64() - walk.At("total", "offNetwork", "residents").GetInt64());
        var residents = gaps.Select(gap => gap.At("properties", "people", "residents").GetInt64()).ToList();
        residents.ShouldBe(residents.OrderDescending());
        gaps.ShouldAllBe(gap => new[] { "far", "barrier", "no-way" }.Contains(gap.At("properties", "reason").GetString()));
        gaps.ShouldContain(gap => gap.At("properties", "reason").GetString() == "barrier");
        gaps.ShouldAllBe(gap => gap.At("properties", "nearestMetres").GetDouble() > 300);
        var named = gaps[0].At("properties");
        var nameEn = await town.Server.Database.Scalar<string>($"SELECT name_en FROM facilities WHERE id = {named.At("nearestFacility").GetInt64()}", CancellationToken.None);
        named.At("nearestNameEn").GetString().ShouldBe(nameEn);
        (await town.Server.Database.Scalar<bool>($"SELECT bool_and(ST_IsValid(ST_GeomFromGeoJSON(gap))) FROM unnest({gaps.Select(gap => gap.At("geometry").ToString()).ToArray()}) AS gap", CancellationToken.None)).ShouldBeTrue();
        // Nobody offers it: everybody is in a gap, because none is near.
        await town.Scratch.Execute("DELETE FROM facilities WHERE type = 'post-office'");
        var none = await town.Anyone.Json("/api/coverage/gaps?facilityType=post-office");
        none.At("gaps", "features", 0, "properties", "reason").GetString().ShouldBe("far");
        none.At("gaps", "features", 0, "properties", "nearestMetres").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [DatabaseFact]
    public async Task Gaps_are_as_many_as_asked_for_and_files_have_all()
    {
        var all = await town.Anyone.Json($"/api/coverage/gaps?{Pharmacies}&limit=2000");
        var one = await town.Anyone.Json($"/api/coverage/gaps?{Pharmacies}&limit=1&tier=nowhere");
        (one.At("method").GetString(), one.At("tier").GetString(), one.At("gaps", "features").GetArrayLength()).ShouldBe(("walking", "nowhere", 1));
        var two = await town.Anyone.Json($"/api/coverage/gaps?{Pharmacies}&limit=2");
        two.At("count").GetInt32().ShouldBe(all.At("count").GetInt32());
        two.At("gaps", "features", 1).ToString().ShouldBe(all.At("gaps", "features", 1).ToString());
        var file = await town.Anyone.Json($"/api/coverage/gaps?{Pharmacies}&format=geojson&tier=nowhere");
        file.At("features").GetArrayLength().ShouldBe(one.At("count").GetInt32());
        file.At("about", "tier").GetString().ShouldBe("nowhere");
        foreach (var wrong in new[] { "limit=0", "limit=2001", "limit=5&format=geojson" })
        {
            using var response = await town.Anyone.GetAsync($"/api/coverage/gaps?{Pharmacies}&{wrong}");
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldBe(["limit"]);
        }
    }

    [DatabaseFact]
    public async Task Every_answer_says_what_was_asked_and_how_it_came_about()
    {
        var (lon, lat) = (await town.Homes(1))[0];
        var scenario = await town.Anyone.PostJson("/api/coverage/what-if", new { facilityType = "pharmacy", minutes = 5, openAt = "Mo 10:00", changes = Array.Empty<object>() });
        var nearest = await town.Anyone.Json($"/api/nearest?lon={lon}&lat={lat}&facilityType=pharmacy&openAt=Mo%2010:00&mostMinutes=30");
        nearest.At("mostMetres").GetDouble().ShouldBe(1800);
        foreach (var answer in new[] { scenario, nearest, await town.Anyone.Json($"/api/coverage/gaps?{Pharmacies}&openAt=Mo%2010:00") })
        {
            (answer.At("facilityType").GetString(), answer.At("openAt").GetString(), answer.At("method").GetString()).ShouldBe(("pharmacy", "Mo 10:00", "walking"));
            answer.At("tier").ValueKind.ShouldBe(JsonValueKind.Null);
        }
    }

    [DatabaseFact]
    public async Task The_network_is_told_in_figures()
    {
        var walk = await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}");
        var network = (await town.Anyone.Json("/health/ready")).At("walking");
        network.At("version").GetString().ShouldBe(walk.At("version").GetString());
        network.At("buildings").GetInt64().ShouldBe(walk.At("total", "all", "buildings").GetInt64());
        network.At("buildingsOffNetwork").GetInt64().ShouldBe(walk.At("total", "offNetwork", "buildings").GetInt64());
        network.At("edges").GetInt32().ShouldBeGreaterThan(network.At("components").GetInt32());
        network.At("largestPercent").GetDouble().ShouldBeInRange(50, 100);
        network.At("facilitiesOffNetwork").GetInt32().ShouldBeLessThan(network.At("facilities").GetInt32());
    }

    [DatabaseFact]
    public async Task Without_any_facility_everybody_is_uncovered_because_none_is_near()
    {
        var cover = await town.Anyone.Json("/api/coverage/walking?facilityType=pharmacy&tier=nowhere&minutes=5");
        (cover.At("facilities").GetInt32(), cover.At("total", "covered", "residents").GetInt64()).ShouldBe((0, 0));
        cover.At("total", "meanMetres").ValueKind.ShouldBe(JsonValueKind.Null);
        var gaps = await town.Anyone.Json("/api/coverage/gaps?facilityType=pharmacy&tier=nowhere&minutes=5");
        foreach (var gap in gaps.At("gaps", "features").EnumerateArray())
        {
            gap.At("properties", "reason").GetString().ShouldBe("far");
            gap.At("properties", "nearestFacility").ValueKind.ShouldBe(JsonValueKind.Null);
        }
        (await town.Anyone.Json("/api/coverage/catchment?facilityType=pharmacy&tier=nowhere&minutes=5")).At("capacity").GetInt64().ShouldBe(0);
    }

    [DatabaseFact]
    public async Task What_would_happen_is_what_happens_and_asking_changes_nothing()
    {
        var today = await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}");
        var gap = (await town.Anyone.Json($"/api/coverage/gaps?{Pharmacies}")).At("gaps", "features", 0, "properties");
        var (lon, lat) = (gap.At("place", "lon").GetDouble(), gap.At("place", "lat").GetDouble());
        var ids = await town.Server.Database.Query($"SELECT id FROM facilities WHERE type = 'pharmacy' ORDER BY id LIMIT 2", row => row.GetInt64(0), CancellationToken.None);
        object[] changes = [new { op = "add", lon, lat }, new { op = "close", id = ids[0] }, new { op = "move", id = ids[1], lon = lon + 0.002, lat }];
        var scenario = await town.Anyone.PostJson("/api/coverage/what-if", new { facilityType = "pharmacy", minutes = 5, changes });
        scenario.At("today", "covered").ToString().ShouldBe(today.At("total", "covered").ToString());
        (scenario.At("scenario", "covered", "residents").GetInt64() - scenario.At("today", "covered", "residents").GetInt64())
            .ShouldBe(scenario.At("gained").GetInt64() - scenario.At("lost").GetInt64());
        scenario.At("gained").GetInt64().ShouldBeGreaterThan(0);
        scenario.At("byGrid").EnumerateArray().Sum(grid => grid.At("residentsCovered").GetInt64() - grid.At("residentsCoveredToday").GetInt64())
            .ShouldBe(scenario.At("gained").GetInt64() - scenario.At("lost").GetInt64());
        var again = await town.Anyone.PostJson("/api/coverage/what-if", new { facilityType = "pharmacy", minutes = 5, changes });
        again.ToString().ShouldBe(scenario.ToString());
        (await town.Anyone.PostJson("/api/coverage/what-if", new { facilityType = "pharmacy", minutes = 5, changes = Array.Empty<object>() })).At("gained").GetInt64().ShouldBe(0);

        await town.Scratch.Execute($"""
            INSERT INTO facilities (code, name, type, geom) VALUES ('new', '新药店', 'pharmacy', ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326));
            DELETE FROM facilities WHERE id = {ids[0]};
            UPDATE facilities SET geom = ST_SetSRID(ST_MakePoint({lon + 0.002}, {lat}), 4326) WHERE id = {ids[1]};
            """);
        var then = await town.Anyone.Json($"/api/coverage/walking?{Pharmacies}");
        then.At("total", "covered").ToString().ShouldBe(scenario.At("scenario", "covered").ToString());
        then.At("total", "meanMetres").GetDouble().ShouldBe(scenario.At("scenario", "meanMetres").GetDouble());
    }

    [DatabaseTheory]
    [InlineData("{\"facilityType\":\"castle\",\"changes\":[]}", "facilityType")]
    [InlineData("{\"facilityType\":\"pharmacy\"}", "changes")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[{\"op\":\"burn\"}]}", "changes[0].op")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[{\"op\":\"close\"}]}", "changes[0].id")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[{\"op\":\"close\",\"id\":987654321}]}", "changes[0].id")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[{\"op\":\"add\",\"id\":1,\"lon\":120,\"lat\":31.8}]}", "changes[0].id")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[{\"op\":\"add\",\"lon\":118.5,\"lat\":31}]}", "changes[0].lon")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[{\"op\":\"add\",\"lon\":120}]}", "changes[0].lat")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[null]}", "changes[0]")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[],\"minutes\":0}", "minutes")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[],\"minutes\":5,\"radiusMetres\":300}", "minutes")]
    [InlineData("{\"facilityType\":\"pharmacy\",\"changes\":[],\"areaId\":999999}", "areaId")]
    public async Task What_cannot_be_meant_is_refused_by_name(string body, string field)
    {
        using var response = await town.Anyone.PostAsync("/api/coverage/what-if", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await response.Content.ReadAsStringAsync());
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldContain(field);
    }
}
