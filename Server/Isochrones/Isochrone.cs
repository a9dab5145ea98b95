using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Isochrones;

/// <summary>
/// How far people get on foot: a GeoJSON FeatureCollection, one feature a walk (and an origin, if asked for), shorter walks within longer ones. Who is inside is
/// decided building by building over the network, to the millimetre; the polygon is a picture of it on cells of 10 m.
/// </summary>
/// <param name="Version">Of the roads, buildings and facilities that went into it.</param>
/// <param name="OffNetwork">Buildings in the longest circle that no road is near to: neither inside nor outside.</param>
public sealed record Isochrone(
    string Type, string Method, string Combine, string Heading, string? Profile, double MetresPerMinute, string Version, string Coord,
    IReadOnlyList<IsochroneOrigin> Origins, WalkPeople OffNetwork, IReadOnlyList<Feature<MultiPolygonShape, IsochroneWalk>> Features);

/// <param name="AccessMetres">From the place straight to the nearest road; walked at the same pace and counted.</param>
public sealed record IsochroneOrigin(Place Place, double AccessMetres);

/// <param name="Origin">The number of the place in the question, from 0; null for all together.</param>
/// <param name="Inside">Whoever is within the walk.</param>
/// <param name="Circle">What a straight circle of the same metres claims; null for parts by nearest.</param>
/// <param name="OverClaimPercent">Of the residents that the circle claims, how many the walk does not reach; null where it claims none.</param>
/// <param name="Grids">Base grids with a building inside; the first 1,000 by id.</param>
/// <param name="GridCount">All of them.</param>
public sealed record IsochroneWalk(
    int? Origin, double Minutes, double Metres, WalkPeople Inside, WalkPeople? Circle, double? OverClaimPercent, IReadOnlyList<long> Grids, int GridCount);
