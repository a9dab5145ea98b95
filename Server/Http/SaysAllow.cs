using Microsoft.AspNetCore.Routing.Template;

namespace GridMap.Server.Http;

/// <summary>Of an OPTIONS endpoint whose path takes other methods for one thing than for another: a 405 of the router's names what OPTIONS names.</summary>
/// <param name="Allow">From what the path holds; null when it is about nothing that there is.</param>
public sealed record SaysAllow(Func<HttpContext, RouteValueDictionary, string?> Allow)
{
    /// <summary>Null where all that the router knows is right.</summary>
    public static string? Of(HttpContext http)
    {
        foreach (var endpoint in http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var values = new RouteValueDictionary();
            if (endpoint.Metadata.GetMetadata<SaysAllow>() is { } says && new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(http.Request.Path, values)) return says.Allow(http, values);
        }
        return null;
    }
}
