namespace GridMap.Server.Summaries;

/// <summary>The period of a summary, the one before it, and how finely it is cut.</summary>
public sealed record SummaryPeriod(DateTime From, DateTime To, DateTime At)
{
    public const int MostBuckets = 400;

    // Times lie between 1900 and 2200, so the span before never leaves the calendar.
    public DateTime Before => From - (To - From);

    /// <summary>The width of a bucket for date_trunc: the finest that makes no more than <see cref="MostBuckets"/>, one at either end being cut.</summary>
    public string Bucket => (To - From).TotalHours < MostBuckets - 1 ? "hour"
        : (To - From).TotalDays < MostBuckets - 1 ? "day"
        : (To - From).TotalDays / 28 < MostBuckets - 2 ? "month" : "year";
}
