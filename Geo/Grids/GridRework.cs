using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

public static partial class GridEdit
{
    /// <summary>The common way of edits by lines: take a few grids apart along their borders and what was drawn, hand the pieces out anew, string the borders to arcs.</summary>
    private sealed class Rework
    {
        private readonly ArcPartition partition;
        private readonly GridEditLimits limits;
        private readonly SortedSet<int> faces;
        private readonly Arc[] arcs;
        private readonly List<NodedSegment> borders = [];
        private readonly List<NodedSegment> lines = [];
        private readonly LatticeScale scale;
        private readonly Envelope box = new();
        private readonly Dictionary<(int, int), List<int>> cells = []; // borders by cell
        private readonly int cell;
        private int drawnVertices;
        private Arrangement arrangement = null!;
        private Dictionary<(int, int), double> between = null!;

        public Rework(ArcPartition partition, IReadOnlyList<int> faces, GridEditLimits limits)
        {
            this.partition = partition;
            this.limits = limits;
            this.faces = [.. faces];
            arcs = [.. this.faces.SelectMany(face => partition.Face(face).Arcs).Distinct().Order().Select(id => partition.ArcTable[id])];
            foreach (var face in this.faces) box.ExpandToInclude(partition.Face(face).Box(partition.ArcTable));
            scale = LatticeScale.At(GridVertex.Nearest(box.Centre.X, box.Centre.Y));
            cell = (int)Math.Max(64, Math.Max(box.Width, box.Height) * 1e7 / 24);
            foreach (var arc in arcs)
            {
                bool left = this.faces.Contains(arc.Left), right = this.faces.Contains(arc.Right), isFixed = partition.IsFixed(arc);
                for (var i = 1; i < arc.Vertices.Length; i++)
                {
                    borders.Add(new(arc.Vertices[i - 1], arc.Vertices[i], left ? arc.Left : Arrangement.Nobody, right ? arc.Right : Arrangement.Nobody,
                        left ? Arrangement.Nobody : arc.Left, right ? Arrangement.Nobody : arc.Right, Fixed: isFixed));
                }
            }

            box.ExpandBy(MostDegreesAway);
        }

        public GridEditResult? AddLines(IReadOnlyList<LineString> drawn) => AddLines(drawn, _ => 0);

        /// <param name="drawn">Lines.</param>
        /// <param name="tagOf">What runs along each, by its index.</param>
        /// <param name="skipShort">Leave lines out that shrink to a point, in place of refusing all.</param>
        public GridEditResult? AddLines(IReadOnlyList<LineString> drawn, Func<int, int> tagOf, bool skipShort = false)
        {
            for (var index = 0; index < drawn.Count; index++)
            {
                var (line, tag) = (drawn[index], tagOf(index));
                if (Snapped(line.CoordinateSequence, out var run) is { } bad) return bad;
                if (run.Count < 2 && skipShort) continue;
                if (run.Count < 2) return GridEditResult.No(GridEditReasons.TooFewVertices, "a line has at least two different positions");
                if (Reach(run[^2], run[^1]) is { } beyond) run.Add(beyond);
                if (Reach(run[1], run[0]) is { } before) run.Insert(0, before);
                for (var i = 1; i < run.Count; i++) lines.Add(new(run[i - 1], run[i], Line: true, Tag: tag));
            }

            return lines.Count == 0 && !skipShort ? GridEditResult.No(GridEditReasons.TooFewVertices, "no line is drawn") : null;
        }

        public GridEditResult? AddRing(LinearRing ring, bool counterclockwise)
        {
            if (Snapped(ring.CoordinateSequence, out var run) is { } bad) return bad;
            if (run.Count > 1 && run[0] == run[^1]) run.RemoveAt(run.Count - 1);
            if (run.Count < 3) return GridEditResult.No(GridEditReasons.TooFewVertices, "an area has at least three different positions");
            GridVertex[] closed = [.. run, run[0]];
            if (ArcFace.DoubleArea(closed) > 0 != counterclockwise) Array.Reverse(closed);
            GridVertex[] outer = counterclockwise ? closed : [.. closed.Reverse()];
            if (FaceCheck.Fault([outer]) is { } fault) return GridEditResult.No(fault.Reason, "what is drawn crosses or touches itself", fault.Place);
            for (var i = 1; i < closed.Length; i++) lines.Add(new(closed[i - 1], closed[i], Drawn, Line: true));
            return null;
        }

        public Arrangement Arrangement => arrangement;

