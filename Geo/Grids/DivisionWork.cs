using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

public static partial class GridEdit
{
    /// <summary>One area on its way into proposals: cut to pieces, pieces tied to blocks, blocks handed out.</summary>
    private sealed partial class Division
    {
        private const double PathStepMetres = 15;

        private static readonly GeometryFactory Factory = new();

        private readonly ArcPartition partition;
        private readonly IReadOnlyList<int> faces;
        private readonly DividingLine[] streets;
        private readonly DividingLine[] paths;
        private readonly IReadOnlyList<DivisionThing> things;
        private readonly DelineationTarget target;
        private readonly GridVertex[] middles;
        private readonly bool[] divided; // and water: they tie nothing
        private readonly Body[] waters;

        public Division(ArcPartition partition, IReadOnlyList<int> faces, IReadOnlyList<DividingLine> lines, IReadOnlyList<DivisionThing> things, DelineationTarget target)
        {
            (this.partition, this.faces, this.things, this.target) = (partition, faces, things, target);
            waters = [.. things.Where(thing => thing.Water && !thing.Outline.IsEmpty).Select(thing => new Body(thing.Outline, thing.Outline.EnvelopeInternal, new IndexedPointInAreaLocator(thing.Outline)))];
            streets = [.. lines.Where(line => line.Kind is not BorderKind.Path), .. things.Where(thing => thing.Water).SelectMany(Banks)];
            paths = [.. lines.Where(line => line.Kind is BorderKind.Path)];
            middles = [.. things.Select(thing => thing.Outline.IsEmpty ? default : GridVertex.Nearest(thing.Outline.InteriorPoint.X, thing.Outline.InteriorPoint.Y))];
            divided = TooLarge();
        }

        /// <summary>Whatever leaves all grids in the band is taken; finer blocks, and then more tries, only where that fails.</summary>
        /// <param name="reason">Why there is none; null when there is.</param>
        /// <param name="progress">Told the share done.</param>
        /// <param name="cancellation">Looked at often.</param>
        public List<DivisionProposal> Propose(out GridEditResult? reason, IProgress<double>? progress, CancellationToken cancellation)
        {
            double[] largest = [target.Most, target.Least * FinerShare, target.Least * FinestShare];
            List<DivisionProposal> best = [];
            GridEditResult? trouble = null;
            for (var i = 0; i < largest.Length; i++)
            {
                if (Laid(largest[i], out trouble) is not { } laid) break;
                var last = i == largest.Length - 1;
                // The finest blocks are many: whether they fit at all is found out first.
                var fit = last ? GridDelineation.Fit(laid.Blocks, laid.Borders, target, out laid.Impossible, cancellation) : null;
                List<DelineationProposal> found = fit is not null ? [fit] : [.. GridDelineation.Propose(laid.Blocks, laid.Borders, target with { Proposals = last ? MostTries : target.Proposals }, Part(i), cancellation)];
                if (!last && found[0].Score.ShareInBand < 1 && GridDelineation.Fit(laid.Blocks, laid.Borders, target, out laid.Impossible, cancellation) is { } whole) found.Insert(0, whole);
                if (best.Count == 0 || found[0].Score.OutOfBand < best[0].Score.OutOfBand) best = [.. found.Take(target.Proposals).Select(proposal => Edit(laid, proposal))];
                if (last && laid.Impossible) best = [.. best.Select(proposal => proposal with { Outside = [.. proposal.Outside.Select(Proven)] })];
                if (best[0].Score.ShareInBand >= 1) break;
            }

            reason = best.Count == 0 ? trouble : null;
            progress?.Report(1);
            return best;

            Progress? Part(int i) => progress is null ? null : new Progress(share => progress.Report((i + share) / largest.Length));
        }

        public (IReadOnlyList<DelineationBlock> Blocks, IReadOnlyList<DelineationBorder> Borders) Blocks(out GridEditResult? reason) => Laid(target.Most, out reason) is { } laid ? (laid.Blocks, laid.Borders) : ([], []);

        private static OutOfBand Proven(OutOfBand outside) => outside.Reason == OutOfBandReasons.NoneFound ? outside with { Reason = OutOfBandReasons.BlocksDoNotFit } : outside;

        private DivisionProposal Edit(Layout laid, DelineationProposal proposal)
        {
            var (faceOf, free) = Numbered(laid, proposal.GridOfBlock);
            var edit = laid.Work.Finish(faceOf, free);
            if (edit.IsDone) partition.Apply(edit.Change.Inverse());
            return new(proposal.Score, edit, Outside(laid, proposal.GridOfBlock), Divided(laid, proposal.GridOfBlock));
        }

        /// <summary>The area cut up: pieces, the blocks they are tied to, and what lies between blocks.</summary>
        private sealed record Layout(Rework Work, int[] Owners, int[] AtomOf, DelineationBlock[] Blocks, GridVertex[] Places, List<DelineationBorder> Borders)
        {
            /// <summary>Every way was tried: the blocks cannot be handed out to grids in the band.</summary>
            public bool Impossible;
        }

