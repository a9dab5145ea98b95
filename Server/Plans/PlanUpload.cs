using System.IO.Compression;
using System.Text.Json;
using GridMap.Geo.Projections;
using GridMap.Server.Databases;
using GridMap.Server.Gdal;
using GridMap.Server.Http;

namespace GridMap.Server.Plans;

/// <summary>Reads grids that were drawn in another program. A file is what its first bytes say it is: its content cannot choose what opens it.</summary>
internal static class PlanUpload
{
    private const int MostUnpacked = 64 << 20, MostShapes = 5_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // A machine's every core for a file of a few grids would be too much.
    private static readonly SemaphoreSlim Turn = new(2);

    private static readonly string[] Parts = [".shp", ".shx", ".dbf", ".prj", ".cpg"], Keys = ["code", "key", "grid_code", "gridcode", "layer"];

    /// <param name="body">The file.</param>
    /// <param name="format">Named by the caller.</param>
    /// <param name="srid">Of the file, when it does not say so itself.</param>
    /// <param name="plane">The city's plane, in which drawings are when nothing else is said.</param>
    /// <param name="encoding">Of a shapefile's texts, when it does not say so itself.</param>
    /// <param name="cancellation">Ends GDAL too.</param>
    public static async Task<IReadOnlyList<PlanShape>> Read(Stream body, PlanFormat format, int? srid, int plane, string? encoding, CancellationToken cancellation)
    {
        var work = Directory.CreateTempSubdirectory("gridmap-plan-");
        try
        {
            var source = Path.Combine(work.FullName, $"drawn.{(format.Name == "shapefile" ? "zip" : format.Extension)}");
            await using (var file = File.Create(source)) await body.CopyToAsync(file, cancellation);
            Check(source, format);
            if (format.Name == "geojson" && srid is null) return await Shapes(source, cancellation);
            if (!Ogr2Ogr.IsInstalled) throw new Refused("download.no-gdal", "The program ogr2ogr of GDAL is not installed on the server; on Debian and Ubuntu: apt install gdal-bin.");
            if (format.Name == "shapefile") source = Unpacked(source, work.FullName);
            var read = Path.Combine(work.FullName, "read.json");
            List<string> arguments = ["-f", "GeoJSON", read, source, "-t_srs", "EPSG:4326", "-dim", "XY", "-nlt", "CONVERT_TO_LINEAR", "-limit", $"{MostShapes + 1}", "-lco", "COORDINATE_PRECISION=9"];
            if (srid is not null) arguments.AddRange(["-s_srs", $"EPSG:{srid}"]);
            else if (format.Name == "dxf") arguments.AddRange(["-s_srs", $"EPSG:{plane}"]);
            if (format.Name == "shapefile" && encoding is not null) arguments.AddRange(["-oo", $"ENCODING={encoding}"]);
            if (await Converted(arguments, work.FullName, format, cancellation) is { } complaint)
                throw complaint.Contains("source layer has no", StringComparison.Ordinal) ? Refused.Field("crs", "field.missing", "the CRS of the file, which does not say it")
                    : Refused.Field("file", "file.unreadable", $"a {format.Name} file that GDAL can read ({complaint.Replace(work.FullName, "", StringComparison.Ordinal)})");
            return await Shapes(read, cancellation);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task<string?> Converted(List<string> arguments, string folder, PlanFormat format, CancellationToken cancellation)
    {
        await Turn.WaitAsync(cancellation);
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        clock.CancelAfter(Longest);
        try
        {
            return await Ogr2Ogr.Run(arguments, folder, isStrangers: true, clock.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Refused.Field("file", "file.too-slow", $"a {format.Name} file that GDAL reads in {Longest.TotalSeconds} s");
        }
        finally
        {
            Turn.Release();
        }
    }

    private static void Check(string path, PlanFormat format)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[256];
        var begins = System.Text.Encoding.Latin1.GetString(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        var fits = format.Name switch
        {
            "geopackage" => begins.StartsWith("SQLite format 3\0", StringComparison.Ordinal),
            "shapefile" => begins.StartsWith("PK\u0003\u0004", StringComparison.Ordinal),
            "dxf" => begins.Contains("SECTION", StringComparison.Ordinal) && !begins.Contains('<'),
            _ => begins.TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\r', '\n', '\t').StartsWith('{'),
        };
        if (!fits) throw Refused.Field("file", "file.unreadable", $"a {format.Name} file");
    }

    private static string Unpacked(string zipped, string folder)
    {
        try
        {
            using var archive = ZipFile.OpenRead(zipped);
            var shape = archive.Entries.FirstOrDefault(entry => entry.Name.EndsWith(".shp", StringComparison.OrdinalIgnoreCase)) ?? throw Refused.Field("file", "file.unreadable", "a ZIP file with a .shp in it");
            long left = MostUnpacked;
            foreach (var entry in archive.Entries)
            {
                var part = Path.GetExtension(entry.Name).ToLowerInvariant();
                if (!Parts.Contains(part) || !Path.GetFileNameWithoutExtension(entry.FullName).Equals(Path.GetFileNameWithoutExtension(shape.FullName), StringComparison.Ordinal)) continue;
                using var content = entry.Open();
                using var file = File.Create(Path.Combine(folder, $"drawn{part}"));
                var buffer = new byte[1 << 16];
                // The length that a ZIP file claims may be a lie.
                for (int read; (read = content.Read(buffer)) > 0;)
                {
                    if ((left -= read) < 0) throw Refused.Field("file", "file.too-large", $"at most {MostUnpacked >> 20} MiB unpacked");
                    file.Write(buffer, 0, read);
                }
            }
            return Path.Combine(folder, "drawn.shp");
        }
        catch (InvalidDataException)
        {
            throw Refused.Field("file", "file.unreadable", "a ZIP file");
        }
    }

    private static async Task<IReadOnlyList<PlanShape>> Shapes(string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(path);
            using var document = await JsonDocument.ParseAsync(file, new() { MaxDepth = 32 }, cancellation);
            if (!document.RootElement.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array) throw Refused.Field("file", "file.unreadable", "a FeatureCollection");
            if (features.GetArrayLength() is 0 or > MostShapes) throw Refused.Field("file", "list.length", $"1 to {MostShapes} grids");
            if (features.EnumerateArray().Any(feature => feature.ValueKind != JsonValueKind.Object)) throw Refused.Field("file", "file.unreadable", "a FeatureCollection of features");
            return [.. features.EnumerateArray().Select(feature => new PlanShape(Closed(feature.TryGetProperty("geometry", out var geometry) ? geometry : default), Key(feature)))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // the second where a text is half a character
        {
            throw Refused.Field("file", "file.unreadable", "a GeoJSON file");
        }
    }

    /// <summary>Drawings have closed lines for areas.</summary>
    private static JsonElement Closed(JsonElement geometry)
    {
        if (geometry.ValueKind != JsonValueKind.Object || !geometry.TryGetProperty("type", out var type) || !geometry.TryGetProperty("coordinates", out var coordinates)) return geometry.ValueKind == JsonValueKind.Undefined ? JsonDocument.Parse("null").RootElement : geometry.Clone();
        var polygon = type.GetStringOrNull() switch
        {
            "LineString" => $$"""{"type":"Polygon","coordinates":[{{coordinates.GetRawText()}}]}""",
            "MultiLineString" => $$"""{"type":"Polygon","coordinates":{{coordinates.GetRawText()}}}""",
            _ => null,
        };
        if (polygon is null) return geometry.Clone();
        using var made = JsonDocument.Parse(polygon);
        return made.RootElement.Clone();
    }

    private static string? Key(JsonElement feature)
    {
        if (!feature.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return null;
        return Keys.Select(name => properties.EnumerateObject().FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value)
            .FirstOrDefault(value => value.ValueKind == JsonValueKind.String).GetStringOrNull();
    }

    private static string? GetStringOrNull(this JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
