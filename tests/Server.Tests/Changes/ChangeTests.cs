using System.Net;
using System.Text.Json;
using GridMap.Server.Changes;
using GridMap.Server.Layers;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Changes;

/// <summary>What a mirror is promised: everything, in an order that can be applied, from a position or a time.</summary>
public sealed class ChangeTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task A_mirror_that_follows_eight_writers_ends_up_equal()
    {
        var mirror = new Mirror(city.Anyone, "incidents", "facilities");
        await mirror.Begin();
        using var writing = new CancellationTokenSource();
        var following = Task.Run(async () =>
        {
            while (!writing.IsCancellationRequested) await mirror.Follow(limit: 23);
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() => Write(writer))));
        await writing.CancelAsync();
        await following;
        await mirror.Follow(limit: 1000);

        mirror.Seen.ShouldBeGreaterThan(8 * 40);
        mirror.Reloads.ShouldBeGreaterThan(0);
        mirror.Deleted.ShouldBeGreaterThan(0);
        foreach (var collection in new[] { "incidents", "facilities" })
        {
            var truth = await Mirror.ReadAll(city.Anyone, collection);
            truth.Count.ShouldBe((int)await city.Scratch.Scalar<long>($"SELECT count(*) FROM {collection}"));
            mirror.Of(collection).ShouldBe(truth, ignoreOrder: true);
        }
    }

    [DatabaseFact]
    public async Task A_time_gives_everything_committed_after_it_however_early_it_began()
    {
        await using var early = await city.Scratch.Source.OpenConnectionAsync();
        await using var transaction = await early.BeginTransactionAsync();
        await using var command = early.CreateCommand();
        command.CommandText = "INSERT INTO facilities (id, code, name, type, geom) VALUES (9001, 'EARLY', 'early', 'pharmacy', 'SRID=4326;POINT(119.95 31.78)')";
        await command.ExecuteNonQueryAsync();
        await city.Scratch.Execute("DELETE FROM change_positions");
        await ChangePositions.Note(city.Server.Database, CancellationToken.None);
        var noted = (await city.Scratch.Scalar<DateTime>("SELECT max(at) FROM change_positions")).AddMilliseconds(1);
        await Task.Delay(20);
        await transaction.CommitAsync();

        var page = await city.Anyone.Json($"/api/changes?since={noted:O}&tables=facilities");
        page.At("items").EnumerateArray().ShouldContain(change => change.GetProperty("id").GetInt64() == 9001);
        (await city.Anyone.Json($"/api/changes?since={DateTime.UtcNow.AddDays(-2):O}")).At("items").GetArrayLength().ShouldBeGreaterThan(0);
        await city.Scratch.Execute("DELETE FROM facilities WHERE id = 9001");
    }

    [DatabaseFact]
    public async Task A_live_event_id_is_a_position_here()
    {
        var before = (await city.Anyone.Json("/api/changes")).At("next").GetString();
        await city.Scratch.Execute("UPDATE facilities SET name = name || '!' WHERE id IN (1, 2)");
        var first = await city.Anyone.Json($"/api/changes?since={Uri.EscapeDataString(before!)}&limit=1&features=true");
        first.At("more").GetBoolean().ShouldBeTrue();
        first.At("items", 0, "feature", "properties", "name").GetString()!.ShouldEndWith("!");
        var inside = first.At("next").GetString()!;
        inside.ShouldContain("~");

        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var reader = new StreamReader(await city.Anyone.GetStreamAsync($"/api/live?tables=facilities&lastEventId={Uri.EscapeDataString(inside)}", done.Token));
        string? id = null, line;
        while ((line = await reader.ReadLineAsync(done.Token)) is not null && !line.StartsWith("data: {\"table\"", StringComparison.Ordinal)) if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
        var behind = await city.Anyone.Json($"/api/changes?since={Uri.EscapeDataString(id!)}&tables=facilities");
        behind.At("items").GetArrayLength().ShouldBe(0);
        var second = await city.Anyone.Json($"/api/changes?since={Uri.EscapeDataString(inside)}&collection=facilities");
        second.At("items").GetArrayLength().ShouldBe(1);
        JsonDocument.Parse(line![6..]).RootElement.At("id").GetInt64().ShouldBe(second.At("items", 0, "id").GetInt64());
    }

    [DatabaseFact]
    public async Task A_row_that_gets_another_id_is_gone_and_new()
    {
        await city.Scratch.Execute("INSERT INTO facilities (id, code, name, type, geom) VALUES (9101, 'MOVED', 'a', 'pharmacy', 'SRID=4326;POINT(119.95 31.78)'), (9102, 'KEPT', 'b', 'pharmacy', 'SRID=4326;POINT(119.95 31.78)')");
        var before = (await city.Anyone.Json("/api/changes")).At("next").GetString();
        await city.Scratch.Execute("UPDATE facilities SET id = CASE id WHEN 9101 THEN 9103 ELSE id END, name = name || '!' WHERE id IN (9101, 9102)");
        var page = await city.Anyone.Json($"/api/changes?since={Uri.EscapeDataString(before!)}&tables=facilities");
        page.At("items").EnumerateArray().Select(change => (change.GetProperty("op").GetString(), change.GetProperty("id").GetInt64())).ShouldBe([("delete", 9101), ("update", 9102), ("insert", 9103)], ignoreOrder: true);
        (await city.Anyone.GetAsync("/ogc/collections/facilities/items/9101")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await city.Anyone.GetAsync("/ogc/collections/facilities/items/9103")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await city.Scratch.Execute("DELETE FROM facilities WHERE id IN (9102, 9103)");
    }

    [DatabaseFact]
    public async Task A_collection_is_read_anew_when_what_its_properties_come_from_changes()
    {
        var before = Uri.EscapeDataString((await city.Anyone.Json("/api/changes")).At("next").GetString()!);
        await city.Scratch.Execute("UPDATE nets SET name = name || '!' WHERE code = 'police'");
        var followed = (await city.Anyone.Json($"/api/changes?since={before}&collection=grids&features=true")).At("items", 0);
        (followed.GetProperty("collection").GetString(), followed.GetProperty("op").GetString(), followed.GetProperty("id").ValueKind).ShouldBe(("grids", "reload", JsonValueKind.Null));
        var itself = (await city.Anyone.Json($"/api/changes?since={before}&tables=nets")).At("items", 0);
        (itself.GetProperty("collection").ValueKind, itself.GetProperty("op").GetString()).ShouldBe((JsonValueKind.Null, "update"));
    }

    [DatabaseTheory]
    [InlineData("since=nonsense", 400, "since")]
    [InlineData("since=2199-01-01", 400, "since")]
    [InlineData("since=1:1:~5:5:~-1", 400, "since")]
    [InlineData("tables=secrets", 400, "tables")]
    [InlineData("collection=secrets", 400, "collection")]
    [InlineData("limit=0", 400, "limit")]
    [InlineData("since=900000000000:900000000000:", 410, "")]
    [InlineData("since=1:1:~900000000000:900000000000:~1", 410, "")]
    public async Task What_cannot_be_answered_is_refused(string query, int status, string field)
    {
        using var response = await city.Anyone.GetAsync($"/api/changes?{query}");
        response.StatusCode.ShouldBe((HttpStatusCode)status);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        if (field.Length > 0) problem.Fields().ShouldContain(field);
    }

    [DatabaseFact]
    public async Task A_log_restored_from_another_server_is_adopted_once()
    {
        await city.Scratch.Execute("INSERT INTO changes (xid, table_name, op) VALUES ('900000000000', 'roads', 'reload'); INSERT INTO change_positions VALUES ('2020-01-01', '900000000000:900000000000:')");
        await ChangeLog.Adopt(city.Server.Database, CancellationToken.None);
        var now = (await city.Anyone.Json("/api/changes")).At("next").GetString()!;
        (await city.Anyone.Json($"/api/changes?since={Uri.EscapeDataString(now)}&tables=roads")).At("items").GetArrayLength().ShouldBe(0);
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM change_positions WHERE at = '2020-01-01'")).ShouldBe(0);
    }

    private async Task Write(int writer)
    {
        var random = new Random(writer);
        for (var i = 0; i < 40; i++)
        {
            await using var connection = await city.Scratch.Source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            for (var statement = 0; statement < 1 + random.Next(3); statement++)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = random.Next(10) switch
                {
                    < 5 => $"INSERT INTO incidents (category, title, reported_at, geom) VALUES ('E0102', 'w{writer}-{i}', now(), 'SRID=4326;POINT(119.955 31.785)')",
                    < 7 => $"UPDATE incidents SET title = title || '{i}' WHERE id = (SELECT id FROM incidents WHERE title LIKE 'w{writer}%' ORDER BY id LIMIT 1 OFFSET {random.Next(5)})",
                    < 8 => $"DELETE FROM incidents WHERE id = (SELECT id FROM incidents WHERE title LIKE 'w{writer}%' ORDER BY id LIMIT 1)",
                    // All writers meet in the same rows: the one who waits writes its change later, and it is told later.
                    _ => $"UPDATE facilities SET name = 'w{writer}-{i}' WHERE id = 1",
                };
                await command.ExecuteNonQueryAsync();
            }
            if (writer == 0 && i == 20)
            {
                await using var bulk = connection.CreateCommand();
                bulk.CommandText = "SET LOCAL gridmap.bulk = 'on'; UPDATE facilities SET name_en = 'bulk'; SET LOCAL gridmap.bulk = ''";
                await bulk.ExecuteNonQueryAsync();
            }
            await Task.Delay(random.Next(12));
            if (random.Next(8) == 0) await transaction.RollbackAsync();
            else await transaction.CommitAsync();
        }
    }
}

