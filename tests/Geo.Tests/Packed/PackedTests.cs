using System.Buffers;
using System.Text;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Packed;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Packed;

public sealed class PackedTests
{
    [Fact]
    public void Packed_geometries_are_written_as_their_WKB_is()
    {
        var random = new Random(1);
        var builder = new GeometryArenaBuilder(1_199_550_000, 317_850_000);
        var all = Enumerable.Range(0, 3000).Select(_ => Wkb(Any(random))).ToList();
        foreach (var wkb in all) builder.Add(wkb);
        var arena = builder.Build();
        var compared = 0;
        for (var i = 0; i < all.Count; i++)
        {
            foreach (var (decimals, shift) in new (int, CoordinateShift?)[] { (7, null), (3, null), (7, (x, y) => (y + 0.01, x)) })
            {
                var expected = new ArrayBufferWriter<byte>();
                GeoJsonWriter.WriteGeometry(expected, all[i], decimals, shift);
                Json(arena, i, decimals, shift).ShouldBe(Encoding.UTF8.GetString(expected.WrittenSpan));
                compared++;
            }
        }
        compared.ShouldBe(9000);
        arena.Bytes.ShouldBeLessThan(all.Sum(wkb => wkb.Length) / 2);
    }

    [Theory]
    [InlineData("GEOMETRYCOLLECTION(POINT(1 2))")]
    [InlineData("POINT EMPTY")]
    [InlineData("POINT(215 2)")]
    [InlineData("POINT(1e300 2)")]
    [InlineData("POINT(1.00000001 2)")]
    [InlineData("LINESTRING(1 2, 3 4.000000001)")]
    public void What_cannot_be_kept_exactly_is_refused_and_leaves_no_trace(string text)
    {
        var builder = new GeometryArenaBuilder(0, 0);
        builder.Add(Wkb(new WKTReader().Read("POINT(1 2)")));
        Should.Throw<NotPackableException>(() => builder.Add(Wkb(new WKTReader().Read(text))));
        builder.Add(Wkb(new WKTReader().Read("POINT(3 4)")));
        var arena = builder.Build();
        arena.Count.ShouldBe(2);
        Json(arena, 1).ShouldBe("""{"type":"Point","coordinates":[3,4]}""");
    }

    [Theory]
    [InlineData("MULTIPOLYGON EMPTY", """{"type":"MultiPolygon","coordinates":[]}""")]
    [InlineData("POLYGON EMPTY", """{"type":"Polygon","coordinates":[]}""")]
    [InlineData("LINESTRING EMPTY", """{"type":"LineString","coordinates":[]}""")]
    [InlineData("POINT(-180 90)", """{"type":"Point","coordinates":[-180,90]}""")]
    [InlineData("LINESTRING(-180 -90, 180 90)", """{"type":"LineString","coordinates":[[-180,-90],[180,90]]}""")]
    [InlineData("LINESTRING(214 -214, -214 214)", """{"type":"LineString","coordinates":[[214,-214],[-214,214]]}""")]
    public void Empty_and_extreme_ones_are_kept(string text, string json)
    {
        var builder = new GeometryArenaBuilder(1_800_000_000, -900_000_000);
        builder.Add(Wkb(new WKTReader().Read(text)));
        Json(builder.Build(), 0).ShouldBe(json);
    }

    [Fact]
    public void The_tree_finds_what_a_look_at_every_box_finds()
    {
        var random = new Random(2);
        foreach (var count in new[] { 0, 1, 2, 15, 16, 17, 300, 5000 })
        {
            var boxes = Enumerable.Range(0, count).Select(_ => Box(random, 1000)).ToArray();
            var tree = new PackedTree(boxes);
            for (var i = 0; i < 50; i++)
            {
                var (outer, found) = (Box(random, 100_000), new List<int>());
                var hits = new Hits();
                tree.Find(outer, outer, ref hits);
                hits.Sort();
                for (var hit = 0; hit < hits.Count; hit++)
                {
                    found.Add(hits.Item(hit));
                    var box = boxes[hits.Item(hit)];
                    hits.IsInside(hit).ShouldBe(box.With(outer) == outer);
                }
                hits.Dispose();
                found.ShouldBe(Enumerable.Range(0, count).Where(box => boxes[box].Meets(outer)));
                var edge = new Hits();
                tree.CountInside(outer, outer, ref edge).ShouldBe(boxes.Count(box => box.IsInside(outer)));
                edge.Count.ShouldBe(boxes.Count(box => box.Meets(outer) && !box.IsInside(outer)));
                edge.Dispose();
            }
        }
    }

