using System.Buffers;
using System.IO.Pipelines;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>
/// Takes answers from the database as fast as the database gives them and sends them as fast as their readers take them, so that a slow reader holds memory and no
/// connection. How much memory is bounded, of one answer and of all; what is larger has the database wait, for a few readers at a time. While much waits, further
/// answers have less room each, so that small ones go on; while twice as much does, none begins.
/// </summary>
/// <param name="mostOfOne">Bytes of one answer that may wait for its reader.</param>
/// <param name="mostOfAll">Bytes of all answers that are much.</param>
/// <param name="patience">How long a reader may take for some kilobytes.</param>
public sealed class PageRelay(int mostOfOne, long mostOfAll, TimeSpan patience)
{
    private const int FlushBytes = 32 << 10, MostWaiting = 24;

    private readonly TimeSpan _patience = patience;
    private readonly SemaphoreSlim _waiting = new(MostWaiting);
    private long _held;

    public PageRelay() : this(16 << 20, 256L << 20, TimeSpan.FromSeconds(10))
    {
    }

    // How many bytes of one answer may wait now.
    private int Room => Interlocked.Read(ref _held) > mostOfAll ? mostOfOne / 16 : mostOfOne;

    /// <summary>Sends what <paramref name="write"/> writes, which may be done long before the reader has everything.</summary>
    /// <exception cref="Refused">Too much waits for readers already.</exception>
    /// <exception cref="OperationCanceledException">The reader has gone, or takes next to nothing.</exception>
    public async Task<T> Send<T>(PipeWriter output, Func<Inlet, Task<T>> write, CancellationToken cancellation)
    {
        MustHaveRoom();
        // The inlet waits, not the pipe: how much room there is changes while an answer is written.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        using var inlet = new Inlet(this, pipe.Writer, cancellation);
        var sending = Forward(pipe.Reader, output, inlet, cancellation);
        try
        {
            var written = await write(inlet);
            inlet.Count();
            await pipe.Writer.CompleteAsync();
            await sending;
            return written;
        }
        catch (Exception failed)
        {
            await pipe.Writer.CompleteAsync(failed);
            throw;
        }
        finally
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Add(ref _held, -inlet.Held);
        }
    }

    private void MustHaveRoom()
    {
        if (Interlocked.Read(ref _held) > 2 * mostOfAll) throw new Refused(Problems.TooMany, "Many answers wait for slow readers at this moment. Try again soon.");
    }

    private async Task Forward(PipeReader from, PipeWriter output, Inlet inlet, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(cancellation);
                var part = read.Buffer.Slice(0, Math.Min(FlushBytes, read.Buffer.Length));
                foreach (var bytes in part) output.Write(bytes.Span);
                late.CancelAfter(_patience);
                var isGone = (await output.FlushAsync(late.Token)).IsCompleted;
                late.CancelAfter(Timeout.InfiniteTimeSpan);
                var isLast = read.IsCompleted && part.Length == read.Buffer.Length;
                inlet.Taken(part.Length);
                from.AdvanceTo(part.End);
                if (isLast) return;
                if (isGone) throw new OperationCanceledException("The reader has gone.");
            }
        }
        finally
        {
            await from.CompleteAsync();
            inlet.Left();
        }
    }

    /// <summary>Where one answer is written.</summary>
    public sealed class Inlet : IDisposable
    {
        private readonly PageRelay _relay;
        private readonly CancellationToken _cancellation;
        private readonly SemaphoreSlim _taken = new(0);
        private long _counted, _held;
        private bool _hasBegun;
        private volatile bool _isLeft;

        internal Inlet(PageRelay relay, PipeWriter output, CancellationToken cancellation) => (_relay, Output, _cancellation) = (relay, output, cancellation);

        public PipeWriter Output { get; }

        internal long Held => Interlocked.Read(ref _held);

        /// <summary>Lets flow what has been written, and waits where the reader is far behind.</summary>
        /// <exception cref="Refused">Too much waits for readers, and nothing of this answer has left.</exception>
        /// <exception cref="OperationCanceledException">The reader has gone or takes next to nothing, or the database waits for too many.</exception>
        public async ValueTask Flow()
        {
            if (Output.UnflushedBytes <= FlushBytes) return;
            // Many that began while there was room, and waited for a connection, may write now.
            if (!_hasBegun) _relay.MustHaveRoom();
            _hasBegun = true;
            Count();
            var flushed = await Output.FlushAsync(_cancellation);
            _counted = 0;
            if (flushed.IsCompleted) throw new OperationCanceledException("The reader has gone.");
            if (Held > _relay.Room) await Wait();
        }

        public void Dispose() => _taken.Dispose();

        internal void Count()
        {
            var more = Output.UnflushedBytes - _counted;
            _counted += more;
            Add(more);
        }

        internal void Taken(long bytes)
        {
            Add(-bytes);
            Wake();
        }

        internal void Left()
        {
            _isLeft = true;
            Wake();
        }

        private void Wake()
        {
            if (_taken.CurrentCount == 0) _taken.Release();
        }

        private void Add(long bytes)
        {
            Interlocked.Add(ref _held, bytes);
            Interlocked.Add(ref _relay._held, bytes);
        }

        private async Task Wait()
        {
            // Others' questions need connections, too.
            if (!_relay._waiting.Wait(0, CancellationToken.None)) throw new OperationCanceledException("The database waits for too many readers.");
            try
            {
                while (Held > _relay.Room)
                {
                    if (!await _taken.WaitAsync(_relay._patience, _cancellation) || _isLeft) throw new OperationCanceledException("The reader has gone, or takes next to nothing.");
                }
            }
            finally
            {
                _relay._waiting.Release();
            }
        }
    }
}
