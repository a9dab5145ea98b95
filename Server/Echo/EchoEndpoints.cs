using GridMap.Server.Access;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Echo;

/// <summary>What somebody asked to have said back.</summary>
/// <param name="Pause">Seconds that it took its time.</param>
public sealed record Echoed(string Text, double Pause);

/// <summary>
/// Says back what it is told, after a pause: a question without any data in it, by which clients and test suites try their connection, inputs, jobs, progress and dismissal.
/// </summary>
public static class EchoEndpoints
{
    // Beyond, it is a job's, whose progress can be watched and which can be dismissed.
    private const double LongestWait = 1;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private static readonly Parameter<string?> Said = Parameters.TextOf("text", 1000, ("What is to be said back.", "要原样返回的文本。")).Required();
    private static readonly Parameter<double?> Pause = Parameters.Number("pause", 0, 60, ("Seconds before the answer; 0 when absent. Above 1 only in a job.", "返回前停顿的秒数；缺省为 0。超过 1 秒须作为任务提交。"));

    public static void MapEcho(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/echo", SayBack).About("Echo", "Trying the connection").Takes(Said, Pause).Reads().WithSummary("What was said, after a pause")
            .IsProcess("echo", "Echo", "回显", "原样返回所给文本，用于测试连接与任务", (http, _) =>
            {
                Question.Of(http).Get(Said);
                return Task.CompletedTask;
            });

    private static async Task<Ok<Echoed>> SayBack(HttpContext http, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (text, pause, progress) = (ask.Get(Said)!, ask.Get(Pause) ?? 0, http.Features.Get<IProgress<double>>());
        if (progress is null && pause > LongestWait) throw Refused.Field(Pause.Name, "pause.too-long", $"at most {LongestWait} second, or the process echo as a job, with Prefer: respond-async");
        for (var (passed, whole) = (TimeSpan.Zero, TimeSpan.FromSeconds(pause)); passed < whole; passed += Step)
        {
            await Task.Delay(whole - passed < Step ? whole - passed : Step, cancellation);
            progress?.Report(Math.Min(1, (passed + Step) / whole));
        }
        return TypedResults.Ok(new Echoed(text, pause));
    }
}
