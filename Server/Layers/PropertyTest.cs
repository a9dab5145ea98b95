namespace GridMap.Server.Layers;

public enum TestKind
{
    /// <summary>The value is one of those given.</summary>
    In,

    /// <summary>The value is there and none of those given.</summary>
    NotIn,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    IsNull,
    NotNull,
}

/// <summary>
/// A test of one property that the database and memory answer alike. Null passes only <see cref="TestKind.IsNull"/>.
/// Values have the type of the column's kind: string, long, double, bool or DateTime (UTC).
/// </summary>
public sealed record PropertyTest(LayerColumn Column, TestKind Kind, IReadOnlyList<object> Values)
{
    public static PropertyTest Equal(LayerColumn column, object value) => new(column, TestKind.In, [value]);

    public static PropertyTest In<T>(LayerColumn column, IEnumerable<T> values) where T : notnull => new(column, TestKind.In, [.. values.Select(value => (object)value)]);

    public static PropertyTest NotIn<T>(LayerColumn column, IEnumerable<T> values) where T : notnull => new(column, TestKind.NotIn, [.. values.Select(value => (object)value)]);

    public static PropertyTest Compare(LayerColumn column, TestKind kind, object value) => new(column, kind, [value]);

    public static PropertyTest IsNull(LayerColumn column) => new(column, TestKind.IsNull, []);
}
