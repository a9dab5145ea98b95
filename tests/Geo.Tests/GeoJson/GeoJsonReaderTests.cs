using System.Text.Json;
using GridMap.Geo.GeoJson;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.GeoJson;

public class GeoJsonReaderTests
{
    private static GeoJsonResult Read(string json, GeoJsonLimits? limits = null)
    {
        using var document = JsonDocument.Parse(json);
        return GeoJsonReader.Read(document.RootElement, limits);
    }

    [Theory]
    [InlineData("""{"type":"Point","coordinates":[119.948,31.78]}""", "POINT (119.948 31.78)")]
    [InlineData("""{"type":"Point","coordinates":[119.948,31.78,12.5]}""", "POINT (119.948 31.78)")]
    [InlineData("""{"type":"Point","coordinates":[119.94800004,-0.00000001]}""", "POINT (119.948 0)")]
    [InlineData("""{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}""", "MULTIPOINT ((1 2), (3 4))")]
    [InlineData("""{"type":"LineString","coordinates":[[1,2],[3,4]]}""", "LINESTRING (1 2, 3 4)")]
    [InlineData("""{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}""", "MULTILINESTRING ((1 2, 3 4))")]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]]]}""", "POLYGON ((0 0, 4 0, 4 4, 0 0))")]
    [InlineData("""{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,0]]]]}""", "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)))")]
    [InlineData("""{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}""", "GEOMETRYCOLLECTION (POINT (1 2))")]
    [InlineData("""{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[1,2]}}""", "POINT (1 2)")]
    [InlineData("""{"type":"Point","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"coordinates":[1,2]}""", "POINT (1 2)")]
    public void Reads(string json, string wkt)
    {
        var result = Read(json);
        result.Detail.ShouldBeNull();
        result.IsRead.ShouldBeTrue();
        result.Geometry.AsText().ShouldBe(wkt);
        result.Geometry.SRID.ShouldBe(4326);
    }

    [Theory]
    [InlineData("null", GeoJsonReasons.Missing, "$")]
    [InlineData("[1,2]", GeoJsonReasons.NotAnObject, "$")]
    [InlineData("{}", GeoJsonReasons.UnknownType, "$.type")]
    [InlineData("""{"type":5}""", GeoJsonReasons.UnknownType, "$.type")]
    [InlineData("""{"type":"\ud800"}""", GeoJsonReasons.UnknownType, "$.type")]
    [InlineData("""{"type":"Circle","coordinates":[1,2]}""", GeoJsonReasons.UnknownType, "$.type")]
    [InlineData("""{"type":"point","coordinates":[1,2]}""", GeoJsonReasons.UnknownType, "$.type")]
    [InlineData("""{"type":"1","coordinates":[1,2]}""", GeoJsonReasons.UnknownType, "$.type")]
    [InlineData("""{"type":"FeatureCollection","features":[]}""", GeoJsonReasons.UnknownType, "$.type")]
    [InlineData("""{"type":"Feature","geometry":null}""", GeoJsonReasons.Missing, "$.geometry")]
    [InlineData("""{"type":"Feature","geometry":7}""", GeoJsonReasons.NotAnObject, "$.geometry")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Feature"}}""", GeoJsonReasons.UnknownType, "$.geometry.type")]
    [InlineData("""{"type":"Point"}""", GeoJsonReasons.Missing, "$.coordinates")]
    [InlineData("""{"type":"Point","coordinates":null}""", GeoJsonReasons.NotAPosition, "$.coordinates")]
    [InlineData("""{"type":"Point","coordinates":[]}""", GeoJsonReasons.Empty, "$.coordinates")]
    [InlineData("""{"type":"Point","coordinates":[1]}""", GeoJsonReasons.NotAPosition, "$.coordinates")]
    [InlineData("""{"type":"Point","coordinates":[1,2,3,4,5]}""", GeoJsonReasons.NotAPosition, "$.coordinates")]
    [InlineData("""{"type":"Point","coordinates":["1",2]}""", GeoJsonReasons.NotAPosition, "$.coordinates[0]")]
    [InlineData("""{"type":"Point","coordinates":[1e999,2]}""", GeoJsonReasons.NotFinite, "$.coordinates[0]")]
    [InlineData("""{"type":"Point","coordinates":[180.1,2]}""", GeoJsonReasons.OutOfRange, "$.coordinates[0]")]
    [InlineData("""{"type":"Point","coordinates":[31.78,119.948]}""", GeoJsonReasons.OutOfRange, "$.coordinates[1]")]
    [InlineData("""{"type":"LineString","coordinates":[[1,2]]}""", GeoJsonReasons.TooFewPositions, "$.coordinates")]
    [InlineData("""{"type":"LineString","coordinates":[[1,2],[1.00000001,2]]}""", GeoJsonReasons.Collapsed, "$.coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":{}}""", GeoJsonReasons.NotAnArray, "$.coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[]]}""", GeoJsonReasons.Empty, "$.coordinates[0]")]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[4,0],[0,0]]]}""", GeoJsonReasons.TooFewPositions, "$.coordinates[0]")]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,1]]]}""", GeoJsonReasons.NotClosed, "$.coordinates[0][3]")]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,0],[0,0]]]}""", GeoJsonReasons.Collapsed, "$.coordinates[0]")]
    [InlineData("""{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,400],[0,0]]]]}""", GeoJsonReasons.OutOfRange, "$.coordinates[0][0][2][1]")]
    [InlineData("""{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},8]}""", GeoJsonReasons.NotAnObject, "$.geometries[1]")]
    [InlineData("""{"type":"Point","crs":{"type":"name","properties":{"name":"EPSG:4549"}},"coordinates":[1,2]}""", GeoJsonReasons.ForeignCrs, "$.crs")]
    public void Refuses_with_reason_and_path(string json, string reason, string path)
    {
        var result = Read(json);
        result.IsRead.ShouldBeFalse();
        (result.Reason, result.Path).ShouldBe((reason, path));
        result.Detail.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Limits_types_vertices_and_depth()
    {
        Read("""{"type":"Point","coordinates":[1,2]}""", new() { Types = GeoJsonTypes.Polygons }).Reason.ShouldBe(GeoJsonReasons.TypeNotAllowed);
        Read("""{"type":"LineString","coordinates":[[1,2],[3,4]]}""", new() { MaxVertices = 1 }).Reason.ShouldBe(GeoJsonReasons.TooManyVertices);
        Read("""{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}""", new() { MaxVertices = 1 }).Reason.ShouldBe(GeoJsonReasons.TooManyVertices);
        Read("""{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}""", new() { MaxVertices = 2 }).IsRead.ShouldBeTrue();
        var nested = """{"type":"Point","coordinates":[1,2]}""";
        for (var i = 0; i < 3; i++) nested = $$"""{"type":"GeometryCollection","geometries":[{{nested}}]}""";
        Read(nested).IsRead.ShouldBeTrue();
        Read($$"""{"type":"GeometryCollection","geometries":[{{nested}}]}""").Reason.ShouldBe(GeoJsonReasons.TooDeep);
    }

    [Theory]
    [InlineData(3_000, 0.2, false)]
    [InlineData(20_000, 0.2, true)]
    [InlineData(60_000, 0.2, true)]
    [InlineData(90_000, 0.0, false)]
    public void Lines_that_run_to_and_fro_without_end_are_refused(int positions, double depth, bool isRefused)
    {
        var ring = Enumerable.Range(0, positions + 1).Select(i => (Angle: 2 * Math.PI * (i % positions) / positions, Far: 0.05 * (1 + (depth * (i % positions % 2)))));
        var text = string.Join(',', ring.Select(at => FormattableString.Invariant($"[{120 + (at.Far * Math.Cos(at.Angle))},{32 + (at.Far * Math.Sin(at.Angle))}]")));
        var read = Read($$"""{"type":"Polygon","coordinates":[[{{text}}]]}""");
        read.Reason.ShouldBe(isRefused ? GeoJsonReasons.TooCrowded : null);
        read.Path.ShouldBe(isRefused ? "$" : null);
        if (isRefused) return;
        // Held against every pair.
        if (positions > 5_000) Crowding.Pairs(read.Geometry!, 1_000).ShouldBe(0);
        else Crowding.Pairs(read.Geometry!, long.MaxValue).ShouldBe(AllPairs(read.Geometry!.Coordinates));
    }

    private static long AllPairs(NetTopologySuite.Geometries.Coordinate[] ring)
    {
        var boxes = ring.Zip(ring.Skip(1), (a, b) => new NetTopologySuite.Geometries.Envelope(a, b)).ToList();
        return boxes.Index().Sum(one => boxes.Skip(one.Index + 1).LongCount(other => other.Intersects(one.Item))) - boxes.Count;
    }

    [Fact]
    public void Shift_is_applied_before_snapping()
        => Read("""{"type":"Point","coordinates":[1,2]}""", new() { Shift = (x, y) => (x + 0.00000012, y) }).Geometry!.Coordinate.X.ShouldBe(1.0000001);

    [Theory]
    [InlineData(119.94800004, 119.948)]
    [InlineData(0.3, 0.3)]
    [InlineData(-0.00000001, 0.0)]
    public void Snap_gives_the_double_nearest_to_the_decimal(double value, double expected)
        => BitConverter.DoubleToInt64Bits(GeoJsonReader.Snap(value)).ShouldBe(BitConverter.DoubleToInt64Bits(expected));
}