    [Fact]
    public void Nothing_is_never_counted_and_never_inside()
    {
        var boxes = Enumerable.Range(0, 300).Select(i => i % 50 == 7 && i < 250 ? PackedBox.Nothing : new PackedBox(i, i, i + 1, i + 1)).ToArray();
        var everywhere = new PackedBox(-1000, -1000, 1000, 1000);
        var edge = new Hits();
        new PackedTree(boxes).CountInside(everywhere, everywhere, ref edge).ShouldBe(295);
        edge.Count.ShouldBe(0);
        edge.Dispose();
        var runs = new RunBoxes(boxes);
        Enumerable.Range(0, 5).Select(run => runs.AreInside(run, everywhere)).ShouldBe([false, false, false, false, true]);
    }

    [Fact]
    public void Runs_say_what_their_items_say()
    {
        var random = new Random(5);
        var boxes = Enumerable.Range(0, 1000).Select(i => new PackedBox(i * 10, random.Next(900), (i * 10) + random.Next(1, 30), 900 + random.Next(100))).ToArray();
        var (runs, met, inside) = (new RunBoxes(boxes), 0, 0);
        for (var i = 0; i < 500; i++)
        {
            var (x, y) = (random.Next(-1000, 10_000), random.Next(-500, 500));
            var frame = new PackedBox(x, y, x + random.Next(3000), y + random.Next(2000));
            for (var run = 0; run < 16; run++)
            {
                var items = boxes.Skip(run * RunBoxes.RunSize).Take(RunBoxes.RunSize).ToList();
                if (items.Exists(item => item.Meets(frame))) runs.MayMeet(run, frame).ShouldBeTrue();
                runs.AreInside(run, frame).ShouldBe(items.TrueForAll(item => item.IsInside(frame)));
                met += runs.MayMeet(run, frame) ? 1 : 0;
                inside += runs.AreInside(run, frame) ? 1 : 0;
            }
        }
        (met > 100, inside > 20).ShouldBe((true, true), $"{met} met, {inside} inside");
    }

    [Fact]
    public void Boxes_meet_what_JTS_says_they_meet()
    {
        var (random, met) = (new Random(3), 0);
        for (var i = 0; i < 20_000; i++)
        {
            var geometry = Any(random);
            var (west, south) = (119.95 + (random.Next(-40, 40) / 10_000.0), 31.78 + (random.Next(-40, 40) / 10_000.0));
            var (east, north) = (west + (random.Next(1, 60) / 10_000.0), south + (random.Next(1, 60) / 10_000.0));
            var builder = new GeometryArenaBuilder(0, 0);
            builder.Add(Wkb(geometry));
            var expected = geometry.Intersects(geometry.Factory.ToGeometry(new Envelope(west, east, south, north)));
            new BoxTest(west, south, east, north).Meets(builder.Build().Read(0)).ShouldBe(expected, geometry.ToText());
            if (expected) met++;
        }
        met.ShouldBeInRange(3000, 17_000);
    }

