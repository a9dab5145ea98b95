using System.Runtime.InteropServices;
using GridMap.Geo.Coverage;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>Adds parts up to grids, communities, streets and the whole. Every building goes into exactly one row of each list.</summary>
/// <param name="areas">Only parts in these areas; null for all.</param>
/// <param name="quantiles">How far most of the people walk; null where nobody wants to know.</param>
/// <param name="differences">By how much some parts differ from the figures; null for not at all.</param>
internal sealed class WalkSums(
    WalkParts parts, GroupFigures[] figures, long[]? inCircle, IReadOnlySet<long>? areas, WalkQuantiles? quantiles = null, IReadOnlyDictionary<int, GroupFigures>? differences = null)
{
    private const double Most = 0.95;

    /// <summary>The same, but for some parts.</summary>
    public WalkSums With(IReadOnlyDictionary<int, GroupFigures> others) => new(parts, figures, inCircle, areas, null, others);

    public WalkCover Total()
    {
        var sum = new Sum();
        foreach (var part in Asked()) Add(ref sum, part);
        return Cover(sum, Far(_ => 0)?.GetValueOrDefault(0));
    }

    /// <param name="tree">Of areas.</param>
    /// <param name="level">A level of it.</param>
    /// <param name="around">Only those that hold one of these areas; null for all.</param>
    public List<WalkAreaCover> ByLevel(IReadOnlyDictionary<long, AreaStep> tree, string level, IReadOnlySet<long>? around = null)
    {
        // There are many parts to an area: each area climbs once.
        var (above, known) = (new Dictionary<long, long>(), new Dictionary<long, AreaRef>());
        var sums = new Dictionary<long, Sum>();
        if (around is not null)
        {
            foreach (var area in around) sums[Above(area)] = default;
        }
        foreach (var part in Asked())
        {
            var area = Above(parts.Keys[part].Area);
            if (around is null || sums.ContainsKey(area)) Add(ref CollectionsMarshal.GetValueRefOrAddDefault(sums, area, out _), part);
        }
        var far = Far(part => Above(parts.Keys[part].Area));
        return [.. sums.Select(area => new WalkAreaCover(known.GetValueOrDefault(area.Key), Cover(area.Value, far?.GetValueOrDefault(area.Key)))).OrderBy(area => area.Area?.Code, StringComparer.Ordinal)];

        // 0 for none.
        long Above(long area)
        {
            ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(above, area, out var exists);
            if (exists) return found;
            var climbed = CoverageSums.Climb(area, tree, level);
            if (climbed is not null) known[climbed.Id] = climbed;
            return found = climbed?.Id ?? 0;
        }
    }

    /// <param name="grids">Codes and names.</param>
    /// <param name="only">Only these; null for all.</param>
    public List<WalkGridCover> ByGrid(IReadOnlyDictionary<long, (string Code, string Name)> grids, IReadOnlySet<long>? only = null)
    {
        var sums = new Dictionary<long, Sum>();
        foreach (var part in Asked())
        {
            if (only is null || only.Contains(parts.Keys[part].Grid)) Add(ref CollectionsMarshal.GetValueRefOrAddDefault(sums, parts.Keys[part].Grid, out _), part);
        }
        var far = Far(part => parts.Keys[part].Grid);
        return [.. sums.Select(grid => (Known: grids.TryGetValue(grid.Key, out var named), Key: grid.Key, Named: named, Cover: Cover(grid.Value, far?.GetValueOrDefault(grid.Key))))
            .Select(grid => grid.Known ? new WalkGridCover(grid.Key, grid.Named.Code, grid.Named.Name, grid.Cover) : new WalkGridCover(null, null, "", grid.Cover))
            .OrderBy(grid => grid.Code, StringComparer.Ordinal)];
    }

    /// <summary>The grids of the parts that differ in who is covered.</summary>
    public HashSet<long> DifferingGrids() => [.. Differing().Where(part => differences![part].Covered != default).Select(part => parts.Keys[part].Grid)];

    /// <summary>The areas of the parts that differ in anything.</summary>
    public HashSet<long> DifferingAreas() => [.. Differing().Where(part => differences![part] != default).Select(part => parts.Keys[part].Area)];

    public long[] Grids() => [.. Asked().Select(part => parts.Keys[part].Grid).Distinct()];

    private IEnumerable<int> Differing() => differences is null ? [] : differences.Keys.Where(IsAsked);

    private IEnumerable<int> Asked()
    {
        for (var part = 0; part < figures.Length; part++)
        {
            if (IsAsked(part)) yield return part;
        }
    }

    private bool IsAsked(int part) => areas is null || areas.Contains(parts.Keys[part].Area);

    private record struct Sum(GroupFigures Figures, long InCircle);

    private void Add(ref Sum sum, int part)
    {
        sum.Figures += figures[part];
        if (differences is not null && differences.TryGetValue(part, out var difference)) sum.Figures += difference;
        if (inCircle is not null) sum.InCircle += inCircle[part];
    }

    // How far most walk, by the key of each part.
    private Dictionary<long, int?>? Far(Func<int, long> keyOf)
    {
        if (quantiles is null) return null;
        var (numbers, ofPart) = (new Dictionary<long, int>(), new int[figures.Length]);
        for (var part = 0; part < figures.Length; part++)
        {
            if (!IsAsked(part)) ofPart[part] = -1;
            else if (!numbers.TryGetValue(keyOf(part), out ofPart[part])) numbers[keyOf(part)] = ofPart[part] = numbers.Count;
        }
        var found = quantiles.ByGroup(Array.ConvertAll(parts.Of, part => ofPart[part]), numbers.Count, Most);
        return numbers.ToDictionary(number => number.Key, number => found[number.Value]);
    }

    private WalkCover Cover(in Sum of, int? far)
    {
        var (sum, circle) = (of.Figures, of.InCircle);
        var known = sum.All - sum.OffNetwork;
        return new WalkCover(WalkPeople.Of(sum.All), WalkPeople.Of(sum.Covered), WalkPeople.Of(sum.OffNetwork), sum.CoveredTwice.Buildings, sum.CoveredTwice.Residents, sum.CoveredOften.Buildings, sum.CoveredOften.Residents,
            inCircle is null ? null : circle, Percent(sum.Covered.Buildings, known.Buildings), Percent(sum.Covered.Residents, known.Residents),
            Percent(sum.Covered.Elderly, known.Elderly), Percent(sum.Covered.Children, known.Children), sum.MeanMetres is { } mean ? Math.Round(mean, 3) : null, far / 1000.0);
    }

    private static double? Percent(long part, long whole) => whole == 0 ? null : Math.Round(100.0 * part / whole, 2);
}
