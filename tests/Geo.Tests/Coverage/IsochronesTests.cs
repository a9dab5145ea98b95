using System.Text.Json;
using GridMap.Geo.Coverage;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Hotspots;
using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Union;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Coverage;

public sealed class IsochronesTests(TownOnFoot town) : IClassFixture<TownOnFoot>
{
    [Theory]
    [InlineData(300_000)]
    [InlineData(600_000)]
    public void Polygons_hold_the_buildings_within_the_walk_and_no_others(int limit)
    {
        var raster = new SnapRaster(town.Index, 10, 100);
        var tree = new ShortestPathTree(town.Network);
        var random = new Random(3);
        long both = 0, wrong = 0, missing = 0;
        for (var i = 0; i < 40; i++)
        {
            tree.Search([new(town.Places[random.Next(town.Places.Length)], 0)], limit, Heading.Towards);
            var polygon = Isochrones.Within(tree, raster, [limit])[0];
            polygon.IsValid.ShouldBeTrue();
            var locator = new IndexedPointInAreaLocator(polygon);
            for (var place = 0; place < town.Places.Length; place++)
            {
                var isIn = locator.Locate(new Coordinate(town.Xs[place], town.Ys[place])) != Location.Exterior;
                var isNear = tree.To(town.Places[place]).Millimetres <= limit;
                if (isIn && isNear) both++;
                else if (isIn) wrong++;
                else if (isNear) missing++;
            }
        }

        both.ShouldBeGreaterThan(1000);
        ((double)both / (both + wrong)).ShouldBeGreaterThan(0.97, "precision");
        ((double)both / (both + missing)).ShouldBeGreaterThan(0.97, "recall");
    }

    [Fact]
    public void Shorter_walks_lie_within_longer_ones_and_parts_by_nearest_fill_the_whole()
    {
        var raster = new SnapRaster(town.Index, 20, 100);
        var tree = new ShortestPathTree(town.Network);
        var random = new Random(4);
        for (var i = 0; i < 10; i++)
        {
            tree.Search([.. Enumerable.Range(0, 3).Select(label => new WalkSource(town.Places[random.Next(town.Places.Length)], label))], 900_000, Heading.Towards);
            var rings = Isochrones.Within(tree, raster, [300_000, 600_000, 900_000]);
            for (var ring = 0; ring < 2; ring++) rings[ring].Difference(rings[ring + 1]).Area.ShouldBeLessThan(1e-3);
            rings[0].Area.ShouldBeGreaterThan(1000);
            var parts = Isochrones.ByNearest(tree, raster, 900_000);
            parts.Keys.ShouldBeSubsetOf([0, 1, 2]);
            UnaryUnionOp.Union([.. parts.Values]).Difference(rings[2]).Area.ShouldBeLessThan(rings[2].Area * 0.02);
            parts.Values.Sum(part => part.Area).ShouldBe(rings[2].Area, rings[2].Area * 0.1, "borders between two parts run half a cell inside each");
        }
    }

    [Fact]
    public void Nothing_leaks_over_a_river_without_a_bridge()
    {
        // Two streets on the banks of a river 60 m wide, joined only by a bridge 900 m away.
        var network = RoadNetwork.Create([0, 1000, 0, 1000], [0, 0, 60, 60],
            [new(0, 1, 1_000_000, 1_000_000), new(2, 3, 1_000_000, 1_000_000), new(1, 3, 60_000, 60_000)]);
        var index = new EdgeIndex(network);
        var tree = new ShortestPathTree(network);
        tree.Search([new(new(0, 0.1, 0), 0)], 400_000, Heading.Towards);
        var near = Isochrones.Within(tree, new(index, 10, 100), [400_000])[0];
        near.IsEmpty.ShouldBeFalse();
        near.EnvelopeInternal.MaxY.ShouldBeLessThan(36, "half of the river belongs to the other bank");
        tree.Search([new(new(0, 0.1, 0), 0)], 1_200_000, Heading.Towards);
        var far = Isochrones.Within(tree, new(index, 10, 100), [1_200_000])[0];
        far.Contains(new Point(900, 70)).ShouldBeTrue("over the bridge");
        far.Contains(new Point(100, 70)).ShouldBeFalse();
    }

