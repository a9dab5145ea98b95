using GridMap.Geo.Grids;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public class GridCheckTests
{
    private static IReadOnlyList<GridFault> Faults(Geometry candidate, IdealPartition city, GridCheckLimits? limits = null)
        => GridCheck.Faults(candidate, city.Children, city.Parent, IdealPartition.Plane, limits);

    [Fact]
    public void A_grid_that_fits_its_place_has_no_fault()
    {
        var city = new IdealPartition(3);
        var candidate = city.Children[4];
        city.Children.RemoveAt(4);
        Faults(candidate, city).ShouldBeEmpty();
    }

    [Fact]
    public void Overlaps_name_the_neighbour_and_the_size()
    {
        var city = new IdealPartition(3);
        var fault = Faults(city.Children[4], city).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.Overlap);
        fault.Children.ShouldBe([4]);
        fault.SquareMetres.ShouldBe(GridShape.Of(city[4], IdealPartition.Plane).SquareMetres, 1e-6);
    }

    [Fact]
    public void A_part_outside_the_parent_is_measured()
    {
        var city = new IdealPartition(3);
        var candidate = city.Moved(0, 0, -2e-3, -2e-3);
        var before = GridShape.Of(city[0], IdealPartition.Plane).SquareMetres;
        city.Children.RemoveAt(0);
        var fault = Faults(candidate, city).ShouldHaveSingleItem();
        fault.Reason.ShouldBe(GridFaultReasons.OutsideParent);
        fault.SquareMetres.ShouldBe(GridShape.Of(candidate, IdealPartition.Plane).SquareMetres - before, 1e-3);
    }

    [Theory]
    [InlineData("POLYGON EMPTY", GridFaultReasons.Empty)]
    [InlineData("LINESTRING (119.9 31.7, 119.91 31.7)", GridFaultReasons.NotAPolygon)]
    [InlineData("GEOMETRYCOLLECTION (POINT (119.9 31.7))", GridFaultReasons.NotAPolygon)]
    [InlineData("POLYGON ((119.9 31.7, 119.901 31.701, 119.901 31.7, 119.9 31.701, 119.9 31.7))", GridFaultReasons.Invalid)]
    [InlineData("POLYGON ((119.9 31.7, 119.90001 31.7, 119.90001 31.70001, 119.9 31.70001, 119.9 31.7))", GridFaultReasons.TooSmall)]
    [InlineData("MULTIPOLYGON (((119.9 31.7, 119.901 31.7, 119.901 31.701, 119.9 31.7)), ((119.9015 31.7, 119.902 31.7, 119.902 31.701, 119.9015 31.7)))", GridFaultReasons.Multipart)]
    [InlineData("POLYGON ((119.9 31.7, 119.91 31.7, 119.91 31.70001, 119.9 31.70001, 119.9 31.7))", GridFaultReasons.Sliver)]
    public void What_a_grid_alone_can_do_wrong(string wkt, string reason)
        => GridCheck.Faults(new WKTReader().Read(wkt), [], null, IdealPartition.Plane).Select(f => f.Reason).ShouldContain(reason);

    [Fact]
    public void Limits_are_the_callers()
    {
        var city = new IdealPartition(2);
        var grid = city.Children[0];
        GridCheck.Faults(grid, [], null, IdealPartition.Plane, new() { MinSquareMetres = 1e6 }).ShouldHaveSingleItem().Reason.ShouldBe(GridFaultReasons.TooSmall);
        GridCheck.Faults(grid, [], null, IdealPartition.Plane, new() { MaxSquareMetres = 100 }).ShouldHaveSingleItem().Reason.ShouldBe(GridFaultReasons.TooLarge);
        var nudged = city.Moved(0, 3, 0, -1e-7);
        city.Children.RemoveAt(0);
        Faults(nudged, city, new() { ToleratedSquareMetres = 0.5 }).ShouldBeEmpty();
        Faults(nudged, city, new() { ToleratedSquareMetres = 0 }).ShouldHaveSingleItem().SquareMetres.ShouldBeLessThan(0.5);
    }
}
