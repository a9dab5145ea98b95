using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Coverage;

/// <summary>From a place and towards it, where steps cost more upwards and some ways are closed in one direction: two answers, each held against relaxing every edge until nothing moves.</summary>
public sealed class HeadingTests(TownOnFoot town) : IClassFixture<TownOnFoot>
{
    private const int Limit = 600_000;

    [Fact]
    public void Walks_from_a_place_and_towards_it_differ_and_each_is_what_every_edge_relaxed_gives()
    {
        var network = Uneven(town.Network);
        network.IsOneWay.ShouldBeTrue();
        var index = new EdgeIndex(network);
        var raster = new SnapRaster(index, 10, 100);
        var places = town.Places;
        var random = new Random(11);
        int different = 0, reached = 0;
        long both = 0, wrong = 0, missing = 0;
        for (var turn = 0; turn < 12; turn++)
        {
            var origin = places[random.Next(places.Length)];
            var sets = new List<HashSet<int>>();
            foreach (var heading in new[] { Heading.Towards, Heading.From })
            {
                var truth = Relaxed(network, origin, places, heading);
                var within = new PlacesWithin(new DemandPoints(network, places, heading));
                var found = new Dictionary<int, int>();
                within.Each([new(origin, 0)], Limit, (place, millimetres, _) => found[place] = millimetres);
                var expected = Enumerable.Range(0, places.Length).Where(place => truth[place] <= Limit).ToDictionary(place => place, place => (int)truth[place]);
                found.Keys.Order().ShouldBe(expected.Keys.Order());
                foreach (var (place, millimetres) in found) millimetres.ShouldBe(expected[place]);
                sets.Add([.. found.Keys]);
                reached += found.Count;
                // The picture belongs to the same direction.
                var locator = new IndexedPointInAreaLocator(Isochrones.Within(within.Tree, raster, [Limit])[0]);
                for (var place = 0; place < places.Length; place++)
                {
                    var isIn = locator.Locate(new Coordinate(town.Xs[place], town.Ys[place])) != Location.Exterior;
                    if (isIn && found.ContainsKey(place)) both++;
                    else if (isIn) wrong++;
                    else if (found.ContainsKey(place)) missing++;
                }
            }
            if (!sets[0].SetEquals(sets[1])) different++;
        }
        reached.ShouldBeGreaterThan(1000);
        different.ShouldBeGreaterThan(9, "nearly everywhere somebody gets there and not back, or back and not there");
        ((double)both / (both + wrong)).ShouldBeGreaterThan(0.97, "precision");
        ((double)both / (both + missing)).ShouldBeGreaterThan(0.97, "recall");
    }

    [Fact]
    public void Steps_are_slower_upwards_whichever_way_is_asked()
    {
        // 100 m of steps, 1.25 down and 2 up; the people at the foot walk up to the place at the top.
        var network = RoadNetwork.Create([0, 100], [0, 0], [new(0, 1, 200_000, 125_000)]);
        EdgePoint[] foot = [network.AtNode(0)];
        Reaches(Heading.Towards, 199_999).ShouldBe(0);
        Reaches(Heading.Towards, 200_000).ShouldBe(1);
        Reaches(Heading.From, 124_999).ShouldBe(0);
        Reaches(Heading.From, 125_000).ShouldBe(1);

        int Reaches(Heading heading, int limit)
        {
            var count = 0;
            new PlacesWithin(new DemandPoints(network, foot, heading)).Each([new(network.AtNode(1), 0)], limit, (_, _, _) => count++);
            return count;
        }
    }

    // Every fifth edge is steps, every seventh is closed against its direction.
    private static RoadNetwork Uneven(RoadNetwork flat)
    {
        var edges = new NetworkEdge[flat.Edges];
        for (var i = 0; i < edges.Length; i++)
        {
            var edge = flat.Edge(i);
            edges[i] = i % 7 == 0 ? edge with { Backward = RoadNetwork.NoWay } : i % 5 == 0 ? edge with { Forward = edge.Forward * 2, Backward = (int)(edge.Backward * 1.25) } : edge;
        }
        var nodes = Enumerable.Range(0, flat.Nodes).Select(flat.Place).ToArray();
        return RoadNetwork.Create([.. nodes.Select(node => node.X)], [.. nodes.Select(node => node.Y)], edges, flat.Shapes);
    }

    private static long[] Relaxed(RoadNetwork network, EdgePoint origin, EdgePoint[] places, Heading heading)
    {
        const long never = long.MaxValue / 4;
        var cost = new long[network.Nodes];
        Array.Fill(cost, never);
        var start = network.Edge(origin.Edge);
        // Towards: the way from a node to the origin; From: the way from the origin to the node.
        cost[start.To] = Cost(heading == Heading.From ? start.ToEnd(origin.Fraction) : start.FromEnd(origin.Fraction));
        cost[start.From] = Math.Min(cost[start.From], Cost(heading == Heading.From ? start.ToStart(origin.Fraction) : start.FromStart(origin.Fraction)));
        bool moved;
        do
        {
            moved = false;
            for (var i = 0; i < network.Edges; i++)
            {
                var edge = network.Edge(i);
                var (there, back) = heading == Heading.From ? (Cost(edge.Forward), Cost(edge.Backward)) : (Cost(edge.Backward), Cost(edge.Forward));
                if (cost[edge.From] + there < cost[edge.To]) (cost[edge.To], moved) = (cost[edge.From] + there, true);
                if (cost[edge.To] + back < cost[edge.From]) (cost[edge.From], moved) = (cost[edge.To] + back, true);
            }
        }
        while (moved);
        return Array.ConvertAll(places, place =>
        {
            if (!place.IsOnNetwork) return never;
            var edge = network.Edge(place.Edge);
            var best = heading == Heading.From
                ? Math.Min(cost[edge.From] + Cost(edge.FromStart(place.Fraction)), cost[edge.To] + Cost(edge.FromEnd(place.Fraction)))
                : Math.Min(cost[edge.From] + Cost(edge.ToStart(place.Fraction)), cost[edge.To] + Cost(edge.ToEnd(place.Fraction)));
            if (place.Edge == origin.Edge)
                best = Math.Min(best, Cost(heading == Heading.From ? edge.Between(origin.Fraction, place.Fraction) : edge.Between(place.Fraction, origin.Fraction)));
            return best + place.AccessMillimetres + origin.AccessMillimetres;
        });

        static long Cost(int millimetres) => millimetres == RoadNetwork.NoWay ? never / 4 : millimetres;
    }
}
