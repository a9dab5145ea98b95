using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Geo.Tests.SampleCities;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Roads;

public sealed class RoadNetworkTests(SmallTown town) : IClassFixture<SmallTown>
{
    private static readonly MetricPlane Plane = MetricPlane.ForSrid(4549);

    [Fact]
    public void Lengths_are_geodesic()
    {
        // 0.01° along the parallel of 31.78°N and along the meridian, as PROJ gives them.
        var network = Build(([119.948, 119.958], [31.78, 31.78], RoadRule.Plain), ([119.948, 119.948], [31.78, 31.79], RoadRule.Plain));
        network.Edge(0).Forward.ShouldBe(947_181);
        network.Edge(1).Forward.ShouldBe(1_108_831);
        network.Nodes.ShouldBe(3);
        network.Components.ShouldBe(1);
    }

    [Fact]
    public void A_road_is_cut_where_another_of_its_level_meets_it_and_a_bridge_is_not()
    {
        double[] through = [119.95, 119.951, 119.952], flat = [31.78, 31.78, 31.78], across = [119.951, 119.951, 119.951], up = [31.779, 31.78, 31.781];
        Build((through, flat, RoadRule.Plain), (across, up, RoadRule.Plain)).ShouldSatisfyAllConditions(
            crossing => crossing.Edges.ShouldBe(4), crossing => crossing.Nodes.ShouldBe(5), crossing => crossing.Components.ShouldBe(1));
        Build((through, flat, RoadRule.Plain), (across, up, new(1, 1, 1))).ShouldSatisfyAllConditions(
            bridge => bridge.Edges.ShouldBe(2), bridge => bridge.Nodes.ShouldBe(4), bridge => bridge.Components.ShouldBe(2));
        // A road that ends in the middle of another, and a ramp: a bridge that ends where a road on the ground ends.
        Build((through, flat, RoadRule.Plain), (across[1..], up[1..], RoadRule.Plain)).Edges.ShouldBe(3);
        Build((through[..2], flat[..2], RoadRule.Plain), (across[1..], up[1..], new(1, 1, 1))).Components.ShouldBe(1);
        // A bridge over the end of a road below does not hold it.
        Build((through, flat, new(1, 1, 1)), (across[1..], up[1..], RoadRule.Plain)).Components.ShouldBe(2);
    }

    [Fact]
    public void Factors_and_closed_directions_become_costs()
    {
        var edge = Build(([119.948, 119.958], [31.78, 31.78], new RoadRule(1.5, 0))).Edge(0);
        edge.Forward.ShouldBeInRange(1_420_770, 1_420_772);
        edge.Backward.ShouldBe(RoadNetwork.NoWay);
    }

    [Fact]
    public void Roads_without_length_are_counted_and_left_out()
    {
        var builder = new RoadNetworkBuilder(Plane);
        builder.Add(1, [119.95, 119.95], [31.78, 31.78], RoadRule.Plain);
        builder.WithoutLength.ShouldBe(1);
        builder.Build().Edges.ShouldBe(0);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        var builder = new RoadNetworkBuilder(Plane);
        Should.Throw<ArgumentException>(() => builder.Add(1, [119.95], [31.78], RoadRule.Plain));
        Should.Throw<ArgumentException>(() => builder.Add(1, [119.95, double.NaN], [31.78, 31.78], RoadRule.Plain));
        Should.Throw<ArgumentException>(() => builder.Add(1, [119.95, 119.96], [31.78, 31.78], new(-1)));
        Should.Throw<ArgumentException>(() => RoadNetwork.Create([0], [0], [new(0, 1, 5, 5)]));
        Should.Throw<ArgumentException>(() => RoadNetwork.Create([0, 1], [0, 0], [new(0, 1, -5, 5)]));
    }

    [Fact]
    public void The_sample_city_is_one_network_without_a_fault()
    {
        var network = Networks.Of(town.City);
        network.Components.ShouldBe(1);
        network.Edges.ShouldBe(town.City.Roads.Count, "its roads meet only at their ends");
        RoadFaults.Find(new EdgeIndex(network)).ShouldBeEmpty();
    }

    [Fact]
    public void Careless_drawing_is_found()
    {
        // Crossing without a vertex; an end 0.5 m short of a road.
        var network = Build(([119.95, 119.952], [31.78, 31.78], RoadRule.Plain), ([119.951, 119.951], [31.779, 31.781], RoadRule.Plain),
            ([119.9505, 119.9505], [31.7800045, 31.7815], RoadRule.Plain));
        var faults = RoadFaults.Find(new EdgeIndex(network));
        faults.Select(fault => (fault.Kind, fault.Road, fault.Other)).ShouldBe([(RoadFaultKind.Crossing, 0, 1), (RoadFaultKind.NearMiss, 2, 0)], ignoreOrder: true);
        faults.Single(fault => fault.Kind == RoadFaultKind.NearMiss).Metres.ShouldBe(0.5, 0.01);
    }