    [Fact]
    public void The_raster_says_of_every_point_what_the_test_of_each_polygon_says()
    {
        var random = new Random(4);
        var polygons = Enumerable.Range(0, 400).Select(_ => Any(random)).Where(geometry => geometry is Polygon or MultiPolygon).ToList();
        var builder = new GeometryArenaBuilder(0, 0);
        foreach (var polygon in polygons) builder.Add(Wkb(polygon));
        var arena = builder.Build();
        var raster = new PointRaster([.. Enumerable.Range(0, polygons.Count).Select(i => (arena, i))]);
        var corners = polygons.SelectMany(polygon => polygon.Coordinates).ToList();
        var found = 0;
        for (var i = 0; i < 4000; i++)
        {
            var (lon, lat) = i % 4 == 0 ? (corners[random.Next(corners.Count)].X, corners[random.Next(corners.Count)].Y)
                : i % 4 == 1 && corners[random.Next(corners.Count)] is var corner ? (corner.X, corner.Y) : (119.94 + (random.Next(0, 200_000) / 1e7), 31.77 + (random.Next(0, 200_000) / 1e7));
            var expected = Enumerable.Range(0, polygons.Count).Where(item => PointTest.Meets(arena.Read(item), lon, lat)).ToList();
            var mine = new List<int>();
            foreach (var candidate in raster.Candidates(lon, lat))
            {
                if (raster.Meets(candidate, lon, lat)) mine.Add(candidate.Item);
            }
            mine.Order().ShouldBe(expected);
            found += mine.Count;
        }
        found.ShouldBeGreaterThan(2000);
    }

    internal static byte[] Wkb(Geometry geometry) => new WKBWriter(ByteOrder.LittleEndian).Write(geometry);

    internal static string Json(GeometryArena arena, int index, int decimals = 7, CoordinateShift? shift = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var output = new Utf8Output(buffer);
        PackedGeoJson.Write(ref output, arena.Read(index), decimals, shift);
        output.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // A point, line or (multi)polygon with holes near 119.95, 31.78, on the lattice; some corners on a coarse one, where borders meet.
    internal static Geometry Any(Random random)
    {
        var factory = new GeometryFactory();
        double Step(double middle, int spread) => random.Next(4) == 0 ? Math.Round((middle + (random.Next(-40, 40) / 10_000.0)) * 1e7) / 1e7
            : Math.Round((middle + (random.Next(-spread, spread) / 1e7)) * 1e7) / 1e7;
        Coordinate Spot() => new(Step(119.95, 50_000), Step(31.78, 50_000));
        switch (random.Next(6))
        {
            case 0: return factory.CreatePoint(Spot());
            case 1: return factory.CreateLineString([.. Enumerable.Range(0, random.Next(2, 8)).Select(_ => Spot())]);
            case 2: return factory.CreateMultiPointFromCoords([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Spot())]);
            case 3: return factory.CreateMultiLineString([.. Enumerable.Range(0, 2).Select(_ => factory.CreateLineString([Spot(), Spot(), Spot()]))]);
            default:
                var outer = Star(factory, Spot(), random, 0.0008 + (random.NextDouble() * 0.004), out var hole);
                var polygon = factory.CreatePolygon(outer, random.Next(2) == 0 ? [] : [hole]);
                if (!polygon.IsValid) return factory.CreatePoint(Spot());
                return random.Next(2) == 0 ? polygon : factory.CreateMultiPolygon([polygon]);
        }
    }

    private static LinearRing Star(GeometryFactory factory, Coordinate middle, Random random, double radius, out LinearRing hole)
    {
        var corners = random.Next(5, 14);
        var (outer, inner) = (new List<Coordinate>(), new List<Coordinate>());
        for (var i = 0; i < corners; i++)
        {
            var (angle, far) = (2 * Math.PI * i / corners, radius * (0.6 + (0.4 * random.NextDouble())));
            outer.Add(new Coordinate(Lattice(middle.X + (far * Math.Cos(angle))), Lattice(middle.Y + (far * Math.Sin(angle)))));
            inner.Add(new Coordinate(Lattice(middle.X + (0.3 * radius * Math.Cos(angle))), Lattice(middle.Y + (0.3 * radius * Math.Sin(angle)))));
        }
        outer.Add(outer[0].Copy());
        inner.Add(inner[0].Copy());
        if (random.Next(2) == 0) outer.Reverse();
        hole = factory.CreateLinearRing([.. inner]);
        return factory.CreateLinearRing([.. outer]);
    }

    private static double Lattice(double degrees) => Math.Round(degrees * 1e7) / 1e7;

    private static PackedBox Box(Random random, int size)
    {
        var (x, y) = (random.Next(0, 1_000_000), random.Next(0, 1_000_000));
        return new PackedBox(x, y, x + random.Next(0, size), y + random.Next(0, size));
    }
}
