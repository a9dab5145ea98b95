using GridMap.Geo.Siting;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Siting;

public sealed class CapacitatedCoveringTests
{
    [Fact]
    public void Small_problems_agree_with_trying_every_choice()
    {
        var random = new Random(21);
        var (optimal, others) = (0, 0);
        for (var turn = 0; turn < 150; turn++)
        {
            int sites = 3 + random.Next(5), demands = 2 + random.Next(9), p = 1 + random.Next(3);
            long[] weights = [.. Enumerable.Range(0, demands).Select(_ => (long)random.Next(20))];
            IReadOnlyList<int>[] covered = [.. Enumerable.Range(0, sites).Select(_ => (IReadOnlyList<int>)[.. Enumerable.Range(0, demands).Where(_ => random.Next(3) == 0)])];
            long[] capacities = [.. Enumerable.Range(0, sites).Select(_ => (long)random.Next(30))];
            int[] locked = random.Next(3) == 0 ? [random.Next(sites)] : [];
            double[]? costs = random.Next(3) == 0 ? [.. Enumerable.Range(0, sites).Select(_ => 1.0 + random.Next(5))] : null;
            double? budget = costs is null ? null : 2 + random.Next(8);
            var problem = SitingProblem.Covering(weights, covered);
            var rules = new SitingRules(Math.Max(p, locked.Length), locked, costs, budget);
            var answer = CapacitatedCovering.Choose(problem, capacities, rules, new(Seed: 3, Rounds: 30));
            var best = Enumerable.Range(0, 1 << sites).Select(bits => Enumerable.Range(0, sites).Where(site => (bits >> site & 1) != 0).ToArray())
                .Where(set => set.Length <= rules.MostSites && locked.All(set.Contains) && (budget is null || set.Except(locked).Sum(site => costs![site]) <= budget))
                .Max(set => Flow(weights, covered, capacities, set));
            answer.Served.ShouldBeLessThanOrEqualTo(best);
            answer.Bound.ShouldBeGreaterThanOrEqualTo(best);
            answer.Served.ShouldBe(Flow(weights, covered, capacities, [.. answer.Sites]), "the flow that follows is the flow made anew");
            answer.ServedBy.Sum().ShouldBe(answer.Served);
            for (var i = 0; i < answer.Sites.Count; i++) answer.ServedBy[i].ShouldBeLessThanOrEqualTo(capacities[answer.Sites[i]]);
            if (answer.Served == best) optimal++;
            answer.Alternatives.Count.ShouldBeLessThanOrEqualTo(3);
            answer.Alternatives.Select(other => string.Join(' ', other.Sites)).Append(string.Join(' ', answer.Sites)).ShouldBeUnique();
            answer.Alternatives.Select(other => other.Served).ShouldBe(answer.Alternatives.Select(other => other.Served).OrderDescending());
            foreach (var (other, served) in answer.Alternatives)
            {
                served.ShouldBe(Flow(weights, covered, capacities, [.. other]), "what another choice serves is what its own flow serves");
                other.Count.ShouldBeLessThanOrEqualTo(rules.MostSites);
                locked.ShouldBeSubsetOf(other);
                if (budget is not null) other.Except(locked).Sum(site => costs![site]).ShouldBeLessThanOrEqualTo(budget.Value + 1e-9);
            }
            others += answer.Alternatives.Count;
        }

        optimal.ShouldBeGreaterThan(140);
        others.ShouldBeGreaterThan(150);
    }

