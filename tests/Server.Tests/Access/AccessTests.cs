using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Access;

public sealed class AccessTests(GridMapServer server) : IClassFixture<GridMapServer>
{
    [DatabaseFact]
    public async Task Reading_is_open_on_loopback_and_says_who_asks()
    {
        var me = await server.Anyone.GetFromJsonAsync<JsonElement>("/api/me");
        me.GetProperty("signedIn").GetBoolean().ShouldBeFalse();
        me = await (await server.As(Role.Planner)).GetFromJsonAsync<JsonElement>("/api/me");
        me.GetProperty("role").GetString().ShouldBe("planner");
    }

    [DatabaseFact]
    public async Task A_key_is_shown_once_works_and_stops_when_revoked()
    {
        var administrator = await server.As(Role.Administrator);
        var made = await administrator.PostAsJsonAsync("/api/keys", new { name = "street office", role = "operator" });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var body = await made.Content.ReadFromJsonAsync<JsonElement>();
        var key = body.GetProperty("key").GetString()!;
        (await WhoAmI(key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await administrator.GetStringAsync("/api/keys")).ShouldNotContain(key);
        (await administrator.DeleteAsync($"/api/keys/{body.GetProperty("id").GetInt64()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await WhoAmI(key)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [DatabaseFact]
    public async Task A_low_role_and_a_missing_key_are_told_apart()
    {
        (await server.Anyone.GetAsync("/api/keys")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await server.As(Role.Planner)).GetAsync("/api/keys")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [DatabaseFact]
    public async Task A_forwarded_request_is_not_loopback()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        (await server.Anyone.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<HttpResponseMessage> WhoAmI(string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Add("X-API-Key", key);
        return await server.Anyone.SendAsync(request);
    }
}
