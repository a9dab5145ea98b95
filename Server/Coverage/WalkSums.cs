using System.Runtime.InteropServices;
using GridMap.Geo.Coverage;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>Adds parts up to grids, communities, streets and the whole. Every building goes into exactly one row of each list.</summary>
/// <param name="areas">Only parts in these areas; null for all.</param>
/// <param name="differences">By how much some parts differ from the figures; null for not at all.</param>
internal sealed class WalkSums(WalkParts parts, GroupFigures[] figures, long[]? inCircle, IReadOnlySet<long>? areas, IReadOnlyDictionary<int, GroupFigures>? differences = null)
{
    /// <summary>The same, but for some parts.</summary>
    public WalkSums With(IReadOnlyDictionary<int, GroupFigures> others) => new(parts, figures, inCircle, areas, others);

    public WalkCover Total()
    {
        var sum = new Sum();
        foreach (var part in Asked()) Add(ref sum, part);
        return Cover(sum);
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
        return [.. sums.Select(area => new WalkAreaCover(known.GetValueOrDefault(area.Key), Cover(area.Value))).OrderBy(area => area.Area?.Code, StringComparer.Ordinal)];

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
        return [.. sums.Select(grid => grids.TryGetValue(grid.Key, out var known) ? new WalkGridCover(grid.Key, known.Code, known.Name, Cover(grid.Value)) : new WalkGridCover(null, null, "", Cover(grid.Value)))
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

    private WalkCover Cover(in Sum of)
    {
        var (sum, circle) = (of.Figures, of.InCircle);
        var known = sum.All - sum.OffNetwork;
        return new WalkCover(WalkPeople.Of(sum.All), WalkPeople.Of(sum.Covered), WalkPeople.Of(sum.OffNetwork), sum.CoveredTwice.Residents, sum.CoveredOften.Residents,
            inCircle is null ? null : circle, Percent(sum.Covered.Buildings, known.Buildings), Percent(sum.Covered.Residents, known.Residents),
            Percent(sum.Covered.Elderly, known.Elderly), Percent(sum.Covered.Children, known.Children), sum.MeanMetres is { } mean ? Math.Round(mean, 3) : null);
    }

    private static double? Percent(long part, long whole) => whole == 0 ? null : Math.Round(100.0 * part / whole, 2);
}
