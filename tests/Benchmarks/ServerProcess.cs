using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace GridMap.Benchmarks;

/// <summary>The built server as a process of its own on a free port of 127.0.0.1; it ends with the benchmark.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Processor time it has used.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Megabytes it holds.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>Returns when it answers from memory; the time from its start until then.</summary>
    public async Task<TimeSpan> Loaded()
    {
        using var http = new HttpClient { BaseAddress = Address };
        while (!_process.HasExited)
        {
            if (!(await http.GetStringAsync("/health/ready")).Contains("\"reason\":\"loading\"", StringComparison.Ordinal)) return DateTime.Now - _process.StartTime;
            await Task.Delay(100);
        }
        throw new InvalidOperationException("The server has ended.");
    }

    /// <summary>What each layer takes in memory.</summary>
    public async Task<string> Layers()
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var ready = JsonDocument.Parse(await http.GetStringAsync("/health/ready"));
        return "Memory: " + string.Join(", ", ready.RootElement.GetProperty("layers").EnumerateArray().Where(layer => layer.GetProperty("from").GetString() == "memory").Select(layer =>
            string.Create(CultureInfo.InvariantCulture, $"{layer.GetProperty("name").GetString()} {layer.GetProperty("bytes").GetInt64() / 1e6:0.0} MB ({layer.GetProperty("rows").GetInt64():N0} rows)")));
    }

    /// <summary>Returns when it has nothing left to make ready behind the answers.</summary>
    public async Task Prepared()
    {
        using var http = new HttpClient { BaseAddress = Address };
        while (!_process.HasExited && !(await http.GetStringAsync("/metrics")).Contains("gridmap_walking_ground_ready 1\n", StringComparison.Ordinal)) await Task.Delay(500);
    }

    public static async Task<ServerProcess> Start(string database, params (string Name, string Value)[] settings)
    {
        var program = Environment.GetEnvironmentVariable("GRIDMAP_SERVER_DLL") ?? Find();
        var port = Tool.FreePort();
        var start = new ProcessStartInfo("dotnet", [program, "serve"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GRIDMAP_DB"] = database;
        start.Environment["PORT"] = port.ToString();
        start.Environment["GRIDMAP_LISTEN"] = "127.0.0.1";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, new Uri($"http://127.0.0.1:{port}"));
        using var http = new HttpClient { BaseAddress = server.Address };
        for (var i = 0; i < 300 && !process.HasExited; i++)
        {
            try
            {
                if ((await http.GetAsync("/health/ready")).IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
            await Task.Delay(100);
        }
        await server.DisposeAsync();
        throw new InvalidOperationException("The server did not become ready in 30 seconds.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "Server/bin/Release/net10.0/GridMap.Server.dll");
            if (File.Exists(built)) return built;
        }
        throw new FileNotFoundException("Build the server first: dotnet build Server -c Release");
    }
}
