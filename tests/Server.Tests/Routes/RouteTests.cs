using System.Net;
using System.Text.Json;
using GridMap.Server.Tests.Walking;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Routes;

public sealed class RouteTests(WalkingTown town) : IClassFixture<WalkingTown>
{
    [DatabaseFact]
    public async Task The_nearest_facilities_come_in_order_with_a_way_as_long_as_they_say()
    {
        foreach (var (lon, lat) in await town.Homes(5))
        {
            var answer = await town.Anyone.Json($"/api/nearest?lon={lon}&lat={lat}&facilityType=pharmacy&count=4");
            var items = answer.At("items").EnumerateArray().ToList();
            items.Count.ShouldBe(4);
            var metres = items.Select(item => item.At("metres").GetDouble()).ToList();
            metres.ShouldBe(metres.Order());
            foreach (var item in items)
            {
                item.At("straightMetres").GetDouble().ShouldBeLessThanOrEqualTo(item.At("metres").GetDouble() + 0.01);
                var length = await town.Server.Database.Scalar<double>($"SELECT ST_Length(ST_GeomFromGeoJSON({item.At("route").ToString()})::geography)", CancellationToken.None);
                length.ShouldBe(item.At("metres").GetDouble(), 0.2);
            }

            var ends = items.Select(item => new[] { item.At("place", "lon").GetDouble(), item.At("place", "lat").GetDouble() });
            var matrix = await town.Anyone.PostJson("/api/distances", new { from = new[] { new[] { lon, lat } }, to = ends });
            matrix.At("metres", 0).EnumerateArray().Select(value => value.GetDouble()).ShouldBe(metres);

            // The way to the nearest road is as PostGIS measures it.
            var access = await town.Server.Database.Scalar<double>($"""
                SELECT min(ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography)) FROM roads
                WHERE walkable AND geom && ST_Expand(ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326), 0.005)
                """, CancellationToken.None);
            answer.At("accessMetres").GetDouble().ShouldBe(access, 0.01);
        }
    }

