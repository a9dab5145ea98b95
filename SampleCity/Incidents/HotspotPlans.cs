using GridMap.SampleCity.Blocks;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Incidents;

/// <summary>The concentrations that are put into the year on purpose.</summary>
internal static class HotspotPlans
{
    public static List<HotspotPlan> Make(List<Block> blocks, Zoning zoning)
    {
        var plans = new List<HotspotPlan>();
        var mallsOfOldTown = Near(blocks, BlockUse.Mall, default);
        var newMall = Near(blocks, BlockUse.Mall, zoning.NewCentre);
        var village = Near(blocks, BlockUse.Village, new Vec(-0.6, -0.5) * (zoning.NewCentre.X / 0.47));
        var hospital = Near(blocks, BlockUse.Hospital, new Vec(0, 0.3) * (zoning.NewCentre.X / 0.47));
        var towers = Near(blocks, BlockUse.Towers, new Vec(0.25, -0.6) * (zoning.NewCentre.X / 0.47));
        var old = Near(blocks, BlockUse.OldHouses, new Vec(-0.08, -0.06) * (zoning.NewCentre.X / 0.47));
        var market = Near(blocks, BlockUse.Market, new Vec(0.1, 0.42) * (zoning.NewCentre.X / 0.47));
        plans.Add(new("老城夜市露天烧烤", mallsOfOldTown, 150, "E0510", Day(2026, 5, 15), Day(2026, 10, 1), false, 0.0035));
        plans.Add(new("新中心商场非机动车乱停", newMall, 180, "E0506", Day(2025, 11, 1), Day(2026, 11, 1), false, 0.0050));
        plans.Add(new("城中村积存垃圾", village, 200, "E0103", Day(2025, 11, 1), Day(2026, 11, 1), false, 0.0030));
        plans.Add(new("医院周边小广告", hospital, 160, "E0201", Day(2025, 11, 1), Day(2026, 11, 1), false, 0.0032));
        plans.Add(new("新区工地扬尘", towers, 220, "E0302", Day(2026, 2, 25), Day(2026, 5, 31), false, 0.0028));
        plans.Add(new("老街区汛期下水道堵塞", old, 200, "E0404", Day(2026, 6, 5), Day(2026, 7, 31), false, 0.0026));
        plans.Add(new("菜市场店外经营(新增长)", market, 170, "E0504", City.IncidentsTo.AddDays(-56), City.IncidentsTo, true, 0.0030));
        return plans;
    }

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, City.UtcOffset);

    // The nearest block of the use, or, in a town too small to have one, the nearest block of any with houses on it.
    private static Vec Near(List<Block> blocks, BlockUse use, Vec point)
    {
        Block? best = null;
        foreach (var wanted in new[] { true, false })
        {
            foreach (var block in blocks)
            {
                if (wanted ? block.Use != use : block.Buildings.Count == 0) continue;
                if (best is null || block.Centre.To(point) < best.Centre.To(point)) best = block;
            }
            if (best is not null) break;
        }
        return best?.Centre ?? point;
    }
}
