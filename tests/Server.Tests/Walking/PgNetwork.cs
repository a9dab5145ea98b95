using GridMap.Geo.Roads;
using GridMap.Server.Walking;
using Shouldly;

namespace GridMap.Server.Tests.Walking;

/// <summary>The town's network once more, made by PostGIS for pgRouting: <c>walk_edges</c> with a cost each way (−1 where nobody may walk).</summary>
internal static class PgNetwork
{
    private const string Tables = """
        CREATE EXTENSION IF NOT EXISTS pgrouting;
        DROP TABLE IF EXISTS walk_edges, walk_nodes;
        CREATE TABLE walk_nodes AS SELECT row_number() OVER (ORDER BY place) AS id, place FROM (
            SELECT ST_StartPoint(geom) AS place FROM roads WHERE walkable UNION SELECT ST_EndPoint(geom) FROM roads WHERE walkable) AS ends;
        CREATE UNIQUE INDEX ON walk_nodes (place);
        CREATE TABLE walk_edges AS
        SELECT roads.id, a.id AS source, b.id AS target,
               CASE walk_direction WHEN 'backward' THEN -1 ELSE effort END AS cost, CASE walk_direction WHEN 'forward' THEN -1 ELSE effort END AS reverse_cost
        FROM roads JOIN walk_nodes AS a ON a.place = ST_StartPoint(geom) JOIN walk_nodes AS b ON b.place = ST_EndPoint(geom)
             CROSS JOIN LATERAL (SELECT round((ST_Length(geom::geography) * coalesce(walk_factor, CASE class WHEN 'steps' THEN 1.5 ELSE 1 END))::numeric, 3)::double precision AS effort) AS walked
        WHERE walkable;
        """;

    /// <returns>The server's city, and which of its nodes each of pgRouting's is.</returns>
    public static async Task<(WalkingCity City, Dictionary<long, int> NodeOf)> Of(WalkingTown town)
    {
        await town.Scratch.Execute(Tables);
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
        return (city, places.ToDictionary(place => place.Id, place => nodeAt[place.Place]));
    }

    public static void Same(ShortestPathTree tree, List<(long Node, double Metres)> rows, Dictionary<long, int> nodeOf)
    {
        rows.Count.ShouldBeGreaterThan(20);
        tree.Touched.ToArray().Order().ShouldBe(rows.Select(row => nodeOf[row.Node]).Order());
        foreach (var (node, metres) in rows) (tree.ToNode(nodeOf[node]) / 1000.0).ShouldBe(metres, 1e-6);
    }

    public static async Task<List<(long Node, double Metres)>> Rows(WalkingTown town, string sql)
    {
        await using var command = town.Scratch.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(long, double)>();
        while (await reader.ReadAsync()) rows.Add((reader.GetInt64(0), reader.GetDouble(1)));
        return rows;
    }
}
