namespace GridMap.Geo.Siting;

/// <summary>How hard to look.</summary>
/// <param name="Seed">The same seed, rounds and problem give the same answer on every machine.</param>
/// <param name="Rounds">How often the best choice is shaken and improved again.</param>
/// <param name="BoundSteps">At most so many steps of the bound.</param>
/// <param name="Time">When it is up, what was found is the answer: fewer rounds and steps than asked for were made. Null for as long as they take.</param>
public sealed record SitingEffort(int Seed = 1, int Rounds = 200, int BoundSteps = 400, SitingTime? Time = null)
{
    /// <summary>The same with a part of the time that is left.</summary>
    internal SitingEffort Part(double share) => Time is null ? this : this with { Time = Time.Part(share) };

    internal bool IsCutHere() => Time?.CutsHere() == true;
}

/// <summary>Told now and then while sites are being chosen.</summary>
/// <param name="Round">Rounds made.</param>
/// <param name="Rounds">Rounds to make.</param>
/// <param name="Cost">Of the best choice so far.</param>
/// <param name="Bound">Below the cost of every choice.</param>
public readonly record struct SitingProgress(int Round, int Rounds, long Cost, long Bound);

/// <summary>A choice of sites.</summary>
/// <param name="Sites">Rising, locked ones among them.</param>
/// <param name="Cost">As the problem says.</param>
/// <param name="Bound">No choice costs less.</param>
/// <param name="Greedy">Cost after each site of the first, greedy choice, locked ones taken together as the first number: a curve of what more sites bring.</param>
/// <param name="Rounds">Rounds made.</param>
/// <param name="Alternatives">Other good choices met on the way, best first, with their costs; at most three.</param>
public sealed record SitingAnswer(
    IReadOnlyList<int> Sites, long Cost, long Bound, IReadOnlyList<long> Greedy, int Rounds, IReadOnlyList<(IReadOnlyList<int> Sites, long Cost)> Alternatives)
{
    public bool IsOptimal => Cost == Bound;

    /// <summary>The best choice costs at most this share of the cost less; 0 when it is proven best.</summary>
    public double CostGap => Cost == Bound ? 0 : (Cost - Bound) / (double)Cost;

    /// <summary>At most this share of what the best choice gains over choosing nothing is not gained; 0 when it is proven best. For covering: people.</summary>
    /// <param name="costOfNothing">Of the problem.</param>
    public double GainGap(long costOfNothing) => costOfNothing == Bound ? 0 : (Cost - Bound) / (double)(costOfNothing - Bound);
}

/// <summary>Chooses sites: greedy, then swaps, then again and again from shaken choices; with a proven bound.</summary>
/// <remarks>
/// Greedy addition; best swaps until none helps (Teitz and Bart 1968; Whitaker 1983); iterated local search: a few random swaps, improved again, kept when not
/// worse. A heuristic: the bound says how far from the best it is at most. Sites that bring nothing more are not chosen, so there may be fewer than allowed.
/// Deterministic for a seed. Thread-safe. Memory: 16 bytes a pair.
/// </remarks>
public static class SiteSelection
{
    // Of the time that is left when each begins; the last steps of the bound take what then is left.
    private const double TimeForSwaps = 0.3, TimeForBound = 0.4, TimeForRounds = 0.85;

    /// <summary>What a given choice costs.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="sites">One at least, each once.</param>
    /// <exception cref="ArgumentException">A site that is not there or twice.</exception>
    public static long CostOf(SitingProblem problem, IReadOnlyCollection<int> sites)
    {
        var rules = new SitingRules(sites.Count, sites);
        rules.Check(problem);
        return new SitingState(problem, rules).Cost;
    }

    /// <exception cref="ArgumentException">Rules that contradict themselves or the problem.</exception>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public static SitingAnswer Choose(SitingProblem problem, SitingRules rules, SitingEffort effort, IProgress<SitingProgress>? progress = null, CancellationToken cancellation = default)
    {
        rules.Check(problem);
        Guard.InRange(effort.Rounds, 0, int.MaxValue, nameof(effort));
        Guard.InRange(effort.BoundSteps, 0, int.MaxValue, nameof(effort));
        var state = new SitingState(problem, rules);
        var greedy = Greedy(state, problem, rules, effort, byMoney: false, cancellation);
        var start = state.Chosen.ToArray();
        var startCost = state.Cost;
        if (rules.Budget is not null)
        {
            state.Set(rules.Locked);
            var other = Greedy(state, problem, rules, effort, byMoney: true, cancellation);
            if (state.Cost < startCost) greedy = other;
            else state.Set(start);
        }

        Improve(state, effort.Part(TimeForSwaps), cancellation);
        var (best, cost) = (state.Chosen.Order().ToArray(), state.Cost);
        var bound = SitingBound.Below(problem, rules, cost, effort.Part(TimeForBound), cancellation);
        var random = new SitingRandom(effort.Seed);
        var others = new OtherChoices();
        var (round, rounds) = (0, effort.Part(TimeForRounds));
        for (; round < effort.Rounds && cost > bound && !rounds.IsCutHere(); round++)
        {
            progress?.Report(new(round, effort.Rounds, cost, bound));
            if (rules.Budget is not null && (random.Next() & 1) == 0) SpendAnew(state, problem, random);
            else Shake(state, problem, random);
            Improve(state, rounds, cancellation);
            var sites = state.Chosen.Order().ToArray();
            if (state.Cost < cost || !sites.AsSpan().SequenceEqual(best)) others.Remember(state.Cost < cost ? best : sites, -Math.Max(cost, state.Cost));
            if (state.Cost < cost || (state.Cost == cost && (random.Next() & 1) == 0)) (best, cost) = (sites, state.Cost);
            else if (state.Cost > cost) state.Set(best);
        }

        // A better choice gives the bound's steps a better aim.
        if (round > 0 && cost > bound) bound = Math.Max(bound, SitingBound.Below(problem, rules, cost, effort, cancellation));
        progress?.Report(new(round, effort.Rounds, cost, bound));
        return new(best, cost, bound, greedy, round, [.. others.Beside(best).Select(other => (other.Sites, (long)-other.Value))]);
    }

