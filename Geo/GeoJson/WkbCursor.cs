using System.Buffers.Binary;

namespace GridMap.Geo.GeoJson;

internal enum WkbType
{
    Point = 1,
    LineString = 2,
    Polygon = 3,
    MultiPoint = 4,
    MultiLineString = 5,
    MultiPolygon = 6,
    GeometryCollection = 7,
}

/// <summary>Walks (E)WKB or ISO WKB, either byte order; every read is checked against the end.</summary>
internal ref struct WkbCursor(ReadOnlySpan<byte> bytes)
{
    /// <summary>Deeper nesting than this is refused: nobody draws it, and recursion must end.</summary>
    public const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;
    private bool little;
    private int stride;

    public readonly bool AtEnd => at == bytes.Length;

    public readonly int Offset => at;

    public readonly int Stride => stride;

    public readonly bool LittleEndian => little;

    public WkbType ReadHeader()
    {
        Need(5);
        var order = bytes[at];
        if (order > 1) throw Fail(WkbReasons.ByteOrder, $"byte order {order}, expected 0 or 1");
        little = order == 1;
        at++;
        var code = ReadUInt32();
        if ((code & 0x20000000) != 0)
        {
            Need(4);
            at += 4;
        }

        var kind = code & 0x1FFFFFFF;
        // EWKB says Z and M by flags, ISO by thousands, and NTS says both at once.
        var thousands = kind / 1000;
        kind %= 1000;
        if (kind is < 1 or > 7 || thousands > 3) throw Fail(WkbReasons.UnknownType, $"geometry type {code}");
        var z = (code & 0x80000000) != 0 || thousands is 1 or 3;
        var m = (code & 0x40000000) != 0 || thousands is 2 or 3;
        stride = 16 + (z ? 8 : 0) + (m ? 8 : 0);
        return (WkbType)kind;
    }

    /// <summary>Reads an element count and refuses one that the bytes left cannot hold.</summary>
    public int ReadCount(int bytesEach)
    {
        Need(4);
        var count = ReadUInt32();
        if ((long)count * bytesEach > bytes.Length - at)
            throw Fail(WkbReasons.Truncated, $"{count} elements of at least {bytesEach} bytes announced, {bytes.Length - at} bytes left");
        return (int)count;
    }

    /// <summary>The bytes of <paramref name="count"/> positions.</summary>
    public ReadOnlySpan<byte> ReadPositions(int count)
    {
        var size = (long)count * stride;
        if (size > bytes.Length - at) throw Fail(WkbReasons.Truncated, $"{size} bytes of positions wanted, {bytes.Length - at} left");
        var positions = bytes.Slice(at, (int)size);
        at += (int)size;
        return positions;
    }

    public readonly double X(ReadOnlySpan<byte> positions, int index) => Read(positions, index * stride);

    public readonly double Y(ReadOnlySpan<byte> positions, int index) => Read(positions, index * stride + 8);

    public readonly WkbException Fail(string reason, string detail) => new(reason, at, detail);

    private readonly double Read(ReadOnlySpan<byte> span, int offset) => little
        ? BinaryPrimitives.ReadDoubleLittleEndian(span[offset..])
        : BinaryPrimitives.ReadDoubleBigEndian(span[offset..]);

    private uint ReadUInt32()
    {
        var value = little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
        at += 4;
        return value;
    }

    private readonly void Need(int count)
    {
        if (bytes.Length - at < count) throw Fail(WkbReasons.Truncated, $"{count} bytes wanted, {bytes.Length - at} left");
    }
}
