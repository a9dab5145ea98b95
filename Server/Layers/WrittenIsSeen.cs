using System.Diagnostics;
using GridMap.Server.Access;

namespace GridMap.Server.Layers;

/// <summary>Marks a route that writes although who may is decided inside, layer by layer.</summary>
public sealed record WritesFeatures;

/// <summary>Who has written through this server reads what he wrote: an answer to a write leaves when the copies have it.</summary>
public sealed class WrittenIsSeen(RequestDelegate next, LayerCopies copies, GridLookups lookups)
{
    public Task InvokeAsync(HttpContext http)
    {
        var began = Stopwatch.GetTimestamp();
        if (!HttpMethods.IsGet(http.Request.Method) && http.GetEndpoint()?.Metadata is { } about && (about.GetMetadata<Needs>() is { Role: > Role.None } || about.GetMetadata<WritesFeatures>() is not null))
        {
            http.Response.OnStarting(async () =>
            {
                await copies.CatchUp(http.RequestAborted);
                await lookups.Written(Stopwatch.GetElapsedTime(began), http.RequestAborted);
            });
        }
        return next(http);
    }
}
