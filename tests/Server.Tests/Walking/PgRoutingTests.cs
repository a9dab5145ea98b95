using GridMap.Geo.Roads;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Walking;

/// <summary>The sample city's own network, built by PostGIS out of the same roads and walked by pgRouting: the same nodes at the same millimetres.</summary>
public sealed class PgRoutingTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    private const string Network = """
        CREATE EXTENSION IF NOT EXISTS pgrouting;
        DROP TABLE IF EXISTS walk_edges, walk_nodes;
        CREATE TABLE walk_nodes AS SELECT row_number() OVER (ORDER BY place) AS id, place FROM (
            SELECT ST_StartPoint(geom) AS place FROM roads WHERE walkable UNION SELECT ST_EndPoint(geom) FROM roads WHERE walkable) AS ends;
        CREATE UNIQUE INDEX ON walk_nodes (place);
        CREATE TABLE walk_edges AS SELECT roads.id, a.id AS source, b.id AS target, round(ST_Length(geom::geography)::numeric, 3)::double precision AS cost
        FROM roads JOIN walk_nodes AS a ON a.place = ST_StartPoint(geom) JOIN walk_nodes AS b ON b.place = ST_EndPoint(geom) WHERE walkable;
        """;

    private const string Edges = "SELECT id, source, target, cost, cost AS reverse_cost FROM walk_edges";

    [PgRoutingFact]
    public async Task Distances_from_nodes_from_many_nodes_and_from_within_an_edge_are_the_same()
    {
        await town.Scratch.Execute(Network);
        var city = await town.City();
        var network = city.Network;
        (await town.Scratch.Scalar<long>("SELECT count(*) FROM walk_edges")).ShouldBe(network.Edges);
        var places = await town.Server.Database.Query($"SELECT id, ST_X(place), ST_Y(place) FROM walk_nodes ORDER BY id",
            row => (Id: row.GetInt64(0), Place: (Math.Round(row.GetDouble(1) * 1e7), Math.Round(row.GetDouble(2) * 1e7))), CancellationToken.None);
        var nodeAt = Enumerable.Range(0, network.Nodes).ToDictionary(node =>
        {
            var (lon, lat) = city.Plane.ToLonLat(network.Place(node).X, network.Place(node).Y);
            return (Math.Round(lon * 1e7), Math.Round(lat * 1e7));
        });
        places.Count.ShouldBe(network.Nodes);
        var nodeOf = places.ToDictionary(place => place.Id, place => nodeAt[place.Place]);
        var tree = new ShortestPathTree(network);
        long[] starts = [1, places.Count / 3, places.Count / 2, places.Count - 1];

        foreach (var start in starts)
        {
            tree.Search([new(network.AtNode(nodeOf[start]), 0)], 800_000, Heading.From);
            Same(tree, await Rows($"SELECT node, agg_cost FROM pgr_drivingDistance('{Edges}', {start}, 800, false)"), nodeOf);
        }

        tree.Search([.. starts.Select(start => new WalkSource(network.AtNode(nodeOf[start]), (int)start))], 1_500_000, Heading.Towards);
        // The nearest of several starts. (Its equicost of 3.4 gives some nodes to a start that is not the nearest; the least of all is beyond doubt.)
        Same(tree, await Rows($"SELECT node, min(agg_cost) FROM pgr_drivingDistance('{Edges}', ARRAY[{string.Join(',', starts)}], 1500, false) GROUP BY node"), nodeOf);

        var road = network.Edge(network.Edges / 2).Road;
        var (source, length) = (await town.Scratch.Scalar<long>($"SELECT source FROM walk_edges WHERE id = {road}"), network.Edge(network.Edges / 2).Forward);
        var fraction = network.Edge(network.Edges / 2).From == nodeOf[source] ? 0.25 : 0.75;
        // A point at a whole millimetre: 0.25 of the edge, rounded.
        var from = Math.Round(0.25 * length) / length;
        tree.Search([new(new(network.Edges / 2, fraction == 0.25 ? from : 1 - from, 0), 0)], 700_000, Heading.From);
        Same(tree, (await Rows($"""
            SELECT node, agg_cost FROM pgr_withPointsDD('{Edges}', 'SELECT 1 AS pid, {road}::bigint AS edge_id, {from}::float8 AS fraction, ''b''::char AS side', -1, 700, directed => false)
            """)).Where(row => row.Node > 0).ToList(), nodeOf);

        foreach (var start in starts)
        {
            tree.Search([new(network.AtNode(nodeOf[start]), 0)], RoadNetwork.Farthest, Heading.From);
            foreach (var (node, cost) in await Rows($"SELECT end_vid, agg_cost FROM pgr_dijkstraCost('{Edges}', {start}, ARRAY[{string.Join(',', starts.Where(other => other != start))}], false)"))
                (tree.To(network.AtNode(nodeOf[node])).Millimetres / 1000.0).ShouldBe(cost, 1e-6);
        }
    }

    private static void Same(ShortestPathTree tree, List<(long Node, double Metres)> rows, Dictionary<long, int> nodeOf)
    {
        rows.Count.ShouldBeGreaterThan(20);
        tree.Touched.ToArray().Order().ShouldBe(rows.Select(row => nodeOf[row.Node]).Order());
        foreach (var (node, metres) in rows) (tree.ToNode(nodeOf[node]) / 1000.0).ShouldBe(metres, 1e-6);
    }

    private async Task<List<(long Node, double Metres)>> Rows(string sql)
    {
        await using var command = town.Scratch.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(long, double)>();
        while (await reader.ReadAsync()) rows.Add((reader.GetInt64(0), reader.GetDouble(1)));
        return rows;
    }
}
