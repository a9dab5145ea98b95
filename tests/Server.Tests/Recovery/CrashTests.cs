using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using Npgsql;
using Shouldly;

namespace GridMap.Server.Tests.Recovery;

/// <summary>The database falls over in the middle of writing and comes back: nobody loses, repeats or misses anything.</summary>
public sealed class CrashTests
{
    [CrashFact]
    public async Task A_database_that_crashes_twice_loses_nothing_acknowledged_and_the_live_feed_and_memory_have_neither_gap_nor_repeat()
    {
        await using var cluster = await CrashCluster.Make();
        await using var source = NpgsqlDataSource.Create(DatabaseAddress.Read(cluster.Address));
        await Migrations.Apply(source, _ => { }, CancellationToken.None);
        await Catalogues.Load(source, CancellationToken.None);
        await SmallCity.Fill(source);
        var (_, key) = await ApiKeys.Create(new Database(source), "crash", Role.Reporter, null, null, "test", CancellationToken.None);
        using var server = await ServerProcess.Start(cluster.Address, key);

        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (acknowledged, statuses, told, reads) = (new ConcurrentBag<long>(), new ConcurrentBag<HttpStatusCode>(), new ConcurrentBag<long>(), new ConcurrentBag<HttpStatusCode>());
        var listening = new LiveListener(server.Client, "incidents");
        await listening.Start(stop.Token);
        var listener = Task.Run(() => listening.Listen(told.Add, stop.Token));
        using var enough = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                using var answer = await server.Client.PostAsJsonAsync("/api/incidents", new { category = "E0102", lon = 119.955, lat = 31.785, title = $"crash {writer} {i}" }, stop.Token);
                statuses.Add(answer.StatusCode);
                if (answer.StatusCode == HttpStatusCode.Created) acknowledged.Add((await answer.Content.ReadFromJsonAsync<JsonElement>(stop.Token)).GetProperty("id").GetInt64());
                else await Task.Delay(50, stop.Token);
            }
        })).ToList();
        for (var i = 0; i < 2; i++)
        {
            await More(acknowledged, stop.Token);
            await CrashCluster.Kill();
            // What is in memory is still there to be read, or the server says that it has no database; it never breaks.
            for (var read = 0; read < 10; read++)
            {
                using var answer = await server.Client.GetAsync("/ogc/collections/grids/items?limit=3", stop.Token);
                reads.Add(answer.StatusCode);
            }
            await CrashCluster.Start();
            await More(acknowledged, stop.Token);
        }
        await enough.CancelAsync();
        await Task.WhenAll(writers);

        statuses.Distinct().ShouldBeSubsetOf([HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable]);
        reads.Distinct().ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
        source.Clear(); // the test's own pool is full of what was cut
        var kept = await Kept(source);
        kept.Intersect(acknowledged).Count().ShouldBe(acknowledged.Count, "everything acknowledged is kept");
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(40);

        // What was committed but not acknowledged, because the answer fell with the connection, is told and served as well.
        while (told.Distinct().Count() < kept.Count) await Task.Delay(50, stop.Token);
        await Task.Delay(300, stop.Token);
        told.Count.ShouldBe(kept.Count, "each once");
        told.ToHashSet().SetEquals(kept).ShouldBeTrue();
        listening.Reloads.ShouldBe(0);
        listening.Connections.ShouldBeGreaterThanOrEqualTo(1);
        using var served = JsonDocument.Parse(await server.Client.GetStringAsync("/ogc/collections/incidents/items?limit=10000&datetime=2026-06-01T00:00:00Z/..&properties=title", stop.Token));
        served.RootElement.GetProperty("features").EnumerateArray().Where(feature => feature.GetProperty("properties").GetProperty("title").GetString()!.StartsWith("crash", StringComparison.Ordinal))
            .Select(feature => feature.GetProperty("id").GetInt64()).ToHashSet().SetEquals(kept).ShouldBeTrue("memory is the database");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(listener);
    }

    private static async Task More(ConcurrentBag<long> acknowledged, CancellationToken cancellation)
    {
        for (var seen = acknowledged.Count; acknowledged.Count < seen + 10;) await Task.Delay(20, cancellation);
    }

    private static async Task<HashSet<long>> Kept(NpgsqlDataSource source)
    {
        var ids = new HashSet<long>();
        await using var command = source.CreateCommand("SELECT id FROM incidents WHERE title LIKE 'crash%'");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) ids.Add(reader.GetInt64(0));
        return ids;
    }
}
