using GridMap.Geo.Roads;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Walking;

/// <summary>The sample city's own network, built by PostGIS out of the same roads and walked by pgRouting: the same nodes at the same millimetres.</summary>
public sealed class PgRoutingTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    private const string Edges = "SELECT id, source, target, cost, reverse_cost FROM walk_edges";

    private Task<List<(long Node, double Metres)>> Rows(string sql) => PgNetwork.Rows(town, sql);

    [PgRoutingFact]
    public async Task Distances_from_nodes_from_many_nodes_and_from_within_an_edge_are_the_same()
    {
        var (city, nodeOf) = await PgNetwork.Of(town);
        var network = city.Network;
        var tree = new ShortestPathTree(network);
        long[] starts = [1, nodeOf.Count / 3, nodeOf.Count / 2, nodeOf.Count - 1];

        foreach (var start in starts)
        {
            tree.Search([new(network.AtNode(nodeOf[start]), 0)], 800_000, Heading.From);
            PgNetwork.Same(tree, await Rows($"SELECT node, agg_cost FROM pgr_drivingDistance('{Edges}', {start}, 800, false)"), nodeOf);
        }

        tree.Search([.. starts.Select(start => new WalkSource(network.AtNode(nodeOf[start]), (int)start))], 1_500_000, Heading.Towards);
        // The nearest of several starts. (Its equicost of 3.4 gives some nodes to a start that is not the nearest; the least of all is beyond doubt.)
        PgNetwork.Same(tree, await Rows($"SELECT node, min(agg_cost) FROM pgr_drivingDistance('{Edges}', ARRAY[{string.Join(',', starts)}], 1500, false) GROUP BY node"), nodeOf);

        var road = network.Edge(network.Edges / 2).Road;
        var (source, length) = (await town.Scratch.Scalar<long>($"SELECT source FROM walk_edges WHERE id = {road}"), network.Edge(network.Edges / 2).Forward);
        var fraction = network.Edge(network.Edges / 2).From == nodeOf[source] ? 0.25 : 0.75;
        // A point at a whole millimetre: 0.25 of the edge, rounded.
        var from = Math.Round(0.25 * length) / length;
        tree.Search([new(new(network.Edges / 2, fraction == 0.25 ? from : 1 - from, 0), 0)], 700_000, Heading.From);
        PgNetwork.Same(tree, (await Rows($"""
            SELECT node, agg_cost FROM pgr_withPointsDD('{Edges}', 'SELECT 1 AS pid, {road}::bigint AS edge_id, {from}::float8 AS fraction, ''b''::char AS side', -1, 700, directed => false)
            """)).Where(row => row.Node > 0).ToList(), nodeOf);

        foreach (var start in starts)
        {
            tree.Search([new(network.AtNode(nodeOf[start]), 0)], RoadNetwork.Farthest, Heading.From);
            foreach (var (node, cost) in await Rows($"SELECT end_vid, agg_cost FROM pgr_dijkstraCost('{Edges}', {start}, ARRAY[{string.Join(',', starts.Where(other => other != start))}], false)"))
                (tree.To(network.AtNode(nodeOf[node])).Millimetres / 1000.0).ShouldBe(cost, 1e-6);
        }
    }
}
