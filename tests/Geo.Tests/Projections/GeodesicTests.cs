using FsCheck;
using FsCheck.Fluent;
using GridMap.Geo.Projections;
using NetTopologySuite.Algorithm;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Projections;

public class GeodesicTests
{
    // PostGIS 3.3.2 (GeographicLib): SELECT ST_Distance(a, b), degrees(ST_Azimuth(a, b)) with a, b :: geography
    [Theory]
    [InlineData(119.948, 31.78, 119.958, 31.78, 947.18070383, 89.99736670452073)]
    [InlineData(119.948, 31.78, 119.948, 31.79, 1108.83053959, 0)]
    [InlineData(104.0665, 30.5723, 104.0765, 30.5823, 1466.00279573, 40.86527292414693)]
    [InlineData(116.404, 39.915, 121.4737, 31.2304, 1067046.83351733, 152.98725855507456)]
    [InlineData(-0.1276, 51.5072, 151.2093, -33.8688, 16989294.70521283, 60.36229970054267)]
    [InlineData(20, 89.9, -160, 89.9, 22338.79568252, 0)]
    [InlineData(179.9, 0.1, -179.9, -0.1, 31380.68657932, 134.80753334516527)]
    [InlineData(5, 0, 95, 0, 10018754.17139462, 90)]
    [InlineData(119.948, 31.78, 119.948, 31.7827, 299.3841, 0)]
    [InlineData(119.948, 31.78, 119.9512, 31.78, 303.0978, 89.9992)]
    public void Inverse_matches_postgis_geography(double lon1, double lat1, double lon2, double lat2, double metres, double azimuth)
    {
        var (actual, actualAzimuth) = Geodesic.Inverse(lon1, lat1, lon2, lat2);
        actual.ShouldBe(metres, 1e-4);
        actualAzimuth.ShouldBe(azimuth, 1e-4);
        Geodesic.Distance(lon2, lat2, lon1, lat1).ShouldBe(actual, 1e-6);
    }

    // Nearly opposite points, where Vincenty's iteration runs off.
    [Theory]
    [InlineData(0, 0, 179.5, 0.3, 19955728.94030691, 31.63942103322485)]
    [InlineData(0, 0, 180, 0, 20003931.45862545, 0)]
    [InlineData(0, 0, 179.9, 0, 20003008.42150941, 9.545672694738816)]
    [InlineData(10, -30, -170.1, 29.99, 20001919.92223004, 169.21401621190438)]
    [InlineData(0, 90, 0, -90, 20003931.45862545, 180)]
    [InlineData(100, -45, -79.6, 44.9, 19982095.07442537, 220.74986151786112)]
    public void Inverse_survives_the_antipode(double lon1, double lat1, double lon2, double lat2, double metres, double azimuth)
    {
        var (actual, actualAzimuth) = Geodesic.Inverse(lon1, lat1, lon2, lat2);
        actual.ShouldBe(metres, 1e-3);
        Math.Abs(Math.IEEERemainder(actualAzimuth - azimuth, 360)).ShouldBeLessThan(1e-3);
        Geodesic.Distance(lon2, lat2, lon1, lat1).ShouldBe(metres, 1e-3);
    }

    // On the exact antipode every azimuth that follows a meridian is right.
    [Fact]
    public void Exact_antipodes_have_the_length_of_half_a_meridian()
        => Geodesic.Distance(10, -30, -170, 30).ShouldBe(20003931.45862545, 1e-3);

    // SELECT ST_Project(geography(ST_MakePoint(lon, lat)), metres, radians(azimuth))
    [Theory]
    [InlineData(119.948, 31.78, 300, 0, 119.948, 31.782705554738293)]
    [InlineData(119.948, 31.78, 300, 37.5, 119.94992817111134, 31.782146446387284)]
    [InlineData(119.948, 31.78, 300, 211, 119.9463687635728, 31.777680875585325)]
    [InlineData(104.0665, 30.5723, 100000, 123, 104.93639198641125, 30.078098590890125)]
    [InlineData(0, 0, 5000000, 80, 44.478674617662946, 7.084700557249707)]
    [InlineData(-70, -50, 15000000, 250, 156.2824185808062, 22.77230920235579)]
    [InlineData(10, 89, 500000, 10, 177.15809402230036, 86.50393945249739)]
    public void Direct_matches_postgis_geography(double lon, double lat, double metres, double azimuth, double lon2, double lat2)
    {
        var (actualLon, actualLat) = Geodesic.Direct(lon, lat, metres, azimuth);
        Math.Abs(Math.IEEERemainder(actualLon - lon2, 360)).ShouldBeLessThan(2e-9);
        actualLat.ShouldBe(lat2, 1e-9);
    }

