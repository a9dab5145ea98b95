using GridMap.Geo.Roads;
using Shouldly;

namespace GridMap.Geo.Tests.Roads;

/// <summary>The same nodes and distances as pgRouting, to the rounding of half a millimetre where a place lies within an edge.</summary>
public sealed class PgRoutingTests
{
    private const int Kilometre = 1_000_000;

    [ReferenceFact]
    public void The_documentations_graph_along_the_edges_directions() =>
        Reached(Networks.Sample(), [11], 3 * Kilometre).ShouldBe(Networks.Csv("sample_dd_11_3_directed.csv").Select(row => ((int)row[0], (int)(row[3] * Kilometre))).Order());

    [ReferenceFact]
    public void The_documentations_graph_both_ways()
    {
        var undirected = BothWays(Networks.Sample());
        foreach (var group in Networks.Csv("sample_dd_11_16_3_undirected.csv").GroupBy(row => (int)row[0]))
            Reached(undirected, [group.Key], 3 * Kilometre).ShouldBe(group.Select(row => ((int)row[1], (int)(row[4] * Kilometre))).Order());
    }

    [ReferenceFact]
    public void Each_node_once_from_the_nearest_of_two()
    {
        var expected = Networks.Csv("sample_dd_11_16_3_equicost.csv");
        var tree = Tree(Networks.Sample(), [11, 16], 3 * Kilometre);
        tree.Touched.ToArray().Select(node => (node + 1, tree.ToNode(node))).Order().ShouldBe(expected.Select(row => ((int)row[1], (int)(row[4] * Kilometre))).Order());
        foreach (var row in expected) tree.OriginOfNode((int)row[1] - 1).ShouldBe((int)row[0], $"node {row[1]}");
    }

    [ReferenceFact]
    public void Four_hundred_metres_around_a_node() =>
        Reached(Networks.Small(), [1200], 400_000).ShouldBe(Networks.Csv("small_dd_node1200_400m.csv").Select(row => ((int)row[0], Millimetres(row[1]))).Order());

    [ReferenceFact]
    public void Nine_hundred_metres_around_five_nodes_with_their_origins()
    {
        var expected = Networks.Csv("small_dd_5facilities_900m_equicost.csv");
        var tree = Tree(Networks.Small(), [.. expected.Select(row => (int)row[0]).Distinct()], 900_000);
        tree.Touched.ToArray().Select(node => (node + 1, tree.ToNode(node), tree.OriginOfNode(node))).Order()
            .ShouldBe(expected.Select(row => ((int)row[1], Millimetres(row[2]), (int)row[0])).Order());
    }

    [ReferenceFact]
    public void From_within_an_edge()
    {
        var network = Networks.Small();
        var edge = Enumerable.Range(0, network.Edges).Single(i => network.Edge(i).Road == 900);
        var tree = new ShortestPathTree(network);
        tree.Search([new(new EdgePoint(edge, 0.25, 0), 1)], 400_000, Heading.From);
        var expected = Networks.Csv("small_withPointsDD_edge900_f025_400m.csv").Where(row => row[0] > 0).ToDictionary(row => (int)row[0] - 1, row => row[1]);
        tree.Touched.ToArray().Order().ShouldBe(expected.Keys.Order());
        foreach (var node in tree.Touched) (tree.ToNode(node) / 1000.0).ShouldBe(expected[node], 0.00051, $"node {node + 1}");
    }

    [ReferenceFact]
    public void A_matrix()
    {
        var network = Networks.Small();
        var tree = new ShortestPathTree(network);
        foreach (var row in Networks.Csv("small_dijkstraCost.csv"))
        {
            tree.Search([new(network.AtNode((int)row[0] - 1), 0)], RoadNetwork.Farthest, Heading.From);
            tree.To(network.AtNode((int)row[1] - 1)).Millimetres.ShouldBe(Millimetres(row[2]));
        }
    }

    private static int Millimetres(double metres) => (int)Math.Round(metres * 1000);

    private static ShortestPathTree Tree(RoadNetwork network, int[] nodes, int limit)
    {
        var tree = new ShortestPathTree(network);
        tree.Search([.. nodes.Select(node => new WalkSource(network.AtNode(node - 1), node))], limit, Heading.From);
        return tree;
    }

    private static List<(int, int)> Reached(RoadNetwork network, int[] nodes, int limit)
    {
        var tree = Tree(network, nodes, limit);
        return [.. tree.Touched.ToArray().Select(node => (node + 1, tree.ToNode(node))).Order()];
    }

    private static RoadNetwork BothWays(RoadNetwork network) => RoadNetwork.Create(
        [.. Enumerable.Range(0, network.Nodes).Select(node => network.Place(node).X)], [.. Enumerable.Range(0, network.Nodes).Select(node => network.Place(node).Y)],
        [.. Enumerable.Range(0, network.Edges).Select(i => network.Edge(i)).Select(edge =>
        {
            var cost = Math.Min(edge.Forward, edge.Backward);
            return edge with { Forward = cost, Backward = cost };
        })]);
}
