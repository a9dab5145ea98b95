using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using GridMap.Geo.Tests.Tiles;
using GridMap.Geo.Tiles;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

/// <summary>OGC API – Styles (OGC 20-009): the list, the stylesheets, their metadata and their pages.</summary>
public sealed partial class StyleTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const string MapLibre = "application/vnd.mapbox.style+json";

    [GeneratedRegex("#[0-9a-f]{6}", RegexOptions.None, 1000)]
    private static partial Regex Colour();

    [DatabaseFact]
    public async Task Every_style_has_a_stylesheet_metadata_and_a_page()
    {
        var list = await city.Anyone.Json("/ogc/styles");
        var styles = list.At("styles").EnumerateArray().ToList();
        styles.Select(style => style.At("id").GetString()).ShouldBe(["city", "city-dark"]);
        list.At("default").GetString().ShouldBe("city");
        foreach (var style in styles)
        {
            var links = style.At("links").EnumerateArray().ToDictionary(link => link.At("rel").GetString()!, link => (Href: link.At("href").GetString()!, Type: link.At("type").GetString()!));
            links["stylesheet"].Type.ShouldBe(MapLibre);
            links["describedby"].Href.ShouldEndWith($"/ogc/styles/{style.At("id").GetString()}/metadata?f=json");
            foreach (var (href, type) in links.Values)
            {
                using var answer = await city.Anyone.GetAsync(href);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, href);
                answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
            }
        }
        foreach (var path in new[] { "/ogc/styles/castle", "/ogc/styles/castle/metadata", "/ogc/styles/castle?f=html" }) (await city.Anyone.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await city.Anyone.GetAsync("/ogc/styles/city?f=sld10")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [DatabaseTheory]
    [InlineData("city")]
    [InlineData("city-dark")]
    public async Task A_style_draws_layers_and_properties_that_there_are(string id)
    {
        var style = await city.Anyone.Json($"/ogc/styles/{id}?f=mapbox");
        style.At("version").GetInt32().ShouldBe(8);
        style.At("center", 0).GetDouble().ShouldBe(SmallCity.CentreLon, 1e-9);
        var names = style.At("sources", "area-names", "data", "features").EnumerateArray().Select(feature => feature.At("properties", "name").GetString()!).ToList();
        names.Count.ShouldBe((int)await city.Scratch.Scalar<long>("SELECT count(*) FROM areas"), "one name an area");
        names.ShouldContain("桂花社区");
        foreach (var source in style.At("sources").EnumerateObject().Where(source => source.Value.At("type").GetString() == "vector"))
        {
            var tile = await city.Anyone.GetAsync(source.Value.At("tiles", 0).GetString()!.Replace("{z}", "14").Replace("{x}", "13651").Replace("{y}", "6665"));
            ((int)tile.StatusCode).ShouldBeOneOf([200, 204], source.Name);
        }
        var layers = style.At("layers").EnumerateArray().ToList();
        layers.Select(layer => layer.At("id").GetString()).Distinct().Count().ShouldBe(layers.Count);
        foreach (var layer in layers.Where(layer => layer.At("type").GetString() != "background"))
        {
            style.At("sources").TryGetProperty(layer.At("source").GetString()!, out _).ShouldBeTrue();
            if (layer.At("source").GetString() != "area-names") city.Server.Layer(layer.At("source-layer").GetString()!).ShouldNotBeNull("the collection's name");
        }
        foreach (var layer in (await city.Anyone.Json($"/ogc/styles/{id}/metadata")).At("layers").EnumerateArray())
        {
            var known = city.Server.Layer(layer.At("id").GetString()!).TileProperties.Select(property => property.Name).ToList();
            layer.At("attributes").EnumerateObject().Select(attribute => attribute.Name).ShouldBeSubsetOf(known);
        }
        layers.Where(layer => layer.At("type").GetString() == "symbol").Select(layer => layer.At("source").GetString()!).Distinct()
            .ShouldBe(["landscapes", "compounds", "roads", "buildings", "facilities", "grids", "area-names"]);
    }

    [DatabaseTheory]
    [InlineData("city", "style")]
    [InlineData("city-dark", "style")]
    [InlineData("city", "all layers in one tile")]
    public async Task Every_open_incident_is_drawn_once_at_every_zoom_and_no_closed_one(string id, string from)
    {
        var style = await city.Anyone.Json($"/ogc/styles/{id}?f=mapbox");
        var source = from == "style" ? style.At("sources", "incidents", "tiles", 0).GetString()! : "/ogc/tiles/WebMercatorQuad/{z}/{y}/{x}?collections=incidents";
        var layers = style.At("layers").EnumerateArray().Where(layer => layer.TryGetProperty("source-layer", out var name) && name.ValueEquals("incidents")).ToList();
        var open = await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE closed_at IS NULL");
        open.ShouldBeGreaterThan(20);
        for (var zoom = 10; zoom <= 16; zoom++)
        {
            var shown = layers.Where(layer => layer.At("minzoom").GetDouble() <= zoom && layer.At("maxzoom").GetDouble() > zoom).ToList();
            var drawn = 0.0;
            foreach (var feature in await IncidentsOf(source, zoom))
            {
                var times = shown.Count(layer => Draws(layer.At("filter"), feature.Properties));
                times.ShouldBeLessThan(2);
                if (times == 1) drawn += Convert.ToDouble(feature.Properties.GetValueOrDefault("open", 1));
            }
            drawn.ShouldBe(open, $"zoom {zoom}");
        }
    }

    private async Task<List<ReadFeature>> IncidentsOf(string source, int zoom)
    {
        var found = new List<ReadFeature>();
        var ((left, top), (right, bottom)) = (TileMatrixSet.WebMercatorQuad.TileAt(zoom, SmallCity.West, SmallCity.North), TileMatrixSet.WebMercatorQuad.TileAt(zoom, SmallCity.East, SmallCity.South));
        for (var x = left; x <= right; x++)
        {
            for (var y = top; y <= bottom; y++)
            {
                using var answer = await city.Anyone.GetAsync(source.Replace("{z}", $"{zoom}").Replace("{x}", $"{x}").Replace("{y}", $"{y}"));
                if (answer.StatusCode == HttpStatusCode.NotFound) continue; // outside the limits of incidents
                var tile = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                if (tile.Length > 0) found.AddRange(TileReader.Read(tile).Features.Where(feature => feature.Parts[0][0] is { X: >= 0 and < 4096, Y: >= 0 and < 4096 })); // not the neighbour's
            }
        }
        return found;
    }

    // Of the style specification's expressions those that the filters of incidents are made of.
    private static bool Draws(JsonElement filter, Dictionary<string, object> properties)
    {
        switch (filter[0].GetString())
        {
            case "all": return filter.EnumerateArray().Skip(1).All(part => Draws(part, properties));
            case "has": return properties.ContainsKey(filter[1].GetString()!);
            case ">=": return Convert.ToDouble(properties[filter.At(1, 1).GetString()!]) >= filter[2].GetDouble();
            case "<": return Convert.ToDouble(properties[filter.At(1, 1).GetString()!]) < filter[2].GetDouble();
            case "match":
                var value = properties.GetValueOrDefault(filter.At(1, 1).GetString()!) as string;
                return filter[filter[2].EnumerateArray().Any(choice => choice.GetString() == value) ? 3 : 4].GetBoolean();
            default: throw new NotSupportedException(filter.GetRawText());
        }
    }

    [DatabaseFact]
    public async Task Metadata_says_what_a_style_is_for_and_what_it_needs()
    {
        var metadata = await city.Anyone.Json("/ogc/styles/city-dark/metadata");
        foreach (var name in new[] { "id", "title", "description", "scope", "version", "accessConstraints" }) metadata.At(name).GetString().ShouldNotBeNullOrEmpty();
        metadata.At("scope").GetString().ShouldBe("style");
        metadata.At("keywords").GetArrayLength().ShouldBeGreaterThan(5);
        DateTime.Parse(metadata.At("dates", "revision").GetString()!).ShouldBeGreaterThanOrEqualTo(DateTime.Parse(metadata.At("dates", "creation").GetString()!));
        metadata.At("stylesheets", 0, "link", "type").GetString().ShouldBe(MapLibre);
        metadata.At("stylesheets", 0, "native").GetBoolean().ShouldBeTrue();
        var grids = metadata.At("layers").EnumerateArray().Single(layer => layer.At("id").GetString() == "grids");
        grids.At("type").GetString().ShouldBe("polygon");
        grids.At("attributes").EnumerateObject().Select(attribute => attribute.Name).ShouldBe(["code", "name", "net"]);
        (await city.Anyone.Json(grids.At("sampleData", "href").GetString()!)).At("type").GetString().ShouldBe("FeatureCollection");
        metadata.At("links").EnumerateArray().Select(link => link.At("rel").GetString()).ShouldContain("self");
    }

    [DatabaseTheory]
    [InlineData("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("*/*", MapLibre)]
    [InlineData("application/json", MapLibre)]
    [InlineData(MapLibre, MapLibre)]
    public async Task The_format_of_a_style_follows_the_accept_header(string accept, string expected)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/styles/city");
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await city.Anyone.SendAsync(request);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(expected);
        if (expected == "text/html") (await answer.Content.ReadAsStringAsync()).ShouldContain("data-style=");
        var other = new HttpRequestMessage(HttpMethod.Get, "/ogc/styles/city");
        other.Headers.Accept.ParseAdd("application/vnd.ogc.sld+xml");
        (await city.Anyone.SendAsync(other)).StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
    }

    [DatabaseTheory]
    [InlineData("/ogc")]
    [InlineData("/ogc/tiles")]
    [InlineData("/ogc/tiles/WebMercatorQuad")]
    [InlineData("/ogc/collections/grids/tiles")]
    [InlineData("/ogc/collections/grids/tiles/WebMercatorQuad")]
    public async Task Styles_are_found_from_what_they_are_for(string path) =>
        (await city.Anyone.Json(path)).At("links").EnumerateArray().Single(link => link.At("rel").GetString() == "http://www.opengis.net/def/rel/ogc/1.0/styles").At("href").GetString()!.ShouldEndWith("/ogc/styles?f=json");

    [DatabaseTheory]
    [InlineData("city", "light")]
    [InlineData("city-dark", "dark")]
    public async Task The_colours_are_those_of_the_desk(string id, string theme)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "GridMap.sln"))) folder = folder.Parent;
        var desk = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "MapClient", "src", "map", "palette.ts"));
        var (light, dark) = (desk.IndexOf("light: {", StringComparison.Ordinal), desk.IndexOf("dark: {", StringComparison.Ordinal));
        var known = (theme == "light" ? desk[light..dark] : desk[dark..]) + await File.ReadAllTextAsync(Path.Combine(folder.FullName, "MapClient", "src", "state", "symbology.ts"));
        var style = (await city.Anyone.Json($"/ogc/styles/{id}?f=mapbox")).GetRawText();
        var used = Colour().Matches(style).Select(match => match.Value).Distinct().ToList();
        used.Count.ShouldBeGreaterThan(30);
        used.Where(colour => !known.Contains(colour, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [DatabaseFact]
    public async Task Facilities_have_the_colour_of_their_group()
    {
        var style = await city.Anyone.Json("/ogc/styles/city?f=mapbox");
        var layers = style.At("layers").EnumerateArray().ToDictionary(layer => layer.At("id").GetString()!);
        var colours = layers["facility-dots"].At("paint", "circle-color").EnumerateArray().ToList();
        var health = colours.FindIndex(part => part.ValueKind == JsonValueKind.Array && part.EnumerateArray().Any(code => code.ValueEquals("pharmacy")));
        colours[health].EnumerateArray().Select(code => code.GetString()).ShouldContain("hospital");
        colours[health + 1].GetString().ShouldBe("#0b7f86");
        var own = layers["facilities-health"];
        own.At("filter", 2).EnumerateArray().Select(code => code.GetString()).ShouldBe(colours[health].EnumerateArray().Select(code => code.GetString()));
        own.At("paint", "circle-color").GetString().ShouldBe("#0b7f86");
    }
}
