using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace GridMap.Server.Tests.Fuzz;

/// <summary>
/// Questions that can be meant, from a seed: things that there are, values within the bounds that the contracts state and often on them, in all combinations. They reach what nonsense
/// does not, and none may end in a failure of the server or take long. A fifth as many as <see cref="FuzzTests"/> asks.
/// </summary>
public sealed class MeantTests(WalkingTown town, ITestOutputHelper output) : IClassFixture<WalkingTown>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly int Requests = int.TryParse(Environment.GetEnvironmentVariable("GRIDMAP_FUZZ_REQUESTS"), out var asked) ? asked / 5 : 2_000;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("GRIDMAP_FUZZ_SEED"), out var seed) ? seed : 1;

    // Of these pairs a question has one at most.
    private static readonly string[][] OneOf = [["minutes", "radiusMetres"], ["profile", "metresPerMinute"], ["candidateType", "places"], ["after", "offset"], ["scenario", "facilityType"]];

    private static readonly string[] Filters =
    [
        "id > 3", "code LIKE '%1%'", "name IS NOT NULL", "id IN (1,2,3) OR id BETWEEN 10 AND 20", "CASEI(code) = CASEI('b0000001')", "NOT (id = 5)", "id * 2 + 1 > 9",
        "S_INTERSECTS(geometry, BBOX({box}))", "S_WITHIN(geometry, POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south})))", "S_DISJOINT(geometry, POINT({west} {south}))",
    ];

    private static readonly string[] Collections = ["areas", "grids", "compounds", "buildings", "facilities", "incidents", "roads", "landscapes", "population-cells"];

    private sealed record Operation(string Path, IReadOnlyList<(string Name, bool IsRequired, JsonElement Schema)> Query);

    [DatabaseFact]
    public async Task No_question_that_can_be_meant_fails_or_hangs()
    {
        var operations = await Operations();
        operations.Count.ShouldBeGreaterThan(60);
        var values = await Values.Of(town);
        var client = await town.Server.As(Role.Administrator);
        var (failures, slow, statuses) = (new ConcurrentBag<string>(), new ConcurrentBag<string>(), new ConcurrentDictionary<int, int>());
        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            var random = new Random(unchecked((Seed * 1_000_003) + i));
            var address = Make(operations[random.Next(operations.Count)], values, random);
            var (status, elapsed) = await Ask(client, address);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            if (status >= 500) failures.Add($"{status} {address}");
            if (elapsed > Limit) slow.Add(address);
        });
        // A busy machine is slow with everything: what is slow alone is slow.
        foreach (var address in slow)
        {
            var (_, elapsed) = await Ask(client, address);
            if (elapsed > Limit) failures.Add($"{elapsed.TotalSeconds:F1} s {address}");
        }
        output.WriteLine($"{Requests} requests to {operations.Count} operations: {string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"))}; {slow.Count} were slow in the crowd");
        failures.ShouldBeEmpty(string.Join('\n', failures.Take(40)));
        statuses[200].ShouldBeGreaterThan(Requests / 2, "most of what can be meant has an answer");
    }

    private static async Task<(int Status, TimeSpan Elapsed)> Ask(HttpClient client, string address)
    {
        var clock = Stopwatch.StartNew();
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        // A stream of events has no end: its head is the answer.
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream") await response.Content.ReadAsByteArrayAsync();
        return ((int)response.StatusCode, clock.Elapsed);
    }

    private static string Make(Operation operation, Values values, Random random)
    {
        var path = string.Join('/', operation.Path.Split('/').Select(part => part.StartsWith('{') ? Uri.EscapeDataString(values.Of(part.Trim('{', '}'), default, random) ?? "1") : part));
        var query = new List<(string Name, string Value)>();
        foreach (var (name, isRequired, schema) in operation.Query)
        {
            if (!isRequired && random.Next(10) >= 3 && !(name is "facilityType" or "lon" or "lat" or "sites" && random.Next(10) < 9)) continue;
            if (values.Of(name, schema, random) is { } value) query.Add((name, value));
        }
        foreach (var pair in OneOf)
        {
            if (pair.All(name => query.Exists(had => had.Name == name))) query.RemoveAll(had => had.Name == pair[random.Next(2)] && !operation.Query.First(parameter => parameter.Name == had.Name).IsRequired);
        }
        // How long a search may last is the asker's to say; whoever asks here wants it short.
        if (operation.Path == "/api/siting")
        {
            query.RemoveAll(pair => pair.Name == "seconds");
            query.Add(("seconds", "0.2"));
        }
        return query.Count == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{string.Join('&', query.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"))}";
    }

    private async Task<List<Operation>> Operations()
    {
        var wfs = new Operation("/wfs?service=WFS&version=2.0.0&request=GetFeature", [.. new[] { "typeNames", "count", "startIndex", "srsName", "outputFormat", "resultType" }.Select(name => (name, name == "typeNames", default(JsonElement)))]);
        var all = Enumerable.Repeat(wfs, 20).ToList();
        foreach (var (document, prefix) in new[] { ("/api/openapi.json", ""), ("/ogc/api?f=json", "/ogc") })
        {
            var root = JsonDocument.Parse(await town.Anyone.GetStringAsync(document)).RootElement;
            foreach (var path in root.At("paths").EnumerateObject())
            {
                if (!path.Value.TryGetProperty("get", out var get)) continue;
                var query = get.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Select(parameter => parameter.TryGetProperty("$ref", out var named) ? root.At("components", "parameters", named.GetString()!.Split('/')[^1]) : parameter)
                        .Where(parameter => parameter.At("in").GetString() == "query").Select(parameter => (parameter.At("name").GetString()!, parameter.TryGetProperty("required", out var needed) && needed.GetBoolean(), parameter.At("schema"))).ToList()
                    : [];
                // Analyses have many parameters, and are asked as often as they have combinations.
                var operation = new Operation(prefix + (path.Name == "/" && prefix.Length > 0 ? "" : path.Name), query);
                all.AddRange(Enumerable.Repeat(operation, 1 + Math.Min(10, query.Count)));
            }
        }
        return all;
    }

    /// <summary>What there is in the town, by the name of the parameter that asks for it.</summary>
    private sealed class Values
    {
        private readonly Dictionary<string, string[]> _known;
        private readonly double[] _box;

        private Values(Dictionary<string, string[]> known, double[] box) => (_known, _box) = (known, box);

        public static async Task<Values> Of(WalkingTown town)
        {
            var box = (await town.Anyone.Json("/api/city")).At("bbox").EnumerateArray().Select(side => side.GetDouble()).ToArray();
            async Task<string[]> Column(string sql) => [.. await town.Server.Database.Query($"{Databases.Sql.Trusted(sql)}", row => row.GetString(0), CancellationToken.None)];
            var types = await Column("SELECT DISTINCT type FROM facilities");
            return new Values(new()
            {
                ["facilityType"] = [.. types, "health"], ["candidateType"] = types, ["category"] = await Column("SELECT DISTINCT category FROM incidents"), ["areaId"] = await Column("SELECT id::text FROM areas"),
                ["code"] = await Column("SELECT code FROM grids LIMIT 20"), ["name"] = ["facility-types", "incident-categories", "service-items"], ["q"] = ["路", "1", "村", "a"],
                ["tier"] = await Column("SELECT DISTINCT tier FROM facilities WHERE tier <> ''"), ["openAt"] = ["Sa 20:00", "Mo 10:00", "Su 03:30"], ["net"] = await Column("SELECT code FROM nets"),
                ["bbox"] = [string.Join(',', box.Select(Text)), "-180,-90,180,90", $"{Text(box[0])},{Text(box[1])},{Text((box[0] + box[2]) / 2)},{Text((box[1] + box[3]) / 2)}"],
                ["filter"] = [.. Filters.Select(filter => filter.Replace("{box}", string.Join(',', box.Select(Text))).Replace("{west}", Text(box[0])).Replace("{south}", Text(box[1])).Replace("{east}", Text(box[2])).Replace("{north}", Text(box[3])))],
                ["collectionId"] = Collections, ["typeNames"] = Collections, ["outputFormat"] = ["application/json", "application/gml+xml; version=3.2"], ["resultType"] = ["results", "hits"],
                ["srsName"] = ["urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4490", "urn:ogc:def:crs:EPSG::4549", "EPSG:3857"], ["tileMatrixSetId"] = ["WebMercatorQuad", "WorldCRS84Quad", "CGCS2000Quad"],
                ["crs"] = ["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/4490", "http://www.opengis.net/def/crs/EPSG/0/3857", "http://www.opengis.net/def/crs/EPSG/0/4549"],
                ["datetime"] = ["../2026-01-01T00:00:00Z", "2025-06-01T00:00:00Z/..", "2025-12-31"], ["sortby"] = ["-id", "code", "+id"], ["processId"] = ["locate", "circle", "coverage", "density", "siting"], ["styleId"] = ["gridmap", "light", "dark"],
                ["filter-lang"] = ["cql2-text"], ["filter-crs"] = ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"], ["change"] = [$"add:{Text((box[0] + box[2]) / 2)},{Text((box[1] + box[3]) / 2)},40"],
            }, box);
        }

        /// <summary>Null where nothing is known that would be meant.</summary>
        public string? Of(string name, JsonElement schema, Random random)
        {
            if (name == "bbox-crs") return _known["crs"][0];
            if (_known.TryGetValue(name, out var known) && known.Length > 0) return known[random.Next(known.Length)];
            if (name == "lon") return Text(_box[0] + (random.Next(5) / 4.0 * (_box[2] - _box[0])));
            if (name == "lat") return Text(_box[1] + (random.Next(5) / 4.0 * (_box[3] - _box[1])));
            if (name is "from" or "to" && schema.ValueKind == JsonValueKind.Object && !$"{schema}".Contains("date", StringComparison.Ordinal)) return string.Join(';', Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"{Of("lon", default, random)},{Of("lat", default, random)}"));
            if (name is "id" or "featureId" || schema.ValueKind != JsonValueKind.Object) return random.Next(1, 60).ToString(CultureInfo.InvariantCulture);
            return Fitting(schema, random);
        }

        private static string? Fitting(JsonElement schema, Random random)
        {
            if (schema.TryGetProperty("enum", out var choices)) return choices[random.Next(choices.GetArrayLength())].ToString();
            var type = schema.TryGetProperty("type", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
            if (type == "boolean") return random.Next(2) == 0 ? "true" : "false";
            if (type == "array" && schema.TryGetProperty("items", out var items)) return Fitting(items, random);
            if (type is not ("integer" or "number") || !schema.TryGetProperty("maximum", out var maximum)) return null;
            var (least, most) = (schema.TryGetProperty("minimum", out var minimum) ? minimum.GetDouble() : 0, maximum.GetDouble());
            var value = random.Next(4) switch { 0 => least, 1 => most, _ => least + (random.NextDouble() * random.NextDouble() * (most - least)) };
            return type == "integer" ? ((long)value).ToString(CultureInfo.InvariantCulture) : Text(value);
        }

        private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
    }
}
