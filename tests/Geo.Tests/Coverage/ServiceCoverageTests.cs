using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Geo.Tests.Roads;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Coverage;

public sealed class ServiceCoverageTests(TownOnFoot town) : IClassFixture<TownOnFoot>
{
    private const int Limit = 300_000;

    [Fact]
    public void Every_building_has_the_facility_that_asking_each_one_finds()
    {
        town.Facilities.Length.ShouldBeGreaterThan(10);
        var coverage = new ServiceCoverage(town.Demand, Limit, town.Facilities);
        var (nearest, number, within) = (new int[town.Places.Length], new int[town.Places.Length], new int[town.Places.Length]);
        Array.Fill(nearest, RoadNetwork.NoWay);
        Array.Fill(number, -1);
        var tree = new ShortestPathTree(town.Network);
        for (var facility = 0; facility < town.Facilities.Length; facility++)
        {
            tree.Search([new(town.Facilities[facility], 0)], RoadNetwork.Farthest, Heading.Towards);
            for (var place = 0; place < nearest.Length; place++)
            {
                var metres = tree.To(town.Places[place]).Millimetres;
                if (metres <= Limit) within[place]++;
                if (metres < nearest[place]) (nearest[place], number[place]) = (metres, facility);
            }
        }

        coverage.Millimetres.ToArray().ShouldBe(nearest);
        coverage.Nearest.ToArray().ShouldBe(number);
        coverage.Within.ToArray().ShouldBe(within);
        within.Max().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Whatever_is_opened_closed_and_moved_ends_where_a_new_reckoning_ends()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            // A random network has dear ways back, closed ways and ties; the town has length.
            var network = seed < 4 ? Networks.Random(random) : town.Network;
            EdgePoint[] places = seed < 4 ? [.. Enumerable.Range(0, 150).Select(i => i % 10 == 0 ? EdgePoint.None : Networks.Place(random, network))] : town.Places;
            var demand = new DemandPoints(network, places);
            var coverage = new ServiceCoverage(demand, Limit, [Networks.Place(random, network), Networks.Place(random, network)]);
            for (var step = 0; step < 25; step++)
            {
                var standing = Enumerable.Range(0, coverage.Facilities).Where(i => coverage.Facility(i) is not null).ToArray();
                var before = Covered(coverage);
                switch (standing.Length < 2 ? 0 : random.Next(3))
                {
                    case 0:
                        coverage.Add(Networks.Place(random, network));
                        Covered(coverage).ShouldBeGreaterThanOrEqualTo(before, "one more never covers less");
                        break;
                    case 1:
                        var closed = standing[random.Next(standing.Length)];
                        var at = coverage.Facility(closed)!.Value;
                        coverage.Remove(closed);
                        Covered(coverage).ShouldBeLessThanOrEqualTo(before);
                        if (random.Next(2) == 0) coverage.Reopen(closed, at);
                        break;
                    default:
                        coverage.Move(standing[random.Next(standing.Length)], Networks.Place(random, network));
                        break;
                }

                var fresh = new ServiceCoverage(demand, Limit, [.. Enumerable.Range(0, coverage.Facilities).Select(i => coverage.Facility(i) ?? EdgePoint.None)]);
                coverage.Millimetres.SequenceEqual(fresh.Millimetres).ShouldBeTrue($"seed {seed}, step {step}");
                coverage.Nearest.SequenceEqual(fresh.Nearest).ShouldBeTrue($"seed {seed}, step {step}");
                coverage.Within.SequenceEqual(fresh.Within).ShouldBeTrue($"seed {seed}, step {step}");
            }
        }

