using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Coverage;

/// <summary>How much of a service there is for people, not only whether there is some.</summary>
public static class CatchmentEndpoints
{
    private static readonly Parameter<string?> Weight = Parameters.Choice("weight", ["residents", "elderly", "children"], ("Who shares the capacity; residents when absent.", "由哪些人分享设施容量；缺省为全体居民（residents）。"));

    public static void MapCatchments(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/coverage/catchment", Share).About("Coverage", "Who is within reach of a service")
            .Takes([.. WalkAsked.Parameters, Weight, Parameters.AreaId, ResultFile.FormatParameter, TiledQuestions.TileParameter, ResultFile.ByParameter]).Reads()
            .WithSummary("How much capacity there is on foot for a thousand people, here and there").IsProcess("coverage-catchment", "Capacity on foot", "步行可享容量", "各处每千人步行可享的设施容量",
                (http, stop) => Read(Question.Of(http), http.Service<Database>(), http.Service<WalkingCities>(), stop)).WithTiles();

    private static async Task<(string By, WalkAsked Asked)> Read(Question ask, Database database, WalkingCities cities, CancellationToken cancellation) =>
        (ResultFile.ByOf(ask), await WalkAsked.Of(ask, database, cities, cancellation));

    private static async Task<Results<Ok<Catchment>, FileStreamHttpResult>> Share(HttpContext http, Database database, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (by, asked) = await Read(ask, database, cities, cancellation);
        var weight = ask.Get(Weight) ?? "residents";
        var city = await asked.City(cities, cancellation);
        var (closed, unknown) = asked.Choice.Left(city);
        var facilities = asked.Choice.From(city);
        var belts = FloatingCatchment.Usual(asked.Limit);
        EdgePoint[] places = [.. facilities.Select(facility => facility.At)];
        asked.Effort(http).Spend(city, places, asked.Limit);
        var sums = SupplySums.Of(city, places, [[.. facilities.Select(facility => (double)(facility.Capacity ?? 0))]], weight, belts, asked.Areas, cancellation)[0];
        await using var connection = await database.Open(cancellation);
        var tree = await CoverageQueries.Areas(connection, cancellation);
        var grids = await CoverageQueries.Grids(connection, sums.Grids(), cancellation);
        var answer = new Catchment(asked.Choice.FacilityType, asked.Choice.Tier, asked.Choice.ServiceItem, asked.Choice.OpenAt, asked.AreaId, asked.Demand, facilities.Count,
            facilities.Count(facility => !facility.At.IsOnNetwork), closed, unknown, facilities.Count(facility => facility.Capacity is null),
            asked.Choice.WhyNone(city) ?? (facilities.All(facility => facility.Capacity is null) ? "no-capacity" : null), asked.Limit / 1000.0, asked.Minutes, asked.Pace.Profile,
            asked.Pace.MetresPerMinute, "e2sfca", weight, [.. belts.Select(belt => new SupplyBelt(belt.Millimetres / 1000.0, belt.Weight))], city.Version,
            facilities.Sum(facility => (long)(facility.Capacity ?? 0)), sums.CapacityReached, sums.Total(), sums.ByLevel(tree, "street"), sums.ByLevel(tree, "community"), sums.ByGrid(grids));
        if (ResultFile.FormatOf(ask) is not { } format) return TypedResults.Ok(answer);
        return await ResultFile.Of(http, await CoverageLayers.Of(answer, by, connection, cancellation), format, configuration, cancellation);
    }
}
