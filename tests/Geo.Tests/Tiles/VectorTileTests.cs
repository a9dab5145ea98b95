using System.Text;
using GridMap.Geo.Packed;
using GridMap.Geo.Tests.Packed;
using GridMap.Geo.Tiles;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Tiles;

public sealed class VectorTileTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5, 26, 13)]
    [InlineData(6, 53, 26)]
    [InlineData(6, 0, 0)]
    [InlineData(10, 853, 416)]
    [InlineData(14, 13651, 6666)]
    [InlineData(20, 873693, 426650)]
    public void Units_are_those_of_the_Mercator_formula(int z, int x, int y)
    {
        var (tile, random) = (new TileMatrix(TileMatrixSet.WebMercatorQuad, z, x, y), new Random(z));
        var reach = tile.Reach;
        for (var i = 0; i < 2000; i++)
        {
            var (lon, lat) = (random.NextInt64(reach.MinX, reach.MaxX), random.NextInt64(reach.MinY, reach.MaxY));
            lat = Math.Clamp(lat, -850_511_287, 850_511_287); // where the square ends
            var down = (1 - (Math.Log(Math.Tan((Math.PI / 4) + (lat / 1e7 * Math.PI / 360))) / Math.PI)) / 2;
            tile.UnitsY((int)lat).ShouldBe(((down * (1L << z)) - y) * 4096, 1e-5);
            tile.UnitsX((int)lon).ShouldBe((((lon / 1e7) + 180) / 360 * (1L << z) - x) * 4096, 1e-5);
        }
        tile.UnitsX(reach.MinX).ShouldBe(-64, 1);
        tile.UnitsY(reach.MinY).ShouldBe(z == 0 ? 4096 : 4160, 1); // there is nothing south of the square
    }

    [Fact]
    public void Random_shapes_keep_their_place_their_area_and_their_winding()
    {
        var (random, geometry, kept) = (new Random(5), new TileGeometry(), 0);
        var tile = new TileMatrix(TileMatrixSet.WebMercatorQuad, 14, 13651, 6664); // from 119.949, 31.78 to the north-east
        var frame = new GeometryFactory().ToGeometry(new Envelope(-64, 4160, -64, 4160));
        for (var i = 0; i < 3000; i++)
        {
            var shape = PackedTests.Any(random);
            var builder = new GeometryArenaBuilder(0, 0);
            builder.Add(PackedTests.Wkb(shape));
            var expected = shape.Copy();
            expected.Apply(new ToUnits(tile));
            var inTile = expected.IsValid ? expected.Intersection(frame) : expected;
            var encoded = geometry.Encode(builder.Build().Read(0), tile);
            if (!encoded)
            {
                (inTile.Area + inTile.Length).ShouldBeLessThan(40, shape.ToText());
                continue;
            }
            var writer = new VectorTileWriter();
            writer.Begin("shapes", []);
            writer.Feature(i, geometry.Type, geometry.Commands);
            var read = TileReader.Read(writer.End()).Features.Single();
            read.Parts.SelectMany(part => part).ShouldAllBe(at => at.X >= -64 && at.X <= 4160 && at.Y >= -64 && at.Y <= 4160);
            read.Type.ShouldBe(shape.Dimension switch { Dimension.Point => 1, Dimension.Curve => 2, _ => 3 });
            kept++;
            if (read.Type == 3)
            {
                read.Parts.ForEach(ring => Math.Abs(TwiceArea(ring)).ShouldBeGreaterThan(0));
                TwiceArea(read.Parts[0]).ShouldBeGreaterThan(0, "an outer ring is clockwise where y runs down");
                (read.Parts.Sum(TwiceArea) / 2.0).ShouldBe(inTile.Area, 2 + inTile.Length);
            }
            else if (read.Type == 2)
            {
                read.Parts.Sum(Length).ShouldBe(inTile.Length, 4 + (inTile.NumPoints * 2));
            }
            else
            {
                read.Parts.Sum(part => part.Count).ShouldBe(shape.Coordinates.Count(at => frame.EnvelopeInternal.Contains(Math.Round(tile.UnitsX((int)Math.Round(at.X * 1e7))), Math.Round(tile.UnitsY((int)Math.Round(at.Y * 1e7))))));
            }
        }
        kept.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Polygons_are_valid_whatever_snapping_and_cutting_did_to_them()
    {
        var (random, geometry, whole, mended) = (new Random(7), new TileGeometry(), 0, 0);
        for (var i = 0; i < 4000; i++)
        {
            // A star with narrow bays, of up to 80 corners and from a pixel to several tiles wide; every third has a hole near its border.
            var z = random.Next(8, 15);
            var tile = new TileMatrix(TileMatrixSet.WebMercatorQuad, z, (int)(299.95 / 360 * (1 << z)), (int)(0.40665 * (1 << z)));
            var (corners, size) = (random.Next(3, 80), 360.0 / (1 << z) * Math.Pow(10, (random.NextDouble() * 3) - 2.5));
            var star = Star(119.95, 31.77, size, corners);
            var shape = i % 3 == 0 ? new GeometryFactory().CreatePolygon(star.Shell, [Star(119.95, 31.77, size * 0.1, 12).Shell]) : star;
            if (!shape.IsValid) continue;
            var builder = new GeometryArenaBuilder(0, 0);
            builder.Add(PackedTests.Wkb(shape));
            if (!geometry.Encode(builder.Build().Read(0), tile)) continue;
            var writer = new VectorTileWriter();
            writer.Begin("stars", []);
            writer.Feature(i, geometry.Type, geometry.Commands);
            var drawn = Area(TileReader.Read(writer.End()).Features.Single().Parts);
            drawn.IsValid.ShouldBeTrue($"{z}: {shape.ToText()} as {drawn.ToText()}");
            var expected = shape.Copy();
            expected.Apply(new ToUnits(tile));
            expected = expected.Intersection(new GeometryFactory().ToGeometry(new Envelope(-64, 4160, -64, 4160)));
            // Each border moves by less than the lattice's diagonal.
            drawn.Area.ShouldBe(expected.Area, 16 + (TileGeometry.Lattice(z) * 1.5 * expected.Length));
            whole++;
            if (drawn.NumGeometries > 1) mended++;
        }
        whole.ShouldBeGreaterThan(2000);
        mended.ShouldBeGreaterThan(100);

        Polygon Star(double lon, double lat, double size, int corners) => Polygon([.. Enumerable.Range(0, corners).Select(c =>
        {
            var (angle, far) = (2 * Math.PI * c / corners, size * (0.15 + random.NextDouble()));
            return new Coordinate(Math.Round(lon + (far * Math.Cos(angle)), 7), Math.Round(lat + (far * Math.Sin(angle) * 0.85), 7));
        })]);
    }

    [Fact]
    public void Neighbours_share_their_border_in_every_tile_and_zoom()
    {
        // Two grids on either side of a ragged border, walked the other way round by each, with one corner more on one side's far edge.
        var random = new Random(6);
        var border = Enumerable.Range(0, 60).Select(i => new Coordinate(Math.Round(119.95 + (random.Next(-300, 300) * 1e-6), 7), Math.Round(31.77 + (i * 0.0005), 7))).ToList();
        var west = Polygon([.. border, new(119.93, 31.80), new(119.93, 31.77)]);
        var east = Polygon([.. border.AsEnumerable().Reverse(), new(119.97, 31.77), new(119.97, 31.78), new(119.97, 31.80)]);
        var tiles = 0;
        for (var z = 8; z <= 16; z++)
        {
            var geometry = new TileGeometry();
            var n = 1 << z;
            for (var x = (int)(299.93 / 360 * n); x <= (int)(299.97 / 360 * n); x++)
            {
                for (var y = (int)(n * 0.4062); y <= (int)(n * 0.4073) + 1; y++)
                {
                    var (left, right) = (Edges(geometry, west, z, x, y), Edges(geometry, east, z, x, y));
                    if (left.Count == 0 || right.Count == 0) continue;
                    // Along the border each edge of one is an edge of the other, backwards; only the outer frame and the cut are not shared.
                    var shared = left.Count(edge => right.Contains((edge.C, edge.D, edge.A, edge.B)));
                    var inside = left.Count(edge => IsBorder(edge, z, x));
                    shared.ShouldBeGreaterThanOrEqualTo(inside, $"{z}/{x}/{y}");
                    tiles++;
                }
            }
        }
        tiles.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Properties_come_back_as_they_were_said()
    {
        var writer = new VectorTileWriter();
        var geometry = new TileGeometry();
        writer.Begin("所有", [.. new[] { "text", "whole", "number", "flag" }.Select(Encoding.UTF8.GetBytes)]);
        for (var i = 0; i < 3000; i++)
        {
            geometry.EncodePoint(i, 5).ShouldBeTrue();
            if (!writer.Repeat(0, i % 70)) writer.Text(0, Encoding.UTF8.GetBytes($"网格 {i % 70}"));
            writer.Whole(1, i - 1500L);
            writer.Double(2, i / 8.0);
            if (i % 3 > 0) writer.Flag(3, i % 3 == 1);
            writer.Feature(i, geometry.Type, geometry.Commands);
        }
        var (name, extent, features) = TileReader.Read(writer.End());
        (name, extent, features.Count).ShouldBe(("所有", 4096, 3000));
        foreach (var feature in features)
        {
            var i = (int)feature.Id;
            feature.Parts.Single().Single().ShouldBe((i, 5));
            feature.Properties["text"].ShouldBe($"网格 {i % 70}");
            feature.Properties["whole"].ShouldBe(i - 1500L);
            feature.Properties["number"].ShouldBe(i / 8.0);
            if (i % 3 > 0) feature.Properties["flag"].ShouldBe(i % 3 == 1);
            else feature.Properties.ShouldNotContainKey("flag");
        }
    }

    private static HashSet<(int A, int B, int C, int D)> Edges(TileGeometry geometry, Geometry shape, int z, int x, int y)
    {
        var builder = new GeometryArenaBuilder(0, 0);
        builder.Add(PackedTests.Wkb(shape));
        if (!geometry.Encode(builder.Build().Read(0), new TileMatrix(TileMatrixSet.WebMercatorQuad, z, x, y))) return [];
        var writer = new VectorTileWriter();
        writer.Begin("one", []);
        writer.Feature(1, geometry.Type, geometry.Commands);
        var ring = TileReader.Read(writer.End()).Features.Single().Parts[0];
        return [.. ring.Select((at, i) => (at.X, at.Y, ring[(i + 1) % ring.Count].X, ring[(i + 1) % ring.Count].Y))];
    }

    // Both ends well within the band around the border, and not on the frame of the buffer.
    private static bool IsBorder((int A, int B, int C, int D) edge, int z, int x)
    {
        double Lon(int units) => ((x + (units / 4096.0)) / (1 << z) * 360) - 180;
        return Math.Abs(Lon(edge.A) - 119.95) < 0.002 && Math.Abs(Lon(edge.C) - 119.95) < 0.002
            && edge is { B: > -64 and < 4160, D: > -64 and < 4160, A: > -64 and < 4160, C: > -64 and < 4160 }
            && z >= 12;
    }

    // The polygons that rings make: each clockwise one with the others that follow it.
    private static Geometry Area(List<List<(int X, int Y)>> rings)
    {
        var (factory, polygons) = (new GeometryFactory(), new List<(LinearRing Shell, List<LinearRing> Holes)>());
        foreach (var ring in rings)
        {
            var line = factory.CreateLinearRing([.. ring.Append(ring[0]).Select(at => new Coordinate(at.X, at.Y))]);
            if (TwiceArea(ring) > 0) polygons.Add((line, []));
            else polygons[^1].Holes.Add(line);
        }
        return polygons is [var one] ? factory.CreatePolygon(one.Shell, [.. one.Holes]) : factory.CreateMultiPolygon([.. polygons.Select(polygon => factory.CreatePolygon(polygon.Shell, [.. polygon.Holes]))]);
    }

    private static Polygon Polygon(Coordinate[] ring) => new GeometryFactory().CreatePolygon([.. ring, ring[0].Copy()]);

    private static long TwiceArea(List<(int X, int Y)> ring) => ring.Select((at, i) => ((long)at.X * ring[(i + 1) % ring.Count].Y) - ((long)ring[(i + 1) % ring.Count].X * at.Y)).Sum();

    private static double Length(List<(int X, int Y)> line) => line.Skip(1).Zip(line, (a, b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2))).Sum();

    private sealed class ToUnits(TileMatrix tile) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence, int i)
        {
            var (x, y) = (tile.UnitsX((int)Math.Round(sequence.GetX(i) * 1e7)), tile.UnitsY((int)Math.Round(sequence.GetY(i) * 1e7)));
            sequence.SetX(i, x);
            sequence.SetY(i, y);
        }
    }
}
