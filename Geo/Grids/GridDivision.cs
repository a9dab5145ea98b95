using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>A street, river or railway along which grids may end.</summary>
public readonly record struct DividingLine(LineString Line, BorderKind Kind);

/// <summary>A building or compound: it goes to one grid whole, with whoever lives there.</summary>
/// <param name="Outline">A polygon or multipolygon.</param>
/// <param name="Households">From 0; those of a compound are counted with its buildings.</param>
/// <param name="Residents">From 0.</param>
/// <param name="Load">Incidents of twelve months.</param>
public readonly record struct DivisionThing(Geometry Outline, double Households, double Residents, double Load);

/// <summary>A proposal for one area, as it can be made an edit.</summary>
/// <param name="Score">How good it is.</param>
/// <param name="Edit">What applying it would do.</param>
public sealed record DivisionProposal(DelineationScore Score, GridEditResult Edit);

public static partial class GridEdit
{
    /// <summary>Proposes to divide the grids of one area anew along streets, water and rails, best first; nothing is changed.</summary>
    /// <remarks>
    /// Streets and today's borders cut the area to blocks; blocks that a building or compound ties together are handed out as one; <see cref="GridDelineation"/> decides.
    /// A street that reaches the area's border where that has no vertex near is not used.
    /// </remarks>
    /// <param name="partition">Grids; as it was afterwards.</param>
    /// <param name="faces">All grids of one area.</param>
    /// <param name="lines">Where grids may end.</param>
    /// <param name="things">What may not be cut, and who lives there.</param>
    /// <param name="target">What is wanted.</param>
    /// <param name="reason">Why there is none; null when there is.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancellation">Looked at often.</param>
    public static IReadOnlyList<DivisionProposal> Divisions(
        ArcPartition partition, IReadOnlyList<int> faces, IReadOnlyList<DividingLine> lines, IReadOnlyList<DivisionThing> things, DelineationTarget target,
        out GridEditResult? reason, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        reason = Missing(partition, faces);
        if (reason is not null) return [];
        var work = new Rework(partition, faces, GridEditLimits.Default with { MaxVertices = 500_000, MinSquareMetres = 0 });
        if (lines.Count > 0) reason = work.AddLines([.. lines.Select(line => line.Line)], i => (int)lines[i].Kind);
        reason ??= work.Cut(dropUnreachable: true);
        if (reason is not null) return [];

        var owners = work.Owners();
        var atomOf = Atoms(work, owners, things, out var count);
        var blocks = Blocks(work, owners, atomOf, count, things);
        var borders = new List<DelineationBorder>();
        foreach (var ((a, b, tag), metres) in work.Arrangement.TaggedBorders(work.Scale))
        {
            if (atomOf[a] < 0 || atomOf[b] < 0 || atomOf[a] == atomOf[b]) continue;
            borders.Add(new(atomOf[a], atomOf[b], metres, (BorderKind)tag));
        }

        borders.Sort((x, y) => x.A != y.A ? x.A.CompareTo(y.A) : x.B != y.B ? x.B.CompareTo(y.B) : x.Street.CompareTo(y.Street));
        var proposals = new List<DivisionProposal>();
        foreach (var proposal in GridDelineation.Propose(blocks, borders, target, progress, cancellation))
        {
            var (faceOf, free) = Numbered(partition, owners, atomOf, proposal.GridOfBlock);
            var edit = work.Finish(faceOf, free);
            if (edit.IsDone) partition.Apply(edit.Change.Inverse());
            proposals.Add(new(proposal.Score, edit));
        }

        return proposals;
    }

    /// <summary>Pieces that a thing ties together, by piece; −1 outside.</summary>
    private static int[] Atoms(Rework work, int[] owners, IReadOnlyList<DivisionThing> things, out int count)
    {
        var root = Enumerable.Range(0, owners.Length).ToArray();
        var boxes = work.Arrangement.Boxes();
        foreach (var thing in things)
        {
            var first = -1;
            foreach (var place in Places(thing.Outline))
            {
                var piece = work.Arrangement.Locate(place, boxes);
                if (piece == 0 || owners[piece] == Arrangement.Nobody) continue;
                if (first < 0) first = Find(piece);
                else root[Find(piece)] = first = Find(first);
            }
        }

        var names = new Dictionary<int, int>();
        var atoms = new int[owners.Length];
        for (var piece = 0; piece < atoms.Length; piece++)
        {
            if (owners[piece] == Arrangement.Nobody) atoms[piece] = -1;
            else if (names.TryGetValue(Find(piece), out var known)) atoms[piece] = known;
            else names.Add(Find(piece), atoms[piece] = names.Count);
        }

        count = names.Count;
        return atoms;

        int Find(int piece)
        {
            while (root[piece] != piece) piece = root[piece] = root[root[piece]];
            return piece;
        }
    }

