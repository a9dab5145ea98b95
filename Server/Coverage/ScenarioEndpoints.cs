using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace GridMap.Server.Coverage;

/// <summary>Scenarios that planners keep, so that they can be shared by link and held against each other.</summary>
public static class ScenarioEndpoints
{
    private const int MostScenarios = 1_000;

    public static void MapScenarios(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/coverage/scenarios").About("Coverage", "Who is within reach of a service");
        api.MapGet("", List).Takes().Reads().WithSummary("Scenarios that are kept, the latest first");
        api.MapGet("/{id:long}", One).Takes().Reads().WithSummary("A scenario with its question");
        api.MapPost("", Create).Takes().Needs(Role.Planner).Accepts<ScenarioWanted>("application/json").WithSummary("Keep a scenario under a name");
        api.MapPut("/{id:long}", Replace).Takes().Needs(Role.Planner).Accepts<ScenarioWanted>("application/json").WithSummary("Keep another question under the name");
        api.MapDelete("/{id:long}", Delete).Takes().Needs(Role.Planner).WithSummary("Forget a scenario");
    }

    private static async Task<Ok<Listed<ScenarioRef>>> List(Database database, CancellationToken cancellation) => TypedResults.Ok(new Listed<ScenarioRef>(await database.Query($"""
        SELECT id, name, note, question ->> 'facilityType', jsonb_array_length(question -> 'changes'), owner, created_at, updated_at
        FROM coverage_scenarios ORDER BY updated_at DESC, id LIMIT {MostScenarios}
        """, row => new ScenarioRef(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetString(5), row.GetDateTime(6), row.GetDateTime(7)), cancellation)));

    private static async Task<Ok<Scenario>> One(long id, Database database, IOptions<JsonOptions> json, CancellationToken cancellation) =>
        TypedResults.Ok(await Find(id, database, json.Value.SerializerOptions, cancellation));

    private static async Task<Created<Scenario>> Create(HttpContext http, Database database, IOptions<JsonOptions> json, CancellationToken cancellation)
    {
        var (wanted, question) = await Read(http, json.Value.SerializerOptions, cancellation);
        var owner = Caller.Of(http).Name;
        var id = await database.Write(owner, async connection =>
        {
            if (await connection.Scalar<long>($"SELECT count(*) FROM coverage_scenarios", cancellation) >= MostScenarios)
                throw Refused.Field("name", "scenario.too-many", $"at most {MostScenarios} scenarios: forget some");
            return await connection.Scalar<long>($"""
                INSERT INTO coverage_scenarios (name, note, question, owner) VALUES ({wanted.Name}, {wanted.Note}, {question}::jsonb, {owner}) RETURNING id
                """, cancellation);
        }, cancellation);
        return TypedResults.Created($"/api/coverage/scenarios/{id}", await Find(id, database, json.Value.SerializerOptions, cancellation));
    }

    private static async Task<Ok<Scenario>> Replace(long id, HttpContext http, Database database, IOptions<JsonOptions> json, CancellationToken cancellation)
    {
        var (wanted, question) = await Read(http, json.Value.SerializerOptions, cancellation);
        var changed = await database.Write(Caller.Of(http).Name, connection => connection.Execute($"""
            UPDATE coverage_scenarios SET name = {wanted.Name}, note = {wanted.Note}, question = {question}::jsonb, updated_at = now() WHERE id = {id}
            """, cancellation), cancellation);
        return changed == 1 ? TypedResults.Ok(await Find(id, database, json.Value.SerializerOptions, cancellation)) : throw Refused.NotFound("scenario", id);
    }

    private static async Task<NoContent> Delete(long id, HttpContext http, Database database, CancellationToken cancellation) =>
        await database.Write(Caller.Of(http).Name, connection => connection.Execute($"DELETE FROM coverage_scenarios WHERE id = {id}", cancellation), cancellation) == 1
            ? TypedResults.NoContent() : throw Refused.NotFound("scenario", id);

    /// <exception cref="Refused">There is none.</exception>
    internal static async Task<Scenario> Find(long id, Database database, JsonSerializerOptions options, CancellationToken cancellation) => await database.QueryOne($"""
        SELECT id, name, note, owner, created_at, updated_at, question::text FROM coverage_scenarios WHERE id = {id}
        """, row => new Scenario(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetDateTime(4), row.GetDateTime(5),
            JsonSerializer.Deserialize<WhatIf>(row.GetString(6), options)!), cancellation) ?? throw Refused.NotFound("scenario", id);

    private static async Task<(ScenarioWanted Wanted, string Question)> Read(HttpContext http, JsonSerializerOptions options, CancellationToken cancellation)
    {
        var wanted = await Body.Read<ScenarioWanted>(http, cancellation);
        if (wanted.Name.Trim().Length is 0 or > 100 || wanted.Name.Any(char.IsControl)) throw Refused.Field("name", "text.length", "1 to 100 characters, none of them a control character");
        if (wanted.Note.Length > 2_000 || wanted.Note.Contains('\0')) throw Refused.Field("note", "text.length", "at most 2,000 characters");
        try
        {
            WhatIfReading.Check(wanted.Question, WalkCoverageEndpoints.MostChanges);
        }
        catch (Refused refused) when (refused.Errors is { } errors)
        {
            throw Refused.Fields([.. errors.Select(error => error with { Field = $"question.{error.Field}" })]);
        }
        return (wanted, JsonSerializer.Serialize(wanted.Question, options));
    }
}
