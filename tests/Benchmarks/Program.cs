using System.Globalization;
using System.Text.RegularExpressions;
using GridMap.Benchmarks;
using Npgsql;

// make bench: every question over HTTP by wrk and, in the same run, the floor: the same rows made into text or tiles by PostGIS itself, asked for by pgbench over as
// many connections. Ratios are steadier than the figures. ARGS="--filter tile" measures the questions of that name alone.
var address = Environment.GetEnvironmentVariable("GRIDMAP_DB") ?? throw new InvalidOperationException("GRIDMAP_DB names the database to measure on.");
var seconds = double.Parse(Environment.GetEnvironmentVariable("BENCH_SECONDS") ?? "5", CultureInfo.InvariantCulture);
var pgbench = Environment.GetEnvironmentVariable("GRIDMAP_PGBENCH") ?? "pgbench";
var filter = new Regex(args is ["--filter", var wanted] ? wanted : ".", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
const int connections = 8;

await using var database = NpgsqlDataSource.Create(Questions.Npgsql(address));
var city = await Questions.Read(database);
Console.WriteLine(city);
await using var server = await ServerProcess.Start(address);
var loaded = await server.Loaded();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From start to every layer in memory: {loaded.TotalSeconds:0.0} s, {server.Megabytes:0} MB resident"));
// Tiles made anew each time: a server that keeps none.
await using var keepsNothing = await ServerProcess.Start(address, ("GRIDMAP_TILE_CACHE_MIB", "0"));
await keepsNothing.Loaded();

Console.WriteLine();
Console.WriteLine("| question | answer | server /s | p50 ms | p99 ms | server CPU ms | floor /s | server ÷ floor |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var question in city.All(await Questions.ETag(server, Questions.Known)).Where(question => filter.IsMatch(question.Name)))
{
    var ours = await Wrk.Run(question.IsMadeAnew ? keepsNothing : server, question, connections, seconds);
    var theirs = question.Sql.Count == 0 ? null : await PgBench.Run(pgbench, address, question.Sql, connections, seconds);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {question.Name} | {ours.BytesPerRequest / 1024:0.#} KiB | {ours.PerSecond:0.#} | {ours.P50Milliseconds:0.##} | {ours.P99Milliseconds:0.##} | {ours.ServerCpuMilliseconds:0.###} | {theirs?.PerSecond:0.#} | {ours.PerSecond / theirs?.PerSecond:0.00} |"));
}
if (filter.IsMatch("seen")) Console.WriteLine($"\n{await Seen.Measure(database, server)}");
