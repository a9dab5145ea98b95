using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Circles;

public sealed class CircleTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseTheory]
    // Geodesic distances from (119.948, 31.78), as PROJ and PostGIS give them: 299.3841, 300.4929, 293.6260, 303.0978 m.
    [InlineData(119.948, 31.7827, 300, true)]
    [InlineData(119.948, 31.78271, 300, false)]
    [InlineData(119.9511, 31.78, 300, true)]
    [InlineData(119.9512, 31.78, 300, false)]
    [InlineData(119.948, 31.7827, 299.385, true)]
    [InlineData(119.948, 31.7827, 299.383, false)]
    [InlineData(119.9512, 31.78, 303.098, true)]
    [InlineData(119.9512, 31.78, 303.097, false)]
    public async Task A_facility_counts_by_its_geodesic_distance(double lon, double lat, double radiusMetres, bool isInside)
    {
        await city.Scratch.Execute($"""
            INSERT INTO facilities (code, name, type, geom) VALUES ('anchor', 'anchor', 'library', ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326))
            ON CONFLICT (code) DO UPDATE SET geom = EXCLUDED.geom
            """);
        var circle = await city.Anyone.Json($"/api/circle?lon=119.948&lat=31.78&radiusMetres={radiusMetres}");
        circle.At("facilities", "byType").EnumerateArray().Any(type => type.At("type").GetString() == "library").ShouldBe(isInside);
    }

    [DatabaseFact]
    public async Task Counts_equal_plain_geography_sql_at_random_places_and_radii()
    {
        var random = new Random(7);
        var found = 0L;
        for (var i = 0; i < 40; i++)
        {
            double lon = Math.Round(119.94 + (random.NextDouble() * 0.03), 7), lat = Math.Round(31.77 + (random.NextDouble() * 0.03), 7), radius = Math.Round(50 + (random.NextDouble() * 1500), 3);
            var circle = await city.Anyone.Json($"/api/circle?lon={lon}&lat={lat}&radiusMetres={radius}&from=2026-03-01&to=2026-04-01");
            var near = $"ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography, geom::geography, true) <= {radius}";
            var expected = await city.Scratch.Scalar<string>($"""
                SELECT concat_ws(' ',
                    (SELECT count(*) || ' ' || coalesce(sum(residents), 0) || ' ' || coalesce(sum(elderly), 0) FROM buildings
                     WHERE ST_Distance(ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography, centre::geography, true) <= {radius}),
                    (SELECT count(*) || ' ' || count(*) FILTER (WHERE status IN ('reported', 'in-progress')) FROM incidents WHERE reported_at >= '2026-03-01 00:00+08' AND ST_Distance({near}),
                    (SELECT count(*) FROM facilities WHERE ST_Distance({near}))
                """);
            found += circle.At("buildings", "count").GetInt64();
            $"{circle.At("buildings", "count")} {circle.At("buildings", "residents")} {circle.At("buildings", "elderly")} {circle.At("incidents", "count")} {circle.At("incidents", "open")} {circle.At("facilities", "count")}"
                .ShouldBe(expected, $"{lon} {lat} {radius}");
        }
        found.ShouldBeGreaterThan(100);
    }

    [DatabaseFact]
    public async Task Five_minutes_are_300_metres_and_the_shares_add_up()
    {
        // The corner of four grids: a quarter of the circle in each, by symmetry up to the convergence of the meridians.
        var circle = await city.Anyone.Json("/api/circle?lon=119.95&lat=31.78&minutes=5");
        circle.At("radiusMetres").GetDouble().ShouldBe(300);
        circle.At("walkMetresPerMinute").GetDouble().ShouldBe(60);
        circle.At("areaSquareMetres").GetDouble().ShouldBe(Math.PI * 300 * 300, Math.PI * 300 * 300 * 1e-4);
        var grids = circle.At("grids").EnumerateArray().ToList();
        grids.Count.ShouldBe(4);
        foreach (var grid in grids) grid.At("shareOfCircle").GetDouble().ShouldBe(0.25, 0.0005);
        grids.Sum(grid => grid.At("shareOfCircle").GetDouble()).ShouldBe(1, 1e-6);
        foreach (var grid in grids)
            (grid.At("shareOfGrid").GetDouble() * grid.At("areaSquareMetres").GetDouble()).ShouldBe(grid.At("shareOfCircle").GetDouble() * circle.At("areaSquareMetres").GetDouble(), 0.01);
        circle.At("outline", "coordinates", 0).GetArrayLength().ShouldBe(361);
    }

    [DatabaseFact]
    public async Task Facilities_come_nearest_first_and_grids_are_those_of_the_moment()
    {
        var circle = await city.Anyone.Json("/api/circle?lon=119.955&lat=31.785&radiusMetres=5000&at=2024-01-01");
        var metres = circle.At("facilities", "items").EnumerateArray().Select(item => item.At("distanceMetres").GetDouble()).ToList();
        metres.ShouldBe(metres.Order());
        circle.At("facilities", "items", 0, "id").GetInt64().ShouldBe(1);
        circle.At("grids").EnumerateArray().Select(grid => grid.At("id").GetInt64()).Order().ShouldBe([11, 12, 13]);
        circle.At("grids").EnumerateArray().ShouldAllBe(grid => grid.At("shareOfGrid").GetDouble() > 0.999999);
        circle.At("buildings", "count").GetInt64().ShouldBe(SmallCity.Buildings);
    }

    [DatabaseFact]
    public async Task The_answer_comes_in_the_datum_of_the_question()
    {
        var circle = await city.Anyone.Json("/api/circle?lon=119.95269751653134&lat=31.77790127197919&radiusMetres=300&coord=gcj02");
        circle.At("coord").GetString().ShouldBe("gcj02");
        var outline = circle.At("outline", "coordinates", 0);
        double west = outline.EnumerateArray().Min(at => at[0].GetDouble()), east = outline.EnumerateArray().Max(at => at[0].GetDouble());
        ((west + east) / 2).ShouldBe(119.9526975, 2e-5);
        var plain = await city.Anyone.Json("/api/circle?lon=119.948&lat=31.78&radiusMetres=300");
        circle.At("buildings", "count").GetInt64().ShouldBe(plain.At("buildings", "count").GetInt64());
        circle.At("areaSquareMetres").GetDouble().ShouldBe(plain.At("areaSquareMetres").GetDouble(), 0.01);
    }
}
