using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GridMap.Server.Http;
using GridMap.Server.Jobs;
using GridMap.Server.Layers;
using Microsoft.OpenApi;

namespace GridMap.Server.OgcApi;

/// <summary>OGC API – Processes Part 1 (OGC 18-062r2): the server's questions as processes, at once or as jobs.</summary>
internal static class ProcessEndpoints
{
    private const string Version = "1.0.0";

    private const int MostSeconds = 100_000_000;

    private static readonly string[] States = ["accepted", "running", "successful", "failed", "dismissed"];

    internal static readonly Parameter<int?> Limit = ItemsQuestion.LimitOf(10_000, 100);

    internal static readonly Parameter<int?> Offset = Parameters.Integer("offset", 0, 1_000_000, "How many to pass over, as next links say.").Or(0);

    private static readonly ListParameter<string> Type = Several("type", "Only jobs of these types: process is the only one there is.", ["process"]);

    private static readonly ListParameter<string> Status = Several("status", "Only jobs in these states.", States);

    private static readonly ListParameter<string> ProcessId = new("processID", "Only jobs of these processes.", new OpenApiSchema { Type = JsonSchemaType.String }, 20,
        text => text.Length is > 0 and <= 400 ? text : Reading<string>.Wrong("text.length", "1 to 400 characters"));

    // An answer is what it is; a page would be another thing.
    internal static readonly Parameter<string?> ResultFormat = Parameters.Choice("f", ["json"], "The format of the answer.");

    private static readonly Parameter<int?> MinDuration = Parameters.Integer("minDuration", 0, MostSeconds, "Only jobs that have run for so many seconds.");

    private static readonly Parameter<int?> MaxDuration = Parameters.Integer("maxDuration", 0, MostSeconds, "Only jobs that have run for no more than so many seconds.");

    internal static readonly Parameter[] OfJobs = [Limit, Offset, Type, Status, ProcessId, TimeSpanAsked.Parameter, MinDuration, MaxDuration, .. Formats.OfPages];

    private static ListParameter<string> Several(string name, string description, string[] choices) => new(name, description,
        new OpenApiSchema { Type = JsonSchemaType.String }, 20,
        text => text.Split(',').All(choices.Contains) ? text : Reading<string>.Wrong("choice.unknown", $"some of {string.Join(", ", choices)}"));

    public static void MapProcesses(this RouteGroupBuilder ogc)
    {
        ogc.MapMethods("/processes", OgcEndpoints.Read, List).Takes([Limit, Offset, .. Formats.OfPages]);
        ogc.MapMethods("/processes/{process}", OgcEndpoints.Read, Describe).Takes(Formats.OfPages);
        ogc.MapPost("/processes/{process}/execution", Execute).Takes();
        ogc.MapMethods("/jobs", OgcEndpoints.Read, Jobs).Takes(OfJobs);
        ogc.MapMethods("/jobs/{job}", OgcEndpoints.Read, OneJob).Takes(Formats.OfPages);
        ogc.MapMethods("/jobs/{job}/results", OgcEndpoints.Read, Results).Takes(ResultFormat);
        ogc.MapDelete("/jobs/{job}", Dismiss).Takes();
    }

    private static Task List(HttpContext http, ProcessCatalog processes)
    {
        var ask = Question.Of(http);
        var format = Formats.WantedInLanguage(http, ask);
        var (shown, links) = Page(http, ask, format, [.. processes.All]);
        var document = new JsonObject
        {
            ["processes"] = new JsonArray([.. shown.Select(process => (JsonNode)Summary(http, process))]),
            ["links"] = Collections.Array(links),
        };
        return OgcEndpoints.Answer(http, format, document, ("Processes", "分析"), Links.Json);
    }

