using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Blocks;

/// <summary>Lays the paths of one block before it is built on: a spine from gate to gate, and side paths between the rows of houses.</summary>
internal static class PathPlan
{
    public const double SpineHalfWidth = 3.2;
    private const double SideHalfWidth = 2;

    /// <summary>A spine upwards through the block with side paths at the given heights. Side paths end at the wall, or run on to the streets.</summary>
    public static void Lay(Footpaths paths, Block block, Ground ground, double spineAcross, IReadOnlyList<double> heights, bool throughToStreets)
    {
        if (paths.Gates(block.Face, ground.At(spineAcross, 0), ground.Up) is not { } gates) return;
        var from = CityPlane.ToPlane(gates.From);
        var to = CityPlane.ToPlane(gates.To);
        var length = from.To(to);
        if (length < 30) return;
        ground.TakePath(from, to, SpineHalfWidth);
        var way = (to - from) * (1 / length);
        var last = gates.From;
        var lastAlong = 0.0;
        foreach (var height in heights)
        {
            // where the spine passes this height
            var along = (height - (from - ground.Centre).Dot(ground.Up)) / way.Dot(ground.Up);
            if (along < lastAlong + 9 || along > length - 9) continue;
            var at = from + way * along;
            if (paths.Node(at) is not { } node) continue;
            paths.Join(last, node);
            last = node;
            lastAlong = along;
            at = CityPlane.ToPlane(node);
            if (throughToStreets && paths.Gates(block.Face, at, ground.Across) is { } ends)
            {
                RunOn(paths, ground, at, node, ends.From);
                RunOn(paths, ground, at, node, ends.To);
            }
            else
            {
                DeadEnd(paths, ground, at, node, ground.Across);
                DeadEnd(paths, ground, at, node, ground.Across * -1);
            }
        }
        paths.Join(last, gates.To);
    }

    private static void RunOn(Footpaths paths, Ground ground, Vec at, Place node, Place gate)
    {
        var end = CityPlane.ToPlane(gate);
        if (end.To(at) < 12) return;
        paths.Join(node, gate);
        ground.TakePath(at, end, 1.6);
    }

    private static void DeadEnd(Footpaths paths, Ground ground, Vec at, Place node, Vec direction)
    {
        var reach = 0.0;
        while (reach < 160 && ground.IsFree(at + direction * (reach + 6), 9)) reach += 6;
        if (reach < 24 || paths.Node(at + direction * reach) is not { } end) return;
        paths.Join(node, end);
        ground.TakePath(at, at + direction * reach, SideHalfWidth);
    }
}
