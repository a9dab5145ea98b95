using System.Globalization;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Plans;

public static class PlanEndpoints
{
    private const int MostDecisions = 1_000;

    private static readonly Parameter<bool?> DryRun = Parameters.Flag("dryRun", "Answer what the edit would do; change nothing.");
    private static readonly Parameter<string?> Status = Parameters.Choice("status", ["draft", "published", "withdrawn"], "Only plans of this status.");
    private static readonly Parameter<int?> Limit = Parameters.Integer("limit", 1, 500, "Most plans; 100 when absent.").Or(100);
    private static readonly Parameter<string?> Net = Parameters.TextOf("net", 40, "The net; base when absent.").Or("base");

    private static readonly Parameter<string?> Of = Parameters.Choice("of", ["changed", "all"], "Whose meshes are judged: of the grids that the draft changed (when absent), or of all of them.");
    private static readonly Parameter<int?> Since = Parameters.Integer("since", 1, int.MaxValue, "Only the grids that are different since this version of the draft; all of them where the server cannot tell.");

    public static void MapPlans(this IEndpointRouteBuilder app)
    {
        var plans = app.MapGroup("/api/plans").About("Plans", "Drafts of boundaries: edited, checked, discussed, published on a date");
        plans.MapGet("", List).Takes(Status, Parameters.AreaId, Limit).Reads().WithSummary("Plans, newest first");
        plans.MapPost("/preview", Preview).Takes().Needs(Role.Planner).Accepts<PlanWanted>("application/json").WithSummary("What a plan would begin with, and what repairs would move");
        plans.MapPost("", Begin).Takes().Needs(Role.Planner).Accepts<PlanWanted>("application/json").WithSummary("Begin a plan over the grids of a date");
        plans.MapGet("/{id:long}", One).Takes().Reads().WithSummary("A plan with its steps, comments, consultations and conflicts");
        plans.MapDelete("/{id:long}", Withdraw).Takes().Needs(Role.Planner).WithSummary("Withdraw a draft");
        plans.MapGet("/{id:long}/grids", Grids).Takes(Since).Reads().WithSummary("The grids of the draft with their figures");
        plans.MapPost("/{id:long}/edits", Edit).Takes(DryRun).Needs(Role.Planner).Accepts<PlanCommand>("application/json").WithSummary("Edit the draft, or only see what it would do");
        plans.MapPost("/{id:long}/undo", Undo).Takes().Needs(Role.Planner).WithSummary("Take the last edit back");
        plans.MapPost("/{id:long}/redo", Redo).Takes().Needs(Role.Planner).WithSummary("Make the edit again that was taken back last");
        plans.MapPost("/{id:long}/rebase", Rebase).Takes().Needs(Role.Planner).WithSummary("Put the draft over the grids of today: a new plan with its changes as one step; the old one is withdrawn");
        PlanProposalEndpoints.Map(plans);
        PlanFileEndpoints.Map(plans);
        plans.MapGet("/{id:long}/check", Check).Takes(Of).Reads().WithSummary("What keeps the draft from being published, and what needs a reason");
        plans.MapGet("/{id:long}/comparison", Compare).Takes().Reads().WithSummary("What the draft would move from which grid to which");
        plans.MapPost("/{id:long}/comments", Comment).Takes().Needs(Role.Operator).Accepts<CommentWanted>("application/json").WithSummary("Say something about a draft");
        plans.MapPost("/{id:long}/consultations", Consult).Takes().Needs(Role.Operator).Accepts<ConsultationWanted>("application/json").WithSummary("Agree to a draft for an area, or object with a reason");
        plans.MapPost("/{id:long}/publish", Publish).Takes().Needs(Role.Planner).Accepts<PublishWanted>("application/json").WithSummary("Publish the draft from a date on");
        plans.MapGet("/{id:long}/crosswalk", Crosswalk).Takes().Reads().WithSummary("What became of what, of a published plan");
        app.MapGroup("/api/grids").About("Grids", "Grids of every net, dated").MapGet("/{code}/life", Life).Takes(Net).Reads().WithSummary("What a grid was split from and merged into");
    }

