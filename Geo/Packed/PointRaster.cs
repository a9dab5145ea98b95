namespace GridMap.Geo.Packed;

/// <summary>
/// Finds polygons under points by the million: a raster of cells over them all, each with the polygons that touch it and whether they cover it whole; only near borders is a
/// point tested against a polygon. Immutable and thread-safe. Answers as <see cref="PointTest"/> does.
/// </summary>
public sealed class PointRaster
{
    private const double Steps = 1e7;
    private const int MostCells = 1 << 20;

    // Degrees of all rings, one after the other: x, y, x, y … closed.
    private readonly double[] _positions;
    private readonly int[] _rings;
    private readonly int[] _polygons;
    private readonly int[] _items;
    private readonly int[] _cellStarts;
    private readonly int[] _entries;
    private readonly double _west, _south, _perLon, _perLat;
    private readonly int _columns, _rows;

    /// <param name="geometries">Polygons or multipolygons; the item's number is its place in the list.</param>
    public PointRaster(IReadOnlyList<(GeometryArena Arena, int Index)> geometries)
    {
        var (positions, rings, polygons, items) = (new List<double>(), new List<int> { 0 }, new List<int> { 0 }, new List<int> { 0 });
        var box = PackedBox.Nothing;
        foreach (var (arena, index) in geometries)
        {
            var at = arena.Read(index);
            if (at.Kind is PackedKind.Polygon or PackedKind.MultiPolygon) Unpack(ref at, positions, rings, polygons, ref box);
            items.Add(polygons.Count - 1);
        }
        (_positions, _rings, _polygons, _items) = ([.. positions], [.. rings], [.. polygons], [.. items]);
        var side = (int)Math.Sqrt(Math.Clamp(geometries.Count * 40.0, 16, MostCells));
        (_columns, _rows) = (side, side);
        if (box.MinX > box.MaxX) box = new PackedBox(0, 0, 1, 1);
        (_west, _south) = (box.MinX / Steps, box.MinY / Steps);
        (_perLon, _perLat) = (_columns / Math.Max(1e-6, (box.MaxX / Steps) - _west), _rows / Math.Max(1e-6, (box.MaxY / Steps) - _south));
        (_cellStarts, _entries) = Cells(geometries.Count);
    }

    public long Bytes => (_positions.LongLength * 8) + ((_rings.LongLength + _polygons.Length + _items.Length + _cellStarts.Length + _entries.Length) * 4);

    /// <summary>The items that may be there; test each with <see cref="Meets"/>.</summary>
    public ReadOnlySpan<int> Candidates(double lon, double lat)
    {
        var (column, row) = ((lon - _west) * _perLon, (lat - _south) * _perLat);
        // A place on the eastern or northern edge belongs to the last cell.
        if (!(column >= 0 && row >= 0 && column <= _columns && row <= _rows)) return [];
        var cell = (Math.Min((int)row, _rows - 1) * _columns) + Math.Min((int)column, _columns - 1);
        return _entries.AsSpan(_cellStarts[cell], _cellStarts[cell + 1] - _cellStarts[cell]);
    }

    /// <summary>The item that a candidate names.</summary>
    public static int Item(int candidate) => candidate >> 1;

    /// <summary>Whether the candidate is really met at the place for which it was found.</summary>
    public bool Meets(int candidate, double lon, double lat)
    {
        if ((candidate & 1) != 0) return true;
        var item = candidate >> 1;
        for (var polygon = _items[item]; polygon < _items[item + 1]; polygon++)
        {
            if (MeetsPolygon(polygon, lon, lat)) return true;
        }
        return false;
    }

    private bool MeetsPolygon(int polygon, double lon, double lat)
    {
        var inside = false;
        for (var ring = _polygons[polygon]; ring < _polygons[polygon + 1]; ring++)
        {
            var ringPositions = _positions.AsSpan(_rings[ring], _rings[ring + 1] - _rings[ring]);
            var winding = 0;
            double x1 = ringPositions[0], y1 = ringPositions[1];
            for (var i = 2; i + 1 < ringPositions.Length; i += 2)
            {
                double x2 = ringPositions[i], y2 = ringPositions[i + 1];
                if (!((y1 > lat && y2 > lat) || (y1 < lat && y2 < lat)))
                {
                    var turn = PointTest.Winding(x1, y1, x2, y2, lon, lat);
                    if (turn == PointTest.OnBorder) return true;
                    winding += turn;
                }
                (x1, y1) = (x2, y2);
            }
            if (ring == _polygons[polygon])
            {
                if (winding == 0) return false;
                inside = true;
            }
            else if (winding != 0)
            {
                return false;
            }
        }
        return inside;
    }

