using System.Globalization;
using GridMap.Geo;

namespace GridMap.Server.Http;

/// <summary>A moment as people write it: an instant with a zone, or a date that means midnight in the city.</summary>
public readonly record struct When(DateTime? Instant, DateOnly? Day)
{
    // Years that PostgreSQL and .NET both hold, with room for time zones.
    private static readonly DateTime Earliest = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc), Latest = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public DateTime ToUtc(TimeZoneInfo zone)
    {
        if (Instant is { } instant) return instant;
        var midnight = Day!.Value.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15); // a day may begin at 01:00 where clocks change at midnight
        return TimeZoneInfo.ConvertTimeToUtc(midnight, zone);
    }

    public static bool TryRead(string text, out When when)
    {
        when = default;
        if (text.Length is < 10 or > 40) return false;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            when = new When(null, day);
            return day.Year is >= 1900 and < 2200;
        }
        // A plus sign that was not encoded arrives as a space.
        if (!Rfc3339.TryRead(text.Replace(' ', '+'), out var time)) return false;
        when = new When(time, null);
        return time >= Earliest && time < Latest;
    }

    /// <summary>Any RFC 3339 date or moment; before and behind what is kept here, the first or last moment there is. A bare date is UTC.</summary>
    public static bool TryReadAny(string text, out DateTime utc)
    {
        var isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        if (isDay) utc = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        else if (!Rfc3339.TryRead(text.Replace(' ', '+'), out utc)) return false;
        if (utc < Earliest) utc = Earliest;
        if (utc >= Latest) utc = Latest.AddTicks(-10);
        return true;
    }
}
