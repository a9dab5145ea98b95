namespace GridMap.Geo.Siting;

/// <summary>Who is served by which of the chosen sites, always as many as can be: a maximal flow that follows as sites come and go.</summary>
/// <remarks>Not thread-safe. Memory: 24 bytes a pair.</remarks>
internal sealed class CapacityFlow
{
    private readonly IReadOnlyList<long> capacities;
    private readonly int[] firstPair;
    private readonly int[] pairDemand;
    private readonly int[] pairSite;
    private readonly int[] firstOfDemand;
    private readonly int[] pairsOfDemand;
    private readonly long[] weights;
    private readonly long[] flow;
    private readonly long[] served;
    private readonly long[] used;
    private readonly bool[] isChosen;

    // Of the search: by which pair a demand was found, by which pair of its own a site was left, and in which search.
    private readonly int[] foundBy;
    private readonly int[] leftBy;
    private readonly int[] demandSeen;
    private readonly int[] siteSeen;
    private readonly Queue<int> queue = new();
    private List<(int Pair, long More)>? log;
    private int search;

    public CapacityFlow(SitingProblem problem, IReadOnlyList<long> capacities)
    {
        this.capacities = capacities;
        weights = [.. problem.Weights];
        firstPair = new int[problem.Sites + 1];
        firstOfDemand = new int[problem.Demands + 1];
        (pairDemand, pairSite, pairsOfDemand, flow) = (new int[problem.Pairs], new int[problem.Pairs], new int[problem.Pairs], new long[problem.Pairs]);
        for (int site = 0, pair = 0; site < problem.Sites; site++)
        {
            foreach (var (demand, _) in problem.ServedBy(site))
            {
                (pairDemand[pair], pairSite[pair]) = (demand, site);
                firstOfDemand[demand + 1]++;
                pair++;
            }

            firstPair[site + 1] = pair;
        }

        for (var demand = 0; demand < problem.Demands; demand++) firstOfDemand[demand + 1] += firstOfDemand[demand];
        var next = firstOfDemand.AsSpan(0, problem.Demands).ToArray();
        for (var pair = 0; pair < pairDemand.Length; pair++) pairsOfDemand[next[pairDemand[pair]]++] = pair;
        (served, used, isChosen) = (new long[problem.Demands], new long[problem.Sites], new bool[problem.Sites]);
        (foundBy, demandSeen, leftBy, siteSeen) = (new int[problem.Demands], new int[problem.Demands], new int[problem.Sites], new int[problem.Sites]);
    }

    public int Sites => isChosen.Length;

    /// <summary>The weight that is served.</summary>
    public long Total { get; private set; }

    public bool IsChosen(int site) => isChosen[site];

    public long Used(int site) => used[site];

    /// <summary>The weight of everybody whom a site reaches.</summary>
    public long Reach(int site)
    {
        var sum = 0L;
        for (var pair = firstPair[site]; pair < firstPair[site + 1]; pair++) sum += weights[pairDemand[pair]];
        return sum;
    }

    /// <summary>What a site would serve of those who are not served now, without moving anybody.</summary>
    public long Promise(int site)
    {
        var sum = 0L;
        for (var pair = firstPair[site]; pair < firstPair[site + 1]; pair++) sum += weights[pairDemand[pair]] - served[pairDemand[pair]];
        return Math.Min(sum, capacities[site]);
    }

    /// <summary>How many more would be served with one more site.</summary>
    public long Gain(int site)
    {
        if (isChosen[site]) return 0;
        var before = Total;
        log = [];
        Add(site);
        var gain = Total - before;
        var made = log;
        log = null;
        for (var i = made.Count - 1; i >= 0; i--) Change(made[i].Pair, -made[i].More);
        isChosen[site] = false;
        return gain;
    }

    public void Add(int site)
    {
        isChosen[site] = true;
        Fill(site);
    }

    public void Remove(int site)
    {
        for (var pair = firstPair[site]; pair < firstPair[site + 1]; pair++)
        {
            if (flow[pair] > 0) Change(pair, -flow[pair]);
        }

        isChosen[site] = false;
        for (var other = 0; other < isChosen.Length; other++)
        {
            if (isChosen[other] && used[other] < capacities[other]) Fill(other);
        }
    }

    public (long[] Flow, bool[] Chosen) Keep() => ([.. flow], [.. isChosen]);

    public void Restore((long[] Flow, bool[] Chosen) kept)
    {
        kept.Flow.CopyTo(flow, 0);
        kept.Chosen.CopyTo(isChosen, 0);
        Array.Clear(served);
        Array.Clear(used);
        Total = 0;
        for (var pair = 0; pair < flow.Length; pair++)
        {
            served[pairDemand[pair]] += flow[pair];
            used[pairSite[pair]] += flow[pair];
            Total += flow[pair];
        }
    }

    // First those who are not served at all, then by moving people on from site to site until somebody finds room.
    private void Fill(int site)
    {
        for (var pair = firstPair[site]; pair < firstPair[site + 1] && used[site] < capacities[site]; pair++)
        {
            var more = Math.Min(capacities[site] - used[site], weights[pairDemand[pair]] - served[pairDemand[pair]]);
            if (more > 0) Change(pair, more);
        }

        while (used[site] < capacities[site] && Augment(site))
        {
        }
    }

    private bool Augment(int start)
    {
        search++;
        queue.Clear();
        queue.Enqueue(start);
        siteSeen[start] = search;
        while (queue.TryDequeue(out var site))
        {
            for (var pair = firstPair[site]; pair < firstPair[site + 1]; pair++)
            {
                var demand = pairDemand[pair];
                if (demandSeen[demand] == search) continue;
                demandSeen[demand] = search;
                foundBy[demand] = pair;
                if (served[demand] < weights[demand])
                {
                    Move(start, demand);
                    return true;
                }

                for (var i = firstOfDemand[demand]; i < firstOfDemand[demand + 1]; i++)
                {
                    var by = pairsOfDemand[i];
                    if (flow[by] == 0 || siteSeen[pairSite[by]] == search) continue;
                    siteSeen[pairSite[by]] = search;
                    leftBy[pairSite[by]] = by;
                    queue.Enqueue(pairSite[by]);
                }
            }
        }

        return false;
    }

    private void Move(int start, int end)
    {
        var most = Math.Min(capacities[start] - used[start], weights[end] - served[end]);
        for (var site = pairSite[foundBy[end]]; site != start; site = pairSite[foundBy[pairDemand[leftBy[site]]]]) most = Math.Min(most, flow[leftBy[site]]);
        for (var demand = end; ;)
        {
            var pair = foundBy[demand];
            Change(pair, most);
            if (pairSite[pair] == start) return;
            Change(leftBy[pairSite[pair]], -most);
            demand = pairDemand[leftBy[pairSite[pair]]];
        }
    }

    private void Change(int pair, long more)
    {
        flow[pair] += more;
        served[pairDemand[pair]] += more;
        used[pairSite[pair]] += more;
        Total += more;
        log?.Add((pair, more));
    }
}