    private static Task Describe(string process, HttpContext http, ProcessCatalog processes)
    {
        var found = processes.Find(process);
        var format = Formats.WantedInLanguage(http, Question.Of(http));
        var document = Summary(http, found);
        document["inputs"] = new JsonObject(found.Inputs.Select(input => KeyValuePair.Create(input.Name, (JsonNode?)ProcessInput.Describe(http, input))));
        document["outputs"] = new JsonObject { [ExecuteRequest.Output] = new JsonObject { ["title"] = http.SayOrEnglish(("The answer", "结果")), ["description"] = http.SayOrEnglish((found.Summary, found.Mark.SummaryZh)), ["schema"] = ProcessInput.DescribeOutput(found) } };
        document["links"]!.AsArray().Add(new JsonObject
        {
            ["href"] = $"{Links.Base(http)}/ogc/processes/{found.Id}/execution", ["rel"] = Links.Rel("execute"), ["type"] = Links.Json, ["title"] = http.SayOrEnglish(("Execute (POST)", "执行（POST）")),
        });
        return OgcEndpoints.Answer(http, format, document, TitleOf(found), Links.Json);
    }

    private static async Task Execute(string process, HttpContext http, ProcessCatalog processes, JobRunner jobs, ProcessServices root, CancellationToken cancellation)
    {
        var found = processes.Find(process);
        ExecuteRequest request;
        using (var body = await FeatureBody.Read(http, cancellation, Links.Json)) request = ExecuteRequest.Read(body.RootElement, found);
        var host = ProcessHost.Of(http, root); // the request's own services end with it, a job goes on
        if (!WantsJob(http))
        {
            await Write(http, await found.Run(host, request.Query, null, cancellation), request.IsDocument, cancellation);
            return;
        }
        await found.Check(host, request.Query, cancellation);
        var job = jobs.Start(found.Id, JobOwner.Of(http), async (progress, stop) => Shaped(await found.Run(host, request.Query, progress, stop), request.IsDocument));
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"{Links.Base(http)}/ogc/jobs/{job.Id}";
        http.Response.Headers["Preference-Applied"] = "respond-async";
        await Formats.Write(http, StatusOf(http, job), Links.Json);
    }

