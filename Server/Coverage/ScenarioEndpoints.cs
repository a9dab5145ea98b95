using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Npgsql;

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
        SELECT id, name, note, question ->> 'facilityType', jsonb_array_length(question -> 'changes'), owner, created_at, updated_at, updated_by, version
        FROM coverage_scenarios ORDER BY updated_at DESC, id LIMIT {MostScenarios}
        """, row => new ScenarioRef(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetString(5), row.GetDateTime(6), row.GetDateTime(7), row.TextOrNull(8), row.GetInt32(9)), cancellation)));

    private static async Task<Ok<Scenario>> One(long id, HttpContext http, Database database, IOptions<JsonOptions> json, CancellationToken cancellation) =>
        TypedResults.Ok(await Answer(id, http, database, json.Value.SerializerOptions, cancellation));

    private static async Task<Created<Scenario>> Create(HttpContext http, Database database, IOptions<JsonOptions> json, CancellationToken cancellation)
    {
        var (wanted, question) = await Read(http, json.Value.SerializerOptions, cancellation);
        var caller = Caller.Of(http);
        var id = await database.Write(caller.Name, async connection =>
        {
            await AreaScope.Check(connection, caller, wanted.Question.AreaId, cancellation);
            if (await connection.Scalar<long>($"SELECT count(*) FROM coverage_scenarios", cancellation) >= MostScenarios)
                throw Refused.Field("name", "scenario.too-many", $"at most {MostScenarios} scenarios: forget some");
            return await connection.Scalar<long>($"""
                INSERT INTO coverage_scenarios (name, note, question, owner) VALUES ({wanted.Name}, {wanted.Note}, {question}::jsonb, {caller.Name}) RETURNING id
                """, cancellation);
        }, cancellation);
        return TypedResults.Created($"/api/coverage/scenarios/{id}", await Answer(id, http, database, json.Value.SerializerOptions, cancellation));
    }

    private static async Task<Ok<Scenario>> Replace(long id, HttpContext http, Database database, IOptions<JsonOptions> json, CancellationToken cancellation)
    {
        var (wanted, question) = await Read(http, json.Value.SerializerOptions, cancellation);
        var caller = Caller.Of(http);
        await database.Write(caller.Name, async connection =>
        {
            await Lock(connection, id, http, cancellation);
            await AreaScope.Check(connection, caller, wanted.Question.AreaId, cancellation);
            return await connection.Execute($"UPDATE coverage_scenarios SET name = {wanted.Name}, note = {wanted.Note}, question = {question}::jsonb WHERE id = {id}", cancellation);
        }, cancellation);
        return TypedResults.Ok(await Answer(id, http, database, json.Value.SerializerOptions, cancellation));
    }

    private static async Task<NoContent> Delete(long id, HttpContext http, Database database, CancellationToken cancellation)
    {
        await database.Write(Caller.Of(http).Name, async connection =>
        {
            await Lock(connection, id, http, cancellation);
            return await connection.Execute($"DELETE FROM coverage_scenarios WHERE id = {id}", cancellation);
        }, cancellation);
        return TypedResults.NoContent();
    }

    // Of two writers with one version the second is told that there is another.
    private static async Task Lock(NpgsqlConnection connection, long id, HttpContext http, CancellationToken cancellation)
    {
        var (version, area) = await connection.QueryOne($"SELECT version, (question ->> 'areaId')::bigint FROM coverage_scenarios WHERE id = {id} FOR UPDATE",
            row => (row.GetInt32(0), row.LongOrNull(1)), cancellation);
        if (version == 0) throw Refused.NotFound("scenario", id);
        await AreaScope.Check(connection, Caller.Of(http), area, cancellation);
        var asked = http.Request.Headers.IfMatch;
        if (asked.Count > 0 && !Conditional.NamesStrongly(asked, Tag(version))) throw new Refused(Problems.PreconditionFailed, "The scenario has changed since it was read. Read it again.");
    }

    private static string Tag(int version) => $"\"{version}\"";

    private static async Task<Scenario> Answer(long id, HttpContext http, Database database, JsonSerializerOptions options, CancellationToken cancellation)
    {
        var scenario = await Find(id, database, options, cancellation);
        Conditional.Tag(http, Tag(scenario.Version));
        return scenario;
    }

    /// <exception cref="Refused">There is none.</exception>
    internal static async Task<Scenario> Find(long id, Database database, JsonSerializerOptions options, CancellationToken cancellation) => await database.QueryOne($"""
        SELECT id, name, note, owner, created_at, updated_at, updated_by, version, question::text FROM coverage_scenarios WHERE id = {id}
        """, row => new Scenario(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetDateTime(4), row.GetDateTime(5), row.TextOrNull(6), row.GetInt32(7),
            JsonSerializer.Deserialize<WhatIf>(row.GetString(8), options)!), cancellation) ?? throw Refused.NotFound("scenario", id);

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
