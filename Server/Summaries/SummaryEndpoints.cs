using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Summaries;

public static class SummaryEndpoints
{
    public static void MapSummaries(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/summary", Summarise).WithTags("Summary").Takes(Parameters.AreaId, Parameters.From, Parameters.To).Reads()
            .WithSummary("Incidents of a period, and how it stands at its end");

    private static async Task<Ok<Summary>> Summarise(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (from, to) = await clock.Period(ask, cancellation);
        var areas = await IncidentFilter.AreasBelow(ask.Get(Parameters.AreaId), database, cancellation);
        var where = new IncidentFilter(null, null, null, null, areas).Where();
        var period = SummaryPeriod.Of(from, to, clock.Now);
        var zone = (await clock.Zone(cancellation)).Id;

        await using var connection = await database.Open(cancellation);
        var totals = await SummaryQueries.Totals(connection, period, where, cancellation);
        var buckets = await SummaryQueries.Buckets(connection, period, zone, where, cancellation);
        var (categories, sources, statuses) = await SummaryQueries.Kinds(connection, period, where, cancellation);
        var streets = await SummaryQueries.Streets(connection, period, where, areas, cancellation);
        return TypedResults.Ok(new Summary(period.From, period.To, period.At, totals.Open, totals.Overdue, totals.UrgentOpen, totals.Reported, totals.Closed,
            totals.Due, totals.ClosedOnTime, totals.Due == 0 ? null : Math.Round(100.0 * totals.ClosedOnTime / totals.Due, 2),
            totals.ReportedBefore, totals.ClosedBefore, period.Bucket, buckets, categories, streets, sources, statuses));
    }
}
