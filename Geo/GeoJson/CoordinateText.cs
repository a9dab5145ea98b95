using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GridMap.Geo.GeoJson;

/// <summary>Writes a coordinate as the shortest decimal of at most 7 places: no exponent, no trailing zero, no "-0".</summary>
internal static class CoordinateText
{
    /// <summary>Larger magnitudes are refused: times 10^7 they would leave the range in which doubles hold every integer.</summary>
    public const double Limit = 9e8;

    /// <summary>Longest text: sign, 9 digits, point, 7 digits.</summary>
    public const int MaxLength = 18;

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    private static ReadOnlySpan<uint> Scales => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

    public static double ScaleOf(int decimals) => Scales[decimals];

    /// <summary>Writes <paramref name="value"/>, |value| ≤ <see cref="Limit"/>, and returns the length.</summary>
    public static int Write(Span<byte> target, double value, int decimals)
    {
        // One check here lets the compiler drop the rest.
        if (target.Length < MaxLength) throw new ArgumentException("too short", nameof(target));
        var scale = Scales[decimals];
        var units = (long)Math.Round(value * scale);
        var at = 0;
        if (units < 0)
        {
            target[0] = (byte)'-';
            at = 1;
            units = -units;
        }

        uint whole, fraction;
        if (decimals == 7)
        {
            // The usual case, with a constant divisor: a multiplication in place of a division.
            whole = (uint)((ulong)units / 10_000_000);
            fraction = (uint)units - whole * 10_000_000;
        }
        else
        {
            whole = (uint)((ulong)units / scale);
            fraction = (uint)units - whole * scale;
        }

        at += DigitCount(whole);
        Digits(target, at, whole);
        if (fraction == 0) return at;
        target[at++] = (byte)'.';
        var end = at + decimals;
        // Zeros between the point and the first digit are digits too.
        for (var i = at; i < end; i++) target[i] = (byte)'0';
        Digits(target, end, fraction);
        while (target[end - 1] == (byte)'0') end--;
        return end;
    }

    // The digits of 0 to 429 (what 32 bits of steps hold) in the order of bytes, and in the highest byte how many there are.
    private static readonly uint[] Degrees = [.. Enumerable.Range(0, 430).Select(whole =>
    {
        var text = whole.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return text.Index().Aggregate((uint)text.Length << 24, (word, digit) => word | ((uint)digit.Item << (8 * digit.Index)));
    })];

    /// <summary>
    /// Writes whole steps of 1e-7 and returns the length: the same text as <see cref="Write"/> of <c>steps / 1e7</c> with 7 places. Writes over up to
    /// <see cref="MaxLength"/> bytes. The seven digits behind the point are made at once, as eight lanes of one word (the first becomes the point).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteSteps(Span<byte> target, int steps)
    {
        if (target.Length < MaxLength) throw new ArgumentException("too short", nameof(target));
        ref var start = ref MemoryMarshal.GetReference(target);
        var at = 0;
        var units = (uint)steps;
        if (steps < 0)
        {
            start = (byte)'-';
            at = 1;
            units = 0 - units;
        }
        var whole = units / 10_000_000;
        var fraction = units - (whole * 10_000_000);
        var degrees = Degrees[whole];
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, at), degrees);
        at += (int)(degrees >> 24);
        // Two lanes of four digits, then four of two, then eight of one.
        var high = fraction / 10_000;
        var fours = high | ((ulong)(fraction - (high * 10_000)) << 32);
        var hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
        var twos = hundreds | ((fours - (hundreds * 100)) << 16);
        var tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
        var digits = tens | ((twos - (tens * 10)) << 8);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, at), digits + 0x3030_3030_3030_302E);
        // Zeros at the end, and the point where nothing else is left, are written over by what follows.
        return at + 8 - (BitOperations.LeadingZeroCount(digits) >> 3);
    }

    private static int DigitCount(uint value)
    {
        if (value < 1000) return value < 10 ? 1 : value < 100 ? 2 : 3;
        var count = 4;
        for (var bound = 10_000UL; value >= bound; bound *= 10) count++;
        return count;
    }

    /// <summary>Writes the digits so that they end before <paramref name="end"/>.</summary>
    private static void Digits(Span<byte> target, int end, uint value)
    {
        var pairs = Pairs;
        while (value >= 10)
        {
            var rest = value / 100;
            var pair = (int)(value - rest * 100) * 2;
            target[--end] = pairs[pair + 1];
            target[--end] = pairs[pair];
            value = rest;
            if (value == 0) return;
        }

        target[end - 1] = (byte)('0' + value);
    }
}
