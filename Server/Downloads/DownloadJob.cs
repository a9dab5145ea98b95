using GridMap.Server.Layers;

namespace GridMap.Server.Downloads;

/// <summary>One download from the question to the file. Its fields are written by the worker and read by who asks.</summary>
public sealed class DownloadJob(string owner, DownloadFormat format, FeatureQuestion question, int? srid, string encoding, string folder, DateTime createdAt)
{
    private volatile string _status = "accepted";
    private long _written, _total;

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public string Owner => owner;

    public DownloadFormat Format => format;

    public FeatureQuestion Question => question;

    /// <summary>EPSG code of the file's positions; null for longitude and latitude.</summary>
    public int? Srid => srid;

    public string Encoding => encoding;

    public string Folder => Path.Combine(folder, Id);

    public string FileName => $"{question.Layer.Name}.{(format.IsZipped ? "zip" : format.Extension)}";

    public CancellationTokenSource Cancellation { get; } = new();

    public string Status => _status;

    public string? Message { get; private set; }

    public DateTime? FinishedAt { get; private set; }

    public DateTime? ExpiresAt { get; private set; }

    public long? Bytes { get; private set; }

    public bool IsFinished => _status is "successful" or "failed" or "dismissed";

    public void Begin() => _status = "running";

    /// <summary>How many features there are in all.</summary>
    public void Expect(long features) => Interlocked.Exchange(ref _total, features);

    public void Count(long features) => Interlocked.Exchange(ref _written, features);

    public void End(string status, string? message, DateTime at, TimeSpan kept)
    {
        (Message, FinishedAt, ExpiresAt) = (message, at, at + kept);
        if (status == "successful") Bytes = new FileInfo(Path.Combine(Folder, FileName)).Length;
        _status = status;
    }

    public Download ToDownload()
    {
        var (written, total) = (Interlocked.Read(ref _written), Interlocked.Read(ref _total));
        // Reading is half of the work, writing the file the other half, which GDAL does not tell about.
        var progress = _status switch { "successful" => 100, "accepted" => 0, _ => total == 0 ? 0 : (int)(50 * Math.Min(written, total) / total) };
        return new Download(Id, _status, progress, Message, question.Layer.Name, format.Name, _status == "accepted" ? null : written, Bytes, createdAt, FinishedAt, ExpiresAt,
            _status == "successful" ? $"/api/downloads/{Id}/file" : null);
    }
}
