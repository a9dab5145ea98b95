using GridMap.Server.Layers;
using GridMap.Server.Walking;

namespace GridMap.Server.Results;

/// <summary>
/// Answers of which tiles were asked, by question and version of the data, within a bound of bytes; what was not used for longest goes first. Each is made once,
/// however many of its tiles are asked for at the same time.
/// </summary>
public sealed class ResultTileCache(WalkingCities cities, LayerVersions versions, LayerCatalog layers)
{
    private const long MostBytes = 96L << 20;
    private const int MostAnswers = 64;

    private readonly Dictionary<string, Entry> _kept = [];
    private readonly Lock _gate = new();
    private long _clock;

    /// <summary>What an answer depends on: the walking network with buildings and facilities, and the shapes of grids and areas.</summary>
    public async Task<string> Version(CancellationToken cancellation)
    {
        var version = (await cities.Now(cancellation)).Version;
        foreach (var name in new[] { "grids", "areas" })
        {
            if (layers.Find(name) is { } layer) version += $"|{await versions.Of(layer, cancellation)}";
        }
        return version;
    }

    /// <summary>The tiles of the answer; made by <paramref name="make"/> where nobody has asked yet.</summary>
    public async Task<ResultTiles> Find(string key, Func<Task<ResultLayer>> make, CancellationToken cancellation)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_kept.TryGetValue(key, out entry!)) _kept[key] = entry = new Entry();
            entry.UsedAt = ++_clock;
            LetGo(entry);
        }
        if (entry.Tiles is { } known) return known;
        await entry.Turn.WaitAsync(cancellation);
        try
        {
            return entry.Tiles ??= new ResultTiles(await make());
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    private void LetGo(Entry newest)
    {
        while (_kept.Count > 1 && (_kept.Count > MostAnswers || _kept.Values.Sum(entry => entry.Tiles?.Bytes ?? 0) > MostBytes))
        {
            var (key, oldest) = _kept.MinBy(pair => pair.Value.UsedAt);
            if (oldest == newest) return;
            _kept.Remove(key);
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public ResultTiles? Tiles { get; set; }

        public long UsedAt { get; set; }
    }
}
