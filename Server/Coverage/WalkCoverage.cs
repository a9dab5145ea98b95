using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>Who of a place's people walks to a facility in time. All = covered + uncovered + off the network; percentages are of those on the network, null where there is nobody.</summary>
/// <param name="OffNetwork">In buildings that no road is near to: nobody can say.</param>
/// <param name="BuildingsTwice">With two or more facilities in time.</param>
/// <param name="ResidentsTwice">Likewise.</param>
/// <param name="BuildingsOften">With as many as were asked for, or more; three in scenarios.</param>
/// <param name="ResidentsOften">Likewise.</param>
/// <param name="ResidentsInCircle">What straight circles of the same metres claim; null in scenarios.</param>
/// <param name="MeanMetres">A resident's mean walk to the nearest facility, however far; null where none reaches one.</param>
/// <param name="P95Metres">95 % of the residents that reach a facility walk at most so far to the nearest; null in scenarios and where none reaches one.</param>
public sealed record WalkCover(
    WalkPeople All, WalkPeople Covered, WalkPeople OffNetwork, long BuildingsTwice, long ResidentsTwice, long BuildingsOften, long ResidentsOften, long? ResidentsInCircle,
    double? BuildingsPercent, double? ResidentsPercent, double? ElderlyPercent, double? ChildrenPercent, double? MeanMetres, double? P95Metres);

/// <param name="Area">Null for buildings that lie in none of this level.</param>
public sealed record WalkAreaCover(AreaRef? Area, WalkCover Cover);

/// <param name="Id">Null for buildings that lie in no grid of today.</param>
public sealed record WalkGridCover(long? Id, string? Code, string Name, WalkCover Cover);

/// <summary>Who walks to a kind of facility in time, decided building by building over the network; every list adds up to the total.</summary>
/// <param name="FacilitiesOffNetwork">Of the facilities, those that no road is near to: they serve nobody here.</param>
/// <param name="FacilitiesClosed">Of the kind, those closed at the moment asked for: not among the facilities.</param>
/// <param name="FacilitiesHoursUnknown">Of the kind, those whose hours nobody knows or that cannot be read: not among the facilities either.</param>
/// <param name="NoneReason">Why no facility serves anybody; null where one does.</param>
/// <param name="AreaId">Only there; null for everywhere.</param>
/// <param name="Demand">Whose people walk: buildings, or cells (what is called buildings are cells then).</param>
/// <param name="Times">How many facilities in time are often.</param>
/// <param name="Version">Of the roads, buildings, facilities, cells and boundaries that it was made from.</param>
public sealed record WalkCoverage(
    string FacilityType, string? Tier, string? ServiceItem, string? OpenAt, long? AreaId, string Demand, int Times, int Facilities, int FacilitiesOffNetwork, int FacilitiesClosed, int FacilitiesHoursUnknown, string? NoneReason, double Metres, double? Minutes, string? Profile, double MetresPerMinute, string Method, string Version,
    WalkCover Total, IReadOnlyList<WalkAreaCover> ByStreet, IReadOnlyList<WalkAreaCover> ByCommunity, IReadOnlyList<WalkGridCover> ByGrid);

/// <summary>Homes out of reach that lie together along the roads, those with the most residents first.</summary>
/// <param name="NoneReason">Why no facility serves anybody; null where one does.</param>
/// <param name="Demand">Whose people walk: buildings, or cells (what is called buildings are cells then).</param>
/// <param name="Method">walking: over the network, building by building.</param>
/// <param name="Count">Of all gaps, also those beyond the limit.</param>
public sealed record WalkGaps(
    string FacilityType, string? Tier, string? ServiceItem, string? OpenAt, long? AreaId, string Demand, string? NoneReason, double Metres, double? Minutes, string? Profile, double MetresPerMinute, string Method, string Version, WalkPeople Uncovered, WalkPeople OffNetwork, int Count,
    FeatureSet<MultiPolygonShape, WalkGap> Gaps);

/// <param name="Rank">From 1.</param>
/// <param name="Reason">far: no facility even as the crow flies; barrier: the straight circle claims most of them, the walk is longer; no-way: their roads lead to no facility at all.</param>
/// <param name="NearestMetres">On foot from the nearest of the homes; null when none reaches a facility.</param>
/// <param name="NearestFacility">Its id.</param>
public sealed record WalkGap(int Rank, WalkPeople People, string Reason, double? NearestMetres, long? NearestFacility, string? NearestName, string? NearestNameEn, Place Place);

/// <summary>A change to today's facilities.</summary>
/// <param name="Op">add, move, close or resize.</param>
/// <param name="Id">The facility to move, to close or to resize.</param>
/// <param name="Lon">Where to; for add and move.</param>
/// <param name="Capacity">How much it offers then; for resize, and with add and move if it is known.</param>
public sealed record FacilityChange(string Op, long? Id = null, double? Lon = null, double? Lat = null, int? Capacity = null);

/// <summary>What would happen if facilities changed.</summary>
/// <param name="Changes">At most 200, made in order.</param>
/// <param name="Weight">Who shares the capacity: residents (when absent), elderly or children; coverage itself counts everybody.</param>
public sealed record WhatIf(
    string FacilityType, IReadOnlyList<FacilityChange> Changes, string? Tier = null, double? Minutes = null, double? RadiusMetres = null, string? Profile = null,
    double? MetresPerMinute = null, long? AreaId = null, string? Coord = null, string? ServiceItem = null, string? OpenAt = null, string? Weight = null);

/// <param name="Method">walking: over the network, building by building.</param>
/// <param name="Gained">Residents who are covered then and are not today.</param>
/// <param name="ByStreet">Streets where something differs.</param>
/// <param name="ByGrid">Grids where something differs.</param>
public sealed record WhatIfAnswer(
    string FacilityType, string? Tier, string? ServiceItem, string? OpenAt, long? AreaId, double Metres, double? Minutes, string? Profile, double MetresPerMinute, string Method, string Version, WalkCover Today, WalkCover Scenario, long Gained, long Lost,
    IReadOnlyList<WhatIfArea> ByStreet, IReadOnlyList<WhatIfGrid> ByGrid);

public sealed record WhatIfArea(AreaRef? Area, WalkCover Today, WalkCover Scenario);

public sealed record WhatIfGrid(long? Id, string? Code, string Name, long ResidentsCoveredToday, long ResidentsCovered);
