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
    public async Task Whoever_changes_or_forgets_a_scenario_is_named_and_of_two_with_one_version_one_wins()
    {
        using var one = await city.Server.As(Role.Planner, SmallCity.CityId);
        using var other = await city.Server.As(Role.Planner, SmallCity.CityId);
        var (first, second) = (await Name(one), await Name(other));
        using var made = await one.PostAsJsonAsync("/api/coverage/scenarios", new { name = "named", question = Of(SmallCity.CityId) });
        made.Headers.ETag!.Tag.ShouldBe("\"1\"");
        var id = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.At("id").GetInt64();
        (await city.Anyone.GetAsync($"/api/coverage/scenarios/{id}")).Headers.ETag!.Tag.ShouldBe("\"1\"");

        (await Put(other, id, "\"1\"", "by the other")).Headers.ETag!.Tag.ShouldBe("\"2\"");
        var read = await city.Anyone.Json($"/api/coverage/scenarios/{id}");
        (read.At("owner").GetString(), read.At("updatedBy").GetString(), read.At("version").GetInt32()).ShouldBe((first, second, 2));
        (await Put(one, id, "\"1\"", "too late")).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await city.Anyone.Json($"/api/coverage/scenarios/{id}")).ToString().ShouldBe(read.ToString());

        (await Delete(one, id, "\"1\"")).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Delete(other, id, "\"2\"")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await city.Scratch.Scalar<string>($"SELECT string_agg(op || ' ' || actor, ', ' ORDER BY seq) FROM changes WHERE table_name = 'coverage_scenarios' AND row_id = {id}"))
            .ShouldBe($"insert {first}, update {second}, delete {second}");
    }

    [DatabaseFact]
    public async Task A_key_of_an_area_keeps_scenarios_of_that_area_alone()
    {
        using var limited = await city.Server.As(Role.Planner, SmallCity.Street1Id);
        var planner = await city.Server.As(Role.Planner);
        foreach (var area in new long?[] { null, SmallCity.CityId, SmallCity.Street2Id })
        {
            await Outside(await limited.PostAsJsonAsync("/api/coverage/scenarios", new { name = "outside", question = Of(area) }));
            var id = (await planner.PostJson("/api/coverage/scenarios", new { name = $"of {area}", question = Of(area) }, HttpStatusCode.Created)).At("id").GetInt64();
            await Outside(await Put(limited, id, "*", "taken over"));
            await Outside(await Delete(limited, id, "*"));
        }
        var own = (await limited.PostJson("/api/coverage/scenarios", new { name = "own", question = Of(SmallCity.Community1Id) }, HttpStatusCode.Created)).At("id").GetInt64();
        (await Put(limited, own, "W/\"1\"", "own")).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed, "a weak tag never fits");
        (await Put(limited, own, "*", "own again")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var away = await limited.PutAsJsonAsync($"/api/coverage/scenarios/{own}", new { name = "away", question = Of(SmallCity.Street2Id) });
        await Outside(away);
        (await Delete(limited, own, "*")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        static async Task Outside(HttpResponseMessage answer)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.At("code").GetString().ShouldBe("access.outside-area");
        }
    }

    private static object Of(long? areaId) => new { facilityType = "pharmacy", changes = Array.Empty<object>(), areaId };

    private static async Task<string> Name(HttpClient client) => (await client.Json("/api/me")).At("name").GetString()!;

    private static Task<HttpResponseMessage> Put(HttpClient client, long id, string ifMatch, string name) =>
        Send(client, HttpMethod.Put, id, ifMatch, JsonContent.Create(new { name, question = Of(SmallCity.Community1Id) }));

    private static Task<HttpResponseMessage> Delete(HttpClient client, long id, string ifMatch) => Send(client, HttpMethod.Delete, id, ifMatch, null);

    private static Task<HttpResponseMessage> Send(HttpClient client, HttpMethod method, long id, string ifMatch, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, $"/api/coverage/scenarios/{id}") { Content = content };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(request);
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
