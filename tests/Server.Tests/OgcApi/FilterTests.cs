using System.Net;
using System.Text.Json;
using GridMap.Server.Layers;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

/// <summary>OGC API – Features Part 3 and CQL2 as a client meets them.</summary>
public sealed class FilterTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseTheory]
    [InlineData("filter=use='office'", 1)]
    [InlineData("filter=use='residential'&bbox=119.94,31.77,119.95,31.78", 4)]
    [InlineData("filter=residents>=30&floors=6&filter-lang=cql2-text", 36)]
    [InlineData("filter-lang=cql2-json&filter={\"op\":\"=\",\"args\":[{\"property\":\"use\"},\"office\"]}", 1)]
    [InlineData("filter=NOT (heightMetres > 3)", 0)]
    [InlineData("filter=S_INTERSECTS(geometry,POINT(31.785 119.955))&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4490", 1)]
    [InlineData("filter=S_INTERSECTS(geometry,POINT(119.955 31.785))&filter-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84", 1)]
    [InlineData("filter=id IN (1,2,3)&limit=2", 3)]
    [InlineData("id=5", 1)]
    [InlineData("filter=id=5 AND CASEI('GROẞ')=CASEI('gross')", 1)]
    [InlineData("filter=CASEI(code) LIKE CASEI('b-0%25') AND within_metres(geometry, POINT(119.942 31.772), 30)", 1)]
    public async Task Filters_are_combined_with_everything_else(string query, int matched)
    {
        var page = await city.Anyone.Json($"/ogc/collections/buildings/items?{Escape(query)}");
        page.GetProperty("numberMatched").GetInt32().ShouldBe(matched);
    }

    [DatabaseTheory]
    [InlineData("id IN (", "id+1.5,", "id)", 37)]
    [InlineData("id+0 IN (", "id+1.5,", "7)", 1)]
    [InlineData("id IN (", "id+1.5,", "7)", 1)]
    [InlineData("code IN (", "use,", "'B-office')", 1)]
    public async Task A_list_is_as_long_as_a_filter_may_be(string begin, string item, string end, int matched)
    {
        var filter = begin + string.Concat(Enumerable.Repeat(item, (65_000 - begin.Length - end.Length) / item.Length)) + end;
        await using var patient = city.Server.Another((FilterTime.Variable, "60")); // the machine of the tests is shared
        var page = await patient.Client.Json($"/ogc/collections/buildings/items?limit=1&filter={Uri.EscapeDataString(filter)}");
        page.GetProperty("numberMatched").GetInt32().ShouldBe(matched);
    }

    [DatabaseTheory]
    [InlineData("filter=", "filter")]
    [InlineData("filter=use=", "filter")]
    [InlineData("filter=colour='red'", "filter")]
    [InlineData("filter=floors='six'", "filter")]
    [InlineData("filter=TRUE&filter-lang=sql", "filter-lang")]
    [InlineData("filter=true&filter-lang=cql2-json&f=json&filter-crs=EPSG:1", "filter-crs")]
    [InlineData("filter=TRUE&filter-crs=http://www.opengis.net/def/crs/EPSG/0/32601", "filter-crs")]
    [InlineData("filter=S_INTERSECTS(geometry,POINT(119.955 31.785))&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326", "filter")]
    [InlineData("filter={}&filter-lang=cql2-json", "filter")]
    [InlineData("sortby=colour", "sortby")]
    [InlineData("sortby=", "sortby")]
    [InlineData("sortby=name,name", "sortby")]
    [InlineData("properties=name,colour", "properties")]
    [InlineData("skipGeometry=yes", "skipGeometry")]
    [InlineData("sortby=name&after=5", "after")]
    [InlineData("sortby=name&after=W10", "after")]
    [InlineData("sortby=name&after=%25%25%25", "after")]
    [InlineData("crs=EPSG:1234567", "crs")]
    [InlineData("bbox=1,2,3,4&bbox-crs=EPSG:0", "bbox-crs")]
    [InlineData("bbox=119,31,120,32&bbox-crs=EPSG:4326", "bbox")]
    [InlineData("crs=EPSG:3857&coord=gcj02", "coord")]
    public async Task What_is_wrong_is_named(string query, string field)
    {
        var response = await city.Anyone.GetAsync($"/ogc/collections/buildings/items?{Escape(query)}");
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, text);
        JsonSerializer.Deserialize<JsonElement>(text).Fields().ShouldContain(field, text);
    }

    [DatabaseTheory]
    [InlineData("/ogc/collections/buildings/items?filter=floors*2>7", HttpStatusCode.BadRequest)]
    [InlineData("/ogc/collections/buildings/items?filter=floors*2>7&sortby=-name&crs=http://www.opengis.net/def/crs/EPSG/0/3857", HttpStatusCode.BadRequest)]
    [InlineData("/ogc/collections/buildings/items?filter=floors*2>7&f=html", HttpStatusCode.BadRequest)]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=gridmap:buildings&filter=<fes:Filter xmlns:fes='http://www.opengis.net/fes/2.0'><fes:PropertyIsGreaterThan><fes:ValueReference>floors</fes:ValueReference><fes:Literal>3</fes:Literal></fes:PropertyIsGreaterThan></fes:Filter>", HttpStatusCode.BadRequest)]
    public async Task A_filter_that_takes_too_long_is_refused_in_time_and_its_work_stops(string address, HttpStatusCode status)
    {
        (await city.Anyone.GetAsync(Escape(address))).StatusCode.ShouldBe(HttpStatusCode.OK);
        // The database gets no further: as if each row took its time.
        await using var other = await city.Scratch.Source.OpenConnectionAsync();
        await using var held = await other.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("LOCK TABLE buildings IN ACCESS EXCLUSIVE MODE", other)) await command.ExecuteNonQueryAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var response = await city.Anyone.GetAsync(Escape(address));
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        watch.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(6), "two seconds, and what a busy machine adds");
        text.ShouldContain("a filter that takes less than 2 s here");
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%floors%'")).ShouldBe(0);
        await held.RollbackAsync();
    }

    [DatabaseTheory]
    [InlineData("-floors,name", "floors DESC, name COLLATE \"C\", id")]
    [InlineData("name,-code", "name COLLATE \"C\", code COLLATE \"C\" DESC, id")]
    [InlineData("compoundId,-id", "compound_id NULLS LAST, id DESC")]
    [InlineData("-compoundId", "compound_id DESC NULLS LAST, id")]
    [InlineData("%2Buse", "use COLLATE \"C\", id")]
    [InlineData("heightMetres", "id")]
    public async Task A_sorted_walk_meets_every_feature_once_in_order(string sortby, string order)
    {
        var met = new List<long>();
        for (var next = $"/ogc/collections/buildings/items?limit=5&sortby={sortby}"; next is not null;)
        {
            var page = await city.Anyone.Json(next);
            met.AddRange(page.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetInt64()));
            next = page.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == "next").Select(link => link.GetProperty("href").GetString()).FirstOrDefault();
            met.Count.ShouldBeLessThanOrEqualTo(SmallCity.Buildings);
        }
        met.ShouldBe(await city.Server.Database.Query(Databases.Sql.Of($"SELECT id FROM buildings ORDER BY {Databases.Sql.Trusted(order)}"), row => row.GetInt64(0), default));
    }

    [DatabaseFact]
    public async Task Sorted_pages_go_on_while_others_write()
    {
        var met = new List<long>();
        var before = await city.Server.Database.Query(Databases.Sql.Of($"SELECT id FROM incidents"), row => row.GetInt64(0), default);
        var n = 0;
        for (var next = "/ogc/collections/incidents/items?limit=4&sortby=-reportedAt"; next is not null;)
        {
            var page = await city.Anyone.Json(next);
            met.AddRange(page.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetInt64()));
            next = page.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == "next").Select(link => link.GetProperty("href").GetString()).FirstOrDefault();
            await city.Scratch.Execute($"INSERT INTO incidents (category, title, reported_at, geom) VALUES ('E0102', 'walk', '2026-03-0{(n++ % 9) + 1}', 'SRID=4326;POINT(119.951 31.781)')");
        }
        met.Count.ShouldBe(met.Distinct().Count());
        before.Except(met).ShouldBeEmpty();
        await city.Scratch.Execute("DELETE FROM incidents WHERE title = 'walk'");
    }

    [DatabaseFact]
    public async Task Properties_and_geometry_are_left_out_on_request()
    {
        var page = await city.Anyone.Json("/ogc/collections/buildings/items?properties=floors,name&skipGeometry=true&limit=1");
        var feature = page.At("features", 0);
        feature.GetProperty("properties").EnumerateObject().Select(member => member.Name).ShouldBe(["name", "floors"]);
        feature.GetProperty("geometry").ValueKind.ShouldBe(JsonValueKind.Null);
        (await city.Anyone.GetStringAsync("/ogc/collections/buildings/items?properties=name&f=html&filter=floors%3E6")).ShouldContain("行政中心");
    }

    [DatabaseTheory] // the schema lists them among the properties
    [InlineData("properties=id", "")]
    [InlineData("properties=id,floors,geometry", "floors")]
    public async Task The_id_and_the_geometry_come_with_every_feature_also_when_they_are_named(string query, string others)
    {
        foreach (var way in new[] { "", "&filter=CASEI(name)=CASEI(name)" }) // from memory, and by the database's order
        {
            var feature = (await city.Anyone.Json($"/ogc/collections/buildings/items?{query}&limit=1{way}")).At("features", 0);
            feature.GetProperty("id").GetInt64().ShouldBeGreaterThan(0);
            feature.GetProperty("geometry").ValueKind.ShouldBe(JsonValueKind.Object);
            string.Join(',', feature.GetProperty("properties").EnumerateObject().Select(member => member.Name)).ShouldBe(others);
        }
        (await city.Anyone.GetStringAsync($"/ogc/collections/buildings/items?{query}&limit=1&f=html")).ShouldContain("</html>");
    }

    [DatabaseTheory] // OGC 17-069r4 §7.15.5: what stands behind the sign is the value
    [InlineData("compounds", "nameEn", "name_en = ''")]
    [InlineData("facilities", "address", "address = ''")]
    public async Task Nothing_behind_the_name_of_a_property_is_the_empty_text(string collection, string property, string where)
    {
        var expected = await city.Scratch.Scalar<long>($"SELECT count(*) FROM {collection} WHERE {where}");
        (await city.Anyone.Json($"/ogc/collections/{collection}/items?{property}=")).GetProperty("numberMatched").GetInt64().ShouldBe(expected);
        (await city.Anyone.Json($"/ogc/collections/{collection}/items?filter={property}=''")).GetProperty("numberMatched").GetInt64().ShouldBe(expected);
    }

    [DatabaseTheory] // what cannot be empty says so
    [InlineData("floors=", "floors")]
    [InlineData("id=", "id")]
    public async Task Nothing_is_no_number(string query, string field) =>
        JsonSerializer.Deserialize<JsonElement>(await (await city.Anyone.GetAsync($"/ogc/collections/buildings/items?{query}")).Content.ReadAsStringAsync()).Fields().ShouldBe([field]);

    [DatabaseTheory]
    [InlineData("queryables")]
    [InlineData("sortables")]
    [InlineData("schema")]
    public async Task Schemas_are_JSON_Schema_of_their_own_address(string name)
    {
        foreach (var collection in new[] { "buildings", "grids", "incidents", "roads" })
        {
            var response = await city.Anyone.GetAsync($"/ogc/collections/{collection}/{name}?f=json");
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/schema+json");
            var schema = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
            schema.GetProperty("$schema").GetString().ShouldBe("https://json-schema.org/draft/2020-12/schema");
            schema.GetProperty("$id").GetString().ShouldBe($"{city.Server.Address}ogc/collections/{collection}/{name}");
            schema.GetProperty("type").GetString().ShouldBe("object");
            foreach (var property in schema.GetProperty("properties").EnumerateObject())
            {
                if (property.Name == "geometry") property.Value.TryGetProperty("type", out _).ShouldBeFalse();
                else property.Value.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
            }
            schema.GetProperty("properties").TryGetProperty("geometry", out _).ShouldBe(name != "sortables");
        }
    }

    [DatabaseTheory]
    [InlineData("roads", "class", 10)]
    [InlineData("buildings", "use", 9)]
    [InlineData("landscapes", "kind", 5)]
    [InlineData("grids", "kind", 3)]
    public async Task Choices_are_published(string collection, string property, int choices) =>
        (await city.Anyone.Json($"/ogc/collections/{collection}/queryables")).At("properties", property, "enum").GetArrayLength().ShouldBe(choices);

    [DatabaseFact]
    public async Task Every_queryable_can_be_filtered_by_name_and_by_parameter()
    {
        foreach (var collection in new[] { "areas", "grids", "compounds", "buildings", "facilities", "incidents", "roads", "landscapes", "population-cells" })
        {
            var schema = await city.Anyone.Json($"/ogc/collections/{collection}/queryables");
            foreach (var property in schema.GetProperty("properties").EnumerateObject())
            {
                await city.Anyone.Json($"/ogc/collections/{collection}/items?limit=1&filter={property.Name}%20IS%20NULL");
                if (property.Name == "geometry") continue;
                var value = property.Value.GetProperty("type").GetString() switch
                {
                    "integer" or "number" => "1",
                    "boolean" => "true",
                    _ => property.Value.TryGetProperty("format", out _) ? "2026-01-01T00:00:00Z" : property.Value.TryGetProperty("enum", out var choices) ? choices[0].GetString()! : "x",
                };
                await city.Anyone.Json($"/ogc/collections/{collection}/items?limit=1&{property.Name}={value}");
            }
        }
    }

    [DatabaseFact]
    public async Task Functions_are_published_and_every_one_can_be_called()
    {
        var functions = (await city.Anyone.Json("/ogc/functions")).GetProperty("functions").EnumerateArray().ToList();
        functions.Count.ShouldBeGreaterThan(10);
        foreach (var function in functions)
        {
            var arguments = function.GetProperty("arguments").EnumerateArray().Select(argument => argument.At("type", 0).GetString() switch
            {
                "geometry" => "geometry",
                "number" => "areaId",
                "string" => "title",
                _ => "reportedAt",
            });
            var call = $"{function.GetProperty("name").GetString()}({string.Join(',', arguments)})";
            await city.Anyone.Json($"/ogc/collections/incidents/items?limit=1&filter={Uri.EscapeDataString(function.At("returns", 0).GetString() == "array" ? $"A_OVERLAPS({call}, (1))" : $"{call} IS NULL")}");
        }
    }

    [DatabaseFact]
    public async Task Whatever_a_filter_says_the_answer_is_200_or_400()
    {
        var random = new Random(11);
        string[] values =
        [
            "floors", "name", "geometry", "id", "5", "-1e308", "1e-308", "0", "'x'", "'%'", "TRUE", "POINT(119.955 31.785)", "POINT(0 90)", "BBOX(-180,-90,180,90)", "LINESTRING(119.94 31.77,119.97 31.80)",
            "POLYGON((0 0,1 1,1 0,0 1,0 0))", "GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,9 0,9 9,0 0)))", "DATE('2026-01-01')", "TIMESTAMP('9998-12-31T23:59:59Z')", "INTERVAL('..','..')", "()", "('x',1)", "area_chain(1e300)",
            "area_square_metres(geometry)", "within_metres(geometry,POINT(1 1),1e300)", "distance_metres(geometry,GEOMETRYCOLLECTION(POINT(1 1)))", "centroid(geometry)", "CASEI(name)", "ACCENTI(code)", "floor(1e308)",
        ];
        string[] operators = [" = ", " <> ", " < ", " + ", " - ", " * ", " / ", " ^ ", " % ", " div ", " AND ", " OR ", " LIKE ", " IN (", ",", " BETWEEN 1 AND "];
        string[] calls = ["S_INTERSECTS", "S_CROSSES", "S_EQUALS", "S_TOUCHES", "S_OVERLAPS", "T_AFTER", "T_DURING", "A_CONTAINS", "A_EQUALS", "NOT ", "CASEI", "abs", "char_length"];
        var (good, bad) = (0, 0);
        for (var n = 0; n < 1_500; n++)
        {
            var text = n % 2 == 0 ? Make(3) : $"({Make(2)}) IS NULL";
            var response = await city.Anyone.GetAsync($"/ogc/collections/buildings/items?limit=2&filter={Uri.EscapeDataString(text)}");
            ((int)response.StatusCode).ShouldBeOneOf([200, 400], $"{text}: {await response.Content.ReadAsStringAsync()}");
            if (response.StatusCode == HttpStatusCode.OK) good++;
            else bad++;
        }
        good.ShouldBeGreaterThan(50);
        bad.ShouldBeGreaterThan(200);

        string Make(int depth) => random.Next(depth > 0 ? 5 : 1) switch
        {
            0 => values[random.Next(values.Length)],
            1 => $"{calls[random.Next(calls.Length)]}({Make(depth - 1)})",
            2 => $"{calls[random.Next(calls.Length)]}({Make(depth - 1)}, {Make(depth - 1)})",
            3 => Make(depth - 1) + (operators[random.Next(operators.Length)] is var op && op.EndsWith('(') ? $"{op}{Make(depth - 1)})" : op + Make(depth - 1)),
            _ => $"({Make(depth - 1)})",
        };
    }

    private static string Escape(string query) => query.Replace(" ", "%20", StringComparison.Ordinal).Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal);
}
