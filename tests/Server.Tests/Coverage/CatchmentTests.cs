using System.Net;
using System.Text.Json;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Coverage;

public sealed class CatchmentTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    [DatabaseFact]
    public async Task What_facilities_offer_is_given_out_entirely_and_every_list_adds_up()
    {
        var answer = await town.Anyone.Json("/api/coverage/catchment?facilityType=clinic&minutes=15");
        answer.At("method").GetString().ShouldBe("e2sfca");
        answer.At("belts").EnumerateArray().Select(belt => belt.At("weight").GetDouble()).ShouldBe([1, 0.68, 0.22]);
        var total = answer.At("total");
        (await town.Scratch.Scalar<long>("SELECT sum(capacity) FROM facilities WHERE type = 'clinic'")).ShouldBe(answer.At("capacity").GetInt64());
        // Everybody's share together is what there is, where every clinic has somebody within 15 minutes.
        answer.At("capacityReached").GetDouble().ShouldBe(answer.At("capacity").GetDouble(), 0.01);
        (total.At("perThousand").GetDouble() * total.At("people").GetInt64() / 1000).ShouldBe(answer.At("capacityReached").GetDouble(), total.At("people").GetInt64() * 0.0005 / 1000 + 0.01, "printed to three places");
        foreach (var list in new[] { "byStreet", "byCommunity", "byGrid" })
        {
            foreach (var figure in new[] { "people", "without", "offNetwork" })
                answer.At(list).EnumerateArray().Sum(part => part.At("supply", figure).GetInt64()).ShouldBe(total.At(figure).GetInt64(), $"{list} {figure}");
        }
        // Whoever has nothing within the walk is whoever is not covered.
        var cover = (await town.Anyone.Json("/api/coverage/walking?facilityType=clinic&minutes=15")).At("total");
        total.At("without").GetInt64().ShouldBe(cover.At("all", "residents").GetInt64() - cover.At("covered", "residents").GetInt64() - cover.At("offNetwork", "residents").GetInt64());
        var elderly = await town.Anyone.Json("/api/coverage/catchment?facilityType=clinic&minutes=15&weight=elderly");
        elderly.At("total", "people").GetInt64().ShouldBeLessThan(total.At("people").GetInt64());
        elderly.At("total", "perThousand").GetDouble().ShouldBeGreaterThan(total.At("perThousand").GetDouble());
    }

    [DatabaseFact]
    public async Task Facilities_without_a_capacity_offer_nothing_and_are_counted()
    {
        var answer = await town.Anyone.Json("/api/coverage/catchment?facilityType=pharmacy&minutes=15");
        answer.At("facilitiesWithoutCapacity").GetInt32().ShouldBe(answer.At("facilities").GetInt32());
        answer.At("total", "perThousand").GetDouble().ShouldBe(0);
        answer.At("total", "without").GetInt64().ShouldBe(answer.At("total", "people").GetInt64());
    }

    [DatabaseTheory]
    [InlineData("facilityType=health", null)]
    [InlineData("facilityType=pharmacy&tier=elsewhere", "other-tier")]
    [InlineData("facilityType=pharmacy&serviceItem=residence-permit", "other-service")]
    [InlineData("facilityType=pharmacy&openAt=We%2003:00", "closed")]
    [InlineData("facilityType=bus-stop&openAt=We%2010:00", "hours-unknown")]
    public async Task Where_no_facility_counts_every_answer_says_why(string question, string? reason)
    {
        foreach (var address in new[] { "walking", "gaps", "catchment" })
            (await town.Anyone.Json($"/api/coverage/{address}?{question}")).At("noneReason").GetString().ShouldBe(reason, address);
        var (lon, lat) = (await town.Homes(1))[0];
        (await town.Anyone.Json($"/api/nearest?lon={lon}&lat={lat}&{question}")).At("noneReason").GetString().ShouldBe(reason);
    }

    [DatabaseFact]
    public async Task Where_the_facilities_offer_nothing_or_are_too_far_that_is_the_reason()
    {
        (await town.Anyone.Json("/api/coverage/catchment?facilityType=bus-stop")).At("noneReason").GetString().ShouldBe("no-capacity");
        var (lon, lat) = (await town.Homes(1))[0];
        (await town.Anyone.Json($"/api/nearest?lon={lon}&lat={lat}&facilityType=hospital&mostMinutes=0.1")).At("noneReason").GetString().ShouldBe("too-far");
    }

    [DatabaseFact]
    public async Task At_night_what_is_closed_covers_nobody_and_what_nobody_knows_is_told_apart()
    {
        const string kind = "facilityType=health&minutes=10";
        var always = await town.Anyone.Json($"/api/coverage/walking?{kind}");
        var day = await town.Anyone.Json($"/api/coverage/walking?{kind}&openAt=We%2010:00");
        var night = await town.Anyone.Json($"/api/coverage/walking?{kind}&openAt=We%2003:00");
        day.At("openAt").GetString().ShouldBe("We 10:00");
        day.At("facilities").GetInt32().ShouldBe(always.At("facilities").GetInt32());
        // Only hospitals are open at night.
        night.At("facilities").GetInt64().ShouldBe(await town.Scratch.Scalar<long>("SELECT count(*) FROM facilities WHERE type = 'hospital'"));
        night.At("facilitiesClosed").GetInt32().ShouldBe(always.At("facilities").GetInt32() - night.At("facilities").GetInt32());
        night.At("total", "covered", "residents").GetInt64().ShouldBeLessThan(day.At("total", "covered", "residents").GetInt64());
        var stops = await town.Anyone.Json("/api/coverage/walking?facilityType=bus-stop&openAt=We%2010:00");
        (stops.At("facilities").GetInt32(), stops.At("noneReason").GetString()).ShouldBe((0, "hours-unknown"));
        stops.At("facilitiesHoursUnknown").GetInt64().ShouldBe(await town.Scratch.Scalar<long>("SELECT count(*) FROM facilities WHERE type = 'bus-stop'"));
        var gaps = await town.Anyone.Json($"/api/coverage/gaps?{kind}&openAt=We%2003:00");
        gaps.At("uncovered", "residents").GetInt64().ShouldBe(night.At("total", "all", "residents").GetInt64() - night.At("total", "covered", "residents").GetInt64() - night.At("total", "offNetwork", "residents").GetInt64());
    }

    [DatabaseFact]
    public async Task Only_those_who_do_a_thing_count_for_it()
    {
        const string kind = "facilityType=health&minutes=10";
        var vaccination = await town.Anyone.Json($"/api/coverage/walking?{kind}&serviceItem=vaccination");
        vaccination.At("facilities").GetInt64().ShouldBe(await town.Scratch.Scalar<long>("SELECT count(*) FROM facilities WHERE type IN ('clinic', 'hospital', 'pharmacy') AND service_items ~ '(^|;)vaccination(;|$)'"));
        var health = await town.Anyone.Json($"/api/coverage/walking?{kind}&serviceItem=health-service");
        health.At("facilities").GetInt32().ShouldBeGreaterThan(vaccination.At("facilities").GetInt32(), "a parent item includes its children");
        var (lon, lat) = (await town.Homes(1))[0];
        var nearest = await town.Anyone.Json($"/api/nearest?lon={lon}&lat={lat}&facilityType=health&serviceItem=vaccination&count=3");
        foreach (var item in nearest.At("items").EnumerateArray())
            (await town.Scratch.Scalar<string>($"SELECT service_items FROM facilities WHERE id = {item.At("id").GetInt64()}"))!.Split(';').ShouldContain("vaccination");
        var whatIf = await town.Anyone.PostJson("/api/coverage/what-if", new { facilityType = "health", minutes = 10, serviceItem = "vaccination", openAt = "We 10:00", changes = Array.Empty<object>() });
        whatIf.At("today", "covered", "residents").GetInt64().ShouldBe(vaccination.At("total", "covered", "residents").GetInt64(), "all that vaccinate are open then");
    }

    [DatabaseTheory]
    [InlineData("")]
    [InlineData("&openAt=We%2003:00")]
    [InlineData("&serviceItem=vaccination&openAt=Su%2020:00")]
    public async Task Which_facilities_count_is_said_one_by_one(string more)
    {
        var cover = await town.Anyone.Json($"/api/coverage/walking?facilityType=health&minutes=10{more}");
        var told = await town.Anyone.Json($"/api/coverage/facilities?facilityType=health{more}");
        var standings = told.At("items").EnumerateArray().CountBy(item => item.At("standing").GetString()!).ToDictionary();
        told.At("count").GetInt64().ShouldBe(await town.Scratch.Scalar<long>("SELECT count(*) FROM facilities WHERE type IN ('clinic', 'hospital', 'pharmacy')"));
        told.At("counted").GetInt32().ShouldBe(cover.At("facilities").GetInt32());
        (Of("counted"), Of("off-network")).ShouldBe((cover.At("facilities").GetInt32() - cover.At("facilitiesOffNetwork").GetInt32(), cover.At("facilitiesOffNetwork").GetInt32()));
        (Of("closed"), Of("hours-unknown")).ShouldBe((cover.At("facilitiesClosed").GetInt32(), cover.At("facilitiesHoursUnknown").GetInt32()));
        told.At("items").GetArrayLength().ShouldBe(told.At("count").GetInt32());

        int Of(string standing) => standings.GetValueOrDefault(standing);
    }

    [DatabaseTheory]
    [InlineData("openAt=noon", "openAt")]
    [InlineData("openAt=Mo%2025:00", "openAt")]
    [InlineData("serviceItem=magic", "serviceItem")]
    [InlineData("weight=cats", "weight")]
    [InlineData("minutes=0", "minutes")]
    [InlineData("minutes=5&radiusMetres=300", "minutes")]
    public async Task What_cannot_be_answered_is_refused_by_name(string question, string field)
    {
        using var response = await town.Anyone.GetAsync($"/api/coverage/catchment?facilityType=clinic&{question}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldBe([field]);
    }

    [DatabaseFact]
    public async Task Hours_and_items_of_a_city_are_known_words()
    {
        (await town.Scratch.Scalar<long>("SELECT count(*) FROM facilities WHERE service_items <> ''")).ShouldBeGreaterThan(20);
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => town.Scratch.Scalar<long>("UPDATE facilities SET service_items = 'magic' WHERE id = 1 RETURNING id"));
        refused.ConstraintName.ShouldBe("facilities_service_items_fk");
    }
}
