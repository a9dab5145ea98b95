using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using GridMap.Geo.Tests.Tiles;
using GridMap.Geo.Tiles;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

/// <summary>OGC API – Tiles, CORS, and the contract.</summary>
public sealed class TileSetTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseTheory]
    [InlineData("/ogc/collections/buildings/tiles", "WebMercatorQuad")]
    [InlineData("/ogc/collections/buildings/tiles", "WorldCRS84Quad")]
    [InlineData("/ogc/collections/buildings/tiles", "CGCS2000Quad")]
    [InlineData("/ogc/tiles", "WebMercatorQuad")]
    [InlineData("/ogc/tiles", "CGCS2000Quad")]
    public async Task The_template_of_a_tile_set_leads_to_tiles_inside_its_limits(string tileSets, string id)
    {
        var list = await city.Anyone.Json(tileSets);
        list.At("tilesets", 0, "tileMatrixSetURI").GetString().ShouldBe("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad");
        list.GetProperty("tilesets").GetArrayLength().ShouldBe(3);
        var set = await city.Anyone.Json($"{tileSets}/{id}");
        var template = set.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "item");
        template.GetProperty("templated").GetBoolean().ShouldBeTrue();
        var limits = set.GetProperty("tileMatrixSetLimits").EnumerateArray().Single(one => one.GetProperty("tileMatrix").GetString() == "14");
        var tiles = 0;
        for (var row = limits.GetProperty("minTileRow").GetInt32(); row <= limits.GetProperty("maxTileRow").GetInt32(); row++)
        {
            for (var column = limits.GetProperty("minTileCol").GetInt32(); column <= limits.GetProperty("maxTileCol").GetInt32(); column++)
            {
                var tile = await city.Anyone.GetAsync(template.GetProperty("href").GetString()!.Replace("{tileMatrix}", "14").Replace("{tileRow}", $"{row}").Replace("{tileCol}", $"{column}"));
                ((int)tile.StatusCode).ShouldBeOneOf([200, 204]);
                if (tile.StatusCode == HttpStatusCode.OK) tiles++;
            }
        }
        tiles.ShouldBeGreaterThan(0);
    }

    [DatabaseTheory]
    [InlineData("/ogc/collections/buildings/tiles", "WebMercatorQuad")]
    [InlineData("/ogc/collections/grids/tiles", "CGCS2000Quad")]
    [InlineData("/ogc/tiles", "WorldCRS84Quad")]
    public async Task Outside_the_limits_of_a_tile_set_there_is_no_tile(string tileSets, string id)
    {
        var set = await city.Anyone.Json($"{tileSets}/{id}");
        foreach (var limits in set.GetProperty("tileMatrixSetLimits").EnumerateArray().Where((_, i) => i % 4 == 0))
        {
            var (matrix, top, bottom, left, right) = (limits.At("tileMatrix").GetString(), limits.At("minTileRow").GetInt32(), limits.At("maxTileRow").GetInt32(), limits.At("minTileCol").GetInt32(), limits.At("maxTileCol").GetInt32());
            foreach (var (row, column) in new[] { (top, left), (bottom, right), (bottom, left), (top, right) }) (await Status(matrix, row, column)).ShouldBeOneOf([200, 204]);
            foreach (var (row, column) in new[] { (top - 1, left), (bottom + 1, right), (bottom, left - 1), (top, right + 1) }) (await Status(matrix, row, column)).ShouldBe(404);
            (await Status("0" + matrix, top, left)).ShouldBe(404);
        }
        var first = set.At("tileMatrixSetLimits", 0, "tileMatrix").GetString()!;
        if (first != "0") (await Status("0", 0, 0)).ShouldBe(404);

        async Task<int> Status(string? matrix, int row, int column) => (int)(await city.Anyone.GetAsync($"{tileSets}/{id}/{matrix}/{row}/{column}")).StatusCode;
    }

    [DatabaseFact]
    public async Task TileJSON_and_tile_set_say_of_every_property_what_is_in_the_tiles()
    {
        var said = (await city.Anyone.Json("/ogc/tiles/WebMercatorQuad")).At("layers").EnumerateArray().ToDictionary(layer => layer.At("id").GetString()!, layer => layer.At("propertiesSchema", "properties"));
        var seen = new HashSet<string>();
        foreach (var (name, schema) in said)
        {
            var fields = (await city.Anyone.Json($"/tiles/{name}.json")).At("vector_layers", 0, "fields");
            fields.EnumerateObject().Select(field => (field.Name, field.Value.GetString()!.ToLowerInvariant())).ShouldBe(schema.EnumerateObject().Select(property => (property.Name, property.Value.At("type").GetString()!)));
            foreach (var zoom in new[] { 12, 14, 16 })
            {
                var (x, y) = TileMatrixSet.WebMercatorQuad.TileAt(zoom, SmallCity.CentreLon, SmallCity.CentreLat);
                var tile = await city.Anyone.GetByteArrayAsync($"/tiles/{name}/{zoom}/{x}/{y}.mvt");
                foreach (var (property, value) in tile.Length == 0 ? [] : TileReader.Read(tile).Features.SelectMany(feature => feature.Properties))
                {
                    schema.At(property, "type").GetString().ShouldBe(value switch { string => "string", bool => "boolean", _ => "number" }, $"{property} of {name}");
                    seen.Add($"{name} {property}");
                }
            }
        }
        new[] { "incidents count", "incidents open", "incidents reportedAt", "incidents dueAt", "incidents closedAt", "grids code", "buildings floors" }.ShouldBeSubsetOf(seen);
        said["incidents"].At("reportedAt", "description").GetString()!.ShouldContain("1970");
    }

    [DatabaseFact]
    public async Task The_limits_of_all_layers_hold_what_reaches_beyond_the_city()
    {
        await city.Scratch.Execute("""
            INSERT INTO landscapes (code, name, kind, geom) SELECT 'far', '远湖', 'water', ST_Multi(ST_MakeEnvelope(120.10, 31.90, 120.12, 31.92, 4326)) WHERE NOT EXISTS (SELECT FROM landscapes WHERE code = 'far')
            """);
        foreach (var id in new[] { "WebMercatorQuad", "CGCS2000Quad" })
        {
            var set = await city.Anyone.Json($"/ogc/tiles/{id}");
            set.At("boundingBox", "upperRight", 0).GetDouble().ShouldBe(120.12, 1e-6);
            set.At("boundingBox", "lowerLeft", 0).GetDouble().ShouldBe(SmallCity.West, 1e-6);
            var (column, row) = TileMatrixSet.All.Single(cut => cut.Id == id).TileAt(13, 120.11, 31.91);
            var limits = set.At("tileMatrixSetLimits").EnumerateArray().Single(one => one.At("tileMatrix").GetString() == "13");
            column.ShouldBeInRange(limits.At("minTileCol").GetInt64(), limits.At("maxTileCol").GetInt64());
            row.ShouldBeInRange(limits.At("minTileRow").GetInt64(), limits.At("maxTileRow").GetInt64());
            (await city.Anyone.GetAsync($"/ogc/tiles/{id}/13/{row}/{column}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [DatabaseTheory]
    [InlineData("/ogc/tiles/WebMercatorQuad", 9)]
    [InlineData("/ogc/collections/grids/tiles/WebMercatorQuad", 1)]
    public async Task A_tile_set_is_TileJSON_too(string address, int layers)
    {
        var json = await city.Anyone.Json($"{address}?f=tilejson");
        (json.At("tilejson").GetString(), json.At("vector_layers").GetArrayLength()).ShouldBe(("3.0.0", layers));
        var (x, y) = TileMatrixSet.WebMercatorQuad.TileAt(14, SmallCity.CentreLon, SmallCity.CentreLat);
        using var tile = await city.Anyone.GetAsync(json.At("tiles", 0).GetString()!.Replace("{z}", "14").Replace("{x}", $"{x}").Replace("{y}", $"{y}"));
        tile.StatusCode.ShouldBe(HttpStatusCode.OK);
        System.Text.Encoding.UTF8.GetString(await tile.Content.ReadAsByteArrayAsync()).ShouldContain(SmallCity.GridCode(1, 1));
        var links = (await city.Anyone.Json(address)).At("links").EnumerateArray().ToList();
        (await city.Anyone.Json(links.Single(link => link.At("rel").GetString() == "describedby").At("href").GetString()!)).At("tilejson").GetString().ShouldBe("3.0.0");
        if (layers > 1) links.Where(link => link.At("rel").GetString() == "stylesheet").Select(link => link.At("href").GetString()!.Split("/ogc")[1]).ShouldBe(["/styles/city?f=mapbox", "/styles/city-dark?f=mapbox"]);
        if (layers > 1)
        {
            var some = await city.Anyone.Json($"{address}?collections=roads,grids");
            some.At("layers").EnumerateArray().Select(layer => layer.At("id").GetString()).ShouldBe(["roads", "grids"]);
            some.At("links").EnumerateArray().Single(link => link.At("rel").GetString() == "item").At("href").GetString()!.ShouldEndWith("/{tileMatrix}/{tileRow}/{tileCol}?collections=roads,grids&f=mvt");
            (await city.Anyone.Json($"{address}?collections=grids&f=tilejson")).At("vector_layers").GetArrayLength().ShouldBe(1);
            (await city.Anyone.GetAsync($"{address}?collections=castles")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
        (await city.Anyone.GetAsync($"{address.Replace("WebMercatorQuad", "CGCS2000Quad")}?f=tilejson")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [DatabaseTheory]
    [InlineData("/ogc/api", "application/vnd.oai.openapi+json;version=3.1", "3.1.0")]
    [InlineData("/ogc/api", "application/vnd.oai.openapi+json;version=3.0", "3.0.3")]
    [InlineData("/ogc/api", "application/vnd.oai.openapi+json;q=0.9, application/vnd.oai.openapi+json;version=\"3.1\"", "3.1.0")]
    [InlineData("/ogc/api", "*/*", "3.0.3")]
    [InlineData("/ogc/api?openapi=3.0", "application/vnd.oai.openapi+json;version=3.1", "3.0.3")]
    public async Task The_contract_comes_in_the_version_that_is_accepted(string address, string accept, string version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await city.Anyone.SendAsync(request);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.At("openapi").GetString().ShouldBe(version);
        answer.Content.Headers.ContentType!.ToString().ShouldContain($"version={version[..3]}");
    }

    [DatabaseFact]
    public async Task The_contract_says_of_every_operation_what_it_may_meet()
    {
        var contract = await city.Anyone.Json("/ogc/api?f=json");
        var operations = contract.At("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToList();
        operations.Count.ShouldBeGreaterThan(100);
        foreach (var operation in operations)
        {
            operation.Value.At("description").GetString().ShouldNotBeNullOrEmpty();
            var responses = operation.Value.At("responses");
            foreach (var status in operation.Name == "options" ? ["429"] : new[] { "401", "429", "500", "503" }) responses.TryGetProperty(status, out _).ShouldBeTrue($"{status} of {operation.Value.At("operationId")}");
            if (operation.Value.TryGetProperty("requestBody", out _)) responses.TryGetProperty("413", out _).ShouldBeTrue();
            foreach (var done in responses.EnumerateObject().Where(response => response.Name[0] == '2')) done.Value.At("headers").TryGetProperty("RateLimit-Remaining", out _).ShouldBeTrue();
        }
        var execute = contract.At("paths", "/processes/{processId}/execution", "post");
        execute.At("responses", "200", "content").EnumerateObject().Select(type => type.Name).ShouldBe(["application/geo+json", "application/geopackage+sqlite3", "application/json", "application/vnd.mapbox-vector-tile", "image/png", "text/csv; charset=utf-8"]);
        execute.At("requestBody", "content", "application/json", "schema", "$ref").GetString().ShouldBe("#/components/schemas/Execute");
        foreach (var (address, schema) in new[] { ("/ogc/tiles", "TileSets"), ("/ogc/tiles/CGCS2000Quad", "TileSet"), ("/ogc/tileMatrixSets", "TileMatrixSets"), ("/ogc/tileMatrixSets/CGCS2000Quad", "TileMatrixSet"), ("/ogc/styles", "Styles"), ("/ogc/styles/city", "Style"), ("/ogc/styles/city/metadata", "StyleMetadata"), ("/ogc/processes", "Processes"), ("/ogc/jobs", "Jobs") })
        {
            var said = contract.At("components", "schemas", schema);
            var document = (await city.Anyone.Json($"{address}?f=json")).EnumerateObject().Select(member => member.Name).ToList();
            document.ShouldBeSubsetOf(said.At("properties").EnumerateObject().Select(member => member.Name), address);
            said.At("required").EnumerateArray().Select(member => member.GetString()!).ShouldBeSubsetOf(document, address);
        }
        contract.At("components", "responses", "TooMany", "headers").TryGetProperty("Retry-After", out _).ShouldBeTrue();
        contract.At("info", "contact", "url").GetString().ShouldNotBeNullOrEmpty();
    }

    [DatabaseTheory]
    [InlineData("/ogc", "service-desc")]
    [InlineData("/ogc/collections/grids", "items")]
    [InlineData("/ogc/collections/grids/items?limit=2", "collection")]
    [InlineData("/ogc/collections/grids/items?limit=2&f=html", "alternate")]
    public async Task Links_stand_in_the_header_too(string address, string rel)
    {
        var response = await city.Anyone.GetAsync(address);
        var links = response.Headers.GetValues("Link").Single().Split(", ");
        links.ShouldContain(link => link.Contains($"rel=\"{rel}\"") || link.Contains($"/{rel}\""));
        links.ShouldAllBe(link => link.StartsWith('<') && link.Contains(">; rel=\"") && link.Contains("; type=\""));
        links.ShouldContain(link => link.Contains("rel=\"self\""));
    }

    [DatabaseFact]
    public async Task The_matrix_sets_are_those_of_the_standard()
    {
        var quad = await city.Anyone.Json("/ogc/tileMatrixSets/WebMercatorQuad");
        quad.At("tileMatrices", 0, "scaleDenominator").GetDouble().ShouldBe(559082264.028717, 1e-6);
        quad.At("tileMatrices", 3, "matrixWidth").GetInt32().ShouldBe(8);
        quad.At("tileMatrices").GetArrayLength().ShouldBe(25);
        (quad.At("tileMatrices", 24, "matrixHeight").GetInt32(), quad.At("tileMatrices", 24, "scaleDenominator").GetDouble()).ShouldBe((1 << 24, 559082264.028717 / (1 << 24)));
        (await city.Anyone.Json("/ogc/tiles/WebMercatorQuad")).At("tileMatrixSetLimits").EnumerateArray().Last().At("tileMatrix").GetString().ShouldBe("20", "so deep there are tiles");
        // OGC 17-083r4, table D.2.
        var world = await city.Anyone.Json("/ogc/tileMatrixSets/WorldCRS84Quad");
        world.At("tileMatrices", 0, "scaleDenominator").GetDouble().ShouldBe(279541132.014358, 1e-6);
        world.At("tileMatrices", 5, "matrixWidth").GetInt32().ShouldBe(64);
        world.At("tileMatrices", 5, "matrixHeight").GetInt32().ShouldBe(32);
        var china = await city.Anyone.Json("/ogc/tileMatrixSets/CGCS2000Quad");
        china.GetProperty("crs").GetString().ShouldBe("http://www.opengis.net/def/crs/EPSG/0/4490");
        china.At("tileMatrices", 0, "pointOfOrigin", 0).GetDouble().ShouldBe(90); // latitude first
        (await city.Anyone.GetAsync("/ogc/tileMatrixSets/Castle")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [DatabaseFact]
    public async Task A_tile_of_all_holds_the_layers_that_were_chosen()
    {
        var (column, row) = TileMatrixSet.Cgcs2000Quad.TileAt(13, 119.955, 31.785);
        var address = $"/ogc/tiles/CGCS2000Quad/13/{row}/{column}";
        var both = await city.Anyone.GetByteArrayAsync($"{address}?collections=grids,buildings&f=mvt");
        var one = await city.Anyone.GetByteArrayAsync($"/ogc/collections/grids/tiles/CGCS2000Quad/13/{row}/{column}");
        var other = await city.Anyone.GetByteArrayAsync($"/ogc/collections/buildings/tiles/CGCS2000Quad/13/{row}/{column}");
        both.ShouldBe([.. one, .. other]);
        one.ShouldNotBeEmpty();
        other.ShouldNotBeEmpty();
        foreach (var (wrong, status) in new[] { ($"{address}?collections=castles", 400), ($"{address}?x=1", 400), ("/ogc/tiles/CGCS2000Quad/0/1/0", 404), ("/ogc/tiles/CGCS2000Quad/0/0/2", 404), ("/ogc/tiles/CGCS2000Quad/21/0/0", 404),
            ("/ogc/tiles/CGCS2000Quad/a/0/0", 404), ("/ogc/tiles/CGCS2000Quad/0/-1/0", 404), ("/ogc/tiles/Castle/0/0/0", 404), ("/ogc/collections/castles/tiles/CGCS2000Quad/0/0/0", 404) })
            ((int)(await city.Anyone.GetAsync(wrong)).StatusCode).ShouldBe(status, wrong);
    }

    [DatabaseFact]
    public async Task Any_page_may_ask_and_read_the_headers()
    {
        var preflight = new HttpRequestMessage(HttpMethod.Options, "/ogc/collections/buildings/items/1");
        preflight.Headers.Add("Origin", "https://example.org");
        preflight.Headers.Add("Access-Control-Request-Method", "PUT");
        preflight.Headers.Add("Access-Control-Request-Headers", "x-api-key,if-match");
        var allowed = await city.Anyone.SendAsync(preflight);
        allowed.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        allowed.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldContain("PUT");
        var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/collections/grids/items");
        request.Headers.Add("Origin", "https://example.org");
        var answer = await city.Anyone.SendAsync(request);
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        answer.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("Content-Crs");
        answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    [DatabaseFact]
    public async Task The_contract_comes_in_both_versions_with_unique_operations()
    {
        foreach (var version in new[] { "3.0", "3.1" })
        {
            var response = await city.Anyone.GetAsync($"/ogc/api?openapi={version}&f=json");
            response.Content.Headers.ContentType!.ToString().ShouldContain($"version={version}");
            var document = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
            document.GetProperty("openapi").GetString()!.ShouldStartWith(version);
            var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value.GetProperty("operationId").GetString()).ToList();
            operations.Count.ShouldBeGreaterThan(90);
            operations.Count.ShouldBe(operations.Distinct().Count());
        }
    }
}
