using FsCheck;
using FsCheck.Fluent;
using GridMap.Geo.Projections;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Projections;

public class ChinaOffsetTests
{
    // Pairs published by several independent implementations of the formulas; equal to the last printed digit.
    [Theory]
    [InlineData(121.5272106, 31.1774276, 121.531541859215, 31.17530398364597)]
    [InlineData(113.912316, 22.543847, 113.9171764808363, 22.540796131694766)]
    [InlineData(116.377817, 39.911954, 116.38404722455657, 39.91334545536069)]
    [InlineData(116.404, 39.915, 116.41024449916938, 39.91640428150164)]
    [InlineData(119.948, 31.78, 119.95269751653134, 31.77790127197919)]
    [InlineData(104.0665, 30.5723, 104.06900490567072, 30.569845540719605)]
    [InlineData(118.54, 36.51, 118.54554481885766, 36.510093831554556)]
    [InlineData(111.67, 40.82, 111.67677789473784, 40.82132957096396)]
    public void Wgs84_to_gcj02_matches_published_pairs(double lon, double lat, double gcjLon, double gcjLat)
    {
        Same(ChinaOffset.Wgs84ToGcj02(lon, lat), gcjLon, gcjLat, 5e-14);
        Same(ChinaOffset.Gcj02ToWgs84(gcjLon, gcjLat), lon, lat, 1e-11);
    }

    [Fact]
    public void Gcj02_to_bd09_matches_the_published_pair()
        => Same(ChinaOffset.Gcj02ToBd09(116.404, 39.915), 116.41036949371029, 39.92133699351021, 5e-14);

    [Theory]
    [InlineData(119.948, 31.78, 119.95925484320524, 31.78361336849094)]
    [InlineData(104.0665, 30.5723, 104.07548094087613, 30.5758561637081)]
    [InlineData(116.404, 39.915, 116.41662724378733, 39.922699552216216)]
    public void Wgs84_to_bd09_matches_published_pairs(double lon, double lat, double bdLon, double bdLat)
    {
        Same(ChinaOffset.Wgs84ToBd09(lon, lat), bdLon, bdLat, 5e-14);
        Same(ChinaOffset.Bd09ToWgs84(bdLon, bdLat), lon, lat, 1e-11);
    }

    [Fact]
    public void One_step_inverses_match_published_pairs_and_the_iterated_ones_are_close_by()
    {
        Same(ChinaOffset.Bd09ToGcj02OneStep(116.404, 39.915), 116.39762729119315, 39.90865673957631, 5e-14);
        Same(ChinaOffset.Bd09ToGcj02(116.404, 39.915), 116.39762729119315, 39.90865673957631, 1e-5);

        var (lon, lat) = ChinaOffset.Wgs84ToGcj02(116.404, 39.915);
        Same((2 * 116.404 - lon, 2 * 39.915 - lat), 116.39775550083061, 39.91359571849836, 5e-14);
        Same(ChinaOffset.Gcj02ToWgs84(116.404, 39.915), 116.39775550083061, 39.91359571849836, 2e-5);

        Same(ChinaOffset.Bd09ToWgs84(116.404, 39.915), 116.3913836995125, 39.907253214522164, 2e-5);
    }

    [Fact]
    public void Round_trips_anywhere_in_china()
    {
        var places = Gen.Choose(740_000_000, 1_350_000_000).Select(k => k / 1e7).Zip(Gen.Choose(40_000_000, 540_000_000).Select(k => k / 1e7));
        Check.QuickThrowOnFailure(Prop.ForAll(places.ToArbitrary(), place =>
        {
            var (lon, lat) = ChinaOffset.Wgs84ToBd09(place.Item1, place.Item2);
            Same(ChinaOffset.Bd09ToWgs84(lon, lat), place.Item1, place.Item2, 1e-11);
            var shift = Geodesic.Distance(place.Item1, place.Item2, lon, lat);
            shift.ShouldBeInRange(10, 3500);
        }));
    }

    [Fact]
    public void Outside_china_nothing_moves()
    {
        ChinaOffset.Wgs84ToGcj02(-0.1276, 51.5072).ShouldBe((-0.1276, 51.5072));
        ChinaOffset.Gcj02ToWgs84(151.2, -33.8).ShouldBe((151.2, -33.8));
        double.IsNaN(ChinaOffset.Wgs84ToGcj02(double.NaN, 30).Lon).ShouldBeTrue();
    }

    [Theory]
    [InlineData("gcj02", ChinaDatum.Gcj02)]
    [InlineData("BD09", ChinaDatum.Bd09)]
    [InlineData("wgs84", ChinaDatum.Wgs84)]
    [InlineData("cgcs2000", ChinaDatum.Wgs84)]
    public void Parses_datum_names(string text, ChinaDatum expected)
    {
        ChinaOffset.TryParse(text, out var datum).ShouldBeTrue();
        datum.ShouldBe(expected);
        ChinaOffset.TryParse("mars", out _).ShouldBeFalse();
        ChinaOffset.TryParse(null, out _).ShouldBeFalse();
    }

    [Fact]
    public void Shift_is_null_only_between_equals()
    {
        foreach (var from in Enum.GetValues<ChinaDatum>())
            foreach (var to in Enum.GetValues<ChinaDatum>())
            {
                var there = ChinaOffset.Shift(from, to);
                (there is null).ShouldBe(from == to);
                if (there is null) continue;
                var (x, y) = there(119.948, 31.78);
                var (backX, backY) = ChinaOffset.Shift(to, from)!(x, y);
                Same((backX, backY), 119.948, 31.78, 1e-11);
            }
    }

    private static void Same((double Lon, double Lat) actual, double lon, double lat, double tolerance)
    {
        actual.Lon.ShouldBe(lon, tolerance);
        actual.Lat.ShouldBe(lat, tolerance);
    }
}
