using GridMap.Geo.Projections;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Projections;

public sealed class PlanePatchesTests
{
    [Theory]
    [InlineData(119.97, 31.8)]
    [InlineData(-71.1, 42.37)]
    [InlineData(18.9, 78.2)]
    [InlineData(179.9, -16.5)]
    [InlineData(0.1, 0.05)]
    public void Degrees_are_those_of_the_plane_to_a_millimetre(double lon, double lat)
    {
        var plane = MetricPlane.ForLonLat(lon, lat);
        var patches = new PlanePatches(plane);
        var (x, y) = plane.ToMetres(lon, lat);
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            double px = x + random.NextDouble() * 20_000 - 10_000, py = y + random.NextDouble() * 20_000 - 10_000;
            var (quickLon, quickLat) = patches.ToLonLat(px, py);
            var (exactLon, exactLat) = plane.ToLonLat(px, py);
            Math.Abs(Math.IEEERemainder(quickLon - exactLon, 360)).ShouldBeLessThan(1e-8);
            quickLat.ShouldBe(exactLat, 1e-8);
        }
    }
}
