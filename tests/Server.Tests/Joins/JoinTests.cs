using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Joins;

/// <summary>What comes back is what went up with grids, people and areas, row by row; the database's own functions say which.</summary>
public sealed class JoinTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const string At = "at=2026-03-15T00:00:00Z";

    [DatabaseFact]
    public async Task A_table_comes_back_with_its_grids_and_areas()
    {
        var rows = await Csv("名称,lon,lat\r\n\"甲, \"\"店\"\"\",119.945,31.775\r\n乙,119.955,31.785\r\n丙,100,20\r\n丁,here,31\r\n戊,999,31\r\n己,119.95\r\n", At);
        rows[0].ShouldBe(["名称", "lon", "lat", "grid_base", "people_base", "grid_police", "people_police", "grid_volunteer", "people_volunteer", "community_code", "community_name", "street_code", "street_name", "join_error"]);
        rows[1].Take(4).ShouldBe(["甲, \"店\"", "119.945", "31.775", SmallCity.GridCode(0, 0)]);
        rows[1].Skip(9).ShouldBe([SmallCity.CommunityCode(0), "桂花社区", "320411001", "西街道", ""]);
        rows[2][3].ShouldBe(SmallCity.GridCode(1, 1));
        rows[3].Skip(3).ShouldAllBe(value => value == "");
        rows[4][^1].ShouldBe("place.unreadable");
        rows[5][^1].ShouldBe("place.out-of-range");
        rows[6][^1].ShouldStartWith("row.columns");
        rows.Count.ShouldBe(7);
    }

    [DatabaseFact]
    public async Task Thousands_of_rows_agree_with_the_database()
    {
        var random = new Random(7);
        // Many on the lattice of borders, where the rule decides.
        var places = Enumerable.Range(0, 12_000).Select(i => (Lon: i % 3 == 0 ? 119.93 + (random.Next(6) * 0.01) : 119.93 + (random.NextDouble() * 0.05),
            Lat: i % 5 == 0 ? 31.76 + (random.Next(6) * 0.01) : 31.76 + (random.NextDouble() * 0.05))).Select(place => (Lon: Math.Round(place.Lon, 7), Lat: Math.Round(place.Lat, 7))).ToList();
        var table = new StringBuilder("id;x;y\n");
        foreach (var (i, (lon, lat)) in places.Index()) table.Append(CultureInfo.InvariantCulture, $"{i};{lon:R};{lat:R}\n");
        var rows = await Csv(table.ToString(), $"{At}&people=false", separator: ';');
        rows.Count.ShouldBe(places.Count + 1);
        await using var command = city.Scratch.Source.CreateCommand("""
            SELECT coalesce(grids.code, ''), coalesce(areas.code, '') FROM unnest($1, $2) WITH ORDINALITY AS place (lon, lat, position)
            CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom) AS point
            LEFT JOIN grids ON grids.id = base_grid_at(point.geom, '2026-03-15Z') LEFT JOIN areas ON areas.id = coalesce(grids.area_id, lowest_area_at(point.geom)) ORDER BY position
            """);
        command.Parameters.Add(new() { Value = places.Select(place => place.Lon).ToArray() });
        command.Parameters.Add(new() { Value = places.Select(place => place.Lat).ToArray() });
        await using var truth = await command.ExecuteReaderAsync();
        var inside = 0;
        for (var i = 1; await truth.ReadAsync(); i++)
        {
            (rows[i][3], rows[i][6]).ShouldBe((truth.GetString(0), truth.GetString(1)), string.Join(';', rows[i]));
            if (rows[i][3].Length > 0) inside++;
        }
        inside.ShouldBeGreaterThan(3000);
    }

    [DatabaseFact]
    public async Task Gb18030_goes_in_and_comes_out()
    {
        byte[] osmanthus = [0xB9, 0xF0, 0xBB, 0xA8]; // 桂花
        byte[] table = [.. osmanthus, .. ",lng,lat\n"u8, .. osmanthus, .. ",119.945,31.775\n"u8];
        var response = await Send(new ByteArrayContent(table), "text/csv", $"encoding=gb18030&people=false&{At}");
        var answer = await response.Content.ReadAsByteArrayAsync();
        answer.AsSpan(0, 4).SequenceEqual(osmanthus).ShouldBeTrue();
        answer.AsSpan(20).IndexOf(osmanthus).ShouldBeGreaterThan(0); // 桂花社区 among the columns added
        (await (await Send(new ByteArrayContent(table), "text/csv", At, HttpStatusCode.BadRequest)).Content.ReadFromJsonAsync<JsonElement>()).Fields().ShouldContain("encoding");
    }

    [DatabaseTheory]
    [InlineData("text/csv; charset=gb18030", "", "gb18030")]
    [InlineData("text/csv; charset=\"GBK\"", "", "gb18030")]
    [InlineData("text/csv; charset=utf-8", "encoding=gb18030&", "gb18030")] // clients put that in by themselves: what is asked for counts
    public async Task A_table_is_read_in_the_charset_that_it_comes_with(string type, string query, string answered)
    {
        byte[] osmanthus = [0xB9, 0xF0, 0xBB, 0xA8]; // 桂花
        byte[] table = [.. osmanthus, .. ",lng,lat\n"u8, .. osmanthus, .. ",119.945,31.775\n"u8];
        var response = await Send(new ByteArrayContent(table), type, $"{query}people=false&{At}");
        response.Content.Headers.ContentType!.CharSet.ShouldBe(answered);
        (await response.Content.ReadAsByteArrayAsync()).AsSpan(0, 4).SequenceEqual(osmanthus).ShouldBeTrue();
    }

    [DatabaseFact]
    public async Task Other_charsets_and_media_types_are_refused_with_those_that_are_taken()
    {
        (await Detail(new StringContent("lon,lat\n"), "text/csv; charset=big5")).ShouldContain("gb18030");
        (await Detail(new StringContent("{\"features\":[]}"), "application/geo+json; charset=gb18030")).ShouldContain("UTF-8");
        (await Detail(new StringContent("x"), "application/octet-stream")).ShouldContain("text/csv");

        async Task<string> Detail(HttpContent content, string type) =>
            (await (await Send(content, type, At, HttpStatusCode.UnsupportedMediaType)).Content.ReadFromJsonAsync<JsonElement>()).At("detail").GetString()!;
    }

    [DatabaseFact]
    public async Task A_line_of_Excel_says_the_separator_and_is_no_row()
    {
        var rows = await Csv("sep=|\nlon|lat|a,b;c\n119.945|31.775|1,2;3\n", $"people=false&{At}", separator: '|');
        rows[0][2].ShouldBe("a,b;c");
        rows[1].Take(4).ShouldBe(["119.945", "31.775", "1,2;3", SmallCity.GridCode(0, 0)]);
        rows.Count.ShouldBe(2);
    }

    [DatabaseFact]
    public async Task What_no_column_holds_stands_behind_its_reason()
    {
        const string table = ",lon,lat,\n1,119.945,31.775,2\n1,119.945,31.775,2,extra,more\n1,,31.775,2\n";
        var rows = await Csv(table, At);
        rows[2][^1].ShouldBe("row.columns: 6 in place of 4: extra,more");
        rows[3][^1].ShouldBe("place.missing");
        var answer = await (await Send(new StringContent(table), "text/csv", $"format=geojson&{At}")).Content.ReadFromJsonAsync<JsonElement>();
        answer.At("features", 0, "properties", "").GetString().ShouldBe("1");
        answer.At("features", 0, "properties", "_2").GetString().ShouldBe("2");
        answer.At("features", 1, "properties", "join_error").GetString().ShouldBe("row.columns: 6 in place of 4: extra,more");
        answer.At("errors", 0, "code").GetString().ShouldBe("row.columns: 6 in place of 4");
    }

    [DatabaseTheory]
    [InlineData("lon,lat,lon\n119.945,31.775,120\n", "lon")]
    [InlineData("name,lon,lat, name\nA,119.945,31.775,B\n", "name")]
    public async Task Of_two_columns_of_one_name_none_is_taken(string table, string name)
    {
        var problem = await (await Send(new StringContent(table), "text/csv", At, HttpStatusCode.BadRequest)).Content.ReadFromJsonAsync<JsonElement>();
        problem.At("errors", 0, "code").GetString().ShouldBe("column.twice");
        problem.At("detail").GetString()!.ShouldEndWith($"{name}.");
    }

    [DatabaseTheory]
    [InlineData("application/geo+json")]
    [InlineData("application/x-ndjson")]
    public async Task A_row_with_half_a_character_is_an_error_of_its_own(string type)
    {
        const string point = "\"geometry\":{\"type\":\"Point\",\"coordinates\":[119.945,31.775]}";
        string[] rows =
        [
            $"{{{point},\"properties\":{{\"t\":\"\\ud83d\\ude00 \\\\ud800\"}}}}",
            $"{{{point},\"properties\":{{\"t\":\"a\\uD800b\"}}}}",
            $"{{{point},\"properties\":{{\"t\":\"\\ude00\\ud83d\"}}}}",
            $"{{{point},\"properties\":{{\"\\udfff\":1}}}}",
            "{\"geometry\":{\"type\":\"\\ud800\"},\"id\":\"\\ud800\"}",
            $"{{{point},\"properties\":{{\"t\":\"\u0001\"}}}}",
        ];
        var bytes = Encoding.UTF8.GetBytes(type == "application/x-ndjson" ? string.Join('\n', rows) : $"{{\"features\":[{string.Join(",\n", rows)}]}}");
        bytes[bytes.AsSpan().IndexOf((byte)1)] = 0xFF;
        var response = await Send(new ByteArrayContent(bytes), type, $"people=false&{At}");
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(await response.Content.ReadAsByteArrayAsync());
        var features = type == "application/x-ndjson" ? [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))]
            : JsonSerializer.Deserialize<JsonElement>(text).At("features").EnumerateArray().ToArray();
        features.Select(feature => feature.At("properties", "join_error").GetString()).ShouldBe([null, .. Enumerable.Repeat("text.half-character", 5)]);
        features[0].At("properties", "t").GetString().ShouldBe("😀 \\ud800");
        features[0].At("properties", "grid_base").GetString().ShouldBe(SmallCity.GridCode(0, 0));
        features[1].At("properties", "t").GetString().ShouldBe("a\uFFFDb");
        features[2].At("properties", "t").GetString().ShouldBe("\uFFFD\uFFFD");
        features[3].At("properties", "\uFFFD").GetInt32().ShouldBe(1);
        features[4].At("id").GetString().ShouldBe("\uFFFD");
        features[5].At("properties", "t").GetString().ShouldBe("\uFFFD");
        if (type == "application/geo+json") JsonSerializer.Deserialize<JsonElement>(text).At("wrong").GetInt32().ShouldBe(5);
    }

    [DatabaseFact]
    public async Task Features_keep_what_they_had_and_errors_are_listed()
    {
        const string collection = """
            { "type": "FeatureCollection", "name": "features[{\"", "features" : [
              {"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[119.945,31.775,3]},"properties":{"n":1,"t":"}]\"\\","grid":"old"}},
              {"type":"Feature","geometry":null,"properties":null},
              {"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"properties":{}} ], "more": [{"x":[1]}] }
            """;
        var answer = await (await Send(new StringContent(collection), "application/geo+json", At)).Content.ReadFromJsonAsync<JsonElement>();
        answer.At("features").GetArrayLength().ShouldBe(3);
        answer.At("features", 0, "id").GetString().ShouldBe("a");
        answer.At("features", 0, "properties", "t").GetString().ShouldBe("}]\"\\");
        answer.At("features", 0, "properties", "grid").GetString().ShouldBe("old");
        answer.At("features", 0, "properties", "grid_base").GetString().ShouldBe(SmallCity.GridCode(0, 0));
        answer.At("rows").GetInt32().ShouldBe(3);
        answer.At("joined").GetInt32().ShouldBe(1);
        answer.At("errors").EnumerateArray().Select(error => (error.At("row").GetInt32(), error.At("code").GetString())).ShouldBe([(2, "place.missing"), (3, "geometry.not-a-point")]);
    }

    [DatabaseFact]
    public async Task Lines_forms_and_shifted_coordinates_work()
    {
        var lines = "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[119.945,31.775]},\"properties\":{}}\n\n{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[0,0]}}\n";
        var answer = await (await Send(new StringContent(lines), "application/x-ndjson", At)).Content.ReadAsStringAsync();
        answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        answer.ShouldContain(SmallCity.GridCode(0, 0));

        var stored = new Datumless(119.9400005, 31.7750005);
        var shifted = await city.Anyone.Json($"/api/locate?lon={stored.Lon}&lat={stored.Lat}");
        shifted.At("grids").GetArrayLength().ShouldBeGreaterThan(0);
        // The same numbers said to be GCJ-02 lie some 500 m to the north-west: outside.
        using var form = new MultipartFormDataContent { { new StringContent("about"), "note" }, { new StringContent($"lon,lat\n{stored.Lon},{stored.Lat}\n"), "file", "places.csv" } };
        var gcj = await (await Send(form, null, $"coord=gcj02&format=geojson&{At}")).Content.ReadFromJsonAsync<JsonElement>();
        gcj.At("coord").GetString().ShouldBe("gcj02");
        gcj.At("outside").GetInt32().ShouldBe(1);
    }

    [DatabaseTheory]
    [InlineData("application/x-ndjson", "F\nxx\nF\n", "line 2")]
    [InlineData("application/x-ndjson", "F\n5\nF\n", "line 2")]
    [InlineData("application/x-ndjson", "F\n\"a\"\n", "line 2")]
    [InlineData("application/x-ndjson", "F\nnull\n", "line 2")]
    [InlineData("application/x-ndjson", "F\nF\n{ broken\n", "line 3")]
    [InlineData("application/x-ndjson", "F\n{ broken }\nF\n", "row 2")]
    [InlineData("application/x-ndjson", "F\n[1]\n", "row 2")]
    [InlineData("application/geo+json", "{\"features\":[F,\n5,F]}", "line 2")]
    [InlineData("application/geo+json", "{\"features\":[F]}\n{\"features\":[F]}", "line 2")]
    [InlineData("application/geo+json", "{\"features\":[F,{\"properties\":[1]}]}", "row 2")]
    public async Task What_is_no_feature_between_features_is_refused_and_never_lost(string type, string body, string where)
    {
        const string feature = """{"type":"Feature","geometry":{"type":"Point","coordinates":[119.945,31.775]},"properties":{}}""";
        var text = body.Replace("F", feature, StringComparison.Ordinal);
        var problem = await (await Send(new StringContent(text), type, At, HttpStatusCode.BadRequest)).Content.ReadFromJsonAsync<JsonElement>();
        problem.At("detail").GetString().ShouldNotBeNull().ShouldContain(where);
    }

    [DatabaseFact]
    public async Task A_text_sequence_and_a_mark_of_byte_order_are_no_rows()
    {
        const string lines = "\uFEFF\u001E{\"geometry\":null}\r\n\u001E{\"geometry\":\nnull}\n";
        var answer = await (await Send(new StringContent(lines), "application/geo+json-seq", At)).Content.ReadAsStringAsync();
        answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
    }

    [DatabaseTheory]
    [InlineData("text/csv", "a,b\n1,2\n", "", 400, "lon")]
    [InlineData("text/csv", "", "", 400, "body")]
    [InlineData("text/csv", "lon,lat\n1,2\n", "lat=breite", 400, "lat")]
    [InlineData("text/csv", "lon,lat,grid_base\n1,2,3\n", "", 400, "body")]
    [InlineData("text/csv", "lon,lat\n\"1,2\n", "", 400, "body")]
    [InlineData("application/geo+json", "{\"type\":\"FeatureCollection\",\"features\":[{]}", "", 400, "body")]
    [InlineData("application/geo+json", "{\"type\":\"FeatureCollection\",\"features\":[", "", 400, "body")]
    [InlineData("application/geo+json", "[]", "", 400, "body")]
    [InlineData("application/geo+json", "{\"features\":[{\"properties\":{\"n\":1}},{\"properties\":{\"grid_base\":\"mine\"}}]}", "", 400, "body")]
    [InlineData("application/x-ndjson", "{\"properties\":{\"join_error\":null}}", "", 400, "body")]
    [InlineData("application/x-ndjson", "{\"a\":1", "", 400, "body")]
    [InlineData("application/geo+json", "{\"features\":[]}", "format=csv", 400, "format")]
    [InlineData("application/geo+json", "{\"features\":[]}", "coord=mars", 400, "coord")]
    [InlineData("image/png", "x", "", 415, "")]
    [InlineData("multipart/form-data; boundary=x", "--x--", "", 400, "body")]
    [InlineData("multipart/form-data; boundary=x", "nothing", "", 400, "body")]
    public async Task What_cannot_be_joined_is_refused(string type, string body, string query, int status, string field)
    {
        var response = await Send(new StringContent(body), type, query, (HttpStatusCode)status);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        if (field.Length > 0) problem.Fields().ShouldContain(field);
    }

    [DatabaseFact]
    public async Task Joining_needs_a_key() =>
        (await city.Anyone.PostAsync("/api/joins", new StringContent("lon,lat\n", Encoding.UTF8, "text/csv"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    private sealed record Datumless(double Lon, double Lat);

    private async Task<List<string[]>> Csv(string text, string query, char separator = ',')
    {
        var response = await Send(new StringContent(text), "text/csv", query);
        var reader = new GridMap.Server.Joins.CsvReader(new StreamReader(await response.Content.ReadAsStreamAsync()), separator, 1 << 20);
        var rows = new List<string[]>();
        while (await reader.Read() is { } row) rows.Add(row);
        return rows;
    }

    private async Task<HttpResponseMessage> Send(HttpContent content, string? type, string query, HttpStatusCode status = HttpStatusCode.OK)
    {
        if (type is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var response = await (await city.Server.As(Role.Reader)).PostAsync($"/api/joins?{query}", content);
        response.StatusCode.ShouldBe(status, response.StatusCode == status ? null : await response.Content.ReadAsStringAsync());
        return response;
    }
}
