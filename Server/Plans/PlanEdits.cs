using System.Text.Json;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>
/// Edits of drafts: make, try, undo, redo. Each is one transaction; of two editors with one version both win where they touch different grids, and exactly one where they touch the same.
/// </summary>
public sealed class PlanEdits(Database database, PlanDesk desk, PlanProposer proposer, PlanFigures figures)
{
    private const int MostSteps = 5_000, MostCounted = 60;

    private static readonly JsonSerializerOptions Json = Configured();

    public async Task<PlanEdited> Edit(long id, Caller caller, int? expected, PlanCommand command, bool dryRun, CancellationToken cancellation)
    {
        if (command.Type == "delineate") await Draw(id, caller, expected, command, cancellation);
        return await Make(id, caller, expected, command, dryRun, cancellation);
    }

    /// <summary>Lets the machine draw on a copy, before the plan is locked and others have to wait for it; the edit finds it remembered.</summary>
    private async Task Draw(long id, Caller caller, int? expected, PlanCommand command, CancellationToken cancellation)
    {
        // What is wrong or too late is said by the edit itself.
        if (PlanCommands.Proposals(command, []) is not { } wanted) return;
        var copy = await Read(id, async (connection, plan, draft, _) =>
        {
            await AreaScope.Check(connection, caller, plan.Area.Id, cancellation);
            return plan.Status == "draft" && (expected ?? plan.Version) == plan.Version ? (Plan: plan, Grids: draft.Partition.Copy(), draft.Areas) : default;
        }, cancellation);
        if (copy.Plan is null) return;
        await using var connection = await database.Open(cancellation);
        await proposer.Propose(connection, copy.Plan, copy.Grids, copy.Areas, wanted, null, cancellation);
    }

    private Task<PlanEdited> Make(long id, Caller caller, int? expected, PlanCommand command, bool dryRun, CancellationToken cancellation) =>
        Change(id, caller, null, async (connection, plan, draft) =>
        {
            if (plan.Steps >= MostSteps) throw new Refused("plan.too-many-steps", $"A plan has at most {MostSteps} steps.");
            var meanwhile = await PlanVersions.Meanwhile(connection, plan, expected, command, cancellation);
            var change = await Made(connection, plan, draft, command, expected, meanwhile, cancellation);
            var face = change is null ? draft.Face(command.Grids![0]) : null;
            int[] touched = face is { } one ? [one] : [.. change!.Touched];
            if (PlanVersions.Contested(draft, plan, expected ?? 0, meanwhile, touched) is { } contested)
            {
                if (change is not null) draft.Partition.Apply(change.Inverse());
                throw contested;
            }
            var drawn = command.Type == "redraw" ? await PlanRedraw.Faults(connection, plan, draft, PlanRedraw.Read(draft, command, []), command.Shapes ?? [], cancellation) : null;
            // What was drawn elsewhere may be large, and is in the change already.
            command = command with { Shapes = null };
            if (dryRun)
            {
                try
                {
                    draft.Changes.Insert(draft.Position++, change);
                    if (face is { } tried) draft.Names.Add((draft.Position, tried, command.Name!.Trim()));
                    return await Answer(connection, plan, draft, touched, true, cancellation) with { Drawn = drawn };
                }
                finally
                {
                    if (face is not null) draft.Names.RemoveAt(draft.Names.Count - 1);
                    draft.Changes.RemoveAt(--draft.Position);
                    if (change is not null) draft.Partition.Apply(change.Inverse());
                }
            }
            var step = plan.Steps + 1;
            draft.Changes.RemoveRange(draft.Position, draft.Changes.Count - draft.Position);
            draft.Names.RemoveAll(given => given.Step >= step);
            draft.Changes.Add(change);
            if (face is { } named) draft.Names.Add((step, named, command.Name!.Trim()));
            draft.Position = step;
            var text = face is { } renamed
                ? JsonSerializer.Serialize(new { command.Type, command.Grids, command.Name, command.Note, Face = renamed, NewName = command.Name!.Trim() }, Json)
                : JsonSerializer.Serialize(command, Json);
            await connection.Execute($"DELETE FROM plan_steps WHERE plan_id = {id} AND step >= {step}", cancellation);
            await Keep(connection, id, step, command.Note ?? command.Type, text, change, touched, caller, cancellation);
            return await Moved(connection, plan, draft, new(plan.Version + 1, "edit", touched, caller.Name), meanwhile, cancellation) with { Drawn = drawn };
        }, cancellation);

