using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Searches;

public sealed class SearchTests(SmallCity city) : IClassFixture<SmallCity>, IAsyncLifetime
{
    public Task InitializeAsync() => ScratchDatabase.ReasonToSkip is not null ? Task.CompletedTask : city.Scratch.Execute("""
        INSERT INTO roads (code, name, name_en, class, geom) VALUES
            ('R-1', '桂花路', 'Osmanthus Road', 'lane', ST_GeomFromText('LINESTRING(119.94 31.775, 119.945 31.775)', 4326)),
            ('R-2', '桂花路', 'Osmanthus Road', 'lane', ST_GeomFromText('LINESTRING(119.945 31.775, 119.95 31.776)', 4326)),
            ('R-3', '100%路', '', 'lane', ST_GeomFromText('LINESTRING(119.945 31.775, 119.95 31.776)', 4326))
        ON CONFLICT DO NOTHING
        """);

    public Task DisposeAsync() => Task.CompletedTask;

    [DatabaseTheory]
    [InlineData("320411001001001", "grid", "320411001001001")]
    [InlineData("320411001001", "area", "320411001001")]
    [InlineData("X-1", "compound", "X-1")]
    [InlineData("B-1-1-3", "building", "B-1-1-3")]
    [InlineData("F-2", "facility", "F-2")]
    [InlineData("R-2", "road", "R-2")]
    [InlineData("桂花苑", "compound", "X-1")]
    [InlineData("Orchid pharmacy", "facility", "F-3")]
    [InlineData("行政中心", "building", "B-office")]
    [InlineData("桂花路", "road", "R-1")]
    [InlineData("三月9-8", "incident", "")]
    [InlineData("第9格8号", "incident", "")]
    [InlineData("100%", "road", "R-3")]
    public async Task The_best_result_comes_first(string text, string kind, string code)
    {
        var items = (await city.Anyone.Json($"/api/search?q={Uri.EscapeDataString(text)}")).At("items");
        items.At(0, "kind").GetString().ShouldBe(kind, items.ToString());
        if (code.Length > 0) items.At(0, "code").GetString().ShouldBe(code);
    }

    [DatabaseFact]
    public async Task A_road_of_many_pieces_is_found_once_with_the_box_of_all()
    {
        var roads = (await city.Anyone.Json("/api/search?q=Osmanthus%20Road")).At("items").EnumerateArray().ToList();
        roads.Count.ShouldBe(1);
        roads[0].At("bbox").EnumerateArray().Select(number => number.GetDouble()).ShouldBe([119.94, 31.775, 119.95, 31.776]);
    }

    [DatabaseFact]
    public async Task An_incident_is_found_by_its_number_and_old_boundaries_are_not_found()
    {
        var number = await city.Scratch.Scalar<string>("SELECT number FROM incidents ORDER BY id DESC LIMIT 1");
        (await city.Anyone.Json($"/api/search?q={number}")).At("items", 0, "kind").GetString().ShouldBe("incident");
        (await city.Anyone.Json("/api/search?q=320411001001900")).At("items").GetArrayLength().ShouldBe(0);
    }

    [DatabaseTheory]
    [InlineData("_______")]
    [InlineData("\\\\")]
    [InlineData("';DROP TABLE incidents;--")]
    public async Task Signs_of_patterns_mean_themselves(string text) =>
        (await city.Anyone.Json($"/api/search?q={Uri.EscapeDataString(text)}")).At("items").GetArrayLength().ShouldBe(0);

    [DatabaseFact]
    public async Task The_limit_is_kept() => (await city.Anyone.Json("/api/search?q=%E6%A1%82%E8%8A%B1&limit=3")).At("items").GetArrayLength().ShouldBe(3);
}
