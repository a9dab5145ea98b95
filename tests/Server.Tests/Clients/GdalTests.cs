using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Clients;

/// <summary>GDAL's own clients of WFS and of OGC API – Features: they read all, filter, page, and other coordinate systems.</summary>
public sealed class GdalTests(SmallCity city) : IClassFixture<SmallCity>
{
    private static readonly string[] Layers = ["areas", "grids", "compounds", "buildings", "facilities", "incidents", "roads", "landscapes", "population-cells"];

    private string Wfs => $"WFS:{city.Server.Address}wfs";

    private string Features => $"OAPIF:{city.Server.Address}ogc";

    [ClientFact("ogrinfo", "--version", isNeededInCi: true)]
    public async Task Wfs_and_features_list_every_layer_with_every_feature()
    {
        foreach (var (source, prefix) in new[] { (Wfs, "gridmap:"), (Features, "") })
        {
            var said = await Ogr("ogrinfo", "-ro", "-so", "-al", source);
            foreach (var layer in Layers)
            {
                var part = said[said.IndexOf($"Layer name: {prefix}{layer}\n", StringComparison.Ordinal)..];
                var count = part.Split('\n').First(line => line.StartsWith("Feature Count:", StringComparison.Ordinal)).Split(' ')[^1];
                count.ShouldBe((await city.Scratch.Scalar<long>($"SELECT count(*) FROM {layer.Replace('-', '_')}")).ToString(), $"{source} {layer}");
            }
        }
    }

    [ClientFact("ogr2ogr", "--version", isNeededInCi: true)]
    public async Task Wfs_pages_and_gives_the_coordinates_of_the_tables()
    {
        var read = await Read(Wfs, "gridmap:incidents", new() { ["OGR_WFS_PAGE_SIZE"] = "10", ["OGR_WFS_PAGING_ALLOWED"] = "ON" });
        read.Count.ShouldBe(SmallCity.MarchIncidents + SmallCity.FebruaryIncidents);
        var point = read[0].At("geometry", "coordinates");
        var id = read[0].At("properties", "gml_id").GetString()!.Split('.')[1];
        (await city.Scratch.Scalar<double>($"SELECT ST_X(geom) FROM incidents WHERE id = {id}")).ShouldBe(point[0].GetDouble(), 1e-7);
        (await city.Scratch.Scalar<double>($"SELECT ST_Y(geom) FROM incidents WHERE id = {id}")).ShouldBe(point[1].GetDouble(), 1e-7);
    }

    [ClientFact("ogr2ogr", "--version", isNeededInCi: true)]
    public async Task Wfs_filters_by_place_and_by_property()
    {
        (await Read(Wfs, "gridmap:grids", [], "-spat", "119.941", "31.771", "119.949", "31.779")).Select(Id).Order().ShouldBe(["grids.1", "grids.11", "grids.31"]);
        (await Read(Wfs, "gridmap:buildings", [], "-where", "residents >= 30 AND code LIKE 'B-0-%'")).Count
            .ShouldBe((int)await city.Scratch.Scalar<long>("SELECT count(*) FROM buildings WHERE residents >= 30 AND code LIKE 'B-0-%'"));
        (await Read(Wfs, "gridmap:incidents", [], "-where", "dueAt IS NULL OR status = 'closed'")).Count
            .ShouldBe((int)await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE due_at IS NULL OR status = 'closed'"));

        static string Id(JsonElement feature) => feature.At("properties", "gml_id").GetString()!;
    }

    [ClientFact("ogr2ogr", "--version", isNeededInCi: true)]
    public async Task Wfs_in_a_gauss_kruger_zone_is_where_it_is_in_degrees()
    {
        // The client is told to ask in EPSG:4549 (northing first) and brings it back to degrees by itself.
        var url = $"{Wfs}?srsName=urn:ogc:def:crs:EPSG::4549";
        var read = await Read(url, "gridmap:facilities", []);
        read.Count.ShouldBe(3);
        foreach (var feature in read)
        {
            var id = feature.At("properties", "gml_id").GetString()!.Split('.')[1];
            (await city.Scratch.Scalar<double>($"SELECT ST_X(geom) FROM facilities WHERE id = {id}")).ShouldBe(feature.At("geometry", "coordinates", 0).GetDouble(), 2e-7);
        }
    }

    [ClientFact("ogr2ogr", "--version", isNeededInCi: true)]
    public async Task Features_page_and_filter()
    {
        (await Read(Features, "incidents", [], "-oo", "PAGE_SIZE=7")).Count.ShouldBe(SmallCity.MarchIncidents + SmallCity.FebruaryIncidents);
        (await Read(Features, "grids", [], "-spat", "119.941", "31.771", "119.949", "31.779")).Count.ShouldBe(3);
        (await Read(Features, "incidents", [], "-where", "status = 'closed'")).Count
            .ShouldBe((int)await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE status = 'closed'"));
    }

    private static async Task<List<JsonElement>> Read(string source, string layer, Dictionary<string, string> environment, params string[] more)
    {
        var (code, text) = await ClientProgram.Run("ogr2ogr", ["-f", "GeoJSON", "/vsistdout/", source, layer, "-t_srs", "OGC:CRS84", "-lco", "COORDINATE_PRECISION=9", .. more], environment);
        code.ShouldBe(0, text);
        text.ShouldNotContain("ERROR");
        var begin = text.IndexOf('{', StringComparison.Ordinal);
        return [.. JsonDocument.Parse(text[begin..(text.LastIndexOf('}') + 1)]).RootElement.At("features").EnumerateArray()];
    }

    private static async Task<string> Ogr(string program, params string[] arguments)
    {
        var (code, text) = await ClientProgram.Run(program, arguments);
        code.ShouldBe(0, text);
        text.ShouldNotContain("ERROR");
        return text;
    }
}
