using GridMap.SampleCity.Blocks;
using GridMap.SampleCity.Names;
using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Streets;

/// <summary>
/// Reads the road network off the street map: one road from junction to junction, split also where its name, its class or a bridge begins.
/// Every meeting of roads is a shared end, so the network needs no noding.
/// </summary>
internal sealed class RoadLines
{
    private readonly PlanarMap map;
    private readonly RoadNames names;
    private readonly bool[] inStrip;
    private readonly bool[] overWater;
    private readonly int[] degree;
    private readonly HashSet<Place> gates = [];

    public RoadLines(PlanarMap map, RoadNames names, Footpaths paths)
    {
        this.map = map;
        this.names = names;
        inStrip = SkeletonMap.StripFaces(map);
        overWater = new bool[map.Faces];
        degree = new int[map.Vertices];
        for (var half = 0; half < map.Halves; half++)
        {
            if (map.Kind(half) is EdgeKind.RiverCentre or EdgeKind.CanalCentre) overWater[map.Face(half)] = true;
            if (map.Kind(half).IsRoad()) degree[map.Origin(half)]++;
        }
        foreach (var (from, to) in paths.Pieces)
        {
            gates.Add(from);
            gates.Add(to);
        }
    }

    public List<Road> Build(Footpaths paths)
    {
        var roads = new List<Road>();
        var done = new bool[map.Edges];
        // First from every junction; what is left then are rings without any.
        for (var pass = 0; pass < 2; pass++)
            for (var half = 0; half < map.Halves; half++)
            {
                if (done[half >> 1] || !map.Kind(half).IsRoad() || (pass == 0 && !Ends(half))) continue;
                roads.Add(Follow(half, done, roads.Count + 1));
            }
        foreach (var (from, to) in paths.Pieces)
            roads.Add(new(Code(roads.Count + 1), "", "", "footpath", false, false, 0, [from, to]));
        return roads;
    }

    private Road Follow(int first, bool[] done, int number)
    {
        var line = new List<Place> { map.PlaceOf(map.Origin(first)) };
        var half = first;
        while (true)
        {
            done[half >> 1] = true;
            var end = map.Target(half);
            line.Add(map.PlaceOf(end));
            var next = Onward(half);
            if (next < 0 || done[next >> 1]) break;
            half = next;
        }
        var (name, nameEn) = names[map.Name(first)];
        var crossing = Crossing(first);
        return new(Code(number), name, nameEn, Class(map.Kind(first)), crossing == 1, crossing == 2, crossing switch { 1 => 1, 2 => -1, _ => 0 }, [.. line]);
    }

    /// <summary>Whether a road begins at the origin of a half-edge.</summary>
    private bool Ends(int half)
    {
        var vertex = map.Origin(half);
        if (degree[vertex] != 2 || gates.Contains(map.PlaceOf(vertex))) return true;
        var other = OtherRoad(half);
        return !IsSameRoad(half, other);
    }

    private int Onward(int half)
    {
        var vertex = map.Target(half);
        if (degree[vertex] != 2 || gates.Contains(map.PlaceOf(vertex))) return -1;
        var next = OtherRoad(half ^ 1);
        return IsSameRoad(half, next) ? next : -1;
    }

    /// <summary>The other road that leaves from the origin of a half-edge, at a vertex with two.</summary>
    private int OtherRoad(int half)
    {
        var spoke = map.Next(half ^ 1);
        while (!map.Kind(spoke).IsRoad()) spoke = map.Next(spoke ^ 1);
        return spoke;
    }

    private bool IsSameRoad(int a, int b) => map.Kind(a) == map.Kind(b) && map.Name(a) == map.Name(b) && Crossing(a) == Crossing(b);

    /// <summary>0 on the ground, 1 on a bridge over water, 2 under the railway.</summary>
    private int Crossing(int half)
    {
        var left = map.Face(half);
        var right = map.Face(half ^ 1);
        if (!inStrip[left] || !inStrip[right]) return 0;
        return overWater[left] || overWater[right] ? 1 : 2;
    }

    private static string Code(int number) => "R" + number.ToString("0000000");

    private static string Class(EdgeKind kind) => kind switch
    {
        EdgeKind.Ring => "ring",
        EdgeKind.Arterial => "arterial",
        EdgeKind.Collector => "collector",
        EdgeKind.Lane => "lane",
        _ => "footpath",
    };
}
