using System.Runtime.InteropServices;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Tiles;

/// <summary>
/// Parts rings that touch or lie upon themselves or each other, without moving a position: what snapping makes of a narrow neck or corridor.
/// </summary>
/// <remarks>
/// Edges are cut where a position lies on them, and what is walked both ways is walked over nothing and left out. What remains is walked with the area on the right, taking the
/// rightmost way at every meeting, so that each walk goes around one piece; where a walk comes by a position again, what lies between is a ring of its own. Costs the pairs of
/// edges: for the few features that need it. Rings that truly cross are left to others.
/// </remarks>
internal static class TouchingRings
{
    private const int MostEdges = 600;

    /// <param name="rings">Not closed; outer ones clockwise on a screen whose y runs down, holes the other way.</param>
    /// <param name="factory">Makes them.</param>
    /// <returns>Valid polygons, none when nothing is left; null where rings cross, or wind around a place twice.</returns>
    public static List<Polygon>? Part(IReadOnlyList<(int X, int Y)[]> rings, GeometryFactory factory)
    {
        if (Edges(rings) is not { } ways || Walks(ways) is not { } walks) return null;
        var (outers, holes) = (new List<(Cycle Shell, List<Cycle> Holes)>(), new List<Cycle>());
        foreach (var cycles in walks)
        {
            var shells = cycles.FindAll(cycle => cycle.TwiceArea > 0);
            if (shells.Count > 1) return null;
            var inside = cycles.FindAll(cycle => cycle.TwiceArea < 0);
            if (shells.Count == 1) outers.Add((shells[0], inside));
            else holes.AddRange(inside);
        }

        foreach (var hole in holes)
        {
            // Around nothing where snapping has turned a corner inside out.
            if (outers.FindAll(outer => outer.Shell.Holds(hole)) is not { Count: > 0 } around) continue;
            if (around.Count > 1) return null;
            around[0].Holes.Add(hole);
        }

        foreach (var (shell, _) in outers)
        {
            if (outers.Exists(other => other.Shell != shell && other.Shell.Holds(shell) && !other.Holes.Exists(hole => hole.Holds(shell)))) return null;
        }

        return [.. outers.Select(outer => factory.CreatePolygon(outer.Shell.Ring(factory), [.. outer.Holes.Select(hole => hole.Ring(factory))]))];
    }

