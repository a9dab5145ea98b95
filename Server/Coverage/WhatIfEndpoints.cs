using System.Globalization;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace GridMap.Server.Coverage;

/// <summary>A scenario beside today, in coverage and in capacity.</summary>
/// <param name="Name">Of the scenario that is kept; null where changes were given.</param>
public sealed record ScenarioAnswer(string? Name, WhatIf Question, WhatIfAnswer Coverage, CapacityWhatIf Capacity);

/// <summary>What would happen, asked in one line: a scenario that is kept, or changes written out. So it is also a process, a file and tiles.</summary>
public static class WhatIfEndpoints
{
    private const string Spelling = "add:lon,lat[,capacity], move:id,lon,lat[,capacity], close:id or resize:id,capacity",
        SpellingZh = "add:lon,lat[,capacity]（新增）、move:id,lon,lat[,capacity]（迁移）、close:id（关闭）或 resize:id,capacity（调整容量）";

    private static readonly Parameter<long?> Scenario = Parameters.Id("scenario", ("A scenario that is kept, in place of everything but format, tile and by.", "已保存的方案编号，代替除 format、tile 与 by 以外的全部参数。"));
    private static readonly Parameter<string?> FacilityType = Parameters.TextOf("facilityType", 60, ("A facility type; a parent code includes its children. Needed without scenario.", "设施类型代码，上级代码含其下级；未给出 scenario 时必填。"));
    private static readonly Parameter<string?> Tier = FacilityChoice.TierParameter, Item = FacilityChoice.ServiceItemParameter, Open = FacilityChoice.OpenAtParameter;
    private static readonly Parameter<double?> Minutes = Parameters.Number("minutes", 0.1, 1000, ($"Minutes of walking; 5 when neither this nor radiusMetres is given. {Pace.Longest}", $"步行分钟数；与 radiusMetres 均未给出时为 5。{Pace.LongestZh}"));
    private static readonly Parameter<double?> Metres = Parameters.Number("radiusMetres", 1, Reach.MostMetres, ("Metres of walking, in place of minutes.", "步行米数，代替 minutes。"));
    private static readonly Parameter<string?> Weight = Parameters.Choice("weight", ["residents", "elderly", "children"], ("Who shares the capacity; residents when absent.", "由哪些人分享设施容量；缺省为全体居民（residents）。"));

    private static readonly ListParameter<FacilityChange> Change = new("change", ($"A change to today's facilities, {Spelling}; may be repeated, at most {WalkCoverageEndpoints.MostChanges} times, made in order.", $"对现有设施的调整，写作 {SpellingZh}；可重复给出，最多 {WalkCoverageEndpoints.MostChanges} 次，依次执行。"),
        new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, WalkCoverageEndpoints.MostChanges, ReadChange)
    { Repeats = true };

    private static readonly Parameter[] Own = [FacilityType, Tier, Item, Open, Minutes, Metres, Pace.ProfileParameter, Pace.MetresPerMinuteParameter, Parameters.AreaId, Parameters.Coord, Weight, Change];

    public static void MapWhatIf(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/coverage/what-if/capacity", Share).About("Coverage", "Who is within reach of a service").Takes().Reads().Accepts<WhatIf>("application/json")
            .WithSummary("What changed facilities would mean for the capacity on foot");
        app.MapGet("/api/coverage/what-if", Ask).About("Coverage", "Who is within reach of a service")
            .Takes([Scenario, .. Own, ResultFile.FormatParameter, TiledQuestions.TileParameter, ResultFile.ByParameter]).Reads()
            .WithSummary("A scenario beside today, in coverage and capacity").IsProcess("coverage-what-if", "What if", "方案试算", "方案与现状对比：覆盖与容量",
                (http, stop) => Check(http, http.Service<Database>(), http.Service<WalkingCities>(), http.Service<IOptions<JsonOptions>>().Value, stop)).WithTiles(KeptAt);
    }

    private static async Task<Ok<CapacityWhatIf>> Share(HttpContext http, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var read = await WhatIfAsked.Of(await Body.Read<WhatIf>(http, cancellation), http, database, cities, cancellation);
        await CapacityWhatIf.Spend(read, cities, cancellation);
        return TypedResults.Ok((await CapacityWhatIf.Of(read, database, cities, cancellation)).Answer);
    }

