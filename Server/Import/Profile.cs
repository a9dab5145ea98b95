using GridMap.Geo.Projections;

namespace GridMap.Server.Import;

/// <summary>How one city's files become GridMap's tables. Read by <see cref="ProfileReader"/>; described in docs/import.md.</summary>
public sealed record Profile(string Name, string Title, CityRow City, IReadOnlyList<CatalogueAddition> Catalogue, IReadOnlyList<Step> Steps)
{
    /// <summary>The same profile for another city; <paramref name="coord"/> is the datum of every source that does not name its own.</summary>
    public Profile For(string? name, string? divisionCode, string? timeZone, ChinaDatum? coord = null)
    {
        if (timeZone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _)) throw new ImportException("", $"{timeZone} is not a time zone of the IANA list.");
        return this with
        {
            City = City with { Name = name ?? City.Name, DivisionCode = divisionCode ?? City.DivisionCode, TimeZone = timeZone ?? City.TimeZone },
            Steps = coord is { } datum ? Steps.Select(step => step is TableStep table ? table with { Source = In(table.Source, datum) } : step).ToList() : Steps,
        };
    }

    private static StepSource In(StepSource source, ChinaDatum datum) => source switch
    {
        FileSource files => files with { Coord = files.Coord ?? datum },
        HullSource hull => hull with { Of = hull.Of.Select(files => files with { Coord = files.Coord ?? datum }).ToList() },
        _ => source,
    };
}

/// <summary>The city row. <see cref="MetricSrid"/> null means: chosen from the data's longitude.</summary>
public sealed record CityRow(string Name, string NameEn, string DivisionCode, string TimeZone, int? MetricSrid, string? GridCode, double? WalkMetresPerMinute);

/// <summary>A catalogue entry that only this profile needs.</summary>
public sealed record CatalogueAddition(string Catalogue, string Code, string Name, string NameEn, string? ParentCode, string Source);

/// <summary>One step, run in one transaction. <see cref="Path"/> is where it stands in the profile, for messages.</summary>
public abstract record Step(string Path, string Name);

/// <summary>Rows of a source become rows of a table.</summary>
public sealed record TableStep(
    string Path,
    string Name,
    TargetTable Table,
    StepSource Source,
    IReadOnlyList<Condition> Where,
    IReadOnlyDictionary<string, Field> Fields,
    GeometryRules Geometry,
    bool KeepExisting,
    string? OnlyWithoutLevel) : Step(Path, Name);

/// <summary>People counted in population cells are spread over buildings or grids, every cell's sum kept exactly.</summary>
public sealed record DistributeStep(
    string Path, string Name, string CellPrefix, string To, string TargetPrefix, IReadOnlyList<string> Uses) : Step(Path, Name);

public abstract record StepSource(string Path);

/// <summary>
/// Files below the source folder. <see cref="X"/> and <see cref="Y"/> (or <see cref="Wkt"/>) name the coordinate columns of plain tables.
/// <see cref="Coord"/>: the degrees are shifted as Chinese web maps shift them; null is not said, which means they are not.
/// </summary>
public sealed record FileSource(
    string Path, string Files, string? Layer, string? Encoding, string? Crs, ChinaDatum? Coord, string? X, string? Y, string? Wkt, bool Optional) : StepSource(Path);

/// <summary>Areas that are already in the database, to make a missing level from: the fields are code, name, nameEn, level.</summary>
public sealed record AreaSource(string Path, string Level) : StepSource(Path);

/// <summary>One row without fields whose geometry is the convex hull of everything in these files.</summary>
public sealed record HullSource(string Path, IReadOnlyList<FileSource> Of) : StepSource(Path);

public sealed record GeometryRules(
    bool Explode, double MinimumSquareMetres, double BufferMetres, bool ClipToCity, bool SwapAxes, IReadOnlyList<string> DissolveBy)
{
    public static GeometryRules Default { get; } = new(false, 0, 0, false, false, []);
}

/// <summary>The value of one column: an expression and how its text is read.</summary>
public sealed record Field(string Path, Expression Expression, string? Format, string? Zone, double Factor, bool EmptyWhenUnreadable);

public abstract record Expression;

/// <summary>The first of these fields that the source has (upper and lower case are tried as well). Without any, an optional field is left out.</summary>
public sealed record SourceField(string Path, IReadOnlyList<string> Names, bool Optional) : Expression;

public sealed record Constant(string Value) : Expression;

/// <summary>Text with <c>{field}</c> holes; <c>{field:3}</c> pads with zeros to three characters. Empty when a hole is empty.</summary>
public sealed record Template(string Path, IReadOnlyList<TemplatePart> Parts) : Expression
{
    /// <summary>The text before the first hole: the mark by which rows of this step are known again.</summary>
    public string Prefix => Parts.Count > 0 && Parts[0].Field is null ? Parts[0].Text : "";
}

public sealed record TemplatePart(string Text, string? Field, int Pad);

/// <summary>The first of several that is not empty.</summary>
public sealed record FirstOf(IReadOnlyList<Expression> Options) : Expression;

/// <summary>Values that are translated; <see cref="Otherwise"/> null keeps an unknown value, <see cref="Refusal"/> refuses its row.</summary>
public sealed record ValueMap(Expression Of, IReadOnlyDictionary<string, string> Values, bool IgnoreCase, Expression? Otherwise) : Expression;

public sealed record Cases(IReadOnlyList<Case> Options, Expression Otherwise) : Expression;

public sealed record Case(IReadOnlyList<Condition> When, Expression Then);

/// <summary>Refuses the row, naming what was found in <see cref="Of"/>.</summary>
public sealed record Refusal(Expression? Of, string Reason) : Expression;

public abstract record Condition;

public sealed record AnyOf(IReadOnlyList<Condition> Options) : Condition;

/// <summary>A test of one source field. <see cref="Test"/> is one of equals, in, contains, startsWith, present, atLeast, atMost.</summary>
public sealed record FieldTest(string Path, string Field, string Test, IReadOnlyList<string> Values, double Number, bool Not) : Condition;

/// <summary>A profile that cannot be used, or a source that does not fit it. The message is for the person who runs the import.</summary>
public sealed class ImportException(string path, string problem) : Exception(path.Length == 0 ? problem : $"{path}: {problem}")
{
    public string Path { get; } = path;
}
