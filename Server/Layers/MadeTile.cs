using System.IO.Compression;
using System.Security.Cryptography;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>A tile that was made, what stands for its bytes in an ETag, and (once somebody wanted it) its gzip.</summary>
public sealed class MadeTile(byte[] bytes)
{
    public const string MediaType = "application/vnd.mapbox-vector-tile";

    private byte[]? _gzip;

    public byte[] Bytes => bytes;

    /// <summary>Weak: the same for every compression. Made of the bytes, so it is the same on every server and ends only when the tile does.</summary>
    public string ETag { get; } = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 10))}\"";

    /// <summary>Whether it was used since the cache last looked for something to let go.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Bytes of memory, reckoned with a gzip of half the size so that it stays the same.</summary>
    public long Size => bytes.Length + (bytes.Length / 2) + 300;

    public byte[] Gzip => _gzip ??= Compress(bytes);

    /// <summary>As the answer: 304 when the asker has it, 204 when there is nothing in it.</summary>
    public async Task Send(HttpContext http, CancellationToken cancellation)
    {
        var headers = http.Response.Headers;
        (headers.ETag, headers.CacheControl, headers.Vary) = (ETag, "no-cache", "Accept, Accept-Encoding");
        var isKnown = Conditional.IsKnown(http, ETag);
        if (bytes.Length == 0) http.Response.StatusCode = StatusCodes.Status204NoContent;
        if (isKnown || bytes.Length == 0) return;
        // Compressed once for everybody; the middleware leaves alone what says its encoding.
        var zipped = AcceptsGzip(http.Request.Headers.AcceptEncoding);
        if (zipped) headers.ContentEncoding = "gzip";
        var body = zipped ? Gzip : bytes;
        (http.Response.ContentType, http.Response.ContentLength) = (MediaType, body.Length);
        await http.Response.BodyWriter.WriteAsync(body, cancellation);
    }

    private static bool AcceptsGzip(Microsoft.Extensions.Primitives.StringValues accept)
    {
        if (accept.Count == 0) return false;
        foreach (var coding in accept.ToString().Split(','))
        {
            var parts = coding.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Trim() is not ("gzip" or "*")) continue;
            return !(parts.Length > 1 && parts[1].StartsWith("q=0", StringComparison.Ordinal) && parts[1].TrimStart('q', '=').Trim('0', '.').Length == 0);
        }
        return false;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var target = new MemoryStream(bytes.Length / 2);
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return target.ToArray();
    }
}
