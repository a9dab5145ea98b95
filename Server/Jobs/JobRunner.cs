using System.Collections.Concurrent;
using System.Threading.Channels;
using GridMap.Server.Http;

namespace GridMap.Server.Jobs;

/// <summary>
/// Jobs of this server: a bounded queue, a few at work, results kept for an hour. In memory: after a restart there are none, and who asks is told so by 404.
/// </summary>
public sealed class JobRunner(TimeProvider time) : BackgroundService
{
    private const int AtWork = 2, MostWaiting = 100, MostOfOneOwner = 50;

    private const long MostResultBytes = 256 << 20;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1), Longest = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Job> _jobs = [];
    private readonly Channel<(Job Job, Func<IProgress<double>, CancellationToken, Task<JobResult>> Work)> _waiting = Channel.CreateBounded<(Job, Func<IProgress<double>, CancellationToken, Task<JobResult>>)>(MostWaiting);

    /// <param name="work">May say how far it is.</param>
    /// <exception cref="Refused">Too much is waiting.</exception>
    public Job Start(string kind, JobOwner owner, Func<IProgress<double>, CancellationToken, Task<JobResult>> work)
    {
        Forget();
        var job = new Job(kind, owner, Now);
        var own = _jobs.Values.Where(other => other.Owner == owner).ToList();
        var dismissed = own.Where(other => other is { Status: JobStatus.Dismissed, IsInLine: false }).OrderBy(other => other.FinishedAt).ToList();
        if (own.Count - dismissed.Count >= MostOfOneOwner || !_waiting.Writer.TryWrite((job, work)))
            throw new Refused("jobs.full", "Too many jobs are waiting or kept. Dismiss some, or try again later.");
        // What was dismissed has no result: that it was is told of the last of them.
        foreach (var old in dismissed.SkipLast(MostOfOneOwner - 1)) _jobs.TryRemove(old.Id, out _);
        _jobs[job.Id] = job;
        return job;
    }

    public Job? Find(string id, JobOwner owner) => _jobs.TryGetValue(id, out var job) && (!job.Owner.HasKey || job.Owner == owner) && !IsOld(job) ? job : null;

    /// <summary>The jobs of a key, the newest first; without one there is no list.</summary>
    public IReadOnlyList<Job> Of(JobOwner owner) => !owner.HasKey ? [] : [.. _jobs.Values.Where(job => job.Owner == owner && !IsOld(job)).OrderByDescending(job => job.CreatedAt)];

    public void Dismiss(Job job) => job.Dismiss(Now);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, AtWork).Select(_ => Work(stoppingToken)));

    private async Task Work(CancellationToken stopping)
    {
        try
        {
            await foreach (var (job, work) in _waiting.Reader.ReadAllAsync(stopping)) await Run(job, work, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task Run(Job job, Func<IProgress<double>, CancellationToken, Task<JobResult>> work, CancellationToken stopping)
    {
        if (!job.Begin(Now)) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(job.Stopped, stopping);
        stop.CancelAfter(Longest);
        try
        {
            job.End(Now, await work(job, stop.Token), null);
        }
        catch (Exception exception)
        {
            // Whatever it was belongs to the job: its owner reads it there.
            job.End(Now, null, exception);
        }
    }

    // Old ones go, and the oldest results when all together are too large.
    private void Forget()
    {
        var bytes = 0L;
        foreach (var job in _jobs.Values.Where(job => job.IsOver).OrderByDescending(job => job.FinishedAt))
        {
            bytes += job.Result?.Content.Length ?? 0;
            if (IsOld(job) || bytes > MostResultBytes) _jobs.TryRemove(job.Id, out _);
        }
    }

    private bool IsOld(Job job) => job.FinishedAt is { } end && Now - end > Kept;

    private DateTime Now => time.GetUtcNow().UtcDateTime;
}
