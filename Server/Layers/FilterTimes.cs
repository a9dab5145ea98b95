using GridMap.Server.Databases;

namespace GridMap.Server.Layers;

/// <summary>
/// Comparing times in filters. A date beside a moment counts as the whole day (UTC), so both are compared by day; intervals include both their ends.
/// </summary>
internal static class FilterTimes
{
    /// <param name="name">= &lt;&gt; &lt; &lt;= &gt; &gt;=</param>
    public static Sql Compare(string name, FilterOperand left, FilterOperand right)
    {
        if (left.Kind == right.Kind) return Sql.Of($"{left.Sql} {Sql.Trusted(name)} {right.Sql}");
        if (left.Kind == FilterKind.Date) return Compare(Turned(name), right, left);
        var (from, next) = (Midnight(right.Day), right.Day == DateOnly.MaxValue ? DateTime.MaxValue : Midnight(right.Day.AddDays(1)));
        return name switch
        {
            "<" => Sql.Of($"{left.Sql} < {from}"),
            "<=" => Sql.Of($"{left.Sql} < {next}"),
            ">" => Sql.Of($"{left.Sql} >= {next}"),
            ">=" => Sql.Of($"{left.Sql} >= {from}"),
            "=" => Sql.Of($"({left.Sql} >= {from} AND {left.Sql} < {next})"),
            _ => Sql.Of($"({left.Sql} < {from} OR {left.Sql} >= {next})"),
        };
    }

    /// <summary>The fifteen functions of CQL2 by the starts and ends of their operands (an instant starts and ends at once).</summary>
    public static Sql Relate(string function, FilterOperand a, FilterOperand b)
    {
        var (aStart, aEnd, bStart, bEnd) = (a.Start ?? a, a.End ?? a, b.Start ?? b, b.End ?? b);
        return function switch
        {
            "t_after" => Compare(">", aStart, bEnd),
            "t_before" => Compare("<", aEnd, bStart),
            "t_disjoint" => Sql.Of($"({Compare("<", aEnd, bStart)} OR {Compare(">", aStart, bEnd)})"),
            "t_intersects" => Both(Compare("<=", aStart, bEnd), Compare(">=", aEnd, bStart)),
            "t_equals" => Both(Compare("=", aStart, bStart), Compare("=", aEnd, bEnd)),
            "t_contains" => Both(Compare("<", aStart, bStart), Compare(">", aEnd, bEnd)),
            "t_during" => Both(Compare(">", aStart, bStart), Compare("<", aEnd, bEnd)),
            "t_finishedby" => Both(Compare("<", aStart, bStart), Compare("=", aEnd, bEnd)),
            "t_finishes" => Both(Compare(">", aStart, bStart), Compare("=", aEnd, bEnd)),
            "t_meets" => Compare("=", aEnd, bStart),
            "t_metby" => Compare("=", aStart, bEnd),
            "t_overlappedby" => Sql.And([Compare(">", aStart, bStart), Compare("<", aStart, bEnd), Compare(">", aEnd, bEnd)]),
            "t_overlaps" => Sql.And([Compare("<", aStart, bStart), Compare(">", aEnd, bStart), Compare("<", aEnd, bEnd)]),
            "t_startedby" => Both(Compare("=", aStart, bStart), Compare(">", aEnd, bEnd)),
            "t_starts" => Both(Compare("=", aStart, bStart), Compare("<", aEnd, bEnd)),
            _ => throw new InvalidOperationException($"No function {function}"),
        };
    }

    /// <summary>Whether instants may stand in the function; the others are about intervals only.</summary>
    public static bool TakesInstants(string function) => function is "t_after" or "t_before" or "t_disjoint" or "t_equals" or "t_intersects";

    private static Sql Both(Sql one, Sql other) => Sql.Of($"({one} AND {other})");

    private static string Turned(string name) => name switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => name };

    private static DateTime Midnight(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
