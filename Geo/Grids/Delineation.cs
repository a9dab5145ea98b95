namespace GridMap.Geo.Grids;

/// <summary>The smallest piece that a plan hands out whole: a street block, or several that a building or compound ties together.</summary>
/// <param name="Households">From 0.</param>
/// <param name="Residents">From 0.</param>
/// <param name="Load">Incidents of twelve months, or any other work; from 0.</param>
/// <param name="SquareMetres">Land.</param>
/// <param name="PerimeterMetres">All of its outline.</param>
/// <param name="Current">The grid it belongs to today, by any number from 0; −1 for none.</param>
public readonly record struct DelineationBlock(double Households, double Residents, double Load, double SquareMetres, double PerimeterMetres, int Current = -1);

/// <summary>A border between two blocks.</summary>
/// <param name="A">Index of a block.</param>
/// <param name="B">Index of another.</param>
/// <param name="Metres">Length in common.</param>
/// <param name="Street">What runs along it: decides how gladly grids end there.</param>
public readonly record struct DelineationBorder(int A, int B, double Metres, BorderKind Street);

/// <summary>What runs along a border between blocks.</summary>
public enum BorderKind
{
    /// <summary>Nothing: a fence, a hedge, an alley.</summary>
    None,

    /// <summary>The room between buildings of a block that is too large for one grid.</summary>
    Gap,

    /// <summary>A footpath.</summary>
    Path,

    /// <summary>A lane or collector street.</summary>
    Street,

    /// <summary>An arterial or ring road.</summary>
    Arterial,

    /// <summary>A railway, or what several nets agree on.</summary>
    Barrier,

    /// <summary>The bank of a river, canal or lake: blocks on both sides are contiguous only where something else joins them, such as a bridge.</summary>
    Water,
}

/// <summary>What grids should be like.</summary>
public sealed record DelineationTarget
{
    public static DelineationTarget Usual { get; } = new();

    /// <summary>Weights of what is to be even: a grid's size is their sum. Households alone by default.</summary>
    public double HouseholdWeight { get; init; } = 1;

    public double ResidentWeight { get; init; }

    public double LoadWeight { get; init; }

    /// <summary>Per hectare.</summary>
    public double HectareWeight { get; init; }

    /// <summary>The band that no grid may leave, in the unit of the weights.</summary>
    public double Least { get; init; } = 300;

    public double Most { get; init; } = 500;

    /// <summary>0 to draw freely, 1 to move as few households as possible.</summary>
    public double Keep { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>How many proposals, 1–20; each from a seed of its own.</summary>
    public int Proposals { get; init; } = 4;

    /// <summary>Moves tried per block and proposal, 0–20,000: more take longer and are better.</summary>
    public int MovesPerBlock { get; init; } = 2_000;

    /// <summary>How little a grid likes to end there, by the metre.</summary>
    public static double CostPerMetre(BorderKind kind) => kind switch
    {
        BorderKind.Barrier or BorderKind.Water => 0.1,
        BorderKind.Arterial => 0.2,
        BorderKind.Street => 0.6,
        BorderKind.Path => 1.2,
        BorderKind.Gap => 6,
        _ => 8,
    };

    /// <summary>Whether a whole number of grids in the band can have this size together.</summary>
    internal bool Divides(double size) => Math.Ceiling(size / Most) <= Math.Floor(size / Math.Max(1e-9, Least));

    internal double SizeOf(in DelineationBlock block)
        => HouseholdWeight * block.Households + ResidentWeight * block.Residents + LoadWeight * block.Load + HectareWeight * block.SquareMetres / 10_000;
}

/// <summary>How good a proposal is.</summary>
/// <param name="Grids">How many.</param>
/// <param name="ShareInBand">Of grids, 0–1.</param>
/// <param name="NotContiguous">Grids that fall apart; only where the blocks themselves do.</param>
/// <param name="Sizes">Spread of sizes.</param>
/// <param name="MeanCompactness">Polsby–Popper, 0–1.</param>
/// <param name="OnStreets">Share of the borders between grids that run along streets, paths, water or rails, 0–1.</param>
/// <param name="HouseholdsMoved">In another grid than today.</param>
/// <param name="Total">All in one: the lower the better; comparable between proposals for the same blocks and target.</param>
/// <param name="BorderMetres">Of all borders between grids.</param>
public sealed record DelineationScore(
    int Grids, double ShareInBand, int NotContiguous, Spread Sizes, double MeanCompactness, double OnStreets, double HouseholdsMoved, double Total, double BorderMetres)
{
    /// <summary>How many grids are outside the band.</summary>
    public int OutOfBand => (int)Math.Round(Grids * (1 - ShareInBand));
}

/// <summary>One way to hand the blocks out.</summary>
/// <param name="GridOfBlock">By block; grids that continue one of today keep its number, others are numbered on from the highest.</param>
/// <param name="Score">How good it is.</param>
public sealed record DelineationProposal(int[] GridOfBlock, DelineationScore Score);

/// <summary>One block from one grid to a neighbouring one.</summary>
/// <param name="Block">Which.</param>
/// <param name="From">Today's grid.</param>
/// <param name="To">The neighbour.</param>
/// <param name="Gain">By how much the total score falls; above 0.</param>
/// <param name="FromBefore">Size of the giving grid.</param>
/// <param name="FromAfter">And afterwards.</param>
/// <param name="ToBefore">Size of the taking grid.</param>
/// <param name="ToAfter">And afterwards.</param>
public readonly record struct DelineationMove(int Block, int From, int To, double Gain, double FromBefore, double FromAfter, double ToBefore, double ToAfter);
