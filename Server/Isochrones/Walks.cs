using GridMap.Geo.Coverage;
using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Server.Http;
using GridMap.Server.Walking;
using NetTopologySuite.Geometries;
using Place = GridMap.Server.Http.Place;

namespace GridMap.Server.Isochrones;

/// <summary>One question about walks, answered from the city in memory.</summary>
/// <param name="limits">Millimetres, rising; one for each of the minutes.</param>
internal sealed class Walks(WalkingCity city, double[] minutes, int[] limits, Datum datum)
{
    private const int MostGrids = 1000;

    public List<Feature<MultiPolygonShape, IsochroneWalk>> Together(IReadOnlyList<(Place Place, EdgePoint At)> origins, int? number, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var claimed = Claimed(origins);
        return city.WithPlaces(within =>
        {
            var reached = Reached(within, origins);
            var polygons = Geo.Coverage.Isochrones.Within(within.Tree, city.Raster, limits);
            return limits.Select((limit, i) => Feature(polygons[i], number, i, reached.Where(place => place.Millimetres <= limit).Select(place => place.Building),
                WalkPeople.Of(city.Buildings.People, claimed.Where(place => place.Metres <= limit / 1000.0).Select(place => place.Building)))).ToList();
        });
    }

    public List<Feature<MultiPolygonShape, IsochroneWalk>> ByNearest(IReadOnlyList<(Place Place, EdgePoint At)> origins, CancellationToken cancellation) => city.WithPlaces(within =>
    {
        var reached = Reached(within, origins);
        var features = new List<Feature<MultiPolygonShape, IsochroneWalk>>();
        for (var i = 0; i < limits.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var limit = limits[i];
            foreach (var (label, polygon) in Geo.Coverage.Isochrones.ByNearest(within.Tree, city.Raster, limit))
                features.Add(Feature(polygon, label, i, reached.Where(place => place.Label == label && place.Millimetres <= limit).Select(place => place.Building), null));
        }
        return features;
    });

    /// <summary>Buildings in the longest circles that no road is near to.</summary>
    public WalkPeople OffNetwork(IReadOnlyList<(Place Place, EdgePoint At)> origins) =>
        WalkPeople.Of(city.Buildings.People, Claimed(origins).Where(place => !city.Buildings.At[place.Building].IsOnNetwork).Select(place => place.Building));

    private List<(int Building, int Millimetres, int Label)> Reached(PlacesWithin within, IReadOnlyList<(Place Place, EdgePoint At)> origins)
    {
        var reached = new List<(int, int, int)>();
        within.Each(origins.Select((origin, i) => new WalkSource(origin.At, i)).ToArray(), limits[^1], (building, millimetres, label) => reached.Add((building, millimetres, label)));
        return reached;
    }

    /// <summary>Every building in a circle around an origin, with the metres to the nearest of them as the crow flies.</summary>
    private List<(int Building, double Metres)> Claimed(IReadOnlyList<(Place Place, EdgePoint At)> origins)
    {
        var metres = new Dictionary<int, double>();
        foreach (var (place, _) in origins)
        {
            var (x, y) = city.Plane.ToMetres(place.Lon, place.Lat);
            foreach (var building in city.Near.Within(place.Lon, place.Lat, x, y, limits[^1] / 1000.0))
            {
                var straight = Geodesic.Distance(place.Lon, place.Lat, city.Buildings.Lons[building], city.Buildings.Lats[building]);
                if (!metres.TryGetValue(building, out var known) || straight < known) metres[building] = straight;
            }
        }
        return [.. metres.Select(pair => (pair.Key, pair.Value))];
    }

    private Feature<MultiPolygonShape, IsochroneWalk> Feature(MultiPolygon polygon, int? origin, int walk, IEnumerable<int> buildings, WalkPeople? circle)
    {
        var inside = buildings.ToList();
        var people = WalkPeople.Of(city.Buildings.People, inside);
        var grids = inside.Select(building => city.Buildings.Grids[building]).Where(grid => grid > 0).Distinct().Order().ToList();
        double? overClaim = circle is { Residents: > 0 } ? Math.Round(100.0 * (circle.Residents - people.Residents) / circle.Residents, 2) : null;
        return new("Feature", city.Plane.Shape(polygon, datum),
            new IsochroneWalk(origin, minutes[walk], limits[walk] / 1000.0, people, circle, overClaim, [.. grids.Take(MostGrids)], grids.Count));
    }
}
