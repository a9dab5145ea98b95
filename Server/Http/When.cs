using System.Globalization;
using System.Text.RegularExpressions;

namespace GridMap.Server.Http;

/// <summary>A moment as people write it: an instant with a zone, or a date that means midnight in the city.</summary>
public readonly partial record struct When(DateTime? Instant, DateOnly? Day)
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
        if (!Rfc3339().IsMatch(text.Replace(' ', '+'))) return false;
        if (!DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return false;
        when = new When(time.UtcDateTime, null);
        return time.UtcDateTime >= Earliest && time.UtcDateTime < Latest;
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Rfc3339();
}
