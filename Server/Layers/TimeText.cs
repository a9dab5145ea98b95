using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>Times in JSON: RFC 3339 in UTC, with as many digits of a second as it needs, at most six.</summary>
public static class TimeText
{
    /// <param name="output">Where to.</param>
    /// <param name="micros">Microseconds since 2000-01-01, as PostgreSQL counts; within the years 1 to 9999.</param>
    public static void Write(ref Utf8Output output, long micros)
    {
        var time = WholeData.Time(micros);
        var (year, month, day) = time;
        var target = output.Span(32);
        target[0] = (byte)'"';
        Four(target, 1, year);
        target[5] = (byte)'-';
        Two(target, 6, month);
        target[8] = (byte)'-';
        Two(target, 9, day);
        target[11] = (byte)'T';
        Two(target, 12, time.Hour);
        target[14] = (byte)':';
        Two(target, 15, time.Minute);
        target[17] = (byte)':';
        Two(target, 18, time.Second);
        var at = 20;
        var fraction = (int)(time.Ticks % TimeSpan.TicksPerSecond / 10);
        if (fraction > 0)
        {
            target[at++] = (byte)'.';
            for (var scale = 100_000; fraction > 0; scale /= 10)
            {
                target[at++] = (byte)('0' + (fraction / scale));
                fraction %= scale;
            }
        }
        target[at++] = (byte)'Z';
        target[at++] = (byte)'"';
        output.Advance(at);
    }

    private static void Four(Span<byte> target, int at, int number)
    {
        Two(target, at, number / 100);
        Two(target, at + 2, number % 100);
    }

    private static void Two(Span<byte> target, int at, int number) => (target[at], target[at + 1]) = ((byte)('0' + (number / 10)), (byte)('0' + (number % 10)));
}
