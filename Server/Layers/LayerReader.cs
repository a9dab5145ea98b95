using System.Buffers;
using System.Data;
using System.IO.Pipelines;
using System.Text.Json;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>How a page ended: how many features were written, and behind what the next page begins (null when this was the last).</summary>
/// <param name="Returned">Features on the page.</param>
/// <param name="Next">Where the next page begins.</param>
/// <param name="Matched">How many features match in all, in the very version that was written; null where nobody asked or it cannot be said in the time that a filter has.</param>
public sealed record PageEnd(int Returned, FeatureKey? Next, long? Matched = null);

/// <summary>What is wanted of a page besides its features.</summary>
/// <param name="Tail">What each feature has after its properties, such as <c>,"links":[…]</c>.</param>
/// <param name="Head">What stands before the first feature: written once it is certain that the question can be answered.</param>
/// <param name="Counted">Whether to say how many match in all.</param>
/// <param name="Begins">Told the layer's version that is written, before anything is.</param>
public sealed record PageWanted(string Tail = "", ReadOnlyMemory<byte> Head = default, bool Counted = false, Action<long>? Begins = null);

/// <summary>The door to published features: whoever serves them asks here and does not know whether memory or the database answers.</summary>
public sealed class LayerReader(Database database, LayerVersions versions, LayerCopies copies, IConfiguration configuration)
{
    private readonly TimeSpan _filterTime = FilterTime.Read(configuration);
    private readonly MatchCounts _counts = new();
    private readonly PageRelay _relay = new();

    /// <summary>The layer as it is now. One view is one version: what it counts and writes belongs together.</summary>
    public ValueTask<LayerView> View(Layer layer, CancellationToken cancellation) =>
        copies.Find(layer) is { } copy ? ValueTask.FromResult(new LayerView(database, copies, versions, _counts, _relay, layer, copy.Version, copy, new FilterTime(_filterTime))) : Unloaded(layer, cancellation);

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
        await view.Write(new FeatureQuestion(layer, ids.Length) { Ids = ids }, pipe.Writer, new PageWanted(), cancellation);
        pipe.Writer.Write("]"u8);
        await pipe.Writer.CompleteAsync();
        using var document = await JsonDocument.ParseAsync(pipe.Reader.AsStream(), cancellationToken: cancellation);
        foreach (var feature in document.RootElement.EnumerateArray()) found[feature.GetProperty("id").GetInt64()] = feature.Clone();
        return found;
    }

    private async ValueTask<LayerView> Unloaded(Layer layer, CancellationToken cancellation) => new(database, copies, versions, _counts, _relay, layer, await versions.Of(layer, cancellation), null, new FilterTime(_filterTime));
}

/// <summary>A layer at one version.</summary>
public sealed class LayerView(Database database, LayerCopies copies, LayerVersions versions, MatchCounts counts, PageRelay relay, Layer layer, long version, LayerCopy? copy, FilterTime time)
{
    private const int MostTries = 3;

    public Layer Layer => layer;

    /// <summary>Grows with every committed change of the layer; the same on every server.</summary>
    public long Version => version;

    /// <summary>The copy that answers; null when PostGIS does.</summary>
    public LayerCopy? Copy => copy;

