using System.Runtime.InteropServices;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

/// <summary>The ground of one block while it is being built on: what is still free, and at what distance from the roads.</summary>
internal sealed class Ground
{
    private readonly record struct Obstacle(Vec A, Vec B, Vec C, Vec D, Vec Low, Vec High, double? Keep);

    private readonly List<Obstacle> obstacles = [];

    public Vec[] Ring { get; }
    public EdgeKind[] Kinds { get; }
    public Vec Centre { get; }
    public Vec Across { get; }
    public Vec Up => Across.Left;
    public (double Low, double High) SpanAcross { get; }
    public (double Low, double High) SpanUp { get; }

    public Ground(Vec[] ring, EdgeKind[] kinds, Vec centre, double angle)
    {
        Ring = ring;
        Kinds = kinds;
        Centre = centre;
        Across = Vec.FromAngle(angle);
        var moved = Array.ConvertAll(ring, point => point - centre);
        SpanAcross = Shapes.Extent(moved, Across);
        SpanUp = Shapes.Extent(moved, Across.Left);
    }

    /// <summary>From the block's own axes (metres from its centre) to the plane.</summary>
    public Vec At(double across, double up) => Centre + Across * across + Up * up;

    /// <summary>A rectangle in the block's own axes.</summary>
    public Vec[] Box(double left, double right, double bottom, double top) => [At(left, bottom), At(right, bottom), At(right, top), At(left, top)];

    /// <summary>An upright rectangle around a point.</summary>
    public static Vec[] Around(Vec point, double halfWidth, double halfHeight) =>
    [
        point + new Vec(-halfWidth, -halfHeight), point + new Vec(halfWidth, -halfHeight), point + new Vec(halfWidth, halfHeight), point + new Vec(-halfWidth, halfHeight),
    ];

    /// <summary>A point as the smallest rectangle.</summary>
    public static Vec[] Speck(Vec point) => Around(point, 0.05, 0.05);

    /// <summary>Whether a rectangle keeps its distance from roads, borders and everything placed before.</summary>
    public bool IsFree(ReadOnlySpan<Vec> box, double setback, double gap)
    {
        var (low, high) = Bounds(box);
        foreach (ref readonly var other in CollectionsMarshal.AsSpan(obstacles))
        {
            var keep = other.Keep ?? gap;
            if (low.X - keep > other.High.X || high.X + keep < other.Low.X || low.Y - keep > other.High.Y || high.Y + keep < other.Low.Y) continue;
            if (!AreApart(box, [other.A, other.B, other.C, other.D], keep)) return false;
        }
        if (!Shapes.Contains(Ring, box[0])) return false;
        for (var i = 0; i < Ring.Length; i++)
        {
            var a = Ring[i];
            var b = Ring[(i + 1) % Ring.Length];
            var keep = Kinds[i].HalfWidth() + setback;
            if (low.X - keep > Math.Max(a.X, b.X) || high.X + keep < Math.Min(a.X, b.X)
                || low.Y - keep > Math.Max(a.Y, b.Y) || high.Y + keep < Math.Min(a.Y, b.Y)) continue;
            if (!AreApart(box, [a, b], keep)) return false;
        }
        return true;
    }

    public bool IsFree(Vec point, double setback)
    {
        if (!Shapes.Contains(Ring, point)) return false;
        for (var i = 0; i < Ring.Length; i++)
            if (Shapes.Distance(point, Ring[i], Ring[(i + 1) % Ring.Length]) < Kinds[i].HalfWidth() + setback) return false;
        return true;
    }

    /// <param name="keep">The distance that later buildings keep from this; by default the one they ask for.</param>
    public void Take(ReadOnlySpan<Vec> box, double? keep = null)
    {
        var (low, high) = Bounds(box);
        obstacles.Add(new(box[0], box[1], box[2], box[3], low, high, keep));
    }

    /// <summary>Keeps a path free of buildings.</summary>
    public void TakePath(Vec from, Vec to, double halfWidth)
    {
        var aside = (to - from).Unit.Left * halfWidth;
        Take([from - aside, to - aside, to + aside, from + aside], 0.5);
    }

    private static (Vec Low, Vec High) Bounds(ReadOnlySpan<Vec> box)
    {
        var low = box[0];
        var high = box[0];
        foreach (var corner in box)
        {
            low = new(Math.Min(low.X, corner.X), Math.Min(low.Y, corner.Y));
            high = new(Math.Max(high.X, corner.X), Math.Max(high.Y, corner.Y));
        }
        return (low, high);
    }

    // Separating axes, with the wanted distance between. Rectangles and single sides only, so four directions are all there are.
    private static bool AreApart(ReadOnlySpan<Vec> box, ReadOnlySpan<Vec> other, double keep)
    {
        var mine = (box[1] - box[0]).Unit;
        var theirs = (other[1] - other[0]).Unit;
        return AreApart(box, other, keep, mine) || AreApart(box, other, keep, mine.Left)
            || AreApart(box, other, keep, theirs) || AreApart(box, other, keep, theirs.Left);
    }

    private static bool AreApart(ReadOnlySpan<Vec> box, ReadOnlySpan<Vec> other, double keep, Vec direction)
    {
        var mine = Shapes.Extent(box, direction);
        var theirs = Shapes.Extent(other, direction);
        return mine.High + keep <= theirs.Low || theirs.High + keep <= mine.Low;
    }

    /// <summary>
    /// The block's ring moved inwards, each side by its road's half width and <paramref name="extra"/>; null when the shape does not allow it.
    /// </summary>
    public Vec[]? Inset(double extra)
    {
        var count = Ring.Length;
        var inner = new List<Vec>(count);
        for (var i = 0; i < count; i++)
        {
            var here = Ring[i];
            var wayIn = (here - Ring[(i + count - 1) % count]).Unit;
            var wayOut = (Ring[(i + 1) % count] - here).Unit;
            var keepIn = Kinds[(i + count - 1) % count].HalfWidth() + extra;
            var keepOut = Kinds[i].HalfWidth() + extra;
            var cross = wayIn.Cross(wayOut);
            if (Math.Abs(cross) < 0.08)
            {
                inner.Add(here + (wayIn.Left + wayOut.Left).Unit * Math.Max(keepIn, keepOut));
                continue;
            }
            var a = here + wayIn.Left * keepIn;
            var b = here + wayOut.Left * keepOut;
            inner.Add(a + wayIn * ((b - a).Cross(wayOut) / cross));
        }
        // A short side may turn round when moved inwards; leaving its corners out is what a wall would do.
        for (var i = 0; i < inner.Count && inner.Count > 3;)
        {
            if (inner[i].To(inner[(i + 1) % inner.Count]) < 4 || !IsFree(inner[i], extra - 2)) inner.RemoveAt(i);
            else i++;
        }
        Vec[] ring = [.. inner];
        if (ring.Length < 4 || Shapes.SignedArea(ring) < 400) return null;
        for (var i = 0; i < ring.Length; i++)
            if (!IsFree((ring[i] + ring[(i + 1) % ring.Length]) * 0.5, extra - 2.5)) return null;
        if (!Shapes.IsValid(ring)) return null;
        return ring;
    }
}