        static int Covered(ServiceCoverage coverage) => coverage.Within.ToArray().Count(count => count > 0);
    }

    [Fact]
    public void A_trial_says_what_it_changed_and_leaves_nothing_behind()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            var network = seed < 4 ? Networks.Random(random) : town.Network;
            EdgePoint[] places = seed < 4 ? [.. Enumerable.Range(0, 150).Select(i => i % 10 == 0 ? EdgePoint.None : Networks.Place(random, network))] : town.Places;
            var coverage = new ServiceCoverage(new DemandPoints(network, places), Limit, [Networks.Place(random, network), Networks.Place(random, network), Networks.Place(random, network)]);
            int[] persons = [.. places.Select(_ => random.Next(50))], groups = [.. places.Select(_ => random.Next(-1, 7))];
            var people = new People(persons, persons, persons, persons);
            var before = CoverageFigures.ByGroup(coverage, people, groups, 7);
            var (millimetres, nearest, within) = (coverage.Millimetres.ToArray(), coverage.Nearest.ToArray(), coverage.Within.ToArray());
            for (var trial = 0; trial < 10; trial++)
            {
                coverage.Mark();
                for (var step = 0; step < 5; step++)
                {
                    var standing = Enumerable.Range(0, coverage.Facilities).Where(i => coverage.Facility(i) is not null).ToArray();
                    if (standing.Length < 2 || random.Next(3) == 0) coverage.Add(Networks.Place(random, network));
                    else if (random.Next(2) == 0) coverage.Remove(standing[random.Next(standing.Length)]);
                    else coverage.Move(standing[random.Next(standing.Length)], Networks.Place(random, network));
                }

                var altered = coverage.Altered.ToArray();
                altered.Select(was => was.Place).ShouldBeUnique();
                foreach (var was in altered) (was.Millimetres, was.Nearest, was.Within).ShouldBe((millimetres[was.Place], nearest[was.Place], within[was.Place]));
                var untouched = Enumerable.Range(0, places.Length).Except(altered.Select(was => was.Place)).ToArray();
                untouched.All(place => coverage.Millimetres[place] == millimetres[place] && coverage.Nearest[place] == nearest[place] && coverage.Within[place] == within[place]).ShouldBeTrue();
                var after = CoverageFigures.ByGroup(coverage, people, groups, 7);
                var differences = CoverageFigures.Differences(coverage, people, groups);
                for (var group = 0; group < 7; group++) (before[group] + differences.GetValueOrDefault(group)).ShouldBe(after[group]);
                coverage.GoBack();
                coverage.Facilities.ShouldBe(3);
                coverage.Altered.Length.ShouldBe(0);
                coverage.Millimetres.SequenceEqual(millimetres).ShouldBeTrue($"seed {seed}, trial {trial}");
                coverage.Nearest.SequenceEqual(nearest).ShouldBeTrue($"seed {seed}, trial {trial}");
                coverage.Within.SequenceEqual(within).ShouldBeTrue($"seed {seed}, trial {trial}");
            }

            Should.Throw<InvalidOperationException>(coverage.GoBack);
        }
    }

    [Fact]
    public void Groups_add_up_to_the_town_and_nobody_is_in_two_classes()
    {
        var places = town.Places.ToArray();
        places[5] = places[17] = EdgePoint.None;
        var coverage = new ServiceCoverage(new(town.Network, places), Limit, town.Facilities);
        var groups = CoverageFigures.ByGroup(coverage, town.People, town.Groups, town.Groups.Max() + 1);
        var sum = groups.Aggregate((a, b) => a + b);
        var whole = CoverageFigures.ByGroup(coverage, town.People, new int[places.Length], 1)[0];
        sum.ShouldBe(whole);
        whole.All.ShouldBe(new Headcount(places.Length, town.People.Households.Sum(), town.People.Residents.Sum(), town.People.Elderly.Sum(), town.People.Children.Sum()));
        whole.OffNetwork.Buildings.ShouldBe(town.Places.Count(place => !place.IsOnNetwork) + 2);
        (whole.Covered + whole.Uncovered + whole.OffNetwork).ShouldBe(whole.All);
        whole.Covered.Residents.ShouldBe(Enumerable.Range(0, places.Length).Where(i => coverage.Millimetres[i] <= Limit).Sum(i => (long)town.People.Residents[i]));
        whole.CoveredTwice.Residents.ShouldBeInRange(1, whole.Covered.Residents);
        whole.CoveredOften.Residents.ShouldBeInRange(1, whole.CoveredTwice.Residents);
        var reached = Enumerable.Range(0, places.Length).Where(i => coverage.Nearest[i] >= 0).SelectMany(i => Enumerable.Repeat(coverage.Millimetres[i], town.People.Residents[i])).Order().ToArray();
        whole.MeanMetres!.Value.ShouldBe(reached.Average() / 1000, 1e-6);
        var quantiles = new WalkQuantiles(coverage, town.People);
        foreach (var share in new[] { 1e-9, 0.5, 0.95, 1.0 })
        {
            quantiles.ByGroup(new int[places.Length], 1, share)[0].ShouldBe(Share(reached, share));
            var each = quantiles.ByGroup(town.Groups, town.Groups.Max() + 1, share);
            for (var group = 0; group < each.Length; group++)
            {
                var mine = Enumerable.Range(0, places.Length).Where(i => town.Groups[i] == group && coverage.Nearest[i] >= 0).SelectMany(i => Enumerable.Repeat(coverage.Millimetres[i], town.People.Residents[i])).Order().ToArray();
                each[group].ShouldBe(mine.Length == 0 ? null : Share(mine, share));
            }
        }
        quantiles.ByGroup([.. Enumerable.Repeat(-1, places.Length)], 1, 0.95)[0].ShouldBeNull("nobody is in a group");
        Should.Throw<ArgumentException>(() => quantiles.ByGroup(new int[3], 1, 0.95));

        static int Share(int[] rising, double share) => rising[Math.Max(1, (int)Math.Ceiling(share * rising.Length)) - 1];
    }

    [Fact]
    public void Without_a_facility_nobody_is_covered_and_there_is_no_mean()
    {
        var coverage = new ServiceCoverage(town.Demand, Limit, []);
        var whole = CoverageFigures.ByGroup(coverage, town.People, new int[town.Places.Length], 1)[0];
        whole.Covered.ShouldBe(default);
        whole.MeanMetres.ShouldBeNull();
        new WalkQuantiles(coverage, town.People).ByGroup(new int[town.Places.Length], 1, 0.95).ShouldBe([null]);
        Should.Throw<ArgumentOutOfRangeException>(() => coverage.Remove(0));
    }

    [Fact]
    public void What_facilities_offer_is_given_out_entirely()
    {
        var capacities = town.Facilities.Select((at, i) => (at, 10.0 + i)).ToArray();
        var access = FloatingCatchment.Accessibility(town.Demand, town.People.Residents, capacities, FloatingCatchment.Usual(600_000));
        access.Where(double.IsFinite).Zip(Enumerable.Range(0, access.Length).Where(i => town.Places[i].IsOnNetwork), (value, i) => value * town.People.Residents[i]).Sum()
            .ShouldBe(capacities.Sum(facility => facility.Item2), 1e-6);
    }

    [Fact]
    public void Two_facilities_share_by_belt()
    {
        // Homes of 10 and 30 people at 100 m and 250 m of a clinic for 40; a second clinic for 5 stands at the second home.
        var line = RoadNetwork.Create([0, 1000], [0, 0], [new(0, 1, 1_000_000, 1_000_000)]);
        var demand = new DemandPoints(line, [new(0, 0.1, 0), new(0, 0.25, 0)]);
        var access = FloatingCatchment.Accessibility(demand, [10, 30], [(new(0, 0, 0), 40), (new(0, 0.25, 0), 5)], [new(100_000, 1), new(300_000, 0.5)]);
        double first = 40 / (10 * 1 + 30 * 0.5), second = 5 / (10 * 0.5 + 30 * 1);
        access.ShouldBe([first + 0.5 * second, 0.5 * first + second], 1e-12);
    }

    [Fact]
    public void A_case_beside_others_is_what_it_is_alone_and_what_every_walk_written_out_gives()
    {
        var belts = FloatingCatchment.Usual(900_000);
        var today = town.Facilities.Select((_, i) => i % 5 == 4 ? 0 : 10.0 + i).ToArray();
        var scenario = today.Select((capacity, i) => i % 3 == 0 ? 0 : capacity + (i % 2)).ToArray();
        var both = FloatingCatchment.Accessibility(town.Demand, town.People.Residents, town.Facilities, [today, scenario], belts);
        foreach (var (capacities, access) in new[] { (today, both[0]), (scenario, both[1]) })
        {
            access.ShouldBe(FloatingCatchment.Accessibility(town.Demand, town.People.Residents, town.Facilities, [capacities], belts)[0]);
            var expected = town.Places.Select(place => place.IsOnNetwork ? 0 : double.NaN).ToArray();
            var tree = new ShortestPathTree(town.Network);
            for (var facility = 0; facility < capacities.Length; facility++)
            {
                tree.Search([new(town.Facilities[facility], 0)], belts[^1].Millimetres, Heading.Towards);
                var weights = town.Places.Select(place => tree.To(place).Millimetres is var far && far <= belts[^1].Millimetres ? belts.First(belt => far <= belt.Millimetres).Weight : 0).ToArray();
                var all = weights.Zip(town.People.Residents, (weight, people) => weight * people).Sum();
                for (var place = 0; place < weights.Length && all > 0; place++) expected[place] += capacities[facility] / all * weights[place];
            }

            // The sums are the same in another order.
            access.ShouldBe(expected, 1e-12);
        }

        both[0].SequenceEqual(both[1]).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => FloatingCatchment.Accessibility(town.Demand, town.People.Residents, town.Facilities, [today[1..]], belts));
        Should.Throw<ArgumentException>(() => FloatingCatchment.Accessibility(town.Demand, town.People.Residents, [town.Facilities[0]], [[-1]], belts));
    }

    [Fact]
    public void Clusters_are_those_of_all_distances()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var network = BothWays(Networks.Random(random, 60, 70));
            EdgePoint[] places = [.. Enumerable.Range(0, 40).Select(i => i % 13 == 12 ? EdgePoint.None : Networks.Place(random, network))];
            foreach (var link in new[] { 0, 60_000, 150_000 })
            {
                var expected = Enumerable.Range(0, places.Length).ToArray();
                var tree = new ShortestPathTree(network);
                for (var i = 0; i < places.Length; i++)
                {
                    tree.Search([new(places[i], 0)], RoadNetwork.Farthest, Heading.From);
                    for (var j = 0; j < places.Length; j++)
                    {
                        if (i == j || tree.To(places[j]).Millimetres > link || expected[i] == expected[j]) continue;
                        var (low, high) = (Math.Min(expected[i], expected[j]), Math.Max(expected[i], expected[j]));
                        for (var k = 0; k < expected.Length; k++) expected[k] = expected[k] == high ? low : expected[k];
                    }
                }

                CoverageGaps.Cluster(network, places, link).ShouldBe(expected, $"seed {seed}, link {link}");
            }
        }
    }

    private static RoadNetwork BothWays(RoadNetwork network) => RoadNetwork.Create(
        [.. Enumerable.Range(0, network.Nodes).Select(node => network.Place(node).X)], [.. Enumerable.Range(0, network.Nodes).Select(node => network.Place(node).Y)],
        [.. Enumerable.Range(0, network.Edges).Select(i => network.Edge(i)).Select(edge => edge with { Backward = edge.Forward })]);
}
