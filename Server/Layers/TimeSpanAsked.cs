using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>A span of time as OGC API writes it: an instant, or an interval of which either end may be open.</summary>
public readonly record struct TimeSpanAsked(DateTime? From, DateTime? To)
{
    public static readonly Parameter<TimeSpanAsked?> Parameter = new("datetime",
        "An RFC 3339 instant, or an interval start/end in which '..' or nothing leaves an end open.",
        new Microsoft.OpenApi.OpenApiSchema { Type = Microsoft.OpenApi.JsonSchemaType.String }, Read);

    private const int DateLength = 10;

    private static Reading<TimeSpanAsked?> Read(string text)
    {
        var wrong = Reading<TimeSpanAsked?>.Wrong("datetime.unreadable", "an RFC 3339 time, or an interval such as 2026-01-01T00:00:00Z/.. that does not end before it begins");
        var ends = text.Split('/');
        if (ends.Length > 2) return wrong;
        if (!TryEnd(ends[0], ends.Length == 2, out var from) || !TryEnd(ends[^1], ends.Length == 2, out var to)) return wrong;
        if (to is { } last && ends[^1].Length == DateLength) to = last.Date.AddDays(1).AddTicks(-10); // a date is the whole day, also as an end
        if (ends.Length == 2 && from is null && to is null) return wrong;
        return from > to ? wrong : new TimeSpanAsked(from, to);
    }

    private static bool TryEnd(string text, bool mayBeOpen, out DateTime? time)
    {
        time = null;
        if (mayBeOpen && text is "" or "..") return mayBeOpen;
        // The standard knows no city and no first year: a bare date is UTC here, and an end like 9999-12-31 is one.
        if (!When.TryReadAny(text, out var read)) return false;
        time = read;
        return true;
    }
}
