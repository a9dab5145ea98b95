using System.Text.Json;
using GridMap.Geo.Projections;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

/// <summary>OGC API – Features Part 2, beside what PROJ says (through PostGIS).</summary>
public sealed class CrsTests(SmallCity city) : IClassFixture<SmallCity>
{
    // Answers have millimetres; ProjNET and PROJ differ by micrometres within 6° of the central meridian.
    private const double MetreTolerance = 0.0015, DegreeTolerance = 1.1e-7;

    [DatabaseFact]
    public async Task Every_listed_crs_agrees_with_PROJ_in_value_and_order_of_axes()
    {
        var listed = (await city.Anyone.Json("/ogc/collections/facilities")).GetProperty("crs").EnumerateArray().Select(uri => uri.GetString()!).ToList();
        listed.ShouldContain("http://www.opengis.net/def/crs/OGC/1.3/CRS84");
        foreach (var srid in new[] { 4326, 4490, 3857, 4549, 4528, 4509, 4498, 32650, 32651 }) listed.ShouldContain($"http://www.opengis.net/def/crs/EPSG/0/{srid}");
        listed.ShouldNotContain("http://www.opengis.net/def/crs/EPSG/0/32601");
        foreach (var uri in listed)
        {
            KnownCrs.TryParse(uri, out var crs).ShouldBeTrue();
            var response = await city.Anyone.GetAsync($"/ogc/collections/facilities/items?crs={uri}");
            response.Headers.GetValues("Content-Crs").ShouldBe([$"<{uri}>"]);
            var features = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("features").EnumerateArray().ToList();
            features.Count.ShouldBeGreaterThanOrEqualTo(3);
            foreach (var feature in features)
            {
                var at = feature.At("geometry", "coordinates").EnumerateArray().Select(number => number.GetDouble()).ToArray();
                var expected = await city.Server.Database.QueryOne(Databases.Sql.Of($"SELECT ST_X(at), ST_Y(at) FROM (SELECT ST_Transform(geom, {crs!.Srid}) AS at FROM facilities WHERE id = {feature.GetProperty("id").GetInt64()}) AS p"),
                    row => new[] { row.GetDouble(0), row.GetDouble(1) }, default);
                if (crs.NorthFirst) System.Array.Reverse(expected!);
                at.ShouldBe(expected!, crs.Kind == CrsKind.Geographic ? DegreeTolerance : MetreTolerance, uri);
            }
        }
    }

    [DatabaseTheory]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4326", "31.77,119.94,31.7799,119.9499")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4490", "31.77,119.94,0,31.7799,119.9499,9")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/3857", "13351659.7,3733157,13352761,3734452")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4549", "3516350,494317,3517440,495254")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4528", "3516350,40494317,3517440,40495254")]
    [InlineData("[EPSG:32650]", "778489,3518600,779300,3519600")]
    public async Task A_box_is_read_in_its_own_crs(string crs, string box)
    {
        var page = await city.Anyone.Json($"/ogc/collections/grids/items?net=base&kind=base&datetime=2026-06-01&bbox-crs={Uri.EscapeDataString(crs)}&bbox={box}");
        page.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetInt64()).ShouldBe([1L], crs);
    }

    [DatabaseFact]
    public async Task One_feature_comes_in_any_crs_and_in_the_datums_of_Chinas_maps()
    {
        var response = await city.Anyone.GetAsync("/ogc/collections/facilities/items/1?crs=http://www.opengis.net/def/crs/EPSG/0/4490");
        response.Headers.GetValues("Content-Crs").ShouldBe(["<http://www.opengis.net/def/crs/EPSG/0/4490>"]);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.At("geometry", "coordinates", 0).GetDouble().ShouldBe(31.785);
        (await city.Anyone.GetAsync("/ogc/collections/facilities/items/1")).Headers.GetValues("Content-Crs").ShouldBe(["<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"]);

        var shifted = await city.Anyone.Json("/ogc/collections/facilities/items?coord=gcj02&code=F-1");
        shifted.GetProperty("coord").GetString().ShouldBe("gcj02");
        var (lon, lat) = ChinaOffset.Wgs84ToGcj02(119.955, 31.785);
        shifted.At("features", 0, "geometry", "coordinates", 0).GetDouble().ShouldBe(lon, DegreeTolerance);
        // What is answered in a datum can be asked for in it.
        var box = FormattableString.Invariant($"{lon - 1e-6},{lat - 1e-6},{lon + 1e-6},{lat + 1e-6}");
        (await city.Anyone.Json($"/ogc/collections/facilities/items?coord=gcj02&bbox={box}")).GetProperty("numberMatched").GetInt32().ShouldBe(1);
        (await city.Anyone.Json($"/ogc/collections/facilities/items?bbox={box}")).GetProperty("numberMatched").GetInt32().ShouldBe(0);
    }
}
