using GridMap.Geo.Grids;
using NetTopologySuite.Geometries;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public class PartitionRepairTests
{
    private static IReadOnlyList<GridFault> Faults(IdealPartition city) => GridPartition.Faults(city.Parent, city.Children, IdealPartition.Plane, new() { NoiseSquareMetres = 0 });

    private static void Repair(IdealPartition city, GridFault fault, int? winner = null)
    {
        var repaired = PartitionRepair.Repair(city.Parent, city.Children, fault, winner);
        repaired.Reason.ShouldBeNull(repaired.Detail);
        foreach (var (grid, polygon) in repaired.Grids!) city.Children[grid] = polygon;
    }

    [Theory]
    [InlineData(1e-7)]
    [InlineData(1e-5)]
    [InlineData(2e-4)]
    [InlineData(-1e-5)]
    [InlineData(-2e-4)]
    public void A_vertex_moved_on_one_side_only_is_put_right(double dLat)
    {
        var city = new IdealPartition(3);
        city.Children[4] = city.Moved(4, 3, 3.3e-6, dLat);
        var fault = Faults(city).ShouldHaveSingleItem();
        PartitionRepair.IsSafe(fault).ShouldBe(Math.Abs(dLat) < 1e-4);
        Repair(city, fault);
        Faults(city).ShouldBeEmpty();
        ArcPartition.Build(city.Parent, city.Children, IdealPartition.Plane).Partition.ShouldNotBeNull();
    }

    [Fact]
    public void A_gap_goes_to_whom_the_planner_says()
    {
        var city = new IdealPartition(3);
        city.Children[4] = city.Moved(4, 3, 0, 2e-4);
        var (one, four) = (city[1].Area, city[4].Area);
        Repair(city, Faults(city)[0], winner: 1);
        city[1].Area.ShouldBeGreaterThan(one);
        city[4].Area.ShouldBe(four, 1e-12);
        Faults(city).ShouldBeEmpty();
        PartitionRepair.Repair(city.Parent, city.Children, new(GridFaultReasons.Gap, city[4], 1, 1, [], ""), winner: 8).Reason.ShouldNotBeNull();
    }

    [Fact]
    public void What_lies_outside_is_cut_off()
    {
        var city = new IdealPartition(3);
        city.Children[0] = city.Moved(0, 0, -2e-3, -2e-3);
        Repair(city, Faults(city).ShouldHaveSingleItem());
        Faults(city).ShouldBeEmpty();
    }

    [Fact]
    public void A_border_gets_the_vertex_it_lacks()
    {
        var children = ArcPartitionTests.Read(
            "POLYGON ((119.9 31.7, 119.91 31.7, 119.91 31.71, 119.9 31.71, 119.9 31.7))",
            "POLYGON ((119.9 31.71, 119.905 31.71, 119.91 31.71, 119.91 31.72, 119.9 31.72, 119.9 31.71))");
        var fault = GridPartition.Faults(null, children, IdealPartition.Plane).ShouldHaveSingleItem();
        PartitionRepair.IsSafe(fault).ShouldBeTrue();
        var repaired = PartitionRepair.Repair(null, children, fault).Grids.ShouldNotBeNull().ShouldHaveSingleItem();
        repaired.Key.ShouldBe(0);
        repaired.Value.Coordinates.ShouldContain(new Coordinate(119.905, 31.71));
    }

    [Fact]
    public void Repeated_repair_makes_a_partition_of_a_spoiled_one()
    {
        var city = new IdealPartition(6);
        var random = new Random(3);
        for (var i = 0; i < 36; i++) city.Children[i] = city.Moved(i, 1 + random.Next(20), (random.NextDouble() - 0.5) * 1e-5, (random.NextDouble() - 0.5) * 1e-5);
        var rounds = 0;
        for (var faults = Faults(city); faults.Count > 0; faults = Faults(city))
        {
            (++rounds).ShouldBeLessThan(200, string.Join("; ", faults.Take(3)));
            // What is thinner than the lattice goes with the fault beside it.
            Repair(city, faults.First(fault => PartitionRepair.Repair(city.Parent, city.Children, fault).Grids is not null));
        }

        rounds.ShouldBeGreaterThan(10);
        ArcPartition.Build(city.Parent, city.Children, IdealPartition.Plane).Partition.ShouldNotBeNull();
    }
}
