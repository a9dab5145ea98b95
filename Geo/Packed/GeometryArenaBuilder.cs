using GridMap.Geo.GeoJson;

namespace GridMap.Geo.Packed;

/// <summary>A geometry that cannot be kept in an arena without losing something; the caller serves it another way.</summary>
public sealed class NotPackableException : Exception
{
    public NotPackableException() { }

    public NotPackableException(string message) : base(message) { }

    public NotPackableException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>Packs geometries one after the other. Not thread-safe.</summary>
public sealed class GeometryArenaBuilder(int originX, int originY)
{
    private const double Steps = 1e7;

    private byte[] _bytes = new byte[1024];
    private int[] _starts = new int[64];
    private int[] _ring = new int[256];
    private int _used, _count, _lastX, _lastY;
    private PackedBox _box;

    public int Count => _count;

    /// <summary>Packs one geometry from (E)WKB or ISO WKB; Z and M are dropped, as <see cref="GeoJsonWriter"/> drops them.</summary>
    /// <returns>Its box.</returns>
    /// <exception cref="NotPackableException">A collection, an empty point, a coordinate off the lattice of k/1e7 degrees or beyond ±214°; or the arena is full. Nothing was added.</exception>
    /// <exception cref="WkbException">Malformed bytes.</exception>
    public PackedBox Add(ReadOnlySpan<byte> wkb)
    {
        WkbEnvelope.Of(wkb); // checks every count and ring
        var used = _used;
        try
        {
            Room(wkb.Length);
            (_lastX, _lastY, _box) = (originX, originY, PackedBox.Nothing);
            var cursor = new WkbCursor(wkb);
            var kind = cursor.ReadHeader();
            if (kind == WkbType.GeometryCollection) throw new NotPackableException("a geometry collection");
            _bytes[_used++] = (byte)kind;
            Body(ref cursor, kind);
            End();
            return _box;
        }
        catch (NotPackableException)
        {
            _used = used;
            throw;
        }
    }

    /// <summary>Adds a geometry of another arena of the same origin as it is.</summary>
    public void Add(GeometryArena from, int index)
    {
        if (from.OriginX != originX || from.OriginY != originY) throw new ArgumentException("another origin", nameof(from));
        var packed = from.Packed(index);
        Room(packed.Length);
        packed.CopyTo(_bytes.AsSpan(_used));
        _used += packed.Length;
        End();
    }

    /// <summary>The arena, without spare room. The builder must not be used afterwards.</summary>
    public GeometryArena Build()
    {
        Array.Resize(ref _bytes, _used);
        Array.Resize(ref _starts, _count + 1);
        return new GeometryArena(_bytes, _starts, originX, originY);
    }

    private void End()
    {
        if (_count + 2 > _starts.Length) Array.Resize(ref _starts, _starts.Length * 2);
        _starts[++_count] = _used;
    }

    private void Body(ref WkbCursor cursor, WkbType kind)
    {
        switch (kind)
        {
            case WkbType.Point:
                var point = cursor.ReadPositions(1);
                if (double.IsNaN(cursor.X(point, 0))) throw new NotPackableException("an empty point");
                Position(Step(cursor.X(point, 0)), Step(cursor.Y(point, 0)));
                break;
            case WkbType.LineString:
                var count = cursor.ReadCount(cursor.Stride);
                Positions(ref cursor, count, ring: false, hole: false);
                break;
            case WkbType.Polygon:
                var rings = cursor.ReadCount(4);
                Number((uint)rings);
                for (var i = 0; i < rings; i++) Positions(ref cursor, cursor.ReadCount(cursor.Stride), ring: true, hole: i > 0);
                break;
            default:
                var members = cursor.ReadCount(5);
                Number((uint)members);
                for (var i = 0; i < members; i++) Body(ref cursor, cursor.ReadHeader());
                break;
        }
    }

    private void Positions(ref WkbCursor cursor, int count, bool ring, bool hole)
    {
        var positions = cursor.ReadPositions(count);
        if (ring) count--; // closed by saying so
        Number((uint)count);
        if (_ring.Length < count * 2) _ring = new int[count * 4];
        for (var i = 0; i < count; i++) (_ring[i * 2], _ring[(i * 2) + 1]) = (Step(cursor.X(positions, i)), Step(cursor.Y(positions, i)));
        var area = ring ? TwiceArea(count) : 0;
        if (hole ? area <= 0 : area >= 0)
        {
            for (var i = 0; i < count; i++) Position(_ring[i * 2], _ring[(i * 2) + 1]);
            return;
        }
        // Turned round, it starts where it started.
        Position(_ring[0], _ring[1]);
        for (var i = count - 1; i > 0; i--) Position(_ring[i * 2], _ring[(i * 2) + 1]);
    }

    private Int128 TwiceArea(int count)
    {
        var sum = Int128.Zero;
        for (var i = 1; i + 1 < count; i++)
        {
            long ax = (long)_ring[i * 2] - _ring[0], ay = (long)_ring[(i * 2) + 1] - _ring[1];
            long bx = (long)_ring[(i * 2) + 2] - _ring[0], by = (long)_ring[(i * 2) + 3] - _ring[1];
            sum += ((Int128)ax * by) - ((Int128)bx * ay);
        }
        return sum;
    }

    private static int Step(double degrees)
    {
        var steps = Math.Round(degrees * Steps);
        if (!(Math.Abs(steps) < int.MaxValue)) throw new NotPackableException($"a coordinate of {degrees}°");
        // The lattice is the double nearest to the decimal; anything else would answer exact questions differently than the database.
        if (steps / Steps != degrees) throw new NotPackableException($"the coordinate {degrees:R} off the lattice of 1e-7°");
        return (int)steps;
    }

    private void Position(int x, int y)
    {
        // Differences wrap around like the sums that undo them.
        var (dx, dy) = (unchecked(x - _lastX), unchecked(y - _lastY));
        Number((uint)((dx << 1) ^ (dx >> 31)));
        Number((uint)((dy << 1) ^ (dy >> 31)));
        (_lastX, _lastY) = (x, y);
        _box = _box.With(new PackedBox(x, y, x, y));
    }

    private void Number(uint value)
    {
        while (value >= 0x80)
        {
            _bytes[_used++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[_used++] = (byte)value;
    }

    // A position takes 16 bytes of WKB and at most 10 here; a count 4 and at most 5, but never without a header or positions.
    private void Room(int wkbLength)
    {
        var needed = (long)_used + wkbLength + 16;
        if (needed <= _bytes.Length) return;
        if (needed > Array.MaxLength) throw new NotPackableException("more than 2 GiB of geometry");
        Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, _bytes.LongLength * 2)));
    }
}
