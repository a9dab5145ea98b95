using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace GridMap.Server.Health;

/// <summary>
/// Listens to the platform's own meters (requests, Kestrel, Npgsql, the runtime) and GridMap's, and writes them in Prometheus' text format 0.0.4.
/// The number of series is bounded: what comes beyond is counted, not kept.
/// </summary>
public sealed class Metrics : IDisposable
{
    private const int MostSeries = 5000;

    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime", "GridMap"];

    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private sealed class Series(Instrument instrument, string labels)
    {
        public readonly Instrument Instrument = instrument;
        public readonly string Labels = labels;
        public readonly long[] Buckets = new long[Bounds.Length + 1];
        public double Sum;
        public long Count;
    }

    private readonly ConcurrentDictionary<(string Name, string Labels), Series> _series = [];
    private readonly MeterListener _listener = new();
    private long _dropped;

    public Metrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Contains(instrument.Meter.Name)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public string Render()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in _series.Values.GroupBy(series => Name(series.Instrument)).OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            var instrument = family.First().Instrument;
            var kind = IsHistogram(instrument) ? "histogram" : IsCounter(instrument) ? "counter" : "gauge";
            text.Append($"# HELP {family.Key} {(instrument.Description ?? instrument.Name).ReplaceLineEndings(" ")}\n# TYPE {family.Key} {kind}\n");
            foreach (var series in family.OrderBy(series => series.Labels, StringComparer.Ordinal)) Render(text, family.Key, series);
        }
        return text.Append($"# TYPE gridmap_metrics_series_dropped_total counter\ngridmap_metrics_series_dropped_total {Interlocked.Read(ref _dropped)}\n").ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = (Name(instrument), Labels(tags));
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= MostSeries)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            series = _series.GetOrAdd(key, _ => new Series(instrument, key.Item2));
        }
        lock (series)
        {
            if (instrument.IsObservable) series.Sum = value; // an observation is the state, not a step
            else series.Sum += value;
            series.Count++;
            if (!IsHistogram(instrument)) return;
            var bucket = Array.FindIndex(Bounds, bound => value <= bound);
            series.Buckets[bucket < 0 ? Bounds.Length : bucket]++;
        }
    }

    private static void Render(StringBuilder text, string name, Series series)
    {
        lock (series)
        {
            var braces = series.Labels.Length > 0 ? $"{{{series.Labels}}}" : "";
            if (!IsHistogram(series.Instrument))
            {
                text.Append($"{name}{braces} {Text(series.Sum)}\n");
                return;
            }
            var (below, comma) = (0L, series.Labels.Length > 0 ? "," : "");
            for (var i = 0; i <= Bounds.Length; i++)
            {
                below += series.Buckets[i];
                text.Append($"{name}_bucket{{{series.Labels}{comma}le=\"{(i < Bounds.Length ? Text(Bounds[i]) : "+Inf")}\"}} {below}\n");
            }
            text.Append($"{name}_sum{braces} {Text(series.Sum)}\n{name}_count{braces} {series.Count}\n");
        }
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n");
            labels.Append($"{(labels.Length > 0 ? "," : "")}{Clean(key)}=\"{(text.Length > 200 ? text[..200] : text)}\"");
        }
        return labels.ToString();
    }

    private static string Name(Instrument instrument)
    {
        var name = Clean(instrument.Name);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return IsCounter(instrument) ? name + "_total" : name;
    }

    private static bool IsHistogram(Instrument instrument) => Generic(instrument) == "Histogram`1";

    private static bool IsCounter(Instrument instrument) => Generic(instrument) is "Counter`1" or "ObservableCounter`1";

    private static string Generic(Instrument instrument) => instrument.GetType().Name;

    private static string Clean(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
