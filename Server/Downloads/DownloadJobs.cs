using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using GridMap.Server.Access;
using GridMap.Server.Http;

namespace GridMap.Server.Downloads;

/// <summary>The downloads of this server: some run, others wait, finished files are kept for a while. They end with the server and their folder goes with it.</summary>
public sealed partial class DownloadJobs : BackgroundService
{
    private const string FolderName = "gridmap-downloads-";

    private readonly ConcurrentDictionary<string, DownloadJob> _jobs = [];
    private readonly Channel<DownloadJob> _waiting;
    private readonly Lock _gate = new();
    private readonly DownloadFile _file;
    private readonly DownloadLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger<DownloadJobs> _logger;
    private readonly string _parent;

    public DownloadJobs(DownloadFile file, DownloadLimits limits, TimeProvider time, IConfiguration configuration, ILogger<DownloadJobs> logger)
    {
        (_file, _limits, _time, _logger) = (file, limits, time, logger);
        _waiting = Channel.CreateBounded<DownloadJob>(limits.Waiting);
        _parent = configuration["GRIDMAP_WORK"] ?? Path.GetTempPath();
        Folder = Path.Combine(_parent, string.Create(CultureInfo.InvariantCulture, $"{FolderName}{Environment.ProcessId}-{Guid.NewGuid():N}"));
    }

    public string Folder { get; }

    public DateTime Now => _time.GetUtcNow().UtcDateTime;

    /// <exception cref="Refused">The caller has too many already, too many wait, or the disk's share is used up.</exception>
    public void Add(DownloadJob job)
    {
        lock (_gate)
        {
            if (_jobs.Values.Count(known => known.Owner == job.Owner) >= _limits.OfOne)
                throw new Refused("download.too-many", $"{job.Owner} has {_limits.OfOne} downloads. Delete one, or wait until one expires.");
            if (BytesUsed() >= _limits.BytesAll) throw new Refused("download.no-room", "The downloads that are kept fill the disk's share. Try again when some have expired.");
            if (!_waiting.Writer.TryWrite(job)) throw new Refused("download.no-room", "Too many downloads are waiting. Try again later.");
            _jobs[job.Id] = job;
        }
    }

    /// <summary>Their own, newest first; an administrator's are everybody's.</summary>
    public IEnumerable<DownloadJob> Of(Caller caller) => _jobs.Values.Where(job => MaySee(job, caller)).OrderByDescending(job => job.ToDownload().CreatedAt);

    /// <exception cref="Refused">There is none, or it is somebody else's, which looks the same.</exception>
    public DownloadJob Find(string id, Caller caller) => _jobs.TryGetValue(id, out var job) && MaySee(job, caller) ? job : throw Refused.NotFound("download", id);

    /// <summary>Ends it if it runs, and forgets it with its file.</summary>
    public async Task Remove(DownloadJob job)
    {
        await job.Cancellation.CancelAsync();
        _jobs.TryRemove(job.Id, out _);
        if (job.IsFinished) Delete(job.Folder);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RemoveLeftovers();
        try
        {
            await Task.WhenAll([Expire(stoppingToken), .. Enumerable.Range(0, _limits.AtOnce).Select(_ => Work(stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what ran has been ended.
        }
        finally
        {
            Delete(Folder);
        }
    }

    private async Task Work(CancellationToken stopping)
    {
        await foreach (var job in _waiting.Reader.ReadAllAsync(stopping))
        {
            using var clock = CancellationTokenSource.CreateLinkedTokenSource(stopping, job.Cancellation.Token);
            clock.CancelAfter(_limits.Time);
            try
            {
                if (job.Cancellation.IsCancellationRequested) continue;
                job.Begin();
                var (isMade, message) = await _file.Make(job, clock.Token);
                job.End(isMade ? "successful" : "failed", message, Now, _limits.Kept);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                job.End(job.Cancellation.IsCancellationRequested ? "dismissed" : "failed", $"It took longer than {_limits.Time.TotalMinutes} minutes. Select fewer.", Now, _limits.Kept);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(_logger, exception, job.Id);
                job.End("failed", "The server failed. It has been logged.", Now, _limits.Kept);
            }
            // What was cancelled or failed leaves nothing on the disk.
            if (job.Status != "successful" || !_jobs.ContainsKey(job.Id)) Delete(job.Folder);
        }
    }

    private async Task Expire(CancellationToken stopping)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(15));
        while (await clock.WaitForNextTickAsync(stopping))
        {
            foreach (var job in _jobs.Values.Where(job => job.ExpiresAt < Now).ToList()) await Remove(job);
        }
    }

    // A download belongs to no area: other people's are for administrators of the whole city alone.
    private static bool MaySee(DownloadJob job, Caller caller) => job.Owner == caller.Name || caller is { Role: Role.Administrator, AreaId: null };

    private long BytesUsed() => Directory.Exists(Folder) ? new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0) : 0;

    // A server that was killed could not tidy up.
    private void RemoveLeftovers()
    {
        foreach (var folder in Directory.EnumerateDirectories(_parent, $"{FolderName}*"))
        {
            if (int.TryParse(Path.GetFileName(folder)[FolderName.Length..].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsRunning(process)) Delete(folder);
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotDeleted(_logger, folder, exception.Message);
        }
    }

    [LoggerMessage(30, LogLevel.Error, "The download {Id} failed")]
    private static partial void Failed(ILogger logger, Exception exception, string id);

    [LoggerMessage(31, LogLevel.Warning, "{Folder} could not be deleted: {Reason}")]
    private static partial void NotDeleted(ILogger logger, string folder, string reason);
}
