using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using NetTopologySuite.Operation.OverlayNG;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace GridMap.Geo.Tests.Grids;

public class ArcPartitionTests(ITestOutputHelper output)
{
    internal static ArcPartition Built(IdealPartition city)
    {
        var built = ArcPartition.Build(city.Parent, city.Children, IdealPartition.Plane);
        built.Faults.ShouldBeEmpty();
        return built.Partition.ShouldNotBeNull();
    }

    private static IReadOnlyList<GridFault> Faults(ArcPartition partition, Geometry parent)
        => GridPartition.Faults(parent, [.. partition.Faces.Select(partition.PolygonOf)], IdealPartition.Plane, new() { MinGridWidthMetres = 0, NoiseSquareMetres = 0 });

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 4)]
    [InlineData(9, 2 * 8 * 9)]
    public void Polygons_come_back_as_they_went_in_and_each_border_is_held_once(int side, int innerArcs)
    {
        var city = new IdealPartition(side);
        var partition = Built(city);
        partition.FaceCount.ShouldBe(side * side);
        foreach (var face in partition.Faces) partition.PolygonOf(face).Normalized().EqualsExact(city[face].Normalized()).ShouldBeTrue();
        partition.Arcs.Count(arc => arc is { Left: >= 0, Right: >= 0 }).ShouldBe(innerArcs);
        partition.Arcs.Sum(arc => arc.Vertices.Length - 1).ShouldBe(2 * side * (side + 1) * 6);
        // Euler: nodes − arcs + faces = 1 for one connected net, the outside not counted; a single loop has its start for a node.
        (partition.NodeCount - partition.ArcCount + partition.FaceCount).ShouldBe(1);
    }

    [Fact]
    public void A_grid_within_another_a_lake_and_borders_of_areas()
    {
        var children = Read(
            "POLYGON((119.9 31.7,119.91 31.7,119.91 31.71,119.9 31.71,119.9 31.7),(119.902 31.702,119.902 31.704,119.904 31.704,119.904 31.702,119.902 31.702),(119.906 31.706,119.906 31.708,119.908 31.708,119.908 31.706,119.906 31.706))",
            "POLYGON((119.902 31.702,119.904 31.702,119.904 31.704,119.902 31.704,119.902 31.702))",
            "POLYGON((119.91 31.7,119.92 31.7,119.92 31.71,119.91 31.71,119.91 31.7))");
        var lake = Read("POLYGON((119.906 31.706,119.908 31.706,119.908 31.708,119.906 31.708,119.906 31.706))");
        ArcPartition.Build(null, children, IdealPartition.Plane).Faults.ShouldHaveSingleItem().Reason.ShouldBe(GridFaultReasons.Gap);
        var partition = ArcPartition.Build(null, children, IdealPartition.Plane, [1, 1, 2], lake).Partition.ShouldNotBeNull();
        partition.FaceCount.ShouldBe(3);
        partition.NeighboursOf(0).ShouldBe([1, 2]);
        partition.PolygonOf(0).NumInteriorRings.ShouldBe(2);
        GridEdit.Merge(partition, 0, [2]).Reason.ShouldBe(GridEditReasons.OtherParent);
        GridEdit.MoveVertex(partition, new(119.906, 31.706), new(119.9055, 31.7055)).Reason.ShouldBe(GridEditReasons.BorderIsFixed);
        GridEdit.MoveVertex(partition, new(119.902, 31.702), new(119.9025, 31.7035)).IsDone.ShouldBeTrue();
        GridEdit.MoveVertex(partition, new(119.904, 31.704), new(119.909, 31.7095)).Reason.ShouldBe(GridEditReasons.BordersCross);
        GridEdit.Merge(partition, 0, [1]).Change!.Touched.ShouldBe([0, 1]);
        partition.PolygonOf(0).NumInteriorRings.ShouldBe(1);
    }

    [Fact]
    public void A_set_with_faults_is_refused_with_their_names()
    {
        var city = new IdealPartition(3);
        city.Children[4] = city.Moved(4, 3, 0, 1e-7);
        var refused = ArcPartition.Build(city.Parent, city.Children, IdealPartition.Plane);
        refused.Partition.ShouldBeNull();
        refused.Faults.ShouldHaveSingleItem().Reason.ShouldBe(GridFaultReasons.SliverGap);
        var between = new IdealPartition(2);
        between.Children[0] = new WKTReader().Read("POLYGON((119.9 31.7,119.90000001 31.71,119.91 31.7,119.9 31.7))");
        ArcPartition.Build(null, between.Children, IdealPartition.Plane).Faults.ShouldHaveSingleItem().Reason.ShouldBe(GridFaultReasons.OffLattice);
        var pinched = Read("POLYGON((119.9 31.7,119.91 31.7,119.91 31.71,119.9 31.71,119.9 31.7),(119.9 31.7,119.902 31.704,119.904 31.702,119.9 31.7))", "POLYGON((119.9 31.7,119.904 31.702,119.902 31.704,119.9 31.7))");
        ArcPartition.Build(null, pinched, IdealPartition.Plane).Faults.ShouldHaveSingleItem().Reason.ShouldBe(GridFaultReasons.SelfTouching);
    }

    [ReferenceFact]
    public void The_clean_reference_partition_is_built_and_edited()
    {
        var plane = MetricPlane.ForSrid(4549);
        var children = File.ReadLines(ReferenceData.File("coverage/clean_600.wkbhex")).Where(line => line.Length > 0)
            .Select(line => GridPartitionTests.Snapped(plane.ToLonLat(new WKBReader().Read(Convert.FromHexString(line))))).ToList();
        var partition = ArcPartition.Build(null, children, plane).Partition.ShouldNotBeNull();
        partition.FaceCount.ShouldBe(600);
        var parent = CoverageUnion.Union(GeoJsonReader.Factory.BuildGeometry(children));
        var edits = new RandomEdits(partition, 7);
        var done = Enumerable.Range(0, 300).Count(_ => edits.Next().Result.IsDone);
        done.ShouldBeGreaterThan(100);
        GridPartition.Faults(parent, [.. partition.Faces.Select(partition.PolygonOf)], plane, new() { MinGridWidthMetres = 0, NoiseSquareMetres = 0 }).ShouldBeEmpty();
    }

    // GRIDMAP_CHECK_EVERY=1 holds all 812 grids against their parent after each of the ten thousand edits: some minutes.
    private static readonly int CheckEvery = int.TryParse(Environment.GetEnvironmentVariable("GRIDMAP_CHECK_EVERY"), out var every) ? every : 250;

    [Fact]
    public void Ten_thousand_edits_keep_the_partition_exact_and_ten_thousand_undos_give_the_bytes_back()
    {
        var city = new IdealPartition(29, rows: 28);
        var partition = Built(city);
        partition.FaceCount.ShouldBe(812);
        var before = partition.ToBytes();
        var edits = new RandomEdits(partition, 20260101);
        var journal = new List<ArcChange>();
        var counts = new SortedDictionary<string, (int Done, int Refused)>();
        var reasons = new SortedDictionary<string, int>();
        var clock = new System.Diagnostics.Stopwatch();
        var slowest = TimeSpan.Zero;
        var spent = new SortedDictionary<string, TimeSpan>();
        var asked = 0;
        while (journal.Count < 10_000)
        {
            (++asked).ShouldBeLessThan(40_000, string.Join(", ", counts));
            var took = clock.Elapsed;
            clock.Start();
            var (kind, result) = edits.Next();
            clock.Stop();
            took = clock.Elapsed - took;
            if (took > slowest) slowest = took;
            spent[kind] = spent.GetValueOrDefault(kind) + took;
            var (done, refused) = counts.GetValueOrDefault(kind);
            counts[kind] = result.IsDone ? (done + 1, refused) : (done, refused + 1);
            if (!result.IsDone)
            {
                reasons[result.Reason] = reasons.GetValueOrDefault(result.Reason) + 1;
                continue;
            }

            journal.Add(result.Change);
            foreach (var face in result.Change.Touched.Where(partition.Has)) partition.PolygonOf(face).IsValid.ShouldBeTrue($"{kind}: face {face}");
            if (journal.Count % CheckEvery == 0) Faults(partition, city.Parent).ShouldBeEmpty($"after {journal.Count} edits");
        }

        output.WriteLine($"{asked} asked, mean {clock.Elapsed.TotalMilliseconds / asked:F2} ms, slowest {slowest.TotalMilliseconds:F1} ms; {string.Join(", ", counts)}; {string.Join(", ", reasons)}; {string.Join(", ", spent.Select(s => $"{s.Key} {s.Value.TotalMilliseconds / (counts[s.Key].Done + counts[s.Key].Refused):F2}"))}");
        counts.Count.ShouldBe(RandomEdits.Kinds.Length);
        foreach (var (kind, count) in counts) count.Done.ShouldBeGreaterThan(100, kind);
        partition.ToBytes().SequenceEqual(before).ShouldBeFalse();
        var after = partition.ToBytes();

        for (var i = journal.Count - 1; i >= 0; i--) partition.Apply(journal[i].Inverse());
        partition.ToBytes().SequenceEqual(before).ShouldBeTrue();
        // Once more from what was written down, as a plan is opened again.
        foreach (var change in journal) partition.Apply(ArcChange.FromBytes(change.ToBytes()));
        partition.ToBytes().SequenceEqual(after).ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => partition.Apply(journal[0]));
    }

    internal static List<Geometry> Read(params string[] texts) => [.. texts.Select(text => GridPartitionTests.Snapped(new WKTReader().Read(text)))];
}
