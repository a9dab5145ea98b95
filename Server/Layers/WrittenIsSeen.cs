using GridMap.Server.Access;

namespace GridMap.Server.Layers;

/// <summary>Who has written through this server reads what he wrote: an answer to a write leaves when the copies have it.</summary>
public sealed class WrittenIsSeen(RequestDelegate next, LayerCopies copies)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && http.GetEndpoint()?.Metadata.GetMetadata<Needs>() is { Role: > Role.None })
            http.Response.OnStarting(() => copies.CatchUp(http.RequestAborted));
        return next(http);
    }
}
