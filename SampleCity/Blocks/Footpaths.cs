using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

/// <summary>
/// The paths inside blocks. They hang on the streets at gates, which are vertices of the street map, and meet each other only in shared nodes.
/// </summary>
internal sealed class Footpaths(PlanarMap map)
{
    private readonly HashSet<Place> taken = [];

    public List<(Place From, Place To)> Pieces { get; } = [];

    /// <summary>Where a line through the block meets its streets on both sides of <paramref name="middle"/>, as gates; null when it runs badly.</summary>
    public (Place From, Place To)? Gates(int face, Vec middle, Vec direction)
    {
        if (Hit(face, middle, direction * -1).Half < 0) return null;
        var ahead = Hit(face, middle, direction);
        if (ahead.Half < 0) return null;
        var to = Gate(ahead.Half, ahead.At);
        // The first gate may have split the side that the second lies on: look again.
        var back = Hit(face, middle, direction * -1);
        if (back.Half < 0) return null;
        var from = Gate(back.Half, back.At);
        return from == to ? null : (from, to);
    }

    private Place Gate(int half, Vec at)
    {
        if (at.To(map.Point(map.Origin(half))) < 6) return map.PlaceOf(map.Origin(half));
        if (at.To(map.Point(map.Target(half))) < 6) return map.PlaceOf(map.Target(half));
        return map.PlaceOf(map.SplitEdge(half, at));
    }

    private (int Half, Vec At) Hit(int face, Vec from, Vec direction)
    {
        var best = (Half: -1, At: default(Vec));
        var nearest = double.MaxValue;
        foreach (var half in map.Around(face))
        {
            var a = map.Point(map.Origin(half)) - from;
            var b = map.Point(map.Target(half)) - from;
            var sideA = direction.Cross(a);
            var sideB = direction.Cross(b);
            if (sideA >= 0 == sideB >= 0) continue;
            var at = a + (b - a) * (sideA / (sideA - sideB));
            var metres = at.Dot(direction);
            if (metres <= 0 || metres >= nearest) continue;
            nearest = metres;
            best = (half, from + at);
        }
        return best.Half >= 0 && map.Kind(best.Half).IsRoad() ? best : (-1, default);
    }

    /// <summary>A node in the open; null when the lattice point is taken.</summary>
    public Place? Node(Vec at)
    {
        var place = CityPlane.Snap(at);
        return taken.Add(place) ? place : null;
    }

    public void Join(Place from, Place to)
    {
        if (from != to) Pieces.Add((from, to));
    }
}
