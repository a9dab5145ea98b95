using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Http;
using GridMap.Server.Jobs;
using GridMap.Server.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

public sealed class ProcessTests(SmallCity city) : IClassFixture<SmallCity>
{
    private static readonly object Centre = new { inputs = new { lon = SmallCity.CentreLon, lat = SmallCity.CentreLat } };

    [DatabaseFact]
    public async Task Processes_describe_the_inputs_of_the_questions_they_are()
    {
        var list = await city.Anyone.Json("/ogc/processes");
        list.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()).ShouldBe(["circle", "coverage", "coverage-catchment", "coverage-gaps", "coverage-walking", "coverage-what-if", "density", "distances", "isochrone", "locate", "nearest", "nearest-people", "siting"]);
        var coverage = await city.Anyone.Json("/ogc/processes/coverage");
        coverage.At("inputs", "facilityType", "minOccurs").GetInt32().ShouldBe(1);
        coverage.At("inputs", "minutes", "schema", "type").GetString().ShouldBe("number");
        coverage.GetProperty("outputs").TryGetProperty("answer", out _).ShouldBeTrue();
        var missing = await city.Anyone.GetAsync("/ogc/processes/castle");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process");
    }

    [DatabaseFact]
    public async Task A_process_answers_at_once_what_its_question_answers()
    {
        var answer = await city.Anyone.PostJson("/ogc/processes/locate/execution", Centre);
        answer.At("areas", 0, "code").GetString().ShouldBe("320400");
        var document = await city.Anyone.PostJson("/ogc/processes/circle/execution", new { inputs = new { lon = SmallCity.CentreLon, lat = SmallCity.CentreLat, radiusMetres = 300, category = new[] { "E0102", "C0101" } }, response = "document" });
        document.At("answer", "value", "radiusMetres").GetDouble().ShouldBe(300);
        (await city.Anyone.PostJson("/ogc/processes/coverage/execution", new { inputs = new { facilityType = "party-centre" } })).GetProperty("facilities").GetInt32().ShouldBe(1);
        using var picture = await city.Anyone.PostAsJsonAsync("/ogc/processes/density/execution", new { inputs = new { format = "png", from = "2026-03-01", to = "2026-04-01" } });
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
    }

    [DatabaseTheory]
    [InlineData("""{"inputs":{"lon":1}}""", "lat")]
    [InlineData("""{"inputs":{"lon":500,"lat":1}}""", "lon")]
    [InlineData("""{"inputs":{"lon":1,"lat":1,"colour":"red"}}""", "inputs.colour")]
    [InlineData("""{"inputs":{"lon":{},"lat":1}}""", "inputs.lon")]
    [InlineData("""{"inputs":[]}""", "inputs")]
    [InlineData("""{"response":"loud"}""", "response")]
    [InlineData("""{"outputs":{"castle":{}}}""", "outputs")]
    [InlineData("""{"outputs":{"answer":{"transmissionMode":"reference"}}}""", "outputs.answer.transmissionMode")]
    [InlineData("""{"outputs":{"answer":7}}""", "outputs.answer.transmissionMode")]
    [InlineData("""{"colour":"red"}""", "colour")]
    [InlineData("[]", "body")]
    public async Task Bad_inputs_are_refused_by_name(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var response = await city.Anyone.PostAsync("/ogc/processes/locate/execution", content);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).Fields().ShouldContain(field);
    }

    [DatabaseTheory]
    [InlineData("circle", """{"inputs":{"lon":500,"lat":1}}""", "lon")]
    [InlineData("siting", """{"inputs":{"facilityType":"pharmacy","sites":2,"rounds":1000000}}""", "rounds")]
    [InlineData("isochrone", """{"inputs":{"minutes":"five"}}""", "minutes")]
    [InlineData("isochrone", """{"inputs":{"lon":119.95,"lat":31.78,"minutes":"1000"}}""", "minutes")]
    [InlineData("isochrone", """{"inputs":{"lon":119.95,"lat":31.78,"format":"mvt"}}""", "tile")]
    [InlineData("isochrone", """{"inputs":{"lon":119.95,"lat":31.78,"place":["119.95,31.78"]}}""", "lon")]
    [InlineData("circle", """{"inputs":{"lon":119.95,"lat":31.78,"category":["E0102","castle"]}}""", "category")]
    [InlineData("circle", """{"inputs":{"lon":119.95,"lat":31.78,"from":"2026-03-02","to":"2026-03-01"}}""", "to")]
    [InlineData("coverage", """{"inputs":{"facilityType":"castle"}}""", "facilityType")]
    [InlineData("coverage", """{"inputs":{"facilityType":"pharmacy","areaId":987654}}""", "areaId")]
    [InlineData("coverage-walking", """{"inputs":{"facilityType":"pharmacy","serviceItem":"castle"}}""", "serviceItem")]
    [InlineData("coverage-walking", """{"inputs":{"facilityType":"pharmacy","by":"building"}}""", "by")]
    [InlineData("coverage-gaps", """{"inputs":{"facilityType":"pharmacy","limit":5,"format":"csv"}}""", "limit")]
    [InlineData("coverage-catchment", """{"inputs":{"facilityType":"pharmacy","areaId":987654}}""", "areaId")]
    [InlineData("coverage-what-if", """{"inputs":{"facilityType":"castle","change":["close:1"]}}""", "facilityType")]
    [InlineData("coverage-what-if", """{"inputs":{"change":["close:1"]}}""", "facilityType")]
    [InlineData("coverage-what-if", """{"inputs":{"scenario":987654}}""", "scenario")]
    [InlineData("nearest", """{"inputs":{"lon":119.95,"lat":31.78,"facilityType":"castle"}}""", "facilityType")]
    [InlineData("nearest-people", """{"inputs":{"lon":119.95,"lat":31.78,"net":"castle"}}""", "net")]
    [InlineData("siting", """{"inputs":{"facilityType":"castle","sites":2}}""", "facilityType")]
    [InlineData("siting", """{"inputs":{"facilityType":"pharmacy","sites":2,"candidates":"facilities","candidateType":"castle"}}""", "candidateType")]
    [InlineData("density", """{"inputs":{"category":["castle"]}}""", "category")]
    [InlineData("density", """{"inputs":{"areaId":987654}}""", "areaId")]
    [InlineData("distances", """{"inputs":{"from":["120,31.8"]}}""", "to")]
    [InlineData("locate", """{"inputs":{"lon":119.95,"lat":31.78,"at":"once"}}""", "at")]
    public async Task Inputs_that_cannot_be_are_refused_before_a_job_is_made_of_them(string process, string body, string field)
    {
        var owner = await city.Server.As(Role.Reader);
        var before = (await owner.Json($"/ogc/jobs?processID={process}")).GetProperty("jobs").GetArrayLength();
        foreach (var isJob in new[] { true, false })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/ogc/processes/{process}/execution") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            if (isJob) request.Headers.Add("Prefer", "respond-async");
            using var response = await owner.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await response.Content.ReadAsStringAsync());
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await response.Content.ReadFromJsonAsync<JsonElement>()).Fields().ShouldContain(field);
        }
        (await owner.Json($"/ogc/jobs?processID={process}")).GetProperty("jobs").GetArrayLength().ShouldBe(before);
    }

    [DatabaseFact]
    public async Task A_job_is_its_owners_and_ends_with_results_or_a_reason()
    {
        var owner = await city.Server.As(Role.Reader);
        var (job, address) = await Start(owner, "circle", Centre);
        job.GetProperty("type").GetString().ShouldBe("process");
        (await city.Anyone.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "somebody else's job");
        (await Ended(owner, address)).GetProperty("status").GetString().ShouldBe("successful");
        (await owner.Json(address + "/results")).GetProperty("radiusMetres").GetDouble().ShouldBe(300);
        (await owner.Json("/ogc/jobs?processID=circle&status=successful")).GetProperty("jobs").EnumerateArray().Select(one => one.GetProperty("jobID").GetString()).ShouldContain(job.GetProperty("jobID").GetString());

        // Only the work itself finds out that the circle leaves the map.
        var (_, wrong) = await Start(owner, "circle", new { inputs = new { lon = 179.9999, lat = 0, radiusMetres = 5000 } });
        (await Ended(owner, wrong)).GetProperty("status").GetString().ShouldBe("failed");
        (await owner.GetAsync(wrong + "/results")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await owner.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await owner.Json(address)).GetProperty("status").GetString().ShouldBe("dismissed");
        var gone = await owner.GetAsync(address + "/results");
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gone.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!.ShouldEndWith("result-not-ready");
        (await owner.GetAsync("/ogc/jobs/nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [DatabaseFact]
    public async Task A_job_without_a_key_is_whoevers_who_knows_its_id()
    {
        var (job, address) = await Start(city.Anyone, "circle", Centre);
        (await Ended(city.Anyone, address)).GetProperty("status").GetString().ShouldBe("successful");
        foreach (var other in new[] { city.Anyone, await city.Server.As(Role.Reader) })
            (await other.GetStringAsync("/ogc/jobs?limit=10000")).ShouldNotContain(job.GetProperty("jobID").GetString()!);
        (await city.Anyone.DeleteAsync("/ogc/jobs/" + new string('0', 32))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await city.Anyone.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Addresses_without_a_key_have_room_of_their_own()
    {
        using var runner = new JobRunner(TimeProvider.System); // not started: everything waits
        Job Begin(JobOwner owner) => runner.Start("circle", owner, (_, _) => throw new InvalidOperationException());
        var (one, other) = (new JobOwner("203.0.113.7", HasKey: false), new JobOwner("203.0.113.8", HasKey: false));
        for (var i = 0; i < 50; i++) Begin(one);
        Should.Throw<Refused>(() => Begin(one)).Code.ShouldBe("jobs.full");
        var job = Begin(other);
        runner.Find(job.Id, one).ShouldBe(job);
        runner.Of(other).ShouldBeEmpty();
        // A key that is called as an address, or anonymous, is still another.
        var key = new JobOwner("203.0.113.7", HasKey: true);
        runner.Of(key).ShouldBeEmpty();
        runner.Find(Begin(key).Id, one).ShouldBeNull();
    }

    [DatabaseFact]
    public async Task Dismissing_a_job_stops_its_question_in_the_database()
    {
        var owner = await city.Server.As(Role.Reader);
        await city.Server.Service<WalkingCities>().CatchUp(); // it reads the same table once
        await using var locker = await city.Scratch.Source.OpenConnectionAsync();
        await using var transaction = await locker.BeginTransactionAsync();
        await using (var command = locker.CreateCommand())
        {
            command.CommandText = "LOCK TABLE facilities IN ACCESS EXCLUSIVE MODE"; // the job's question waits for it
            await command.ExecuteNonQueryAsync();
        }
        var (_, address) = await Start(owner, "coverage", new { inputs = new { facilityType = "party-centre" } });
        const string waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        for (var i = 0; i < 100 && await city.Scratch.Scalar<long>(waiting) == 0; i++) await Task.Delay(50);
        (await city.Scratch.Scalar<long>(waiting)).ShouldBe(1);
        (await owner.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 100 && await city.Scratch.Scalar<long>(waiting) > 0; i++) await Task.Delay(50);
        (await city.Scratch.Scalar<long>(waiting)).ShouldBe(0);
        await transaction.RollbackAsync();
    }

    private static async Task<(JsonElement Job, string Address)> Start(HttpClient client, string process, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/ogc/processes/{process}/execution") { Content = JsonContent.Create(body) };
        request.Headers.Add("Prefer", "wait=1, Respond-Async; x=1");
        var response = await client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>(), response.Headers.Location!.ToString());
    }

    private static async Task<JsonElement> Ended(HttpClient client, string address)
    {
        for (var i = 0; i < 200; i++)
        {
            var job = await client.Json(address);
            if (job.GetProperty("status").GetString() is not ("accepted" or "running")) return job;
            await Task.Delay(50);
        }
        throw new TimeoutException(address);
    }
}
