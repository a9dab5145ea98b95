using System.Globalization;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Roads;
using GridMap.Server.Import;
using GridMap.Server.Tests.Import;
using GridMap.Server.Walking;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Walking;

/// <summary>A server over Cambridge (Massachusetts), imported through its profile: a real city, whose streets were not made for us.</summary>
public sealed class CambridgeOnFoot : IAsyncLifetime
{
    public GridMapServer Server { get; } = new();

    public async Task InitializeAsync()
    {
        if ((ScratchDatabase.ReasonToSkip ?? RealData.ReasonToSkip) is not null) return;
        await Server.InitializeAsync();
        await new Importer(Server.Scratch.Address, ImportLimits.Default, _ => { }).Run(ProfileReader.Find("cambridge"), new SourceFolder(RealData.Path("cambridge_ma"), ImportLimits.Default.FileBytes), false, CancellationToken.None);
    }

    public Task DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Walks in a real city against a search and a look-up that share nothing with ours: every street tried, no index, no heap of our own, real numbers.</summary>
public sealed class CambridgeWalksTests(CambridgeOnFoot cambridge) : IClassFixture<CambridgeOnFoot>
{
    [RealDataFact]
    public async Task Every_building_is_inside_when_the_truth_says_so_and_the_rings_are_true_pictures()
    {
        var city = await cambridge.Server.Service<WalkingCities>().Now(CancellationToken.None);
        var buildings = city.Buildings;
        buildings.Count.ShouldBeGreaterThan(2_000);
        var random = new Random(12);
        // By ring: in the polygon and within the walk, only in the polygon, only within the walk.
        var (both, wrong, missing) = (new long[3], new long[3], new long[3]);
        double[] metres = [300, 600, 900];
        for (var turn = 0; turn < 60; turn++)
        {
            int start;
            do start = random.Next(buildings.Count);
            while (!buildings.At[start].IsOnNetwork || buildings.People.Residents[start] == 0);
            var truth = Truth(city.Network, buildings.At, buildings.At[start]);
            var answer = await cambridge.Server.Anyone.Json(FormattableString.Invariant($"/api/isochrone?lon={buildings.Lons[start]:R}&lat={buildings.Lats[start]:R}&minutes=5,10,15&metresPerMinute=60"));
            for (var ring = 0; ring < 3; ring++)
            {
                var feature = answer.At("features", ring);
                // Each edge is at most 0.5 mm off in whole millimetres: who is nearer to the line than 5 cm may fall to either side.
                feature.At("properties", "inside", "buildings").GetInt64().ShouldBeInRange(truth.Count(far => far <= metres[ring] - 0.05), truth.Count(far => far <= metres[ring] + 0.05));
                var locator = new IndexedPointInAreaLocator(GeoJsonReader.Read(feature.At("geometry")).Geometry!);
                for (var i = 0; i < buildings.Count; i++)
                {
                    var isNear = truth[i] <= metres[ring];
                    if (!isNear && Math.Abs(buildings.Lons[i] - buildings.Lons[start]) > 0.03) continue;
                    var isIn = locator.Locate(new Coordinate(buildings.Lons[i], buildings.Lats[i])) != Location.Exterior;
                    if (isIn && isNear) both[ring]++;
                    else if (isIn) wrong[ring]++;
                    else if (isNear) missing[ring]++;
                }
            }
        }

        for (var ring = 0; ring < 3; ring++)
        {
            both[ring].ShouldBeGreaterThan(500);
            ((double)both[ring] / (both[ring] + wrong[ring])).ShouldBeGreaterThanOrEqualTo(0.97, string.Create(CultureInfo.InvariantCulture, $"precision of {metres[ring]} m: {both[ring]} right, {wrong[ring]} too many, {missing[ring]} missing"));
            ((double)both[ring] / (both[ring] + missing[ring])).ShouldBeGreaterThanOrEqualTo(0.97, string.Create(CultureInfo.InvariantCulture, $"recall of {metres[ring]} m: {both[ring]} right, {wrong[ring]} too many, {missing[ring]} missing"));
        }
    }

    [RealDataFact]
    public async Task Every_building_is_joined_to_the_street_that_is_nearest_of_all()
    {
        var city = await cambridge.Server.Service<WalkingCities>().Now(CancellationToken.None);
        var (shapes, buildings, random) = (city.Network.Shapes, city.Buildings, new Random(13));
        for (var turn = 0; turn < 150; turn++)
        {
            var i = random.Next(buildings.Count);
            var (x, y, best) = (buildings.Xs[i], buildings.Ys[i], double.MaxValue);
            for (var edge = 0; edge < shapes.Count; edge++)
            {
                var xs = shapes.Xs(edge);
                var ys = shapes.Ys(edge);
                for (var k = 1; k < xs.Length; k++) best = Math.Min(best, ToPiece(x, y, xs[k - 1], ys[k - 1], xs[k], ys[k]));
            }

            // The plane's metres are up to 1 : 1,000 long.
            if (!buildings.At[i].IsOnNetwork) best.ShouldBeGreaterThan(WalkingCity.ReachMetres * 0.999);
            else (buildings.At[i].AccessMillimetres / 1000.0).ShouldBe(best, 0.002 + best * 0.001);
        }
    }

    // Dijkstra's algorithm as in a textbook, in metres, from one place to every building.
    private static double[] Truth(RoadNetwork network, EdgePoint[] places, EdgePoint start)
    {
        var far = new double[network.Nodes];
        Array.Fill(far, double.PositiveInfinity);
        var open = new SortedSet<(double Far, int Node)>();
        var first = network.Edge(start.Edge);
        Reach(first.From, start.AccessMillimetres + start.Fraction * first.Backward);
        Reach(first.To, start.AccessMillimetres + (1 - start.Fraction) * first.Forward);
        while (open.Count > 0)
        {
            var (reached, node) = open.Min;
            open.Remove(open.Min);
            if (reached > 1_000_000) break;
            for (var arc = network.FirstArc(node); arc < network.FirstArc(node + 1); arc++)
            {
                var edge = network.Edge(network.ArcEdge(arc));
                Reach(network.ArcNode(arc), reached + (edge.From == node ? edge.Forward : edge.Backward));
            }
        }

        return Array.ConvertAll(places, place =>
        {
            if (!place.IsOnNetwork) return double.PositiveInfinity;
            var edge = network.Edge(place.Edge);
            var way = Math.Min(far[edge.From] + place.Fraction * edge.Forward, far[edge.To] + (1 - place.Fraction) * edge.Backward);
            if (place.Edge == start.Edge) way = Math.Min(way, start.AccessMillimetres + Math.Abs(place.Fraction - start.Fraction) * edge.Forward);
            return (way + place.AccessMillimetres) / 1000;
        });

        void Reach(int node, double millimetres)
        {
            if (millimetres >= far[node]) return;
            open.Remove((far[node], node));
            far[node] = millimetres;
            open.Add((millimetres, node));
        }
    }

    private static double ToPiece(double x, double y, double ax, double ay, double bx, double by)
    {
        double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy, t = square > 0 ? Math.Clamp(((x - ax) * dx + (y - ay) * dy) / square, 0, 1) : 0;
        return Math.Sqrt((x - ax - t * dx) * (x - ax - t * dx) + (y - ay - t * dy) * (y - ay - t * dy));
    }
}
