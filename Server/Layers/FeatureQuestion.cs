using GridMap.Server.Databases;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>Which features of a layer are asked for. <see cref="Where"/> is what selects; paging comes on top.</summary>
public sealed record FeatureQuestion(Layer Layer, Sql Where, int Limit)
{
    public long? After { get; init; }

    public int Offset { get; init; }

    /// <summary>One row more than the limit, to know whether there is a next page without counting.</summary>
    public Sql ToSql()
    {
        var columns = string.Join(", ", Layer.Columns.Select(column => column.Sql));
        var after = After is { } id ? Sql.Of($" AND t.id > {id}") : Sql.Empty;
        var offset = Offset > 0 ? Sql.Of($" OFFSET {Offset}") : Sql.Empty;
        return Sql.Of($"""
            SELECT t.id, ST_AsBinary(t.geom){Sql.Trusted(columns.Length > 0 ? ", " + columns : "")}
            FROM {Sql.Trusted(Layer.From)} WHERE {Where}{after}
            ORDER BY t.id LIMIT {Limit + 1}{offset}
            """);
    }

    public Sql ToCountSql() => Sql.Of($"SELECT count(*) FROM {Sql.Trusted(Layer.From)} WHERE {Where}");

    /// <summary>Conditions from the filters that every layer understands.</summary>
    public static IEnumerable<Sql> Conditions(Layer layer, Bbox? box, TimeSpanAsked? time)
    {
        if (box is { } asked) yield return asked.Intersects(Sql.Trusted("t.geom"));
        if (time is not { } span || layer.TimeStart is not { } start) yield break;
        // Both ends of an OGC interval are included; a feature's own end is not. A feature without a time matches (OGC 17-069r4, /req/core/fc-time-response).
        var end = layer.TimeEnd ?? start;
        if (span.To is { } to) yield return Sql.Of($"{Sql.Trusted(start)} IS NULL OR {Sql.Trusted(start)} <= {to}");
        if (span.From is { } from) yield return Sql.Of($"{Sql.Trusted(end)} IS NULL OR {Sql.Trusted(end)} {Sql.Trusted(layer.TimeEnd is null ? ">=" : ">")} {from}");
    }
}

/// <summary>A span of time as OGC API writes it: an instant, or an interval of which either end may be open.</summary>
public readonly record struct TimeSpanAsked(DateTime? From, DateTime? To)
{
    public static readonly Parameter<TimeSpanAsked?> Parameter = new("datetime",
        "An RFC 3339 instant, or an interval start/end in which '..' or nothing leaves an end open.",
        new Microsoft.OpenApi.OpenApiSchema { Type = Microsoft.OpenApi.JsonSchemaType.String }, Read);

    private static Reading<TimeSpanAsked?> Read(string text)
    {
        var wrong = Reading<TimeSpanAsked?>.Wrong("datetime.unreadable", "an RFC 3339 time, or an interval such as 2026-01-01T00:00:00Z/.. that does not end before it begins");
        var ends = text.Split('/');
        if (ends.Length > 2) return wrong;
        if (!TryEnd(ends[0], ends.Length == 2, out var from) || !TryEnd(ends[^1], ends.Length == 2, out var to)) return wrong;
        if (ends.Length == 1 && text.Length == 10) to = from!.Value.AddDays(1).AddTicks(-10); // a date is the whole day
        if (ends.Length == 2 && from is null && to is null) return wrong;
        return from > to ? wrong : new TimeSpanAsked(from, to);
    }

    private static bool TryEnd(string text, bool mayBeOpen, out DateTime? time)
    {
        time = null;
        if (mayBeOpen && text is "" or "..") return mayBeOpen;
        if (!When.TryRead(text, out var when)) return false;
        time = when.ToUtc(TimeZoneInfo.Utc); // the standard knows no city: a bare date is UTC here
        return true;
    }
}
