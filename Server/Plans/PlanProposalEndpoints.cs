using System.Text.Json;
using GridMap.Geo.Grids;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Plans;

/// <summary>The machine's help with a draft: whole divisions, and single blocks that would better lie elsewhere.</summary>
internal static class PlanProposalEndpoints
{
    private const int MostMoves = 20;

    private static readonly Parameter<long?> BlockArea = Parameters.AreaId.Required();
    private static readonly Parameter<string?> Net = Parameters.TextOf("net", 40, "The other net.").Required();

    private static readonly JsonSerializerOptions Json = Configured();

    private sealed record Draft(Plan Plan, ArcPartition Grids, long[] Areas, Func<int, string> Key);

    public static void Map(RouteGroupBuilder plans)
    {
        plans.MapPost("/{id:long}/proposals", Propose).Takes().Needs(Role.Planner).Accepts<ProposalsWanted>("application/json").Produces<PlanProposals>()
            .WithSummary("Let the machine propose how to divide areas of the plan; with Prefer: respond-async as a job that says how far it is");
        plans.MapGet("/{id:long}/nets", Nets).Takes(Net).Reads().WithSummary("Another net held against the draft: borders that agree, and what its grids have in common with the draft's");
        plans.MapGet("/{id:long}/blocks", Blocks).Takes(BlockArea).Reads().WithSummary("The blocks that the grids of an area are made of");
        plans.MapPost("/{id:long}/improvements", Improve).Takes().Needs(Role.Planner).Accepts<ProposalsWanted>("application/json").WithSummary("The single moves of a block to the grid beside it that help most");
    }

    private static async Task Propose(long id, HttpContext http, PlanEdits edits, PlanProposer proposer, Database database, JobRunner jobs, CancellationToken cancellation)
    {
        var wanted = await Wanted(http, cancellation);
        var draft = await Copy(id, edits, wanted, cancellation);
        if (!http.Request.Headers["Prefer"].SelectMany(value => (value ?? "").Split(',')).Any(value => value.Trim() == "respond-async"))
        {
            await http.Response.WriteAsJsonAsync(await Work(null, cancellation), Json, cancellation);
            return;
        }
        var job = jobs.Start("plan-proposals", JobOwner.Of(http), async (progress, stop) => new JobResult("application/json", JsonSerializer.SerializeToUtf8Bytes(await Work(progress, stop), Json)));
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"/ogc/jobs/{job.Id}";
        http.Response.Headers["Preference-Applied"] = "respond-async";
        await http.Response.WriteAsJsonAsync(new { jobID = job.Id, status = "accepted" }, Json, cancellation);

        async Task<PlanProposals> Work(IProgress<double>? progress, CancellationToken stop)
        {
            await using var connection = await database.Open(stop);
            return await proposer.Propose(connection, draft.Plan, draft.Grids, draft.Areas, wanted, progress, stop);
        }
    }

    private static async Task<Ok<PlanBlocks>> Blocks(long id, HttpContext http, PlanEdits edits, Database database, CancellationToken cancellation)
    {
        var area = Question.Of(http).Get(BlockArea)!.Value;
        var draft = await Copy(id, edits, new ProposalsWanted(area), cancellation);
        await using var connection = await database.Open(cancellation);
        var items = new List<PlanBlock>();
        foreach (var each in await PlanDivisions.Areas(connection, draft.Areas, area, cancellation))
            items.AddRange((await PlanBlockEdits.Of(connection, draft.Plan, draft.Grids, draft.Areas, each, cancellation)).Select(block =>
                new PlanBlock(draft.Key(block.Block.Current), block.Block.Households, block.Block.Residents, block.Block.SquareMetres, PlanFigures.GeoJson(block.Outline))));
        return TypedResults.Ok(new PlanBlocks(draft.Plan.Version, items));
    }

    private static async Task<Ok<PlanImprovements>> Improve(long id, HttpContext http, PlanEdits edits, Database database, CancellationToken cancellation)
    {
        var wanted = await Wanted(http, cancellation);
        var draft = await Copy(id, edits, wanted, cancellation);
        await using var connection = await database.Open(cancellation);
        return TypedResults.Ok(await PlanProposer.Improve(connection, draft.Plan, draft.Grids, draft.Areas, draft.Key, wanted, MostMoves, cancellation));
    }

    private static async Task<Ok<PlanNet>> Nets(long id, HttpContext http, PlanEdits edits, CancellationToken cancellation) =>
        TypedResults.Ok(await edits.Read(id, (connection, plan, draft, _) => PlanNets.Hold(connection, Question.Of(http).Get(Net)!, plan, draft, cancellation), cancellation));

    private static async Task<ProposalsWanted> Wanted(HttpContext http, CancellationToken cancellation)
    {
        var errors = new List<FieldError>();
        var wanted = PlanDivisions.Wanted(await Body.Read<ProposalsWanted>(http, cancellation), errors);
        return errors.Count > 0 ? throw Refused.Fields(errors) : wanted;
    }

    /// <summary>The draft as it stands, to work on: meanwhile others edit it.</summary>
    private static Task<Draft> Copy(long id, PlanEdits edits, ProposalsWanted wanted, CancellationToken cancellation) => edits.Read(id, async (connection, plan, draft, _) =>
    {
        // An area that is not in the plan is said at once, not by the job.
        await PlanDivisions.Areas(connection, draft.Areas, wanted.AreaId, cancellation);
        var codes = draft.Base.ToDictionary(grid => grid.Face, grid => grid.Code);
        return new Draft(plan, draft.Partition.Copy(), draft.Areas, face => codes.GetValueOrDefault(face) ?? $"#{face}");
    }, cancellation);

    private static JsonSerializerOptions Configured()
    {
        var options = new JsonSerializerOptions();
        JsonContract.Configure(options);
        return options;
    }
}
