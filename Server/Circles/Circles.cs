using GridMap.Server.Http;

namespace GridMap.Server.Circles;

/// <summary>
/// What lies within a distance of a place. Everything is counted by its geodesic distance; only <see cref="Outline"/>, <see cref="AreaSquareMetres"/>
/// and the grids' shares are measured on the polygon of 360 vertices that is drawn (0.005 % smaller than the circle).
/// </summary>
public sealed record Circle(
    Place Place, double RadiusMetres, double? Minutes, double WalkMetresPerMinute, string Coord, DateTime At, CircleBuildings Buildings,
    CircleIncidents Incidents, CircleFacilities Facilities, IReadOnlyList<CircleGrid> Grids, double AreaSquareMetres, PolygonShape Outline, CircleWalk? Walk);

/// <summary>
/// The same metres walked along the roads: who really gets there. Null where the city has no walking network, or no road is near to the place.
/// </summary>
/// <param name="AccessMetres">From the place straight to the nearest road; walked and counted.</param>
/// <param name="OffNetwork">Buildings in the circle that no road is near to: neither reached nor missed.</param>
/// <param name="OverClaimPercent">Of the residents in the circle, how many the walk does not reach; null where nobody lives.</param>
/// <param name="Version">Of the roads and buildings that went into it.</param>
public sealed record CircleWalk(double AccessMetres, CircleBuildings Buildings, CircleBuildings OffNetwork, double? OverClaimPercent, MultiPolygonShape Outline, string Version);

public sealed record CircleBuildings(long Count, long Households, long Residents, long Elderly, long Children);

public sealed record CircleIncidents(long Count, long Open, IReadOnlyList<CircleCategory> ByCategory);

public sealed record CircleCategory(string Category, string Name, string NameEn, long Count);

/// <summary>All facilities are counted; the nearest 200 are listed.</summary>
public sealed record CircleFacilities(long Count, IReadOnlyList<CircleFacilityType> ByType, IReadOnlyList<CircleFacility> Items);

public sealed record CircleFacilityType(string Type, string Name, string NameEn, long Count);

public sealed record CircleFacility(long Id, string Name, string Type, string Tier, Place Place, double DistanceMetres);

/// <param name="AreaSquareMetres">Of the whole grid.</param>
/// <param name="ShareOfGrid">The part of the grid that lies in the circle, 0 to 1.</param>
/// <param name="ShareOfCircle">The part of the circle that lies in the grid, 0 to 1.</param>
public sealed record CircleGrid(long Id, string Net, string Code, string Name, string Kind, double AreaSquareMetres, double ShareOfGrid, double ShareOfCircle);
