using GridMap.Server.Cities;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Cities;

public class BasemapTests
{
    [Fact]
    public void There_is_none_unless_it_is_configured() => Configured([]).ShouldBeNull();

    [Fact]
    public void A_template_is_kept()
    {
        var basemap = Configured([("GRIDMAP_BASEMAP", "https://tiles.example/{z}/{x}/{y}.png"), ("GRIDMAP_BASEMAP_ATTRIBUTION", "Example")]);
        basemap.ShouldBe(new Basemap("raster", "https://tiles.example/{z}/{x}/{y}.png", "Example", "wgs84", 18));
    }

    [Fact]
    public void A_wmts_address_becomes_GetTile_with_row_and_column_where_they_belong()
    {
        var basemap = Configured(
        [
            ("GRIDMAP_BASEMAP", "https://t0.example/vec_w/wmts?tk=secret"), ("GRIDMAP_BASEMAP_KIND", "wmts"), ("GRIDMAP_BASEMAP_LAYER", "vec"),
            ("GRIDMAP_BASEMAP_MATRIXSET", "w"), ("GRIDMAP_BASEMAP_FORMAT", "tiles"), ("GRIDMAP_BASEMAP_DATUM", "cgcs2000"), ("GRIDMAP_BASEMAP_ATTRIBUTION", "Example"),
        ])!;
        basemap.Kind.ShouldBe("raster");
        basemap.Url.ShouldBe("https://t0.example/vec_w/wmts?tk=secret&SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}");
    }

    [Fact]
    public void A_wmts_template_is_filled()
    {
        var basemap = Configured(
        [
            ("GRIDMAP_BASEMAP", "https://maps.example/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"), ("GRIDMAP_BASEMAP_KIND", "wmts"),
            ("GRIDMAP_BASEMAP_STYLE", "grey"), ("GRIDMAP_BASEMAP_ATTRIBUTION", "Example"),
        ])!;
        basemap.Url.ShouldBe("https://maps.example/grey/GoogleMapsCompatible/{z}/{y}/{x}.png");
    }

    [Theory]
    [InlineData("GRIDMAP_BASEMAP", "ftp://tiles.example/{z}/{x}/{y}")]
    [InlineData("GRIDMAP_BASEMAP", "javascript:alert(1)")]
    [InlineData("GRIDMAP_BASEMAP", "https://tiles.example/one.png")]
    [InlineData("GRIDMAP_BASEMAP_KIND", "mbtiles")]
    [InlineData("GRIDMAP_BASEMAP_DATUM", "gcj02")]
    [InlineData("GRIDMAP_BASEMAP_MAXZOOM", "-3")]
    [InlineData("GRIDMAP_BASEMAP_MAXZOOM", "deep")]
    [InlineData("GRIDMAP_BASEMAP_ATTRIBUTION", "")]
    public void A_wrong_setting_is_named(string setting, string value)
    {
        var settings = new Dictionary<string, string> { ["GRIDMAP_BASEMAP"] = "https://tiles.example/{z}/{x}/{y}.png", ["GRIDMAP_BASEMAP_ATTRIBUTION"] = "Example", [setting] = value };
        Should.Throw<InvalidOperationException>(() => Configured([.. settings.Select(pair => (pair.Key, pair.Value))])).Message.ShouldStartWith($"{setting} must be ");
    }

    private static Basemap? Configured((string Key, string Value)[] settings) =>
        Basemaps.Configured(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
