using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace GridMap.Server.Http;

/// <summary>Turns every exception, and every bare 4xx that routing makes, into problem+json.</summary>
public sealed partial class ProblemResponses(RequestDelegate next, ILogger<ProblemResponses> logger, IOptions<JsonOptions> json)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response.HasStarted || http.Response.ContentType is not null || http.Response.ContentLength > 0) return;
            if (http.Response.StatusCode == 404)
                await Write(http, Problems.Make("route.not-found", $"There is nothing at {http.Request.Path}.", http));
            else if (http.Response.StatusCode == 405)
                await Write(http, Problems.Make("route.method-not-allowed", $"{http.Request.Method} is not allowed here. Allowed: {http.Response.Headers.Allow}.", http));
            else if (http.Response.StatusCode == 415)
                await Write(http, Problems.Make(Problems.MediaType, AcceptedTypes.Sentence(http), http));
        }
        catch (Exception exception)
        {
            var problem = Problems.Of(exception, http);
            if (problem.Status == 500) Failed(logger, exception, http.Request.Method, http.Request.Path, http.TraceIdentifier);
            else if (problem.Status == 503) Unavailable(logger, http.Request.Path, exception.Message);
            if (http.Response.HasStarted || http.Response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 })
            {
                // Half an answer is out: the only honest thing left is to cut it off, so that nobody takes it for whole.
                http.Abort();
                return;
            }
            http.Response.Clear();
            if (problem.Status == 503) http.Response.Headers.RetryAfter = "2";
            if (problem.Status == 401) http.Response.Headers.WWWAuthenticate = "Bearer realm=\"gridmap\"";
            await Write(http, problem);
        }
    }

    private async Task Write(HttpContext http, Problem problem)
    {
        http.Response.StatusCode = problem.Status;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(problem, json.Value.SerializerOptions, TypeFor(http), http.RequestAborted);
    }

    // The contracts of OGC's own standards call an exception application/json: who accepts that there and not its finer name has it so.
    private static string TypeFor(HttpContext http)
    {
        const string json = "application/json", problem = "application/problem+json";
        if (!http.Request.Path.StartsWithSegments("/ogc", StringComparison.Ordinal)) return problem;
        var accept = http.Request.GetTypedHeaders().Accept;
        return Acceptance.Of(accept, problem) == 0 && Acceptance.Of(accept, json) > 0 ? json : problem;
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed, trace {TraceId}")]
    private static partial void Failed(ILogger logger, Exception exception, string method, string path, string traceId);

    [LoggerMessage(2, LogLevel.Warning, "{Path}: database unavailable or too slow: {Reason}")]
    private static partial void Unavailable(ILogger logger, string path, string reason);
}
