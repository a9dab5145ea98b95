using System.Globalization;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;
using Place = GridMap.Server.Http.Place;

namespace GridMap.Server.Siting;

/// <summary>Where the next facilities should stand: a question, and as the process <c>siting</c> a job that can be cancelled.</summary>
public static class SitingEndpoints
{
    // One at a time: each takes a whole core and much memory.
    private static readonly SemaphoreSlim Turn = new(1);

    // With fewer crossings a whole city's longest walk says little.
    private const int LeastCandidates = 50;

    private static readonly Parameter<string?> Objective = Parameters.Choice("objective", SitingQuestion.Objectives,
        ("cover: as many as possible within the walk (when absent); median: the shortest mean walk; center: the shortest longest walk; fewest: everybody who can be covered, with as few sites as possible.", "cover：服务半径内覆盖的人最多（缺省）；median：平均步行距离最短；center：最远步行距离最短；fewest：以最少的点覆盖所有可覆盖的人。"));
    private static readonly Parameter<int?> Sites = Parameters.Integer("sites", 1, 500, ("How many new sites; needed but for fewest.", "新增设施的个数；除 fewest 外必填。"));
    private static readonly Parameter<double?> Minutes = Parameters.Number("minutes", 0.1, 1000, ($"Minutes of walking; 5 when neither this nor radiusMetres is given (center: as far as is needed). Those who would walk farther are not served. {Pace.Longest}", $"步行分钟数；与 radiusMetres 均未给出时为 5（center：不限远近）。步行更远者不计为已服务。{Pace.LongestZh}"));
    private static readonly Parameter<double?> Metres = Parameters.Number("radiusMetres", 1, Reach.MostMetres, ("Metres of walking, in place of minutes.", "步行米数，代替 minutes。"));
    private static readonly Parameter<string?> Existing = Parameters.Choice("existing", SitingQuestion.ExistingRules,
        ("Today's facilities stay (when absent), may be given up for better places (then as many sites as there are together), or are not there.", "现有设施保留（缺省）、可迁往更好的位置（总数不变）或不予考虑。"));
    private static readonly Parameter<string?> Candidates = Parameters.Choice("candidates", SitingQuestion.CandidateKinds, ("Where sites may be: crossings (when absent), residential compounds, or facilities of candidateType.", "候选位置：道路交叉口（缺省）、居住小区，或 candidateType 类型的设施。"));
    private static readonly Parameter<string?> CandidateType = Parameters.TextOf("candidateType", 60, ("With candidates=facilities: of which type.", "candidates=facilities 时：候选设施的类型。"));
    private static readonly Parameter<string?> Weight = Parameters.Choice("weight", SitingQuestion.WeightNames, ("Who counts; residents when absent.", "按哪些人计；缺省为全体居民（residents）。"));
    private static readonly Parameter<int?> Backup = Parameters.Integer("backup", 1, 3, ("How many sites must reach somebody; 1 when absent.", "每人须有多少个设施可达才算已服务；缺省为 1。"));
    private static readonly Parameter<int?> Seed = Parameters.Integer("seed", 0, int.MaxValue, ("The same seed gives the same answer; 1 when absent.", "随机种子，相同种子得出相同结果；缺省为 1。"));
    private static readonly Parameter<int?> Rounds = Parameters.Integer("rounds", 0, 5_000, ("How often the best choice is shaken and improved; 60 when absent.", "对最优方案扰动并改进的轮数；缺省为 60。"));
    private static readonly Parameter<double?> Seconds = Parameters.Number("seconds", 0.1, 60, ("The search ends after so long, when it is known who reaches what; 10 when absent.", "可达关系算出后，搜索最长的秒数；缺省为 10。"));

    public static void MapSiting(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/siting", Choose).About("Siting", "Where the next facilities should stand")
            .Takes([.. FacilityChoice.All, Objective, Sites, Minutes, Metres, Existing, Candidates, CandidateType, Weight, Backup, .. SitingParameters.All, Parameters.AreaId, Parameters.Coord, Seed, Rounds, Seconds,
                Pace.ProfileParameter, Pace.MetresPerMinuteParameter, ResultFile.FormatParameter, TiledQuestions.TileParameter]).Reads()
            .WithSummary("Where the next facilities should stand, and how far from the best choice that is at most").IsProcess("siting", "Siting", "选址", "下一批设施应设在哪里，以及与最优方案最多相差多少",
                (http, stop) => Read(Asked(Question.Of(http)), http.Service<Database>(), http.Service<WalkingCities>(), stop)).WithTiles();
        app.MapPost("/api/siting", ChooseAmong).About("Siting", "Where the next facilities should stand").Takes(ResultFile.FileFormatParameter).Reads().Accepts<SitingQuestion>("application/json")
            .WithSummary("The same with places, costs, a budget, capacities, ages, and facilities that stay or close");
    }

    private static Task<Results<Ok<SitingResult>, FileStreamHttpResult>> Choose(HttpContext http, Database database, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation) =>
        Answer(http, Asked(Question.Of(http)), database, cities, configuration, cancellation);

