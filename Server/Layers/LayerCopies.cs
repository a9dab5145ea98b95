using System.Data;
using GridMap.Geo.Packed;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>
/// Keeps copies of published layers in memory, each an exact image of the database at one snapshot, and moves them on as the change log does.
/// Whenever that is in doubt (loading, a bulk change, the database out of reach, no look at the log for two seconds) there is no copy, and PostGIS answers.
/// </summary>
public sealed partial class LayerCopies : BackgroundService
{
    // Longer than this without a look at the log, and a copy is not believed.
    private const int FreshMilliseconds = 2000;
    private const int LookEveryMilliseconds = 100;

    // With more changes at once than this, PostGIS answers until they are in.
    private const int ManyChanges = 5000;

    private readonly Database _database;
    private readonly ILogger<LayerCopies> _logger;
    private readonly Dictionary<string, FollowedLayer> _layers;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _asking = new();
    private readonly List<Action<CopyChange>> _listeners = [];
    private readonly LayerLoader _loader;
    private Task? _nextLook;
    private string? _cluster;
    private volatile LogPosition? _position;
    private long _lookedAt = -FreshMilliseconds;

    public LayerCopies(Database database, LayerCatalog layers, IConfiguration configuration, ILogger<LayerCopies> logger)
    {
        (_database, _logger) = (database, logger);
        _layers = layers.All.ToDictionary(layer => layer.Name, layer => new FollowedLayer(layer));
        _loader = new LayerLoader(database, [.. _layers.Values], MemoryBudget.Read(configuration), logger);
    }

    public IReadOnlyCollection<FollowedLayer> Layers => _layers.Values;

    public MemoryBudget Budget => _loader.Budget;

    /// <summary>Milliseconds since the last look at the log began.</summary>
    public long Age => Environment.TickCount64 - Interlocked.Read(ref _lookedAt);

    /// <summary>How long the last start took until every layer that fits was in memory; null before that.</summary>
    public double? ReadySeconds => _loader.ReadySeconds;

    /// <summary>The layer as of at most two seconds ago (usually some milliseconds), or null when PostGIS must answer.</summary>
    public LayerCopy? Find(Layer layer) => Age < FreshMilliseconds && _layers.TryGetValue(layer.Name, out var followed) ? followed.Copy : null;

    /// <summary>The version of what the layer depends on, from memory; null when the database must be asked.</summary>
    public long? Version(Layer layer) => Age < FreshMilliseconds && _position is { } position ? position.Version(layer) : null;

    /// <summary>Whether the log has so many rows of these tables and no more; false when the database must be asked.</summary>
    public bool HasOnly(IReadOnlyList<string> tables, IReadOnlyDictionary<string, long> counts) =>
        Age < FreshMilliseconds && _position is { } position && tables.All(table => position.Counts.GetValueOrDefault(table) == counts.GetValueOrDefault(table));

    /// <summary>Told under the gate, before the change can be seen; a listener must be quick. Only while the services are made.</summary>
    public void Listen(Action<CopyChange> listener)
    {
        lock (_listeners) _listeners.Add(listener);
    }

