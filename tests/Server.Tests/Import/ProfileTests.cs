using GridMap.Server.Import;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Import;

/// <summary>A profile is judged before any file is opened, and the complaint names the place.</summary>
public sealed class ProfileTests
{
    private const string City = """ "city": { "name": "A", "divisionCode": "1", "timeZone": "Asia/Shanghai", "metricSrid": 4549 } """;

    private static string With(string step, string city = City) => $$"""{ "gridmapProfile": 1, "name": "p", {{city}}, "steps": [ {{step}} ] }""";

    private static string Roads(string fields = """ "code": "id", "class": { "value": "lane" } """, string source = """ "files": "a.geojson" """, string rest = "") =>
        With($$"""{ "name": "s", "table": "roads", "source": { {{source}} }, "fields": { {{fields}} } {{rest}} }""");

    public static TheoryData<string, string> Bad => new()
    {
        { "{", "$: is not JSON: line 1" },
        { "[]", "$: expected an object" },
        { """{ "gridmapProfile": 2, "name": "p", "steps": [] }""", "$.gridmapProfile: expected a whole number from 1 to 1" },
        { """{ "gridmapProfile": 1, "name": "P!", "steps": [{}] }""", "$.steps[0]: \"name\" is missing" },
        { """{ "gridmapProfile": 1, "name": "p", "extra": 1 }""", "$.extra: is not known here" },
        { With("{}", """ "city": { "name": "A", "divisionCode": "1", "timeZone": "Mars/Base", "metricSrid": 4549 } """), "$.steps[0]" },
        { Roads().Replace("Asia/Shanghai", "Mars/Base"), "$.city.timeZone: is not a time zone" },
        { Roads().Replace("4549", "3857"), "$.city.metricSrid: is no plane to measure in" },
        { Roads().Replace("\"roads\"", "\"rivers\""), "$.steps[0].table: expected one of areas" },
        { Roads(fields: """ "code": "id" """), "$.steps[0].fields: \"class\" is missing" },
        { Roads(fields: """ "code": "id", "class": { "value": "river" } """), "$.steps[0].fields.class: \"river\" is not allowed" },
        { Roads(fields: """ "code": "id", "class": "c", "speed": "v" """), "$.steps[0].fields.speed: is not known here" },
        { Roads(fields: """ "code": { "template": "A-{id" }, "class": "c" """), "$.steps[0].fields.code.template: has a { without }" },
        { Roads(fields: """ "code": 7, "class": "c" """), "$.steps[0].fields.code: expected a field's name" },
        { Roads(fields: """ "code": "id", "class": { "field": "c", "map": { "a": ["b"] } } """), "$.steps[0].fields.class.map.a: expected text" },
        { Roads(fields: """ "code": "id", "class": { "field": "c", "otherwise": "refuse" } """), "$.steps[0].fields.class: \"otherwise\" and" },
        { Roads(fields: """ "code": "id", "class": "c", "layer": { "field": "l", "format": "YYYY" } """), "$.steps[0].fields.layer.format: is only for times" },
        { Roads(fields: """ "code": "id", "class": "c", "layer": { "field": "l", "unit": "mile" } """), "$.steps[0].fields.layer.unit: expected one of metre" },
        { Roads(source: """ "files": "../secret.geojson" """), "$.steps[0].source.files: may not lead out" },
        { Roads(source: """ "files": "a/../../secret.geojson" """), "$.steps[0].source.files: may not lead out" },
        { Roads(source: """ "files": "/etc/passwd.csv" """), "$.steps[0].source.files: expected a path below" },
        { Roads(source: """ "files": "vsicurl/http.csv" """), "$.steps[0].source.files: may not name one of GDAL's virtual" },
        { Roads(source: """ "files": "https://example.org/a.csv" """), "$.steps[0].source.files: expected a path below" },
        { Roads(source: """ "files": "*/a.csv" """), "$.steps[0].source.files: may use * only in the file name" },
        { Roads(source: """ "files": "a.shp", "encoding": "klingon" """), "$.steps[0].source.encoding: is not an encoding" },
        { Roads(source: """ "files": "a.shp", "crs": "+proj=longlat" """), "$.steps[0].source.crs: expected EPSG:number" },
        { Roads(source: """ "files": "a.shp", "coord": "gcj03" """), "$.steps[0].source.coord: expected wgs84, cgcs2000, gcj02 or bd09" },
        { Roads(source: """ "files": "a.shp", "layer": "-sql" """), "$.steps[0].source.layer: may not begin with a hyphen" },
        { Roads(source: """ "files": "a.csv", "x": "lon" """), "$.steps[0].source: \"x\" and \"y\" belong together" },
        { Roads(rest: """, "geometry": { "minimumSquareMetres": 5 }"""), "$.steps[0].geometry.minimumSquareMetres: roads are not polygons" },
        { Roads(rest: """, "where": [ { "field": "a", "matches": "x" } ]"""), "$.steps[0].where[0].matches: is not known here" },
        { Roads(rest: """, "where": [ { "field": "a", "equals": "x", "present": true } ]"""), "$.steps[0].where[0]: expected exactly one of" },
        { With("""{ "name": "d", "distribute": { "to": "moon" } }"""), "$.steps[0].distribute.to: expected one of buildings, grids" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void BadProfile_IsRefusedWithItsPlace(string text, string complaint) =>
        Should.Throw<ImportException>(() => ProfileReader.Read(text)).Message.ShouldStartWith(complaint);

    [Fact]
    public void ShippedProfiles_AllRead()
    {
        ProfileReader.Shipped.Order().ShouldBe(["boston-311", "cambridge", "osm", "plain"]);
        foreach (var name in ProfileReader.Shipped) ProfileReader.Find(name).Name.ShouldBe(name);
    }

    [Theory]
    [InlineData(119.948, 31.78, 4549)]
    [InlineData(104.0665, 30.57, 4544)]
    [InlineData(111.67, 40.82, 4546)]
    [InlineData(118.54, 36.51, 4549)]
    [InlineData(-71.1, 42.37, 32619)]
    [InlineData(-8.61, 41.14, 32629)]
    [InlineData(151.2, -33.9, 32756)]
    public void Plane_FollowsFromThePlace(double lon, double lat, int srid) => CityOf.PlaneAt(lon, lat).ShouldBe(srid);
}
