using GridMap.Geo.Packed;

namespace GridMap.Geo.Tiles;

/// <summary>
/// Turns packed geometries into the command integers of a vector tile (Mapbox Vector Tile 2.1, §4.3): projected, snapped, simplified, cut at the buffer.
/// </summary>
/// <remarks>
/// Every position is decided by itself: it is rounded to a lattice of the tile's units that depends on the zoom alone, so neighbours that share a border in the data share it
/// in every tile. Positions that fall together become one, and one exactly on the line between its neighbours is left out; nothing else is. A ring left without area is left out.
/// Outer rings are clockwise on the screen, holes counterclockwise. Lattices of neighbouring tiles agree, because their sizes divide a tile. Not thread-safe; reuse it.
/// </remarks>
public sealed class TileGeometry
{
    private const int Low = -TileMatrix.Buffer, High = TileMatrix.Extent + TileMatrix.Buffer;

    private int[] _x = new int[256], _y = new int[256], _cutX = new int[256], _cutY = new int[256];
    private uint[] _commands = new uint[1024];
    private int _count, _used, _penX, _penY;

    /// <summary>The commands of the geometry encoded last.</summary>
    public ReadOnlySpan<uint> Commands => _commands.AsSpan(0, _used);

    /// <summary>The type of the geometry encoded last: 1 point, 2 line, 3 polygon.</summary>
    public int Type { get; private set; }

