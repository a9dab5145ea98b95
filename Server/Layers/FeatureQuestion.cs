using GridMap.Geo.GeoJson;
using GridMap.Server.Databases;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>One column to sort by; nulls come last in both directions, texts in the order of their code points.</summary>
public sealed record SortBy(LayerColumn Column, bool Descending);

/// <summary>Where a page ended: the last feature's id and, when sorted, its values in the order of the sort.</summary>
public sealed record FeatureKey(long Id, IReadOnlyList<object?> Values)
{
    public static FeatureKey Of(long id) => new(id, []);
}

/// <summary>
/// Which features of a layer are asked for, and how they are to be written. Nothing in here is SQL except <see cref="Filter"/>: the same
/// question is answered from memory or from the database, with the same bytes.
/// </summary>
public sealed record FeatureQuestion(Layer Layer, int Limit)
{
    /// <summary>In WGS 84 longitude and latitude, whatever CRS it was asked in; a feature must really intersect it.</summary>
    public Bbox? Box { get; init; }

    public TimeSpanAsked? Time { get; init; }

    /// <summary>Only these ids; null for all.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>All must hold.</summary>
    public IReadOnlyList<PropertyTest> Tests { get; init; } = [];

    /// <summary>What only the database can decide, over the layer's FROM clause (<c>t</c> is the table).</summary>
    public Sql? Filter { get; init; }

    /// <summary>By id when empty; the id always comes last, so that every order is total.</summary>
    public IReadOnlyList<SortBy> Sort { get; init; } = [];

    /// <summary>Only what comes behind this in the order.</summary>
    public FeatureKey? After { get; init; }

    public int Offset { get; init; }

    /// <summary>Names of the properties to write, in the layer's order; null for all.</summary>
    public IReadOnlySet<string>? Properties { get; init; }

    public bool SkipGeometry { get; init; }

    /// <summary>Longitude and latitude to the position that is written, axes in the order of the target CRS; null writes them as they are.</summary>
    public CoordinateShift? Shift { get; init; }

    /// <summary>Places kept of a coordinate: 7 for degrees, fewer for metres.</summary>
    public int Decimals { get; init; } = GeoJsonWriter.DefaultDecimals;

    public IReadOnlyList<LayerColumn> Columns => Properties is null ? Layer.Columns : [.. Layer.Columns.Where(column => Properties.Contains(column.Name))];
}
