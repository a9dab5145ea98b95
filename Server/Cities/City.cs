namespace GridMap.Server.Cities;

/// <summary>The city that the database is about. An empty database has an empty name and no box.</summary>
public sealed record City(
    string Name, string NameEn, string DivisionCode, string TimeZone, int MetricSrid, double WalkMetresPerMinute, double[]? Bbox,
    CityCounts Counts, DateTime? IncidentsFrom, DateTime? IncidentsTo, Basemap? Basemap, string Version);

public sealed record CityCounts(long Areas, long Grids, long Buildings, long Facilities, long Incidents, long Roads, long PopulationCells);

/// <summary>A background map from outside, as the operator configured it. <c>Datum</c> says whether it is shifted.</summary>
public sealed record Basemap(string Kind, string Url, string Attribution, string Datum, int MaxZoom);

public sealed record Net(long Id, string Code, string Name, string NameEn, long Grids);

public sealed record CatalogueEntry(string Code, string Name, string NameEn, string? ParentCode, string Source, string Confidence, string Profile);

public sealed record Department(long Id, string Code, string Name, string NameEn);
