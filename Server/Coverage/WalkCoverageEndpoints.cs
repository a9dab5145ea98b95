using GridMap.Geo.Coverage;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Coverage;

/// <summary>Coverage on foot: the whole, its gaps, and what a change would do.</summary>
public static class WalkCoverageEndpoints
{
    internal const int MostChanges = 200;

    private static readonly Parameter<int?> GapLimit = Parameters.Integer("limit", 1, 2_000, ($"At most so many gaps, those with the most residents; {Gaps.Most} when absent. Files and tiles have all of them.", $"盲区个数上限，居民多者优先；缺省为 {Gaps.Most}。文件与瓦片含全部盲区。"));

    private static readonly Parameter<string?> By = Parameters.Choice("by", ["street", "community", "grid", "building", "cell"], ("With a file or tiles: which of the lists (grid when absent), or each building (with demand=cells: each cell) with its nearest facility.", "输出文件或瓦片时：按哪一级汇总（缺省为网格），或逐栋建筑（demand=cells 时逐个格网单元）列出其最近设施。"));

    private static readonly Parameter<int?> Times = Parameters.Integer("times", 2, 50, ($"How many facilities in time are often (buildingsOften, residentsOften); {WalkAsked.UsualTimes} when absent.", $"有多少个设施按时可达才算“多处可达”（buildingsOften、residentsOften）；缺省为 {WalkAsked.UsualTimes}。")).Or(WalkAsked.UsualTimes);

