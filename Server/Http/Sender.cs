using System.Net;

namespace GridMap.Server.Http;

/// <summary>Where a request comes from: the other end of the connection, or whom the proxy on this machine names.</summary>
public static class Sender
{
    /// <summary>Whether a proxy says that it asks for somebody else.</summary>
    public static bool IsForwarded(HttpContext http) => http.Request.Headers.ContainsKey("X-Forwarded-For") || http.Request.Headers.ContainsKey("Forwarded");

    public static string AddressOf(HttpContext http)
    {
        var peer = http.Connection.RemoteIpAddress;
        if (peer is not null && !IPAddress.IsLoopback(peer)) return peer.ToString();
        // The last is whom the proxy itself has seen; what stands before it anybody may have written.
        var named = http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        if (named.Length == 0)
        {
            named = http.Request.Headers["Forwarded"].ToString().Split(',')[^1].Split(';').Select(part => part.Trim())
                .FirstOrDefault(part => part.StartsWith("for=", StringComparison.OrdinalIgnoreCase))?[4..].Trim('"') ?? "";
        }
        return IPEndPoint.TryParse(named, out var address) ? address.Address.ToString() : peer?.ToString() ?? "";
    }
}
