using System.Net;
using System.Text.Json;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Isochrones;

public sealed class IsochroneTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    [DatabaseFact]
    public async Task Rings_nest_hold_their_buildings_and_say_what_the_circle_claims()
    {
        foreach (var (lon, lat) in await town.Homes(4))
        {
            var answer = await town.Anyone.Json($"/api/isochrone?lon={lon}&lat={lat}&minutes=5,10,15");
            answer.At("method").GetString().ShouldBe("walking");
            answer.At("metresPerMinute").GetDouble().ShouldBe(60);
            var rings = answer.At("features").EnumerateArray().ToList();
            rings.Select(ring => ring.At("properties", "metres").GetDouble()).ShouldBe([300, 600, 900]);
            var residents = rings.Select(ring => ring.At("properties", "inside", "residents").GetInt64()).ToList();
            residents.ShouldBe(residents.Order());
            foreach (var ring in rings)
            {
                var (inside, circle) = (ring.At("properties", "inside"), ring.At("properties", "circle"));
                inside.At("residents").GetInt64().ShouldBeLessThanOrEqualTo(circle.At("residents").GetInt64());
                var plain = await town.Scratch.Scalar<string>($"""
                    SELECT count(*) || ' ' || coalesce(sum(residents), 0) FROM buildings
                    WHERE ST_Distance(centre::geography, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography) <= {ring.At("properties", "metres")}
                    """);
                $"{circle.At("buildings")} {circle.At("residents")}".ShouldBe(plain);
            }

            var nested = await town.Server.Database.QueryOne($"""
                WITH rings AS (SELECT n, ST_GeomFromGeoJSON(ring) AS geom FROM unnest({rings.Select(ring => ring.At("geometry").ToString()).ToArray()}) WITH ORDINALITY AS listed (ring, n))
                SELECT bool_and(ST_IsValid(geom)), max(ST_Area(ST_Difference(a.geom, (SELECT b.geom FROM rings AS b WHERE b.n = a.n + 1))::geography)),
                       (SELECT count(*) FROM buildings WHERE ST_Intersects(centre, (SELECT geom FROM rings WHERE n = 3)))
                FROM rings AS a
                """, row => (Valid: row.GetBoolean(0), Over: row.GetDouble(1), Drawn: row.GetInt64(2)), CancellationToken.None);
            nested.Valid.ShouldBeTrue();
            nested.Over.ShouldBeLessThan(0.5, "an inner ring is within the outer one, but for the 1e-7° of the answer");
            var decided = rings[2].At("properties", "inside", "buildings").GetInt64();
            ((double)nested.Drawn).ShouldBeInRange(decided * 0.96, decided * 1.04);
        }
    }

    [DatabaseFact]
    public async Task Who_is_inside_is_who_is_near_enough_on_foot()
    {
        var homes = await town.Homes(30);
        var (lon, lat) = homes[0];
        var answer = await town.Anyone.Json($"/api/isochrone?lon={lon}&lat={lat}&minutes=10");
        var near = await town.Server.Database.Query($"""
            SELECT ST_X(centre), ST_Y(centre), residents FROM buildings WHERE ST_DWithin(centre::geography, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography, 600) ORDER BY id
            """, row => (Lon: row.GetDouble(0), Lat: row.GetDouble(1), Residents: row.GetInt64(2)), CancellationToken.None);
        var sum = 0L;
        foreach (var part in near.Chunk(100))
        {
            var distances = await town.Anyone.PostJson("/api/distances", new { from = part.Select(place => new[] { place.Lon, place.Lat }), to = new[] { new[] { lon, lat } } });
            sum += part.Select((place, i) => distances.At("metres", i, 0) is { ValueKind: JsonValueKind.Number } metres && metres.GetDouble() <= 600 ? place.Residents : 0).Sum();
        }
        answer.At("features", 0, "properties", "inside", "residents").GetInt64().ShouldBe(sum);
        sum.ShouldBeGreaterThan(0);
    }

    [DatabaseFact]
    public async Task Nobody_walks_through_the_river()
    {
        // Places within 150 m of the river, on both banks: what a ring of 300 m shows beyond the water is there only by a bridge that is walked.
        var banks = await town.Server.Database.Query($"""
            SELECT ST_X(b.centre), ST_Y(b.centre) FROM buildings AS b
            WHERE residents > 0 AND EXISTS (SELECT FROM landscapes AS l WHERE l.kind = 'water' AND ST_DWithin(l.geom::geography, b.centre::geography, 150)) ORDER BY md5(b.code) LIMIT 12
            """, row => (Lon: row.GetDouble(0), Lat: row.GetDouble(1)), CancellationToken.None);
        banks.Count.ShouldBeGreaterThan(3);
        var drawn = 0;
        foreach (var (lon, lat) in banks)
        {
            var answer = await town.Anyone.Json($"/api/isochrone?lon={lon}&lat={lat}&minutes=5");
            var far = await town.Server.Database.Query($"""
                SELECT ST_X(centre), ST_Y(centre) FROM buildings WHERE ST_Intersects(centre, ST_SetSRID(ST_GeomFromGeoJSON({answer.At("features", 0, "geometry").ToString()}), 4326)) AND EXISTS (
                    SELECT FROM landscapes AS l WHERE l.kind = 'water' AND ST_Intersects(l.geom, ST_MakeLine(centre, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326))))
                ORDER BY id LIMIT 100
                """, row => new[] { row.GetDouble(0), row.GetDouble(1) }, CancellationToken.None);
            drawn += far.Count;
            if (far.Count == 0) continue;
            var walked = await town.Anyone.PostJson("/api/distances", new { from = new[] { new[] { lon, lat } }, to = far });
            // A picture on cells of 10 m: beyond the line by no more than a cell and its diagonal.
            foreach (var metres in walked.At("metres", 0).EnumerateArray()) metres.GetDouble().ShouldBeLessThan(300 + 25, "over a bridge, or it has leaked");
        }
        Console.WriteLine($"{drawn} buildings beyond the river in {banks.Count} rings, all by a bridge");
    }

    [DatabaseFact]
    public async Task Several_places_together_apart_or_split_by_nearest()
    {
        var places = string.Join('&', (await town.Homes(3)).Select(home => $"place={home.Lon},{home.Lat}"));
        var union = (await town.Anyone.Json($"/api/isochrone?{places}&minutes=5")).At("features");
        var each = (await town.Anyone.Json($"/api/isochrone?{places}&minutes=5&combine=each")).At("features").EnumerateArray().ToList();
        var nearest = (await town.Anyone.Json($"/api/isochrone?{places}&minutes=5&combine=nearest")).At("features").EnumerateArray().ToList();
        union.GetArrayLength().ShouldBe(1);
        each.Select(feature => feature.At("properties", "origin").GetInt32()).ShouldBe([0, 1, 2]);
        nearest.Sum(feature => feature.At("properties", "inside", "buildings").GetInt64()).ShouldBe(union.At(0, "properties", "inside", "buildings").GetInt64());
        each.Sum(feature => feature.At("properties", "inside", "buildings").GetInt64()).ShouldBeGreaterThanOrEqualTo(union.At(0, "properties", "inside", "buildings").GetInt64());
    }

    [DatabaseFact]
    public async Task Parts_by_nearest_add_up_to_the_whole_also_where_a_walk_is_too_short_to_be_drawn()
    {
        var places = string.Join('&', (await town.Homes(12)).Select(home => $"place={home.Lon},{home.Lat}"));
        var union = (await town.Anyone.Json($"/api/isochrone?{places}&minutes=0.25,0.5,1")).At("features").EnumerateArray().ToList();
        var nearest = (await town.Anyone.Json($"/api/isochrone?{places}&minutes=0.25,0.5,1&combine=nearest")).At("features").EnumerateArray().ToList();
        nearest.Select(part => part.At("properties", "origin").GetInt32()).ShouldBe([.. Enumerable.Range(0, 12), .. Enumerable.Range(0, 12), .. Enumerable.Range(0, 12)]);
        nearest.ShouldContain(part => part.At("geometry", "coordinates").GetArrayLength() == 0 && part.At("properties", "inside", "buildings").GetInt64() > 0, "or the test would not tell");
        foreach (var whole in union.Select(whole => whole.At("properties")))
        {
            nearest.Select(part => part.At("properties")).Where(part => part.At("minutes").GetDouble() == whole.At("minutes").GetDouble())
                .Sum(part => part.At("inside", "residents").GetInt64()).ShouldBe(whole.At("inside", "residents").GetInt64());
        }
    }

    [DatabaseFact]
    public async Task Slower_people_get_less_far_and_every_answer_says_how_fast_they_walk()
    {
        var (lon, lat) = (await town.Homes(1))[0];
        var adult = await town.Anyone.Json($"/api/isochrone?lon={lon}&lat={lat}&minutes=10");
        var elder = await town.Anyone.Json($"/api/isochrone?lon={lon}&lat={lat}&minutes=10&profile=elder");
        elder.At("metresPerMinute").GetDouble().ShouldBe(48);
        elder.At("features", 0, "properties", "metres").GetDouble().ShouldBe(480);
        elder.At("features", 0, "properties", "inside", "residents").GetInt64().ShouldBeLessThan(adult.At("features", 0, "properties", "inside", "residents").GetInt64());
    }

    [DatabaseFact]
    public async Task The_circle_shows_the_walk_beside_itself()
    {
        var (lon, lat) = (await town.Homes(1))[0];
        var circle = await town.Anyone.Json($"/api/circle?lon={lon}&lat={lat}&minutes=5");
        var walk = (await town.Anyone.Json($"/api/isochrone?lon={lon}&lat={lat}&minutes=5")).At("features", 0, "properties");
        circle.At("walk", "buildings", "residents").GetInt64().ShouldBe(walk.At("inside", "residents").GetInt64());
        circle.At("buildings", "residents").GetInt64().ShouldBe(walk.At("circle", "residents").GetInt64());
        circle.At("walk", "overClaimPercent").GetDouble().ShouldBe(walk.At("overClaimPercent").GetDouble());
        // A place in the middle of nowhere has a circle, and no walk.
        (await town.Anyone.Json("/api/circle?lon=118.5&lat=31&minutes=5")).At("walk").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [DatabaseTheory]
    [InlineData("", "lon")]
    [InlineData("lon=120", "lat")]
    [InlineData("lon=120&lat=31.8&place=120,31.8", "lon")]
    [InlineData("place=120", "place")]
    [InlineData("lon=120&lat=31.8&minutes=0", "minutes")]
    [InlineData("lon=120&lat=31.8&minutes=10,5", "minutes")]
    [InlineData("lon=120&lat=31.8&minutes=500", "minutes")]
    [InlineData("lon=120&lat=31.8&minutes=1,2,3,4,5,6,7", "minutes")]
    [InlineData("lon=120&lat=31.8&profile=bird", "profile")]
    [InlineData("lon=120&lat=31.8&profile=adult&metresPerMinute=70", "metresPerMinute")]
    [InlineData("lon=118.5&lat=31", "lon")]
    [InlineData("place=120,31.8&place=118.5,31", "place[1]")]
    [InlineData("lon=120&lat=31.8&combine=some", "combine")]
    public async Task What_cannot_be_answered_is_refused_by_name(string question, string field)
    {
        using var response = await town.Anyone.GetAsync($"/api/isochrone?{question}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldBe([field]);
    }
}