/// <summary>A program that keeps a copy, written as docs/api.md says.</summary>
internal sealed class Mirror(HttpClient client, params string[] collections)
{
    private readonly Dictionary<string, Dictionary<long, string>> _copies = [];
    private string _position = "";

    public int Seen { get; private set; }

    public int Reloads { get; private set; }

    public int Deleted { get; private set; }

    public Dictionary<long, string> Of(string collection) => _copies[collection];

    public async Task Begin()
    {
        _position = (await client.Json("/api/changes")).At("next").GetString()!;
        foreach (var collection in collections) _copies[collection] = await ReadAll(client, collection);
    }

    public async Task Follow(int limit)
    {
        bool more;
        do
        {
            var page = await client.Json($"/api/changes?since={Uri.EscapeDataString(_position)}&tables={string.Join(',', collections)}&limit={limit}&features=true");
            foreach (var change in page.At("items").EnumerateArray())
            {
                Seen++;
                var copy = _copies[change.At("collection").GetString()!];
                if (change.At("op").GetString() == "reload")
                {
                    Reloads++;
                    _copies[change.At("collection").GetString()!] = await ReadAll(client, change.At("collection").GetString()!);
                }
                else if (change.At("feature").ValueKind == JsonValueKind.Null)
                {
                    Deleted++;
                    copy.Remove(change.At("id").GetInt64());
                }
                else
                {
                    copy[change.At("id").GetInt64()] = change.At("feature").GetRawText();
                }
            }
            _position = page.At("next").GetString()!;
            more = page.At("more").GetBoolean();
        }
        while (more);
    }

    public static async Task<Dictionary<long, string>> ReadAll(HttpClient client, string collection)
    {
        var all = new Dictionary<long, string>();
        var next = $"/ogc/collections/{collection}/items?limit=1000";
        while (next is not null)
        {
            var page = await client.Json(next);
            foreach (var feature in page.At("features").EnumerateArray()) all[feature.At("id").GetInt64()] = feature.GetRawText();
            next = page.At("links").EnumerateArray().Where(link => link.At("rel").GetString() == "next").Select(link => link.At("href").GetString()).FirstOrDefault();
        }
        return all;
    }
}
