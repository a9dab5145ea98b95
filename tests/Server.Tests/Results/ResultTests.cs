using System.Net;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Gdal;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Results;

public sealed class ResultTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    [DatabaseTheory]
    [InlineData("street")]
    [InlineData("community")]
    [InlineData("grid")]
    public async Task A_file_of_coverage_holds_the_shapes_and_figures_of_the_answer_and_says_how_they_came_about(string by)
    {
        const string question = "/api/coverage/walking?facilityType=clinic&minutes=10";
        var answer = await town.Anyone.Json(question);
        var file = await town.Anyone.Json($"{question}&format=geojson&by={by}");
        var rows = answer.At(by switch { "street" => "byStreet", "community" => "byCommunity", _ => "byGrid" }).EnumerateArray().ToList();
        var features = file.At("features").EnumerateArray().ToList();
        features.Count.ShouldBe(rows.Count);
        features.Sum(feature => feature.At("properties", "residentsCovered").GetInt64()).ShouldBe(answer.At("total", "covered", "residents").GetInt64());
        foreach (var feature in features)
        {
            var properties = feature.At("properties");
            properties.At("dataVersion").GetString().ShouldBe(answer.At("version").GetString());
            properties.At("method").GetString().ShouldBe("walking");
            properties.At("metresPerMinute").GetDouble().ShouldBe(60);
            properties.At("metres").GetDouble().ShouldBe(600);
            if (properties.At("id").ValueKind == JsonValueKind.Null) continue;
            feature.At("geometry", "type").GetString().ShouldBe("MultiPolygon");
        }
        file.At("about", "facilityType").GetString().ShouldBe("clinic");
    }

    [DatabaseFact]
    public async Task Each_building_is_told_with_its_nearest_facility()
    {
        const string question = "/api/coverage/walking?facilityType=clinic&minutes=10";
        var answer = await town.Anyone.Json(question);
        var file = await town.Anyone.Json($"{question}&by=building&format=geojson");
        file.At("about", "method").GetString().ShouldBe("walking");
        var rows = file.At("features").EnumerateArray().Select(feature => feature.At("properties")).ToList();
        rows.Count.ShouldBe((int)answer.At("total", "all", "buildings").GetInt64());
        rows.Select(row => row.At("id").GetInt64()).ShouldBeInOrder();
        rows.Where(row => row.At("covered").GetInt64() == 1).Sum(row => row.At("residents").GetInt64()).ShouldBe(answer.At("total", "covered", "residents").GetInt64());
        rows.Where(row => row.At("offNetwork").GetInt64() == 1).Sum(row => row.At("households").GetInt64()).ShouldBe(answer.At("total", "offNetwork", "households").GetInt64());
        foreach (var feature in file.At("features").EnumerateArray().Where((_, i) => i % 97 == 0))
        {
            var row = feature.At("properties");
            (await town.Server.Database.Scalar<string>($"SELECT code FROM buildings WHERE id = {row.At("id").GetInt64()}", CancellationToken.None)).ShouldBe(row.At("code").GetString());
            if (row.At("nearestFacility").ValueKind == JsonValueKind.Null) continue;
            row.At("covered").GetInt64().ShouldBe(row.At("nearestMetres").GetDouble() <= 600 ? 1 : 0);
            feature.At("geometry", "type").GetString().ShouldBe("Point");
        }
        var tiles = await town.Anyone.Json($"{question}&by=building&format=tilejson");
        tiles.At("vector_layers", 0, "fields", "nearestMetres").GetString().ShouldBe("Number");
        if (!Ogr2Ogr.IsInstalled) return;
        using var csv = await town.Anyone.GetAsync($"{question}&by=building&format=csv");
        var lines = (await csv.Content.ReadAsStringAsync()).Trim().Split('\n');
        lines.Length.ShouldBe(1 + rows.Count);
        lines[0].ShouldContain("X,Y,id,code");
        using var package = await town.Anyone.GetAsync($"{question}&by=building&format=geopackage");
        Encoding.ASCII.GetString(await package.Content.ReadAsByteArrayAsync(), 0, 15).ShouldBe("SQLite format 3");
    }

    [DatabaseFact]
    public async Task Other_questions_become_files_too()
    {
        var gaps = await town.Anyone.Json("/api/coverage/gaps?facilityType=pharmacy&minutes=5&format=geojson");
        gaps.At("features").GetArrayLength().ShouldBe((await town.Anyone.Json("/api/coverage/gaps?facilityType=pharmacy&minutes=5")).At("gaps", "features").GetArrayLength());
        (await town.Anyone.Json("/api/coverage/catchment?facilityType=clinic&minutes=15&format=geojson&by=community")).At("features", 0, "properties", "perThousand").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        var (lon, lat) = (await town.Homes(1))[0];
        var rings = await town.Anyone.Json($"/api/isochrone?lon={lon}&lat={lat}&minutes=5,10&format=geojson");
        rings.At("features").EnumerateArray().Select(ring => ring.At("properties", "metres").GetDouble()).ShouldBe([300, 600]);
        var sites = await town.Anyone.Json("/api/siting?facilityType=elderly-care&sites=2&format=geojson");
        sites.At("features").EnumerateArray().Count(site => site.At("properties", "kind").GetString() == "new").ShouldBe(2);
        sites.At("features", 0, "properties", "bound").GetDouble().ShouldBeGreaterThan(0);
    }

    [DatabaseFact]
    public async Task Ways_circles_and_distances_become_files_with_their_lines_and_outlines()
    {
        var homes = await town.Homes(3);
        var (lon, lat) = homes[0];
        var question = $"/api/nearest?lon={lon}&lat={lat}&facilityType=pharmacy&count=4";
        var (nearest, file) = (await town.Anyone.Json(question), await town.Anyone.Json($"{question}&format=geojson"));
        file.At("features").EnumerateArray().Select(way => way.At("properties", "metres").GetDouble()).ShouldBe(nearest.At("items").EnumerateArray().Select(item => item.At("metres").GetDouble()));
        file.At("features", 0, "geometry").ToString().ShouldBe(nearest.At("items", 0, "route").ToString());
        file.At("about", "dataVersion").GetString().ShouldBe(nearest.At("version").GetString());

        question = $"/api/nearest/people?lon={lon}&lat={lat}&role=grid-worker&count=3";
        var (people, peopleFile) = (await town.Anyone.Json(question), await (await town.Server.As(Role.Operator)).Json($"{question}&format=geojson"));
        peopleFile.At("features").EnumerateArray().Select(way => way.At("properties", "person").GetString()).ShouldBe(people.At("items").EnumerateArray().Select(item => item.At("person").GetString()));
        peopleFile.At("features", 0, "properties").TryGetProperty("phone", out _).ShouldBeFalse("a file is handed on");

        question = $"/api/circle?lon={lon}&lat={lat}&minutes=10";
        var (circle, circleFile) = (await town.Anyone.Json(question), await town.Anyone.Json($"{question}&format=geojson"));
        circleFile.At("features").EnumerateArray().Select(row => row.At("properties", "method").GetString()).ShouldBe(["circle", "walking"]);
        circleFile.At("features", 0, "properties", "residents").GetInt64().ShouldBe(circle.At("buildings", "residents").GetInt64());
        circleFile.At("features", 1, "properties", "residents").GetInt64().ShouldBe(circle.At("walk", "buildings", "residents").GetInt64());
        circleFile.At("features", 1, "geometry").ToString().ShouldBe(circle.At("walk", "outline").ToString());

        var body = new { from = homes.Select(home => new[] { home.Lon, home.Lat }), to = new[] { new[] { lon, lat } } };
        var (matrix, pairs) = (await town.Anyone.PostJson("/api/distances", body), await town.Anyone.PostJson("/api/distances?format=geojson", body));
        pairs.At("features").EnumerateArray().Select(pair => pair.At("properties", "metres").GetDouble()).ShouldBe(matrix.At("metres").EnumerateArray().Select(row => row[0].GetDouble()));
        if (!Ogr2Ogr.IsInstalled) return;
        foreach (var path in new[] { $"/api/nearest?lon={lon}&lat={lat}&facilityType=pharmacy", $"/api/nearest/people?lon={lon}&lat={lat}", $"/api/circle?lon={lon}&lat={lat}" })
        {
            (await town.Anyone.GetByteArrayAsync($"{path}&format=geopackage")).AsSpan(0, 15).SequenceEqual("SQLite format 3"u8).ShouldBeTrue(path);
            (await town.Anyone.GetStringAsync($"{path}&format=csv")).ShouldContain(path.Contains("circle", StringComparison.Ordinal) ? "POLYGON" : "LINESTRING");
        }
    }

    [DatabaseFact]
    public async Task GDAL_makes_a_table_and_a_geopackage_with_the_types_that_were_said()
    {
        if (!Ogr2Ogr.IsInstalled) return;
        const string question = "/api/coverage/walking?facilityType=clinic&minutes=10&by=community";
        using var csv = await town.Anyone.GetAsync($"{question}&format=csv");
        csv.StatusCode.ShouldBe(HttpStatusCode.OK);
        csv.Content.Headers.ContentDisposition!.FileName.ShouldBe("coverage-by-community.csv");
        var lines = (await csv.Content.ReadAsStringAsync()).Trim().Split('\n');
        lines[0].ShouldContain("residentsPercent");
        lines[0].ShouldContain("dataVersion");
        lines.Length.ShouldBe(1 + (await town.Anyone.Json("/api/coverage/walking?facilityType=clinic&minutes=10")).At("byCommunity").GetArrayLength());
        using var package = await town.Anyone.GetAsync($"{question}&format=geopackage");
        package.Content.Headers.ContentType!.MediaType.ShouldBe("application/geopackage+sqlite3");
        Encoding.ASCII.GetString(await package.Content.ReadAsByteArrayAsync(), 0, 15).ShouldBe("SQLite format 3");
        // As a process it is a job like any other.
        using var job = await town.Anyone.PostAsync("/ogc/processes/coverage-walking/execution", new StringContent("""{"inputs":{"facilityType":"clinic","format":"geopackage"},"response":"raw"}""", Encoding.UTF8, "application/json"));
        job.StatusCode.ShouldBe(HttpStatusCode.OK);
        Encoding.ASCII.GetString(await job.Content.ReadAsByteArrayAsync(), 0, 15).ShouldBe("SQLite format 3");
    }

    [DatabaseTheory]
    [InlineData("/api/coverage/walking?facilityType=clinic&format=pdf", "format")]
    [InlineData("/api/coverage/walking?facilityType=clinic&by=street", "by")]
    [InlineData("/api/coverage/walking?facilityType=clinic&by=building", "by")]
    [InlineData("/api/coverage/catchment?facilityType=clinic&format=csv&by=building", "by")]
    [InlineData("/api/coverage/catchment?facilityType=clinic&format=csv&by=planet", "by")]
    public async Task What_no_file_can_be_is_refused_by_name(string question, string field)
    {
        using var response = await town.Anyone.GetAsync(question);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldBe([field]);
    }
}
