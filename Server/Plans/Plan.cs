using System.Text.Json;
using GridMap.Server.Http;

namespace GridMap.Server.Plans;

/// <summary>A draft of boundaries. When its base is to come, it can be published for a day behind that alone.</summary>
public sealed record Plan(
    long Id, string Name, string Net, AreaRef Area, DateTime BaseAt, string Status, int Version, int Steps, int Redoable, double Least, double Most,
    DateTime? EffectiveAt, string Reason, DateTime CreatedAt, string CreatedBy, DateTime? PublishedAt, string? PublishedBy, bool BaseIsToCome, PlanLimits Limits);

/// <summary>A plan with what was done and said, and the other drafts that change the same grids.</summary>
/// <param name="Repaired">Grids whose boundaries were repaired for the plan to begin. That is no step: before it the grids did not tile the area, and there is nothing to go back to.</param>
public sealed record PlanWithSteps(
    Plan Plan, IReadOnlyList<PlanStep> Steps, IReadOnlyList<PlanComment> Comments, IReadOnlyList<PlanConsultation> Consultations, IReadOnlyList<PlanConflict> Conflicts,
    IReadOnlyList<string> Repaired);

/// <summary>One edit. Those not applied were undone and can be redone.</summary>
public sealed record PlanStep(int Step, string Name, JsonElement Command, IReadOnlyList<string> Grids, bool Applied, DateTime MadeAt, string MadeBy);

public sealed record PlanComment(long Id, string? Grid, Place? Place, string Text, DateTime MadeAt, string MadeBy);

public sealed record PlanConsultation(long Id, AreaRef Area, bool Agrees, string Reason, int Version, DateTime MadeAt, string MadeBy);

/// <summary>Another draft that changes some of the same grids: whichever is published first, the other must begin anew there.</summary>
public sealed record PlanConflict(long PlanId, string Name, string CreatedBy, IReadOnlyList<string> Grids);

/// <summary>What a new plan is to be. Decisions are made besides safe repairs, and ask for those too.</summary>
public sealed record PlanWanted(
    string Name, long AreaId, string Net = "base", string? BaseAt = null, double Least = 300, double Most = 500, bool Repair = false, IReadOnlyList<RepairDecision>? Decisions = null,
    PlanLimits? Limits = null);

/// <summary>Who gets the gap, or keeps the overlap, at a place: the code of one of the grids beside it.</summary>
public sealed record RepairDecision(Place Place, string Grid);

/// <summary>
/// An edit. Grids are named by their code, new ones of the draft by "#" and a number, as answers name them. Which fields an edit takes depends on its type;
/// coordinates are [lon, lat].
/// </summary>
public sealed record PlanCommand(
    string Type, IReadOnlyList<string>? Grids = null, string? To = null, JsonElement? Geometry = null, double[]? At = null, double[]? Target = null,
    double? ToleranceSquareMetres = null, double? ReachMetres = null, string? Name = null, string? Note = null,
    long? AreaId = null, double? Keep = null, int? Seed = null, int? Choice = null, bool? KeepCompounds = null, PlanWeights? Weights = null, double? Least = null, double? Most = null,
    IReadOnlyList<PlanShape>? Shapes = null, string? Nets = null, IReadOnlyList<double[]>? Places = null, IReadOnlyList<long>? Buildings = null);

/// <summary>The land between streets and water that grids are made of.</summary>
/// <param name="Grid">The grid that most of it belongs to.</param>
public sealed record PlanBlock(string Grid, double Households, double Residents, double AreaSquareMetres, JsonElement Geometry);

public sealed record PlanBlocks(int Version, IReadOnlyList<PlanBlock> Items);

/// <summary>A grid as it was drawn elsewhere, with its code where that is known.</summary>
public sealed record PlanShape(JsonElement Geometry, string? Key = null);

/// <summary>One grid of a draft with what it holds.</summary>
public sealed record PlanGrid(
    string Key, string? Code, string Name, AreaRef Area, bool Changed, long Households, long Residents, long Buildings, long Incidents12Months, double AreaSquareMetres,
    double PerimeterMetres, double Compactness, double MinutesAcross, double? MinutesToServiceCentre, double ShareOfTarget, string Mesh, double[] Bbox, JsonElement? Geometry);

/// <summary>Something wrong in a draft. Blocking faults keep it from being published, warnings need a reason. The indicator says what value and limit count.</summary>
public sealed record PlanFault(
    string Code, string Severity, string Message, IReadOnlyList<string> Grids, Place? Place, double? AreaSquareMetres, string? Thing, double? Value, double? Limit, bool Repairable, string? Indicator = null);

/// <summary>What an edit did: the grids that are different now, those that are gone, and what is wrong around them. Drawn is what was wrong with grids drawn elsewhere, before they were fitted in.</summary>
public sealed record PlanEdited(
    int Version, int Step, bool DryRun, IReadOnlyList<PlanGrid> Touched, IReadOnlyList<string> Gone, IReadOnlyList<PlanFault> Faults, IReadOnlyList<PlanConflict> Conflicts,
    IReadOnlyList<PlanFault>? Drawn = null);

/// <summary>The grids of a draft: all of them, or those that are different since a version and the keys of those that are gone.</summary>
public sealed record PlanGrids(int Version, bool All, IReadOnlyList<PlanGrid> Items, IReadOnlyList<string> Gone);

