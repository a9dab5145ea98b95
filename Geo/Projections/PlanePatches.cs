namespace GridMap.Geo.Projections;

/// <summary>Turns many neighbouring places of a plane into degrees, by a biquadratic patch through nine exact places for each 2 km of it.</summary>
/// <remarks>
/// Between those nine the projection is all but a plane of second degree: up to latitude 80 the answer is within 1e-8° (a millimetre) of
/// <see cref="MetricPlane.ToLonLat(double, double)"/>, at a tenth of the time. For pictures, which are rounded to 1e-7°; not for what is measured.
/// Not thread-safe; 300 bytes for each patch that was asked for, at most 64 of which are kept.
/// </remarks>
public sealed class PlanePatches(MetricPlane plane)
{
    private const double Side = 2048;
    private const int Most = 64;

    private readonly Dictionary<(int, int), double[]> patches = [];
    private (int Column, int Row) current = (int.MinValue, int.MinValue);
    private double[] patch = [];

    /// <summary>Degrees of a place; NaN where the plane ends.</summary>
    public (double Lon, double Lat) ToLonLat(double x, double y)
    {
        double column = Math.Floor(x / Side), row = Math.Floor(y / Side);
        if (!(Math.Abs(column) < 100_000 && Math.Abs(row) < 100_000)) return plane.ToLonLat(x, y);
        if (current != ((int)column, (int)row)) Enter((int)column, (int)row);
        // −1 to 1 across the patch.
        double u = (x / Side - column) * 2 - 1, v = (y / Side - row) * 2 - 1;
        double u0 = u * (u - 1) / 2, u1 = 1 - u * u, u2 = u * (u + 1) / 2, v0 = v * (v - 1) / 2, v1 = 1 - v * v, v2 = v * (v + 1) / 2;
        var p = patch.AsSpan(0, 18);
        return (v0 * (u0 * p[0] + u1 * p[1] + u2 * p[2]) + v1 * (u0 * p[3] + u1 * p[4] + u2 * p[5]) + v2 * (u0 * p[6] + u1 * p[7] + u2 * p[8]),
            v0 * (u0 * p[9] + u1 * p[10] + u2 * p[11]) + v1 * (u0 * p[12] + u1 * p[13] + u2 * p[14]) + v2 * (u0 * p[15] + u1 * p[16] + u2 * p[17]));
    }

    private void Enter(int column, int row)
    {
        current = (column, row);
        if (patches.TryGetValue(current, out var known))
        {
            patch = known;
            return;
        }

        patch = new double[18];
        for (var i = 0; i < 9; i++) (patch[i], patch[9 + i]) = plane.ToLonLat((column + i % 3 / 2.0) * Side, (row + i / 3 / 2.0) * Side);
        // Across the antimeridian a longitude may jump by a whole turn.
        for (var i = 1; i < 9; i++) patch[i] = patch[0] + Math.IEEERemainder(patch[i] - patch[0], 360);
        if (patches.Count == Most) patches.Clear();
        patches[current] = patch;
    }
}
