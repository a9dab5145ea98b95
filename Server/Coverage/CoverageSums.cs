using GridMap.Server.Http;

namespace GridMap.Server.Coverage;

/// <summary>An area and its parent, for climbing.</summary>
public sealed record AreaStep(AreaRef Area, long? ParentId);

/// <summary>The smallest figures, from which all others are added: the buildings of one grid in one area (0 for none).</summary>
public sealed class CoverPart(long grid, long area)
{
    public long Grid => grid;

    public long Area => area;

    public long Buildings { get; set; }

    public long BuildingsCovered { get; set; }

    public long Households { get; set; }

    public long HouseholdsCovered { get; set; }

    public long Residents { get; set; }

    public long ResidentsCovered { get; set; }
}

/// <summary>Adds buildings up to grids, communities, streets and the whole. Every building goes into exactly one row of each list.</summary>
public static class CoverageSums
{
    public static List<CoverPart> Parts(BuildingColumns buildings, bool[] covered)
    {
        var parts = new Dictionary<(long, long), CoverPart>();
        for (var i = 0; i < buildings.Count; i++)
        {
            var key = (buildings.Grids[i], buildings.Areas[i]);
            if (!parts.TryGetValue(key, out var part)) parts[key] = part = new CoverPart(key.Item1, key.Item2);
            part.Buildings++;
            part.Households += buildings.Households[i];
            part.Residents += buildings.Residents[i];
            if (!covered[i]) continue;
            part.BuildingsCovered++;
            part.HouseholdsCovered += buildings.Households[i];
            part.ResidentsCovered += buildings.Residents[i];
        }
        return [.. parts.Values];
    }

    public static Cover Total(IEnumerable<CoverPart> parts)
    {
        var all = new CoverPart(0, 0);
        foreach (var part in parts)
        {
            all.Buildings += part.Buildings;
            all.BuildingsCovered += part.BuildingsCovered;
            all.Households += part.Households;
            all.HouseholdsCovered += part.HouseholdsCovered;
            all.Residents += part.Residents;
            all.ResidentsCovered += part.ResidentsCovered;
        }
        return new Cover(all.Buildings, all.BuildingsCovered, all.Households, all.HouseholdsCovered, all.Residents, all.ResidentsCovered,
            all.Residents == 0 ? null : Math.Round(100.0 * all.ResidentsCovered / all.Residents, 2));
    }

    public static List<GridCover> ByGrid(IReadOnlyList<CoverPart> parts, IReadOnlyDictionary<long, (string Code, string Name)> grids) => parts
        .GroupBy(part => part.Grid)
        .Select(grid => grids.TryGetValue(grid.Key, out var known) ? new GridCover(grid.Key, known.Code, known.Name, Total(grid)) : new GridCover(null, null, "", Total(grid)))
        .OrderBy(grid => grid.Code, StringComparer.Ordinal).ToList();

    public static List<AreaCover> ByLevel(IReadOnlyList<CoverPart> parts, IReadOnlyDictionary<long, AreaStep> areas, string level) => parts
        .GroupBy(part => Climb(part.Area, areas, level))
        .Select(area => new AreaCover(area.Key, Total(area)))
        .OrderBy(area => area.Area?.Code, StringComparer.Ordinal).ToList();

    internal static AreaRef? Climb(long id, IReadOnlyDictionary<long, AreaStep> areas, string level)
    {
        // A tree of four levels; the count stops a loop that should not be there.
        for (var steps = 0; steps < 20 && areas.TryGetValue(id, out var step); steps++)
        {
            if (step.Area.Level == level) return step.Area;
            id = step.ParentId ?? 0;
        }
        return null;
    }
}
