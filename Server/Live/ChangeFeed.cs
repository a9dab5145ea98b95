using System.Threading.Channels;
using GridMap.Server.Databases;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.Live;

/// <summary>The changes that became visible between two snapshots, in the order of their numbers.</summary>
public sealed record Batch(PgSnapshot Start, PgSnapshot End, IReadOnlyList<Change> Changes);

/// <summary>
/// Follows the change log: ten times a second it asks what has become visible since the last snapshot and hands it to every listener. No change is missed or told twice, however writers overlap and whenever the database restarts.
/// </summary>
public sealed partial class ChangeFeed(Database database, ILogger<ChangeFeed> logger) : BackgroundService
{
    private const int BatchesAhead = 1000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _polling = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<Batch>> _listeners = [];
    private PgSnapshot? _position;

    public int Listeners
    {
        get { lock (_gate) return _listeners.Count; }
    }

    /// <summary>From this moment on every batch goes to the returned channel; the position is where the first of them will start.</summary>
    public async Task<(Channel<Batch> Channel, PgSnapshot Position)> Listen(CancellationToken cancellation)
    {
        // A fresh look first: the position must not be older than one that the listener brings along from another server.
        await Poll(cancellation);
        lock (_gate)
        {
            // A listener that falls this far behind is let go; it comes back with its last event id and misses nothing.
            var channel = Channel.CreateBounded<Batch>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true });
            _listeners.Add(channel);
            return (channel, _position!);
        }
    }

    public void Leave(Channel<Batch> channel)
    {
        lock (_gate) _listeners.Remove(channel);
    }

    /// <summary>What <paramref name="end"/> sees and <paramref name="start"/> does not.</summary>
    public Task<List<Change>> Between(PgSnapshot start, PgSnapshot end, long behindSeq, CancellationToken cancellation) =>
        database.Query($"""
            SELECT {ChangeLog.Columns} FROM changes
            WHERE {ChangeLog.BehindSnapshot(start)}
              AND pg_visible_in_snapshot(xid, {end.ToString()}::text::pg_snapshot)
              AND seq > {behindSeq}
            ORDER BY seq
            """, ChangeLog.Read, cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Poll(stoppingToken);
                await Task.Delay(LookEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                Lost(logger, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    private async Task Poll(CancellationToken cancellation)
    {
        await _polling.WaitAsync(cancellation);
        try
        {
            if (_position is not { } start)
            {
                await ChangeLog.Adopt(database, cancellation);
                var now = await database.Scalar<string>($"SELECT pg_current_snapshot()::text", cancellation);
                _position = PgSnapshot.Parse(now);
                return;
            }
            var (end, changes) = ((PgSnapshot?)null, new List<Change>());
            // One statement: the new snapshot and what it sees belong together.
            await database.Query($"""
                SELECT {ChangeLog.Columns}, pg_current_snapshot()::text
                FROM (SELECT 1) AS once LEFT JOIN changes
                  ON {ChangeLog.BehindSnapshot(start)}
                ORDER BY seq
                """, row =>
                {
                    end ??= PgSnapshot.Parse(row.GetString(7));
                    if (!row.IsDBNull(0)) changes.Add(ChangeLog.Read(row));
                    return 0;
                }, cancellation);
            lock (_gate)
            {
                _position = end;
                if (changes.Count == 0) return;
                var batch = new Batch(start, end!, changes);
                foreach (var listener in _listeners.Where(listener => !listener.Writer.TryWrite(batch)).ToList())
                {
                    listener.Writer.TryComplete();
                    _listeners.Remove(listener);
                }
            }
        }
        finally
        {
            _polling.Release();
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "The change feed lost the database and will try again: {Reason}")]
    private static partial void Lost(ILogger logger, string reason);
}
