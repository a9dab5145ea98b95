using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Regions;

/// <summary>
/// Where a region meets itself in a single point (two of its blocks face each other across a crossing), a corner of the crossing is cut off and
/// given to it, so that its border passes every point once. The corners lie in the carriageway, where nothing stands.
/// </summary>
internal static class CutCorners
{
    private const double Metres = 3;

    /// <param name="map">Gets a new face for each corner.</param>
    /// <param name="blocks">Every face but the outside is a block when this begins.</param>
    /// <param name="levels">For each level of regions, the region of each block.</param>
    /// <returns>For every face but the outside, in order, the block that it belongs to.</returns>
    public static List<int> Cut(PlanarMap map, int blocks, IReadOnlyList<int[]> levels)
    {
        var blockOf = Enumerable.Range(0, blocks).ToList();
        var leaving = new int[map.Vertices];
        for (var half = 0; half < map.Halves; half++) leaving[map.Origin(half)] = half;
        var inStrip = SkeletonMap.StripFaces(map); // bridges stay whole
        for (var vertex = 0; vertex < leaving.Length; vertex++)
        {
            if (map.Degree(vertex) < 4) continue;
            // Each cut leaves its region one place less at which it passes the crossing, so this ends.
            while (levels.Any(level => CutOne(map, blockOf, inStrip, leaving, Around(map, leaving[vertex]), level))) { }
        }
        return blockOf;
    }

    /// <summary>The half-edges that leave a vertex, clockwise; the face left of each lies between the one before and itself.</summary>
    private static int[] Around(PlanarMap map, int first)
    {
        var fan = new List<int>();
        var half = first;
        do
        {
            fan.Add(half);
            half = map.Next(half ^ 1);
        }
        while (half != first);
        return [.. fan];
    }

    private static bool CutOne(PlanarMap map, List<int> blockOf, bool[] inStrip, int[] leaving, int[] fan, int[] level)
    {
        var regions = Array.ConvertAll(fan, half => map.Face(half) == PlanarMap.Outside ? -1 : level[blockOf[map.Face(half) - 1]]);
        var best = (Start: -1, Count: int.MaxValue);
        for (var i = 0; i < fan.Length; i++)
        {
            // A gap begins behind a region and ends before the same one again, which must lie between other gaps too.
            var region = regions[(i + fan.Length - 1) % fan.Length];
            if (region < 0 || regions[i] == region) continue;
            var count = 0;
            while (count < fan.Length && regions[(i + count) % fan.Length] != region) count++;
            if (count >= fan.Length - 1 || Runs(regions, region) < 2 || count >= best.Count || !CanBeCut(map, inStrip, fan, i, count)) continue;
            best = (i, count);
        }
        if (best.Start < 0) return false;
        var owner = blockOf[map.Face(fan[(best.Start + fan.Length - 1) % fan.Length]) - 1];
        Cut(map, blockOf, leaving, fan, best.Start, best.Count, owner);
        return true;
    }

    private static int Runs(int[] regions, int region)
    {
        var runs = 0;
        for (var i = 0; i < regions.Length; i++)
            if (regions[i] == region && regions[(i + regions.Length - 1) % regions.Length] != region) runs++;
        return runs;
    }

    /// <summary>Within the city, at corners that point outwards, between edges long enough.</summary>
    private static bool CanBeCut(PlanarMap map, bool[] inStrip, int[] fan, int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            var face = map.Face(fan[i % fan.Length]);
            if (face == PlanarMap.Outside || (face < inStrip.Length && inStrip[face])) return false;
            var way = Way(map, fan[i % fan.Length]);
            var before = Way(map, fan[(i + fan.Length - 1) % fan.Length]);
            if (way.Cross(before) <= 0 || way.Length < 2 * Metres || before.Length < 2 * Metres) return false;
        }
        return true;
    }

    private static Vec Way(PlanarMap map, int half) => map.Point(map.Target(half)) - map.Point(map.Origin(half));

    private static void Cut(PlanarMap map, List<int> blockOf, int[] leaving, int[] fan, int start, int count, int owner)
    {
        for (var i = start - 1; i < start + count; i++)
        {
            var half = fan[(i + fan.Length) % fan.Length];
            var way = Way(map, half);
            var end = map.Target(half);
            map.SplitEdge(half, map.Point(map.Origin(half)) + way * (Metres / way.Length));
            leaving[end] = map.Next(half) ^ 1;
        }
        for (var i = start; i < start + count; i++)
        {
            var half = fan[i % fan.Length];
            map.SplitFace(map.Next(half), fan[(i + fan.Length - 1) % fan.Length] ^ 1, [], EdgeKind.Boundary, -1);
            blockOf.Add(owner);
        }
    }
}
