namespace GridMap.Server.Layers;

/// <summary>A whole number for each row in as few bytes as the largest needs: 0 (the row's own number + 1), 1, 2, 4 or 8.</summary>
public sealed class Codes
{
    private readonly byte[]? _bytes;
    private readonly ushort[]? _shorts;
    private readonly uint[]? _ints;
    private readonly ulong[]? _longs;
    private readonly int _width;

    private Codes(int width, byte[]? bytes = null, ushort[]? shorts = null, uint[]? ints = null, ulong[]? longs = null) =>
        (_width, _bytes, _shorts, _ints, _longs) = (width, bytes, shorts, ints, longs);

    /// <summary>Every row has its own: nothing needs to be kept.</summary>
    public static Codes RowNumbers { get; } = new(0);

    public bool IsRowNumbers => _width == 0;

    public long Bytes => (_bytes?.LongLength ?? 0) + ((_shorts?.LongLength ?? 0) * 2) + ((_ints?.LongLength ?? 0) * 4) + ((_longs?.LongLength ?? 0) * 8);

    public static Codes Of(ReadOnlySpan<ulong> values)
    {
        var most = 0UL;
        foreach (var value in values) most = Math.Max(most, value);
        switch (most)
        {
            case <= byte.MaxValue:
                var bytes = new byte[values.Length];
                for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)values[i];
                return new Codes(1, bytes: bytes);
            case <= ushort.MaxValue:
                var shorts = new ushort[values.Length];
                for (var i = 0; i < shorts.Length; i++) shorts[i] = (ushort)values[i];
                return new Codes(2, shorts: shorts);
            case <= uint.MaxValue:
                var ints = new uint[values.Length];
                for (var i = 0; i < ints.Length; i++) ints[i] = (uint)values[i];
                return new Codes(4, ints: ints);
            default:
                return new Codes(8, longs: values.ToArray());
        }
    }

    public ulong this[int row] => _width switch
    {
        1 => _bytes![row],
        2 => _shorts![row],
        4 => _ints![row],
        0 => (ulong)row + 1,
        _ => _longs![row],
    };
}

/// <summary>A set of rows, a bit each.</summary>
public static class RowBits
{
    public static int Words(int rows) => (rows + 63) >> 6;

    public static bool Has(ReadOnlySpan<ulong> bits, int row) => (bits[row >> 6] >> (row & 63) & 1) != 0;

    public static void Set(Span<ulong> bits, int row) => bits[row >> 6] |= 1UL << (row & 63);

    public static int Count(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits) count += System.Numerics.BitOperations.PopCount(word);
        return count;
    }
}

/// <summary>A property's test made ready for one segment: a row passes when its code is in the range, or in the set.</summary>
public sealed record CodeTest(Codes Codes, ulong Least, ulong Most, bool[]? Set = null)
{
    /// <summary>In place of a range: several codes far apart.</summary>
    public HashSet<ulong>? Wanted { get; init; }

    /// <summary>Whether those are the ones not wanted; null is never wanted.</summary>
    public bool Unwanted { get; init; }

    public static CodeTest None(Codes codes) => new(codes, 1, 0);

    public bool Passes(int row)
    {
        var code = Codes[row];
        if (Wanted is not null) return code != 0 && Wanted.Contains(code) != Unwanted;
        return Set is null ? code >= Least && code <= Most : Set[code];
    }
}
