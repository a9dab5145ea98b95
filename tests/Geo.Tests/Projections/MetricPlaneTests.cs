using GridMap.Geo.Projections;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Projections;

public class MetricPlaneTests
{
    [Theory]
    [InlineData(119.948, 31.78, 4549)]
    [InlineData(104.0665, 30.5723, 4544)]
    [InlineData(111.67, 40.82, 4546)]
    [InlineData(118.54, 36.51, 4549)]
    [InlineData(118.5, 36, 4549)]
    [InlineData(118.4999, 36, 4548)]
    [InlineData(73.5, 39, 4534)]
    [InlineData(135, 48, 4554)]
    [InlineData(-0.1276, 51.5072, 32630)]
    [InlineData(151.2093, -33.8688, 32756)]
    [InlineData(180, 10, 32660)]
    [InlineData(-180, 0, 32601)]
    public void Chooses_the_zone_of_a_place(double lon, double lat, int srid) => MetricPlane.ForLonLat(lon, lat).Srid.ShouldBe(srid);

    [Theory]
    [InlineData(3857)]
    [InlineData(4326)]
    [InlineData(27700)]
    public void Refuses_what_is_not_metric(int srid) => Should.Throw<ArgumentException>(() => MetricPlane.ForSrid(srid));

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(181, 0)]
    [InlineData(0, 91)]
    public void Refuses_what_is_no_place(double lon, double lat) => Should.Throw<ArgumentOutOfRangeException>(() => MetricPlane.ForLonLat(lon, lat));

    [Fact]
    public void Planar_distance_is_the_geodesic_one_near_the_meridian()
    {
        var plane = MetricPlane.ForSrid(4549);
        var (x1, y1) = plane.ToMetres(119.948, 31.78);
        var (x2, y2) = plane.ToMetres(119.958, 31.78);
        double.Hypot(x2 - x1, y2 - y1).ShouldBe(947.1809, 1e-4);
    }

    [Fact]
    public void Bulk_equals_one_by_one_and_works_in_place()
    {
        var plane = MetricPlane.ForLonLat(119.9, 31.8);
        double[] lons = [119.1, 119.948, 120.7], lats = [31.2, 31.78, 32.4];
        double[] xs = new double[3], ys = new double[3];
        plane.ToMetres(lons, lats, xs, ys);
        for (var i = 0; i < 3; i++) (xs[i], ys[i]).ShouldBe(plane.ToMetres(lons[i], lats[i]));
        plane.ToLonLat(xs, ys, xs, ys);
        for (var i = 0; i < 3; i++)
        {
            xs[i].ShouldBe(lons[i], 1e-11);
            ys[i].ShouldBe(lats[i], 1e-11);
        }

        Should.Throw<ArgumentException>(() => plane.ToMetres(lons, lats.AsSpan(1), xs, ys));
    }

    [Fact]
    public void Bulk_projection_allocates_nothing()
    {
        var plane = MetricPlane.ForSrid(4549);
        double[] xs = new double[1000], ys = new double[1000];
        Array.Fill(xs, 119.9);
        Array.Fill(ys, 31.8);
        double[] outX = new double[1000], outY = new double[1000];
        plane.ToMetres(xs, ys, outX, outY);
        var before = GC.GetAllocatedBytesForCurrentThread();
        plane.ToMetres(xs, ys, outX, outY);
        plane.ToLonLat(outX, outY, outX, outY);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }
}
