namespace GridMap.Geo.Grids;

/// <summary>Metres of a lattice step around one latitude: for reaches and weights, good to 1 % within a degree. Areas that are shown are measured in the plane.</summary>
internal readonly record struct LatticeScale(double MetresX, double MetresY)
{
    private const double MetresPerDegree = 111_320;

    public static LatticeScale At(GridVertex place) => new(MetresPerDegree * Math.Cos(double.DegreesToRadians(place.Lat)) / 1e7, 110_900 / 1e7);

    public double Metres(GridVertex a, GridVertex b) => double.Hypot(((double)a.X - b.X) * MetresX, ((double)a.Y - b.Y) * MetresY);

    /// <summary>Distance to a segment, and how far along it the nearest place is, 0–1.</summary>
    public (double Metres, double Along) ToSegment(GridVertex p, GridVertex a, GridVertex b)
    {
        double dx = ((double)b.X - a.X) * MetresX, dy = ((double)b.Y - a.Y) * MetresY, px = ((double)p.X - a.X) * MetresX, py = ((double)p.Y - a.Y) * MetresY;
        var length = dx * dx + dy * dy;
        var along = length == 0 ? 0 : Math.Clamp((px * dx + py * dy) / length, 0, 1);
        return (double.Hypot(px - along * dx, py - along * dy), along);
    }

    public double SquareMetres(Int128 doubleArea) => (double)doubleArea / 2 * MetresX * MetresY;

    /// <summary>From one direction to another, counterclockwise, 0–2π.</summary>
    public double Angle(GridVertex corner, GridVertex from, GridVertex to)
    {
        var (metresX, metresY) = (MetresX, MetresY);
        var turn = Direction(to) - Direction(from);
        return turn < 0 ? turn + 2 * Math.PI : turn;

        double Direction(GridVertex end) => Math.Atan2(((double)end.Y - corner.Y) * metresY, ((double)end.X - corner.X) * metresX);
    }
}
