using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Hostile;

/// <summary>Bodies and questions made to hurt: each is refused by name, soon, and changes nothing.</summary>
public sealed class BombTests(SmallCity city) : IClassFixture<SmallCity>
{
    // Generous: the machine of the tests is shared. A bomb that works takes minutes.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public static TheoryData<string, int> Geometries => new()
    {
        { "a million vertices", 413 },
        { "four hundred thousand vertices", 400 },
        { "deep nesting", 400 },
        { "deep arrays", 400 },
        { "a number beyond double", 400 },
        { "1e308", 400 },
        { "NaN", 400 },
        { "a pole", 400 },
        { "around the world", 400 },
        { "a spike", 400 },
        { "a bow-tie", 400 },
        { "to and fro", 400 },
        { "to and fro a little", 400 },
    };

    [DatabaseTheory]
    [MemberData(nameof(Geometries))]
    public async Task A_geometry_made_to_hurt_is_refused_by_name(string bomb, int status)
    {
        var client = await city.Server.As(Role.Planner);
        var before = await Grids();
        var watch = Stopwatch.StartNew();
        HttpResponseMessage response;
        try
        {
            response = await client.PostAsync("/api/grids?dryRun=true", new StringContent($$"""{"type":"Feature","properties":{"net":"base"},"geometry":{{Geometry(bomb)}}}""", Encoding.UTF8, "application/geo+json"));
        }
        catch (HttpRequestException) when (status == 413)
        {
            return; // answered, and the connection closed, while the body was still coming: as good
        }
        watch.Elapsed.ShouldBeLessThan(Soon);
        ((int)response.StatusCode).ShouldBe(status, await response.Content.ReadAsStringAsync());
        var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        problem.GetProperty("code").GetString().ShouldNotBeNullOrEmpty();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await Grids()).ShouldBe(before);
    }

    [DatabaseFact]
    public async Task Lines_that_run_to_and_fro_are_refused_however_they_are_divided_among_features()
    {
        var client = await city.Server.As(Role.Planner);
        var many = string.Join(',', Enumerable.Repeat($$"""{"type":"Feature","properties":{"kind":"water"},"geometry":{{Ring(4_400, 0.2)}}}""", 20));
        foreach (var (body, field) in new[]
        {
            ($$"""{"type":"Feature","properties":{"kind":"water"},"geometry":{{Ring(60_000, 0.2)}}}""", "geometry"), ($$"""{"type":"FeatureCollection","features":[{{many}}]}""", "features[6].geometry"),
        })
        {
            var response = await client.PostAsync("/ogc/collections/landscapes/items", new StringContent(body, Encoding.UTF8, "application/geo+json"));
            ((int)response.StatusCode).ShouldBe(422);
            var text = await response.Content.ReadAsStringAsync();
            var first = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("errors")[0];
            (first.GetProperty("field").GetString(), first.GetProperty("code").GetString()).ShouldBe((field, "geometry.too-crowded"));
        }
    }

    [DatabaseTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_fifty_megabytes_is_cut_off(bool saysItsLength)
    {
        var client = await city.Server.As(Role.Planner);
        foreach (var address in new[] { "/api/grids", "/api/locate", "/api/incidents", "/ogc/collections/incidents/items", "/ogc/processes/locate/execution" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(new byte[50 << 20]) };
            request.Content.Headers.ContentType = new("application/json");
            if (!saysItsLength) request.Headers.TransferEncodingChunked = true;
            var watch = Stopwatch.StartNew();
            try
            {
                using var response = await client.SendAsync(request);
                ((int)response.StatusCode).ShouldBeInRange(400, 413, address);
            }
            catch (HttpRequestException)
            {
                // It was answered and the connection closed while the body was still coming: as good.
            }
            watch.Elapsed.ShouldBeLessThan(Soon, address);
        }
        (await city.Anyone.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [DatabaseFact]
    public async Task A_compressed_body_is_refused_for_being_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/locate") { Content = new ByteArrayContent([0x1f, 0x8b, 8, 0]) };
        request.Content.Headers.ContentType = new("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        using var response = await city.Anyone.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        response.Headers.GetValues("Accept-Encoding").Single().ShouldBe("identity");
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).Fields().ShouldBe(["Content-Encoding"]);
    }

    public static TheoryData<string> Filters => new()
    {
        Repeated("(", 5000) + "1=1" + Repeated(")", 5000), Repeated("NOT ", 3000) + "TRUE", "1" + Repeated("+1", 6000) + "=1", Repeated("-", 10_000) + "1=1", "code IN (" + Repeated("'a',", 3000) + "'b')",
        Repeated("CASEI(", 2000) + "code" + Repeated(")", 2000) + "='a'", "TRUE" + Repeated(" AND TRUE", 1500), "S_INTERSECTS(geometry,POLYGON((" + Repeated("119.9 31.7,", 1200) + "119.9 31.7)))",
        "S_INTERSECTS(geometry,LINESTRING(1e308 1e308,-1e308 -1e308))", "code LIKE '" + Repeated("%a_", 4000) + "'",
    };

    [DatabaseTheory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_made_to_hurt_is_answered_or_refused_soon(string filter)
    {
        var watch = Stopwatch.StartNew();
        var response = await city.Anyone.GetAsync($"/ogc/collections/grids/items?limit=1&filter={Uri.EscapeDataString(filter)}");
        watch.Elapsed.ShouldBeLessThan(Soon);
        ((int)response.StatusCode).ShouldBeOneOf([200, 400, 414]);
        (await city.Anyone.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [DatabaseFact]
    public async Task A_filter_of_depth_ten_thousand_is_refused_as_JSON_too()
    {
        foreach (var filter in new[] { Repeated("""{"op":"not","args":[""", 500) + "true" + Repeated("]}", 500), Repeated("[", 10_000), Repeated("""{"op":"+","args":[1,""", 600) + "1" + Repeated("]}", 600) })
        {
            var response = await city.Anyone.GetAsync($"/ogc/collections/grids/items?limit=1&filter-lang=cql2-json&filter={Uri.EscapeDataString(filter)}");
            ((int)response.StatusCode).ShouldBeOneOf([400, 414]);
        }
    }

    private Task<long> Grids() => city.Server.Database.Scalar<long>($"SELECT count(*) FROM grids", CancellationToken.None);

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Geometry(string bomb) => bomb switch
    {
        "a million vertices" => Ring(1_000_000),
        "four hundred thousand vertices" => Ring(400_000),
        "deep nesting" => Repeated("""{"type":"GeometryCollection","geometries":[""", 5000) + """{"type":"Point","coordinates":[119.9,31.7]}""" + Repeated("]}", 5000),
        "deep arrays" => """{"type":"Polygon","coordinates":""" + new string('[', 100_000) + new string(']', 100_000) + "}",
        "a number beyond double" => Polygon($"[119.9,31.7],[{new string('9', 400)},31.7],[119.9,31.8],[119.9,31.7]"),
        "1e308" => Polygon("[119.9,31.7],[1e308,31.7],[119.9,31.8],[119.9,31.7]"),
        "NaN" => Polygon("[119.9,31.7],[NaN,31.7],[119.9,31.8],[119.9,31.7]"),
        "a pole" => Polygon("[-180,89],[180,89],[180,90],[-180,90],[-180,89]"),
        "to and fro" => Ring(60_000, 0.2),
        "to and fro a little" => Ring(6_000, 0.2),
        "around the world" => Polygon("[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]"),
        "a spike" => Polygon("[119.95,31.78],[119.96,31.78],[119.95,31.78],[119.95,31.78]"),
        _ => Polygon("[119.95,31.78],[119.96,31.79],[119.96,31.78],[119.95,31.79],[119.95,31.78]"),
    };

    private static string Polygon(string positions) => $$"""{"type":"Polygon","coordinates":[[{{positions}}]]}""";

    private static string Ring(int vertices, double depth = 0)
    {
        var text = new StringBuilder(vertices * 26);
        for (var i = 0; i <= vertices; i++)
        {
            var angle = 2 * Math.PI * (i % vertices) / vertices;
            var radius = 0.01 * (1 + (depth * (i % vertices % 2)));
            text.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"[{119.95 + (radius * Math.Cos(angle)):0.0000000},{31.78 + (radius * Math.Sin(angle)):0.0000000}]");
        }
        return Polygon(text.ToString());
    }
}
