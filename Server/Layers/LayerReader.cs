using System.Buffers;
using System.Data;
using System.IO.Pipelines;
using System.Text.Json;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>How a page ended: how many features were written, and behind what the next page begins (null when this was the last).</summary>
public sealed record PageEnd(int Returned, FeatureKey? Next);

/// <summary>The door to published features: whoever serves them asks here and does not know where they come from.</summary>
public sealed class LayerReader(Database database, LayerVersions versions)
{
    /// <summary>The layer as it is now. One view is one version: what it counts and writes belongs together.</summary>
    public async ValueTask<LayerView> View(Layer layer, CancellationToken cancellation) => new(database, layer, await versions.Of(layer, cancellation));

    /// <summary>Rows as <see cref="FeatureSql.Rows"/> has them (one more than the limit when there are more), for formats that need values, not GeoJSON.</summary>
    public async Task Rows(FeatureQuestion question, Action<NpgsqlDataReader> read, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var command = FeatureSql.Rows(question).ToCommand(connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) read(rows);
    }

    /// <summary>The features with these ids as they are now, for those who send them along with other things; what is gone is left out.</summary>
    public async Task<Dictionary<long, JsonElement>> ById(Layer layer, long[] ids, CancellationToken cancellation)
    {
        var found = new Dictionary<long, JsonElement>(ids.Length);
        if (ids.Length == 0) return found;
        var view = await View(layer, cancellation);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        pipe.Writer.Write("["u8);
        await view.Write(new FeatureQuestion(layer, ids.Length) { Ids = ids }, pipe.Writer, cancellation);
        pipe.Writer.Write("]"u8);
        await pipe.Writer.CompleteAsync();
        using var document = await JsonDocument.ParseAsync(pipe.Reader.AsStream(), cancellationToken: cancellation);
        foreach (var feature in document.RootElement.EnumerateArray()) found[feature.GetProperty("id").GetInt64()] = feature.Clone();
        return found;
    }
}

/// <summary>A layer at one version.</summary>
public sealed class LayerView(Database database, Layer layer, long version)
{
    private const int FlushBytes = 32 << 10;

    public Layer Layer => layer;

    /// <summary>Grows with every committed change of the layer; the same on every server.</summary>
    public long Version => version;

    public async ValueTask<long> Count(FeatureQuestion question, CancellationToken cancellation) => await database.Scalar<long>(FeatureSql.Count(question), cancellation);

    /// <summary>Writes the features of the page as GeoJSON, with commas between them; the first leave before the last have been read.</summary>
    /// <param name="tail">What each feature has after its properties, such as <c>,"links":[…]</c>.</param>
    public async ValueTask<PageEnd> Write(FeatureQuestion question, PipeWriter output, CancellationToken cancellation, string tail = "")
    {
        await using var connection = await database.Open(cancellation);
        await using var command = FeatureSql.Rows(question).ToCommand(connection);
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        using var writer = new FeatureWriter(output, question);
        FeatureKey? last = null;
        for (var returned = 0; await rows.ReadAsync(cancellation); returned++)
        {
            if (returned == question.Limit)
            {
                command.Cancel();
                return new PageEnd(returned, last);
            }
            if (returned > 0) writer.Raw(",\n");
            last = writer.Write(rows, tail);
            if (output.UnflushedBytes > FlushBytes) await output.FlushAsync(cancellation);
        }
        return new PageEnd(writer.Written, null);
    }
}