    private static SitingQuestion Asked(Question ask) => new(ask.Get(FacilityChoice.FacilityTypeParameter)!, ask.Get(Sites), ask.Get(FacilityChoice.TierParameter), ask.Get(FacilityChoice.ServiceItemParameter),
            ask.Get(FacilityChoice.OpenAtParameter), ask.Get(Objective), ask.Get(Minutes), ask.Get(Metres), ask.Get(Existing), ask.Get(Candidates), ask.Get(CandidateType),
            SitingParameters.OrNull(ask.Get(SitingParameters.Places)), ask.Get(Weight), ask.Get(SitingParameters.Ages), ask.Get(Backup), ask.Get(SitingParameters.Budget), ask.Get(SitingParameters.CostEach),
            ask.Get(SitingParameters.CapacityEach), ask.Get(SitingParameters.ExistingCapacity), SitingParameters.OrNull(ask.Get(SitingParameters.Locked)), SitingParameters.OrNull(ask.Get(SitingParameters.Closing)),
            AreaId: ask.Get(Parameters.AreaId), Seed: ask.Get(Seed), Rounds: ask.Get(Rounds), Seconds: ask.Get(Seconds), Profile: ask.Get(Pace.ProfileParameter),
            MetresPerMinute: ask.Get(Pace.MetresPerMinuteParameter), Coord: ask.Get(Parameters.Coord));

    private static async Task<Results<Ok<SitingResult>, FileStreamHttpResult>> ChooseAmong(HttpContext http, Database database, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation) =>
        await Answer(http, await Body.Read<SitingQuestion>(http, cancellation), database, cities, configuration, cancellation);

    private static async Task<(Pace Pace, int? Limit, FacilityChoice Choice, long[]? Areas)> Read(SitingQuestion asked, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        asked.Check();
        var pace = await Pace.Of(asked.Profile, asked.MetresPerMinute, cities, cancellation);
        // Of the longest walk the length is sought: without a limit it is looked as far as that needs.
        int? limit = asked.RadiusMetres is { } metres ? (int)Math.Round(metres * 1000) : asked.Minutes is null && asked.ObjectiveOrUsual == "center" ? null : pace.Millimetres("minutes", asked.Minutes ?? 5);
        var choice = await FacilityChoice.Of(asked.FacilityType, asked.Tier, asked.ServiceItem, asked.OpenAt, database, cancellation);
        if (asked.CandidateType is { } other) await IncidentFilter.Below("facility-types", "candidateType", [other], database, cancellation);
        return (pace, limit, choice, await IncidentFilter.AreasBelow(asked.AreaId, database, cancellation));
    }

    private static async Task<Results<Ok<SitingResult>, FileStreamHttpResult>> Answer(HttpContext http, SitingQuestion asked, Database database, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation)
    {
        var (pace, limit, choice, areas) = await Read(asked, database, cities, cancellation);
        var city = await cities.Now(cancellation);
        var datum = Datum.Of(asked.Coord);
        var (found, spacing) = await SitingCandidates.Find(asked, database, city, areas, datum, SitingCandidates.Most, cancellation);
        var existing = SitingCandidates.Existing(asked, choice, city);
        if (found.Count == 0) throw Refused.Field(asked.Places is not null ? "places" : asked.Candidates is null ? "areaId" : "candidates", "siting.no-candidates", "a place with candidates near a road");
        if (asked.Budget is { } budget && found.Min(candidate => candidate.Cost ?? 0) is var cheapest && cheapest > budget)
            throw Refused.Field("budget", "siting.contradiction", $"at least {cheapest.ToString(CultureInfo.InvariantCulture)}, what the cheapest candidate costs");
        await Turn.WaitAsync(cancellation);
        try
        {
            var weights = SitingModel.WeightsOf(city, asked, areas);
            var search = new SitingSearch(city, asked, existing, weights, http.Features.Get<IProgress<double>>());
            SitingFound? best;
            // Where all is too much, fewer crossings are looked at; of given places none is left out.
            while ((best = search.Run(found, limit, cancellation)) is null)
            {
                var most = (int)(found.Count * search.Fitting * 0.9);
                if (limit is not null || spacing is null || most < LeastCandidates) throw SitingModel.TooLarge();
                (found, spacing) = await SitingCandidates.Find(asked, database, city, areas, datum, most, cancellation);
            }
            var (model, solved, all) = (best.Model, best.Solution, best.Candidates);
            var (weight, backup) = (asked.Ages is null ? asked.Weight ?? "residents" : "ages", asked.Backup ?? 1);
            var answer = new SitingResult(asked.ObjectiveOrUsual, asked.FacilityType, asked.Tier, asked.ServiceItem, asked.OpenAt, asked.AreaId, "walking", best.Millimetres / 1000.0, asked.RadiusMetres is not null || limit is null ? null : asked.Minutes ?? 5,
                pace.Profile, pace.MetresPerMinute, weight, backup, city.Version, asked.Seed ?? 1, solved.Rounds, solved.EndedEarly, asked.Existing ?? "keep", asked.Places is not null ? "places" : asked.Candidates ?? "streets", asked.CandidateType,
                found.Count, spacing, existing.Count,
                model.Demand, model.OutOfReach, model.OffNetwork, solved.Unit(weight), solved.Today, solved.Value, solved.Bound, solved.GapPercent, solved.IsOptimal, asked.Budget, solved.Spent,
                [.. solved.Sites.Select((site, i) => new ChosenSite(all[site].IsExisting ? "existing" : "new", all[site].Id, all[site].Name, Where(all[site]), all[site].IsExisting ? null : all[site].Cost,
                    all[site].Capacity, solved.Served is { } served ? served[i] : null))], solved.Curve,
                [.. solved.Alternatives.Select(other => new SitingAlternative(other.Value, [.. other.Sites.Where(site => !all[site].IsExisting).Select(site => Where(all[site]))], [.. other.Sites.Where(site => all[site].IsExisting).Select(site => all[site].Id!.Value)]))]);
            if (ResultFile.FormatOf(Question.Of(http)) is not { } format) return TypedResults.Ok(answer);
            return await ResultFile.Of(http, SitingLayer.Of(answer), format, configuration, cancellation);
        }
        finally
        {
            Turn.Release();
        }

        Place Where(Candidate candidate) => datum.FromStored(candidate.Lon, candidate.Lat);
    }
}
