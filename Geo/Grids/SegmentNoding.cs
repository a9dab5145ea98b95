namespace GridMap.Geo.Grids;

/// <summary>A stretch between two vertices on its way into an <see cref="Arrangement"/>.</summary>
/// <param name="A">Start.</param>
/// <param name="B">End.</param>
/// <param name="Left">The owner to the left whose area is counted; <see cref="Arrangement.Nobody"/> for none.</param>
/// <param name="Right">The owner to the right whose area is counted.</param>
/// <param name="FarLeft">The face to the left that is no part of the work.</param>
/// <param name="FarRight">The face to the right that is no part of the work.</param>
/// <param name="Line">Drawn: it may be bent to vertices near by.</param>
/// <param name="Tag">What runs along it; of equal segments the highest counts.</param>
/// <param name="Fixed">May get no new vertex: what crosses it is led through one of its ends.</param>
internal sealed record NodedSegment(
    GridVertex A, GridVertex B, int Left = Arrangement.Nobody, int Right = Arrangement.Nobody, int FarLeft = Arrangement.Nobody, int FarRight = Arrangement.Nobody,
    bool Line = false, bool Fixed = false, int Tag = 0);

/// <summary>Makes segments meet at their ends only, on the lattice.</summary>
/// <remarks>
/// Crossings are rounded to lattice points and both segments are led through them; that may make new crossings next to it, so it is done again until none is
/// left (iterated snap rounding; Hobby 1999, Halperin and Packer 2002). Bounded in rounds, pairs and crossings; an input beyond is refused.
/// </remarks>
/// <param name="scale">Metres of a step.</param>
/// <param name="snapMetres">Lines go through border vertices this near to a crossing.</param>
/// <param name="fixedReachMetres">How far from a crossing a vertex of a fixed border may be.</param>
/// <param name="dropUnreachable">Leave a line out that reaches a fixed border far from its vertices, in place of refusing all.</param>
internal sealed class SegmentNoding(LatticeScale scale, double snapMetres, double fixedReachMetres, bool dropUnreachable = false)
{
    private const int MostRounds = 12;
    private const int MostCrossings = 20_000;
    private const long MostPairs = 100_000_000;

    /// <summary>Why there is no result; null when there is.</summary>
    public (string Reason, string Detail, GridVertex Place)? Trouble { get; private set; }

    private sealed class Piece(NodedSegment segment, bool fresh)
    {
        public NodedSegment Segment => segment;

        /// <summary>Not yet known to be clear of the others.</summary>
        public bool Fresh { get; set; } = fresh;

        public int MinX { get; } = Math.Min(segment.A.X, segment.B.X);

        public int MaxX { get; } = Math.Max(segment.A.X, segment.B.X);

        public int MinY { get; } = Math.Min(segment.A.Y, segment.B.Y);

        public int MaxY { get; } = Math.Max(segment.A.Y, segment.B.Y);

        public List<GridVertex>? Through { get; set; }

        public bool Dropped { get; set; }
    }

    /// <param name="borders">Segments.</param>
    /// <param name="bordersAreClean">They are known to meet at their ends only.</param>
    /// <param name="lines">More segments, with which everything is compared.</param>
    public List<NodedSegment>? Node(IEnumerable<NodedSegment> borders, bool bordersAreClean, IEnumerable<NodedSegment> lines)
    {
        var pieces = borders.Select(s => new Piece(s, !bordersAreClean)).Concat(lines.Select(s => new Piece(s, true))).ToList();
        var crossings = 0;
        long pairs = 0;
        for (var round = 0; round < MostRounds; round++)
        {
            var any = false;
            foreach (var (a, b) in Pairs(pieces))
            {
                if (++pairs > MostPairs || crossings > MostCrossings)
                {
                    Trouble = (GridEditReasons.TooComplex, "the lines cross too often to be worked out", b.Segment.A);
                    return null;
                }

                if (b.MaxX < a.MinX || b.MinX > a.MaxX || b.MinY > a.MaxY || b.MaxY < a.MinY || !Meet(a, b)) continue;
                crossings++;
                any = true;
                if (Trouble is not null) return null;
            }

            if (!any) return [.. pieces.Select(piece => piece.Segment)];
            pieces = Split(pieces);
        }

        Trouble = (GridEditReasons.TooComplex, "the lines lie too close to each other to be told apart", pieces[0].Segment.A);
        return null;
    }