    public static void MapWalkCoverage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/coverage/walking", Walking).About("Coverage", "Who is within reach of a service")
            .Takes([.. WalkAsked.Parameters, Parameters.AreaId, Times, ResultFile.FormatParameter, TiledQuestions.TileParameter, By]).Reads()
            .WithSummary("Who walks to a kind of facility in time, beside what straight circles claim").IsProcess("coverage-walking", "Coverage on foot", "步行覆盖", "哪些人能按时步行到达某类设施，并与直线服务半径对照",
                (http, stop) => Read(Question.Of(http), http.Service<Database>(), http.Service<WalkingCities>(), stop)).WithTiles();
        app.MapGet("/api/coverage/gaps", FindGaps).About("Coverage", "Who is within reach of a service")
            .Takes([.. WalkAsked.Parameters, Parameters.AreaId, Parameters.Coord, GapLimit, ResultFile.FormatParameter, TiledQuestions.TileParameter]).Reads()
            .WithSummary("Homes out of reach on foot, in clusters along the roads, and why").IsProcess("coverage-gaps", "Coverage gaps", "覆盖盲区", "步行到达不了的住宅，沿道路聚成片，以及原因",
                (http, stop) => ReadGaps(Question.Of(http), http.Service<Database>(), http.Service<WalkingCities>(), stop)).WithTiles();
        app.MapPost("/api/coverage/what-if", Try).About("Coverage", "Who is within reach of a service").Takes().Reads().Accepts<WhatIf>("application/json")
            .WithSummary("What would change if facilities were added, moved or closed");
    }

    private static async Task<Results<Ok<WalkCoverage>, FileStreamHttpResult>> Walking(HttpContext http, Database database, WalkingCities cities, WalkCoverages coverages, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (by, asked) = await Read(ask, database, cities, cancellation);
        var city = await asked.City(cities, cancellation);
        if (by is "building" or "cell") return await ByPlace(http, asked, city, database, coverages, configuration, cancellation);
        var times = ask.Get(Times)!.Value;
        var (closed, unknown) = asked.Choice.Left(city);
        var (sums, count, off) = await coverages.Use(city, asked.Choice, asked.Limit, asked.Effort(http), known =>
        {
            var circle = new long[known.Parts.Keys.Count];
            for (var i = 0; i < known.InCircle.Length; i++)
            {
                if (known.InCircle[i]) circle[known.Parts.Of[i]] += city.Buildings.People.Residents[i];
            }
            return (new WalkSums(known.Parts, known.Figures(times), circle, asked.Areas, known.Quantiles), known.Facilities.Count, known.Facilities.Count(facility => !facility.At.IsOnNetwork));
        }, cancellation);
        await using var connection = await database.Open(cancellation);
        var tree = await CoverageQueries.Areas(connection, cancellation);
        var grids = await CoverageQueries.Grids(connection, sums.Grids(), cancellation);
        var answer = new WalkCoverage(asked.Choice.FacilityType, asked.Choice.Tier, asked.Choice.ServiceItem, asked.Choice.OpenAt, asked.AreaId, asked.Demand, times, count, off, closed, unknown, asked.Choice.WhyNone(city), asked.Limit / 1000.0, asked.Minutes, asked.Pace.Profile, asked.Pace.MetresPerMinute,
            "walking", city.Version, sums.Total(), sums.ByLevel(tree, "street"), sums.ByLevel(tree, "community"), sums.ByGrid(grids));
        if (ResultFile.FormatOf(ask) is not { } format) return TypedResults.Ok(answer);
        return await ResultFile.Of(http, await CoverageLayers.Of(answer, by, connection, cancellation), format, configuration, cancellation);
    }

    private static async Task<(string By, WalkAsked Asked)> Read(Question ask, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var by = ResultFile.ByOf(ask, By);
        var asked = await WalkAsked.Of(ask, database, cities, cancellation);
        if (by is "building" or "cell" && by == "cell" != (asked.Demand == WalkAsked.Cells))
            throw Refused.Field("by", "parameter.not-here", by == "cell" ? "by=cell together with demand=cells" : "by=cell, because of demand=cells");
        return (by, asked);
    }

    private static async Task<(int Most, WalkAsked Asked)> ReadGaps(Question ask, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var isFile = ResultFile.FormatOf(ask) is not null;
        if (isFile && ask.Has(GapLimit)) throw Refused.Field("limit", "parameter.not-here", "no limit with a file or tiles: they have all gaps");
        return (isFile ? int.MaxValue : ask.Get(GapLimit) ?? Gaps.Most, await WalkAsked.Of(ask, database, cities, cancellation));
    }

    private static async Task<FileStreamHttpResult> ByPlace(HttpContext http, WalkAsked asked, WalkingCity city, Database database, WalkCoverages coverages, IConfiguration configuration, CancellationToken cancellation)
    {
        var format = ResultFile.FormatOf(Question.Of(http))!;
        var (rows, facilities) = await coverages.Use(city, asked.Choice, asked.Limit, asked.Effort(http), known => (new PlaceRows(known, asked.Areas, asked.Demand), known.Facilities.Count), cancellation);
        await using var connection = await database.Open(cancellation);
        var about = CoverageLayers.About(asked.Choice.FacilityType, asked.Choice.Tier, asked.Choice.ServiceItem, asked.Choice.OpenAt, asked.Limit / 1000.0, asked.Minutes, asked.Pace.Profile, asked.Pace.MetresPerMinute, "walking", city.Version);
        return await ResultFile.Of(http, await rows.Layer([.. about, ("areaId", asked.AreaId), ("demand", asked.Demand), ("facilities", facilities)], format, connection, cancellation), format, configuration, cancellation);
    }

    private static async Task<Results<Ok<WalkGaps>, FileStreamHttpResult>> FindGaps(HttpContext http, Database database, WalkingCities cities, WalkCoverages coverages, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var format = ResultFile.FormatOf(ask);
        var (most, asked) = await ReadGaps(ask, database, cities, cancellation);
        await using var connection = await database.Open(cancellation);
        var ground = await CoverageQueries.Ground(connection, ask.Get(Parameters.AreaId), cancellation);
        var city = await asked.City(cities, cancellation);
        var (gaps, count, uncovered, off) = await coverages.Use(city, asked.Choice, asked.Limit, asked.Effort(http), known => WalkGapFinder.Find(known, asked.Areas, ground, Datum.Of(ask), most, cancellation), cancellation);
        var answer = new WalkGaps(asked.Choice.FacilityType, asked.Choice.Tier, asked.Choice.ServiceItem, asked.Choice.OpenAt, asked.AreaId, asked.Demand, asked.Choice.WhyNone(city), asked.Limit / 1000.0, asked.Minutes, asked.Pace.Profile, asked.Pace.MetresPerMinute, "walking", city.Version, uncovered, off, count,
            new FeatureSet<MultiPolygonShape, WalkGap>("FeatureCollection", gaps));
        if (format is null) return TypedResults.Ok(answer);
        return await ResultFile.Of(http, CoverageLayers.Of(answer), format, configuration, cancellation);
    }

    private static async Task<Ok<WhatIfAnswer>> Try(HttpContext http, Database database, WalkingCities cities, WalkCoverages coverages, CancellationToken cancellation) =>
        TypedResults.Ok((await Compare(await WhatIfAsked.Of(await Body.Read<WhatIf>(http, cancellation), http, database, cities, cancellation), database, cities, coverages, cancellation)).Answer);

    /// <summary>What would happen, with the sums of everywhere.</summary>
    /// <exception cref="Refused">A change cannot be meant, or the answer takes too long to wait for.</exception>
    internal static async Task<(WhatIfAnswer Answer, WalkSums Before, WalkSums After)> Compare(WhatIfAsked question, Database database, WalkingCities cities, WalkCoverages coverages, CancellationToken cancellation)
    {
        var asked = question.Asked;
        var city = await cities.Now(cancellation);
        var (before, after, gained, lost) = await coverages.Use(city, asked.Choice, asked.Limit, question.Effort, known => Changed(known, question), cancellation);
        await using var connection = await database.Open(cancellation);
        var tree = await CoverageQueries.Areas(connection, cancellation);
        var touched = after.DifferingAreas();
        var differing = after.DifferingGrids();
        var grids = await CoverageQueries.Grids(connection, [.. differing], cancellation);
        return (new WhatIfAnswer(asked.Choice.FacilityType, asked.Choice.Tier, asked.Choice.ServiceItem, asked.Choice.OpenAt, asked.AreaId, asked.Limit / 1000.0, asked.Minutes, asked.Pace.Profile, asked.Pace.MetresPerMinute, "walking", city.Version, before.Total(), after.Total(), gained, lost,
            [.. before.ByLevel(tree, "street", touched).Zip(after.ByLevel(tree, "street", touched), (now, then) => new WhatIfArea(now.Area, now.Cover, then.Cover)).Where(street => street.Today != street.Scenario)],
            [.. before.ByGrid(grids, differing).Zip(after.ByGrid(grids, differing), (now, then) => new WhatIfGrid(now.Id, now.Code, now.Name, now.Cover.Covered.Residents, then.Cover.Covered.Residents))
                .Where(grid => grid.ResidentsCovered != grid.ResidentsCoveredToday)]), before, after);
    }

    private static (WalkSums Before, WalkSums After, long Gained, long Lost) Changed(KnownCoverage known, WhatIfAsked question)
    {
        var (coverage, buildings, asked) = (known.Coverage, known.City.Buildings, question.Asked);
        var changes = WhatIfReading.Resolve(question.Question, known, question.Datum);
        // Those that close are walked from once more, and all this in one thread.
        question.Effort.Spend(known.City, [.. changes.Select(change => change.To ?? coverage.Facility(change.Number)!.Value)], asked.Limit, times: 4);
        var before = new WalkSums(known.Parts, known.Figures(), null, asked.Areas);
        coverage.Mark();
        foreach (var change in changes) change.Make(coverage);
        var (gained, lost) = (0L, 0L);
        foreach (var was in coverage.Altered)
        {
            if (was.Within > 0 == coverage.Within[was.Place] > 0 || (asked.Areas is not null && !asked.Areas.Contains(buildings.Areas[was.Place]))) continue;
            if (was.Within > 0) lost += buildings.People.Residents[was.Place];
            else gained += buildings.People.Residents[was.Place];
        }
        var after = before.With(CoverageFigures.Differences(coverage, buildings.People, known.Parts.Of));
        coverage.GoBack();
        return (before, after, gained, lost);
    }
}
