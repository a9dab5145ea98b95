using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>
/// Questions about walking. The floor is pgRouting over the same roads, as edges between shared ends in a schema of its own that goes away again.
/// </summary>
public sealed class Walks(NpgsqlDataSource database, IReadOnlyList<(double Lon, double Lat)> doors, bool hasPgRouting, bool madeExtension, IReadOnlyList<long> nodes) : IAsyncDisposable
{
    private const string Schema = "gridmap_bench", FacilityType = "party-station";

    // 15 minutes at 60 m/min, and as degrees around a place with room to spare.
    private const int Metres = 900;
    private const double Reach = 0.012;

    public static async Task<Walks> Prepare(NpgsqlDataSource database)
    {
        // From buildings all over the city: a place in a park may have no road near.
        var doors = new List<(double Lon, double Lat)>();
        await using (var buildings = database.CreateCommand("SELECT ST_X(at), ST_Y(at) FROM (SELECT ST_Centroid(geom) AS at, id FROM buildings WHERE residents > 0 AND EXISTS (SELECT FROM roads WHERE walkable AND ST_DWithin(roads.geom, buildings.geom, 0.0005)) ORDER BY md5(id::text) LIMIT 512) AS chosen"))
        await using (var rows = await buildings.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync()) doors.Add((rows.GetDouble(0), rows.GetDouble(1)));
        }
        if (await One(database, "SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'") == 0)
        {
            Console.WriteLine("pgRouting is not installed: no floor on foot.");
            return new Walks(database, doors, false, false, []);
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
        foreach (var spot in doors.Take(32)) nodes.Add(await One(database, $"SELECT id FROM {Schema}.nodes ORDER BY geom <-> {Questions.Point(spot)} LIMIT 1"));
        return new Walks(database, doors, true, makes, nodes);
    }

    public IReadOnlyList<Asked> All()
    {
        var middle = doors[0];
        return
        [
            new("walking: isochrone of 5, 10 and 15 minutes", [.. doors.Select(spot => $"/api/isochrone?{Questions.At(spot)}&minutes=5,10,15&metresPerMinute=60")], [.. hasPgRouting ? nodes.Select((node, i) => Isochrone(node, doors[i])) : []]),
            new("walking: the five nearest stations, with routes", [.. doors.Select(spot => $"/api/nearest?{Questions.At(spot)}&facilityType={FacilityType}&count=5&mostMinutes=15")], []),
            new("walking: who reaches a station, whole city", [$"/api/coverage/walking?facilityType={FacilityType}&minutes=15&metresPerMinute=60"], []),
            new("walking: what if one station more", ["/api/coverage/what-if"], [])
            {
                Body = string.Create(CultureInfo.InvariantCulture, $$"""{"facilityType":"{{FacilityType}}","minutes":15,"changes":[{"op":"add","lon":{{middle.Lon:0.0000000}},"lat":{{middle.Lat:0.0000000}}}]}"""),
            },
            new("walking: isochrone of 5 minutes", [.. doors.Select(spot => $"/api/isochrone?{Questions.At(spot)}&minutes=5&metresPerMinute=60")], []),
            new("walking: capacity of the whole city", [$"/api/coverage/catchment?facilityType={FacilityType}&minutes=15&metresPerMinute=60"], []),
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
