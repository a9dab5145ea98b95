using System.Diagnostics;
using System.Globalization;

namespace GridMap.Benchmarks;

/// <summary>A peer for what is known already: the server's own answers as files, served by lighttpd with sendfile, one worker for each processor (Debian: lighttpd).</summary>
public sealed class StaticFiles : IAsyncDisposable
{
    private const string Lighttpd = "/usr/sbin/lighttpd";

    private readonly Process _process;
    private readonly string _folder;

    private StaticFiles(Process process, string folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    public static bool IsInstalled => File.Exists(Lighttpd);

    public Uri Address { get; }

    /// <summary>Serves what the server answers to these paths, under the same paths.</summary>
    public static async Task<StaticFiles> Of(ServerProcess server, IEnumerable<string> paths)
    {
        var folder = Directory.CreateTempSubdirectory("gridmap-files").FullName;
        using var http = new HttpClient();
        foreach (var path in paths)
        {
            var file = Path.Combine(folder, path.TrimStart('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, await http.GetByteArrayAsync(new Uri(server.Address, path)));
        }
        var port = Tool.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "lighttpd.conf"), $"""
            server.bind = "127.0.0.1"
            server.port = {port}
            server.document-root = "{folder}"
            server.max-worker = {Environment.ProcessorCount}
            server.max-keep-alive-requests = 0
            server.network-backend = "sendfile"
            mimetype.assign = (".mvt" => "application/vnd.mapbox-vector-tile")
            """);
        var process = Process.Start(new ProcessStartInfo(Lighttpd, ["-D", "-f", Path.Combine(folder, "lighttpd.conf")]) { UseShellExecute = false }) ?? throw new InvalidOperationException("lighttpd did not start");
        var files = new StaticFiles(process, folder, new Uri($"http://127.0.0.1:{port}"));
        for (var i = 0; i < 100; i++)
        {
            try
            {
                using var answer = await http.GetAsync(files.Address);
                return files;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }
        await files.DisposeAsync();
        throw new InvalidOperationException("lighttpd did not start in 10 seconds.");
    }

    public async ValueTask DisposeAsync()
    {
        // Its workers end when it is asked to end, not when it is killed.
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