    [Fact]
    public void The_text_of_an_outline_is_its_geometry_in_degrees()
    {
        // A plane of its own for the town, whose places are a few kilometres from its origin.
        var plane = MetricPlane.ForSrid(4549);
        var (east, north) = plane.ToMetres(119.9, 31.8);
        var xs = new[] { east, east + 900, east + 900, east, east };
        var ys = new[] { north, north, north + 700, north + 700, north };
        var hole = new OutlineRing([.. xs.Reverse().Select(x => (x - east) / 2 + east + 100)], [.. ys.Reverse().Select(y => (y - north) / 2 + north + 100)]);
        var outline = new WalkOutline([[new(xs, ys), hole]]);
        using var text = JsonDocument.Parse(outline.ToGeoJson(plane));
        var read = GeoJsonReader.Read(text.RootElement).Geometry.ShouldNotBeNull();
        read.IsValid.ShouldBeTrue();
        // 1e-7° is at most 11 mm; along a border of 4.8 km that is 53 m².
        plane.ToMetres(read).SymmetricDifference(outline.ToMultiPolygon()).Area.ShouldBeLessThan(53);
        WalkOutline.Empty.ToGeoJson(plane).ShouldBe("{\"type\":\"MultiPolygon\",\"coordinates\":[]}"u8.ToArray());
    }

    [Fact]
    public void A_walk_of_nothing_and_a_source_off_the_network_draw_nothing()
    {
        var raster = new SnapRaster(town.Index, 10, 100);
        var tree = new ShortestPathTree(town.Network);
        tree.Search([new(EdgePoint.None, 0)], 300_000, Heading.From);
        Isochrones.Within(tree, raster, [300_000])[0].IsEmpty.ShouldBeTrue();
        Isochrones.ByNearest(tree, raster, 300_000).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => Isochrones.Within(tree, raster, [300_000, 200_000]));
    }

    [Fact]
    public void A_prepared_raster_draws_the_same()
    {
        SnapRaster lazy = new(town.Index, 10, 100), ready = new(town.Index, 10, 100);
        var parts = 0;
        while (ready.Prepare(7)) parts++;
        parts.ShouldBe((ready.Tiles - 1) / 7);
        ready.TilesReady.ShouldBe(ready.Tiles);
        var tree = new ShortestPathTree(town.Network);
        tree.Search([new(town.Facilities[0], 0)], 600_000, Heading.Towards);
        Isochrones.Within(tree, ready, [300_000, 600_000]).ShouldBe(Isochrones.Within(tree, lazy, [300_000, 600_000]));
        lazy.TilesReady.ShouldBeLessThan(lazy.Tiles);
    }

    [Fact]
    public void The_quick_contour_draws_what_the_thorough_one_draws()
    {
        var random = new Random(9);
        for (var i = 0; i < 50; i++)
        {
            var lattice = new Lattice(100, 200, 10, 8 + random.Next(120), 8 + random.Next(20));
            var values = new double[lattice.CellCount];
            using var field = new WalkField(100, 200, 10, lattice.Columns, lattice.Rows, withLabels: false);
            for (var at = 0; at < values.Length; at++)
            {
                int column = at % lattice.Columns, row = at / lattice.Columns;
                var isEdge = column == 0 || row == 0 || column == lattice.Columns - 1 || row == lattice.Rows - 1;
                values[at] = isEdge || random.Next(3) == 0 ? -field.Cut : random.Next(-2, 3) * field.Cut / 2;
                if (!isEdge) field.Millimetres[row * field.Stride + column] = values[at] <= -field.Cut && random.Next(2) == 0 ? RoadNetwork.NoWay : (int)(100_000 - values[at]);
            }

            var quick = WalkContour.Own.Trace(field, 100_000, null, 0).ToMultiPolygon();
            var thorough = Contours.Above(new(lattice, values), 0);
            quick.IsValid.ShouldBeTrue();
            quick.SymmetricDifference(thorough).Area.ShouldBeLessThan(1e-6);
            quick.NumGeometries.ShouldBe(thorough.NumGeometries);
        }
    }
}
