using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

/// <summary>Where people live: rows of slabs facing south, towers in staggered rows, villas, the small houses of the old streets and villages.</summary>
internal static class Housing
{
    private const double StairMetres = 16;

    public static void Slabs(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        var young = block.Zone is Zone.Outer or Zone.NewCentre or Zone.Fringe;
        int[] heights = young ? [6, 7, 11, 11] : [5, 6, 6, 6, 7];
        var floors = random.Pick(heights);
        var depth = random.Between(11.5, 13.5);
        var pitch = depth + Math.Clamp(floors * 3.1, 17, 34);
        var stairs = random.From(2, 4);
        var first = ground.SpanUp.Low + random.Between(20, 28);
        var lanes = new List<double>();
        for (var up = first - (pitch - depth) / 2 + pitch; up < ground.SpanUp.High - 18; up += pitch) lanes.Add(up);
        PathPlan.Lay(paths, block, ground, random.Between(-0.12, 0.12) * (ground.SpanAcross.High - ground.SpanAcross.Low), lanes, false);
        Streetfronts.Line(block, ground, random, 0.78);
        for (var up = first; up < ground.SpanUp.High - 10; up += pitch)
        {
            var slip = random.Between(0, 5);
            for (var across = ground.SpanAcross.Low + slip; across < ground.SpanAcross.High - 20;)
            {
                var built = false;
                for (var n = stairs; n >= 1 && !built; n--)
                {
                    var box = ground.Box(across, across + n * StairMetres, up, up + depth);
                    if (!ground.IsFree(box, 5, 6)) continue;
                    ground.Take(box);
                    block.Buildings.Add(new(Stepped(ground, across, up, n, depth), null, "residential", floors, floors * n * 2, ""));
                    across += n * StairMetres + random.Between(8, 11);
                    built = true;
                }
                if (!built) across += 4;
            }
        }
        Outbuildings(block, ground, random, block.Buildings.Count + 3);
    }

    /// <summary>A slab with its stairwells standing out on the north side, as the older ones have.</summary>
    private static Vec[] Stepped(Ground ground, double left, double bottom, int stairs, double depth)
    {
        var right = left + stairs * StairMetres;
        var top = bottom + depth;
        if (stairs > 3) return ground.Box(left, right, bottom, top);
        var ring = new List<Vec> { ground.At(left, bottom), ground.At(right, bottom), ground.At(right, top - 1.5) };
        for (var i = stairs - 1; i >= 0; i--)
        {
            var middle = left + (i + 0.5) * StairMetres;
            ring.Add(ground.At(middle + 2.6, top - 1.5));
            ring.Add(ground.At(middle + 2.6, top));
            ring.Add(ground.At(middle - 2.6, top));
            ring.Add(ground.At(middle - 2.6, top - 1.5));
        }
        ring.Add(ground.At(left, top - 1.5));
        return [.. ring];
    }

    public static void Towers(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        var width = random.Between(26, 34);
        var depth = random.Between(17, 21);
        var pitchUp = depth + random.Between(38, 48);
        var pitchAcross = width + random.Between(20, 30);
        int[] heights = block.Zone == Zone.NewCentre ? [26, 30, 33] : [16, 18, 18, 22, 26];
        var floors = random.Pick(heights);
        var first = ground.SpanUp.Low + random.Between(22, 32);
        var lanes = new List<double>();
        for (var up = first + depth + (pitchUp - depth) / 2; up < ground.SpanUp.High - 20; up += pitchUp) lanes.Add(up);
        PathPlan.Lay(paths, block, ground, ground.SpanAcross.High - ground.SpanAcross.Low < 130 ? ground.SpanAcross.Low * 0.62 : 0, lanes, false);
        Streetfronts.Line(block, ground, random, 0.55);
        if (block.Area > 28_000 && random.Chance(0.45)) Kindergarten(block, ground, random);
        var row = 0;
        for (var up = first; up < ground.SpanUp.High - 12; up += pitchUp, row++)
        {
            for (var across = ground.SpanAcross.Low + (row % 2) * pitchAcross / 2; across < ground.SpanAcross.High - width;)
            {
                var box = ground.Box(across, across + width, up, up + depth);
                if (!ground.IsFree(box, 6, 12))
                {
                    across += 5;
                    continue;
                }
                ground.Take(box);
                var height = floors - random.Below(3);
                block.Buildings.Add(new(Butterfly(ground, across, up, width, depth), null, "residential", height, height * 4, ""));
                across += pitchAcross;
            }
        }
        Outbuildings(block, ground, random, 3 + block.Buildings.Count / 3);
    }

    /// <summary>A tower whose flats stand out on the south side with the stairs set back.</summary>
    private static Vec[] Butterfly(Ground ground, double left, double bottom, double width, double depth)
    {
        var wing = width * 0.36;
        var notch = depth * 0.22;
        double right = left + width, top = bottom + depth;
        return
        [
            ground.At(left, bottom), ground.At(left + wing, bottom), ground.At(left + wing, bottom + notch), ground.At(right - wing, bottom + notch),
            ground.At(right - wing, bottom), ground.At(right, bottom), ground.At(right, top - notch), ground.At(right - wing * 0.6, top - notch),
            ground.At(right - wing * 0.6, top), ground.At(left + wing * 0.6, top), ground.At(left + wing * 0.6, top - notch), ground.At(left, top - notch),
        ];
    }

