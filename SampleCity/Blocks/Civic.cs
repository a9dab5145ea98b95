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
            block.Covers.Add(new(Oval(ground, left, bottom, wide, high), "green", "操场", "Sports ground"));
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
        if (lawn is not null) block.Covers.Add(new(lawn, "green", block.Name, block.NameEn));
        if (withLake)
        {
            Lake(block, ground, paths, random);
            return;
        }
        var reach = Math.Min(Math.Min(-ground.SpanAcross.Low, ground.SpanAcross.High), Math.Min(-ground.SpanUp.Low, ground.SpanUp.High));
        PathPlan.Lay(paths, block, ground, -0.45 * reach, reach > 60 ? [0.72 * reach] : [], true);
        if (reach > 70 && random.Chance(0.5))
            for (var scale = 1.0; scale > 0.2; scale -= 0.1)
            {
                var size = reach * 0.36 * scale;
                var shore = Shore(ground, ground.At(0.22 * reach, -0.2 * reach), size, size, 24, random.Between(0, SteadyMath.FullTurn));
                if (!Array.TrueForAll(shore, point => ground.IsFree(Ground.Speck(point), 14, 4))) continue;
                block.Covers.Add(new(shore, "water", "", ""));
                ground.Take(ground.Box(0.22 * reach - 1.3 * size, 0.22 * reach + 1.3 * size, -0.2 * reach - 1.3 * size, -0.2 * reach + 1.3 * size));
                break;
            }
        Housing.Outbuildings(block, ground, random, 2);
    }

    /// <summary>A lake with a path around it, and paths from its four sides to the streets.</summary>
    private static void Lake(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        const int corners = 64;
        var phase = random.Between(0, SteadyMath.FullTurn);
        var halfAcross = (ground.SpanAcross.High - ground.SpanAcross.Low) / 2;
        var halfUp = (ground.SpanUp.High - ground.SpanUp.Low) / 2;
        for (var scale = 0.9; scale > 0.2; scale -= 0.05)
        {
            var path = Shore(ground, ground.Centre, halfAcross * scale, halfUp * scale, corners, phase);
            if (!Array.TrueForAll(path, point => ground.IsFree(point, 12))) continue;
            block.Covers.Add(new(Shore(ground, ground.Centre, halfAcross * scale - 14, halfUp * scale - 14, corners, phase), "water", "望澜湖", "Lake Wanglan"));
            var nodes = Array.ConvertAll(path, paths.Node);
            if (Array.TrueForAll(nodes, node => node is not null))
            {
                for (var i = 0; i < corners; i++)
                {
                    paths.Join(nodes[i]!.Value, nodes[(i + 1) % corners]!.Value);
                    ground.TakePath(path[i], path[(i + 1) % corners], 3);
                }
                Approach(block, ground, paths, ground.Across, nodes[0]!.Value, nodes[corners / 2]!.Value);
                Approach(block, ground, paths, ground.Up, nodes[corners / 4]!.Value, nodes[3 * corners / 4]!.Value);
            }
            break;
        }
        for (var i = 0; i < 24; i++)
        {
            var point = ground.Centre + Vec.FromAngle(random.Between(0, SteadyMath.FullTurn)) * (Math.Max(halfAcross, halfUp) * random.Between(0.5, 1.2));
            var box = Ground.Around(point, random.Between(5, 10), random.Between(4, 7));
            if (!ground.IsFree(box, 6, 3) || block.Covers.Exists(cover => cover.Kind == "water" && Shapes.Contains(cover.Ring, point))) continue;
            ground.Take(box);
            block.Buildings.Add(new(box, null, "other", 1, 0, ""));
        }
    }

    private static void Approach(Block block, Ground ground, Footpaths paths, Vec direction, Place ahead, Place behind)
    {
        if (paths.Gates(block.Face, ground.Centre, direction) is not { } gates) return;
        paths.Join(gates.From, behind);
        paths.Join(ahead, gates.To);
        ground.TakePath(CityPlane.ToPlane(gates.From), CityPlane.ToPlane(behind), 3);
        ground.TakePath(CityPlane.ToPlane(ahead), CityPlane.ToPlane(gates.To), 3);
    }

    private static Vec[] Shore(Ground ground, Vec middle, double across, double up, int corners, double phase)
    {
        var ring = new Vec[corners];
        for (var i = 0; i < corners; i++)
        {
            var turn = SteadyMath.FullTurn * i / corners;
            var reach = 0.86 * (1 + 0.10 * SteadyMath.Sin(2 * turn + phase) + 0.06 * SteadyMath.Sin(5 * turn - phase));
            ring[i] = middle + ground.Across * (across * reach * SteadyMath.Cos(turn)) + ground.Up * (up * reach * SteadyMath.Sin(turn));
        }
        return ring;
    }

    public static void Square(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        if (ground.Inset(1) is { } paved) block.Covers.Add(new(paved, "square", block.Name, block.NameEn));
        PathPlan.Lay(paths, block, ground, 0, [0], true);
        Housing.Outbuildings(block, ground, random, 2);
    }

    public static void Field(Block block, Ground ground, Footpaths paths, Pcg random)
    {
        if (ground.Inset(1) is { } land) block.Covers.Add(new(land, random.Chance(0.35) ? "green" : "other", "", ""));
        PathPlan.Lay(paths, block, ground, random.Between(-20, 20), [], false);
        Housing.Outbuildings(block, ground, random, random.From(0, 4));
    }
}
