using System.Collections.Concurrent;
using System.Net;
using GridMap.Server.Access;

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
    private readonly ConcurrentDictionary<string, bool> _accepted = [];
    private long _window;

    public async Task InvokeAsync(HttpContext http)
    {
        var limit = _set ?? Usual;
        if (limit == 0 || (_set is null && http.Connection.RemoteIpAddress is var address && (address is null || IPAddress.IsLoopback(address)) && !Sender.IsForwarded(http)))
        {
            await next(http);
            return;
        }
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var window = now / WindowSeconds;
        if (Interlocked.Exchange(ref _window, window) != window || _counts.Count > MostSenders) _counts.Clear();
        var key = KeyOf(http);
        var used = _counts.AddOrUpdate(key is not null && _accepted.ContainsKey(key) ? key : Sender.AddressOf(http), 1, (_, count) => count + 1);
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
        try
        {
            await next(http);
        }
        finally
        {
            // Until a key has been seen to be one it counts where it comes from: whoever sends another with every request gains nothing.
            if (key is not null && http.Features.Get<Caller>() is not null)
            {
                if (_accepted.Count > MostSenders) _accepted.Clear();
                _accepted[key] = true;
            }
        }
    }

    private static string? KeyOf(HttpContext http) => http.Request.Headers.Authorization.ToString() is { Length: > 0 and < 200 } key ? key
        : http.Request.Headers["X-API-Key"].ToString() is { Length: > 0 and < 200 } other ? other
        : http.Request.Cookies[Authentication.Cookie] is { Length: > 0 and < 200 } kept ? kept : null;
}
