using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>Leads a path that ends inside a block on to the block's border, so that it divides the block.</summary>
/// <remarks>
/// Courtyard paths end some metres before the fence. Of the short straight ways on, near the path's own direction and through no building, the shortest and straightest
/// is taken. In a plane of metres around the block.
/// </remarks>
internal static class PathEnds
{
    private const double MostMetres = 90, LeastMetres = 0.6, MostDegrees = 70, DegreesStep = 10, DegreesPerLength = 60;

    /// <summary>Where the path reaches the border, a little beyond it; null when no way is free.</summary>
    /// <param name="before">The corner before the end.</param>
    /// <param name="end">Inside the block.</param>
    /// <param name="rings">The block's.</param>
    /// <param name="things">That stay whole.</param>
    /// <param name="isFixed">Whether the border between two neighbouring corners may get no new corner.</param>
    public static Coordinate? Reach(Coordinate before, Coordinate end, Coordinate[][] rings, IReadOnlyList<BlockCuts.Thing> things, Func<Coordinate, Coordinate, bool> isFixed)
    {
        if (before.Distance(end) < 1e-6) return null;
        var ahead = Math.Atan2(end.Y - before.Y, end.X - before.X);
        var ways = new List<(double Score, Coordinate At)>();
        for (var turn = -MostDegrees; turn <= MostDegrees; turn += DegreesStep)
        {
            var angle = ahead + turn * Math.PI / 180;
            if (Hit(end, new(end.X + MostMetres * Math.Cos(angle), end.Y + MostMetres * Math.Sin(angle)), rings, isFixed) is { } at) ways.Add((Score(end.Distance(at), turn), at));
        }

        foreach (var ring in rings)
        {
            for (var i = 1; i < ring.Length; i++)
            {
                var turn = Math.IEEERemainder(Math.Atan2(ring[i].Y - end.Y, ring[i].X - end.X) - ahead, 2 * Math.PI) * 180 / Math.PI;
                if (Math.Abs(turn) <= MostDegrees && end.Distance(ring[i]) is >= LeastMetres and <= MostMetres and var metres) ways.Add((Score(metres, turn), ring[i]));
            }
        }

        foreach (var (_, at) in ways.OrderBy(way => way.Score).ThenBy(way => way.At))
        {
            var box = new Envelope(end, at);
            if (Array.Exists(rings, ring => BlockCuts.Crosses(end, at, box, ring)) || things.Any(thing => thing.Box.Intersects(box) && BlockCuts.Crosses(end, at, box, thing.Outline))) continue;
            return BlockCuts.Beyond(end, at);
        }

        return null;
    }

    private static double Score(double metres, double degrees) => metres * (1 + Math.Abs(degrees) / DegreesPerLength);

    /// <summary>The first border on the way that may get a new corner; null when a fixed one comes before it, or none.</summary>
    private static Coordinate? Hit(Coordinate from, Coordinate to, Coordinate[][] rings, Func<Coordinate, Coordinate, bool> isFixed)
    {
        var (nearest, at, open) = (double.PositiveInfinity, (Coordinate?)null, false);
        foreach (var ring in rings)
        {
            for (var i = 1; i < ring.Length; i++)
            {
                double dx = to.X - from.X, dy = to.Y - from.Y, ex = ring[i].X - ring[i - 1].X, ey = ring[i].Y - ring[i - 1].Y, cross = dx * ey - dy * ex;
                if (Math.Abs(cross) < 1e-12) continue;
                double px = ring[i - 1].X - from.X, py = ring[i - 1].Y - from.Y, t = (px * ey - py * ex) / cross, u = (px * dy - py * dx) / cross;
                if (t <= 0 || t > 1 || u < 0 || u > 1 || t >= nearest || t * MostMetres < LeastMetres) continue;
                (nearest, at, open) = (t, new(from.X + t * dx, from.Y + t * dy), !isFixed(ring[i - 1], ring[i]));
            }
        }

        return open ? at : null;
    }
}
