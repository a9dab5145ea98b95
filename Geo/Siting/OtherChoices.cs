namespace GridMap.Geo.Siting;

/// <summary>The best choices met on the way, each once; a few more are remembered than are wanted, because the best of all may be among them. Not thread-safe.</summary>
internal sealed class OtherChoices
{
    // How many are wanted beside the best.
    private const int Most = 3;

    private readonly Dictionary<string, int[]> known = [];
    private readonly SortedSet<(double Loss, string Key)> order = [];

    /// <param name="sites">Rising.</param>
    /// <param name="value">The more the better.</param>
    public void Remember(int[] sites, double value)
    {
        if (order.Count > Most && -value > order.Max.Loss) return;
        var key = Key(sites);
        if (!known.TryAdd(key, sites)) return;
        order.Add((-value, key));
        if (order.Count <= Most + 1) return;
        known.Remove(order.Max.Key);
        order.Remove(order.Max);
    }

    /// <summary>The best first, without <paramref name="best"/>.</summary>
    public List<(IReadOnlyList<int> Sites, double Value)> Beside(int[] best)
    {
        var key = Key(best);
        return [.. order.Where(other => other.Key != key).Take(Most).Select(other => ((IReadOnlyList<int>)known[other.Key], -other.Loss))];
    }

    private static string Key(int[] sites) => string.Join(' ', sites);
}
