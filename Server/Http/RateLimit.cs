using System.Collections.Concurrent;
using System.Net;
using GridMap.Server.Access;

namespace GridMap.Server.Http;

/// <summary>
/// At most so many requests a minute from one key or one address (<c>GRIDMAP_RATE</c>; 6,000 when not set, 0 for no limit), and headers that say how many are left
/// (draft-ietf-httpapi-ratelimit-headers-06). Requests from this machine itself are not counted, unless a number was set. A key has its own count from its first request
/// on, however many guess keys or ask without one beside it; until it has been found to be one, it counts where it comes from.
/// </summary>
public sealed class RateLimit(RequestDelegate next, TimeProvider time, KeyPrefixes prefixes, IConfiguration configuration)
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
        var isKnown = key is not null && _accepted.ContainsKey(key);
        var used = Count(isKnown ? key! : Sender.AddressOf(http));
        // Where others have used up an address, a key that begins as one does is tried: so often for each beginning, so that what is behind it stays as hard to guess.
        if (used > limit && !isKnown && key is not null && await prefixes.Have(key)) used = Count($"{Sender.AddressOf(http)} {ApiKeys.PrefixOf(key)}");
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

    private int Count(string who) => _counts.AddOrUpdate(who, 1, (_, count) => count + 1);

    private static string? KeyOf(HttpContext http) => (Authentication.Given(http.Request) ?? http.Request.Cookies[Authentication.Cookie]) is { Length: > 0 and < 200 } key ? key : null;
}
