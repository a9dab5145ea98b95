using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using GridMap.Server.Layers;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Live;

public sealed class LiveTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task Eight_overlapping_writers_and_a_listener_that_keeps_falling_off_meet_every_change_once()
    {
        const int writers = 8, each = 40;
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var listener = await Listener.Start(city, "incidents", null, done.Token);
        var told = new ConcurrentBag<long>();
        var listening = Task.Run(async () =>
        {
            string? last = null;
            while (told.Count < writers * each)
            {
                // Each connection is dropped after a few events, in the middle of whatever was being sent.
                await using var connection = await Listener.Start(city, "incidents", last ?? listener.ReadyId, done.Token);
                for (var i = 0; i < 17 && told.Count < writers * each; i++)
                {
                    var next = await connection.Next(done.Token);
                    if (next.Name == "change") told.Add(next.Data.GetProperty("id").GetInt64());
                    last = next.Id ?? last;
                }
            }
        }, done.Token);

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var i = 0; i < each; i++)
            {
                await using var connection = await city.Scratch.Source.OpenConnectionAsync(done.Token);
                await using var transaction = await connection.BeginTransactionAsync(done.Token);
                await using var command = connection.CreateCommand();
                command.CommandText = "INSERT INTO incidents (category, title, reported_at, geom) VALUES ('E0102', 'overlap', now(), 'SRID=4326;POINT(119.955 31.785)')";
                await command.ExecuteNonQueryAsync(done.Token);
                await Task.Delay(random.Next(0, 25), done.Token); // commits come in another order than the sequence numbers
                await transaction.CommitAsync(done.Token);
            }
        }, done.Token)));
        await listening;

        var written = await city.Scratch.Scalar<long>("SELECT count(*) FROM incidents WHERE title = 'overlap'");
        written.ShouldBe(writers * each);
        told.Count.ShouldBe(writers * each);
        told.Distinct().Count().ShouldBe(writers * each);
    }

    [DatabaseFact]
    public async Task A_change_by_any_program_comes_with_its_feature()
    {
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var listener = await Listener.Start(city, "incidents", null, done.Token);
        await city.Scratch.Execute("INSERT INTO incidents (category, title, reported_at, geom) VALUES ('E0102', '来自 psql', now(), 'SRID=4326;POINT(119.945 31.775)')");
        var change = await listener.Next(done.Token);
        change.Data.GetProperty("op").GetString().ShouldBe("insert");
        change.Data.GetProperty("feature").GetProperty("properties").GetProperty("title").GetString().ShouldBe("来自 psql");
        change.Data.GetProperty("feature").GetProperty("properties").GetProperty("gridId").GetInt64().ShouldBe(1);
    }

    [DatabaseFact]
    public async Task A_bulk_change_is_told_as_reload()
    {
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var listener = await Listener.Start(city, "roads", null, done.Token);
        await city.Scratch.Execute("BEGIN; SET LOCAL gridmap.bulk = 'on'; INSERT INTO roads (code, class, geom) SELECT 'BULK' || n, 'lane', ST_SetSRID(ST_MakeLine(ST_Point(119.95, 31.78), ST_Point(119.95 + n / 10000.0, 31.79)), 4326) FROM generate_series(1, 50) AS n; COMMIT");
        var told = await listener.Next(done.Token);
        told.Name.ShouldBe("reload");
        told.Data.GetProperty("table").GetString().ShouldBe("roads");
    }

    [DatabaseFact]
    public async Task A_position_that_is_none_is_refused_and_one_from_elsewhere_asks_to_reload()
    {
        (await city.Anyone.GetAsync("/api/live?lastEventId=nonsense")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await city.Anyone.GetAsync("/api/live?tables=secrets")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var listener = await Listener.Start(city, "grids", "900000000000:900000000000:", done.Token);
        listener.First.Name.ShouldBe("reload");
    }

    [Theory]
    [InlineData("10:20:10,14", 9, true)]
    [InlineData("10:20:10,14", 10, false)]
    [InlineData("10:20:10,14", 11, true)]
    [InlineData("10:20:10,14", 14, false)]
    [InlineData("10:20:10,14", 20, false)]
    public void A_snapshot_sees_what_PostgreSQL_says(string text, int xid, bool visible)
    {
        PgSnapshot.TryParse(text, out var snapshot).ShouldBeTrue();
        snapshot.Sees((ulong)xid).ShouldBe(visible);
        snapshot.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("20:10:")]
    [InlineData("10:20:9")]
    [InlineData("10:20:14,12")]
    [InlineData("10:20:14,")]
    [InlineData("a:b:c")]
    public void Text_that_PostgreSQL_would_not_read_is_no_snapshot(string text) => PgSnapshot.TryParse(text, out _).ShouldBeFalse();

    private sealed record Told(string Name, string? Id, JsonElement Data);

    private sealed class Listener : IAsyncDisposable
    {
        private readonly HttpResponseMessage _response;
        private readonly StreamReader _reader;

        private Listener(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

        public string ReadyId { get; private set; } = "";

        public Told First { get; private set; } = null!;

        public static async Task<Listener> Start(SmallCity city, string tables, string? lastEventId, CancellationToken cancellation)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/api/live?tables={tables}");
            if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
            var response = await city.Anyone.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            var listener = new Listener(response, new StreamReader(await response.Content.ReadAsStreamAsync(cancellation)));
            if (lastEventId is null || lastEventId.StartsWith("9000", StringComparison.Ordinal))
            {
                listener.First = await listener.Next(cancellation);
                listener.ReadyId = listener.First.Id ?? "";
            }
            return listener;
        }

        /// <summary>The next event that says something; ready and heartbeat are passed over, except as the first.</summary>
        public async Task<Told> Next(CancellationToken cancellation)
        {
            var (name, id, data) = ("message", (string?)null, "");
            while (true)
            {
                var line = await _reader.ReadLineAsync(cancellation) ?? throw new EndOfStreamException();
                if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
                else if (line.Length == 0 && data.Length > 0)
                {
                    var told = new Told(name, id, JsonDocument.Parse(data).RootElement);
                    if (First is null || name is not ("ready" or "heartbeat")) return told;
                    (name, id, data) = ("message", null, "");
                }
                else if (line.Length == 0) (name, id, data) = ("message", null, "");
            }
        }

        public ValueTask DisposeAsync()
        {
            _reader.Dispose();
            _response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