    /// <summary>The spacing of the lattice at a zoom, units: coarser where a unit is far below a pixel and borders need fewer corners.</summary>
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
            case PackedKind.Polygon:
                Type = 3;
                Polygon(ref geometry, tile, lattice);
                break;
            default:
                Type = 3;
                for (var polygons = geometry.Count(); polygons > 0; polygons--) Polygon(ref geometry, tile, lattice);
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
        Put((1 << 3) | 1);
        Go((int)x, (int)y);
        return true;
    }

    private void Points(ref GeometryCursor at, TileMatrix tile, int count)
    {
        var header = _used;
        var kept = 0;
        Put(0);
        for (; count > 0; count--)
        {
            at.Next();
            var (x, y) = (Snap(tile.UnitsX(at.X), 1), Snap(tile.UnitsY(at.Y), 1));
            if (x < Low || x > High || y < Low || y > High) continue;
            Go(x, y);
            kept++;
        }
        _commands[header] = (uint)((kept << 3) | 1);
        if (kept == 0) _used = header;
    }

    private void Read(ref GeometryCursor at, TileMatrix tile, int lattice)
    {
        var count = at.Count();
        if (_x.Length < count + 1) (_x, _y) = (new int[count * 2], new int[count * 2]);
        _count = 0;
        for (var i = 0; i < count; i++)
        {
            at.Next();
            var (x, y) = (Snap(tile.UnitsX(at.X), lattice), Snap(tile.UnitsY(at.Y), lattice));
            if (_count > 0 && _x[_count - 1] == x && _y[_count - 1] == y) continue;
            (_x[_count], _y[_count]) = (x, y);
            _count++;
        }
    }

    // Far away positions are brought near enough for whole numbers; they are cut off anyway.
    private static int Snap(double units, int lattice) => (int)Math.Floor((Math.Clamp(units, -1e8, 1e8) / lattice) + 0.5) * lattice;

    private void Line(ref GeometryCursor at, TileMatrix tile, int lattice)
    {
        Read(ref at, tile, lattice);
        DropStraight(ring: false);
        var start = -1;
        for (var i = 0; i + 1 < _count; i++)
        {
            double x1 = _x[i], y1 = _y[i], x2 = _x[i + 1], y2 = _y[i + 1];
            if (!Clip(ref x1, ref y1, ref x2, ref y2)) continue;
            int ax = (int)Math.Round(x1), ay = (int)Math.Round(y1), bx = (int)Math.Round(x2), by = (int)Math.Round(y2);
            if (ax == bx && ay == by) continue;
            if (start < 0 || ax != _penX || ay != _penY)
            {
                Put((1 << 3) | 1);
                Go(ax, ay);
                start = _used;
                Put(2);
            }
            _commands[start] += 1 << 3;
            Go(bx, by);
        }
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
            Read(ref at, tile, lattice);
            if (i > 0 && !hasOuter) continue; // the holes of what has vanished
            if (!Cut()) continue;
            DropStraight(ring: true);
            var area = TwiceArea();
            if (area == 0 || _count < 3) continue;
            if (i == 0) hasOuter = true;
            Ring(turn: i == 0 ? area < 0 : area > 0);
        }
    }

    private void Ring(bool turn)
    {
        Put((1 << 3) | 1);
        var first = turn ? _count - 1 : 0;
        Go(_x[first], _y[first]);
        Put((uint)(((_count - 1) << 3) | 2));
        for (var i = 1; i < _count; i++)
        {
            var at = turn ? _count - 1 - i : i;
            Go(_x[at], _y[at]);
        }
        Put((1 << 3) | 7);
    }

    // Sutherland and Hodgman 1974, one edge of the buffer after the other, where the ring reaches beyond it. False when nothing is left.
    private bool Cut()
    {
        int minX = int.MaxValue, minY = int.MaxValue, maxX = int.MinValue, maxY = int.MinValue;
        for (var i = 0; i < _count; i++)
        {
            (minX, maxX) = (Math.Min(minX, _x[i]), Math.Max(maxX, _x[i]));
            (minY, maxY) = (Math.Min(minY, _y[i]), Math.Max(maxY, _y[i]));
        }
        if (maxX < Low || minX > High || maxY < Low || minY > High) return false;
        if (minX < Low) CutAlong(true, Low, 1);
        if (maxX > High) CutAlong(true, High, -1);
        if (minY < Low) CutAlong(false, Low, 1);
        if (maxY > High) CutAlong(false, High, -1);
        return _count >= 3;
    }

    private void CutAlong(bool vertical, int edge, int inward)
    {
        if (_cutX.Length < _count * 2) (_cutX, _cutY) = (new int[_count * 4], new int[_count * 4]);
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

    // Takes out positions on the straight line between their neighbours, and spikes that come back the way they went.
    private void DropStraight(bool ring)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            while (kept > 0 && _x[kept - 1] == _x[i] && _y[kept - 1] == _y[i]) kept--;
            while (kept > 1 && IsStraight(kept - 2, kept - 1, i, spikes: ring)) kept--;
            if (kept > 0 && _x[kept - 1] == _x[i] && _y[kept - 1] == _y[i]) continue;
            (_x[kept], _y[kept]) = (_x[i], _y[i]);
            kept++;
        }
        if (ring)
        {
            while (kept > 1 && _x[kept - 1] == _x[0] && _y[kept - 1] == _y[0]) kept--;
            while (kept > 2 && IsStraight(kept - 2, kept - 1, 0, spikes: true)) kept--;
            var first = 0;
            while (kept - first > 2 && IsStraight(kept - 1, first, first + 1, spikes: true)) first++;
            if (first > 0)
            {
                Array.Copy(_x, first, _x, 0, kept - first);
                Array.Copy(_y, first, _y, 0, kept - first);
                kept -= first;
            }
        }
        _count = kept;
    }

    private bool IsStraight(int a, int b, int c, bool spikes)
    {
        long dx = (long)_x[b] - _x[a], dy = (long)_y[b] - _y[a], ex = (long)_x[c] - _x[b], ey = (long)_y[c] - _y[b];
        return (dx * ey) - (dy * ex) == 0 && (spikes || (dx * ex) + (dy * ey) > 0);
    }

    // Positive for clockwise on the screen, whose y runs down.
    private long TwiceArea()
    {
        var sum = 0L;
        for (var i = 0; i < _count; i++)
        {
            var next = i + 1 == _count ? 0 : i + 1;
            sum += ((long)_x[i] * _y[next]) - ((long)_x[next] * _y[i]);
        }
        return sum;
    }

    private void Go(int x, int y)
    {
        var (dx, dy) = (x - _penX, y - _penY);
        Put((uint)((dx << 1) ^ (dx >> 31)));
        Put((uint)((dy << 1) ^ (dy >> 31)));
        (_penX, _penY) = (x, y);
    }

    private void Put(uint command)
    {
        if (_used == _commands.Length) Array.Resize(ref _commands, _used * 2);
        _commands[_used++] = command;
    }
}
