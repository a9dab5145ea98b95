using System.Globalization;
using System.Text.RegularExpressions;

namespace GridMap.Geo;

/// <summary>Moments as RFC 3339 §5.6 writes them: <c>2026-03-01T08:00:00.25+08:00</c>.</summary>
public static partial class Rfc3339
{
    private const int MostDigits = 7;

    /// <summary>
    /// Reads a moment of the years 1 to 9999 (UTC). Digits of a second beyond the seventh are cut off; a leap second (<c>:60</c>, only after minute 59) is the last tick before it, for
    /// no clock here counts it.
    /// </summary>
    /// <returns>False where the text is no such moment.</returns>
    public static bool TryRead(string text, out DateTime utc)
    {
        utc = default;
        if (text.Length > 60 || Pattern().Match(text) is not { Success: true } match) return false;
        int Part(string name) => int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        var (year, month, day, hour, minute, second) = (Part("y"), Part("mo"), Part("d"), Part("h"), Part("mi"), Part("s"));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60 || (second == 60 && minute != 59)) return false;
        var fraction = match.Groups["f"].Value;
        var ticks = second == 60 ? TimeSpan.TicksPerSecond - 1
            : fraction.Length == 0 ? 0 : long.Parse(fraction.Length > MostDigits ? fraction[..MostDigits] : fraction.PadRight(MostDigits, '0'), CultureInfo.InvariantCulture);
        var offset = 0;
        if (match.Groups["oh"].Success)
        {
            var (hours, minutes) = (Part("oh"), Part("om"));
            if (hours > 23 || minutes > 59) return false;
            offset = (hours * 60 + minutes) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        }
        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc).Ticks + ticks - (offset * TimeSpan.TicksPerMinute);
        if (local < DateTime.MinValue.Ticks || local > DateTime.MaxValue.Ticks) return false;
        utc = new DateTime(local, DateTimeKind.Utc);
        return true;
    }

    [GeneratedRegex(@"^(?<y>[0-9]{4})-(?<mo>[0-9]{2})-(?<d>[0-9]{2})[Tt](?<h>[0-9]{2}):(?<mi>[0-9]{2}):(?<s>[0-9]{2})(?:\.(?<f>[0-9]{1,30}))?(?:[Zz]|(?<sign>[+-])(?<oh>[0-9]{2}):(?<om>[0-9]{2}))\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Pattern();
}