    /// <summary>The middle of a thing, and places along its outline drawn in by a twentieth, so that a wall on a border ties nothing.</summary>
    private static IEnumerable<GridVertex> Places(Geometry outline)
    {
        if (outline.IsEmpty) yield break;
        var middle = outline.InteriorPoint.Coordinate;
        yield return GridVertex.Nearest(middle.X, middle.Y);
        var corners = outline.Coordinates;
        for (var i = 1; i < corners.Length; i++)
        {
            for (var quarter = 0; quarter < 4; quarter++)
            {
                double t = quarter / 4.0, x = corners[i - 1].X + t * (corners[i].X - corners[i - 1].X), y = corners[i - 1].Y + t * (corners[i].Y - corners[i - 1].Y);
                yield return GridVertex.Nearest(x + (middle.X - x) * 0.05, y + (middle.Y - y) * 0.05);
            }
        }
    }

    private static DelineationBlock[] Blocks(Rework work, int[] owners, int[] atomOf, int count, IReadOnlyList<DivisionThing> things)
    {
        var (households, residents, load) = (new double[count], new double[count], new double[count]);
        var (area, perimeter) = (new double[count], new double[count]);
        var share = new Dictionary<(int Atom, int Face), double>();
        var boxes = work.Arrangement.Boxes();
        foreach (var thing in things)
        {
            if (thing.Outline.IsEmpty) continue;
            var middle = thing.Outline.InteriorPoint.Coordinate;
            var piece = work.Arrangement.Locate(GridVertex.Nearest(middle.X, middle.Y), boxes);
            if (atomOf[piece] is not (>= 0 and var atom)) continue;
            households[atom] += thing.Households;
            residents[atom] += thing.Residents;
            load[atom] += thing.Load;
            share[(atom, owners[piece])] = share.GetValueOrDefault((atom, owners[piece])) + thing.Households;
        }

        for (var piece = 0; piece < owners.Length; piece++)
        {
            if (atomOf[piece] is not (>= 0 and var atom)) continue;
            var size = work.Scale.SquareMetres(work.Arrangement.Pieces[piece].DoubleArea);
            area[atom] += size;
            share[(atom, owners[piece])] = share.GetValueOrDefault((atom, owners[piece])) + size * 1e-6;
        }

        foreach (var ((a, b), metres) in work.Arrangement.Borders(work.Scale))
        {
            if (atomOf[a] == atomOf[b]) continue;
            if (atomOf[a] >= 0) perimeter[atomOf[a]] += metres;
            if (atomOf[b] >= 0) perimeter[atomOf[b]] += metres;
        }

        return [.. Enumerable.Range(0, count).Select(atom => new DelineationBlock(households[atom], residents[atom], load[atom], area[atom], perimeter[atom],
            share.Where(pair => pair.Key.Atom == atom).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Face).First().Key.Face))];
    }

    /// <summary>Grids that go on keep their number, new ones get the next free ones.</summary>
    private static (int[] FaceOf, int Free) Numbered(ArcPartition partition, int[] owners, int[] atomOf, int[] gridOfBlock)
    {
        var free = partition.FreeFace;
        var names = new Dictionary<int, int>();
        var faceOf = (int[])owners.Clone();
        for (var piece = 0; piece < faceOf.Length; piece++)
        {
            if (atomOf[piece] < 0) continue;
            var grid = gridOfBlock[atomOf[piece]];
            if (!names.TryGetValue(grid, out var name)) names.Add(grid, name = partition.Has(grid) ? grid : free++);
            faceOf[piece] = name;
        }

        return (faceOf, free);
    }
}
