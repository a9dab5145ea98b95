using GridMap.Geo.Siting;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;
using Place = GridMap.Server.Http.Place;

namespace GridMap.Server.Siting;

/// <summary>Where the next facilities should stand: a question, and as the process <c>siting</c> a job that can be cancelled.</summary>
public static class SitingEndpoints
{
    private const int MostExisting = 2_000;

    // One at a time: each takes a whole core and much memory.
    private static readonly SemaphoreSlim Turn = new(1);

    private static readonly Parameter<string?> Objective = Parameters.Choice("objective", ["cover", "median", "center", "fewest"],
        "cover: as many as possible within the walk (when absent); median: the shortest mean walk; center: the shortest longest walk; fewest: everybody who can be covered, with as few sites as possible.");
    private static readonly Parameter<int?> Sites = Parameters.Integer("sites", 1, 500, "How many new sites; needed but for fewest.");
    private static readonly Parameter<double?> Minutes = Parameters.Number("minutes", 0.1, 1000, "Minutes of walking; 5 when neither this nor radiusMetres is given. Those who would walk farther are not served.");
    private static readonly Parameter<double?> Metres = Parameters.Number("radiusMetres", 1, Reach.MostMetres, "Metres of walking, in place of minutes.");
    private static readonly Parameter<string?> Existing = Parameters.Choice("existing", ["keep", "movable", "ignore"],
        "Today's facilities stay (when absent), may be given up for better places (then as many sites as there are together), or are not there.");
    private static readonly Parameter<string?> Candidates = Parameters.Choice("candidates", ["streets", "compounds", "facilities"], "Where sites may be: crossings (when absent), residential compounds, or facilities of candidateType.");
    private static readonly Parameter<string?> CandidateType = Parameters.TextOf("candidateType", 60, "With candidates=facilities: of which type.");
    private static readonly Parameter<string?> Weight = Parameters.Choice("weight", ["residents", "elderly", "children", "households", "buildings"], "Who counts; residents when absent.");
    private static readonly Parameter<int?> Backup = Parameters.Integer("backup", 1, 3, "How many sites must reach somebody; 1 when absent.").Or(1);
    private static readonly Parameter<int?> Seed = Parameters.Integer("seed", 0, int.MaxValue, "The same seed gives the same answer; 1 when absent.").Or(1);
    private static readonly Parameter<int?> Rounds = Parameters.Integer("rounds", 0, 5_000, "How often the best choice is shaken and improved; 60 when absent.").Or(60);
    private static readonly Parameter<double?> Seconds = Parameters.Number("seconds", 0.1, 60, "Rounds end after so long; 10 when absent.").Or(10);

