using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.OverlayNG;

namespace GridMap.Geo.Tiles;

/// <summary>
/// The rings of one feature in a tile's whole units, and whether they still bound an area after snapping and cutting: rings that meet themselves or each other
/// are no valid polygon (OGC 06-103r4, §6.1.11; Mapbox Vector Tile 2.1, §4.3.4.4).
/// </summary>
/// <remarks>
/// Looking costs n log n and the pairs of edges that lie beside each other; only what meets is mended, so that neighbours' shared borders stay as they were snapped:
/// what touches is parted where it does (<see cref="TouchingRings"/>), and where borders cross NetTopologySuite mends them. Not thread-safe; reuse it.
/// </remarks>
internal sealed class TileRings
{
    // Up to so many edges every pair is looked at; with more they are put in order first.
    private const int Few = 24;

    private static readonly GeometryFactory Whole = new(new PrecisionModel(1));

    private int[] _x = new int[256], _y = new int[256], _ends = new int[16], _next = new int[256], _west = new int[256], _east = new int[256], _north = new int[256], _south = new int[256], _order = new int[256], _sorted = [];
    private bool[] _outer = new bool[16];
    private int _count, _rings;

    public void Clear() => (_count, _rings) = (0, 0);

    /// <summary>One more ring, not closed by its first position again: the outer one of the next polygon or a hole of the last.</summary>
    public void Add(ReadOnlySpan<int> xs, ReadOnlySpan<int> ys, bool outer)
    {
        if (_x.Length < _count + xs.Length)
        {
            var length = (_count + xs.Length) * 2;
            Array.Resize(ref _x, length);
            Array.Resize(ref _y, length);
        }
        if (_ends.Length == _rings)
        {
            Array.Resize(ref _ends, _rings * 2);
            Array.Resize(ref _outer, _rings * 2);
        }
        xs.CopyTo(_x.AsSpan(_count));
        ys.CopyTo(_y.AsSpan(_count));
        _count += xs.Length;
        (_ends[_rings], _outer[_rings]) = (_count, outer);
        _rings++;
    }

    /// <summary>Whether two edges meet that do not follow one another.</summary>
    public bool Meet()
    {
        Bound();
        return _count <= Few ? AnyOfFew() : AnyOfMany();
    }

    /// <summary>The area they bound, as valid polygons of whole units; empty where nothing of it is left.</summary>
    public IEnumerable<Polygon> Mended() =>
        TouchingRings.Part([.. Enumerable.Range(0, _rings).Select(ring => Enumerable.Range(First(ring), _ends[ring] - First(ring)).Select(i => (_x[i], _y[i])).ToArray())], Whole) ?? Uncrossed();

    // Where rings cross, NetTopologySuite finds where, and rounds that to whole units.
    private IEnumerable<Polygon> Uncrossed()
    {
        var (polygons, holes) = (new List<Polygon>(), new List<LinearRing>());
        for (var ring = _rings - 1; ring >= 0; ring--)
        {
            var line = Ring(ring);
            if (!_outer[ring]) holes.Add(line);
            else
            {
                polygons.Add(Whole.CreatePolygon(line, [.. holes]));
                holes.Clear();
            }
        }
        polygons.Reverse();
        var area = Areas(GeometryFixer.Fix(polygons is [var one] ? one : Whole.CreateMultiPolygon([.. polygons])));
        return Areas(PrecisionReducer.ReducePrecision(area, Whole.PrecisionModel)).Geometries.Cast<Polygon>();
    }

    // Without the lines and points that areas may leave behind.
    private static MultiPolygon Areas(Geometry left) => Whole.CreateMultiPolygon([.. PolygonExtracter.GetPolygons(left).OfType<Polygon>().Where(polygon => !polygon.IsEmpty)]);

    private LinearRing Ring(int ring)
    {
        var (first, end) = (First(ring), _ends[ring]);
        var line = new Coordinate[end - first + 1];
        for (var i = first; i < end; i++) line[i - first] = new Coordinate(_x[i], _y[i]);
        line[^1] = line[0].Copy();
        return Whole.CreateLinearRing(line);
    }

    private int First(int ring) => ring == 0 ? 0 : _ends[ring - 1];

    // Where each edge ends, and how far it reaches.
    private void Bound()
    {
        if (_next.Length < _count) (_next, _west, _east, _north, _south, _order) = (new int[_count * 2], new int[_count * 2], new int[_count * 2], new int[_count * 2], new int[_count * 2], new int[_count * 2]);
        for (int ring = 0, first = 0; ring < _rings; first = _ends[ring], ring++)
        {
            for (var i = first; i < _ends[ring]; i++)
            {
                var next = i + 1 < _ends[ring] ? i + 1 : first;
                (_next[i], _order[i]) = (next, i);
                (_west[i], _east[i]) = _x[i] < _x[next] ? (_x[i], _x[next]) : (_x[next], _x[i]);
                (_north[i], _south[i]) = _y[i] < _y[next] ? (_y[i], _y[next]) : (_y[next], _y[i]);
            }
        }
    }

    private bool AnyOfFew()
    {
        ReadOnlySpan<int> west = _west.AsSpan(0, _count), east = _east.AsSpan(0, _count), north = _north.AsSpan(0, _count), south = _south.AsSpan(0, _count);
        for (var i = 0; i < west.Length; i++)
        {
            var (w, e, n, s) = (west[i], east[i], north[i], south[i]);
            for (var j = i + 1; j < west.Length; j++)
            {
                if (west[j] <= e && east[j] >= w && north[j] <= s && south[j] >= n && Cross(i, j)) return true;
            }
        }
        return false;
    }

    // From the west to the east: an edge is looked at with those that begin before it ends.
    private bool AnyOfMany()
    {
        if (_sorted.Length < _count) _sorted = new int[_count * 2];
        _west.AsSpan(0, _count).CopyTo(_sorted);
        Array.Sort(_sorted, _order, 0, _count);
        for (var a = 0; a < _count; a++)
        {
            var i = _order[a];
            for (var b = a + 1; b < _count && _sorted[b] <= _east[i]; b++)
            {
                var j = _order[b];
                if (_north[j] <= _south[i] && _south[j] >= _north[i] && Cross(i, j)) return true;
            }
        }
        return false;
    }

    // Whether two edges whose boxes overlap, and of which neither follows the other, have a position in common: each has its ends on both sides of the other, or on it.
    private bool Cross(int i, int j)
    {
        var (a, b, c, d) = (i, _next[i], j, _next[j]);
        return b != c && d != a
            && Math.Sign(Side(_x[a], _y[a], _x[b], _y[b], _x[c], _y[c])) * Math.Sign(Side(_x[a], _y[a], _x[b], _y[b], _x[d], _y[d])) <= 0
            && Math.Sign(Side(_x[c], _y[c], _x[d], _y[d], _x[a], _y[a])) * Math.Sign(Side(_x[c], _y[c], _x[d], _y[d], _x[b], _y[b])) <= 0;
    }

    private static long Side(long ax, long ay, long bx, long by, long x, long y) => ((bx - ax) * (y - ay)) - ((by - ay) * (x - ax));
}
