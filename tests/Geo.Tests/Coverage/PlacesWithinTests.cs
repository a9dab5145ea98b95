using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Geo.Tests.Roads;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Coverage;

/// <summary>Whoever is found is found once, and whoever is not found is too far: held against the search tree's answer for every single place.</summary>
public sealed class PlacesWithinTests
{
    [Fact]
    public void Every_place_is_found_once_however_much_of_the_network_is_reached()
    {
        int found = 0, onSourceEdges = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            // With few nodes a search reaches a large share of them, with many a small one; loops and parallel edges are among the random edges.
            var network = Networks.Random(random, 2 + (seed % 7 * 40), 3 + (seed % 7 * 60));
            EdgePoint[] places = [.. Enumerable.Range(0, 150).Select(i => i % 29 == 28 ? EdgePoint.None : Networks.Place(random, network))];
            var heading = seed % 2 == 0 ? Heading.Towards : Heading.From;
            var within = new PlacesWithin(new DemandPoints(network, places, heading));
            var tree = new ShortestPathTree(network);
            foreach (var limit in new[] { 0, 5_000, 60_000, 400_000, RoadNetwork.Farthest })
            {
                // The second source shares the first one's edge; the third is nowhere.
                var first = Networks.Place(random, network);
                WalkSource[] sources = [new(first, 2), new(first with { Fraction = random.NextDouble() }, 1), new(EdgePoint.None, 0), new(Networks.Place(random, network), 3)];
                tree.Search(sources, limit, heading);
                var expected = Enumerable.Range(0, places.Length).Select(place => (Place: place, tree.To(places[place]).Millimetres, tree.To(places[place]).Label)).Where(one => one.Label >= 0).ToList();
                var told = new List<(int Place, int Millimetres, int Label)>();
                within.Each(sources, limit, (place, millimetres, label) => told.Add((place, millimetres, label)));
                told.Order().ToList().ShouldBe(expected, $"seed {seed}, limit {limit}");
                found += told.Count;
                onSourceEdges += told.Count(one => places[one.Place].Edge == first.Edge);
            }
        }

        found.ShouldBeGreaterThan(10_000);
        onSourceEdges.ShouldBeGreaterThan(100);
    }
}
