using System.ComponentModel;
using GridMap.Server.Http;

namespace GridMap.Server.Siting;

/// <summary>Where the next facilities should stand, and how far from the best possible choice this is at most.</summary>
/// <param name="Method">walking: over the network, building by building.</param>
/// <param name="Metres">The longest walk that was looked at: the one asked for, or as far as was needed (center without one).</param>
/// <param name="Minutes">Null where metres were asked for, or for center neither.</param>
/// <param name="Unit">Of <paramref name="Value"/>, <paramref name="Today"/>, <paramref name="Bound"/> and <paramref name="Curve"/>: people or buildings (cover), metres (median: the mean walk of those whom a
/// candidate or today's facilities can reach, where everybody who would walk beyond Metres counts as if walking just Metres; center: the longest walk), sites (fewest: new ones).</param>
/// <param name="Demand">The weight of everybody who is looked at.</param>
/// <param name="OutOfReach">Of it, what no candidate nor today's facilities can reach: nothing can be done for them here.</param>
/// <param name="OffNetwork">Left out, because no road is near.</param>
/// <param name="Today">With today's facilities alone (median: those beyond Metres counted at Metres, so it falls short of the true mean); null where that cannot be said (fewest), or where they stand nowhere (ignore).</param>
/// <param name="Value">Of this choice (median: those beyond Metres counted at Metres).</param>
/// <param name="Bound">No choice that the question allows is better than this.</param>
/// <param name="GapPercent">How far value and bound are apart, in percent of the larger of both, rounded up: for cover at most so much of what the best possible choice covers is not covered; else the best possible choice is at
/// most so much of the value better. 0 just where IsOptimal.</param>
/// <param name="Rounds">Made (center: distances tried); fewer than asked for when it was proven best, or the time was up.</param>
/// <param name="EndedEarly">The time was up before the search had come to its end: another run of the same seed may give another answer. Otherwise the same question gives the same answer, however many seconds it may take.</param>
/// <param name="ExistingRule">keep, movable or ignore.</param>
/// <param name="CandidateKind">streets, compounds, facilities or places.</param>
/// <param name="Candidates">How many places a new site may be at.</param>
/// <param name="Existing">How many of today's facilities are there.</param>
/// <param name="Curve">Cover and median only: the value (median: those beyond Metres counted at Metres) with 0, 1, 2, … new sites, each added to those before it.</param>
/// <param name="Spent">What the new sites cost together; null where costs were not asked about.</param>
/// <param name="SpacingMetres">Of candidates on streets: crossings at least so far apart.</param>
public sealed record SitingResult(
    string Objective, string FacilityType, string? Tier, string? ServiceItem, string? OpenAt, long? AreaId, string Method, double Metres, double? Minutes, string? Profile, double MetresPerMinute, string Weight, int Backup, string Version, int Seed, int Rounds, bool EndedEarly,
    string ExistingRule, string CandidateKind, string? CandidateType, int Candidates, double? SpacingMetres, int Existing, long Demand, long OutOfReach, long OffNetwork, string Unit,
    [property: Description($"With today's facilities alone; null where that cannot be said. {SitingResult.MedianMetres}")] double? Today,
    [property: Description($"Of this choice. {SitingResult.MedianMetres}")] double Value,
    [property: Description($"No choice that the question allows is better. {SitingResult.MedianMetres}")] double Bound,
    [property: Description("How far value and bound are apart, in percent of the larger of both, rounded up: 0 just where isOptimal.")] double GapPercent,
    bool IsOptimal, double? Budget, double? Spent, IReadOnlyList<ChosenSite> Sites,
    [property: Description($"With 0, 1, 2, … new sites, each added to those before it. {SitingResult.MedianMetres}")] IReadOnlyList<double> Curve,
    IReadOnlyList<SitingAlternative> Alternatives)
{
    internal const string MedianMetres = "For median: the mean walk in metres, where everybody who would walk beyond metres counts as walking just metres.";
}

/// <param name="Kind">new, or existing (kept).</param>
/// <param name="Id">Of the facility or the compound; null for a crossing.</param>
/// <param name="Capacity">People it can take; null where capacities were not asked about.</param>
/// <param name="Served">People it takes; likewise.</param>
public sealed record ChosenSite(string Kind, long? Id, string Name, Place Place, double? Cost, long? Capacity, long? Served);

/// <param name="Existing">Ids of today's facilities that stay in it.</param>
public sealed record SitingAlternative(double Value, IReadOnlyList<Place> NewSites, IReadOnlyList<long> Existing);
