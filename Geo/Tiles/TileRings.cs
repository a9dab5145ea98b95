using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.OverlayNG;

namespace GridMap.Geo.Tiles;

/// <summary>
/// The rings of one feature in a tile's whole units, and whether they still bound an area after snapping and cutting: rings that meet themselves or each other
/// are no valid polygon (OGC 06-103r4, §6.1.11; Mapbox Vector Tile 2.1, §4.3.4.4).
/// </summary>
/// <remarks>
/// Looking costs n log n and the pairs of edges that lie beside each other; only what meets is mended, by NetTopologySuite, so that neighbours' shared borders stay
/// as they were snapped but where a border meets itself. Not thread-safe; reuse it.
/// </remarks>
internal sealed class TileRings
{
    // Up to so many edges every pair is looked at; with more they are put in order first.
    private const int Few = 24;

    private static readonly GeometryFactory Whole = new(new PrecisionModel(1));

    private int[] _x = new int[256], _y = new int[256], _ends = new int[16], _left = new int[256], _order = new int[256], _next = new int[256];
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
    public bool Meet() => _count <= Few ? AnyOfFew() : AnyOfMany();

    /// <summary>The area they bound, as valid polygons of whole units; empty where nothing of it is left.</summary>
    public IEnumerable<Polygon> Mended()
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

    private bool AnyOfFew()
    {
        for (int ring = 0, first = 0; ring < _rings; first = _ends[ring], ring++)
        {
            for (var i = first; i < _ends[ring]; i++)
            {
                var next = i + 1 < _ends[ring] ? i + 1 : first;
                // With the later ones of its own ring, but for the two beside it, and with those of the rings that follow.
                for (var j = i + 2; j < _ends[ring]; j++)
                {
                    var after = j + 1 < _ends[ring] ? j + 1 : first;
                    if (after != i && Cross(i, next, j, after)) return true;
                }
                for (int other = ring + 1, start = _ends[ring]; other < _rings; start = _ends[other], other++)
                {
                    for (var j = start; j < _ends[other]; j++)
                    {
                        if (Cross(i, next, j, j + 1 < _ends[other] ? j + 1 : start)) return true;
                    }
                }
            }
        }
        return false;
    }

    // From the west to the east: an edge is looked at with those that begin before it ends.
    private bool AnyOfMany()
    {
        if (_left.Length < _count) (_left, _order, _next) = (new int[_count * 2], new int[_count * 2], new int[_count * 2]);
        for (int ring = 0, first = 0; ring < _rings; first = _ends[ring], ring++)
        {
            for (var i = first; i < _ends[ring]; i++)
            {
                _next[i] = i + 1 < _ends[ring] ? i + 1 : first;
                (_left[i], _order[i]) = (Math.Min(_x[i], _x[_next[i]]), i);
            }
        }
        Array.Sort(_left, _order, 0, _count);
        for (var a = 0; a < _count; a++)
        {
            var i = _order[a];
            var right = Math.Max(_x[i], _x[_next[i]]);
            for (var b = a + 1; b < _count && _left[b] <= right; b++)
            {
                var j = _order[b];
                if (_next[i] != j && _next[j] != i && Cross(i, _next[i], j, _next[j])) return true;
            }
        }
        return false;
    }

    // Whether the edges a–b and c–d have a position in common.
    private bool Cross(int a, int b, int c, int d)
    {
        int ax = _x[a], bx = _x[b], cx = _x[c], dx = _x[d];
        if ((ax > bx ? ax : bx) < (cx < dx ? cx : dx) || (cx > dx ? cx : dx) < (ax < bx ? ax : bx)) return false;
        int ay = _y[a], by = _y[b], cy = _y[c], dy = _y[d];
        if ((ay > by ? ay : by) < (cy < dy ? cy : dy) || (cy > dy ? cy : dy) < (ay < by ? ay : by)) return false;
        // Boxes that overlap, and each edge's ends on both sides of the other or on it.
        return Math.Sign(Side(ax, ay, bx, by, cx, cy)) * Math.Sign(Side(ax, ay, bx, by, dx, dy)) <= 0
            && Math.Sign(Side(cx, cy, dx, dy, ax, ay)) * Math.Sign(Side(cx, cy, dx, dy, bx, by)) <= 0;
    }

    private static long Side(long ax, long ay, long bx, long by, long x, long y) => ((bx - ax) * (y - ay)) - ((by - ay) * (x - ax));
}
