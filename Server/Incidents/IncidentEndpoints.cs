using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Incidents;

public static class IncidentEndpoints
{
    private const string KeyHeader = "Idempotency-Key";
    private static readonly Parameter<long?> GridId = Parameters.Id("gridId", "A grid.");
    private static readonly Parameter<string?> Q = Parameters.TextOf("q", 100, "Part of the number, title or address.");
    private static readonly Parameter<string?> After = Parameters.TextOf("after", 100, "Where the last page ended: its 'next'.");
    private static readonly Parameter<int?> Limit = Parameters.Integer("limit", 1, 500, "Most incidents on a page; 50 when absent.").Or(50);

    public static void MapIncidents(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/incidents").About("Incidents", "Incidents and the steps they go through");
        api.MapGet("", List).Takes([.. IncidentFilter.All, GridId, Parameters.Bbox, Q, After, Limit]).Reads().WithSummary("Incidents, newest first, by pages");
        api.MapGet("/{id:long}", One).Takes().Reads().WithSummary("One incident with its steps and what may follow");
        api.MapPost("", Report).Takes().Needs(Role.Reporter).Accepts<IncidentWanted>("application/json").WithSummary("Report an incident");
        api.MapPost("/batch", ReportMany).Takes().Needs(Role.Reporter).Accepts<IncidentBatch>("application/json").WithSummary("Report up to 5,000 incidents, all or nothing");
        api.MapPatch("/{id:long}", Change).Takes().Needs(Role.Operator).Accepts<IncidentChange>("application/json").WithSummary("Work on an incident");
    }

    private static async Task<Ok<Page<Incident>>> List(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var filter = await IncidentFilter.Of(ask, database, clock, cancellation);
        var conditions = new List<Sql> { filter.Where() };
        if (ask.Get(GridId) is { } grid) conditions.Add($"incidents.grid_id = {grid}");
        if (ask.Get(Parameters.Bbox) is { } bbox) conditions.Add(bbox.Intersects(Sql.Trusted("incidents.geom")));
        if (ask.Get(Q) is { } text) conditions.Add($"(number || ' ' || title || ' ' || address) ILIKE {Like.Contains(text)}");
        if (ask.Get(After) is { } after)
        {
            var (reportedAt, id) = ReadCursor(after);
            conditions.Add($"(incidents.reported_at, incidents.id) < ({reportedAt}, {id})");
        }
        var limit = ask.Get(Limit)!.Value;
        var items = await IncidentQueries.List(database, Sql.And(conditions), limit + 1, cancellation);
        if (items.Count <= limit) return TypedResults.Ok(new Page<Incident>(items, null));
        items.RemoveAt(limit);
        return TypedResults.Ok(new Page<Incident>(items, WriteCursor(items[^1])));
    }

    private static async Task<Ok<IncidentWithSteps>> One(long id, Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var incident = await IncidentQueries.One(connection, id, default, cancellation) ?? throw Refused.NotFound("incident", id);
        var steps = await IncidentQueries.Steps(connection, id, cancellation);
        return TypedResults.Ok(new IncidentWithSteps(incident, steps));
    }