    [Fact]
    public void Money_is_spent_on_large_sites_or_many_small_ones_whichever_takes_more()
    {
        var found = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int sites = 10, demands = 30;
            double[] costs = [.. Enumerable.Range(0, sites).Select(_ => (double)new[] { 1, 2, 3, 5 }[random.Next(4)])];
            long[] weights = [.. Enumerable.Range(0, demands).Select(_ => (long)random.Next(40))], capacities = [.. costs.Select(cost => (long)(cost * (20 + random.Next(30))))];
            IReadOnlyList<int>[] covered = [.. costs.Select(cost => (IReadOnlyList<int>)[.. Enumerable.Range(0, demands).Where(_ => random.Next(12) < cost)])];
            var answer = CapacitatedCovering.Choose(SitingProblem.Covering(weights, covered), capacities, new(sites, [], costs, 8), new(Seed: 1, Rounds: 60));
            answer.Sites.Sum(site => costs[site]).ShouldBeLessThanOrEqualTo(8);
            var best = Enumerable.Range(0, 1 << sites).Select(bits => Enumerable.Range(0, sites).Where(site => (bits >> site & 1) != 0).ToArray())
                .Where(set => set.Sum(site => costs[site]) <= 8).Max(set => Flow(weights, covered, capacities, set));
            answer.Bound.ShouldBeGreaterThanOrEqualTo(best);
            if (answer.Served == best) found++;
        }

        Console.WriteLine($"{found} of 60 are the best");
        found.ShouldBeGreaterThanOrEqualTo(54);
    }

    [Fact]
    public void With_room_for_everybody_it_is_covering()
    {
        var random = new Random(4);
        long[] weights = [.. Enumerable.Range(0, 200).Select(_ => (long)random.Next(1, 50))];
        IReadOnlyList<int>[] covered = [.. Enumerable.Range(0, 60).Select(_ => (IReadOnlyList<int>)[.. Enumerable.Range(0, 200).Where(_ => random.Next(12) == 0)])];
        var problem = SitingProblem.Covering(weights, covered);
        var open = SiteSelection.Choose(problem, new(8), new());
        var answer = CapacitatedCovering.Choose(problem, [.. Enumerable.Repeat(1_000_000L, 60)], new(8), new());
        answer.Served.ShouldBeInRange((long)((problem.CostOfNothing - open.Cost) * 0.98), problem.CostOfNothing - open.Bound);
        answer.Gap.ShouldBeLessThan(0.05);
        CapacitatedCovering.Choose(problem, [.. Enumerable.Repeat(1_000_000L, 60)], new(8), new()).Sites.ShouldBe(answer.Sites, "the same seed gives the same answer");
        var tight = CapacitatedCovering.Choose(problem, [.. Enumerable.Repeat(10L, 60)], new(8), new());
        tight.Served.ShouldBe(80);
        tight.IsOptimal.ShouldBeTrue();
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var problem = SitingProblem.Covering([1, 2], [[0], [1]]);
        Should.Throw<ArgumentException>(() => CapacitatedCovering.Choose(problem, [1], new(1), new()));
        Should.Throw<ArgumentException>(() => CapacitatedCovering.Choose(problem, [1, -1], new(1), new()));
        Should.Throw<ArgumentException>(() => CapacitatedCovering.Choose(SitingProblem.Covering([1, 2], [[0], [1]], backup: 2), [1, 1], new(1), new()));
    }

    // Edmonds and Karp on a dense matrix: slow, and written without a look at the other.
    private static long Flow(long[] weights, IReadOnlyList<int>[] covered, long[] capacities, int[] set)
    {
        int n = weights.Length + set.Length + 2, source = n - 2, sink = n - 1;
        var room = new long[n, n];
        for (var i = 0; i < set.Length; i++)
        {
            room[source, i] = capacities[set[i]];
            foreach (var demand in covered[set[i]]) room[i, set.Length + demand] = long.MaxValue / 4;
        }

        for (var demand = 0; demand < weights.Length; demand++) room[set.Length + demand, sink] = weights[demand];
        for (var total = 0L; ;)
        {
            var from = new int[n];
            Array.Fill(from, -1);
            from[source] = source;
            var queue = new Queue<int>([source]);
            while (queue.TryDequeue(out var at))
            {
                for (var to = 0; to < n; to++)
                {
                    if (from[to] >= 0 || room[at, to] <= 0) continue;
                    from[to] = at;
                    queue.Enqueue(to);
                }
            }

            if (from[sink] < 0) return total;
            var most = long.MaxValue;
            for (var at = sink; at != source; at = from[at]) most = Math.Min(most, room[from[at], at]);
            for (var at = sink; at != source; at = from[at])
            {
                room[from[at], at] -= most;
                room[at, from[at]] += most;
            }

            total += most;
        }
    }
}
