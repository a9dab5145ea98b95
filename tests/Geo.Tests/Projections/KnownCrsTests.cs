using System.Globalization;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Projections;

public class KnownCrsTests
{
    // PROJ 9.1.1 and PostGIS 3.3.2 agree on these to the digits given.
    [Theory]
    [InlineData(119.948, 31.78, 4549, 495074.6600, 3517458.9362)]
    [InlineData(119.948, 31.78, 4528, 40495074.6600, 3517458.9362)]
    [InlineData(119.948, 31.78, 3857, 13352550.2817, 3734466.7268)]
    [InlineData(104.0665, 30.5723, 4544, 410449.4253, 3383928.0881)]
    [InlineData(104.0665, 30.5723, 4523, 35410449.4253, 3383928.0881)]
    [InlineData(111.67, 40.82, 4546, 556523.8406, 4520799.9401)]
    [InlineData(118.54, 36.51, 4549, 369209.6425, 4043125.7391)]
    [InlineData(118.54, 36.51, 4548, 637957.4478, 4043237.4002)]
    // SELECT ST_AsText(ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), srid), 4)
    [InlineData(119.948, 31.78, 32650, 779172.4332, 3519835.3213)]
    [InlineData(119.948, 31.78, 4509, 779284.1469, 3521243.8188)]
    [InlineData(119.948, 31.78, 4498, 20779284.1469, 3521243.8188)]
    [InlineData(-70.66, -33.45, 32719, 345713.1543, 6297592.0284)]
    public void Forward_and_back_match_proj(double lon, double lat, int srid, double x, double y)
    {
        var crs = KnownCrs.Find(srid)!;
        var (actualX, actualY) = crs.FromLonLat(lon, lat);
        actualX.ShouldBe(x, 0.6e-4);
        actualY.ShouldBe(y, 0.6e-4);
        var (backLon, backLat) = crs.ToLonLat(actualX, actualY);
        // 1e-10° is 10 µm: the inverse at 3° from the central meridian.
        backLon.ShouldBe(lon, 1e-10);
        backLat.ShouldBe(lat, 1e-10);
    }

    [ReferenceFact]
    public void Epsg_4549_agrees_with_proj_at_a_thousand_points()
    {
        var crs = KnownCrs.Find(4549)!;
        var count = 0;
        foreach (var line in File.ReadLines(ReferenceData.File("proj/EPSG4549_1000.csv")).Skip(1))
        {
            var v = line.Split(',').Select(s => double.Parse(s, CultureInfo.InvariantCulture)).ToArray();
            var (x, y) = crs.FromLonLat(v[0], v[1]);
            x.ShouldBe(v[2], 1e-5);
            y.ShouldBe(v[3], 1e-5);
            var (lon, lat) = crs.ToLonLat(v[2], v[3]);
            lon.ShouldBe(v[0], 1e-10);
            lat.ShouldBe(v[1], 1e-10);
            count++;
        }

        count.ShouldBe(1000);
    }

    [Theory]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4549", 4549)]
    [InlineData("https://www.opengis.net/def/crs/EPSG/0/4549", 4549)]
    [InlineData("http://www.opengis.net/def/crs/EPSG/9.9/3857", 3857)]
    [InlineData("urn:ogc:def:crs:EPSG::4490", 4490)]
    [InlineData("urn:ogc:def:crs:EPSG:10.076:4326", 4326)]
    [InlineData("EPSG:32650", 32650)]
    [InlineData("epsg:4326", 4326)]
    [InlineData("[EPSG:4528]", 4528)]
    [InlineData("4549", 4549)]
    public void Parses_names(string text, int srid)
    {
        KnownCrs.TryParse(text, out var crs).ShouldBeTrue();
        crs.ShouldBeSameAs(KnownCrs.Find(srid));
        if (text.StartsWith("http:", StringComparison.Ordinal) && text.Contains("/0/")) crs.Uri.ShouldBe(text);
    }

