namespace GridMap.Server.Summaries;

/// <summary>The period of a summary, the one before it, and how finely it is cut.</summary>
public sealed record SummaryPeriod(DateTime From, DateTime To, DateTime At)
{
    public const int MostBuckets = 400;

    /// <summary>The span that this one is held against: as long as it has run so far, and so many whole days earlier that the two do not overlap. Today until now beside yesterday until this time.</summary>
    // Times lie between 1900 and 2200, so the span before never leaves the calendar.
    public (DateTime From, DateTime To) Before => (From - Earlier, At - Earlier);

    private TimeSpan Earlier => TimeSpan.FromDays(Math.Max(1, Math.Ceiling((At - From).TotalDays)));

    /// <summary>The width of a bucket for date_trunc: the finest that makes no more than <see cref="MostBuckets"/>, one at either end being cut.</summary>
    public string Bucket => (To - From).TotalHours < MostBuckets - 1 ? "hour"
        : (To - From).TotalDays < MostBuckets - 1 ? "day"
        : (To - From).TotalDays / 28 < MostBuckets - 2 ? "month" : "year";
}
