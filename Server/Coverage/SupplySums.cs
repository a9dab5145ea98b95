using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>Adds shares up to grids, communities, streets and the whole. Every building goes into exactly one row of each list.</summary>
internal sealed class SupplySums
{
    private readonly WalkParts _parts;
    private readonly (long People, long Without, long Off, double Shares)[] _sums;
    private readonly IReadOnlySet<long>? _areas;

    private SupplySums(WalkParts parts, int[] counts, double[] access, IReadOnlySet<long>? areas)
    {
        (_parts, _areas) = (parts, areas);
        _sums = new (long, long, long, double)[parts.Keys.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            ref var sum = ref _sums[parts.Of[i]];
            if (double.IsNaN(access[i]))
            {
                sum.Off += counts[i];
                continue;
            }
            sum.People += counts[i];
            if (access[i] == 0) sum.Without += counts[i];
            sum.Shares += counts[i] * access[i];
        }
        CapacityReached = Math.Round(_sums.Sum(sum => sum.Shares), 3);
    }

    /// <summary>Of what is offered, how much somebody can walk to, anywhere.</summary>
    public double CapacityReached { get; }

    /// <summary>The shares of everybody, also beyond the areas asked for: a service does not end at a border.</summary>
    /// <param name="places">Where something is offered.</param>
    /// <param name="capacities">For each case, how much at each of the places.</param>
    /// <param name="weight">residents, elderly or children.</param>
    /// <param name="areas">What is added up; null for all.</param>
    /// <returns>One for each case.</returns>
    public static SupplySums[] Of(
        WalkingCity city, EdgePoint[] places, double[][] capacities, string weight, Belt[] belts, IReadOnlySet<long>? areas, CancellationToken cancellation)
    {
        var people = city.Buildings.People;
        var counts = weight switch { "elderly" => people.Elderly, "children" => people.Children, _ => people.Residents };
        var parts = WalkParts.For(city.Buildings);
        return [.. FloatingCatchment.Accessibility(city.Demand, counts, places, capacities, belts, cancellation).Select(access => new SupplySums(parts, counts, access, areas))];
    }

    private IEnumerable<int> Asked => Enumerable.Range(0, _sums.Length).Where(part => _areas is null || _areas.Contains(_parts.Keys[part].Area));

    public Supply Total() => Sum(Asked);

    public long[] Grids() => [.. Asked.Select(part => _parts.Keys[part].Grid).Distinct()];

    public List<AreaSupply> ByLevel(IReadOnlyDictionary<long, AreaStep> tree, string level) => [.. Asked
        .GroupBy(part => CoverageSums.Climb(_parts.Keys[part].Area, tree, level)).Select(area => new AreaSupply(area.Key, Sum(area))).OrderBy(area => area.Area?.Code, StringComparer.Ordinal)];

    public List<GridSupply> ByGrid(IReadOnlyDictionary<long, (string Code, string Name)> grids) => [.. Asked
        .GroupBy(part => _parts.Keys[part].Grid)
        .Select(grid => grids.TryGetValue(grid.Key, out var known) ? new GridSupply(grid.Key, known.Code, known.Name, Sum(grid)) : new GridSupply(null, null, "", Sum(grid)))
        .OrderBy(grid => grid.Code, StringComparer.Ordinal)];

    private Supply Sum(IEnumerable<int> parts)
    {
        var (people, without, off, shares) = (0L, 0L, 0L, 0.0);
        foreach (var part in parts)
        {
            people += _sums[part].People;
            without += _sums[part].Without;
            off += _sums[part].Off;
            shares += _sums[part].Shares;
        }
        return new Supply(people, without, off, people == 0 ? null : Math.Round(1000 * shares / people, 3));
    }
}
