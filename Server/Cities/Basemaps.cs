using System.Globalization;

namespace GridMap.Server.Cities;

/// <summary>The background map that the operator configured, read once and refused at the start when it cannot work.</summary>
public static class Basemaps
{
    /// <returns>Null when none is configured.</returns>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it and says what was expected.</exception>
    public static Basemap? Configured(IConfiguration settings)
    {
        if (settings["GRIDMAP_BASEMAP"] is not { Length: > 0 } url) return null;
        if (!url.StartsWith('/') && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            throw Wrong("GRIDMAP_BASEMAP", "an http(s) address, or a path of this server");
        var kind = settings["GRIDMAP_BASEMAP_KIND"] ?? "raster";
        (kind, url) = kind switch
        {
            "raster" when url.Contains("{x}", StringComparison.Ordinal) && url.Contains("{z}", StringComparison.Ordinal)
                && (url.Contains("{y}", StringComparison.Ordinal) || url.Contains("{-y}", StringComparison.Ordinal)) => (kind, url),
            "raster" => throw Wrong("GRIDMAP_BASEMAP", "an address with {z}, {x} and {y}"),
            "wmts" => ("raster", Wmts(url, settings)),
            "style" => (kind, url),
            _ => throw Wrong("GRIDMAP_BASEMAP_KIND", "raster, wmts or style"),
        };
        var datum = settings["GRIDMAP_BASEMAP_DATUM"] ?? "wgs84";
        if (datum is not ("wgs84" or "cgcs2000"))
            throw Wrong("GRIDMAP_BASEMAP_DATUM", "wgs84 or cgcs2000; a map in GCJ-02 or BD-09 lies some 500 m beside the truth and cannot be laid under the city");
        var zoom = settings["GRIDMAP_BASEMAP_MAXZOOM"] ?? "18";
        if (!int.TryParse(zoom, NumberStyles.None, CultureInfo.InvariantCulture, out var maxZoom) || maxZoom is < 1 or > 24)
            throw Wrong("GRIDMAP_BASEMAP_MAXZOOM", "a whole number from 1 to 24");
        return settings["GRIDMAP_BASEMAP_ATTRIBUTION"] is { Length: > 0 } attribution ? new Basemap(kind, url, attribution, datum, maxZoom)
            : throw Wrong("GRIDMAP_BASEMAP_ATTRIBUTION", "the words that the map's owner asks for");
    }

    /// <summary>
    /// A WMTS as the z, x, y that map libraries ask for (OGC 07-057r7): either its resource template, or the address to which GetTile parameters are added.
    /// The matrix set must be the one of web maps (GoogleMapsCompatible), with matrices named by the zoom.
    /// </summary>
    private static string Wmts(string url, IConfiguration settings)
    {
        var style = settings["GRIDMAP_BASEMAP_STYLE"] ?? "default";
        var set = settings["GRIDMAP_BASEMAP_MATRIXSET"] ?? "GoogleMapsCompatible";
        if (!url.Contains("{TileMatrix}", StringComparison.OrdinalIgnoreCase))
        {
            var layer = settings["GRIDMAP_BASEMAP_LAYER"] ?? throw Wrong("GRIDMAP_BASEMAP_LAYER", "the layer's identifier, or a template with {TileMatrix}, {TileRow}, {TileCol} in GRIDMAP_BASEMAP");
            var format = settings["GRIDMAP_BASEMAP_FORMAT"] ?? "image/png";
            url += (url.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
                + $"&LAYER={Uri.EscapeDataString(layer)}&STYLE={Uri.EscapeDataString(style)}&TILEMATRIXSET={Uri.EscapeDataString(set)}&FORMAT={Uri.EscapeDataString(format)}"
                + "&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}";
        }
        foreach (var (hole, filled) in new[] { ("{TileMatrix}", "{z}"), ("{TileRow}", "{y}"), ("{TileCol}", "{x}"), ("{TileMatrixSet}", set), ("{Style}", style) })
            url = url.Replace(hole, filled, StringComparison.OrdinalIgnoreCase);
        return url.Contains("{x}", StringComparison.Ordinal) && url.Contains("{y}", StringComparison.Ordinal) ? url : throw Wrong("GRIDMAP_BASEMAP", "a template with {TileMatrix}, {TileRow} and {TileCol}");
    }

    private static InvalidOperationException Wrong(string setting, string expected) => new($"{setting} must be {expected}.");
}
