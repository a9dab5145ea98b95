using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Server.Http;
using GridMap.Server.Walking;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace GridMap.Server.Coverage;

/// <summary>Clusters of homes out of reach: the walk from one to the next is at most 150 m, so a river or a railway between two parts keeps them apart.</summary>
internal static class WalkGapFinder
{
    private const int TogetherMillimetres = 150_000;

    /// <param name="ground">What outlines are cut to, in degrees.</param>
    /// <param name="most">Only so many are drawn, those with the most residents; all are counted.</param>
    public static (List<Feature<MultiPolygonShape, WalkGap>> Gaps, int Count, WalkPeople Uncovered, WalkPeople OffNetwork) Find(KnownCoverage known, IReadOnlySet<long>? areas, Geometry ground, Datum datum, int most, CancellationToken cancellation)
    {
        var (city, buildings, coverage) = (known.City, known.City.Buildings, known.Coverage);
        var homes = Enumerable.Range(0, buildings.Count).Where(i => buildings.AreHomes[i] && coverage.Within[i] == 0 && (areas is null || areas.Contains(buildings.Areas[i]))).ToList();
        var missed = homes.Where(i => buildings.At[i].IsOnNetwork).ToArray();
        var clusters = CoverageGaps.Cluster(city.Network, [.. missed.Select(i => buildings.At[i])], TogetherMillimetres)
            .Select((cluster, i) => (Cluster: cluster, Home: missed[i])).GroupBy(pair => pair.Cluster, pair => pair.Home)
            .Select(cluster => (Homes: cluster.ToList(), People: WalkPeople.Of(buildings.People, cluster)))
            .OrderByDescending(cluster => cluster.People.Residents).ThenByDescending(cluster => cluster.People.Buildings).ThenBy(cluster => buildings.Ids[cluster.Homes[0]]).ToList();
        var within = PreparedGeometryFactory.Prepare(city.Plane.ToMetres(ground));
        var gaps = clusters.Take(most).Select((cluster, i) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var outline = Gaps.Cut(Gaps.Outline(cluster.Homes, buildings.Xs, buildings.Ys), within);
            var middle = outline.PointOnSurface;
            var (lon, lat) = city.Plane.ToLonLat(middle.X, middle.Y);
            var nearest = cluster.Homes.MinBy(home => coverage.Millimetres[home]);
            var facility = coverage.Nearest[nearest] is >= 0 and var number ? known.Facilities[number] : null;
            return new Feature<MultiPolygonShape, WalkGap>("Feature", city.Plane.Shape(outline, datum), new WalkGap(i + 1, cluster.People, Reason(known, cluster.Homes),
                facility is null ? null : coverage.Millimetres[nearest] / 1000.0, facility?.Id, facility?.Name, facility?.NameEn, datum.FromStored(lon, lat)));
        }).ToList();
        return (gaps, clusters.Count, WalkPeople.Of(buildings.People, missed), WalkPeople.Of(buildings.People, homes.Where(i => !buildings.At[i].IsOnNetwork)));
    }

    // What is true of most of them: by residents, or by homes where nobody is registered.
    private static string Reason(KnownCoverage known, List<int> homes)
    {
        var (far, barrier, noWay) = (0L, 0L, 0L);
        // Where there is no facility in the whole city, it is not the roads that are wanting.
        var isAny = known.Facilities.Any(facility => facility.At.IsOnNetwork);
        foreach (var home in homes)
        {
            // Ties between empty homes are decided by their number.
            var weight = (long)known.City.Buildings.People.Residents[home] * 1_000_000 + 1;
            if (isAny && known.Coverage.Millimetres[home] == RoadNetwork.NoWay) noWay += weight;
            else if (known.InCircle[home]) barrier += weight;
            else far += weight;
        }
        return noWay >= barrier && noWay >= far ? "no-way" : barrier >= far ? "barrier" : "far";
    }
}
