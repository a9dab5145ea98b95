namespace GridMap.Server.Plans;

/// <summary>A file format that plans come in and go out in, through GDAL but for GeoJSON.</summary>
public sealed record PlanFormat(string Name, string Driver, string Extension, string MediaType, params string[] Options)
{
    public static readonly IReadOnlyList<PlanFormat> All =
    [
        new("geojson", "GeoJSON", "geojson", "application/geo+json"),
        new("geopackage", "GPKG", "gpkg", "application/geopackage+sqlite3"),
        new("shapefile", "ESRI Shapefile", "shp", "application/zip"),
        // Draughtsmen work on outlines, one layer for each grid.
        new("dxf", "DXF", "dxf", "image/vnd.dxf", "-nlt", "MULTILINESTRING"),
    ];

    public static string[] Names { get; } = [.. All.Select(format => format.Name)];

    public static PlanFormat Of(string name) => All.First(format => format.Name == name);
}
