namespace GridMap.Geo.Siting;

/// <summary>A choice of sites that can take only so many.</summary>
/// <param name="Sites">Rising, locked ones among them.</param>
/// <param name="Served">The weight that finds room.</param>
/// <param name="Bound">No choice serves more.</param>
/// <param name="ServedBy">By each of the sites.</param>
/// <param name="Greedy">Served after each site of the first, greedy choice, locked ones taken together as the first number.</param>
/// <param name="Rounds">Rounds made.</param>
/// <param name="Alternatives">Other good choices met on the way, best first, with what they serve; at most three.</param>
public sealed record CapacitatedAnswer(
    IReadOnlyList<int> Sites, long Served, long Bound, IReadOnlyList<long> ServedBy, IReadOnlyList<long> Greedy, int Rounds, IReadOnlyList<(IReadOnlyList<int> Sites, long Served)> Alternatives)
{
    public bool IsOptimal => Served == Bound;

    /// <summary>At most this share of what the best choice serves is not served; 0 when it is proven best.</summary>
    public double Gap => Served == Bound ? 0 : (Bound - Served) / (double)Bound;
}

/// <summary>Maximal covering with capacities (Current and Storbeck 1988): a demand may be shared out among the sites that reach it, and no site takes more than it can.</summary>
/// <remarks>
/// For a choice of sites the most that can be served is a maximal flow, kept by augmenting paths (Ford and Fulkerson 1956) while sites come and go. It is
/// submodular in the sites, so a greedy choice with old gains as bounds on new ones is exact greedy, and gains bound every choice (Nemhauser, Wolsey
/// and Fisher 1978). Then sites are torn out one by one and replaced while that helps. The bound is the least of: what is served plus the highest gains
/// left, what the capacities add up to, and the Lagrangian bound of the problem without capacities. Deterministic for a seed. Thread-safe.
/// </remarks>
public static class CapacitatedCovering
{
    private const int Tried = 8;

    // Of the time that is left when each begins.
    private const double TimeForBound = 0.3, TimeForRounds = 0.85;

    // Also a choice that is proven best is shaken so often: a planner wants to see what is nearly as good.
    private const int LeastRounds = 6;

    /// <param name="problem">Covering, without a backup.</param>
    /// <param name="capacities">What each site can take; not negative.</param>
    /// <param name="rules">How many sites, which are there, what they cost.</param>
    /// <param name="effort">Seed, rounds, steps of the bound, time.</param>
    /// <param name="progress">Told in every round.</param>
    /// <param name="cancellation">Looked at in every round.</param>
    /// <exception cref="ArgumentException">A problem with distances or a backup, capacities that do not fit, rules that contradict themselves.</exception>
    public static CapacitatedAnswer Choose(SitingProblem problem, IReadOnlyList<long> capacities, SitingRules rules, SitingEffort effort, IProgress<SitingProgress>? progress = null, CancellationToken cancellation = default)
    {
        rules.Check(problem);
        if (problem.Far != 1 || problem.Backup != 1) throw new ArgumentException("capacities belong to covering without a backup", nameof(problem));
        if (capacities.Count != problem.Sites || capacities.Any(capacity => capacity < 0)) throw new ArgumentException($"{capacities.Count} capacities for {problem.Sites} sites, none negative", nameof(capacities));
        var flow = new CapacityFlow(problem, capacities);
        foreach (var site in rules.Locked.Order()) flow.Add(site);
        var (purse, greedy) = (new Purse(rules), new List<long> { flow.Total });
        var bound = Math.Min(Lagrange(problem, rules, effort.Part(TimeForBound), cancellation), OfCapacities(capacities, rules));
        // What a site may bring at most; as sites are added it only shrinks.
        var most = new long[problem.Sites];
        for (var site = 0; site < most.Length; site++) most[site] = Math.Min(capacities[site], flow.Reach(site));
        // Beside what stays no choice brings more than its best sites could each alone (the flow is submodular in its sites).
        bound = Math.Min(bound, flow.Total + purse.MostOf(most, site => !flow.IsChosen(site)));
        var queue = new PriorityQueue<int, (double, int)>();
        for (var site = 0; site < most.Length; site++)
        {
            if (!flow.IsChosen(site)) queue.Enqueue(site, (-purse.Worth(site, most[site]), site));
        }

        while (purse.HasRoom && queue.TryDequeue(out var site, out _))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!purse.Affords(site)) continue;
            // Without, the rest is chosen by what it was last known to bring, which bounds it as well.
            if (!effort.IsCutHere()) most[site] = flow.Gain(site);
            if (most[site] == 0) continue;
            var key = (-purse.Worth(site, most[site]), site);
            if (queue.TryPeek(out _, out var next) && key.CompareTo(next) > 0)
            {
                queue.Enqueue(site, key);
                continue;
            }

