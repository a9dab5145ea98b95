using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

/// <summary>
/// A vertex exactly on a neighbour's straight border, in lattice steps: the doubles nearest to the three places are mostly not in line, so it may not be told from them.
/// </summary>
public sealed class LatticeMismatchTests
{
    private static readonly MetricPlane Plane = MetricPlane.ForLonLat(120, 31.8);
    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    private static Coordinate At(long x, long y) => new(x / 1e7, y / 1e7);

    private static Polygon Ring(params (long X, long Y)[] corners) => Factory.CreatePolygon([.. corners.Append(corners[0]).Select(corner => At(corner.X, corner.Y))]);

    /// <summary>Two quadrilaterals with one slanted border; the left one has vertices on it that the right one lacks.</summary>
    private static (Polygon Parent, Polygon Left, Polygon Right, Coordinate[] Extra) Pair(Random random)
    {
        long x = 1_200_000_000 + random.Next(100_000), y = 317_900_000 + random.Next(100_000);
        // As many equal steps from the foot of the border to its top as there are lattice points on it.
        long dx = random.Next(-200, 201), dy = random.Next(1, 400);
        var steps = random.Next(2, 40);
        (long X, long Y) foot = (x, y), top = (x + dx * steps, y + dy * steps);
        var left = Math.Min(foot.X, top.X) - 5_000;
        var right = Math.Max(foot.X, top.X) + 5_000;
        var taken = Enumerable.Range(1, steps - 1).OrderBy(_ => random.Next()).Take(random.Next(1, Math.Min(4, steps))).OrderDescending().Select(k => (foot.X + dx * k, foot.Y + dy * k)).ToArray();
        return (Ring((left, foot.Y), foot, (right, foot.Y), (right, top.Y), top, (left, top.Y)),
            Ring([(left, foot.Y), foot, .. taken.Reverse(), top, (left, top.Y)]), Ring(foot, (right, foot.Y), (right, top.Y), top), [.. taken.Select(at => At(at.Item1, at.Item2))]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_vertex_that_the_other_side_lacks_is_found_as_that_and_nothing_else(bool swapped)
    {
        var random = new Random(16);
        for (var i = 0; i < 500; i++)
        {
            var (parent, left, right, extra) = Pair(random);
            Polygon[] grids = swapped ? [right, left] : [left, right];
            foreach (var noise in new[] { 0, PartitionLimits.Default.NoiseSquareMetres })
            {
                var faults = GridPartition.Faults(parent, grids, Plane, new() { MinGridWidthMetres = 0, NoiseSquareMetres = noise });
                faults.Select(fault => fault.Reason).ShouldAllBe(reason => reason == GridFaultReasons.MismatchedEdge, $"case {i}: {string.Join("; ", faults)}");
                faults.Select(fault => (fault.Place.Coordinate.X, fault.Place.Coordinate.Y)).Order().ShouldBe(extra.Select(at => (at.X, at.Y)).Order(), $"case {i}");
                faults.ShouldAllBe(fault => fault.Children.SequenceEqual(new[] { 0, 1 }));
            }

            // Nor is a partition made of them, with a parent or without.
            foreach (var around in new Geometry?[] { parent, null })
            {
                var built = ArcPartition.Build(around, grids, Plane);
                built.Partition.ShouldBeNull($"case {i}");
                built.Faults.ShouldAllBe(fault => fault.Reason == GridFaultReasons.MismatchedEdge);
            }
        }
    }

    [Fact]
    public void A_repair_gives_the_other_side_its_vertex_and_moves_nothing()
    {
        var random = new Random(17);
        for (var i = 0; i < 200; i++)
        {
            var (parent, left, right, extra) = Pair(random);
            Geometry[] grids = [left, right];
            for (var round = 0; round < 10 && GridPartition.Faults(parent, grids, Plane, new() { MinGridWidthMetres = 0, NoiseSquareMetres = 0 }) is [var fault, ..]; round++)
            {
                var repaired = PartitionRepair.Repair(parent, grids, fault);
                repaired.Grids.ShouldNotBeNull($"case {i}: {repaired.Reason} {fault} {grids[0]} {grids[1]}");
                foreach (var (index, polygon) in repaired.Grids) grids[index] = polygon;
            }

            ArcPartition.Build(parent, grids, Plane).Partition.ShouldNotBeNull($"case {i}");
            grids[0].Normalized().EqualsExact(left.Normalized()).ShouldBeTrue();
            grids[1].Coordinates.Distinct().Count().ShouldBe(right.Coordinates.Distinct().Count() + extra.Length);
            extra.ShouldAllBe(at => grids[1].Coordinates.Contains(at));
        }
    }

    [Fact]
    public void One_step_beside_the_border_is_a_sliver_and_no_missing_vertex()
    {
        var random = new Random(18);
        for (var i = 0; i < 300; i++)
        {
            var (parent, left, right, extra) = Pair(random);
            var moved = (Polygon)left.Copy();
            var (place, side) = (extra[0], random.Next(2) * 2 - 1);
            foreach (var at in moved.Shell.Coordinates.Where(at => at.Equals2D(place))) at.X = Math.Round(at.X * 1e7 + side) / 1e7;
            var faults = GridPartition.Faults(parent, [Factory.CreatePolygon(moved.Coordinates), right], Plane, new() { MinGridWidthMetres = 0, NoiseSquareMetres = 0 });
            faults.ShouldContain(fault => fault.Reason == (side < 0 ? GridFaultReasons.SliverGap : GridFaultReasons.SliverOverlap), $"case {i}: {string.Join("; ", faults)}");
        }
    }
}
