using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Tests.Clients;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Downloads;

/// <summary>Files that GDAL writes from collections: read back by GDAL, compared with the tables.</summary>
public sealed class DownloadTests(SmallCity city) : IClassFixture<SmallCity>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gridmap-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DatabaseTheory]
    [InlineData("grids", "geopackage", "gpkg")]
    [InlineData("incidents", "geopackage", "gpkg")]
    [InlineData("buildings", "flatgeobuf", "fgb")]
    [InlineData("facilities", "csv", "csv")]
    [InlineData("areas", "csv", "csv")]
    [InlineData("incidents", "kml", "kml")]
    [InlineData("grids", "dxf", "dxf")]
    [InlineData("roads", "shapefile", "zip")]
    public async Task Every_format_holds_every_feature(string collection, string format, string extension)
    {
        var file = await Made(new { collection, format }, extension);
        var said = await Read(file, "-so");
        said.ShouldContain($"Feature Count: {await city.Scratch.Scalar<long>($"SELECT count(*) FROM {collection}")}\n");
    }

    [DatabaseFact]
    public async Task A_filter_of_json_is_taken_as_it_is_and_as_a_text()
    {
        var filter = new { op = "=", args = new object[] { new { property = "level" }, "community" } };
        var expected = $"Feature Count: {await city.Scratch.Scalar<long>("SELECT count(*) FROM areas WHERE level = 'community'")}\n";
        (await Read(await Made(new { collection = "areas", format = "csv", filter }, "csv"), "-so")).ShouldContain(expected);
        (await Read(await Made(new { collection = "areas", format = "csv", filter, filterLang = "cql2-json" }, "csv"), "-so")).ShouldContain(expected);
        (await Read(await Made(new { collection = "areas", format = "csv", filter = JsonSerializer.Serialize(filter), filterLang = "cql2-json" }, "csv"), "-so")).ShouldContain(expected);
    }

    [DatabaseFact]
    public async Task Types_and_texts_survive()
    {
        var said = await Read(await Made(new { collection = "incidents", format = "geopackage", filter = "category = 'E0102' AND gridId = 9", crs = "EPSG:4549" }, "gpkg"));
        said.ShouldContain("reportedAt: DateTime");
        said.ShouldContain("gridId: Integer64");
        said.ShouldContain("EPSG\",4549");
        said.ShouldContain($"Feature Count: {await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE category = 'E0102' AND grid_id = 9")}\n");
        said.ShouldContain("gridId (Integer64) = 9");
    }

    [DatabaseTheory]
    [InlineData("geopackage", "gpkg")]
    [InlineData("csv", "csv")]
    [InlineData("shapefile", "zip")]
    [InlineData("flatgeobuf", "fgb")]
    [InlineData("kml", "kml")]
    public async Task Every_row_has_the_id_that_other_rows_name(string format, string extension)
    {
        var (id, code) = (await city.Scratch.Scalar<long>("SELECT max(id) FROM areas"), await city.Scratch.Scalar<string>("SELECT code FROM areas ORDER BY id DESC LIMIT 1"));
        var said = await Read(await Made(new { collection = "areas", format, filter = $"id = {id}" }, extension));
        said.ShouldContain(code!);
        if (format == "geopackage") said.ShouldContain("FID Column = id\n");
        if (format == "geopackage") said.ShouldContain($"OGRFeature(areas):{id}\n");
        else said.Split('\n').ShouldContain(line => line.StartsWith("  id (", StringComparison.Ordinal) && line.EndsWith($") = {id}", StringComparison.Ordinal));
    }

    [DatabaseTheory]
    [InlineData("csv", "csv")]
    [InlineData("shapefile", "zip")]
    [InlineData("kml", "kml")]
    public async Task Times_are_as_the_server_writes_and_reads_them(string format, string extension)
    {
        var number = await city.Scratch.Scalar<string>("SELECT number FROM incidents WHERE closed_at IS NOT NULL ORDER BY id LIMIT 1");
        var item = (await city.Anyone.Json($"/ogc/collections/incidents/items?filter=number='{number}'")).At("features", 0, "properties");
        var said = await Read(await Made(new { collection = "incidents", format, filter = $"number = '{number}'" }, extension));
        said.ShouldContain($"reportedAt (String) = {item.At("reportedAt").GetString()}\n");
        said.ShouldContain($"closedAt (String) = {item.At("closedAt").GetString()}\n");
    }

    [DatabaseTheory]
    [InlineData("areas", "areas", "name")]
    [InlineData("incidents", "incidents", "coalesce(nullif(title, ''), number)")]
    [InlineData("buildings", "buildings", "coalesce(nullif(name, ''), code)")]
    public async Task A_placemark_has_the_name_that_people_know(string collection, string table, string name)
    {
        var said = await Read(await Made(new { collection, format = "kml" }, "kml"));
        said.ShouldContain($"Name (String) = {await city.Scratch.Scalar<string>($"SELECT {name} FROM {table} ORDER BY id DESC LIMIT 1")}\n");
    }

    [DatabaseTheory]
    [InlineData("UTF-8")]
    [InlineData("GB18030")]
    public async Task A_shapefile_says_and_keeps_its_encoding(string encoding)
    {
        var zip = await Made(new { collection = "areas", format = "shapefile", encoding, bbox = new[] { 119.94, 31.77, 119.941, 31.771 } }, "zip");
        using (var archive = ZipFile.OpenRead(zip))
        {
            archive.Entries.Select(entry => entry.FullName).Order().ShouldBe(["areas.cpg", "areas.dbf", "areas.fields.txt", "areas.prj", "areas.shp", "areas.shx"]);
            using var table = new MemoryStream();
            await archive.GetEntry("areas.dbf")!.Open().CopyToAsync(table);
            byte[] name = encoding == "UTF-8" ? Encoding.UTF8.GetBytes("桂花社区") : [0xB9, 0xF0, 0xBB, 0xA8, 0xC9, 0xE7, 0xC7, 0xF8];
            table.ToArray().AsSpan().IndexOf(name).ShouldBeGreaterThan(0);
        }
        var said = await Read(zip);
        said.ShouldContain("桂花社区");
        said.ShouldContain("Feature Count: 4\n"); // city, district, street, community
    }

    [DatabaseTheory]
    [InlineData("UTF-8", 99)]
    [InlineData("GB18030", 142)]
    public async Task What_a_shapefile_cannot_hold_is_said_and_kept_beside_it(string encoding, int letters)
    {
        var (code, address) = ($"LONG-{encoding}", string.Concat(Enumerable.Repeat("武进区湖塘镇\"甲\"", 20)));
        await city.Scratch.Execute($"INSERT INTO facilities (code, name, type, address, geom) SELECT '{code}', 'n', type, '{address}', geom FROM facilities ORDER BY id LIMIT 1");
        var client = await city.Server.As(Role.Reader);
        var id = await Finished(client, new { collection = "facilities", format = "shapefile", encoding, filter = $"code = '{code}'" });
        var message = (await client.Json($"/api/downloads/{id}")).At("message").GetString().ShouldNotBeNull();
        message.ShouldContain("1 of address");
        message.ShouldContain("facilities.texts.txt");
        message.ShouldContain("facilities.fields.txt");
        var zip = Path.Combine(_folder, "file.zip");
        await File.WriteAllBytesAsync(zip, await client.GetByteArrayAsync($"/api/downloads/{id}/file"));
        var said = await Read(zip);
        said.ShouldContain("openingHou: String");
        said.ShouldContain($"address (String) = {address[..letters]}\n");
        using var archive = ZipFile.OpenRead(zip);
        (await Lines("facilities.fields.txt")).ShouldContain("openingHou\topeningHours\ttext\t0");
        (await Lines("facilities.fields.txt")).ShouldContain("address\taddress\ttext\t1");
        (await Lines("facilities.texts.txt"))[1].ShouldEndWith($"\taddress\t\"{address.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");

        async Task<string[]> Lines(string name)
        {
            using var reader = new StreamReader(archive.GetEntry(name)!.Open());
            return (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        }
    }

    [DatabaseFact]
    public async Task A_file_comes_in_ranges_and_only_to_who_asked_for_it()
    {
        var mine = await city.Server.As(Role.Reader);
        var id = await Finished(mine, new { collection = "grids", format = "geopackage" });
        var whole = await mine.GetByteArrayAsync($"/api/downloads/{id}/file");
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/downloads/{id}/file") { Headers = { Range = new RangeHeaderValue(100, 199) } };
        var part = await mine.SendAsync(request);
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync()).ShouldBe(whole[100..200]);
        part.Content.Headers.ContentDisposition!.FileName.ShouldBe("grids.gpkg");

        (await city.Anyone.GetAsync($"/api/downloads/{id}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await city.Server.As(Role.Operator)).GetAsync($"/api/downloads/{id}/file")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await city.Server.As(Role.Administrator)).GetAsync($"/api/downloads/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await mine.Json("/api/downloads")).At("items").EnumerateArray().ShouldContain(download => download.At("id").GetString() == id);
        (await mine.DeleteAsync($"/api/downloads/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await mine.GetAsync($"/api/downloads/{id}/file")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [DatabaseTheory]
    [InlineData("{\"collection\":\"secrets\",\"format\":\"geopackage\"}", "collection")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"exe\"}", "format")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"encoding\":\"GB18030\"}", "encoding")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"shapefile\",\"encoding\":\"EBCDIC\"}", "encoding")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"crs\":\"EPSG:5773\"}", "crs")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"kml\",\"crs\":\"EPSG:4549\"}", "crs")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"bbox\":[1,2,3]}", "bbox")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"datetime\":\"yesterday\"}", "datetime")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"filter\":\"code = \"}", "filter")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"filter\":\"nothing = 1\"}", "filter")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"filter\":7}", "filter")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"filter\":\"\\uD800\"}", "filter")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"filter\":{\"op\":\"nothing\",\"args\":[]}}", "filter")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"filterLang\":\"cql2-text\",\"filter\":{\"op\":\"isNull\",\"args\":[{\"property\":\"code\"}]}}", "filter")]
    [InlineData("{\"collection\":\"grids\",\"format\":\"csv\",\"more\":1}", "more")]
    public async Task What_cannot_be_made_is_refused(string body, string field)
    {
        var response = await (await city.Server.As(Role.Reader)).PostAsync("/api/downloads", new StringContent(body, Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).Fields().ShouldContain(field);
    }

    [DatabaseFact]
    public async Task One_caller_has_a_bounded_number_and_a_key()
    {
        (await city.Anyone.PostAsJsonAsync("/api/downloads", new { collection = "grids", format = "csv" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var client = await city.Server.As(Role.Planner);
        HttpResponseMessage last;
        var made = 0;
        do last = await client.PostAsJsonAsync("/api/downloads", new { collection = "grids", format = "csv" });
        while (last.StatusCode == HttpStatusCode.Accepted && ++made < 50);
        last.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        made.ShouldBe(10);
        foreach (var download in (await client.Json("/api/downloads")).At("items").EnumerateArray()) await client.DeleteAsync($"/api/downloads/{download.At("id").GetString()}");
        (await client.Json("/api/downloads")).At("items").GetArrayLength().ShouldBe(0);
    }

    private async Task<string> Made(object wanted, string extension)
    {
        var client = await city.Server.As(Role.Reader);
        var id = await Finished(client, wanted);
        var file = Path.Combine(_folder, $"file.{extension}");
        await File.WriteAllBytesAsync(file, await client.GetByteArrayAsync($"/api/downloads/{id}/file"));
        await client.DeleteAsync($"/api/downloads/{id}");
        return file;
    }

    private static async Task<string> Finished(HttpClient client, object wanted)
    {
        using var begun = await client.PostAsJsonAsync("/api/downloads", wanted);
        begun.StatusCode.ShouldBe(HttpStatusCode.Accepted, await begun.Content.ReadAsStringAsync());
        var address = begun.Headers.Location!.ToString();
        for (var i = 0; i < 300; i++)
        {
            var download = await client.Json(address);
            if (download.At("status").GetString() == "successful")
            {
                download.At("progress").GetInt32().ShouldBe(100);
                return download.At("id").GetString()!;
            }
            download.At("status").GetString().ShouldBeOneOf("accepted", "running", download.At("message").GetString());
            await Task.Delay(100);
        }
        throw new TimeoutException(address);
    }

    private static async Task<string> Read(string file, params string[] more)
    {
        var (code, text) = await ClientProgram.Run("ogrinfo", ["-ro", "-al", .. more, file.EndsWith(".zip", StringComparison.Ordinal) ? $"/vsizip/{file}" : file]);
        code.ShouldBe(0, text);
        return text;
    }
}
