using System.Text.Json;

namespace GridMap.Server.Tests.Fuzz;

/// <summary>Values for parameters and bodies: some that fit their schema, most that nobody should send.</summary>
internal sealed class HostileValues(Random random)
{
    private static readonly string[] Texts =
    [
        "", " ", "0", "-1", "1", "10", "NaN", "Infinity", "-Infinity", "1e308", "-1e308", "1e-320", "9223372036854775807", "9223372036854775808", "2147483648", "null", "true", "undefined",
        "'", "''", "\"", "\\", "%", "_", "%00", "\0", "\u0001", "\uFFFD", "\uD83D\uDE00", "网格", "ａ", "é", "İ", "ß", "' OR '1'='1", "'; DROP TABLE grids; --", "$1", "${x}", "{{7*7}}", "../../etc/passwd", "<script>", "&amp;",
        "2026-03-01", "2026-03-01T00:00:00Z", "2026-13-01", "0000-00-00", "9999-12-31T23:59:59Z", "2026-02-30", "2026-03-01T00:00:00+25:00", "../2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z/..", "../..", "/",
        "119.94,31.77,119.97,31.80", "180,-90,-180,90", "179,-1,-179,1", "0,0,0,0", "-180,-90,180,90", "1,2,3", "1,2,3,4,5", "NaN,NaN,NaN,NaN", "1e308,1e308,1e308,1e308", "119.95", "31.78", "89.9999999", "-90",
        "EPSG:4326", "EPSG:4549", "http://www.opengis.net/def/crs/EPSG/0/4326", "http://www.opengis.net/def/crs/EPSG/0/3857", "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "[EPSG:4326]", "EPSG:999999",
        "residents > 10", "S_INTERSECTS(geometry, POINT(119.95 31.78))", "S_INTERSECTS(geometry, BBOX(1e308,1e308,1e308,1e308))", "code LIKE '%", "NOT NOT NOT TRUE", "1/0 = 1", "residents ^ 1e308 > 1", "T_DURING(reportedAt, INTERVAL('..','..'))",
        "CASEI(name) = CASEI('İ')", "A_CONTAINS(area_chain(areaId), (1))", "S_WITHIN(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", "S_INTERSECTS(geometry, POLYGON((179 -1, -179 -1, -179 1, 179 1, 179 -1)))", "{\"op\":\"=\",\"args\":[1,1]}",
        "json", "html", "csv", "png", "hits", "gcj02", "bd09", "cql2-json", "base", "grids", "incidents", "+name", "-code", "code,name", "-", "name,,name", "E0102", "pharmacy", "1:1:", "1:1:~5:5:~3", "5:3:",
    ];

    public string Text() => random.Next(12) switch
    {
        0 => new string((char)random.Next(1, 0xD7FF), random.Next(1, 300)),
        1 => random.NextInt64().ToString(),
        2 => (random.NextDouble() * Math.Pow(10, random.Next(-10, 10))).ToString("R"),
        3 => Nested(),
        4 => string.Join(',', Enumerable.Range(0, random.Next(1, 8)).Select(_ => (random.NextDouble() * 400 - 200).ToString("R"))),
        5 => Texts[random.Next(Texts.Length)] + Texts[random.Next(Texts.Length)],
        _ => Texts[random.Next(Texts.Length)],
    };

    /// <summary>A value that the schema of the contract allows.</summary>
    public string Fitting(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var choices) && choices.GetArrayLength() > 0) return choices[random.Next(choices.GetArrayLength())].ToString();
        var type = schema.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : "string";
        return type switch
        {
            "integer" => random.Next(0, 60).ToString(),
            "number" => (random.Next(3) == 0 ? 119.94 + (random.NextDouble() * 0.03) : 31.77 + (random.NextDouble() * 0.03)).ToString("R"),
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "array" => "119.94,31.77,119.97,31.80",
            _ => Texts[random.Next(Texts.Length)],
        };
    }

    /// <summary>A body: an object with the names of the schema and hostile values, or no JSON at all.</summary>
    public string Body(IReadOnlyList<string> names)
    {
        if (random.Next(8) == 0) return Text();
        var members = Enumerable.Range(0, random.Next(0, 6)).Select(_ => $"{JsonSerializer.Serialize(random.Next(8) == 0 || names.Count == 0 ? Text() : names[random.Next(names.Count)])}:{Json(0)}");
        return $"{{{string.Join(',', members)}}}";
    }

    private string Json(int depth) => random.Next(depth > 4 ? 7 : 11) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(-5, 100).ToString(),
        3 => "1e308",
        4 => "119.95",
        5 or 6 => JsonSerializer.Serialize(Text()),
        7 => $"[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => Json(depth + 1)))}]",
        8 => $"{{\"type\":\"Point\",\"coordinates\":[{Json(9)},{Json(9)}]}}",
        9 => "{\"type\":\"Polygon\",\"coordinates\":[[[119.95,31.78],[119.96,31.78],[119.95,31.79],[119.95,31.78]]]}",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"{JsonSerializer.Serialize(Text())}:{Json(depth + 1)}"))}}}",
    };

    private string Nested()
    {
        var depth = random.Next(1, 400);
        return random.Next(3) switch { 0 => new string('(', depth) + "1" + new string(')', depth), 1 => string.Concat(Enumerable.Repeat("NOT ", depth)) + "TRUE", _ => new string('[', depth) };
    }
}
