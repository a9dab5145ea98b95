using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class PlanFileTests(PlanTown town) : IClassFixture<PlanTown>
{
    private static string Shape(JsonElement grid) => $"ST_SetSRID(ST_GeomFromGeoJSON('{grid.GetProperty("geometry").GetRawText()}'), 4326)";

    private async Task<JsonElement> Send(long plan, string query, byte[] file, int status = 200)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/file?{query}", content), status);
    }

    [DatabaseTheory]
    [InlineData("format=geojson", "format=geojson")]
    [InlineData("format=geopackage&crs=EPSG:4549", "format=geopackage")]
    [InlineData("format=geopackage&crs=EPSG:2384", "format=geopackage")]
    [InlineData("format=shapefile&crs=urn:ogc:def:crs:EPSG::3395", "format=shapefile")]
    [InlineData("format=shapefile&crs=EPSG:4549&encoding=GB18030", "format=shapefile")]
    [InlineData("format=shapefile", "format=shapefile&encoding=UTF-8")]
    [InlineData("format=dxf", "format=dxf")]
    [InlineData("format=dxf&crs=EPSG:3857", "format=dxf&crs=EPSG:3857")]
    public async Task A_plan_goes_out_and_comes_back_as_it_was(string written, string read)
    {
        var area = await town.Community(0);
        var source = (await town.Begin(area, "导出")).GetProperty("id").GetInt64();
        await town.SplitSome(source);
        await town.SplitSome(source, skip: 2);
        var response = await town.Planner.GetAsync($"/api/plans/{source}/file?{written}");
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        var file = await response.Content.ReadAsByteArrayAsync();
        if (written.Contains("GB18030"))
        {
            using var zip = new ZipArchive(new MemoryStream(file));
            using var cpg = new StreamReader(zip.GetEntry("grids.cpg")!.Open());
            (await cpg.ReadToEndAsync()).ShouldBe("GB18030");
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            using var dbf = zip.GetEntry("grids.dbf")!.Open();
            using var bytes = new MemoryStream();
            await dbf.CopyToAsync(bytes);
            Encoding.GetEncoding("GB18030").GetString(bytes.ToArray()).ShouldContain("网格");
        }

        var target = (await town.Begin(area, "导入")).GetProperty("id").GetInt64();
        var tried = await Send(target, read + "&dryRun=true", file);
        tried.GetProperty("dryRun").GetBoolean().ShouldBeTrue();
        (await town.Grids(target)).GetProperty("version").GetInt32().ShouldBe(1);
        var taken = await Send(target, read, file);
        taken.GetProperty("step").GetInt32().ShouldBe(1);
        var (before, after) = ((await town.Grids(source)).GetProperty("items").EnumerateArray().ToArray(), (await town.Grids(target)).GetProperty("items").EnumerateArray().ToArray());
        after.Length.ShouldBe(before.Length);
        foreach (var grid in before)
        {
            var code = grid.GetProperty("key").GetString()!;
            // New grids have other numbers there; the same land finds them.
            var same = after.MinBy(other => Math.Abs(other.GetProperty("areaSquareMetres").GetDouble() - grid.GetProperty("areaSquareMetres").GetDouble()));
            if (!code.StartsWith('#')) same.GetProperty("key").GetString().ShouldBe(code);
            same.GetProperty("households").GetInt64().ShouldBe(grid.GetProperty("households").GetInt64());
            // Through metres and back a corner moves by no more than the lattice of 1e-7°, a centimetre: some m² along a kilometre of border.
            (await town.Scratch.Scalar<double>($"SELECT ST_Area(ST_SymDifference({Shape(grid)}, {Shape(same)})::geography)")).ShouldBeLessThan(15);
        }
        // A partition still: nothing twice, nothing missing.
        var union = string.Join(", ", after.Select(Shape));
        (await town.Scratch.Scalar<bool>($"SELECT ST_Equals((SELECT ST_Union(geom) FROM unnest(ARRAY[{union}]) AS geom), (SELECT geom FROM areas WHERE id = {area}))")).ShouldBeTrue();
        await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{target}/undo", null), 200);
        (await town.Grids(target)).GetProperty("items").EnumerateArray().ShouldAllBe(grid => !grid.GetProperty("changed").GetBoolean());
    }

    [DatabaseFact]
    public async Task What_was_drawn_wrong_is_told_and_fitted_in()
    {
        var area = await town.Community(1);
        var plan = (await town.Begin(area, "有错")).GetProperty("id").GetInt64();
        var grids = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToArray();
        // The first grid is left out, the second is drawn 3 m larger all round.
        var larger = await town.Scratch.Scalar<string>($"SELECT ST_AsGeoJSON(ST_Buffer({Shape(grids[1])}::geography, 3)::geometry)");
        var features = string.Join(", ", grids.Skip(1).Select((grid, i) =>
            $$"""{"type":"Feature","properties":{"code":"{{grid.GetProperty("key").GetString()}}"},"geometry":{{(i == 0 ? larger : grid.GetProperty("geometry").GetRawText())}}}"""));
        var edited = await Send(plan, "format=geojson", Encoding.UTF8.GetBytes($$"""{"type":"FeatureCollection","features":[{{features}}]}"""));
        var codes = edited.GetProperty("drawn").EnumerateArray().Select(fault => fault.GetProperty("code").GetString()).ToHashSet();
        codes.ShouldContain("partition.gap");
        codes.ShouldContain("partition.overlap");
        edited.GetProperty("gone").EnumerateArray().Select(key => key.GetString()).ShouldContain(grids[0].GetProperty("key").GetString());
        var after = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToArray();
        after.Length.ShouldBe(grids.Length - 1);
        (await town.Scratch.Scalar<bool>($"SELECT ST_Equals((SELECT ST_Union(geom) FROM unnest(ARRAY[{string.Join(", ", after.Select(Shape))}]) AS geom), (SELECT geom FROM areas WHERE id = {area}))")).ShouldBeTrue();
    }

    [DatabaseTheory]
    [InlineData("CREATE VIRTUAL TABLE pw USING VirtualText('{0}', 'UTF-8', 0, POINT, NONE, ';')", "(SELECT count(*) FROM pw WHERE COL001 = 'secret') > 0")]
    [InlineData("CREATE TABLE pw (n INTEGER)", "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n) > 0")]
    public async Task What_a_GeoPackage_brings_along_reads_no_other_file_and_has_an_end(string sql, string condition)
    {
        var plan = (await town.Begin(await town.Community(0), "夹带")).GetProperty("id").GetInt64();
        var folder = Directory.CreateTempSubdirectory("gridmap-smuggled-").FullName;
        try
        {
            var (secret, drawn, package) = (Path.Combine(folder, "secret.txt"), Path.Combine(folder, "drawn.json"), Path.Combine(folder, "drawn.gpkg"));
            await File.WriteAllTextAsync(secret, "secret;1\n");
            var grid = (await town.Grids(plan)).GetProperty("items")[0];
            await File.WriteAllTextAsync(drawn, $$$"""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"{{{grid.GetProperty("key").GetString()}}}"},"geometry":{{{grid.GetProperty("geometry").GetRawText()}}}}]}""");
            Run("ogr2ogr", "-f", "GPKG", package, drawn, "-nln", "base", "-nlt", "MULTIPOLYGON");
            foreach (var statement in new[]
            {
                string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, secret), $"CREATE VIEW drawn AS SELECT fid, geom, code FROM base WHERE {condition}",
                "DELETE FROM gpkg_contents", "DELETE FROM gpkg_geometry_columns",
                "INSERT INTO gpkg_contents (table_name, identifier, data_type, srs_id) VALUES ('drawn', 'drawn', 'features', 4326)", "INSERT INTO gpkg_geometry_columns VALUES ('drawn', 'geom', 'MULTIPOLYGON', 4326, 0, 0)",
            }) Run("ogrinfo", "-q", package, "-sql", statement);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            (await Send(plan, "format=geopackage", await File.ReadAllBytesAsync(package), 400)).GetProperty("errors").GetRawText().ShouldContain("a geopackage file that GDAL", customMessage: condition);
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(25));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static void Run(string program, params string[] arguments)
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, string.Join(' ', arguments));
        }
    }

    [DatabaseTheory]
    [InlineData("format=geojson", "<html>", "file")]
    [InlineData("format=geojson", """{"type":"FeatureCollection","features":[]}""", "file")]
    [InlineData("format=geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}]}""", "shapes[0]")]
    [InlineData("format=geojson", """{"type":"FeatureCollection","features":[null]}""", "file")]
    [InlineData("format=geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":7,"coordinates":[1,2]}}]}""", "shapes[0]")]
    [InlineData("format=geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"\ud800":"x"},"geometry":null}]}""", "file")]
    [InlineData("format=geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"\ud800","coordinates":[]}}]}""", "file")]
    [InlineData("format=geopackage", "not a database", "file")]
    [InlineData("format=shapefile", "PK\u0003\u0004 broken", "file")]
    [InlineData("format=dxf", "<VRT> SECTION", "file")]
    [InlineData("format=tiff", "x", "format")]
    [InlineData("format=geojson&crs=EPSG:99", "{}", "crs")]
    public async Task Files_are_read_strictly(string query, string body, string named)
    {
        var plan = (await town.Begin(await town.Community(0), "坏文件")).GetProperty("id").GetInt64();
        (await Send(plan, query, Encoding.UTF8.GetBytes(body), 400)).GetProperty("errors").GetRawText().ShouldContain(named);
        (await town.Grids(plan)).GetProperty("version").GetInt32().ShouldBe(1);
    }
}