        /// <summary>Borders that may get no new vertex, by their ends, the lower first.</summary>
        public HashSet<(GridVertex, GridVertex)> FixedBorders() => [.. borders.Where(border => border.Fixed).Select(border => border.A < border.B ? (border.A, border.B) : (border.B, border.A))];

        public LatticeScale Scale => scale;

        /// <param name="dropUnreachable">Leave lines out that reach a fixed border where it has no vertex.</param>
        public GridEditResult? Cut(bool dropUnreachable = false)
        {
            var noding = new SegmentNoding(scale, limits.SnapMetres, limits.FixedReachMetres, dropUnreachable);
            // Borders far from every line need not be compared with anything, but they belong to the pieces all the same.
            if (noding.Node(borders, true, lines) is not { } noded)
                return GridEditResult.No(noding.Trouble!.Value.Reason, noding.Trouble.Value.Detail, noding.Trouble.Value.Place);
            arrangement = new(noded);
            between = arrangement.Borders(scale);
            return null;
        }

        /// <summary>Whose each piece is now; <see cref="Arrangement.Nobody"/> for what is no part of the work.</summary>
        public int[] Owners() => [.. arrangement.Pieces.Select(piece => piece.Owners is [var owner, ..] && owner != Drawn ? owner : Arrangement.Nobody)];

        public bool IsDrawn(int piece) => arrangement.Pieces[piece].Owners is [.., Drawn];

        public bool IsCrumb(int piece) => scale.SquareMetres(arrangement.Pieces[piece].DoubleArea) < limits.CrumbSquareMetres;

        /// <summary>Whether every drawn position lies on a border between grids at work, as near as lines are taken to borders.</summary>
        public bool RunsAlongBorder() => lines.TrueForAll(line => IsBetween(line.A) && IsBetween(line.B));

        private bool IsBetween(GridVertex vertex) => Around(vertex).Any(border =>
            border.Left != Arrangement.Nobody && border.Right != Arrangement.Nobody && scale.ToSegment(vertex, border.A, border.B).Metres <= limits.SnapMetres);

        /// <summary>The pieces of a grid, largest first.</summary>
        public List<int> PiecesOf(int face) => [.. Enumerable.Range(0, arrangement.Pieces.Count)
            .Where(piece => arrangement.Pieces[piece].Owners is [var owner, ..] && owner == face)
            .OrderByDescending(piece => arrangement.Pieces[piece].DoubleArea).ThenBy(piece => arrangement.Pieces[piece].Corner)];

        public GridEditResult Finish(int[] faceOf, int freeFace)
        {
            SweepCrumbs(faceOf);
            var used = new HashSet<int>(faceOf);
            var gone = faces.Where(face => !used.Contains(face)).Select(face => new FaceParent(face, partition.ParentOf(face))).ToArray();
            var parent = partition.ParentOf(faces.Min);
            var made = used.Where(face => face != Arrangement.Nobody && !partition.Has(face)).Order()
                .Select(face => new FaceParent(face, Parent(faceOf, face) ?? parent)).ToArray();
            var removed = arcs.ToHashSet();
            var chains = ArcChains.Of(arrangement.Dissolve(faceOf), vertex => partition.ArcsAt(vertex).Any(arc => !removed.Contains(arc)));
            return partition.Replace(arcs, chains, made, gone, freeFace, limits.MinSquareMetres);
        }

        private int? Parent(int[] faceOf, int face)
        {
            for (var piece = 0; piece < faceOf.Length; piece++)
            {
                if (faceOf[piece] == face && arrangement.Pieces[piece].Owners is [var owner, ..] && partition.Has(owner)) return partition.ParentOf(owner);
            }

            return null;
        }

        /// <summary>A scrap cut off from the rest of its grid goes to the neighbour with the longest common border.</summary>
        private void SweepCrumbs(int[] faceOf)
        {
            var root = Enumerable.Range(0, faceOf.Length).ToArray();
            foreach (var (a, b) in between.Keys.Where(pair => faceOf[pair.Item1] == faceOf[pair.Item2])) root[Find(a)] = Find(b);
            var groups = Enumerable.Range(0, faceOf.Length).Where(piece => faceOf[piece] != Arrangement.Nobody).GroupBy(Find)
                .Select(group => (Pieces: group.ToList(), Size: scale.SquareMetres(group.Aggregate((Int128)0, (sum, piece) => sum + arrangement.Pieces[piece].DoubleArea))))
                .OrderBy(group => group.Size).ToList();
            foreach (var (pieces, size) in groups)
            {
                if (size >= limits.CrumbSquareMetres) break;
                var face = faceOf[pieces[0]];
                // The only group of its grid stays, however small.
                if (!groups.Any(other => other.Size > size && faceOf[other.Pieces[0]] == face)) continue;
                var metres = new SortedDictionary<int, double>();
                foreach (var ((a, b), length) in between)
                {
                    var other = pieces.Contains(a) ? b : pieces.Contains(b) ? a : -1;
                    if (other < 0 || faceOf[other] == Arrangement.Nobody || faceOf[other] == face) continue;
                    metres[faceOf[other]] = metres.GetValueOrDefault(faceOf[other]) + length;
                }

                if (metres.Count == 0) continue;
                var to = metres.MaxBy(pair => pair.Value).Key;
                foreach (var piece in pieces) faceOf[piece] = to;
            }

            int Find(int piece)
            {
                while (root[piece] != piece) piece = root[piece] = root[root[piece]];
                return piece;
            }
        }

