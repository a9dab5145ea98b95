using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GridMap.SampleCity;
using GridMap.Server.Access;
using GridMap.Server.SampleCities;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

/// <summary>A server over a sample city of 60 grids, and the few calls that planning takes.</summary>
public sealed class PlanTown : IAsyncLifetime
{
    public GridMapServer Server { get; } = new();

    public ScratchDatabase Scratch => Server.Scratch;

    public HttpClient Planner { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        if (ScratchDatabase.ReasonToSkip is not null) return;
        await SampleCommand.Fill(Scratch.Source, 60, CityOrder.UsualSeed, onlyIfEmpty: false, _ => { }, CancellationToken.None);
        Planner = await Server.As(Role.Planner);
    }

    public Task DisposeAsync() => Server.DisposeAsync();

    /// <summary>The communities, those with most grids first.</summary>
    public Task<long> Community(int rank) => Scratch.Scalar<long>($"""
        SELECT area_id FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base' WHERE valid_to = 'infinity' AND kind = 'base'
        GROUP BY area_id ORDER BY count(*) DESC, area_id OFFSET {rank} LIMIT 1
        """);

    public Task<long> Street() => Scratch.Scalar<long>("SELECT id FROM areas WHERE level = 'street' ORDER BY id LIMIT 1");

    public async Task<JsonElement> Begin(long area, string name = "方案")
    {
        var response = await Planner.PostAsJsonAsync("/api/plans", new { name, areaId = area });
        return await Json(response, 201);
    }

    public async Task<JsonElement> Grids(long plan) => await Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/grids");

    public static async Task<JsonElement> Json(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public Task<HttpResponseMessage> Edit(long plan, string command, int? version = null, string query = "", HttpClient? client = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/plans/{plan}/edits{query}") { Content = new StringContent(command, Encoding.UTF8, "application/json") };
        if (version is { } expected) request.Headers.TryAddWithoutValidation("If-Match", $"\"{expected}\"");
        return (client ?? Planner).SendAsync(request);
    }

    /// <summary>Splits some grid of the plan by a straight line across it, and answers what came of it.</summary>
    public async Task<JsonElement> SplitSome(long plan, int skip = 0)
    {
        foreach (var grid in (await Grids(plan)).GetProperty("items").EnumerateArray().Skip(skip))
        {
            foreach (var line in Lines(grid))
            {
                var response = await Edit(plan, $$"""{"type":"split","grids":["{{grid.GetProperty("key").GetString()}}"],"geometry":{{line}},"note":"切开"}""");
                if (response.IsSuccessStatusCode) return await Json(response, 200);
                ((int)response.StatusCode).ShouldBe(409, await response.Content.ReadAsStringAsync());
            }
        }
        throw new InvalidOperationException("no grid of the plan could be split by a straight line");
    }

    /// <summary>Straight lines through the middle of a grid, longer than the grid is wide.</summary>
    public static IEnumerable<string> Lines(JsonElement grid)
    {
        var box = grid.GetProperty("bbox").EnumerateArray().Select(number => number.GetDouble()).ToArray();
        double x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2, w = (box[2] - box[0]) * 0.7, h = (box[3] - box[1]) * 0.7;
        for (var i = 0; i < 12; i++)
        {
            double dx = Math.Cos(i * Math.PI / 12) * w, dy = Math.Sin(i * Math.PI / 12) * h;
            yield return string.Create(CultureInfo.InvariantCulture, $$"""{"type":"LineString","coordinates":[[{{x - dx}},{{y - dy}}],[{{x + dx}},{{y + dy}}]]}""");
        }
    }
}
