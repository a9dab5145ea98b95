using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Locations;

public sealed class LocationTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task A_building_of_the_first_grid_is_located_whole()
    {
        var place = await city.Anyone.Json("/api/locate?lon=119.942&lat=31.772");
        place.At("areas").EnumerateArray().Select(area => area.At("level").GetString()).ShouldBe(["city", "district", "street", "community"]);
        place.At("areas", 3, "code").GetString().ShouldBe(SmallCity.CommunityCode(0));
        place.At("grids").EnumerateArray().Select(grid => $"{grid.At("net")} {grid.At("code")}").ShouldBe([$"base {SmallCity.GridCode(0, 0)}", "police P1"]);
        place.At("grids", 0, "people").EnumerateArray().Select(person => person.At("person").GetString()).ShouldBe(["王芳", "李强"]);
        place.At("compound", "code").GetString().ShouldBe("X-1");
        place.At("building", "code").GetString().ShouldBe("B-0-0-1");
    }

    [DatabaseFact]
    public async Task Telephone_numbers_are_for_people_who_signed_in()
    {
        var anyone = await city.Anyone.Json("/api/locate?lon=119.942&lat=31.772");
        anyone.At("grids", 0, "people", 0, "phone").ValueKind.ShouldBe(JsonValueKind.Null);
        anyone.ToString().ShouldNotContain("138000");
        var reader = await (await city.Server.As(Role.Reader)).Json("/api/locate?lon=119.942&lat=31.772");
        reader.At("grids", 0, "people", 0, "phone").GetString().ShouldBe("13800000001");
    }

    [DatabaseFact]
    public async Task The_boundaries_and_people_are_those_of_the_moment()
    {
        var old = await city.Anyone.Json("/api/locate?lon=119.942&lat=31.772&at=2024-06-01");
        old.At("grids", 0, "code").GetString().ShouldBe(SmallCity.CommunityCode(0) + "900");
        old.At("at").GetDateTime().ShouldBe(new DateTime(2024, 5, 31, 16, 0, 0, DateTimeKind.Utc));
        (await city.Anyone.Json("/api/locate?lon=119.942&lat=31.772&at=2024-12-31T23:59:59%2B08:00")).At("grids", 0, "id").GetInt64().ShouldBe(11);
        (await city.Anyone.Json("/api/locate?lon=119.942&lat=31.772&at=2025-01-01T00:00:00%2B08:00")).At("grids", 0, "id").GetInt64().ShouldBe(1);
    }

    [DatabaseFact]
    public async Task Outside_the_city_the_lists_are_empty()
    {
        var sea = await city.Anyone.Json("/api/locate?lon=125&lat=30");
        sea.At("areas").GetArrayLength().ShouldBe(0);
        sea.At("grids").GetArrayLength().ShouldBe(0);
        sea.At("compound").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [DatabaseFact]
    public async Task The_question_may_come_in_another_datum()
    {
        var place = await city.Anyone.Json("/api/locate?lon=119.95269751653134&lat=31.77790127197919&coord=gcj02");
        place.At("coord").GetString().ShouldBe("gcj02");
        place.At("place", "lon").GetDouble().ShouldBe(119.9526975, 1e-7);
        place.At("areas", 3, "code").GetString().ShouldBe(SmallCity.CommunityCode(0));
    }

    [DatabaseFact]
    public async Task Ten_thousand_places_on_and_off_borders_have_each_one_grid_the_same_as_the_database_gives()
    {
        // A lattice of 0.0003° over the city and a little beyond: it meets borders and corners of grids.
        var points = (from i in Enumerable.Range(0, 100) from j in Enumerable.Range(0, 100) select new[] { Math.Round(119.94 + (i * 0.0003125), 7), Math.Round(31.77 + (j * 0.0003125), 7) }).ToArray();
        var items = (await city.Anyone.PostJson("/api/locate", new { points })).At("items").EnumerateArray().ToList();
        items.Count.ShouldBe(10_000);
        items.Select(item => item.At("index").GetInt32()).ShouldBe(Enumerable.Range(0, 10_000));
        var expected = await city.Server.Database.Query($"""
            SELECT coalesce((SELECT code FROM grids WHERE id = base_grid_at(place, now())), ''),
                   coalesce((SELECT code FROM areas WHERE id = coalesce((SELECT area_id FROM grids WHERE id = base_grid_at(place, now())), lowest_area_at(place))), '')
            FROM unnest({points.Select(point => point[0]).ToArray()}, {points.Select(point => point[1]).ToArray()}) WITH ORDINALITY AS point (lon, lat, position),
                 ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS place
            ORDER BY position
            """, row => (row.GetString(0), row.GetString(1)), CancellationToken.None);
        var answered = items.Select(item => (item.At("grids").TryGetProperty("base", out var code) ? code.GetString()! : "",
            item.At("areas").GetArrayLength() == 0 ? "" : item.At("areas", item.At("areas").GetArrayLength() - 1).GetString()!)).ToList();
        answered.ShouldBe(expected);
        answered.Count(answer => answer.Item1.Length > 0).ShouldBe(97 * 97);
        // The middle of the city is a corner of nothing, (119.95, 31.78) one of four grids: the lowest code has it.
        answered[(32 * 100) + 32].Item1.ShouldBe(SmallCity.GridCode(0, 0));
    }
}
