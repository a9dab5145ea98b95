using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public class GridPartitionTests
{
    private static IReadOnlyList<GridFault> Faults(IdealPartition city, bool withParent = true)
        => GridPartition.Faults(withParent ? city.Parent : null, city.Children, IdealPartition.Plane);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(12)]
    public void A_clean_partition_has_no_fault(int side)
    {
        var city = new IdealPartition(side);
        Faults(city).ShouldBeEmpty();
        Faults(city, withParent: false).ShouldBeEmpty();
        // Whatever the winding.
        for (var i = 0; i < city.Children.Count; i += 2) city.Children[i] = city.Children[i].Reverse();
        Faults(city).ShouldBeEmpty();
    }

    [ReferenceFact]
    public void The_clean_reference_partition_has_no_fault_and_a_planted_one_is_found()
    {
        var plane = MetricPlane.ForSrid(4549);
        var children = File.ReadLines(ReferenceData.File("coverage/clean_600.wkbhex")).Where(line => line.Length > 0)
            .Select(line => Snapped(plane.ToLonLat(new WKBReader().Read(Convert.FromHexString(line))))).ToList();
        children.Count.ShouldBe(600);
        children.Sum(c => c.NumPoints).ShouldBe(15_000);
        GridPartition.Faults(null, children, plane).ShouldBeEmpty();
        var parent = CoverageUnion.Union(GeoJsonReader.Factory.BuildGeometry(children));
        GridPartition.Faults(parent, children, plane).ShouldBeEmpty();

        var lost = children[311];
        children.RemoveAt(311);
        var gap = GridPartition.Faults(parent, children, plane).ShouldHaveSingleItem();
        gap.Reason.ShouldBe(GridFaultReasons.Gap);
        gap.Place.EqualsTopologically(lost).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_grid_is_a_gap(bool withParent)
    {
        var city = new IdealPartition(5);
        var missing = city.Children[12];
        city.Children.RemoveAt(12);
        var gap = Faults(city, withParent).ShouldHaveSingleItem();
        gap.Reason.ShouldBe(GridFaultReasons.Gap);
        gap.Place.EqualsTopologically(missing).ShouldBeTrue();
        gap.SquareMetres.ShouldBe(IdealPartition.Plane.ToMetres(missing).Area, 1e-6);
        // Its eight neighbours, renumbered by the removal.
        gap.Children.ShouldBe([6, 7, 8, 11, 12, 15, 16, 17]);
    }

    [Fact]
    public void A_missing_grid_at_the_edge_is_seen_only_with_the_parent()
    {
        var city = new IdealPartition(3);
        city.Children.RemoveAt(0);
        Faults(city).ShouldHaveSingleItem().Reason.ShouldBe(GridFaultReasons.Gap);
        Faults(city, withParent: false).ShouldBeEmpty();
    }

    [Fact]
    public void A_vertex_pulled_in_or_pushed_out_is_measured()
    {
        // Vertex 3 lies on the south border of grid 4, shared with grid 1: inwards is north.
        var city = new IdealPartition(3);
        var old = city[4].Coordinates;
        city.Children[4] = city.Moved(4, 3, 0, 1e-5);
        var gap = Faults(city).ShouldHaveSingleItem();
        var triangle = new Polygon(new LinearRing([old[2], old[3], old[4], city[4].Coordinates[3], old[2]]));
        gap.Reason.ShouldBe(GridFaultReasons.SliverGap);
        gap.SquareMetres.ShouldBe(IdealPartition.Plane.ToMetres(triangle).Area, 1e-6);
        gap.Children.ShouldBe([1, 4]);

        city.Children[4] = new IdealPartition(3).Moved(4, 3, 0, -2e-4);
        var overlap = Faults(city).ShouldHaveSingleItem();
        overlap.Reason.ShouldBe(GridFaultReasons.Overlap);
        overlap.Children.ShouldBe([1, 4]);
        overlap.SquareMetres.ShouldBe(IdealPartition.Plane.ToMetres(OverlayNGRobust.Overlay(city[1], city[4],
            NetTopologySuite.Operation.Overlay.SpatialFunction.Intersection)).Area, 1e-3);
    }

    [Fact]
    public void The_smallest_step_of_the_coordinate_grid_is_seen()
    {
        var city = new IdealPartition(3);
        city.Children[4] = city.Moved(4, 3, 0, 1e-7);
        var fault = Faults(city).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.SliverGap);
        fault.SquareMetres.ShouldBeInRange(0.05, 0.5);
        fault.WidthMetres.ShouldBeLessThan(0.02);
    }

    [Fact]
    public void A_grid_twice_is_a_duplicate_and_not_an_overlap_as_well()
    {
        var city = new IdealPartition(3);
        city.Children.Add(city.Children[4].Reverse());
        var fault = Faults(city).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.Duplicate);
        fault.Children.ShouldBe([4, 9]);
        fault.SquareMetres.ShouldBe(GridShape.Of(city[4], IdealPartition.Plane).SquareMetres, 1e-9);
    }

    [Fact]
    public void A_block_over_its_own_grids_overlaps_each()
    {
        var city = new IdealPartition(3);
        city.Children.Add(city.Polygon(0, 0, 2, 1));
        var faults = Faults(city);
        faults.Select(f => f.Reason).Distinct().ShouldBe([GridFaultReasons.Overlap]);
        faults.Select(f => string.Join('-', f.Children)).Order().ShouldBe(["0-9", "1-9"]);
        faults.Sum(f => f.SquareMetres).ShouldBe(GridShape.Of(city.Polygon(0, 0, 2, 1), IdealPartition.Plane).SquareMetres, 0.01);
    }

    [Fact]
    public void A_grid_beyond_the_parent_is_outside()
    {
        var city = new IdealPartition(3);
        var before = GridShape.Of(city[0], IdealPartition.Plane).SquareMetres;
        city.Children[0] = city.Moved(0, 0, -2e-3, -2e-3);
        var fault = Faults(city).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.OutsideParent);
        fault.Children.ShouldBe([0]);
        fault.SquareMetres.ShouldBe(GridShape.Of(city[0], IdealPartition.Plane).SquareMetres - before, 1e-3);
    }

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(5, 0.2)]
    [InlineData(22, 4e-4)]
    [InlineData(24, 0.9)]
    public void A_grid_that_grows_over_its_neighbours_and_over_the_parent_at_once_is_told_for_both(int grown, double share)
    {
        var city = new IdealPartition(5);
        // The border between the neighbour and the outside is paired: one piece reaches from the one to the other.
        city.Children[grown] = Snapped(city.Children[grown].Buffer(IdealPartition.Cell * share));
        var faults = GridPartition.Faults(city.Parent, city.Children, IdealPartition.Plane, new() { NoiseSquareMetres = 0 });
        double Of(params string[] reasons) => faults.Where(fault => reasons.Contains(fault.Reason)).Sum(fault => fault.Place.Area);
        var overlaps = Enumerable.Range(0, 25).Where(i => i != grown).Sum(i => OverlayNGRobust.Overlay(city.Children[i], city.Children[grown], SpatialFunction.Intersection).Area);
        Of(GridFaultReasons.Overlap, GridFaultReasons.SliverOverlap).ShouldBe(overlaps, overlaps * 1e-6);
        var outside = OverlayNGRobust.Overlay(city.Children[grown], city.Parent, SpatialFunction.Difference).Area;
        Of(GridFaultReasons.OutsideParent).ShouldBe(outside, outside * 1e-6);
        faults.Where(fault => fault.Reason == GridFaultReasons.OutsideParent).ShouldAllBe(fault => fault.Children.SequenceEqual(new[] { grown }));
    }

    [Fact]
    public void Single_grids_are_examined_too()
    {
        var city = new IdealPartition(3);
        // Two vertices swapped: the ring crosses itself.
        var ring = city[4].Coordinates;
        (ring[3], ring[8]) = (ring[8], ring[3]);
        city.Children[4] = GeoJsonReader.Factory.CreatePolygon(ring);
        var far = city.Children[8];
        city.Children[0] = GeoJsonReader.Factory.CreateMultiPolygon([city[0], (Polygon)far]);
        city.Children.RemoveAt(8);
        city.Children.Add(GeoJsonReader.Factory.CreatePolygon());
        city.Children.Add(GeoJsonReader.Factory.CreatePoint(new Coordinate(119.9, 31.7)));
        var faults = Faults(city);
        faults.Select(f => (f.Reason, string.Join(',', f.Children))).Take(4).ShouldBe(
        [
            (GridFaultReasons.Multipart, "0"), (GridFaultReasons.Invalid, "4"), (GridFaultReasons.Empty, "8"), (GridFaultReasons.NotAPolygon, "9"),
        ]);
        faults[1].Place.ShouldBeOfType<Point>();
        // What the repaired grid leaves uncovered or covers twice.
        faults.Skip(4).ShouldNotBeEmpty();
        faults.Skip(4).ShouldAllBe(f => f.Children.Contains(4));
    }

    [Fact]
    public void A_thread_of_a_grid_is_a_sliver()
    {
        var thread = new WKTReader().Read("POLYGON ((119.9 31.7, 119.91 31.7, 119.91 31.70001, 119.9 31.70001, 119.9 31.7))");
        var fault = GridPartition.Faults(thread, [thread], IdealPartition.Plane).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.Sliver);
        // 947 m × 1.109 m: 2A/P is 1.11 m.
        fault.WidthMetres.ShouldBe(1.108, 0.01);
    }

    [Fact]
    public void A_vertex_that_the_neighbour_lacks_is_a_mismatched_edge()
    {
        var children = Read(
            "POLYGON ((119.9 31.7, 119.91 31.7, 119.91 31.71, 119.9 31.71, 119.9 31.7))",
            "POLYGON ((119.9 31.71, 119.905 31.71, 119.91 31.71, 119.91 31.72, 119.9 31.72, 119.9 31.71))");
        var fault = GridPartition.Faults(null, children, IdealPartition.Plane).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.MismatchedEdge);
        fault.Children.ShouldBe([0, 1]);
        fault.Place.AsText().ShouldBe("POINT (119.905 31.71)");
        fault.SquareMetres.ShouldBe(0);
    }

    [Fact]
    public void Borders_drawn_twice_leave_a_narrow_gap_even_when_open_at_the_ends()
    {
        // 5e-6° of latitude: 0.55 m apart.
        var children = Read(
            "POLYGON ((119.9 31.7, 119.91 31.7, 119.91 31.71, 119.9 31.71, 119.9 31.7))",
            "POLYGON ((119.9 31.710005, 119.905 31.710005, 119.91 31.710005, 119.91 31.72, 119.9 31.72, 119.9 31.710005))");
        var fault = GridPartition.Faults(null, children, IdealPartition.Plane).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.NarrowGap);
        fault.Children.ShouldBe([0, 1]);
        // The shorter pieces of a parallel lie up to 1 cm off the long one's chord.
        fault.WidthMetres.ShouldBe(0.554, 0.012);
        GridPartition.Faults(null, children, IdealPartition.Plane, new() { NarrowGapMetres = 0.5 }).ShouldBeEmpty();
        var box = new WKTReader().Read("POLYGON ((119.9 31.7, 119.91 31.7, 119.91 31.72, 119.9 31.72, 119.9 31.7))");
        GridPartition.Faults(box, children, IdealPartition.Plane).Select(f => f.Reason).ShouldContain(GridFaultReasons.SliverGap);
    }

    [Fact]
    public void Gaps_overlaps_and_parts_outside_measure_as_postgis_says()
    {
        var parent = new WKTReader().Read("POLYGON((119.90 31.70,119.94 31.70,119.94 31.73,119.90 31.73,119.90 31.70))");
        var children = Read(
            "POLYGON((119.90 31.70,119.912 31.70,119.9135 31.714,119.90 31.715,119.90 31.70))",
            "POLYGON((119.911 31.70,119.94 31.70,119.94 31.713,119.925 31.7155,119.9120 31.7145,119.911 31.70))",
            "POLYGON((119.90 31.7148,119.918 31.7149,119.9175 31.73,119.90 31.73,119.90 31.7148))",
            "POLYGON((119.9178 31.7152,119.942 31.7142,119.9415 31.731,119.9174 31.7295,119.9178 31.7152))",
            "POLYGON((119.915 31.712,119.921 31.712,119.921 31.718,119.915 31.718,119.915 31.712),(119.917 31.714,119.919 31.714,119.919 31.716,119.917 31.716,119.917 31.714))");
        var faults = GridPartition.Faults(parent, children, MetricPlane.ForSrid(4549));

        // PostGIS 3.3.2: SELECT a.i, b.i, ST_Area(ST_Transform(ST_Intersection(a.g, b.g), 4549)) … WHERE ST_Overlaps(a.g, b.g)
        (string Pair, double SquareMetres)[] overlaps =
        [
            ("0-1", 187384.40984789585), ("0-2", 2639.6948960175914), ("1-2", 278.1861206532627), ("1-3", 30830.065438798396),
            ("1-4", 166542.55489254315), ("2-3", 23052.247741381667), ("2-4", 84951.53985368498), ("3-4", 87046.77557430271),
        ];
        var found = faults.Where(f => f.Reason is GridFaultReasons.Overlap or GridFaultReasons.SliverOverlap).GroupBy(f => string.Join('-', f.Children))
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Sum(f => f.SquareMetres))).ToArray();
        found.Select(f => f.Key).ShouldBe(overlaps.Select(o => o.Pair));
        // Edges of 2 km, straight in degrees, bend by centimetres in metres; here they have more vertices, where faces meet.
        for (var i = 0; i < overlaps.Length; i++) found[i].Item2.ShouldBe(overlaps[i].SquareMetres, 0.05 + 1e-4 * overlaps[i].SquareMetres);

        // SELECT ST_Area(ST_Transform((ST_Dump(ST_Difference(parent, ST_Union(g)))).geom, 4549))
        double[] gaps = [68972.53767481798, 45811.10320780675, 20539.51785007561, 1812.1400747326252, 7.113627392500157];
        var foundGaps = faults.Where(f => f.Reason is GridFaultReasons.Gap or GridFaultReasons.SliverGap).Select(f => f.SquareMetres).OrderDescending().ToArray();
        foundGaps.Length.ShouldBe(gaps.Length);
        for (var i = 0; i < gaps.Length; i++) foundGaps[i].ShouldBe(gaps[i], 0.05 + 1e-4 * gaps[i]);

        // SELECT ST_Area(ST_Transform(ST_Difference(g, parent), 4549))
        var outside = faults.Where(f => f.Reason == GridFaultReasons.OutsideParent).ToArray();
        outside.SelectMany(f => f.Children).Distinct().ShouldBe([3]);
        outside.Sum(f => f.SquareMetres).ShouldBe(376761.29409985605, 20);

        var shape = GridShape.Of(children[4], MetricPlane.ForSrid(4549));
        shape.SquareMetres.ShouldBe(336315.78179662954, 1e-4);
        shape.PerimeterMetres.ShouldBe(3290.6599481950725, 1e-5);
    }

    [Fact]
    public void Two_nets_that_have_nothing_to_do_with_each_other_are_answered_in_one_line()
    {
        var city = new IdealPartition(6);
        city.Children.AddRange(city.Children.ConvertAll(c => Shifted(c, 0.0003, 0.0004)));
        Faults(city, withParent: false).ShouldContain(f => f.Reason == GridFaultReasons.Overlap);
        var fault = GridPartition.Faults(null, city.Children, IdealPartition.Plane, new() { MaxUnmatchedEdges = 50 }).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.TooManyFaults);
        fault.Place.EnvelopeInternal.Contains(city.Parent.EnvelopeInternal).ShouldBeTrue();
    }

    [Fact]
    public void A_bad_parent_is_the_callers_mistake()
    {
        Should.Throw<ArgumentException>(() => GridPartition.Faults(new Point(0, 0), [], IdealPartition.Plane));
        Should.Throw<ArgumentException>(() => GridPartition.Faults(new WKTReader().Read("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"), [], IdealPartition.Plane));
        GridPartition.Faults(null, [], IdealPartition.Plane).ShouldBeEmpty();
        var city = new IdealPartition(2);
        GridPartition.Faults(city.Parent, [], IdealPartition.Plane).ShouldHaveSingleItem().Reason.ShouldBe(GridFaultReasons.Gap);
    }

    private static Geometry[] Read(params string[] wkts) => [.. wkts.Select(wkt => new WKTReader().Read(wkt))];

    internal static Geometry Shifted(Geometry geometry, double dLon, double dLat)
    {
        var copy = geometry.Copy();
        foreach (var c in copy.Coordinates) (c.X, c.Y) = (GeoJsonReader.Snap(c.X + dLon), GeoJsonReader.Snap(c.Y + dLat));
        copy.GeometryChanged();
        return copy;
    }

    internal static Geometry Snapped(Geometry geometry) => Shifted(geometry, 0, 0);
}
