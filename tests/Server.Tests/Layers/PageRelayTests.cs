using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Layers;

/// <summary>Pages from the database whose readers take their time.</summary>
public sealed class PageRelayTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const int Page = 200;

    [DatabaseFact]
    public async Task Slow_readers_hold_no_connection()
    {
        // More of them than there are connections, each with some 700 kB that nobody reads.
        using var leave = new CancellationTokenSource();
        var relay = new PageRelay(16 << 20, 256L << 20, TimeSpan.FromSeconds(60));
        var slow = new List<Task>();
        for (var i = 0; i < 120; i++)
        {
            var pipe = Unread();
            slow.Add(Write(relay, pipe, 20_000, leave.Token));
            await Task.WhenAny(slow[i], pipe.Reader.ReadAsync(leave.Token).AsTask());
            slow[i].IsCompleted.ShouldBeFalse($"the page of reader {i} has begun");
        }
        for (var i = 0; i < 20; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await city.Anyone.GetAsync("/ogc/collections/buildings/items?filter=CASEI(name)=CASEI('x')");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        }
        slow.ShouldAllBe(page => !page.IsCompleted);
        await leave.CancelAsync();
        foreach (var page in slow) await Should.ThrowAsync<OperationCanceledException>(() => page);
    }

    [DatabaseFact]
    public async Task A_reader_who_takes_nothing_is_left() =>
        await Should.ThrowAsync<OperationCanceledException>(() => Write(new PageRelay(1 << 20, 1 << 30, TimeSpan.FromSeconds(0.3)), Unread(), 4_000, CancellationToken.None));

    [DatabaseFact]
    public async Task A_page_beyond_its_memory_is_left_by_the_database_as_well() =>
        await Should.ThrowAsync<OperationCanceledException>(() => Write(new PageRelay(1 << 18, 1 << 30, TimeSpan.FromSeconds(0.3)), Unread(), 40_000, CancellationToken.None));

    [DatabaseFact]
    public async Task A_small_answer_is_sent_while_much_waits()
    {
        using var leave = new CancellationTokenSource();
        var relay = new PageRelay(1 << 20, 1 << 18, TimeSpan.FromSeconds(60));
        var slow = Write(relay, Unread(), 10_000, leave.Token);
        await Task.Delay(500);
        await Write(relay, new Pipe(new PipeOptions(pauseWriterThreshold: 0)), 0, CancellationToken.None);
        slow.IsCompleted.ShouldBeFalse();
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => slow);
    }

    [DatabaseFact]
    public async Task No_answer_begins_while_too_much_waits()
    {
        using var leave = new CancellationTokenSource();
        var relay = new PageRelay(1 << 24, 1 << 17, TimeSpan.FromSeconds(60));
        var slow = Write(relay, Unread(), 10_000, leave.Token);
        for (var i = 0; i < 100; i++)
        {
            var next = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            try
            {
                await Write(relay, next, 0, CancellationToken.None);
            }
            catch (Refused refused)
            {
                refused.Code.ShouldBe(Problems.TooMany);
                await leave.CancelAsync();
                await Should.ThrowAsync<OperationCanceledException>(() => slow);
                await Write(relay, next, 0, CancellationToken.None); // what was given up is no longer counted
                return;
            }
            await Task.Delay(50);
        }
        Assert.Fail("The answer that nobody reads was never counted.");
    }

    [Fact]
    public async Task Those_that_begin_together_hold_no_more_than_there_is_room_for()
    {
        const int Readers = 100, Part = 64 << 10, Parts = 16;
        using var leave = new CancellationTokenSource();
        var relay = new PageRelay(Part * Parts, Part * Parts, TimeSpan.FromSeconds(60));
        var (connected, written) = (new TaskCompletionSource(), 0L);
        var pages = Enumerable.Range(0, Readers).Select(_ => relay.Send(Unread().Writer, Page, leave.Token)).ToArray();
        connected.SetResult();
        for (var (before, i) = (-1L, 0); i < 100 && Interlocked.Read(ref written) != before; i++)
        {
            before = Interlocked.Read(ref written);
            await Task.Delay(300);
        }
        Interlocked.Read(ref written).ShouldBeInRange(Part * Parts, 8 * Part * Parts, "of what a hundred would hold");
        await leave.CancelAsync();
        foreach (var page in pages) await Should.ThrowAsync<Exception>(() => page);

        async Task<int> Page(PageRelay.Inlet inlet)
        {
            await connected.Task;
            for (var i = 0; i < Parts; i++)
            {
                inlet.Output.Write(new byte[Part]);
                await inlet.Flow();
                Interlocked.Add(ref written, Part);
            }
            return 0;
        }
    }

    [DatabaseFact]
    public async Task What_arrives_is_what_was_written_however_little_waits()
    {
        var (narrow, wide) = (await Read(new PageRelay(1 << 16, 1 << 30, TimeSpan.FromSeconds(10)), slowly: true), await Read(new PageRelay(), slowly: false));
        narrow.ShouldBe(wide);
        narrow.Length.ShouldBeGreaterThan(1 << 20);

        async Task<string> Read(PageRelay relay, bool slowly)
        {
            var pipe = Unread();
            var writing = Task.Run(async () =>
            {
                await Write(relay, pipe, 40_000, CancellationToken.None);
                await pipe.Writer.CompleteAsync();
            });
            var all = new ArrayBufferWriter<byte>();
            while (await pipe.Reader.ReadAsync() is var read)
            {
                if (slowly) await Task.Delay(1);
                foreach (var part in read.Buffer) all.Write(part.Span);
                pipe.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
            await writing;
            return Encoding.UTF8.GetString(all.WrittenSpan);
        }
    }

    private static Pipe Unread() => new(new PipeOptions(pauseWriterThreshold: 1 << 16, resumeWriterThreshold: 1 << 15));

    // As a layer that is not in memory.
    private async Task Write(PageRelay relay, Pipe pipe, int tail, CancellationToken cancellation)
    {
        var (server, layer) = (city.Server, city.Server.Layer("buildings"));
        var view = new LayerView(server.Database, server.Copies, server.Service<LayerVersions>(), new MatchCounts(), relay, layer, 1, null, new FilterTime(TimeSpan.FromSeconds(20)));
        await view.Write(new FeatureQuestion(layer, Page), pipe.Writer, new PageWanted(Tail: new string(' ', tail)), cancellation);
    }
}
