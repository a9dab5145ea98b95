using System.Diagnostics;
using System.Text;

namespace GridMap.Server.Gdal;

/// <summary>GDAL's converter as a child: an argument list and no shell, an environment of its own without the server's secrets, no network, bounded time.</summary>
public static class Ogr2Ogr
{
    private const int MostComplaints = 600;

    private static readonly string[] Passed = ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "GDAL_DATA", "PROJ_LIB", "PROJ_DATA", "GDAL_DRIVER_PATH"];

    private static readonly Lazy<bool> Found = new(() =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ogr2ogr", "--version") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            return process!.WaitForExit(10_000) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public static bool IsInstalled => Found.Value;

    /// <param name="arguments">One by one.</param>
    /// <param name="folder">Where it works and keeps what it needs meanwhile.</param>
    /// <param name="isStrangers">Whether the file that is read is a stranger's: then nothing that a database file brings along is run.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null when it ended well, else what it complained about.</returns>
    public static async Task<string?> Run(IEnumerable<string> arguments, string folder, bool isStrangers, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("ogr2ogr") { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Except(Passed).ToList()) start.Environment.Remove(name);
        start.Environment["CPL_TMPDIR"] = folder;
        start.Environment["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"] = ".none";
        start.Environment["OGR_SQLITE_SYNCHRONOUS"] = "OFF";
        // SpatiaLite lets a table of a GeoPackage stand for any file of this machine (VirtualText, VirtualShape …).
        start.Environment["SPATIALITE_LOAD"] = "NO";
        if (isStrangers) start.Environment["OGR_SQLITE_PRAGMA"] = "trusted_schema=OFF";
        using var process = Process.Start(start)!;
        var (errors, output) = (Head(process.StandardError, cancellation), Head(process.StandardOutput, cancellation));
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        await output;
        var said = await errors;
        return process.ExitCode == 0 ? null : said.Length > 0 ? said : $"ogr2ogr ended with {process.ExitCode} and gave no reason";
    }

    // To the end, so that the child is never blocked; only the beginning is kept.
    private static async Task<string> Head(StreamReader reader, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (text.Length < MostComplaints) text.Append(text.Length > 0 ? "; " : "").Append(line.TrimEnd());
        }
        return text.ToString();
    }
}
