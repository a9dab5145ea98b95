using System.Globalization;

namespace GridMap.Geo.Coverage;

/// <summary>When a facility is open in a usual week.</summary>
/// <remarks>
/// Reads the part of OpenStreetMap's opening_hours that is about weekdays and times of the day: <c>24/7</c>; <c>Mo-Fr 08:30-12:00,13:30-17:30; Sa 09:00-16:00; Su off</c>;
/// days as lists and ranges (also over the end of the week), times to 24:00 or over midnight (<c>22:00-06:00</c>, up to <c>48:00</c>), a rule without days for
/// all days, <c>off</c> and <c>closed</c>. As there, a later rule replaces what earlier ones say of its days. Dates, months, holidays, sunrise, open ends,
/// comments and conditions are refused with a reason, never guessed. Immutable, thread-safe.
/// </remarks>
public sealed class OpeningHours
{
    /// <summary>Minutes of a week, from Monday 00:00.</summary>
    public const int MinutesOfWeek = 7 * MinutesOfDay;

    private const int MinutesOfDay = 1440, MostCharacters = 500;

    private static readonly string[] Days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

    // From minute to minute of the day it begins on; the end may lie in the next day.
    private readonly IReadOnlyList<(int From, int To)>[] days;

    private OpeningHours(IReadOnlyList<(int From, int To)>[] days) => this.days = days;

    /// <summary>Reads opening hours.</summary>
    /// <param name="text">At most 500 characters.</param>
    /// <param name="hours">Null when refused.</param>
    /// <param name="reason">What cannot be read; null when all was.</param>
    public static bool TryRead(string text, out OpeningHours? hours, out string? reason)
    {
        var week = new IReadOnlyList<(int, int)>[7];
        Array.Fill(week, []);
        (hours, reason) = (null, null);
        if (text.Length > MostCharacters) reason = $"longer than {MostCharacters} characters";
        else if (string.IsNullOrWhiteSpace(text)) reason = "nothing is said";
        else if (text.Trim() == "24/7") Array.Fill(week, [(0, MinutesOfDay)]);
        else
        {
            foreach (var rule in text.Split(';'))
            {
                if (rule.AsSpan().Trim().IsEmpty) continue;
                if ((reason = Rule(rule.Trim(), week)) is not null) break;
            }
        }

        if (reason is null) hours = new(week);
        return reason is null;
    }

    /// <summary>Reads a moment of the week such as <c>Sa 20:00</c>; null when it is none.</summary>
    public static int? ReadMoment(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 || Array.IndexOf(Days, parts[0]) is not (>= 0 and var day) || Minutes(parts[1]) is not (< MinutesOfDay and var minutes)) return null;
        return day * MinutesOfDay + minutes;
    }

    /// <summary>Whether it is open in a minute of the week.</summary>
    /// <param name="minuteOfWeek">0 to <see cref="MinutesOfWeek"/> − 1; Monday 00:00 is 0. A span's end is no longer open.</param>
    public bool IsOpen(int minuteOfWeek)
    {
        Guard.InRange(minuteOfWeek, 0, MinutesOfWeek - 1);
        var (day, minute) = (minuteOfWeek / MinutesOfDay, minuteOfWeek % MinutesOfDay);
        return days[day].Any(span => minute >= span.From && minute < span.To) || days[(day + 6) % 7].Any(span => minute + MinutesOfDay < span.To);
    }

    private static string? Rule(string rule, IReadOnlyList<(int, int)>[] days)
    {
        var isOf = new bool[7];
        var rest = rule;
        if (char.IsAsciiLetterUpper(rule[0]))
        {
            var end = rule.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? space : rule.Length;
            // "Mo, We 09:00-12:00": a list may have spaces behind its commas.
            while (end < rule.Length && rule[end - 1] == ',' && rule.IndexOf(' ', end + 1) is var next) end = next < 0 ? rule.Length : next;
            foreach (var part in rule[..end].Split(','))
            {
                var ends = part.Trim().Split('-');
                int first = Array.IndexOf(Days, ends[0]), last = Array.IndexOf(Days, ends[^1]);
                if (ends.Length > 2 || first < 0 || last < 0) return $"\"{part.Trim()}\" is not a weekday or a range of weekdays";
                for (var day = first; ; day = (day + 1) % 7)
                {
                    isOf[day] = true;
                    if (day == last) break;
                }
            }

            rest = rule[end..].Trim();
        }
        else
        {
            Array.Fill(isOf, true);
        }

        List<(int, int)> spans = [];
        if (rest.Length == 0) spans.Add((0, MinutesOfDay));
        else if (rest is not ("off" or "closed"))
        {
            foreach (var part in rest.Split(','))
            {
                var ends = part.Trim().Split('-');
                if (ends.Length != 2 || Minutes(ends[0].Trim()) is not (< MinutesOfDay and var from) || Minutes(ends[1].Trim()) is not { } to) return $"\"{part.Trim()}\" is not a span of times such as 08:30-17:30";
                if (to <= from) to += MinutesOfDay;
                if (to - from > MinutesOfDay) return $"\"{part.Trim()}\" is longer than a day";
                spans.Add((from, to));
            }
        }

        for (var day = 0; day < 7; day++)
        {
            if (isOf[day]) days[day] = spans;
        }

        return null;
    }

    private static int? Minutes(string text) =>
        text.Length is 4 or 5 && text[^3] == ':' && int.TryParse(text[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
        && int.TryParse(text[^2..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes < 60 && hours * 60 + minutes <= 2 * MinutesOfDay
            ? hours * 60 + minutes : null;
}
