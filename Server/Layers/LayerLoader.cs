using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using GridMap.Geo.Packed;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>A loaded layer on its way to be followed; <see cref="Generation"/> tells whether it still is what was asked for.</summary>
public sealed record Arrival(FollowedLayer Layer, LoadedLayer Loaded, int Generation, Action<LayerCopy?, LayerCopy>? Compare);

/// <summary>Loads layers, the small ones first and two at a time, as long as they fit the memory budget.</summary>
public sealed partial class LayerLoader(Database database, IReadOnlyList<FollowedLayer> layers, MemoryBudget budget, ILogger logger)
{
    private const int AtATime = 2;
    private const double LeastShare = 0.02, ShareUsed = 0.8;

    private readonly Channel<FollowedLayer> _asked = Channel.CreateUnbounded<FollowedLayer>();
    private readonly ConcurrentQueue<Arrival> _arrivals = [];
    private readonly ConcurrentDictionary<string, long> _coming = [];
    private readonly Stopwatch _since = Stopwatch.StartNew();

    public MemoryBudget Budget => budget;

    public double? ReadySeconds { get; private set; }

    public Action Arrived { get; set; } = () => { };

    /// <summary>Bytes of all copies.</summary>
    public long Used => layers.Sum(layer => layer.Copy?.Bytes ?? 0);

    public void Ask(FollowedLayer layer) => _asked.Writer.TryWrite(layer);

    public IEnumerable<Arrival> TakeArrivals()
    {
        while (_arrivals.TryDequeue(out var arrival)) yield return arrival;
    }

    public async Task Run(CancellationToken cancellation)
    {
        foreach (var layer in await BySize(cancellation)) Ask(layer);
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Work(cancellation)));
    }

    /// <summary>Loads one layer now; what arrives is taken in by the next look at the change log.</summary>
    public async Task Load(FollowedLayer layer, DateTime? since, Action<LayerCopy?, LayerCopy>? compare, CancellationToken cancellation)
    {
        var (generation, watch) = (layer.Generation, Stopwatch.StartNew());
        var loaded = await LayerLoad.Whole(database, layer.Layer, since, rows => Progress(logger, layer.Layer.Name, rows), cancellation);
        layer.LoadSeconds = watch.Elapsed.TotalSeconds;
        _arrivals.Enqueue(new Arrival(layer, loaded, generation, compare));
    }

    private async Task Work(CancellationToken cancellation)
    {
        await foreach (var layer in _asked.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                var size = await database.Scalar<long>($"SELECT pg_table_size({layer.Layer.Table}::text::regclass)", cancellation);
                var room = budget.Bytes - Used - _coming.Values.Sum();
                var since = size > room && room > 0 ? await Recent(layer.Layer, (double)room / size, cancellation) : null;
                if (size > room && since is null)
                {
                    layer.Drop("over the memory budget");
                    FromPostgis(logger, layer.Layer.Name, size / 1e6, budget.Bytes / 1e6);
                }
                else
                {
                    _coming[layer.Layer.Name] = Math.Min(size, room);
                    await Load(layer, since, null, cancellation);
                    if (since is { } time) RecentOnly(logger, layer.Layer.Name, time, budget.Bytes / 1e6);
                    Arrived();
                }
            }
            catch (NotPackableException exception)
            {
                layer.Drop(exception.Message);
                NotPackable(logger, layer.Layer.Name, exception.Message);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException && !cancellation.IsCancellationRequested)
            {
                Failed(logger, layer.Layer.Name, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
                Ask(layer);
            }
            finally
            {
                _coming.TryRemove(layer.Layer.Name, out _);
            }
            if (_asked.Reader.Count == 0 && _coming.IsEmpty) ReadySeconds ??= _since.Elapsed.TotalSeconds;
        }
    }

    // From when on the features are so large a share of the layer, less what comes while it is followed; null where that is nothing worth it, or the layer is not to be divided.
    private async Task<DateTime?> Recent(Layer layer, double share, CancellationToken cancellation)
    {
        if (layer.OpenWhileNull is null || share < LeastShare) return null;
        var start = Sql.Trusted(layer.TimeStart!);
        return await database.Scalar<DateTime?>($"""
            SELECT {start} FROM {Sql.Trusted(layer.From)} WHERE isfinite({start}) ORDER BY {start} DESC
            OFFSET (SELECT floor(count(*) * {share * ShareUsed})::bigint FROM {Sql.Trusted(layer.Table)}) LIMIT 1
            """, cancellation);
    }

    private async Task<IEnumerable<FollowedLayer>> BySize(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var sizes = new Dictionary<string, long>();
                foreach (var layer in layers)
                    sizes[layer.Layer.Name] = await database.Scalar<long>($"SELECT pg_table_size({layer.Layer.Table}::text::regclass)", cancellation);
                // The two largest begin at once, so that they end together; the small ones follow... unless not everything fits: then small ones have precedence.
                return sizes.Values.Sum() <= budget.Bytes ? layers.OrderByDescending(layer => sizes[layer.Layer.Name]) : layers.OrderBy(layer => sizes[layer.Layer.Name]);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            }
        }
    }

    [LoggerMessage(30, LogLevel.Information, "Loading {Layer}: {Rows} rows so far")]
    private static partial void Progress(ILogger logger, string layer, int rows);

    [LoggerMessage(31, LogLevel.Warning, "{Layer} ({Megabytes:0} MB) is served from PostGIS: it would exceed GRIDMAP_MEMORY ({Budget:0} MB)")]
    private static partial void FromPostgis(ILogger logger, string layer, double megabytes, double budget);

    [LoggerMessage(34, LogLevel.Warning, "{Layer}: what began since {Since:u} or has not ended is in memory, PostGIS has the rest: all would exceed GRIDMAP_MEMORY ({Budget:0} MB)")]
    private static partial void RecentOnly(ILogger logger, string layer, DateTime since, double budget);

    [LoggerMessage(32, LogLevel.Warning, "{Layer} is served from PostGIS: {Reason}")]
    private static partial void NotPackable(ILogger logger, string layer, string reason);

    [LoggerMessage(33, LogLevel.Warning, "Loading {Layer} failed and will be tried again: {Reason}")]
    private static partial void Failed(ILogger logger, string layer, string reason);
}
