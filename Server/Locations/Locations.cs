using GridMap.Server.Http;

namespace GridMap.Server.Locations;

/// <summary>The grid of one net at a place, with who is responsible there.</summary>
public sealed record GridThere(long Id, string Net, string Code, string Name, string Kind, IReadOnlyList<DutyHolder> People);

public sealed record CompoundRef(long Id, string Code, string Name);

public sealed record BuildingRef(long Id, string Code, string Name, string Address);

/// <summary>What lies at a place: areas from the city down, one grid of each net, compound and building.</summary>
public sealed record Location(
    Place Place, DateTime At, string Coord, IReadOnlyList<AreaRef> Areas, IReadOnlyList<GridThere> Grids, CompoundRef? Compound, BuildingRef? Building);

/// <summary>Places to locate, each [longitude, latitude].</summary>
public sealed record LocateWanted(IReadOnlyList<double[]> Points, string? At = null, string? Coord = null);

/// <summary>Codes at one place: areas from the city down, grids by net.</summary>
public sealed record LocatedPoint(int Index, IReadOnlyList<string> Areas, IReadOnlyDictionary<string, string> Grids);

public sealed record LocatedPoints(DateTime At, string Coord, IReadOnlyList<LocatedPoint> Items);
