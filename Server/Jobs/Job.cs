using System.Security.Cryptography;

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

/// <summary>One piece of work that goes on after its request has been answered. Only its owner sees it: see <see cref="JobOwner"/>.</summary>
public sealed class Job(string kind, JobOwner owner, DateTime createdAt) : IProgress<double>
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>128 bits from the system's generator: for jobs without a key it is the key.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>What it does, such as the name of a process.</summary>
    public string Kind => kind;

    public JobOwner Owner => owner;

    public DateTime CreatedAt => createdAt;

    public DateTime? StartedAt { get; private set; }

    public DateTime? FinishedAt { get; private set; }

    public JobStatus Status { get; private set; } = JobStatus.Accepted;

    /// <summary>Why it failed: the exception is made a problem by whoever answers.</summary>
    public Exception? Failure { get; private set; }

    public JobResult? Result { get; private set; }

    public bool IsOver => Status is JobStatus.Successful or JobStatus.Failed or JobStatus.Dismissed;

    /// <summary>Whether it takes a place in the queue: until its turn has come, also when it has been dismissed before.</summary>
    public bool IsInLine { get; private set; } = true;

    /// <summary>How far it is, 0 to 100, where the work can say; never going back.</summary>
    public int? Percent { get; private set; }

    /// <summary>Told by the work itself: a share from 0 to 1.</summary>
    public void Report(double value)
    {
        lock (_stop)
        {
            if (!IsOver) Percent = Math.Max(Percent ?? 0, (int)Math.Clamp(100 * value, 0, 99));
        }
    }

    public DateTime UpdatedAt => FinishedAt ?? StartedAt ?? CreatedAt;

    /// <summary>Reads several of its properties as they are at one moment.</summary>
    public T AtOnce<T>(Func<Job, T> read)
    {
        lock (_stop) return read(this);
    }

    internal CancellationToken Stopped => _stop.Token;

    internal bool Begin(DateTime now)
    {
        lock (_stop)
        {
            IsInLine = false;
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
            if (failure is null) Percent = 100;
        }
    }

    /// <summary>Stops the work, in the database too, and drops its result.</summary>
    internal void Dismiss(DateTime now)
    {
        lock (_stop)
        {
            (Status, FinishedAt, Result) = (JobStatus.Dismissed, FinishedAt ?? now, null); // what had ended has ended then
        }
        _stop.Cancel();
    }
}
