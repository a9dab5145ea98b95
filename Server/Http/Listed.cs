namespace GridMap.Server.Http;

/// <summary>A whole list.</summary>
public sealed record Listed<T>(IReadOnlyList<T> Items);

/// <summary>A page of a list: pass <see cref="Next"/> back as <c>after</c> for the one behind it; null on the last page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

public sealed record Place(double Lon, double Lat);

/// <summary>An administrative area, in short.</summary>
public sealed record AreaRef(long Id, string Code, string Name, string NameEn, string Level);

/// <summary>A grid, in short.</summary>
public sealed record GridRef(long Id, string Net, string Code, string Name, string Kind);

/// <summary>Somebody with a duty; the telephone number only for people who are signed in.</summary>
public sealed record DutyHolder(string Role, string Person, string? Phone);
