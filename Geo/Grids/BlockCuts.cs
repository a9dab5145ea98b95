using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Polygonize;

namespace GridMap.Geo.Grids;

/// <summary>Straight lines through a block that is too large for one grid, each from border to border and through no building.</summary>
/// <remarks>
/// Of all lines between places on the block's border the most even short one that touches nothing is taken, and each half is cut again until it is small enough or no
/// line is free. In a plane of metres around the block.
/// </remarks>
internal static class BlockCuts
{
    private const int MostPlaces = 120, MostDepth = 8;
    private const double SpacingMetres = 8, BeyondMetres = 0.3, LeastShare = 0.12, LeastMetres = 12;

    /// <summary>Something in the block that stays whole.</summary>
    /// <param name="Outline">In metres.</param>
    /// <param name="Middle">A place inside it, which says to which side it belongs.</param>
    /// <param name="Box">Around the outline.</param>
    /// <param name="Size">In the measure of the band.</param>
    public sealed record Thing(Coordinate[] Outline, Coordinate Middle, Envelope Box, double Size)
    {
        public static Thing Of(Coordinate[] outline, Coordinate middle, double size)
        {
            var box = new Envelope();
            foreach (var corner in outline) box.ExpandToInclude(corner);
            return new(outline, middle, box, size);
        }
    }

    /// <summary>Ends of lines, so that no part of the block has more than <paramref name="largest"/>, as far as that can be.</summary>
    /// <param name="block">In metres.</param>
    /// <param name="things">Whose middle lies in it.</param>
    /// <param name="isFixed">Whether the border between two neighbouring corners may get no new corner.</param>
    /// <param name="largest">What a part may hold.</param>
    public static List<(Coordinate A, Coordinate B)> Of(Polygon block, IReadOnlyList<Thing> things, Func<Coordinate, Coordinate, bool> isFixed, double largest)
    {
        var cuts = new List<(Coordinate, Coordinate)>();
        Cut(block, things, isFixed, largest, 0, cuts);
        return cuts;
    }

    private static void Cut(
        Polygon block, IReadOnlyList<Thing> things, Func<Coordinate, Coordinate, bool> isFixed, double largest, int depth, List<(Coordinate A, Coordinate B)> cuts)
    {
        if (depth == MostDepth || things.Count < 2 || things.Sum(thing => thing.Size) <= largest || Best(block, things, isFixed) is not var (a, b)) return;
        cuts.Add((Beyond(b, a), Beyond(a, b)));
        var polygonizer = new Polygonizer();
        polygonizer.Add(block.Boundary.Union(block.Factory.CreateLineString([Beyond(b, a), Beyond(a, b)])));
        foreach (var part in polygonizer.GetPolygons().Cast<Polygon>())
        {
            var locator = new NetTopologySuite.Algorithm.Locate.IndexedPointInAreaLocator(part);
            Thing[] inside = [.. things.Where(thing => part.EnvelopeInternal.Contains(thing.Middle) && locator.Locate(thing.Middle) != Location.Exterior)];
            Cut(part, inside, isFixed, largest, depth + 1, cuts);
        }
    }

    private static (Coordinate A, Coordinate B)? Best(Polygon block, IReadOnlyList<Thing> things, Func<Coordinate, Coordinate, bool> isFixed)
    {
        var places = Places(block, isFixed);
        double total = things.Sum(thing => thing.Size), across = Math.Sqrt(block.Area);
        var lines = new List<(double Score, int A, int B)>();
        for (var i = 0; i < places.Count; i++)
        {
            for (var j = i + 1; j < places.Count; j++)
            {
                var (a, b) = (places[i], places[j]);
                var length = a.Distance(b);
                if (length < LeastMetres || length > 2.5 * across) continue;
                double left = 0;
                foreach (var thing in things)
                {
                    if (Turn(a, b, thing.Middle) > 0) left += thing.Size;
                }

                var share = left / total;
                if (share is < LeastShare or > 1 - LeastShare) continue;
                lines.Add((4 * (share - 0.5) * (share - 0.5) + 0.35 * length / across, i, j));
            }
        }

        lines.Sort();
        var locator = new NetTopologySuite.Algorithm.Locate.IndexedPointInAreaLocator(block);
        Coordinate[][] rings = [.. block.Holes.Prepend(block.Shell).Select(ring => ring.Coordinates)];
        foreach (var (_, i, j) in lines)
        {
            var (a, b) = (places[i], places[j]);
            var box = new Envelope(a, b);
            if (Array.Exists(rings, ring => Crosses(a, b, box, ring)) || locator.Locate(new Coordinate((a.X + b.X) / 2, (a.Y + b.Y) / 2)) != Location.Interior) continue;
            if (things.Any(thing => thing.Box.Intersects(box) && Crosses(a, b, box, thing.Outline))) continue;
            return (a, b);
        }

        return null;
    }

    /// <summary>Where a line may end: corners, and places along borders that may get a new one.</summary>
    private static List<Coordinate> Places(Polygon block, Func<Coordinate, Coordinate, bool> isFixed)
    {
        var places = new List<Coordinate>();
        foreach (var ring in block.Holes.Prepend(block.Shell).Select(ring => ring.Coordinates))
        {
            for (var i = 1; i < ring.Length; i++)
            {
                places.Add(ring[i - 1]);
                if (isFixed(ring[i - 1], ring[i])) continue;
                var steps = (int)(ring[i - 1].Distance(ring[i]) / SpacingMetres);
                for (var step = 1; step < steps; step++)
                {
                    var t = step / (double)steps;
                    places.Add(new(ring[i - 1].X + t * (ring[i].X - ring[i - 1].X), ring[i - 1].Y + t * (ring[i].Y - ring[i - 1].Y)));
                }
            }
        }

        if (places.Count <= MostPlaces) return places;
        return [.. Enumerable.Range(0, MostPlaces).Select(i => places[(int)((long)i * places.Count / MostPlaces)])];
    }

    /// <summary>Whether the line passes through an edge; meeting at an end does not count.</summary>
    public static bool Crosses(Coordinate a, Coordinate b, Envelope box, Coordinate[] ring)
    {
        for (var i = 1; i < ring.Length; i++)
        {
            var (c, d) = (ring[i - 1], ring[i]);
            if (!box.Intersects(c, d)) continue;
            if (Math.Sign(Turn(a, b, c)) * Math.Sign(Turn(a, b, d)) < 0 && Math.Sign(Turn(c, d, a)) * Math.Sign(Turn(c, d, b)) < 0) return true;
        }

        return false;
    }

    private static double Turn(Coordinate a, Coordinate b, Coordinate c) => (b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X);

    /// <summary>A little farther than the end, so that rounding leaves no gap there.</summary>
    public static Coordinate Beyond(Coordinate from, Coordinate end)
    {
        var length = from.Distance(end);
        return new(end.X + (end.X - from.X) / length * BeyondMetres, end.Y + (end.Y - from.Y) / length * BeyondMetres);
    }
}
