using System.Globalization;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>
/// How long PostGIS may look for what a filter selects while somebody waits: <c>GRIDMAP_FILTER_SECONDS</c>, two when not set. One stands for one answer: whatever
/// it asks shares the time. A question without a filter has the time that every statement has.
/// </summary>
public sealed class FilterTime(TimeSpan most)
{
    public const string Variable = "GRIDMAP_FILTER_SECONDS";

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromSeconds(60);

    private readonly long _until = Environment.TickCount64 + (long)most.TotalMilliseconds;

    public static TimeSpan Read(IConfiguration configuration)
    {
        if (configuration[Variable] is not { Length: > 0 } text) return Usual;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds) : throw new InvalidOperationException($"{Variable} must be a number of seconds up to {Longest.TotalSeconds}, not '{text}'.");
    }

    /// <summary>The answer, if PostGIS has it in time; else null, and its work has stopped.</summary>
    public async Task<T?> Within<T>(FeatureQuestion question, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation) where T : struct
    {
        if (question.Filter is null) return await ask(cancellation);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        soon.CancelAfter(TimeSpan.FromMilliseconds(Math.Max(0, _until - Environment.TickCount64)));
        try
        {
            return await ask(soon.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The answer.</summary>
    /// <exception cref="Refused">PostGIS has it not in time.</exception>
    public async Task<T> Must<T>(FeatureQuestion question, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation) =>
        (await Within(question, async soon => new Answered<T>(await ask(soon)), cancellation) ?? throw Refused.Field("filter", "filter.too-costly",
            $"a filter that takes less than {most.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s here: with a bbox beside it, fewer positions or functions; or the same as a download, which has more time")).Value;

    private readonly record struct Answered<T>(T Value);
}
