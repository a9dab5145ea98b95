using GridMap.Server.Http;

namespace GridMap.Server.Summaries;

/// <summary>
/// A city's (or an area's) incidents over a period and as they stood at <see cref="At"/>: the end of the period, or now when that is earlier.
/// </summary>
/// <param name="From">Start of the period.</param>
/// <param name="To">End of the period.</param>
/// <param name="At">The moment of 'open', 'overdue' and 'urgentOpen'.</param>
/// <param name="Open">Neither closed nor rejected at that moment, whenever reported.</param>
/// <param name="Overdue">Of those, past their due time.</param>
/// <param name="UrgentOpen">Of those, urgent.</param>
/// <param name="Reported">Reported in the period.</param>
/// <param name="Closed">Closed in the period, whenever reported; rejected ones are not counted.</param>
/// <param name="Due">Fell due in the period (and by now) and were not rejected.</param>
/// <param name="ClosedOnTime">Of those that fell due, closed by then.</param>
/// <param name="OnTimePercent">100 × closedOnTime ÷ due; null when nothing fell due.</param>
/// <param name="ReportedBefore">Reported in the span that the period is held against: see <see cref="SummaryPeriod.Before"/>.</param>
/// <param name="ClosedBefore">Closed in the span that the period is held against.</param>
/// <param name="Bucket">Width of the buckets of <paramref name="ByHour"/>: hour, day, month or year, so that there are at most 400.</param>
public sealed record Summary(
    DateTime From, DateTime To, DateTime At, long Open, long Overdue, long UrgentOpen, long Reported, long Closed, long Due, long ClosedOnTime,
    double? OnTimePercent, long ReportedBefore, long ClosedBefore, string Bucket, IReadOnlyList<SummaryBucket> ByHour,
    IReadOnlyList<SummaryCategory> ByCategory, IReadOnlyList<SummaryStreet> ByStreet, IReadOnlyList<SummarySource> BySource, IReadOnlyList<SummaryStatus> ByStatus);

public sealed record SummaryBucket(DateTime At, long Reported, long Closed);

public sealed record SummaryCategory(string Category, string Name, string NameEn, long Count);

/// <summary>A street; <see cref="Area"/> is null for incidents that lie in none.</summary>
public sealed record SummaryStreet(AreaRef? Area, long Reported, long Open, long Overdue);

public sealed record SummarySource(string Source, long Count);

public sealed record SummaryStatus(string Status, long Count);

/// <summary>The figures that are single numbers, as the database counts them.</summary>
public sealed record SummaryTotals(long Open, long Overdue, long UrgentOpen, long ReportedBefore, long ClosedBefore, long Due, long ClosedOnTime);