    public static void Villas(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        var first = ground.SpanUp.Low + 20;
        var lanes = new List<double>();
        for (var up = first + 15; up < ground.SpanUp.High - 18; up += 56) lanes.Add(up);
        PathPlan.Lay(paths, block, ground, random.Between(-20, 20), lanes, false);
        for (var up = first; up < ground.SpanUp.High - 10; up += 28)
            for (var across = ground.SpanAcross.Low; across < ground.SpanAcross.High - 12;)
            {
                var width = random.Between(12, 17);
                var box = ground.Box(across, across + width, up, up + random.Between(10, 12.5));
                if (!ground.IsFree(box, 6, 6))
                {
                    across += 4;
                    continue;
                }
                ground.Take(box);
                var flats = width > 14 ? 2 : 1;
                block.Buildings.Add(new(random.Chance(0.4) ? Angle(ground, box) : box, null, "residential", 3, flats, ""));
                across += width + random.Between(8, 12);
            }
    }

    /// <summary>The old streets: narrow houses in double rows, an alley between every two.</summary>
    public static void OldHouses(Block block, Ground ground, Footpaths paths, Pcg random, bool village)
    {
        var depth = village ? random.Between(9.5, 11.5) : random.Between(8.0, 10.0);
        var alley = village ? 5.0 : 3.4;
        var pitch = 2 * depth + 1.2 + alley;
        var first = ground.SpanUp.Low + random.Between(8, 14);
        var lanes = new List<double>();
        for (var up = first + pitch - alley / 2; up < ground.SpanUp.High - 14; up += pitch) lanes.Add(up);
        PathPlan.Lay(paths, block, ground, random.Between(-0.2, 0.2) * (ground.SpanAcross.High - ground.SpanAcross.Low), lanes, true);
        if (!village) Streetfronts.Shophouses(block, ground, random);
        for (var up = first; up < ground.SpanUp.High - 6; up += pitch)
            for (var side = 0; side < 2; side++)
            {
                var bottom = up + side * (depth + 1.2);
                for (var across = ground.SpanAcross.Low; across < ground.SpanAcross.High - 6;)
                {
                    var width = village ? random.Between(9, 13) : random.Between(6.5, 11.5);
                    var deep = depth - random.Between(0, 2.2);
                    var low = side == 0 ? bottom + depth - deep : bottom;
                    var box = ground.Box(across, across + width, low, low + deep);
                    if (random.Chance(0.04))
                    {
                        across += width * 0.7;
                        continue;
                    }
                    if (!ground.IsFree(box, 2.2, 0.5))
                    {
                        across += 2.5;
                        continue;
                    }
                    ground.Take(box);
                    var flats = village ? random.From(2, 4) : random.Weighted([0.25, 0.45, 0.3]) + 1;
                    var ring = random.Chance(village ? 0.12 : 0.25) ? Angle(ground, box) : box;
                    block.Buildings.Add(new(ring, null, "residential", village ? random.From(3, 4) : random.From(1, 3), flats, ""));
                    across += width + (random.Chance(0.6) ? 0.6 : random.Between(1.0, 2.6));
                }
            }
    }

    /// <summary>A rectangle with one corner left out.</summary>
    private static Vec[] Angle(Ground ground, Vec[] box)
    {
        var along = box[1] - box[0];
        var up = box[3] - box[0];
        _ = ground;
        return [box[0], box[1], box[1] + up * 0.55, box[0] + along * 0.5 + up * 0.55, box[0] + along * 0.5 + up, box[3]];
    }

    private static void Kindergarten(Block block, Ground ground, Pcg random)
    {
        for (var attempt = 0; attempt < 6; attempt++)
        {
            var across = random.Between(ground.SpanAcross.Low, ground.SpanAcross.High - 44);
            var up = random.Between(ground.SpanUp.Low, ground.SpanUp.High - 34);
            var box = ground.Box(across, across + 44, up, up + 32);
            if (!ground.IsFree(box, 7, 8)) continue;
            ground.Take(box);
            Vec[] ring = [box[0], ground.At(across + 14, up), ground.At(across + 14, up + 18), ground.At(across + 44, up + 18), box[2], box[3]];
            block.Buildings.Add(new(ring, null, "education", 3, 0, "幼儿园"));
            return;
        }
    }

    /// <summary>Gate houses, cycle sheds, pump and transformer houses in what room is left.</summary>
    public static void Outbuildings(Block block, Ground ground, Pcg random, int count)
    {
        for (var attempt = 0; attempt < count * 3 && count > 0; attempt++)
        {
            var across = random.Between(ground.SpanAcross.Low + 10, ground.SpanAcross.High - 20);
            var up = random.Between(ground.SpanUp.Low + 10, ground.SpanUp.High - 14);
            var box = ground.Box(across, across + random.Between(7, 22), up, up + random.Between(4.5, 6.5));
            if (!ground.IsFree(box, 2.5, 2.5)) continue;
            ground.Take(box);
            block.Buildings.Add(new(box, null, "other", 1, 0, ""));
            count--;
        }
    }
}