    private static async Task<Ok<Listed<Plan>>> List(HttpContext http, Database database, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var conditions = new List<Sql>();
        if (ask.Get(Status) is { } status) conditions.Add($"plans.status = {status}");
        if (ask.Get(Parameters.AreaId) is { } area) conditions.Add($"plans.area_id IN (SELECT areas_below({area}))");
        await using var connection = await database.Open(cancellation);
        return TypedResults.Ok(new Listed<Plan>(await PlanQueries.List(connection, Sql.And(conditions), ask.Get(Limit)!.Value, cancellation)));
    }

    private static async Task<Ok<PlanPreview>> Preview(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var (wanted, baseAt) = await Wanted(http, clock, cancellation);
        return TypedResults.Ok(await PlanPreviews.Of(database, Caller.Of(http), wanted, baseAt, cancellation));
    }

    private static async Task<Created<Plan>> Begin(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var (wanted, baseAt) = await Wanted(http, clock, cancellation);
        var plan = await database.Write(Caller.Of(http).Name, async connection =>
        {
            var id = await PlanStart.Begin(connection, Caller.Of(http), wanted, baseAt, cancellation);
            return (await PlanQueries.One(connection, id, cancellation))!;
        }, cancellation);
        Tag(http, plan.Version);
        return TypedResults.Created($"/api/plans/{plan.Id}", plan);
    }

    private static async Task<(PlanWanted Wanted, DateTime BaseAt)> Wanted(HttpContext http, CityClock clock, CancellationToken cancellation)
    {
        var wanted = await Body.Read<PlanWanted>(http, cancellation);
        var errors = new List<FieldError>();
        if (wanted.Name.Trim().Length is < 1 or > 100) errors.Add(new FieldError("name", "text.length", "1 to 100 characters"));
        if (!(wanted.Least >= 0 && wanted.Least < 1_000_000)) errors.Add(new FieldError("least", "number.out-of-range", "a number from 0 to below 1000000"));
        else if (!(wanted.Most > wanted.Least && wanted.Most <= 1_000_000)) errors.Add(new FieldError("most", "number.out-of-range", "a number above least, at most 1000000"));
        wanted.Limits?.Check(errors);
        // A day to come has the boundaries that are published for it.
        var baseAt = await clock.Utc(wanted.BaseAt, "baseAt", errors, cancellation);
        if (wanted.Decisions is { Count: > MostDecisions }) errors.Add(new FieldError("decisions", "list.too-long", $"at most {MostDecisions} decisions"));
        return errors.Count > 0 ? throw Refused.Fields(errors) : (wanted, baseAt ?? clock.Now);
    }

    private static async Task<Ok<PlanWithSteps>> One(long id, HttpContext http, PlanEdits edits, CancellationToken cancellation) =>
        TypedResults.Ok(await edits.Read(id, async (connection, plan, draft, _) =>
        {
            Tag(http, plan.Version);
            return new PlanWithSteps(plan, await PlanQueries.Steps(connection, plan, draft.Key, cancellation), await PlanQueries.Comments(connection, id, cancellation),
                await PlanQueries.Consultations(connection, id, cancellation), plan.Status == "draft" ? await PlanQueries.Conflicts(connection, draft, cancellation) : [],
                [.. draft.Base.Where(grid => grid.Repaired).Select(grid => grid.Code)]);
        }, cancellation));

    private static async Task<Ok<PlanGrids>> Grids(long id, HttpContext http, PlanEdits edits, PlanFigures figures, CancellationToken cancellation)
    {
        var since = Question.Of(http).Get(Since);
        return TypedResults.Ok(await edits.Read(id, async (connection, plan, draft, plane) =>
        {
            Tag(http, plan.Version);
            var behind = since is { } version ? await PlanVersions.Since(connection, plan, version, cancellation) : null;
            int[] asked = [.. behind?.SelectMany(each => each.Touched).Distinct() ?? draft.Partition.Faces];
            var counted = await figures.Count(connection, [.. asked.Where(draft.Partition.Has).Select(face => PlanFigures.Of(draft, face))], plan, plane, true, cancellation);
            return new PlanGrids(plan.Version, behind is null, counted, [.. asked.Where(face => !draft.Partition.Has(face)).Select(draft.Key)]);
        }, cancellation));
    }

