using GridMap.Server.Import;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Import;

/// <summary>The shipped profile of Cambridge against figures that the city and the census published.</summary>
public sealed class CambridgeTests(CambridgeCity city) : IClassFixture<CambridgeCity>
{
    [RealDataFact]
    public async Task Boundaries_AreThePublishedNumber()
    {
        (await city.Count("areas", "level = 'city'")).ShouldBe(1);
        (await city.Count("areas", "level = 'community'")).ShouldBe(13);
        (await city.Count("grids")).ShouldBe(117);
        (await city.Count("areas", "level = 'community' AND parent_id = (SELECT id FROM areas WHERE level = 'city')")).ShouldBe(13);
        (await city.Count("grids", "area_id IN (SELECT id FROM areas WHERE level = 'community')")).ShouldBe(117);
    }

    [RealDataFact]
    public async Task Communities_TileTheCity()
    {
        var difference = await city.Scratch.Scalar<double>("""
            SELECT abs(sum(ST_Area(geom::geography)) FILTER (WHERE level = 'community') - sum(ST_Area(geom::geography)) FILTER (WHERE level = 'city')) FROM areas
            """);
        difference.ShouldBeLessThan(50, "square metres of 18.46 square kilometres, with every vertex moved by up to 5 mm");
    }

    [RealDataFact]
    public async Task Population_IsTheCensusOf2000_InCellsAndInGrids()
    {
        (await city.Count("population_cells")).ShouldBe(886);
        (await city.Scratch.Scalar<long>("SELECT sum(residents) FROM population_cells")).ShouldBe(101_355);
        (await city.Scratch.Scalar<long>("SELECT sum(residents) FROM grids")).ShouldBe(101_355);
    }

    [RealDataFact]
    public async Task Buildings_HoldExactlyThePeopleOfTheirBlocks()
    {
        var wrong = await city.Scratch.Scalar<long>("""
            SELECT count(*) FROM (
                SELECT cell.id, cell.residents, sum(b.residents) AS placed
                FROM (SELECT DISTINCT ON (b.id) b.id, b.residents, cell.id AS cell
                      FROM buildings AS b JOIN population_cells AS cell ON ST_Intersects(cell.geom, b.centre)
                      WHERE b.use IN ('residential', 'mixed') ORDER BY b.id, cell.code) AS b
                JOIN population_cells AS cell ON cell.id = b.cell
                GROUP BY cell.id) AS blocks
            WHERE residents <> placed
            """);
        wrong.ShouldBe(0);
        (await city.Scratch.Scalar<long>("SELECT sum(residents) FROM buildings")).ShouldBeGreaterThan(10_000);
        (await city.Scratch.Scalar<long>("SELECT sum(residents) FROM buildings WHERE use NOT IN ('residential', 'mixed')")).ShouldBe(0);
    }

    [RealDataTheory]
    [InlineData("school", 50)]
    [InlineData("library", 7)]
    [InlineData("fire-station", 8)]
    [InlineData("police-station", 2)]
    [InlineData("hospital", 3)]
    [InlineData("day-care", 87)]
    [InlineData("elderly-care", 23)]
    [InlineData("municipal-building", 24)]
    [InlineData("playground", 67)]
    [InlineData("litter-barrel", 990)]
    [InlineData("polling-place", 42)]
    [InlineData("shelter", 15)]
    public async Task Facilities_AreThePublishedNumber(string type, long expected) => (await city.Count("facilities", $"type = '{type}'")).ShouldBe(expected);

    [RealDataFact]
    public async Task Crashes_ReadIsWrittenPlusRefused_AndTheRefusedAreNamed()
    {
        var crashes = city.Report["crashes"];
        crashes.Read.ShouldBe(10_335);
        crashes.Inserted.ShouldBe(9_110);
        crashes.Refused.ShouldBe(1_225);
        crashes.RefusedByReason.ShouldHaveSingleItem().ShouldBe(new ReasonCount("has no coordinates", 1_225));
        crashes.RefusedRows[0].ShouldBe(new RowNote("incidents/police_crash_data_historical.csv", 1, "CRASH-24029", "has no coordinates"));
        (await city.Count("incidents", "number LIKE 'CRASH-%'")).ShouldBe(9_110);
    }

    [RealDataFact]
    public void EveryStep_AccountsForEveryRow()
    {
        city.Report.Steps.Count.ShouldBe(33);
        foreach (var step in city.Report.Steps.Where(step => !step.Name.StartsWith("people of", StringComparison.Ordinal)))
            (step.Read + step.ExtraParts).ShouldBe(step.LeftOut + step.Refused + step.Inserted + step.Updated + step.Unchanged + step.Kept, step.Name);
        city.Report.Steps.Sum(step => step.RefusedRows.Count + step.RepairedRows.Count).ShouldBe(ImportReport.ListedRows);
    }

    [RealDataFact]
    public async Task LocalTimes_FollowTheClockChanges()
    {
        // 12:53 PM on 3 March 2010 is standard time (UTC-5), 11:55 PM on 2 August 2010 daylight time (UTC-4).
        var times = await city.Scratch.Scalar<long>("""
            SELECT count(*) FROM incidents WHERE number LIKE 'CRASH-%'
              AND extract(hour FROM reported_at AT TIME ZONE 'America/New_York') = extract(hour FROM reported_at AT TIME ZONE 'UTC' - CASE
                    WHEN reported_at BETWEEN '2010-03-14T07:00Z' AND '2010-11-07T05:59:59Z' THEN interval '4 hours' ELSE interval '5 hours' END)
              AND reported_at < '2011-01-01'
            """);
        times.ShouldBe(await city.Count("incidents", "number LIKE 'CRASH-%' AND reported_at < '2011-01-01'"));
        times.ShouldBeGreaterThan(500);
    }

    [RealDataFact]
    public async Task WalkingNetwork_IsSidewalks_AndStreetsAreNamed()
    {
        (await city.Count("roads", "walkable AND class IN ('footpath', 'crossing')")).ShouldBe(13_353);
        (await city.Count("roads", "NOT walkable AND name <> ''")).ShouldBeGreaterThan(2_500);
        city.Report["sidewalks"].RefusedByReason.ShouldHaveSingleItem().Reason.ShouldBe("has no length");
    }

    [RealDataFact]
    public async Task Feet_BecomeDegrees_InTheRightPlace()
    {
        // The Kendall buildings are in feet of the Massachusetts plane; their hull is published in degrees.
        var within = await city.Scratch.Scalar<bool>("""
            SELECT ST_Extent(geom)::geometry @ ST_MakeEnvelope(-71.0985, 42.3550, -71.0680, 42.3745, 4326) FROM buildings
            """);
        within.ShouldBeTrue();
        (await city.Scratch.Scalar<double>("SELECT sum(ST_Area(geom::geography)) FROM buildings")).ShouldBeInRange(850_000, 910_000);
    }

    [RealDataFact]
    public async Task SecondRun_WritesNothing_AndLogsNothing()
    {
        var before = await city.Count("changes");
        var again = await city.Import(ProfileReader.Find("cambridge"), RealData.Path("cambridge_ma"));
        again.Inserted.ShouldBe(0);
        again.Updated.ShouldBe(0);
        again.Refused.ShouldBe(city.Report.Refused);
        again.Steps.Sum(step => step.Unchanged + step.Kept).ShouldBeGreaterThan(30_000);
        (await city.Count("changes")).ShouldBe(before);
        (await city.Count("pg_namespace", "nspname LIKE 'import%'")).ShouldBe(0, "staging schemas are dropped");
    }
}
