using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Regions;

namespace GridMap.SampleCity;

/// <summary>What to make. The same order gives the same city, to the byte, on every machine.</summary>
public sealed record CityOrder(int Grids, ulong Seed = CityOrder.UsualSeed)
{
    public const ulong UsualSeed = 20260101;
    public const int FewestGrids = 30;
    public const int MostGrids = 20_000;
}

/// <summary>An invented city, ready to be written to a database. Identifiers count from 1; a parent comes before its children.</summary>
public sealed class City
{
    public const string Name = "澄澜市";
    public const string NameEn = "Chenglan";
    public const string DivisionCode = "990100";
    public const string TimeZone = "Asia/Shanghai";
    public const int MetricSrid = 4549;
    public static readonly TimeSpan UtcOffset = TimeSpan.FromHours(8);

    /// <summary>The year of incidents: [From, To) in the city's time.</summary>
    public static readonly DateTimeOffset IncidentsFrom = new(2025, 11, 1, 0, 0, 0, UtcOffset);
    public static readonly DateTimeOffset IncidentsTo = new(2026, 11, 1, 0, 0, 0, UtcOffset);

    /// <summary>The day on which some borders changed.</summary>
    public static readonly DateTimeOffset BordersChangedAt = new(2026, 3, 1, 0, 0, 0, UtcOffset);

    public required IReadOnlyList<Area> Areas { get; init; }
    public required IReadOnlyList<Grid> Grids { get; init; }
    public required IReadOnlyList<Duty> Duties { get; init; }
    public required IReadOnlyList<Department> Departments { get; init; }
    public required IReadOnlyList<Compound> Compounds { get; init; }
    public required IReadOnlyList<Building> Buildings { get; init; }
    public required IReadOnlyList<PopulationCell> PopulationCells { get; init; }
    public required IReadOnlyList<Facility> Facilities { get; init; }
    public required IReadOnlyList<Road> Roads { get; init; }
    public required IReadOnlyList<Landscape> Landscapes { get; init; }
    public required IReadOnlyList<PlantedHotspot> PlantedHotspots { get; init; }
    public required int IncidentCount { get; init; }

    /// <summary>In order of report. Made while they are read, so that a million of them need no room.</summary>
    public required IEnumerable<Incident> Incidents { get; init; }
}

public enum AreaLevel { City, District, Street, Community }

public sealed record Area(int Id, string Code, string Name, string NameEn, AreaLevel Level, int? ParentId, IReadOnlyList<Outline> Outlines);

/// <summary>One boundary of one grid over a period; null means without end.</summary>
public sealed record Grid(int Id, string Net, string Code, string Name, int AreaId, int Households, int Residents,
    DateTimeOffset? ValidFrom, DateTimeOffset? ValidTo, IReadOnlyList<Outline> Outlines);

public sealed record Duty(string? Net, string? GridCode, int? AreaId, string Role, string Person, string Phone, DateTimeOffset? ValidFrom, DateTimeOffset? ValidTo);

public sealed record Department(int Id, string Code, string Name, string NameEn, int? ParentId);

public sealed record Compound(int Id, string Code, string Name, string NameEn, int AreaId, string PropertyManager, int BuiltYear, Place[] Ring);

public sealed record Building(int Id, string Code, string Name, string Address, string Use, int Floors, double HeightMetres, int Households, int Residents,
    int Elderly, int Children, int? CompoundId, int GridId, int AreaId, Place[] Ring, Place[]? Court);

public sealed record PopulationCell(string Code, int Residents, int Households, int Elderly, int Children, Place[] Ring);

public sealed record Facility(int Id, string Code, string Name, string NameEn, string Type, string Tier, string Address, string OpeningHours, string ServiceItems, int? Capacity,
    string Phone, Place Place);

public sealed record Road(string Code, string Name, string NameEn, string Class, bool Bridge, bool Tunnel, int Layer, Place[] Line);

public sealed record Landscape(string Code, string Name, string NameEn, string Kind, Place[] Ring);

/// <summary>A concentration that was put there on purpose, so that a search for hotspots has something true to find.</summary>
/// <param name="Incidents">How many incidents of the category were added inside the circle, besides those that fall there anyway.</param>
public sealed record PlantedHotspot(string Name, Place Centre, double RadiusMetres, string Category, DateTimeOffset From, DateTimeOffset To, bool Growing, int Incidents);

public sealed record Incident(int Id, string Number, string Category, string Source, string Status, string Severity, string Title, string Description,
    string Address, string? OutsideNumber, DateTimeOffset ReportedAt, DateTimeOffset DueAt, DateTimeOffset? ClosedAt, int DepartmentId, int GridId, int AreaId, Place Place,
    IReadOnlyList<IncidentStep> Steps);

public sealed record IncidentStep(DateTimeOffset At, string Actor, string? FromStatus, string ToStatus, string Note);
