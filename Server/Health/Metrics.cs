using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace GridMap.Server.Health;

/// <summary>
/// Listens to the platform's own meters (requests, Kestrel, Npgsql, the runtime) and GridMap's, and writes them in Prometheus' text format 0.0.4.
/// A measurement allocates nothing and takes no lock, because there are several in every request. The number of series is bounded: what comes beyond is counted, not kept.
/// </summary>
public sealed class Metrics : IDisposable
{
    private const int MostSeries = 5000;

    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime", "GridMap"];

    private readonly ConcurrentBag<MetricFamily> _families = [];
    private readonly MeterListener _listener = new();
    private int _count;
    private long _dropped;

    public Metrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!Meters.Contains(instrument.Meter.Name)) return;
            var family = new MetricFamily(instrument);
            _families.Add(family);
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(family, value, tags));
        _listener.Start();
    }

    public string Render()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        // Two meters may have an instrument of one name: it is one family to Prometheus.
        foreach (var same in _families.Where(family => family.HasSeries).GroupBy(family => family.Name).OrderBy(same => same.Key, StringComparer.Ordinal))
        {
            var first = same.First();
            text.Append($"# HELP {first.Name} {first.Description}\n# TYPE {first.Name} {first.Type}\n");
            foreach (var (family, series) in same.SelectMany(family => family.All, (family, series) => (family, series)).OrderBy(pair => pair.series.Labels, StringComparer.Ordinal)) series.Render(text, family);
        }
        return text.Append($"# TYPE gridmap_metrics_series_dropped_total counter\ngridmap_metrics_series_dropped_total {Interlocked.Read(ref _dropped)}\n").ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var family = (MetricFamily)state!;
        var series = family.Find(tags);
        if (series is null)
        {
            if (Volatile.Read(ref _count) >= MostSeries)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            series = family.Add(tags, out var isNew);
            if (isNew) Interlocked.Increment(ref _count);
        }
        if (family.IsObserved) series.Set(value); // an observation is the state, not a step
        else series.Add(value, family.IsHistogram);
    }
}
