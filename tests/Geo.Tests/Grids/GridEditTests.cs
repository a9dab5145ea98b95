using System.Diagnostics;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using NetTopologySuite.Operation.OverlayNG;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public class GridEditTests
{
    private static IReadOnlyList<GridFault> Exact(ArcPartition partition)
        => GridPartition.Faults(null, [.. partition.Faces.Select(partition.PolygonOf)], IdealPartition.Plane, new() { MinGridWidthMetres = 0, NoiseSquareMetres = 0 });

    /// <summary>Two squares side by side, 0.01° wide, with a vertex every 0.001°.</summary>
    private static ArcPartition Two()
        => ArcPartition.Build(null, [Square(119.9), Square(119.91)], IdealPartition.Plane).Partition.ShouldNotBeNull();

    private static Polygon Square(double west)
    {
        var ring = new List<Coordinate>();
        for (var i = 0; i < 10; i++) ring.Add(At(west + i * 0.001, 31.7));
        for (var i = 0; i < 10; i++) ring.Add(At(west + 0.01, 31.7 + i * 0.001));
        for (var i = 10; i > 0; i--) ring.Add(At(west + i * 0.001, 31.71));
        for (var i = 10; i > 0; i--) ring.Add(At(west, 31.7 + i * 0.001));
        ring.Add(ring[0].Copy());
        return GeoJsonReader.Factory.CreatePolygon([.. ring]);
    }

    private static Coordinate At(double lon, double lat) => new(GeoJsonReader.Snap(lon), GeoJsonReader.Snap(lat));

    private static LineString Line(params double[] at)
        => GeoJsonReader.Factory.CreateLineString([.. Enumerable.Range(0, at.Length / 2).Select(i => new Coordinate(at[2 * i], at[2 * i + 1]))]);

    private static Polygon Area(string wkt) => (Polygon)new WKTReader().Read(wkt);

    [Fact]
    public void A_line_from_border_to_border_splits_and_the_larger_piece_keeps_the_number()
    {
        var partition = Two();
        var bytes = partition.ToBytes();
        var before = partition.PolygonOf(0);
        // It begins and ends outside, and bends.
        var change = GridEdit.Split(partition, [0], [Line(119.8995, 31.703, 119.905, 31.7042, 119.9100003, 31.7030002)]).Change.ShouldNotBeNull();
        change.NewFaces.ShouldBe([new(2, 0)]);
        partition.ShapeOf(0).SquareMetres.ShouldBeGreaterThan(partition.ShapeOf(2).SquareMetres);
        CoverageUnion.Union(GeoJsonReader.Factory.BuildGeometry([partition.PolygonOf(0), partition.PolygonOf(2)])).EqualsTopologically(before).ShouldBeTrue();
        // Both ends go to vertices of borders within reach, so the neighbour is as it was; the outer border is as it was.
        change.Touched.ShouldBe([0, 2]);
        Exact(partition).ShouldBeEmpty();
        partition.Apply(change.Inverse());
        partition.ToBytes().ShouldBe(bytes);
    }

    [Fact]
    public void A_border_gets_a_vertex_where_a_new_one_begins_and_the_neighbour_is_named()
    {
        var partition = Two();
        var change = GridEdit.Split(partition, [0], [Line(119.8999, 31.703, 119.905, 31.7042, 119.911, 31.7035)]).Change.ShouldNotBeNull();
        change.Touched.ShouldBe([0, 1, 2]);
        partition.PolygonOf(1).NumPoints.ShouldBe(42);
        Exact(partition).ShouldBeEmpty();
    }

    [Fact]
    public void Several_lines_at_once_make_as_many_pieces_as_they_cut()
    {
        var partition = Two();
        GridEdit.Split(partition, [0, 1], [Line(119.89, 31.703, 119.93, 31.703), Line(119.905, 31.69, 119.905, 31.72), Line(119.915, 31.7, 119.915, 31.71)]).Change!.NewFaces.Count.ShouldBe(6);
        partition.FaceCount.ShouldBe(8);
        Exact(partition).ShouldBeEmpty();
    }

    [Fact]
    public void A_closed_line_cuts_out_an_island_and_merging_takes_it_back()
    {
        var partition = Two();
        var before = partition.PolygonOf(0);
        GridEdit.Split(partition, [0], [Line(119.903, 31.703, 119.906, 31.703, 119.906, 31.706, 119.903, 31.706, 119.903, 31.703)]).IsDone.ShouldBeTrue();
        partition.PolygonOf(0).NumInteriorRings.ShouldBe(1);
        GridEdit.Merge(partition, 1, [2]).Reason.ShouldBe(GridEditReasons.NotContiguous);
        GridEdit.Merge(partition, 0, [2]).Change!.GoneFaces.ShouldBe([new(2, 0)]);
        partition.PolygonOf(0).Normalized().EqualsExact(before.Normalized()).ShouldBeTrue();
    }

    [Fact]
    public void A_drawn_border_replaces_the_shared_one()
    {
        var partition = Two();
        var whole = partition.ShapeOf(0).SquareMetres + partition.ShapeOf(1).SquareMetres;
        // Out into the east and back, then into the west and back to the border.
        GridEdit.Reshape(partition, 0, 1, Line(119.91, 31.701, 119.913, 31.703, 119.91, 31.705, 119.907, 31.707, 119.91, 31.709)).Change!.Touched.ShouldBe([0, 1]);
        partition.PolygonOf(0).Contains(GeoJsonReader.Factory.CreatePoint(new Coordinate(119.912, 31.703))).ShouldBeTrue();
        partition.PolygonOf(1).Contains(GeoJsonReader.Factory.CreatePoint(new Coordinate(119.908, 31.707))).ShouldBeTrue();
        (partition.ShapeOf(0).SquareMetres + partition.ShapeOf(1).SquareMetres).ShouldBe(whole, 0.05);
        Exact(partition).ShouldBeEmpty();
        GridEdit.Reshape(partition, 0, 1, Line(119.902, 31.702, 119.904, 31.704)).Reason.ShouldBe(GridEditReasons.LineMovesNoBorder);
    }

    [Theory]
    [InlineData("along-border", 119.91, 31.701, 119.91, 31.704, 119.91, 31.706)]
    [InlineData("along-border", 119.91, 31.70123, 119.91, 31.7046, 119.91, 31.706)]
    [InlineData("along-border", 119.91, 31.706, 119.91, 31.701)]
    [InlineData("moves-no-border", 119.91, 31.701, 119.907, 31.703)]
    [InlineData("moves-no-border", 119.9, 31.701, 119.9, 31.703)]
    public void A_line_that_moves_no_border_is_told_why(string reason, params double[] at)
    {
        var partition = Two();
        var bytes = partition.ToBytes();
        GridEdit.Reshape(partition, 0, 1, Line(at)).Reason.ShouldBe($"edit.line-{reason}");
        partition.ToBytes().ShouldBe(bytes);
    }

    [Fact]
    public void An_area_changes_hands_and_a_new_grid_takes_from_both()
    {
        var partition = Two();
        GridEdit.Transfer(partition, Area("POLYGON((119.908 31.703,119.9112 31.703,119.9112 31.706,119.908 31.706,119.908 31.703))"), 1).IsDone.ShouldBeTrue();
        partition.PolygonOf(1).Contains(GeoJsonReader.Factory.CreatePoint(new Coordinate(119.909, 31.704))).ShouldBeTrue();
        var drawn = GridEdit.Draw(partition, Area("POLYGON((119.905 31.702,119.913 31.702,119.913 31.7045,119.905 31.7045,119.905 31.702))")).Change.ShouldNotBeNull();
        drawn.Touched.ShouldBe([0, 1, 2]);
        partition.ShapeOf(2).SquareMetres.ShouldBe(GridShape.Of(Area("POLYGON((119.905 31.702,119.913 31.702,119.913 31.7045,119.905 31.7045,119.905 31.702))"), IdealPartition.Plane).SquareMetres, 60);
        Exact(partition).ShouldBeEmpty();
        // A band through the middle would leave grid 0 in two.
        GridEdit.Draw(partition, Area("POLYGON((119.89 31.7071,119.912 31.7071,119.912 31.7078,119.89 31.7078,119.89 31.7071))")).Reason.ShouldBe(GridEditReasons.NotContiguous);
    }

    [Fact]
    public void Vertices_come_move_and_go_on_both_sides()
    {
        var partition = Two();
        GridEdit.InsertVertex(partition, At(119.9101, 31.7045), 20).Change!.Touched.ShouldBe([0, 1]);
        GridEdit.MoveVertex(partition, At(119.9101, 31.7045), At(119.9112, 31.7046)).Change!.Touched.ShouldBe([0, 1]);
        partition.PolygonOf(0).Coordinates.ShouldContain(At(119.9112, 31.7046));
        partition.PolygonOf(1).Coordinates.ShouldContain(At(119.9112, 31.7046));
        GridEdit.DeleteVertex(partition, At(119.9112, 31.7046)).IsDone.ShouldBeTrue();
        partition.PolygonOf(0).NumPoints.ShouldBe(41);
        GridEdit.MoveVertex(partition, At(119.91, 31.704), At(119.93, 31.704)).Reason.ShouldBe(GridEditReasons.BordersCross);
        GridEdit.MoveVertex(partition, At(119.91, 31.704), At(119.9, 31.704)).Reason.ShouldBe(GridEditReasons.TouchesItself);
        GridEdit.MoveVertex(partition, At(119.9, 31.704), At(119.901, 31.704)).Reason.ShouldBe(GridEditReasons.BorderIsFixed);
        GridEdit.DeleteVertex(partition, At(119.91, 31.70456)).Reason.ShouldBe(GridEditReasons.NoVertexHere);
    }

    [Fact]
    public void Simplifying_takes_the_straight_ones_out_on_both_sides()
    {
        var partition = Two();
        GridEdit.Simplify(partition, [0], 0.5).Change!.Touched.ShouldBe([0, 1]);
        // Nine inner vertices of the shared border lie on a line; the outer border keeps its own.
        partition.PolygonOf(0).NumPoints.ShouldBe(41 - 9);
        partition.PolygonOf(1).NumPoints.ShouldBe(41 - 9);
        Exact(partition).ShouldBeEmpty();
    }

    [Fact]
    public void A_whole_city_is_simplified_and_stays_a_partition()
    {
        var city = new IdealPartition(12);
        var partition = ArcPartitionTests.Built(city);
        var before = partition.Arcs.Sum(arc => arc.Vertices.Length);
        GridEdit.Simplify(partition, [.. partition.Faces], 200).IsDone.ShouldBeTrue();
        partition.Arcs.Sum(arc => arc.Vertices.Length).ShouldBeLessThan(before / 2);
        GridPartition.Faults(city.Parent, [.. partition.Faces.Select(partition.PolygonOf)], IdealPartition.Plane).ShouldBeEmpty();
    }

    [Fact]
    public void A_border_is_led_along_the_street_beside_it()
    {
        var partition = Two();
        // A crooked street 15 m east of the border, and one that leads away.
        var street = Line(119.91, 31.7, 119.91015, 31.7015, 119.91017, 31.705, 119.91013, 31.7085, 119.91, 31.71);
        var change = GridEdit.SnapToStreets(partition, 0, 1, [street, Line(119.91017, 31.705, 119.918, 31.705)], 30).Change.ShouldNotBeNull();
        change.Touched.ShouldBe([0, 1]);
        var shared = partition.ArcsOf(0).Single(arc => arc.Beyond(0) == 1);
        shared.Vertices.ToArray().Select(v => v.ToCoordinate()).Order().ShouldBe(street.Coordinates.Select(c => At(c.X, c.Y)).Order());
        Exact(partition).ShouldBeEmpty();
        GridEdit.SnapToStreets(partition, 0, 1, [Line(119.95, 31.7, 119.95, 31.71)]).Reason.ShouldBe(GridEditReasons.NoStreetNear);
    }

    public static TheoryData<string, string> Hostile() => new()
    {
        { "POLYGON((119.903 31.703,119.907 31.707,119.907 31.703,119.903 31.707,119.903 31.703))", GridEditReasons.NoAreaLeft },
        { "POLYGON((119.903 31.703,119.907 31.707,119.907 31.703,119.903 31.708,119.903 31.703))", GridEditReasons.BordersCross },
        { "POLYGON((119.903 31.703,119.907 31.703,119.903 31.703,119.903 31.703))", GridEditReasons.TooFewVertices },
        { "POLYGON((119.903 31.703,119.907 31.703,119.907 31.703000001,119.903 31.703000001,119.903 31.703))", GridEditReasons.TooFewVertices },
        { "POLYGON((119.903 31.703,119.907 31.703,119.907 31.7030001,119.903 31.7030001,119.903 31.703))", GridEditReasons.NothingChanges },
        { "POLYGON((119.903 31.703,119.907 NaN,119.907 31.707,119.903 31.703))", GridEditReasons.OffTheMap },
        { "POLYGON((19.903 31.703,19.907 31.703,19.907 31.707,19.903 31.703))", GridEditReasons.OffTheMap },
        { "POLYGON((-179 -80,179 -80,179 80,-179 80,-179 -80))", GridEditReasons.OffTheMap },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_areas_are_answered_by_name_and_leave_no_trace(string wkt, string expected)
    {
        var partition = Two();
        var bytes = partition.ToBytes();
        var result = GridEdit.Draw(partition, new WKTReader().Read(wkt));
        result.Reason.ShouldBe(expected, result.Detail);
        partition.ToBytes().ShouldBe(bytes);
    }

    [Theory]
    [InlineData("zigzag")]
    [InlineData("star")]
    [InlineData("huge")]
    [InlineData("infinite")]
    [InlineData("point")]
    public void Hostile_lines_are_answered_by_name_in_bounded_time(string kind)
    {
        var partition = Two();
        var bytes = partition.ToBytes();
        var random = new Random(1);
        var watch = Stopwatch.StartNew();
        var line = kind switch
        {
            "zigzag" => Line([.. Enumerable.Range(0, 4_000).SelectMany(i => (double[])[119.9 + i * 5e-6, i % 2 == 0 ? 31.69 : 31.72])]),
            "star" => Line([.. Enumerable.Range(0, 4_000).SelectMany(_ => (double[])[119.9 + random.NextDouble() * 0.02, 31.7 + random.NextDouble() * 0.01])]),
            "huge" => Line([.. Enumerable.Range(0, 100_000).SelectMany(i => (double[])[119.9 + i * 2e-7, 31.705])]),
            "infinite" => Line(119.9, double.PositiveInfinity, 119.91, 31.7),
            _ => Line(119.905, 31.705, 119.905, 31.705),
        };
        var result = GridEdit.Split(partition, [0], [line]);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        result.IsDone.ShouldBeFalse();
        string[] expected = kind switch
        {
            "huge" => [GridEditReasons.TooManyVertices],
            "infinite" => [GridEditReasons.OffTheMap],
            "point" => [GridEditReasons.TooFewVertices],
            "star" => [GridEditReasons.TooComplex],
            _ => [GridEditReasons.TooSmall, GridEditReasons.TooComplex, GridEditReasons.NoBorderVertexNear],
        };
        expected.ShouldContain(result.Reason, result.Detail);
        partition.ToBytes().ShouldBe(bytes);
    }

    [Fact]
    public void A_grid_with_a_hundred_thousand_vertices_is_built_and_edited()
    {
        const int n = 100_000;
        var ring = Enumerable.Range(0, n).Select(i => At(119.9 + Math.Cos(Math.Tau * i / n) * (0.02 + i % 2 * 1e-6), 31.7 + Math.Sin(Math.Tau * i / n) * (0.02 + i % 2 * 1e-6))).ToList();
        ring.Add(ring[0].Copy());
        var watch = Stopwatch.StartNew();
        var polygon = GeoJsonReader.Factory.CreatePolygon([.. ring]);
        var partition = ArcPartition.Build(polygon, [polygon], IdealPartition.Plane).Partition.ShouldNotBeNull();
        var built = watch.Elapsed;
        var split = GridEdit.Split(partition, [0], [Line(119.9, 31.6, 119.9003, 31.8)]);
        split.IsDone.ShouldBeTrue(split.Detail);
        partition.PolygonOf(0).IsValid.ShouldBeTrue();
        (watch.Elapsed - built).ShouldBeLessThan(TimeSpan.FromSeconds(20), $"built in {built}");
    }

    [Fact]
    public void One_grid_drawn_elsewhere_leaves_the_others_be()
    {
        var partition = ArcPartitionTests.Built(new IdealPartition(4));
        var before = partition.Faces.ToDictionary(face => face, face => partition.PolygonOf(face).Area);
        var middle = partition.PolygonOf(5).InteriorPoint.Coordinate;
        var square = (Polygon)GeoJsonReader.Factory.ToGeometry(new Envelope(middle.X - 0.0002, middle.X + 0.0002, middle.Y - 0.0002, middle.Y + 0.0002));
        GridEdit.Redraw(partition, [.. partition.Faces], [new(square)], out var names).IsDone.ShouldBeTrue();
        partition.FaceCount.ShouldBe(17);
        names.ShouldBe([16]);
        partition.PolygonOf(16).Area.ShouldBe(square.Area, square.Area * 1e-3);
        foreach (var (face, area) in before) partition.PolygonOf(face).Area.ShouldBe(face == 5 ? area - square.Area : area, 1e-11);
    }
}
