using GridMap.Server.Http;

namespace GridMap.Server.Areas;

/// <summary>An administrative area with its figures.</summary>
public sealed record Area(
    long Id, string Code, string Name, string NameEn, string Level, long? ParentId, double[] Bbox, Place Place,
    long Households, long Residents, long Buildings, long Grids, double AreaSquareMetres);

/// <summary>One area with the areas above it and the people responsible for it.</summary>
public sealed record AreaDetails(
    long Id, string Code, string Name, string NameEn, string Level, long? ParentId, double[] Bbox, Place Place,
    long Households, long Residents, long Buildings, long Grids, double AreaSquareMetres,
    IReadOnlyList<AreaRef> Chain, IReadOnlyList<DutyHolder> People);
