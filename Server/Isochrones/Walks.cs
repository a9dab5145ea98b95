using System.Runtime.InteropServices;
using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Server.Http;
using GridMap.Server.Walking;
using Place = GridMap.Server.Http.Place;

namespace GridMap.Server.Isochrones;

/// <summary>One question about walks, answered from the city in memory.</summary>
/// <param name="limits">Millimetres, rising; one for each of the minutes.</param>
/// <param name="heading">From the places or towards them.</param>
internal sealed class Walks(WalkingCity city, double[] minutes, int[] limits, Heading heading, Datum datum)
{
    private const int MostGrids = 1000;

    private readonly double[] _radii = Array.ConvertAll(limits, limit => limit / 1000.0);

    /// <summary>Whoever is off the network in the longest circles of the last question.</summary>
    public WalkPeople OffNetwork { get; private set; } = WalkPeople.Of(default);

    public List<Feature<MultiPolygonShape, IsochroneWalk>> Together(IReadOnlyList<(Place Place, EdgePoint At)> origins, int? number, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var circles = Circles(origins);
        return city.WithPlaces(heading, within =>
        {
            var inside = new WalkCount(city.Buildings, limits.Length);
            within.Each(Sources(origins), limits[^1], (building, millimetres, _) => inside.Add(building, RingOf(millimetres)));
            var outlines = Geo.Coverage.Isochrones.Outlines(within.Tree, city.Raster, limits);
            var (people, grids) = (inside.People(), inside.Grids());
            return limits.Select((_, i) => Feature(outlines[i], number, i, people[i], grids[i], circles[i])).ToList();
        });
    }

    public List<Feature<MultiPolygonShape, IsochroneWalk>> ByNearest(IReadOnlyList<(Place Place, EdgePoint At)> origins, CancellationToken cancellation)
    {
        Circles(origins);
        return city.WithPlaces(heading, within =>
        {
            var inside = origins.Select(_ => new WalkCount(city.Buildings, limits.Length)).ToArray();
            within.Each(Sources(origins), limits[^1], (building, millimetres, label) => inside[label].Add(building, RingOf(millimetres)));
            var features = new List<Feature<MultiPolygonShape, IsochroneWalk>>();
            // Whoever is within the walk counts, also where it is too short to be drawn.
            var (people, grids) = (inside.Select(count => count.People()).ToArray(), inside.Select(count => count.Grids()).ToArray());
            for (var i = 0; i < limits.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var outlines = Geo.Coverage.Isochrones.OutlinesByNearest(within.Tree, city.Raster, limits[i]);
                for (var label = 0; label < origins.Count; label++)
                    features.Add(Feature(outlines.GetValueOrDefault(label, WalkOutline.Empty), label, i, people[label][i], grids[label][i], null));
            }
            return features;
        });
    }

    /// <summary>Whoever is off the network in the longest circles around all of these.</summary>
    public WalkPeople OffNetworkAround(IReadOnlyList<(Place Place, EdgePoint At)> origins)
    {
        Circles(origins);
        return OffNetwork;
    }

    private static WalkSource[] Sources(IReadOnlyList<(Place Place, EdgePoint At)> origins) => [.. origins.Select((origin, i) => new WalkSource(origin.At, i))];

    private int RingOf(int millimetres)
    {
        var ring = 0;
        while (limits[ring] < millimetres) ring++;
        return ring;
    }

    /// <summary>Whoever lives in circles of the same metres, and of them who is off the network.</summary>
    private WalkPeople[] Circles(IReadOnlyList<(Place Place, EdgePoint At)> origins)
    {
        var (claimed, off) = (new WalkCount(city.Buildings, limits.Length), default(Headcount));
        if (origins.Count == 1) Around(origins[0].Place, Take);
        else
        {
            // In several circles a building counts once, for the smallest.
            var least = new Dictionary<int, int>();
            foreach (var (place, _) in origins)
            {
                Around(place, (building, ring) =>
                {
                    ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(least, building, out var exists);
                    if (!exists || ring < known) known = ring;
                });
            }
            foreach (var (building, ring) in least) Take(building, ring);
        }
        OffNetwork = WalkPeople.Of(off);
        return claimed.People();

        void Take(int building, int ring)
        {
            claimed.Add(building, ring);
            if (!city.Buildings.At[building].IsOnNetwork) off.Add(city.Buildings.People, building);
        }
    }

    private void Around(Place place, Action<int, int> take)
    {
        var (x, y) = city.Plane.ToMetres(place.Lon, place.Lat);
        city.Near.Rings(place.Lon, place.Lat, x, y, _radii, take);
    }

    private Feature<MultiPolygonShape, IsochroneWalk> Feature(WalkOutline outline, int? origin, int walk, WalkPeople people, List<long> grids, WalkPeople? circle)
    {
        double? overClaim = circle is { Residents: > 0 } ? Math.Round(100.0 * (circle.Residents - people.Residents) / circle.Residents, 2) : null;
        return new("Feature", city.Plane.Shape(outline, datum),
            new IsochroneWalk(origin, minutes[walk], limits[walk] / 1000.0, people, circle, overClaim, grids.Count <= MostGrids ? grids : grids[..MostGrids], grids.Count));
    }
}
