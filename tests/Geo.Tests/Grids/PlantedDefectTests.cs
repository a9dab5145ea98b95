using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using NetTopologySuite.Operation.OverlayNG;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

/// <summary>Every kind of defect that people draw into grids, planted by the dozen into a clean partition: all are found, and nothing else.</summary>
public class PlantedDefectTests
{
    private static readonly MetricPlane Plane = IdealPartition.Plane;

    private static readonly string[] Gaps = [GridFaultReasons.Gap, GridFaultReasons.SliverGap, GridFaultReasons.NarrowGap];
    private static readonly string[] Overlaps = [GridFaultReasons.Overlap, GridFaultReasons.SliverOverlap];

    private static List<Geometry> Reference() => [.. File.ReadLines(ReferenceData.File("coverage/clean_600.wkbhex")).Where(line => line.Length > 0)
        .Select(line => GridPartitionTests.Snapped(Plane.ToLonLat(new WKBReader().Read(Convert.FromHexString(line)))))];

    private static Geometry InMetres(Geometry lonLat, Func<Geometry, Geometry> change) => GridPartitionTests.Snapped(Plane.ToLonLat(change(Plane.ToMetres(lonLat))));

    public static TheoryData<string, bool> Defects()
    {
        var data = new TheoryData<string, bool>();
        foreach (var kind in (string[])["shrunk-0.3m", "shrunk-3m", "grown-0.5m", "vertex-dropped", "vertex-moved", "shifted", "missing", "twice", "spike", "hole"])
        {
            data.Add(kind, true);
            data.Add(kind, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Defects))]
    public void Planted_defects_are_found_at_each_place(string kind, bool withParent)
    {
        var city = new IdealPartition(20);
        // Every seventh of the inner ones: no two next to each other.
        int[] spoiled = [.. Enumerable.Range(0, 400).Where(i => i % 20 is > 0 and < 19 && i / 20 is > 0 and < 19 && i % 20 % 3 == 1 && i / 20 % 3 == 1)];
        spoiled.Length.ShouldBe(36);
        Plant(city.Children, spoiled, kind);
        var faults = GridPartition.Faults(withParent ? city.Parent : null, city.Children, Plane, new() { NoiseSquareMetres = 0 });
        Check(faults, spoiled, kind, city.Children.Count);
    }

    [ReferenceFact]
    public void Defects_planted_into_the_clean_reference_are_found()
    {
        var clean = Reference();
        GridPartition.Faults(null, clean, Plane).ShouldBeEmpty();
        GridCuts.Enclaves(clean, Plane).ShouldBeEmpty();
        var parent = CoverageUnion.Union(GeoJsonReader.Factory.BuildGeometry(clean));
        var inner = Enumerable.Range(0, clean.Count).Where(i => !clean[i].EnvelopeInternal.Intersects(parent.Boundary.EnvelopeInternal) || !clean[i].Intersects(parent.Boundary)).ToArray();
        // One after the other, none touching another.
        var spoiled = new List<int>();
        foreach (var i in inner)
        {
            if (spoiled.Count < 20 && !spoiled.Exists(j => clean[j].IsWithinDistance(clean[i], 0.003))) spoiled.Add(i);
        }

        spoiled.Count.ShouldBeGreaterThan(10);
        foreach (var kind in Defects().Select(row => (string)row[0]).Distinct())
        {
            List<Geometry> children = [.. clean];
            Plant(children, spoiled, kind);
            Check(GridPartition.Faults(parent, children, Plane, new() { NoiseSquareMetres = 0 }), spoiled, kind, children.Count);
            Check(GridPartition.Faults(null, children, Plane, new() { NoiseSquareMetres = 0 }), spoiled, kind, children.Count);
        }
    }

    private static void Plant(List<Geometry> children, IReadOnlyList<int> spoiled, string kind)
    {
        foreach (var i in spoiled)
        {
            var ring = children[i].Coordinates;
            children[i] = kind switch
            {
                "shrunk-0.3m" => InMetres(children[i], g => g.Buffer(-0.3)),
                "shrunk-3m" => InMetres(children[i], g => g.Buffer(-3)),
                "grown-0.5m" => InMetres(children[i], g => g.Buffer(0.5)),
                "vertex-dropped" => GeoJsonReader.Factory.CreatePolygon([.. ring.Where((_, v) => v != 3)]),
                "vertex-moved" => GeoJsonReader.Factory.CreatePolygon([.. ring.Select((at, v) => v == 3 ? new Coordinate(GeoJsonReader.Snap(at.X + 3e-6), GeoJsonReader.Snap(at.Y + 4e-6)) : at.Copy())]),
                "shifted" => GridPartitionTests.Shifted(children[i], 5e-6, 7e-6),
                "spike" => GeoJsonReader.Factory.CreatePolygon([.. ring[..3], new Coordinate(GeoJsonReader.Snap(ring[2].X + (children[i].Centroid.X - ring[2].X) * -0.3), GeoJsonReader.Snap(ring[2].Y + (children[i].Centroid.Y - ring[2].Y) * -0.3)), .. ring[3..]]),
                "hole" => InMetres(children[i], g => g.Difference(g.InteriorPoint.Buffer(4))),
                _ => children[i],
            };
        }

        if (kind == "twice") children.AddRange(spoiled.Select(i => children[i].Copy()).ToArray());
        if (kind == "missing")
        {
            foreach (var i in spoiled.OrderDescending()) children[i] = GeoJsonReader.Factory.CreatePolygon();
        }
    }

