using NetTopologySuite.Algorithm;

namespace GridMap.Geo.Packed;

/// <summary>
/// Whether a packed geometry really meets a box given in degrees: the same answer as PostGIS' <c>ST_Intersects</c> with <c>ST_MakeEnvelope</c>,
/// because both compare the same doubles and decide the side of a line by the same adaptive predicate.
/// </summary>
public readonly struct BoxTest
{
    private const double Steps = 1e7;

    private readonly double _west, _south, _east, _north;

    /// <summary>West &lt; east and south &lt; north, degrees; a box without area is no box here.</summary>
    public BoxTest(double west, double south, double east, double north)
    {
        if (!(west < east && south < north)) throw new ArgumentException("a box without area");
        (_west, _south, _east, _north) = (west, south, east, north);
    }

    /// <summary>The lattice points inside, as a box of steps: a position is in the box exactly when it is in this.</summary>
    /// <remarks>Empty (minimum above maximum) when no lattice point lies inside.</remarks>
    public PackedBox Inner => new(Up(_west), Up(_south), Down(_east), Down(_north));

    /// <summary>The least box of steps around it: what does not meet this does not meet the box.</summary>
    public PackedBox Outer => new(Down(_west), Down(_south), Up(_east), Up(_north));

    /// <summary>The exact test for a geometry whose box meets <see cref="Outer"/>.</summary>
    public bool Meets(GeometryCursor geometry)
    {
        var frame = Inner;
        switch (geometry.Kind)
        {
            case PackedKind.Point:
                geometry.Next();
                return Has(frame, geometry.X, geometry.Y);
            case PackedKind.LineString:
                return MeetsLine(ref geometry, frame);
            case PackedKind.Polygon:
                return MeetsPolygon(ref geometry, frame);
            default:
                for (var parts = geometry.Count(); parts > 0; parts--)
                {
                    var meets = geometry.Kind switch
                    {
                        PackedKind.MultiPoint => MeetsPoint(ref geometry, frame),
                        PackedKind.MultiLineString => MeetsLine(ref geometry, frame),
                        _ => MeetsPolygon(ref geometry, frame),
                    };
                    if (meets) return true;
                }
                return false;
        }
    }

    private static bool Has(PackedBox frame, int x, int y) => x >= frame.MinX && x <= frame.MaxX && y >= frame.MinY && y <= frame.MaxY;

    private static bool MeetsPoint(ref GeometryCursor at, PackedBox frame)
    {
        at.Next();
        return Has(frame, at.X, at.Y);
    }

    private bool MeetsLine(ref GeometryCursor at, PackedBox frame)
    {
        var (meets, count) = (false, at.Count());
        int lastX = 0, lastY = 0;
        for (var i = 0; i < count; i++)
        {
            at.Next();
            meets = meets || Has(frame, at.X, at.Y) || (i > 0 && Crosses(lastX, lastY, at.X, at.Y));
            (lastX, lastY) = (at.X, at.Y);
        }
        return meets;
    }

    // An edge in the box, or else the box as a whole is inside or outside: its corner tells, by the even-odd rule over all rings.
    private bool MeetsPolygon(ref GeometryCursor at, PackedBox frame)
    {
        var (meets, odd) = (false, false);
        for (var rings = at.Count(); rings > 0; rings--)
        {
            var count = at.Count();
            if (count == 0) continue;
            at.Next();
            var (firstX, firstY) = (at.X, at.Y);
            var (lastX, lastY) = (firstX, firstY);
            meets = meets || Has(frame, firstX, firstY);
            for (var i = 1; i <= count; i++)
            {
                if (i < count) at.Next();
                var (x, y) = i < count ? (at.X, at.Y) : (firstX, firstY);
                if (!meets)
                {
                    meets = Has(frame, x, y) || Crosses(lastX, lastY, x, y);
                    odd ^= IsLeftOf(lastX, lastY, x, y);
                }
                (lastX, lastY) = (x, y);
            }
        }
        return meets || odd;
    }

    // Whether the segment, neither of whose ends is in the box, passes through it: some corner on either side of its line, or on it.
    private bool Crosses(int ax, int ay, int bx, int by)
    {
        double x1 = ax / Steps, y1 = ay / Steps, x2 = bx / Steps, y2 = by / Steps;
        if (Math.Max(x1, x2) < _west || Math.Min(x1, x2) > _east || Math.Max(y1, y2) < _south || Math.Min(y1, y2) > _north) return false;
        // Only the two corners across from the segment's slope can be on different sides.
        var rising = (x2 - x1) * (y2 - y1) > 0;
        var (side, other) = rising
            ? (Side(x1, y1, x2, y2, _west, _north), Side(x1, y1, x2, y2, _east, _south))
            : (Side(x1, y1, x2, y2, _west, _south), Side(x1, y1, x2, y2, _east, _north));
        return side * other <= 0;
    }

    // Whether a ray from the south-west corner to the east crosses the segment; only asked when no edge meets the box.
    private bool IsLeftOf(int ax, int ay, int bx, int by)
    {
        double y1 = ay / Steps, y2 = by / Steps;
        if (y1 > _south == y2 > _south) return false;
        double x1 = ax / Steps, x2 = bx / Steps;
        if (Math.Max(x1, x2) < _west) return false;
        if (Math.Min(x1, x2) > _west) return true;
        return Side(x1, y1, x2, y2, _west, _south) == (y2 > y1 ? 1 : -1);
    }

    private static int Side(double x1, double y1, double x2, double y2, double x, double y)
    {
        var (left, right) = ((x2 - x1) * (y - y1), (y2 - y1) * (x - x1));
        var sure = (Math.Abs(left) + Math.Abs(right)) * 1e-14;
        var cross = left - right;
        if (cross > sure) return 1;
        return cross < -sure ? -1 : CGAlgorithmsDD.OrientationIndex(x1, y1, x2, y2, x, y);
    }

    // The least step whose degrees are not below, and the greatest whose degrees are not above.
    private static int Up(double degrees)
    {
        var step = Math.Ceiling(degrees * Steps);
        while (step / Steps < degrees) step++;
        while ((step - 1) / Steps >= degrees) step--;
        return (int)Math.Clamp(step, int.MinValue, int.MaxValue);
    }

    private static int Down(double degrees)
    {
        var step = Math.Floor(degrees * Steps);
        while (step / Steps > degrees) step--;
        while ((step + 1) / Steps <= degrees) step++;
        return (int)Math.Clamp(step, int.MinValue, int.MaxValue);
    }
}
