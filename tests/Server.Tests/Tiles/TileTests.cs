using System.Net;
using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Tiles;

public sealed class TileTests(SmallCity city) : IClassFixture<SmallCity>
{
    // The tile of zoom 12 that holds the city's centre (119.955, 31.785).
    private const string Tile = "12/3412/1666";

    [DatabaseFact]
    public async Task A_tile_holds_the_layer_by_its_name_and_the_codes()
    {
        var response = await city.Anyone.GetAsync($"/tiles/grids/{Tile}.mvt");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.mapbox-vector-tile");
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
        text.ShouldContain("grids");
        text.ShouldContain(SmallCity.GridCode(1, 1));
        text.ShouldNotContain(SmallCity.CommunityCode(0) + "900", customMessage: "the boundary of 2020 is over");
    }

    [DatabaseFact]
    public async Task At_chooses_the_boundaries_and_net_the_net()
    {
        Encoding.UTF8.GetString(await city.Anyone.GetByteArrayAsync($"/tiles/grids/{Tile}.mvt?at=2022-01-01")).ShouldContain(SmallCity.CommunityCode(0) + "900");
        Encoding.UTF8.GetString(await city.Anyone.GetByteArrayAsync($"/tiles/grids/{Tile}.mvt?net=police")).ShouldNotContain(SmallCity.GridCode(1, 1));
    }

    [DatabaseFact]
    public async Task Incidents_are_counted_together_at_low_zooms_and_filtered()
    {
        Encoding.UTF8.GetString(await city.Anyone.GetByteArrayAsync($"/tiles/incidents/{Tile}.mvt?from=2026-03-01&to=2026-04-01")).ShouldContain("count");
        (await city.Anyone.GetAsync($"/tiles/incidents/{Tile}.mvt?from=2020-03-01&to=2020-04-01")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await city.Anyone.GetAsync($"/tiles/incidents/{Tile}.mvt?category=nonsense")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [DatabaseFact]
    public async Task An_unchanged_tile_is_304_and_a_change_ends_that()
    {
        var first = await city.Anyone.GetAsync($"/tiles/facilities/{Tile}.mvt");
        var again = new HttpRequestMessage(HttpMethod.Get, $"/tiles/facilities/{Tile}.mvt");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        (await city.Anyone.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        await city.Scratch.Execute("UPDATE facilities SET name = 'moved on' WHERE id = 1");
        Encoding.UTF8.GetString(await city.Anyone.GetByteArrayAsync($"/tiles/facilities/{Tile}.mvt")).ShouldContain("moved on");
    }

    [DatabaseFact]
    public async Task Every_layer_has_TileJSON_that_leads_to_its_tiles()
    {
        var list = JsonDocument.Parse(await city.Anyone.GetStringAsync("/tiles")).RootElement.GetProperty("items");
        list.GetArrayLength().ShouldBe(9);
        foreach (var layer in list.EnumerateArray().Select(item => item.GetProperty("name").GetString()))
        {
            var json = JsonDocument.Parse(await city.Anyone.GetStringAsync($"/tiles/{layer}.json")).RootElement;
            json.GetProperty("tilejson").GetString().ShouldBe("3.0.0");
            json.GetProperty("vector_layers")[0].GetProperty("id").GetString().ShouldBe(layer);
            var url = json.GetProperty("tiles")[0].GetString()!.Replace("{z}", "14").Replace("{x}", "13650").Replace("{y}", "6657");
            ((int)(await city.Anyone.GetAsync(url)).StatusCode).ShouldBeOneOf(200, 204);
        }
    }

    [DatabaseTheory]
    [InlineData("/tiles/nothing/1/0/0.mvt")]
    [InlineData("/tiles/grids/1/2/0.mvt")]
    [InlineData("/tiles/grids/1/0/2.mvt")]
    [InlineData("/tiles/grids/21/0/0.mvt")]
    [InlineData("/tiles/grids/-1/0/0.mvt")]
    [InlineData("/tiles/nothing.json")]
    public async Task A_tile_that_there_is_not_is_404(string url)
    {
        var response = await city.Anyone.GetAsync(url);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }
}
