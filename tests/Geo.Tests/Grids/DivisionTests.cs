using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using NetTopologySuite.Geometries;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public sealed class DivisionTests
{
    // One grid of 300 by 200 m without a street in it: 60 houses of 20 households in rows.
    private const double Lon = 119.9, Lat = 31.7, Metre = 1e-5;

    private static Polygon Ring(params (double X, double Y)[] corners) => GeoJsonReader.Factory.CreatePolygon(
        [.. corners.Append(corners[0]).Select(at => new Coordinate(GeoJsonReader.Snap(Lon + at.X * Metre), GeoJsonReader.Snap(Lat + at.Y * Metre)))]);

    private static Polygon Box(double west, double south, double east, double north) => Ring((west, south), (east, south), (east, north), (west, north));

    private static LineString Upright(double x) => GeoJsonReader.Factory.CreateLineString([new(Lon + x * Metre, Lat - 5 * Metre), new(Lon + x * Metre, Lat + 205 * Metre)]);

    private static List<DivisionThing> Houses() =>
        [.. Enumerable.Range(0, 60).Select(i => (X: 5 + i % 10 * 30, Y: 5 + i / 10 * 33)).Select(at => new DivisionThing(Box(at.X, at.Y, at.X + 20, at.Y + 12), 20, 50, 0))];

    // Two grids of one area; the first has a corner in the middle of its northern and southern border.
    private static ArcPartition Halved() => ArcPartition.Build(null, [Ring((0, 0), (150, 0), (300, 0), (300, 200), (150, 200), (0, 200)), Box(300, 0, 600, 200)], IdealPartition.Plane).Partition.ShouldNotBeNull();

    // Two areas of one grid each; the outer borders have corners where streets from outside meet them.
    private static ArcPartition Block() => ArcPartition.Build(null, [Ring((0, 0), (90, 0), (150, 0), (212, 0), (300, 0), (300, 200), (210, 200), (150, 200), (92, 200), (0, 200)), Box(300, 0, 600, 200)], IdealPartition.Plane, [0, 1]).Partition.ShouldNotBeNull();

    [Fact]
    public void A_block_too_large_for_one_grid_is_cut_between_its_buildings()
    {
        var partition = Block();
        var before = partition.ToBytes();
        var houses = Houses();
        var best = GridEdit.Divisions(partition, [0], [], houses, new(), out var reason)[0];
        reason.ShouldBeNull();
        partition.ToBytes().ShouldBe(before);
        (best.Score.Grids, best.Score.ShareInBand, best.Outside.Count).ShouldBe((3, 1, 0));
        // New grids do not take the number of the grid of another area.
        partition.Apply(best.Edit.Change.ShouldNotBeNull());
        partition.Faces.ShouldBe([0, 1, 2, 3]);
        partition.PolygonOf(1).EqualsTopologically(Box(300, 0, 600, 200)).ShouldBeTrue();
        foreach (var house in houses) new[] { 0, 2, 3 }.Count(face => partition.PolygonOf(face).Covers(house.Outline)).ShouldBe(1);
        foreach (var face in new[] { 0, 2, 3 }) (houses.Count(house => partition.PolygonOf(face).Covers(house.Outline)) * 20).ShouldBeInRange(300, 500);
    }

    [Fact]
    public void A_path_is_taken_before_a_line_that_the_machine_draws()
    {
        var best = GridEdit.Divisions(Halved(), [0], [new(Upright(150), BorderKind.Path)], Houses(), new() { Least = 500, Most = 700 }, out _)[0];
        (best.Score.Grids, best.Score.ShareInBand, best.Score.OnStreets).ShouldBe((2, 1, 1));
    }

    [Fact]
    public void A_path_that_ends_before_the_border_is_led_on_to_it()
    {
        var path = GeoJsonReader.Factory.CreateLineString([new(Lon + 150 * Metre, Lat + 12 * Metre), new(Lon + 150 * Metre, Lat + 188 * Metre)]);
        var best = GridEdit.Divisions(Halved(), [0], [new(path, BorderKind.Path)], Houses(), new() { Least = 500, Most = 700 }, out _)[0];
        (best.Score.Grids, best.Score.ShareInBand).ShouldBe((2, 1));
        best.Score.OnStreets.ShouldBe(0.88, 0.01);
    }

    [Fact]
    public void Grids_end_on_water_and_pass_it_only_where_a_bridge_leads_over()
    {
        List<DivisionThing> town = [.. Houses(), new(Box(147, -5, 153, 205), 0, 0, 0, Water: true)];
        // Two banks of 600 each: along the water it is enough.
        var halves = GridEdit.Divisions(Halved(), [0], [], town, new() { Least = 500, Most = 700 }, out _)[0];
        (halves.Score.Grids, halves.Score.ShareInBand, halves.Score.OnStreets).ShouldBe((2, 1, 1));
        // One grid of both would have to swim.
        DelineationTarget both = new() { Least = 1000, Most = 1300 };
        var apart = GridEdit.Divisions(Halved(), [0], [], town, both, out _)[0];
        (apart.Score.Grids, apart.Score.NotContiguous).ShouldBe((2, 0));
        apart.Outside.Select(grid => (grid.Size, grid.Reason)).ShouldBe([(600, OutOfBandReasons.BlocksDoNotFit), (600, OutOfBandReasons.BlocksDoNotFit)]);
        var bridge = GeoJsonReader.Factory.CreateLineString([new(Lon - 5 * Metre, Lat + 97 * Metre), new(Lon + 305 * Metre, Lat + 97 * Metre)]);
        var joined = GridEdit.Divisions(Halved(), [0], [new(bridge, BorderKind.Street)], town, both, out _)[0];
        (joined.Score.Grids, joined.Score.ShareInBand, joined.Score.NotContiguous).ShouldBe((1, 1, 0));
        // A street that only leads down to the bank is none.
        var pier = GeoJsonReader.Factory.CreateLineString([new(Lon - 5 * Metre, Lat + 97 * Metre), new(Lon + 150 * Metre, Lat + 97 * Metre)]);
        GridEdit.Divisions(Halved(), [0], [new(pier, BorderKind.Street)], town, both, out _)[0].Score.Grids.ShouldBe(2);
    }

    [Fact]
    public void A_compound_is_divided_only_when_it_is_too_large_and_may_be()
    {
        List<DivisionThing> With(bool divisible) => [.. Houses(), new DivisionThing(Box(2, 2, 298, 198), 0, 0, 0, divisible)];
        var divided = GridEdit.Divisions(Block(), [0], [], With(true), new(), out _)[0];
        (divided.Divided, divided.Score.ShareInBand, divided.Score.Grids).ShouldBe((1, 1, 3));
        var whole = GridEdit.Divisions(Block(), [0], [], With(false), new(), out _)[0];
        (whole.Divided, whole.Edit.Reason).ShouldBe((0, GridEditReasons.NothingChanges));
        var outside = whole.Outside.ShouldHaveSingleItem();
        (outside.Size, outside.Reason).ShouldBe((1200, OutOfBandReasons.BlockTooLarge));
        // A band in which the compound fits leaves it alone.
        GridEdit.Divisions(Block(), [0], [], With(true), new() { Least = 1000, Most = 1300 }, out _)[0].Divided.ShouldBe(0);
    }

    [Fact]
    public void The_reason_for_leaving_the_band_is_told()
    {
        List<DivisionThing> one = [new(Box(5, 5, 295, 195), 900, 2000, 0)];
        GridEdit.Divisions(Block(), [0], [], one, new(), out _)[0].Outside.ShouldHaveSingleItem().Reason.ShouldBe(OutOfBandReasons.BlockTooLarge);
        List<DivisionThing> few = [new(Box(5, 5, 25, 25), 120, 300, 0), new(Box(105, 5, 125, 25), 100, 300, 0)];
        GridEdit.Divisions(Block(), [0], [], few, new(), out _)[0].Outside.ShouldHaveSingleItem().Reason.ShouldBe(OutOfBandReasons.AreaDoesNotDivide);
    }

    [Fact]
    public void Changes_one_after_the_other_are_one_change()
    {
        var partition = ArcPartitionTests.Built(new IdealPartition(6));
        var (start, copy) = (partition.ToBytes(), partition.Copy());
        copy.ToBytes().ShouldBe(start);
        var edits = new RandomEdits(copy, 77);
        ArcChange? whole = null;
        var made = 0;
        while (made < 60)
        {
            if (edits.Next().Result is not { IsDone: true, Change: var change }) continue;
            whole = whole is null ? change : whole.Then(change);
            made++;
        }

        partition.ToBytes().ShouldBe(start);
        partition.Apply(whole!);
        partition.ToBytes().ShouldBe(copy.ToBytes());
        partition.FaceCount.ShouldBe(copy.FaceCount);
        partition.Apply(ArcChange.FromBytes(whole!.Inverse().ToBytes()));
        partition.ToBytes().ShouldBe(start);
        Should.Throw<ArgumentException>(() => whole.Then(whole));
    }

    [Fact]
    public void Single_blocks_that_help_are_edits_that_can_be_made()
    {
        // A street halves the first grid, which holds all houses; its eastern half would do the second one good.
        var partition = Halved();
        var moves = GridEdit.Improvements(partition, [0, 1], [new(Upright(150), BorderKind.Street)], Houses(), new() { Least = 500, Most = 700 }, out var reason);
        var best = moves[0];
        (best.From, best.To, best.Move.FromBefore, best.Move.FromAfter, best.Move.ToBefore, best.Move.ToAfter).ShouldBe((0, 1, 1200, 600, 0, 600));
        best.Block.EqualsTopologically(Box(150, 0, 300, 200)).ShouldBeTrue();
        reason.ShouldBeNull();
        foreach (var move in moves)
        {
            move.Move.Gain.ShouldBeGreaterThan(0);
            var edit = GridEdit.Transfer(partition, move.Block, move.To);
            edit.IsDone.ShouldBeTrue(edit.Detail);
            partition.Apply(edit.Change!.Inverse());
        }
    }
}
