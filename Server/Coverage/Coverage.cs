using GridMap.Server.Http;

namespace GridMap.Server.Coverage;

/// <summary>How many of a place's buildings, households and residents are within reach; the percent is null where nobody lives.</summary>
public record Cover(long Buildings, long BuildingsCovered, long Households, long HouseholdsCovered, long Residents, long ResidentsCovered, double? ResidentsPercent);

/// <summary>An area's cover; <see cref="Area"/> is null for buildings that lie in none of this level.</summary>
public sealed record AreaCover : Cover
{
    public AreaCover(AreaRef? area, Cover cover) : base(cover) => Area = area;

    public AreaRef? Area { get; }
}

/// <summary>A grid's cover; id and code are null for buildings that lie in no grid of today.</summary>
public sealed record GridCover : Cover
{
    public GridCover(long? id, string? code, string name, Cover cover) : base(cover) => (Id, Code, Name) = (id, code, name);

    public long? Id { get; }

    public string? Code { get; }

    public string Name { get; }
}

/// <summary>A cluster of residential buildings out of reach.</summary>
/// <param name="NearestMetres">From the middle of the cluster to the nearest facility; null when there is none at all.</param>
public sealed record Gap(long Residents, long Households, long Buildings, double? NearestMetres, Place Place);

/// <summary>
/// Who is within a circle around a facility and who is not. A building counts by its representative point and its geodesic distance;
/// every list adds up to the total.
/// </summary>
/// <param name="NoneReason">Why there is no facility: none, or other-tier; null where there is one.</param>
public sealed record CoverageAnswer(
    string FacilityType, long Facilities, string? NoneReason, double RadiusMetres, double? Minutes, string Method, Cover Total,
    IReadOnlyList<AreaCover> ByStreet, IReadOnlyList<AreaCover> ByCommunity, IReadOnlyList<GridCover> ByGrid, FeatureSet<MultiPolygonShape, Gap> Gaps);
