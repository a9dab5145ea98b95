using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace GridMap.Server.Joins;

/// <summary>
/// An upload on disk until it has been answered. It is read to its end first: a client that sends before it reads would otherwise wait for a server that writes
/// before it has read all, for ever.
/// </summary>
public sealed class JoinUpload : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"gridmap-join-{Guid.NewGuid():N}");

    private JoinUpload(JoinKind kind, string? charset) => (Kind, Charset) = (kind, charset);

    public JoinKind Kind { get; }

    /// <summary>As its media type says; null when it says nothing.</summary>
    public string? Charset { get; }

    public FileStream Open() => new(_path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

    public void Dispose() => File.Delete(_path);

    /// <exception cref="Refused">The media type is none of those taken, the form has no file, or the body is too large.</exception>
    public static async Task<JoinUpload> Read(HttpContext http, CancellationToken cancellation)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = JoinParameters.MostBytes + (1 << 20);
        var type = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var parsed) ? parsed : null;
        if (type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) != true) return await Save(http.Request.Body, KindOf(type?.MediaType.Value, null), type, cancellation);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200) throw Refused.Field("body", "body.unreadable", "a form with a boundary");
        try
        {
            var reader = new MultipartReader(boundary, http.Request.Body);
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (section.AsFileSection() is not { } file) continue;
                var kind = MediaTypeHeaderValue.TryParse(section.ContentType, out var ofFile) ? KindOf(ofFile.MediaType.Value, file.FileName) : KindOf(null, file.FileName);
                return await Save(section.Body, kind, ofFile, cancellation);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or (IOException and not Microsoft.AspNetCore.Http.BadHttpRequestException))
        {
            throw Refused.Field("body", "body.unreadable", "a well-formed form");
        }
        throw Refused.Field("body", "body.empty", "a form with a file");
    }

    private static async Task<JoinUpload> Save(Stream body, JoinKind kind, MediaTypeHeaderValue? type, CancellationToken cancellation)
    {
        var upload = new JoinUpload(kind, HeaderUtilities.RemoveQuotes(type?.Charset ?? default).Value is { Length: > 0 } charset ? charset : null);
        try
        {
            await using var file = new FileStream(upload._path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
            var buffer = new byte[1 << 16];
            while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                if (file.Length + read > JoinParameters.MostBytes) throw new Refused(Problems.TooLarge, $"A file to join has at most {JoinParameters.MostBytes >> 20} MiB.");
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
            return upload;
        }
        catch
        {
            upload.Dispose();
            throw;
        }
    }

    // Browsers name a CSV differently from system to system; its ending then decides.
    private static JoinKind KindOf(string? type, string? fileName)
    {
        var ending = Path.GetExtension(fileName ?? "").ToLowerInvariant();
        if (ending is ".csv" or ".txt") return JoinKind.Csv;
        if (ending is ".geojson" or ".json") return JoinKind.GeoJson;
        if (ending is ".ndjson" or ".jsonl" or ".geojsonl" or ".geojsons") return JoinKind.Lines;
        foreach (var (known, kind) in JoinParameters.Types)
        {
            if (known.Equals(type, StringComparison.OrdinalIgnoreCase)) return kind;
        }
        throw new Refused(Problems.MediaType, $"Send one of {string.Join(", ", JoinParameters.Types.Select(known => known.Type))}, or a form with a file.");
    }
}
