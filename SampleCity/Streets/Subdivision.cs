using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Streets;

/// <summary>
/// Cuts the land between the main roads into street blocks: again and again across the longer side, preferring to carry on a street that ends
/// at the other side of the road, so that streets run through and cross as they do in towns.
/// </summary>
internal sealed class Subdivision(PlanarMap map, Zoning zoning, Pcg random, Func<EdgeKind, string, int> nameRoad)
{
    private const double ArterialAbove = 1_150_000;
    private const double CollectorAbove = 230_000;

    /// <summary>A large piece of land left whole for the park with the lake; -1 in a town too small to spare one.</summary>
    public int LakeFace { get; private set; } = -1;

    public void Run()
    {
        var inStrip = SkeletonMap.StripFaces(map);
        var waiting = new Stack<int>();
        for (var face = map.Faces - 1; face > PlanarMap.Outside; face--)
            if (!inStrip[face]) waiting.Push(face);
        while (waiting.Count > 0)
        {
            var face = waiting.Pop();
            if (IsForLake(face))
            {
                LakeFace = face;
                continue;
            }
            var added = Cut(face);
            if (added < 0) continue;
            waiting.Push(added);
            waiting.Push(face);
        }
    }

    private bool IsForLake(int face)
    {
        if (LakeFace >= 0) return false;
        var ring = map.Corners(face);
        var area = Shapes.SignedArea(ring);
        if (area is < 180_000 or > 520_000) return false;
        var around = 0.0;
        for (var i = 0; i < ring.Length; i++) around += ring[i].To(ring[(i + 1) % ring.Length]);
        return 4 * Math.PI * area / (around * around) > 0.6 && Shapes.Centroid(ring).To(zoning.Lake) < zoning.LakeReach;
    }

