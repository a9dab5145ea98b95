using GridMap.Server.Databases;

namespace GridMap.Server.Layers;

/// <summary>
/// Arrays in filters, which CQL2 compares as sets of anything: each item becomes a text that begins with its kind, so that 1 and '1' differ and
/// 1 and 1.0 do not.
/// </summary>
internal static class FilterSets
{
    public static FilterOperand Of(IReadOnlyList<FilterOperand> items)
    {
        var sql = Sql.Of($"ARRAY[");
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) sql.AppendLiteral(", ");
            sql.AppendFormatted(Key(items[i]));
        }
        sql.AppendLiteral("]::text[]");
        return new FilterOperand(FilterKind.Array, sql);
    }

    public static Sql Compare(string name, FilterOperand left, FilterOperand right)
    {
        // ('a') is read as 'a' in brackets; where an array is meant it is an array of one.
        var (a, b) = (left.Kind == FilterKind.Array ? left.Sql : Of([left]).Sql, right.Kind == FilterKind.Array ? right.Sql : Of([right]).Sql);
        return name switch
        {
            "a_contains" => Sql.Of($"({a} @> {b})"),
            "a_containedby" => Sql.Of($"({a} <@ {b})"),
            "a_overlaps" => Sql.Of($"({a} && {b})"),
            _ => Sql.Of($"(SELECT one @> other AND one <@ other FROM (SELECT {a} AS one, {b} AS other) AS sets)"),
        };
    }

    private static Sql Key(FilterOperand item) => item.Kind switch
    {
        FilterKind.Text => Sql.Of($"'s:' || {item.Sql}"),
        FilterKind.Number => Sql.Of($"'n:' || ({item.Sql})::float8::text"),
        FilterKind.Boolean => Sql.Of($"'b:' || ({item.Sql})::text"),
        FilterKind.Timestamp => Sql.Of($"'t:' || extract(epoch FROM {item.Sql})::text"),
        FilterKind.Date => Sql.Of($"'d:' || ({item.Sql})::text"),
        FilterKind.Geometry => Sql.Of($"'g:' || encode(ST_AsBinary(ST_Normalize({item.Sql})), 'hex')"),
        FilterKind.Interval => Sql.Of($"'i:' || {Key(item.Start!)} || '/' || {Key(item.End!)}"),
        _ => Sql.Of($"'a:' || (SELECT array_agg(DISTINCT item ORDER BY item) FROM unnest({item.Sql}) AS item)::text"),
    };
}
