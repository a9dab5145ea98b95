using System.Data;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.Wfs;

/// <summary>What one query gives: how many features match, and the part of them that is sent.</summary>
public sealed record WfsPart(WfsQuestion Asked, long Matched, FeatureQuestion Page)
{
    public long Returned => Math.Min(Page.Limit, Math.Max(0, Matched - Page.Offset));
}

/// <summary>Counts and streams the answers of GetFeature. Counts and rows are of one snapshot, so the numbers at the top are those of what follows.</summary>
public sealed class FeatureAnswers(Database database, IConfiguration configuration)
{
    private readonly TimeSpan _filterTime = FilterTime.Read(configuration);

    public const int MostAtOnce = 24;

    private const int FlushBytes = 32 << 10;

    private static readonly TimeSpan Queueing = TimeSpan.FromSeconds(1.5), Patience = TimeSpan.FromSeconds(10);

    // Each answer holds a connection until its reader has it: others' questions need some, too.
    private readonly SemaphoreSlim _room = new(MostAtOnce);

    /// <summary>Opens the snapshot and counts; the caller writes with it and disposes of it.</summary>
    /// <exception cref="Refused">Too many answers are being read, or the filter takes too long.</exception>
    public async Task<FeatureSnapshot> Open(IReadOnlyList<WfsQuestion> questions, int count, int startIndex, CancellationToken cancellation)
    {
        if (!await _room.WaitAsync(Queueing, cancellation)) throw new Refused(Problems.TooMany, $"{MostAtOnce} answers are being read at this moment. Try again soon.");
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.Open(cancellation);
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            await connection.Execute($"SET TRANSACTION READ ONLY", cancellation);
            var (parts, time) = (new List<WfsPart>(), new FilterTime(_filterTime));
            long left = count, skip = startIndex;
            foreach (var asked in questions)
            {
                var matched = await time.Must(asked.Question, soon => connection.Scalar<long>(FeatureSql.Count(asked.Question), soon), cancellation);
                var part = new WfsPart(asked, matched, asked.Question with { Limit = (int)left, Offset = (int)Math.Min(skip, int.MaxValue) });
                parts.Add(part);
                skip = Math.Max(0, skip - matched);
                left -= part.Returned;
            }
            return new FeatureSnapshot(connection, transaction, parts, () => _room.Release());
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            _room.Release();
            throw;
        }
    }

    /// <summary>Writes each row of a part by <paramref name="write"/> and lets the answer flow, as long as its reader takes some kilobytes a second.</summary>
    /// <exception cref="OperationCanceledException">The reader has gone, or takes next to nothing.</exception>
    public static async Task Stream(FeatureSnapshot snapshot, WfsPart part, PipeWriter output, Action<NpgsqlDataReader, long> write, CancellationToken cancellation)
    {
        if (part.Returned == 0) return;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var command = FeatureSql.Rows(part.Page).ToCommand(snapshot.Connection);
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        for (long i = 0; i < part.Returned && await rows.ReadAsync(cancellation); i++)
        {
            write(rows, i);
            if (output.UnflushedBytes <= FlushBytes) continue;
            late.CancelAfter(Patience);
            if ((await output.FlushAsync(late.Token)).IsCompleted) return;
            late.CancelAfter(Timeout.InfiniteTimeSpan);
        }
        if (part.Returned == part.Page.Limit) command.Cancel(); // the row behind the last was only asked for by habit
    }

    public static string Time(DateTime time) => time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);

    /// <summary>Text as XML holds it. Characters that no XML can hold become U+FFFD.</summary>
    public static string Escape(string text)
    {
        var at = 0;
        while (at < text.Length && text[at] is not ('<' or '>' or '&' or '"') && text[at] >= ' ' && text[at] < '\uD800') at++;
        if (at == text.Length) return text;
        var escaped = new StringBuilder(text, 0, at, text.Length + 16);
        for (; at < text.Length; at++)
        {
            var letter = text[at];
            if (char.IsHighSurrogate(letter) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                escaped.Append(letter).Append(text[++at]);
                continue;
            }
            escaped.Append(letter switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\t' => "&#9;",
                '\n' => "&#10;",
                '\r' => "&#13;",
                _ when letter < ' ' || char.IsSurrogate(letter) || letter >= '\uFFFE' => "\uFFFD",
                _ => null,
            } ?? letter.ToString());
        }
        return escaped.ToString();
    }
}

/// <summary>A moment of the database that an answer is written from.</summary>
public sealed class FeatureSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<WfsPart> parts, Action end) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    public IReadOnlyList<WfsPart> Parts => parts;

    public long Matched => parts.Sum(part => part.Matched);

    public long Returned => parts.Sum(part => part.Returned);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
        finally
        {
            end();
        }
    }
}
