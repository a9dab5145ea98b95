using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>
/// Lets the machine draw grids, on a copy of the draft, so that nobody waits for it. The same wishes for the same draft give the same proposals; the newest are
/// remembered, so that taking one over costs nothing.
/// </summary>
public sealed class PlanProposer
{
    private const int MostRemembered = 24, MostOutside = 200;

    private sealed record Wishes(long PlanId, int Version, ProposalsWanted Wanted);

    private sealed record Proposed(PlanProposal Score, GridEditResult Edit);

    private readonly Lock _gate = new();
    private readonly LinkedList<(Wishes Wishes, int Areas, IReadOnlyList<Proposed> Proposals)> _remembered = [];

    /// <param name="connection">To read the tables.</param>
    /// <param name="plan">Of this version.</param>
    /// <param name="grids">The draft's grids at this version: a copy, for it is worked on.</param>
    /// <param name="areas">Ids of the draft's areas, by the number the partition knows them by.</param>
    /// <param name="wanted">Read and found right.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancellation">Looked at often.</param>
    internal async Task<PlanProposals> Propose(
        NpgsqlConnection connection, Plan plan, ArcPartition grids, long[] areas, ProposalsWanted wanted, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (count, proposals) = await Of(connection, plan, grids, areas, wanted, progress, cancellation);
        return new(plan.Version, count, [.. proposals.Select(proposal => proposal.Score)]);
    }

    /// <summary>Makes one of the proposals the draft's grids.</summary>
    internal async Task<GridEditResult> Make(NpgsqlConnection connection, PlanDraft draft, Plan plan, ProposalsWanted wanted, int choice, CancellationToken cancellation)
    {
        var (_, proposals) = await Of(connection, plan, draft.Partition.Copy(), draft.Areas, wanted, null, cancellation);
        if (choice >= proposals.Count) throw Refused.Field("choice", "number.out-of-range", $"one of the {proposals.Count} proposals, counted from 0");
        var edit = proposals[choice].Edit;
        if (edit.IsDone) draft.Partition.Apply(edit.Change);
        return edit;
    }

    /// <summary>The single blocks that help most.</summary>
    internal static async Task<PlanImprovements> Improve(
        NpgsqlConnection connection, Plan plan, ArcPartition grids, long[] areas, Func<int, string> key, ProposalsWanted wanted, int limit, CancellationToken cancellation)
    {
        var moves = new List<PlanImprovement>();
        foreach (var area in await PlanDivisions.Areas(connection, areas, wanted.AreaId, cancellation))
        {
            var faces = Faces(grids, areas, area);
            var (lines, things) = await Read(connection, plan, grids, faces, area, wanted, cancellation);
            var found = GridEdit.Improvements(grids, faces, lines, things, PlanDivisions.Target(plan, wanted), out var reason, limit, cancellation);
            if (reason is not null) throw NoWay(reason);
            moves.AddRange(found.Select(move => new PlanImprovement(key(move.From), key(move.To), move.Move.Gain, move.Move.FromBefore, move.Move.FromAfter, move.Move.ToBefore, move.Move.ToAfter, PlanFigures.GeoJson(move.Block))));
        }
        return new(plan.Version, [.. moves.OrderByDescending(move => move.Gain).Take(limit)]);
    }

    private async Task<(int Areas, IReadOnlyList<Proposed> Proposals)> Of(
        NpgsqlConnection connection, Plan plan, ArcPartition grids, long[] areas, ProposalsWanted wanted, IProgress<double>? progress, CancellationToken cancellation)
    {
        var wishes = new Wishes(plan.Id, plan.Version, wanted);
        lock (_gate)
        {
            if (_remembered.FirstOrDefault(known => known.Wishes == wishes) is { Proposals: { } known, Areas: var of }) return (of, known);
        }
        var below = await PlanDivisions.Areas(connection, areas, wanted.AreaId, cancellation);
        var proposals = below.Length == 1
            ? await InOne(connection, plan, grids, areas, below[0], wanted, progress, cancellation)
            : [await InAll(connection, plan, grids, areas, below, wanted, progress, cancellation)];
        lock (_gate)
        {
            _remembered.AddFirst((wishes, below.Length, proposals));
            if (_remembered.Count > MostRemembered) _remembered.RemoveLast();
        }
        return (below.Length, proposals);
    }

    private static async Task<IReadOnlyList<Proposed>> InOne(
        NpgsqlConnection connection, Plan plan, ArcPartition grids, long[] areas, long area, ProposalsWanted wanted, IProgress<double>? progress, CancellationToken cancellation)
    {
        var faces = Faces(grids, areas, area);
        var (lines, things) = await Read(connection, plan, grids, faces, area, wanted, cancellation);
        var found = GridEdit.Divisions(grids, faces, lines, things, PlanDivisions.Target(plan, wanted), out var reason, progress, cancellation);
        if (reason is not null) throw NoWay(reason);
        return [.. found.Select((proposal, i) => new Proposed(Score(i, area, proposal), proposal.Edit))];
    }

