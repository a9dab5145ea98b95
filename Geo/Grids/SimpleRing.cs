using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>A quick test that clears ordinary rings, so that the full validity check is left for the doubtful few.</summary>
internal static class SimpleRing
{
    /// <summary>Above this many edges every pair is more than the full check costs.</summary>
    private const int MaxEdges = 200;

    /// <summary>True when no two edges touch apart from neighbours at their vertex; false when that is not certain.</summary>
    public static bool IsCertain(CoordinateSequence ring)
    {
        var count = ring.Count - 1;
        if (count is < 3 or > MaxEdges) return false;
        Span<double> xs = stackalloc double[MaxEdges + 1], ys = stackalloc double[MaxEdges + 1];
        for (var i = 0; i <= count; i++)
        {
            xs[i] = ring.GetX(i);
            ys[i] = ring.GetY(i);
            if (!(double.IsFinite(xs[i]) && double.IsFinite(ys[i]))) return false;
            if (i > 0 && xs[i] == xs[i - 1] && ys[i] == ys[i - 1]) return false;
        }

        if (xs[0] != xs[count] || ys[0] != ys[count]) return false;
        for (var i = 0; i < count; i++)
        {
            // A spike: the next edge runs back over this one.
            var after = i + 2 > count ? 1 : i + 2;
            if (Side(xs[i], ys[i], xs[i + 1], ys[i + 1], xs[after], ys[after]) == 0
                && (xs[after] - xs[i + 1]) * (xs[i] - xs[i + 1]) + (ys[after] - ys[i + 1]) * (ys[i] - ys[i + 1]) >= 0) return false;
            double minX = Math.Min(xs[i], xs[i + 1]), maxX = Math.Max(xs[i], xs[i + 1]), minY = Math.Min(ys[i], ys[i + 1]), maxY = Math.Max(ys[i], ys[i + 1]);
            for (var j = i + 2; j < count; j++)
            {
                if (i == 0 && j == count - 1) continue;
                if (Math.Max(xs[j], xs[j + 1]) < minX || Math.Min(xs[j], xs[j + 1]) > maxX
                    || Math.Max(ys[j], ys[j + 1]) < minY || Math.Min(ys[j], ys[j + 1]) > maxY) continue;
                int a = Side(xs[i], ys[i], xs[i + 1], ys[i + 1], xs[j], ys[j]), b = Side(xs[i], ys[i], xs[i + 1], ys[i + 1], xs[j + 1], ys[j + 1]);
                if (a != 0 && a == b) continue;
                int c = Side(xs[j], ys[j], xs[j + 1], ys[j + 1], xs[i], ys[i]), d = Side(xs[j], ys[j], xs[j + 1], ys[j + 1], xs[i + 1], ys[i + 1]);
                if (c != 0 && c == d) continue;
                return false;
            }
        }

        return true;
    }

    /// <summary>Left (1) or right (−1) of a line; 0 when rounding leaves it open (Shewchuk 1997, the filter of orient2d).</summary>
    private static int Side(double ax, double ay, double bx, double by, double px, double py)
    {
        double left = (ax - px) * (by - py), right = (ay - py) * (bx - px), det = left - right;
        var bound = 3.3306690738754716e-16 * (Math.Abs(left) + Math.Abs(right));
        return det > bound ? 1 : det < -bound ? -1 : 0;
    }
}
