using System.Collections.Concurrent;

namespace GridMap.Server.Layers;

/// <summary>How many features a question matches, counted once for each version of the layer.</summary>
public sealed class MatchCounts
{
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, long> _known = [];

    public long? Find(Layer layer, long version, FeatureQuestion question) => _known.TryGetValue(Key(layer, version, question), out var count) ? count : null;

    public void Keep(Layer layer, long version, FeatureQuestion question, long? count)
    {
        if (count is not { } known) return;
        if (_known.Count >= Most) _known.Clear();
        _known[Key(layer, version, question)] = known;
    }

    private static string Key(Layer layer, long version, FeatureQuestion question) => $"{layer.Name}-{version}: {FeatureSql.Where(question).Fingerprint()}";
}
