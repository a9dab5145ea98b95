namespace GridMap.Server.Http;

/// <summary>Whatever can be got can be asked for its head (RFC 9110 §9.3.2): it is made like the whole, and the web server sends no body. The stream of changes has no end, and under /ogc heads are made for less.</summary>
public sealed class HeadIsGet(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsHead(http.Request.Method) && !http.Request.Path.StartsWithSegments("/ogc", StringComparison.Ordinal) && !http.Request.Path.StartsWithSegments("/api/live", StringComparison.Ordinal)) http.Request.Method = HttpMethods.Get;
        return next(http);
    }
}
