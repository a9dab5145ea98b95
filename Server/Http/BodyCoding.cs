namespace GridMap.Server.Http;

/// <summary>Bodies are taken as they are: whoever compresses one is told so by name (RFC 9110 §8.4, §15.5.16), not that its first byte is no JSON.</summary>
public sealed class BodyCoding(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var coding = http.Request.Headers.ContentEncoding.ToString().Trim();
        if (coding.Length == 0 || coding.Equals("identity", StringComparison.OrdinalIgnoreCase)) return next(http);
        http.Response.OnStarting(() => // a problem clears the headers that were set before it
        {
            http.Response.Headers.AcceptEncoding = "identity";
            return Task.CompletedTask;
        });
        throw new Refused(Problems.MediaType, "Content-Encoding: expected none.", [new FieldError("Content-Encoding", "header.not-here", "no such header: bodies are sent uncompressed")]);
    }
}
