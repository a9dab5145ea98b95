using GridMap.Geo.Projections;

namespace GridMap.Server.Walking;

/// <summary>Finds buildings in circles: a uniform grid over their places, packed.</summary>
public sealed class BuildingIndex
{
    private const double LeastCell = 100;
    private const int MostCells = 4_000_000;

    private readonly WalkingBuildings _buildings;
    private readonly int[] _first;
    private readonly int[] _inCell;
    private readonly double _left;
    private readonly double _bottom;
    private readonly double _cell;
    private readonly int _columns;
    private readonly int _rows;

    public BuildingIndex(WalkingBuildings buildings)
    {
        _buildings = buildings;
        var (xs, ys, count) = (buildings.Xs, buildings.Ys, buildings.Count);
        var placed = Enumerable.Range(0, count).Where(i => double.IsFinite(xs[i]) && double.IsFinite(ys[i])).ToArray();
        var (right, top) = placed.Length == 0 ? (0, 0) : (placed.Max(i => xs[i]), placed.Max(i => ys[i]));
        (_left, _bottom) = placed.Length == 0 ? (0, 0) : (placed.Min(i => xs[i]), placed.Min(i => ys[i]));
        _cell = Math.Max(LeastCell, Math.Max(Math.Sqrt((right - _left) * (top - _bottom) / MostCells), Math.Max(right - _left, top - _bottom) / 100_000));
        (_columns, _rows) = ((int)((right - _left) / _cell) + 1, (int)((top - _bottom) / _cell) + 1);
        _first = new int[(_columns * _rows) + 1];
        foreach (var i in placed) _first[CellOf(i) + 1]++;
        for (var cell = 0; cell < _columns * _rows; cell++) _first[cell + 1] += _first[cell];
        var next = _first.AsSpan(0, _columns * _rows).ToArray();
        _inCell = new int[placed.Length];
        foreach (var i in placed) _inCell[next[CellOf(i)]++] = i;
    }

    /// <summary>Every building whose geodesic distance is at most so many metres.</summary>
    public List<int> Within(double lon, double lat, double x, double y, double metres)
    {
        var found = new List<int>();
        Rings(lon, lat, x, y, [metres], (building, _) => found.Add(building));
        return found;
    }

    /// <summary>Every building whose geodesic distance is at most the last of the radii, with the number of the first radius that reaches it.</summary>
    /// <param name="metres">Rising.</param>
    public void Rings(double lon, double lat, double x, double y, ReadOnlySpan<double> metres, Action<int, int> take)
    {
        // The plane is at most 1 : 1,000 off; only what it puts close to a circle is measured on the ellipsoid.
        var most = Outer(metres[^1]);
        int low = Column(x - most - _left, _columns), high = Column(x + most - _left, _columns);
        for (var row = Column(y - most - _bottom, _rows); row <= Column(y + most - _bottom, _rows); row++)
        {
            for (var at = _first[(row * _columns) + low]; at < _first[(row * _columns) + high + 1]; at++)
            {
                var building = _inCell[at];
                double dx = _buildings.Xs[building] - x, dy = _buildings.Ys[building] - y, square = (dx * dx) + (dy * dy);
                if (square > most * most) continue;
                var flat = Math.Sqrt(square);
                var ring = 0;
                while (ring < metres.Length && flat > Inner(metres[ring]) && (flat > Outer(metres[ring]) || !IsWithin(building, metres[ring]))) ring++;
                if (ring < metres.Length) take(building, ring);
            }
        }

        static double Outer(double radius) => (radius * 1.002) + 0.1;

        static double Inner(double radius) => (radius * 0.998) - 0.1;

        bool IsWithin(int building, double radius) => Geodesic.Distance(lon, lat, _buildings.Lons[building], _buildings.Lats[building]) <= radius;
    }

    private int CellOf(int building) => (Column(_buildings.Ys[building] - _bottom, _rows) * _columns) + Column(_buildings.Xs[building] - _left, _columns);

    private int Column(double metres, int count) => (int)Math.Clamp(metres / _cell, 0, count - 1);
}
