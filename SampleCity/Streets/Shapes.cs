using GridMap.SampleCity.Numbers;
using NetTopologySuite.Geometries;

namespace GridMap.SampleCity.Streets;

/// <summary>Plane geometry in metres on plain vertex arrays (rings without a repeated last point).</summary>
internal static class Shapes
{
    public static double Distance(Vec point, Vec a, Vec b)
    {
        var way = b - a;
        var square = way.Dot(way);
        var t = square == 0 ? 0 : Math.Clamp((point - a).Dot(way) / square, 0, 1);
        return point.To(a + way * t);
    }

    /// <summary>Positive for a counter-clockwise ring, square metres.</summary>
    public static double SignedArea(ReadOnlySpan<Vec> ring)
    {
        var twice = 0.0;
        for (var i = 0; i < ring.Length; i++) twice += ring[i].Cross(ring[(i + 1) % ring.Length]);
        return twice / 2;
    }

    public static Vec Centroid(ReadOnlySpan<Vec> ring)
    {
        double twice = 0, x = 0, y = 0;
        var origin = ring[0];
        for (var i = 0; i < ring.Length; i++)
        {
            var a = ring[i] - origin;
            var b = ring[(i + 1) % ring.Length] - origin;
            var cross = a.Cross(b);
            twice += cross;
            x += (a.X + b.X) * cross;
            y += (a.Y + b.Y) * cross;
        }
        return twice == 0 ? origin : new(origin.X + x / (3 * twice), origin.Y + y / (3 * twice));
    }

    public static bool Contains(ReadOnlySpan<Vec> ring, Vec point)
    {
        var inside = false;
        for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
        {
            var a = ring[i];
            var b = ring[j];
            if (a.Y > point.Y != b.Y > point.Y && point.X < (b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y) + a.X) inside = !inside;
        }
        return inside;
    }

    /// <summary>Whether a ring, put on the coordinate lattice, is a valid polygon.</summary>
    public static bool IsValid(Vec[] ring)
    {
        var coordinates = new Coordinate[ring.Length + 1];
        for (var i = 0; i <= ring.Length; i++)
        {
            var place = CityPlane.Snap(ring[i % ring.Length]);
            coordinates[i] = new(place.Lon7, place.Lat7);
        }
        return new Polygon(new LinearRing(coordinates)).IsValid;
    }

    /// <summary>
    /// The direction along which most of a ring's length lies, counting directions a quarter apart as one: the axis a planner would align to.
    /// Radians in [-pi/4, pi/4].
    /// </summary>
    public static double Axis(ReadOnlySpan<Vec> ring)
    {
        double c = 0, s = 0;
        for (var i = 0; i < ring.Length; i++)
        {
            var way = ring[(i + 1) % ring.Length] - ring[i];
            var square = way.Dot(way);
            if (square == 0) continue;
            // cos and sin of four times the direction, by squaring the complex number twice; weighted by length
            var re = (way.X * way.X - way.Y * way.Y) / square;
            var im = 2 * way.X * way.Y / square;
            var length = Math.Sqrt(square);
            c += length * (re * re - im * im);
            s += length * (2 * re * im);
        }
        return SteadyMath.Atan2(s, c) / 4;
    }

    public static (double Low, double High) Extent(ReadOnlySpan<Vec> ring, Vec direction)
    {
        var low = double.MaxValue;
        var high = double.MinValue;
        foreach (var point in ring)
        {
            var along = point.Dot(direction);
            low = Math.Min(low, along);
            high = Math.Max(high, along);
        }
        return (low, high);
    }
}