    private static void Check(IReadOnlyList<GridFault> faults, IReadOnlyList<int> spoiled, string kind, int count)
    {
        string[] expected = kind switch
        {
            "shrunk-0.3m" or "shrunk-3m" or "hole" => Gaps,
            "grown-0.5m" => Overlaps,
            "twice" => [GridFaultReasons.Duplicate],
            "missing" => [GridFaultReasons.Gap],
            _ => [.. Gaps, .. Overlaps],
        };
        var found = faults.Where(fault => expected.Contains(fault.Reason)).ToArray();
        if (kind == "missing") found.Length.ShouldBe(spoiled.Count);
        else
        {
            foreach (var i in spoiled) found.ShouldContain(fault => fault.Children.Contains(i), $"{kind} {i} of {count}");
            // No alarm that has nothing to do with what was planted.
            faults.Where(fault => !fault.Children.Any(spoiled.Contains)).ShouldBeEmpty(kind);
        }
    }

    [Fact]
    public void A_hole_that_touches_the_outer_ring_is_named_as_is_an_enclave()
    {
        var touching = ArcPartitionTests.Read("POLYGON((119.9 31.7,119.91 31.7,119.91 31.71,119.9 31.71,119.9 31.7),(119.9 31.7,119.902 31.704,119.904 31.702,119.9 31.7))", "POLYGON((119.9 31.7,119.904 31.702,119.902 31.704,119.9 31.7))");
        var fault = GridPartition.Faults(null, touching, Plane).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.SelfTouching);
        fault.Place.AsText().ShouldBe("POINT (119.9 31.7)");
        var enclave = GridCuts.Enclaves(touching, Plane).ShouldHaveSingleItem();
        enclave.Children.ShouldBe([0, 1]);
        enclave.SquareMetres.ShouldBe(GridShape.Of(touching[1], Plane).SquareMetres, 1e-6);
    }

    [Fact]
    public void A_border_through_a_building_is_named_with_what_it_cuts_off()
    {
        var grids = ArcPartitionTests.Read("POLYGON((119.9 31.7,119.91 31.7,119.91 31.71,119.9 31.71,119.9 31.7))", "POLYGON((119.91 31.7,119.92 31.7,119.92 31.71,119.91 31.71,119.91 31.7))");
        var buildings = ArcPartitionTests.Read(
            "POLYGON((119.905 31.705,119.9055 31.705,119.9055 31.7055,119.905 31.7055,119.905 31.705))",
            "POLYGON((119.9097 31.705,119.9101 31.705,119.9101 31.7055,119.9097 31.7055,119.9097 31.705))",
            "POLYGON((119.9095 31.703,119.91 31.703,119.91 31.7035,119.9095 31.7035,119.9095 31.703))");
        var cut = GridCuts.Faults(grids, buildings, GridFaultReasons.CutsBuilding, Plane).ShouldHaveSingleItem();
        cut.Thing.ShouldBe(1);
        cut.Children.ShouldBe([0, 1]);
        cut.SquareMetres.ShouldBe(GridShape.Of(buildings[1], Plane).SquareMetres / 4, 0.1);
    }

    [Fact]
    public void Meshes_outside_the_band_are_ranked()
    {
        var city = new IdealPartition(2);
        GridIndicators[] has = [new(520, 1500, 9000, 40, 80, 3), new(400, 1200, 9000, 40, 80, 3), new(900, 2500, 9000, 40, 80, 16), new(120, 300, 9000, 40, 80, 3)];
        var faults = MeshLimits.Usual.Faults(city.Children, has);
        faults.Select(fault => (fault.Reason, fault.Children[0], fault.Indicator)).ShouldBe(
        [
            (GridFaultReasons.MeshTooLarge, 2, "households"), (GridFaultReasons.MeshTooLarge, 2, "minutesAcross"), (GridFaultReasons.MeshTooLarge, 0, "households"), (GridFaultReasons.MeshTooSmall, 3, "households"),
        ]);
        faults[0].Value.ShouldBe(900);
        faults[0].Limit.ShouldBe(500);
        // Corner to corner of a crooked square of some 94.7 m by 110.9 m.
        GridIndicators.MetresAcross(city.Children[0], Plane).ShouldBe(double.Hypot(94.7, 110.9), 12);
    }

    [Fact]
    public void Two_nets_are_compared_by_common_land_and_borders()
    {
        var city = new IdealPartition(4);
        // Four grids each of the other net: two by two, so every grid is nested, and half of the inner borders agree.
        Geometry[] blocks = [city.Polygon(0, 0, 2, 2), city.Polygon(2, 0, 2, 2), city.Polygon(0, 2, 2, 2), city.Polygon(2, 2, 2, 2)];
        var matrix = NetMatrix.Of(city.Children, blocks, Plane);
        matrix.Nested.ShouldBe(16);
        matrix.Overlaps.Count.ShouldBe(16);
        matrix.Overlaps.Sum(pair => pair.SquareMetres).ShouldBe(GridShape.Of(city.Parent, Plane).SquareMetres, 0.1);
        matrix.Overlaps.GroupBy(pair => pair.B).ShouldAllBe(group => Math.Abs(group.Sum(pair => pair.ShareOfB) - 1) < 1e-6);
        matrix.AlongMetres.ShouldBe(matrix.BorderMetres * 24 / 40, matrix.BorderMetres * 0.02);

        Geometry[] halves = [GridPartitionTests.Shifted(city.Polygon(0, 0, 2, 4), 0.0005, 0), city.Polygon(3, 0, 1, 4)];
        var crossed = NetMatrix.Of(city.Children, halves, Plane);
        foreach (var row in crossed.Overlaps.GroupBy(pair => pair.A)) row.Sum(pair => pair.ShareOfA).ShouldBeLessThanOrEqualTo(1 + 1e-6);
        crossed.Overlaps.Where(pair => pair.A % 4 == 0).ShouldAllBe(pair => Math.Abs(pair.ShareOfA - 0.5) < 0.1);
    }

    [Fact]
    public void Nets_of_other_borders_numbers_and_cover_are_compared_by_hand()
    {
        // Four columns of 100 by 300 against two rows that begin 50 in, end 50 early and leave the uppermost third alone: nothing agrees, all is arithmetic.
        const double unit = 1e-5;
        Polygon Box(double west, double south, double east, double north) => (Polygon)GeoJsonReader.Factory.ToGeometry(new Envelope(119.9 + west * unit, 119.9 + east * unit, 31.7 + south * unit, 31.7 + north * unit));
        Geometry[] columns = [.. Enumerable.Range(0, 4).Select(i => Box(100 * i, 0, 100 * (i + 1), 300))], rows = [Box(50, 0, 350, 80), Box(50, 80, 350, 200)];
        var matrix = NetMatrix.Of(columns, rows, Plane);
        matrix.Nested.ShouldBe(0);
        matrix.Overlaps.Select(pair => (pair.A, pair.B)).ShouldBe([(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 1)]);
        double[] ofColumn = [50 * 80 / 30_000.0, 50 * 120 / 30_000.0, 80 / 300.0, 120 / 300.0, 80 / 300.0, 120 / 300.0, 50 * 80 / 30_000.0, 50 * 120 / 30_000.0];
        double[] ofRow = [50 / 300.0, 50 / 300.0, 100 / 300.0, 100 / 300.0, 100 / 300.0, 100 / 300.0, 50 / 300.0, 50 / 300.0];
        for (var i = 0; i < ofColumn.Length; i++)
        {
            matrix.Overlaps[i].ShareOfA.ShouldBe(ofColumn[i], 1e-4);
            matrix.Overlaps[i].ShareOfB.ShouldBe(ofRow[i], 1e-4);
        }

        // Only the lower border from 50 to 350 is a border of both.
        (matrix.AlongMetres / matrix.BorderMetres).ShouldBe(300 * 0.853 / (2 * 400 * 0.853 + 5 * 300), 0.01);
        var other = NetMatrix.Of(rows, columns, Plane);
        other.Overlaps.OrderBy(pair => pair.B).ThenBy(pair => pair.A).Select(pair => Math.Round(pair.ShareOfB, 9))
            .ShouldBe(matrix.Overlaps.Select(pair => Math.Round(pair.ShareOfA, 9)));
    }
}
