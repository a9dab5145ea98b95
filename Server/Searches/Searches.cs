using GridMap.Server.Http;

namespace GridMap.Server.Searches;

/// <summary>Something that a search found. <see cref="Kind"/> is area, grid, compound, building, facility, incident or road.</summary>
/// <param name="Detail">What tells it from others of the same name: its parent, address, category or class.</param>
/// <param name="Bbox">west, south, east, north; null for points.</param>
public sealed record Found(string Kind, long Id, string Code, string Name, string Detail, Place Place, double[]? Bbox);
