using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using GridMap.Geo.GeoJson;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.GeoJson;

public class GeoJsonWriterTests
{
    private static byte[] Wkb(string wkt, ByteOrder order = ByteOrder.LittleEndian)
        => new WKBWriter(order, true, true, true).Write(new WKTReader().Read(wkt));

    private static byte[] Plain(string wkt) => new WKBWriter(ByteOrder.LittleEndian, false, false, false).Write(new WKTReader().Read(wkt));

    private static string Text(ReadOnlySpan<byte> wkb, int decimals = 7, CoordinateShift? shift = null)
    {
        var output = new ArrayBufferWriter<byte>();
        GeoJsonWriter.WriteGeometry(output, wkb, decimals, shift);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Theory]
    [InlineData("POINT (119.948 31.78)", """{"type":"Point","coordinates":[119.948,31.78]}""")]
    [InlineData("POINT (-0.00000001 -0)", """{"type":"Point","coordinates":[0,0]}""")]
    [InlineData("POINT (-179.99999999 0.1234567891)", """{"type":"Point","coordinates":[-180,0.1234568]}""")]
    [InlineData("POINT (40495074.66 3517458.9362)", """{"type":"Point","coordinates":[40495074.66,3517458.9362]}""")]
    [InlineData("POINT Z (1 2 3)", """{"type":"Point","coordinates":[1,2]}""")]
    [InlineData("POINT EMPTY", """{"type":"Point","coordinates":[]}""")]
    [InlineData("POLYGON EMPTY", """{"type":"Polygon","coordinates":[]}""")]
    [InlineData("GEOMETRYCOLLECTION EMPTY", """{"type":"GeometryCollection","geometries":[]}""")]
    [InlineData("LINESTRING (0 0, 1 0.5)", """{"type":"LineString","coordinates":[[0,0],[1,0.5]]}""")]
    [InlineData("MULTIPOINT ((1 2), (3 4))", """{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}""")]
    [InlineData("MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", """{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}""")]
    [InlineData("POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))",
        """{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]}""")]
    [InlineData("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 5 6, 6 6, 5 5)))",
        """{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,6],[5,6],[5,5]]]]}""")]
    [InlineData("GEOMETRYCOLLECTION (POINT (1 2), MULTIPOINT ((3 4)))",
        """{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"MultiPoint","coordinates":[[3,4]]}]}""")]
    public void Writes_the_golden_text_in_either_byte_order(string wkt, string expected)
    {
        Text(Wkb(wkt)).ShouldBe(expected);
        Text(Wkb(wkt, ByteOrder.BigEndian)).ShouldBe(expected);
    }

    [Fact]
    public void Reads_postgis_ewkb_with_srid_and_iso_types()
    {
        // SELECT encode(ST_AsEWKB('SRID=4326;POINT(1 2)'::geometry), 'hex') and ST_AsBinary('POINT ZM (1 2 3 4)') of PostGIS 3.3
        Text(Convert.FromHexString("0101000020E6100000000000000000F03F0000000000000040")).ShouldBe("""{"type":"Point","coordinates":[1,2]}""");
        Text(Convert.FromHexString("01B90B0000000000000000F03F000000000000004000000000000008400000000000001040"))
            .ShouldBe("""{"type":"Point","coordinates":[1,2]}""");
    }

    [Theory]
    [InlineData(0, "[120,32]")]
    [InlineData(3, "[119.948,31.78]")]
    [InlineData(7, "[119.9484568,31.78]")]
    public void Keeps_as_many_decimals_as_asked(int decimals, string expected)
        => Text(Wkb("POINT (119.94845678 31.78)"), decimals).ShouldContain(decimals == 3 ? "[119.948,31.78]" : expected);

    [Fact]
    public void Shift_moves_every_position()
        => Text(Wkb("LINESTRING (0 0, 1 0.5)"), shift: (x, y) => (x + 10, y - 0.25)).ShouldBe("""{"type":"LineString","coordinates":[[10,-0.25],[11,0.25]]}""");