    [Theory]
    [InlineData("http://www.opengis.net/def/crs/OGC/1.3/CRS84")]
    [InlineData("urn:ogc:def:crs:OGC:1.3:CRS84")]
    [InlineData("OGC:CRS84")]
    [InlineData("[OGC:CRS84]")]
    [InlineData("CRS84")]
    public void Crs84_is_apart_from_4326_by_its_axis_order(string text)
    {
        KnownCrs.TryParse(text, out var crs).ShouldBeTrue();
        crs.ShouldBeSameAs(KnownCrs.Crs84);
        crs.NorthFirst.ShouldBeFalse();
        KnownCrs.Wgs84.NorthFirst.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("EPSG:")]
    [InlineData("EPSG:27700")]
    [InlineData("EPSG:+4326")]
    [InlineData("EPSG: 4326")]
    [InlineData("http://example.org/def/crs/EPSG/0/4326")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4326/")]
    [InlineData("urn:ogc:def:crs:OGC:1.3:CRS83")]
    [InlineData("EPSG:99999999999999999999")]
    public void Refuses_other_names(string? text) => KnownCrs.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Zone_tables_follow_their_rules()
    {
        foreach (var crs in KnownCrs.Epsg.Where(c => c.Srid is >= 4491 and <= 4554))
        {
            crs.NorthFirst.ShouldBeTrue();
            var zoned = crs.Srid is <= 4501 or (>= 4513 and <= 4533);
            var width = crs.Srid < 4513 ? 6 : 3;
            var zone = width == 6 ? (crs.CentralMeridian + 3) / 6 : crs.CentralMeridian / 3;
            crs.FalseEasting.ShouldBe(zoned ? zone * 1_000_000 + 500_000 : 500_000);
            crs.FromLonLat(crs.CentralMeridian, 30).X.ShouldBe(crs.FalseEasting, 1e-6);
        }

        KnownCrs.Epsg.Count.ShouldBe(3 + 64 + 120);
        KnownCrs.Find(4549)!.CentralMeridian.ShouldBe(120);
        KnownCrs.Find(4547)!.CentralMeridian.ShouldBe(114);
    }

    [Fact]
    public void Impossible_places_are_nan_and_never_an_exception()
    {
        foreach (var crs in KnownCrs.Epsg)
            foreach (var (x, y) in new[] { (double.NaN, 0.0), (0, double.PositiveInfinity), (1e300, 1e300), (1e9, 1e9), (-200, 95), (0, 90), (180, -90), (3e6, 1e7) })
            {
                crs.FromLonLat(x, y);
                crs.ToLonLat(x, y);
            }

        double.IsNaN(KnownCrs.Find(4549)!.FromLonLat(0, 0).X).ShouldBeTrue();
        double.IsNaN(KnownCrs.WebMercator.FromLonLat(0, 90).Y).ShouldBeTrue();
    }

    [Fact]
    public void Utm_next_to_the_antimeridian_takes_the_near_side()
        => KnownCrs.Find(32660)!.FromLonLat(-179.9, 10).X.ShouldBe(KnownCrs.Find(32660)!.FromLonLat(180.1, 10).X, 1e-6);

    [Fact]
    public void Reproject_moves_geometry_and_srid_and_leaves_the_original()
    {
        var original = new WKTReader().Read("MULTIPOLYGON (((119.948 31.78, 119.949 31.78, 119.949 31.781, 119.948 31.781, 119.948 31.78)))");
        var metres = Reproject.Geometry(original, KnownCrs.Crs84, KnownCrs.Find(4549)!);
        metres.SRID.ShouldBe(4549);
        metres.GetGeometryN(0).SRID.ShouldBe(4549);
        // Area of the box in EPSG:4549 by PostGIS.
        metres.Area.ShouldBe(10502.571, 0.001);
        original.Coordinate.X.ShouldBe(119.948);
        Reproject.Geometry(metres, KnownCrs.Find(4549)!, KnownCrs.Wgs84).EqualsExact(original, 1e-11).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => Reproject.Geometry(new Point(0, 0), KnownCrs.Crs84, KnownCrs.Find(4549)!)).Message.ShouldContain("4549");
        var (x, y) = Reproject.Position(495074.6600, 3517458.9362, KnownCrs.Find(4549)!, KnownCrs.WebMercator);
        x.ShouldBe(13352550.2817, 2e-4);
        y.ShouldBe(3734466.7268, 2e-4);
    }
}
