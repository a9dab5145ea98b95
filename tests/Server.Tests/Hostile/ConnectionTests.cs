using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using Npgsql;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Hostile;

/// <summary>Clients that are slow, leave, or ask too much; and a server with little memory.</summary>
public sealed class ConnectionTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task Who_leaves_takes_the_work_along()
    {
        // The question waits behind a lock, so that it is still under way when its asker leaves.
        await using var blocker = await city.Scratch.Source.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var command = blocker.CreateCommand())
        {
            command.CommandText = "LOCK TABLE compounds IN ACCESS EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync();
        }
        using var leave = new CancellationTokenSource();
        var asked = city.Anyone.GetAsync("/ogc/collections/compounds/items?filter=CASEI(name)=CASEI('x')", leave.Token);
        await Until(async () => await Waiting() > 0);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asked);
        await Until(async () => await Waiting() == 0);
        await transaction.RollbackAsync();
    }

    [DatabaseFact]
    public async Task Readers_and_writers_that_stall_hold_nobody_up()
    {
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, city.Server.Address.Port);
                // Half of them never finish their request, half never read the answer.
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(i % 2 == 0
                    ? "POST /api/locate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
                    : "GET /ogc/collections/incidents/items?limit=10000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
                slow.Add(client);
            }
            for (var i = 0; i < 20; i++)
            {
                var watch = Stopwatch.StartNew();
                (await city.Anyone.GetAsync("/api/locate?lon=119.95&lat=31.78")).StatusCode.ShouldBe(HttpStatusCode.OK);
                watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
            }
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [DatabaseFact]
    public async Task Who_does_not_read_a_page_of_PostGIS_keeps_no_connection_from_others()
    {
        // Six megabytes: more than the system keeps for a reader.
        await city.Scratch.Execute("""
            INSERT INTO landscapes (id, code, name, kind, geom)
            SELECT 9000 + i, 'slow-' || i, repeat('x', 50000), 'other', ST_Multi(ST_MakeEnvelope(119.95, 31.78, 119.951, 31.781, 4326)) FROM generate_series(1, 120) AS i
            """);
        var few = new NpgsqlConnectionStringBuilder(DatabaseAddress.Read(city.Scratch.Address).ConnectionString) { MaxPoolSize = 20 };
        await using var small = city.Server.Another(("GRIDMAP_MEMORY", "0"), (DatabaseAddress.Variable, few.ConnectionString));
        var slow = new List<TcpClient>();
        try
        {
            // More of them than there are connections.
            for (var i = 0; i < 30; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 4096 };
                slow.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, small.Client.BaseAddress!.Port);
                await client.GetStream().WriteAsync("GET /ogc/collections/landscapes/items?limit=1000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray());
                var begun = new byte[12];
                await client.GetStream().ReadExactlyAsync(begun).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
                Encoding.ASCII.GetString(begun).ShouldBe("HTTP/1.1 200");
            }
            for (var i = 0; i < 10; i++)
            {
                var watch = Stopwatch.StartNew();
                (await small.Client.GetAsync("/ogc/collections/buildings/items?limit=1")).StatusCode.ShouldBe(HttpStatusCode.OK);
                watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
            }
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
            await city.Scratch.Execute("DELETE FROM landscapes WHERE id > 9000");
        }
    }

    [DatabaseTheory]
    [InlineData("POST", "/api/locate", "application/json", "ffffffffffffffffff")]
    [InlineData("POST", "/api/locate", "application/json", "80000000")]
    [InlineData("POST", "/api/locate", "application/json", "ZZ")]
    [InlineData("POST", "/wfs", "application/xml", "7fffffffffffffff")]
    [InlineData("POST", "/api/joins", "text/csv", "fffffffff")]
    [InlineData("POST", "/ogc/collections/landscapes/items", "application/geo+json", "fffffffff")]
    [InlineData("POST", "/ogc/processes/locate/execution", "application/json", "fffffffff")]
    public async Task A_chunk_beyond_any_size_is_the_senders_mistake(string method, string path, string type, string size)
    {
        var key = (await city.Server.As(Role.Planner)).DefaultRequestHeaders.Authorization;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, city.Server.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {key}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\n"));
        using var answer = new StreamReader(client.GetStream());
        (await answer.ReadLineAsync()).ShouldStartWith("HTTP/1.1 400");
    }

    [DatabaseFact]
    public async Task Beyond_the_limit_a_minute_the_answer_says_when_to_come_back()
    {
        await using var strict = city.Server.Another(("GRIDMAP_RATE", "5"));
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 12 && refused is null; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/conformance");
            request.Headers.Add("Origin", "https://example.org");
            var response = await strict.Client.SendAsync(request);
            if (response.StatusCode == HttpStatusCode.TooManyRequests) refused = response;
            else response.Headers.GetValues("RateLimit-Limit").Single().ShouldBe("5");
        }
        // Twelve requests are never within the rest of one window and the five of the next.
        refused.ShouldNotBeNull();
        int.Parse(refused.Headers.GetValues("Retry-After").Single()).ShouldBeInRange(1, 60);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        refused.Headers.GetValues("Access-Control-Allow-Origin").Single().ShouldBe("*");
    }

    [DatabaseFact]
    public async Task Behind_a_proxy_on_this_machine_each_visitor_has_a_count_of_his_own()
    {
        await using var strict = city.Server.Another(("GRIDMAP_RATE", "5"), ("GRIDMAP_READ", "open"));
        var answers = new List<HttpStatusCode>();
        // What comes before the last address is the visitor's own word, and another with every request.
        for (var i = 0; i < 12; i++) answers.Add(await Ask($"10.0.0.{i}, 192.0.2.1"));
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        (await Ask("192.0.2.2")).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> Ask(string forwarded)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/conformance");
            request.Headers.Add("X-Forwarded-For", forwarded);
            using var response = await strict.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [DatabaseFact]
    public async Task Another_key_with_every_request_is_counted_where_it_comes_from()
    {
        await using var strict = city.Server.Another(("GRIDMAP_RATE", "5"));
        var reader = await city.Server.As(Role.Reader);
        var known = reader.DefaultRequestHeaders.Single();
        (await Ask(known.Key, known.Value.Single())).ShouldBe(HttpStatusCode.OK);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++) answers.Add(await Ask("X-API-Key", $"gm_{i}"));
        answers.ShouldAllBe(answer => answer == HttpStatusCode.Unauthorized || answer == HttpStatusCode.TooManyRequests);
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        (await Ask(known.Key, known.Value.Single())).ShouldBe(HttpStatusCode.OK, "a key that is one has its own count");

        async Task<HttpStatusCode> Ask(string name, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/conformance");
            request.Headers.Add(name, value);
            using var response = await strict.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [DatabaseTheory]
    [InlineData(null)] // others ask without a key
    [InlineData("gm_wrong")] // others guess
    public async Task A_key_has_its_own_count_from_its_first_request_on(string? others)
    {
        await using var strict = city.Server.Another(("GRIDMAP_RATE", "5"));
        var key = (await city.Server.As(Role.Reader)).DefaultRequestHeaders.Authorization!.Parameter!;
        await Exhaust(others);
        (await Ask(key)).ShouldBe(HttpStatusCode.OK);
        (await Ask(key)).ShouldBe(HttpStatusCode.OK, "and keeps it");
        (await Ask("gm_wrong")).ShouldBe(HttpStatusCode.TooManyRequests);

        async Task Exhaust(string? guess)
        {
            for (var i = 0; i < 12; i++) await Ask(guess is null ? null : $"{guess}{i}");
            (await Ask(guess)).ShouldBe(HttpStatusCode.TooManyRequests);
        }

        async Task<HttpStatusCode> Ask(string? sent)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/conformance");
            if (sent is not null) request.Headers.Add("X-API-Key", sent);
            using var response = await strict.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [DatabaseFact]
    public async Task Who_knows_how_a_key_begins_may_not_guess_the_rest()
    {
        await using var strict = city.Server.Another(("GRIDMAP_RATE", "5"));
        var key = (await city.Server.As(Role.Reader)).DefaultRequestHeaders.Authorization!.Parameter!;
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 30; i++) answers.Add(await Ask($"{key[..8]}{i}"));
        answers.Count(answer => answer == HttpStatusCode.Unauthorized).ShouldBeLessThanOrEqualTo(20); // twice five in each of two windows
        answers.TakeLast(8).ShouldAllBe(answer => answer == HttpStatusCode.TooManyRequests);

        async Task<HttpStatusCode> Ask(string sent)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/conformance");
            request.Headers.Add("X-API-Key", sent);
            using var response = await strict.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [DatabaseTheory]
    [InlineData("Bearer {0}", "Authorization")]
    [InlineData("bearer   {0}", "Authorization")]
    [InlineData(" {0} ", "X-API-Key")]
    public async Task A_key_is_one_however_it_is_spelled(string spelling, string header)
    {
        await using var strict = city.Server.Another(("GRIDMAP_RATE", "5"));
        var key = (await city.Server.As(Role.Reader)).DefaultRequestHeaders.Authorization!.Parameter!;
        await Ask("X-API-Key", key); // counted where it comes from
        var (one, other) = (await Ask("X-API-Key", key), await Ask(header, Spelled()));
        if (other != one - 1) (one, other) = (await Ask("X-API-Key", key), await Ask(header, Spelled())); // a window ended between them
        other.ShouldBe(one - 1);

        string Spelled() => string.Format(System.Globalization.CultureInfo.InvariantCulture, spelling, key);

        async Task<int> Ask(string name, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/conformance");
            request.Headers.TryAddWithoutValidation(name, value);
            using var response = await strict.Client.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            return int.Parse(response.Headers.GetValues("RateLimit-Remaining").Single(), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [DatabaseTheory]
    [InlineData(300_000, 0, 1, 414, "request.line-too-long")]
    [InlineData(0, 60_000, 1, 431, "request.headers-too-large")]
    [InlineData(0, 10, 150, 431, "request.headers-too-large")]
    [InlineData(250_000, 20_000, 1, 400, "request.invalid")] // which is about the parameter
    public async Task A_head_that_is_too_long_is_refused_in_words(int line, int header, int headers, int status, string code)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, city.Server.Address.Port);
        var head = new StringBuilder($"GET /ogc?x={new string('a', line)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
        for (var i = 0; i < headers; i++) head.Append($"X-{i}: {new string('b', header)}\r\n");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync();
        answer.ShouldStartWith($"HTTP/1.1 {status}");
        answer.ShouldContain("application/problem+json");
        answer.ShouldContain($"\"{code}\"");
    }

    [DatabaseFact]
    public async Task What_does_not_fit_the_memory_is_served_from_PostGIS_with_the_same_bytes()
    {
        await city.Server.Loaded();
        await using var small = city.Server.Another(("GRIDMAP_MEMORY", "0"));
        await Until(async () => (await small.Client.GetStringAsync("/health/ready")).Contains("memory is switched off"));
        foreach (var address in new[] { "/ogc/collections/grids/items/1", "/ogc/collections/buildings/items/2?f=json", "/tiles/grids/12/3412/1666.mvt" })
        {
            var theirs = await small.Client.GetByteArrayAsync(address);
            theirs.ShouldNotBeEmpty();
            if (address.Contains("tiles")) continue; // two makers of tiles agree in what they show, not in bytes
            Encoding.UTF8.GetString(theirs).Replace(small.Client.BaseAddress!.Authority, city.Server.Address.Authority).ShouldBe(await city.Anyone.GetStringAsync(address));
        }
    }

    private Task<long> Waiting() => city.Server.Database.Scalar<long>($"""
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%fold_case%'
        """, CancellationToken.None);

    private static async Task Until(Func<Task<bool>> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(50);
        }
    }
}
