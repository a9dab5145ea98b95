using GridMap.Geo.Siting;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Siting;

public sealed class SiteSelectionTests
{
    [ReferenceFact]
    public void Sao_Jose_dos_Campos_is_covered_as_well_as_can_be()
    {
        var places = File.ReadLines(Data("mclp_sjc", "SJC324.txt")).Skip(1).Select(Numbers).Where(row => row.Length == 2).ToArray();
        var weights = File.ReadAllText(Data("mclp_sjc", "demand-SJC324.dat")).Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray();
        IReadOnlyList<int>[] covered = [.. places.Select(a => (IReadOnlyList<int>)[.. Enumerable.Range(0, places.Length)
            .Where(i => Square(a[0] - places[i][0]) + Square(a[1] - places[i][1]) <= 800 * 800)])];
        var problem = SitingProblem.Covering(weights, covered);
        foreach (var row in File.ReadLines(Data("mclp_sjc", "expected_optimal_S800.csv")).Skip(1).Select(line => line.Split(',')).Where(row => row[0] == "324"))
        {
            var answer = SiteSelection.Choose(problem, new(int.Parse(row[2])), new());
            (problem.CostOfNothing - answer.Cost).ShouldBe(long.Parse(row[3]), $"p = {row[2]}");
            (problem.CostOfNothing - answer.Bound).ShouldBeGreaterThanOrEqualTo(long.Parse(row[3]));
            answer.GainGap(problem.CostOfNothing).ShouldBeLessThan(0.02);
        }
    }

    [ReferenceFact]
    public void Ten_p_medians_of_the_library_are_within_one_percent_and_most_are_optimal()
    {
        var optima = File.ReadLines(Data("pmed", "pmedopt.txt")).Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(row => row[0], row => long.Parse(row[1]));
        var optimal = 0;
        for (var number = 1; number <= 10; number++)
        {
            var (distances, p) = Pmed(Data("pmed", $"pmed{number}.txt"));
            var n = distances.GetLength(0);
            var problem = SitingProblem.Median([.. Enumerable.Repeat(1L, n)],
                [.. Enumerable.Range(0, n).Select(site => (IReadOnlyList<(int, int)>)[.. Enumerable.Range(0, n).Select(i => (i, distances[site, i]))])], 100_000);
            var answer = SiteSelection.Choose(problem, new(p), new(Seed: 7));
            var best = optima[$"pmed{number}"];
            answer.Cost.ShouldBeInRange(best, (long)(best * 1.01), $"pmed{number}");
            answer.Bound.ShouldBeLessThanOrEqualTo(best, $"pmed{number}");
            answer.CostGap.ShouldBeLessThan(0.05, $"pmed{number}");
            if (answer.Cost == best) optimal++;
        }

        optimal.ShouldBeGreaterThanOrEqualTo(7);
    }

    [Fact]
    public void Small_problems_agree_with_trying_every_choice()
    {
        var found = 0;
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            int sites = 8, demands = 12, most = 1 + random.Next(4), backup = 1 + random.Next(2), far = random.Next(2) == 0 ? 1 : 40;
            IReadOnlyList<(int, int)>[] served = [.. Enumerable.Range(0, sites).Select(_ => (IReadOnlyList<(int, int)>)[.. Enumerable.Range(0, demands)
                .Where(_ => random.Next(3) > 0).Select(i => (i, far == 1 ? 0 : random.Next(45)))])];
            var problem = SitingProblem.Median([.. Enumerable.Range(0, demands).Select(_ => (long)random.Next(20))], served, far, backup);
            var rules = new SitingRules(most, random.Next(2) == 0 ? [] : [random.Next(sites)]);
            if (random.Next(2) == 0) rules = rules with { Costs = [.. Enumerable.Range(0, sites).Select(_ => 1.0 + random.Next(5))], Budget = 2 + random.Next(8) };
            var answer = SiteSelection.Choose(problem, rules, new(seed, 60));
            var best = long.MaxValue;
            for (var choice = 0; choice < 1 << sites; choice++)
            {
                int[] chosen = [.. Enumerable.Range(0, sites).Where(site => (choice >> site & 1) != 0)];
                if (IsAllowed(rules, chosen)) best = Math.Min(best, Cost(problem, served, chosen));
            }

            IsAllowed(rules, answer.Sites).ShouldBeTrue($"seed {seed}");
            Cost(problem, served, answer.Sites).ShouldBe(answer.Cost, $"seed {seed}");
            answer.Cost.ShouldBeGreaterThanOrEqualTo(best);
            answer.Bound.ShouldBeLessThanOrEqualTo(best, $"seed {seed}: the bound is above the best choice");
            answer.Greedy.ShouldBe(answer.Greedy.OrderDescending());
            foreach (var (other, cost) in answer.Alternatives)
            {
                IsAllowed(rules, other).ShouldBeTrue();
                Cost(problem, served, other).ShouldBe(cost);
                cost.ShouldBeGreaterThanOrEqualTo(answer.Cost);
            }

            if (answer.Cost == best) found++;
        }

