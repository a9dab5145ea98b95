using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.OpenApi;

namespace GridMap.Server.Live;

/// <summary><c>/api/live</c>: server-sent events that resume without a gap (WHATWG HTML §9.2, Last-Event-ID).</summary>
public static class LiveEndpoints
{
    // More changes than this in one batch of one table are told as "fetch it again".
    private const int MostChanges = 2000;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly ListParameter<string> Tables = new("tables", "Which tables to follow, by commas; all when absent.",
        new OpenApiSchema { Type = JsonSchemaType.String }, 10,
        text => text.Length <= 200 && text.Split(',').All(table => ChangeLog.Tables.Contains(table)) ? text : Reading<string>.Wrong("choice.unknown", $"some of {string.Join(",", ChangeLog.Tables)}"));

    private static readonly Parameter<string?> LastEventId = Parameters.TextOf("lastEventId", 50_000, "Where to resume, for clients that cannot send the Last-Event-ID header.");

    public static void MapLive(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/live", Follow).Reads().Takes(Tables, LastEventId).About("Live", "What changes, as it is committed").WithSummary("Server-sent events: what changes, as it is committed")
            .Produces<string>(200, "text/event-stream");
        // The stream has no end, its head has one.
        app.MapMethods("/api/live", ["HEAD"], Head).Reads().Takes(Tables, LastEventId).ExcludeFromDescription();
    }

    private static void Head(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
    }

    private static async Task Follow(HttpContext http, ChangeFeed feed, LayerCatalog layers, LayerReader reader, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var wanted = ask.Get(Tables).SelectMany(text => text.Split(',')).ToHashSet();
        var resume = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : ask.Get(LastEventId);
        ChangePosition? from = null;
        if (resume is not null && !ChangePosition.TryParse(resume, out from))
            throw Refused.Field("Last-Event-ID", "live.position-unreadable", "the id of an event of this stream");

        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        var (channel, position) = await feed.Listen(until.Token);
        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no"; // a proxy must not hold events back
            var stream = new LiveEvents(http.Response, reader, layers, wanted);
            if (from is null)
            {
                await stream.Ready(position, until.Token);
            }
            else if (from.Start.Xmax > position.Xmax)
            {
                // A position of another database, or of this one before a restore: say so rather than guess.
                await stream.ReloadAll(position, until.Token);
            }
            else
            {
                if (from.End is { } end)
                {
                    await stream.Send(new Batch(from.Start, end, await feed.Between(from.Start, end, from.Seq, until.Token)), MostChanges, until.Token);
                    from = new ChangePosition(end, null, 0);
                }
                await stream.Send(new Batch(from.Start, position, await feed.Between(from.Start, position, 0, until.Token)), MostChanges, until.Token);
                await stream.Ready(position, until.Token);
            }
            while (true)
            {
                using var beat = CancellationTokenSource.CreateLinkedTokenSource(until.Token);
                beat.CancelAfter(Heartbeat);
                try
                {
                    if (!await channel.Reader.WaitToReadAsync(beat.Token)) return;
                }
                catch (OperationCanceledException) when (!until.IsCancellationRequested)
                {
                    await stream.Beat(until.Token);
                    continue;
                }
                while (channel.Reader.TryRead(out var batch)) await stream.Send(batch, MostChanges, until.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The listener left or the server stops: both are a normal end of a stream.
        }
        finally
        {
            feed.Leave(channel);
        }
    }
}