        /// <summary>To the lattice, and to vertices of borders that are near; equal neighbours become one.</summary>
        private GridEditResult? Snapped(CoordinateSequence sequence, out List<GridVertex> run)
        {
            run = [];
            if ((drawnVertices += sequence.Count) > limits.MaxVertices) return TooMany(drawnVertices, limits);
            if (Positions(sequence.ToCoordinateArray(), box) is { } nowhere) return nowhere;
            if (cells.Count == 0) Index();
            for (var i = 0; i < sequence.Count; i++)
            {
                var vertex = GridVertex.Nearest(sequence.GetX(i), sequence.GetY(i));
                var (near, distance) = (vertex, limits.SnapMetres);
                foreach (var border in Around(vertex))
                {
                    foreach (var end in (GridVertex[])[border.A, border.B])
                    {
                        var away = scale.Metres(end, vertex);
                        if (away > distance || (away == distance && end > near)) continue;
                        (near, distance) = (end, away);
                    }
                }

                if (run.Count == 0 || run[^1] != near) run.Add(near);
            }

            return null;
        }

        /// <summary>A place just beyond the border that a line's end all but reaches; null when it ends on a vertex or far from any.</summary>
        private GridVertex? Reach(GridVertex from, GridVertex end)
        {
            var (nearest, distance, along) = (default(NodedSegment), limits.SnapMetres, 0.0);
            foreach (var border in Around(end))
            {
                if (border.A == end || border.B == end) return null;
                var (metres, t) = scale.ToSegment(end, border.A, border.B);
                if (metres <= distance) (nearest, distance, along) = (border, metres, t);
            }

            if (nearest is null) return null;
            double footX = nearest.A.X + along * ((double)nearest.B.X - nearest.A.X), footY = nearest.A.Y + along * ((double)nearest.B.Y - nearest.A.Y);
            double dx = footX - end.X, dy = footY - end.Y, length = double.Hypot(dx, dy);
            if (length < 2)
            {
                // On the border but for rounding: go on the way the line came.
                (dx, dy) = ((double)end.X - from.X, (double)end.Y - from.Y);
                length = double.Hypot(dx, dy);
                return new((int)Math.Round(end.X + dx / length * 8), (int)Math.Round(end.Y + dy / length * 8));
            }

            return new((int)Math.Round(footX + dx / length * 4), (int)Math.Round(footY + dy / length * 4));
        }

        private void Index()
        {
            for (var i = 0; i < borders.Count; i++)
            {
                foreach (var key in Cells(borders[i].A, borders[i].B, 0))
                {
                    if (!cells.TryGetValue(key, out var list)) cells.Add(key, list = []);
                    list.Add(i);
                }
            }
        }

        private IEnumerable<NodedSegment> Around(GridVertex vertex)
            => Cells(vertex, vertex, (int)(limits.SnapMetres / Math.Min(scale.MetresX, scale.MetresY)) + 1)
                .SelectMany(key => cells.GetValueOrDefault(key) ?? []).Distinct().Select(i => borders[i]);

        private IEnumerable<(int, int)> Cells(GridVertex a, GridVertex b, int margin)
        {
            int fromX = (int)Math.Floor(((double)Math.Min(a.X, b.X) - margin) / cell), toX = (int)Math.Floor(((double)Math.Max(a.X, b.X) + margin) / cell);
            int fromY = (int)Math.Floor(((double)Math.Min(a.Y, b.Y) - margin) / cell), toY = (int)Math.Floor(((double)Math.Max(a.Y, b.Y) + margin) / cell);
            for (var x = fromX; x <= toX; x++)
            {
                for (var y = fromY; y <= toY; y++) yield return (x, y);
            }
        }
    }
}
