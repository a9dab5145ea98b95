using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

/// <summary>What stands along the street: rows of shops on the wider roads, narrow shop houses in the old town.</summary>
internal static class Streetfronts
{
    public static void Line(Block block, Ground ground, Pcg random, double share)
    {
        for (var i = 0; i < ground.Ring.Length; i++)
        {
            if (ground.Kinds[i] > EdgeKind.Collector && !random.Chance(0.22)) continue;
            if (!random.Chance(share + 0.15)) continue;
            Along(block, ground, random, i, (18, 44), (10, 13), share, shophouse: false);
        }
    }

    public static void Shophouses(Block block, Ground ground, Pcg random)
    {
        for (var i = 0; i < ground.Ring.Length; i++)
            Along(block, ground, random, i, (6, 11), (8, 11), 0.95, shophouse: true);
    }

    private static void Along(Block block, Ground ground, Pcg random, int side, (double Low, double High) widths, (double Low, double High) depths,
        double share, bool shophouse)
    {
        var a = ground.Ring[side];
        var b = ground.Ring[(side + 1) % ground.Ring.Length];
        var length = a.To(b);
        if (length < widths.Low + 2) return;
        var way = (b - a).Unit;
        var near = ground.Kinds[side].HalfWidth() + (shophouse ? 1.2 : 3.5);
        var depth = random.Between(depths.Low, depths.High);
        for (var along = 0.5; along + widths.Low < length;)
        {
            var width = Math.Min(random.Between(widths.Low, widths.High), length - along - 0.5);
            if (!random.Chance(share))
            {
                along += width;
                continue;
            }
            var start = a + way * along + way.Left * near;
            Vec[] box = [start, start + way * width, start + way * width + way.Left * depth, start + way.Left * depth];
            if (!ground.IsFree(box, shophouse ? 1 : 3, shophouse ? 0.4 : 2.5))
            {
                along += shophouse ? 2 : 4;
                continue;
            }
            ground.Take(box);
            var floors = shophouse ? random.From(2, 3) : random.From(2, 4);
            block.Buildings.Add(shophouse
                ? new(box, null, random.Chance(0.6) ? "mixed" : "commercial", floors, random.From(1, 2), "")
                : new(box, null, "commercial", floors, 0, ""));
            along += width + (shophouse ? 0.5 : random.Between(3, 6));
        }
    }
}
