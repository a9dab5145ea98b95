using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using NetTopologySuite.Algorithm.Match;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public sealed class PinchRepairTests
{
    private const string Frame = "119.9 31.7,119.91 31.7,119.91 31.71,119.9 31.71,119.9 31.7";

    private static Geometry[] Read(params string[] grids) => [.. grids.Select(text => new WKTReader(GeoJsonReader.Factory.GeometryServices).Read(text))];

    [Theory]
    [InlineData("119.9 31.7,119.902 31.704,119.904 31.702,119.9 31.7")] // in the corner of the frame
    [InlineData("119.905 31.7,119.903 31.704,119.907 31.704,119.905 31.7")] // on its edge
    public void A_hole_that_touches_the_outer_border_is_parted_from_it(string hole)
    {
        var onEdge = hole.StartsWith("119.905", StringComparison.Ordinal);
        var frame = onEdge ? Frame.Replace("119.9 31.7,119.91 31.7,", "119.9 31.7,119.905 31.7,119.91 31.7,", StringComparison.Ordinal) : Frame;
        var grids = Read($"POLYGON(({frame}),({hole}))", $"POLYGON(({hole}))");
        var parent = Read($"POLYGON(({frame}))")[0];
        var fault = GridPartition.Faults(parent, grids, IdealPartition.Plane).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.SelfTouching);

        var repaired = PartitionRepair.Repair(parent, grids, fault).Grids.ShouldNotBeNull();

        repaired.Keys.Order().ShouldBe([0, 1]);
        GridPartition.Faults(parent, [repaired[0], repaired[1]], IdealPartition.Plane).ShouldBeEmpty();
        ArcPartition.Build(parent, [repaired[0], repaired[1]], IdealPartition.Plane).Partition.ShouldNotBeNull();
        // A triangle of at most a metre to either side, and what the lattice's half step makes of borders of half a kilometre.
        var given = GridShape.Of((Polygon)grids[1], IdealPartition.Plane).SquareMetres - GridShape.Of(repaired[1], IdealPartition.Plane).SquareMetres;
        given.ShouldBeInRange(-5, 5);
        repaired[0].Distance(repaired[1].Boundary).ShouldBe(0);
        new HausdorffSimilarityMeasure().Measure(repaired[1], grids[1]).ShouldBeGreaterThan(0.99);
        repaired[0].NumPoints.ShouldBe(grids[0].NumPoints + 1);
    }

    [Fact]
    public void Two_holes_that_touch_each_other_are_parted()
    {
        const string left = "119.902 31.702,119.902 31.706,119.905 31.704,119.902 31.702", right = "119.905 31.704,119.908 31.706,119.908 31.702,119.905 31.704";
        var grids = Read($"POLYGON(({Frame}),({left}),({right}))", $"POLYGON(({left}))", $"POLYGON(({right}))");
        var fault = GridPartition.Faults(null, grids, IdealPartition.Plane).ShouldHaveSingleItem();

        var repaired = PartitionRepair.Repair(null, grids, fault).Grids.ShouldNotBeNull();

        Geometry[] now = [.. grids.Select((grid, i) => repaired.GetValueOrDefault(i) ?? grid)];
        ArcPartition.Build(null, now, IdealPartition.Plane).Partition.ShouldNotBeNull();
        repaired.Count.ShouldBe(2);
    }

    [Fact]
    public void What_nobody_beside_can_give_way_to_is_left_to_a_person()
    {
        // The hole is filled by two grids that both come to the point.
        const string hole = "119.9 31.7,119.902 31.704,119.904 31.702,119.9 31.7";
        var grids = Read($"POLYGON(({Frame}),({hole.Replace("119.904", "119.903 31.703,119.904", StringComparison.Ordinal)}))",
            "POLYGON((119.9 31.7,119.903 31.703,119.902 31.704,119.9 31.7))", "POLYGON((119.9 31.7,119.904 31.702,119.903 31.703,119.9 31.7))");
        var fault = GridPartition.Faults(null, grids, IdealPartition.Plane).ShouldHaveSingleItem();
        var refused = PartitionRepair.Repair(null, grids, fault);
        refused.Grids.ShouldBeNull();
        refused.Reason.ShouldBe(GridEditReasons.TouchesItself);
    }
}
