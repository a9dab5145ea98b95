using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace GridMap.Server.Tests.Recovery;

/// <summary>The server as a process that can be killed.</summary>
internal sealed class ServerProcess(Process process, HttpClient client) : IDisposable
{
    public HttpClient Client => client;

    public static async Task<ServerProcess> Start(string database, string key)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GridMap.Server.dll")]) { UseShellExecute = false, RedirectStandardOutput = true };
        (start.Environment["GRIDMAP_DB"], start.Environment["PORT"]) = (database, port.ToString());
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        for (var i = 0; i < 600; i++)
        {
            try
            {
                if ((await client.GetAsync("/health/ready")).IsSuccessStatusCode) return new ServerProcess(process, client);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100); // not listening yet
            }
        }
        process.Kill();
        throw new TimeoutException("The server did not become ready.");
    }

    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        client.Dispose();
        process.Dispose();
    }
}
