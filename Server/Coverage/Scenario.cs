namespace GridMap.Server.Coverage;

/// <summary>A scenario that is kept, in short.</summary>
public sealed record ScenarioRef(long Id, string Name, string Note, string FacilityType, int Changes, string Owner, DateTime CreatedAt, DateTime UpdatedAt);

/// <summary>A scenario that is kept; its question goes to what-if as it is.</summary>
public sealed record Scenario(long Id, string Name, string Note, string Owner, DateTime CreatedAt, DateTime UpdatedAt, WhatIf Question);

/// <summary>A scenario to keep.</summary>
public sealed record ScenarioWanted(string Name, WhatIf Question, string Note = "");
