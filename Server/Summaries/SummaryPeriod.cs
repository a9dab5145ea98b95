namespace GridMap.Server.Summaries;

/// <summary>The period of a summary, the one before it, and how finely it is cut.</summary>
public sealed record SummaryPeriod(DateTime From, DateTime To, DateTime At)
{
    public const int MostBuckets = 400;
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    // Times lie between 1900 and 2200, so the span before never leaves the calendar.
    public DateTime Before => From - (To - From);

    /// <summary>The width of a bucket for date_trunc: the finest that makes no more than <see cref="MostBuckets"/>, one at either end being cut.</summary>
    public string Bucket => (To - From).TotalHours < MostBuckets - 1 ? "hour"
        : (To - From).TotalDays < MostBuckets - 1 ? "day"
        : (To - From).TotalDays / 28 < MostBuckets - 2 ? "month" : "year";

    /// <summary>What was asked, completed: up to now, and over the last 30 days.</summary>
    public static SummaryPeriod Of(DateTime? from, DateTime? to, DateTime now)
    {
        // A period that begins in the future is asked for with its end, or ends 30 days on.
        var end = to ?? (from > now ? from.Value + Usual : now);
        return new SummaryPeriod(from ?? end - Usual, end, end < now ? end : now);
    }
}
