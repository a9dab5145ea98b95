using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Template;

namespace GridMap.Server.Http;

/// <summary>
/// The media types that an address takes, for the refusal of others. The router has put an endpoint of its own in the place of the one that was meant, so
/// it is sought again by path and method.
/// </summary>
internal static class AcceptedTypes
{
    /// <returns>A sentence that names them.</returns>
    public static string Sentence(HttpContext http)
    {
        var types = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => IsMeant(endpoint, http.Request))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? []).Distinct().ToList();
        return types.Count switch
        {
            0 => "Send a media type that the contract names.",
            1 => $"Send {types[0]}.",
            _ => $"Send {string.Join(", ", types.SkipLast(1))} or {types[^1]}.",
        };
    }

    private static bool IsMeant(RouteEndpoint endpoint, HttpRequest request) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(request.Method, StringComparer.OrdinalIgnoreCase) == true
        && new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(request.Path, []);
}
