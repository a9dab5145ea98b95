using System.Diagnostics;
using System.Globalization;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>Boundaries of the whole city inside the program: every fault looked for, the arcs made, one edit and its undo; beside the first, PostGIS looking for the same in SQL.</summary>
public static class Boundaries
{
    private const int Edits = 500;

    // The least that a check of a partition must ask: invalid grids, pairs that overlap, and what of the city no grid covers or is covered outside it.
    private const string Check = """
        WITH current AS MATERIALIZED (
            SELECT grids.id, grids.geom FROM grids JOIN nets ON nets.id = grids.net_id AND nets.code = 'base'
            WHERE kind = 'base' AND now() >= valid_from AND now() < valid_to
        )
        SELECT (SELECT count(*) FROM current WHERE NOT ST_IsValid(geom))
             + (SELECT count(*) FROM current AS a JOIN current AS b ON a.id < b.id AND a.geom && b.geom AND ST_Relate(a.geom, b.geom, '2********'))
             + (SELECT count(*) FROM (SELECT ST_SymDifference((SELECT ST_Union(geom) FROM current), (SELECT ST_Union(geom) FROM areas WHERE level = 'city')) AS geom) AS rest WHERE ST_Area(rest.geom) > 0)
        """;

    public static async Task Measure(NpgsqlDataSource database)
    {
        var plane = MetricPlane.ForSrid((int)(await One(database, "SELECT metric_srid FROM city"))!);
        var city = (await Shapes(database, "SELECT ST_AsBinary(ST_Union(geom), 'NDR') FROM areas WHERE level = 'city'"))[0];
        var grids = await Shapes(database, """
            SELECT ST_AsBinary(grids.geom, 'NDR') FROM grids JOIN nets ON nets.id = grids.net_id AND nets.code = 'base'
            WHERE kind = 'base' AND now() >= valid_from AND now() < valid_to ORDER BY grids.code
            """);
        Console.WriteLine("\nBoundaries\n\n| Work | Milliseconds | Of |\n|---|---|---|");
        IReadOnlyList<GridFault> faults = [];
        Row("every fault of the partition", Best(5, () => faults = GridPartition.Faults(city, grids, plane)), $"{grids.Count:N0} grids, {grids.Sum(grid => grid.NumPoints):N0} vertices, {faults.Count} faults");
        var clock = Stopwatch.StartNew();
        var found = await One(database, Check);
        Row("the same looked for by PostGIS", clock.Elapsed.TotalMilliseconds, $"{found} found");
        ArcPartitionResult built = null!;
        Row("arcs made", Best(2, () => built = ArcPartition.Build(city, grids, plane)), built.Partition is null ? $"{built.Faults.Count} faults: no arcs" : $"{built.Partition.ArcCount:N0} arcs");
        if (built.Partition is { } partition) Edited(partition);
    }

    // Inner vertices all over the city are moved by a metre and back.
    private static void Edited(ArcPartition partition)
    {
        var inner = partition.Arcs.Where(arc => !partition.IsFixed(arc) && arc.Vertices.Length > 2).ToList();
        var places = Enumerable.Range(0, Edits).Select(i => inner[(int)((long)i * inner.Count / Edits)].Vertices[1].ToCoordinate()).ToArray();
        var (times, before) = (new List<double>(), partition.ToBytes());
        foreach (var from in places)
        {
            var clock = Stopwatch.StartNew();
            var edit = GridEdit.MoveVertex(partition, from, new Coordinate(from.X + 0.0000100, from.Y));
            var one = clock.Elapsed.TotalMilliseconds;
            if (edit.Change is null) continue;
            partition.Apply(edit.Change.Inverse());
            times.Add(one);
        }
        times.Sort();
        var same = partition.ToBytes().AsSpan().SequenceEqual(before);
        Row("one vertex moved (p50)", times[times.Count / 2], $"{times.Count} edits, each undone{(same ? ", the same bytes afterwards" : ", NOT the same bytes afterwards")}");
        Row("one vertex moved (p99)", times[times.Count * 99 / 100], "");
    }

    private static double Best(int runs, Action work)
    {
        var best = double.MaxValue;
        for (var run = 0; run < runs; run++)
        {
            var clock = Stopwatch.StartNew();
            work();
            best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
        }
        return best;
    }

    private static void Row(string name, double milliseconds, string of) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {milliseconds:0.00} | {of} |"));

    private static async Task<List<Geometry>> Shapes(NpgsqlDataSource database, string sql)
    {
        var (shapes, reader) = (new List<Geometry>(), new WKBReader());
        await using var command = database.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            var shape = reader.Read(row.GetFieldValue<byte[]>(0));
            shapes.Add(shape is MultiPolygon { NumGeometries: 1 } alone ? alone.GetGeometryN(0) : shape);
        }
        return shapes;
    }

    private static async Task<object?> One(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 600;
        return await command.ExecuteScalarAsync();
    }
}
