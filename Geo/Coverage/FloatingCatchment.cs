using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>A belt of the walk: up to this far, and how willingly people walk so far.</summary>
/// <param name="Millimetres">The belt's outer edge.</param>
/// <param name="Weight">0 to 1.</param>
public readonly record struct Belt(int Millimetres, double Weight);

/// <summary>Accessibility with capacities: the enhanced two-step floating catchment area (E2SFCA).</summary>
/// <remarks>
/// Step 1: each facility's capacity is shared by everybody within reach, weighted by belt: R = capacity ÷ Σ people × weight. Step 2: a place's
/// accessibility is Σ R × weight over the facilities within reach: capacity per person. Sources: Luo and Wang 2003 (two steps), Luo and Qi 2009 (belts,
/// weights 1, 0.68, 0.22). What a facility offers is given out entirely: Σ people × accessibility = Σ capacities that somebody can reach. Thread-safe.
/// </remarks>
public static class FloatingCatchment
{
    /// <summary>Three equal belts with the weights of Luo and Qi 2009.</summary>
    public static Belt[] Usual(int limitMillimetres) => [new(limitMillimetres / 3, 1), new((int)(limitMillimetres * 2L / 3), 0.68), new(limitMillimetres, 0.22)];

    /// <summary>Capacity per person of every place; 0 where nothing is within reach, NaN off the network.</summary>
    /// <param name="demand">Where people live.</param>
    /// <param name="people">How many in each place; none negative.</param>
    /// <param name="facilities">Where, and what each can take (none negative).</param>
    /// <param name="belts">1 to 16, from the nearest out; weights from 0 to 1.</param>
    /// <param name="cancellation">Looked at between facilities.</param>
    /// <exception cref="ArgumentException">Lists that do not fit, belts out of order.</exception>
    public static double[] Accessibility(
        DemandPoints demand, ReadOnlySpan<int> people, ReadOnlySpan<(EdgePoint At, double Capacity)> facilities, ReadOnlySpan<Belt> belts, CancellationToken cancellation = default)
    {
        if (people.Length != demand.Count) throw new ArgumentException($"{people.Length} numbers of people for {demand.Count} places", nameof(people));
        Check(belts);
        var access = new double[demand.Count];
        for (var place = 0; place < access.Length; place++) access[place] = demand.IsOnNetwork(place) ? 0 : double.NaN;
        var around = new PlacesWithin(demand);
        foreach (var (at, capacity) in facilities)
        {
            cancellation.ThrowIfCancellationRequested();
            Guard.InRange(capacity, 0, double.MaxValue, nameof(facilities));
            if (capacity == 0 || !at.IsOnNetwork) continue;
            var reached = around.Find(at, belts[^1].Millimetres);
            var sum = 0.0;
            foreach (var (place, millimetres) in reached) sum += people[place] * Weight(belts, millimetres);
            if (sum <= 0) continue;
            var share = capacity / sum;
            foreach (var (place, millimetres) in reached) access[place] += share * Weight(belts, millimetres);
        }

        return access;
    }

    private static double Weight(ReadOnlySpan<Belt> belts, int millimetres)
    {
        foreach (var belt in belts)
        {
            if (millimetres <= belt.Millimetres) return belt.Weight;
        }

        return 0;
    }

    private static void Check(ReadOnlySpan<Belt> belts)
    {
        if (belts.Length is < 1 or > 16) throw new ArgumentException($"{belts.Length} belts; 1 to 16 expected", nameof(belts));
        for (var i = 0; i < belts.Length; i++)
        {
            if (belts[i].Millimetres < 0 || (i > 0 && belts[i].Millimetres <= belts[i - 1].Millimetres) || belts[i].Weight is not (>= 0 and <= 1))
                throw new ArgumentException($"belt {i} is {belts[i]}; edges must rise and weights lie in [0, 1]", nameof(belts));
        }
    }
}
