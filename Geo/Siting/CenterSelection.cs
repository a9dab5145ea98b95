namespace GridMap.Geo.Siting;

/// <summary>Sites that make the longest way short.</summary>
/// <param name="Sites">Rising, locked ones among them.</param>
/// <param name="Longest">The longest way of a demand that can be served at all.</param>
/// <param name="Bound">No choice has a shorter longest way.</param>
/// <param name="Unservable">Demands that no candidate reaches.</param>
/// <param name="Alternatives">Other choices with no more sites and no longer way; at most three.</param>
public sealed record CenterAnswer(IReadOnlyList<int> Sites, int Longest, int Bound, IReadOnlyList<int> Unservable, IReadOnlyList<IReadOnlyList<int>> Alternatives);

/// <summary>p-center (Hakimi 1964): as many sites as allowed, so that the one who walks farthest walks as little as possible.</summary>
/// <remarks>
/// A search by halves over the distances that occur (Minieka 1970): for each the fewest sites that cover everybody within it. Where fewer are found the
/// distance will do; where the bound says that more are needed it cannot; in between it is taken as not found, which is what Bound tells. Costs and budgets
/// are not looked at. Deterministic for a seed. Thread-safe.
/// </remarks>
public static class CenterSelection
{
    /// <param name="problem">With distances; demands of weight 0 are not looked at.</param>
    /// <param name="rules">How many sites, and which are there.</param>
    /// <param name="effort">For each distance tried.</param>
    /// <param name="cancellation">Looked at between and within them.</param>
    /// <exception cref="ArgumentException">Rules that contradict themselves, or a budget.</exception>
    public static CenterAnswer Choose(SitingProblem problem, SitingRules rules, SitingEffort effort, CancellationToken cancellation = default)
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

        int[] tries = [.. distances.Where(distance => distance >= least).Order()];
        var (low, high, best, bound) = (0, tries.Length - 1, (Sites: (IReadOnlyList<int>?)null, Longest: problem.Far), least);
        // The greatest first: where even that does not do, nothing will.
        for (var middle = high; low <= high; middle = (low + high) / 2)
        {
            cancellation.ThrowIfCancellationRequested();
            var cover = SetCovering.Choose(Within(problem, tries[middle]), rules.Locked, null, effort, rules.MostSites - rules.Locked.Count, cancellation);
            if (cover.Sites.Count <= rules.MostSites)
            {
                best = (cover.Sites, tries[middle]);
                high = middle - 1;
                continue;
            }

            if (rules.Locked.Count + cover.Bound > rules.MostSites) bound = Math.Max(bound, middle + 1 < tries.Length ? tries[middle + 1] : problem.Far);
            low = middle + 1;
        }

        return new(best.Sites ?? [.. rules.Locked.Order()], best.Longest, Math.Min(bound, best.Longest), unservable, best.Sites is null ? [] : Others(problem, rules, best.Sites, best.Longest, effort, cancellation));
    }

    // The bound is known: only rounds are made, and what they meet is looked at.
    private static List<IReadOnlyList<int>> Others(SitingProblem problem, SitingRules rules, IReadOnlyList<int> best, int longest, SitingEffort effort, CancellationToken cancellation)
    {
        var cover = SetCovering.Choose(Within(problem, longest), rules.Locked, null, effort with { BoundSteps = 0 }, null, cancellation);
        return [.. cover.Alternatives.Select(other => other.Sites).Prepend(cover.Sites).Where(sites => sites.Count <= rules.MostSites && !sites.SequenceEqual(best)).Take(3)];
    }

    private static SitingProblem Within(SitingProblem problem, int distance)
    {
        var covered = new IReadOnlyList<int>[problem.Sites];
        for (var site = 0; site < covered.Length; site++)
        {
            var set = new List<int>();
            foreach (var (demand, far) in problem.ServedBy(site))
            {
                if (far <= distance) set.Add(demand);
            }

            covered[site] = set;
        }

        return SitingProblem.Covering([.. problem.Weights], covered, problem.Backup);
    }
}