    /// <summary>Pairs of which one is fresh: a few against all, or, sorted by where they begin, each against those that begin before it ends.</summary>
    private static IEnumerable<(Piece, Piece)> Pairs(List<Piece> pieces)
    {
        var fresh = pieces.FindAll(piece => piece.Fresh);
        if (fresh.Count < 64 || fresh.Count < pieces.Count / 16)
        {
            foreach (var a in fresh)
            {
                foreach (var b in pieces)
                {
                    if (!b.Fresh) yield return (a, b);
                }
            }

            for (var i = 0; i < fresh.Count; i++)
            {
                for (var j = i + 1; j < fresh.Count; j++) yield return (fresh[i], fresh[j]);
            }

            yield break;
        }

        pieces.Sort((a, b) => a.MinX.CompareTo(b.MinX));
        for (var i = 0; i < pieces.Count; i++)
        {
            for (var j = i + 1; j < pieces.Count && pieces[j].MinX <= pieces[i].MaxX; j++)
            {
                if (pieces[i].Fresh || pieces[j].Fresh) yield return (pieces[i], pieces[j]);
            }
        }
    }

    private static List<Piece> Split(List<Piece> pieces)
    {
        var next = new List<Piece>(pieces.Count + 16);
        foreach (var piece in pieces)
        {
            if (piece.Dropped) continue;
            if (piece.Through is null)
            {
                piece.Fresh = false;
                next.Add(piece);
                continue;
            }

            var (a, b) = (piece.Segment.A, piece.Segment.B);
            var at = a;
            foreach (var through in piece.Through.Distinct().OrderBy(p => Along(a, b, p)).Append(b))
            {
                if (through != at) next.Add(new(piece.Segment with { A = at, B = through }, true));
                at = through;
            }
        }

        return next;
    }

    private static double Along(GridVertex a, GridVertex b, GridVertex p)
        => ((double)b.X - a.X) * ((double)p.X - a.X) + ((double)b.Y - a.Y) * ((double)p.Y - a.Y);

    private static void Lead(Piece piece, GridVertex through, ref bool any)
    {
        if (through == piece.Segment.A || through == piece.Segment.B || piece.Through?.Contains(through) == true) return;
        (piece.Through ??= []).Add(through);
        any = true;
    }

    private bool Meet(Piece p, Piece q)
    {
        if (p.Dropped || q.Dropped) return false;
        var any = false;
        GridVertex a = p.Segment.A, b = p.Segment.B, c = q.Segment.A, d = q.Segment.B;
        long tc = GridVertex.Turn(a, b, c), td = GridVertex.Turn(a, b, d), ta = GridVertex.Turn(c, d, a), tb = GridVertex.Turn(c, d, b);
        if (tc == 0 && GridVertex.IsBetween(a, b, c)) Lead(p, c, ref any);
        if (td == 0 && GridVertex.IsBetween(a, b, d)) Lead(p, d, ref any);
        if (ta == 0 && GridVertex.IsBetween(c, d, a)) Lead(q, a, ref any);
        if (tb == 0 && GridVertex.IsBetween(c, d, b)) Lead(q, b, ref any);
        if (Math.Sign(tc) * Math.Sign(td) >= 0 || Math.Sign(ta) * Math.Sign(tb) >= 0) return any;

        var t = (double)ta / ((double)ta - tb);
        var crossing = new GridVertex((int)Math.Round(a.X + t * ((double)b.X - a.X)), (int)Math.Round(a.Y + t * ((double)b.Y - a.Y)));
        if (p.Segment.Line != q.Segment.Line)
        {
            var border = p.Segment.Line ? q : p;
            if (On(border.Segment, crossing) is not { } on)
            {
                if (!dropUnreachable) return any;
                Trouble = null;
                (p.Segment.Line ? p : q).Dropped = true;
                return true;
            }

            crossing = on;
        }

        Lead(p, crossing, ref any);
        Lead(q, crossing, ref any);
        return any;
    }

    /// <summary>Where a line crosses a border: at an end of the border if one is near, on a fixed border at an end in any case.</summary>
    private GridVertex? On(NodedSegment border, GridVertex crossing)
    {
        var near = scale.Metres(border.A, crossing) <= scale.Metres(border.B, crossing) ? border.A : border.B;
        var distance = scale.Metres(near, crossing);
        if (distance <= snapMetres) return near;
        if (!border.Fixed) return crossing;
        if (distance <= fixedReachMetres) return near;
        Trouble = (GridEditReasons.NoBorderVertexNear, $"the line reaches the outer border {distance:F0} m from its nearest vertex; at most {fixedReachMetres} m", crossing);
        return null;
    }
}
