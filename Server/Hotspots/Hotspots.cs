using GridMap.Server.Http;

namespace GridMap.Server.Hotspots;

/// <summary>A density surface: how many incidents per square kilometre at the middle of each cell of a lattice in the city's metric plane.</summary>
/// <param name="Count">Incidents that went into it: those in the frame and, outside it, those near enough to matter.</param>
/// <param name="Origin">x, y of the lattice's south-west corner in the plane <paramref name="Srid"/>.</param>
/// <param name="Values">Rows from north to south, each from west to east; null when only the header was asked for.</param>
/// <param name="Bbox">The lattice in degrees: west, south, east, north.</param>
public sealed record Density(
    DateTime? From, DateTime? To, long Count, string Kernel, double BandwidthMetres, double CellMetres, int Srid, int Columns, int Rows,
    double[] Origin, string Unit, double Max, double[][]? Values, double[] Bbox);

/// <summary>A band of the surface: from this many incidents per km² up to that; the topmost has no end.</summary>
public sealed record DensityBand(double From, double? To);

/// <param name="Count">All incidents of the period that the question names.</param>
/// <param name="Unlocated">Of those, in none of the grids listed.</param>
public sealed record GridCounts(DateTime From, DateTime To, long Count, long Unlocated, IReadOnlyList<GridCount> Grids);

/// <param name="Before">Incidents in the span of equal length just before.</param>
/// <param name="ChangePercent">Against <paramref name="Before"/>; null when that was 0.</param>
/// <param name="Per1000Residents">Null where nobody lives.</param>
public sealed record GridCount(
    long Id, string Code, string Name, Place Place, long Count, double? Per1000Residents, double PerSquareKilometre, long Before, double? ChangePercent);
