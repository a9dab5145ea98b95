using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Clients;

/// <summary>QGIS without its window (Debian: python3-qgis). Its providers of this age read; writing is tested over HTTP in <c>WriteTests</c>.</summary>
public sealed class QgisTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const string Python = "/usr/bin/python3";

    [ClientFact(Python, "-c import$qgis.core")]
    public async Task Qgis_reads_pages_filters_and_draws_the_city_as_designed()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "qgis_client.py");
        var (code, text) = await ClientProgram.Run(Python,
            [script, city.Server.Address.ToString(), .. new[] { SmallCity.West, SmallCity.South, SmallCity.East, SmallCity.North }.Select(number => FormattableString.Invariant($"{number}"))],
            new() { ["QT_QPA_PLATFORM"] = "offscreen", ["XDG_RUNTIME_DIR"] = Path.GetTempPath(), ["QT_LOGGING_RULES"] = "*=false" });
        code.ShouldBe(0, text);
        var said = JsonDocument.Parse(text[text.IndexOf("{\"incidents", StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)]).RootElement;
        Names(said, "incidents").Count.ShouldBe(SmallCity.MarchIncidents + SmallCity.FebruaryIncidents, "pages of seven, nothing lost or repeated");
        Names(said, "incidents").Distinct().Count().ShouldBe(SmallCity.MarchIncidents + SmallCity.FebruaryIncidents);
        Names(said, "buildings").Count.ShouldBe(SmallCity.Buildings);
        Names(said, "fields").ShouldContain("heightMetres");
        said.At("crs").GetString().ShouldBe("EPSG:4326");
        // The south-western quarter ends in the very centre: grid 1, the western pair of column 1 of row 0, the southern pair of row 1, one of the centre, and the office.
        Names(said, "boxed").ShouldBe(await Boxed(), ignoreOrder: true);
        Names(said, "boxed").Count.ShouldBe(10);
        Names(said, "filtered").Count.ShouldBe(SmallCity.Buildings - 1);
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM grids")).ShouldBe(Names(said, "wfs").Count);
        said.At("plainColours").GetInt32().ShouldBeGreaterThan(1, "the tiles are drawn");
        said.At("cityColours").GetInt32().ShouldBeGreaterThan(20, "the style is drawn");
        said.At("gridBorder").GetInt32().ShouldBeGreaterThan(400, "borders are magenta");
    }

    private async Task<string[]> Boxed() => (await city.Scratch.Scalar<string[]>(FormattableString.Invariant(
        $"SELECT array_agg(code) FROM buildings WHERE ST_Intersects(geom, ST_MakeEnvelope({SmallCity.West}, {SmallCity.South}, {SmallCity.CentreLon}, {SmallCity.CentreLat}, 4326))")))!;

    private static List<string> Names(JsonElement said, string name) => [.. said.At(name).EnumerateArray().Select(value => value.GetString()!)];
}
