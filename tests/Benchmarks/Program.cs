using System.Globalization;
using System.Text.RegularExpressions;
using GridMap.Benchmarks;
using Npgsql;

// make bench: every question over HTTP by wrk and, in the same run, the floor: the same rows made into text or tiles by PostGIS itself, asked for by pgbench over as
// many connections; and a peer, MapServer, where it is installed. Ratios are steadier than the figures. ARGS="--filter tile" measures the questions of that name alone;
// ARGS="--proposals" the grids that the machine proposes, and METIS beside them; ARGS="--kernels" what answers on foot and plans are made of, without a server;
// ARGS="--plans" a plan edited and checked over HTTP (it writes a plan, and takes it away);
// ARGS="--rush" how long readers wait at the worst while the city is published anew (it writes, and takes away what it wrote).
var address = Environment.GetEnvironmentVariable("GRIDMAP_DB") ?? throw new InvalidOperationException("GRIDMAP_DB names the database to measure on.");
var seconds = double.Parse(Environment.GetEnvironmentVariable("BENCH_SECONDS") ?? "5", CultureInfo.InvariantCulture);
var pgbench = Environment.GetEnvironmentVariable("GRIDMAP_PGBENCH") ?? "pgbench";
var filter = new Regex(args is ["--filter", var wanted] ? wanted : ".", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
const int connections = 8;

await using var database = NpgsqlDataSource.Create(Questions.Npgsql(address));
var city = await Questions.Read(database);
Console.WriteLine(city);
if (args is ["--proposals"])
{
    await Proposals.Measure(database);
    return;
}
if (args is ["--kernels"])
{
    await using var routing = await PgRouting.Begin(database);
    await Kernels.Measure(database, routing);
    await Boundaries.Measure(database);
    await Proposals.Measure(database);
    return;
}
await using var server = await ServerProcess.Start(address);
var loaded = await server.Loaded();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From start to every layer in memory: {loaded.TotalSeconds:0.0} s, {server.Megabytes:0} MB resident"));
Console.WriteLine(await server.Layers());
if (args is ["--plans"])
{
    await PlanEditing.Measure(database, server);
    return;
}
await server.Prepared();
if (args is ["--rush"])
{
    Console.WriteLine(await Rush.Measure(database, server, city.Everyday()));
    return;
}
// Tiles made anew each time: a server that keeps none.
await using var keepsNothing = await ServerProcess.Start(address, ("GRIDMAP_TILE_CACHE_MIB", "0"));
await keepsNothing.Loaded();
await keepsNothing.Prepared();
await using var peer = MapServer.IsInstalled ? await MapServer.Start(address, connections) : null;
Console.WriteLine(peer is null ? "MapServer is not installed (apt-get install cgi-mapserver lighttpd): no peer." : "Peer: MapServer, as FastCGI behind lighttpd; for known tiles lighttpd with the same tiles as files.");

var questions = city.All(await Questions.ETag(server, Questions.Known)).Where(question => filter.IsMatch(question.Name)).ToList();
await using var files = StaticFiles.IsInstalled ? await StaticFiles.Of(server, questions.Where(question => question.IsKnown).SelectMany(question => question.Paths)) : null;

var report = new Report(address, pgbench, connections, seconds);
Report.Head("Questions");
foreach (var question in questions)
{
    if (question.IsKnown) await report.Row(question with { PeerPaths = question.Paths }, server, files?.Address);
    else await report.Row(question, question.IsMadeAnew ? keepsNothing : server, peer?.Address);
}
if (filter.IsMatch("engine")) Console.WriteLine($"\n{await Engine.Measure(database, city)}");
if (filter.IsMatch("walking") || filter.ToString().Contains("walking", StringComparison.OrdinalIgnoreCase))
{
    await using var routing = await PgRouting.Begin(database);
    var walks = await Walks.Prepare(database, routing);
    Report.Head("On foot (the floor is pgRouting)");
    foreach (var question in walks.All().Where(question => filter.IsMatch(question.Name))) await report.Row(question, server, null);
    if (filter.IsMatch("walking")) await Kernels.Measure(database, routing); // not for some of the questions alone
}
if (filter.IsMatch("boundaries")) await Boundaries.Measure(database);
if (filter.IsMatch("rows"))
{
    Report.Head("By rows of the answer");
    foreach (var question in city.Growing()) await report.Row(question, server, null);
}
if (filter.IsMatch("connections"))
{
    foreach (var many in new[] { 1, 2, 4, 8, 16, 32, 64 })
    {
        var atMany = new Report(address, pgbench, many, seconds);
        if (many == 1) Report.Head("By connections: feature by id");
        var question = city.All("").Single(question => question.Name.StartsWith("feature by id", StringComparison.Ordinal));
        await atMany.Row(question with { Name = string.Create(CultureInfo.InvariantCulture, $"{many} connections") }, server, null);
    }
}
if (filter.IsMatch("seen")) Console.WriteLine($"\n{await Seen.Measure(database, server)}");
