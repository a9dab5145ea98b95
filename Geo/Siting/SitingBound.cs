namespace GridMap.Geo.Siting;

/// <summary>How good any choice could be: a bound below the cost of every choice that the rules allow.</summary>
/// <remarks>
/// Lagrangian relaxation of "each demand is given to as many sites as count" (Geoffrion 1974; Fisher 1981; for p-median Cornuéjols, Fisher and Nemhauser
/// 1977), improved by subgradients with Polyak's step. Every step's value is a bound, so stopping early is safe; the best is kept. With a backup the cost
/// of the k-th nearest is bounded by the mean of the k nearest. Where c locked sites serve a demand, fewer than k, the k-th nearest is at least as far as the
/// (k − c)-th nearest of the others, so that many of the others are asked for: else what stands would count as half a service everywhere, and that bound says
/// nothing. Covered k times by what stands, a demand costs nothing. With a budget, sites are taken by value for money and the last one in part. Costs are whole
/// numbers, so the bound is rounded up. Thread-safe.
/// </remarks>
internal static class SitingBound
{
    /// <param name="problem">The problem.</param>
    /// <param name="rules">What may be chosen.</param>
    /// <param name="known">The cost of a choice that is allowed: the steps aim at it, and end when the bound meets it.</param>
    /// <param name="effort">At most so many steps, and at least one, in its time.</param>
    /// <param name="cancellation">Looked at in every step.</param>
    public static long Below(SitingProblem problem, SitingRules rules, long known, SitingEffort effort, CancellationToken cancellation)
    {
        int n = problem.Demands, k = problem.Backup;
        var isLocked = new bool[problem.Sites];
        foreach (var site in rules.Locked) isLocked[site] = true;
        // How many sites a demand still asks for, and whether locked ones are among them.
        var (need, asksOthers) = (new int[n], new bool[n]);
        for (var i = 0; i < n; i++)
        {
            var served = k == 1 ? 0 : CountLocked(problem.ServersOf(i), isLocked);
            asksOthers[i] = served > 0 && (served < k || problem.Far == 1);
            need[i] = asksOthers[i] ? Math.Max(0, k - served) : k;
        }

        // u ≤ weight × far ÷ need: a demand that nobody serves costs that much for each site that counts.
        var (u, most, slope, value) = (new double[n], new double[n], new double[n], new double[problem.Sites]);
        for (var i = 0; i < n; i++)
        {
            if (need[i] == 0) continue;
            most[i] = (double)problem.Weights[i] * problem.Far / need[i];
            // To begin with, the cost of the cheapest server, or half the way to far where that is nothing.
            var servers = problem.ServersOf(i);
            u[i] = servers.Length < k ? most[i] : Math.Min(most[i], (double)problem.Weights[i] * (servers[Math.Min(k, servers.Length - 1)].Distance + problem.Far / 50.0) / need[i]);
        }

        var (best, pace, still) = (double.NegativeInfinity, 1.0, 0);
        var order = Enumerable.Range(0, problem.Sites).ToArray();
        for (var step = 0; step < effort.BoundSteps && !(step > 0 && effort.IsCutHere()); step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var sum = 0.0;
            for (var i = 0; i < n; i++)
            {
                sum += need[i] * u[i];
                slope[i] = need[i];
            }

            for (var site = 0; site < value.Length; site++)
            {
                var saved = 0.0;
                foreach (var (demand, distance) in problem.ServedBy(site))
                {
                    if (Saved(site, demand, distance) is > 0 and var less) saved += less;
                }

                value[site] = saved;
            }

            var taken = Take(rules, isLocked, value, order, out var worth);
            var bound = sum - worth;
            if (bound > best + Math.Abs(best) * 1e-7) (best, still) = (bound, 0);
            else if (++still >= 12) (pace, still) = (pace / 2, 0);
            best = Math.Max(best, bound);
            if (Whole(best) >= known || pace < 1e-4) break;
            foreach (var site in taken)
            {
                foreach (var (demand, distance) in problem.ServedBy(site))
                {
                    if (Saved(site, demand, distance) > 0) slope[demand] -= 1;
                }
            }

            var norm = 0.0;
            for (var i = 0; i < n; i++)
            {
                // A demand at its highest price may as well stay unserved.
                if (slope[i] > 0 && u[i] >= most[i]) slope[i] = 0;
                norm += slope[i] * slope[i];
            }

            if (norm == 0) break;
            var length = pace * Math.Max(known * 1.0005 + 1e-6 - bound, 1e-9) / norm;
            for (var i = 0; i < n; i++) u[i] = Math.Clamp(u[i] + length * slope[i], 0, most[i]);
        }

        return Math.Min(known, Math.Max(0, Whole(best)));

        // By giving the demand to the site.
        double Saved(int site, int demand, int distance) =>
            need[demand] == 0 || (isLocked[site] && asksOthers[demand]) ? 0 : u[demand] - (double)problem.Weights[demand] * distance / need[demand];
    }

    private static int CountLocked(ReadOnlySpan<(int Site, int Distance)> servers, bool[] isLocked)
    {
        var count = 0;
        foreach (var (site, _) in servers)
        {
            if (isLocked[site]) count++;
        }

        return count;
    }

    // Sums of doubles err by far less than this share of what they add up.
    private static long Whole(double bound) => (long)Math.Ceiling(bound - Math.Max(1e-6, Math.Abs(bound) * 1e-10));

    /// <summary>The best that the rules allow, relaxed: never worth less than any choice.</summary>
    private static List<int> Take(SitingRules rules, bool[] isLocked, double[] value, int[] order, out double worth)
    {
        var taken = new List<int>(rules.MostSites);
        var locked = 0.0;
        foreach (var site in rules.Locked)
        {
            locked += value[site];
            taken.Add(site);
        }

        var room = rules.MostSites - taken.Count;
        Array.Sort(order, (a, b) => value[a] != value[b] ? value[b].CompareTo(value[a]) : a.CompareTo(b));
        var (byNumber, chosen) = (0.0, new List<int>(room));
        foreach (var site in order)
        {
            if (chosen.Count == room) break;
            if (isLocked[site]) continue;
            byNumber += value[site];
            chosen.Add(site);
        }

        worth = locked + byNumber;
        if (rules is { Budget: { } budget, Costs: { } costs })
        {
            Array.Sort(order, (a, b) => value[a] * costs[b] != value[b] * costs[a] ? (value[b] * costs[a]).CompareTo(value[a] * costs[b]) : a.CompareTo(b));
            var (left, byMoney, bought) = (budget, 0.0, new List<int>());
            foreach (var site in order)
            {
                if (isLocked[site] || value[site] <= 0) continue;
                if (costs[site] > left)
                {
                    byMoney += value[site] * left / costs[site];
                    break;
                }

                left -= costs[site];
                byMoney += value[site];
                bought.Add(site);
            }

            if (byMoney < byNumber) (worth, chosen) = (locked + byMoney, bought);
        }

        taken.AddRange(chosen);
        return taken;
    }
}
