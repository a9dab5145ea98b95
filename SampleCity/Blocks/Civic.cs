using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

/// <summary>Schools, hospitals, offices of government, parks and squares, fields at the town's edge.</summary>
internal static class Civic
{
    public static void School(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        PathPlan.Lay(paths, block, ground, ground.SpanAcross.Low * 0.2, [], false);
        foreach (var (length, width) in new[] { (172.0, 90.0), (120.0, 62.0), (92.0, 46.0), (62.0, 34.0) })
            if (Field(block, ground, random, length, width)) break;
        var floors = random.From(4, 6);
        for (var up = ground.SpanUp.Low + 14; up < ground.SpanUp.High - 14; up += 38)
            for (var across = ground.SpanAcross.Low + 8; across < ground.SpanAcross.High - 30;)
            {
                var built = false;
                for (var size = random.Between(46, 64); size > 26 && !built; size -= 9)
                {
                    var box = ground.Box(across, across + size, up, up + 26);
                    if (!ground.IsFree(box, block.Area < 14_000 ? 3 : 7, 6)) continue;
                    ground.Take(box);
                    block.Buildings.Add(new(Comb(ground, across, up, size), null, "education", floors, 0, ""));
                    across += size + 14;
                    built = true;
                }
                if (!built) across += 6;
            }
        Works.Small(block, ground, random, (30, 40), (20, 26), "education", 2);
        Housing.Outbuildings(block, ground, random, 3);
    }

    // A classroom wing to the south, a shorter one behind, joined on the left: a "C" open to the right.
    private static Vec[] Comb(Ground ground, double left, double bottom, double width) =>
    [
        ground.At(left, bottom), ground.At(left + width, bottom), ground.At(left + width, bottom + 9), ground.At(left + 9, bottom + 9),
        ground.At(left + 9, bottom + 17), ground.At(left + width * 0.7, bottom + 17), ground.At(left + width * 0.7, bottom + 26), ground.At(left, bottom + 26),
    ];

    private static bool Field(Block block, Ground ground, Pcg random, double length, double width)
    {
        for (var attempt = 0; attempt < 16; attempt++)
        {
            var upright = random.Chance(0.7);
            var wide = upright ? width : length;
            var high = upright ? length : width;
            var roomAcross = ground.SpanAcross.High - ground.SpanAcross.Low - wide;
            var roomUp = ground.SpanUp.High - ground.SpanUp.Low - high;
            if (roomAcross < 0 || roomUp < 0) continue;
            var left = ground.SpanAcross.Low + roomAcross * random.Unit();
            var bottom = ground.SpanUp.Low + roomUp * random.Unit();
            var box = ground.Box(left, left + wide, bottom, bottom + high);
            if (!ground.IsFree(box, 4, 5)) continue;
            ground.Take(box, 5);
            block.Covers.Add(new(Oval(ground, left, bottom, wide, high), "green", "操场"));
            return true;
        }
        return false;
    }

    private static Vec[] Oval(Ground ground, double left, double bottom, double wide, double high)
    {
        var radius = Math.Min(wide, high) / 2;
        var ring = new List<Vec>();
        for (var i = 0; i < 24; i++)
        {
            var turn = Vec.FromAngle((i + 0.5) / 24 * SteadyMath.FullTurn) * radius;
            var across = left + (turn.X > 0 ? wide - radius : radius) + turn.X;
            var up = bottom + (turn.Y > 0 ? high - radius : radius) + turn.Y;
            ring.Add(ground.At(across, up));
        }
        return [.. ring];
    }

    public static void Hospital(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        PathPlan.Lay(paths, block, ground, 0, [], false);
        var floors = random.From(8, 16);
        for (var up = ground.SpanUp.Low + 18; up < ground.SpanUp.High - 20; up += 52)
            for (var across = ground.SpanAcross.Low + 8; across < ground.SpanAcross.High - 30;)
            {
                var built = false;
                for (var size = random.Between(56, 84); size > 30 && !built; size -= 12)
                {
                    var box = ground.Box(across, across + size, up, up + 28);
                    if (!ground.IsFree(box, block.Area < 14_000 ? 5 : 9, 11)) continue;
                    ground.Take(box);
                    Vec[] ring =
                    [
                        box[0], ground.At(across + size, up), ground.At(across + size, up + 18), ground.At(across + size * 0.65, up + 18),
                        ground.At(across + size * 0.65, up + 28), ground.At(across + size * 0.35, up + 28), ground.At(across + size * 0.35, up + 18), ground.At(across, up + 18),
                    ];
                    block.Buildings.Add(new(ring, null, "medical", floors, 0, ""));
                    floors = random.From(4, 12);
                    across += size + 18;
                    built = true;
                }
                if (!built) across += 6;
            }
        Housing.Outbuildings(block, ground, random, 3);
    }

