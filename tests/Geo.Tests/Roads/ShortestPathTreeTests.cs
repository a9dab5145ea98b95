using GridMap.Geo.Roads;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Roads;

public sealed class ShortestPathTreeTests
{
    // 0 –100 m– 1 –100 m– 2, and a detour 0 –50 m– 3 –50 m– 2 that shortens the way from 0 to 2.
    private static readonly RoadNetwork Square = RoadNetwork.Create([0, 100, 200, 100], [0, 0, 0, 50],
        [new(0, 1, 100_000, 100_000), new(1, 2, 100_000, 100_000), new(0, 3, 50_000, 50_000), new(3, 2, 50_000, 50_000)]);

    [Fact]
    public void Two_places_on_one_edge_are_as_far_apart_as_the_piece_between_them()
    {
        var tree = Search(Square, [new(new(0, 0.2, 3_000), 7)]);
        tree.To(new(0, 0.7, 5_000)).ShouldBe((58_000, 7));
        tree.To(new(0, 0.2, 5_000)).ShouldBe((8_000, 7));
    }

    [Fact]
    public void A_source_enters_at_both_ends_of_its_edge()
    {
        var tree = Search(Square, [new(new(0, 0.2, 3_000), 7)]);
        tree.ToNode(0).ShouldBe(23_000);
        tree.ToNode(1).ShouldBe(83_000);
        tree.To(new(1, 1, 0)).ShouldBe((123_000, 7), "by the detour");
    }

    [Fact]
    public void Around_the_block_may_be_shorter_than_along_the_edge()
    {
        var ring = RoadNetwork.Create([0, 10], [0, 0], [new(0, 1, 1_000_000, 1_000_000), new(0, 1, 10_000, 10_000)]);
        Search(ring, [new(new(0, 0.05, 0), 0)]).To(new(0, 0.95, 0)).Millimetres.ShouldBe(110_000);
    }

    [Fact]
    public void The_other_heading_walks_the_edges_the_other_way()
    {
        var steps = RoadNetwork.Create([0, 100], [0, 0], [new(0, 1, 100_000, 250_000)]);
        Search(steps, [new(steps.AtNode(0), 0)]).To(steps.AtNode(1)).Millimetres.ShouldBe(100_000);
        Search(steps, [new(steps.AtNode(0), 0)], Heading.Towards).To(steps.AtNode(1)).Millimetres.ShouldBe(250_000);
        var oneWay = RoadNetwork.Create([0, 100], [0, 0], [new(0, 1, 100_000, RoadNetwork.NoWay)]);
        Search(oneWay, [new(new(0, 0.5, 0), 0)]).To(new(0, 0.2, 0)).ShouldBe((RoadNetwork.NoWay, -1));
        Search(oneWay, [new(new(0, 0.5, 0), 0)], Heading.Towards).To(new(0, 0.2, 0)).Millimetres.ShouldBe(30_000);
    }

    [Fact]
    public void The_limit_counts_the_access_legs_and_is_reached_itself()
    {
        var tree = new ShortestPathTree(Square);
        tree.Search([new(new(0, 0.2, 3_000), 7)], 58_000, Heading.From);
        tree.To(new(0, 0.7, 5_000)).Millimetres.ShouldBe(58_000);
        tree.To(new(0, 0.7, 5_001)).ShouldBe((RoadNetwork.NoWay, -1));
        tree.To(EdgePoint.None).ShouldBe((RoadNetwork.NoWay, -1));
    }

