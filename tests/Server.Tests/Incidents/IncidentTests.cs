using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Geo.Projections;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Incidents;

public sealed class IncidentTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const string InMarch = "from=2026-03-01&to=2026-04-01";

    [DatabaseFact]
    public async Task The_list_is_newest_first_and_its_pages_repeat_and_lose_nothing()
    {
        var numbers = new List<string>();
        var times = new List<DateTime>();
        for (string? after = ""; after is not null;)
        {
            var page = await city.Anyone.Json($"/api/incidents?{InMarch}&limit=7{(after.Length > 0 ? $"&after={after}" : "")}");
            page.At("items").GetArrayLength().ShouldBeInRange(1, 7);
            foreach (var item in page.At("items").EnumerateArray())
            {
                numbers.Add(item.At("number").GetString()!);
                times.Add(item.At("reportedAt").GetDateTime());
            }
            after = page.At("next").GetString();
        }
        numbers.Count.ShouldBe(SmallCity.MarchIncidents);
        numbers.Distinct().Count().ShouldBe(SmallCity.MarchIncidents);
        times.ShouldBe(times.OrderDescending());
    }

    [DatabaseTheory]
    [InlineData("status=overdue", SmallCity.OverdueInMarch)]
    [InlineData("status=open", SmallCity.OverdueInMarch + SmallCity.ReportedInMarch)]
    [InlineData("status=closed", SmallCity.ClosedInMarch)]
    [InlineData("status=in-progress", SmallCity.OverdueInMarch)]
    [InlineData("category=E", 25)] // ⌈g/2⌉ summed over g = 1…9
    [InlineData("category=C01", 20)]
    [InlineData("category=C0101&category=E0102", 45)]
    [InlineData("areaId=5", 1 + 4 + 7)]
    [InlineData("areaId=3", 1 + 4 + 7 + 2 + 5 + 8)]
    [InlineData("areaId=1", 45)]
    [InlineData("gridId=9", 9)]
    [InlineData("bbox=119.96,31.79,119.97,31.80", 9)]
    [InlineData("q=三月9-", 9)]
    [InlineData("q=%25", 0)]
    [InlineData("q=_", 0)]
    public async Task Filters_count_what_the_city_holds(string filter, int count)
    {
        var page = await city.Anyone.Json($"/api/incidents?{InMarch}&limit=500&{filter}");
        page.At("items").GetArrayLength().ShouldBe(count);
        page.At("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [DatabaseFact]
    public async Task A_reported_incident_lies_in_its_grid_and_works_through_to_closed()
    {
        var made = await (await city.Server.As(Role.Reporter)).PostJson("/api/incidents", new { category = "E0102", lon = 119.945, lat = 31.785, address = " 桂花路 " }, HttpStatusCode.Created);
        made.At("grid", "code").GetString().ShouldBe(SmallCity.GridCode(1, 0));
        made.At("area", "id").GetInt64().ShouldBe(SmallCity.Community1Id);
        made.At("address").GetString().ShouldBe("桂花路");
        made.At("categoryName").GetString().ShouldBe("暴露垃圾");
        made.At("overdue").GetBoolean().ShouldBeFalse();
        made.At("dueAt").ValueKind.ShouldBe(JsonValueKind.Null);
        var path = $"/api/incidents/{made.At("id").GetInt64()}";
        var worker = await city.Server.As(Role.Operator);
        foreach (var status in new[] { "accepted", "assigned", "in-progress", "solved", "closed" })
        {
            var after = await worker.PatchJson(path, new { status, note = $"→ {status}" });
            after.At("status").GetString().ShouldBe(status);
        }
        var whole = await city.Anyone.Json(path);
        whole.At("steps").EnumerateArray().Select(step => step.At("toStatus").GetString()).ShouldBe(["reported", "accepted", "assigned", "in-progress", "solved", "closed"]);
        whole.At("allowedStatuses").GetArrayLength().ShouldBe(0);
        whole.At("closedAt").ValueKind.ShouldBe(JsonValueKind.String);
        (await worker.PatchJson(path, new { status = "in-progress" }, HttpStatusCode.Conflict)).At("code").GetString().ShouldBe("incident.final");
        (await worker.PatchJson(path, new { severity = "low" }, HttpStatusCode.Conflict)).At("code").GetString().ShouldBe("incident.final");
        (await worker.PatchJson(path, new { note = "thanks" })).At("steps").GetArrayLength().ShouldBe(7);
        (await city.Scratch.Scalar<long>($"SELECT count(*) FROM changes WHERE table_name = 'incidents' AND row_id = {made.At("id").GetInt64()} AND actor LIKE 'Operator %'")).ShouldBe(6);
    }

    [DatabaseFact]
    public async Task Of_two_people_who_accept_at_once_one_is_told()
    {
        var made = await (await city.Server.As(Role.Reporter)).PostJson("/api/incidents", new { category = "E0102", lon = 119.945, lat = 31.785 }, HttpStatusCode.Created);
        var worker = await city.Server.As(Role.Operator);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => worker.PatchAsJsonAsync($"/api/incidents/{made.At("id").GetInt64()}", new { status = "accepted" })));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(7);
    }

    [DatabaseFact]
    public async Task One_idempotency_key_makes_one_incident_however_often_and_at_once_it_comes()
    {
        var reporter = await city.Server.As(Role.Reporter);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Send("K-1", new { category = "E0102", lon = 119.946, lat = 31.776 })));
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
        var ids = new HashSet<long>();
        foreach (var answer in answers) ids.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).At("id").GetInt64());
        ids.Count.ShouldBe(1);
        answers.Count(answer => answer.Headers.Contains("Idempotency-Replayed")).ShouldBe(11);
        var other = await Send("K-1", new { category = "E0102", lon = 119.947, lat = 31.776 });
        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await other.Content.ReadFromJsonAsync<JsonElement>()).At("code").GetString().ShouldBe("incident.key-reused");
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE idempotency_key LIKE '%/K-1'")).ShouldBe(1);

        async Task<HttpResponseMessage> Send(string key, object body)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/incidents") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            return await reporter.SendAsync(request);
        }
    }

    [DatabaseFact]
    public async Task A_place_in_gcj02_is_stored_in_wgs84_and_answered_in_gcj02()
    {
        // The published pair of Changzhou: WGS 84 119.948, 31.78.
        var made = await (await city.Server.As(Role.Reporter)).PostJson("/api/incidents",
            new { category = "E0102", lon = 119.95269751653134, lat = 31.77790127197919, coord = "gcj02" }, HttpStatusCode.Created);
        made.At("coord").GetString().ShouldBe("gcj02");
        made.At("place", "lon").GetDouble().ShouldBe(119.9526975, 1e-7);
        var stored = await city.Anyone.Json($"/api/incidents/{made.At("id").GetInt64()}");
        stored.At("coord").GetString().ShouldBe("wgs84");
        stored.At("place", "lon").GetDouble().ShouldBe(119.948);
        stored.At("place", "lat").GetDouble().ShouldBe(31.78);
        // On the border of the grids of rows 0 and 1 it belongs to the lower code.
        stored.At("grid", "code").GetString().ShouldBe(SmallCity.GridCode(0, 0));
        ChinaOffset.Wgs84ToGcj02(119.948, 31.78).Lon.ShouldBe(119.95269751653134, 1e-12);
    }

    [DatabaseFact]
    public async Task A_key_of_one_area_writes_only_there()
    {
        var west = await city.Server.As(Role.Operator, SmallCity.Street1Id);
        await west.PostJson("/api/incidents", new { category = "E0102", lon = 119.955, lat = 31.775 }, HttpStatusCode.Created);
        (await west.PostJson("/api/incidents", new { category = "E0102", lon = 119.965, lat = 31.775 }, HttpStatusCode.Forbidden)).At("code").GetString().ShouldBe("access.outside-area");
        (await west.PostJson("/api/incidents", new { category = "E0102", lon = 118.0, lat = 31.775 }, HttpStatusCode.Forbidden)).At("code").GetString().ShouldBe("access.outside-area");
        var before = await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents");
        var mixed = new { incidents = new[] { new { category = "E0102", lon = 119.955, lat = 31.775 }, new { category = "E0102", lon = 119.965, lat = 31.775 } } };
        await west.PostJson("/api/incidents/batch", mixed, HttpStatusCode.Forbidden);
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents")).ShouldBe(before);
        var east = await city.Scratch.Scalar<long>("SELECT id FROM incidents WHERE area_id = 7 AND status = 'reported' LIMIT 1");
        await west.PatchJson($"/api/incidents/{east}", new { status = "accepted" }, HttpStatusCode.Forbidden);
    }

    [DatabaseFact]
    public async Task A_batch_goes_in_whole_and_in_order_or_not_at_all()
    {
        var reporter = await city.Server.As(Role.Reporter);
        var rows = Enumerable.Range(0, 5_000).Select(i => new { category = i % 2 == 0 ? "E0102" : "C0101", lon = 119.941 + (i % 28 * 0.001), lat = 31.771 + (i / 28 % 28 * 0.001), title = $"批{i}" }).ToArray();
        var made = await reporter.PostJson("/api/incidents/batch", new { incidents = rows }, HttpStatusCode.Created);
        made.At("count").GetInt32().ShouldBe(5_000);
        var last = await city.Anyone.Json($"/api/incidents/{made.At("items", 4_321, "id").GetInt64()}");
        last.At("title").GetString().ShouldBe("批4321");
        last.At("number").GetString().ShouldBe(made.At("items", 4_321, "number").GetString());

        var wrong = rows.Take(5).Select((row, i) => new { category = i == 3 ? "E9999" : row.category, row.lon, lat = i == 1 ? 91 : row.lat, title = "错" }).ToArray();
        (await reporter.PostJson("/api/incidents/batch", new { incidents = wrong }, HttpStatusCode.BadRequest)).Fields().ShouldBe(["incidents[1].lat"]);
        wrong[1] = wrong[0];
        (await reporter.PostJson("/api/incidents/batch", new { incidents = wrong }, HttpStatusCode.BadRequest)).Fields().ShouldBe(["incidents[3].category"]);
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE title = '错'")).ShouldBe(0);
    }

    [DatabaseTheory]
    [InlineData(null, "2026-12-05T08:00:00Z")]
    [InlineData("2026-12-05T08:00:00Z", null)]
    [InlineData(null, null)]
    public async Task Of_a_batch_some_may_fall_due_and_others_not(string? first, string? second)
    {
        var reporter = await city.Server.As(Role.Reporter);
        var rows = new[] { first, second }.Select(dueAt => new { category = "E0102", lon = 119.941, lat = 31.771, dueAt }).ToArray();
        var made = await reporter.PostJson("/api/incidents/batch", new { incidents = rows }, HttpStatusCode.Created);
        for (var i = 0; i < rows.Length; i++)
            (await city.Anyone.Json($"/api/incidents/{made.At("items", i, "id").GetInt64()}")).At("dueAt").GetString().ShouldBe(rows[i].dueAt);
    }
}
