using GridMap.Server.Http;

namespace GridMap.Server.Coverage;

/// <summary>What the capacity within a walk comes to for a place's people.</summary>
/// <param name="People">On the network, of the weight asked for.</param>
/// <param name="Without">Of them, with no capacity at all within the walk.</param>
/// <param name="OffNetwork">In buildings that no road is near to: nobody can say.</param>
/// <param name="PerThousand">Capacity for a thousand of the people, the mean over them; null where there is nobody.</param>
public record Supply(long People, long Without, long OffNetwork, double? PerThousand);

/// <param name="Area">Null for buildings that lie in none of this level.</param>
public sealed record AreaSupply(AreaRef? Area, Supply Supply);

/// <param name="Id">Null for buildings that lie in no grid of today.</param>
public sealed record GridSupply(long? Id, string? Code, string Name, Supply Supply);

/// <param name="Metres">The belt's outer edge.</param>
/// <param name="Weight">How willingly people walk so far: 1 is fully.</param>
public sealed record SupplyBelt(double Metres, double Weight);

/// <summary>
/// Accessibility with capacities: the enhanced two-step floating catchment area (Luo and Qi 2009) over the walking network. What a facility offers is shared by
/// everybody within the walk, and given out entirely: the people's shares add up to <paramref name="CapacityReached"/>.
/// </summary>
/// <param name="FacilitiesWithoutCapacity">Of the facilities, those whose capacity nobody has written down: they offer nothing here.</param>
/// <param name="NoneReason">Why no facility serves anybody, no-capacity included; null where one does.</param>
/// <param name="AreaId">Only there; null for everywhere.</param>
/// <param name="Demand">Whose people walk: buildings or cells.</param>
/// <param name="Capacity">Of all facilities.</param>
/// <param name="CapacityReached">Of those that somebody can walk to.</param>
public sealed record Catchment(
    string FacilityType, string? Tier, string? ServiceItem, string? OpenAt, long? AreaId, string Demand, int Facilities, int FacilitiesOffNetwork, int FacilitiesClosed, int FacilitiesHoursUnknown, int FacilitiesWithoutCapacity, string? NoneReason,
    double Metres, double? Minutes, string? Profile, double MetresPerMinute, string Method, string Weight, IReadOnlyList<SupplyBelt> Belts, string Version, long Capacity, double CapacityReached,
    Supply Total, IReadOnlyList<AreaSupply> ByStreet, IReadOnlyList<AreaSupply> ByCommunity, IReadOnlyList<GridSupply> ByGrid);