    private static async Task<Ok<PlanEdited>> Edit(long id, HttpContext http, PlanEdits edits, CancellationToken cancellation)
    {
        var dryRun = Question.Of(http).Get(DryRun) == true;
        var command = await Body.Read<PlanCommand>(http, cancellation);
        return Edited(http, await edits.Edit(id, Caller.Of(http), Expected(http), command, dryRun, cancellation));
    }

    private static async Task<Ok<PlanEdited>> Undo(long id, HttpContext http, PlanEdits edits, CancellationToken cancellation) =>
        Edited(http, await edits.Undo(id, Caller.Of(http), Expected(http), cancellation));

    private static async Task<Ok<PlanEdited>> Redo(long id, HttpContext http, PlanEdits edits, CancellationToken cancellation) =>
        Edited(http, await edits.Redo(id, Caller.Of(http), Expected(http), cancellation));

    private static async Task<Created<Plan>> Rebase(long id, HttpContext http, PlanEdits edits, CityClock clock, CancellationToken cancellation)
    {
        var plan = await edits.Rebase(id, Caller.Of(http), Expected(http), clock.Now, cancellation);
        Tag(http, plan.Version);
        return TypedResults.Created($"/api/plans/{plan.Id}", plan);
    }

    private static async Task<Ok<PlanCheck>> Check(long id, HttpContext http, PlanEdits edits, PlanFigures figures, CancellationToken cancellation)
    {
        var all = Question.Of(http).Get(Of) == "all";
        return TypedResults.Ok(await edits.Read(id, (connection, plan, draft, _) => PlanPublishing.Check(connection, figures, draft, plan, all, cancellation), cancellation));
    }

    private static async Task<Ok<PlanComparison>> Compare(long id, HttpContext http, PlanEdits edits, PlanFigures figures, CancellationToken cancellation) =>
        TypedResults.Ok(await edits.Read(id, (connection, plan, draft, _) => PlanComparisons.Compare(connection, figures, draft, plan, Caller.Of(http).SignedIn, cancellation), cancellation));