    // A preference may have parameters of its own behind it (RFC 7240 §2), and they change nothing here.
    private static bool WantsJob(HttpContext http) => http.Request.Headers["Prefer"].SelectMany(value => (value ?? "").Split(','))
        .Any(preference => preference.Split(';')[0].Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase));

    private static Task Jobs(HttpContext http, JobRunner jobs)
    {
        var ask = Question.Of(http);
        var format = Formats.Wanted(http, ask);
        var (types, states, kinds) = (Asked(ask.Get(Type)), Asked(ask.Get(Status)), Asked(ask.Get(ProcessId)));
        var (time, shortest, longest) = (ask.Get(TimeSpanAsked.Parameter), ask.Get(MinDuration), ask.Get(MaxDuration));
        var mine = jobs.Of(JobOwner.Of(http)).Where(job => (types.Count == 0 || types.Contains("process")) && (states.Count == 0 || states.Contains(Name(job.Status))) && (kinds.Count == 0 || kinds.Contains(job.Kind))
            && (time is not { } span || (!(job.CreatedAt < span.From) && !(job.CreatedAt > span.To)))
            && (shortest is null || Seconds(job) >= shortest) && (longest is null || Seconds(job) <= longest));
        var (shown, links) = Page(http, ask, format, [.. mine]);
        var document = new JsonObject
        {
            ["jobs"] = new JsonArray([.. shown.Select(job => (JsonNode)StatusOf(http, job))]),
            ["links"] = Collections.Array(links),
        };
        return OgcEndpoints.Answer(http, format, document, ("Jobs", "任务"), Links.Json);
    }

    private static HashSet<string> Asked(IReadOnlyList<string> texts) => [.. texts.SelectMany(text => text.Split(','))];

    // How long it has run; null for one that has not begun.
    private static double? Seconds(Job job) => job.StartedAt is { } started ? ((job.FinishedAt ?? DateTime.UtcNow) - started).TotalSeconds : null;

    private static (List<T> Shown, List<Link> Links) Page<T>(HttpContext http, Question ask, Format format, List<T> all)
    {
        var (limit, offset) = (ask.Get(Limit)!.Value, ask.Get(Offset)!.Value);
        var links = Links.SelfAndAlternate(http, format, Links.Json, http.SayOrEnglish(PageWords.ThisDocument)).ToList();
        if (offset + limit < all.Count) links.Add(new Link(Links.With(http, format, ("offset", (offset + limit).ToString(CultureInfo.InvariantCulture))), "next", Links.Json, http.SayOrEnglish(("Next page", "下一页"))));
        return ([.. all.Skip(offset).Take(limit)], links);
    }

    private static Task OneJob(string job, HttpContext http, JobRunner jobs)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        return OgcEndpoints.Answer(http, format, StatusOf(http, Find(http, jobs, job)), ($"Job {job}", $"任务 {job}"), Links.Json);
    }

    private static async Task Results(string job, HttpContext http, JobRunner jobs, CancellationToken cancellation)
    {
        var found = Find(http, jobs, job);
        if (found.Failure is { } failure) throw failure;
        if (found.Result is not { } result) throw new Refused("job.not-ready", $"The job is {Name(found.Status)}: it has no results.");
        http.Response.ContentType = result.MediaType;
        await http.Response.BodyWriter.WriteAsync(result.Content, cancellation);
    }

    private static Task Dismiss(string job, HttpContext http, JobRunner jobs)
    {
        var found = Find(http, jobs, job);
        jobs.Dismiss(found);
        return Formats.Write(http, StatusOf(http, found), Links.Json);
    }

    private static Job Find(HttpContext http, JobRunner jobs, string id) => jobs.Find(id, JobOwner.Of(http)) ?? throw Refused.NotFound("job", id);

    private static async Task Write(HttpContext http, JobResult result, bool isDocument, CancellationToken cancellation)
    {
        var shaped = Shaped(result, isDocument);
        http.Response.ContentType = shaped.MediaType;
        await http.Response.BodyWriter.WriteAsync(shaped.Content, cancellation);
    }

    // A document names its outputs; an object among them is a qualified value.
    private static JobResult Shaped(JobResult result, bool isDocument)
    {
        if (!isDocument) return result;
        var value = result.MediaType.Contains("json", StringComparison.Ordinal)
            ? new JsonObject { ["value"] = JsonNode.Parse(result.Content) }
            : new JsonObject { ["value"] = Convert.ToBase64String(result.Content), ["encoding"] = "base64", ["mediaType"] = result.MediaType };
        return new JobResult(Links.Json, JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [ExecuteRequest.Output] = value }, Links.Text));
    }

    private static JsonObject Summary(HttpContext http, Process process) => new()
    {
        ["id"] = process.Id, ["title"] = http.SayOrBoth(TitleOf(process)), ["description"] = http.SayOrEnglish((process.Summary, process.Mark.SummaryZh)), ["version"] = Version,
        ["jobControlOptions"] = new JsonArray("sync-execute", "async-execute", "dismiss"), ["outputTransmission"] = new JsonArray("value"),
        ["links"] = Collections.Array([new Link(Links.InLanguage(http, $"{Links.Base(http)}/ogc/processes/{process.Id}?f=json"), "self", Links.Json, http.SayOrBoth(TitleOf(process))),
            new Link(Links.InLanguage(http, $"{Links.Base(http)}/ogc/processes/{process.Id}?f=html"), "alternate", Links.Html, http.SayOrBoth(TitleOf(process)))]),
    };

    private static Words TitleOf(Process process) => (process.Mark.Title, process.Mark.TitleZh);

    // At once: a job that is successful has its results, and one that has not begun no beginning.
    private static JsonObject StatusOf(HttpContext http, Job asked) => asked.AtOnce(job =>
    {
        var address = $"{Links.Base(http)}/ogc/jobs/{job.Id}";
        List<Link> links = [new(address + "?f=json", "self", Links.Json, "This job")];
        if (job.Result is { } result) links.Add(new Link($"{address}/results", Links.Rel("results"), result.MediaType, "Its results"));
        var status = new JsonObject
        {
            ["jobID"] = job.Id, ["processID"] = job.Kind, ["type"] = "process", ["status"] = Name(job.Status), ["created"] = Time(job.CreatedAt), ["updated"] = Time(job.UpdatedAt),
        };
        if (job.Percent is { } percent) status["progress"] = percent;
        if (job.StartedAt is { } started) status["started"] = Time(started);
        if (job.FinishedAt is { } finished) status["finished"] = Time(finished);
        if (job.Failure is { } failure) status["message"] = Problems.Of(failure, http).Detail;
        status["links"] = Collections.Array(links);
        return status;
    });

    private static string Name(JobStatus status) => status.ToString().ToLowerInvariant();

    private static string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
}
