using GridMap.Server.Databases;

namespace GridMap.Server.Layers;

public enum FilterKind
{
    Text,
    Number,
    Boolean,
    Timestamp,
    Date,
    Interval,
    Geometry,
    Array,
}

/// <summary>A part of a filter whose kind is known and whose SQL is made.</summary>
internal sealed record FilterOperand(FilterKind Kind, Sql Sql)
{
    /// <summary>For numbers: the greatest absolute value there can be; infinity where nobody knows.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>For numbers: whether every value is whole.</summary>
    public bool IsWhole { get; init; }

    /// <summary>For dates: the day.</summary>
    public DateOnly Day { get; init; }

    /// <summary>For intervals: both ends, ±infinity where open.</summary>
    public FilterOperand? Start { get; init; }

    public FilterOperand? End { get; init; }

    /// <summary>For times that are columns of an interval layer: the column itself, where ±infinity stands for an open end.</summary>
    public Sql? WithInfinity { get; init; }

    public static FilterOperand Of(DateTime time) => new(FilterKind.Timestamp, Sql.Of($"{time}"));

    public static readonly FilterOperand FarPast = new(FilterKind.Timestamp, Sql.Trusted("'-infinity'::timestamptz"));

    public static readonly FilterOperand FarFuture = new(FilterKind.Timestamp, Sql.Trusted("'infinity'::timestamptz"));
}
