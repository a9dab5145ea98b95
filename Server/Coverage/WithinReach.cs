using GridMap.Geo.Projections;

namespace GridMap.Server.Coverage;

/// <summary>
/// Which places are within a geodesic distance of any of some others. Exact to the 0.1 mm of the geodesic: a quick distance, wrong by less than 1 %,
/// decides what is clearly near or far, and only the rest is measured on the ellipsoid. For latitudes up to 80° and cities that the antimeridian does not cut.
/// </summary>
public sealed class WithinReach
{
    // Metres per degree anywhere: 110,574 to 111,694 along a meridian, up to 111,320 (at the equator) along a parallel.
    private const double MetresPerDegree = 111_132;
    private const double Doubt = 0.02;

    private readonly Places _targets;
    private readonly double _cell;
    private readonly Dictionary<(int Column, int Row), List<int>> _cells = [];

    /// <param name="targets">What must be near, in degrees.</param>
    /// <param name="radiusMetres">Above 0, at most 10 km.</param>
    public WithinReach(Places targets, double radiusMetres)
    {
        _targets = targets;
        RadiusMetres = radiusMetres;
        // Cells in degrees, tall and wide enough that whatever is in reach lies in the cell or beside it.
        _cell = Math.Max(radiusMetres, 50) / MetresPerDegree * (1 + Doubt);
        for (var i = 0; i < targets.Count; i++)
        {
            var key = (Column(targets.Lons[i], targets.Lats[i]), Row(targets.Lats[i]));
            if (!_cells.TryGetValue(key, out var cell)) _cells[key] = cell = [];
            cell.Add(i);
        }
    }

    public double RadiusMetres { get; }

    public bool Reaches(double lon, double lat)
    {
        var row = Row(lat);
        for (var r = row - 1; r <= row + 1; r++)
        {
            // A column is as wide as its row's parallel demands, so each row has columns of its own.
            var (first, last) = (ColumnIn(r, lon) - 1, ColumnIn(r, lon) + 1);
            for (var c = first; c <= last; c++)
            {
                if (_cells.TryGetValue((c, r), out var cell) && Any(cell, lon, lat)) return true;
            }
        }
        return false;
    }

    /// <summary>Metres to the nearest target; null when there is none.</summary>
    public double? Nearest(double lon, double lat)
    {
        var quickest = double.PositiveInfinity;
        for (var i = 0; i < _targets.Count; i++) quickest = Math.Min(quickest, Quick(lon, lat, i));
        double? nearest = null;
        for (var i = 0; i < _targets.Count; i++)
        {
            // Far beyond the city the quick distance may err more; then too many are measured, never too few.
            if (Quick(lon, lat, i) > quickest * (1 + (4 * Doubt)) + 1) continue;
            var metres = Geodesic.Distance(lon, lat, _targets.Lons[i], _targets.Lats[i]);
            if (nearest is null || metres < nearest) nearest = metres;
        }
        return nearest;
    }

    private bool Any(List<int> cell, double lon, double lat)
    {
        foreach (var i in cell)
        {
            var quick = Quick(lon, lat, i);
            if (quick < RadiusMetres * (1 - Doubt)) return true;
            if (quick > RadiusMetres * (1 + Doubt)) continue;
            if (Geodesic.Distance(lon, lat, _targets.Lons[i], _targets.Lats[i]) <= RadiusMetres) return true;
        }
        return false;
    }

    private double Quick(double lon, double lat, int target)
    {
        double up = _targets.Lats[target] - lat, aside = (_targets.Lons[target] - lon) * Math.Cos(double.DegreesToRadians((_targets.Lats[target] + lat) / 2));
        return MetresPerDegree * Math.Sqrt((up * up) + (aside * aside));
    }

    private int Row(double lat) => (int)Math.Floor(lat / _cell);

    private int Column(double lon, double lat) => ColumnIn(Row(lat), lon);

    // The row's edge that is farther from the equator has the shortest degrees.
    private int ColumnIn(int row, double lon)
    {
        var lat = Math.Min(89.9, Math.Max(Math.Abs(row * _cell), Math.Abs((row + 1) * _cell)));
        return (int)Math.Floor(lon / (_cell / Math.Cos(double.DegreesToRadians(lat))));
    }
}
