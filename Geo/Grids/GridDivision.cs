using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>A street, river or railway along which grids may end.</summary>
public readonly record struct DividingLine(LineString Line, BorderKind Kind);

/// <summary>A building or compound: it goes to one grid whole, with whoever lives there. Or water, whose banks are borders.</summary>
/// <param name="Outline">A polygon or multipolygon.</param>
/// <param name="Households">From 0; those of a compound are counted with its buildings.</param>
/// <param name="Residents">From 0.</param>
/// <param name="Load">Incidents of twelve months.</param>
/// <param name="Divisible">A compound: divided between its buildings when it holds more than one grid may.</param>
/// <param name="Water">A river, canal or lake: grids may end on its banks, and pass it only where a street or path leads over it.</param>
public readonly record struct DivisionThing(Geometry Outline, double Households, double Residents, double Load, bool Divisible = false, bool Water = false);

/// <summary>A proposal for one area, as it can be made an edit.</summary>
/// <param name="Score">How good it is.</param>
/// <param name="Edit">What applying it would do.</param>
/// <param name="Outside">Grids outside the band, and why, the farthest first.</param>
/// <param name="Divided">Compounds that hold more than one grid may and end up in several.</param>
public sealed record DivisionProposal(DelineationScore Score, GridEditResult Edit, IReadOnlyList<OutOfBand> Outside, int Divided);

/// <summary>Why a proposed grid lies outside the band.</summary>
/// <param name="Size">In the measure of the band.</param>
/// <param name="Reason">One of <see cref="OutOfBandReasons"/>.</param>
/// <param name="Place">In the grid.</param>
public readonly record struct OutOfBand(double Size, string Reason, GridVertex Place);

public static class OutOfBandReasons
{
    /// <summary>A single building, a compound that is to stay whole, or a block without a free line holds more than one grid may.</summary>
    public const string BlockTooLarge = "grid.block-too-large";

    /// <summary>The area as a whole does not divide into grids of the band.</summary>
    public const string AreaDoesNotDivide = "grid.area-does-not-divide";

    /// <summary>Every way to hand out the area's blocks was tried: none leaves all grids in the band without cutting a building or a compound that fits one grid.</summary>
    public const string BlocksDoNotFit = "grid.blocks-do-not-fit";

    /// <summary>No way was found, and there are too many to try them all.</summary>
    public const string NoneFound = "grid.no-division-found";
}

public static partial class GridEdit
{
    /// <summary>Proposes to divide the grids of one area anew along streets, paths, water and rails, best first; nothing is changed.</summary>
    /// <remarks>
    /// Streets and today's borders cut the area to blocks; blocks that a building or compound ties together are handed out as one; <see cref="GridDelineation"/> decides.
    /// A block that holds more than one grid may is cut along its paths, and where there is none in straight lines between its buildings; when that leaves grids
    /// outside the band, smaller blocks are cut too. A line that reaches the area's border where that has no vertex near is not used.
    /// </remarks>
    /// <param name="partition">Grids; as it was afterwards.</param>
    /// <param name="faces">All grids of one area.</param>
    /// <param name="lines">Where grids may end; paths are used only inside blocks that are too large.</param>
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
        return new Division(partition, faces, lines, things, target).Propose(out reason, progress, cancellation);
    }

    /// <summary>The blocks that <see cref="Divisions"/> hands out at first, and what lies between them.</summary>
    /// <param name="partition">Grids; as it was afterwards.</param>
    /// <param name="faces">All grids of one area.</param>
    /// <param name="lines">Where grids may end.</param>
    /// <param name="things">What may not be cut, and who lives there.</param>
    /// <param name="target">What is wanted.</param>
    /// <param name="reason">Why there are none; null when there are.</param>
    public static (IReadOnlyList<DelineationBlock> Blocks, IReadOnlyList<DelineationBorder> Borders) Blocks(
        ArcPartition partition, IReadOnlyList<int> faces, IReadOnlyList<DividingLine> lines, IReadOnlyList<DivisionThing> things, DelineationTarget target, out GridEditResult? reason)
    {
        reason = Missing(partition, faces);
        return reason is null ? new Division(partition, faces, lines, things, target).Blocks(out reason) : ([], []);
    }

    private const double FinerShare = 0.4, FinestShare = 0.15;

    private const int MostTries = 20;

    private sealed class Progress(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