    [Theory]
    [InlineData(Heading.From)]
    [InlineData(Heading.Towards)]
    public void Random_networks_agree_with_relaxing_every_edge_until_nothing_moves(Heading heading)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            // Edges within a bucket of the queue, within its ring, and beyond it.
            var network = Networks.Random(random, unit: (seed % 3) switch { 0 => 100_000, 1 => 700, _ => 7_000_000 });
            WalkSource[] sources = [.. Enumerable.Range(0, 5).Select(i => new WalkSource(Networks.Place(random, network), random.Next(4)))];
            var limit = random.Next(2) == 0 ? RoadNetwork.Farthest : 700_000;
            var tree = new ShortestPathTree(network);
            tree.Search([new(Networks.Place(random, network), 9)], 900_000, Heading.From);
            tree.Search(sources, limit, heading);
            for (var i = 0; i < 200; i++)
            {
                var place = Networks.Place(random, network);
                tree.To(place).ShouldBe(Brute(network, sources, place, limit, heading), $"seed {seed}, {place}");
            }
        }
    }

    [Theory]
    [InlineData(Heading.From)]
    [InlineData(Heading.Towards)]
    public void Adding_and_taking_away_sources_ends_where_a_new_search_ends(Heading heading)
    {
        for (var seed = 100; seed < 130; seed++)
        {
            var random = new Random(seed);
            var network = Networks.Random(random);
            var limit = random.Next(2) == 0 ? RoadNetwork.Farthest : 600_000;
            var sources = new List<WalkSource>();
            ShortestPathTree tree = new(network), fresh = new(network);
            tree.Search([], limit, heading);
            for (var step = 0; step < 60; step++)
            {
                var before = Enumerable.Range(0, network.Nodes).Select(node => (tree.ToNode(node), tree.OriginOfNode(node))).ToArray();
                if (random.Next(5) < 3)
                {
                    sources.Add(new(Networks.Place(random, network), random.Next(6)));
                    tree.Insert(sources[^1]);
                }
                else
                {
                    var label = random.Next(6);
                    sources.RemoveAll(source => source.Label == label);
                    tree.Remove(label);
                }

                fresh.Search([.. sources], limit, heading);
                var changed = tree.Changed.ToArray().ToHashSet();
                for (var node = 0; node < network.Nodes; node++)
                {
                    var now = (tree.ToNode(node), tree.OriginOfNode(node));
                    now.ShouldBe((fresh.ToNode(node), fresh.OriginOfNode(node)), $"seed {seed}, step {step}, node {node}");
                    if (now != before[node]) changed.ShouldContain(node);
                }

                tree.Touched.ToArray().ShouldBeUnique();
                tree.Touched.ToArray().Where(node => tree.ToNode(node) != RoadNetwork.NoWay).Order().ShouldBe(fresh.Touched.ToArray().Order());
                var place = Networks.Place(random, network);
                tree.To(place).ShouldBe(fresh.To(place));
            }
        }
    }

    [Fact]
    public void Routes_are_as_long_as_they_say_and_end_where_they_should()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            // Straight edges that cost their length: the line can be measured.
            double[] xs = [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble() * 1000)], ys = [.. xs.Select(_ => random.NextDouble() * 1000)];
            var network = RoadNetwork.Create(xs, ys, [.. Enumerable.Range(0, 90).Select(_ =>
            {
                int from = random.Next(50), to = (from + 1 + random.Next(49)) % 50;
                var cost = (int)Math.Round(1000 * Math.Sqrt(Math.Pow(xs[from] - xs[to], 2) + Math.Pow(ys[from] - ys[to], 2)));
                return new NetworkEdge(from, to, cost, random.Next(5) == 0 ? RoadNetwork.NoWay : cost);
            })]);
            WalkSource[] sources = [new(Networks.Place(random, network), 0), new(Networks.Place(random, network), 1)];
            foreach (var heading in Enum.GetValues<Heading>())
            {
                var tree = Search(network, sources, heading);
                for (var i = 0; i < 40; i++)
                {
                    var place = Networks.Place(random, network);
                    var (millimetres, label) = tree.To(place);
                    var route = tree.RouteTo(place);
                    (route is null).ShouldBe(label < 0);
                    if (route is null) continue;
                    var walked = route.Zip(route.Skip(1), (a, b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2))).Sum();
                    walked.ShouldBe((millimetres - place.AccessMillimetres - sources[label].At.AccessMillimetres) / 1000.0, 0.05);
                    var (start, end) = heading == Heading.From ? (sources[label].At, place) : (place, sources[label].At);
                    Near(route[0], network.Shapes.At(start.Edge, start.Fraction));
                    Near(route[^1], network.Shapes.At(end.Edge, end.Fraction));
                }
            }
        }

        static void Near((double X, double Y) a, (double X, double Y) b) => Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y)).ShouldBeLessThan(1e-6);
    }

    private static ShortestPathTree Search(RoadNetwork network, WalkSource[] sources, Heading heading = Heading.From)
    {
        var tree = new ShortestPathTree(network);
        tree.Search(sources, RoadNetwork.Farthest, heading);
        return tree;
    }

    private static (int, int) Brute(RoadNetwork network, WalkSource[] sources, EdgePoint place, int limit, Heading heading)
    {
        var best = (Millimetres: (long)RoadNetwork.NoWay, Label: -1);
        foreach (var (at, label) in sources)
        {
            // Always from start to end.
            var (start, end) = heading == Heading.From ? (at, place) : (place, at);
            var distance = new long[network.Nodes];
            Array.Fill(distance, long.MaxValue / 4);
            var (first, last) = (network.Edge(start.Edge), network.Edge(end.Edge));
            distance[first.From] = Math.Min(distance[first.From], Far(first.ToStart(start.Fraction)));
            distance[first.To] = Math.Min(distance[first.To], Far(first.ToEnd(start.Fraction)));
            for (var moved = true; moved;)
            {
                moved = false;
                for (var i = 0; i < network.Edges; i++)
                {
                    var edge = network.Edge(i);
                    if (distance[edge.From] + Far(edge.Forward) < distance[edge.To]) (distance[edge.To], moved) = (distance[edge.From] + Far(edge.Forward), true);
                    if (distance[edge.To] + Far(edge.Backward) < distance[edge.From]) (distance[edge.From], moved) = (distance[edge.To] + Far(edge.Backward), true);
                }
            }

            var sum = Math.Min(distance[last.From] + Far(last.FromStart(end.Fraction)), distance[last.To] + Far(last.FromEnd(end.Fraction)));
            if (start.Edge == end.Edge) sum = Math.Min(sum, Far(first.Between(start.Fraction, end.Fraction)));
            sum += start.AccessMillimetres + end.AccessMillimetres;
            if (sum <= limit && (sum < best.Millimetres || (sum == best.Millimetres && label < best.Label))) best = (sum, label);
        }

        return ((int)best.Millimetres, best.Label);

        static long Far(int cost) => cost == RoadNetwork.NoWay ? long.MaxValue / 4 : cost;
    }
}
