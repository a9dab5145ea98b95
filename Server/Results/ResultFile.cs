using System.Xml.Linq;
using GridMap.Server.Http;
using GridMap.Server.Gdal;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Results;

/// <summary>Makes a file of a result: GeoJSON by itself, other formats by GDAL, a few at a time and in bounded time. What leaves in the middle stops it.</summary>
public static class ResultFile
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // Each is a process of its own.
    private static readonly SemaphoreSlim Turn = new(2);

    private static readonly Dictionary<string, (string Driver, string Extension, string MediaType)> Formats = new()
    {
        ["geojson"] = ("", "geojson", "application/geo+json"),
        ["csv"] = ("CSV", "csv", "text/csv; charset=utf-8"),
        ["geopackage"] = ("GPKG", "gpkg", "application/geopackage+sqlite3"),
    };

    private static readonly (string, string)[] Makes = [("json", "application/json"), .. Formats.Select(format => (format.Key, format.Value.MediaType))];

    private const string AsFile = "json: the answer (when absent); else its shapes and figures as a file: GeoJSON, CSV or GeoPackage, each row with method, parameters, pace and version of the data",
        AsFileZh = "json：结果本身（缺省）；其余将图形与数值输出为文件：GeoJSON、CSV 或 GeoPackage，每行附方法、参数、步速与数据版本";

    /// <summary>For questions that are put in a body.</summary>
    public static readonly Parameter<string?> FileFormatParameter = Parameters.Format("format", Makes, ($"{AsFile}.", $"{AsFileZh}。"));

    public static readonly Parameter<string?> FormatParameter = Parameters.Format("format", [.. Makes, ("tilejson", "application/json"), ("mvt", MadeTile.MediaType)], ($"{AsFile}; or as tiles: tilejson says where they are, mvt is one of them.", $"{AsFileZh}；或为瓦片：tilejson 给出瓦片地址，mvt 为其中一块。"));

    public static readonly Parameter<string?> ByParameter = Parameters.Choice("by", ["street", "community", "grid"], ("With a file: which of the lists; grid when absent.", "输出文件时：按哪一级汇总；缺省为网格。"));

    /// <summary>The format of the file that is wanted; null for the answer itself.</summary>
    public static string? FormatOf(Question ask) => (ask.Get(FormatParameter) ?? ask.Get(FileFormatParameter)) is { } format and not "json" ? format : null;

    /// <summary>Which list a file is of.</summary>
    /// <exception cref="Refused">The answer itself is wanted: it has all lists, and is no place for a row of each building.</exception>
    public static string ByOf(Question ask, Parameter<string?>? parameter = null) => !ask.Has(parameter ??= ByParameter) || FormatOf(ask) is not null ? ask.Get(parameter) ?? "grid"
        : throw Refused.Field("by", "parameter.not-here", ask.Get(parameter) is "building" or "cell" ? "format=geojson, csv, geopackage or tilejson: too many rows for one JSON answer" : "format=geojson, csv or geopackage: the answer itself has all lists");

    /// <exception cref="Refused">There is no GDAL, it took too long, or GDAL refused.</exception>
    public static async Task<FileStreamHttpResult> Of(HttpContext http, ResultLayer layer, string format, IConfiguration configuration, CancellationToken cancellation)
    {
        if (format is "mvt" or "tilejson")
        {
            // Tiles are cut by the filter of TiledQuestions, which waits for the layer.
            http.Features.Set(layer);
            return TypedResults.File(Stream.Null);
        }
        var (driver, extension, mediaType) = Formats[format];
        var work = configuration["GRIDMAP_WORK"] ?? Path.GetTempPath();
        var file = driver.Length == 0 ? await Written(layer, work, cancellation) : await Converted(layer, driver, extension, work, cancellation);
        return TypedResults.File(file, mediaType, $"{layer.Name}.{extension}");
    }

    private static async Task<Stream> Written(ResultLayer layer, string work, CancellationToken cancellation)
    {
        var file = Temporary(work);
        try
        {
            await layer.WriteGeoJson(file, cancellation);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    // On disk, because a city's buildings are hundreds of megabytes; it is gone when it has been sent.
    private static FileStream Temporary(string work) => new(Path.Combine(work, $"gridmap-result-{Guid.NewGuid():N}"), new FileStreamOptions
    {
        Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
    });

    private static async Task<Stream> Converted(ResultLayer layer, string driver, string extension, string work, CancellationToken cancellation)
    {
        if (!Ogr2Ogr.IsInstalled) throw new Refused("download.no-gdal", "The program ogr2ogr of GDAL is not installed on the server; on Debian and Ubuntu: apt install gdal-bin.");
        var folder = Path.Combine(work, $"gridmap-result-{Guid.NewGuid():N}");
        await Turn.WaitAsync(cancellation);
        try
        {
            Directory.CreateDirectory(folder);
            using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            clock.CancelAfter(Longest);
            await using (var rows = File.Create(Path.Combine(folder, "rows.geojson"))) await layer.WriteGeoJson(rows, clock.Token);
            Describe(layer).Save(Path.Combine(folder, "rows.vrt"));
            var target = Path.Combine(folder, $"{layer.Name}.{extension}");
            List<string> arguments = ["-f", driver, target, Path.Combine(folder, "rows.vrt"), layer.Name, "-nln", layer.Name];
            if (driver == "CSV") arguments.AddRange(["-lco", "WRITE_BOM=YES", "-lco", layer.Geometry == "point" ? "GEOMETRY=AS_XY" : "GEOMETRY=AS_WKT"]);
            var complaint = await Ogr2Ogr.Run(arguments, folder, isStrangers: false, clock.Token);
            if (complaint is not null) throw new Refused("result.not-made", complaint.Replace(folder, "", StringComparison.Ordinal));
            File.Delete(Path.Combine(folder, "rows.geojson"));
            var file = Temporary(work);
            await using (var made = File.OpenRead(target)) await made.CopyToAsync(file, clock.Token);
            file.Position = 0;
            return file;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new Refused("result.not-made", $"It took longer than {Longest.TotalMinutes} minutes. Ask for a smaller area.");
        }
        finally
        {
            Turn.Release();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    // Types are said here, not guessed from the rows.
    private static XDocument Describe(ResultLayer layer) => new(new XElement("OGRVRTDataSource", new XElement("OGRVRTLayer", new XAttribute("name", layer.Name),
        new XElement("SrcDataSource", new XAttribute("relativeToVRT", 1), "rows.geojson"), new XElement("SrcLayer", layer.Name),
        new XElement("GeometryType", layer.Geometry switch { "point" => "wkbPoint", "line" => "wkbLineString", _ => "wkbMultiPolygon" }), new XElement("LayerSRS", "OGC:CRS84"),
        layer.Columns.Select(column => Field(column.Name, column.Kind)), layer.About.Select(about => Field(about.Name, about.Value switch { int or long => ColumnKind.Integer, double => ColumnKind.Number, _ => ColumnKind.Text })))));

    private static XElement Field(string name, ColumnKind kind) => new("Field", new XAttribute("name", name), new XAttribute("src", name),
        new XAttribute("type", kind switch { ColumnKind.Integer => "Integer64", ColumnKind.Number => "Real", _ => "String" }));
}