        found.ShouldBeGreaterThanOrEqualTo(114);
    }

    [Fact]
    public void Money_is_spent_on_few_dear_sites_or_many_cheap_ones_whichever_is_better()
    {
        var found = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int sites = 12, demands = 60;
            double[] costs = [.. Enumerable.Range(0, sites).Select(_ => (double)new[] { 1, 2, 3, 5 }[random.Next(4)])];
            // The dearer, the more it reaches.
            IReadOnlyList<(int, int)>[] served = [.. costs.Select(cost => (IReadOnlyList<(int, int)>)[.. Enumerable.Range(0, demands).Where(_ => random.Next(18) < cost).Select(i => (i, 0))])];
            var problem = SitingProblem.Median([.. Enumerable.Range(0, demands).Select(_ => (long)random.Next(200))], served, 1);
            var rules = new SitingRules(sites, [], costs, 8);
            var answer = SiteSelection.Choose(problem, rules, new(1, 60));
            IsAllowed(rules, answer.Sites).ShouldBeTrue();
            var best = Enumerable.Range(0, 1 << sites).Select(choice => Enumerable.Range(0, sites).Where(site => (choice >> site & 1) != 0).ToArray())
                .Where(chosen => IsAllowed(rules, chosen)).Min(chosen => Cost(problem, served, chosen));
            answer.Bound.ShouldBeLessThanOrEqualTo(best);
            if (answer.Cost == best) found++;
        }

        found.ShouldBeGreaterThanOrEqualTo(58);
    }

    [Fact]
    public void The_same_seed_gives_the_same_answer_and_a_cancelled_search_stops()
    {
        var (problem, _) = RandomCity(3000, 300, 11);
        var one = SiteSelection.Choose(problem, new(25), new(5, 20, 50));
        var two = SiteSelection.Choose(problem, new(25), new(5, 20, 50));
        two.Sites.ShouldBe(one.Sites);
        (two.Cost, two.Bound, two.Rounds).ShouldBe((one.Cost, one.Bound, one.Rounds));
        Should.Throw<OperationCanceledException>(() => SiteSelection.Choose(problem, new(25), new(), null, new CancellationToken(true)));
    }

    [Fact]
    public void With_a_backup_the_bound_counts_what_stands_and_is_never_better_than_the_best()
    {
        var (gaps, bests) = (0L, 0L);
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            int sites = 9, demands = 14, backup = 2 + random.Next(2), far = random.Next(3) == 0 ? 40 : 1;
            IReadOnlyList<(int, int)>[] served = [.. Enumerable.Range(0, sites).Select(_ => (IReadOnlyList<(int, int)>)[.. Enumerable.Range(0, demands)
                .Where(_ => random.Next(2) > 0).Select(i => (i, far == 1 ? 0 : random.Next(45)))])];
            var problem = SitingProblem.Median([.. Enumerable.Range(0, demands).Select(_ => (long)random.Next(20))], served, far, backup);
            int[] locked = [.. Enumerable.Range(0, sites).OrderBy(_ => random.Next()).Take(random.Next(4)).Order()];
            var rules = new SitingRules(locked.Length + 1 + random.Next(2), locked);
            var answer = SiteSelection.Choose(problem, rules, new(seed, 40));
            var best = Enumerable.Range(0, 1 << sites).Select(choice => Enumerable.Range(0, sites).Where(site => (choice >> site & 1) != 0).ToArray())
                .Where(chosen => IsAllowed(rules, chosen)).Min(chosen => Cost(problem, served, chosen));
            answer.Bound.ShouldBeLessThanOrEqualTo(best, $"seed {seed}: the bound is better than the best choice");
            SiteSelection.CostOf(problem, [.. answer.Sites]).ShouldBe(answer.Cost);
            if (far > 1 || locked.Length < backup) continue;
            gaps += best - answer.Bound;
            bests += problem.CostOfNothing - best;
        }

        // Where enough stands that one more site serves somebody, the bound says something.
        (gaps / (double)bests).ShouldBeLessThan(0.12);
    }

    [Fact]
    public void Time_that_is_up_is_told_and_without_it_the_time_changes_nothing()
    {
        var (problem, _) = RandomCity(3000, 300, 11);
        SitingTime one = new(TimeSpan.FromMinutes(5)), two = new(TimeSpan.FromMinutes(10)), none = new(TimeSpan.Zero);
        var first = SiteSelection.Choose(problem, new(25), new(5, 20, 50, one));
        SiteSelection.Choose(problem, new(25), new(5, 20, 50, two)).Sites.ShouldBe(first.Sites);
        one.HasCut.ShouldBeFalse();
        SiteSelection.Choose(problem, new(25), new(5, 20, 50, none)).Sites.Count.ShouldBe(25);
        none.HasCut.ShouldBeTrue();
        var cover = new SitingTime(TimeSpan.Zero);
        var fewest = SetCovering.Choose(problem, [], null, new(5, 20, 50, cover));
        (cover.HasCut, fewest.Rounds).ShouldBe((true, 0));
        fewest.Bound.ShouldBeLessThanOrEqualTo(fewest.Cost);
    }

    [Fact]
    public void The_longest_walk_in_a_short_time_is_told_to_be_cut_and_begins_where_it_is_told_to()
    {
        var random = new Random(3);
        IReadOnlyList<(int, int)>[] served = [.. Enumerable.Range(0, 60).Select(_ => (IReadOnlyList<(int, int)>)[.. Enumerable.Range(0, 400).Select(i => (i, 1 + random.Next(900)))])];
        var problem = SitingProblem.Median([.. Enumerable.Repeat(1L, 400)], served, 1000);
        var none = new SitingTime(TimeSpan.Zero);
        var cut = CenterSelection.Choose(problem, new(6), new(1, 10, 50, none));
        none.HasCut.ShouldBeTrue();
        cut.Sites.Count.ShouldBeInRange(1, 6);
        var whole = CenterSelection.Choose(problem, new(6), new(1, 10, 50));
        whole.Longest.ShouldBeLessThanOrEqualTo(cut.Longest);
        var again = CenterSelection.Choose(problem, new(6), new(1, 0, 0, new SitingTime(TimeSpan.Zero)), whole.Sites);
        (again.Longest, again.Bound).ShouldBe((whole.Longest, again.Bound));
        Should.Throw<ArgumentException>(() => CenterSelection.Choose(SitingProblem.Median([1, 1], [[(0, 5)], [(1, 5)]], 10), new(1), new(), [0]));
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        var (problem, _) = RandomCity(50, 5, 1);
        Should.Throw<ArgumentException>(() => SiteSelection.Choose(problem, new(1, [0, 1]), new()));
        Should.Throw<ArgumentException>(() => SiteSelection.Choose(problem, new(3, [7]), new()));
        Should.Throw<ArgumentException>(() => SiteSelection.Choose(problem, new(3, [], null, 5), new()));
        Should.Throw<ArgumentException>(() => SitingProblem.Covering([1], []));
        Should.Throw<ArgumentException>(() => SitingProblem.Covering([1], [[0, 0]]));
        Should.Throw<ArgumentException>(() => SitingProblem.Covering([-1], [[0]]));
    }

    [Fact]
    public void Everybody_is_covered_by_as_few_as_trying_every_choice_finds()
    {
        var others = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int sites = 9, demands = 14, backup = 1 + random.Next(2);
            IReadOnlyList<int>[] covered = [.. Enumerable.Range(0, sites).Select(_ => (IReadOnlyList<int>)[.. Enumerable.Range(0, demands).Where(_ => random.Next(3) == 0)])];
            double[] costs = [.. Enumerable.Range(0, sites).Select(_ => random.Next(2) == 0 ? 1.0 : 1.0 + random.Next(4))];
            int[] locked = random.Next(2) == 0 ? [] : [random.Next(sites)];
            var answer = SetCovering.Choose(SitingProblem.Covering([.. Enumerable.Repeat(1L, demands)], covered, backup), locked, costs, new(seed, 50));
            var coverable = Enumerable.Range(0, demands).Where(i => covered.Count(set => set.Contains(i)) >= backup).ToArray();
            answer.Uncoverable.ShouldBe(Enumerable.Range(0, demands).Except(coverable));
            var best = double.MaxValue;
            for (var choice = 0; choice < 1 << sites; choice++)
            {
                int[] chosen = [.. Enumerable.Range(0, sites).Where(site => (choice >> site & 1) != 0)];
                if (locked.All(chosen.Contains) && Covers(chosen)) best = Math.Min(best, chosen.Except(locked).Sum(site => costs[site]));
            }

            Covers(answer.Sites).ShouldBeTrue($"seed {seed}");
            answer.Sites.Except(locked).Sum(site => costs[site]).ShouldBe(answer.Cost, 1e-9);
            answer.Cost.ShouldBeGreaterThanOrEqualTo(best - 1e-9);
            answer.Cost.ShouldBeLessThanOrEqualTo(best * 1.34 + 1e-9, $"seed {seed}");
            answer.Bound.ShouldBeLessThanOrEqualTo(best + 1e-9, $"seed {seed}");
            answer.Alternatives.Select(other => string.Join(' ', other.Sites)).Append(string.Join(' ', answer.Sites)).ShouldBeUnique();
            foreach (var (other, cost) in answer.Alternatives)
            {
                Covers(other).ShouldBeTrue($"seed {seed}: another choice leaves somebody out");
                other.Except(locked).Sum(site => costs[site]).ShouldBe(cost, 1e-9);
                cost.ShouldBeGreaterThanOrEqualTo(answer.Cost - 1e-9);
            }

            others += answer.Alternatives.Count;

            bool Covers(IEnumerable<int> chosen) => coverable.All(i => chosen.Count(site => covered[site].Contains(i)) >= backup);
        }

        others.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 6)]
    [InlineData(3, 12)]
    public void Of_many_a_few_decide_the_longest_walk_and_the_bound_holds_for_all(int seed, int most)
    {
        // Places in a square, candidates among them, distances by the straight line: as many as a quarter of a city.
        var random = new Random(seed);
        var places = Enumerable.Range(0, 6_000).Select(_ => (X: random.NextDouble() * 10_000, Y: random.NextDouble() * 10_000)).ToArray();
        var candidates = Enumerable.Range(0, 80).Select(_ => places[random.Next(places.Length)]).Distinct().ToArray();
        IReadOnlyList<(int, int)>[] served = [.. candidates.Select(site => (IReadOnlyList<(int, int)>)[.. places.Select((place, i) => (i, (int)Math.Round(Math.Sqrt(Math.Pow(place.X - site.X, 2) + Math.Pow(place.Y - site.Y, 2)))))])];
        var problem = SitingProblem.Median([.. Enumerable.Repeat(1L, places.Length)], served, 20_000);
        var answer = CenterSelection.Choose(problem, new(most), new(seed, 40));
        answer.Longest.ShouldBe(Longest(answer.Sites));
        answer.Sites.Count.ShouldBeLessThanOrEqualTo(most);
        answer.Bound.ShouldBeInRange(answer.Longest * 85 / 100, answer.Longest);
        CenterSelection.Choose(problem, new(most), new(seed, 40)).Sites.ShouldBe(answer.Sites, "the same seed gives the same answer");
        // No choice near it is below the bound.
        for (var turn = 0; turn < 300; turn++)
            Longest(answer.Sites.Select(site => random.Next(4) == 0 ? random.Next(candidates.Length) : site)).ShouldBeGreaterThanOrEqualTo(answer.Bound);

        int Longest(IEnumerable<int> chosen) => Enumerable.Range(0, places.Length).Max(i => chosen.Min(site => served[site][i].Item2));
    }

    [Fact]
    public void The_longest_walk_is_the_shortest_that_trying_every_choice_finds()
    {
        var (found, others) = (0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int sites = 9, demands = 14, most = 1 + random.Next(4);
            IReadOnlyList<(int, int)>[] served = [.. Enumerable.Range(0, sites).Select(_ => (IReadOnlyList<(int, int)>)[.. Enumerable.Range(0, demands).Select(i => (i, 1 + random.Next(60)))])];
            int[] locked = random.Next(2) == 0 ? [] : [random.Next(sites)];
            var answer = CenterSelection.Choose(SitingProblem.Median([.. Enumerable.Repeat(1L, demands)], served, 100), new(most, locked), new(seed, 30));
            var best = int.MaxValue;
            for (var choice = 1; choice < 1 << sites; choice++)
            {
                int[] chosen = [.. Enumerable.Range(0, sites).Where(site => (choice >> site & 1) != 0)];
                if (chosen.Length <= most && locked.All(chosen.Contains)) best = Math.Min(best, Longest(chosen));
            }

            answer.Longest.ShouldBe(Longest(answer.Sites));
            answer.Longest.ShouldBeGreaterThanOrEqualTo(best);
            answer.Bound.ShouldBeLessThanOrEqualTo(best, $"seed {seed}");
            if (answer.Longest == best) found++;
            answer.Alternatives.Select(other => string.Join(' ', other)).Append(string.Join(' ', answer.Sites)).ShouldBeUnique();
            foreach (var other in answer.Alternatives)
            {
                other.Count.ShouldBeLessThanOrEqualTo(most);
                locked.ShouldBeSubsetOf(other);
                Longest(other).ShouldBeLessThanOrEqualTo(answer.Longest, $"seed {seed}");
            }

            others += answer.Alternatives.Count;

            int Longest(IEnumerable<int> chosen) => Enumerable.Range(0, demands).Max(i => chosen.Min(site => served[site].Single(pair => pair.Item1 == i).Item2));
        }

        found.ShouldBeGreaterThanOrEqualTo(36);
        others.ShouldBeGreaterThan(0);
    }

    internal static (SitingProblem Problem, IReadOnlyList<int>[] Covered) RandomCity(int demands, int sites, int seed)
    {
        var random = new Random(seed);
        var side = Math.Sqrt(demands) * 100;
        var at = Enumerable.Range(0, demands).Select(_ => (X: random.NextDouble() * side, Y: random.NextDouble() * side)).ToArray();
        IReadOnlyList<int>[] covered = [.. Enumerable.Range(0, sites).Select(_ => (X: random.NextDouble() * side, Y: random.NextDouble() * side))
            .Select(site => (IReadOnlyList<int>)[.. Enumerable.Range(0, demands).Where(i => Square(site.X - at[i].X) + Square(site.Y - at[i].Y) <= 800 * 800)])];
        return (SitingProblem.Covering([.. Enumerable.Range(0, demands).Select(_ => (long)random.Next(50, 1000))], covered), covered);
    }

    private static bool IsAllowed(SitingRules rules, IReadOnlyCollection<int> chosen) => chosen.Count <= rules.MostSites && rules.Locked.All(chosen.Contains)
        && (rules.Budget is not { } budget || chosen.Except(rules.Locked).Sum(site => rules.Costs![site]) <= budget + 1e-9);

    private static long Cost(SitingProblem problem, IReadOnlyList<(int Demand, int Distance)>[] served, IReadOnlyCollection<int> chosen) =>
        Enumerable.Range(0, problem.Demands).Sum(i => problem.Weights[i] * chosen.SelectMany(site => served[site]).Where(pair => pair.Demand == i)
            .Select(pair => Math.Min(pair.Distance, problem.Far)).Concat(Enumerable.Repeat(problem.Far, problem.Backup)).Order().ElementAt(problem.Backup - 1));

    private static (int[,] Distances, int P) Pmed(string file)
    {
        var rows = File.ReadLines(file).Select(Numbers).Where(row => row.Length == 3).ToArray();
        var n = rows[0][0];
        var distances = new int[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) distances[i, j] = i == j ? 0 : 50_000;
        }

        // Of an edge that is there twice the last cost counts.
        foreach (var row in rows.Skip(1)) distances[row[0] - 1, row[1] - 1] = distances[row[1] - 1, row[0] - 1] = row[2];
        for (var k = 0; k < n; k++)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++) distances[i, j] = Math.Min(distances[i, j], distances[i, k] + distances[k, j]);
            }
        }

        return (distances, rows[0][2]);
    }

    private static int[] Numbers(string line) => [.. line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static string Data(string folder, string file) => ReferenceData.File(Path.Combine(folder, file));

    private static double Square(double value) => value * value;
}
