using GridMap.Server.Access;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>What clients of the standards may write to a layer. Without rules of its own a layer is one table whose triggers and checks are the rules.</summary>
/// <param name="Role">The least role of the key.</param>
/// <param name="Properties">What may be set; everything else that is published is derived and passed over when sent.</param>
public sealed record LayerWrites(Role Role, IReadOnlyList<WritableProperty> Properties)
{
    public bool MayReplace { get; init; } = true;

    public bool MayDelete { get; init; } = true;

    /// <summary>The column with the derived area that decides where a limited key may write; null where the geometry itself decides.</summary>
    public string? AreaColumn { get; init; }

    /// <summary>The layer's own way to make features; checks the key's area itself.</summary>
    public Func<WriteContext, IReadOnlyList<FeatureDraft>, Task<IReadOnlyList<long>>>? Create { get; init; }

    /// <summary>The layer's own way to change one (the last: whether it is replaced whole); the row is locked and the key's area has been checked.</summary>
    public Func<WriteContext, long, FeatureDraft, bool, Task>? Change { get; init; }

    /// <summary>The layer's own way to take one away; the row is locked and the key's area has been checked.</summary>
    public Func<WriteContext, long, Task>? Delete { get; init; }
}

/// <param name="Name">Its name outside.</param>
/// <param name="Column">The table's column.</param>
public sealed record WritableProperty(string Name, string Column, ColumnKind Kind)
{
    /// <summary>What people call what is only written; what is published goes by its column's title.</summary>
    public Words Title { get; init; } = Name;

    /// <summary>Whether a new feature must have it. A text that is not required may be left out even where the table has no default: see <see cref="IsCode"/>.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whose codes it takes; null where it takes no catalogue's.</summary>
    public string? Catalogue { get; init; }

    /// <summary>A unique code: made up when it is not given.</summary>
    public bool IsCode { get; init; }

    public int MostCharacters { get; init; } = 200;

    public double Least { get; init; }

    public double Most { get; init; } = int.MaxValue;

    public string[]? Choices { get; init; }

    /// <summary>A published column that may be written as it is.</summary>
    public static WritableProperty Of(LayerColumn column) => new(column.Name, column.Sql.Replace("t.", "", StringComparison.Ordinal), column.Kind) { Choices = column.Choices };
}

/// <summary>A feature as it was sent, read and checked by the layer's <see cref="WritableProperty"/> list. What was not sent is not in <paramref name="Values"/>.</summary>
/// <param name="Geometry">WGS 84, snapped; null when a change leaves it as it is.</param>
/// <param name="Path">What the names of its fields begin with in a refusal, such as <c>features[3].</c></param>
public sealed record FeatureDraft(Geometry? Geometry, IReadOnlyDictionary<string, object?> Values, string Path)
{
    public T? Get<T>(string name) => Values.TryGetValue(name, out var value) && value is T known ? known : default;

    /// <summary>A text; null when it is absent, null or empty.</summary>
    public string? Text(string name) => Get<string>(name) is { Length: > 0 } text ? text : null;

    public long? Whole(string name) => Values.TryGetValue(name, out var value) && value is long whole ? whole : null;

    public DateTime? Time(string name) => Values.TryGetValue(name, out var value) && value is DateTime time ? time : null;
}

/// <summary>One transaction that writes features.</summary>
public sealed record WriteContext(NpgsqlConnection Connection, Caller Caller, CityClock Clock, CancellationToken Cancellation);
