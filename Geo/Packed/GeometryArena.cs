using System.Runtime.CompilerServices;
using GridMap.Geo.GeoJson;

namespace GridMap.Geo.Packed;

/// <summary>
/// Many geometries in one array of bytes: coordinates as whole steps of 1e-7 degree, each as its difference from the one before
/// (zigzag, base-128). Immutable; read with <see cref="GeometryCursor"/>.
/// </summary>
/// <remarks>
/// A geometry is its WKB kind (1 Point … 6 MultiPolygon), then counts and positions as in WKB but for two things: a ring leaves out its
/// closing position, and rings run as RFC 7946 §3.1.6 wants them (outer counterclockwise, holes clockwise; a ring of no area stays as it was).
/// At most 2 GiB. Collections, empty points, and coordinates off the lattice or beyond ±214° cannot be kept: see <see cref="GeometryArenaBuilder"/>.
/// </remarks>
public sealed class GeometryArena
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    internal GeometryArena(byte[] bytes, int[] starts, int originX, int originY) => (_bytes, _starts, OriginX, OriginY) = (bytes, starts, originX, originY);

    /// <summary>The steps from which the first position of every geometry is counted.</summary>
    public int OriginX { get; }

    /// <inheritdoc cref="OriginX"/>
    public int OriginY { get; }

    public int Count => _starts.Length - 1;

    /// <summary>Bytes of memory held.</summary>
    public long Bytes => _bytes.LongLength + (_starts.LongLength * 4);

    /// <summary>The packed bytes of one geometry.</summary>
    public ReadOnlySpan<byte> Packed(int index) => _bytes.AsSpan(_starts[index], _starts[index + 1] - _starts[index]);

    /// <summary>A cursor at the start of one geometry.</summary>
    public GeometryCursor Read(int index) => new(Packed(index), OriginX, OriginY);
}

/// <summary>Walks one packed geometry. Positions are in steps of 1e-7 degree.</summary>
public ref struct GeometryCursor
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    /// <summary>Starts behind the kind.</summary>
    public GeometryCursor(ReadOnlySpan<byte> bytes, int originX, int originY)
    {
        _bytes = bytes;
        _at = 1;
        (X, Y) = (originX, originY);
        Kind = (PackedKind)bytes[0];
    }

    public PackedKind Kind { get; }

    /// <summary>Longitude of the position read last.</summary>
    public int X { get; private set; }

    /// <summary>Latitude of the position read last.</summary>
    public int Y { get; private set; }

    /// <summary>The number of parts or positions that follow.</summary>
    public int Count() => (int)Number();

    /// <summary>Moves to the next position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next()
    {
        var x = Number();
        var y = Number();
        X += (int)(x >> 1) ^ -(int)(x & 1);
        Y += (int)(y >> 1) ^ -(int)(y & 1);
    }

    /// <summary>Moves on over as many positions as there is room for, and gives them all.</summary>
    public void Next(Span<int> xs, Span<int> ys)
    {
        var here = this; // in registers
        for (var i = 0; i < xs.Length; i++)
        {
            here.Next();
            xs[i] = here.X;
            ys[i] = here.Y;
        }
        this = here;
    }

    // One or two bytes nearly always: neighbours are near.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Number()
    {
        uint value = _bytes[_at++];
        if (value < 0x80) return value;
        uint next = _bytes[_at++];
        value = (value & 0x7F) | ((next & 0x7F) << 7);
        return next < 0x80 ? value : Longer(value);
    }

    private uint Longer(uint value)
    {
        for (var shift = 14; ; shift += 7)
        {
            uint next = _bytes[_at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}

/// <summary>What a packed geometry is; the numbers of WKB.</summary>
public enum PackedKind
{
    Point = 1,
    LineString = 2,
    Polygon = 3,
    MultiPoint = 4,
    MultiLineString = 5,
    MultiPolygon = 6,
}

/// <summary>A box in steps of 1e-7 degree, edges included.</summary>
public readonly record struct PackedBox(int MinX, int MinY, int MaxX, int MaxY)
{
    public static PackedBox Nothing { get; } = new(int.MaxValue, int.MaxValue, int.MinValue, int.MinValue);

    public PackedBox With(PackedBox other) => new(Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Max(MaxX, other.MaxX), Math.Max(MaxY, other.MaxY));

    /// <summary>Whether all of it lies inside the frame; <see cref="Nothing"/> does not.</summary>
    public bool IsInside(PackedBox frame) => MinX <= MaxX && MinX >= frame.MinX && MaxX <= frame.MaxX && MinY >= frame.MinY && MaxY <= frame.MaxY;

    public bool Meets(PackedBox other) => MinX <= other.MaxX && MaxX >= other.MinX && MinY <= other.MaxY && MaxY >= other.MinY;
}
