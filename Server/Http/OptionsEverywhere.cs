using Microsoft.AspNetCore.Routing;

namespace GridMap.Server.Http;

/// <summary>
/// What every path takes (RFC 9110 §9.3.7, §10.2.1): OPTIONS is answered with 204 and Allow wherever an endpoint does not answer it itself, and a 405 names the same
/// methods. The root is answered whether the client is there or not: it stands for the server. Behind the routing and CORS, which answers preflights.
/// </summary>
public sealed class OptionsEverywhere(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsOptions(http.Request.Method) && http.Request.Path.Value is "" or "/")
        {
            (http.Response.StatusCode, http.Response.Headers.Allow) = (StatusCodes.Status204NoContent, "GET, HEAD, OPTIONS");
            return;
        }
        await next(http);
        // The router has an endpoint of its own for a path that takes other methods: it says which in Allow.
        if (http.GetEndpoint() is null or RouteEndpoint || http.Response.HasStarted || http.Response.StatusCode != StatusCodes.Status405MethodNotAllowed) return;
        http.Response.Headers.Allow = SaysAllow.Of(http) ?? Complete(http.Response.Headers.Allow.ToString());
        if (HttpMethods.IsOptions(http.Request.Method)) http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The methods that Allow names, with those that are everywhere.</summary>
    public static string Complete(string allow)
    {
        var methods = allow.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        if (methods.Contains("GET")) methods.Add("HEAD");
        methods.Add("OPTIONS");
        return string.Join(", ", methods.Order(StringComparer.Ordinal));
    }
}
