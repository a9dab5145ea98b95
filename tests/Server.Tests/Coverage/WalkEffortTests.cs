using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Coverage;

/// <summary>So many facilities that walks from each of them across the whole town are more than somebody should wait for.</summary>
public sealed class WalkEffortTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    private const int Facilities = 40_000;

    [DatabaseFact]
    public async Task Too_much_to_wait_for_is_refused_at_once_by_the_field_that_says_how_far_and_done_as_a_job()
    {
        await town.Scratch.Execute($"""
            INSERT INTO facilities (code, name, type, capacity, geom) SELECT 'many-' || n, '座椅', 'playground', 1, centre
            FROM (SELECT centre, row_number() OVER () AS row, count(*) OVER () AS rows FROM buildings) homes JOIN generate_series(1, {Facilities}) AS n ON row = 1 + n % rows
            """);
        ((await town.City()).Network.Nodes * (long)Facilities).ShouldBeGreaterThan(30_000_000, "or nothing could be too much here");
        using var owner = await town.Server.As(Role.Reader);
        foreach (var (question, field) in new[] { ("radiusMetres=10000", "radiusMetres"), ("minutes=120", "minutes") })
        {
            foreach (var address in new[] { "walking", "gaps", "catchment", "what-if" })
            {
                using var response = await owner.GetAsync($"/api/coverage/{address}?facilityType=playground&{question}");
                var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
                response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{address} {problem}");
                problem.At("errors")[0].At("field").GetString().ShouldBe(field, address);
                problem.At("errors")[0].At("code").GetString().ShouldBe("walk.too-long", address);
            }

            foreach (var address in new[] { "/api/coverage/what-if", "/api/coverage/what-if/capacity" })
            {
                using var response = await owner.PostAsJsonAsync(address, new Dictionary<string, object> { ["facilityType"] = "playground", [field] = field == "minutes" ? 120 : 10_000, ["changes"] = Array.Empty<object>() });
                (await response.Content.ReadFromJsonAsync<JsonElement>()).Fields().ShouldBe([field], address);
            }
        }

        // A short walk from as many is answered.
        (await owner.Json("/api/coverage/walking?facilityType=playground&radiusMetres=50")).At("facilities").GetInt32().ShouldBeGreaterThanOrEqualTo(Facilities);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ogc/processes/coverage-catchment/execution") { Content = JsonContent.Create(new { inputs = new { facilityType = "playground", radiusMetres = 10_000 } }) };
        request.Headers.Add("Prefer", "respond-async");
        using var started = await owner.SendAsync(request);
        started.StatusCode.ShouldBe(HttpStatusCode.Created, await started.Content.ReadAsStringAsync());
        var job = started.Headers.Location!.PathAndQuery;
        for (var i = 0; i < 1200 && (await owner.Json(job)).At("status").GetString() is "accepted" or "running"; i++) await Task.Delay(100);
        var answer = await owner.Json($"{job}/results");
        answer.At("capacityReached").GetDouble().ShouldBe(answer.At("capacity").GetInt64(), 0.01, "everybody in one town");
    }
}