    private static async Task<Created<Incident>> Report(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var wanted = await Body.Read<IncidentWanted>(http, cancellation);
        var caller = Caller.Of(http);
        var key = KeyOf(http.Request, caller);
        var hash = key is null ? null : SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(wanted));
        var rows = IncidentIntake.Check([wanted], isBatch: false, await clock.Zone(cancellation), clock.Now);
        var incident = await database.Write(caller.Name, async connection =>
        {
            await IncidentIntake.CheckReferences(connection, rows, isBatch: false, cancellation);
            var made = await IncidentQueries.Insert(connection, rows, caller.Name, key, hash, cancellation);
            if (made is [var (number, areaId)])
            {
                await AreaScope.Check(connection, caller, areaId, cancellation);
                return await IncidentQueries.One(connection, number.Id, Datum.Of(wanted.Coord), cancellation);
            }
            // The key was used before: the same request gets the same incident, another one is a mistake of the sender.
            var first = await IncidentQueries.ByKey(connection, key!, cancellation);
            if (!first.Hash.AsSpan().SequenceEqual(hash))
                throw new Refused("incident.key-reused", $"This {KeyHeader} was sent before with another incident.");
            http.Response.Headers["Idempotency-Replayed"] = "true";
            return await IncidentQueries.One(connection, first.Id, Datum.Of(wanted.Coord), cancellation);
        }, cancellation);
        return TypedResults.Created($"/api/incidents/{incident!.Id}", incident);
    }

    private static async Task<Created<IncidentBatchMade>> ReportMany(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        if (http.Request.Headers.ContainsKey(KeyHeader)) throw Refused.Field(KeyHeader, "header.not-here", "no such header on a batch");
        var batch = await Body.Read<IncidentBatch>(http, cancellation);
        if (batch.Incidents.Count is < 1 or > IncidentIntake.MostRows) throw Refused.Field("incidents", "list.length", $"1 to {IncidentIntake.MostRows} incidents");
        var caller = Caller.Of(http);
        var rows = IncidentIntake.Check(batch.Incidents, isBatch: true, await clock.Zone(cancellation), clock.Now);
        var made = await database.Write(caller.Name, async connection =>
        {
            await IncidentIntake.CheckReferences(connection, rows, isBatch: true, cancellation);
            var made = await IncidentQueries.Insert(connection, rows, caller.Name, null, null, cancellation);
            foreach (var area in made.Select(row => row.AreaId).Distinct()) await AreaScope.Check(connection, caller, area, cancellation);
            return made;
        }, cancellation);
        return TypedResults.Created("/api/incidents", new IncidentBatchMade(made.Count, made.Select(row => row.Made).ToList()));
    }

    private static async Task<Ok<IncidentWithSteps>> Change(long id, HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var change = await Body.Read<IncidentChange>(http, cancellation);
        var caller = Caller.Of(http);
        var errors = new List<FieldError>();
        if (change == new IncidentChange()) errors.Add(new FieldError("body", "body.empty", "something to change"));
        IncidentIntake.CheckChoice(change.Status, "status", isStatus: true, errors);
        IncidentIntake.CheckChoice(change.Severity, "severity", isStatus: false, errors);
        IncidentIntake.Text(change.Note, "note", 2_000, lines: true, errors);
        var dueAt = IncidentIntake.Time(change.DueAt, "dueAt", await clock.Zone(cancellation), errors);
        if (errors.Count > 0) throw Refused.Fields(errors);
        var changed = await database.Write(caller.Name, async connection =>
        {
            var (status, areaId, reportedAt) = await IncidentQueries.Lock(connection, id, cancellation) ?? throw Refused.NotFound("incident", id);
            await AreaScope.Check(connection, caller, areaId, cancellation);
            if (change.Status is { } to) IncidentWorkflow.Check(status, to);
            else if (IncidentWorkflow.IsFinal(status) && change != new IncidentChange(Note: change.Note))
                throw new Refused(IncidentWorkflow.Final, $"The incident is {status}: only notes may be added.");
            if (dueAt < reportedAt) throw Refused.Field("dueAt", "time.before-report", "a moment after the report");
            if (change.DepartmentId is { } department && !await connection.Scalar<bool>($"SELECT EXISTS (SELECT FROM departments WHERE id = {department})", cancellation))
                throw Refused.Field("departmentId", "department.unknown", "the id of a department");
            await IncidentQueries.Change(connection, id, caller.Name, status, change, dueAt, cancellation);
            var incident = await IncidentQueries.One(connection, id, default, cancellation);
            return new IncidentWithSteps(incident!, await IncidentQueries.Steps(connection, id, cancellation));
        }, cancellation);
        return TypedResults.Ok(changed);
    }

    // Kept with the sender's name, so that two senders may count from 1.
    private static string? KeyOf(HttpRequest request, Caller caller)
    {
        if (!request.Headers.TryGetValue(KeyHeader, out var values)) return null;
        var key = values.ToString();
        return values.Count == 1 && key.Length is >= 1 and <= 200 && key.All(letter => letter is > ' ' and < '\x7f')
            ? $"{caller.Name}/{key}" : throw Refused.Field(KeyHeader, "header.unreadable", "1 to 200 visible ASCII characters");
    }

    private static string WriteCursor(Incident last) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{last.ReportedAt.Ticks} {last.Id}"));

    private static (DateTime ReportedAt, long Id) ReadCursor(string text)
    {
        Span<byte> bytes = stackalloc byte[100];
        if (Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && Encoding.ASCII.GetString(bytes[..length]).Split(' ') is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var moment) && moment <= DateTime.MaxValue.Ticks
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return (new DateTime(moment, DateTimeKind.Utc), number);
        throw Refused.Field("after", "cursor.unreadable", "the 'next' of the page before");
    }
}