    [Fact]
    public void Careless_drawing_is_mended_where_it_is_asked_for()
    {
        (double[] Lons, double[] Lats, RoadRule Rule)[] roads = [([119.95, 119.952], [31.78, 31.78], RoadRule.Plain), ([119.951, 119.951], [31.779, 31.781], RoadRule.Plain),
            ([119.9505, 119.9505], [31.7800045, 31.7815], RoadRule.Plain), ([119.9515, 119.9515], [31.779, 31.781], new(1, 1, 1)), ([119.9517, 119.9517], [31.78002, 31.7815], RoadRule.Plain)];
        var builder = new RoadNetworkBuilder(Plane);
        for (var i = 0; i < roads.Length; i++) builder.Add(i, roads[i].Lons, roads[i].Lats, roads[i].Rule);
        builder.Mend(1).ShouldBe((1, 1));
        var network = builder.Build();
        // The three on the ground are one; the bridge and the end that is 2.2 m away stay apart.
        network.Components.ShouldBe(3);
        network.Edges.ShouldBe(3 + 2 + 1 + 1 + 1);
        RoadFaults.Find(new EdgeIndex(network)).ShouldBeEmpty();
        builder.Mend(1).ShouldBe((0, 0));
        // What is drawn well stays as it is.
        var careful = new RoadNetworkBuilder(Plane);
        foreach (var road in town.City.Roads) careful.Add(1, [.. road.Line.Select(place => place.Lon)], [.. road.Line.Select(place => place.Lat)], new(1, 1, road.Layer));
        careful.Mend(1).ShouldBe((0, 0));
        careful.Build().Edges.ShouldBe(town.City.Roads.Count);
    }

    [Fact]
    public void The_nearest_edge_is_the_one_that_looking_at_all_of_them_finds()
    {
        var network = Networks.Of(town.City);
        var index = new EdgeIndex(network);
        var random = new Random(5);
        for (var i = 0; i < 400; i++)
        {
            double x = index.Left - 400 + random.NextDouble() * (index.Right - index.Left + 800), y = index.Bottom - 400 + random.NextDouble() * (index.Top - index.Bottom + 800);
            var least = Enumerable.Range(0, network.Edges).Min(edge => Metres(network.Shapes, edge, x, y));
            var found = index.Nearest(x, y, 300);
            if (least > 300.01)
            {
                found.ShouldBe(EdgePoint.None);
                continue;
            }

            (found.AccessMillimetres / 1000.0).ShouldBe(least, 0.001 + least * 1e-3);
            var (px, py) = network.Shapes.At(found.Edge, found.Fraction);
            Math.Sqrt(Math.Pow(px - x, 2) + Math.Pow(py - y, 2)).ShouldBe(least, 1e-6);
            var hinted = index.Nearest(x, y, 300, index.Nearest(x + 12, y - 7, 300));
            hinted.ShouldBe(found);
        }

        // Access is true metres: the circle around the place touches the edge.
        var (lon, lat) = (119.9987, 31.8012);
        var (ex, ey) = Plane.ToMetres(lon, lat);
        var at = index.Nearest(ex, ey, 300);
        var (fx, fy) = network.Shapes.At(at.Edge, at.Fraction);
        var (footLon, footLat) = Plane.ToLonLat(fx, fy);
        (at.AccessMillimetres / 1000.0).ShouldBe(Geodesic.Distance(lon, lat, footLon, footLat), 0.001);
    }

    private static double Metres(EdgeShapes shapes, int edge, double x, double y)
    {
        var least = double.MaxValue;
        var xs = shapes.Xs(edge);
        var ys = shapes.Ys(edge);
        for (var i = 1; i < xs.Length; i++)
        {
            double dx = xs[i] - xs[i - 1], dy = ys[i] - ys[i - 1];
            var t = Math.Clamp(((x - xs[i - 1]) * dx + (y - ys[i - 1]) * dy) / (dx * dx + dy * dy), 0, 1);
            least = Math.Min(least, Math.Sqrt(Math.Pow(x - xs[i - 1] - t * dx, 2) + Math.Pow(y - ys[i - 1] - t * dy, 2)));
        }

        return least;
    }

    private static RoadNetwork Build(params (double[] Lons, double[] Lats, RoadRule Rule)[] roads)
    {
        var builder = new RoadNetworkBuilder(Plane);
        for (var i = 0; i < roads.Length; i++) builder.Add(i, roads[i].Lons, roads[i].Lats, roads[i].Rule);
        return builder.Build();
    }
}
