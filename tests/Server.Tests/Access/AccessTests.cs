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
        var listed = (await administrator.GetFromJsonAsync<JsonElement>("/api/keys")).GetProperty("items").EnumerateArray().Single(one => one.GetProperty("id").GetInt64() == body.GetProperty("id").GetInt64());
        listed.GetProperty("revokedBy").GetString().ShouldBe((await administrator.GetFromJsonAsync<JsonElement>("/api/me")).GetProperty("name").GetString());
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

    [DatabaseFact]
    public async Task An_administrator_of_an_area_makes_and_revokes_only_keys_of_that_area()
    {
        await server.Scratch.Execute("""
            INSERT INTO areas (id, code, name, level, parent_id, geom) VALUES
                (1, '01', 'city', 'city', NULL, ST_Multi(ST_MakeEnvelope(119, 31, 121, 33, 4326))), (2, '0101', 'left', 'district', 1, ST_Multi(ST_MakeEnvelope(119, 31, 120, 33, 4326))),
                (3, '010101', 'corner', 'street', 2, ST_Multi(ST_MakeEnvelope(119, 31, 120, 32, 4326))), (4, '0102', 'right', 'district', 1, ST_Multi(ST_MakeEnvelope(120, 31, 121, 33, 4326)))
            """);
        using var left = await server.As(Role.Administrator, 2);
        foreach (var wanted in new[] { new { name = "everywhere", role = "administrator", areaId = (long?)null }, new { name = "above", role = "reader", areaId = (long?)1 }, new { name = "beside", role = "reader", areaId = (long?)4 } })
            await Outside(await left.PostAsJsonAsync("/api/keys", wanted));
        var administrator = await server.As(Role.Administrator);
        await Outside(await left.DeleteAsync($"/api/keys/{await Make(administrator, "of the city", null)}"));
        await Outside(await left.DeleteAsync($"/api/keys/{await Make(administrator, "of the right", 4)}"));
        (await left.DeleteAsync($"/api/keys/{await Make(left, "of the corner", 3)}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await left.DeleteAsync("/api/keys/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        static async Task<long> Make(HttpClient client, string name, long? areaId)
        {
            var made = await client.PostAsJsonAsync("/api/keys", new { name, role = "administrator", areaId });
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
            return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        }

        static async Task Outside(HttpResponseMessage answer)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("access.outside-area");
        }
    }

    [DatabaseTheory]
    [InlineData("https://evil.example", null, false)]
    [InlineData("null", null, false)]
    [InlineData("http://localhost:5173", null, true)]
    [InlineData("http://127.0.0.1:1", null, true)]
    [InlineData(null, "evil.example", false)]
    [InlineData("http://evil.example", "evil.example", false)]
    [InlineData(null, "localhost:5080", true)]
    [InlineData(null, "[::1]:5080", true)]
    public async Task A_page_of_somebody_else_in_a_browser_here_is_not_loopback(string? origin, string? host, bool isOpen)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/catalogues");
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Host = host;
        (await server.Anyone.SendAsync(request)).StatusCode.ShouldBe(isOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    private async Task<HttpResponseMessage> WhoAmI(string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Add("X-API-Key", key);
        return await server.Anyone.SendAsync(request);
    }
}
