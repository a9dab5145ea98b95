using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace GridMap.Server.Tests.Fuzz;

/// <summary>
/// Hostile questions to every route of both contracts and to WFS, from a seed: none may end in a failure of the server or take long.
/// <c>GRIDMAP_FUZZ_REQUESTS</c> sets how many (10,000 when not set; 100,000 before a release), <c>GRIDMAP_FUZZ_SEED</c> which.
/// </summary>
public sealed class FuzzTests(SmallCity city, ITestOutputHelper output) : IClassFixture<SmallCity>
{
    private const long MostMegabytes = 1500;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly int Requests = int.TryParse(Environment.GetEnvironmentVariable("GRIDMAP_FUZZ_REQUESTS"), out var asked) ? asked : 10_000;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("GRIDMAP_FUZZ_SEED"), out var seed) ? seed : 1;

    private static readonly string[] WfsNames = ["service", "version", "request", "typeNames", "count", "startIndex", "bbox", "filter", "resourceId", "sortBy", "propertyName", "srsName", "outputFormat", "resultType", "valueReference", "storedQuery_Id", "id"];

    private sealed record Operation(string Method, string Path, IReadOnlyList<(string Name, JsonElement Schema)> Query, IReadOnlyList<string> Members);

    private sealed record Sent(string Method, string Path, string? Body, string Type);

    [DatabaseFact]
    public async Task No_question_makes_the_server_fail_or_hang()
    {
        var operations = await Operations();
        operations.Count.ShouldBeGreaterThan(60);
        var client = await city.Server.As(Role.Administrator);
        var (failures, slow, statuses) = (new ConcurrentBag<string>(), new ConcurrentBag<Sent>(), new ConcurrentDictionary<int, int>());
        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            var sent = Make(operations, new Random(unchecked((Seed * 1_000_003) + i)));
            var (status, elapsed) = await Send(client, sent);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            if (status >= 500) failures.Add($"{status} {Show(sent)}");
            if (elapsed > Limit) slow.Add(sent);
        });
        // A busy machine is slow with everything: what is slow alone is slow.
        foreach (var sent in slow)
        {
            var (_, elapsed) = await Send(client, sent);
            if (elapsed > Limit) failures.Add($"{elapsed.TotalSeconds:F1} s {Show(sent)}");
        }
        output.WriteLine($"{Requests} requests to {operations.Count} operations: {string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"))}; {slow.Count} were slow in the crowd");
        failures.ShouldBeEmpty(string.Join('\n', failures.Take(40)));
        statuses.Keys.ShouldContain(200);
        (Process.GetCurrentProcess().PeakWorkingSet64 >> 20).ShouldBeLessThan(MostMegabytes);
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM areas")).ShouldBeGreaterThan(0);
    }

    private static string Show(Sent sent) => $"{sent.Method} {(sent.Path.Length > 600 ? sent.Path[..600] : sent.Path)} {(sent.Body?.Length > 600 ? sent.Body[..600] : sent.Body)}";

    private static async Task<(int Status, TimeSpan Elapsed)> Send(HttpClient client, Sent sent)
    {
        using var request = new HttpRequestMessage(new HttpMethod(sent.Method), sent.Path);
        if (sent.Body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(sent.Body)) { Headers = { { "Content-Type", sent.Type } } };
        var clock = Stopwatch.StartNew();
        try
        {
            // A stream of events has no end: its head is the answer.
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream") await response.Content.ReadAsByteArrayAsync();
            return ((int)response.StatusCode, clock.Elapsed);
        }
        catch (HttpRequestException exception)
        {
            // A body that is refused before it has been sent whole ends the connection; an answer cut off in its middle is a failure.
            return (exception.InnerException is IOException && sent.Body is not null ? 0 : 599, clock.Elapsed);
        }
    }

    private static Sent Make(List<Operation> operations, Random random)
    {
        var (values, operation) = (new HostileValues(random), operations[random.Next(operations.Count)]);
        var path = string.Join('/', operation.Path.Split('/').Select(part => part.Contains('{', StringComparison.Ordinal)
            ? Uri.EscapeDataString(random.Next(3) == 0 ? values.Text() : random.Next(20).ToString()) : part));
        var query = operation.Query.Where(_ => random.Next(operation.Query.Count) < 3)
            .Select(parameter => (parameter.Name, Value: random.Next(3) == 0 ? values.Fitting(parameter.Schema) : values.Text())).ToList();
        if (random.Next(20) == 0) query.Add((values.Text(), values.Text()));
        var text = string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"));
        if (operation.Path == "/wfs") text = (random.Next(3) > 0 ? "service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&" : "") + text;
        var body = operation.Method is "GET" or "DELETE" ? null : values.Body(operation.Members);
        var type = random.Next(10) switch { 0 => "text/plain", 1 => "application/geo+json", 2 => "text/xml", 3 => "text/csv", _ => operation.Path.StartsWith("/ogc", StringComparison.Ordinal) ? "application/geo+json" : "application/json" };
        return new Sent(operation.Method, (text.Length > 0 ? $"{path}?{text}" : path) is var whole && whole.Length > 110_000 ? whole[..14_000].TrimEnd('%') : whole, body, type);
    }

    private async Task<List<Operation>> Operations()
    {
        var all = new List<Operation> { new("GET", "/wfs", [.. WfsNames.Select(name => (name, JsonDocument.Parse("{}").RootElement))], []) };
        foreach (var (document, prefix) in new[] { ("/api/openapi.json", ""), ("/ogc/api?f=json", "/ogc") })
        {
            var root = JsonDocument.Parse(await city.Anyone.GetStringAsync(document)).RootElement;
            foreach (var path in root.At("paths").EnumerateObject())
            {
                foreach (var method in path.Value.EnumerateObject().Where(method => method.Name is "get" or "post" or "put" or "patch" or "delete"))
                {
                    // The key in use must outlive the test.
                    if (path.Name.StartsWith("/api/keys", StringComparison.Ordinal) && method.Name == "delete") continue;
                    var query = method.Value.TryGetProperty("parameters", out var parameters)
                        ? parameters.EnumerateArray().Where(parameter => parameter.TryGetProperty("in", out var place) && place.GetString() == "query")
                            .Select(parameter => (parameter.At("name").GetString()!, parameter.TryGetProperty("schema", out var schema) ? schema : default)).ToList() : [];
                    all.Add(new Operation(method.Name.ToUpperInvariant(), prefix + (path.Name == "/" && prefix.Length > 0 ? "" : path.Name), query, Members(root, method.Value)));
                }
            }
        }
        return all;
    }

    private static List<string> Members(JsonElement root, JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body) || !body.TryGetProperty("content", out var content)) return ["type", "geometry", "properties", "id", "features"];
        foreach (var media in content.EnumerateObject())
        {
            if (!media.Value.TryGetProperty("schema", out var schema)) continue;
            if (schema.TryGetProperty("$ref", out var reference) && root.At("components", "schemas").TryGetProperty(reference.GetString()!.Split('/')[^1], out var named)) schema = named;
            if (schema.TryGetProperty("properties", out var properties)) return [.. properties.EnumerateObject().Select(property => property.Name)];
        }
        return ["type", "geometry", "properties", "id", "features"];
    }
}
