namespace GridMap.Server.Jobs;

public enum JobStatus
{
    Accepted,
    Running,
    Successful,
    Failed,
    Dismissed,
}

/// <summary>What a job made: a media type and the bytes.</summary>
public sealed record JobResult(string MediaType, byte[] Content);

/// <summary>One piece of work that goes on after its request has been answered. Only its owner sees it.</summary>
public sealed class Job(string kind, string owner, DateTime createdAt)
{
    private readonly CancellationTokenSource _stop = new();

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>What it does, such as the name of a process.</summary>
    public string Kind => kind;

    public string Owner => owner;

    public DateTime CreatedAt => createdAt;

    public DateTime? StartedAt { get; private set; }

    public DateTime? FinishedAt { get; private set; }

    public JobStatus Status { get; private set; } = JobStatus.Accepted;

    /// <summary>Why it failed: the exception is made a problem by whoever answers.</summary>
    public Exception? Failure { get; private set; }

    public JobResult? Result { get; private set; }

    public bool IsOver => Status is JobStatus.Successful or JobStatus.Failed or JobStatus.Dismissed;

    public DateTime UpdatedAt => FinishedAt ?? StartedAt ?? CreatedAt;

    internal CancellationToken Stopped => _stop.Token;

    internal bool Begin(DateTime now)
    {
        lock (_stop)
        {
            if (IsOver) return false;
            (Status, StartedAt) = (JobStatus.Running, now);
            return true;
        }
    }

    internal void End(DateTime now, JobResult? result, Exception? failure)
    {
        lock (_stop)
        {
            if (IsOver) return;
            (Status, FinishedAt, Result, Failure) = (failure is null ? JobStatus.Successful : JobStatus.Failed, now, result, failure);
        }
    }

    /// <summary>Stops the work, in the database too, and drops its result.</summary>
    internal void Dismiss(DateTime now)
    {
        lock (_stop)
        {
            (Status, FinishedAt, Result) = (JobStatus.Dismissed, now, null);
        }
        _stop.Cancel();
    }
}