        private Layout? Laid(double largest, out GridEditResult? reason)
        {
            var lines = new List<DividingLine>(streets);
            var work = Cut(lines, out reason);
            if (work is null) return null;
            if (Paths(work, largest) is { Count: > 0 } within)
            {
                work = Finer(work, lines, within);
                work = Finer(work, lines, LedOn(work, within, lines));
            }

            work = Finer(work, lines, Gaps(work, largest));
            var (owners, atomOf, atoms) = Atoms(work);
            var (blocks, places) = Blocks(work, owners, atomOf, atoms);
            var borders = new List<DelineationBorder>();
            HashSet<int> wet = waters.Length > 0 ? Wet(work, owners) : [];
            foreach (var ((a, b, tag), metres) in work.Arrangement.TaggedBorders(work.Scale))
            {
                if (atomOf[a] < 0 || atomOf[b] < 0 || atomOf[a] == atomOf[b]) continue;
                borders.Add(new(atomOf[a], atomOf[b], metres, wet.Contains(a) || wet.Contains(b) ? BorderKind.Water : (BorderKind)tag));
            }

            AddBridges(work, wet, owners, atomOf, borders);
            AddIslands(blocks, borders);
            borders.Sort((x, y) => x.A != y.A ? x.A.CompareTo(y.A) : x.B != y.B ? x.B.CompareTo(y.B) : x.Street.CompareTo(y.Street));
            return new(work, owners, atomOf, blocks, places, borders);
        }

        /// <summary>With more lines; as it was where they cannot be worked out.</summary>
        private Rework Finer(Rework work, List<DividingLine> lines, List<DividingLine> more)
        {
            if (more.Count == 0) return work;
            lines.AddRange(more);
            if (Cut(lines, out _) is { } finer) return finer;
            lines.RemoveRange(lines.Count - more.Count, more.Count);
            return work;
        }

        private Rework? Cut(List<DividingLine> lines, out GridEditResult? reason)
        {
            var work = new Rework(partition, faces, GridEditLimits.Default with { MaxVertices = 500_000, MinSquareMetres = 0 });
            reason = lines.Count > 0 ? work.AddLines([.. lines.Select(line => line.Line)], i => (int)lines[i].Kind, skipShort: true) : null;
            reason ??= work.Cut(dropUnreachable: true);
            return reason is null ? work : null;
        }

        private double SizeOf(DivisionThing thing) => target.SizeOf(new(thing.Households, thing.Residents, thing.Load, 0, 0));

        /// <summary>Compounds that hold more than one grid may: they tie nothing.</summary>
        private bool[] TooLarge()
        {
            var large = new bool[things.Count];
            for (var i = 0; i < large.Length; i++)
            {
                large[i] = things[i].Water;
                if (!things[i].Divisible || things[i].Outline.IsEmpty) continue;
                var box = things[i].Outline.EnvelopeInternal;
                var locator = new IndexedPointInAreaLocator(things[i].Outline);
                double holds = 0;
                for (var j = 0; j < large.Length; j++)
                {
                    if (things[j].Divisible || things[j].Water || things[j].Outline.IsEmpty) continue;
                    var at = middles[j].ToCoordinate();
                    if (box.Contains(at) && locator.Locate(at) != Location.Exterior) holds += SizeOf(things[j]);
                }

                large[i] = holds > target.Most;
            }

            return large;
        }

        /// <summary>Blocks that hold more, by piece.</summary>
        private HashSet<int> Large(Rework work, double largest)
        {
            var (_, atomOf, count) = Atoms(work);
            var size = new double[count];
            var boxes = work.Arrangement.Boxes();
            for (var i = 0; i < things.Count; i++)
            {
                if (!things[i].Outline.IsEmpty && atomOf[work.Arrangement.Locate(middles[i], boxes)] is >= 0 and var atom) size[atom] += SizeOf(things[i]);
            }

            return [.. Enumerable.Range(0, atomOf.Length).Where(piece => atomOf[piece] >= 0 && size[atomOf[piece]] > largest)];
        }

        /// <summary>Paths that pass through blocks that hold more.</summary>
        private List<DividingLine> Paths(Rework work, double largest)
        {
            if (paths.Length == 0 || Large(work, largest) is not { Count: > 0 } large) return [];
            var boxes = work.Arrangement.Boxes();
            return [.. paths.Where(path => Along(path.Line).Any(at => large.Contains(work.Arrangement.Locate(at, boxes))))];

            IEnumerable<GridVertex> Along(LineString line)
            {
                for (var i = 1; i < line.NumPoints; i++)
                {
                    Coordinate a = line.GetCoordinateN(i - 1), b = line.GetCoordinateN(i);
                    var steps = 1 + (int)Math.Min(1_000, work.Scale.Metres(GridVertex.Nearest(a.X, a.Y), GridVertex.Nearest(b.X, b.Y)) / PathStepMetres);
                    for (var step = 0; step < steps; step++) yield return GridVertex.Nearest(a.X + (step + 0.5) / steps * (b.X - a.X), a.Y + (step + 0.5) / steps * (b.Y - a.Y));
                }
            }
        }

