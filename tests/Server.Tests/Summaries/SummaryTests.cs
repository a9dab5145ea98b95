using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Summaries;

public sealed class SummaryTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task March_adds_up()
    {
        var march = await city.Anyone.Json("/api/summary?from=2026-03-01&to=2026-04-01");
        march.At("reported").GetInt64().ShouldBe(SmallCity.MarchIncidents);
        march.At("closed").GetInt64().ShouldBe(SmallCity.ClosedInMarch);
        march.At("open").GetInt64().ShouldBe(SmallCity.ReportedInMarch + SmallCity.OverdueInMarch);
        march.At("overdue").GetInt64().ShouldBe(SmallCity.OverdueInMarch);
        march.At("due").GetInt64().ShouldBe(SmallCity.ClosedInMarch + SmallCity.OverdueInMarch);
        march.At("closedOnTime").GetInt64().ShouldBe(SmallCity.ClosedInMarch);
        march.At("onTimePercent").GetDouble().ShouldBe(60);
        march.At("reportedBefore").GetInt64().ShouldBe(SmallCity.FebruaryIncidents);
        march.At("closedBefore").GetInt64().ShouldBe(SmallCity.FebruaryIncidents);
        march.At("bucket").GetString().ShouldBe("day");
        march.At("byHour").GetArrayLength().ShouldBe(31);
        march.At("byHour", 0, "at").GetDateTime().ShouldBe(new DateTime(2026, 2, 28, 16, 0, 0, DateTimeKind.Utc));
        march.At("byHour").EnumerateArray().Select(bucket => bucket.At("reported").GetInt64()).Take(10).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
        march.At("byHour").EnumerateArray().Sum(bucket => bucket.At("closed").GetInt64()).ShouldBe(SmallCity.ClosedInMarch);
        march.At("byCategory").EnumerateArray().Select(row => $"{row.At("category")} {row.At("count")}").ShouldBe(["E0102 25", "C0101 20"]);
        march.At("byStatus").EnumerateArray().Sum(row => row.At("count").GetInt64()).ShouldBe(SmallCity.MarchIncidents);
        march.At("bySource").EnumerateArray().Select(row => $"{row.At("source")} {row.At("count")}").ShouldBe(["grid-worker 25", "hotline 20"]);
        march.At("byStreet").EnumerateArray().Select(row => $"{row.At("area", "code")} {row.At("reported")}").ShouldBe(["320411001 27", "320411002 18"]);
        march.At("byStreet").EnumerateArray().Sum(row => row.At("overdue").GetInt64()).ShouldBe(SmallCity.OverdueInMarch);
    }

    [DatabaseFact]
    public async Task A_past_moment_is_seen_as_it_was()
    {
        // On 2 March at 09:30: grid 1's incident of 1 March (08:00, closed 2 March 08:00) is done; grid 2's two of 2 March (08:00, 09:00) are open.
        var then = await city.Anyone.Json("/api/summary?from=2026-03-02T00:00:00%2B08:00&to=2026-03-02T09:30:00%2B08:00");
        then.At("open").GetInt64().ShouldBe(2);
        then.At("overdue").GetInt64().ShouldBe(0);
        then.At("reported").GetInt64().ShouldBe(2);
        // Until half past nine the day before: grid 1's one.
        then.At("reportedBefore").GetInt64().ShouldBe(1);
        // Until eight the day before nothing yet; what came later that day counts for nothing.
        (await city.Anyone.Json("/api/summary?from=2026-03-02T00:00:00%2B08:00&to=2026-03-02T08:00:00%2B08:00")).At("reportedBefore").GetInt64().ShouldBe(0);
        (await city.Anyone.Json("/api/summary?from=2026-03-02T00:00:00%2B08:00&to=2026-03-02T08:00:01%2B08:00")).At("reportedBefore").GetInt64().ShouldBe(1);
        then.At("closed").GetInt64().ShouldBe(1);
        then.At("bucket").GetString().ShouldBe("hour");
        then.At("byHour").GetArrayLength().ShouldBe(10);
    }

    [DatabaseFact]
    public async Task An_area_counts_with_everything_below()
    {
        var street = await city.Anyone.Json($"/api/summary?from=2026-03-01&to=2026-04-01&areaId={SmallCity.Street2Id}");
        street.At("reported").GetInt64().ShouldBe(3 + 6 + 9);
        street.At("byStreet").GetArrayLength().ShouldBe(1);
        var parts = 0L;
        foreach (var community in new[] { SmallCity.Community1Id, SmallCity.Community2Id, SmallCity.Community3Id })
            parts += (await city.Anyone.Json($"/api/summary?from=2026-03-01&to=2026-04-01&areaId={community}")).At("reported").GetInt64();
        parts.ShouldBe(SmallCity.MarchIncidents);
    }

    [DatabaseTheory]
    [InlineData("", "month", 0)]
    [InlineData("from=1900-01-01&to=2199-12-31", "year", 300)]
    [InlineData("from=2020-01-01&to=2026-04-01", "month", 75)]
    [InlineData("from=2026-03-01&to=2026-03-17", "hour", 384)]
    [InlineData("from=2025-03-01&to=2026-03-31", "day", 395)]
    public async Task There_are_never_more_than_400_buckets(string period, string bucket, int count)
    {
        var summary = await city.Anyone.Json($"/api/summary?{period}");
        if (period.Length == 0) (bucket, count) = ("day", summary.At("byHour").GetArrayLength());
        summary.At("bucket").GetString().ShouldBe(bucket);
        summary.At("byHour").GetArrayLength().ShouldBe(count);
        count.ShouldBeLessThanOrEqualTo(400);
    }
}