    private static List<long> Greedy(SitingState state, SitingProblem problem, SitingRules rules, SitingEffort effort, bool byMoney, CancellationToken cancellation)
    {
        var costs = new List<long> { state.Cost };
        // A gain only shrinks as others are added (with a backup it may grow: then all are looked at again).
        var queue = new PriorityQueue<int, (double, int)>();
        Fill();
        while (state.HasRoom && queue.TryDequeue(out var site, out _))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!state.MayAdd(site) || Worth(site) is not (< 0 and var now)) continue;
            if (queue.TryPeek(out _, out var next) && (now, site).CompareTo(next) > 0)
            {
                queue.Enqueue(site, (now, site));
                continue;
            }

            state.Add(site);
            costs.Add(state.Cost);
            // Without, the rest is chosen by what it was last known to bring.
            if (problem.Backup > 1 && state.HasRoom && !effort.IsCutHere()) Fill();
        }

        return costs;

        void Fill()
        {
            queue.Clear();
            for (var site = 0; site < problem.Sites; site++)
            {
                if (state.MayAdd(site)) queue.Enqueue(site, (Worth(site), site));
            }
        }

        // The smaller the better. Two that serve the same people twice bring something together, though one alone does not: of nothing, the promise counts.
        double Worth(int site)
        {
            double gain = state.Gain(site);
            if (problem.Backup > 1) gain += state.Promise(site) / 1e3;
            return byMoney ? -gain / Math.Max(1e-9, rules.Costs![site]) : -gain;
        }
    }

    private static void Improve(SitingState state, SitingEffort effort, CancellationToken cancellation)
    {
        while (!effort.IsCutHere() && state.BestMove(effort, cancellation) is { } move)
        {
            if (move.Remove >= 0) state.Remove(move.Remove);
            state.Add(move.Add);
        }
    }

    // Swaps keep the number of sites and may not cost more: few dear sites in place of many cheap ones are not found by them.
    private static void SpendAnew(SitingState state, SitingProblem problem, SitingRandom random)
    {
        var back = 1 + random.Next(Math.Max(2, state.Chosen.Count / 5));
        for (var tries = 0; back > 0 && tries < 50 && state.Chosen.Count > 0; tries++)
        {
            if (state.Chosen[random.Next(state.Chosen.Count)] is var remove && state.IsLocked(remove)) continue;
            state.Remove(remove);
            back--;
        }

        for (var tries = 0; tries < 50; tries++)
        {
            if (random.Next(problem.Sites) is var add && (!state.MayAdd(add) || state.Gain(add) == 0)) continue;
            state.Add(add);
            break;
        }
    }

    private static void Shake(SitingState state, SitingProblem problem, SitingRandom random)
    {
        var swaps = 2 + random.Next(Math.Max(1, Math.Min(8, state.Chosen.Count / 10)));
        for (var tries = 0; swaps > 0 && tries < 50; tries++)
        {
            if (state.Chosen.Count == 0) return;
            int remove = state.Chosen[random.Next(state.Chosen.Count)], add = random.Next(problem.Sites);
            if (state.IsLocked(remove) || state.IsChosen(add) || !state.MaySwap(add, remove)) continue;
            state.Remove(remove);
            state.Add(add);
            swaps--;
        }
    }
}

/// <summary>The same numbers on every machine and version: xorshift64* (Vigna 2016).</summary>
internal sealed class SitingRandom(int seed)
{
    private ulong state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL) | 1;

    public uint Next()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return (uint)((state * 0x2545F4914F6CDD1DUL) >> 32);
    }

    /// <summary>0 to below <paramref name="end"/>.</summary>
    public int Next(int end) => (int)(((ulong)Next() * (ulong)end) >> 32);
}
