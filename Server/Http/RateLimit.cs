using System.Collections.Concurrent;
using System.Net;

namespace GridMap.Server.Http;

/// <summary>
/// At most so many requests a minute from one key or one address (<c>GRIDMAP_RATE</c>; 6,000 when not set, 0 for no limit), and headers that say how many are left
/// (draft-ietf-httpapi-ratelimit-headers-06). Requests from this machine itself are not counted, unless a number was set.
/// </summary>
public sealed class RateLimit(RequestDelegate next, TimeProvider time, IConfiguration configuration)
{
    private const int Usual = 6_000, MostSenders = 100_000, WindowSeconds = 60;

    private readonly int? _set = int.TryParse(configuration["GRIDMAP_RATE"], out var rate) && rate >= 0 ? rate : null;
    private readonly ConcurrentDictionary<string, int> _counts = [];
    private long _window;

    public async Task InvokeAsync(HttpContext http)
    {
        var limit = _set ?? Usual;
        if (limit == 0 || (_set is null && http.Connection.RemoteIpAddress is var address && (address is null || IPAddress.IsLoopback(address)) && !http.Request.Headers.ContainsKey("X-Forwarded-For")))
        {
            await next(http);
            return;
        }
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var window = now / WindowSeconds;
        if (Interlocked.Exchange(ref _window, window) != window || _counts.Count > MostSenders) _counts.Clear();
        var used = _counts.AddOrUpdate(Sender(http), 1, (_, count) => count + 1);
        var seconds = WindowSeconds - (now % WindowSeconds);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers["RateLimit-Limit"] = limit.ToString();
            http.Response.Headers["RateLimit-Remaining"] = Math.Max(0, limit - used).ToString();
            http.Response.Headers["RateLimit-Reset"] = seconds.ToString();
            if (used > limit) http.Response.Headers.RetryAfter = seconds.ToString();
            return Task.CompletedTask;
        });
        if (used > limit) throw new Refused(Problems.TooMany, $"At most {limit} requests a minute. Go on in {seconds} s.");
        await next(http);
    }

    // A stranger's key costs a question to the database: what is counted is what was sent, before anybody looks at it.
    private static string Sender(HttpContext http) => http.Request.Headers.Authorization.ToString() is { Length: > 0 and < 200 } key ? key
        : http.Request.Headers["X-API-Key"].ToString() is { Length: > 0 and < 200 } other ? other : http.Connection.RemoteIpAddress?.ToString() ?? "";
}
