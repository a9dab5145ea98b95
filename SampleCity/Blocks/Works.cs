using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

/// <summary>Where people work and shop: offices, malls, markets, factories.</summary>
internal static class Works
{
    public static void Offices(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        PathPlan.Lay(paths, block, ground, ground.SpanAcross.Low * 0.66, [], false);
        var high = block.Zone == Zone.NewCentre;
        var compact = block.Area < 14_000;
        var pitch = compact ? random.Between(40, 46) : random.Between(62, 74);
        var built = false;
        for (var up = ground.SpanUp.Low + 12; up < ground.SpanUp.High - 20; up += built ? pitch : 6)
        {
            built = false;
            for (var across = ground.SpanAcross.Low + 10; across < ground.SpanAcross.High - 24;)
            {
                var size = compact ? random.Between(22, 34) : random.Between(28, 44);
                var deep = Math.Min(pitch - 14, size * random.Between(0.8, 1.1));
                var box = ground.Box(across, across + size, up, up + deep);
                if (!ground.IsFree(box, compact ? 4 : 8, compact ? 7 : 10))
                {
                    across += 6;
                    continue;
                }
                ground.Take(box);
                built = true;
                var court = !high && size > 34 && random.Chance(0.5);
                var floors = court ? random.From(4, 7) : high ? random.From(18, 46) : random.From(8, 20);
                block.Buildings.Add(new(court || !high ? box : Cut(box), court ? Inner(box, 0.32) : null, "office", floors, 0, ""));
                across += size + random.Between(14, 24);
            }
        }
        Streetfronts.Line(block, ground, random, 0.35);
    }

    public static void Mall(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        PathPlan.Lay(paths, block, ground, ground.SpanAcross.High * 0.72, [], false);
        for (var scale = 1.0; scale > 0.3; scale -= 0.1)
        {
            var halfAcross = (ground.SpanAcross.High - ground.SpanAcross.Low) * 0.40 * scale;
            var halfUp = (ground.SpanUp.High - ground.SpanUp.Low) * 0.36 * scale;
            var box = ground.Box(-halfAcross, halfAcross, -halfUp, halfUp);
            if (halfAcross < 18 || halfUp < 15 || !ground.IsFree(box, 10, 4)) continue;
            ground.Take(box);
            block.Buildings.Add(new(Cut(box), halfAcross > 40 && halfUp > 34 ? Inner(box, 0.2) : null, "commercial", random.From(4, 7), 0, block.Name));
            break;
        }
        Streetfronts.Line(block, ground, random, 0.6);
    }

    public static void Market(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        PathPlan.Lay(paths, block, ground, ground.SpanAcross.Low * 0.55, [], false);
        for (var scale = 1.0; scale > 0.3; scale -= 0.1)
        {
            var box = ground.Box(-34 * scale, 34 * scale, -22 * scale, 22 * scale);
            if (!ground.IsFree(box, 8, 4)) continue;
            ground.Take(box);
            block.Buildings.Add(new(box, null, "commercial", 2, 0, block.Name));
            break;
        }
        Streetfronts.Shophouses(block, ground, random);
        Streetfronts.Line(block, ground, random, 0.8);
    }

    public static void Factory(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        var deep = random.Between(26, 44);
        var pitch = deep + random.Between(14, 20);
        PathPlan.Lay(paths, block, ground, random.Between(-30, 30), [], false);
        for (var up = ground.SpanUp.Low + 16; up < ground.SpanUp.High - deep; up += pitch)
            for (var across = ground.SpanAcross.Low + 8; across < ground.SpanAcross.High - 30;)
            {
                var size = random.Between(44, 120);
                var built = false;
                for (; size > 26 && !built; size *= 0.72)
                {
                    var box = ground.Box(across, across + size, up, up + deep);
                    if (!ground.IsFree(box, 9, 9)) continue;
                    ground.Take(box);
                    block.Buildings.Add(new(box, null, "industrial", random.From(1, 3), 0, ""));
                    across += size + random.Between(12, 18);
                    built = true;
                }
                if (!built) across += 8;
            }
        for (var i = 0; i < 2; i++)
            Small(block, ground, random, (34, 50), (13, 15), "office", random.From(3, 5));
        for (var i = 0; i < 2; i++)
            Small(block, ground, random, (30, 44), (12, 13), "mixed", 5, 20);
        Housing.Outbuildings(block, ground, random, 5);
    }

    public static void Small(Block block, Ground ground, Pcg random, (double Low, double High) width, (double Low, double High) depth, string use, int floors, int flats = 0)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var wide = random.Between(width.Low, width.High);
            var across = random.Between(ground.SpanAcross.Low, ground.SpanAcross.High - wide);
            var up = random.Between(ground.SpanUp.Low, ground.SpanUp.High - depth.High);
            var box = ground.Box(across, across + wide, up, up + random.Between(depth.Low, depth.High));
            if (!ground.IsFree(box, 5, 6)) continue;
            ground.Take(box);
            block.Buildings.Add(new(box, null, use, floors, flats, ""));
            return;
        }
    }

    /// <summary>A rectangle with its corners cut off.</summary>
    public static Vec[] Cut(Vec[] box)
    {
        var ring = new Vec[8];
        for (var i = 0; i < 4; i++)
        {
            var before = (box[(i + 3) % 4] - box[i]).Unit;
            var after = (box[(i + 1) % 4] - box[i]).Unit;
            ring[2 * i] = box[i] + before * 5;
            ring[2 * i + 1] = box[i] + after * 5;
        }
        return ring;
    }

    /// <summary>The courtyard of a rectangle, as a clockwise hole.</summary>
    private static Vec[] Inner(Vec[] box, double share)
    {
        var along = box[1] - box[0];
        var up = box[3] - box[0];
        var low = 0.5 - share / 2;
        var high = 0.5 + share / 2;
        return [box[0] + along * low + up * low, box[0] + along * low + up * high, box[0] + along * high + up * high, box[0] + along * high + up * low];
    }
}