    [Fact]
    public void Writes_into_a_json_document()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WritePropertyName("geometry");
            GeoJsonWriter.WriteGeometry(json, Wkb("POINT (1 2)"));
            json.WriteNumber("n", 1);
            json.WriteEndObject();
        }

        Encoding.UTF8.GetString(stream.ToArray()).ShouldBe("""{"geometry":{"type":"Point","coordinates":[1,2]},"n":1}""");
    }

    [Fact]
    public void Writes_a_bbox()
    {
        var output = new ArrayBufferWriter<byte>();
        GeoJsonWriter.WriteBbox(output, WkbEnvelope.Of(Wkb("LINESTRING (119.5 31, 120 30.25)")));
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("[119.5,30.25,120,31]");
        WkbEnvelope.Of(Wkb("POLYGON EMPTY")).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_large_geometry_crosses_buffers_unharmed()
    {
        var points = Enumerable.Range(0, 50_000).Select(i => new Coordinate(i * 1e-3, -i * 1e-4)).ToArray();
        var wkb = new WKBWriter().Write(new GeometryFactory().CreateLineString(points));
        using var document = JsonDocument.Parse(Text(wkb));
        var read = document.RootElement.GetProperty("coordinates");
        read.GetArrayLength().ShouldBe(50_000);
        read[49_999][0].GetDouble().ShouldBe(49.999);
        read[49_999][1].GetDouble().ShouldBe(-4.9999);
    }

    [Fact]
    public void Numbers_are_the_rounded_decimal_whatever_the_value()
    {
        var values = Gen.Choose(-2_000_000_000, 2_000_000_000).Select(k => k / 1e7)
            .Or(ArbMap.Default.GeneratorFor<double>().Where(v => Math.Abs(v) <= 8e8));
        Check.QuickThrowOnFailure(Prop.ForAll(values.ToArbitrary(), value =>
        {
            var text = Text(new WKBWriter().Write(new Point(value, 0)));
            var number = text["{\"type\":\"Point\",\"coordinates\":[".Length..^",0]}".Length];
            number.ShouldMatch(@"^(0|-?[1-9]\d*|-?\d+\.\d{0,6}[1-9])$");
            Math.Abs(double.Parse(number) - value).ShouldBeLessThanOrEqualTo(0.5e-7 + Math.Abs(value) * 1e-15);
        }));
    }

    [Fact]
    public void Snapped_coordinates_come_back_bit_for_bit()
        => Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(-1_800_000_000, 1_800_000_000).ToArbitrary(), k =>
        {
            var lon = k / 1e7;
            using var document = JsonDocument.Parse(Text(new WKBWriter().Write(new Point(lon, 0.1))));
            document.RootElement.GetProperty("coordinates")[0].GetDouble().ShouldBe(lon);
            GeoJsonReader.Snap(lon).ShouldBe(lon);
        }));

    [Fact]
    public void Round_trips_random_polygons_with_right_winding()
        => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var polygon = RandomPolygon(new Random(seed));
            var order = (seed & 1) == 0 ? ByteOrder.LittleEndian : ByteOrder.BigEndian;
            using var document = JsonDocument.Parse(Text(new WKBWriter(order).Write(polygon)));
            var read = (Polygon)GeoJsonReader.Read(document.RootElement).Geometry!;
            read.EqualsTopologically(polygon).ShouldBeTrue();
            Orientation.IsCCW(read.Shell.CoordinateSequence).ShouldBeTrue();
            foreach (var hole in read.Holes) Orientation.IsCCW(hole.CoordinateSequence).ShouldBeFalse();
        }));

    [Fact]
    public void Envelope_is_that_of_nts()
        => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var polygon = RandomPolygon(new Random(seed));
            var expected = polygon.EnvelopeInternal;
            WkbEnvelope.Of(new WKBWriter().Write(polygon)).ShouldBe(new WkbEnvelope(expected.MinX, expected.MinY, expected.MaxX, expected.MaxY));
        }));

    [Fact]
    public void Truncated_bytes_are_refused_at_every_length()
    {
        var wkb = Wkb("GEOMETRYCOLLECTION (POLYGON ((0 0, 4 0, 4 4, 0 0)), MULTIPOINT ((1 2), (3 4)), LINESTRING (0 0, 1 1))");
        for (var length = 0; length < wkb.Length; length++)
        {
            var cut = wkb[..length];
            var output = new ArrayBufferWriter<byte>();
            Should.Throw<WkbException>(() => GeoJsonWriter.WriteGeometry(output, cut)).Reason.ShouldBe(WkbReasons.Truncated);
            output.WrittenCount.ShouldBe(0);
        }
    }

    [Fact]
    public void Hostile_bytes_never_do_worse_than_a_named_refusal()
    {
        var wkb = Wkb("GEOMETRYCOLLECTION (POLYGON ((0 0, 4 0, 4 4, 0 0)), MULTIPOINT ((1 2), (3 4)), LINESTRING (0 0, 1 1))");
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var bad = (byte[])wkb.Clone();
            for (var flips = random.Next(1, 5); flips > 0; flips--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            try
            {
                using var document = JsonDocument.Parse(Text(bad));
            }
            catch (WkbException refusal)
            {
                refusal.Reason.ShouldStartWith("wkb.");
            }
        }
    }

    [Fact]
    public void Refusals_name_their_reason()
    {
        Reason([2, 1, 0, 0, 0]).ShouldBe(WkbReasons.ByteOrder);
        Reason([1, 99, 0, 0, 0]).ShouldBe(WkbReasons.UnknownType);
        Reason([1, 2, 0, 0, 0, 255, 255, 255, 255]).ShouldBe(WkbReasons.Truncated);
        Reason([.. Wkb("POINT (1 2)"), 0]).ShouldBe(WkbReasons.TrailingBytes);
        Reason(Wkb("POINT (1e10 2)")).ShouldBe(WkbReasons.OutOfRange);
        Reason(With(Plain("POINT (1 2)"), 5, double.PositiveInfinity)).ShouldBe(WkbReasons.NotFinite);
        Reason(With(Plain("POLYGON ((0 0, 1 0, 1 1, 0 0))"), 13, 0.5)).ShouldBe(WkbReasons.NotClosed);
        // A collection that holds itself by nesting: 40 levels of headers.
        Reason([.. Enumerable.Repeat(new byte[] { 1, 7, 0, 0, 0, 1, 0, 0, 0 }, 40).SelectMany(b => b), .. Wkb("POINT (1 2)")]).ShouldBe(WkbReasons.TooDeep);
        var multiPolygonOfPoint = Plain("MULTIPOINT ((1 2))");
        multiPolygonOfPoint[1] = 6;
        Reason(multiPolygonOfPoint).ShouldBe(WkbReasons.WrongMember);
    }

    private static string Reason(byte[] wkb)
    {
        var fromWriter = Should.Throw<WkbException>(() => Text(wkb)).Reason;
        if (fromWriter != WkbReasons.OutOfRange) Should.Throw<WkbException>(() => WkbEnvelope.Of(wkb)).Reason.ShouldBe(fromWriter);
        return fromWriter;
    }

    private static byte[] With(byte[] wkb, int offset, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(wkb.AsSpan(offset), value);
        return wkb;
    }

    /// <summary>A star-shaped polygon with perhaps a hole, on the 1e-7° grid, wound at random.</summary>
    internal static Polygon RandomPolygon(Random random)
    {
        double lon = random.NextDouble() * 300 - 150, lat = random.NextDouble() * 140 - 70;
        var shell = Ring(random, lon, lat, 1);
        return random.Next(2) == 0
            ? new Polygon(shell)
            : new Polygon(shell, [Ring(random, lon, lat, 0.2)]);
    }

    private static LinearRing Ring(Random random, double lon, double lat, double size)
    {
        var count = random.Next(3, 40);
        var coordinates = new Coordinate[count + 1];
        for (var i = 0; i < count; i++)
        {
            var radius = size * (0.5 + 0.5 * random.NextDouble());
            var angle = 2 * Math.PI * i / count;
            coordinates[i] = new(GeoJsonReader.Snap(lon + radius * Math.Cos(angle)), GeoJsonReader.Snap(lat + radius * Math.Sin(angle)));
        }

        coordinates[count] = coordinates[0].Copy();
        if (random.Next(2) == 0) Array.Reverse(coordinates);
        return new LinearRing(coordinates);
    }
}
