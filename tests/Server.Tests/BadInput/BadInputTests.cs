using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.BadInput;

/// <summary>
/// Every endpoint's bad questions in tables (<c>…Cases.cs</c>, one for a group of endpoints): each answers 4xx with problem+json, says which field, and changes nothing.
/// </summary>
public sealed class BadInputTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseTheory]
    [MemberData(nameof(Questions))]
    public async Task A_bad_question_is_refused_by_name(string path, int status, string field) => await Refuse("GET", path, null, status, field);

    [DatabaseTheory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_refused_by_name(string method, string path, string body, int status, string field) => await Refuse(method, path, body, status, field);

    [DatabaseTheory]
    [InlineData("/api/incidents", """{"category":5,"lon":119.95,"lat":31.78}""", "category", "a text whose characters are all whole")]
    [InlineData("/api/incidents", """{"category":"E0102","lon":119.95,"lat":31.78,"title":"\ud800"}""", "title", "a text whose characters are all whole")]
    [InlineData("/api/incidents", """{"category":"E0102","lon":"east","lat":31.78}""", "lon", "a number")]
    [InlineData("/api/incidents", """{"category":"E0102","lon":119.95,"lat":31.78,"departmentId":1.5}""", "departmentId", "a whole number, at most 9223372036854775807")]
    [InlineData("/api/incidents/batch", """{"incidents":{"category":"E0102"}}""", "incidents", "a list")]
    [InlineData("/api/incidents/batch", """{"incidents":[7]}""", "incidents[0]", "an object")]
    [InlineData("/api/incidents/batch", "[]", "body", "an object")]
    [InlineData("/api/locate", """{"points":[119.95,31.78]}""", "points[0]", "a list")]
    [InlineData("/api/coverage/what-if", """{"facilityType":"clinic","changes":[{"op":"resize","id":1,"capacity":2147483648}]}""", "changes[0].capacity", "a whole number, at most 2147483647")]
    [InlineData("/api/plans/preview", """{"name":"a","areaId":1,"repair":"yes"}""", "repair", "true or false")]
    public async Task What_is_of_the_wrong_type_is_told_what_it_should_be(string path, string body, string field, string expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await (await city.Server.As(Role.Administrator)).PostAsync(path, content);
        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).At("errors", 0);
        (error.At("field").GetString(), error.At("expected").GetString()).ShouldBe((field, expected));
    }

    [DatabaseFact]
    public void The_table_is_not_empty()
    {
        var cases = Questions.Count() + Bodies.Count();
        cases.ShouldBeGreaterThanOrEqualTo(60);
    }

    /// <summary>Path, status, the field that the problem must name ("" for problems about no field).</summary>
    public static IEnumerable<object[]> Questions => [.. IncidentCases.Questions, .. AnalysisCases.Questions, .. PlanCases.Questions, .. StandardsCases.Questions];

    /// <summary>Method, path, body, status, field.</summary>
    public static IEnumerable<object[]> Bodies => [.. IncidentCases.Bodies, .. AnalysisCases.Bodies, .. PlanCases.Bodies, .. StandardsCases.Bodies];

    private async Task Refuse(string method, string path, string? body, int status, string field)
    {
        var client = await city.Server.As(Role.Administrator);
        var before = await State();
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, $"{method} {path} {body}: {text}");
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        foreach (var name in new[] { "type", "title", "detail", "instance", "code" }) problem.At(name).GetString().ShouldNotBeNullOrEmpty(name);
        problem.At("status").GetInt32().ShouldBe(status);
        if (field.Length > 0) problem.Fields().ShouldContain(field, text);
        (await State()).ShouldBe(before);
    }

    // Sequence numbers may be spent by an undone transaction; rows and changes may not.
    private Task<string?> State() => city.Scratch.Scalar<string>("""
        SELECT concat_ws(' ', (SELECT count(*) FROM changes), (SELECT count(*) FROM incidents), (SELECT count(*) FROM incident_steps), (SELECT count(*) FROM grids),
                         (SELECT md5(string_agg(incidents::text, '' ORDER BY id)) FROM incidents))
        """);
}
