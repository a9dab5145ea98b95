namespace GridMap.Server.Http;

/// <summary>Headers that every answer carries, and how long browsers may keep the client's files.</summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    public static StaticFileOptions StaticFiles => new()
    {
        // Vite puts a hash in the names under /assets; everything else is asked for again.
        OnPrepareResponse = context => context.Context.Response.Headers.CacheControl =
            context.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache",
    };

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        return next(http);
    }
}
