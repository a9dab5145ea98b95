using System.Net;
using System.Text.Json;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Routes;

public sealed class RouteTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    [DatabaseFact]
    public async Task The_nearest_facilities_come_in_order_with_a_way_as_long_as_they_say()
    {
        foreach (var (lon, lat) in await town.Homes(5))
        {
            var answer = await town.Anyone.Json($"/api/nearest?lon={lon}&lat={lat}&facilityType=pharmacy&count=4");
            var items = answer.At("items").EnumerateArray().ToList();
            items.Count.ShouldBe(4);
            var metres = items.Select(item => item.At("metres").GetDouble()).ToList();
            metres.ShouldBe(metres.Order());
            foreach (var item in items)
            {
                item.At("straightMetres").GetDouble().ShouldBeLessThanOrEqualTo(item.At("metres").GetDouble() + 0.01);
                var length = await town.Server.Database.Scalar<double>($"SELECT ST_Length(ST_GeomFromGeoJSON({item.At("route").ToString()})::geography)", CancellationToken.None);
                length.ShouldBe(item.At("metres").GetDouble(), 0.2);
            }

            var ends = items.Select(item => new[] { item.At("place", "lon").GetDouble(), item.At("place", "lat").GetDouble() });
            var matrix = await town.Anyone.PostJson("/api/distances", new { from = new[] { new[] { lon, lat } }, to = ends });
            matrix.At("metres", 0).EnumerateArray().Select(value => value.GetDouble()).ShouldBe(metres);

            // The way to the nearest road is as PostGIS measures it.
            var access = await town.Server.Database.Scalar<double>($"""
                SELECT min(ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography)) FROM roads
                WHERE walkable AND geom && ST_Expand(ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326), 0.005)
                """, CancellationToken.None);
            answer.At("accessMetres").GetDouble().ShouldBe(access, 0.01);
        }
    }

    [DatabaseFact]
    public async Task An_edit_is_walked_at_once()
    {
        var (lon, lat) = (await town.Homes(1))[0];
        var question = $"/api/nearest?lon={lon}&lat={lat}&facilityType=pharmacy&count=1";
        var before = await town.Anyone.Json(question);
        await town.Scratch.Execute($"INSERT INTO facilities (code, name, type, geom) VALUES ('beside', '新药店', 'pharmacy', ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326))");
        try
        {
            var after = await town.Anyone.Json(question);
            after.At("items", 0, "name").GetString().ShouldBe("新药店");
            after.At("items", 0, "metres").GetDouble().ShouldBe(2 * after.At("accessMetres").GetDouble(), 0.05);
            after.At("version").GetString().ShouldNotBe(before.At("version").GetString());
            // Without its roads the place is off the network.
            await town.Scratch.Execute($"UPDATE roads SET walkable = false WHERE ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography, 250)");
            using var refused = await town.Anyone.GetAsync(question);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
        finally
        {
            await town.Scratch.Execute("UPDATE roads SET walkable = true WHERE NOT walkable; DELETE FROM facilities WHERE code = 'beside'");
        }

        (await town.Anyone.Json(question)).At("items", 0, "metres").GetDouble().ShouldBe(before.At("items", 0, "metres").GetDouble());
    }

    [DatabaseFact]
    public async Task Places_off_the_network_are_named_and_have_no_distance()
    {
        var (lon, lat) = (await town.Homes(1))[0];
        var matrix = await town.Anyone.PostJson("/api/distances", new { from = new[] { new[] { lon, lat }, [118.5, 31] }, to = new[] { new[] { lon, lat } } });
        matrix.At("metres", 0, 0).GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        matrix.At("metres", 1, 0).ValueKind.ShouldBe(JsonValueKind.Null);
        matrix.At("fromOffNetwork").EnumerateArray().Select(value => value.GetInt32()).ShouldBe([1]);
        matrix.At("toOffNetwork").GetArrayLength().ShouldBe(0);
    }

    [DatabaseTheory]
    [InlineData("{}", "from")]
    [InlineData("{\"from\":[],\"to\":[[120,31.8]]}", "from")]
    [InlineData("{\"from\":[[120]],\"to\":[[120,31.8]]}", "from[0]")]
    [InlineData("{\"from\":[[120,31.8]],\"to\":[[120,200]]}", "to[0]")]
    [InlineData("{\"from\":[[120,31.8]],\"to\":[[120,31.8]],\"profile\":\"bird\"}", "profile")]
    [InlineData("{\"from\":[[120,31.8]],\"to\":[[120,31.8]],\"mostMinutes\":0}", "mostMinutes")]
    [InlineData("{\"from\":[[120,31.8]],\"to\":[null]}", "to[0]")]
    public async Task A_matrix_that_cannot_be_is_refused_by_name(string body, string field)
    {
        using var response = await town.Anyone.PostAsync("/api/distances", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldContain(field);
    }
}
