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
        private readonly bool[] divided;

        public Division(ArcPartition partition, IReadOnlyList<int> faces, IReadOnlyList<DividingLine> lines, IReadOnlyList<DivisionThing> things, DelineationTarget target)
        {
            (this.partition, this.faces, this.things, this.target) = (partition, faces, things, target);
            streets = [.. lines.Where(line => line.Kind is not BorderKind.Path)];
            paths = [.. lines.Where(line => line.Kind is BorderKind.Path)];
            middles = [.. things.Select(thing => thing.Outline.IsEmpty ? default : GridVertex.Nearest(thing.Outline.InteriorPoint.X, thing.Outline.InteriorPoint.Y))];
            divided = TooLarge();
        }

        /// <param name="largest">Blocks that hold more are cut.</param>
        /// <param name="count">How many proposals.</param>
        /// <param name="reason">Why there is none; null when there is.</param>
        /// <param name="progress">Told the share done.</param>
        /// <param name="cancellation">Looked at often.</param>
        public List<DivisionProposal> Propose(double largest, int count, out GridEditResult? reason, IProgress<double>? progress, CancellationToken cancellation)
        {
            if (Laid(largest, out reason) is not { } laid) return [];
            var proposals = new List<DivisionProposal>();
            foreach (var proposal in GridDelineation.Propose(laid.Blocks, laid.Borders, target with { Proposals = count }, progress, cancellation))
            {
                var (faceOf, free) = Numbered(laid, proposal.GridOfBlock);
                var edit = laid.Work.Finish(faceOf, free);
                if (edit.IsDone) partition.Apply(edit.Change.Inverse());
                proposals.Add(new(proposal.Score, edit, Outside(laid, proposal.GridOfBlock), Divided(laid, proposal.GridOfBlock)));
            }

            return proposals;
        }

        /// <summary>The area cut up: pieces, the blocks they are tied to, and what lies between blocks.</summary>
        private sealed record Layout(Rework Work, int[] Owners, int[] AtomOf, DelineationBlock[] Blocks, GridVertex[] Places, List<DelineationBorder> Borders);

        private Layout? Laid(double largest, out GridEditResult? reason)
        {
            var lines = new List<DividingLine>(streets);
            var work = Cut(lines, out reason);
            if (work is null) return null;
            if (Paths(work, largest) is { Count: > 0 } within)
            {
                lines.AddRange(within);
                work = Cut(lines, out reason) ?? work;
            }

            if (Gaps(work, largest) is { Count: > 0 } between)
            {
                lines.AddRange(between);
                work = Cut(lines, out reason) ?? work;
            }

            if (reason is not null) return null;
            var (owners, atomOf, atoms) = Atoms(work);
            var (blocks, places) = Blocks(work, owners, atomOf, atoms);
            var borders = new List<DelineationBorder>();
            foreach (var ((a, b, tag), metres) in work.Arrangement.TaggedBorders(work.Scale))
            {
                if (atomOf[a] < 0 || atomOf[b] < 0 || atomOf[a] == atomOf[b]) continue;
                borders.Add(new(atomOf[a], atomOf[b], metres, (BorderKind)tag));
            }

            borders.Sort((x, y) => x.A != y.A ? x.A.CompareTo(y.A) : x.B != y.B ? x.B.CompareTo(y.B) : x.Street.CompareTo(y.Street));
            return new(work, owners, atomOf, blocks, places, borders);
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
                if (!things[i].Divisible || things[i].Outline.IsEmpty) continue;
                var box = things[i].Outline.EnvelopeInternal;
                var locator = new IndexedPointInAreaLocator(things[i].Outline);
                double holds = 0;
                for (var j = 0; j < large.Length; j++)
                {
                    if (things[j].Divisible || things[j].Outline.IsEmpty) continue;
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

        /// <summary>Lines between the buildings of blocks that hold more.</summary>
        private List<DividingLine> Gaps(Rework work, double largest)
        {
            if (Large(work, largest) is not { Count: > 0 } large) return [];
            var boxes = work.Arrangement.Boxes();
            var inside = new Dictionary<int, List<BlockCuts.Thing>>();
            for (var i = 0; i < things.Count; i++)
            {
                if (divided[i] || things[i].Outline.IsEmpty || work.Arrangement.Locate(middles[i], boxes) is var piece && !large.Contains(piece)) continue;
                if (!inside.TryGetValue(piece, out var list)) inside.Add(piece, list = []);
                list.Add(BlockCuts.Thing.Of(Array.ConvertAll(things[i].Outline.Coordinates, at => Metres(GridVertex.Nearest(at.X, at.Y))), Metres(middles[i]), SizeOf(things[i])));
            }

            var gaps = new List<DividingLine>();
            var still = work.FixedBorders();
            foreach (var (piece, list) in inside.OrderBy(pair => pair.Key))
            {
                var rings = work.Arrangement.RingsOf(piece);
                var block = Factory.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]);
                // A street that ends inside a block runs along it twice.
                if (!block.IsValid) continue;
                foreach (var (a, b) in BlockCuts.Of(block, list, IsFixed, Math.Min(largest, target.Least * FinerShare))) gaps.Add(new(Factory.CreateLineString([Degrees(a), Degrees(b)]), BorderKind.Gap));

                LinearRing Ring(GridVertex[] ring) => Factory.CreateLinearRing(Array.ConvertAll(ring, Metres));
            }

            return gaps;

            bool IsFixed(Coordinate a, Coordinate b)
            {
                GridVertex from = Vertex(a), to = Vertex(b);
                return still.Contains(from < to ? (from, to) : (to, from));
            }

            Coordinate Metres(GridVertex at) => new(at.X * work.Scale.MetresX, at.Y * work.Scale.MetresY);
            GridVertex Vertex(Coordinate at) => new((int)Math.Round(at.X / work.Scale.MetresX), (int)Math.Round(at.Y / work.Scale.MetresY));
            Coordinate Degrees(Coordinate at) => Vertex(at).ToCoordinate();
        }
    }
}
