using GridMap.Geo.Coverage;
using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Server.Siting;
using GridMap.Server.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Siting;

public sealed class SitingReachTests
{
    private const double Lat = 31.8;

    [Fact]
    public void Where_a_way_leads_on_and_not_back_the_site_is_sought_at_its_end()
    {
        // From a home in the west one may walk east, nobody may walk there; further east it is walked both ways.
        var plane = MetricPlane.ForLonLat(120, Lat);
        var roads = new RoadNetworkBuilder(plane);
        roads.Add(1, [120.000, 120.005], [Lat, Lat], new RoadRule(1, 0));
        roads.Add(2, [120.005, 120.010], [Lat, Lat], RoadRule.Plain);
        var edges = new EdgeIndex(roads.Build());
        double[] homes = [120.001, 120.006, 120.009];
        var city = City(plane, edges, homes);

        var reach = SitingReach.Of(city, [Candidate(city, 120.0015), Candidate(city, 120.009)], 1, [1, 1, 1], CancellationToken.None);
        reach.IsCutOff.ShouldBeFalse("from everywhere there is a way to the second place");
        reach.Start.ShouldBe([1]);
        reach.Millimetres.ShouldBeInRange(750_000, 760_000);

        SitingReach.Of(city, [Candidate(city, 120.0015)], 1, [1, 1, 1], CancellationToken.None).IsCutOff.ShouldBeFalse("those who cannot be served at all are not looked at");
    }

    private static WalkingCity City(MetricPlane plane, EdgeIndex edges, double[] homes)
    {
        var places = homes.Select(lon => plane.ToMetres(lon, Lat)).ToArray();
        var (ones, zeros) = (Array.ConvertAll(homes, _ => 1), Array.ConvertAll(homes, _ => 0));
        var buildings = new WalkingBuildings(
            [.. Enumerable.Range(1, homes.Length).Select(id => (long)id)], homes, Array.ConvertAll(homes, _ => Lat), Array.ConvertAll(places, place => place.X), Array.ConvertAll(places, place => place.Y),
            Array.ConvertAll(places, place => edges.Nearest(place.X, place.Y, WalkingCity.ReachMetres)), new People(ones, ones, zeros, zeros), Array.ConvertAll(homes, _ => true), new long[homes.Length], new long[homes.Length]);
        return new WalkingCity(plane, edges, buildings, null, [], "1", null);
    }

    private static Candidate Candidate(WalkingCity city, double lon) => new(false, null, "", lon, Lat, city.Snap(lon, Lat));
}
