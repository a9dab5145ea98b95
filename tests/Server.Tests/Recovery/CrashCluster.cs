using System.Diagnostics;
using Xunit;

namespace GridMap.Server.Tests.Recovery;

/// <summary>A test that pulls the plug of a PostgreSQL of its own: skipped where this machine has none, failed in CI.</summary>
public sealed class CrashFactAttribute : FactAttribute
{
    public CrashFactAttribute() => Skip = ScratchDatabase.ReasonToSkip ?? (ScratchDatabase.IsCi || CrashCluster.IsPossible ? null : "scripts/cluster cannot run PostgreSQL here.");
}

/// <summary>A PostgreSQL that waits for the disk, made by <c>scripts/cluster</c> for one test and taken away afterwards.</summary>
internal sealed class CrashCluster : IAsyncDisposable
{
    private static readonly string? Script = Find();

    private CrashCluster(string address) => Address = address;

    public static bool IsPossible => Script is not null && (Directory.Exists("/usr/lib/postgresql") || Directory.Exists("/opt/homebrew"));

    public string Address { get; }

    public static async Task<CrashCluster> Make()
    {
        await Run("drop");
        await Run("start");
        return new CrashCluster((await Run("url")).Trim());
    }

    public static Task Kill() => Run("kill");

    public static Task Start() => Run("start");

    public async ValueTask DisposeAsync() => await Run("drop");

    private static async Task<string> Run(string verb)
    {
        var start = new ProcessStartInfo("bash", [Script ?? throw new FileNotFoundException("scripts/cluster"), verb, "crash"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        using var clock = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        // The database's server inherits the output and never closes it: the first line is all there is.
        var said = verb == "url" ? await process.StandardOutput.ReadLineAsync(clock.Token) : "";
        await process.WaitForExitAsync(clock.Token);
        return process.ExitCode == 0 ? said ?? "" : throw new InvalidOperationException($"scripts/cluster {verb} crash ended with {process.ExitCode}.");
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "scripts", "cluster");
            if (File.Exists(script) && !OperatingSystem.IsWindows()) return script;
        }
        return null;
    }
}