    private static void Unpack(ref GeometryCursor at, List<double> positions, List<int> rings, List<int> polygons, ref PackedBox box)
    {
        var count = at.Kind == PackedKind.MultiPolygon ? at.Count() : 1;
        for (; count > 0; count--)
        {
            for (var left = at.Count(); left > 0; left--)
            {
                var start = positions.Count;
                for (var i = at.Count(); i > 0; i--)
                {
                    at.Next();
                    positions.Add(at.X / Steps);
                    positions.Add(at.Y / Steps);
                    box = box.With(new PackedBox(at.X, at.Y, at.X, at.Y));
                }
                if (positions.Count == start) continue;
                positions.Add(positions[start]);
                positions.Add(positions[start + 1]);
                rings.Add(positions.Count);
            }
            polygons.Add(rings.Count - 1);
        }
    }

    // Twice through all items: first counting, then placing.
    private (int[] Starts, int[] Entries) Cells(int count)
    {
        var starts = new int[(_columns * _rows) + 1];
        var marks = new int[_columns * _rows];
        for (var item = 0; item < count; item++) Cover(item, marks, (cell, _) => starts[cell + 1]++);
        for (var i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        var (entries, next) = (new int[starts[^1]], starts[..^1]);
        Array.Clear(marks);
        for (var item = 0; item < count; item++) Cover(item, marks, (cell, whole) => entries[next[cell]++] = (item << 1) | (whole ? 1 : 0));
        return (starts, entries);
    }

    private void Cover(int item, int[] marks, Action<int, bool> put)
    {
        var (minC, minR, maxC, maxR) = (int.MaxValue, int.MaxValue, -1, -1);
        for (var ring = _polygons[_items[item]]; ring < _polygons[_items[item + 1]]; ring++)
        {
            for (var i = _rings[ring]; i + 3 < _rings[ring + 1]; i += 2)
                Edge(_positions[i], _positions[i + 1], _positions[i + 2], _positions[i + 3], item + 1, marks, put, ref minC, ref minR, ref maxC, ref maxR);
        }
        for (var row = minR; row <= maxR; row++)
        {
            for (var column = minC; column <= maxC; column++)
            {
                var cell = (row * _columns) + column;
                if (marks[cell] == item + 1) continue;
                // No border comes near, so one point speaks for the cell.
                if (Meets(item << 1, _west + ((column + 0.5) / _perLon), _south + ((row + 0.5) / _perLat))) put(cell, true);
            }
        }
    }

    // Marks the cells that an edge passes through, and those it comes within a thousandth of a cell of.
    private void Edge(double x1, double y1, double x2, double y2, int mark, int[] marks, Action<int, bool> put, ref int minC, ref int minR, ref int maxC, ref int maxR)
    {
        const double Near = 1e-3;
        double c1 = (x1 - _west) * _perLon, r1 = (y1 - _south) * _perLat, c2 = (x2 - _west) * _perLon, r2 = (y2 - _south) * _perLat;
        var (low, high) = (Row(Math.Min(r1, r2) - Near), Row(Math.Max(r1, r2) + Near));
        for (var row = low; row <= high; row++)
        {
            // The part of the edge between the row's lower and upper side.
            double from = c1, to = c2;
            if (Math.Abs(r2 - r1) > Near)
            {
                var (a, b) = (Math.Clamp((row - Near - r1) / (r2 - r1), 0, 1), Math.Clamp((row + 1 + Near - r1) / (r2 - r1), 0, 1));
                (from, to) = (c1 + (a * (c2 - c1)), c1 + (b * (c2 - c1)));
            }
            var (first, last) = (Column(Math.Min(from, to) - Near), Column(Math.Max(from, to) + Near));
            (minC, maxC, minR, maxR) = (Math.Min(minC, first), Math.Max(maxC, last), Math.Min(minR, row), Math.Max(maxR, row));
            for (var column = first; column <= last; column++)
            {
                var cell = (row * _columns) + column;
                if (marks[cell] == mark) continue;
                marks[cell] = mark;
                put(cell, false);
            }
        }
    }

    private int Column(double at) => Math.Clamp((int)Math.Floor(at), 0, _columns - 1);

    private int Row(double at) => Math.Clamp((int)Math.Floor(at), 0, _rows - 1);
}