    public static void MapSiting(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/siting", Choose).About("Siting", "Where the next facilities should stand")
            .Takes([.. FacilityChoice.All, Objective, Sites, Minutes, Metres, Existing, Candidates, CandidateType, Weight, Backup, Parameters.AreaId, Seed, Rounds, Seconds,
                Pace.ProfileParameter, Pace.MetresPerMinuteParameter]).Reads()
            .WithSummary("Where the next facilities should stand, and how far from the best choice that is at most").IsProcess("siting", "Siting 选址");

    private static async Task<Ok<SitingResult>> Choose(HttpContext http, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var objective = ask.Get(Objective) ?? "cover";
        Check(ask, objective);
        var pace = await Pace.Of(ask, cities, cancellation);
        var limit = ask.Get(Metres) is { } metres ? (int)Math.Round(metres * 1000) : pace.Millimetres("minutes", ask.Get(Minutes) ?? 5);
        var choice = await FacilityChoice.Of(ask, database, cancellation);
        var candidateTypes = ask.Get(CandidateType) is { } type ? await IncidentFilter.Below("facility-types", "candidateType", [type], database, cancellation) : null;
        var areas = await IncidentFilter.AreasBelow(ask.Get(Parameters.AreaId), database, cancellation);
        var city = await cities.Now(cancellation);
        var (found, spacing) = await Find(ask, database, city, areas, candidateTypes, cancellation);
        var existing = ask.Get(Existing) == "ignore" ? [] : choice.From(city)
            .Where(facility => facility.At.IsOnNetwork)
            .Select(facility => new Candidate(true, facility.Id, facility.Name, facility.Lon, facility.Lat, facility.At)).ToList();
        if (existing.Count > MostExisting) throw Refused.Field("facilityType", "siting.too-many-existing", $"a kind with at most {MostExisting} facilities, or existing=ignore");
        if (found.Count == 0) throw Refused.Field(ask.Get(Candidates) is null ? "areaId" : "candidates", "siting.no-candidates", "a place with candidates near a road");
        List<Candidate> all = [.. existing, .. found];
        await Turn.WaitAsync(cancellation);
        try
        {
            var model = SitingModel.Build(city, all, Weights(city, ask.Get(Weight) ?? "residents", areas), limit, objective is "median" or "center", ask.Get(Backup)!.Value, cancellation);
            var solved = SitingSolution.Solve(model, objective, all, existing.Count, ask.Get(Existing) == "movable", ask.Get(Sites) ?? 0, limit,
                new SitingEffort(ask.Get(Seed)!.Value, ask.Get(Rounds)!.Value, 300, TimeSpan.FromSeconds(ask.Get(Seconds)!.Value)), http.Features.Get<IProgress<double>>(), cancellation);
            return TypedResults.Ok(new SitingResult(objective, choice.FacilityType, limit / 1000.0, ask.Has(Metres) ? null : ask.Get(Minutes) ?? 5, pace.Profile, pace.MetresPerMinute,
                ask.Get(Weight) ?? "residents", ask.Get(Backup)!.Value, city.Version, ask.Get(Seed)!.Value, solved.Rounds, solved.EndedEarly, found.Count, spacing, existing.Count,
                model.Demand, model.OutOfReach, model.OffNetwork, solved.Unit(ask.Get(Weight) ?? "residents"), solved.Today, solved.Value, solved.Bound, solved.GapPercent, solved.IsOptimal,
                [.. solved.Sites.Select(site => new ChosenSite(all[site].IsExisting ? "existing" : "new", all[site].Id, all[site].Name, Where(all[site])))], solved.Curve,
                [.. solved.Alternatives.Select(other => new SitingAlternative(other.Value, [.. other.Sites.Where(site => !all[site].IsExisting).Select(site => Where(all[site]))]))]));
        }
        finally
        {
            Turn.Release();
        }

        static Place Where(Candidate candidate) => default(Datum).FromStored(candidate.Lon, candidate.Lat);
    }

    private static void Check(Question ask, string objective)
    {
        if (ask.Has(Minutes) && ask.Has(Metres)) throw Refused.Field("minutes", "parameter.either", "either minutes or radiusMetres");
        if (objective == "fewest" ? ask.Has(Sites) : !ask.Has(Sites))
            throw Refused.Field("sites", objective == "fewest" ? "parameter.not-here" : "parameter.missing", objective == "fewest" ? "no number of sites: the fewest are sought" : "how many new sites");
        if (ask.Has(CandidateType) != (ask.Get(Candidates) == "facilities")) throw Refused.Field("candidateType", "parameter.either", "candidateType together with candidates=facilities");
        if (objective == "fewest" && ask.Get(Existing) == "movable") throw Refused.Field("existing", "choice.unknown", "keep or ignore, where the fewest new sites are sought");
        if (objective == "center" && ask.Get(Backup) > 1) throw Refused.Field("backup", "number.out-of-range", "1, where the longest walk is made short");
    }

    private static async Task<(List<Candidate> Found, double? Spacing)> Find(Question ask, Database database, WalkingCity city, long[]? areas, string[]? types, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        if (ask.Get(Candidates) == "compounds") return (await SitingCandidates.Compounds(connection, city, areas, cancellation), null);
        var ground = ask.Get(Parameters.AreaId) is { } area
            ? await connection.QueryOne($"SELECT ST_AsBinary(geom) FROM areas WHERE id = {area}", row => Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation) : null;
        if (types is not null) return (SitingCandidates.Facilities(city, types, ground), null);
        var (found, spacing) = SitingCandidates.Streets(city, ground);
        return (found, spacing);
    }

    private static long[] Weights(WalkingCity city, string weight, long[]? areas)
    {
        var (people, asked) = (city.Buildings.People, areas?.ToHashSet());
        return [.. Enumerable.Range(0, people.Count).Select(i => asked is not null && !asked.Contains(city.Buildings.Areas[i]) ? 0L : weight switch
        {
            "elderly" => people.Elderly[i],
            "children" => people.Children[i],
            "households" => people.Households[i],
            "buildings" => city.Buildings.AreHomes[i] ? 1 : 0,
            _ => people.Residents[i],
        })];
    }
}
