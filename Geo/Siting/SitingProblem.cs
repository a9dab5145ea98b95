namespace GridMap.Geo.Siting;

/// <summary>What a choice of sites is judged by: who is served by which candidate, and how dear that is.</summary>
/// <remarks>
/// A demand costs its weight times the distance of its <see cref="Backup"/>-th nearest chosen site, and never more than <see cref="Far"/>: the cost of not
/// being served. With distances this is the p-median problem (Hakimi 1964) with a longest way; with distance 0 for everybody within reach and
/// <see cref="Far"/> 1 it is maximal covering (Church and ReVelle 1974): the cost is the weight that is not covered, and a backup of 2 asks that everybody
/// be covered twice (Hogan and ReVelle 1986). Immutable, thread-safe.
/// </remarks>
public sealed class SitingProblem
{
    private readonly int[] firstDemand;
    private readonly int[] firstSite;
    private readonly (int Demand, int Distance)[] bySite;
    private readonly (int Site, int Distance)[] byDemand;

    private SitingProblem(long[] weights, IReadOnlyList<IReadOnlyList<(int Demand, int Distance)>> served, int far, int backup)
    {
        (Weights, Far, Backup, Sites) = (weights, far, backup, served.Count);
        firstDemand = new int[Sites + 1];
        firstSite = new int[weights.Length + 1];
        for (var site = 0; site < Sites; site++)
        {
            foreach (var (demand, distance) in served[site])
            {
                if ((uint)demand >= (uint)weights.Length || distance < 0) throw new ArgumentException($"site {site} serves demand {demand} at {distance}; there are {weights.Length}", nameof(served));
                if (distance >= far) continue;
                firstDemand[site + 1]++;
                firstSite[demand + 1]++;
            }
        }

        for (var site = 0; site < Sites; site++) firstDemand[site + 1] += firstDemand[site];
        for (var demand = 0; demand < weights.Length; demand++) firstSite[demand + 1] += firstSite[demand];
        (bySite, byDemand) = (new (int, int)[firstDemand[^1]], new (int, int)[firstSite[^1]]);
        var next = firstSite.AsSpan(0, weights.Length).ToArray();
        for (int site = 0, at = 0; site < Sites; site++)
        {
            foreach (var (demand, distance) in served[site])
            {
                if (distance >= far) continue;
                bySite[at++] = (demand, distance);
                byDemand[next[demand]++] = (site, distance);
            }
        }

        for (var demand = 0; demand < weights.Length; demand++)
        {
            var row = byDemand.AsSpan(firstSite[demand], firstSite[demand + 1] - firstSite[demand]);
            row.Sort((a, b) => a.Distance != b.Distance ? a.Distance.CompareTo(b.Distance) : a.Site.CompareTo(b.Site));
            for (var i = 1; i < row.Length; i++)
            {
                if (row[i].Site == row[i - 1].Site) throw new ArgumentException($"site {row[i].Site} serves demand {demand} twice", nameof(served));
            }
        }
    }

    // Covering within a distance: rows keep their order, so nothing is sorted or checked again.
    private SitingProblem(SitingProblem of, int distance)
    {
        (Weights, Far, Backup, Sites) = (of.Weights, 1, of.Backup, of.Sites);
        (firstDemand, firstSite) = (new int[of.firstDemand.Length], new int[of.firstSite.Length]);
        var pairs = 0;
        foreach (var pair in of.bySite)
        {
            if (pair.Distance <= distance) pairs++;
        }

        (bySite, byDemand) = (new (int, int)[pairs], new (int, int)[pairs]);
        for (int site = 0, at = 0; site < Sites; site++)
        {
            foreach (var (demand, far) in of.ServedBy(site))
            {
                if (far <= distance) bySite[at++] = (demand, 0);
            }

            firstDemand[site + 1] = at;
        }

        for (int demand = 0, at = 0; demand < Weights.Count; demand++)
        {
            foreach (var (site, far) in of.ServersOf(demand))
            {
                if (far > distance) break;
                byDemand[at++] = (site, 0);
            }

            firstSite[demand + 1] = at;
        }
    }

    // Some of the demands, renumbered.
    private SitingProblem(SitingProblem of, int[] demands)
    {
        (Weights, Far, Backup, Sites) = ([.. demands.Select(demand => of.Weights[demand])], of.Far, of.Backup, of.Sites);
        (firstDemand, firstSite) = (new int[Sites + 1], new int[demands.Length + 1]);
        for (var i = 0; i < demands.Length; i++)
        {
            var servers = of.ServersOf(demands[i]);
            firstSite[i + 1] = firstSite[i] + servers.Length;
            foreach (var (site, _) in servers) firstDemand[site + 1]++;
        }

        for (var site = 0; site < Sites; site++) firstDemand[site + 1] += firstDemand[site];
        (bySite, byDemand) = (new (int, int)[firstDemand[^1]], new (int, int)[firstSite[^1]]);
        var next = firstDemand.AsSpan(0, Sites).ToArray();
        for (var i = 0; i < demands.Length; i++)
        {
            of.ServersOf(demands[i]).CopyTo(byDemand.AsSpan(firstSite[i]));
            foreach (var (site, distance) in of.ServersOf(demands[i])) bySite[next[site]++] = (i, distance);
        }
    }

