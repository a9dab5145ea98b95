using System.Globalization;
using System.Text;

namespace GridMap.Server.Health;

/// <summary>The numbers of one instrument for one set of label values, added to by any thread without a lock.</summary>
internal sealed class MetricSeries
{
    private const int LongestLabel = 200;

    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private double _sum;

    public MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, MetricSeries? next)
    {
        (_tags, Next) = (tags.ToArray(), next);
        Labels = string.Join(',', _tags.Select(tag => $"{Clean(tag.Key)}=\"{Escaped(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\""));
    }

    /// <summary>Another one whose labels happen to have the same hash.</summary>
    public MetricSeries? Next { get; }

    public string Labels { get; }

    public static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (var (key, value) in tags) hash = HashCode.Combine(hash, key, value);
        return hash;
    }

    public bool Is(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != _tags.Length) return false;
        for (var i = 0; i < tags.Length; i++)
        {
            if (tags[i].Key != _tags[i].Key || !Equals(tags[i].Value, _tags[i].Value)) return false;
        }
        return true;
    }

    public void Set(double value) => Volatile.Write(ref _sum, value);

    public void Add(double value, bool toBuckets)
    {
        for (var known = Volatile.Read(ref _sum); ;)
        {
            var before = Interlocked.CompareExchange(ref _sum, known + value, known);
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(known)) break;
            known = before;
        }
        if (!toBuckets) return;
        var bucket = 0;
        while (bucket < Bounds.Length && value > Bounds[bucket]) bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
    }

    public void Render(StringBuilder text, MetricFamily family)
    {
        var (name, braces, sum) = (family.Name, Labels.Length > 0 ? $"{{{Labels}}}" : "", Volatile.Read(ref _sum));
        if (!family.IsHistogram)
        {
            text.Append($"{name}{braces} {Text(sum)}\n");
            return;
        }
        var (below, comma) = (0L, Labels.Length > 0 ? "," : "");
        for (var i = 0; i <= Bounds.Length; i++)
        {
            below += Interlocked.Read(ref _buckets[i]);
            text.Append($"{name}_bucket{{{Labels}{comma}le=\"{(i < Bounds.Length ? Text(Bounds[i]) : "+Inf")}\"}} {below}\n");
        }
        text.Append($"{name}_sum{braces} {Text(sum)}\n{name}_count{braces} {below}\n");
    }

    public static string Clean(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string Escaped(string text)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n");
        return text.Length > LongestLabel ? text[..LongestLabel] : text;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
