using Shouldly;
using Xunit;

namespace GridMap.Server.Tests;

/// <summary>The small city is what its description says; every other test reckons with these numbers.</summary>
public sealed class SmallCityTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseTheory]
    [InlineData("SELECT count(*) FROM buildings", SmallCity.Buildings)]
    [InlineData("SELECT sum(households) FROM buildings", SmallCity.Households)]
    [InlineData("SELECT sum(residents) FROM buildings", SmallCity.Residents)]
    [InlineData("SELECT count(*) FROM buildings WHERE grid_id IS NULL OR area_id NOT IN (5, 6, 7)", 0)]
    [InlineData("SELECT count(DISTINCT grid_id) FROM buildings", 9)]
    [InlineData("SELECT count(*) FROM incidents WHERE reported_at >= '2026-03-01 00:00+08'", SmallCity.MarchIncidents)]
    [InlineData("SELECT count(*) FROM incidents WHERE reported_at < '2026-03-01 00:00+08'", SmallCity.FebruaryIncidents)]
    [InlineData("SELECT count(*) FROM incidents WHERE status = 'closed' AND reported_at >= '2026-03-01 00:00+08'", SmallCity.ClosedInMarch)]
    [InlineData("SELECT count(*) FROM incidents WHERE status = 'reported'", SmallCity.ReportedInMarch)]
    [InlineData("SELECT count(*) FROM incidents WHERE status = 'in-progress' AND due_at < now()", SmallCity.OverdueInMarch)]
    [InlineData("SELECT count(*) FROM incidents WHERE reported_at >= '2026-03-01 00:00+08' AND grid_id <> extract(day FROM reported_at AT TIME ZONE 'Asia/Shanghai')", 0)]
    [InlineData("SELECT grid_id FROM buildings WHERE code = 'B-office'", 5)]
    public async Task Its_rows_are_as_described(string sql, long expected) =>
        (await city.Scratch.Scalar<object>(sql)).ShouldNotBeNull().ToString().ShouldBe(expected.ToString());

    [DatabaseFact]
    public async Task Ids_and_codes_are_reckoned_as_described() =>
        (await city.Scratch.Scalar<string>($"SELECT code FROM grids WHERE id = {SmallCity.GridId(1, 2)}")).ShouldBe(SmallCity.GridCode(1, 2));
}
