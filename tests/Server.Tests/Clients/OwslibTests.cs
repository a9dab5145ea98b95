using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Clients;

/// <summary>OWSLib, the Python library of OGC services (Debian: python3-owslib).</summary>
public sealed class OwslibTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const string Python = "/usr/bin/python3";

    [ClientFact(Python, "-c import$owslib.fes2")]
    public async Task Owslib_reads_filters_and_pages()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "owslib_wfs.py");
        var (code, text) = await ClientProgram.Run(Python, script, city.Server.Address.ToString());
        code.ShouldBe(0, text);
        var said = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)]).RootElement;
        said.At("version").GetString().ShouldBe("2.0.0");
        said.At("types").GetArrayLength().ShouldBe(9);
        said.At("operations").EnumerateArray().Select(name => name.GetString()).ShouldContain("GetPropertyValue");
        said.At("schema", "residents").GetString().ShouldBe("long");
        said.At("all").GetInt32().ShouldBe(SmallCity.MarchIncidents + SmallCity.FebruaryIncidents);
        said.At("page").GetInt32().ShouldBe(4);
        said.At("box").GetInt32().ShouldBe(3);
        said.At("filter").GetInt32().ShouldBe(36);
        said.At("json").GetInt32().ShouldBe(3);
        said.At("collections").GetArrayLength().ShouldBe(9);
        said.At("items").GetInt32().ShouldBe(SmallCity.MarchIncidents + SmallCity.FebruaryIncidents);
    }
}