    private static async Task<Results<Ok<ScenarioAnswer>, FileStreamHttpResult>> Ask(
        HttpContext http, Database database, WalkingCities cities, WalkCoverages coverages, IOptions<JsonOptions> json, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var by = ResultFile.ByOf(ask);
        var (name, question) = await Asked(ask, database, json.Value, cancellation);
        var read = await WhatIfAsked.Of(question, http, database, cities, cancellation);
        await CapacityWhatIf.Spend(read, cities, cancellation);
        var (coverage, coverBefore, coverAfter) = await WalkCoverageEndpoints.Compare(read, database, cities, coverages, cancellation);
        var (capacity, before, after) = await CapacityWhatIf.Of(read, database, cities, cancellation);
        if (ResultFile.FormatOf(ask) is not { } format) return TypedResults.Ok(new ScenarioAnswer(name, question, coverage, capacity));
        await using var connection = await database.Open(cancellation);
        var layer = await CoverageLayers.Of(question, name, coverage, (coverBefore, coverAfter), capacity, (before, after), by, connection, cancellation);
        return await ResultFile.Of(http, layer, format, configuration, cancellation);
    }

    private static async Task Check(HttpContext http, Database database, WalkingCities cities, JsonOptions json, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        ResultFile.ByOf(ask);
        var (_, question) = await Asked(ask, database, json, cancellation);
        await WhatIfAsked.Of(question, http, database, cities, cancellation);
    }

    private static async Task<(string? Name, WhatIf Question)> Asked(Question ask, Database database, JsonOptions json, CancellationToken cancellation)
    {
        if (ask.Get(Scenario) is { } id)
        {
            if (Own.FirstOrDefault(ask.Has) is { } other) throw Refused.Field(other.Name, "parameter.either", "either scenario or a question of its own");
            var kept = await ScenarioEndpoints.Find(id, database, json.SerializerOptions, cancellation);
            return (kept.Name, kept.Question);
        }
        if (ask.Get(FacilityType) is not { } type) throw Refused.Field("facilityType", "parameter.missing", "a facility type, or scenario");
        return (null, new WhatIf(type, ask.Get(Change), ask.Get(Tier), ask.Get(Minutes), ask.Get(Metres), ask.Get(Pace.ProfileParameter), ask.Get(Pace.MetresPerMinuteParameter), ask.Get(Parameters.AreaId),
            ask.Get(Parameters.Coord), ask.Get(Item), ask.Get(Open), ask.Get(Weight)));
    }

    // A scenario may be kept anew under its number.
    private static async Task<string> KeptAt(HttpContext http, CancellationToken cancellation)
    {
        if (Question.Of(http).Get(Scenario) is not { } id) return "";
        var database = http.RequestServices.GetRequiredService<Database>();
        return (await database.QueryOne($"SELECT updated_at FROM coverage_scenarios WHERE id = {id}", row => (DateTime?)row.GetDateTime(0), cancellation) ?? throw Refused.NotFound("scenario", id)).Ticks.ToString(CultureInfo.InvariantCulture);
    }

    private static Reading<FacilityChange> ReadChange(string text)
    {
        var wrong = Reading<FacilityChange>.Wrong("change.unreadable", Spelling);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return wrong;
        var (op, parts) = (text[..colon], text[(colon + 1)..].Split(','));
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i])) return wrong;
        }
        return (op, numbers.Length) switch
        {
            ("add", 2) => new FacilityChange("add", null, numbers[0], numbers[1]),
            ("add", 3) when Whole(numbers[2]) => new FacilityChange("add", null, numbers[0], numbers[1], (int)numbers[2]),
            ("move", 3) when Whole(numbers[0]) => new FacilityChange("move", (long)numbers[0], numbers[1], numbers[2]),
            ("move", 4) when Whole(numbers[0]) && Whole(numbers[3]) => new FacilityChange("move", (long)numbers[0], numbers[1], numbers[2], (int)numbers[3]),
            ("close", 1) when Whole(numbers[0]) => new FacilityChange("close", (long)numbers[0]),
            ("resize", 2) when Whole(numbers[0]) && Whole(numbers[1]) => new FacilityChange("resize", (long)numbers[0], Capacity: (int)numbers[1]),
            _ => wrong,
        };

        static bool Whole(double number) => number >= 0 && number <= int.MaxValue && number == Math.Floor(number);
    }
}
