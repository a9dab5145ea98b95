namespace GridMap.Server.Coverage;

/// <summary>A scenario that is kept, in short.</summary>
/// <param name="UpdatedBy">Who changed it last, or made it; null when that was before it was noted.</param>
/// <param name="Version">One more with every change; the ETag is made of it.</param>
public sealed record ScenarioRef(
    long Id, string Name, string Note, string FacilityType, int Changes, string Owner, DateTime CreatedAt, DateTime UpdatedAt, string? UpdatedBy, int Version);

/// <summary>A scenario that is kept; its question goes to what-if as it is.</summary>
public sealed record Scenario(long Id, string Name, string Note, string Owner, DateTime CreatedAt, DateTime UpdatedAt, string? UpdatedBy, int Version, WhatIf Question);

/// <summary>A scenario to keep.</summary>
public sealed record ScenarioWanted(string Name, WhatIf Question, string Note = "");