public sealed record PlanCheck(int Version, bool Ok, bool NeedsReason, IReadOnlyList<PlanFault> Faults, IReadOnlyList<PlanConflict> Conflicts);

/// <summary>From a grid of the base to a grid of the draft.</summary>
/// <param name="DutyBefore">Who answers for the grid of the base.</param>
/// <param name="DutyAfter">Who would answer for the grid of the draft: its people stay, and a new one gets those of the grid that gives it most households.</param>
public sealed record PlanMove(
    string From, string To, double AreaSquareMetres, long Households, long Residents, long OpenIncidents, JsonElement? Geometry,
    IReadOnlyList<DutyHolder> DutyBefore, IReadOnlyList<DutyHolder> DutyAfter);

/// <summary>What is different from the base: only what changes hands; grids that are as they were are not in it.</summary>
public sealed record PlanComparison(
    int Version, int GridsBefore, int GridsAfter, long HouseholdsMoved, double SquareMetresMoved, IReadOnlyList<PlanMove> Moves, IReadOnlyList<PlanGrid> Before, IReadOnlyList<PlanGrid> After);

public sealed record CommentWanted(string Text, string? Grid = null, Place? Place = null);

public sealed record ConsultationWanted(long AreaId, bool Agrees, string Reason = "");

/// <summary>
/// What the machine is to propose for one area of the plan, or for several below one. The band is the plan's unless another is given; a compound that holds more than
/// one grid may is divided between its buildings unless compounds are to stay whole. With nets (their codes with commas) the borders of these nets and of the plan's are
/// merged to one: borders follow theirs, those that several have in common first, and streets only inside blocks too large for one grid.
/// </summary>
public sealed record ProposalsWanted(
    long AreaId, double Keep = 0, int Seed = 1, bool KeepCompounds = false, PlanWeights? Weights = null, double? Least = null, double? Most = null, string? Nets = null);

/// <summary>What is to be even between grids: a grid's size is the sum of these, each times its weight. Incidents are those of twelve months.</summary>
public sealed record PlanWeights(double Households = 0, double Residents = 0, double Incidents = 0, double Hectares = 0);

/// <summary>Proposals, the best first; the edit "delineate" with the same wishes and a choice makes one of them. For several areas there is one.</summary>
public sealed record PlanProposals(int Version, int Areas, IReadOnlyList<PlanProposal> Proposals);

/// <summary>Sizes are in the measure of the weights. Outside lists the grids out of the band with the reason, the farthest first, at most 200.</summary>
public sealed record PlanProposal(
    int Choice, bool Possible, string? Reason, int Grids, double ShareInBand, int NotContiguous, double LeastSize, double MostSize, double CoefficientOfVariation,
    double MeanCompactness, double OnStreets, double HouseholdsMoved, int CompoundsDivided, double Total, IReadOnlyList<PlanOutOfBand> Outside);

/// <summary>
/// Another net held against the draft: how far borders agree, and what each of its grids has in common with each of the draft's. Borders is what is a border there and none in the draft.
/// </summary>
public sealed record PlanNet(
    string Net, string Name, int Grids, int Nested, double BorderMetres, double AlongMetres, IReadOnlyList<PlanNetShare> Shares, JsonElement? Borders);

/// <summary>What a grid of another net and one of the draft have in common, and which share of either's land that is.</summary>
public sealed record PlanNetShare(string From, string To, double AreaSquareMetres, double ShareOfFrom, double ShareOfTo, long Households, long Residents, long OpenIncidents);

/// <summary>A proposed grid outside the band, and why.</summary>
public sealed record PlanOutOfBand(long AreaId, double Size, string Reason, Place Place);

/// <summary>Single blocks that would better belong to the grid beside them, best first. Each is an edit of type transfer with this geometry.</summary>
public sealed record PlanImprovements(int Version, IReadOnlyList<PlanImprovement> Moves);

public sealed record PlanImprovement(string From, string To, double Gain, double FromBefore, double FromAfter, double ToBefore, double ToAfter, JsonElement Geometry);

public sealed record PublishWanted(string? EffectiveAt = null, string Reason = "");

public sealed record PlanPublished(Plan Plan, IReadOnlyList<CrosswalkRow> Crosswalk, IReadOnlyList<string> Voided, IReadOnlyList<string> NewCodes);

/// <summary>Land that an old grid gave to a new one.</summary>
/// <param name="DutyBefore">Who answered for the old grid until then.</param>
/// <param name="DutyAfter">Who answers for the new grid from then on.</param>
public sealed record CrosswalkRow(
    string OldCode, string NewCode, long OldGridId, long NewGridId, double AreaSquareMetres, int Households, int Residents, int OpenIncidents,
    IReadOnlyList<DutyHolder> DutyBefore, IReadOnlyList<DutyHolder> DutyAfter);

/// <summary>What one code has been: its boundaries in time, what it came from and what became of it.</summary>
public sealed record GridLife(string Net, string Code, IReadOnlyList<GridSpan> Boundaries, IReadOnlyList<GridDescent> CameFrom, IReadOnlyList<GridDescent> Became);

public sealed record GridSpan(long Id, string Name, DateTime? ValidFrom, DateTime? ValidTo, double AreaSquareMetres, int? Households);

public sealed record GridDescent(string Code, DateTime EffectiveAt, long PlanId, double AreaSquareMetres, int Households);
