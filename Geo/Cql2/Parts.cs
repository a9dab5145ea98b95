using System.Globalization;
using System.Text.RegularExpressions;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Cql2;

/// <summary>What both encodings have in common: the operators with the number of their arguments, times, texts, geometries.</summary>
internal static partial class Parts
{
    private static readonly GeometryFactory Factory = new();

    private static readonly Dictionary<string, (int Least, int Most)> Operators = new()
    {
        ["and"] = (2, int.MaxValue), ["or"] = (2, int.MaxValue), ["not"] = (1, 1), ["isnull"] = (1, 1),
        ["="] = (2, 2), ["<>"] = (2, 2), ["<"] = (2, 2), ["<="] = (2, 2), [">"] = (2, 2), [">="] = (2, 2),
        ["like"] = (2, 2), ["between"] = (3, 3), ["in"] = (2, 2), ["casei"] = (1, 1), ["accenti"] = (1, 1),
        ["+"] = (2, 2), ["-"] = (2, 2), ["*"] = (2, 2), ["/"] = (2, 2), ["^"] = (2, 2), ["%"] = (2, 2), ["div"] = (2, 2),
        ["s_intersects"] = (2, 2), ["s_equals"] = (2, 2), ["s_disjoint"] = (2, 2), ["s_touches"] = (2, 2),
        ["s_within"] = (2, 2), ["s_overlaps"] = (2, 2), ["s_crosses"] = (2, 2), ["s_contains"] = (2, 2),
        ["t_after"] = (2, 2), ["t_before"] = (2, 2), ["t_contains"] = (2, 2), ["t_disjoint"] = (2, 2), ["t_during"] = (2, 2),
        ["t_equals"] = (2, 2), ["t_finishedby"] = (2, 2), ["t_finishes"] = (2, 2), ["t_intersects"] = (2, 2), ["t_meets"] = (2, 2),
        ["t_metby"] = (2, 2), ["t_overlappedby"] = (2, 2), ["t_overlaps"] = (2, 2), ["t_startedby"] = (2, 2), ["t_starts"] = (2, 2),
        ["a_equals"] = (2, 2), ["a_contains"] = (2, 2), ["a_containedby"] = (2, 2), ["a_overlaps"] = (2, 2),
    };

    /// <summary>The operators that CQL2 text writes as functions.</summary>
    public static bool IsWrittenAsFunction(string lowerName) =>
        Operators.ContainsKey(lowerName) && (lowerName is "casei" or "accenti" || (lowerName.Length > 2 && lowerName[1] == '_'));

    /// <summary>A call with the right number of arguments and not too deep. Operators are known in any case, functions by their exact name.</summary>
    public static Expression Make(string name, params IReadOnlyList<Expression> arguments)
    {
        if (Operators.TryGetValue(name.ToLowerInvariant(), out var count))
        {
            name = name.ToLowerInvariant();
            if (arguments.Count < count.Least || arguments.Count > count.Most)
                throw new Cql2Refusal(Cql2Reasons.Arguments, $"{name} takes {(count.Most == int.MaxValue ? $"{count.Least} or more" : count.Least)} arguments, found {arguments.Count}");
        }
        return Checked(new Call(name, arguments));
    }

    public static Expression Checked(Expression expression) => expression.Depth <= Cql2Limits.MaxDepth ? expression : throw TooDeep();

    public static Cql2Refusal TooDeep() => new(Cql2Reasons.TooDeep, $"at most {Cql2Limits.MaxDepth} levels inside each other");

    public static string Text(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') throw new Cql2Refusal(Cql2Reasons.Text, "no character U+0000");
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i]))
                throw new Cql2Refusal(Cql2Reasons.Text, "no half of a surrogate pair");
        }
        return text;
    }

    public static double Finite(double number) =>
        double.IsFinite(number) ? number : throw new Cql2Refusal(Cql2Reasons.Number, "numbers that a double can hold");

    public static Expression Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new DateLiteral(date) : throw new Cql2Refusal(Cql2Reasons.Time, $"a date such as 2026-03-01 (found '{Short(text)}')");

    public static Expression Timestamp(string text) =>
        Rfc3339.TryRead(text, out var time)
            ? new TimestampLiteral(time) : throw new Cql2Refusal(Cql2Reasons.Time, $"a time such as 2026-03-01T08:00:00Z (found '{Short(text)}')");

    /// <summary>An end of an interval: a date, a time, or null for "..".</summary>
    public static Expression? IntervalEnd(string text) => text == ".." ? null : text.Length == 10 ? Date(text) : Timestamp(text);

    public static Expression Interval(Expression? start, Expression? end)
    {
        if (Moment(start, ends: false) > Moment(end, ends: true)) throw new Cql2Refusal(Cql2Reasons.Time, "an interval that does not end before it begins");
        return Checked(new IntervalOf(start, end));
    }

    public static Expression Box(IReadOnlyList<double> numbers) => numbers.Count switch
    {
        4 => new BoxLiteral(numbers[0], numbers[1], numbers[2], numbers[3]),
        6 => new BoxLiteral(numbers[0], numbers[1], numbers[3], numbers[4]),
        _ => throw new Cql2Refusal(Cql2Reasons.Geometry, $"a box has four or six numbers, found {numbers.Count}"),
    };

    public static Point Point(Coordinate at) => Factory.CreatePoint(at);

    public static LineString Line(Coordinate[] positions) =>
        positions.Length >= 2 ? Factory.CreateLineString(positions) : throw Geometry("a line has two positions or more");

    public static Polygon Polygon(IReadOnlyList<Coordinate[]> rings)
    {
        if (rings.Count == 0) throw Geometry("a polygon has a ring");
        var closed = rings.Select(ring => ring.Length >= 4 && ring[0].Equals2D(ring[^1])
            ? Factory.CreateLinearRing(ring) : throw Geometry("a ring has four positions or more and ends where it begins")).ToArray();
        return Factory.CreatePolygon(closed[0], closed[1..]);
    }

    public static Geometry Many(string type, IReadOnlyList<Geometry> parts)
    {
        if (parts.Count == 0) throw Geometry($"a {type} has a part");
        return type switch
        {
            "MULTIPOINT" => Factory.CreateMultiPoint([.. parts.Cast<Point>()]),
            "MULTILINESTRING" => Factory.CreateMultiLineString([.. parts.Cast<LineString>()]),
            "MULTIPOLYGON" => Factory.CreateMultiPolygon([.. parts.Cast<Polygon>()]),
            _ => Factory.CreateGeometryCollection([.. parts]),
        };
    }

    public static Cql2Refusal Geometry(string expected) => new(Cql2Reasons.Geometry, expected);

    public static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    // A day lasts to its end.
    private static DateTime? Moment(Expression? end, bool ends) => end switch
    {
        DateLiteral date => date.Value.ToDateTime(ends ? TimeOnly.MaxValue : TimeOnly.MinValue),
        TimestampLiteral time => time.Value,
        _ => null,
    };
}