    // The ways from each position, cut where positions lie on them; null where two edges cross or two lie upon each other the same way.
    private static Dictionary<(int X, int Y), List<(int X, int Y)>>? Edges(IReadOnlyList<(int X, int Y)[]> rings)
    {
        var whole = new List<((int X, int Y) A, (int X, int Y) B)>();
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length; i++) whole.Add((ring[i], ring[i + 1 < ring.Length ? i + 1 : 0]));
        }

        if (whole.Count > MostEdges) return null;
        var cuts = new List<(int X, int Y)>?[whole.Count];
        for (var i = 0; i < whole.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var ((a, b), (c, d)) = (whole[i], whole[j]);
                if (Math.Max(a.X, b.X) < Math.Min(c.X, d.X) || Math.Max(c.X, d.X) < Math.Min(a.X, b.X) || Math.Max(a.Y, b.Y) < Math.Min(c.Y, d.Y) || Math.Max(c.Y, d.Y) < Math.Min(a.Y, b.Y)) continue;
                if (Math.Sign(Side(a, b, c)) * Math.Sign(Side(a, b, d)) < 0 && Math.Sign(Side(c, d, a)) * Math.Sign(Side(c, d, b)) < 0) return null;
                if (IsWithin(a, b, c)) (cuts[i] ??= []).Add(c);
                if (IsWithin(a, b, d)) (cuts[i] ??= []).Add(d);
                if (IsWithin(c, d, a)) (cuts[j] ??= []).Add(a);
                if (IsWithin(c, d, b)) (cuts[j] ??= []).Add(b);
            }
        }

        var ways = new Dictionary<(int X, int Y), List<(int X, int Y)>>();
        for (var i = 0; i < whole.Count; i++)
        {
            var (from, end) = whole[i];
            foreach (var to in (cuts[i] ?? []).Distinct().OrderBy(at => Square(whole[i].A, at)).Append(end))
            {
                // The same way back goes over nothing.
                if (!(ways.TryGetValue(to, out var back) && back.Remove(from)))
                {
                    ref var onward = ref CollectionsMarshal.GetValueRefOrAddDefault(ways, from, out _);
                    if (onward?.Contains(to) == true) return null;
                    (onward ??= []).Add(to);
                }

                from = to;
            }
        }

        return ways;
    }

    // Around each piece and each hole that touches none, cut into rings; null where ways do not come and go in turn, so that something is gone around twice.
    private static List<List<Cycle>>? Walks(Dictionary<(int X, int Y), List<(int X, int Y)>> ways)
    {
        var (walks, walked) = (new List<List<Cycle>>(), new HashSet<((int X, int Y) From, (int X, int Y) To)>());
        foreach (var (start, onward) in ways)
        {
            foreach (var first in onward)
            {
                if (!walked.Add((start, first))) continue;
                var (cycles, path, placed) = (new List<Cycle>(), new List<(int X, int Y)> { start }, new Dictionary<(int X, int Y), int> { [start] = 0 });
                for (var (from, at) = (start, first); ;)
                {
                    if (placed.TryGetValue(at, out var before))
                    {
                        cycles.Add(new Cycle([.. path[before..]]));
                        foreach (var left in path[(before + 1)..]) placed.Remove(left);
                        path.RemoveRange(before + 1, path.Count - before - 1);
                    }
                    else
                    {
                        placed[at] = path.Count;
                        path.Add(at);
                    }

                    var next = ways[at].Count == 1 ? ways[at][0] : ways[at].MinBy(to => Turn(at, from, to));
                    if (at == start && next == first) break;
                    if (!walked.Add((at, next))) return null;
                    (from, at) = (at, next);
                }

                walks.Add(cycles);
            }
        }

        return walks;
    }

    // From the way back over the right hand, 0 to a whole turn; y runs down.
    private static double Turn((int X, int Y) at, (int X, int Y) back, (int X, int Y) to)
    {
        long rx = back.X - at.X, ry = back.Y - at.Y, dx = to.X - at.X, dy = to.Y - at.Y;
        var turn = Math.Atan2((ry * dx) - (rx * dy), (rx * dx) + (ry * dy));
        return turn > 0 ? turn : turn + (2 * Math.PI);
    }

    private static long Side((int X, int Y) a, (int X, int Y) b, (int X, int Y) at) => ((long)(b.X - a.X) * (at.Y - a.Y)) - ((long)(b.Y - a.Y) * (at.X - a.X));

    private static long Square((int X, int Y) a, (int X, int Y) b) => ((long)(a.X - b.X) * (a.X - b.X)) + ((long)(a.Y - b.Y) * (a.Y - b.Y));

    // On an edge, but at neither of its ends.
    private static bool IsWithin((int X, int Y) a, (int X, int Y) b, (int X, int Y) at) =>
        at != a && at != b && Side(a, b, at) == 0 && at.X >= Math.Min(a.X, b.X) && at.X <= Math.Max(a.X, b.X) && at.Y >= Math.Min(a.Y, b.Y) && at.Y <= Math.Max(a.Y, b.Y);

    /// <summary>A ring that comes by no position twice.</summary>
    private sealed class Cycle((int X, int Y)[] positions)
    {
        /// <summary>Positive for clockwise on the screen.</summary>
        public long TwiceArea { get; } = positions.Select((at, i) => (positions[i == 0 ? ^1 : i - 1], at)).Sum(edge => ((long)edge.Item1.X * edge.at.Y) - ((long)edge.at.X * edge.Item1.Y));

        public IReadOnlyList<(int X, int Y)> Positions => positions;

        /// <summary>Whether another ring that crosses this one nowhere lies inside: by its first position that is not on this one.</summary>
        public bool Holds(Cycle other)
        {
            foreach (var at in other.Positions)
            {
                if (IsOn(at)) continue;
                return IsAround(at);
            }

            return false;
        }

        public LinearRing Ring(GeometryFactory factory) => factory.CreateLinearRing([.. positions.Append(positions[0]).Select(at => new Coordinate(at.X, at.Y))]);

        private bool IsOn((int X, int Y) at)
        {
            for (var i = 0; i < positions.Length; i++)
            {
                if (at == positions[i] || IsWithin(positions[i], positions[i + 1 < positions.Length ? i + 1 : 0], at)) return true;
            }

            return false;
        }

        private bool IsAround((int X, int Y) at)
        {
            var isAround = false;
            for (var i = 0; i < positions.Length; i++)
            {
                var (a, b) = (positions[i], positions[i + 1 < positions.Length ? i + 1 : 0]);
                if (a.Y > at.Y != b.Y > at.Y && Side(a, b, at) > 0 == b.Y > a.Y) isAround = !isAround;
            }

            return isAround;
        }
    }
}
