using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>
/// How long readers wait at the worst while every base grid gets a new version in one transaction, as a plan of the whole city is published,
/// and 500 incidents a second arrive. It writes, and takes away what it wrote: not for a city that people work on.
/// </summary>
public static class Rush
{
    private const int IncidentsASecond = 500, Writers = 16, CalmSeconds = 4, AfterSeconds = 10, Named = 5;

    private const string Mark = "bench rush";

    public static async Task<string> Measure(NpgsqlDataSource database, ServerProcess server, IReadOnlyList<string> paths)
    {
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30) };
        using var end = new CancellationTokenSource();
        var whole = Stopwatch.StartNew();
        var (waits, incidents, published, committed) = (new ConcurrentBag<Wait>(), 0, TimeSpan.Zero, 0L);
        try
        {
            var readers = paths.Select(path => Task.Run(async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    var began = Stopwatch.GetTimestamp();
                    using (var answer = await http.GetAsync(path)) await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                    waits.Add(new Wait(Stopwatch.GetElapsedTime(began).TotalMilliseconds, path, began));
                }
            })).ToList();
            var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
            {
                await using var connection = await database.OpenConnectionAsync();
                await using var insert = new NpgsqlCommand($"INSERT INTO incidents (category, title, reported_at, geom) SELECT category, '{Mark}', now(), geom FROM incidents WHERE id = $1", connection);
                var id = insert.Parameters.Add(new NpgsqlParameter { Value = 1L });
                var began = Stopwatch.StartNew();
                for (var i = 1; !end.IsCancellationRequested; i++)
                {
                    id.Value = (long)Random.Shared.Next(1, 100_000);
                    Interlocked.Add(ref incidents, await insert.ExecuteNonQueryAsync());
                    var due = TimeSpan.FromSeconds(i * (double)Writers / IncidentsASecond) - began.Elapsed;
                    if (due > TimeSpan.Zero) await Task.Delay(due);
                }
            })).ToList();
            await Task.Delay(TimeSpan.FromSeconds(CalmSeconds));
            var publishing = Stopwatch.StartNew();
            await Publish(database);
            (published, committed) = (publishing.Elapsed, Stopwatch.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(AfterSeconds)); // followers take it over
            await end.CancelAsync();
            whole.Stop();
            await Task.WhenAll([.. readers, .. writers]);
        }
        finally
        {
            await Undo(database);
        }
        var sorted = waits.OrderBy(wait => wait.Milliseconds).ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"While all base grids were published anew in {published.TotalSeconds:0.0} s and {incidents / whole.Elapsed.TotalSeconds:0} incidents a second arrived, {sorted.Count / whole.Elapsed.TotalSeconds:0} questions a second were answered: p50 {sorted[sorted.Count / 2].Milliseconds:0.0} ms, p99 {sorted[sorted.Count * 99 / 100].Milliseconds:0.0} ms. The longest: {string.Join("; ", sorted.TakeLast(Named).Reverse().Select(Told))}.");

        string Told(Wait wait) => string.Create(CultureInfo.InvariantCulture,
            $"{wait.Milliseconds:0} ms ({wait.Path}, asked {Math.Abs((wait.Began - committed) / (double)Stopwatch.Frequency):0.0} s {(wait.Began < committed ? "before" : "after")} the end of publishing)");
    }

    private sealed record Wait(double Milliseconds, string Path, long Began);

    private static async Task Publish(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, """
            CREATE TEMP TABLE published ON COMMIT DROP AS
            SELECT grids.* FROM grids JOIN nets ON nets.id = grids.net_id WHERE nets.code = 'base' AND valid_to = 'infinity'
            """);
        await Run(connection, "SET LOCAL gridmap.grids_later = 'on'");
        await Run(connection, "UPDATE grids SET valid_to = now() FROM published WHERE grids.id = published.id");
        await Run(connection, $"INSERT INTO grids (net_id, code, name, kind, area_id, households, residents, valid_from, geom) SELECT net_id, code, name || ' {Mark}', kind, area_id, households, residents, now(), geom FROM published");
        await Run(connection, "SELECT place_under_grids(ST_Collect(geom)) FROM published");
        await transaction.CommitAsync();
    }

    private static async Task Undo(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, "SET LOCAL gridmap.bulk = 'on'");
        await Run(connection, $"CREATE TEMP TABLE undone ON COMMIT DROP AS SELECT net_id, code, valid_from FROM grids WHERE name LIKE '% {Mark}'");
        await Run(connection, "SET LOCAL gridmap.grids_later = 'on'");
        await Run(connection, $"UPDATE grids SET valid_to = valid_from + interval '1 microsecond', code = code || '-gone' WHERE name LIKE '% {Mark}'");
        await Run(connection, "UPDATE grids SET valid_to = 'infinity' FROM undone WHERE grids.net_id = undone.net_id AND grids.code = undone.code AND grids.valid_to = undone.valid_from");
        await Run(connection, "SELECT place_under_grids(ST_Collect(grids.geom)) FROM grids JOIN undone USING (net_id, code) WHERE grids.valid_to = 'infinity'");
        await Run(connection, $"UPDATE incidents SET grid_id = NULL WHERE title = '{Mark}'");
        await Run(connection, $"DELETE FROM grids WHERE name LIKE '% {Mark}'");
        await Run(connection, $"DELETE FROM incidents WHERE title = '{Mark}'");
        await transaction.CommitAsync();
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }
}
