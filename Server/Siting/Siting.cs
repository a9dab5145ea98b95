using GridMap.Server.Http;

namespace GridMap.Server.Siting;

/// <summary>Where the next facilities should stand, and how far from the best possible choice this is at most.</summary>
/// <param name="Unit">Of <paramref name="Value"/>, <paramref name="Today"/>, <paramref name="Bound"/> and <paramref name="Curve"/>: people or buildings (cover), metres (median: the mean walk, with those beyond the
/// limit counted at the limit; center: the longest walk), sites (fewest: new ones).</param>
/// <param name="Demand">The weight of everybody who is looked at.</param>
/// <param name="OutOfReach">Of it, what no candidate nor today's facilities can reach: nothing can be done for them here.</param>
/// <param name="OffNetwork">Left out, because no road is near.</param>
/// <param name="Today">With today's facilities alone; null where that cannot be said (fewest), or where they stand nowhere (ignore).</param>
/// <param name="Bound">No choice that the question allows is better than this.</param>
/// <param name="GapPercent">The best possible choice is at most so much better: of what is covered for cover, of the value else.</param>
/// <param name="Rounds">Made; fewer than asked for when it was proven best, or the time was up.</param>
/// <param name="EndedEarly">The time was up: another run of the same seed may give another answer.</param>
/// <param name="Curve">Cover and median only: the value with 0, 1, 2, … new sites, each added to those before it.</param>
/// <param name="Spent">What the new sites cost together; null where costs were not asked about.</param>
/// <param name="SpacingMetres">Of candidates on streets: crossings at least so far apart.</param>
public sealed record SitingResult(
    string Objective, string FacilityType, double Metres, double? Minutes, string? Profile, double MetresPerMinute, string Weight, int Backup, string Version, int Seed, int Rounds, bool EndedEarly,
    int Candidates, double? SpacingMetres, int Existing, long Demand, long OutOfReach, long OffNetwork, string Unit, double? Today, double Value, double Bound, double GapPercent, bool IsOptimal, double? Budget, double? Spent,
    IReadOnlyList<ChosenSite> Sites, IReadOnlyList<double> Curve, IReadOnlyList<SitingAlternative> Alternatives);

/// <param name="Kind">new, or existing (kept).</param>
/// <param name="Id">Of the facility or the compound; null for a crossing.</param>
/// <param name="Capacity">People it can take; null where capacities were not asked about.</param>
/// <param name="Served">People it takes; likewise.</param>
public sealed record ChosenSite(string Kind, long? Id, string Name, Place Place, double? Cost, long? Capacity, long? Served);

/// <param name="Existing">Ids of today's facilities that stay in it.</param>
public sealed record SitingAlternative(double Value, IReadOnlyList<Place> NewSites, IReadOnlyList<long> Existing);
