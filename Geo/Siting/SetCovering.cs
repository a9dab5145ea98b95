namespace GridMap.Geo.Siting;

/// <summary>The cheapest sites that cover everybody who can be covered.</summary>
/// <param name="Sites">Rising, locked ones among them.</param>
/// <param name="Cost">Of the sites that are not locked.</param>
/// <param name="Bound">No such choice costs less.</param>
/// <param name="Uncoverable">Demands that not enough candidates reach: nothing can be done for them here.</param>
/// <param name="Rounds">Rounds made.</param>
/// <param name="Alternatives">Other good choices met on the way that cover as much, best first, with their costs; at most three.</param>
public sealed record CoveringAnswer(
    IReadOnlyList<int> Sites, double Cost, double Bound, IReadOnlyList<int> Uncoverable, int Rounds, IReadOnlyList<(IReadOnlyList<int> Sites, double Cost)> Alternatives)
{
    /// <summary>The best choice costs at most this share of the cost less; 0 when it is proven best.</summary>
    public double CostGap => Cost <= Bound ? 0 : (Cost - Bound) / Cost;
}

/// <summary>Covers everybody as cheaply as can be found (Toregas et al. 1971), with a proven bound.</summary>
/// <remarks>
/// Greedy by cost for each new cover (Chvátal 1979), also with the prices of a Lagrangian relaxation as in Caprara, Fischetti and Toth 1999; what is not
/// needed is taken away again, dearest first; then again and again with a part of the choice torn out. Weights are not looked at, but demands of weight 0
/// need no cover. With equal costs of 1 the bound is rounded up. Deterministic for a seed. Thread-safe.
/// </remarks>
public static class SetCovering
{
    // Rounds in which other choices are met although the best is known to be best.
    private const int RoundsForOthers = 12;

    // Of the time that is left when its steps begin.
    private const double TimeForBound = 0.5;

    /// <param name="problem">Its backup says how many sites must cover a demand.</param>
    /// <param name="locked">Sites that are there and cost nothing.</param>
    /// <param name="costs">Above 0; null where only the number counts.</param>
    /// <param name="effort">Seed, rounds, steps of the bound, time.</param>
    /// <param name="enough">It ends as soon as a choice of this cost is found, or the bound says that there is none.</param>
    /// <param name="cancellation">Looked at in every round and step.</param>
    /// <exception cref="ArgumentException">A locked site that is not there, or costs that do not fit.</exception>
    public static CoveringAnswer Choose(SitingProblem problem, IReadOnlyCollection<int> locked, IReadOnlyList<double>? costs, SitingEffort effort, double? enough = null, CancellationToken cancellation = default)
    {
        new SitingRules(problem.Sites, locked, costs).Check(problem);
        var price = new double[problem.Sites];
        for (var site = 0; site < price.Length; site++) price[site] = costs is null ? 1 : Guard.Positive(costs[site], nameof(costs));
        foreach (var site in locked) price[site] = 0;
        var (need, uncoverable) = (new int[problem.Demands], new List<int>());
        for (var demand = 0; demand < need.Length; demand++)
        {
            if (problem.Weights[demand] == 0) continue;
            if (problem.ServersOf(demand).Length >= problem.Backup) need[demand] = problem.Backup;
            else uncoverable.Add(demand);
        }

        var cover = new CoverBuilder(problem, price, need, locked);
        var (best, others) = (cover.Complete([], price), new OtherChoices());
        var bestCost = double.PositiveInfinity;
        Try(best);
        var (bound, reduced) = IsDecided(0) ? (0, price) : Bound(problem, price, need, bestCost, enough, effort.Part(TimeForBound), cancellation);
        if (!IsDecided(bound)) Try(cover.Complete([], reduced));
        var random = new SitingRandom(effort.Seed);
        var round = 0;
        for (; round < effort.Rounds && !(IsDecided(bound) && (enough is not null || round >= RoundsForOthers)) && !effort.IsCutHere(); round++)
        {
            cancellation.ThrowIfCancellationRequested();
            // Keeps most of the best choice, and fills the rest by prices that are a little off.
            var keep = best.Where(_ => random.Next(100) < 70).ToList();
            Try(cover.Complete(keep, [.. (round % 2 == 0 ? reduced : price).Select(value => value * (0.8 + random.Next(1000) / 2500.0))]));
        }

        if (costs is null) bound = Math.Min(bestCost, Math.Ceiling(bound - 1e-6));
        return new([.. best.Order()], bestCost, Math.Min(bound, bestCost), uncoverable, round, [.. others.Beside([.. best.Order()]).Select(other => (other.Sites, -other.Value))]);

        bool IsDecided(double known) => bestCost <= known + 1e-9 || bestCost <= enough || known > enough + 1e-6;

        void Try(List<int> sites)
        {
            var cost = sites.Sum(site => price[site]);
            others.Remember([.. sites.Order()], -cost);
            if (cost < bestCost - 1e-12) (best, bestCost) = (sites, cost);
        }
    }