    /// <summary>The best of each area, one after the other, as one change.</summary>
    private static async Task<Proposed> InAll(
        NpgsqlConnection connection, Plan plan, ArcPartition grids, long[] areas, long[] below, ProposalsWanted wanted, IProgress<double>? progress, CancellationToken cancellation)
    {
        var scores = new List<(PlanProposal Score, DelineationScore Of)>();
        ArcChange? whole = null;
        for (var i = 0; i < below.Length; i++)
        {
            var done = i;
            var part = progress is null ? null : new Part(share => progress.Report((done + share) / below.Length));
            var faces = Faces(grids, areas, below[i]);
            var (lines, things) = await Read(connection, plan, grids, faces, below[i], wanted, cancellation);
            var found = GridEdit.Divisions(grids, faces, lines, things, PlanDivisions.Target(plan, wanted), out var reason, part, cancellation);
            if (reason is not null) throw NoWay(reason);
            // What is as good as it can be already stays as it is.
            var best = found.FirstOrDefault(proposal => proposal.Edit.IsDone || proposal.Edit.Reason == GridEditReasons.NothingChanges) ?? found[0];
            scores.Add((Score(0, below[i], best), best.Score));
            if (best.Edit is not { IsDone: true, Change: var change }) continue;
            grids.Apply(change);
            whole = whole is null ? change : whole.Then(change);
        }
        return new(Sum(scores, whole is not null), new(whole, whole is null ? GridEditReasons.NothingChanges : null, whole is null ? "nothing would change" : null));
    }

    private static PlanProposal Sum(List<(PlanProposal Score, DelineationScore Of)> scores, bool possible)
    {
        double grids = scores.Sum(score => score.Score.Grids), metres = scores.Sum(score => score.Of.BorderMetres);
        var mean = Over(score => score.Of.Sizes.Mean);
        var square = Over(score => score.Of.Sizes.Mean * score.Of.Sizes.Mean * (1 + score.Of.Sizes.CoefficientOfVariation * score.Of.Sizes.CoefficientOfVariation));
        return new(0, possible, possible ? null : GridEditReasons.NothingChanges, (int)grids, Over(score => score.Score.ShareInBand), scores.Sum(score => score.Score.NotContiguous),
            scores.Min(score => score.Score.LeastSize), scores.Max(score => score.Score.MostSize), mean > 0 ? Math.Sqrt(Math.Max(0, square - mean * mean)) / mean : 0, Over(score => score.Score.MeanCompactness),
            metres > 0 ? scores.Sum(score => score.Of.OnStreets * score.Of.BorderMetres) / metres : 1, scores.Sum(score => score.Score.HouseholdsMoved), scores.Sum(score => score.Score.CompoundsDivided),
            scores.Sum(score => score.Score.Total), [.. scores.SelectMany(score => score.Score.Outside).Take(MostOutside)]);

        double Over(Func<(PlanProposal Score, DelineationScore Of), double> value) => scores.Sum(score => value(score) * score.Score.Grids) / grids;
    }

    private static PlanProposal Score(int choice, long area, DivisionProposal proposal) =>
        new(choice, proposal.Edit.IsDone, proposal.Edit.Reason, proposal.Score.Grids, proposal.Score.ShareInBand, proposal.Score.NotContiguous, proposal.Score.Sizes.Min, proposal.Score.Sizes.Max,
            proposal.Score.Sizes.CoefficientOfVariation, proposal.Score.MeanCompactness, proposal.Score.OnStreets, proposal.Score.HouseholdsMoved, proposal.Divided, proposal.Score.Total,
            [.. proposal.Outside.Take(MostOutside).Select(grid => new PlanOutOfBand(area, grid.Size, grid.Reason, new Place(grid.Place.Lon, grid.Place.Lat)))]);

    internal static int[] Faces(ArcPartition grids, long[] areas, long area) => [.. grids.Faces.Where(face => areas[grids.ParentOf(face)] == area)];

    internal static async Task<(List<DividingLine> Lines, List<DivisionThing> Things)> Read(
        NpgsqlConnection connection, Plan plan, ArcPartition grids, int[] faces, long area, ProposalsWanted wanted, CancellationToken cancellation)
    {
        var box = new Envelope();
        foreach (var face in faces) box.ExpandToInclude(grids.PolygonOf(face).EnvelopeInternal);
        var lines = await PlanDivisions.Lines(connection, box, cancellation);
        if (wanted.Nets is { } nets)
        {
            // What the nets agree on leads; streets help only where a block is too large.
            lines = [.. lines.Select(line => line with { Kind = BorderKind.Path }), .. await PlanNets.Lines(connection, nets, plan, box, [.. faces.Select(grids.PolygonOf)], cancellation)];
        }
        return (lines, await PlanDivisions.Things(connection, area, wanted, cancellation));
    }

    internal static Refused NoWay(GridEditResult reason) => new("plan.edit-refused", $"{reason.Detail}.", [new FieldError("delineate", reason.Reason!, reason.Detail!)]);

    private sealed class Part(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
