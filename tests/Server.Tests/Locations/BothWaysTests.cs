using GridMap.Server.Http;
using GridMap.Server.Layers;
using GridMap.Server.Locations;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Locations;

/// <summary>Places are located alike from memory and by PostGIS, on borders and corners too.</summary>
public sealed class BothWaysTests(SmallCity city) : IClassFixture<SmallCity>
{
    private static readonly DateTime[] Moments = [new(2026, 3, 5, 0, 0, 0, DateTimeKind.Utc), new(2024, 3, 5, 0, 0, 0, DateTimeKind.Utc), new(2010, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 3, 5, 1, 2, 3, DateTimeKind.Utc).AddTicks(4_500_100)];

    [DatabaseFact]
    public async Task Random_places_borders_and_corners_belong_to_the_same_grids_and_areas()
    {
        await city.Server.Loaded();
        await Slanted();
        // Written beside the server: seen only when the log has been looked at.
        await city.Server.Copies.CatchUp(CancellationToken.None);
        var lookup = (await city.Server.Service<GridLookups>().Get(CancellationToken.None)).ShouldNotBeNull();
        var places = Places();
        var found = 0;
        foreach (var at in Moments)
        {
            var expected = await LocationQueries.Many(city.Server.Database, places, at, CancellationToken.None);
            expected.Count.ShouldBe(places.Length);
            var grids = new int[lookup.Nets.Length];
            foreach (var there in expected)
            {
                var place = places[there.Index];
                lookup.Find(place.Lon, place.Lat, at, grids);
                var mine = grids.Where(grid => grid >= 0).Select(lookup.Grid).ToDictionary(grid => lookup.Nets[grid.Net], grid => grid.Code);
                mine.OrderBy(pair => pair.Key).ShouldBe(there.Grids.OrderBy(pair => pair.Key), $"{place} at {at:O}");
                var area = lookup.AreaAt(place.Lon, place.Lat, grids[lookup.BaseNet]);
                (area < 0 ? [] : lookup.ChainOf(area).Select(up => up.Code)).ShouldBe(there.Areas, $"{place} at {at:O}");
                found += mine.Count;
            }
        }
        found.ShouldBeGreaterThan(3000);
    }

    [DatabaseFact]
    public async Task One_place_has_the_same_answer_from_memory_and_from_PostGIS()
    {
        await city.Server.Loaded();
        await city.Server.Service<GridLookups>().Get(CancellationToken.None);
        var (lookup, asked) = (city.Server.Service<LocationLookup>(), 0);
        var json = city.Server.Service<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        await using var connection = await city.Scratch.Source.OpenConnectionAsync();
        foreach (var place in Places().Where((_, i) => i % 20 == 0))
        {
            foreach (var at in Moments)
            {
                var (compound, building) = await LocationQueries.Buildings(connection, place, CancellationToken.None);
                var expected = new Location(place, at, "wgs84", await LocationQueries.Areas(connection, place, at, CancellationToken.None),
                    await LocationQueries.Grids(connection, place, at, true, CancellationToken.None), compound, building);
                var mine = new System.Buffers.ArrayBufferWriter<byte>();
                lookup.TryWrite(place, place, at, "wgs84", withPhones: true, mine).ShouldBeTrue();
                System.Text.Encoding.UTF8.GetString(mine.WrittenSpan).ShouldBe(System.Text.Json.JsonSerializer.Serialize(expected, json));
                asked++;
            }
        }
        asked.ShouldBeGreaterThan(200);
    }

    [DatabaseFact]
    public async Task A_change_of_people_is_located_as_soon_as_the_log_has_been_looked_at()
    {
        await city.Server.Loaded();
        await city.Server.Service<GridLookups>().Get(CancellationToken.None);
        await city.Scratch.Execute("UPDATE duties SET person = '新人' WHERE person = '王芳'");
        await city.Server.Copies.CatchUp(CancellationToken.None);
        (await city.Anyone.GetStringAsync("/api/locate?lon=119.945&lat=31.775")).ShouldContain("新人");
        await city.Server.Service<GridLookups>().Get(CancellationToken.None);
        (await city.Anyone.GetStringAsync("/api/locate?lon=119.945&lat=31.775")).ShouldContain("新人");
    }

    [DatabaseFact]
    public async Task Boundaries_written_whole_are_located_within_moments_and_meanwhile_as_they_were()
    {
        await city.Server.Loaded();
        await city.Server.Service<GridLookups>().Get(CancellationToken.None);
        await city.Scratch.Execute("BEGIN; SET LOCAL gridmap.bulk = 'on'; UPDATE grids SET name = name || '（新）'; COMMIT");
        var names = new List<string>();
        for (var patience = System.Diagnostics.Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(20) && names.LastOrDefault()?.EndsWith("（新）", StringComparison.Ordinal) != true;)
        {
            using var answer = System.Text.Json.JsonDocument.Parse(await city.Anyone.GetStringAsync("/api/locate?lon=119.945&lat=31.775"));
            names.Add(answer.RootElement.GetProperty("grids")[0].GetProperty("name").GetString()!);
        }
        names[^1].ShouldEndWith("（新）");
        var was = names[^1][..^"（新）".Length];
        names.ShouldAllBe(name => name == was || name == was + "（新）");
        await city.Scratch.Execute("BEGIN; SET LOCAL gridmap.bulk = 'on'; UPDATE grids SET name = replace(name, '（新）', ''); COMMIT");
    }

    // Boundaries that are not upright, in a net of their own, and their corners among the places.
    private Task Slanted() => city.Scratch.Execute("""
        INSERT INTO grids (net_id, code, name, area_id, geom)
        SELECT (SELECT id FROM nets WHERE code = 'volunteer'), 'V' || n, 'v', 6, ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(119.945 + n * 0.0031, 31.775 + (n * 3 % 7) * 0.003), 4326), 0.003, 3))
        FROM generate_series(1, 7) AS n ON CONFLICT DO NOTHING
        """);

    private static Place[] Places()
    {
        var random = new Random(11);
        double Near(double from, double to) => Math.Round((from + (random.NextDouble() * (to - from))) * 1e7) / 1e7;
        double OnLine(double from) => Math.Round((from + (random.Next(-1, 32) * 0.001)) * 1e7) / 1e7;
        return [.. Enumerable.Range(0, 2000).Select(i => (i % 4) switch
        {
            0 => new Place(OnLine(119.94), OnLine(31.77)),
            1 => new Place(OnLine(119.94), Near(31.765, 31.805)),
            2 => new Place(Near(119.935, 119.975), OnLine(31.77)),
            _ => new Place(Near(119.935, 119.975), Near(31.765, 31.805)),
        })];
    }
}
