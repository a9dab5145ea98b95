using System.Net;
using System.Text.Json;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Coverage;

public sealed class CapacityWhatIfTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    [DatabaseFact]
    public async Task What_a_resize_would_bring_is_what_it_brings()
    {
        const string kind = "facilityType=clinic&minutes=15";
        var today = await town.Anyone.Json($"/api/coverage/catchment?{kind}");
        var clinics = await town.Server.Database.Query($"SELECT id, capacity, ST_X(geom), ST_Y(geom) FROM facilities WHERE type = 'clinic' ORDER BY id", row => (Id: row.GetInt64(0), Capacity: row.GetInt32(1), Lon: row.GetDouble(2), Lat: row.GetDouble(3)), CancellationToken.None);
        clinics.Count.ShouldBeGreaterThan(3);
        var (lon, lat) = (await town.Homes(1))[0];
        object[] changes =
        [
            new { op = "resize", id = clinics[0].Id, capacity = clinics[0].Capacity * 3 }, new { op = "move", id = clinics[1].Id, lon, lat, capacity = 5 },
            new { op = "close", id = clinics[2].Id }, new { op = "add", lon, lat, capacity = 40 },
        ];
        var question = new { facilityType = "clinic", minutes = 15, changes };
        var told = await town.Anyone.PostJson("/api/coverage/what-if/capacity", question);
        told.At("today", "total").ToString().ShouldBe(today.At("total").ToString());
        told.At("today", "capacity").GetInt64().ShouldBe(today.At("capacity").GetInt64());
        told.At("scenario", "facilities").GetInt32().ShouldBe(clinics.Count);
        told.At("scenario", "capacity").GetInt64().ShouldBe(today.At("capacity").GetInt64() + (2 * clinics[0].Capacity) + 5 - clinics[1].Capacity - clinics[2].Capacity + 40);
        told.At("scenario", "capacityReached").GetDouble().ShouldBe(told.At("scenario", "capacity").GetInt64(), 0.01, "given out entirely");
        told.At("byGrid").GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var grid in told.At("byGrid").EnumerateArray()) grid.At("today").ToString().ShouldNotBe(grid.At("scenario").ToString());

        // The same in one line, and of the coverage only what the other changes do.
        var line = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"change=resize:{clinics[0].Id},{clinics[0].Capacity * 3}&change=move:{clinics[1].Id},{lon},{lat},5&change=close:{clinics[2].Id}&change=add:{lon},{lat},40");
        var asked = await town.Anyone.Json($"/api/coverage/what-if?{kind}&{line}");
        asked.At("capacity").ToString().ShouldBe(told.ToString());
        asked.At("coverage").ToString().ShouldBe((await town.Anyone.PostJson("/api/coverage/what-if", question)).ToString());
        var job = await town.Anyone.PostJson("/ogc/processes/coverage-what-if/execution", new { inputs = new { facilityType = "clinic", minutes = 15, change = new[] { $"resize:{clinics[0].Id},7" } }, response = "raw" });
        job.At("coverage", "gained").GetInt64().ShouldBe(0, "how much there is changes nothing about who is near");
        job.At("capacity", "scenario", "capacity").GetInt64().ShouldBe(today.At("capacity").GetInt64() - clinics[0].Capacity + 7);

        await town.Scratch.Execute($"""
            UPDATE facilities SET capacity = capacity * 3 WHERE id = {clinics[0].Id};
            UPDATE facilities SET capacity = 5, geom = ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326) WHERE id = {clinics[1].Id};
            DELETE FROM facilities WHERE id = {clinics[2].Id};
            INSERT INTO facilities (code, name, type, capacity, geom) VALUES ('new', '新诊所', 'clinic', 40, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326));
            """);
        var then = await town.Anyone.Json($"/api/coverage/catchment?{kind}");
        var until = DateTime.UtcNow.AddSeconds(20);
        while (then.At("version").GetString() == today.At("version").GetString() && DateTime.UtcNow < until) then = await town.Anyone.Json($"/api/coverage/catchment?{kind}");
        then.At("total").ToString().ShouldBe(told.At("scenario", "total").ToString());
        then.At("capacityReached").GetDouble().ShouldBe(told.At("scenario", "capacityReached").GetDouble());
    }

    [DatabaseTheory]
    [InlineData("{\"op\":\"resize\",\"id\":1}", "changes[0].capacity")]
    [InlineData("{\"op\":\"resize\",\"capacity\":5}", "changes[0].id")]
    [InlineData("{\"op\":\"resize\",\"id\":1,\"capacity\":-1}", "changes[0].capacity")]
    [InlineData("{\"op\":\"resize\",\"id\":1,\"capacity\":1000001}", "changes[0].capacity")]
    [InlineData("{\"op\":\"resize\",\"id\":1,\"capacity\":5,\"lon\":120,\"lat\":31}", "changes[0].lon")]
    [InlineData("{\"op\":\"close\",\"id\":1,\"capacity\":5}", "changes[0].capacity")]
    [InlineData("{\"op\":\"resize\",\"id\":987654321,\"capacity\":5}", "changes[0].id")]
    public async Task What_no_facility_can_offer_is_refused_by_name(string change, string field)
    {
        foreach (var path in new[] { "/api/coverage/what-if", "/api/coverage/what-if/capacity" })
        {
            using var response = await town.Anyone.PostAsync(path, new StringContent($"{{\"facilityType\":\"clinic\",\"changes\":[{change}]}}", System.Text.Encoding.UTF8, "application/json"));
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await response.Content.ReadAsStringAsync());
            JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldContain(field);
        }
    }
}