    /// <summary>What each demand counts for; not negative.</summary>
    public IReadOnlyList<long> Weights { get; }

    /// <summary>The distance of not being served.</summary>
    public int Far { get; }

    /// <summary>Which of the chosen sites counts: 1 for the nearest, 2 for the second.</summary>
    public int Backup { get; }

    public int Sites { get; }

    public int Demands => Weights.Count;

    /// <summary>Pairs of a site and a demand that it serves.</summary>
    public int Pairs => bySite.Length;

    /// <summary>The cost of choosing nothing.</summary>
    public long CostOfNothing => Weights.Sum() * Far;

    /// <summary>Maximal covering: a demand is covered or not.</summary>
    /// <param name="weights">What each demand counts for, 0 to 10^9.</param>
    /// <param name="covered">For each candidate the demands within its reach, each once.</param>
    /// <param name="backup">How many chosen sites must reach a demand: 1 to 4.</param>
    /// <exception cref="ArgumentException">No candidate, a demand that is not there or twice, a weight out of range.</exception>
    public static SitingProblem Covering(long[] weights, IReadOnlyList<IReadOnlyList<int>> covered, int backup = 1) =>
        Median(weights, [.. covered.Select(set => (IReadOnlyList<(int, int)>)[.. set.Select(demand => (demand, 0))])], 1, backup);

    /// <summary>p-median with a longest way.</summary>
    /// <param name="weights">What each demand counts for, 0 to 10^9.</param>
    /// <param name="served">For each candidate the demands it can serve and how far they are; those at <paramref name="far"/> or beyond may be left out.</param>
    /// <param name="far">The distance of not being served: 1 to 10^9.</param>
    /// <param name="backup">Which of the chosen sites counts: 1 to 4.</param>
    /// <exception cref="ArgumentException">As for covering; or a distance below 0.</exception>
    public static SitingProblem Median(long[] weights, IReadOnlyList<IReadOnlyList<(int Demand, int Distance)>> served, int far, int backup = 1)
    {
        Guard.InRange(far, 1, 1_000_000_000);
        Guard.InRange(backup, 1, 4);
        if (served.Count == 0) throw new ArgumentException("there is no candidate", nameof(served));
        foreach (var weight in weights)
        {
            if (weight is < 0 or > 1_000_000_000) throw new ArgumentException($"a weight is {weight}; 0 to 10^9 expected", nameof(weights));
        }

        return new(weights, served, far, backup);
    }

    /// <summary>Covering by those who are at most so far away.</summary>
    internal SitingProblem Within(int distance) => new(this, distance);

    /// <summary>The same for some of the demands alone: number i is <c>demands[i]</c>.</summary>
    internal SitingProblem Of(int[] demands) => new(this, demands);

    internal ReadOnlySpan<(int Demand, int Distance)> ServedBy(int site) => bySite.AsSpan(firstDemand[site], firstDemand[site + 1] - firstDemand[site]);

    /// <summary>Nearest first.</summary>
    internal ReadOnlySpan<(int Site, int Distance)> ServersOf(int demand) => byDemand.AsSpan(firstSite[demand], firstSite[demand + 1] - firstSite[demand]);
}

/// <summary>What may be chosen.</summary>
/// <param name="MostSites">At most so many, locked ones among them.</param>
/// <param name="Locked">Sites that are there and stay; they cost nothing.</param>
/// <param name="Costs">What each other site costs; null where only the number counts.</param>
/// <param name="Budget">At most so much together; needs costs.</param>
public sealed record SitingRules(int MostSites, IReadOnlyCollection<int> Locked, IReadOnlyList<double>? Costs = null, double? Budget = null)
{
    public SitingRules(int mostSites) : this(mostSites, [])
    {
    }

    internal void Check(SitingProblem problem)
    {
        Guard.InRange(MostSites, 1, int.MaxValue);
        if (Locked.Count > MostSites || Locked.Distinct().Count() != Locked.Count || Locked.Any(site => site < 0 || site >= problem.Sites))
            throw new ArgumentException($"{Locked.Count} locked sites; at most {MostSites}, each once, of 0 to {problem.Sites - 1}");
        if (Budget is not null && Costs is null) throw new ArgumentException("a budget needs costs");
        if (Budget is { } budget) Guard.InRange(budget, 0, double.MaxValue, nameof(Budget));
        if (Costs is null) return;
        if (Costs.Count != problem.Sites) throw new ArgumentException($"{Costs.Count} costs for {problem.Sites} sites");
        foreach (var cost in Costs) Guard.InRange(cost, 0, double.MaxValue, nameof(Costs));
    }
}