    /// <summary>Made on the draft as it is now. What is refused only since others were at work is theirs to be seen first.</summary>
    private async Task<ArcChange?> Made(
        NpgsqlConnection connection, Plan plan, PlanDraft draft, PlanCommand command, int? expected, IReadOnlyList<PlanVersion> meanwhile, CancellationToken cancellation)
    {
        try
        {
            return await PlanCommands.Make(connection, draft, plan, command, proposer, cancellation);
        }
        catch (Refused) when (meanwhile.Count > 0)
        {
            throw PlanVersions.Overtaken(plan, expected!.Value);
        }
    }

    internal static Task Keep(
        NpgsqlConnection connection, long id, int step, string name, string command, ArcChange? change, int[] touched, Caller caller, CancellationToken cancellation) => connection.Execute($"""
        INSERT INTO plan_steps (plan_id, step, name, command, change, touched, made_by)
        VALUES ({id}, {step}, {name}, {command}::jsonb, {change?.ToBytes()}::bytea, {touched}, {caller.Name})
        """, cancellation);

    /// <summary>
    /// A draft whose base has changed, over the grids of today, or of the day to come from which the last boundaries published here are in force: a new plan with what the draft changed as its one step; the old one is withdrawn. Where others have
    /// changed the same land meanwhile, the draft's grids stand.
    /// </summary>
    public Task<Plan> Rebase(long id, Caller caller, int? expected, DateTime now, CancellationToken cancellation) =>
        Change(id, caller, expected, async (connection, plan, draft) =>
        {
            var anew = await PlanStart.Begin(connection, caller, new(plan.Name, plan.Area.Id, plan.Net, null, plan.Least, plan.Most, Limits: plan.Limits), await PlanStart.LatestBase(connection, plan, now, cancellation), cancellation);
            await desk.Use(connection, anew, 1, 0, async fresh =>
            {
                var changed = draft.Changed();
                var claimed = draft.Claims().Select(grid => grid.Code).ToHashSet();
                // The draft's own come first: of land drawn twice they keep theirs.
                DrawnGrid[] drawn = [.. changed.Select(face => new DrawnGrid(draft.Partition.PolygonOf(face), draft.BaseOf(face) is { } grid ? fresh.Face(grid.Code) ?? -1 : -1)),
                    .. fresh.Base.Where(grid => !claimed.Contains(grid.Code)).Select(grid => new DrawnGrid(fresh.Partition.PolygonOf(grid.Face), grid.Face))];
                if (changed.Count == 0) return true;
                var edit = PlanRedraw.Make(fresh, drawn);
                if (!edit.IsDone)
                {
                    if (edit.Reason == GridEditReasons.NothingChanges) return true;
                    throw new Refused("plan.edit-refused", $"{edit.Detail}.", [new FieldError("rebase", edit.Reason, edit.Detail)]);
                }
                fresh.Changes.Add(edit.Change);
                (fresh.Position, fresh.Version) = (1, 2);
                await Keep(connection, anew, 1, "rebase", JsonSerializer.Serialize(new { type = "rebase", plan = id }, Json), edit.Change, [.. edit.Change.Touched], caller, cancellation);
                await connection.Execute($"UPDATE plans SET version = 2, position = 1 WHERE id = {anew}", cancellation);
                return true;
            }, cancellation);
            await connection.Execute($"UPDATE plans SET status = 'withdrawn', version = version + 1 WHERE id = {id}", cancellation);
            return (await PlanQueries.One(connection, anew, cancellation))!;
        }, cancellation);

    public Task<PlanEdited> Undo(long id, Caller caller, int? expected, CancellationToken cancellation) =>
        Change(id, caller, expected, (connection, plan, draft) =>
        {
            if (draft.Position == 0) throw new Refused("plan.nothing-to-undo", "Nothing has been done yet.");
            var touched = draft.TouchedBy(draft.Position);
            if (draft.Changes[--draft.Position]?.Inverse() is { } change) draft.Partition.Apply(change);
            return Moved(connection, plan, draft, new(plan.Version + 1, "undo", touched, caller.Name), [], cancellation);
        }, cancellation);

