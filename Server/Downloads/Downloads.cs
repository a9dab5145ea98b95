using System.Text.Json;
using GridMap.Server.Http;

namespace GridMap.Server.Downloads;

/// <summary>What is wanted: a collection or the part of it that the filters select.</summary>
/// <param name="Filter">CQL2: a text, of JSON when <paramref name="FilterLang"/> says so, or the JSON itself.</param>
/// <param name="Bbox">West, south, east, north in degrees.</param>
/// <param name="Crs">EPSG:… or a URI; longitude and latitude when absent.</param>
/// <param name="Encoding">Of a Shapefile's texts: UTF-8 or GB18030.</param>
public sealed record DownloadWanted(
    string Collection, string Format, [property: TextOrObject] JsonElement? Filter = null, string? FilterLang = null, double[]? Bbox = null, string? Datetime = null, string? Crs = null, string? Encoding = null);

/// <summary>How far a download is. <see cref="Status"/> is accepted, running, successful, failed or dismissed; <see cref="File"/> is where the file is once it is there.</summary>
public sealed record Download(
    string Id, string Status, int Progress, string? Message, string Collection, string Format, long? Features, long? Bytes, DateTime CreatedAt, DateTime? FinishedAt, DateTime? ExpiresAt, string? File);

/// <summary>A file format that GDAL writes: its driver there, what it is called on disk and on the web, and what it needs to be told.</summary>
public sealed record DownloadFormat(string Name, string Driver, string Extension, string MediaType, params string[] Options)
{
    /// <summary>The field of a KML that becomes the name of its placemarks.</summary>
    public const string LabelName = "Name";

    public static readonly IReadOnlyList<DownloadFormat> All =
    [
        new("geopackage", "GPKG", "gpkg", "application/geopackage+sqlite3"),
        new("shapefile", "ESRI Shapefile", "shp", "application/zip"),
        new("csv", "CSV", "csv", "text/csv; charset=utf-8", "-lco", "WRITE_BOM=YES"),
        new("flatgeobuf", "FlatGeobuf", "fgb", "application/vnd.flatgeobuf"),
        new("kml", "KML", "kml", "application/vnd.google-earth.kml+xml", "-dsco", $"NameField={LabelName}", "-mapFieldType", "Integer64=String"),
        // Drawings hold shapes alone.
        new("dxf", "DXF", "dxf", "image/vnd.dxf"),
    ];

    public bool IsZipped => Name == "shapefile";

    public bool HasFields => Name != "dxf";

    /// <summary>Whether it has times of its own; where it has none, or GDAL would write them in its own way, a text has them as RFC 3339 writes them.</summary>
    public bool HasTimes => Name is "geopackage" or "flatgeobuf";

    /// <summary>Whether features have a name that is shown for them.</summary>
    public bool HasLabels => Name == "kml";

    /// <summary>Whether a feature's number in the file is its id.</summary>
    public bool HasIds => Name == "geopackage";

    public bool HasCrs => Name != "kml";
}

/// <summary>What downloads may use up on one server.</summary>
/// <param name="AtOnce">How many run; the others wait.</param>
/// <param name="OfOne">How many one caller may have, waiting, running and kept.</param>
public sealed record DownloadLimits(int AtOnce, int Waiting, int OfOne, long BytesEach, long BytesAll, TimeSpan Time, TimeSpan Kept)
{
    public static DownloadLimits Default { get; } = new(2, 50, 10, 4L << 30, 12L << 30, TimeSpan.FromMinutes(20), TimeSpan.FromHours(4));
}
