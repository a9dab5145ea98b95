using System.Net;
using System.Text.Json;

namespace GridMap.Server.Tests.Recovery;

/// <summary>Listens to the live feed as a browser does: when it is cut off, it comes back with the id of the last event that it met.</summary>
internal sealed class LiveListener(HttpClient client, string tables)
{
    private string? _last;
    private Stream? _first;

    public int Connections { get; private set; }

    public int Reloads { get; private set; }

    /// <summary>Ends when the feed is open: what is committed from now on is told.</summary>
    public async Task Start(CancellationToken cancellation)
    {
        _first = await Open(cancellation) ?? throw new HttpRequestException("The feed did not open.");
    }

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task Listen(Action<long> told, CancellationToken cancellation)
    {
        for (var stream = _first; ; stream = await Open(cancellation))
        {
            try
            {
                if (stream is not null) await Read(stream, told, cancellation);
            }
            catch (Exception cut) when (cut is IOException or HttpRequestException)
            {
                // The next connection goes on behind _last.
            }
            await Task.Delay(50, cancellation);
        }
    }

    private async Task<Stream?> Open(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/live?tables={tables}");
        if (_last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", _last);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.StatusCode != HttpStatusCode.OK) return null;
        Connections++;
        return await answer.Content.ReadAsStreamAsync(cancellation);
    }

    private async Task Read(Stream stream, Action<long> told, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream);
        var (name, id, data) = ("", (string?)null, "");
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            if (line.Length > 0) continue;
            _last = id ?? _last;
            if (name == "reload") Reloads++;
            if (name == "change")
            {
                using var change = JsonDocument.Parse(data);
                if (change.RootElement.GetProperty("op").GetString() == "insert") told(change.RootElement.GetProperty("id").GetInt64());
            }
            (name, id, data) = ("", null, "");
        }
    }
}