        /// <summary>Paths that end inside blocks, led on to the next border.</summary>
        private List<DividingLine> LedOn(Rework work, List<DividingLine> within, List<DividingLine> lines)
        {
            var met = new Dictionary<GridVertex, int>();
            foreach (var vertex in lines.SelectMany(line => line.Line.Coordinates.Select(at => GridVertex.Nearest(at.X, at.Y)).Distinct())) met[vertex] = met.GetValueOrDefault(vertex) + 1;
            var boxes = work.Arrangement.Boxes();
            var ends = new List<(int Piece, Coordinate Before, Coordinate End)>();
            foreach (var path in within.Select(path => path.Line.Coordinates))
            {
                foreach (var (before, end) in ((Coordinate, Coordinate)[])[(path[1], path[0]), (path[^2], path[^1])])
                {
                    var at = GridVertex.Nearest(end.X, end.Y);
                    if (met[at] == 1 && work.Arrangement.Locate(at, boxes) is > 0 and var piece) ends.Add((piece, Metres(work, GridVertex.Nearest(before.X, before.Y)), Metres(work, at)));
                }
            }

            var inside = Inside(work, ends.Select(end => end.Piece).ToHashSet());
            var (led, isFixed) = (new List<DividingLine>(), Fixed(work));
            foreach (var piece in ends.GroupBy(end => end.Piece).OrderBy(piece => piece.Key))
            {
                Coordinate[][] rings = [.. work.Arrangement.RingsOf(piece.Key).Select(ring => Array.ConvertAll(ring, vertex => Metres(work, vertex)))];
                foreach (var (_, before, end) in piece)
                {
                    if (PathEnds.Reach(before, end, rings, inside.GetValueOrDefault(piece.Key) ?? [], isFixed) is { } reached) led.Add(new(Factory.CreateLineString([Degrees(work, end), Degrees(work, reached)]), BorderKind.Gap));
                }
            }

            return led;
        }

        /// <summary>Lines between the buildings of blocks that hold more.</summary>
        private List<DividingLine> Gaps(Rework work, double largest)
        {
            if (Large(work, largest) is not { Count: > 0 } large) return [];
            var (gaps, isFixed) = (new List<DividingLine>(), Fixed(work));
            foreach (var (piece, list) in Inside(work, large).OrderBy(pair => pair.Key))
            {
                var rings = work.Arrangement.RingsOf(piece);
                var block = Factory.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]);
                // A street that ends inside a block runs along it twice.
                if (!block.IsValid) continue;
                foreach (var (a, b) in BlockCuts.Of(block, list, isFixed, Math.Min(largest, target.Least * FinerShare))) gaps.Add(new(Factory.CreateLineString([Degrees(work, a), Degrees(work, b)]), BorderKind.Gap));
            }

            return gaps;

            LinearRing Ring(GridVertex[] ring) => Factory.CreateLinearRing(Array.ConvertAll(ring, vertex => Metres(work, vertex)));
        }

        /// <summary>What stays whole, by the piece that its middle lies in.</summary>
        private Dictionary<int, List<BlockCuts.Thing>> Inside(Rework work, HashSet<int> pieces)
        {
            var (boxes, inside) = (work.Arrangement.Boxes(), new Dictionary<int, List<BlockCuts.Thing>>());
            for (var i = 0; i < things.Count; i++)
            {
                if (divided[i] || things[i].Outline.IsEmpty || work.Arrangement.Locate(middles[i], boxes) is var piece && !pieces.Contains(piece)) continue;
                if (!inside.TryGetValue(piece, out var list)) inside.Add(piece, list = []);
                list.Add(BlockCuts.Thing.Of(Array.ConvertAll(things[i].Outline.Coordinates, at => Metres(work, GridVertex.Nearest(at.X, at.Y))), Metres(work, middles[i]), SizeOf(things[i])));
            }

            return inside;
        }

        private static Func<Coordinate, Coordinate, bool> Fixed(Rework work)
        {
            var still = work.FixedBorders();
            return (a, b) =>
            {
                GridVertex from = Vertex(work, a), to = Vertex(work, b);
                return still.Contains(from < to ? (from, to) : (to, from));
            };
        }

        private static Coordinate Metres(Rework work, GridVertex at) => new(at.X * work.Scale.MetresX, at.Y * work.Scale.MetresY);

        private static GridVertex Vertex(Rework work, Coordinate at) => new((int)Math.Round(at.X / work.Scale.MetresX), (int)Math.Round(at.Y / work.Scale.MetresY));

        private static Coordinate Degrees(Rework work, Coordinate at) => Vertex(work, at).ToCoordinate();
    }
}
