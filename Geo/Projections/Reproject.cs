using NetTopologySuite.Geometries;

namespace GridMap.Geo.Projections;

/// <summary>Moves geometries from one <see cref="KnownCrs"/> to another by way of lon, lat.</summary>
/// <remarks>
/// x, y order always (see <see cref="KnownCrs.NorthFirst"/>). Only the vertices move: a long straight edge is straight in
/// both, which is not the same line. Z is kept as it is.
/// </remarks>
public static class Reproject
{
    /// <summary>A copy in the target CRS with its SRID; the original is untouched.</summary>
    /// <exception cref="ArgumentException">A position cannot be shown in the target CRS; the message names it.</exception>
    public static Geometry Geometry(Geometry geometry, KnownCrs from, KnownCrs to)
    {
        var copy = geometry.Copy();
        // Not Geometry.SRID: that sets the outermost geometry only, and unions read the parts' factory.
        copy = new GeometryFactory(geometry.Factory.PrecisionModel, to.Srid, geometry.Factory.CoordinateSequenceFactory).CreateGeometry(copy);
        if (from != to) copy.Apply(new Move(from, to));
        copy.GeometryChanged();
        return copy;
    }

    /// <summary>One position.</summary>
    /// <returns>NaN, NaN when it cannot be shown in the target CRS.</returns>
    public static (double X, double Y) Position(double x, double y, KnownCrs from, KnownCrs to)
    {
        var (lon, lat) = from.ToLonLat(x, y);
        return to.FromLonLat(lon, lat);
    }

    private sealed class Move(KnownCrs from, KnownCrs to) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence, int i)
        {
            double x = sequence.GetX(i), y = sequence.GetY(i);
            var (newX, newY) = Position(x, y, from, to);
            if (double.IsNaN(newX) || double.IsNaN(newY))
                throw new ArgumentException($"({x}, {y}) in {from} cannot be shown in {to}");
            sequence.SetX(i, newX);
            sequence.SetY(i, newY);
        }
    }
}
