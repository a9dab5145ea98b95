using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Coverage;

public sealed class CoverageTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task Three_hundred_metres_around_the_centre_reach_the_office_alone_and_nobody()
    {
        // Grid 5's buildings are 0.003° away in both directions: 438 m.
        var cover = await city.Anyone.Json("/api/coverage?facilityType=party-centre&minutes=5");
        cover.At("facilities").GetInt64().ShouldBe(1);
        cover.At("radiusMetres").GetDouble().ShouldBe(300);
        cover.At("method").GetString().ShouldBe("circle");
        cover.At("total", "buildings").GetInt64().ShouldBe(SmallCity.Buildings);
        cover.At("total", "buildingsCovered").GetInt64().ShouldBe(1);
        cover.At("total", "residentsPercent").GetDouble().ShouldBe(0);
    }

    [DatabaseFact]
    public async Task Five_hundred_metres_reach_the_four_buildings_of_the_centre_grid()
    {
        var cover = await city.Anyone.Json("/api/coverage?facilityType=party-centre&radiusMetres=500");
        cover.At("total", "residentsCovered").GetInt64().ShouldBe(120);
        cover.At("total", "residentsPercent").GetDouble().ShouldBe(11.11);
        cover.At("byGrid").EnumerateArray().Single(grid => grid.At("residentsCovered").GetInt64() > 0).At("id").GetInt64().ShouldBe(5);
        var gaps = cover.At("gaps", "features").EnumerateArray().ToList();
        gaps.Sum(gap => gap.At("properties", "residents").GetInt64()).ShouldBe(SmallCity.Residents - 120);
        gaps.Sum(gap => gap.At("properties", "buildings").GetInt64()).ShouldBe(32);
        var residents = gaps.Select(gap => gap.At("properties", "residents").GetInt64()).ToList();
        residents.ShouldBe(residents.OrderDescending());
        gaps.ShouldAllBe(gap => gap.At("properties", "nearestMetres").GetDouble() > 500);
        gaps.ShouldAllBe(gap => gap.At("geometry", "type").GetString() == "MultiPolygon");
    }

    [DatabaseTheory]
    [InlineData("facilityType=governance&radiusMetres=700")]
    [InlineData("facilityType=governance&radiusMetres=1234.5")]
    [InlineData("facilityType=pharmacy&minutes=15")]
    [InlineData("facilityType=pharmacy&minutes=15&areaId=3")]
    [InlineData("facilityType=library")]
    [InlineData("facilityType=governance&radiusMetres=10000")]
    public async Task The_parts_of_every_list_add_up_to_the_total_which_plain_sql_confirms(string question)
    {
        var cover = await city.Anyone.Json($"/api/coverage?{question}");
        foreach (var list in new[] { "byStreet", "byCommunity", "byGrid" })
        {
            foreach (var figure in new[] { "buildings", "buildingsCovered", "households", "householdsCovered", "residents", "residentsCovered" })
                cover.At(list).EnumerateArray().Sum(part => part.At(figure).GetInt64()).ShouldBe(cover.At("total", figure).GetInt64(), $"{list} {figure}");
        }
        var types = cover.At("facilityType").GetString() switch { "governance" => "'party-centre', 'party-station'", var type => $"'{type}'" };
        var where = question.Contains("areaId=3", StringComparison.Ordinal) ? "area_id IN (5, 6)" : "TRUE";
        var expected = await city.Scratch.Scalar<string>($"""
            SELECT count(*) || ' ' || coalesce(sum(residents), 0) FROM buildings WHERE {where} AND EXISTS (
                SELECT FROM facilities WHERE type IN ({types}) AND ST_Distance(facilities.geom::geography, buildings.centre::geography) <= {cover.At("radiusMetres")})
            """);
        $"{cover.At("total", "buildingsCovered")} {cover.At("total", "residentsCovered")}".ShouldBe(expected);
    }

    [DatabaseFact]
    public async Task Without_a_facility_everybody_is_in_a_gap_without_a_distance()
    {
        var cover = await city.Anyone.Json("/api/coverage?facilityType=library&radiusMetres=300");
        cover.At("facilities").GetInt64().ShouldBe(0);
        cover.At("noneReason").GetString().ShouldBe("none");
        cover.At("total", "residentsCovered").GetInt64().ShouldBe(0);
        var gaps = cover.At("gaps", "features").EnumerateArray().ToList();
        gaps.Sum(gap => gap.At("properties", "residents").GetInt64()).ShouldBe(SmallCity.Residents);
        gaps.ShouldAllBe(gap => gap.At("properties", "nearestMetres").ValueKind == JsonValueKind.Null);
    }

    [DatabaseFact]
    public async Task A_tier_narrows_the_facilities_and_a_parent_type_widens_them()
    {
        (await city.Anyone.Json("/api/coverage?facilityType=governance")).At("facilities").GetInt64().ShouldBe(2);
        (await city.Anyone.Json("/api/coverage?facilityType=governance&tier=street")).At("facilities").GetInt64().ShouldBe(1);
        var other = await city.Anyone.Json("/api/coverage?facilityType=governance&tier=none");
        (other.At("facilities").GetInt64(), other.At("noneReason").GetString()).ShouldBe((0, "other-tier"));
    }

    [DatabaseFact]
    public async Task Clusters_are_those_of_the_database_and_each_outline_holds_its_homes()
    {
        // 400 homes at random over the city, seen from a type that nobody offers.
        await city.Scratch.Execute("""
            SELECT setseed(0.5);
            INSERT INTO buildings (code, use, households, residents, geom)
            SELECT 'random-' || n, 'residential', 1, 1, ST_Multi(ST_Expand(ST_SetSRID(ST_MakePoint(119.9405 + random() * 0.029, 31.7705 + random() * 0.029), 4326), 0.00005)) FROM generate_series(1, 400) AS n
            """);
        try
        {
            var gaps = (await city.Anyone.Json("/api/coverage?facilityType=library")).At("gaps", "features").EnumerateArray().ToList();
            var expected = await city.Server.Database.Query($"""
                SELECT count(*), ST_AsBinary(ST_Collect(centre)) FROM (
                    SELECT centre, ST_ClusterDBSCAN(ST_Transform(centre, 4549), 150, 1) OVER () AS cluster FROM buildings WHERE residents > 0
                ) AS clustered GROUP BY cluster ORDER BY 1 DESC
                """, row => row.GetInt64(0), CancellationToken.None);
            gaps.Select(gap => gap.At("properties", "buildings").GetInt64()).OrderDescending().ShouldBe(expected);
            expected.Count.ShouldBeInRange(5, 200);
            (await city.Server.Database.Scalar<long>($"""
                SELECT count(*) FROM buildings WHERE residents > 0 AND (
                    SELECT count(*) FROM unnest({gaps.Select(gap => gap.At("geometry").ToString()).ToArray()}) AS outline WHERE ST_Contains(ST_GeomFromGeoJSON(outline), centre)) <> 1
                """, CancellationToken.None)).ShouldBe(0);
        }
        finally
        {
            await city.Scratch.Execute("DELETE FROM buildings WHERE code LIKE 'random-%'");
        }
    }

    [DatabaseFact]
    public async Task Neighbours_within_150_metres_make_one_gap_with_its_polygon_around_them()
    {
        // Buildings of neighbouring grids are 0.004° apart: 379 m; so each of the 36 stands alone, until two are put beside B-0-0-1.
        await city.Scratch.Execute("""
            INSERT INTO buildings (code, use, households, residents, geom)
            SELECT 'beside-' || n, 'residential', 5, 15, ST_Multi(ST_MakeEnvelope(119.942 + n * 0.001 - 0.0001, 31.7719, 119.942 + n * 0.001 + 0.0001, 31.7721, 4326)) FROM generate_series(1, 2) AS n
            """);
        try
        {
            var gaps = (await city.Anyone.Json("/api/coverage?facilityType=library")).At("gaps", "features");
            gaps.At(0, "properties", "buildings").GetInt64().ShouldBe(3);
            gaps.At(0, "properties", "residents").GetInt64().ShouldBe(60);
            (await city.Server.Database.Scalar<bool>($"""
                SELECT bool_and(ST_Contains(ST_GeomFromGeoJSON({gaps.At(0, "geometry").ToString()}), centre)) FROM buildings WHERE code = 'B-0-0-1' OR code LIKE 'beside-%'
                """, CancellationToken.None)).ShouldBeTrue();
        }
        finally
        {
            await city.Scratch.Execute("DELETE FROM buildings WHERE code LIKE 'beside-%'");
        }
    }
}
