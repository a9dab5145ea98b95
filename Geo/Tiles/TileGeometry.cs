using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GridMap.Geo.Packed;

namespace GridMap.Geo.Tiles;

/// <summary>
/// Turns packed geometries into the commands of a vector tile (Mapbox Vector Tile 2.1, §4.3): projected, snapped, simplified, cut at the buffer.
/// </summary>
/// <remarks>
/// Every position is decided by itself: it is rounded to a lattice of the tile's units that depends on the zoom alone, so neighbours that share a border in the data share it
/// in every tile. Positions that fall together become one, and one exactly on the line between its neighbours is left out; nothing else is. A ring left without area is left out;
/// rings that snapping or cutting has laid upon themselves or each other are parted, so that every polygon is valid.
/// Outer rings are clockwise on the screen, holes counterclockwise. Lattices of neighbouring tiles agree, because their sizes divide a tile. Not thread-safe; reuse it.
/// </remarks>
public sealed class TileGeometry
{
    private const int Low = -TileMatrix.Buffer, High = TileMatrix.Extent + TileMatrix.Buffer;

    private readonly TileRings _rings = new();

    private int[] _x = new int[256], _y = new int[256], _cutX = new int[256], _cutY = new int[256];
    private byte[] _commands = new byte[4096];
    private int _count, _used, _penX, _penY;

    // What the positions read last reach over, before anything was cut off.
    private TileBox _box;

    /// <summary>The commands of the geometry encoded last: the packed field's bytes.</summary>
    public ReadOnlySpan<byte> Commands => _commands.AsSpan(0, _used);

    /// <summary>The type of the geometry encoded last: 1 point, 2 line, 3 polygon.</summary>
    public int Type { get; private set; }

    /// <summary>The spacing of the lattice at a zoom, units, a power of two: coarser where a unit is far below a pixel and borders need fewer corners.</summary>
    public static int Lattice(int zoom) => zoom < 12 ? 4 : zoom < 14 ? 2 : 1;

    /// <summary>Encodes one geometry; false when nothing of it is left in the tile.</summary>
    public bool Encode(GeometryCursor geometry, TileMatrix tile)
    {
        (_used, _penX, _penY) = (0, 0, 0);
        var lattice = Lattice(tile.Z);
        switch (geometry.Kind)
        {
            case PackedKind.Point:
                Type = 1;
                Points(ref geometry, tile, 1);
                break;
            case PackedKind.MultiPoint:
                Type = 1;
                Points(ref geometry, tile, geometry.Count());
                break;
            case PackedKind.LineString:
                Type = 2;
                Line(ref geometry, tile, lattice);
                break;
            case PackedKind.MultiLineString:
                Type = 2;
                for (var lines = geometry.Count(); lines > 0; lines--) Line(ref geometry, tile, lattice);
                break;
            default:
                Type = 3;
                _rings.Clear();
                for (var polygons = geometry.Kind == PackedKind.Polygon ? 1 : geometry.Count(); polygons > 0; polygons--) Polygon(ref geometry, tile, lattice);
                if (_rings.Meet()) Mend();
                break;
        }
        return _used > 0;
    }

    /// <summary>One point at a place of the tile; false when it is beyond the buffer.</summary>
    public bool EncodePoint(double unitsX, double unitsY)
    {
        (_used, _penX, _penY, Type) = (0, 0, 0, 1);
        var (x, y) = (Math.Floor(unitsX + 0.5), Math.Floor(unitsY + 0.5));
        if (x < Low || x > High || y < Low || y > High) return false;
        Begin(1, 1, 1);
        Go((int)x, (int)y);
        return true;
    }

    private void Read(ref GeometryCursor at, TileMatrix tile, int count, int lattice)
    {
        if (_x.Length < count + TileMatrix.Lanes) (_x, _y) = (new int[(count * 2) + TileMatrix.Lanes], new int[(count * 2) + TileMatrix.Lanes]);
        at.Next(_x.AsSpan(0, count), _y.AsSpan(0, count));
        _box = tile.Snap(_x, _y, count, lattice);
        _count = count;
    }

