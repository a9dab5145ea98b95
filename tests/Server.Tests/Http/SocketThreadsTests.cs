using System.Text;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Http;

public sealed class SocketThreadsTests
{
    [Fact]
    public async Task What_is_answered_at_once_is_answered_where_it_was_read_and_work_is_done_in_the_pool()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        SocketThreads.Serve(builder);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.UseRouting();
        app.SendWorkAway();
        app.MapGet("/once", () => $"{Thread.CurrentThread.IsThreadPoolThread}").WithMetadata(new AnsweredAtOnce());
        app.MapGet("/leaves", async () =>
        {
            var began = Thread.CurrentThread.IsThreadPoolThread;
            await SocketThreads.Leave();
            return $"{began} {Thread.CurrentThread.IsThreadPoolThread}";
        }).WithMetadata(new AnsweredAtOnce());
        app.MapPost("/work", async (HttpContext http) =>
        {
            var began = Thread.CurrentThread.IsThreadPoolThread;
            using var reader = new StreamReader(http.Request.Body);
            var text = await reader.ReadToEndAsync(http.RequestAborted);
            var hasRead = Thread.CurrentThread.IsThreadPoolThread;
            await Task.Yield();
            return $"{text} {began} {hasRead} {Thread.CurrentThread.IsThreadPoolThread}";
        });
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        var there = $"{!OperatingSystem.IsLinux()}";
        (await Usually("/once", there)).ShouldBe(there);
        (await Usually("/leaves", $"{there} True")).ShouldBe($"{there} True");
        for (var i = 0; i < 20; i++)
        {
            using var answer = await http.PostAsync("/work", new Slowly("words"));
            (await answer.Content.ReadAsStringAsync()).ShouldBe("words True True True");
        }

        // Nobody keeps a socket's thread to himself by asking on and on without waiting.
        using var socket = new System.Net.Sockets.TcpClient("127.0.0.1", new Uri(app.Urls.Single()).Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /once HTTP/1.1\r\nHost: here\r\n\r\n", 500)) + "GET /once HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"));
        using var answers = new StreamReader(stream);
        var all = await answers.ReadToEndAsync();
        all.Split("HTTP/1.1 200 OK").Length.ShouldBe(502);
        all.ShouldContain("True");

        // A question that has come before the answer to the one before is done with goes on where that was made, which may be the pool.
        async Task<string> Usually(string path, string expected)
        {
            var answer = "";
            for (var tries = 0; tries < 100 && answer != expected; tries++)
            {
                await Task.Delay(tries);
                answer = await http.GetStringAsync(path);
            }

            return answer;
        }
    }

    // A body that comes letter by letter, so that whoever reads it waits for the socket.
    private sealed class Slowly(string text) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            foreach (var letter in Encoding.UTF8.GetBytes(text))
            {
                await Task.Delay(2);
                await stream.WriteAsync(new[] { letter });
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
