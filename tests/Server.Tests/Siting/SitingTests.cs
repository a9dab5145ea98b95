using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Siting;

public sealed class SitingTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    private const string Elderly = "facilityType=elderly-care&minutes=5";

    [DatabaseFact]
    public async Task The_chosen_sites_cover_what_they_say_within_a_proven_distance_of_the_best()
    {
        var answer = await town.Anyone.Json($"/api/siting?{Elderly}&sites=4");
        answer.At("objective").GetString().ShouldBe("cover");
        answer.At("value").GetDouble().ShouldBeGreaterThan(answer.At("today").GetDouble());
        answer.At("bound").GetDouble().ShouldBeGreaterThanOrEqualTo(answer.At("value").GetDouble());
        answer.At("gapPercent").GetDouble().ShouldBeLessThan(3);
        var added = answer.At("sites").EnumerateArray().Where(site => site.At("kind").GetString() == "new").ToList();
        added.Count.ShouldBe(4);
        answer.At("sites").GetArrayLength().ShouldBe(answer.At("existing").GetInt32() + 4);
        var curve = answer.At("curve").EnumerateArray().Select(value => value.GetDouble()).ToList();
        curve[0].ShouldBe(answer.At("today").GetDouble());
        curve.ShouldBe(curve.Order());
        // Held against the other machine: what would happen if they were built.
        var built = await town.Anyone.PostJson("/api/coverage/what-if", new
        {
            facilityType = "elderly-care", minutes = 5, changes = added.Select(site => new { op = "add", lon = site.At("place", "lon").GetDouble(), lat = site.At("place", "lat").GetDouble() }),
        });
        built.At("today", "covered", "residents").GetDouble().ShouldBe(answer.At("today").GetDouble());
        built.At("scenario", "covered", "residents").GetDouble().ShouldBe(answer.At("value").GetDouble(), answer.At("value").GetDouble() * 0.002, "a crossing's place is rounded to 1 cm in the answer");
    }

    [DatabaseFact]
    public async Task The_same_seed_gives_the_same_answer_and_more_sites_never_cover_less()
    {
        var one = await town.Anyone.Json($"/api/siting?{Elderly}&sites=3&existing=ignore&seed=5&rounds=10&seconds=60");
        (await town.Anyone.Json($"/api/siting?{Elderly}&sites=3&existing=ignore&seed=5&rounds=10&seconds=60")).ToString().ShouldBe(one.ToString());
        var more = await town.Anyone.Json($"/api/siting?{Elderly}&sites=6&existing=ignore&seed=5&rounds=10&seconds=60");
        more.At("value").GetDouble().ShouldBeGreaterThanOrEqualTo(one.At("value").GetDouble());
        // With all of them movable it is never worse than with all of them fixed.
        var movable = await town.Anyone.Json($"/api/siting?{Elderly}&sites=2&existing=movable");
        var kept = await town.Anyone.Json($"/api/siting?{Elderly}&sites=2");
        movable.At("bound").GetDouble().ShouldBeGreaterThanOrEqualTo(kept.At("value").GetDouble());
    }

    [DatabaseFact]
    public async Task The_fewest_sites_leave_nobody_who_can_be_helped()
    {
        var answer = await town.Anyone.Json("/api/siting?facilityType=elderly-care&minutes=10&objective=fewest&weight=elderly");
        var count = answer.At("sites").EnumerateArray().Count(site => site.At("kind").GetString() == "new");
        answer.At("value").GetDouble().ShouldBe(count);
        answer.At("bound").GetDouble().ShouldBeLessThanOrEqualTo(count);
        if (count == 0) return;
        var all = await town.Anyone.Json($"/api/siting?facilityType=elderly-care&minutes=10&sites={count}&weight=elderly");
        all.At("bound").GetDouble().ShouldBe(all.At("demand").GetDouble() - all.At("outOfReach").GetDouble());
    }

    [DatabaseFact]
    public async Task Mean_and_longest_walks_shrink_with_more_sites()
    {
        var (one, two) = (await town.Anyone.Json("/api/siting?facilityType=elderly-care&minutes=30&objective=median&sites=1&existing=ignore&candidates=compounds&rounds=5"),
            await town.Anyone.Json("/api/siting?facilityType=elderly-care&minutes=30&objective=median&sites=3&existing=ignore&candidates=compounds&rounds=5"));
        two.At("value").GetDouble().ShouldBeLessThan(one.At("value").GetDouble());
        one.At("bound").GetDouble().ShouldBeLessThanOrEqualTo(one.At("value").GetDouble());
        one.At("unit").GetString().ShouldBe("metres");
        var center = await town.Anyone.Json("/api/siting?facilityType=elderly-care&minutes=40&objective=center&sites=4&existing=ignore&candidates=facilities&candidateType=pharmacy&weight=buildings&rounds=3");
        center.At("value").GetDouble().ShouldBeInRange(center.At("bound").GetDouble(), 2400);
    }

    [DatabaseTheory]
    [InlineData("objective=fewest&minutes=8")]
    [InlineData("objective=center&minutes=40&sites=4&existing=ignore")]
    [InlineData("objective=center&sites=4&existing=ignore")]
    [InlineData("objective=median&minutes=20&sites=3")]
    [InlineData("sites=4&backup=2")]
    public async Task What_the_time_cuts_is_told_and_it_ends_in_time(string question)
    {
        var asked = $"/api/siting?facilityType=elderly-care&{question}";
        await town.Anyone.Json($"{asked}&rounds=0&seconds=0.1"); // the network is there
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var cut = await town.Anyone.Json($"{asked}&rounds=5000&seconds=0.1");
        clock.Elapsed.TotalSeconds.ShouldBeLessThan(20);
        if (!cut.At("isOptimal").GetBoolean()) cut.At("endedEarly").GetBoolean().ShouldBeTrue();
        var whole = await town.Anyone.Json($"{asked}&rounds=2&seconds=59");
        if (whole.At("endedEarly").GetBoolean()) return; // a slow machine
        (await town.Anyone.Json($"{asked}&rounds=2&seconds=60")).ToString().ShouldBe(whole.ToString());
    }

    [DatabaseFact]
    public async Task The_longest_walk_needs_no_guess_of_how_far_to_look()
    {
        foreach (var rest in new[] { "sites=1&existing=ignore", "sites=5&existing=ignore", "sites=2", "sites=2&existing=movable" })
        {
            var answer = await town.Anyone.Json($"/api/siting?facilityType=elderly-care&objective=center&rounds=3&candidates=compounds&{rest}");
            var (value, metres) = (answer.At("value").GetDouble(), answer.At("metres").GetDouble());
            value.ShouldBeInRange(answer.At("bound").GetDouble(), metres, rest);
            answer.At("minutes").ValueKind.ShouldBe(JsonValueKind.Null);
            // Asked with the answer as the limit there is an answer too; with less than the bound there is none.
            using var less = await town.Anyone.GetAsync($"/api/siting?facilityType=elderly-care&objective=center&rounds=3&candidates=compounds&{rest}&radiusMetres={metres.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
            less.StatusCode.ShouldBe(HttpStatusCode.OK, await less.Content.ReadAsStringAsync());
            // A longer walk than anybody needs changes nothing but what was asked.
            var more = await town.Anyone.Json($"/api/siting?facilityType=elderly-care&objective=center&rounds=3&candidates=compounds&{rest}&radiusMetres=9999");
            (more.At("metres").GetDouble(), more.At("value").GetDouble() <= 9999).ShouldBe((9999, true));
            if (!more.At("endedEarly").GetBoolean() && !answer.At("endedEarly").GetBoolean()) more.At("value").GetDouble().ShouldBe(value, rest);
        }
        using var few = await town.Anyone.GetAsync("/api/siting?facilityType=elderly-care&objective=center&sites=1&existing=ignore&radiusMetres=300&weight=buildings");
        few.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await few.Content.ReadAsStringAsync()).ShouldContain("siting.too-few");
    }

    [DatabaseFact]
    public async Task A_backup_beside_what_stands_has_a_bound_that_says_something()
    {
        var answer = await town.Anyone.Json($"/api/siting?{Elderly}&sites=2&backup=2");
        var (today, value, bound) = (answer.At("today").GetDouble(), answer.At("value").GetDouble(), answer.At("bound").GetDouble());
        bound.ShouldBeGreaterThanOrEqualTo(value);
        var once = await town.Anyone.Json($"/api/siting?{Elderly}&sites=2");
        bound.ShouldBeLessThanOrEqualTo(once.At("bound").GetDouble());
        // Two sites bring at most what both reach.
        (bound - today).ShouldBeLessThan(6 * Math.Max(1, value - today));
        answer.At("gapPercent").GetDouble().ShouldBe(bound == value ? 0 : 100 * (bound - value) / bound, 0.0011);
        (answer.At("gapPercent").GetDouble() == 0).ShouldBe(answer.At("isOptimal").GetBoolean());
    }

    [DatabaseFact]
    public async Task Answer_and_file_say_how_they_came_about()
    {
        var answer = await town.Anyone.Json($"/api/siting?{Elderly}&sites=1&candidates=compounds&openAt=Mo%2010:00&rounds=0");
        (answer.At("method").GetString(), answer.At("openAt").GetString(), answer.At("candidateKind").GetString(), answer.At("existingRule").GetString()).ShouldBe(("walking", "Mo 10:00", "compounds", "keep"));
        var about = (await town.Anyone.Json($"/api/siting?{Elderly}&sites=1&candidates=compounds&openAt=Mo%2010:00&rounds=0&format=geojson")).At("about");
        (about.At("openAt").GetString(), about.At("candidates").GetString(), about.At("existing").GetString(), about.At("newSites").GetInt32()).ShouldBe(("Mo 10:00", "compounds", "keep", 1));
        foreach (var name in new[] { "tier", "serviceItem", "areaId" }) about.At(name).ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [DatabaseFact]
    public async Task It_runs_as_a_job_too()
    {
        var owner = await town.Server.As(Role.Reader);
        var request = new HttpRequestMessage(HttpMethod.Post, "/ogc/processes/siting/execution") { Content = JsonContent.Create(new { inputs = new { facilityType = "elderly-care", sites = 2 } }) };
        request.Headers.Add("Prefer", "respond-async");
        using var started = await owner.SendAsync(request);
        started.StatusCode.ShouldBe(HttpStatusCode.Created, await started.Content.ReadAsStringAsync());
        var address = started.Headers.Location!.PathAndQuery;
        var status = "";
        for (var i = 0; i < 300 && status is not ("successful" or "failed"); i++)
        {
            await Task.Delay(100);
            status = (await owner.Json(address)).At("status").GetString()!;
        }
        status.ShouldBe("successful");
        (await owner.Json(address)).At("progress").GetInt32().ShouldBe(100);
        (await owner.Json($"{address}/results")).At("sites").GetArrayLength().ShouldBeGreaterThan(2);
    }

    [DatabaseTheory]
    [InlineData("sites=3", "facilityType")]
    [InlineData("facilityType=castle&sites=3", "facilityType")]
    [InlineData("facilityType=clinic", "sites")]
    [InlineData("facilityType=clinic&sites=0", "sites")]
    [InlineData("facilityType=clinic&sites=3&objective=fewest", "sites")]
    [InlineData("facilityType=clinic&sites=3&candidates=facilities", "candidateType")]
    [InlineData("facilityType=clinic&sites=3&candidateType=clinic", "candidateType")]
    [InlineData("facilityType=clinic&sites=3&minutes=0", "minutes")]
    [InlineData("facilityType=clinic&sites=3&backup=4", "backup")]
    [InlineData("facilityType=clinic&sites=3&objective=center&backup=2", "backup")]
    [InlineData("facilityType=clinic&sites=3&areaId=999999", "areaId")]
    [InlineData("facilityType=clinic&objective=fewest&existing=movable", "existing")]
    public async Task What_cannot_be_solved_is_refused_by_name(string question, string field)
    {
        using var response = await town.Anyone.GetAsync($"/api/siting?{question}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await response.Content.ReadAsStringAsync());
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldBe([field]);
    }
}
