using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Clients;

/// <summary>QGIS without its window (Debian: python3-qgis). That of Debian 12 reads; the newer one beside it (<c>scripts/need newer-qgis</c>) edits, too.</summary>
public sealed class QgisTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const string Python = "/usr/bin/python3", Newer = "/var/cache/gridmap/newer-qgis";

    private static readonly Dictionary<string, string> WithoutWindow = new()
    {
        ["QT_QPA_PLATFORM"] = "offscreen", ["XDG_RUNTIME_DIR"] = Path.GetTempPath(), ["QT_LOGGING_RULES"] = "*=false",
    };

    [ClientFact(Python, "-c import$qgis.core")]
    public async Task Qgis_reads_pages_filters_and_draws_the_city_as_designed()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "qgis_client.py");
        var (code, text) = await ClientProgram.Run(Python,
            [script, city.Server.Address.ToString(), .. new[] { SmallCity.West, SmallCity.South, SmallCity.East, SmallCity.North }.Select(number => FormattableString.Invariant($"{number}"))],
            WithoutWindow);
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
        said.At("darkGridBorder").GetInt32().ShouldBeGreaterThan(400, "in the dark, too");
        (said.At("ground").GetString(), said.At("darkGround").GetString()).ShouldBe(("#f3f1ec", "#12171e"));
        said.At("pharmacy").GetInt32().ShouldBeGreaterThan(3, "facilities have the colour of their group");
        said.At("openIncidents").GetInt32().ShouldBeGreaterThan(10, "incidents are drawn");
        said.At("openIncidentsFromAfar").GetInt32().ShouldBeGreaterThan(10, "from afar, too, where tiles count them");
        Names(said, "leftOut").ShouldBeEmpty("QGIS understands every layer");
    }

    [ClientFact("/usr/sbin/chroot", $"{Newer} python3 -c import$qgis.core")]
    public async Task A_newer_QGIS_creates_changes_moves_and_deletes_and_reads_it_back()
    {
        // Inside its own Debian the script must be, and home is a place of its own for the keys that QGIS keeps.
        var home = Directory.CreateDirectory(Path.Combine(Newer, "srv", $"gridmap-{Guid.NewGuid():N}"));
        try
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Clients", "qgis_edit.py"), Path.Combine(home.FullName, "qgis_edit.py"));
            var inside = $"/{Path.GetRelativePath(Newer, home.FullName)}";
            var before = await city.Scratch.Scalar<long>("SELECT max(seq) FROM changes");
            var (code, text) = await ClientProgram.Run("/usr/sbin/chroot",
                [
                    Newer, "/usr/bin/python3", $"{inside}/qgis_edit.py", city.Server.Address.ToString(), (await city.Server.As(Role.Planner)).DefaultRequestHeaders.Authorization!.Parameter!,
                    FormattableString.Invariant($"{SmallCity.CentreLon + 0.001}"), FormattableString.Invariant($"{SmallCity.CentreLat + 0.001}"),
                ],
                new(WithoutWindow) { ["HOME"] = inside, ["XDG_RUNTIME_DIR"] = inside });
            code.ShouldBe(0, text);
            var said = JsonDocument.Parse(text[text.IndexOf("{\"version", StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)]).RootElement;
            foreach (var step in new[] { "create", "rename", "move", "delete" }) said.At(step).GetString().ShouldBe("", text);
            foreach (var can in new[] { "Add Features", "Delete Features", "Change Attribute Values", "Change Geometries" }) said.At("can").GetString()!.ShouldContain(can);
            said.At("made", "name").GetString().ShouldBe("新建 by QGIS");
            said.At("made", "capacity").ToString().ShouldBe("12", text);
            said.At("made", "lon").GetDouble().ShouldBe(SmallCity.CentreLon + 0.001, 1e-7);
            said.At("refused").GetString()!.ShouldNotBeEmpty("a capacity below nothing is refused");
            said.At("changed", "name").GetString().ShouldBe("renamed by QGIS");
            said.At("changed", "capacity").ToString().ShouldBe("12", text);
            said.At("changed", "lon").GetDouble().ShouldBe(SmallCity.CentreLon + 0.0011, 1e-7);
            said.At("gone").GetBoolean().ShouldBeTrue();
            (await city.Scratch.Scalar<string>($"SELECT string_agg(op, ' ' ORDER BY seq) FROM changes WHERE table_name = 'facilities' AND seq > {before}")).ShouldBe("insert update update delete");
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private async Task<string[]> Boxed() => (await city.Scratch.Scalar<string[]>(FormattableString.Invariant(
        $"SELECT array_agg(code) FROM buildings WHERE ST_Intersects(geom, ST_MakeEnvelope({SmallCity.West}, {SmallCity.South}, {SmallCity.CentreLon}, {SmallCity.CentreLat}, 4326))")))!;

    private static List<string> Names(JsonElement said, string name) => [.. said.At(name).EnumerateArray().Select(value => value.GetString()!)];
}