    [Fact]
    public void Direct_then_inverse_returns_anywhere()
    {
        var cases = Gen.Choose(-1800, 1800).Zip(Gen.Choose(-890, 890)).Zip(Gen.Choose(1, 19_000_000).Zip(Gen.Choose(0, 3599)));
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), c =>
        {
            double lon = c.Item1.Item1 / 10.0, lat = c.Item1.Item2 / 10.0, azimuth = c.Item2.Item2 / 10.0;
            var (lon2, lat2) = Geodesic.Direct(lon, lat, c.Item2.Item1, azimuth);
            Geodesic.Distance(lon, lat, lon2, lat2).ShouldBe(c.Item2.Item1, 1e-3);
        }));
    }

    [Fact]
    public void Random_pairs_are_symmetric_and_finite()
    {
        var random = new Random(3);
        double longest = 0, shortest = double.MaxValue, unlike = 0;
        for (var i = 0; i < 20_000; i++)
        {
            // Half of them close to the antipode.
            double lon = random.NextDouble() * 360 - 180, lat = random.NextDouble() * 180 - 90;
            var near = i % 2 == 0;
            var lon2 = near ? lon + 180 + (random.NextDouble() - 0.5) : random.NextDouble() * 360;
            var lat2 = near ? Math.Clamp(-lat + (random.NextDouble() - 0.5), -90, 90) : random.NextDouble() * 180 - 90;
            var there = Geodesic.Distance(lon, lat, lon2, lat2);
            (longest, shortest) = (Math.Max(longest, there), Math.Min(shortest, there));
            unlike = Math.Max(unlike, Math.Abs(Geodesic.Distance(lon2, lat2, lon, lat) - there));
        }

        shortest.ShouldBeGreaterThanOrEqualTo(0);
        longest.ShouldBeLessThanOrEqualTo(20_003_931.46);
        unlike.ShouldBeLessThan(1e-3);

        Geodesic.Inverse(5, 5, 5, 5).ShouldBe((0, 0));
        Geodesic.Distance(5, 5, 365, 5).ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => Geodesic.Distance(0, 91, 0, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Geodesic.Distance(0, double.NaN, 0, 0));
    }

    [Fact]
    public void Circle_has_every_vertex_at_its_radius()
    {
        var circle = GeodesicCircle.Polygon(119.948, 31.78, 300, 128);
        circle.NumPoints.ShouldBe(129);
        circle.SRID.ShouldBe(4326);
        Orientation.IsCCW(circle.Shell.CoordinateSequence).ShouldBeTrue();
        foreach (var c in circle.Coordinates) Geodesic.Distance(119.948, 31.78, c.X, c.Y).ShouldBe(300, 1e-4);
        var inscribed = Math.PI * 300 * 300 * Math.Sin(2 * Math.PI / 128) * 128 / (2 * Math.PI);
        MetricPlane.ForLonLat(119.948, 31.78).ToMetres(circle).Area.ShouldBe(inscribed, 5);
    }

    [Theory]
    [InlineData(0, 0, 0, 64)]
    [InlineData(0, 0, -5, 64)]
    [InlineData(0, 0, double.NaN, 64)]
    [InlineData(0, 0, 100, 7)]
    [InlineData(179.9999, 0, 1000, 64)]
    [InlineData(0, 89.99, 5000, 64)]
    public void Circle_refuses_what_it_cannot_draw(double lon, double lat, double radius, int segments)
        => Should.Throw<ArgumentOutOfRangeException>(() => GeodesicCircle.Polygon(lon, lat, radius, segments));
}
