using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Geo.Roads;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Walking;

/// <summary>Roads that people walk in one direction only, or with more effort than their metres: a fifth and a seventh of the town's.</summary>
public sealed class OneWayTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    private const string Edges = "SELECT id, source, target, cost, reverse_cost FROM walk_edges";

    [PgRoutingFact]
    public async Task Ways_out_and_ways_in_are_those_of_pgRouting_and_coverage_walks_the_way_in()
    {
        await town.Scratch.Execute("""
            UPDATE roads SET walk_direction = CASE id % 10 WHEN 0 THEN 'forward' WHEN 5 THEN 'backward' ELSE 'both' END, walk_factor = CASE id % 7 WHEN 0 THEN 1.25 END WHERE walkable
            """);
        var (city, nodeOf) = await PgNetwork.Of(town);
        city.Network.IsOneWay.ShouldBeTrue();
        var tree = new ShortestPathTree(city.Network);
        foreach (var start in new long[] { 1, nodeOf.Count / 3, nodeOf.Count / 2 })
        {
            tree.Search([new(city.Network.AtNode(nodeOf[start]), 0)], 900_000, Heading.From);
            PgNetwork.Same(tree, await PgNetwork.Rows(town, $"SELECT node, agg_cost FROM pgr_drivingDistance('{Edges}', {start}, 900, true)"), nodeOf);
            tree.Search([new(city.Network.AtNode(nodeOf[start]), 0)], 900_000, Heading.Towards);
            // The way in is the way out of a town with all its directions turned round.
            PgNetwork.Same(tree, await PgNetwork.Rows(town, $"SELECT node, agg_cost FROM pgr_drivingDistance('{Edges.Replace("cost, reverse_cost", "reverse_cost AS cost, cost AS reverse_cost", StringComparison.Ordinal)}', {start}, 900, true)"), nodeOf);
        }

        // A building's metres are those from its door to the nearest facility, walked in that direction.
        var facilities = city.Facilities.Where(facility => facility.Type == "party-station" && facility.At.IsOnNetwork).ToList();
        var rows = (await town.Anyone.Json("/api/coverage/walking?facilityType=party-station&by=building&format=geojson")).At("features").EnumerateArray()
            .ToDictionary(row => row.At("properties", "id").GetInt64(), row => row.At("properties"));
        var differs = 0;
        foreach (var i in Enumerable.Range(0, city.Buildings.Count).Where(i => i % 97 == 0 && city.Buildings.At[i].IsOnNetwork))
        {
            tree.Search([new(city.Buildings.At[i], 0)], RoadNetwork.Farthest, Heading.From);
            var metres = facilities.Min(facility => tree.To(facility.At).Millimetres) / 1000.0;
            var row = rows[city.Buildings.Ids[i]];
            if (metres < RoadNetwork.Farthest / 1000.0) row.At("nearestMetres").GetDouble().ShouldBe(metres, 1e-6);
            tree.Search([new(city.Buildings.At[i], 0)], RoadNetwork.Farthest, Heading.Towards);
            if (facilities.Min(facility => tree.To(facility.At).Millimetres) / 1000.0 != metres) differs++;
        }
        differs.ShouldBeGreaterThan(10, "the way back is another one often enough for the test to tell");
    }

    [DatabaseFact]
    public async Task Other_directions_and_factors_are_refused_by_name()
    {
        var road = await town.Scratch.Scalar<long>("SELECT min(id) FROM roads");
        var planner = await town.Server.As(Role.Planner);
        foreach (var (name, value) in new[] { ("walkDirection", "\"up\""), ("walkFactor", "0.5"), ("walkFactor", "21") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"/ogc/collections/roads/items/{road}")
            {
                Content = new StringContent($$$"""{"properties":{"{{{name}}}":{{{value}}}}}""", new MediaTypeHeaderValue("application/merge-patch+json")),
            };
            using var response = await planner.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await response.Content.ReadFromJsonAsync<JsonElement>()).Fields().ShouldBe([$"properties.{name}"]);
        }
    }
}