    public Task<PlanEdited> Redo(long id, Caller caller, int? expected, CancellationToken cancellation) =>
        Change(id, caller, expected, (connection, plan, draft) =>
        {
            if (draft.Position == draft.Changes.Count) throw new Refused("plan.nothing-to-redo", "Nothing has been undone.");
            if (draft.Changes[draft.Position++] is { } change) draft.Partition.Apply(change);
            return Moved(connection, plan, draft, new(plan.Version + 1, "redo", draft.TouchedBy(draft.Position), caller.Name), [], cancellation);
        }, cancellation);

    /// <summary>Opens a plan as it stands, for reading.</summary>
    internal async Task<T> Read<T>(long id, Func<NpgsqlConnection, Plan, PlanDraft, MetricPlane, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        // Version and steps of one moment: an editor may be at work.
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var plan = await PlanQueries.One(connection, id, cancellation) ?? throw Refused.NotFound("plan", id);
        return await desk.Use(connection, id, plan.Version, plan.Steps, draft => work(connection, plan, draft, draft.Partition.Plane), cancellation);
    }

    /// <summary>Whether the draft has a grid of this name now, or had it when it began.</summary>
    internal Task<bool> Knows(NpgsqlConnection connection, Plan plan, string grid, CancellationToken cancellation) =>
        desk.Use(connection, plan.Id, plan.Version, plan.Steps, draft => Task.FromResult(draft.Face(grid) is not null || draft.Base.Any(before => before.Code == grid)), cancellation);

    /// <summary>Runs work on a locked plan that is still a draft, in one transaction.</summary>
    internal async Task<T> Change<T>(long id, Caller caller, int? expected, Func<NpgsqlConnection, Plan, PlanDraft, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await database.Write(caller.Name, async connection =>
            {
                var plan = await Draft(connection, id, caller, cancellation);
                if (expected is { } version && version != plan.Version) throw PlanVersions.Overtaken(plan, version);
                return await desk.Use(connection, id, plan.Version, plan.Steps, draft => work(connection, plan, draft), cancellation);
            }, cancellation);
        }
        catch (Exception exception) when (exception is not Refused)
        {
            desk.Forget(id);
            throw;
        }
    }

    /// <summary>The plan, locked, if this caller may work on it.</summary>
    internal static async Task<Plan> Draft(NpgsqlConnection connection, long id, Caller caller, CancellationToken cancellation)
    {
        var plan = await PlanQueries.Lock(connection, id, cancellation);
        await AreaScope.Check(connection, caller, plan.Area.Id, cancellation);
        return plan.Status == "draft" ? plan : throw new Refused("plan.not-a-draft", $"The plan is {plan.Status}; a published mistake is undone by a new plan.");
    }

    private async Task<PlanEdited> Moved(
        NpgsqlConnection connection, Plan plan, PlanDraft draft, PlanVersion version, IReadOnlyList<PlanVersion> meanwhile, CancellationToken cancellation)
    {
        draft.Version = version.Version;
        await connection.Execute($"UPDATE plans SET version = {draft.Version}, position = {draft.Position} WHERE id = {plan.Id}", cancellation);
        await PlanVersions.Keep(connection, plan.Id, version, cancellation);
        int[] touched = [.. version.Touched.Concat(meanwhile.SelectMany(each => each.Touched)).Distinct()];
        return await Answer(connection, plan with { Version = draft.Version, Steps = draft.Position }, draft, touched, false, cancellation);
    }

    private async Task<PlanEdited> Answer(NpgsqlConnection connection, Plan plan, PlanDraft draft, int[] touched, bool dryRun, CancellationToken cancellation)
    {
        // Simplifying a whole street touches hundreds: then the first are counted here and all by the list of grids.
        var grids = await figures.Count(connection, [.. touched.Where(draft.Partition.Has).Take(MostCounted).Select(n => PlanFigures.Of(draft, n))], plan, draft.Partition.Plane, true, cancellation);
        var faults = await PlanFaults.Of(connection, draft, plan, grids, false, cancellation);
        return new(plan.Version, plan.Steps, dryRun, grids, [.. touched.Where(n => !draft.Partition.Has(n)).Select(draft.Key)], faults, await PlanQueries.Conflicts(connection, draft, cancellation));
    }

    private static JsonSerializerOptions Configured()
    {
        var options = new JsonSerializerOptions { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
        JsonContract.Configure(options);
        return options;
    }
}