    private int Cut(int face)
    {
        var sides = map.Around(face);
        var ring = map.Corners(face);
        var area = Shapes.SignedArea(ring);
        var centre = Shapes.Centroid(ring);
        var zone = zoning.At(centre);
        var target = Zoning.BlockArea(zone);
        if (area < target * random.Between(1.15, 2.0)) return -1;
        var old = zone == Zone.OldTown;
        var kind = area > ArterialAbove ? EdgeKind.Arterial : area > (old ? 120_000 : CollectorAbove) ? EdgeKind.Collector : EdgeKind.Lane;
        var freedom = Zoning.Freedom(zone);
        var axis = Shapes.Axis(ring);
        var alongX = Vec.FromAngle(axis);
        var spanX = Shapes.Extent(ring, alongX);
        var spanY = Shapes.Extent(ring, alongX.Left);
        var xIsLonger = spanX.High - spanX.Low >= spanY.High - spanY.Low;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var acrossX = xIsLonger == (attempt == 0);
            var added = CutAcross(face, sides, ring, area, acrossX ? alongX : alongX.Left, acrossX ? spanX : spanY, kind, freedom, target);
            if (added >= 0) return added;
        }
        return -1;
    }

    private readonly record struct Chord(int FromSide, Vec From, bool FromCorner, int ToSide, Vec To, bool ToCorner, double Cost);

    private int CutAcross(int face, List<int> sides, Vec[] ring, double area, Vec along, (double Low, double High) span,
        EdgeKind kind, double freedom, double target)
    {
        var best = new Chord { Cost = double.MaxValue };
        var room = Math.Min(Math.Sqrt(target) * 0.36, Math.Sqrt(area) * 0.2);
        for (var step = 0; step < 11; step++)
        {
            var share = 0.5 + (step - 5) * 0.034 + 0.05 * freedom * random.Bell();
            for (var lean = -1; lean <= 1; lean++)
            {
                var tilt = lean * (0.05 + 0.12 * freedom);
                var direction = along.Left + along * tilt;
                var origin = along * (span.Low + (span.High - span.Low) * share);
                var middle = along.Left * Shapes.Centroid(ring).Dot(along.Left);
                var cost = 3.2 * Math.Abs(share - 0.5) + 0.15 * Math.Abs(lean) + 0.35 * freedom * random.Unit();
                if (FindChord(sides, ring, origin + middle, direction.Unit, room, kind, cost) is { } chord && chord.Cost < best.Cost) best = chord;
            }
        }
        if (best.Cost == double.MaxValue) return -1;
        var left = PieceArea(ring, best);
        if (Math.Min(left, area - left) < 0.26 * area) return -1;
        var name = NameFor(sides, best, kind);
        var between = Bow(ring, best, freedom);
        var from = Anchor(sides, best.FromSide, best.From, best.FromCorner);
        var to = Anchor(sides, best.ToSide, best.To, best.ToCorner);
        if (map.Origin(from) == map.Origin(to)) return -1;
        return map.SplitFace(from, to, between, kind, name);
    }

    /// <summary>The half-edge of the face that leaves from the chord's end, after a vertex has been put there.</summary>
    private int Anchor(List<int> sides, int side, Vec where, bool corner)
    {
        if (corner) return sides[side];
        var half = sides[side];
        var vertex = map.SplitEdge(half, where);
        return vertex == map.Origin(half) ? half : map.Next(half);
    }

    private Chord? FindChord(List<int> sides, Vec[] ring, Vec origin, Vec direction, double room, EdgeKind kind, double cost)
    {
        Span<(double T, int Side)> hits = stackalloc (double, int)[16];
        var count = 0;
        for (var i = 0; i < ring.Length; i++)
        {
            var a = ring[i] - origin;
            var b = ring[(i + 1) % ring.Length] - origin;
            var sideA = direction.Cross(a);
            var sideB = direction.Cross(b);
            if (sideA >= 0 == sideB >= 0) continue;
            if (count == hits.Length) return null;
            var share = sideA / (sideA - sideB);
            hits[count++] = ((a + (b - a) * share).Dot(direction), i);
        }
        if (count < 2) return null;
        hits[..count].Sort((x, y) => x.T.CompareTo(y.T));
        var longest = 0;
        for (var i = 2; i + 1 < count; i += 2)
            if (hits[i + 1].T - hits[i].T > hits[longest + 1].T - hits[longest].T) longest = i;
        var from = Settle(sides, ring, hits[longest].Side, origin + direction * hits[longest].T, direction, room, kind);
        if (from is not { } start) return null;
        var to = Settle(sides, ring, hits[longest + 1].Side, origin + direction * hits[longest + 1].T, direction * -1, room, kind);
        if (to is not { } end) return null;
        var chord = new Chord(start.Side, start.At, start.Corner, end.Side, end.At, end.Corner, cost + start.Cost + end.Cost);
        if (start.At.To(end.At) < 1.2 * room) return null;
        return MeetsWell(ring, chord) && StaysInside(ring, chord) ? chord : null;
    }

    /// <summary>
    /// Moves a chord's end to a street that arrives from the other side when one is near; refuses an end too close to another junction.
    /// </summary>
    private (int Side, Vec At, bool Corner, double Cost)? Settle(List<int> sides, Vec[] ring, int side, Vec at, Vec inward, double room, EdgeKind kind)
    {
        var count = ring.Length;
        var nearest = -1;
        var nearestMetres = room;
        for (var forward = 0; forward < 2; forward++)
        {
            var metres = 0.0;
            var previous = at;
            for (var k = 0; k < count; k++)
            {
                var corner = forward == 0 ? (side + 1 + k) % count : (side - k + count) % count;
                metres += previous.To(ring[corner]);
                previous = ring[corner];
                if (metres >= nearestMetres) break;
                var straight = IsStraight(ring, corner);
                if (map.Degree(map.Origin(sides[corner])) < 3 && straight && metres > 9) continue;
                nearest = corner;
                nearestMetres = metres;
                break;
            }
        }
        if (nearest < 0) return (side, at, false, 0);
        if (!IsStraight(ring, nearest)) return null;
        var vertex = map.Origin(sides[nearest]);
        if (map.Degree(vertex) == 2) return (nearest, ring[nearest], true, 0.02);
        // A junction on a straight side: take it when a street comes in from beyond, more or less in line.
        var beyond = Opposite(sides[nearest], inward);
        if (beyond < 0) return null;
        var bonus = map.Kind(beyond) == kind ? -0.42 : -0.22;
        return (nearest, ring[nearest], true, bonus);
    }

    private static bool IsStraight(Vec[] ring, int corner)
    {
        var before = (ring[corner] - ring[(corner + ring.Length - 1) % ring.Length]).Unit;
        var after = (ring[(corner + 1) % ring.Length] - ring[corner]).Unit;
        return before.Dot(after) > 0.88;
    }

    /// <summary>The edge that arrives at the origin of a half-edge from the far side, within 32 degrees of the wanted way; -1 if none.</summary>
    private int Opposite(int half, Vec inward)
    {
        var best = -1;
        var bestCosine = 0.85;
        var vertex = map.Origin(half);
        for (var spoke = map.Next(half ^ 1); spoke != half; spoke = map.Next(spoke ^ 1))
        {
            if (!map.Kind(spoke).IsRoad()) continue;
            var cosine = -(map.Point(map.Target(spoke)) - map.Point(vertex)).Unit.Dot(inward);
            if (cosine <= bestCosine) continue;
            bestCosine = cosine;
            best = spoke;
        }
        return best;
    }

    private static bool MeetsWell(Vec[] ring, Chord chord)
    {
        var way = (chord.To - chord.From).Unit;
        return MeetsWell(ring, chord.FromSide, chord.FromCorner, way) && MeetsWell(ring, chord.ToSide, chord.ToCorner, way * -1);
    }

    private static bool MeetsWell(Vec[] ring, int side, bool corner, Vec way)
    {
        var ahead = (ring[(side + 1) % ring.Length] - ring[side]).Unit;
        var behind = corner ? (ring[(side + ring.Length - 1) % ring.Length] - ring[side]).Unit : ahead * -1;
        return way.Dot(ahead) < 0.62 && way.Dot(behind) < 0.62;
    }

    private static bool StaysInside(Vec[] ring, Chord chord)
    {
        var count = ring.Length;
        var way = chord.To - chord.From;
        for (var i = 0; i < count; i++)
        {
            var next = (i + 1) % count;
            if (Touches(i, chord.FromSide, chord.FromCorner, count) || Touches(i, chord.ToSide, chord.ToCorner, count)) continue;
            if (Crosses(chord.From, way, ring[i], ring[next])) return false;
        }
        return Shapes.Contains(ring, chord.From + way * 0.5);
    }

    private static bool Touches(int side, int end, bool corner, int count) => side == end || (corner && side == (end + count - 1) % count);

    private static bool Crosses(Vec from, Vec way, Vec a, Vec b)
    {
        var toA = way.Cross(a - from);
        var toB = way.Cross(b - from);
        if (toA > 0 == toB > 0) return false;
        var side = b - a;
        var fromSide = side.Cross(from - a);
        var toSide = side.Cross(from + way - a);
        return fromSide > 0 != toSide > 0;
    }

    private static double PieceArea(Vec[] ring, Chord chord)
    {
        // The piece to the left of the way from From to To: from To onwards around to From.
        var piece = new List<Vec> { chord.From, chord.To };
        var count = ring.Length;
        var first = (chord.ToSide + 1) % count;
        for (var i = first; ; i = (i + 1) % count)
        {
            if (chord.FromCorner && i == chord.FromSide) break;
            piece.Add(ring[i]);
            if (!chord.FromCorner && i == chord.FromSide) break;
        }
        return Math.Abs(Shapes.SignedArea([.. piece]));
    }

    private int NameFor(List<int> sides, Chord chord, EdgeKind kind)
    {
        var way = (chord.To - chord.From).Unit;
        if (chord.FromCorner && Opposite(sides[chord.FromSide], way) is >= 0 and var before && map.Kind(before) == kind) return map.Name(before);
        if (chord.ToCorner && Opposite(sides[chord.ToSide], way * -1) is >= 0 and var after && map.Kind(after) == kind) return map.Name(after);
        return nameRoad(kind, "");
    }

    /// <summary>Points between the chord's ends that bend it a little, when there is room for it.</summary>
    private Vec[] Bow(Vec[] ring, Chord chord, double freedom)
    {
        var way = chord.To - chord.From;
        var length = way.Length;
        var sag = length * (0.012 + 0.06 * freedom) * random.Bell() * 0.7;
        var count = (int)(length / 70);
        if (count < 1) count = length > 50 && freedom > 0.5 ? 1 : 0;
        var points = new Vec[count];
        for (var i = 0; i < count; i++)
        {
            var t = (i + 1.0) / (count + 1);
            points[i] = chord.From + way * t + way.Unit.Left * (sag * 4 * t * (1 - t));
        }
        var clear = Math.Abs(sag) + 12;
        foreach (var point in points)
            for (var i = 0; i < ring.Length; i++)
                if (point.To(chord.From) > clear * 1.5 && point.To(chord.To) > clear * 1.5 && Shapes.Distance(point, ring[i], ring[(i + 1) % ring.Length]) < clear)
                    return [];
        return points;
    }
}
