namespace GridMap.Geo.Siting;

/// <summary>Sites that make the longest way short.</summary>
/// <param name="Sites">Rising, locked ones among them.</param>
/// <param name="Longest">The longest way of a demand that can be served at all.</param>
/// <param name="Bound">No choice has a shorter longest way.</param>
/// <param name="Unservable">Demands that no candidate reaches.</param>
/// <param name="Tried">Distances that were tried.</param>
/// <param name="Alternatives">Other choices with no more sites and no longer way; at most three.</param>
public sealed record CenterAnswer(IReadOnlyList<int> Sites, int Longest, int Bound, IReadOnlyList<int> Unservable, int Tried, IReadOnlyList<IReadOnlyList<int>> Alternatives);

/// <summary>p-center (Hakimi 1964): as many sites as allowed, so that the one who walks farthest walks as little as possible.</summary>
/// <remarks>
/// A search by halves over the distances that occur (Minieka 1970): for each the fewest sites that cover everybody within it. Where fewer are found the
/// distance will do; where the bound says that more are needed it cannot; in between it is taken as not found, which is what Bound tells. Where there are
/// many demands, a few of them are asked first (Chen and Chen 2009): no choice serves all better than the few can be served, and whoever walks too far in
/// the choice for the few is one of them in the next turn. The greatest distance is tried even when the time is up. Costs and budgets are not looked at.
/// Deterministic for a seed. Thread-safe.
/// </remarks>
public static class CenterSelection
{
    // With more demands than that a few are asked first; so many come in at each turn, and no more turns are made.
    private const int Many = 2_000, AtOnce = 200, Turns = 40;

    /// <param name="problem">With distances; demands of weight 0 are not looked at.</param>
    /// <param name="rules">How many sites, and which are there.</param>
    /// <param name="effort">Rounds and steps for each distance tried; the time for all of them together.</param>
    /// <param name="start">A choice that serves everybody who can be served, better than which is sought; null for none.</param>
    /// <param name="progress">Told before each distance: rounds are distances tried, and how many will be at most.</param>
    /// <param name="cancellation">Looked at between and within them.</param>
    /// <exception cref="ArgumentException">Rules that contradict themselves, a budget, or a start that leaves somebody out.</exception>
    public static CenterAnswer Choose(SitingProblem problem, SitingRules rules, SitingEffort effort, IReadOnlyList<int>? start = null, IProgress<SitingProgress>? progress = null, CancellationToken cancellation = default)
    {
        rules.Check(problem);
        if (rules.Budget is not null) throw new ArgumentException("a center has no budget", nameof(rules));
        List<int> servable = [.. Served(problem)], unservable = [.. Enumerable.Range(0, problem.Demands).Where(demand => problem.Weights[demand] != 0 && problem.ServersOf(demand).Length < problem.Backup)];
        var known = new Found(start, start is null ? problem.Far : Longest(problem, start), 0, 0);
        if (known.Longest > problem.Far) throw new ArgumentException("the start leaves somebody out", nameof(start));
        if (servable.Count > Many) known = AskFew(problem, servable, rules, effort.Part(0.6), known, progress, cancellation);
        known = Halve(problem, rules, effort, known, progress, cancellation);
        return new(known.Sites ?? [.. rules.Locked.Order()], known.Longest, Math.Min(known.Bound, known.Longest), unservable, known.Tried,
            known.Sites is null ? [] : Others(problem, rules, known.Sites, known.Longest, effort, cancellation));
    }

    // The best choice so far with its longest way, below which none is, and distances tried.
    private readonly record struct Found(IReadOnlyList<int>? Sites, int Longest, int Bound, int Tried);

    // The distances that matter lie from the bound up to below what is known.
    private static Found Halve(SitingProblem problem, SitingRules rules, SitingEffort effort, Found known, IProgress<SitingProgress>? progress, CancellationToken cancellation)
    {
        var (bound, distances) = (known.Bound, new HashSet<int>());
        foreach (var demand in Served(problem))
        {
            // Nobody can be nearer than to the candidate that counts.
            bound = Math.Max(bound, problem.ServersOf(demand)[problem.Backup - 1].Distance);
        }

        foreach (var demand in Served(problem))
        {
            foreach (var (_, distance) in problem.ServersOf(demand))
            {
                if (distance >= bound && distance < known.Longest) distances.Add(distance);
            }
        }

        int[] tries = [.. distances.Order()];
        var (low, high, round) = (0, tries.Length - 1, known.Tried);
        // The greatest first where nothing is known: where even that does not do, nothing will.
        for (var middle = known.Sites is null ? high : high / 2; low <= high; round++, middle = (low + high) / 2)
        {
            cancellation.ThrowIfCancellationRequested();
            if (known.Sites is not null && effort.IsCutHere()) break;
            var left = (int)Math.Log2(high - low + 1) + 2;
            progress?.Report(new(round, round + left, known.Longest, bound));
            var cover = SetCovering.Choose(problem.Within(tries[middle]), rules.Locked, null, effort.Part(1.0 / left), rules.MostSites - rules.Locked.Count, cancellation);
            if (cover.Sites.Count <= rules.MostSites)
            {
                // Often nobody walks as far as allowed.
                var longest = Longest(problem, cover.Sites);
                known = known with { Sites = cover.Sites, Longest = longest };
                while (high >= low && tries[high] >= longest) high--;
                continue;
            }

            if (rules.Locked.Count + cover.Bound > rules.MostSites) bound = Math.Max(bound, middle + 1 < tries.Length ? tries[middle + 1] : known.Longest);
            low = middle + 1;
        }

        return known with { Bound = bound, Tried = round };
    }

