using GridMap.Geo.Coverage;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>Adds parts up to grids, communities, streets and the whole. Every building goes into exactly one row of each list.</summary>
/// <param name="areas">Only parts in these areas; null for all.</param>
internal sealed class WalkSums(WalkParts parts, GroupFigures[] figures, long[]? inCircle, IReadOnlySet<long>? areas)
{
    private IEnumerable<int> Asked => Enumerable.Range(0, figures.Length).Where(part => areas is null || areas.Contains(parts.Keys[part].Area));

    public WalkCover Total() => Cover(Asked);

    public List<WalkAreaCover> ByLevel(IReadOnlyDictionary<long, AreaStep> tree, string level) => Asked
        .GroupBy(part => CoverageSums.Climb(parts.Keys[part].Area, tree, level))
        .Select(area => new WalkAreaCover(area.Key, Cover(area))).OrderBy(area => area.Area?.Code, StringComparer.Ordinal).ToList();

    /// <param name="grids">Codes and names.</param>
    /// <param name="only">Only these; null for all.</param>
    public List<WalkGridCover> ByGrid(IReadOnlyDictionary<long, (string Code, string Name)> grids, IReadOnlySet<long>? only = null) => Asked
        .Where(part => only is null || only.Contains(parts.Keys[part].Grid)).GroupBy(part => parts.Keys[part].Grid)
        .Select(grid => grids.TryGetValue(grid.Key, out var known) ? new WalkGridCover(grid.Key, known.Code, known.Name, Cover(grid)) : new WalkGridCover(null, null, "", Cover(grid)))
        .OrderBy(grid => grid.Code, StringComparer.Ordinal).ToList();

    /// <summary>The grids of the parts in which other people are covered than in <paramref name="other"/>.</summary>
    public HashSet<long> Differing(WalkSums other) => [.. Asked.Where(part => figures[part].Covered != other.Figures[part].Covered).Select(part => parts.Keys[part].Grid)];

    private GroupFigures[] Figures => figures;

    public long[] Grids() => [.. Asked.Select(part => parts.Keys[part].Grid).Distinct()];

    private WalkCover Cover(IEnumerable<int> asked)
    {
        var (sum, circle) = (default(GroupFigures), 0L);
        foreach (var part in asked)
        {
            sum += figures[part];
            if (inCircle is not null) circle += inCircle[part];
        }
        var known = sum.All - sum.OffNetwork;
        return new WalkCover(WalkPeople.Of(sum.All), WalkPeople.Of(sum.Covered), WalkPeople.Of(sum.OffNetwork), sum.CoveredTwice.Residents, sum.CoveredOften.Residents,
            inCircle is null ? null : circle, Percent(sum.Covered.Buildings, known.Buildings), Percent(sum.Covered.Residents, known.Residents),
            Percent(sum.Covered.Elderly, known.Elderly), Percent(sum.Covered.Children, known.Children), sum.MeanMetres is { } mean ? Math.Round(mean, 3) : null);
    }

    private static double? Percent(long part, long whole) => whole == 0 ? null : Math.Round(100.0 * part / whole, 2);
}
