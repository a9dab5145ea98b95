using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Recovery;

/// <summary>What was acknowledged is there, whatever is killed meanwhile; what was not may be asked again.</summary>
public sealed class RecoveryTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task A_database_that_drops_every_connection_loses_no_acknowledged_incident_and_the_server_comes_back()
    {
        var client = await city.Server.As(Role.Reporter);
        var (acknowledged, statuses) = (new ConcurrentBag<string>(), new ConcurrentBag<HttpStatusCode>());
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var response = await Report(client, $"drop {writer} {i}");
                statuses.Add(response.StatusCode);
                if (response.StatusCode == HttpStatusCode.Created) acknowledged.Add((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString()!);
                else await Task.Delay(50);
            }
        })).ToList();
        for (var i = 0; i < 5; i++)
        {
            for (var seen = acknowledged.Count; acknowledged.Count < seen + 4;) await Task.Delay(20); // something is under way at every cut
            await city.Scratch.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            city.Scratch.Source.Clear(); // the test's own pool must not hand out what it has just cut
        }
        for (var seen = acknowledged.Count; acknowledged.Count < seen + 4;) await Task.Delay(20);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        statuses.Distinct().ShouldBeSubsetOf([HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable]);
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(24);
        (await Kept("drop%")).Intersect(acknowledged).Count().ShouldBe(acknowledged.Count);
        (await Report(client, "drop after")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [DatabaseFact]
    public async Task A_server_killed_while_it_writes_loses_no_acknowledged_incident_and_its_successor_goes_on()
    {
        var (_, key) = await ApiKeys.Create(city.Server.Database, "killed", Role.Reporter, null, null, "test", CancellationToken.None);
        var acknowledged = new ConcurrentBag<string>();
        var first = await ServerProcess.Start(city.Scratch.Address, key);
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                try
                {
                    var response = await Report(first.Client, $"kill {writer} {i}");
                    acknowledged.Add((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString()!);
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    return; // the server is gone
                }
            }
        })).ToList();
        while (acknowledged.Count < 20) await Task.Delay(20);
        first.Kill();
        await Task.WhenAll(writers);
        first.Dispose();

        using var second = await ServerProcess.Start(city.Scratch.Address, key);
        (await Kept("kill%")).Intersect(acknowledged).Count().ShouldBe(acknowledged.Count);
        (await Report(second.Client, "kill after")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [DatabaseFact]
    public async Task The_same_idempotency_key_sent_by_many_at_once_makes_one_incident()
    {
        var client = await city.Server.As(Role.Reporter);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/incidents") { Content = JsonContent.Create(Incident("once")) };
            request.Headers.Add("Idempotency-Key", "recovery-once");
            return client.SendAsync(request);
        }));
        var numbers = new HashSet<string?>();
        foreach (var answer in answers)
        {
            answer.IsSuccessStatusCode.ShouldBeTrue();
            numbers.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString());
        }
        numbers.Count.ShouldBe(1);
        (await Kept("once")).Count.ShouldBe(1);
    }

    private static Task<HttpResponseMessage> Report(HttpClient client, string title) => client.PostAsJsonAsync("/api/incidents", Incident(title));

    private static object Incident(string title) => new { category = "E0102", lon = 119.955, lat = 31.785, title };

    private async Task<HashSet<string>> Kept(string title)
    {
        var numbers = new HashSet<string>();
        await using var command = city.Scratch.Source.CreateCommand($"SELECT number FROM incidents WHERE title LIKE '{title}'");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) numbers.Add(reader.GetString(0));
        return numbers;
    }
}
