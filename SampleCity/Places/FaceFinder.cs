using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Places;

/// <summary>
/// Which block a place lies in, in whole numbers and therefore without doubt. A place within a few centimetres of a border is
/// not answered: a database that computes with doubles might see it on the other side.
/// </summary>
internal sealed class FaceFinder
{
    private const int CellUnits = 16_000;           // about 150 m
    private const double ClearUnits = 4;            // about 4 cm
    private readonly IReadOnlyList<int> blockOfFace;
    private readonly Place[][] rings;
    private readonly Dictionary<(int, int), List<int>> cells = [];

    /// <param name="blockOfFace">For every face of the map but the outside, in order, its block.</param>
    public FaceFinder(PlanarMap map, IReadOnlyList<int> blockOfFace)
    {
        this.blockOfFace = blockOfFace;
        rings = new Place[map.Faces][];
        for (var face = 1; face < map.Faces; face++)
        {
            var ring = map.Around(face).ConvertAll(half => map.PlaceOf(map.Origin(half))).ToArray();
            rings[face] = ring;
            int west = int.MaxValue, east = int.MinValue, south = int.MaxValue, north = int.MinValue;
            foreach (var place in ring)
            {
                west = Math.Min(west, place.Lon7);
                east = Math.Max(east, place.Lon7);
                south = Math.Min(south, place.Lat7);
                north = Math.Max(north, place.Lat7);
            }
            for (var column = west / CellUnits; column <= east / CellUnits; column++)
                for (var row = south / CellUnits; row <= north / CellUnits; row++)
                {
                    if (!cells.TryGetValue((column, row), out var list)) cells.Add((column, row), list = []);
                    list.Add(face);
                }
        }
    }

    /// <summary>The face around a place; 0 outside all of them; null when the place is too near to a border to say.</summary>
    public int? Find(Place place)
    {
        if (!cells.TryGetValue((place.Lon7 / CellUnits, place.Lat7 / CellUnits), out var candidates)) return PlanarMap.Outside;
        var found = PlanarMap.Outside;
        foreach (var face in candidates)
        {
            var ring = rings[face];
            var inside = false;
            for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
            {
                long ax = ring[j].Lon7 - place.Lon7, ay = ring[j].Lat7 - place.Lat7;
                long bx = ring[i].Lon7 - place.Lon7, by = ring[i].Lat7 - place.Lat7;
                var cross = ax * by - ay * bx;
                if (IsNear(ax, ay, bx, by, cross)) return null;
                if (ay > 0 != by > 0 && cross > 0 == by > ay) inside = !inside;
            }
            if (inside) found = face;
        }
        return found;
    }

    private static bool IsNear(long ax, long ay, long bx, long by, long cross)
    {
        if (Math.Min(ax, bx) > ClearUnits || Math.Max(ax, bx) < -ClearUnits || Math.Min(ay, by) > ClearUnits || Math.Max(ay, by) < -ClearUnits) return false;
        double wayX = bx - ax, wayY = by - ay;
        return Math.Abs(cross) <= ClearUnits * Math.Sqrt(wayX * wayX + wayY * wayY);
    }

    /// <summary>The place, or the nearest on the way to the middle of the city that lies clearly in a block; with that block.</summary>
    public (Place Place, int Block) Settle(Vec at)
    {
        for (var attempt = 0; ; attempt++)
        {
            var place = CityPlane.Snap(at);
            if (Find(place) is { } face and not PlanarMap.Outside) return (place, blockOfFace[face - 1]);
            at = attempt < 3 ? at + new Vec(0.31, 0.17) : at * 0.9985;
        }
    }
}
