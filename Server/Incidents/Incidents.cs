using GridMap.Server.Http;

namespace GridMap.Server.Incidents;

public sealed record DepartmentRef(long Id, string Code, string Name);

/// <summary>A case at a place. <see cref="Coord"/> names the datum of <see cref="Place"/>.</summary>
public record Incident(
    long Id, string Number, string Category, string CategoryName, string CategoryNameEn, string Source, string Status, string Severity,
    string Title, string Description, string Address, string? OutsideNumber, Place Place, string Coord,
    DateTime ReportedAt, DateTime? DueAt, DateTime? ClosedAt, bool Overdue, GridRef? Grid, AreaRef? Area, DepartmentRef? Department);

/// <summary>What was done, by whom. The first step has no status before it; a note alone keeps the status.</summary>
public sealed record IncidentStep(DateTime At, string Actor, string? FromStatus, string ToStatus, string Note);

/// <summary>One incident with its history and what may follow.</summary>
public sealed record IncidentWithSteps : Incident
{
    public IncidentWithSteps(Incident incident, IReadOnlyList<IncidentStep> steps) : base(incident) =>
        (Steps, AllowedStatuses) = (steps, IncidentWorkflow.Following[incident.Status]);

    public IReadOnlyList<IncidentStep> Steps { get; }

    public IReadOnlyList<string> AllowedStatuses { get; }
}

/// <summary>An incident as it is reported. Times are RFC 3339 with a zone, or a date.</summary>
public sealed record IncidentWanted(
    string Category, double Lon, double Lat, string? Coord = null, string? Title = null, string? Description = null, string? Address = null,
    string? Severity = null, string? Source = null, string? ReportedAt = null, string? DueAt = null, string? OutsideNumber = null, long? DepartmentId = null);

public sealed record IncidentBatch(IReadOnlyList<IncidentWanted> Incidents);

public sealed record IncidentNumber(long Id, string Number);

public sealed record IncidentBatchMade(int Count, IReadOnlyList<IncidentNumber> Items);

/// <summary>Work on an incident: what is absent or null stays as it is.</summary>
public sealed record IncidentChange(string? Status = null, string? Note = null, long? DepartmentId = null, string? Severity = null, string? DueAt = null);
