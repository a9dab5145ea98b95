using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Layers;

/// <summary>Where memory does not suffice for all incidents, the recent and the open ones are in it, PostGIS has the rest, and nobody can tell.</summary>
public sealed class RecentTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task What_is_too_large_is_divided_by_time_and_answers_as_one()
    {
        // Four years, of which every seventh case is still open.
        await city.Scratch.Execute("""
            INSERT INTO incidents (category, title, reported_at, closed_at, status, geom)
            SELECT 'E0102', 'case ' || n, at, CASE WHEN n % 7 > 0 THEN at + interval '2 days' END, CASE WHEN n % 7 > 0 THEN 'closed' ELSE 'reported' END,
                   ST_SetSRID(ST_MakePoint(119.94 + (n * 7919 % 3000) * 1e-5, 31.77 + (n * 104729 % 3000) * 1e-5), 4326)
            FROM generate_series(1, 20000) AS n, LATERAL (SELECT now() - (20000 - n) * interval '100 minutes' AS at) AS spread
            """);
        await city.Server.Loaded();
        var others = 0L;
        foreach (var layer in city.Server.Copies.Layers.Where(layer => layer.Layer.Name != "incidents"))
            others += await city.Server.Database.Scalar<long>($"SELECT pg_table_size({layer.Layer.Table}::text::regclass)", default);
        var size = await city.Server.Database.Scalar<long>($"SELECT pg_table_size('incidents')", default);
        size.ShouldBeGreaterThan(4 * others);
        await using var small = city.Server.Another(("GRIDMAP_MEMORY", (others + (size / 2)).ToString(CultureInfo.InvariantCulture)));
        JsonElement incidents = default;
        await Until(async () =>
        {
            using var ready = JsonDocument.Parse(await small.Client.GetStringAsync("/health/ready"));
            incidents = ready.RootElement.At("layers").EnumerateArray().Single(layer => layer.At("name").GetString() == "incidents").Clone();
            return incidents.At("from").GetString() == "memory";
        });
        var since = incidents.At("since").GetDateTime().ToUniversalTime();
        incidents.At("rows").GetInt64().ShouldBe(await city.Server.Database.Scalar<long>($"SELECT count(*) FROM incidents WHERE reported_at >= {since} OR closed_at IS NULL", default));
        incidents.At("rows").GetInt64().ShouldBeInRange(4_000, 17_000);

        string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var old = await city.Server.Database.Scalar<long>($"SELECT max(id) FROM incidents WHERE reported_at < {since} AND closed_at IS NOT NULL", default);
        string[] addresses =
        [
            "/ogc/collections/incidents/items?limit=100", $"/ogc/collections/incidents/items?limit=500&datetime={Time(since.AddDays(1))}/..", $"/ogc/collections/incidents/items?limit=500&datetime=../{Time(since)}",
            $"/ogc/collections/incidents/items?limit=500&datetime={Time(since.AddDays(-20))}/{Time(since.AddDays(20))}&bbox=119.95,31.775,119.96,31.79", "/ogc/collections/incidents/items?limit=50&filter=closedAt%20IS%20NULL",
            "/ogc/collections/incidents/items?limit=50&sortby=-reportedAt", $"/ogc/collections/incidents/items/{old}", "/api/incidents?limit=40", "/api/hotspots/density?values=false", $"/api/hotspots/density?values=false&from={Time(since.AddDays(1))}",
        ];
        foreach (var address in addresses)
        {
            var mine = Timeless(await small.Client.GetStringAsync(address)).Replace(small.Client.BaseAddress!.Authority, city.Server.Address.Authority);
            mine.ShouldBe(Timeless(await city.Anyone.GetStringAsync(address)), address);
        }
        var tile = $"/tiles/incidents/14/13651/6664.mvt?from={Time(since.AddDays(1))}";
        (await small.Client.GetByteArrayAsync(tile)).ShouldBe(await city.Anyone.GetByteArrayAsync(tile));
        (await small.Client.GetByteArrayAsync("/tiles/incidents/14/13651/6664.mvt")).Length.ShouldBeGreaterThan(1000);

        // An open case leaves memory when it is closed, an old one comes in when it is opened again; both are told as they are.
        var open = await city.Server.Database.Scalar<long>($"SELECT max(id) FROM incidents WHERE reported_at < {since} AND closed_at IS NULL", default);
        await city.Scratch.Execute($"UPDATE incidents SET closed_at = now(), status = 'closed' WHERE id = {open}; UPDATE incidents SET closed_at = NULL, status = 'reported', title = 'again' WHERE id = {old}");
        await Until(async () => (await small.Client.GetStringAsync($"/ogc/collections/incidents/items/{old}")).Contains("again")
            && (await small.Client.Json($"/ogc/collections/incidents/items/{open}")).At("properties", "status").GetString() == "closed");
        (await small.Client.Json("/ogc/collections/incidents/items?limit=1&filter=closedAt%20IS%20NULL")).At("numberMatched").GetInt64()
            .ShouldBe(await city.Server.Database.Scalar<long>($"SELECT count(*) FROM incidents WHERE closed_at IS NULL", default));
    }

    // When an answer was made is no part of it.
    private static string Timeless(string text) => Regex.Replace(text, "\"(timeStamp|to|from)\":\"[^\"]*\"", "", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var watch = Stopwatch.StartNew(); !await holds(); await Task.Delay(50)) watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }
}
