using System.Collections.Concurrent;

namespace GridMap.Server.Layers;

/// <summary>How many features a question matches, counted once for each version of the layer.</summary>
public sealed class MatchCounts
{
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, long> _known = [];

    /// <summary>Where the count of a question stands. Naming it is work, so it is done once, for looking and for keeping.</summary>
    public Place Of(Layer layer, long version, FeatureQuestion question) => new(this, $"{layer.Name}-{version}: {FeatureSql.Where(question).Fingerprint()}");

    /// <summary>The place of one question's count.</summary>
    public sealed class Place
    {
        private readonly MatchCounts _counts;
        private readonly string _key;

        internal Place(MatchCounts counts, string key) => (_counts, _key) = (counts, key);

        /// <summary>Null when nobody has counted yet.</summary>
        public long? Known => _counts._known.TryGetValue(_key, out var count) ? count : null;

        public void Keep(long? count)
        {
            if (count is not { } known) return;
            if (_counts._known.Count >= Most) _counts._known.Clear();
            _counts._known[_key] = known;
        }
    }
}