            flow.Add(site);
            purse.Take(site);
            greedy.Add(flow.Total);
        }

        bound = Math.Min(bound, flow.Total + purse.MostOf(most, site => !flow.IsChosen(site)));
        var others = new OtherChoices();
        var round = Improve(flow, purse, rules, effort.Part(TimeForRounds), bound, others, progress, cancellation);
        // Fresh gains beside the final choice give a tighter bound.
        for (var site = 0; site < most.Length && flow.Total < bound && !effort.IsCutHere(); site++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!flow.IsChosen(site)) most[site] = flow.Gain(site);
            if (site == most.Length - 1) bound = Math.Min(bound, flow.Total + purse.MostOf(most, other => !flow.IsChosen(other)));
        }

        int[] sites = [.. Enumerable.Range(0, problem.Sites).Where(flow.IsChosen)];
        return new(sites, flow.Total, Math.Max(bound, flow.Total), [.. sites.Select(flow.Used)], greedy, round, [.. others.Beside(sites).Select(other => (other.Sites, (long)other.Value))]);
    }

    private static int Improve(CapacityFlow flow, Purse purse, SitingRules rules, SitingEffort effort, long bound, OtherChoices others, IProgress<SitingProgress>? progress, CancellationToken cancellation)
    {
        var random = new SitingRandom(effort.Seed);
        var isLocked = rules.Locked.ToHashSet();
        var round = 0;
        for (; round < effort.Rounds && (flow.Total < bound || round < LeastRounds) && !effort.IsCutHere(); round++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new(round, effort.Rounds, -flow.Total, -bound));
            int[] loose = [.. Enumerable.Range(0, flow.Sites).Where(site => flow.IsChosen(site) && !isLocked.Contains(site))];
            if (loose.Length == 0) break;
            var (before, kept) = (flow.Total, flow.Keep());
            others.Remember(Chosen(), before);
            List<int> removed = [loose[random.Next(loose.Length)]], added = [];
            // The money of several may be spent on other numbers of sites.
            for (var more = rules.Budget is null ? 0 : random.Next(3); more > 0; more--)
            {
                if (loose[random.Next(loose.Length)] is var another && !removed.Contains(another)) removed.Add(another);
            }

            foreach (var site in removed)
            {
                flow.Remove(site);
                purse.Give(site);
            }

            do
            {
                // Of equal money the best single site need not be a part of the best choice.
                var isTried = rules.Budget is not null && added.Count == 0 && (random.Next() & 1) == 0;
                var site = isTried && random.Next(flow.Sites) is var any && !flow.IsChosen(any) && purse.Affords(any) && flow.Gain(any) > 0 ? any : Best(removed);
                if (site < 0) break;
                flow.Add(site);
                purse.Take(site);
                added.Add(site);
            }
            while (added.Count < removed.Count || rules.Budget is not null);

            if (flow.Total >= before) continue;
            flow.Restore(kept);
            foreach (var site in added) purse.Give(site);
            foreach (var site in removed) purse.Take(site);
        }

        return round;

        int[] Chosen() => [.. Enumerable.Range(0, flow.Sites).Where(flow.IsChosen)];

        // Those that reach most of who is not served, and those just removed; of these the one that really brings most, or −1 where none brings anything.
        int Best(List<int> removed)
        {
            var best = (Gain: 0L, Site: -1);
            foreach (var site in Enumerable.Range(0, flow.Sites).Where(site => !flow.IsChosen(site) && purse.Affords(site))
                .Select(site => (Site: site, Promise: flow.Promise(site))).OrderByDescending(pair => pair.Promise).ThenBy(pair => pair.Site).Take(Tried).Select(pair => pair.Site)
                .Union(removed.Where(site => !flow.IsChosen(site) && purse.Affords(site))))
            {
                if (flow.Gain(site) is var gain && gain > best.Gain) best = (gain, site);
                if (gain > 0) others.Remember([.. Chosen().Append(site).Order()], flow.Total + gain);
            }

            return best.Site;
        }
    }

    private static long Lagrange(SitingProblem problem, SitingRules rules, SitingEffort effort, CancellationToken cancellation)
    {
        var nothing = problem.CostOfNothing;
        var open = SiteSelection.Choose(problem, rules, effort with { Rounds = 0 }, null, cancellation);
        return nothing - open.Bound;
    }

    private static long OfCapacities(IReadOnlyList<long> capacities, SitingRules rules)
    {
        var locked = rules.Locked.ToHashSet();
        var left = Math.Max(0, rules.MostSites - rules.Locked.Count);
        return Sum(locked.Select(site => capacities[site])) + Sum(Enumerable.Range(0, capacities.Count).Where(site => !locked.Contains(site)).Select(site => capacities[site]).OrderDescending().Take(left));

        // Far beyond any weight there is no need to count on.
        static long Sum(IEnumerable<long> values) => values.Aggregate(0L, (sum, value) => Math.Min(long.MaxValue / 4, sum + Math.Min(value, long.MaxValue / 8)));
    }
}

/// <summary>How many sites and how much money are left.</summary>
internal sealed class Purse(SitingRules rules)
{
    private int left = rules.MostSites - rules.Locked.Count;
    private double spent;

    public bool HasRoom => left > 0;

    public bool Affords(int site) => left > 0 && (rules.Budget is not { } budget || spent + Price(site) <= budget * (1 + 1e-12));

    /// <summary>The higher the better: the gain, or where money is short the gain for it.</summary>
    public double Worth(int site, long gain) => rules.Budget is null ? gain : gain / Math.Max(1e-9, Price(site));

    public void Take(int site) => (left, spent) = (left - 1, spent + Price(site));

    public void Give(int site) => (left, spent) = (left + 1, spent - Price(site));

    /// <summary>No allowed choice of further or other sites can gain more than this: as many as are allowed in all, the best ones, the last in part where money is short.</summary>
    public long MostOf(long[] gains, Func<int, bool> may)
    {
        var count = rules.MostSites - rules.Locked.Count;
        var open = Enumerable.Range(0, gains.Length).Where(site => may(site) && gains[site] > 0).ToList();
        var byCount = open.Select(site => gains[site]).OrderDescending().Take(count).Sum();
        if (rules.Budget is not { } budget) return byCount;
        var (sum, money) = (0.0, budget);
        foreach (var site in open.OrderByDescending(site => Worth(site, gains[site])))
        {
            var part = Price(site) <= money ? 1 : money / Price(site);
            sum += part * gains[site];
            money -= part * Price(site);
            if (part < 1) break;
        }

        return Math.Min(byCount, (long)Math.Ceiling(sum - 1e-9));
    }

    private double Price(int site) => rules.Costs is null ? 0 : rules.Costs[site];
}