    public static void Government(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        PathPlan.Lay(paths, block, ground, ground.SpanAcross.Low * 0.6, [], false);
        for (var scale = 1.0; scale > 0.35; scale -= 0.08)
        {
            var half = 52 * scale;
            var deep = 46 * scale;
            var box = ground.Box(-half, half, -deep / 2 + 8, deep / 2 + 8);
            if (!ground.IsFree(box, 5, 5)) continue;
            ground.Take(box);
            var bottom = -deep / 2 + 8;
            // A long front with two wings forward, open to the south.
            Vec[] ring =
            [
                ground.At(-half, bottom), ground.At(-half * 0.62, bottom), ground.At(-half * 0.62, bottom + deep * 0.55), ground.At(half * 0.62, bottom + deep * 0.55),
                ground.At(half * 0.62, bottom), ground.At(half, bottom), ground.At(half, bottom + deep), ground.At(-half, bottom + deep),
            ];
            block.Buildings.Add(new(ring, null, "public", random.From(6, 12), 0, block.Name));
            break;
        }
        Works.Small(block, ground, random, (30, 50), (14, 16), "public", 4);
        Works.Small(block, ground, random, (24, 40), (14, 16), "public", 3);
        Housing.Outbuildings(block, ground, random, 2);
    }

    public static void Park(Block block, Ground ground, Footpaths paths, Pcg random, bool withLake)
    {
        var lawn = ground.Inset(2);
        if (lawn is not null) block.Covers.Add(new(lawn, "green", block.Name));
        var reach = Math.Min(Math.Min(-ground.SpanAcross.Low, ground.SpanAcross.High), Math.Min(-ground.SpanUp.Low, ground.SpanUp.High));
        PathPlan.Lay(paths, block, ground, -0.45 * reach, reach > 60 ? [0.72 * reach] : [], true);
        if (!withLake && !(reach > 70 && random.Chance(0.5))) return;
        var count = withLake ? 64 : 24;
        var phase = random.Between(0, SteadyMath.FullTurn);
        for (var scale = 1.0; scale > 0.2; scale -= 0.1)
        {
            var radius = reach * (withLake ? 0.72 : 0.36) * scale;
            var middle = withLake ? ground.Centre : ground.At(0.22 * reach, -0.2 * reach);
            var ring = new Vec[count];
            var fits = true;
            for (var i = 0; i < count && fits; i++)
            {
                var turn = SteadyMath.FullTurn * i / count;
                ring[i] = middle + Vec.FromAngle(turn) * (radius * (1 + 0.16 * SteadyMath.Sin(2 * turn + phase) + 0.08 * SteadyMath.Sin(5 * turn - phase)));
                fits = ground.IsFree(ring[i], 14) && ground.IsFree([ring[i], ring[i] + new Vec(0.1, 0), ring[i] + new Vec(0.1, 0.1), ring[i] + new Vec(0, 0.1)], 1, 4);
            }
            if (!fits) continue;
            block.Covers.Add(new(ring, "water", withLake ? "望澜湖" : ""));
            ground.Take([middle - new Vec(radius, radius), middle + new Vec(radius, -radius), middle + new Vec(radius, radius), middle + new Vec(-radius, radius)]);
            break;
        }
        Housing.Outbuildings(block, ground, random, withLake ? 6 : 2);
    }

    public static void Square(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        if (ground.Inset(1) is { } paved) block.Covers.Add(new(paved, "square", block.Name));
        PathPlan.Lay(paths, block, ground, 0, [0], true);
        Housing.Outbuildings(block, ground, random, 2);
    }

    public static void Field(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        if (ground.Inset(1) is { } land) block.Covers.Add(new(land, random.Chance(0.35) ? "green" : "other", ""));
        PathPlan.Lay(paths, block, ground, random.Between(-20, 20), [], false);
        Housing.Outbuildings(block, ground, random, random.From(0, 4));
    }
}
