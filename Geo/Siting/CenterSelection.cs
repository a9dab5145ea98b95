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
/// distance will do; where the bound says that more are needed it cannot; in between it is taken as not found, which is what Bound tells. The greatest
/// distance is tried even when the time is up. Costs and budgets are not looked at. Deterministic for a seed. Thread-safe.
/// </remarks>
public static class CenterSelection
{
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
        var (distances, least) = (new HashSet<int>(), 0);
        var unservable = new List<int>();
        for (var demand = 0; demand < problem.Demands; demand++)
        {
            if (problem.Weights[demand] == 0) continue;
            var servers = problem.ServersOf(demand);
            if (servers.Length < problem.Backup)
            {
                unservable.Add(demand);
                continue;
            }

            // Nobody can be nearer than to the candidate that counts.
            least = Math.Max(least, servers[problem.Backup - 1].Distance);
            foreach (var (_, distance) in servers) distances.Add(distance);
        }

        var best = (Sites: start, Longest: start is null ? problem.Far : Longest(problem, start));
        if (best.Longest > problem.Far) throw new ArgumentException("the start leaves somebody out", nameof(start));
        int[] tries = [.. distances.Where(distance => distance >= least).Order()];
        var (low, high, bound) = (0, (start is null ? tries.Length : Array.BinarySearch(tries, best.Longest)) - 1, least);
        // The greatest first: where even that does not do, nothing will.
        var (round, middle) = (0, high);
        for (; low <= high; round++, middle = (low + high) / 2)
        {
            cancellation.ThrowIfCancellationRequested();
            if (best.Sites is not null && effort.IsCutHere()) break;
            var left = (int)Math.Log2(high - low + 1) + 2;
            progress?.Report(new(round, round + left, best.Longest, bound));
            var within = problem.Within(tries[middle]);
            var cover = SetCovering.Choose(within, rules.Locked, null, effort.Part(1.0 / left), rules.MostSites - rules.Locked.Count, cancellation);
            if (cover.Sites.Count <= rules.MostSites)
            {
                // Often nobody walks as far as allowed.
                var longest = Longest(problem, cover.Sites);
                best = (cover.Sites, longest);
                high = Array.BinarySearch(tries, longest) - 1;
                if (longest <= least) break;
                continue;
            }

            if (rules.Locked.Count + cover.Bound > rules.MostSites) bound = Math.Max(bound, middle + 1 < tries.Length ? tries[middle + 1] : problem.Far);
            low = middle + 1;
        }

        return new(best.Sites ?? [.. rules.Locked.Order()], best.Longest, Math.Min(bound, best.Longest), unservable, round, best.Sites is null ? [] : Others(problem, rules, best.Sites, best.Longest, effort, cancellation));
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
        var (longest, isChosen) = (0, new bool[problem.Sites]);
        foreach (var site in sites) isChosen[site] = true;
        for (var demand = 0; demand < problem.Demands; demand++)
        {
            var servers = problem.ServersOf(demand);
            if (problem.Weights[demand] == 0 || servers.Length < problem.Backup) continue;
            var more = problem.Backup;
            foreach (var (site, distance) in servers)
            {
                if (!isChosen[site] || --more > 0) continue;
                longest = Math.Max(longest, distance);
                break;
            }

            if (more > 0) return problem.Far + 1;
        }

        return longest;
    }
}
