using System.Net;
using GridMap.Server.Databases;
using GridMap.Server.Http;

namespace GridMap.Server.Access;


/// <summary>
/// Finds out who asks, from <c>Authorization: Bearer</c>, <c>X-API-Key</c> or, for reading only, the sign-in cookie
/// (an event stream opened by a browser can send no header).
/// </summary>
public sealed class Authentication(RequestDelegate next, Database database, IConfiguration configuration)
{
    public const string Cookie = "gridmap_key";

    private readonly bool _readingNeedsKey = configuration["GRIDMAP_READ"] == "key";
    private readonly bool _readingIsOpenEverywhere = configuration["GRIDMAP_READ"] == "open";

    public async Task InvokeAsync(HttpContext http)
    {
        if (KeyOf(http.Request) is { } key)
        {
            http.Features.Set(await ApiKeys.Find(database, key, http.RequestAborted)
                ?? throw new Refused(Problems.KeyUnknown, "The key is unknown, expired or revoked."));
        }
        if (http.GetEndpoint()?.Metadata.GetMetadata<Needs>() is { } needs) Check(http, needs);
        await next(http);
    }

    private void Check(HttpContext http, Needs needs)
    {
        var caller = Caller.Of(http);
        if (needs.Role == Role.None && ReadingIsOpen(http)) return;
        caller.Must(needs.Role == Role.None ? Role.Reader : needs.Role);
    }

    // Open on loopback by default; a proxy on this machine speaks for somebody else, so a forwarded request is not loopback.
    private bool ReadingIsOpen(HttpContext http) => _readingIsOpenEverywhere || (!_readingNeedsKey
        && (http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address))
        && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded") && !IsForeignPage(http.Request));

    // A browser on this machine speaks for whatever page is open in it: one of another origin, or one whose name was made to mean this machine, is not this machine.
    private static bool IsForeignPage(HttpRequest request) => !IsThisMachine(request.Host.Host)
        || (request.Headers.Origin.ToString() is { Length: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && (page.IsLoopback || page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase))));

    private static bool IsThisMachine(string host) => host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);

    private static string? KeyOf(HttpRequest request)
    {
        var key = Given(request);
        if (key is null && request.Headers.Authorization.ToString().Length > 0) throw new Refused(Problems.KeyUnknown, "Authorization must be 'Bearer <key>'.");
        return key;
    }

    /// <summary>The key that a request is sent with, whoever knows it or not; null for none. It is one and the same whichever header it comes in.</summary>
    public static string? Given(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString() is { Length: > 0 } authorization) return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..].Trim() : null;
        if (request.Headers["X-API-Key"].ToString() is { Length: > 0 } key) return key.Trim();
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? request.Cookies[Cookie] : null;
    }
}

/// <summary>The least role for an endpoint; <see cref="Role.None"/> means reading.</summary>
public sealed record Needs(Role Role);

public static class AccessRules
{
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Needs(role));

    public static TBuilder Reads<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.Needs(Role.None);
}
