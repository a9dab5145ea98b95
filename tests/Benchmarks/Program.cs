using System.Globalization;
using GridMap.Benchmarks;
using Npgsql;

// make bench: every question over HTTP and, in the same run, the floor: the same rows made into text or tiles by PostGIS itself,
// asked for over the same number of connections by the same client. Ratios are steadier than the figures.
var address = Environment.GetEnvironmentVariable("GRIDMAP_DB") ?? throw new InvalidOperationException("GRIDMAP_DB names the database to measure on.");
var seconds = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("BENCH_SECONDS") ?? "5", CultureInfo.InvariantCulture));
const int askers = 8;

await using var floor = NpgsqlDataSource.Create(Questions.Npgsql(address));
await using var server = await ServerProcess.Start(address);
using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = askers }) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
var city = await Questions.Read(floor);

Console.WriteLine(city);
Console.WriteLine();
Console.WriteLine("| question | answer | server /s | p50 ms | p99 ms | floor /s | p50 ms | p99 ms | server ÷ floor |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
foreach (var question in city.All)
{
    var ours = await Load.Run(askers, seconds, async (asker, count) => (await http.GetByteArrayAsync(question.Url(asker, count))).LongLength);
    var theirs = await Load.Run(askers, seconds, async (asker, count) =>
    {
        await using var command = floor.CreateCommand(question.Sql(asker, count));
        await using var reader = await command.ExecuteReaderAsync();
        var size = 0L;
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++) size += reader.IsDBNull(i) ? 0 : reader.GetFieldValue<object>(i) is byte[] bytes ? bytes.Length : reader.GetValue(i).ToString()!.Length;
        }
        return size;
    });
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {question.Name} | {ours.BytesPerRequest / 1024:0.#} KiB | {ours.PerSecond:0.#} | {ours.P50Milliseconds:0.##} | {ours.P99Milliseconds:0.##} | {theirs.PerSecond:0.#} | {theirs.P50Milliseconds:0.##} | {theirs.P99Milliseconds:0.##} | {ours.PerSecond / theirs.PerSecond:0.00} |"));
}
