using System.IO.Compression;
using System.Text.Json.Nodes;
using GridMap.Geo.Projections;
using GridMap.Server.Databases;
using GridMap.Server.Gdal;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>The grids of a draft with their figures as a file for other programs.</summary>
internal static class PlanDownload
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <param name="connection">To read the city's plane.</param>
    /// <param name="grids">With geometry.</param>
    /// <param name="format">Wanted.</param>
    /// <param name="asked">Of the file; null for longitude and latitude, in a drawing for the city's plane.</param>
    /// <param name="encoding">Of a shapefile's texts.</param>
    /// <param name="cancellation">Ends GDAL too.</param>
    public static async Task<byte[]> Make(
        NpgsqlConnection connection, IReadOnlyList<PlanGrid> grids, PlanFormat format, int? asked, string encoding, CancellationToken cancellation)
    {
        var json = Collection(grids, format).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        if (format.Name == "geojson" && asked is null) return System.Text.Encoding.UTF8.GetBytes(json);
        if (!Ogr2Ogr.IsInstalled) throw new Refused("download.no-gdal", "The program ogr2ogr of GDAL is not installed on the server; on Debian and Ubuntu: apt install gdal-bin.");
        var srid = asked ?? (format.Name == "dxf" ? await connection.Scalar<int>($"SELECT metric_srid FROM city", cancellation) : 4326);
        var work = Directory.CreateTempSubdirectory("gridmap-plan-");
        try
        {
            var source = Path.Combine(work.FullName, "grids.json");
            await File.WriteAllTextAsync(source, json, cancellation);
            var made = work.CreateSubdirectory("made").FullName;
            var target = Path.Combine(made, $"grids.{format.Extension}");
            List<string> arguments = ["-f", format.Driver, target, source, "-nln", "grids", "-s_srs", "EPSG:4326", "-t_srs", $"EPSG:{srid}", .. format.Options];
            if (format.Name == "shapefile") arguments.AddRange(["-lco", $"ENCODING={encoding}"]);
            // RFC 7946 knows longitude and latitude only; another CRS is written as GeoJSON 2008 named it.
            if (format.Name == "geojson") arguments.AddRange(["-lco", "RFC7946=NO"]);
            using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            clock.CancelAfter(Longest);
            if (await Ogr2Ogr.Run(arguments, work.FullName, isStrangers: false, clock.Token) is { } complaint)
                throw new Refused("plan.file-unreadable", $"GDAL could not write the file: {complaint.Replace(work.FullName, "", StringComparison.Ordinal)}.");
            if (format.Name != "shapefile") return await File.ReadAllBytesAsync(target, cancellation);
            await File.WriteAllTextAsync(Path.Combine(made, "grids.cpg"), encoding, cancellation);
            var zipped = Path.Combine(work.FullName, "grids.zip");
            ZipFile.CreateFromDirectory(made, zipped, CompressionLevel.Fastest, includeBaseDirectory: false);
            return await File.ReadAllBytesAsync(zipped, cancellation);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    // Names fit the ten letters of a shapefile's columns.
    private static JsonObject Collection(IReadOnlyList<PlanGrid> grids, PlanFormat format) => new()
    {
        ["type"] = "FeatureCollection",
        ["features"] = new JsonArray([.. grids.Select(grid => (JsonNode)new JsonObject
        {
            ["type"] = "Feature",
            ["geometry"] = JsonNode.Parse(grid.Geometry!.Value.GetRawText()),
            ["properties"] = format.Name == "dxf" ? new JsonObject { ["Layer"] = grid.Key } : new JsonObject
            {
                ["code"] = grid.Key, ["name"] = grid.Name, ["area"] = grid.Area.Code, ["area_name"] = grid.Area.Name, ["changed"] = grid.Changed, ["households"] = grid.Households,
                ["residents"] = grid.Residents, ["buildings"] = grid.Buildings, ["incidents"] = grid.Incidents12Months, ["area_m2"] = Math.Round(grid.AreaSquareMetres, 1),
                ["compact"] = Math.Round(grid.Compactness, 4), ["mesh"] = grid.Mesh,
            },
        })]),
    };
}
