using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Union;

namespace GridMap.Geo.Grids;

/// <summary>One block that would better belong to the grid beside it.</summary>
/// <param name="Block">A polygon, or several that a building or compound ties together: what an edit that transfers it takes.</param>
/// <param name="From">Its grid.</param>
/// <param name="To">The neighbour.</param>
/// <param name="Move">By how much the score falls, and the sizes of both grids before and after.</param>
public sealed record BlockMove(Geometry Block, int From, int To, DelineationMove Move);

/// <summary>The land between streets, water and paths that grids are made of; no building and no kept compound reaches out of it.</summary>
/// <param name="Outline">A polygon, or several that a building or compound ties together.</param>
/// <param name="Block">What it holds, and as <see cref="DelineationBlock.Current"/> the grid that most of it belongs to.</param>
public sealed record GridBlock(Geometry Outline, DelineationBlock Block);

public static partial class GridEdit
{
    /// <summary>The blocks of an area with their outlines; nothing is changed. They tile the area's grids.</summary>
    /// <param name="partition">Grids; as it was afterwards.</param>
    /// <param name="faces">All grids of one area.</param>
    /// <param name="lines">Where grids may end.</param>
    /// <param name="things">What may not be cut, and who lives there.</param>
    /// <param name="target">Only blocks that hold more than its most are divided along paths.</param>
    /// <param name="reason">Why there are none; null when there are.</param>
    public static IReadOnlyList<GridBlock> BlockOutlines(
        ArcPartition partition, IReadOnlyList<int> faces, IReadOnlyList<DividingLine> lines, IReadOnlyList<DivisionThing> things, DelineationTarget target, out GridEditResult? reason)
    {
        reason = Missing(partition, faces);
        return reason is null ? new Division(partition, faces, lines, things, target).Outlines(out reason) : [];
    }

    /// <summary>The single blocks that help most when they go to the grid beside them, best first: each by itself, not one after another. Nothing is changed.</summary>
    /// <param name="partition">Grids.</param>
    /// <param name="faces">All grids of one area.</param>
    /// <param name="lines">Where grids may end.</param>
    /// <param name="things">What may not be cut, and who lives there.</param>
    /// <param name="target">What is wanted.</param>
    /// <param name="reason">Why there is none; null when there is.</param>
    /// <param name="limit">Most moves.</param>
    /// <param name="cancellation">Looked at often.</param>
    public static IReadOnlyList<BlockMove> Improvements(
        ArcPartition partition, IReadOnlyList<int> faces, IReadOnlyList<DividingLine> lines, IReadOnlyList<DivisionThing> things, DelineationTarget target,
        out GridEditResult? reason, int limit = 20, CancellationToken cancellation = default)
    {
        reason = Missing(partition, faces);
        return reason is null ? new Division(partition, faces, lines, things, target).Improve(limit, out reason, cancellation) : [];
    }

    private sealed partial class Division
    {
        public IReadOnlyList<BlockMove> Improve(int limit, out GridEditResult? reason, CancellationToken cancellation)
        {
            if (Laid(target.Most, out reason) is not { } laid) return [];
            return [.. GridDelineation.Improve(laid.Blocks, laid.Borders, target, limit, cancellation).Select(move => new BlockMove(Outline(laid, move.Block), move.From, move.To, move))];
        }

        public IReadOnlyList<GridBlock> Outlines(out GridEditResult? reason) =>
            Laid(target.Most, out reason) is { } laid ? [.. laid.Blocks.Select((block, atom) => new GridBlock(Outline(laid, atom), block))] : [];

        private static Geometry Outline(Layout laid, int atom)
        {
            var pieces = Enumerable.Range(0, laid.AtomOf.Length).Where(piece => laid.AtomOf[piece] == atom).Select(piece =>
            {
                var rings = laid.Work.Arrangement.RingsOf(piece);
                return (Geometry)Factory.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]);
            }).ToArray();
            return pieces.Length == 1 ? pieces[0] : UnaryUnionOp.Union(pieces);

            static LinearRing Ring(GridVertex[] ring) => Factory.CreateLinearRing(Array.ConvertAll(ring, vertex => vertex.ToCoordinate()));
        }
    }
}
