using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Regions;

/// <summary>A polygon on the coordinate lattice: an outer ring (counter-clockwise) and holes (clockwise), no repeated last point.</summary>
public sealed record Outline(Place[] Outer, IReadOnlyList<Place[]> Holes);

/// <summary>
/// Reads the outlines of regions off the street map. Every vertex of the map on a border is kept, at every level, so a grid, its community
/// and its street share their borders vertex by vertex.
/// </summary>
internal static class Outlines
{
    /// <param name="regionOf">For every face its region, or -1.</param>
    public static List<Outline>[] Of(PlanarMap map, int[] regionOf, int regions)
    {
        var loops = new List<List<int>>[regions];
        for (var i = 0; i < regions; i++) loops[i] = [];
        var seen = new bool[map.Halves];
        for (var start = 0; start < map.Halves; start++)
        {
            var region = regionOf[map.Face(start)];
            if (seen[start] || region < 0 || regionOf[map.Face(start ^ 1)] == region) continue;
            var loop = new List<int>();
            var half = start;
            do
            {
                seen[half] = true;
                loop.Add(map.Origin(half));
                half = map.Next(half);
                while (regionOf[map.Face(half ^ 1)] == region) half = map.Next(half ^ 1);
            }
            while (half != start);
            SplitWhereItTouchesItself(loop, loops[region]);
        }
        return Array.ConvertAll(loops, list => Assemble(map, list));
    }

    private static void SplitWhereItTouchesItself(List<int> loop, List<List<int>> into)
    {
        var path = new List<int>();
        var position = new Dictionary<int, int>();
        foreach (var vertex in loop)
        {
            if (position.TryGetValue(vertex, out var at))
            {
                var part = path.GetRange(at, path.Count - at);
                foreach (var passed in part) position.Remove(passed);
                path.RemoveRange(at, path.Count - at);
                if (part.Count >= 3) into.Add(part);
            }
            position[vertex] = path.Count;
            path.Add(vertex);
        }
        if (path.Count >= 3) into.Add(path);
    }

    private static List<Outline> Assemble(PlanarMap map, List<List<int>> loops)
    {
        var outers = new List<(Vec[] Points, Place[] Places, List<Place[]> Holes)>();
        var holes = new List<(Vec[] Points, Place[] Places)>();
        foreach (var loop in loops)
        {
            var points = loop.ConvertAll(map.Point).ToArray();
            var places = loop.ConvertAll(map.PlaceOf).ToArray();
            if (Shapes.SignedArea(points) > 0) outers.Add((points, places, []));
            else holes.Add((points, places));
        }
        foreach (var (points, places) in holes)
        {
            var owner = outers[0];
            foreach (var outer in outers)
                if (outers.Count > 1 && Array.TrueForAll(points, point => Array.IndexOf(outer.Points, point) >= 0 || Shapes.Contains(outer.Points, point))) owner = outer;
            owner.Holes.Add(places);
        }
        return outers.ConvertAll(outer => new Outline(outer.Places, outer.Holes));
    }
}
