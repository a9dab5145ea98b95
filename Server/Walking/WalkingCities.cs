using System.Data;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using GridMap.Geo.Coverage;
using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.Walking;

/// <summary>
/// Keeps the <see cref="WalkingCity"/> and moves it on as the change log does: edited buildings and facilities are read and snapped again one by one, an edited
/// road builds the network anew. A question gets the city as of its own moment; while a new network is being built, after a short wait, the one before.
/// </summary>
public sealed partial class WalkingCities(Database database, LayerCopies copies, ILogger<WalkingCities> logger) : BackgroundService
{
    private const int ManyChanges = 5000, TilesAtOnce = 25;

    // Whoever asks waits so long for a city that is being built again; for the first one as long as it takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), FirstLook = TimeSpan.FromSeconds(15), LookEvery = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Tables = ["roads", "buildings", "facilities", "population_cells", "grids", "areas"];

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _asking = new();
    private readonly Meter _meter = new("GridMap");
    private Task? _nextLook;
    private string? _cluster;
    private volatile LogPosition? _position;
    private volatile WalkingCity? _city;
    private volatile Exception? _failure;
    private volatile KnownPace? _pace;
    private double? _buildSeconds;
    // When another boundary begins to hold: the cells may lie in other grids then. Only under the gate, but for a look at it.
    private long _gridsUntil = DateTime.MaxValue.Ticks;

    /// <summary>The last one made; null before the first.</summary>
    public WalkingCity? Last => _city;

    /// <summary>Whether nothing that was committed before now is known to be missing from <see cref="Last"/>.</summary>
    public bool IsCurrent => _position is { } position && _failure is null && !IsOverdue && copies.HasOnly(Tables, position.Counts);

    private bool IsOverdue => DateTime.UtcNow.Ticks >= Interlocked.Read(ref _gridsUntil);