    /// <summary>Returns when everything committed before the call is in the copies (or PostGIS answers in their place).</summary>
    public async Task CatchUp(CancellationToken cancellation)
    {
        Task look;
        lock (_asking) look = _nextLook ??= LookNext();
        await look.WaitAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Budget.Bytes == 0)
        {
            foreach (var layer in _layers.Values) layer.Drop("memory is switched off");
            return;
        }
        _loader.Arrived = () => _ = CatchUp(CancellationToken.None);
        var loading = _loader.Run(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Follow(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or OperationCanceledException or InvalidOperationException)
            {
                Doubt();
                Lost(_logger, exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Follow(CancellationToken cancellation)
    {
        string? cluster;
        await using (var connection = await _database.Open(cancellation)) cluster = await LogReading.Cluster(connection, cancellation);
        if (_cluster is not null && _cluster != cluster) await StartOver("another database, or this one put back");
        _cluster = cluster;
        while (true)
        {
            await CatchUp(cancellation);
            if (Age > FreshMilliseconds) throw new IOException("no look at the change log");
            await Task.Delay(LookEveryMilliseconds, cancellation);
        }
    }

    // A look that begins after now: those who ask while it waits its turn share it.
    private async Task LookNext()
    {
        await Task.Yield();
        await _gate.WaitAsync();
        try
        {
            lock (_asking) _nextLook = null;
            await Look();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
        {
            Doubt();
            Lost(_logger, exception.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task Look()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var began = Environment.TickCount64;
        await using var connection = await _database.Open(soon.Token);
        // One snapshot for the log and the rows: a copy is an image of one moment, never half of a transaction.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, soon.Token);
        if (_position is not { } position)
        {
            _position = position = await LogReading.Now(connection, soon.Token);
        }
        else
        {
            var (snapshot, changes) = await LogReading.Since(connection, position.Snapshot, null, soon.Token);
            var counts = position.Counts;
            if (changes.Count > 0)
            {
                var more = new Dictionary<string, long>(counts);
                foreach (var (table, changed) in changes) more[table] = more.GetValueOrDefault(table) + changed.Rows;
                counts = more;
            }
            var next = new LogPosition(snapshot, counts);
            if (next.Snapshot.Xmax < position.Snapshot.Xmax)
            {
                Start("the database's transactions have gone back");
                return;
            }
            if (changes.Count > 0) await Apply(connection, next, changes, soon.Token);
            _position = position = next;
        }
        foreach (var loaded in _loader.TakeArrivals()) await Arrive(connection, position, loaded, soon.Token);
        await transaction.CommitAsync(soon.Token);
        Interlocked.Exchange(ref _lookedAt, began);
    }

    private async Task Apply(NpgsqlConnection connection, LogPosition position, Dictionary<string, TableChanges> changes, CancellationToken cancellation)
    {
        // All or none: when reading fails halfway, the position stays and the next look finds the same changes again.
        var moved = new List<(FollowedLayer Layer, LayerCopy Copy, CopyChange Change)>();
        foreach (var followed in _layers.Values)
        {
            if (followed.Copy is not { } copy || !followed.Layer.DependsOn.Any(changes.ContainsKey)) continue;
            if (await Moved(connection, followed, copy, position, changes, cancellation) is { } next) moved.Add((followed, next.Copy!, next));
        }
        foreach (var (followed, copy, change) in moved)
        {
            if (followed.Renewing is { } renewing) renewing.Changed.UnionWith(changes[followed.Layer.Table].Ids);
            Tell(change);
            followed.Set(copy);
            if (_loader.Used > Budget.Bytes)
            {
                // Of such a layer less may fit.
                Drop(followed, "over the memory budget");
                if (followed.Layer.OpenWhileNull is not null) _loader.Ask(followed);
            }
            else if (followed.WantsRenewal) _ = Renew(followed, followed.Copy!);
        }
    }

    // The copy at the position; null when it has to be loaded anew.
    private async Task<CopyChange?> Moved(NpgsqlConnection connection, FollowedLayer followed, LayerCopy copy, LogPosition position, Dictionary<string, TableChanges> changes, CancellationToken cancellation)
    {
        var layer = followed.Layer;
        changes.TryGetValue(layer.Table, out var own);
        var joined = layer.DependsOn.Any(table => table != layer.Table && changes.ContainsKey(table));
        if (joined || own!.IsReload || own.Ids.Count > Math.Max(2 * ManyChanges, copy.Count / 4))
        {
            Drop(followed, FollowedLayer.Loading);
            _loader.Ask(followed);
            return null;
        }
        if (own.Ids.Count > ManyChanges)
        {
            // Nobody shall wait for them, nor see the time before.
            Tell(new CopyChange(layer, null, null));
            followed.Drop("behind");
        }
        try
        {
            var fresh = await LayerLoad.Read(connection, layer, copy.Origin, own.Ids, copy.Since, null, cancellation);
            var touched = new List<PackedBox>();
            var next = copy.With(position.Version(layer), own.Ids, fresh, followed.Renewing?.Parts ?? 0, touched);
            return new CopyChange(layer, next, touched);
        }
        catch (NotPackableException exception)
        {
            Drop(followed, exception.Message);
            return null;
        }
        catch
        {
            // It was taken away and would not come back by itself.
            if (followed.Copy is null) _loader.Ask(followed);
            throw;
        }
    }

    private async Task Arrive(NpgsqlConnection connection, LogPosition position, Arrival arrival, CancellationToken cancellation)
    {
        var (followed, loaded) = (arrival.Layer, arrival.Loaded);
        if (arrival.Generation != followed.Generation) return;
        var (_, changes) = await LogReading.Since(connection, loaded.Snapshot, [.. followed.Layer.DependsOn], cancellation);
        var copy = loaded.Copy with { Version = position.Version(followed.Layer) };
        if (changes.Count > 0)
        {
            if (await Moved(connection, followed, copy, position, changes, cancellation) is not { } moved) return;
            copy = moved.Copy!;
        }
        arrival.Compare?.Invoke(followed.Copy, copy);
        followed.Renewing = null;
        followed.Generation++;
        Tell(new CopyChange(followed.Layer, copy, null));
        followed.Set(copy);
        Ready(_logger, followed.Layer.Name, copy.Count, copy.Bytes / 1e6, followed.LoadSeconds);
        if (_loader.Used > Budget.Bytes) Drop(followed, "over the memory budget");
    }

    private async Task Renew(FollowedLayer followed, LayerCopy copy)
    {
        followed.Renewing = (copy.Parts.Length, []);
        var generation = followed.Generation;
        var segment = await Task.Run(() => LayerCopy.Join(followed.Layer, copy.Origin, copy.Parts));
        await _gate.WaitAsync();
        try
        {
            if (followed.Generation == generation) followed.Renew(segment);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Tell(CopyChange change)
    {
        lock (_listeners)
        {
            foreach (var listener in _listeners) listener(change);
        }
    }

    private void Drop(FollowedLayer followed, string reason)
    {
        Tell(new CopyChange(followed.Layer, null, null));
        followed.Drop(reason);
        if (reason != FollowedLayer.Loading) FromPostgis(_logger, followed.Layer.Name, reason);
    }

    private async Task StartOver(string reason)
    {
        await _gate.WaitAsync();
        try
        {
            Start(reason);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Start(string reason)
    {
        Doubt();
        Anew(_logger, reason);
        _position = null;
        foreach (var followed in _layers.Values)
        {
            Drop(followed, FollowedLayer.Loading);
            _loader.Ask(followed);
        }
    }

    private void Doubt() => Interlocked.Exchange(ref _lookedAt, Environment.TickCount64 - FreshMilliseconds);

    /// <summary>Loads a layer again beside its copy and compares the two at one moment; the new one takes its place.</summary>
    /// <returns>How many rows differ; null when there was no copy to compare.</returns>
    public async Task<long?> Check(Layer layer, CancellationToken cancellation)
    {
        var followed = _layers[layer.Name];
        if (followed.Copy is null) return null;
        var pair = new TaskCompletionSource<(LayerCopy? Old, LayerCopy New)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _loader.Load(followed, followed.Copy?.Since, (old, fresh) => pair.TrySetResult((old, fresh)), cancellation);
        await CatchUp(cancellation);
        if (!pair.Task.IsCompleted) return null; // it was dropped meanwhile, and will be loaded anyway
        var (before, after) = await pair.Task;
        if (before is null) return null;
        var differences = CopyComparison.Differences(before, after);
        followed.Checked = (DateTime.UtcNow, differences);
        if (differences > 0) Different(_logger, layer.Name, differences);
        return differences;
    }

    [LoggerMessage(20, LogLevel.Warning, "The layers in memory lost the change log and will try again; PostGIS answers meanwhile: {Reason}")]
    private static partial void Lost(ILogger logger, string reason);

    [LoggerMessage(21, LogLevel.Information, "{Layer}: {Rows} rows in memory, {Megabytes:0.0} MB, loaded in {Seconds:0.0} s")]
    private static partial void Ready(ILogger logger, string layer, int rows, double megabytes, double seconds);

    [LoggerMessage(22, LogLevel.Warning, "{Layer} is served from PostGIS: {Reason}")]
    private static partial void FromPostgis(ILogger logger, string layer, string reason);

    [LoggerMessage(23, LogLevel.Warning, "Every layer is loaded anew: {Reason}")]
    private static partial void Anew(ILogger logger, string reason);

    [LoggerMessage(24, LogLevel.Error, "{Layer}: {Differences} rows in memory were not those of the database; they are now")]
    private static partial void Different(ILogger logger, string layer, long differences);
}
