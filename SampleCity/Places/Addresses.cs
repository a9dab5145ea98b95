using GridMap.SampleCity.Names;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Places;

/// <summary>House numbers: they rise along a road from its western (or southern) end, odd on one side and even on the other.</summary>
internal sealed class Addresses
{
    private readonly PlanarMap map;
    private readonly RoadNames names;
    private readonly Dictionary<int, (double West, double East, double South, double North)> spans = [];

    public Addresses(PlanarMap map, RoadNames names)
    {
        this.map = map;
        this.names = names;
        for (var half = 0; half < map.Halves; half++)
        {
            if (!map.Kind(half).IsRoad() || names[map.Name(half)].Name.Length == 0) continue;
            var point = map.Point(map.Origin(half));
            if (!spans.TryGetValue(map.Name(half), out var span)) span = (point.X, point.X, point.Y, point.Y);
            spans[map.Name(half)] = (Math.Min(span.West, point.X), Math.Max(span.East, point.X), Math.Min(span.South, point.Y), Math.Max(span.North, point.Y));
        }
    }

    /// <summary>The named half-edges around a face: the roads on which the houses of a block can stand.</summary>
    public List<int> Sides(int face)
    {
        var sides = map.Around(face);
        sides.RemoveAll(half => !map.Kind(half).IsRoad() || names[map.Name(half)].Name.Length == 0);
        return sides;
    }

    /// <summary>The road and number of a place, by the nearest of the sides; empty without any.</summary>
    public string At(Vec point, List<int> sides)
    {
        var nearest = -1;
        var metres = double.MaxValue;
        foreach (var half in sides)
        {
            var distance = Shapes.Distance(point, map.Point(map.Origin(half)), map.Point(map.Target(half)));
            if (distance >= metres) continue;
            metres = distance;
            nearest = half;
        }
        return nearest < 0 ? "" : On(nearest, point);
    }

    public string On(int half, Vec point)
    {
        var road = map.Name(half);
        var name = names[road].Name;
        if (name.Length == 0) return "";
        var span = spans[road];
        var alongX = span.East - span.West >= span.North - span.South;
        var steps = (int)(Math.Max(0, alongX ? point.X - span.West : point.Y - span.South) / 9);
        var way = map.Point(map.Target(half)) - map.Point(map.Origin(half));
        var even = alongX ? way.X > 0 : way.Y > 0;
        return $"{name}{2 * steps + (even ? 2 : 1)}号";
    }
}
