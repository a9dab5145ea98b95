using System.Diagnostics;
using System.Globalization;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using GridMap.Geo.Tests.Grids;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>The machine draws grids: one community, every community of the city, and beside it METIS on the same blocks.</summary>
public static class Proposals
{
    private const int MostCommunities = 105, Blocks = 120;

    private sealed record Community(string Name, int[] Faces, List<DividingLine> Lines, List<DivisionThing> Things);

    public static async Task Measure(NpgsqlDataSource database)
    {
        var plane = MetricPlane.ForSrid(Convert.ToInt32(await One(database, "SELECT metric_srid FROM city"), CultureInfo.InvariantCulture));
        var (partition, communities) = await Read(database, plane);
        var target = DelineationTarget.Usual;
        Console.WriteLine("\nGrids proposed by the machine\n\n| Work | Seconds | In band | On streets and water | Compactness | Of |\n|---|---|---|---|---|---|");
        var lattice = new BlockCity(12, Blocks / 12, 1);
        DelineationProposal best = null!;
        var seconds = Best(3, () => best = GridDelineation.Propose(lattice.Blocks, lattice.Borders, target)[0]);
        Row($"{Blocks} blocks, {target.Proposals} proposals", seconds, best.Score, "");

        var (times, scores, outside) = (new List<double>(), new List<DelineationScore>(), new List<string>());
        foreach (var community in communities)
        {
            var clock = Stopwatch.StartNew();
            var proposals = GridEdit.Divisions(partition, community.Faces, community.Lines, community.Things, target, out var reason);
            times.Add(clock.Elapsed.TotalSeconds);
            if (reason is not null)
            {
                outside.Add($"{community.Name}: {reason.Reason}");
                continue;
            }
            scores.Add(proposals[0].Score);
            outside.AddRange(proposals[0].Outside.Select(grid => string.Create(CultureInfo.InvariantCulture, $"{community.Name}: {grid.Size:0} households, {grid.Reason}, {grid.Place.Lon:0.00000} {grid.Place.Lat:0.00000}")));
        }

        Row($"{communities.Count} communities", times.Sum(), scores, string.Create(CultureInfo.InvariantCulture, $"{communities.Sum(community => community.Things.Count):N0} buildings and compounds; the longest {times.Max():0.00} s"));
        foreach (var grid in outside) Console.WriteLine($"  outside the band: {grid}");
        await Metis.Compare($"{Blocks} blocks", [new(lattice.Blocks, lattice.Borders)], target);
        await Metis.Compare($"{communities.Count} communities", [.. communities.Select(community => GridEdit.Blocks(partition, community.Faces, community.Lines, community.Things, target, out _)).Select(town => new Metis.Town(town.Blocks, town.Borders))], target);
        var large = new BlockCity(120, 110, 1);
        await Metis.Compare($"{large.Blocks.Count:N0} blocks", [new(large.Blocks, large.Borders)], target with { Proposals = 1, MovesPerBlock = 500 });
    }

    private static void Row(string work, double seconds, DelineationScore score, string of) => Row(work, seconds, [score], of);

    private static void Row(string work, double seconds, IReadOnlyList<DelineationScore> scores, string of)
    {
        double grids = scores.Sum(score => score.Grids), metres = scores.Sum(score => score.BorderMetres);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {work} | {seconds:0.00} | {scores.Sum(score => Math.Round(score.ShareInBand * score.Grids)):0} of {grids:0} | {100 * scores.Sum(score => score.OnStreets * score.BorderMetres) / metres:0.0} % | {scores.Sum(score => score.MeanCompactness * score.Grids) / grids:0.00} | {of} |"));
    }

    private static double Best(int runs, Action work)
    {
        var best = double.MaxValue;
        for (var run = 0; run < runs; run++)
        {
            var clock = Stopwatch.StartNew();
            work();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return best;
    }

    private static async Task<(ArcPartition Partition, List<Community> Communities)> Read(NpgsqlDataSource database, MetricPlane plane)
    {
        var reader = new WKBReader();
        var city = (await Rows(database, "SELECT ST_AsBinary(ST_Union(geom), 'NDR') FROM areas WHERE level = 'city'", row => reader.Read(row.GetFieldValue<byte[]>(0))))[0];
        var grids = await Rows(database, """
            SELECT ST_AsBinary(ST_GeometryN(grids.geom, 1), 'NDR'), grids.area_id FROM grids JOIN nets ON nets.id = grids.net_id AND nets.code = 'base'
            WHERE kind = 'base' AND now() >= valid_from AND now() < valid_to ORDER BY grids.code
            """, row => (Shape: reader.Read(row.GetFieldValue<byte[]>(0)), Area: row.GetInt64(1)));
        long[] areas = [.. grids.Select(grid => grid.Area).Distinct().Take(MostCommunities)];
        var parents = grids.Select(grid => Array.IndexOf(areas, grid.Area) is >= 0 and var parent ? parent : areas.Length).ToArray();
        var partition = ArcPartition.Build(city, [.. grids.Select(grid => grid.Shape)], plane, parents).Partition ?? throw new InvalidOperationException("The grids do not tile the city.");
        var communities = new List<Community>();
        for (var i = 0; i < areas.Length; i++)
        {
            int[] faces = [.. Enumerable.Range(0, grids.Count).Where(face => parents[face] == i)];
            var name = (string)(await One(database, $"SELECT code || ' ' || name FROM areas WHERE id = {areas[i]}"))!;
            var lines = await Rows(database, $"""
                SELECT ST_AsBinary(roads.geom, 'NDR'), class FROM roads JOIN areas ON roads.geom && areas.geom
                WHERE areas.id = {areas[i]} AND class IN ('expressway', 'ring', 'arterial', 'collector', 'lane', 'footpath') AND NOT tunnel ORDER BY roads.id
                """, row => new DividingLine((LineString)reader.Read(row.GetFieldValue<byte[]>(0)), Kind(row.GetString(1))));
            var things = await Rows(database, $"""
                SELECT ST_AsBinary(buildings.geom, 'NDR'), households::float8, residents::float8, false, false FROM buildings JOIN areas ON areas.id = {areas[i]} AND buildings.geom && areas.geom AND ST_Intersects(centre, areas.geom)
                UNION ALL SELECT ST_AsBinary(compounds.geom, 'NDR'), 0, 0, true, false FROM compounds JOIN areas ON areas.id = {areas[i]} AND compounds.geom && areas.geom AND ST_Intersects(compounds.geom, areas.geom)
                UNION ALL SELECT ST_AsBinary(ST_Buffer(ST_Intersection(landscapes.geom, ST_Expand(areas.geom, 0.001)), 0), 'NDR'), 0, 0, false, true
                    FROM landscapes JOIN areas ON areas.id = {areas[i]} AND kind = 'water' AND landscapes.geom && areas.geom AND ST_Intersects(landscapes.geom, areas.geom)
                """, row => new DivisionThing(reader.Read(row.GetFieldValue<byte[]>(0)), row.GetDouble(1), row.GetDouble(2), 0, row.GetBoolean(3), row.GetBoolean(4)));
            communities.Add(new(name, faces, lines, things));
        }
        return (partition, communities);
    }

    private static BorderKind Kind(string road) => road switch
    {
        "expressway" or "ring" or "arterial" => BorderKind.Arterial,
        "footpath" => BorderKind.Path,
        _ => BorderKind.Street,
    };

    private static async Task<List<T>> Rows<T>(NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read)
    {
        var rows = new List<T>();
        await using var command = database.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) rows.Add(read(row));
        return rows;
    }

    private static async Task<object?> One(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
