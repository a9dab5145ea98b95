using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections.Features;

namespace GridMap.Server.Http;

/// <summary>Marks a route whose usual answer is ready in microseconds: it is made on the thread that read the question, and may be left for others only by <see cref="SocketThreads.Leave"/>.</summary>
public sealed record AnsweredAtOnce;

/// <summary>
/// Who reads a question answers it: connections are served on the sockets' own threads, one for each core, where each handing over to another thread would cost more than
/// most answers do. Whatever may take longer leaves for the thread pool first, and goes on there whenever it has waited, so that a socket's thread never waits for work.
/// </summary>
/// <remarks>
/// Kestrel's "inline scheduling" with inline completion of its sockets alone: those of the database go on handing over. The runtime has the second for a whole process only
/// (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS); for one socket it is there without being public, hence the accessor. On Linux only: elsewhere sockets work another way.
/// </remarks>
public static class SocketThreads
{
    private const string Count = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    private const int MostInARow = 64;

    [ThreadStatic] private static string? lastConnection;
    [ThreadStatic] private static int inARow;

    private static bool AreServing => OperatingSystem.IsLinux();

    /// <summary>Before the first socket of the process is opened.</summary>
    public static void Serve(WebApplicationBuilder builder)
    {
        if (!AreServing) return;
        if (Environment.GetEnvironmentVariable(Count) is null) Environment.SetEnvironmentVariable(Count, Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture));
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection =>
        {
            if (connection.Features.Get<IConnectionSocketFeature>() is { } feature) PreferInlineCompletions(feature.Socket, true);
            return next(connection);
        })));
    }

    /// <summary>Behind routing: sends away all that is not answered at once.</summary>
    public static void SendWorkAway(this IApplicationBuilder app) => app.Use(next => http =>
        !AreServing || (http.GetEndpoint()?.Metadata.GetMetadata<AnsweredAtOnce>() is not null && !HasHadItsTurn(http.Connection.Id)) ? next(http) : InThePool(next, http));

    /// <summary>To be awaited: what follows runs in the thread pool, also after everything that it waits for.</summary>
    public static Leaving Leave() => default;

    // Whoever sends one question after the other without waiting for answers would have a thread for himself.
    private static bool HasHadItsTurn(string connection)
    {
        if (ReferenceEquals(lastConnection, connection) && ++inARow >= MostInARow)
        {
            inARow = 0;
            return true;
        }
        if (!ReferenceEquals(lastConnection, connection)) (lastConnection, inARow) = (connection, 0);
        return false;
    }

    private static async Task InThePool(RequestDelegate next, HttpContext http)
    {
        await Leave();
        await next(http).ConfigureAwait(false);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void PreferInlineCompletions(Socket socket, bool value);

    /// <summary>An awaitable that goes on in the thread pool.</summary>
    public readonly struct Leaving : ICriticalNotifyCompletion
    {
        public bool IsCompleted => !AreServing || SynchronizationContext.Current is Pool;

        public Leaving GetAwaiter() => this;

        public void GetResult()
        {
            // Nothing comes of it.
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => Pool.One.Post(static next => ((Action)next!)(), continuation);
    }

    // What waits under it goes on under it. The pool's threads forget it after each piece of work.
    private sealed class Pool : SynchronizationContext
    {
        public static readonly Pool One = new();

        public override void Post(SendOrPostCallback d, object? state) => ThreadPool.UnsafeQueueUserWorkItem(static work =>
        {
            SetSynchronizationContext(One);
            work.Callback(work.State);
        }, (Callback: d, State: state), preferLocal: false);

        public override void Send(SendOrPostCallback d, object? state) => d(state);
    }
}
