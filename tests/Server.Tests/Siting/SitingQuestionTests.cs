using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Siting;

public sealed class SitingQuestionTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    private async Task<object[]> Places(int count, Func<int, double?> cost, Func<int, long?> capacity) =>
        [.. (await town.Homes(count)).Select((home, i) => new { lon = home.Lon, lat = home.Lat, name = $"p{i}", cost = cost(i), capacity = capacity(i) })];

    [DatabaseFact]
    public async Task The_long_form_of_a_short_question_gets_the_same_answer()
    {
        var brief = await town.Anyone.Json("/api/siting?facilityType=elderly-care&sites=3&weight=elderly&rounds=10&seconds=60");
        (await town.Anyone.PostJson("/api/siting", new { facilityType = "elderly-care", sites = 3, weight = "elderly", rounds = 10, seconds = 60 })).ToString().ShouldBe(brief.ToString());
        // Each elderly person once and nobody else is the weight of the elderly.
        var ages = await town.Anyone.PostJson("/api/siting", new { facilityType = "elderly-care", sites = 3, ages = new { elderly = 1, children = 0, others = 0 }, rounds = 10, seconds = 60 });
        ages.At("value").GetDouble().ShouldBe(brief.At("value").GetDouble());
        ages.At("weight").GetString().ShouldBe("ages");
    }

    [DatabaseFact]
    public async Task The_bound_beside_kept_facilities_counts_new_capacity_once()
    {
        var area = await town.Server.Database.Scalar<long>($"SELECT area_id FROM facilities WHERE type = 'community-centre' AND capacity IS NOT NULL ORDER BY id LIMIT 1", CancellationToken.None);
        foreach (var sites in new[] { 1, 2 })
        {
            var answer = await town.Anyone.Json($"/api/siting?facilityType=community-centre&areaId={area}&minutes=5&sites={sites}&capacityEach=30&rounds=20&seconds=60");
            var (today, value, bound) = (answer.At("today").GetDouble(), answer.At("value").GetDouble(), answer.At("bound").GetDouble());
            bound.ShouldBeInRange(value, today + (30 * sites));
        }
    }

    [DatabaseFact]
    public async Task A_budget_below_the_cheapest_site_is_a_contradiction_and_a_curve_ends_at_the_choice()
    {
        using var refused = await town.Anyone.GetAsync("/api/siting?facilityType=pharmacy&minutes=5&sites=1&costEach=10&budget=5&rounds=5");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("siting.contradiction");
        var backed = await town.Anyone.Json("/api/siting?facilityType=pharmacy&minutes=5&sites=4&backup=2&rounds=20&seconds=60");
        var curve = backed.At("curve").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        curve[^1].ShouldBe(backed.At("value").GetDouble());
        curve.ShouldBe(curve.Order());
        var two = await town.Anyone.Json("/api/siting?facilityType=pharmacy&minutes=5&sites=2&backup=2&rounds=20&seconds=60");
        curve[2].ShouldBe(two.At("value").GetDouble());
    }

    [DatabaseFact]
    public async Task Everything_can_be_said_in_one_line_too_and_capacities_have_other_choices_beside_the_best()
    {
        var ids = await town.Server.Database.Query($"SELECT id FROM facilities WHERE type = 'elderly-care' ORDER BY id", row => row.GetInt64(0), CancellationToken.None);
        var homes = await town.Homes(25);
        var places = homes.Select((home, i) => new { lon = home.Lon, lat = home.Lat, cost = 10.0 + i, capacity = (long?)(i == 0 ? null : 60 + (5 * i)) }).ToArray();
        var line = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"facilityType=elderly-care&minutes=10&sites=3&budget=90&capacityEach=80&ages=3,2,1&closing={ids[1]}&rounds=20&seconds=60&")
            + string.Join('&', places.Select(place => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"place={place.lon},{place.lat},{place.cost},{place.capacity}")));
        var brief = await town.Anyone.Json($"/api/siting?{line}");
        var full = await town.Anyone.PostJson("/api/siting", new
        {
            facilityType = "elderly-care", minutes = 10, sites = 3, budget = 90, capacityEach = 80, ages = new { elderly = 3, children = 2, others = 1 }, closing = new[] { ids[1] }, rounds = 20, seconds = 60, places,
        });
        brief.ToString().ShouldBe(full.ToString());
        brief.At("alternatives").GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var other in brief.At("alternatives").EnumerateArray())
        {
            other.At("value").GetDouble().ShouldBeLessThanOrEqualTo(brief.At("value").GetDouble());
            other.At("newSites").GetArrayLength().ShouldBeLessThanOrEqualTo(3);
        }
        var job = await town.Anyone.PostJson("/ogc/processes/siting/execution", new
        {
            inputs = new { facilityType = "elderly-care", minutes = 10, sites = 3, capacityEach = 80, ages = "3,2,1", closing = new[] { ids[1], ids[2] }, rounds = 5 }, response = "raw",
        });
        job.At("existing").GetInt32().ShouldBe(ids.Count - 2);
        job.At("weight").GetString().ShouldBe("ages");
    }

    [DatabaseTheory]
    [InlineData("place=120", "place")]
    [InlineData("place=120,31.8,cheap", "place")]
    [InlineData("place=120,31.8,1,1.5", "place")]
    [InlineData("ages=1,2", "ages")]
    [InlineData("ages=1,2,101", "ages")]
    [InlineData("locked=x", "locked")]
    [InlineData("budget=5", "budget")]
    [InlineData("candidates=streets&place=120,31.8", "places")]
    public async Task What_cannot_be_read_in_one_line_is_refused_by_name(string more, string field)
    {
        using var response = await town.Anyone.GetAsync($"/api/siting?facilityType=elderly-care&sites=2&{more}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldContain(field);
    }

    [DatabaseFact]
    public async Task No_choice_costs_more_than_the_budget_and_more_money_never_covers_less()
    {
        var places = await Places(40, i => 1 + (i % 4), _ => null);
        var before = 0.0;
        foreach (var budget in new[] { 3, 6, 12 })
        {
            var answer = await town.Anyone.PostJson("/api/siting", new { facilityType = "elderly-care", minutes = 5, existing = "ignore", places, budget, rounds = 30 });
            answer.At("spent").GetDouble().ShouldBeLessThanOrEqualTo(budget);
            answer.At("sites").EnumerateArray().Sum(site => site.At("cost").GetDouble()).ShouldBe(answer.At("spent").GetDouble());
            answer.At("bound").GetDouble().ShouldBeGreaterThanOrEqualTo(answer.At("value").GetDouble());
            answer.At("bound").GetDouble().ShouldBeGreaterThanOrEqualTo(before);
            before = answer.At("value").GetDouble();
        }
        before.ShouldBeGreaterThan(0);
        var cheapest = await town.Anyone.PostJson("/api/siting", new { facilityType = "elderly-care", minutes = 5, existing = "ignore", places, objective = "fewest" });
        cheapest.At("unit").GetString().ShouldBe("cost");
        cheapest.At("bound").GetDouble().ShouldBeLessThanOrEqualTo(cheapest.At("value").GetDouble());
        cheapest.At("value").GetDouble().ShouldBe(cheapest.At("spent").GetDouble());
    }

    [DatabaseFact]
    public async Task Nobody_serves_more_than_fits_and_room_for_all_is_plain_covering()
    {
        var places = await Places(30, _ => null, i => 50 + (10 * i));
        var tight = await town.Anyone.PostJson("/api/siting", new { facilityType = "elderly-care", minutes = 10, existing = "ignore", places, sites = 5, rounds = 30 });
        foreach (var site in tight.At("sites").EnumerateArray()) site.At("served").GetInt64().ShouldBeLessThanOrEqualTo(site.At("capacity").GetInt64());
        tight.At("sites").EnumerateArray().Sum(site => site.At("served").GetDouble()).ShouldBe(tight.At("value").GetDouble());
        tight.At("value").GetDouble().ShouldBeLessThanOrEqualTo(tight.At("bound").GetDouble());
        // The five largest take 300 to 340 each.
        tight.At("bound").GetDouble().ShouldBeLessThanOrEqualTo(300 + 310 + 320 + 330 + 340);
        var wide = await town.Anyone.PostJson("/api/siting", new { facilityType = "elderly-care", minutes = 10, existing = "ignore", places = await Places(30, _ => null, _ => null), sites = 5, capacityEach = 1_000_000, rounds = 30 });
        var open = await town.Anyone.PostJson("/api/siting", new { facilityType = "elderly-care", minutes = 10, existing = "ignore", places = await Places(30, _ => null, _ => null), sites = 5, rounds = 30 });
        wide.At("value").GetDouble().ShouldBeInRange(open.At("value").GetDouble() * 0.98, open.At("bound").GetDouble());
    }

    [DatabaseFact]
    public async Task Some_stay_some_close_and_the_others_may_move()
    {
        var ids = await town.Server.Database.Query($"SELECT id FROM facilities WHERE type = 'elderly-care' ORDER BY id", row => row.GetInt64(0), CancellationToken.None);
        ids.Count.ShouldBeGreaterThan(2);
        var answer = await town.Anyone.PostJson("/api/siting", new { facilityType = "elderly-care", existing = "movable", locked = new[] { ids[0] }, closing = new[] { ids[1] }, sites = 2, rounds = 10 });
        answer.At("existing").GetInt32().ShouldBe(ids.Count - 1);
        var kept = answer.At("sites").EnumerateArray().Where(site => site.At("kind").GetString() == "existing").Select(site => site.At("id").GetInt64()).ToList();
        kept.ShouldContain(ids[0]);
        kept.ShouldNotContain(ids[1]);
    }

    [DatabaseFact]
    public async Task Candidates_that_nobody_reaches_are_refused_by_name()
    {
        var (lon, lat) = (await town.Homes(1))[0];
        using var response = await town.Anyone.PostAsJsonAsync("/api/siting", new { facilityType = "elderly-care", existing = "ignore", sites = 1, minutes = 0.1, places = new[] { new { lon, lat } } });
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        (problem.At("errors", 0, "field").GetString(), problem.At("errors", 0, "code").GetString()).ShouldBe(("places", "siting.no-demand"));
    }

    [DatabaseTheory]
    [InlineData("""{"facilityType":"elderly-care"}""", "sites")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"budget":5}""", "budget")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"locked":[1],"closing":[1]}""", "closing")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"existing":"ignore","locked":[1]}""", "locked")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"locked":[999999999]}""", "locked")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"objective":"median","capacityEach":50}""", "capacityEach")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"backup":2,"capacityEach":50}""", "backup")]
    [InlineData("""{"facilityType":"pharmacy","sites":3,"capacityEach":50}""", "existingCapacity")]
    [InlineData("""{"facilityType":"pharmacy","sites":3,"existingCapacity":50}""", "existingCapacity")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"weight":"elderly","ages":{"elderly":1}}""", "ages")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"ages":{"elderly":0,"children":0,"others":0}}""", "ages")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"places":[]}""", "places")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"places":[{"lon":0,"lat":0}]}""", "places[0].lon")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"places":[{"lon":200,"lat":0}]}""", "places[0].lon")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"places":[null]}""", "places[0]")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"budget":3,"places":[{"lon":120,"lat":31.8,"cost":1},{"lon":120,"lat":31.8}]}""", "places")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"candidates":"streets","places":[{"lon":120,"lat":31.8}]}""", "places")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"minutes":5,"radiusMetres":300}""", "minutes")]
    [InlineData("""{"facilityType":"elderly-care","objective":"fewest","budget":3,"costEach":1}""", "budget")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"objective":"center","costEach":1}""", "costEach")]
    [InlineData("""{"facilityType":"elderly-care","sites":3,"wings":2}""", "wings")]
    [InlineData("""{"facilityType":"elderly-care","sites":0}""", "sites")]
    public async Task Contradictions_are_refused_by_name(string body, string field)
    {
        using var response = await town.Anyone.PostAsync("/api/siting", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldContain(field);
    }
}
