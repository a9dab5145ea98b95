using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Summaries;

public static class SummaryEndpoints
{
    public static void MapSummaries(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/summary", Summarise).About("Summary", "The figures of a period").Takes(Parameters.AreaId, Parameters.From, Parameters.To).Reads()
            .WithSummary("Incidents of a period, and how it stands at its end");

    private static async Task<Ok<Summary>> Summarise(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (from, to) = await clock.WholePeriod(ask, cancellation);
        var areas = await IncidentFilter.AreasBelow(ask.Get(Parameters.AreaId), database, cancellation);
        var where = new IncidentFilter(null, null, null, null, areas).Where();
        var period = new SummaryPeriod(from, to, clock.Now < to ? clock.Now : to);
        var zone = (await clock.Zone(cancellation)).Id;

        // Four questions at once: a wall shows the year of a large city, and the database has more than one core.
        var totals = SummaryQueries.Totals(database, period, where, cancellation);
        var buckets = SummaryQueries.Buckets(database, period, zone, where, cancellation);
        var kinds = SummaryQueries.Kinds(database, period, where, cancellation);
        var streets = SummaryQueries.Streets(database, period, where, areas, cancellation);
        await Task.WhenAll(totals, buckets, kinds, streets);
        return TypedResults.Ok(Whole(period, await totals, await buckets, await kinds, await streets));
    }

    private static Summary Whole(SummaryPeriod period, SummaryTotals totals, List<SummaryBucket> buckets,
        (List<SummaryCategory> Categories, List<SummarySource> Sources, List<SummaryStatus> Statuses) kinds, List<SummaryStreet> streets) =>
        new(period.From, period.To, period.At, totals.Open, totals.Overdue, totals.UrgentOpen, buckets.Sum(bucket => bucket.Reported), buckets.Sum(bucket => bucket.Closed),
            totals.Due, totals.ClosedOnTime, totals.Due == 0 ? null : Math.Round(100.0 * totals.ClosedOnTime / totals.Due, 2),
            totals.ReportedBefore, totals.ClosedBefore, period.Bucket, buckets, kinds.Categories, streets, kinds.Sources, kinds.Statuses);
}
