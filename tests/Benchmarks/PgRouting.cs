using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using GridMap.Geo.Roads;

namespace GridMap.Benchmarks;

/// <summary>The peer on foot: pgRouting, in a schema of its own that goes away again with the extension, if the extension was not there before.</summary>
public sealed class PgRouting : IAsyncDisposable
{
    private const string Schema = "gridmap_bench";

    // The farthest walk that is asked for, and as degrees around a place with room to spare.
    private const int Metres = 900;
    private const double Reach = 0.012;

    private readonly NpgsqlDataSource _database;
    private readonly bool _madeExtension;

    private PgRouting(NpgsqlDataSource database, bool madeExtension) => (_database, _madeExtension) = (database, madeExtension);

    /// <returns>Null where it is not installed.</returns>
    public static async Task<PgRouting?> Begin(NpgsqlDataSource database)
    {
        if (await One(database, "SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'") == 0)
        {
            Console.WriteLine("pgRouting is not installed: no floor on foot.");
            return null;
        }
        var makes = await One(database, "SELECT count(*) FROM pg_extension WHERE extname = 'pgrouting'") == 0;
        if (makes) await Run(database, "CREATE EXTENSION pgrouting");
        await Run(database, $"DROP SCHEMA IF EXISTS {Schema} CASCADE; CREATE SCHEMA {Schema}");
        return new PgRouting(database, makes);
    }

    /// <summary>Streets between shared ends, and every building around the places at its nearest end, as somebody would lay it out who asks pgRouting for isochrones.</summary>
    public async Task<IReadOnlyList<string>> Isochrones(IReadOnlyList<(double Lon, double Lat)> places)
    {
        await Run(_database, $"""
            CREATE TABLE {Schema}.nodes AS SELECT row_number() OVER () AS id, geom FROM (SELECT ST_StartPoint(geom) AS geom FROM roads WHERE walkable UNION SELECT ST_EndPoint(geom) FROM roads WHERE walkable) AS ends;
            CREATE UNIQUE INDEX ON {Schema}.nodes (id);
            CREATE INDEX ON {Schema}.nodes USING gist (geom);
            CREATE TABLE {Schema}.edges AS SELECT roads.id, a.id AS source, b.id AS target, ST_Length(roads.geom::geography) AS cost, roads.geom
            FROM roads JOIN {Schema}.nodes AS a ON a.geom = ST_StartPoint(roads.geom) JOIN {Schema}.nodes AS b ON b.geom = ST_EndPoint(roads.geom) WHERE walkable;
            CREATE INDEX ON {Schema}.edges USING gist (geom);
            CREATE TABLE {Schema}.doors AS SELECT buildings.id, residents, households, grid_id, node.id AS node, ST_Distance(node.geom::geography, centre::geography) AS metres
            FROM buildings JOIN LATERAL (SELECT id, geom FROM {Schema}.nodes ORDER BY geom <-> centre LIMIT 1) AS node ON TRUE
            WHERE EXISTS (SELECT FROM unnest(ARRAY[{string.Join(',', places.Select(Questions.Point))}]) AS place WHERE centre && ST_Expand(place, {Number(Reach)}));
            CREATE INDEX ON {Schema}.doors (node);
            ANALYZE {Schema}.nodes;
            ANALYZE {Schema}.edges;
            ANALYZE {Schema}.doors;
            """);
        var answers = new List<string>();
        foreach (var place in places) answers.Add(Isochrone(await One(_database, $"SELECT id FROM {Schema}.nodes ORDER BY geom <-> {Questions.Point(place)} LIMIT 1"), place));
        return answers;
    }