    /// <summary>The city as it is now.</summary>
    /// <exception cref="Refused">There is no road that can be walked, or the database cannot be reached.</exception>
    public async ValueTask<WalkingCity> Now(CancellationToken cancellation)
    {
        // The layers' copies look at the same log, at most two seconds ago and before the answer to any write of this server: nothing new there is nothing new here.
        if (_city is { Network.Edges: > 0 } known && IsCurrent) return known;
        var look = CatchUp();
        if (_city is null) await look.WaitAsync(cancellation);
        else await Task.WhenAny(look, Task.Delay(Patience, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (_failure is { } failure && look.IsCompleted)
        {
            throw failure is NpgsqlException or TimeoutException or IOException or OperationCanceledException
                ? new NpgsqlException("The walking network could not be read.", failure) : new InvalidOperationException("The walking network could not be made.", failure);
        }
        return _city is { } city && city.Network.Edges > 0 ? city
            : throw new Refused("walking.no-network", "There is no road here that can be walked: import roads first.");
    }

    /// <summary>The city as it is now; null where there is no road that can be walked.</summary>
    public async Task<WalkingCity?> IfAny(CancellationToken cancellation)
    {
        try
        {
            return await Now(cancellation);
        }
        catch (Refused)
        {
            return null;
        }
    }

    /// <summary>The city's pace, as it was at most two seconds ago.</summary>
    public async ValueTask<double> MetresPerMinute(CancellationToken cancellation)
    {
        if (_pace is { } known && Environment.TickCount64 - known.ReadAt < 2_000) return known.MetresPerMinute;
        var pace = await database.QueryOne($"SELECT walk_metres_per_minute FROM city", row => (double?)row.GetDouble(0), cancellation) ?? 60;
        _pace = new KnownPace(Environment.TickCount64, pace);
        return pace;
    }

    private sealed record KnownPace(long ReadAt, double MetresPerMinute);

    /// <summary>Ends when everything committed before the call is in the city.</summary>
    public Task CatchUp()
    {
        lock (_asking) return _nextLook ??= LookNext();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Gauge("gridmap.walking.build_seconds", "How long the last network took to read and build", () => _buildSeconds);
        Gauge("gridmap.walking.ground_ready", "Of the ground of the pictures of walks, how much has been reckoned, 0 to 1", () => _city is { Network.Edges: > 0 } city ? (double)city.Raster.TilesReady / city.Raster.Tiles : null);
        // The layers come first; whoever asks before gets the city made for him.
        await Task.Delay(FirstLook, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            // After a bulk change the layers come first again: all questions are answered from them, and the walks' only when somebody asks.
            if (_city is null || copies.Layers.All(layer => layer.Reason != FollowedLayer.Loading)) await CatchUp();
            // Little by little, so that neither the first answer in a quarter has to wait for its picture's ground nor anybody else for this.
            if (_city is { Network.Edges: > 0 } city) city.Raster.Prepare(TilesAtOnce);
            await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    private void Gauge(string name, string description, Func<double?> value) =>
        _meter.CreateObservableGauge(name, () => value() is { } known ? [new Measurement<double>(known)] : Array.Empty<Measurement<double>>(), description: description);

    private async Task LookNext()
    {
        await Task.Yield();
        await _gate.WaitAsync();
        try
        {
            lock (_asking) _nextLook = null;
            await Look();
            _failure = null;
        }
        catch (Exception exception)
        {
            // Whatever it was: the rest of the server goes on, questions about walks are told of it, and the next look tries again.
            _failure = exception;
            Lost(logger, exception.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task Look()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var connection = await database.Open(soon.Token);
        if (_city is not null && _position is { } known && !IsOverdue && !await HasMoved(connection, known, soon.Token)) return;
        // One snapshot for the log and the rows.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, soon.Token);
        var cluster = await LogReading.Cluster(connection, soon.Token);
        var (old, position) = (_city, _position);
        if (old is null || position is null || cluster != _cluster)
        {
            position = await LogReading.Now(connection, soon.Token);
            _city = await Build(connection, position, null, [], soon.Token);
        }
        else
        {
            var (snapshot, changes) = await LogReading.Since(connection, position.Snapshot, Tables, soon.Token);
            var counts = new Dictionary<string, long>(position.Counts);
            foreach (var (table, changed) in changes) counts[table] = counts.GetValueOrDefault(table) + changed.Rows;
            position = new LogPosition(snapshot, counts);
            if (changes.Count > 0 || IsOverdue) _city = await Build(connection, position, old, changes, soon.Token);
        }
        (_position, _cluster) = (position, cluster);
        await transaction.CommitAsync(soon.Token);
    }

    private static async Task<bool> HasMoved(NpgsqlConnection connection, LogPosition position, CancellationToken cancellation) => await connection.Scalar<bool>($"""
        SELECT {(long)position.Snapshot.Xmax} > pg_snapshot_xmax(pg_current_snapshot())::text::bigint OR EXISTS (
            SELECT FROM changes WHERE {ChangeLog.BehindSnapshot(position.Snapshot)} AND table_name = ANY({Tables}))
        """, cancellation);

    private async Task<WalkingCity> Build(NpgsqlConnection connection, LogPosition position, WalkingCity? old, Dictionary<string, TableChanges> changes, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var isWhole = old is null || changes.ContainsKey("roads");
        var plane = isWhole ? await WalkingQueries.Plane(connection, cancellation) ?? MetricPlane.ForLonLat(0, 0) : old!.Plane;
        var edges = isWhole ? new EdgeIndex(await WalkingQueries.Roads(connection, plane, cancellation)) : old!.Edges;
        if (isWhole) _buildSeconds = watch.Elapsed.TotalSeconds;
        var buildings = isWhole || changes.ContainsKey("buildings")
            ? Order(await Buildings(connection, isWhole ? null : old, changes.GetValueOrDefault("buildings"), cancellation), plane, edges, isWhole ? null : old!.Buildings) : old!.Buildings;
        var facilities = isWhole || changes.ContainsKey("facilities")
            ? Snap(await WalkingQueries.Facilities(connection, cancellation), plane, edges) : old!.Facilities;
        var cells = old?.Cells is null || isWhole || IsOverdue || changes.ContainsKey("population_cells") || changes.ContainsKey("grids") || changes.ContainsKey("areas")
            ? await Cells(connection, plane, edges, isWhole ? null : old?.Cells?.Buildings, cancellation) : old.Cells.Buildings;
        var version = string.Join('.', Tables.Select(table => position.Counts.GetValueOrDefault(table)));
        if (isWhole) Ready(logger, edges.Network.Edges, edges.Network.Components, buildings.Count, watch.Elapsed.TotalSeconds);
        return new WalkingCity(plane, edges, buildings, cells, facilities, version, old);
    }

    private async Task<WalkingBuildings> Cells(NpgsqlConnection connection, MetricPlane plane, EdgeIndex edges, WalkingBuildings? before, CancellationToken cancellation)
    {
        var (cells, until) = await WalkingQueries.Cells(connection, cancellation);
        Interlocked.Exchange(ref _gridsUntil, until.Ticks);
        return Order(cells, plane, edges, before);
    }

    private static async Task<List<BuildingRow>> Buildings(NpgsqlConnection connection, WalkingCity? old, TableChanges? changes, CancellationToken cancellation)
    {
        if (old is null || changes is null || changes.IsReload || changes.Ids.Count > ManyChanges) return await WalkingQueries.Buildings(connection, null, cancellation);
        var (kept, b) = (new List<BuildingRow>(old.Buildings.Count), old.Buildings);
        for (var i = 0; i < b.Count; i++)
        {
            if (!changes.Ids.Contains(b.Ids[i]))
            {
                kept.Add(new BuildingRow(b.Ids[i], b.Lons[i], b.Lats[i], b.People.Households[i], b.People.Residents[i], b.People.Elderly[i], b.People.Children[i],
                    b.AreHomes[i], b.Grids[i], b.Areas[i]));
            }
        }
        kept.AddRange(await WalkingQueries.Buildings(connection, [.. changes.Ids], cancellation));
        return kept;
    }

    // What stands where it stood before, on the same network, keeps its place there: a new boundary gives half a million buildings another grid and none another door.
    private static WalkingBuildings Order(List<BuildingRow> rows, MetricPlane plane, EdgeIndex edges, WalkingBuildings? before)
    {
        var n = rows.Count;
        var (xs, ys, at) = (new double[n], new double[n], new EdgePoint[n]);
        var known = new Dictionary<long, int>(before?.Count ?? 0);
        for (var i = 0; i < before?.Count; i++) known[before.Ids[i]] = i;
        Parallel.For(0, (n + 4095) / 4096, new ParallelOptions { MaxDegreeOfParallelism = before is null ? 2 : 1 }, part =>
        {
            for (var i = part * 4096; i < Math.Min(n, (part + 1) * 4096); i++)
            {
                if (known.TryGetValue(rows[i].Id, out var b) && before!.Lons[b].Equals(rows[i].Lon) && before.Lats[b].Equals(rows[i].Lat))
                {
                    (xs[i], ys[i], at[i]) = (before.Xs[b], before.Ys[b], before.At[b]);
                    continue;
                }
                (xs[i], ys[i]) = plane.ToMetres(rows[i].Lon, rows[i].Lat);
                at[i] = double.IsFinite(xs[i]) && double.IsFinite(ys[i]) ? edges.Nearest(xs[i], ys[i], WalkingCity.ReachMetres) : EdgePoint.None;
            }
        });
        // Neighbours in memory as on the ground; the numbers of the rows decide among those at one edge, so that the order is always the same.
        var order = Enumerable.Range(0, n).ToArray();
        Array.Sort(order, (a, b) => at[a].Edge != at[b].Edge ? at[a].Edge.CompareTo(at[b].Edge) : rows[a].Id.CompareTo(rows[b].Id));
        return new WalkingBuildings(Pick(i => rows[i].Id), Pick(i => rows[i].Lon), Pick(i => rows[i].Lat), Pick(i => xs[i]), Pick(i => ys[i]), Pick(i => at[i]),
            new People(Pick(i => rows[i].Households), Pick(i => rows[i].Residents), Pick(i => rows[i].Elderly), Pick(i => rows[i].Children)),
            Pick(i => rows[i].IsHome), Pick(i => rows[i].Grid), Pick(i => rows[i].Area));

        T[] Pick<T>(Func<int, T> of) => Array.ConvertAll(order, i => of(i));
    }

    private static List<WalkingFacility> Snap(List<WalkingFacility> facilities, MetricPlane plane, EdgeIndex edges) => facilities.ConvertAll(facility =>
    {
        var (x, y) = plane.ToMetres(facility.Lon, facility.Lat);
        return facility with { At = double.IsFinite(x) && double.IsFinite(y) ? edges.Nearest(x, y, WalkingCity.ReachMetres) : EdgePoint.None };
    });

    [LoggerMessage(70, LogLevel.Information, "Walking: {Edges} edges in {Components} parts, {Buildings} buildings, in {Seconds:0.0} s")]
    private static partial void Ready(ILogger logger, int edges, int components, int buildings, double seconds);

    [LoggerMessage(71, LogLevel.Warning, "The walking network could not follow the database and will try again: {Reason}")]
    private static partial void Lost(ILogger logger, string reason);
}
