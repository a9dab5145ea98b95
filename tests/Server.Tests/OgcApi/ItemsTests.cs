using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.OgcApi;

public sealed class ItemsTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task Items_are_RFC_7946_features_with_ids_links_and_counts()
    {
        var response = await city.Anyone.GetAsync("/ogc/collections/buildings/items?limit=5");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/geo+json");
        var page = await Json(response);
        page.GetProperty("type").GetString().ShouldBe("FeatureCollection");
        page.GetProperty("features").GetArrayLength().ShouldBe(5);
        page.GetProperty("numberMatched").GetInt32().ShouldBe(SmallCity.Buildings);
        page.GetProperty("numberReturned").GetInt32().ShouldBe(5);
        page.TryGetProperty("crs", out _).ShouldBeFalse();
        foreach (var feature in page.GetProperty("features").EnumerateArray())
        {
            feature.GetProperty("type").GetString().ShouldBe("Feature");
            feature.GetProperty("id").ValueKind.ShouldBe(JsonValueKind.Number);
            feature.GetProperty("properties").ValueKind.ShouldBe(JsonValueKind.Object);
            foreach (var polygon in feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray())
                SignedArea(polygon[0]).ShouldBeGreaterThan(0, "an exterior ring is counterclockwise");
        }
        Rels(page).ShouldBe(["self", "alternate", "collection", "next"]);
    }

    [DatabaseFact]
    public async Task A_walk_by_next_links_meets_every_feature_once()
    {
        var ids = await Walk("/ogc/collections/incidents/items?limit=7&category=E0102");
        ids.Count.ShouldBe(ids.Distinct().Count());
        ids.Count.ShouldBe((int)await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE category = 'E0102'"));
    }

    [DatabaseFact]
    public async Task A_walk_while_others_write_neither_loses_nor_repeats_what_was_there()
    {
        var before = await Ids("SELECT id FROM facilities");
        await city.Scratch.Execute("INSERT INTO facilities (code, name, type, geom) SELECT 'W' || n, 'walk', 'pharmacy', 'SRID=4326;POINT(119.951 31.781)' FROM generate_series(1, 200) AS n");
        before = await Ids("SELECT id FROM facilities");
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
                await city.Scratch.Execute($"INSERT INTO facilities (code, name, type, geom) VALUES ('C{i}', 'new', 'pharmacy', 'SRID=4326;POINT(119.952 31.782)')");
        });
        var met = await Walk("/ogc/collections/facilities/items?limit=9");
        await writing;
        met.Count.ShouldBe(met.Distinct().Count());
        before.Except(met).ShouldBeEmpty();
        await city.Scratch.Execute("DELETE FROM facilities WHERE code ~ '^[WC][0-9]'");
    }

    [DatabaseTheory]
    [InlineData("119.94,31.77,119.9499,31.7799", 1)]       // inside the south-west grid
    [InlineData("119.94,31.77,119.97,31.80", 9)]
    [InlineData("0,0,1,1", 0)]
    [InlineData("119.94,31.77,0,119.9499,31.7799,100", 1)] // with heights
    [InlineData("170,-10,-170,60", 0)]                      // over the antimeridian
    [InlineData("119,31,-170,32", 9)]
    public async Task A_box_selects_by_real_intersection(string bbox, int expected)
    {
        var page = await Json(await city.Anyone.GetAsync($"/ogc/collections/grids/items?limit=100&net=base&kind=base&datetime=2026-06-01&bbox={bbox}"));
        page.GetProperty("numberMatched").GetInt32().ShouldBe(expected);
    }

    [DatabaseTheory]
    [InlineData("2024-01-01T00:00:00Z", 3)]          // each community was one grid then
    [InlineData("2026-01-01T00:00:00Z", 9)]
    [InlineData("../2024-01-01T00:00:00Z", 3)]
    [InlineData("2026-01-01T00:00:00%2B08:00/..", 9)]
    [InlineData("2024-01-01T00:00:00Z/2026-01-01T00:00:00Z", 12)]
    public async Task Datetime_selects_the_boundaries_of_that_time(string datetime, int expected)
    {
        var page = await Json(await city.Anyone.GetAsync($"/ogc/collections/grids/items?limit=100&net=base&kind=base&datetime={datetime}"));
        page.GetProperty("numberMatched").GetInt32().ShouldBe(expected);
    }

    [DatabaseFact]
    public async Task The_number_of_matches_is_that_of_the_version_that_is_sent()
    {
        using var writing = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !writing.IsCancellationRequested; i++)
                await city.Scratch.Execute($"BEGIN; DELETE FROM facilities WHERE name = 'mixed {writer}'; INSERT INTO facilities (code, name, type, geom) SELECT 'MIX' || {writer} || '-' || {i} || '-' || n, 'mixed {writer}', 'pharmacy', 'SRID=4326;POINT(119.95 31.78)' FROM generate_series(1, {1 + (i % 6)}) AS n; COMMIT");
        })).ToList();
        var (watch, asked) = (System.Diagnostics.Stopwatch.StartNew(), 0);
        for (; asked < 5 || watch.Elapsed < TimeSpan.FromSeconds(3); asked++)
        {
            foreach (var query in new[] { "name=mixed 1", "name=mixed 2&sortby=-code", "filter=name='mixed 3'", "filter=name LIKE 'mixed%25'&sortby=-code" })
            {
                var page = await Json(await city.Anyone.GetAsync($"/ogc/collections/facilities/items?limit=1000&{query.Replace(" ", "%20")}"));
                page.GetProperty("features").GetArrayLength().ShouldBe(page.GetProperty("numberMatched").GetInt32(), query);
            }
        }
        await writing.CancelAsync();
        await Task.WhenAll(writers);
        await city.Scratch.Execute("DELETE FROM facilities WHERE name LIKE 'mixed%'");
    }

    [DatabaseFact]
    public async Task A_day_is_the_whole_day_also_as_an_end()
    {
        await city.Scratch.Execute("INSERT INTO incidents (category, title, reported_at, geom) VALUES ('E0102', 'a', '2021-05-04T23:59:59.5Z', 'SRID=4326;POINT(119.955 31.785)'), ('E0102', 'b', '2021-05-05T00:00:00Z', 'SRID=4326;POINT(119.955 31.785)'), ('E0102', 'c', '2021-05-05T23:59:59.999999Z', 'SRID=4326;POINT(119.955 31.785)'), ('E0102', 'd', '2021-05-06T00:00:00Z', 'SRID=4326;POINT(119.955 31.785)')");
        foreach (var (datetime, expected) in new[] { ("2021-05-05", 2), ("2021-05-05/2021-05-05", 2), ("2021-05-04/2021-05-05", 3), ("2021-05-05T12:00:00Z/2021-05-05", 1), ("2021-05-04/2021-05-05T00:00:00Z", 2), ("../2021-05-05", 3) })
            (await Json(await city.Anyone.GetAsync($"/ogc/collections/incidents/items?filter=reportedAt<DATE('2022-01-01')&datetime={datetime}"))).GetProperty("numberMatched").GetInt32().ShouldBe(expected, datetime);
        (await Json(await city.Anyone.GetAsync("/ogc/collections/incidents/items?filter=T_INTERSECTS(reportedAt,INTERVAL('2021-05-05T12:00:00Z','2021-05-05'))"))).GetProperty("numberMatched").GetInt32().ShouldBe(1);
        await city.Scratch.Execute("DELETE FROM incidents WHERE reported_at < '2022-01-01'");
    }

    [DatabaseTheory]
    [InlineData("grids", "119.945,31.775,119.945,31.775")]
    [InlineData("grids", "119.945,31.7,119.945,31.9")]
    [InlineData("buildings", "119.94,31.772,119.95,31.772")]
    public async Task A_box_without_width_or_height_is_a_point_or_a_line(string collection, string box)
    {
        var page = await Json(await city.Anyone.GetAsync($"/ogc/collections/{collection}/items?limit=100&bbox={box}"));
        var same = await Json(await city.Anyone.GetAsync($"/ogc/collections/{collection}/items?limit=100&filter=S_INTERSECTS(geometry,BBOX({box}))"));
        page.GetProperty("numberMatched").GetInt32().ShouldBeGreaterThan(0);
        page.GetProperty("features").GetRawText().ShouldBe(same.GetProperty("features").GetRawText());
    }

    [DatabaseFact]
    public async Task An_unchanged_page_is_304_and_a_change_by_any_program_ends_that_at_once()
    {
        var first = await city.Anyone.GetAsync("/ogc/collections/areas/items");
        (await Conditional("/ogc/collections/areas/items", first.Headers.ETag!)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        await city.Scratch.Execute($"UPDATE areas SET name_en = 'Renamed' WHERE id = {SmallCity.Community1Id}");
        var after = await Conditional("/ogc/collections/areas/items", first.Headers.ETag!);
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await after.Content.ReadAsStringAsync()).ShouldContain("Renamed");
    }

    [DatabaseFact]
    public async Task A_change_that_began_early_and_committed_late_ends_304_too()
    {
        await using var early = await city.Scratch.Source.OpenConnectionAsync();
        await using var transaction = await early.BeginTransactionAsync();
        await using (var command = early.CreateCommand())
        {
            command.CommandText = "UPDATE roads SET name = 'early' WHERE false; INSERT INTO roads (code, class, geom) VALUES ('EARLY', 'lane', 'SRID=4326;LINESTRING(119.95 31.78, 119.96 31.78)')";
            await command.ExecuteNonQueryAsync();
        }
        await city.Scratch.Execute("INSERT INTO roads (code, class, geom) VALUES ('LATE', 'lane', 'SRID=4326;LINESTRING(119.95 31.79, 119.96 31.79)')");
        var between = await city.Anyone.GetAsync("/ogc/collections/roads/items?code=EARLY");
        await transaction.CommitAsync();
        await city.Scratch.Seen!();
        var after = await Conditional("/ogc/collections/roads/items?code=EARLY", between.Headers.ETag!);
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Json(after)).GetProperty("numberReturned").GetInt32().ShouldBe(1);
    }

    [DatabaseFact]
    public async Task One_feature_has_its_links_and_an_unknown_one_is_404()
    {
        var feature = await Json(await city.Anyone.GetAsync("/ogc/collections/grids/items/1"));
        feature.GetProperty("id").GetInt64().ShouldBe(1);
        Rels(feature).ShouldBe(["self", "alternate", "collection"]);
        foreach (var unknown in new[] { "999999", "x", "-1", "99999999999999999999", "1.5" })
        {
            var response = await city.Anyone.GetAsync($"/ogc/collections/grids/items/{unknown}");
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    [DatabaseTheory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Answers_are_compressed_on_request(string encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/collections/buildings/items?limit=30");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        var response = await city.Anyone.SendAsync(request);
        response.Content.Headers.ContentEncoding.ShouldBe([encoding]);
    }

    [DatabaseFact]
    public async Task Negative_limits_are_refused_and_large_ones_mean_the_most()
    {
        (await city.Anyone.GetAsync("/ogc/collections/grids/items?limit=-1")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await city.Anyone.GetAsync("/ogc/collections/grids/items?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await city.Anyone.GetAsync("/ogc/collections/grids/items?limit=999999999")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<List<long>> Walk(string url)
    {
        var ids = new List<long>();
        for (var next = url; next is not null;)
        {
            var page = await Json(await city.Anyone.GetAsync(next));
            ids.AddRange(page.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetInt64()));
            next = page.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == "next").Select(link => link.GetProperty("href").GetString()).FirstOrDefault();
            ids.Count.ShouldBeLessThan(100_000);
        }
        return ids;
    }

    private async Task<List<long>> Ids(string sql)
    {
        var ids = new List<long>();
        await using var command = city.Scratch.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) ids.Add(reader.GetInt64(0));
        return ids;
    }

    private async Task<HttpResponseMessage> Conditional(string url, EntityTagHeaderValue etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.IfNoneMatch.Add(etag);
        return await city.Anyone.SendAsync(request);
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static string?[] Rels(JsonElement document) => document.GetProperty("links").EnumerateArray().Select(link => link.GetProperty("rel").GetString()).ToArray();

    private static double SignedArea(JsonElement ring)
    {
        var area = 0.0;
        for (var i = 0; i + 1 < ring.GetArrayLength(); i++)
            area += (ring[i][0].GetDouble() * ring[i + 1][1].GetDouble()) - (ring[i + 1][0].GetDouble() * ring[i][1].GetDouble());
        return area / 2;
    }
}
