using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>
/// Questions about walking. The floor is pgRouting over the same roads, as edges between shared ends in a schema of its own that goes away again.
/// </summary>
public sealed class Walks(NpgsqlDataSource database, Questions city, bool hasPgRouting, bool madeExtension, IReadOnlyList<long> nodes, IReadOnlyList<long> stations) : IAsyncDisposable
{
    private const string Schema = "gridmap_bench", FacilityType = "party-station";

    // 15 minutes at 60 m/min, and as degrees around a place with room to spare.
    private const int Metres = 900;
    private const double Reach = 0.012;

    public static async Task<Walks> Prepare(NpgsqlDataSource database, Questions city)
    {
        if (await One(database, "SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'") == 0)
        {
            Console.WriteLine("pgRouting is not installed: no floor on foot.");
            return new Walks(database, city, false, false, [], []);
        }
        var makes = await One(database, "SELECT count(*) FROM pg_extension WHERE extname = 'pgrouting'") == 0;
        if (makes) await Run(database, "CREATE EXTENSION pgrouting");
        await Run(database, $"""
            DROP SCHEMA IF EXISTS {Schema} CASCADE;
            CREATE SCHEMA {Schema};
            CREATE TABLE {Schema}.nodes AS SELECT row_number() OVER () AS id, geom FROM (SELECT ST_StartPoint(geom) AS geom FROM roads WHERE walkable UNION SELECT ST_EndPoint(geom) FROM roads WHERE walkable) AS ends;
            CREATE INDEX ON {Schema}.nodes USING gist (geom);
            CREATE TABLE {Schema}.edges AS SELECT roads.id, a.id AS source, b.id AS target, ST_Length(roads.geom::geography) AS cost, roads.geom
            FROM roads JOIN {Schema}.nodes AS a ON a.geom = ST_StartPoint(roads.geom) JOIN {Schema}.nodes AS b ON b.geom = ST_EndPoint(roads.geom) WHERE walkable;
            CREATE INDEX ON {Schema}.edges USING gist (geom);
            ANALYZE {Schema}.nodes;
            ANALYZE {Schema}.edges;
            """);
        var nodes = new List<long>();
        foreach (var spot in city.Places(32)) nodes.Add(await One(database, $"SELECT id FROM {Schema}.nodes ORDER BY geom <-> {Questions.Point(spot)} LIMIT 1"));
        await using var command = database.CreateCommand($"SELECT DISTINCT (SELECT id FROM {Schema}.nodes ORDER BY geom <-> facilities.geom LIMIT 1) FROM facilities WHERE type = '{FacilityType}'");
        var stations = new List<long>();
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync()) stations.Add(rows.GetInt64(0));
        }
        return new Walks(database, city, true, makes, nodes, stations);
    }

    public IReadOnlyList<Asked> All()
    {
        var spots = city.Places(512).ToList();
        var middle = city.Places(1).Single();
        return
        [
            new("walking: isochrone of 5, 10 and 15 minutes", [.. spots.Select(spot => $"/api/isochrone?{Questions.At(spot)}&minutes=5,10,15&metresPerMinute=60")], [.. hasPgRouting ? nodes.Select((node, i) => Isochrone(node, spots[i])) : []]),
            new("walking: the five nearest stations, with routes", [.. spots.Select(spot => $"/api/nearest?{Questions.At(spot)}&facilityType={FacilityType}&count=5&mostMinutes=15")], []),
            new("walking: who reaches a station, whole city", [$"/api/coverage/walking?facilityType={FacilityType}&minutes=15&metresPerMinute=60"], [.. hasPgRouting ? [Coverage()] : Array.Empty<string>()]),
            new("walking: what if one station more", ["/api/coverage/what-if"], [])
            {
                Body = string.Create(CultureInfo.InvariantCulture, $$"""{"facilityType":"{{FacilityType}}","minutes":15,"changes":[{"op":"add","lon":{{middle.Lon:0.0000000}},"lat":{{middle.Lat:0.0000000}}}]}"""),
            },
            new("walking: gaps of the whole city", [$"/api/coverage/gaps?facilityType={FacilityType}&minutes=15"], []),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (!hasPgRouting) return;
        await Run(database, $"DROP SCHEMA {Schema} CASCADE");
        if (madeExtension) await Run(database, "DROP EXTENSION pgrouting");
    }

    private static string Isochrone(long node, (double Lon, double Lat) spot) =>
        $"SELECT count(*), max(agg_cost) FROM pgr_drivingDistance('SELECT id, source, target, cost FROM {Schema}.edges WHERE geom && ST_Expand({Questions.Point(spot)}, {Reach.ToString(CultureInfo.InvariantCulture)})', {node}, {Metres}, false)";

    private string Coverage() =>
        $"SELECT count(*) FROM pgr_drivingDistance('SELECT id, source, target, cost FROM {Schema}.edges', ARRAY[{string.Join(',', stations)}]::bigint[], {Metres}, false, true)";

    private static async Task<long> One(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }
}
