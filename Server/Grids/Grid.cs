using System.Text.Json;
using GridMap.Server.Http;

namespace GridMap.Server.Grids;

/// <summary>One version of one grid, with its figures and the people responsible.</summary>
public sealed record Grid(
    long Id, string Net, string Code, string Name, string Kind, AreaRef Area, int? Households, int? Residents, long Buildings,
    double AreaSquareMetres, double PerimeterMetres, double Compactness, DateTime? ValidFrom, DateTime? ValidTo,
    IReadOnlyList<DutyHolder> People, long Incidents12Months, double[] Bbox, JsonElement Geometry);

/// <summary>A boundary sent in as a GeoJSON Feature.</summary>
public sealed record GridDrawn(string Type, JsonElement Geometry, GridProperties Properties, JsonElement? Id = null, double[]? Bbox = null);

public sealed record GridProperties(
    string Name, string Net = "base", string Kind = "base", long? AreaId = null, string? Code = null, int? Households = null, int? Residents = null, DateTime? ValidFrom = null);

/// <summary>One thing wrong with a boundary: what, where, how large and with which grids.</summary>
public sealed record GridFault(string Code, string Message, double? AreaSquareMetres, Place? Place, IReadOnlyList<string> Grids);

/// <summary>What a boundary would be, were it saved.</summary>
public sealed record GridCheck(
    bool Ok, IReadOnlyList<GridFault> Faults, string? Code, AreaRef? Area, double AreaSquareMetres, double PerimeterMetres, double Compactness,
    long Buildings, long Households, long Residents);
