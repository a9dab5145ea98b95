using System.Diagnostics;
using Xunit;

namespace GridMap.Server.Tests.Clients;

/// <summary>A test with somebody else's program: skipped with its name on a desk without it, failed in CI when it belongs there.</summary>
public sealed class ClientFactAttribute : FactAttribute
{
    /// <param name="program">What must run.</param>
    /// <param name="probe">Arguments with which it ends well when it is there; $ is a space inside one.</param>
    /// <param name="isNeededInCi">Whether its absence fails in CI.</param>
    public ClientFactAttribute(string program, string probe, bool isNeededInCi = false)
    {
        Skip = ScratchDatabase.ReasonToSkip;
        if (Skip is null && !(isNeededInCi && ScratchDatabase.IsCi) && !ClientProgram.Runs(program, probe)) Skip = $"{program} {probe} does not run here.";
    }
}

/// <summary>Runs a client program and keeps what it says.</summary>
internal static class ClientProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static bool Runs(string program, string probe)
    {
        try
        {
            return Run(program, [.. probe.Split(' ').Select(part => part.Replace('$', ' '))]).GetAwaiter().GetResult().Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    public static Task<(int Code, string Text)> Run(string program, params string[] arguments) => Run(program, arguments, []);

    public static async Task<(int Code, string Text)> Run(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var clock = new CancellationTokenSource(Limit);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(clock.Token), process.StandardError.ReadToEndAsync(clock.Token));
        try
        {
            await process.WaitForExitAsync(clock.Token);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than {Limit}.", exception);
        }
        return (process.ExitCode, await output + await errors);
    }
}
