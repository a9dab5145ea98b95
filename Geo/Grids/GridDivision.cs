using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>A street, river or railway along which grids may end.</summary>
public readonly record struct DividingLine(LineString Line, BorderKind Kind);

/// <summary>A building or compound: it goes to one grid whole, with whoever lives there.</summary>
/// <param name="Outline">A polygon or multipolygon.</param>
/// <param name="Households">From 0; those of a compound are counted with its buildings.</param>
/// <param name="Residents">From 0.</param>
/// <param name="Load">Incidents of twelve months.</param>
/// <param name="Divisible">A compound: divided between its buildings when it holds more than one grid may.</param>
public readonly record struct DivisionThing(Geometry Outline, double Households, double Residents, double Load, bool Divisible = false);

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

    /// <summary>The blocks around do not add up to the band.</summary>
    public const string BlocksDoNotFit = "grid.blocks-do-not-fit";
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
        var division = new Division(partition, faces, lines, things, target);
        // Whatever leaves all grids in the band is taken; finer blocks, and then more tries, only where that fails.
        (double Largest, int Proposals)[] ways = [(target.Most, target.Proposals), (target.Least * FinerShare, target.Proposals), (target.Least * FinestShare, 20)];
        List<DivisionProposal> best = [];
        for (var i = 0; i < ways.Length; i++)
        {
            var proposals = division.Propose(ways[i].Largest, ways[i].Proposals, out reason, Part(i / 3.0, (i + 1) / 3.0), cancellation);
            if (best.Count == 0 || (reason is null && proposals.Count > 0 && proposals[0].Score.ShareInBand > best[0].Score.ShareInBand)) best = [.. proposals.Take(target.Proposals)];
            if (best.Count == 0 || best[0].Score.ShareInBand >= 1) break;
        }

        if (best.Count > 0) reason = null;
        progress?.Report(1);
        return best;

        Progress? Part(double from, double to) => progress is null ? null : new Progress(share => progress.Report(from + share * (to - from)));
    }

    private const double FinerShare = 0.4, FinestShare = 0.15;

    private sealed class Progress(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
