using GridMap.Server.Databases;

namespace GridMap.Server.Http;


/// <summary>The city's time zone, in which dates and hours of the day are meant. Read from the database once a minute at most.</summary>
public sealed class CityClock(Database database, TimeProvider time)
{
    private (DateTimeOffset ReadAt, TimeZoneInfo Zone) _known = (DateTimeOffset.MinValue, TimeZoneInfo.Utc);

    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    public DateTime Now => time.GetUtcNow().UtcDateTime;

    public async ValueTask<TimeZoneInfo> Zone(CancellationToken cancellation)
    {
        var known = _known;
        if (time.GetUtcNow() - known.ReadAt < TimeSpan.FromMinutes(1)) return known.Zone;
        var name = await database.Scalar<string>($"SELECT time_zone FROM city", cancellation) ?? "UTC";
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;
        _known = (time.GetUtcNow(), zone);
        return zone;
    }

    public async ValueTask<DateTime?> Utc(When? when, CancellationToken cancellation) =>
        when is { } moment ? moment.ToUtc(await Zone(cancellation)) : null;

    /// <summary>A time of a body: with a zone, or a date that means midnight in the city. What cannot be read is added to the errors.</summary>
    public async ValueTask<DateTime?> Utc(string? text, string field, List<FieldError> errors, CancellationToken cancellation)
    {
        if (text is null) return null;
        if (When.TryRead(text, out var when)) return when.ToUtc(await Zone(cancellation));
        errors.Add(new FieldError(field, "time.unreadable", "a time between 1900 and 2199 such as 2026-03-01T08:00:00+08:00, or a date such as 2026-03-01"));
        return null;
    }

    /// <summary>A period that has both ends: where the question leaves one open, up to now and over 30 days.</summary>
    public async ValueTask<(DateTime From, DateTime To)> WholePeriod(Question ask, CancellationToken cancellation)
    {
        var (from, to) = await Period(ask, cancellation);
        // One that begins in the future cannot end now.
        var end = to ?? (from > Now ? from.Value + Usual : Now);
        return (from ?? end - Usual, end);
    }

    /// <summary>A period from its two ends.</summary>
    /// <exception cref="Refused">It ends before it begins.</exception>
    public async ValueTask<(DateTime? From, DateTime? To)> Period(Question ask, CancellationToken cancellation)
    {
        var from = await Utc(ask.Get(Parameters.From), cancellation);
        var to = await Utc(ask.Get(Parameters.To), cancellation);
        return from >= to ? throw Refused.Field("to", "period.empty", "a moment after 'from'") : (from, to);
    }
}
