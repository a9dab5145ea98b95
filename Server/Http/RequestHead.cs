using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace GridMap.Server.Http;

/// <summary>
/// How long the line and the headers of a request may be (RFC 9110 §15.5.15, RFC 6585 §5). The web server reads somewhat more, because what is beyond its own limits,
/// or no HTTP, it refuses without a word.
/// </summary>
public sealed class RequestHead(RequestDelegate next)
{
    private const int MostLine = 256 << 10; // a filter of 65,536 characters, also where some of them are percent-encoded
    private const int MostHeaders = 32 << 10, MostHeaderCount = 100;

    public static void Limit(KestrelServerLimits limits) =>
        (limits.MaxRequestLineSize, limits.MaxRequestHeadersTotalSize, limits.MaxRequestHeaderCount) = (2 * MostLine, 4 * MostHeaders, 4 * MostHeaderCount);

    public Task InvokeAsync(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget.Length ?? 0;
        if (http.Request.Method.Length + target > MostLine) throw new Refused("request.line-too-long", $"The first line of a request has at most {MostLine} bytes. What is longer can be sent in a body where the contract has one.");
        var (size, count) = (0, 0);
        foreach (var (name, values) in http.Request.Headers)
        {
            foreach (var value in values) (size, count) = (size + name.Length + (value?.Length ?? 0) + ": \r\n".Length, count + 1);
        }
        if (size > MostHeaders || count > MostHeaderCount) throw new Refused("request.headers-too-large", $"The headers of a request have at most {MostHeaders} bytes, and are at most {MostHeaderCount}.");
        return next(http);
    }
}