    private static (double Bound, double[] Reduced) Bound(SitingProblem problem, double[] price, int[] need, double known, double? enough, SitingEffort effort, CancellationToken cancellation)
    {
        var u = new double[need.Length];
        for (var demand = 0; demand < u.Length; demand++)
        {
            if (need[demand] == 0) continue;
            u[demand] = double.MaxValue;
            foreach (var (site, _) in problem.ServersOf(demand)) u[demand] = Math.Min(u[demand], price[site] / Math.Max(1, problem.ServedBy(site).Length));
        }

        var (best, pace, still) = (0.0, 1.0, 0);
        var (reduced, bestReduced, slope) = (new double[price.Length], price.ToArray(), new double[need.Length]);
        for (var step = 0; step < effort.BoundSteps && pace > 1e-4 && best < known - 1e-9 && !(best > enough + 1e-6) && !effort.IsCutHere(); step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var bound = 0.0;
            for (var demand = 0; demand < u.Length; demand++)
            {
                bound += need[demand] * u[demand];
                slope[demand] = need[demand];
            }

            for (var site = 0; site < price.Length; site++)
            {
                var left = price[site];
                foreach (var (demand, _) in problem.ServedBy(site)) left -= u[demand];
                reduced[site] = left;
                if (left >= 0) continue;
                bound += left;
                foreach (var (demand, _) in problem.ServedBy(site)) slope[demand]--;
            }

            if (bound > best + 1e-9)
            {
                (best, still) = (bound, 0);
                for (var site = 0; site < price.Length; site++) bestReduced[site] = Math.Max(reduced[site], price[site] * 1e-3);
            }
            else if (++still >= 12)
            {
                (pace, still) = (pace / 2, 0);
            }

            var norm = 0.0;
            for (var demand = 0; demand < u.Length; demand++)
            {
                if (need[demand] == 0 || (slope[demand] < 0 && u[demand] <= 0)) slope[demand] = 0;
                norm += slope[demand] * slope[demand];
            }

            if (norm == 0) break;
            var length = pace * Math.Max(known * 1.0005 + 1e-6 - bound, 1e-9) / norm;
            for (var demand = 0; demand < u.Length; demand++) u[demand] = Math.Max(0, u[demand] + length * slope[demand]);
        }

        // Sums of doubles err by far less.
        return (Math.Max(0, best - 1e-9 * Math.Max(1, best)), bestReduced);
    }
}

/// <summary>Completes a choice until everybody has as many as needed, then drops what is not needed.</summary>
internal sealed class CoverBuilder(SitingProblem problem, double[] price, int[] need, IReadOnlyCollection<int> locked)
{
    /// <param name="keep">To begin with.</param>
    /// <param name="prices">By which the greedy choice is made.</param>
    public List<int> Complete(IReadOnlyCollection<int> keep, double[] prices)
    {
        var (count, chosen, isChosen) = (new int[need.Length], new List<int>(), new bool[problem.Sites]);
        foreach (var site in locked.Concat(keep)) Take(site);
        var queue = new PriorityQueue<int, (double, int)>();
        for (var site = 0; site < problem.Sites; site++)
        {
            if (!isChosen[site]) queue.Enqueue(site, (Worth(site), site));
        }

        while (queue.TryDequeue(out var site, out _))
        {
            if (isChosen[site] || Worth(site) is not (< double.PositiveInfinity and var now)) continue;
            if (queue.TryPeek(out _, out var next) && (now, site).CompareTo(next) > 0) queue.Enqueue(site, (now, site));
            else Take(site);
        }

        foreach (var site in chosen.Where(site => price[site] > 0).OrderByDescending(site => price[site]).ThenBy(site => problem.ServedBy(site).Length).ThenBy(site => site).ToList())
        {
            var isNeeded = false;
            foreach (var (demand, _) in problem.ServedBy(site)) isNeeded |= need[demand] > 0 && count[demand] <= need[demand];
            if (isNeeded) continue;
            chosen.Remove(site);
            foreach (var (demand, _) in problem.ServedBy(site)) count[demand]--;
        }

        return chosen;

        void Take(int site)
        {
            if (isChosen[site]) return;
            isChosen[site] = true;
            chosen.Add(site);
            foreach (var (demand, _) in problem.ServedBy(site)) count[demand]++;
        }

        double Worth(int site)
        {
            var fresh = 0;
            foreach (var (demand, _) in problem.ServedBy(site))
            {
                if (count[demand] < need[demand]) fresh++;
            }

            return fresh == 0 ? double.PositiveInfinity : prices[site] / fresh;
        }
    }
}
