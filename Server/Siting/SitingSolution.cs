using GridMap.Geo.Siting;

namespace GridMap.Server.Siting;

/// <summary>A choice of sites in the units that people read.</summary>
internal sealed record SitingSolution(
    string Objective, IReadOnlyList<int> Sites, double? Today, double Value, double Bound, double GapPercent, bool IsOptimal, int Rounds, bool EndedEarly,
    IReadOnlyList<double> Curve, IReadOnlyList<(double Value, IReadOnlyList<int> Sites)> Alternatives, double? Spent = null, IReadOnlyList<long>? Served = null)
{
    public string Unit(string weight) => Objective switch { "cover" => weight, "fewest" => Spent is null ? "sites" : "cost", _ => "metres" };

    // What each further site brings is looked at after the choice: so much of the time is the choice's where that takes time.
    private const double TimeForChoice = 0.75;

    /// <param name="existing">The first so many candidates are today's facilities.</param>
    /// <param name="start">For center: a choice that serves everybody who can be served.</param>
    /// <returns>Null where so few serve not everybody who can be served (center).</returns>
    public static SitingSolution? Solve(SitingModel model, SitingQuestion asked, IReadOnlyList<Candidate> candidates, int existing, IReadOnlyList<int>? start, SitingEffort effort, SitingTime time, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var told = progress is null ? null : new Told(progress, time);
        var objective = asked.ObjectiveOrUsual;
        int[] today = [.. Enumerable.Range(0, existing)], locked = [.. today.Where(site => candidates[site].IsLocked)];
        var sites = asked.Sites ?? Math.Min(500, candidates.Count - existing);
        // What stands costs nothing.
        double[]? costs = asked.HasCosts ? [.. candidates.Select(candidate => candidate.Cost ?? 0)] : null;
        if (asked.HasCapacities) return Capacitated(model, asked, candidates, new(existing + sites, locked, costs, asked.Budget), effort, time, told, cancellation);
        switch (objective)
        {
            case "fewest":
                {
                    var answer = SetCovering.Choose(model.Problem, locked, costs is null ? null : [.. costs.Select(cost => Math.Max(cost, 1e-6))], effort, null, cancellation);
                    var (isOptimal, cost) = (answer.Cost <= answer.Bound, Math.Round(answer.Cost, 3));
                    return new(objective, answer.Sites, null, cost, isOptimal ? cost : Math.Floor(answer.Bound * 1000) / 1000, Percent(isOptimal, answer.CostGap), isOptimal, answer.Rounds, time.HasCut, [],
                        [.. answer.Alternatives.Select(other => (Math.Round(other.Cost, 3), other.Sites))], costs is null ? null : cost);
                }
            case "center":
                {
                    var answer = CenterSelection.Choose(model.Problem, new(existing + sites, locked), effort with { Rounds = Math.Min(effort.Rounds, MostCenterRounds) }, start, told, cancellation);
                    if (answer.Longest >= model.Problem.Far) return null;
                    var isOptimal = answer.Longest == answer.Bound;
                    return new(objective, answer.Sites, null, answer.Longest / 1000.0, answer.Bound / 1000.0, Percent(isOptimal, (answer.Longest - answer.Bound) / (double)answer.Longest),
                        isOptimal, answer.Tried, time.HasCut, [], [.. answer.Alternatives.Select(sites => (answer.Longest / 1000.0, sites))]);
                }
            default:
                {
                    var rules = new SitingRules(existing + sites, locked, costs, asked.Budget);
                    var answer = SiteSelection.Choose(model.Problem, rules, LooksAnew(model.Problem) ? effort with { Time = time.Part(TimeForChoice) } : effort, told, cancellation);
                    var nothing = model.Problem.CostOfNothing;
                    Func<long, double> exactly = objective == "cover" ? cost => nothing - cost : cost => cost / 1000.0 / Math.Max(1, model.Demand - model.OutOfReach);
                    var (gap, value) = (objective == "cover" ? answer.GainGap(nothing) : answer.CostGap, Say(answer.Cost));
                    // Never above what it bounds: rounded down, where less is better.
                    var bound = answer.IsOptimal ? value : objective == "cover" ? exactly(answer.Bound) : Math.Floor(exactly(answer.Bound) * 1000) / 1000;
                    double? now = existing > 0 ? Say(SiteSelection.CostOf(model.Problem, today)) : null;
                    var curve = CurveOf(model.Problem, rules, answer, effort, time, cancellation);
                    return new(objective, answer.Sites, now, value, bound, Percent(answer.IsOptimal, gap), answer.IsOptimal, answer.Rounds,
                        time.HasCut, [.. curve.Select(Say)], [.. answer.Alternatives.Select(other => (Say(other.Cost), other.Sites))], SpentOf(candidates, answer.Sites, costs));

                    double Say(long cost) => Math.Round(exactly(cost), 3);
                }
        }
    }

    // A distance is one of many.
    private const int MostCenterRounds = 20;

    private static bool LooksAnew(SitingProblem problem) => problem.Backup > 1;

    /// <summary>
    /// The cost of ever more sites, the chosen ones at the end. Step by step as the choice began, which is near the best of so many; where a home wants several sites
    /// a single step says little, and each number of sites is looked at anew.
    /// </summary>
    private static IReadOnlyList<long> CurveOf(SitingProblem problem, SitingRules rules, SitingAnswer answer, SitingEffort effort, SitingTime time, CancellationToken cancellation)
    {
        if (answer.Greedy.Count == 0) return answer.Greedy;
        var curve = answer.Greedy.ToArray();
        if (LooksAnew(problem) && curve.Length - 1 <= MostLookedAtAnew)
        {
            for (var more = 1; more < curve.Length - 1 && !time.CutsHere(); more++)
            {
                var part = new SitingEffort(effort.Seed, Math.Min(effort.Rounds, 20), 0, time.Part(1.0 / (curve.Length - 1 - more)));
                curve[more] = Math.Min(curve[more], SiteSelection.Choose(problem, rules with { MostSites = rules.Locked.Count + more }, part, null, cancellation).Cost);
            }
        }
        curve[^1] = Math.Min(curve[^1], answer.Cost);
        for (var more = 1; more < curve.Length; more++) curve[more] = Math.Min(curve[more], curve[more - 1]);
        return curve;
    }

    private const int MostLookedAtAnew = 12;

    private static SitingSolution Capacitated(SitingModel model, SitingQuestion asked, IReadOnlyList<Candidate> candidates, SitingRules rules, SitingEffort effort, SitingTime time, IProgress<SitingProgress>? told, CancellationToken cancellation)
    {
        long[] capacities = [.. candidates.Select(candidate => candidate.Capacity ?? 0)];
        var answer = CapacitatedCovering.Choose(model.Problem, capacities, rules, effort, told, cancellation);
        int[] today = [.. Enumerable.Range(0, candidates.Count).Where(site => candidates[site].IsExisting)];
        double? now = today.Length == 0 ? null : CapacitatedCovering.Choose(model.Problem, capacities, new(today.Length, today), new SitingEffort(effort.Seed, 0, 0), null, cancellation).Served;
        return new(asked.ObjectiveOrUsual, answer.Sites, now, answer.Served, answer.Bound, Percent(answer.IsOptimal, answer.Gap), answer.IsOptimal, answer.Rounds, time.HasCut,
            [.. answer.Greedy.Select(served => (double)served)], [.. answer.Alternatives.Select(other => ((double)other.Served, other.Sites))], SpentOf(candidates, answer.Sites, rules.Costs), answer.ServedBy);
    }

    private static double? SpentOf(IReadOnlyList<Candidate> candidates, IReadOnlyList<int> sites, IReadOnlyList<double>? costs) =>
        costs is null ? null : Math.Round(sites.Where(site => !candidates[site].IsExisting).Sum(site => costs[site]), 3);

    /// <summary>How far it is: by rounds or by the time that it may take, whichever is further; never back.</summary>
    private sealed class Told : IProgress<SitingProgress>, IDisposable
    {
        private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);

        private readonly IProgress<double> _progress;
        private readonly Timer _timer;
        private readonly Lock _gate = new();
        private double _said;

        public Told(IProgress<double> progress, SitingTime time)
        {
            _progress = progress;
            _timer = new Timer(_ => Say(time.Passed), null, Often, Often);
        }

        // The bound's steps before and behind the rounds take about as long as these.
        public void Report(SitingProgress value) => Say(0.3 + (value.Rounds == 0 ? 0 : 0.4 * value.Round / value.Rounds));

        public void Dispose() => _timer.Dispose();

        private void Say(double share)
        {
            lock (_gate)
            {
                if (share <= _said) return;
                _said = share;
                _progress.Report(SitingModel.ShareOfWork + ((1 - SitingModel.ShareOfWork) * Math.Min(1, share)));
            }
        }
    }

    // Rounded up, so that it is 0 only where nothing can be better.
    private static double Percent(bool isOptimal, double share) => isOptimal ? 0 : Math.Clamp(Math.Ceiling(share * 1e5) / 1e3, 0.001, 100);
}
