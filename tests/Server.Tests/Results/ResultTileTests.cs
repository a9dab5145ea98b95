using System.Net;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Gdal;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Results;

/// <summary>Answers as vector tiles, read by GDAL.</summary>
public sealed class ResultTileTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    [DatabaseTheory]
    [InlineData("/api/coverage/walking?facilityType=clinic&minutes=10&by=grid", "residentsCovered")]
    [InlineData("/api/coverage/catchment?facilityType=clinic&minutes=10&by=community", "people")]
    [InlineData("/api/coverage/gaps?facilityType=pharmacy&minutes=5", "residents")]
    [InlineData("/api/coverage/what-if?facilityType=clinic&minutes=10&change=close:{clinic}&by=street", "residentsCovered")]
    [InlineData("/api/siting?facilityType=elderly-care&sites=1&rounds=5", "kind")]
    [InlineData("/api/nearest?lon={lon}&lat={lat}&facilityType=pharmacy&count=5", "metres")]
    [InlineData("/api/nearest/people?lon={lon}&lat={lat}&count=5", "person")]
    [InlineData("/api/distances?from={lon},{lat}&to={clinicPlace}", "metres")]
    [InlineData("/api/circle?lon={lon}&lat={lat}&minutes=10&at=2026-03-01T00:00:00Z", "residents")]
    public async Task A_tile_of_everything_holds_the_rows_of_the_file(string question, string figure)
    {
        var clinic = await town.Scratch.Scalar<long>("SELECT min(id) FROM facilities WHERE type = 'clinic'");
        var (homeLon, homeLat) = (await town.Homes(1))[0];
        question = question.Replace("{clinic}", $"{clinic}", StringComparison.Ordinal).Replace("{lon}", $"{homeLon}", StringComparison.Ordinal).Replace("{lat}", $"{homeLat}", StringComparison.Ordinal)
            .Replace("{clinicPlace}", await town.Scratch.Scalar<string>("SELECT ST_X(geom) || ',' || ST_Y(geom) FROM facilities WHERE type = 'clinic' ORDER BY id LIMIT 1"), StringComparison.Ordinal);
        var file = await town.Anyone.Json($"{question}&format=geojson");
        var tiles = await town.Anyone.Json($"{question}&format=tilejson");
        tiles.At("tilejson").GetString().ShouldBe("3.0.0");
        tiles.At("about").ToString().ShouldBe(file.At("about").ToString(), "both say how the answer came about");
        tiles.At("about", "dataVersion").GetString().ShouldNotBeNullOrEmpty();
        tiles.At("about", "metresPerMinute").GetDouble().ShouldBe(60);
        var address = tiles.At("tiles", 0).GetString()!;
        var (x, y) = TileAt(tiles.At("center", 0).GetDouble(), tiles.At("center", 1).GetDouble(), 8);
        var path = new Uri(address.Replace("{z}/{x}/{y}", $"8/{x}/{y}", StringComparison.Ordinal)).PathAndQuery;
        using var tile = await town.Anyone.GetAsync(path);
        tile.StatusCode.ShouldBe(HttpStatusCode.OK);
        tile.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.mapbox-vector-tile");
        using var known = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tile.Headers.ETag! } } };
        (await town.Anyone.SendAsync(known)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        if (!Ogr2Ogr.IsInstalled) return;
        // At this zoom a shape of less than a unit is nothing: so the tile that holds the middle at a finer one is read too, and no row of it may be strange to the file.
        var rows = file.At("features").EnumerateArray().Where(feature => feature.At("geometry").ValueKind != JsonValueKind.Null).Select(feature => Row(feature.At("properties"), figure)).ToList();
        var seen = await Rows(await tile.Content.ReadAsByteArrayAsync(), 8, x, y, figure);
        seen.ShouldNotBeEmpty();
        seen.ShouldBeSubsetOf(rows);
        var all = new HashSet<string>();
        var (west, north) = TileAt(tiles.At("bounds", 0).GetDouble(), tiles.At("bounds", 3).GetDouble(), 14);
        var (east, south) = TileAt(tiles.At("bounds", 2).GetDouble(), tiles.At("bounds", 1).GetDouble(), 14);
        ((east - west + 1) * (south - north + 1)).ShouldBeLessThan(60);
        for (var column = west; column <= east; column++)
        {
            for (var row = north; row <= south; row++)
            {
                var bytes = await town.Anyone.GetByteArrayAsync(new Uri(address.Replace("{z}/{x}/{y}", $"14/{column}/{row}", StringComparison.Ordinal)).PathAndQuery);
                if (bytes.Length > 0) all.UnionWith(await Rows(bytes, 14, column, row, figure));
            }
        }
        all.ShouldBe(rows, ignoreOrder: true);
    }

    [DatabaseFact]
    public async Task Tiles_of_a_scenario_follow_the_scenario_and_the_data()
    {
        var planner = await town.Server.As(Role.Planner);
        var clinics = await town.Server.Database.Query($"SELECT id FROM facilities WHERE type = 'clinic' ORDER BY id LIMIT 2", row => row.GetInt64(0), CancellationToken.None);
        var id = (await planner.PostJson("/api/coverage/scenarios", new { name = "瓦片", question = Closing(clinics[0]) }, HttpStatusCode.Created)).At("id").GetInt64();
        var path = $"/api/coverage/what-if?scenario={id}&format=tilejson&by=street";
        var first = await town.Anyone.Json(path);
        first.At("about", "scenario").GetString().ShouldBe("瓦片");
        var (x, y) = TileAt(first.At("center", 0).GetDouble(), first.At("center", 1).GetDouble(), 12);
        var tile = new Uri(first.At("tiles", 0).GetString()!.Replace("{z}/{x}/{y}", $"12/{x}/{y}", StringComparison.Ordinal)).PathAndQuery;
        var before = await town.Anyone.GetByteArrayAsync(tile);
        (await town.Anyone.GetByteArrayAsync(tile)).ShouldBe(before);
        using var kept = await planner.PutAsync($"/api/coverage/scenarios/{id}", System.Net.Http.Json.JsonContent.Create(new { name = "瓦片", question = Closing(clinics[1]) }));
        var after = await town.Anyone.GetByteArrayAsync(tile);
        after.ShouldNotBe(before, "another facility closes");
        await town.Scratch.Execute($"UPDATE buildings SET residents = residents + 1 WHERE id = (SELECT min(id) FROM buildings WHERE residents > 0)");
        string version;
        var until = DateTime.UtcNow.AddSeconds(20);
        do version = (await town.Anyone.Json(path)).At("about", "dataVersion").GetString()!;
        while (version == first.At("about", "dataVersion").GetString() && DateTime.UtcNow < until);
        version.ShouldNotBe(first.At("about", "dataVersion").GetString());
        await planner.DeleteAsync($"/api/coverage/scenarios/{id}");
        (await town.Anyone.GetAsync(tile)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        static object Closing(long clinic) => new { facilityType = "clinic", minutes = 10, changes = new object[] { new { op = "close", id = clinic } } };
    }

    [DatabaseTheory]
    [InlineData("/api/coverage/walking?facilityType=clinic&format=mvt", HttpStatusCode.BadRequest, "tile")]
    [InlineData("/api/coverage/walking?facilityType=clinic&tile=1/0/0", HttpStatusCode.BadRequest, "tile")]
    [InlineData("/api/coverage/walking?facilityType=clinic&format=geojson&tile=1/0/0", HttpStatusCode.BadRequest, "tile")]
    [InlineData("/api/coverage/walking?facilityType=clinic&format=mvt&tile=1/0", HttpStatusCode.BadRequest, "tile")]
    [InlineData("/api/coverage/walking?facilityType=castle&format=mvt&tile=1/0/0", HttpStatusCode.BadRequest, "facilityType")]
    [InlineData("/api/coverage/what-if?format=tilejson", HttpStatusCode.BadRequest, "facilityType")]
    [InlineData("/api/coverage/what-if?scenario=1&facilityType=clinic", HttpStatusCode.BadRequest, "facilityType")]
    [InlineData("/api/coverage/what-if?facilityType=clinic&change=close", HttpStatusCode.BadRequest, "change")]
    [InlineData("/api/coverage/what-if?facilityType=clinic&change=resize:1", HttpStatusCode.BadRequest, "change")]
    [InlineData("/api/coverage/walking?facilityType=clinic&format=mvt&tile=1/2/0", HttpStatusCode.NotFound, null)]
    [InlineData("/api/coverage/walking?facilityType=clinic&format=mvt&tile=29/0/0", HttpStatusCode.NotFound, null)]
    [InlineData("/api/coverage/what-if?scenario=987654321&format=mvt&tile=1/0/0", HttpStatusCode.NotFound, null)]
    public async Task What_is_no_tile_is_refused_by_name(string question, HttpStatusCode status, string? field)
    {
        using var response = await town.Anyone.GetAsync(question);
        response.StatusCode.ShouldBe(status, await response.Content.ReadAsStringAsync());
        if (field is not null) JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldBe([field]);
    }

    private static async Task<List<string>> Rows(byte[] tile, int z, int x, int y, string figure)
    {
        var folder = Directory.CreateTempSubdirectory("gridmap-tile-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "tile.mvt"), tile);
            var target = Path.Combine(folder, "rows.json");
            (await Ogr2Ogr.Run(["-f", "GeoJSON", target, Path.Combine(folder, "tile.mvt"), "-oo", $"X={x}", "-oo", $"Y={y}", "-oo", $"Z={z}"], folder, isStrangers: false, CancellationToken.None)).ShouldBeNull();
            using var read = JsonDocument.Parse(await File.ReadAllTextAsync(target));
            return [.. read.RootElement.At("features").EnumerateArray().Select(feature => Row(feature.At("properties"), figure))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What of a row must be the same in both; a tile leaves out what is null.
    private static string Row(JsonElement properties, string figure) =>
        string.Join('|', new[] { "code", "rank", "name", "kind", "facilityId", figure, "dataVersion", "method" }.Select(name => properties.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? $"{name}={value}" : ""));

    private static (int X, int Y) TileAt(double lon, double lat, int zoom)
    {
        var radians = lat * Math.PI / 180;
        return ((int)((lon + 180) / 360 * (1 << zoom)), (int)((1 - (Math.Asinh(Math.Tan(radians)) / Math.PI)) / 2 * (1 << zoom)));
    }
}