    /// <summary>Writes the features of the page as GeoJSON, with commas between them; the first leave before the last have been read.</summary>
    public async ValueTask<PageEnd> Write(FeatureQuestion question, PipeWriter output, PageWanted wanted, CancellationToken cancellation)
    {
        if (copy is null || (question.Filter is null && !copy.HasAll(question))) return await FromDatabase(question, output, wanted, cancellation);
        if (!Selection.CanAnswer(question)) return await ByIds(question, output, wanted, cancellation) ?? await FromDatabase(question, output, wanted, cancellation);
        wanted.Begins?.Invoke(version);
        output.Write(wanted.Head.Span);
        using var selection = new Selection(copy, question);
        var end = await new CopyWriter(copy, question, wanted.Tail).Page(selection, output, cancellation);
        if (!wanted.Counted) return end;
        var count = counts.Of(layer, version, question);
        if (count.Known is { } known) return end with { Matched = known };
        var matched = Selection.Count(copy, question);
        count.Keep(matched);
        return end with { Matched = matched };
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

    private Task<PageEnd> FromDatabase(FeatureQuestion question, PipeWriter output, PageWanted wanted, CancellationToken cancellation) =>
        relay.Send(output, inlet => FromDatabase(question, inlet, wanted, cancellation), cancellation);

    private async Task<PageEnd> FromDatabase(FeatureQuestion question, PageRelay.Inlet inlet, PageWanted wanted, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        // One snapshot for the number at the end, the version, and the features.
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var shown = await versions.Of(layer, connection, cancellation);
        // A filter is decided before the first feature leaves: what has begun can no longer be refused.
        var found = question.Filter is null ? null : await time.Must(question, soon => connection.Query(FeatureSql.Ids(question), row => row.GetInt64(0), soon), cancellation);
        var count = wanted.Counted ? counts.Of(layer, shown, question) : null;
        var matched = count is null ? null : count.Known ?? await Count(connection, question, cancellation);
        count?.Keep(matched);
        await using var command = FeatureSql.Rows(found is null ? question : question with { Ids = found, Filter = null, After = null, Offset = 0 }).ToCommand(connection);
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        wanted.Begins?.Invoke(shown);
        inlet.Output.Write(wanted.Head.Span);
        using var writer = new FeatureWriter(inlet.Output, question);
        FeatureKey? last = null;
        for (var returned = 0; await rows.ReadAsync(cancellation); returned++)
        {
            if (returned == question.Limit)
            {
                command.Cancel();
                return new PageEnd(returned, last, matched);
            }
            if (returned > 0) writer.Raw(",\n");
            last = writer.Write(rows, wanted.Tail);
            await inlet.Flow();
        }
        return new PageEnd(writer.Written, null, matched);
    }

    // The database says which features in which order and how many, memory writes them: when nothing was committed in between, that is one version.
    private async Task<PageEnd?> ByIds(FeatureQuestion question, PipeWriter output, PageWanted wanted, CancellationToken cancellation)
    {
        for (var i = 0; i < MostTries; i++)
        {
            await copies.CatchUp(cancellation);
            if (copies.Find(layer) is not { } before) return null;
            var count = wanted.Counted ? counts.Of(layer, before.Version, question) : null;
            var counting = count is { Known: null } ? CountBeside(question, cancellation) : Task.FromResult(count?.Known);
            List<FeatureKey> keys;
            try
            {
                await using var connection = await database.Open(cancellation);
                keys = await time.Must(question, soon => connection.Query(FeatureSql.Ids(question), row => FeatureWriter.Key(row, question, 1), soon), cancellation);
            }
            finally
            {
                await ((Task)counting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            var matched = await counting;
            await copies.CatchUp(cancellation);
            if (copies.Find(layer) is not { } after || after.Version != before.Version) continue;
            if (after.Since is not null && !keys.TrueForAll(key => after.Has(key.Id))) return null;
            count?.Keep(matched);
            var more = keys.Count > question.Limit;
            if (more) keys.RemoveAt(keys.Count - 1);
            wanted.Begins?.Invoke(after.Version);
            output.Write(wanted.Head.Span);
            var returned = await new CopyWriter(after, question, wanted.Tail).These([.. keys.Select(key => key.Id)], output, cancellation);
            return new PageEnd(returned, more && keys.Count > 0 ? keys[^1] : null, matched);
        }
        return null;
    }

    private async Task<long?> CountBeside(FeatureQuestion question, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await Count(connection, question, cancellation);
    }

    private Task<long?> Count(NpgsqlConnection connection, FeatureQuestion question, CancellationToken cancellation) =>
        time.Within(question, soon => connection.Scalar<long>(FeatureSql.Count(question), soon), cancellation);
}
