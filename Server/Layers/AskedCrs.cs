using GridMap.Geo.Projections;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;

namespace GridMap.Server.Layers;

/// <summary>How positions are written in a question or an answer: a CRS with the order of axes that its authority says, and a datum for those of China's maps.</summary>
public readonly record struct AskedCrs(KnownCrs Crs, Datum Datum = default)
{
    private const int BoxSteps = 32, MostHalvings = 8, MostPositions = 20_000;

    public static AskedCrs Default => new(KnownCrs.Crs84);

    public bool IsDefault => Crs == KnownCrs.Crs84 && Datum == default;

    /// <summary>Stored longitude and latitude of a position; NaN where it makes no sense.</summary>
    public (double Lon, double Lat) ToLonLat(double first, double second)
    {
        var (lon, lat) = Crs.NorthFirst ? Crs.ToLonLat(second, first) : Crs.ToLonLat(first, second);
        if (!(lon is >= -180 and <= 180 && lat is >= -90 and <= 90)) return (double.NaN, double.NaN);
        return Datum == default ? (lon, lat) : ChinaOffset.Shift(Datum.Kind, ChinaDatum.Wgs84)!(lon, lat);
    }

    /// <summary>The position as it is written, first axis first; NaN where the CRS cannot show it.</summary>
    public (double First, double Second) FromLonLat(double lon, double lat)
    {
        if (Datum != default) (lon, lat) = ChinaOffset.Shift(ChinaDatum.Wgs84, Datum.Kind)!(lon, lat);
        var (x, y) = Crs.FromLonLat(lon, lat);
        return Crs.NorthFirst ? (y, x) : (x, y);
    }

    /// <summary>A stored copy of a geometry whose positions are as sent.</summary>
    /// <returns>Null when a position makes no sense in the CRS.</returns>
    public Geometry? ToLonLat(Geometry sent)
    {
        var copy = sent.Copy();
        var move = new Move(this);
        copy.Apply(move);
        copy.GeometryChanged();
        return move.Failed ? null : copy;
    }

    /// <summary>
    /// A stored copy of a geometry whose edges are straight as sent. Straight lines of a plane are curves on the map: each is followed in as many steps as bring it within
    /// a tenth of a millimetre, as far as <see cref="MostPositions"/> allows.
    /// </summary>
    /// <returns>Null when a position makes no sense in the CRS.</returns>
    public Geometry? EdgesToLonLat(Geometry sent)
    {
        if (Crs.Kind == CrsKind.Geographic) return ToLonLat(sent);
        var halvings = Math.Min(MostHalvings, (int)Math.Log2(Math.Max(1, (double)MostPositions / sent.NumPoints)));
        return ToLonLat(new Bent(this, halvings).Transform(sent));
    }

    /// <summary>
    /// The box between two corners as sent. In degrees the west may lie east of the east (over the antimeridian, two boxes); the sides of a projected
    /// box are curved on the map and follow the curve in steps.
    /// </summary>
    /// <returns>Null when a corner makes no sense in the CRS, or the box is upside down.</returns>
    public Geometry? BoxToLonLat(double lowerFirst, double lowerSecond, double upperFirst, double upperSecond)
    {
        var (west, south) = Crs.NorthFirst ? (lowerSecond, lowerFirst) : (lowerFirst, lowerSecond);
        var (east, north) = Crs.NorthFirst ? (upperSecond, upperFirst) : (upperFirst, upperSecond);
        if (south > north || (west > east && Crs.Kind != CrsKind.Geographic)) return null;
        var factory = NetTopologySuite.NtsGeometryServices.Instance.CreateGeometryFactory(4326);
        if (Crs.Kind == CrsKind.Geographic && Datum == default)
        {
            if (!(Math.Abs(west) <= 180 && Math.Abs(east) <= 180 && Math.Abs(south) <= 90 && Math.Abs(north) <= 90)) return null;
            if (west <= east) return factory.ToGeometry(new Envelope(west, east, south, north));
            Geometry[] halves = [factory.ToGeometry(new Envelope(west, 180, south, north)), factory.ToGeometry(new Envelope(-180, east, south, north))];
            return factory.BuildGeometry(halves);
        }
        if (west >= east || south >= north)
        {
            // A box without an inside is a line or a point.
            Geometry flat = west == east && south == north ? factory.CreatePoint(new Coordinate(lowerFirst, lowerSecond))
                : factory.CreateLineString([new Coordinate(lowerFirst, lowerSecond), new Coordinate(upperFirst, upperSecond)]);
            return west > east ? null : ToLonLat(flat);
        }
        var northFirst = Crs.NorthFirst;
        var ring = new List<Coordinate>((4 * BoxSteps) + 1);
        Side(west, south, east, south);
        Side(east, south, east, north);
        Side(east, north, west, north);
        Side(west, north, west, south);
        ring.Add(ring[0].Copy());
        return ToLonLat(factory.CreatePolygon([.. ring]));

        void Side(double fromX, double fromY, double toX, double toY)
        {
            for (var i = 0; i < BoxSteps; i++)
            {
                var at = (double)i / BoxSteps;
                var (x, y) = (fromX + ((toX - fromX) * at), fromY + ((toY - fromY) * at));
                ring.Add(northFirst ? new Coordinate(y, x) : new Coordinate(x, y));
            }
        }
    }

    // Edges halved, as sent, until their middles lie on the straight lines between their ends as stored.
    private sealed class Bent(AskedCrs crs, int halvings) : GeometryTransformer
    {
        private const double NearDegrees = 1e-9;

        protected override CoordinateSequence TransformCoordinates(CoordinateSequence positions, Geometry parent)
        {
            var bent = new List<Coordinate>(positions.Count * 2);
            for (var i = 0; i < positions.Count; i++)
            {
                if (i > 0) Halve(positions.GetCoordinate(i - 1), positions.GetCoordinate(i), halvings, bent);
                bent.Add(positions.GetCoordinate(i).Copy());
            }
            return parent.Factory.CoordinateSequenceFactory.Create([.. bent]);
        }

        private void Halve(Coordinate from, Coordinate to, int left, List<Coordinate> bent)
        {
            if (left == 0) return;
            var middle = new Coordinate((from.X + to.X) / 2, (from.Y + to.Y) / 2);
            var ((ax, ay), (bx, by), (x, y)) = (crs.ToLonLat(from.X, from.Y), crs.ToLonLat(to.X, to.Y), crs.ToLonLat(middle.X, middle.Y));
            if (!(Math.Abs(((ax + bx) / 2) - x) > NearDegrees || Math.Abs(((ay + by) / 2) - y) > NearDegrees)) return;
            Halve(from, middle, left - 1, bent);
            bent.Add(middle);
            Halve(middle, to, left - 1, bent);
        }
    }

    private sealed class Move(AskedCrs from) : ICoordinateSequenceFilter
    {
        public bool Failed { get; private set; }

        public bool Done => Failed;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence, int i)
        {
            var (lon, lat) = from.ToLonLat(sequence.GetX(i), sequence.GetY(i));
            Failed |= double.IsNaN(lon) || double.IsNaN(lat);
            sequence.SetX(i, lon);
            sequence.SetY(i, lat);
        }
    }
}
