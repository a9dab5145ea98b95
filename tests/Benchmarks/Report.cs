using System.Globalization;

namespace GridMap.Benchmarks;

/// <summary>Measures questions and prints a row of a Markdown table for each.</summary>
public sealed class Report(string address, string pgbench, int connections, double seconds)
{
    // It takes seconds for a large answer.
    private const double SecondsForPeer = 15;

    public static void Head(string title)
    {
        Console.WriteLine($"\n{title}\n");
        Console.WriteLine("| question | answer | server /s | p50 ms | p95 ms | p99 ms | p99 at half load | server CPU ms | floor /s | server ÷ floor | peer /s | server ÷ peer |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
    }

    public async Task Row(Asked asked, ServerProcess server, Uri? peer)
    {
        var ours = await Wrk.Run(server.Address, () => server.CpuTime, asked, connections, seconds);
        var half = await AtHalfLoad(asked, server, ours);
        var floor = asked.Sql.Count == 0 ? null : await PgBench.Run(pgbench, address, asked.Sql, connections, seconds);
        var theirs = asked.PeerPaths.Length == 0 || peer is null ? null : await Wrk.Run(peer, () => TimeSpan.Zero, asked with { Paths = asked.PeerPaths, Headers = [] }, connections, Math.Max(seconds, SecondsForPeer));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {asked.Name} | {ours.BytesPerRequest / 1024:0.#} KiB | {ours.PerSecond:0.#} | {ours.P50Milliseconds:0.##} | {ours.P95Milliseconds:0.##} | {ours.P99Milliseconds:0.##} | {half.P99Milliseconds:0.##} | {ours.ServerCpuMilliseconds:0.###} | {floor?.PerSecond:0.#} | {ours.PerSecond / floor?.PerSecond:0.00} | {theirs?.PerSecond:0.#} | {ours.PerSecond / theirs?.PerSecond:0.0} |"));
    }

    // Half as many requests a second, at random moments: each connection pauses as long again as its share of the peak takes. More connections where a pause would be below wrk's millisecond.
    private Task<Measured> AtHalfLoad(Asked asked, ServerProcess server, Measured peak)
    {
        var many = Math.Max(connections, (int)(peak.PerSecond * 0.004 / 2));
        var pause = Math.Max(1, (int)Math.Round((many * 2000 / peak.PerSecond) - peak.P50Milliseconds * connections / Math.Max(connections, many) / 2));
        return Wrk.Run(server.Address, () => server.CpuTime, asked, many, seconds, pause);
    }
}