    /// <summary>The bare search, on the very network: nodes within 900 m of nodes spread over the city. Throws where it finds others than we do.</summary>
    /// <returns>Milliseconds for each: ours, theirs over the streets around the place, and theirs over the table of all streets, as its manual shows it.</returns>
    public async Task<(double Ours, double Theirs, double TheirsOverAll)> Search(RoadNetwork network, int[] from)
    {
        await using (var connection = await _database.OpenConnectionAsync())
        {
            await Run(_database, $"CREATE TABLE {Schema}.arcs (id bigint, source bigint, target bigint, cost float8, reverse_cost float8, geom geometry)");
            await using var copy = await connection.BeginBinaryImportAsync($"COPY {Schema}.arcs (id, source, target, cost, reverse_cost) FROM STDIN (FORMAT binary)");
            for (var i = 0; i < network.Edges; i++)
            {
                var edge = network.Edge(i);
                await copy.StartRowAsync();
                foreach (var id in new long[] { i, edge.From, edge.To }) await copy.WriteAsync(id, NpgsqlDbType.Bigint);
                // A cost below 0 is a closed way.
                foreach (var cost in new[] { edge.Forward, edge.Backward }) await copy.WriteAsync(cost == RoadNetwork.NoWay ? -1.0 : cost, NpgsqlDbType.Double);
            }
            await copy.CompleteAsync();
        }
        var (xs, ys) = (new double[network.Nodes], new double[network.Nodes]);
        for (var node = 0; node < network.Nodes; node++) (xs[node], ys[node]) = network.Place(node);
        await using (var places = _database.CreateCommand($"CREATE TABLE {Schema}.ends AS SELECT (row_number() OVER () - 1)::bigint AS id, ST_MakePoint(x, y) AS geom FROM unnest($1::float8[], $2::float8[]) AS place (x, y)"))
        {
            places.Parameters.Add(new() { Value = xs });
            places.Parameters.Add(new() { Value = ys });
            await places.ExecuteNonQueryAsync();
        }
        await Run(_database, $"""
            CREATE UNIQUE INDEX ON {Schema}.ends (id);
            UPDATE {Schema}.arcs SET geom = ST_MakeLine(a.geom, b.geom) FROM {Schema}.ends AS a, {Schema}.ends AS b WHERE a.id = source AND b.id = target;
            CREATE INDEX ON {Schema}.arcs USING gist (geom);
            VACUUM ANALYZE {Schema}.arcs;
            """);
        var tree = new ShortestPathTree(network);
        var (ours, theirs, all) = (0.0, 0.0, 0.0);
        const int Few = 5;
        foreach (var node in from)
        {
            // Both for the second time: neither waits for what only the first one does.
            tree.Search([new(network.AtNode(node), 0)], Metres * 1000, Heading.From);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            tree.Search([new(network.AtNode(node), 0)], Metres * 1000, Heading.From);
            ours += clock.Elapsed.TotalMilliseconds;
            var (x, y) = network.Place(node);
            // As in the answers above: only the streets around.
            var sql = $"SELECT count(*) FROM pgr_drivingDistance('SELECT id, source, target, cost, reverse_cost FROM {Schema}.arcs WHERE geom && ST_Expand(ST_MakePoint({Number(x)}, {Number(y)}), {Metres})', {node}, {Metres * 1000}, true)";
            await One(_database, sql);
            clock.Restart();
            var found = await One(_database, sql);
            theirs += clock.Elapsed.TotalMilliseconds;
            if (found != tree.Touched.Length) throw new InvalidOperationException($"From node {node} pgRouting reaches {found} nodes, GridMap {tree.Touched.Length}.");
        }
        foreach (var node in from.Take(Few))
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await One(_database, $"SELECT count(*) FROM pgr_drivingDistance('SELECT id, source, target, cost, reverse_cost FROM {Schema}.arcs', {node}, {Metres * 1000}, true)");
            all += clock.Elapsed.TotalMilliseconds;
        }
        return (ours / from.Length, theirs / from.Length, all / Math.Min(Few, from.Length));
    }

    /// <summary>The whole city by the nearest of many starts, behind <see cref="Search"/>, whose network it asks. Throws where it finds others than we do.</summary>
    /// <returns>Milliseconds of pgRouting, which finds nodes alone.</returns>
    public async Task<double> Nearest(RoadNetwork network, int[] from, int millimetres)
    {
        var tree = new ShortestPathTree(network);
        tree.Search([.. from.Select(node => new WalkSource(network.AtNode(node), 0))], millimetres, Heading.From);
        // Its own way to the nearest start (equicost) loses a few nodes in a hundred thousand.
        var sql = $"SELECT count(*) FROM (SELECT node, min(agg_cost) FROM pgr_drivingDistance('SELECT id, source, target, cost, reverse_cost FROM {Schema}.arcs', ARRAY[{string.Join(',', from)}]::bigint[], {millimetres}, true, false) GROUP BY node) AS nearest";
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var found = await One(_database, sql);
        var took = clock.Elapsed.TotalMilliseconds;
        return found == tree.Touched.Length ? took : throw new InvalidOperationException($"pgRouting reaches {found} nodes, GridMap {tree.Touched.Length}.");
    }

    public async ValueTask DisposeAsync()
    {
        await Run(_database, $"DROP SCHEMA {Schema} CASCADE");
        if (_madeExtension) await Run(_database, "DROP EXTENSION pgrouting");
    }

    // Rings with whom they hold, counted building by building, and their outlines: what the server's answer says, but for the straight circle beside it.
    private static string Isochrone(long node, (double Lon, double Lat) place) =>
        $"WITH reached AS MATERIALIZED (SELECT node, agg_cost FROM pgr_drivingDistance('SELECT id, source, target, cost FROM {Schema}.edges WHERE geom && ST_Expand({Questions.Point(place)}, {Number(Reach)})', {node}, {Metres}, false)), " +
        "rings AS (SELECT unnest(ARRAY[300, 600, 900]) AS metres), " +
        $"people AS (SELECT rings.metres, count(*) AS buildings, sum(households) AS households, sum(residents) AS residents, array_agg(DISTINCT grid_id) AS grids FROM rings JOIN reached ON agg_cost <= rings.metres JOIN {Schema}.doors AS door ON door.node = reached.node AND agg_cost + door.metres <= rings.metres GROUP BY rings.metres), " +
        $"outlines AS (SELECT metres, ST_AsGeoJSON(ST_ConcaveHull(ST_Collect(geom), 0.3), 7) AS outline FROM rings JOIN reached ON agg_cost <= metres JOIN {Schema}.nodes ON nodes.id = reached.node GROUP BY metres) " +
        "SELECT * FROM people JOIN outlines USING (metres)";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static async Task<long> One(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        // Each statement by itself: some cannot be part of a transaction.
        foreach (var statement in sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await using var command = database.CreateCommand(statement);
            command.CommandTimeout = 600;
            await command.ExecuteNonQueryAsync();
        }
    }
}
