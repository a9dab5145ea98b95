using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GridMap.Benchmarks;

/// <summary>What a run of one question measured. Percentiles are null where the tool does not say them.</summary>
public sealed record Measured(double PerSecond, double P50Milliseconds, double? P95Milliseconds, double? P99Milliseconds, double BytesPerRequest, double ServerCpuMilliseconds);

/// <summary>Load by wrk: a client so light that two cores are left to who is measured. Addresses come in turn from a list.</summary>
public static class Wrk
{
    private const string Script = """
        local paths, at, body, pause = {}, 0, nil, 0
        function init(args)
            for line in io.lines(args[1]) do paths[#paths + 1] = line end
            pause = tonumber(args[2])
            if pause > 0 then delay = function() return math.random(0, 2 * pause) end end
            if args[3] then
                local file = io.open(args[3], "rb")
                body = file:read("*a")
                file:close()
            end
        end
        function request()
            at = at % #paths + 1
            if body then return wrk.format("POST", paths[at], { ["Content-Type"] = "application/json" }, body) end
            return wrk.format("GET", paths[at])
        end
        function done(summary, latency)
            local errors = summary.errors
            io.write(string.format("\nRESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(95), latency:percentile(99),
                errors.status + errors.connect + errors.read + errors.write + errors.timeout))
        end
        """;

    /// <param name="address">Who is asked.</param>
    /// <param name="cpuTime">What processor time he has used by now.</param>
    /// <param name="asked">Which question.</param>
    /// <param name="connections">At once.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="pauseMilliseconds">How long each connection waits between requests on average.</param>
    public static async Task<Measured> Run(Uri address, Func<TimeSpan> cpuTime, Asked asked, int connections, double seconds, int pauseMilliseconds = 0)
    {
        var folder = Directory.CreateTempSubdirectory("gridmap-bench").FullName;
        try
        {
            var (script, paths, body) = (Path.Combine(folder, "ask.lua"), Path.Combine(folder, "paths"), Path.Combine(folder, "body"));
            await File.WriteAllTextAsync(script, Script);
            await File.WriteAllLinesAsync(paths, asked.Paths);
            if (asked.Body is not null) await File.WriteAllTextAsync(body, asked.Body);
            string[] Arguments(double length) =>
            [
                "-t1", $"-c{connections}", string.Create(CultureInfo.InvariantCulture, $"-d{length:0}s"), "--timeout", "20s", .. asked.Headers.SelectMany(header => new[] { "-H", header }),
                "-s", script, address.ToString(), "--", paths, pauseMilliseconds.ToString(CultureInfo.InvariantCulture), .. asked.Body is null ? Array.Empty<string>() : [body],
            ];
            await Tool.Run("wrk", Arguments(Math.Max(2, seconds / 2))); // code, plans and pools are warm before it counts
            for (var length = seconds; ; length *= 5)
            {
                var cpu = cpuTime();
                var text = await Tool.Run("wrk", Arguments(length));
                cpu = cpuTime() - cpu;
                var numbers = text.Split('\n').Single(line => line.StartsWith("RESULT ", StringComparison.Ordinal)).Split(' ').Skip(1).Select(long.Parse).ToArray();
                if (numbers is not [var requests, var micros, var bytes, var p50, var p95, var p99, var errors]) throw new InvalidOperationException($"{asked.Name}: wrk said something else\n{text}");
                if (errors > 0) throw new InvalidOperationException($"{asked.Name}: {errors} of {requests} answers were errors");
                if (requests > 0) return new Measured(requests * 1e6 / micros, p50 / 1e3, p95 / 1e3, p99 / 1e3, bytes / (double)requests, cpu.TotalMilliseconds / requests);
                if (length > 60) throw new InvalidOperationException($"{asked.Name}: nothing was answered\n{text}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>The floor by pgbench: the same answer made by PostGIS alone, prepared statements, one of several texts at random.</summary>
public static class PgBench
{
    public static async Task<Measured> Run(string program, string database, IReadOnlyList<string> statements, int connections, double seconds)
    {
        var folder = Directory.CreateTempSubdirectory("gridmap-bench").FullName;
        try
        {
            var files = new List<string>();
            foreach (var (i, statement) in statements.Index())
            {
                files.Add(Path.Combine(folder, $"{i}.sql"));
                await File.WriteAllTextAsync(files[^1], statement.ReplaceLineEndings(" ").Trim() + ";\n");
            }
            var text = await Tool.Run(program, ["-n", "-M", "prepared", "-c", $"{connections}", "-j", "1", "-T", string.Create(CultureInfo.InvariantCulture, $"{seconds:0}"), .. files.SelectMany(file => new[] { "-f", file }), database]);
            return new Measured(Number(text, "tps = "), Number(text, "latency average = "), null, null, 0, 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Number(string text, string behind)
    {
        var from = text.IndexOf(behind, StringComparison.Ordinal);
        if (from < 0) throw new InvalidOperationException($"pgbench said no '{behind}':\n{text}");
        return double.Parse(text[(from + behind.Length)..].Split(' ')[0], CultureInfo.InvariantCulture);
    }
}

public static class Tool
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>A port of 127.0.0.1 on which nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<string> Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"{program} did not start");
        using var clock = new CancellationTokenSource(Longest);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(clock.Token), process.StandardError.ReadToEndAsync(clock.Token));
        try
        {
            await process.WaitForExitAsync(clock.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        var text = await output + await errors;
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} failed:\n{text}");
    }
}
