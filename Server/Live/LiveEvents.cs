using System.Text;
using System.Text.Json;
using GridMap.Server.Layers;

namespace GridMap.Server.Live;

/// <summary>Writes batches of changes as server-sent events to one listener.</summary>
public sealed class LiveEvents(HttpResponse response, LayerReader reader, LayerCatalog layers, HashSet<string> wanted)
{
    private static readonly JsonSerializerOptions Text = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Told(string Table, string Op, long? Id, DateTime At, string Actor, JsonElement? Feature);

    public Task Ready(PgSnapshot position, CancellationToken cancellation) =>
        Write($"event: ready\nid: {position}\ndata: {{\"at\":\"{DateTime.UtcNow:O}\"}}\n\n", cancellation);

    public Task Beat(CancellationToken cancellation) => Write($"event: heartbeat\ndata: {{\"at\":\"{DateTime.UtcNow:O}\"}}\n\n", cancellation);

    public Task ReloadAll(PgSnapshot position, CancellationToken cancellation) =>
        Write($"event: reload\nid: {position}\ndata: {{\"table\":null}}\n\n", cancellation);

    /// <summary>Every event but the last carries a position inside the batch, so that a connection cut anywhere resumes exactly there.</summary>
    public async Task Send(Batch batch, int mostChanges, CancellationToken cancellation)
    {
        var changes = batch.Changes.Where(change => wanted.Count == 0 || wanted.Contains(change.Table)).ToList();
        var tooMany = changes.GroupBy(change => change.Table).Where(table => table.Count() > mostChanges || table.Any(change => change.Op == "reload"))
            .Select(table => table.Key).ToHashSet();
        var told = changes.Where(change => !tooMany.Contains(change.Table)).ToList();
        var features = await Features(told, cancellation);
        var text = new StringBuilder();
        // Reloads first and without an id of their own: told again after a cut they do no harm, left out they would.
        foreach (var table in tooMany) text.Append($"event: reload\ndata: {JsonSerializer.Serialize(new { table })}\n\n");
        for (var i = 0; i < told.Count; i++)
        {
            var change = told[i];
            var id = i == told.Count - 1 ? batch.End.ToString() : new ChangePosition(batch.Start, batch.End, change.Seq).ToString();
            var data = new Told(change.Table, change.Op, change.RowId, change.At, change.Actor,
                change.Op != "delete" && features.TryGetValue((change.Table, change.RowId ?? 0), out var feature) ? feature : null);
            text.Append("event: change\nid: ").Append(id).Append("\ndata: ").Append(JsonSerializer.Serialize(data, Text)).Append("\n\n");
            if (text.Length > 32 << 10)
            {
                await Write(text.ToString(), cancellation);
                text.Clear();
            }
        }
        // The end of the batch is a position too, also when nothing in it was wanted.
        if (told.Count == 0) text.Append($"id: {batch.End}\n\n");
        await Write(text.ToString(), cancellation);
    }

    private async Task<Dictionary<(string Table, long Id), JsonElement>> Features(List<Change> changes, CancellationToken cancellation)
    {
        var found = new Dictionary<(string, long), JsonElement>();
        foreach (var layer in layers.All.Where(layer => layer.IsSentLive))
        {
            var ids = changes.Where(change => change.Table == layer.Table && change.RowId is not null).Select(change => change.RowId!.Value).Distinct().ToArray();
            if (ids.Length == 0) continue;
            foreach (var (id, feature) in await reader.ById(layer, ids, cancellation)) found[(layer.Table, id)] = feature;
        }
        return found;
    }

    private async Task Write(string text, CancellationToken cancellation)
    {
        await response.WriteAsync(text, cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
