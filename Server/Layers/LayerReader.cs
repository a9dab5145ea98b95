using System.Buffers;
using System.Data;
using System.IO.Pipelines;
using System.Text.Json;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>How a page ended: how many features were written, and behind what the next page begins (null when this was the last).</summary>
public sealed record PageEnd(int Returned, FeatureKey? Next);

/// <summary>The door to published features: whoever serves them asks here and does not know whether memory or the database answers.</summary>
public sealed class LayerReader(Database database, LayerVersions versions, LayerCopies copies, IConfiguration configuration)
{
    private readonly TimeSpan _filterTime = FilterTime.Read(configuration);

    /// <summary>The layer as it is now. One view is one version: what it counts and writes belongs together.</summary>
    public ValueTask<LayerView> View(Layer layer, CancellationToken cancellation) =>
        copies.Find(layer) is { } copy ? ValueTask.FromResult(new LayerView(database, copies, layer, copy.Version, copy, new FilterTime(_filterTime))) : Unloaded(layer, cancellation);

    /// <summary>The layer with everything that was committed before the call, whoever did it.</summary>
    public async ValueTask<LayerView> Latest(Layer layer, CancellationToken cancellation)
    {
        await copies.CatchUp(cancellation);
        return await View(layer, cancellation);
    }

    /// <summary>Rows as <see cref="FeatureSql.Rows"/> has them (one more than the limit when there are more), for formats that need values, not GeoJSON.</summary>
    public async Task Rows(FeatureQuestion question, Action<NpgsqlDataReader> read, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await new FilterTime(_filterTime).Must(question, soon => connection.Query(FeatureSql.Rows(question), row =>
        {
            read(row);
            return true;
        }, soon), cancellation);
    }

    /// <summary>The features with these ids as they are now, for those who send them along with other things; what is gone is left out.</summary>
    public async Task<Dictionary<long, JsonElement>> ById(Layer layer, long[] ids, CancellationToken cancellation)
    {
        var found = new Dictionary<long, JsonElement>(ids.Length);
        if (ids.Length == 0) return found;
        var view = await Latest(layer, cancellation);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        pipe.Writer.Write("["u8);
        await view.Write(new FeatureQuestion(layer, ids.Length) { Ids = ids }, pipe.Writer, cancellation);
        pipe.Writer.Write("]"u8);
        await pipe.Writer.CompleteAsync();
        using var document = await JsonDocument.ParseAsync(pipe.Reader.AsStream(), cancellationToken: cancellation);
        foreach (var feature in document.RootElement.EnumerateArray()) found[feature.GetProperty("id").GetInt64()] = feature.Clone();
        return found;
    }

    private async ValueTask<LayerView> Unloaded(Layer layer, CancellationToken cancellation) => new(database, copies, layer, await versions.Of(layer, cancellation), null, new FilterTime(_filterTime));
}

/// <summary>A layer at one version.</summary>
public sealed class LayerView(Database database, LayerCopies copies, Layer layer, long version, LayerCopy? copy, FilterTime time)
{
    private const int FlushBytes = 32 << 10;
    private const int MostTries = 3;

    public Layer Layer => layer;

    /// <summary>Grows with every committed change of the layer; the same on every server.</summary>
    public long Version => version;

    /// <summary>The copy that answers; null when PostGIS does.</summary>
    public LayerCopy? Copy => copy;

    /// <summary>How many features there are; null where PostGIS cannot say in the time that a filter has.</summary>
    public async ValueTask<long?> Count(FeatureQuestion question, CancellationToken cancellation)
    {
        if (copy is not null && question.Filter is null && Selection.CanTest(question.Box) && copy.HasAll(question)) return Selection.Count(copy, question);
        await using var connection = await database.Open(cancellation);
        return await time.Within(question, soon => connection.Scalar<long>(FeatureSql.Count(question), soon), cancellation);
    }

    /// <summary>Writes the features of the page as GeoJSON, with commas between them; the first leave before the last have been read.</summary>
    /// <param name="question">Which features, and how.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="tail">What each feature has after its properties, such as <c>,"links":[…]</c>.</param>
    /// <param name="head">What stands before the first feature: written once it is certain that the question can be answered.</param>
    public async ValueTask<PageEnd> Write(FeatureQuestion question, PipeWriter output, CancellationToken cancellation, string tail = "", ReadOnlyMemory<byte> head = default)
    {
        if (copy is null || (question.Filter is null && !copy.HasAll(question))) return await FromDatabase(question, output, tail, head, cancellation);
        if (!Selection.CanAnswer(question)) return await ByIds(question, output, tail, head, cancellation) ?? await FromDatabase(question, output, tail, head, cancellation);
        output.Write(head.Span);
        using var selection = new Selection(copy, question);
        return await new CopyWriter(copy, question, tail).Page(selection, output, cancellation);
    }

    /// <summary>One feature as GeoJSON; empty when there is none with this id.</summary>
    /// <param name="question">How it is written; its ids are passed over.</param>
    /// <param name="id">Which.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<byte[]> One(FeatureQuestion question, long id, CancellationToken cancellation)
    {
        var output = new ArrayBufferWriter<byte>(2048);
        if (copy is not null && new CopyWriter(copy, question, "").One(id, output)) return output.WrittenSpan.ToArray();
        if (copy is { Since: null }) return [];
        await using var connection = await database.Open(cancellation);
        return await FeatureSql.One(connection, question, id, cancellation);
    }

    private async Task<PageEnd> FromDatabase(FeatureQuestion question, PipeWriter output, string tail, ReadOnlyMemory<byte> head, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        // A filter is decided before the first feature leaves: what has begun can no longer be refused.
        await using var snapshot = question.Filter is null ? null : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var found = question.Filter is null ? null : await time.Must(question, soon => connection.Query(FeatureSql.Ids(question), row => row.GetInt64(0), soon), cancellation);
        await using var command = FeatureSql.Rows(found is null ? question : question with { Ids = found, Filter = null, After = null, Offset = 0 }).ToCommand(connection);
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        output.Write(head.Span);
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

    // The database says which features in which order, memory writes them: when nothing was committed in between, that is one version.
    private async Task<PageEnd?> ByIds(FeatureQuestion question, PipeWriter output, string tail, ReadOnlyMemory<byte> head, CancellationToken cancellation)
    {
        for (var i = 0; i < MostTries; i++)
        {
            await copies.CatchUp(cancellation);
            if (copies.Find(layer) is not { } before) return null;
            List<FeatureKey> keys;
            await using (var connection = await database.Open(cancellation))
                keys = await time.Must(question, soon => connection.Query(FeatureSql.Ids(question), row => FeatureWriter.Key(row, question, 1), soon), cancellation);
            await copies.CatchUp(cancellation);
            if (copies.Find(layer) is not { } after || after.Version != before.Version) continue;
            if (after.Since is not null && !keys.TrueForAll(key => after.Has(key.Id))) return null;
            var more = keys.Count > question.Limit;
            if (more) keys.RemoveAt(keys.Count - 1);
            output.Write(head.Span);
            var returned = await new CopyWriter(after, question, tail).These([.. keys.Select(key => key.Id)], output, cancellation);
            return new PageEnd(returned, more && keys.Count > 0 ? keys[^1] : null);
        }
        return null;
    }
}