    private void Points(ref GeometryCursor at, TileMatrix tile, int count)
    {
        Read(ref at, tile, count, 1);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (_x[i] < Low || _x[i] > High || _y[i] < Low || _y[i] > High) continue;
            (_x[kept], _y[kept]) = (_x[i], _y[i]);
            kept++;
        }
        if (kept == 0) return;
        Begin(1, kept, kept);
        for (var i = 0; i < kept; i++) Go(_x[i], _y[i]);
    }

    private void Line(ref GeometryCursor at, TileMatrix tile, int lattice)
    {
        Read(ref at, tile, at.Count(), lattice);
        if (_box.IsOutside(Low, High)) return;
        DropStraight(ring: false);
        if (_box.IsInside(Low, High))
        {
            if (_count > 1) Path(_x, _y, _count);
            return;
        }
        // What is left of the line between two cuts is a path of its own.
        if (_cutX.Length <= _count) (_cutX, _cutY) = (new int[_count * 2], new int[_count * 2]);
        var kept = 0;
        for (var i = 0; i + 1 < _count; i++)
        {
            double x1 = _x[i], y1 = _y[i], x2 = _x[i + 1], y2 = _y[i + 1];
            if (!Clip(ref x1, ref y1, ref x2, ref y2)) continue;
            int ax = (int)Math.Round(x1), ay = (int)Math.Round(y1), bx = (int)Math.Round(x2), by = (int)Math.Round(y2);
            if (ax == bx && ay == by) continue;
            if (kept == 0 || ax != _cutX[kept - 1] || ay != _cutY[kept - 1])
            {
                if (kept > 0) Path(_cutX, _cutY, kept);
                (_cutX[0], _cutY[0]) = (ax, ay);
                kept = 1;
            }
            (_cutX[kept], _cutY[kept]) = (bx, by);
            kept++;
        }
        if (kept > 0) Path(_cutX, _cutY, kept);
    }

    // Liang and Barsky 1984.
    private static bool Clip(ref double x1, ref double y1, ref double x2, ref double y2)
    {
        var (dx, dy, from, to) = (x2 - x1, y2 - y1, 0.0, 1.0);
        if (!Edge(-dx, x1 - Low, ref from, ref to) || !Edge(dx, High - x1, ref from, ref to)
            || !Edge(-dy, y1 - Low, ref from, ref to) || !Edge(dy, High - y1, ref from, ref to)) return false;
        (x2, y2) = to < 1 ? (x1 + (to * dx), y1 + (to * dy)) : (x2, y2);
        (x1, y1) = from > 0 ? (x1 + (from * dx), y1 + (from * dy)) : (x1, y1);
        return true;
    }

    private static bool Edge(double step, double room, ref double from, ref double to)
    {
        if (step == 0) return room >= 0;
        var at = room / step;
        if (step < 0) from = Math.Max(from, at);
        else to = Math.Min(to, at);
        return from <= to;
    }

    private void Polygon(ref GeometryCursor at, TileMatrix tile, int lattice)
    {
        var hasOuter = false;
        var rings = at.Count();
        for (var i = 0; i < rings; i++)
        {
            Read(ref at, tile, at.Count(), lattice);
            if (i > 0 && !hasOuter) continue; // the holes of what has vanished
            if (_box.IsOutside(Low, High)) continue;
            if (!_box.IsInside(Low, High)) Cut();
            DropStraight(ring: true);
            if (_count < 3) continue;
            var area = TwiceArea();
            if (area == 0) continue;
            if (i == 0) hasOuter = true;
            Ring(area, outer: i == 0);
            _rings.Add(_x.AsSpan(0, _count), _y.AsSpan(0, _count), i == 0);
        }
    }

    private void Ring(long area, bool outer)
    {
        if (outer ? area < 0 : area > 0)
        {
            _x.AsSpan(0, _count).Reverse();
            _y.AsSpan(0, _count).Reverse();
        }
        Path(_x, _y, _count);
        _commands[_used++] = (1 << 3) | 7; // Path leaves room
    }

    // Writes the feature anew, where snapping or cutting has laid its rings upon themselves or each other.
    private void Mend()
    {
        (_used, _penX, _penY) = (0, 0, 0);
        foreach (var polygon in _rings.Mended())
        {
            for (var i = -1; i < polygon.NumInteriorRings; i++)
            {
                var ring = i < 0 ? polygon.Shell : polygon.GetInteriorRingN(i);
                _count = ring.NumPoints - 1;
                if (_x.Length < _count) (_x, _y) = (new int[_count * 2], new int[_count * 2]);
                for (var p = 0; p < _count; p++) (_x[p], _y[p]) = ((int)ring.GetCoordinateN(p).X, (int)ring.GetCoordinateN(p).Y);
                Ring(TwiceArea(), outer: i < 0);
            }
        }
    }

    // Sutherland and Hodgman 1974, one edge of the buffer after the other, where the ring reaches beyond it.
    private void Cut()
    {
        if (_box.MinX < Low) CutAlong(true, Low, 1);
        if (_box.MaxX > High) CutAlong(true, High, -1);
        if (_box.MinY < Low) CutAlong(false, Low, 1);
        if (_box.MaxY > High) CutAlong(false, High, -1);
    }

    private void CutAlong(bool vertical, int edge, int inward)
    {
        if (_cutX.Length < (_count * 2) + TileMatrix.Lanes) (_cutX, _cutY) = (new int[(_count * 4) + TileMatrix.Lanes], new int[(_count * 4) + TileMatrix.Lanes]);
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var last = i == 0 ? _count - 1 : i - 1;
            var (a, b) = vertical ? (_x[last], _x[i]) : (_y[last], _y[i]);
            bool aIn = (a - edge) * inward >= 0, bIn = (b - edge) * inward >= 0;
            if (aIn != bIn)
            {
                // From the lower end to the higher, so that the neighbour who walks the border the other way cuts it at the same place.
                var (p, q) = a < b ? (last, i) : (i, last);
                var (along, other, from, to) = vertical ? (_x[p], _x[q], _y[p], _y[q]) : (_y[p], _y[q], _x[p], _x[q]);
                var across = (int)Math.Floor(from + ((double)(edge - along) / (other - along) * (to - from)) + 0.5);
                Keep(ref kept, vertical ? edge : across, vertical ? across : edge);
            }
            if (bIn) Keep(ref kept, _x[i], _y[i]);
        }
        (_x, _cutX) = (_cutX, _x);
        (_y, _cutY) = (_cutY, _y);
        _count = kept;
    }

    private void Keep(ref int kept, int x, int y)
    {
        if (kept > 0 && _cutX[kept - 1] == x && _cutY[kept - 1] == y) return;
        (_cutX[kept], _cutY[kept]) = (x, y);
        kept++;
    }

    // Takes out repeated positions, those on the straight line between their neighbours, and in rings spikes that come back the way they went.
    private void DropStraight(bool ring)
    {
        ref int xs = ref MemoryMarshal.GetArrayDataReference(_x), ys = ref MemoryMarshal.GetArrayDataReference(_y);
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            int x = Unsafe.Add(ref xs, i), y = Unsafe.Add(ref ys, i);
            if (kept > 0 && Unsafe.Add(ref xs, kept - 1) == x && Unsafe.Add(ref ys, kept - 1) == y) continue;
            while (kept > 1 && IsStraight(ref xs, ref ys, kept - 2, kept - 1, x, y, ring)) kept--;
            if (kept > 0 && Unsafe.Add(ref xs, kept - 1) == x && Unsafe.Add(ref ys, kept - 1) == y) continue;
            (Unsafe.Add(ref xs, kept), Unsafe.Add(ref ys, kept)) = (x, y);
            kept++;
        }
        if (ring)
        {
            while (kept > 1 && _x[kept - 1] == _x[0] && _y[kept - 1] == _y[0]) kept--;
            while (kept > 2 && IsStraight(ref xs, ref ys, kept - 2, kept - 1, _x[0], _y[0], true)) kept--;
            var first = 0;
            while (kept - first > 2 && IsStraight(ref xs, ref ys, kept - 1, first, _x[first + 1], _y[first + 1], true)) first++;
            if (first > 0)
            {
                Array.Copy(_x, first, _x, 0, kept - first);
                Array.Copy(_y, first, _y, 0, kept - first);
                kept -= first;
            }
        }
        _count = kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsStraight(ref int xs, ref int ys, int a, int b, int x, int y, bool spikes)
    {
        int bx = Unsafe.Add(ref xs, b), by = Unsafe.Add(ref ys, b);
        long dx = bx - Unsafe.Add(ref xs, a), dy = by - Unsafe.Add(ref ys, a), ex = x - bx, ey = y - by;
        return dx * ey == dy * ex && (spikes || (dx * ex) + (dy * ey) > 0);
    }

    // Positive for clockwise on the screen, whose y runs down.
    private long TwiceArea()
    {
        ref int xs = ref MemoryMarshal.GetArrayDataReference(_x), ys = ref MemoryMarshal.GetArrayDataReference(_y);
        long sum = 0, lastX = _x[_count - 1], lastY = _y[_count - 1];
        for (var i = 0; i < _count; i++)
        {
            long x = Unsafe.Add(ref xs, i), y = Unsafe.Add(ref ys, i);
            sum += (lastX * y) - (x * lastY);
            (lastX, lastY) = (x, y);
        }
        return sum;
    }

    // Move to the first position, lines to the others. There is room for one command more afterwards.
    private void Path(int[] xs, int[] ys, int count)
    {
        Begin(1, 1, count + 1);
        Go(xs[0], ys[0]);
        Number((uint)(((count - 1) << 3) | 2));
        for (var i = 1; i < count; i++) Go(xs[i], ys[i]);
    }

    // A command for so many positions; makes room for all that come.
    private void Begin(uint command, int count, int positions)
    {
        var most = _used + ((positions + 2) * 10);
        if (most > _commands.Length) Array.Resize(ref _commands, most * 2);
        Number(((uint)count << 3) | command);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Go(int x, int y)
    {
        var (dx, dy) = (x - _penX, y - _penY);
        Number((uint)((dx << 1) ^ (dx >> 31)));
        Number((uint)((dy << 1) ^ (dy >> 31)));
        (_penX, _penY) = (x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Number(uint number)
    {
        ref var at = ref MemoryMarshal.GetArrayDataReference(_commands);
        while (number >= 0x80)
        {
            Unsafe.Add(ref at, _used++) = (byte)(number | 0x80);
            number >>= 7;
        }
        Unsafe.Add(ref at, _used++) = (byte)number;
    }
}

/// <summary>How far positions reach, units.</summary>
internal readonly record struct TileBox(int MinX, int MinY, int MaxX, int MaxY)
{
    public bool IsInside(int low, int high) => MinX >= low && MaxX <= high && MinY >= low && MaxY <= high;

    public bool IsOutside(int low, int high) => MaxX < low || MinX > high || MaxY < low || MinY > high;
}