    [DatabaseFact]
    public async Task An_edit_is_walked_at_once()
    {
        var (lon, lat) = (await town.Homes(1))[0];
        var question = $"/api/nearest?lon={lon}&lat={lat}&facilityType=pharmacy&count=1";
        var before = await town.Anyone.Json(question);
        await town.Scratch.Execute($"INSERT INTO facilities (code, name, type, geom) VALUES ('beside', '新药店', 'pharmacy', ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326))");
        try
        {
            var after = await town.Anyone.Json(question);
            after.At("items", 0, "name").GetString().ShouldBe("新药店");
            // Who is there already walks nowhere.
            after.At("items", 0, "metres").GetDouble().ShouldBe(0);
            after.At("items", 0, "route", "coordinates").GetArrayLength().ShouldBe(2);
            after.At("version").GetString().ShouldNotBe(before.At("version").GetString());
            // Without its roads the place is off the network.
            await town.Scratch.Execute($"UPDATE roads SET walkable = false WHERE ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography, 250)");
            using var refused = await town.Anyone.GetAsync(question);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
        finally
        {
            await town.Scratch.Execute("UPDATE roads SET walkable = true WHERE NOT walkable; DELETE FROM facilities WHERE code = 'beside'");
        }

        (await town.Anyone.Json(question)).At("items", 0, "metres").GetDouble().ShouldBe(before.At("items", 0, "metres").GetDouble());
    }

    [DatabaseFact]
    public async Task The_nearest_people_are_those_whose_grids_are_nearest_on_foot()
    {
        var posts = JsonSerializer.Deserialize<JsonElement[]>(await town.Server.Database.Scalar<string>($"""
            SELECT json_agg(json_build_object('code', grids.code, 'at', json_build_array(ST_X(inside), ST_Y(inside)), 'people', (
                SELECT json_agg(person || coalesce(phone, '')) FROM duties WHERE duties.net_id = grids.net_id AND grid_code = grids.code AND role = 'grid-worker' AND duties.valid_to > now())))::text
            FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base' CROSS JOIN LATERAL ST_PointOnSurface(grids.geom) AS inside WHERE grids.kind <> 'special' AND grids.valid_from <= now() AND grids.valid_to > now()
            """, CancellationToken.None) ?? "[]")!;
        foreach (var (lon, lat) in await town.Homes(4))
        {
            var walks = new List<(string Code, double Metres)>();
            foreach (var some in posts.Where(post => post.At("people").ValueKind == JsonValueKind.Array).Chunk(100))
            {
                var matrix = await town.Anyone.PostJson("/api/distances", new { from = some.Select(post => post.At("at").EnumerateArray().Select(value => value.GetDouble())), to = new[] { new[] { lon, lat } } });
                walks.AddRange(some.Zip(matrix.At("metres").EnumerateArray(), (post, row) => (post.At("code").GetString()!, row.At(0).ValueKind == JsonValueKind.Number ? row.At(0).GetDouble() : double.MaxValue)));
            }
            var answer = await town.Anyone.Json($"/api/nearest/people?lon={lon}&lat={lat}&role=grid-worker&net=base&count=3");
            var items = answer.At("items").EnumerateArray().ToList();
            items.Count.ShouldBe(3);
            // Places come to the matrix on the lattice of 1e-7°, a centimetre.
            items[0].At("metres").GetDouble().ShouldBe(walks.Min(walk => walk.Metres), 0.05);
            foreach (var item in items)
            {
                item.At("metres").GetDouble().ShouldBe(walks.Single(walk => walk.Code == item.At("grid", "code").GetString()).Metres, 0.05);
                item.At("role").GetString().ShouldBe("grid-worker");
                item.At("phone").ValueKind.ShouldBe(JsonValueKind.Null);
                (await town.Server.Database.Scalar<double>($"SELECT ST_Length(ST_GeomFromGeoJSON({item.At("route").ToString()})::geography)", CancellationToken.None)).ShouldBe(item.At("metres").GetDouble(), 0.2);
                item.At("inCharge").GetBoolean().ShouldBe(await town.Server.Database.Scalar<bool>(
                    $"SELECT EXISTS (SELECT FROM grids WHERE id = {item.At("grid", "id").GetInt64()} AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)))", CancellationToken.None));
            }
            items.Select(item => item.At("metres").GetDouble()).ShouldBe(items.Select(item => item.At("metres").GetDouble()).Order());
        }
        var (x, y) = (await town.Homes(1))[0];
        (await (await town.Server.As(Server.Access.Role.Operator)).Json($"/api/nearest/people?lon={x}&lat={y}&count=1")).At("items", 0, "phone").GetString().ShouldNotBeNullOrEmpty();
        (await town.Anyone.Json($"/api/nearest/people?lon={x}&lat={y}&role=leader")).At("noneReason").GetString().ShouldBe("none");
    }

    [DatabaseTheory]
    [InlineData("lon=119.9", "lat")]
    [InlineData("lon=119.9&lat=31.7&role=mayor", "role")]
    [InlineData("lon=119.9&lat=31.7&net=nowhere", "net")]
    [InlineData("lon=119.9&lat=31.7&count=51", "count")]
    [InlineData("lon=1&lat=1", "lon")]
    public async Task Bad_questions_for_people_are_refused_by_field(string query, string field)
    {
        using var response = await town.Anyone.GetAsync("/api/nearest/people?" + query);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.At("errors", 0, "field").GetString().ShouldBe(field);
    }

    [DatabaseFact]
    public async Task Places_off_the_network_are_named_and_have_no_distance()
    {
        var (lon, lat) = (await town.Homes(1))[0];
        var matrix = await town.Anyone.PostJson("/api/distances", new { from = new[] { new[] { lon, lat }, [118.5, 31] }, to = new[] { new[] { lon, lat } } });
        matrix.At("metres", 0, 0).GetDouble().ShouldBe(0);
        matrix.At("metres", 1, 0).ValueKind.ShouldBe(JsonValueKind.Null);
        matrix.At("fromOffNetwork").EnumerateArray().Select(value => value.GetInt32()).ShouldBe([1]);
        matrix.At("toOffNetwork").GetArrayLength().ShouldBe(0);
    }

    [DatabaseFact]
    public async Task Distances_are_asked_in_one_line_and_by_a_process_too()
    {
        var places = (await town.Homes(4)).Select(home => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{home.Lon},{home.Lat}")).ToArray();
        var body = await town.Anyone.PostJson("/api/distances", new { from = places[..3].Select(Numbers), to = places[2..].Select(Numbers), mostMinutes = 100 });
        (await town.Anyone.Json($"/api/distances?{string.Join('&', places[..3].Select(place => $"from={place}"))}&to={places[2]}&to={places[3]}&mostMinutes=100")).ToString().ShouldBe(body.ToString());
        (await town.Anyone.PostJson("/ogc/processes/distances/execution", new { inputs = new { from = places[..3], to = places[2..], mostMinutes = 100 } })).ToString().ShouldBe(body.ToString());
        using var refused = await town.Anyone.GetAsync($"/api/distances?from={places[0]}");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.Fields().ShouldBe(["to"]);

        static double[] Numbers(string place) => [.. place.Split(',').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
    }

    [DatabaseTheory]
    [InlineData("{}", "from")]
    [InlineData("{\"from\":[],\"to\":[[120,31.8]]}", "from")]
    [InlineData("{\"from\":[[120]],\"to\":[[120,31.8]]}", "from[0]")]
    [InlineData("{\"from\":[[120,31.8]],\"to\":[[120,200]]}", "to[0]")]
    [InlineData("{\"from\":[[120,31.8]],\"to\":[[120,31.8]],\"profile\":\"bird\"}", "profile")]
    [InlineData("{\"from\":[[120,31.8]],\"to\":[[120,31.8]],\"mostMinutes\":0}", "mostMinutes")]
    [InlineData("{\"from\":[[120,31.8]],\"to\":[null]}", "to[0]")]
    public async Task A_matrix_that_cannot_be_is_refused_by_name(string body, string field)
    {
        using var response = await town.Anyone.PostAsync("/api/distances", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Fields().ShouldContain(field);
    }
}
