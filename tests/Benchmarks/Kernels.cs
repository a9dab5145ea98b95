using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using GridMap.Geo.Coverage;
using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Geo.Siting;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>What answers on foot are made of, on the city's own streets and without HTTP: the best of some runs, in one thread unless the name says otherwise.</summary>
public static class Kernels
{
    private const string FacilityType = "party-station";
    private const int FifteenMinutes = 900_000, Facilities = 300, Candidates = 2_000, SiteWalk = 1_200_000, CoverWalk = 800_000;

    /// <param name="routing">Null where pgRouting is not installed.</param>
    public static async Task Measure(NpgsqlDataSource database, PgRouting? routing)
    {
        Console.WriteLine("\nWalking, by parts\n\n| Part | Milliseconds | Of |\n|---|---|---|");
        var srid = (int)await One(database, "SELECT metric_srid FROM city");
        var plane = MetricPlane.ForSrid(srid);
        var lines = await Lines(database);
        RoadNetwork network = null!;
        Row("network built from lines", 1, () => network = Build(plane, lines), () => $"{network.Edges:N0} edges, {network.Nodes:N0} nodes");
        EdgeIndex index = null!;
        Row("index of streets", 3, () => index = new EdgeIndex(network), () => "");
        var (buildings, people) = await Points(database, "SELECT ST_X(centre), ST_Y(centre), residents FROM buildings ORDER BY id");
        var places = new EdgePoint[buildings.Length];
        Row("buildings snapped", 1, () => Snap(plane, index, buildings, places), () => $"{places.Length:N0}");
        Row("buildings snapped, two threads", 1, () => Parallel.For(0, 2, half => Snap(plane, index, buildings, places, half, 2)), () => $"{places.Length:N0}");
        // Neighbours in memory as on the ground, as the server keeps them.
        var order = Enumerable.Range(0, places.Length).OrderBy(i => places[i].Edge).ToArray();
        (places, people) = ([.. order.Select(i => places[i])], [.. order.Select(i => people[i])]);
        // Neighbours have neighbouring ids, so that every n-th stands for the whole city.
        var (stations, _) = await Points(database, $"""
            SELECT DISTINCT ON (part) ST_X(geom), ST_Y(geom), 0
            FROM (SELECT id, geom, (row_number() OVER (ORDER BY id) - 1) * {Facilities} / count(*) OVER () AS part FROM facilities WHERE type = '{FacilityType}') numbered ORDER BY part, id
            """);
        var facilities = new EdgePoint[stations.Length];
        Snap(plane, index, stations, facilities);
        var demand = new DemandPoints(network, places);
        ServiceCoverage coverage = null!;
        var took = Row("city coverage, 15 minutes", 5, () => coverage = new ServiceCoverage(demand, FifteenMinutes, facilities), () => $"{facilities.Length} facilities, {demand.Count:N0} buildings");
        if (routing is not null)
        {
            int[] from = [.. Enumerable.Range(0, 50).Select(i => (int)((long)i * network.Nodes / 50)).Where(node => network.Degree(node) > 0 && network.ComponentOf(node) == 0)];
            var (ours, theirs, all) = await routing.Search(network, from);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| nodes within 900 m (mean) | {ours:0.000} | {from.Length} searches |\n| the same by pgRouting, streets around the place alone | {theirs:0.0} | the same nodes: {theirs / ours:0} times as long |\n| the same by pgRouting, all streets, as its manual shows it | {all:0.0} | {all / ours:0} times as long |"));
            int[] starts = [.. facilities.Where(place => place.IsOnNetwork).Select(place => network.Edge(place.Edge).From).Distinct()];
            var whole = await routing.Nearest(network, starts, FifteenMinutes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| the city's nodes by their nearest of {starts.Length} facilities, by pgRouting | {whole:0} | {whole / took:0} times as long as the city's coverage, which has the buildings too |"));
        }
        var count = new People(people, people, people, people);
        Row("figures of one group", 5, () => CoverageFigures.ByGroup(coverage, count, new int[demand.Count], 1), () => "");
        var spots = Enumerable.Range(0, 200).Select(i => places[(int)((long)i * places.Length / 200)]).Where(place => place.IsOnNetwork).ToArray();
        var number = coverage.Add(spots[0]);
        Row("what if: a facility moved (mean)", 1, () =>
        {
            foreach (var spot in spots) coverage.Move(number, spot);
        }, () => "each", spots.Length);
        var missed = places.Where((place, i) => place.IsOnNetwork && coverage.Within[i] == 0).ToArray();
        Row("gaps: clusters along the streets", 3, () => CoverageGaps.Cluster(network, missed, 150_000), () => $"{missed.Length:N0} buildings");
        Sites(network, demand, people);
    }

    private static void Sites(RoadNetwork network, DemandPoints demand, int[] people)
    {
        var crossings = Enumerable.Range(0, network.Nodes).Where(node => network.Degree(node) >= 3 && network.ComponentOf(node) == 0).ToArray();
        EdgePoint[] candidates = [.. Enumerable.Range(0, Math.Min(Candidates, crossings.Length)).Select(i => network.AtNode(crossings[(int)((long)i * crossings.Length / Math.Min(Candidates, crossings.Length))]))];
        var sets = new List<(int Place, int Millimetres)>[candidates.Length];
        Row("cover sets, 1,200 m", 2, () => Find(demand, candidates, sets, 0, 1), () => $"{candidates.Length:N0} candidates, {sets.Sum(set => (long)set.Count):N0} pairs");
        Row("cover sets, 1,200 m, two threads", 2, () => Parallel.For(0, 2, half => Find(demand, candidates, sets, half, 2)), () => "");
        // 13,000 demands: neighbouring buildings together, as grids would be.
        const int demands = 13_000;
        var (weights, group) = (new long[demands], new int[demand.Count]);
        for (var place = 0; place < demand.Count; place++) weights[group[place] = (int)((long)place * demands / demand.Count)] += people[place];
        var covered = sets.Select(set => (IReadOnlyList<int>)[.. set.Where(pair => pair.Millimetres <= CoverWalk).Select(pair => group[pair.Place]).Distinct().Order()]).ToArray();
        var problem = SitingProblem.Covering(weights, covered);
        SitingAnswer answer = null!;
        Row("siting, 100 sites, rounds until 5 s", 1, () => answer = SiteSelection.Choose(problem, new(100), new SitingEffort(1, 5_000, 300, new SitingTime(TimeSpan.FromSeconds(4)))),
            () => string.Create(CultureInfo.InvariantCulture, $"{problem.Demands:N0} × {problem.Sites:N0}, {problem.Pairs:N0} pairs, at most {100 * answer.GainGap(problem.CostOfNothing):0.00} % below the best"));
    }

    private static void Find(DemandPoints demand, EdgePoint[] candidates, List<(int, int)>[] sets, int part, int parts)
    {
        var within = new PlacesWithin(demand);
        for (var i = part; i < candidates.Length; i += parts) sets[i] = within.Find(candidates[i], SiteWalk);
    }

    private static double Row(string name, int runs, Action work, Func<string> of, int times = 1)
    {
        var best = double.MaxValue;
        for (var run = 0; run < runs; run++)
        {
            var clock = Stopwatch.StartNew();
            work();
            best = Math.Min(best, clock.Elapsed.TotalMilliseconds / times);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {best:0.0#} | {of()} |"));
        return best;
    }

    private static RoadNetwork Build(MetricPlane plane, List<(long Id, double Factor, int Level, double[] Lons, double[] Lats)> lines)
    {
        var builder = new RoadNetworkBuilder(plane);
        foreach (var (id, factor, level, lons, lats) in lines) builder.Add(id, lons, lats, new RoadRule(factor, factor, level));
        builder.Mend(1);
        return builder.Build();
    }

    private static void Snap(MetricPlane plane, EdgeIndex index, (double Lon, double Lat)[] points, EdgePoint[] into, int part = 0, int parts = 1)
    {
        int first = (int)((long)points.Length * part / parts), end = (int)((long)points.Length * (part + 1) / parts);
        for (var i = first; i < end; i++)
        {
            var (x, y) = plane.ToMetres(points[i].Lon, points[i].Lat);
            into[i] = index.Nearest(x, y, 200);
        }
    }

    private static async Task<List<(long, double, int, double[], double[])>> Lines(NpgsqlDataSource database)
    {
        var lines = new List<(long, double, int, double[], double[])>();
        await using var command = database.CreateCommand("SELECT id, class, bridge, tunnel, layer, ST_AsBinary(geom, 'NDR') FROM roads WHERE walkable ORDER BY id");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            var wkb = row.GetFieldValue<byte[]>(5);
            var points = BinaryPrimitives.ReadInt32LittleEndian(wkb.AsSpan(5));
            var (lons, lats) = (new double[points], new double[points]);
            for (var i = 0; i < points; i++)
                (lons[i], lats[i]) = (BinaryPrimitives.ReadDoubleLittleEndian(wkb.AsSpan(9 + (16 * i))), BinaryPrimitives.ReadDoubleLittleEndian(wkb.AsSpan(17 + (16 * i))));
            lines.Add((row.GetInt64(0), row.GetString(1) == "steps" ? 1.5 : 1, row.GetInt32(4) is not 0 and var layer ? layer : row.GetBoolean(2) ? 1 : row.GetBoolean(3) ? -1 : 0, lons, lats));
        }

        return lines;
    }

    private static async Task<((double Lon, double Lat)[] Points, int[] People)> Points(NpgsqlDataSource database, string sql)
    {
        var (points, people) = (new List<(double, double)>(), new List<int>());
        await using var command = database.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            points.Add((row.GetDouble(0), row.GetDouble(1)));
            people.Add(row.GetInt32(2));
        }

        return ([.. points], [.. people]);
    }

    private static async Task<long> One(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
