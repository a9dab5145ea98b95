namespace GridMap.Geo.Siting;

/// <summary>A choice of sites while it is being improved: for every demand its nearest chosen sites, one more than count.</summary>
internal sealed class SitingState
{
    private readonly SitingProblem problem;
    private readonly SitingRules rules;
    private readonly int ranks;
    private readonly (int Site, int Distance)[] nearest;
    private readonly long[] loss;
    private readonly long[] mend;
    private readonly bool[] isLocked;
    private readonly List<int> chosen = [];
    private readonly bool[] isChosen;
    private double spent;

    public SitingState(SitingProblem problem, SitingRules rules)
    {
        (this.problem, this.rules, ranks) = (problem, rules, problem.Backup + 1);
        nearest = new (int, int)[problem.Demands * ranks];
        (loss, mend, isLocked, isChosen) = (new long[problem.Sites], new long[problem.Sites], new bool[problem.Sites], new bool[problem.Sites]);
        foreach (var site in rules.Locked) isLocked[site] = true;
        Set(rules.Locked);
    }

    /// <summary>In the order in which they were chosen.</summary>
    public IReadOnlyList<int> Chosen => chosen;

    public long Cost { get; private set; }

    public bool IsChosen(int site) => isChosen[site];

    public bool IsLocked(int site) => isLocked[site];

    public bool HasRoom => chosen.Count < rules.MostSites;

    public void Set(IEnumerable<int> sites)
    {
        foreach (var site in chosen) isChosen[site] = false;
        chosen.Clear();
        chosen.AddRange(sites);
        foreach (var site in chosen) isChosen[site] = true;
        spent = chosen.Sum(Price);
        Cost = 0;
        for (var demand = 0; demand < problem.Demands; demand++)
        {
            Look(demand);
            Cost += CostOf(demand);
        }
    }

    public double Price(int site) => isLocked[site] || rules.Costs is null ? 0 : rules.Costs[site];

    public bool MayAdd(int site) => !isChosen[site] && HasRoom && Affords(Price(site));

    public bool MaySwap(int add, int remove) => Affords(Price(add) - Price(remove));

    private bool Affords(double more) => rules.Budget is not { } budget || more <= 0 || spent + more <= budget * (1 + 1e-12);

    /// <summary>How much less it costs with one more site.</summary>
    public long Gain(int site)
    {
        var gain = 0L;
        var k = problem.Backup;
        foreach (var (demand, distance) in problem.ServedBy(site))
        {
            var at = demand * ranks;
            var last = nearest[at + k - 1].Distance;
            if (distance < last) gain += problem.Weights[demand] * (last - Math.Max(k > 1 ? nearest[at + k - 2].Distance : 0, distance));
        }

        return gain;
    }

    /// <summary>The weight that a site serves and that has fewer than enough chosen sites: what it might bring together with others.</summary>
    public long Promise(int site)
    {
        var promise = 0L;
        foreach (var (demand, distance) in problem.ServedBy(site))
        {
            if (distance < nearest[demand * ranks + problem.Backup - 1].Distance) promise += problem.Weights[demand];
        }

        return promise;
    }

    public void Add(int site)
    {
        isChosen[site] = true;
        chosen.Add(site);
        spent += Price(site);
        foreach (var (demand, distance) in problem.ServedBy(site))
        {
            var row = nearest.AsSpan(demand * ranks, ranks);
            if (!IsBefore((site, distance), row[^1])) continue;
            Cost -= CostOf(demand);
            var at = ranks - 1;
            for (; at > 0 && IsBefore((site, distance), row[at - 1]); at--) row[at] = row[at - 1];
            row[at] = (site, distance);
            Cost += CostOf(demand);
        }
    }

    public void Remove(int site)
    {
        isChosen[site] = false;
        chosen.Remove(site);
        spent -= Price(site);
        foreach (var (demand, distance) in problem.ServedBy(site))
        {
            if (IsBefore(nearest[demand * ranks + ranks - 1], (site, distance))) continue;
            Cost -= CostOf(demand);
            Look(demand);
            Cost += CostOf(demand);
        }
    }

    /// <summary>The swap (or, while there is room, the addition: Remove −1) that lowers the cost most; null when none does.</summary>
    /// <remarks>
    /// Whitaker 1983, as in Resende and Werneck 2004: what a removal loses is added up once; for each insertion only the demands near it mend that.
    /// One look costs all pairs and sites × chosen. When the time is up it is the best of those looked at.
    /// </remarks>
    public (int Add, int Remove, long Change)? BestMove(SitingEffort effort, CancellationToken cancellation)
    {
        AddUpLosses();
        (int Add, int Remove, long Change)? best = null;
        var k = problem.Backup;
        for (var site = 0; site < problem.Sites; site++)
        {
            if ((site & 63) == 63)
            {
                cancellation.ThrowIfCancellationRequested();
                if (effort.IsCutHere()) break;
            }

            if (isChosen[site]) continue;
            var gain = 0L;
            foreach (var (demand, distance) in problem.ServedBy(site))
            {
                var at = demand * ranks;
                var spare = nearest[at + k].Distance;
                if (distance >= spare) continue;
                var weight = problem.Weights[demand];
                int last = nearest[at + k - 1].Distance, before = k > 1 ? nearest[at + k - 2].Distance : 0;
                var added = weight * (last - Math.Max(before, Math.Min(distance, last)));
                gain += added;
                for (var rank = 0; rank < k; rank++)
                {
                    if (nearest[at + rank].Site is not (>= 0 and var lost)) continue;
                    var swapped = weight * (Math.Max(rank == k - 1 ? before : last, Math.Min(distance, spare)) - last);
                    mend[lost] += swapped + added - weight * (spare - last);
                }
            }

            if (-gain < (best?.Change ?? 0) && MayAdd(site)) best = (site, -1, -gain);
            foreach (var remove in chosen)
            {
                var change = loss[remove] + mend[remove] - gain;
                mend[remove] = 0;
                if (change < (best?.Change ?? 0) && !isLocked[remove] && MaySwap(site, remove)) best = (site, remove, change);
            }
        }

        return best;
    }

    private void AddUpLosses()
    {
        foreach (var site in chosen) loss[site] = 0;
        var k = problem.Backup;
        for (var demand = 0; demand < problem.Demands; demand++)
        {
            var at = demand * ranks;
            var lost = problem.Weights[demand] * (nearest[at + k].Distance - nearest[at + k - 1].Distance);
            if (lost == 0) continue;
            for (var rank = 0; rank < k; rank++)
            {
                if (nearest[at + rank].Site >= 0) loss[nearest[at + rank].Site] += lost;
            }
        }
    }

    private void Look(int demand)
    {
        var row = nearest.AsSpan(demand * ranks, ranks);
        row.Fill((-1, problem.Far));
        var rank = 0;
        foreach (var server in problem.ServersOf(demand))
        {
            if (!isChosen[server.Site]) continue;
            row[rank++] = server;
            if (rank == ranks) break;
        }
    }

    private long CostOf(int demand) => problem.Weights[demand] * nearest[demand * ranks + problem.Backup - 1].Distance;

    // Sites before none, so that a row is filled from the left.
    private static bool IsBefore((int Site, int Distance) a, (int Site, int Distance) b) =>
        a.Distance != b.Distance ? a.Distance < b.Distance : b.Site < 0 || (a.Site >= 0 && a.Site < b.Site);
}
