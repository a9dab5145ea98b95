using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Coverage;

public sealed class ScenarioTests(SmallCity city) : IClassFixture<SmallCity>
{
    private static readonly object Question = new { facilityType = "pharmacy", minutes = 10, changes = new object[] { new { op = "add", lon = 119.95, lat = 31.78 }, new { op = "close", id = 3 } } };

    [DatabaseFact]
    public async Task A_scenario_is_kept_changed_and_forgotten()
    {
        var planner = await city.Server.As(Role.Planner);
        var made = await planner.PostJson("/api/coverage/scenarios", new { name = "新药店", note = "给南区", question = Question }, HttpStatusCode.Created);
        var id = made.At("id").GetInt64();
        var read = await city.Anyone.Json($"/api/coverage/scenarios/{id}");
        read.ToString().ShouldBe(made.ToString());
        read.At("question", "changes", 1, "id").GetInt64().ShouldBe(3);
        read.At("question", "minutes").GetDouble().ShouldBe(10);
        using var taken = await planner.PostAsJsonAsync("/api/coverage/scenarios", new { name = "新药店", question = Question });
        taken.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        JsonDocument.Parse(await taken.Content.ReadAsStringAsync()).RootElement.Fields().ShouldBe(["name"]);
        using var changed = await planner.PutAsJsonAsync($"/api/coverage/scenarios/{id}", new { name = "另一个", question = new { facilityType = "clinic", changes = Array.Empty<object>() } });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var listed = (await city.Anyone.Json("/api/coverage/scenarios")).At("items").EnumerateArray().Single(item => item.At("id").GetInt64() == id);
        (listed.At("name").GetString(), listed.At("facilityType").GetString(), listed.At("changes").GetInt32()).ShouldBe(("另一个", "clinic", 0));
        (await planner.DeleteAsync($"/api/coverage/scenarios/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await city.Anyone.GetAsync($"/api/coverage/scenarios/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await planner.DeleteAsync($"/api/coverage/scenarios/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [DatabaseFact]
    public async Task Only_planners_keep_scenarios()
    {
        (await city.Anyone.PostAsJsonAsync("/api/coverage/scenarios", new { name = "x", question = Question })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var reader = await city.Server.As(Role.Reader);
        (await reader.PostAsJsonAsync("/api/coverage/scenarios", new { name = "x", question = Question })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [DatabaseTheory]
    [InlineData("{}", "name")]
    [InlineData("{\"name\":\" \",\"question\":{\"facilityType\":\"clinic\",\"changes\":[]}}", "name")]
    [InlineData("{\"name\":\"x\",\"question\":{\"facilityType\":\"clinic\",\"changes\":[{\"op\":\"burn\"}]}}", "question.changes[0].op")]
    [InlineData("{\"name\":\"x\",\"question\":{\"changes\":[]}}", "question.facilityType")]
    [InlineData("{\"name\":\"x\",\"question\":null}", "question")]
    public async Task What_is_no_scenario_is_refused_by_name(string body, string field)
    {
        var planner = await city.Server.As(Role.Planner);
        using var response = await planner.PostAsync("/api/coverage/scenarios", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldContain(field);
    }

    [DatabaseFact]
    public async Task A_city_without_roads_says_so()
    {
        using var response = await city.Anyone.GetAsync("/api/coverage/walking?facilityType=pharmacy");
        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.At("code").GetString().ShouldBe("walking.no-network");
    }
}
