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
