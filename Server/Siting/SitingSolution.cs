using System.Diagnostics;
using GridMap.Geo.Siting;
using GridMap.Server.Http;

namespace GridMap.Server.Siting;

/// <summary>A choice of sites in the units that people read.</summary>
internal sealed record SitingSolution(
    string Objective, IReadOnlyList<int> Sites, double? Today, double Value, double Bound, double GapPercent, bool IsOptimal, int Rounds, bool EndedEarly,
    IReadOnlyList<double> Curve, IReadOnlyList<(double Value, IReadOnlyList<int> Sites)> Alternatives, double? Spent = null, IReadOnlyList<long>? Served = null)
{
    public string Unit(string weight) => Objective switch { "cover" => weight, "fewest" => Spent is null ? "sites" : "cost", _ => "metres" };

    /// <param name="existing">The first so many candidates are today's facilities.</param>
    /// <param name="limit">Millimetres.</param>
    public static SitingSolution Solve(SitingModel model, SitingQuestion asked, IReadOnlyList<Candidate> candidates, int existing, int limit, SitingEffort effort, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var told = progress is null ? null : new Told(progress, effort.Longest);
        var objective = asked.ObjectiveOrUsual;
        int[] today = [.. Enumerable.Range(0, existing)], locked = [.. today.Where(site => candidates[site].IsLocked)];
        var sites = asked.Sites ?? Math.Min(500, candidates.Count - existing);
        // What stands costs nothing.
        double[]? costs = asked.HasCosts ? [.. candidates.Select(candidate => candidate.Cost ?? 0)] : null;
        if (asked.HasCapacities) return Capacitated(model, asked, candidates, new(existing + sites, locked, costs, asked.Budget), effort, told, cancellation);
        var isKept = existing > 0;
        switch (objective)
        {
            case "fewest":
                {
                    var answer = SetCovering.Choose(model.Problem, locked, costs is null ? null : [.. costs.Select(cost => Math.Max(cost, 1e-6))], effort, null, cancellation);
                    return new(objective, answer.Sites, null, Math.Round(answer.Cost, 3), Math.Round(answer.Bound, 3), Percent(answer.CostGap), answer.Cost <= answer.Bound, effort.Rounds, false, [], [.. answer.Alternatives.Select(other => (Math.Round(other.Cost, 3), other.Sites))], costs is null ? null : Math.Round(answer.Cost, 3));
                }
            case "center":
                {
                    var answer = CenterSelection.Choose(model.Problem, new(existing + sites, locked), effort with { Rounds = Math.Min(effort.Rounds, 20), Longest = effort.Longest / 12 }, cancellation);
                    if (answer.Longest > limit) throw Refused.Field("sites", "siting.too-few", "more sites or a longer walk: with so many nobody could be found who serves all that can be served");
                    return new(objective, answer.Sites, null, answer.Longest / 1000.0, answer.Bound / 1000.0, answer.Longest == 0 ? 0 : Math.Round(100.0 * (answer.Longest - answer.Bound) / answer.Longest, 3),
                        answer.Longest == answer.Bound, Math.Min(effort.Rounds, 20), false, [], [.. answer.Alternatives.Select(sites => (answer.Longest / 1000.0, sites))]);
                }
            default:
                {
                    var answer = SiteSelection.Choose(model.Problem, new(existing + sites, locked, costs, asked.Budget), effort, told, cancellation);
                    var nothing = model.Problem.CostOfNothing;
                    Func<long, double> say = objective == "cover" ? cost => nothing - cost : cost => Math.Round(cost / 1000.0 / Math.Max(1, model.Demand - model.OutOfReach), 3);
                    var gap = objective == "cover" ? answer.GainGap(nothing) : answer.Cost == 0 ? 0 : (answer.Cost - answer.Bound) / (double)answer.Cost;
                    double? now = isKept ? say(SiteSelection.Choose(model.Problem, new(existing, today), new SitingEffort(effort.Seed, 0, 0), null, cancellation).Cost) : null;
                    return new(objective, answer.Sites, now, say(answer.Cost), say(answer.Bound), Percent(gap), answer.IsOptimal, answer.Rounds,
                        !answer.IsOptimal && answer.Rounds < effort.Rounds, [.. CurveOf(model.Problem, new(existing + sites, locked, costs, asked.Budget), answer, effort, cancellation).Select(say)], [.. answer.Alternatives.Select(other => (say(other.Cost), other.Sites))], SpentOf(candidates, answer.Sites, costs));
                }
        }
    }

    /// <summary>
    /// The cost of ever more sites, the chosen ones at the end. Step by step as the choice began, which is near the best of so many; where a home wants several sites
    /// a single step says little, and each number of sites is looked at anew.
    /// </summary>
    private static IReadOnlyList<long> CurveOf(SitingProblem problem, SitingRules rules, SitingAnswer answer, SitingEffort effort, CancellationToken cancellation)
    {
        if (answer.Greedy.Count == 0) return answer.Greedy;
        var curve = answer.Greedy.ToArray();
        if (problem.Backup > 1 && curve.Length - 1 <= MostLookedAtAnew)
        {
            for (var more = 1; more < curve.Length - 1; more++)
                curve[more] = Math.Min(curve[more], SiteSelection.Choose(problem, rules with { MostSites = rules.Locked.Count + more }, new SitingEffort(effort.Seed, Math.Min(effort.Rounds, 20), 0), null, cancellation).Cost);
        }
        curve[^1] = Math.Min(curve[^1], answer.Cost);
        for (var more = 1; more < curve.Length; more++) curve[more] = Math.Min(curve[more], curve[more - 1]);
        return curve;
    }

    private const int MostLookedAtAnew = 12;

    private static SitingSolution Capacitated(SitingModel model, SitingQuestion asked, IReadOnlyList<Candidate> candidates, SitingRules rules, SitingEffort effort, IProgress<SitingProgress>? told, CancellationToken cancellation)
    {
        long[] capacities = [.. candidates.Select(candidate => candidate.Capacity ?? 0)];
        var answer = CapacitatedCovering.Choose(model.Problem, capacities, rules, effort, told, cancellation);
        int[] today = [.. Enumerable.Range(0, candidates.Count).Where(site => candidates[site].IsExisting)];
        double? now = today.Length == 0 ? null : CapacitatedCovering.Choose(model.Problem, capacities, new(today.Length, today), new SitingEffort(effort.Seed, 0, 0), null, cancellation).Served;
        return new(asked.ObjectiveOrUsual, answer.Sites, now, answer.Served, answer.Bound, Percent(answer.Gap), answer.IsOptimal, answer.Rounds, !answer.IsOptimal && answer.Rounds < effort.Rounds,
            [.. answer.Greedy.Select(served => (double)served)], [.. answer.Alternatives.Select(other => ((double)other.Served, other.Sites))], SpentOf(candidates, answer.Sites, rules.Costs), answer.ServedBy);
    }

    private static double? SpentOf(IReadOnlyList<Candidate> candidates, IReadOnlyList<int> sites, IReadOnlyList<double>? costs) =>
        costs is null ? null : Math.Round(sites.Where(site => !candidates[site].IsExisting).Sum(site => costs[site]), 3);

    /// <summary>How far it is: by rounds or by the time that it may take, whichever is further.</summary>
    private sealed class Told : IProgress<SitingProgress>, IDisposable
    {
        private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);

        private readonly IProgress<double> _progress;
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly Timer? _timer;

        public Told(IProgress<double> progress, TimeSpan? longest)
        {
            _progress = progress;
            if (longest is { } time && time > TimeSpan.Zero) _timer = new Timer(_ => Say(_clock.Elapsed / time), null, Often, Often);
        }

        public void Report(SitingProgress value) => Say(value.Rounds == 0 ? 1 : value.Round / (double)value.Rounds);

        public void Dispose() => _timer?.Dispose();

        private void Say(double share) => _progress.Report(SitingModel.ShareOfWork + ((1 - SitingModel.ShareOfWork) * Math.Min(1, share)));
    }

    private static double Percent(double share) => double.IsFinite(share) ? Math.Round(100 * share, 3) : 100;
}
