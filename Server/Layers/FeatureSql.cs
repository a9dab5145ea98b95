using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>The one place where a <see cref="FeatureQuestion"/> becomes SQL.</summary>
public static class FeatureSql
{
    /// <summary>
    /// id, WKB (null when no geometry is wanted), the question's columns, then the values sorted by.
    /// One row more than the limit, to know whether there is a next page without counting.
    /// </summary>
    public static Sql Rows(FeatureQuestion question)
    {
        var columns = string.Concat(question.Columns.Concat(question.Sort.Select(sort => sort.Column)).Select(column => $", {column.Sql}"));
        var geometry = question.SkipGeometry ? "NULL::bytea" : "ST_AsBinary(t.geom)";
        return Page(question, $"t.id, {geometry}{columns}");
    }

    /// <summary>The ids of the page in order, for a reader who has the features already.</summary>
    public static Sql Ids(FeatureQuestion question) => Page(question, string.Concat(question.Sort.Select(sort => $", {sort.Column.Sql}").Prepend("t.id")));

    public static Sql Count(FeatureQuestion question) => Sql.Of($"SELECT count(*) FROM {Sql.Trusted(question.Layer.From)} WHERE {Where(question)}");

    /// <summary>What selects, without paging.</summary>
    public static Sql Where(FeatureQuestion question) => Sql.And(Conditions(question));

    public static Sql Condition(PropertyTest test)
    {
        var column = Sql.Trusted(test.Column.Sql);
        return test.Kind switch
        {
            TestKind.IsNull => Sql.Of($"{column} IS NULL"),
            TestKind.NotNull => Sql.Of($"{column} IS NOT NULL"),
            TestKind.In when test.Values.Count == 1 => Sql.Of($"{column} = {test.Values[0]}"),
            TestKind.In => Sql.Of($"{column} = ANY ({List(test)})"),
            TestKind.NotIn => Sql.Of($"{column} <> ALL ({List(test)})"),
            _ => Sql.Of($"{Sql.Trusted(Ordered(test.Column))} {Sql.Trusted(test.Kind switch { TestKind.Less => "<", TestKind.LessOrEqual => "<=", TestKind.Greater => ">", _ => ">=" })} {test.Values[0]}"),
        };
    }

    private static IEnumerable<Sql> Conditions(FeatureQuestion question)
    {
        if (question.Ids is { } ids) yield return Sql.Of($"t.id = ANY ({ids.ToArray()})");
        if (question.Box is { } asked) yield return asked.Intersects(Sql.Trusted("t.geom"));
        foreach (var condition in During(question.Layer, question.Time)) yield return condition;
        foreach (var test in question.Tests) yield return Condition(test);
        if (question.Filter is { } filter) yield return filter;
    }

    // Both ends of an OGC interval are included; a feature's own end is not. A feature without a time matches (OGC 17-069r4, /req/core/fc-time-response).
    private static IEnumerable<Sql> During(Layer layer, TimeSpanAsked? time)
    {
        if (time is not { } span || layer.TimeStart is not { } start) yield break;
        var end = layer.TimeEnd ?? start;
        if (span.To is { } to) yield return Sql.Of($"{Sql.Trusted(start)} IS NULL OR {Sql.Trusted(start)} <= {to}");
        if (span.From is { } from) yield return Sql.Of($"{Sql.Trusted(end)} IS NULL OR {Sql.Trusted(end)} {Sql.Trusted(layer.TimeEnd is null ? ">=" : ">")} {from}");
    }

    private static Sql Page(FeatureQuestion question, string what)
    {
        var order = string.Concat(question.Sort.Select(sort => $"{Ordered(sort.Column)}{(sort.Descending ? " DESC" : "")} NULLS LAST, "));
        var after = question.After is { } key ? Sql.Of($" AND ({Behind(question, key)})") : Sql.Empty;
        var offset = question.Offset > 0 ? Sql.Of($" OFFSET {question.Offset}") : Sql.Empty;
        return Sql.Of($"""
            SELECT {Sql.Trusted(what)}
            FROM {Sql.Trusted(question.Layer.From)} WHERE {Where(question)}{after}
            ORDER BY {Sql.Trusted(order)}t.id LIMIT {question.Limit + 1}{offset}
            """);
    }

    // (a, b, id) behind (x, y, i): a behind x, or a is x and b behind y, or both are the same and the id is higher.
    private static Sql Behind(FeatureQuestion question, FeatureKey key)
    {
        var (behind, same) = (Sql.Empty, Sql.Empty);
        for (var i = 0; i < question.Sort.Count; i++)
        {
            var (column, value) = (Sql.Trusted(Ordered(question.Sort[i].Column)), key.Values[i]);
            // Nothing comes behind a null except other nulls.
            if (value is not null)
                behind = Sql.Of($"{behind}({same}({column} {Sql.Trusted(question.Sort[i].Descending ? "<" : ">")} {value} OR {column} IS NULL)) OR ");
            same = value is null ? Sql.Of($"{same}{column} IS NULL AND ") : Sql.Of($"{same}{column} = {value} AND ");
        }
        return Sql.Of($"{behind}({same}t.id > {key.Id})");
    }

    // The database's own collation may differ from server to server; code points do not.
    private static string Ordered(LayerColumn column) => column.Kind == ColumnKind.Text ? $"{column.Sql} COLLATE \"C\"" : column.Sql;

    private static Array List(PropertyTest test) => test.Column.Kind switch
    {
        ColumnKind.Text => test.Values.Cast<string>().ToArray(),
        ColumnKind.Integer => test.Values.Cast<long>().ToArray(),
        ColumnKind.Number => test.Values.Cast<double>().ToArray(),
        ColumnKind.Flag => test.Values.Cast<bool>().ToArray(),
        _ => test.Values.Cast<DateTime>().ToArray(),
    };

    /// <summary>One feature as GeoJSON, written as the question says; empty when there is none with this id.</summary>
    public static async Task<byte[]> One(NpgsqlConnection connection, FeatureQuestion question, long id, CancellationToken cancellation)
    {
        await using var command = Rows(question with { Ids = [id] }).ToCommand(connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation)) return [];
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using var writer = new FeatureWriter(output, question);
        writer.Write(rows);
        return output.WrittenSpan.ToArray();
    }
}
