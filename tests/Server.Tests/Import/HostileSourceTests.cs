using GridMap.Server.Import;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Import;

/// <summary>Files and profiles from strangers: they may be wrong, they may not lead anywhere else or leave anything behind.</summary>
public sealed class HostileSourceTests : IAsyncLifetime
{
    private readonly ImportedCity _city = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gridmap-hostile-");

    public Task InitializeAsync() => _city.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _city.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Profile(string files, string field = "name") => $$"""
        { "gridmapProfile": 1, "name": "p", "city": { "name": "A", "divisionCode": "1", "timeZone": "UTC", "metricSrid": 32631 },
          "steps": [ { "name": "s", "table": "departments", "source": { "files": "{{files}}" }, "fields": { "code": "code", "name": {{System.Text.Json.JsonSerializer.Serialize(field)}} } } ] }
        """;

    private string Place(string name) => Path.Combine(_folder.FullName, name);

    [Theory]
    [InlineData("/vsicurl/http://127.0.0.1/a.csv")]
    [InlineData("/vsizip/a.zip")]
    [InlineData("http://127.0.0.1/a.csv")]
    public void VirtualAndRemoteSources_AreRefused(string source) =>
        Should.Throw<ImportException>(() => new SourceFolder(source, 1000)).Message.ShouldContain("is not a folder or file of this machine");

    [DatabaseFact]
    public async Task Link_OutOfTheFolder_IsRefused()
    {
        File.CreateSymbolicLink(Place("a.csv"), "/etc/hostname");
        (await Should.ThrowAsync<ImportException>(() => _city.Import(Profile("a.csv"), _folder.FullName))).Message.ShouldBe("$.steps[0].source.files: a.csv is a link; copy the file itself");
    }

    [DatabaseFact]
    public async Task OtherKindsOfFile_AreRefused_AndContentDoesNotChooseItsReader()
    {
        const string vrt = """<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>""";
        await File.WriteAllTextAsync(Place("a.vrt"), vrt);
        (await Should.ThrowAsync<ImportException>(() => _city.Import(Profile("a.vrt"), _folder.FullName))).Message.ShouldContain("is of a kind that is not read");
        await File.WriteAllTextAsync(Place("b.geojson"), vrt);
        (await Should.ThrowAsync<ImportException>(() => _city.Import(Profile("b.geojson"), _folder.FullName))).Message.ShouldContain("b.geojson cannot be read");
    }

    [DatabaseFact]
    public async Task NamesAndValues_ThatLookLikeSql_AreData()
    {
        const string column = "na\"me'); DROP TABLE areas; -- $1";
        var feature = new { type = "Feature", geometry = (object?)null, properties = new Dictionary<string, string> { ["code"] = "1", [column] = "x'; DROP TABLE areas; --" } };
        await File.WriteAllTextAsync(Place("a.geojson"), System.Text.Json.JsonSerializer.Serialize(new { type = "FeatureCollection", features = new[] { feature } }));
        var report = await _city.Import(Profile("a.geojson", column), _folder.FullName);
        report["s"].Inserted.ShouldBe(1);
        (await _city.Scratch.Scalar<string>("SELECT name FROM departments")).ShouldBe("x'; DROP TABLE areas; --");
        (await _city.Count("areas")).ShouldBe(0);
    }

    [DatabaseFact]
    public async Task UnknownField_NamesThoseThatThereAre()
    {
        await File.WriteAllTextAsync(Place("a.csv"), "code,title\n1,x\n");
        (await Should.ThrowAsync<ImportException>(() => _city.Import(Profile("a.csv"), _folder.FullName))).Message
            .ShouldBe("$.steps[0].fields.name: the source has no field \"name\"; it has code, title");
    }

    [DatabaseFact]
    public async Task WrongEncoding_IsSaid_AndNamingItHelps()
    {
        var gb = System.Text.CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        await File.WriteAllBytesAsync(Place("a.csv"), gb.GetBytes("code,name\n1,城管局\n"));
        (await Should.ThrowAsync<ImportException>(() => _city.Import(Profile("a.csv"), _folder.FullName))).Message.ShouldContain("is not written in UTF-8");
        await _city.Import(Profile("a.csv").Replace("\"files\"", "\"encoding\": \"GB18030\", \"files\"", StringComparison.Ordinal), _folder.FullName);
        (await _city.Scratch.Scalar<string>("SELECT name FROM departments")).ShouldBe("城管局");
    }

    [DatabaseFact]
    public async Task TooLargeFile_AndTooManyRows_AreRefused()
    {
        await File.WriteAllLinesAsync(Place("a.csv"), ["code,name", .. Enumerable.Range(1, 50).Select(number => $"{number},x")]);
        var plan = ProfileReader.Read(Profile("a.csv"));
        await Should.ThrowAsync<ImportException>(() => new Importer(_city.Scratch.Address, ImportLimits.Default, _ => { })
            .Run(plan, new SourceFolder(_folder.FullName, 100), false, CancellationToken.None));
        var fault = await Should.ThrowAsync<ImportException>(() => new Importer(_city.Scratch.Address, ImportLimits.Default with { Rows = 49 }, _ => { })
            .Run(plan, new SourceFolder(_folder.FullName, 100_000), false, CancellationToken.None));
        fault.Message.ShouldContain("more than 49 rows");
        (await _city.Count("departments")).ShouldBe(0);
        (await _city.Count("pg_namespace", "nspname LIKE 'import%'")).ShouldBe(0);
    }
}
