using System.Diagnostics;
using System.Text;
using GridMap.Geo.Projections;
using GridMap.Server.Import;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Import;

/// <summary>Small files made here, so that every refusal and repair is known beforehand.</summary>
public sealed class PlainTests : IAsyncLifetime
{
    private readonly ImportedCity _city = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gridmap-plain-");

    public Task InitializeAsync() => _city.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _city.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private const string City = """{"type":"Feature","properties":{"code":"3204","name":"常州","level":"city"},"geometry":{"type":"Polygon","coordinates":[[[119.90,31.70],[120.00,31.70],[120.00,31.80],[119.90,31.80],[119.90,31.70]]]}}""";

    private static string Community(string code, string name, double west, double east) =>
        $$$"""{"type":"Feature","properties":{"code":"{{{code}}}","name":"{{{name}}}","level":"community"},"geometry":{"type":"Polygon","coordinates":[[[{{{west}}},31.70],[{{{east}}},31.70],[{{{east}}},31.80],[{{{west}}},31.80],[{{{west}}},31.70]]]}}""";

    private Task Write(string name, params string[] features) =>
        File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), $$"""{"type":"FeatureCollection","features":[{{string.Join(",\n", features)}}]}""");

    private Task<ImportReport> Run(bool dryRun = false) => _city.Import(ProfileReader.Find("plain").For("常州", "320400", null), _folder.FullName, dryRun);

    [DatabaseFact]
    public async Task Areas_NestWithoutTheLevelsBetween_AndThePlaneFollowsFromTheData()
    {
        await Write("areas.geojson", Community("320404001001", "东头村", 119.90, 119.95), City, Community("320404001002", "西园村", 119.95, 120.00));
        var report = await Run();
        report["areas"].Inserted.ShouldBe(3);
        (await _city.Count("areas AS a JOIN areas AS parent ON parent.id = a.parent_id", "parent.code = '3204'")).ShouldBe(2);
        (await _city.Scratch.Scalar<int>("SELECT metric_srid FROM city")).ShouldBe(4549);
        (await _city.Scratch.Scalar<string>("SELECT name FROM city")).ShouldBe("常州");
    }

    [DatabaseFact]
    public async Task Shapefile_InGb18030_KeepsItsNames()
    {
        await Write("areas.geojson", City);
        var work = _folder.CreateSubdirectory("work");
        await File.WriteAllTextAsync(Path.Combine(work.FullName, "b.geojson"), """
            {"type":"FeatureCollection","features":[
             {"type":"Feature","properties":{"code":"B1","name":"常州市钟楼区荷花池街道","height_met":21.5},"geometry":{"type":"Polygon","coordinates":[[[119.95,31.75],[119.951,31.75],[119.951,31.751],[119.95,31.75]]]}},
             {"type":"Feature","properties":{"code":"B2","name":"䶮㐱社区","height_met":3},"geometry":{"type":"Polygon","coordinates":[[[119.96,31.75],[119.961,31.75],[119.961,31.751],[119.96,31.75]]]}}]}
            """);
        await Ogr2Ogr("-f", "ESRI Shapefile", Path.Combine(_folder.FullName, "buildings.shp"), Path.Combine(work.FullName, "b.geojson"), "-lco", "ENCODING=GB18030", "-t_srs", "EPSG:4549");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "buildings.dbf"));
        bytes.AsSpan().IndexOf("常州市钟楼区"u8).ShouldBe(-1, "the file must really not be UTF-8");
        var report = await Run();
        report["buildings"].Inserted.ShouldBe(2, report.Text());
        (await _city.Scratch.Scalar<string>("SELECT name FROM buildings WHERE code = 'B1'")).ShouldBe("常州市钟楼区荷花池街道");
        (await _city.Scratch.Scalar<string>("SELECT name FROM buildings WHERE code = 'B2'")).ShouldBe("䶮㐱社区");
        (await _city.Scratch.Scalar<double>("SELECT height_metres FROM buildings WHERE code = 'B1'")).ShouldBe(21.5);
        (await _city.Scratch.Scalar<double>("SELECT ST_X(ST_StartPoint(ST_ExteriorRing(ST_GeometryN(geom, 1)))) FROM buildings WHERE code = 'B1'")).ShouldBe(119.95, 1e-3);
    }

    [DatabaseFact]
    public async Task Incidents_RefuseWhatTheTableWouldRefuse_RowByRow()
    {
        await Write("areas.geojson", City);
        await File.WriteAllLinesAsync(Path.Combine(_folder.FullName, "incidents.csv"),
        [
            "number,category,reportedAt,status,closedAt,lon,lat,title",
            "1,E0102,2026-03-01 08:00:00,reported,,119.95,31.75,好",
            "2,E0102,2026-03-01T08:00:00Z,closed,2026-03-02T08:00:00Z,119.95,31.75,好",
            "3,E9999,2026-03-01 08:00,reported,,119.95,31.75,no such category",
            "4,E0102,2026-02-30 08:00,reported,,119.95,31.75,no such day",
            "5,E0102,2026-03-01 08:00,closed,,119.95,31.75,closed without a time",
            "6,E0102,2026-03-01 08:00,closed,2026-02-01 08:00,119.95,31.75,closed too early",
            "7,E0102,2026-03-01 08:00,lost,,119.95,31.75,no such status",
            "8,E0102,2026-03-01 08:00,reported,,east,31.75,no number",
            "9,E0102,2026-03-01 08:00,reported,,,31.75,no coordinate",
            "10,E0102,2026-03-01 08:00,reported,,0,0,null island",
            "1,E0102,2026-03-01 08:00,reported,,119.95,31.75,twice",
            ",E0102,2026-03-01 08:00,reported,,119.95,31.75,no number",
            "13,E0102,now,reported,,119.95,31.75,a word",
            "14,E0102,2026-03-01 08:00,reported,,219.95,31.75,off the world",
        ]);
        var step = (await Run())["incidents"];
        step.Inserted.ShouldBe(2);
        var reasons = step.RefusedRows.ToDictionary(row => row.Row, row => row.Reason);
        reasons.Keys.Order().ShouldBe([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
        reasons[3].ShouldContain("E9999");
        reasons[4].ShouldStartWith("reportedAt: ");
        reasons[5].ShouldContain("closing time");
        reasons[6].ShouldBe("closed before it was reported");
        reasons[7].ShouldStartWith("status: \"lost\"");
        reasons[8].ShouldBe("x: \"east\" is not a number");
        reasons[9].ShouldBe("has no coordinates");
        reasons[10].ShouldContain("0, 0");
        reasons[11].ShouldBe("number: \"1\" was already given by incidents.csv row 1");
        reasons[12].ShouldBe("number: is empty");
        reasons[13].ShouldStartWith("reportedAt: \"now\"");
        reasons[14].ShouldStartWith("lies outside the world");
        // A time without a zone is the city's: 08:00 in Shanghai is midnight UTC.
        (await _city.Count("incidents", "number = '1' AND reported_at = '2026-03-01T00:00:00Z'")).ShouldBe(1);
        (await _city.Count("incidents", "number = '2' AND reported_at = '2026-03-01T08:00:00Z'")).ShouldBe(1);
    }

    [DatabaseFact]
    public async Task BrokenGeometry_IsRepairedOrRefused()
    {
        await Write("areas.geojson", City);
        static string Green(string code, string geometry) => $$$"""{"type":"Feature","properties":{"code":"{{{code}}}","kind":"green"},"geometry":{{{geometry}}}}""";
        await Write("landscapes.geojson",
            Green("bowtie", """{"type":"Polygon","coordinates":[[[119.95,31.75],[119.96,31.76],[119.96,31.75],[119.95,31.76],[119.95,31.75]]]}"""),
            Green("line", """{"type":"LineString","coordinates":[[119.95,31.75],[119.96,31.76]]}"""),
            Green("nothing", "null"),
            Green("dust", """{"type":"Polygon","coordinates":[[[119.95,31.75],[119.95000001,31.75],[119.95000001,31.75000001],[119.95,31.75]]]}"""));
        var step = (await Run())["landscapes"];
        step.Inserted.ShouldBe(1);
        step.RepairedRows.ShouldHaveSingleItem().Reason.ShouldBe("Self-intersection");
        step.RefusedRows.Select(row => (row.Key, row.Reason)).ShouldBe(
            [("line", "is not a polygon but a LINESTRING"), ("nothing", "has no geometry"), ("dust", "vanishes when coordinates are kept to 1e-7 degrees")]);
        (await _city.Count("landscapes", "ST_IsValid(geom) AND ST_NumGeometries(geom) = 2")).ShouldBe(1);
    }

    [DatabaseFact]
    public async Task ChangedRow_IsTheOnlyOneWritten_AndAVanishedBoundaryStays()
    {
        static string Grid(string code, double west, double east) =>
            $$$"""{"type":"Feature","properties":{"code":"{{{code}}}","name":"{{{code}}}"},"geometry":{"type":"Polygon","coordinates":[[[{{{west}}},31.70],[{{{east}}},31.70],[{{{east}}},31.80],[{{{west}}},31.80],[{{{west}}},31.70]]]}}""";
        await Write("areas.geojson", City, Community("320404001001", "东头村", 119.90, 119.95), Community("320404001002", "西园村", 119.95, 120.00));
        await Write("grids.geojson", Grid("g1", 119.90, 119.9501), Grid("g2", 119.9501, 120.00));
        var first = await Run();
        first["grids"].Inserted.ShouldBe(2);
        // g1 reaches a few metres into the neighbour: it belongs where most of it lies.
        (await _city.Count("grids JOIN areas ON areas.id = grids.area_id", "grids.code = 'g1' AND areas.name = '东头村'")).ShouldBe(1);

        await Write("grids.geojson", Grid("g1", 119.90, 119.95), Grid("g2", 119.9501, 120.00));
        var before = await _city.Count("changes");
        var second = await Run();
        (second["grids"].Updated, second["grids"].Unchanged).ShouldBe((1, 1));
        (await _city.Count("grids", "code = 'g1' AND valid_to < 'infinity'")).ShouldBe(1, "the old boundary is kept for the past");
        (await _city.Count("grids", "code = 'g1' AND valid_to = 'infinity'")).ShouldBe(1);
        (await _city.Count("changes")).ShouldBe(before + 2, "one version ended, one began");

        var third = await Run();
        (third.Inserted, third.Updated).ShouldBe((0, 0));
    }

    [DatabaseFact]
    public async Task ShiftedCoordinates_ComeBackToWgs84_AndNeighboursStillShareTheirBorder()
    {
        static string At(double lon, double lat) => FormattableString.Invariant($"[{ChinaOffset.Wgs84ToBd09(lon, lat).Lon:R},{ChinaOffset.Wgs84ToBd09(lon, lat).Lat:R}]");
        static string Box(string code, double west, double east, string more) => $$$"""
            {"type":"Feature","properties":{"code":"{{{code}}}","name":"{{{code}}}"{{{more}}}},"geometry":{"type":"Polygon","coordinates":[[{{{At(west, 31.7)}}},{{{At(east, 31.7)}}},{{{At(east, 31.8)}}},{{{At(west, 31.8)}}},{{{At(west, 31.7)}}}]]}}
            """;
        await Write("areas.geojson", Box("3204", 119.9, 120.0, ",\"level\":\"city\""));
        await Write("grids.geojson", Box("g1", 119.9, 119.95, ""), Box("g2", 119.95, 120.0, ""));
        var (lon, lat) = ChinaOffset.Wgs84ToBd09(119.951234, 31.756789);
        await File.WriteAllLinesAsync(Path.Combine(_folder.FullName, "facilities.csv"),
            ["code,name,type,lon,lat", FormattableString.Invariant($"F1,站,library,{lon:R},{lat:R}")]);
        var report = await _city.Import(ProfileReader.Find("plain").For("常州", "320400", null, ChinaDatum.Bd09), _folder.FullName);
        (report["areas"].Inserted, report["grids"].Inserted, report["facilities"].Inserted).ShouldBe((1, 2, 1), report.Text());
        // The written decimals and the grid of 1e-7 degrees leave at most a unit of that grid.
        (await _city.Count("facilities", "abs(ST_X(geom) - 119.951234) <= 1e-7 AND abs(ST_Y(geom) - 31.756789) <= 1e-7")).ShouldBe(1);
        (await _city.Count("areas", "ST_HausdorffDistance(geom, ST_MakeEnvelope(119.9, 31.7, 120.0, 31.8, 4326)) < 2e-7")).ShouldBe(1);
        (await _city.Count("grids AS a JOIN grids AS b ON a.code = 'g1' AND b.code = 'g2'", "ST_Relate(a.geom, b.geom, 'FF2F11212')")).ShouldBe(1, "the border is the same line");

        var again = await _city.Import(ProfileReader.Find("plain").For("常州", "320400", null, ChinaDatum.Bd09), _folder.FullName);
        (again.Inserted, again.Updated).ShouldBe((0, 0));
    }

    [DatabaseFact]
    public async Task Duties_BelongToAGridOrAnArea_AndAreKnownAgain()
    {
        await Write("areas.geojson", City, Community("320404001001", "东头村", 119.90, 120.00));
        await Write("grids.geojson", """{"type":"Feature","properties":{"code":"g1","name":"g1"},"geometry":{"type":"Polygon","coordinates":[[[119.90,31.70],[120.00,31.70],[120.00,31.80],[119.90,31.80],[119.90,31.70]]]}}""");
        await File.WriteAllLinesAsync(Path.Combine(_folder.FullName, "duties.csv"),
        [
            "code,role,person,phone,net,gridCode,areaCode,validFrom,validTo",
            "D1,grid-head,王芳,13800000001,,g1,,2026-01-01,",
            "D2,leader,陈平,,,,320404001001,,",
            "D3,police,李强,,police,g1,,,",
            "D4,grid-worker,赵敏,,,g9,,,",
            "D5,grid-worker,赵敏,,,,,,",
            "D6,grid-worker,赵敏,,,g1,320404001001,,",
            "D7,king,赵敏,,,g1,,,",
            "D8,grid-worker,,,,g1,,,",
            "D9,grid-worker,赵敏,,,g1,,2026-02-01,2026-01-01",
            "D10,leader,赵敏,,,,nowhere,,",
        ]);
        var step = (await Run())["duties"];
        step.Inserted.ShouldBe(2, string.Join('\n', step.RefusedRows));
        var reasons = step.RefusedRows.ToDictionary(row => row.Key!, row => row.Reason);
        reasons.Keys.Order().ShouldBe(["D10", "D3", "D4", "D5", "D6", "D7", "D8", "D9"]);
        (reasons["D3"], reasons["D4"]).ShouldBe(("gridCode is not a grid of the net", "gridCode is not a grid of the net"));
        (reasons["D5"], reasons["D6"]).ShouldBe(("a duty needs either a gridCode or an areaCode", "a duty needs either a gridCode or an areaCode"));
        reasons["D7"].ShouldStartWith("role: \"king\"");
        reasons["D8"].ShouldBe("person: is empty");
        reasons["D9"].ShouldBe("ends before it begins");
        reasons["D10"].ShouldBe("areaCode: \"nowhere\" is not in areas");
        (await _city.Count("duties", "person = '王芳' AND valid_from = '2025-12-31T16:00:00Z' AND valid_to = 'infinity'")).ShouldBe(1);

        await File.WriteAllLinesAsync(Path.Combine(_folder.FullName, "duties.csv"), ["code,role,person,gridCode", "D1,grid-head,王芳芳,g1"]);
        var second = (await Run())["duties"];
        (second.Inserted, second.Updated).ShouldBe((0, 1));
        (await _city.Count("duties", "person = '王芳芳' AND code = 'D1'")).ShouldBe(1);
    }

    [DatabaseFact]
    public async Task DryRun_CountsEverything_AndKeepsNothing()
    {
        await Write("areas.geojson", City, Community("320404001001", "东头村", 119.90, 120.00));
        var before = await _city.Count("changes");
        var report = await Run(dryRun: true);
        report["areas"].Inserted.ShouldBe(2);
        (await _city.Count("areas")).ShouldBe(0);
        (await _city.Count("city")).ShouldBe(0);
        (await _city.Count("changes")).ShouldBe(before);
        (await _city.Count("pg_namespace", "nspname LIKE 'import%'")).ShouldBe(0);
    }

    [DatabaseFact]
    public async Task AnotherCity_IsRefused()
    {
        await Write("areas.geojson", City);
        await Run();
        var fault = await Should.ThrowAsync<ImportException>(() => _city.Import(ProfileReader.Find("plain").For("成都", "510100", null), _folder.FullName));
        fault.Message.ShouldStartWith("$.city.divisionCode: this database is about 常州");
    }

    [DatabaseFact]
    public async Task Report_IsWrittenAsJsonAndAsText()
    {
        await Write("areas.geojson", City, Community("", "nameless", 119.90, 120.00));
        var file = Path.Combine(_folder.FullName, "report.json");
        await (await Run()).Write(file, CancellationToken.None);
        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(file));
        json.RootElement.GetProperty("steps")[0].GetProperty("refusedRows")[0].GetProperty("reason").GetString().ShouldBe("code: is empty");
        (await File.ReadAllTextAsync(Path.ChangeExtension(file, ".txt"), Encoding.UTF8)).ShouldContain("areas.geojson row 2: code: is empty");
    }

    private static async Task Ogr2Ogr(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ogr2ogr", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var complaints = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, complaints);
    }
}
