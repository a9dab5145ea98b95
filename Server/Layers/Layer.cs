using GridMap.Server.Databases;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

public enum ColumnKind
{
    Text,
    Integer,
    Number,
    Flag,
    Time,
}

/// <summary>A property of a published feature: its name outside, and the SQL (written here, never from outside) that makes it.</summary>
/// <param name="Title">What people call it.</param>
/// <param name="InTiles">Whether vector tiles carry it: only what drawing and labels need.</param>
/// <param name="Choices">The values there are, where there are few.</param>
public sealed record LayerColumn(string Name, Words Title, string Sql, ColumnKind Kind, bool InTiles = false, string[]? Choices = null);

/// <summary>A property of the features in tiles.</summary>
/// <param name="Type">As JSON Schema names it.</param>
/// <param name="Meaning">What the name alone does not say; empty for the rest.</param>
public sealed record TileProperty(string Name, Words Title, string Type, string Meaning = "", string MeaningZh = "");

/// <summary>Of points with the same value that fall together below a zoom only the first (by id) is in a tile: signs on top of each other say no more than one.</summary>
/// <param name="BelowZoom">From this zoom on all are there.</param>
/// <param name="By">The text property whose values are kept apart.</param>
public sealed record TileThinning(int BelowZoom, string By);

/// <summary>What tiles of a layer may be filtered by: the parameters, and the tests they make.</summary>
public sealed record LayerFilter(Parameter[] Parameters, Func<Question, Database, CityClock, CancellationToken, Task<IReadOnlyList<PropertyTest>>> Tests);

/// <summary>What a published layer is. Every standard's face (items, tiles) is made from this one description.</summary>
public sealed record Layer(string Name, string Table, string Title, string TitleZh, string Description)
{
    /// <summary>The description in Chinese, for readers of pages.</summary>
    public string DescriptionZh { get; init; } = Description;

    /// <summary>The FROM clause; the table itself goes by the name <c>t</c> and has <c>id</c> and <c>geom</c>.</summary>
    public required string From { get; init; }

    public required IReadOnlyList<LayerColumn> Columns { get; init; }

    /// <summary>The tables whose changes change this layer.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [Table];

    /// <summary>SQL of the start and end of a feature's life; null where the layer has no time. The end is excluded.</summary>
    public string? TimeStart { get; init; }

    public string? TimeEnd { get; init; }

    /// <summary>
    /// The time property that ends a feature's business. Where memory does not suffice for the whole layer, the features that began since some time are kept in it, and
    /// however old those where this is null; null keeps the layer whole or not at all.
    /// </summary>
    public string? OpenWhileNull { get; init; }

    /// <summary>"point", "line" or "polygon".</summary>
    public string Geometry { get; init; } = "polygon";

    /// <summary>The lowest zoom at which tiles hold features.</summary>
    public int MinZoom { get; init; }

    public LayerFilter? TileFilter { get; init; }

    /// <summary>The test for a zoom below full detail: fewer, more important features; null for all of them.</summary>
    public Func<int, PropertyTest?> TileDetail { get; init; } = _ => null;

    /// <summary>Below this zoom points that fall together are one feature with a <c>count</c>, and where features are open and closed with how many are <c>open</c> (absent for none); 0 for never.</summary>
    public int CountBelowZoom { get; init; }

    /// <summary>Which points of a low zoom are left out because another stands for them; null for none.</summary>
    public TileThinning? Thinning { get; init; }

    /// <summary>Everything that tiles carry at one zoom or another.</summary>
    public IReadOnlyList<TileProperty> TileProperties => [.. Columns.Where(column => column.InTiles).Select(InTile), .. CountBelowZoom == 0 ? [] : Counts()];

    /// <summary>Whether the live feed sends a changed feature along with the news.</summary>
    public bool IsSentLive { get; init; }

    /// <summary>What clients of the standards may write; null for layers that they only read.</summary>
    public LayerWrites? Writes { get; init; }

    public LayerColumn Column(string name) => Columns.First(column => column.Name == name);

    private static TileProperty InTile(LayerColumn column) => column.Kind switch
    {
        ColumnKind.Time => new(column.Name, column.Title, "number", "Seconds since 1970-01-01T00:00:00Z.", "自 1970-01-01T00:00:00Z 起的秒数。"),
        ColumnKind.Integer or ColumnKind.Number => new(column.Name, column.Title, "number"),
        ColumnKind.Flag => new(column.Name, column.Title, "boolean"),
        _ => new(column.Name, column.Title, "string"),
    };

    private IEnumerable<TileProperty> Counts()
    {
        yield return new("count", ("Count", "个数"), "number", $"Below zoom {CountBelowZoom}: how many are drawn as one; beyond one, without their own properties.", $"{CountBelowZoom} 级以下：合并绘制的个数；多于一个时不带各自的属性。");
        if (OpenWhileNull is not null) yield return new("open", ("Open", "未办结数"), "number", $"Below zoom {CountBelowZoom}: how many of them are open; absent for none.", $"{CountBelowZoom} 级以下：其中未办结的个数；没有则不出现。");
    }
}

/// <summary>All published layers by name, as the features handed them in.</summary>
public sealed class LayerCatalog(IEnumerable<Layer> layers)
{
    private readonly Dictionary<string, Layer> _byName = layers.ToDictionary(layer => layer.Name);

    public IReadOnlyCollection<Layer> All => _byName.Values;

    public Layer? Find(string name) => _byName.GetValueOrDefault(name);
}
