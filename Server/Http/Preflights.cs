using Microsoft.Net.Http.Headers;

namespace GridMap.Server.Http;

/// <summary>
/// What browsers ask before a page of another origin may write (CORS preflight): the answer lists what the path takes. Behind the routing, which knows it, and before
/// CORS, which answers.
/// </summary>
public sealed class Preflights(RequestDelegate next)
{
    // Of files and of what is not there: whoever asks can read that there is nothing.
    private const string OfNothing = "GET, HEAD, OPTIONS";

    public async Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsOptions(request.Method) || !request.Headers.ContainsKey(HeaderNames.Origin) || !request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod))
        {
            await next(http);
            return;
        }
        var methods = await Methods(http);
        await next(http);
        http.Response.Headers.AccessControlAllowMethods = methods;
    }

    // The endpoint that answers OPTIONS, the router's own where there is no other, says it in Allow.
    private static async Task<string> Methods(HttpContext http)
    {
        if (http.GetEndpoint()?.RequestDelegate is not { } answer) return OfNothing;
        try
        {
            await answer(http);
        }
        catch (Refused)
        {
            return OfNothing;
        }
        var allow = OptionsEverywhere.Complete(http.Response.Headers.Allow.ToString());
        http.Response.ContentLength = null;
        return allow;
    }
}