    private static Found AskFew(SitingProblem problem, List<int> all, SitingRules rules, SitingEffort effort, Found known, IProgress<SitingProgress>? progress, CancellationToken cancellation)
    {
        var few = new SortedSet<int>();
        for (var i = 0; i < AtOnce; i++) few.Add(all[(int)((long)i * all.Count / AtOnce)]);
        // Whoever lives farthest from every candidate, too: they alone may decide.
        foreach (var demand in all.OrderByDescending(demand => problem.ServersOf(demand)[problem.Backup - 1].Distance).ThenBy(demand => demand).Take(AtOnce)) few.Add(demand);
        for (var turn = 0; turn < Turns && known.Bound < known.Longest; turn++)
        {
            if (known.Sites is not null && effort.IsCutHere()) break;
            var part = problem.Of([.. few]);
            // What serves all better than the best known would serve the few better, too.
            var found = Halve(part, rules, effort.Part(0.25), known with { Sites = null }, progress, cancellation);
            known = known with { Bound = Math.Min(Math.Max(known.Bound, found.Bound), known.Longest), Tried = found.Tried };
            if (found.Sites is null) break;
            var far = Farthest(problem, all, found.Sites);
            if (far[0].Distance < known.Longest) known = known with { Sites = found.Sites, Longest = far[0].Distance };
            var before = few.Count;
            foreach (var (demand, _) in far.Where(pair => pair.Distance > found.Longest).Take(AtOnce)) few.Add(demand);
            if (few.Count == before) break;
        }

        return known;
    }

    // Of each chosen site those who walk farthest to it, farthest first: they lie in different quarters.
    private static List<(int Demand, int Distance)> Farthest(SitingProblem problem, List<int> all, IReadOnlyList<int> sites)
    {
        var (isChosen, worst) = (Chosen(problem, sites), new Dictionary<int, PriorityQueue<int, (int Distance, int)>>());
        var each = Math.Max(2, AtOnce / Math.Max(1, sites.Count));
        foreach (var demand in all)
        {
            var (site, distance) = Reached(problem, isChosen, demand);
            if (!worst.TryGetValue(site, out var those)) worst[site] = those = new();
            if (those.Count < each) those.Enqueue(demand, (distance, -demand));
            else those.EnqueueDequeue(demand, (distance, -demand));
        }

        return [.. worst.Values.SelectMany(those => those.UnorderedItems).Select(item => (item.Element, item.Priority.Distance)).OrderByDescending(pair => pair.Distance).ThenBy(pair => pair.Element)];
    }

    // The bound is known: only rounds are made, and what they meet is looked at.
    private static List<IReadOnlyList<int>> Others(SitingProblem problem, SitingRules rules, IReadOnlyList<int> best, int longest, SitingEffort effort, CancellationToken cancellation)
    {
        if (effort.IsCutHere()) return [];
        var cover = SetCovering.Choose(problem.Within(longest), rules.Locked, null, effort with { BoundSteps = 0 }, null, cancellation);
        return [.. cover.Alternatives.Select(other => other.Sites).Prepend(cover.Sites).Where(sites => sites.Count <= rules.MostSites && !sites.SequenceEqual(best)).Take(3)];
    }

    // Of those who can be served; 0 where there is nobody, beyond far where one is left out.
    private static int Longest(SitingProblem problem, IReadOnlyList<int> sites)
    {
        var (longest, isChosen) = (0, Chosen(problem, sites));
        foreach (var demand in Served(problem)) longest = Math.Max(longest, Reached(problem, isChosen, demand).Distance);
        return longest;
    }

    // Those who count and who can be served.
    private static IEnumerable<int> Served(SitingProblem problem)
    {
        for (var demand = 0; demand < problem.Demands; demand++)
        {
            if (problem.Weights[demand] != 0 && problem.ServersOf(demand).Length >= problem.Backup) yield return demand;
        }
    }

    private static bool[] Chosen(SitingProblem problem, IReadOnlyList<int> sites)
    {
        var isChosen = new bool[problem.Sites];
        foreach (var site in sites) isChosen[site] = true;
        return isChosen;
    }

    // The chosen site that counts for a demand; beyond far, and none, where there is none.
    private static (int Site, int Distance) Reached(SitingProblem problem, bool[] isChosen, int demand)
    {
        var more = problem.Backup;
        foreach (var (site, distance) in problem.ServersOf(demand))
        {
            if (isChosen[site] && --more == 0) return (site, distance);
        }

        return (-1, problem.Far + 1);
    }
}
