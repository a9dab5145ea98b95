using System.Buffers;

namespace GridMap.Geo.Packed;

/// <summary>Text on its way into a buffer writer, with few calls to it. Call <see cref="Flush"/> before anybody else writes there.</summary>
/// <param name="writer">Where it goes.</param>
/// <param name="chunk">Bytes asked for at a time: more for long texts.</param>
public ref struct Utf8Output(IBufferWriter<byte> writer, int chunk = 4096)
{
    private Span<byte> _span = writer.GetSpan(chunk);
    private int _used;

    /// <summary>Bytes since the start.</summary>
    public long Written { get; private set; }

    /// <summary>At least <paramref name="length"/> free bytes; say with <see cref="Advance"/> how many were taken.</summary>
    public Span<byte> Span(int length)
    {
        if (_span.Length - _used < length) Renew(length);
        return _span[_used..];
    }

    public void Advance(int length)
    {
        _used += length;
        Written += length;
    }

    public void Write(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Span(text.Length));
        Advance(text.Length);
    }

    public void Write(byte letter)
    {
        Span(1)[0] = letter;
        Advance(1);
    }

    /// <summary>A whole number in decimal digits.</summary>
    public void Write(long number)
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(number, Span(20), out var length);
        Advance(length);
    }

    /// <summary>Hands over what was written.</summary>
    public void Flush()
    {
        writer.Advance(_used);
        _span = [];
        _used = 0;
    }

    private void Renew(int length)
    {
        writer.Advance(_used);
        _span = writer.GetSpan(Math.Max(chunk, length));
        _used = 0;
    }
}
