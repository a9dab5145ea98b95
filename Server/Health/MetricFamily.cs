using System.Diagnostics.Metrics;

namespace GridMap.Server.Health;

/// <summary>An instrument and the series of its label values.</summary>
internal sealed class MetricFamily(Instrument instrument)
{
    private readonly Lock _gate = new();
    private volatile Dictionary<int, MetricSeries> _series = [];

    public string Name { get; } = NameOf(instrument);

    public string Description => (instrument.Description ?? instrument.Name).ReplaceLineEndings(" ");

    public string Type => IsHistogram ? "histogram" : IsCounter(instrument) ? "counter" : "gauge";

    public bool IsHistogram { get; } = Generic(instrument) == "Histogram`1";

    public bool IsObserved { get; } = instrument.IsObservable;

    public bool HasSeries => _series.Count > 0;

    public IEnumerable<MetricSeries> All
    {
        get
        {
            foreach (var first in _series.Values)
            {
                for (var series = first; series is not null; series = series.Next) yield return series;
            }
        }
    }

    public MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags) => Find(_series, MetricSeries.HashOf(tags), tags);

    /// <summary>The table is copied for each new series, so that finding one takes no lock.</summary>
    public MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, out bool isNew)
    {
        var hash = MetricSeries.HashOf(tags);
        lock (_gate)
        {
            if (Find(_series, hash, tags) is { } known)
            {
                isNew = false;
                return known;
            }
            var made = new MetricSeries(tags, _series.GetValueOrDefault(hash));
            _series = new Dictionary<int, MetricSeries>(_series) { [hash] = made };
            isNew = true;
            return made;
        }
    }

    private static MetricSeries? Find(Dictionary<int, MetricSeries> table, int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        for (var series = table.GetValueOrDefault(hash); series is not null; series = series.Next)
        {
            if (series.Is(tags)) return series;
        }
        return null;
    }

    private static string NameOf(Instrument instrument)
    {
        var name = MetricSeries.Clean(instrument.Name);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return IsCounter(instrument) ? name + "_total" : name;
    }

    private static bool IsCounter(Instrument instrument) => Generic(instrument) is "Counter`1" or "ObservableCounter`1";

    private static string Generic(Instrument instrument) => instrument.GetType().Name;
}
