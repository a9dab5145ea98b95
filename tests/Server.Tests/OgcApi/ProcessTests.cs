using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        list.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()).ShouldBe(["circle", "coverage", "coverage-catchment", "coverage-gaps", "coverage-walking", "coverage-what-if", "density", "distances", "echo", "isochrone", "locate", "nearest", "nearest-people", "siting"]);
        var coverage = await city.Anyone.Json("/ogc/processes/coverage");
        coverage.At("inputs", "facilityType", "minOccurs").GetInt32().ShouldBe(1);
        coverage.At("inputs", "minutes", "schema", "type").GetString().ShouldBe("number");
        coverage.GetProperty("outputs").TryGetProperty("answer", out _).ShouldBeTrue();
        var missing = await city.Anyone.GetAsync("/ogc/processes/castle");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process");
    }

    [DatabaseFact]
    public async Task A_description_says_what_is_accepted_and_returned()
    {
        var isochrone = await city.Anyone.Json("/ogc/processes/isochrone");
        isochrone.At("inputs", "place", "maxOccurs").GetInt32().ShouldBe(WalkParameters.MostPlaces);
        isochrone.At("inputs", "lon", "maxOccurs").GetInt32().ShouldBe(1);
        isochrone.At("inputs", "minutes", "schema", "maxItems").GetInt32().ShouldBe(WalkParameters.MostWalks);
        (await city.Anyone.Json("/ogc/processes/siting")).At("inputs", "place", "maxOccurs").GetInt32().ShouldBe(2000);
        var distances = await city.Anyone.Json("/ogc/processes/distances");
        foreach (var end in new[] { "from", "to" }) (distances.At("inputs", end, "minOccurs").GetInt32(), distances.At("inputs", end, "maxOccurs").GetInt32()).ShouldBe((1, WalkParameters.MostPlaces));
        var circle = await city.Anyone.Json("/ogc/processes/circle");
        circle.At("inputs", "from", "schema", "anyOf").EnumerateArray().Select(kind => kind.At("format").GetString()).ShouldBe(["date-time", "date"]);
        circle.At("inputs", "minutes", "description").GetString()!.ShouldContain("10000 m", Case.Sensitive, "the bound that it has with the pace");
        // The limit is held: one more is refused.
        await Street();
        foreach (var (inputs, status) in new[] { (100, HttpStatusCode.OK), (101, HttpStatusCode.BadRequest) })
        {
            using var answer = await city.Anyone.PostAsJsonAsync("/ogc/processes/isochrone/execution", new { inputs = new { place = Enumerable.Repeat($"{SmallCity.CentreLon},{SmallCity.CentreLat}", inputs), minutes = new[] { 1e0 } } });
            answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync());
        }
    }

    [DatabaseTheory]
    [InlineData("density", "format", """{"from":"2026-03-01","to":"2026-04-01"}""")]
    [InlineData("circle", "format", """{"lon":119.955,"lat":31.785,"tile":"14/13651/6665"}""")]
    [InlineData("locate", null, """{"lon":119.955,"lat":31.785}""")]
    [InlineData("echo", null, """{"text":"网格 'grid' \"","pause":0.1}""")]
    public async Task Every_format_comes_as_the_media_type_that_the_description_says(string process, string? input, string inputs)
    {
        await Street();
        var description = await city.Anyone.Json($"/ogc/processes/{process}");
        var schema = description.At("outputs", "answer", "schema");
        var said = (schema.TryGetProperty("oneOf", out var kinds) ? kinds.EnumerateArray() : Enumerable.Repeat(schema, 1)).ToDictionary(kind => kind.At("contentMediaType").GetString()!, kind => kind.At("type").GetString()!);
        var seen = new HashSet<string>();
        foreach (var format in input is null ? [""] : description.At("inputs", input, "schema", "enum").EnumerateArray().Select(choice => choice.GetString()!))
        {
            var given = JsonNode.Parse(inputs)!.AsObject();
            if (format is "csv" or "geopackage" && !Gdal.Ogr2Ogr.IsInstalled) continue;
            if (format != "mvt") given.Remove("tile");
            if (input is not null) given[input] = format;
            using var answer = await city.Anyone.PostAsJsonAsync($"/ogc/processes/{process}/execution", new JsonObject { ["inputs"] = given });
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{format}: {await answer.Content.ReadAsStringAsync()}");
            var type = answer.Content.Headers.ContentType!.ToString().Replace("json; charset=utf-8", "json");
            said.Keys.ShouldContain(type, format);
            seen.Add(type);
            var document = await city.Anyone.PostJson($"/ogc/processes/{process}/execution", new JsonObject { ["inputs"] = given.DeepClone(), ["response"] = "document" });
            document.At("answer", "value").ValueKind.ShouldBe(said[type] == "object" ? JsonValueKind.Object : JsonValueKind.String, format);
            // The same format by its media type, where that names it alone.
            if (format is "" or "tilejson") continue;
            given.Remove(input!);
            using var same = await city.Anyone.PostAsJsonAsync($"/ogc/processes/{process}/execution", new JsonObject { ["inputs"] = given.DeepClone(), ["outputs"] = new JsonObject { ["answer"] = new JsonObject { ["format"] = new JsonObject { ["mediaType"] = type } } } });
            same.Content.Headers.ContentType.ShouldBe(answer.Content.Headers.ContentType);
        }
        if (Gdal.Ogr2Ogr.IsInstalled) seen.ShouldBe(said.Keys, ignoreOrder: true);
    }

    [DatabaseFact]
    public async Task Echo_says_back_what_it_is_told_and_as_a_job_shows_how_far_it_is_and_can_be_dismissed()
    {
        (await city.Anyone.PostJson("/ogc/processes/echo/execution", new { inputs = new { text = "网格" } })).ToString().ShouldBe("""{"text":"网格","pause":0}""");
        (await city.Anyone.Json("/api/echo?text=a&pause=0.2")).At("pause").GetDouble().ShouldBe(0.2);
        foreach (var (question, field) in new[] { ("text=a&pause=30", "pause"), ("text=a&pause=61", "pause"), ("text=", "text"), ("pause=0", "text") })
        {
            using var refused = await city.Anyone.GetAsync($"/api/echo?{question}");
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).Fields().ShouldBe([field], question);
        }
        var owner = await city.Server.As(Role.Reader);
        var (_, address) = await Start(owner, "echo", new { inputs = new { text = "b", pause = 50 } });
        for (var i = 0; i < 100 && !((await owner.Json(address)).TryGetProperty("progress", out var progress) && progress.GetInt32() is > 0 and < 50); i++) await Task.Delay(50);
        (await owner.Json(address)).At("progress").GetInt32().ShouldBeInRange(1, 50);
        (await owner.DeleteAsync(address)).EnsureSuccessStatusCode();
        (await Ended(owner, address)).At("status").GetString().ShouldBe("dismissed");
    }

    [DatabaseFact]
    public async Task Tiles_of_an_answer_are_at_the_address_that_was_asked()
    {
        await Street();
        var inputs = new { lon = SmallCity.CentreLon, lat = SmallCity.CentreLat, format = "tilejson" };
        var expected = (await city.Anyone.Json($"/api/circle?lon={SmallCity.CentreLon}&lat={SmallCity.CentreLat}&format=tilejson")).At("tiles", 0).GetString()!;
        expected.ShouldStartWith(city.Server.Address.ToString());
        (await city.Anyone.PostJson("/ogc/processes/circle/execution", new { inputs })).At("tiles", 0).GetString().ShouldBe(expected);
        var owner = await city.Server.As(Role.Reader);
        var (_, address) = await Start(owner, "circle", new { inputs });
        (await Ended(owner, address)).GetProperty("status").GetString().ShouldBe("successful");
        (await owner.Json(address + "/results")).At("tiles", 0).GetString().ShouldBe(expected);
        (await city.Anyone.GetAsync(expected.Replace("{z}", "14").Replace("{x}", "13651").Replace("{y}", "6665"))).IsSuccessStatusCode.ShouldBeTrue();
        // A tile without anything in it is an answer, too.
        var nothing = new { inputs = new { lon = SmallCity.CentreLon, lat = SmallCity.CentreLat, format = "mvt", tile = "14/0/0" }, response = "document" };
        (await city.Anyone.PostJson("/ogc/processes/circle/execution", nothing)).At("answer", "value").GetString().ShouldBe("");
    }

    [DatabaseTheory]
    [InlineData("json", "raw", "application/json")]
    [InlineData("png", "raw", "image/png")]
    [InlineData("contours", "raw", "application/geo+json")]
    [InlineData("png", "document", "application/json")]
    public async Task The_link_to_results_has_the_type_that_they_come_as(string format, string response, string type)
    {
        var owner = await city.Server.As(Role.Reader);
        var (_, address) = await Start(owner, "density", new { inputs = new { format, from = "2026-03-01", to = "2026-04-01" }, response });
        var link = (await Ended(owner, address)).At("links").EnumerateArray().Single(link => link.At("rel").GetString()!.EndsWith("/results", StringComparison.Ordinal));
        link.At("type").GetString()!.ShouldStartWith(type);
        using var results = await owner.GetAsync(link.At("href").GetString());
        results.Content.Headers.ContentType!.ToString().ShouldBe(link.At("type").GetString());
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
    [InlineData("isochrone", """{"inputs":{"minutes":"five"}}""", "inputs.minutes")]
    [InlineData("isochrone", """{"inputs":{"lon":119.95,"lat":31.78,"minutes":5}}""", "inputs.minutes")]
    [InlineData("isochrone", """{"inputs":{"lon":119.95,"lat":31.78,"minutes":["5"]}}""", "inputs.minutes")]
    [InlineData("isochrone", """{"inputs":{"lon":119.95,"lat":31.78,"minutes":[1000]}}""", "minutes")]
    [InlineData("circle", """{"inputs":{"lon":"119.95","lat":31.78}}""", "inputs.lon")]
    [InlineData("circle", """{"inputs":{"lon":[119.95],"lat":31.78}}""", "inputs.lon")]
    [InlineData("circle", """{"inputs":{"lon":119.95,"lat":31.78,"from":20260301}}""", "inputs.from")]
    [InlineData("coverage", """{"inputs":{"facilityType":"pharmacy","areaId":"3"}}""", "inputs.areaId")]
    [InlineData("coverage", """{"inputs":{"facilityType":"pharmacy","areaId":3.5}}""", "inputs.areaId")]
    [InlineData("density", """{"inputs":{"values":"true"}}""", "inputs.values")]
    [InlineData("density", """{"outputs":{"answer":{"format":{"mediaType":"text/csv"}}}}""", "outputs.answer.format.mediaType")]
    [InlineData("density", """{"inputs":{"format":"png"},"outputs":{"answer":{"format":{"mediaType":"application/json"}}}}""", "outputs.answer.format.mediaType")]
    [InlineData("locate", """{"inputs":{"lon":119.95,"lat":31.78},"outputs":{"answer":{"format":{"mediaType":"image/png"}}}}""", "outputs.answer.format.mediaType")]
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

        var finished = (await owner.Json(address)).At("finished").GetString();
        for (var i = 0; i < 2; i++) (await owner.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await owner.Json(address)).GetProperty("status").GetString().ShouldBe("dismissed");
        (await owner.Json(address)).At("finished").GetString().ShouldBe(finished, "when it ended");
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
    public async Task A_job_is_told_as_it_is_at_one_moment()
    {
        var owner = await city.Server.As(Role.Reader);
        for (var i = 0; i < 40; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/ogc/processes/locate/execution")
            {
                Content = new StringContent("""{"inputs":{"lon":119.95,"lat":31.78}}""", System.Text.Encoding.UTF8, "application/json"), Headers = { { "Prefer", "respond-async" } },
            };
            using var made = await owner.SendAsync(request);
            MustFit(await made.Content.ReadFromJsonAsync<JsonElement>());
            for (var polls = 0; polls < 200; polls++)
            {
                var job = await owner.Json(made.Headers.Location!.ToString());
                MustFit(job);
                if (job.At("status").GetString() is "successful" or "failed") break;
            }
            (await owner.DeleteAsync(made.Headers.Location)).EnsureSuccessStatusCode();
        }

        static void MustFit(JsonElement job)
        {
            var status = job.At("status").GetString();
            job.TryGetProperty("started", out _).ShouldBe(status != "accepted", $"{job}");
            job.TryGetProperty("finished", out _).ShouldBe(status is "successful" or "failed", $"{job}");
            job.At("links").EnumerateArray().Any(link => link.At("rel").GetString()!.EndsWith("/results", StringComparison.Ordinal)).ShouldBe(status == "successful", $"{job}");
        }
    }

    [DatabaseFact]
    public async Task A_process_tells_who_is_signed_in_what_its_question_tells()
    {
        var place = new { inputs = new { lon = 119.942, lat = 31.772 } };
        var reader = await city.Server.As(Role.Reader);
        using var answer = await reader.PostAsJsonAsync("/ogc/processes/locate/execution", place);
        Phone(await answer.Content.ReadFromJsonAsync<JsonElement>()).ShouldBe("13800000001");
        var (_, address) = await Start(reader, "locate", place);
        await Ended(reader, address);
        Phone(await reader.Json(address + "/results")).ShouldBe("13800000001");
        (_, address) = await Start(city.Anyone, "locate", place);
        await Ended(city.Anyone, address);
        Phone(await reader.Json(address + "/results")).ShouldBeNull();

        static string? Phone(JsonElement located) => located.At("grids", 0, "people", 0, "phone").GetString();
    }

    [Fact]
    public async Task Whoever_dismisses_jobs_has_room_for_others_once_their_turn_has_passed()
    {
        using var runner = new JobRunner(TimeProvider.System);
        var owner = new JobOwner("planner", HasKey: true);
        Job Begin() => runner.Start("circle", owner, (_, _) => Task.FromResult(new JobResult("application/json", [])));
        var first = Enumerable.Range(0, 50).Select(_ => Begin()).ToList();
        foreach (var job in first) runner.Dismiss(job);
        Should.Throw<Refused>(Begin).Code.ShouldBe("jobs.full"); // they stand in the queue as they did
        await runner.StartAsync(CancellationToken.None);
        for (var i = 0; i < 200 && first.Exists(job => job.IsInLine); i++) await Task.Delay(20);
        for (var i = 0; i < 120; i++) runner.Dismiss(await Passed(Begin()));
        var last = Begin();
        runner.Of(owner).Count.ShouldBe(50, "that they were dismissed is told of the last ones");
        runner.Find(last.Id, owner).ShouldBe(last);
        await runner.StopAsync(CancellationToken.None);

        static async Task<Job> Passed(Job job)
        {
            for (var i = 0; i < 200 && !job.IsOver; i++) await Task.Delay(20);
            return job;
        }
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

    // A street through the middle, for walks.
    private async Task Street()
    {
        await city.Scratch.Execute($"""
            INSERT INTO roads (code, name, class, geom) SELECT 'street', 'street', 'collector', ST_SetSRID(ST_MakeLine(ST_MakePoint({SmallCity.West}, {SmallCity.CentreLat}), ST_MakePoint({SmallCity.East}, {SmallCity.CentreLat})), 4326)
            WHERE NOT EXISTS (SELECT FROM roads WHERE code = 'street')
            """);
        await city.Server.Service<WalkingCities>().CatchUp();
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