    private static async Task<NoContent> Withdraw(long id, HttpContext http, Database database, CancellationToken cancellation)
    {
        await database.Write(Caller.Of(http).Name, async connection =>
        {
            await PlanEdits.Draft(connection, id, Caller.Of(http), cancellation);
            return await connection.Execute($"UPDATE plans SET status = 'withdrawn', version = version + 1 WHERE id = {id}", cancellation);
        }, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Created<PlanComment>> Comment(long id, HttpContext http, Database database, PlanEdits edits, CancellationToken cancellation)
    {
        var wanted = await Body.Read<CommentWanted>(http, cancellation);
        if (wanted.Text.Trim().Length is < 1 or > 2_000) throw Refused.Field("text", "text.length", "1 to 2000 characters");
        if (wanted.Grid is { Length: > 60 }) throw Refused.Field("grid", "text.length", "at most 60 characters");
        if (wanted.Place is { } place && !(place.Lon is >= -180 and <= 180 && place.Lat is >= -90 and <= 90)) throw Refused.Field("place", "number.out-of-range", "a longitude and a latitude");
        var comment = await database.Write(Caller.Of(http).Name, async connection =>
        {
            var plan = await PlanEdits.Draft(connection, id, Caller.Of(http), cancellation);
            if (wanted.Grid is { } grid && !await edits.Knows(connection, plan, grid, cancellation)) throw Refused.Field("grid", "grid.unknown", "the code of a grid of this draft or its base, or # and the number of a new one");
            await connection.Execute($"""
                INSERT INTO plan_comments (plan_id, grid, place, text, made_by)
                VALUES ({id}, {wanted.Grid}, ST_SetSRID(ST_MakePoint({wanted.Place?.Lon}::double precision, {wanted.Place?.Lat}::double precision), 4326), {wanted.Text.Trim()}, {Caller.Of(http).Name})
                """, cancellation);
            return (await PlanQueries.Comments(connection, id, cancellation))[^1];
        }, cancellation);
        return TypedResults.Created($"/api/plans/{id}", comment);
    }

    private static async Task<Created<PlanConsultation>> Consult(long id, HttpContext http, Database database, CancellationToken cancellation)
    {
        var wanted = await Body.Read<ConsultationWanted>(http, cancellation);
        if (wanted.Reason.Length > 2_000) throw Refused.Field("reason", "text.length", "at most 2000 characters");
        if (!wanted.Agrees && wanted.Reason.Trim().Length == 0) throw Refused.Field("reason", "field.missing", "why the area objects");
        var caller = Caller.Of(http);
        var said = await database.Write(caller.Name, async connection =>
        {
            // Whoever speaks for an area need not be allowed to plan in all of the plan's.
            var plan = await PlanQueries.Lock(connection, id, cancellation);
            if (plan.Status != "draft") throw new Refused("plan.not-a-draft", $"The plan is {plan.Status}.");
            await AreaScope.Check(connection, caller, wanted.AreaId, cancellation);
            if (!await connection.Scalar<bool>($"SELECT EXISTS (SELECT FROM areas WHERE id = {wanted.AreaId} AND (id IN (SELECT areas_below({plan.Area.Id})) OR {plan.Area.Id} IN (SELECT areas_below(areas.id))))", cancellation))
                throw Refused.Field("areaId", "area.not-found", "the id of an area that the plan concerns");
            await connection.Execute($"INSERT INTO plan_consultations (plan_id, area_id, agrees, reason, version, made_by) VALUES ({id}, {wanted.AreaId}, {wanted.Agrees}, {wanted.Reason.Trim()}, {plan.Version}, {caller.Name})", cancellation);
            return (await PlanQueries.Consultations(connection, id, cancellation))[^1];
        }, cancellation);
        return TypedResults.Created($"/api/plans/{id}", said);
    }

    private static async Task<Ok<PlanPublished>> Publish(long id, HttpContext http, PlanEdits edits, PlanFigures figures, CityClock clock, CancellationToken cancellation)
    {
        var wanted = await Body.Read<PublishWanted>(http, cancellation);
        if (wanted.Reason.Length > 2_000) throw Refused.Field("reason", "text.length", "at most 2000 characters");
        var errors = new List<FieldError>();
        var effectiveAt = await clock.Utc(wanted.EffectiveAt, "effectiveAt", errors, cancellation);
        if (errors.Count > 0) throw Refused.Fields(errors);
        var caller = Caller.Of(http);
        var published = await edits.Change(id, caller, Expected(http), (connection, plan, draft) => PlanPublishing.Publish(connection, figures, draft, plan, caller, effectiveAt, wanted.Reason, cancellation), cancellation);
        Tag(http, published.Plan.Version);
        return TypedResults.Ok(published);
    }

    private static async Task<Ok<Listed<CrosswalkRow>>> Crosswalk(long id, HttpContext http, Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        _ = await PlanQueries.One(connection, id, cancellation) ?? throw Refused.NotFound("plan", id);
        return TypedResults.Ok(new Listed<CrosswalkRow>(await PlanCrosswalks.Of(connection, id, Caller.Of(http).SignedIn, cancellation)));
    }

    private static async Task<Ok<GridLife>> Life(string code, HttpContext http, Database database, CancellationToken cancellation) =>
        code.Length <= 40 ? TypedResults.Ok(await GridLives.Of(database, Question.Of(http).Get(Net)!, code, cancellation)) : throw Refused.NotFound("grid", code);

    internal static Ok<PlanEdited> Edited(HttpContext http, PlanEdited edited)
    {
        Tag(http, edited.Version);
        return TypedResults.Ok(edited);
    }

    private static void Tag(HttpContext http, int version) => http.Response.Headers.ETag = $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The version in If-Match; null when the caller takes whatever there is.</summary>
    internal static int? Expected(HttpContext http)
    {
        var asked = http.Request.Headers.IfMatch.ToString().Trim();
        if (asked.Length == 0 && http.Request.Headers.IfMatch.Count > 0) throw Refused.Field("If-Match", "header.empty", "a version of the plan in quotes, or *");
        if (asked is "" or "*") return null;
        return int.TryParse(asked.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
            : throw new Refused(Problems.PreconditionFailed, "If-Match is not a version of this plan.");
    }
}
