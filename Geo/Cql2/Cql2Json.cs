using System.Text.Json;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Cql2;

/// <summary>Reads CQL2 JSON (OGC 21-065r2 §8.3) into the same tree as CQL2 text.</summary>
/// <remarks>
/// Operators are known in any case. Also understood are the spellings of earlier drafts, <c>{"casei": …}</c>, <c>{"accenti": …}</c> and
/// <c>{"function": {"name": …, "args": …}}</c>. Bad input is answered with a reason; nothing is thrown for it. Thread-safe.
/// </remarks>
public static class Cql2Json
{
    // Reading is iterative and so safe at any depth; what is too deep is refused by the walk below with its own reason.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Cql2Limits.MaxLength };

    public static Cql2Result Read(string text) => Cql2Result.Of(text, () =>
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Options);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException) // half a surrogate pair is an argument that cannot be encoded
        {
            throw new Cql2Refusal(Cql2Reasons.Unreadable, $"well-formed JSON ({(exception as JsonException)?.Message ?? "the text cannot be encoded"})");
        }
        using (document) return Any(document.RootElement, 0);
    });

    private static Expression Any(JsonElement node, int depth)
    {
        if (++depth > Cql2Limits.MaxDepth) throw Parts.TooDeep();
        return node.ValueKind switch
        {
            JsonValueKind.String => new TextLiteral(Text(node)),
            JsonValueKind.Number => new NumberLiteral(Number(node)),
            JsonValueKind.True => new BooleanLiteral(true),
            JsonValueKind.False => new BooleanLiteral(false),
            JsonValueKind.Array => Parts.Checked(new ArrayOf(Each(node, depth))),
            JsonValueKind.Object => Thing(node, depth),
            _ => throw new Cql2Refusal(Cql2Reasons.Unreadable, "no null: {\"op\":\"isNull\"} asks for it"),
        };
    }

    private static Expression Thing(JsonElement node, int depth)
    {
        if (node.TryGetProperty("op", out var op)) return Operation(Text(op), node.TryGetProperty("args", out var args) ? args : default, depth);
        if (node.TryGetProperty("property", out var property)) return new Property(Text(property));
        if (node.TryGetProperty("date", out var date)) return Parts.Date(Text(date));
        if (node.TryGetProperty("timestamp", out var timestamp)) return Parts.Timestamp(Text(timestamp));
        if (node.TryGetProperty("interval", out var interval)) return Interval(interval, depth);
        if (node.TryGetProperty("type", out _)) return new GeometryLiteral(Geometry(node, depth));
        if (node.TryGetProperty("bbox", out var box)) return Parts.Box(Numbers(box));
        foreach (var name in new[] { "casei", "accenti" })
        {
            if (node.TryGetProperty(name, out var inner)) return Parts.Make(name, Any(inner, depth));
        }
        if (node.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object && function.TryGetProperty("name", out var called))
            return Operation(Text(called), function.TryGetProperty("args", out var given) ? given : default, depth);
        throw new Cql2Refusal(Cql2Reasons.Unreadable, "an object with op, property, date, timestamp, interval, bbox or a geometry's type");
    }

    private static Expression Operation(string name, JsonElement args, int depth)
    {
        if (args.ValueKind == JsonValueKind.Array) return Parts.Make(name, Each(args, depth));
        // isNull and not were once written with a bare argument.
        return args.ValueKind == JsonValueKind.Undefined ? Parts.Make(name) : Parts.Make(name, Any(args, depth));
    }

    private static Expression Interval(JsonElement ends, int depth)
    {
        if (ends.ValueKind != JsonValueKind.Array || ends.GetArrayLength() != 2) throw new Cql2Refusal(Cql2Reasons.Time, "an interval with two ends");
        return Parts.Interval(End(ends[0]), End(ends[1]));

        Expression? End(JsonElement end) => end.ValueKind == JsonValueKind.String ? Parts.IntervalEnd(Text(end)) : Any(end, depth);
    }

    private static Geometry Geometry(JsonElement node, int depth)
    {
        if (++depth > Cql2Limits.MaxDepth) throw Parts.TooDeep();
        var type = node.ValueKind == JsonValueKind.Object && node.TryGetProperty("type", out var named) ? Text(named) : "";
        var member = type == "GeometryCollection" ? "geometries" : "coordinates";
        if (node.ValueKind != JsonValueKind.Object || !node.TryGetProperty(member, out var content))
            throw Parts.Geometry($"a GeoJSON geometry with \"{member}\"");
        return type switch
        {
            "Point" => Parts.Point(Position(content)),
            "LineString" => Parts.Line(Positions(content)),
            "Polygon" => Parts.Polygon([.. Items(content).Select(Positions)]),
            "MultiPoint" => Parts.Many("MULTIPOINT", [.. Items(content).Select(at => Parts.Point(Position(at)))]),
            "MultiLineString" => Parts.Many("MULTILINESTRING", [.. Items(content).Select(line => Parts.Line(Positions(line)))]),
            "MultiPolygon" => Parts.Many("MULTIPOLYGON", [.. Items(content).Select(part => Parts.Polygon([.. Items(part).Select(Positions)]))]),
            "GeometryCollection" => Parts.Many("GEOMETRYCOLLECTION", [.. Items(content).Select(part => Geometry(part, depth))]),
            _ => throw Parts.Geometry("one of GeoJSON's geometry types"),
        };
    }

    private static Coordinate[] Positions(JsonElement list) => [.. Items(list).Select(Position)];

    private static Coordinate Position(JsonElement list)
    {
        var numbers = Numbers(list);
        return numbers.Count is 2 or 3 ? new Coordinate(numbers[0], numbers[1]) : throw Parts.Geometry("positions of two or three numbers");
    }

    private static List<double> Numbers(JsonElement list) => [.. Items(list).Select(Number)];

    private static JsonElement.ArrayEnumerator Items(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw Parts.Geometry("a list of coordinates");

    private static List<Expression> Each(JsonElement list, int depth)
    {
        var items = new List<Expression>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray()) items.Add(Any(item, depth));
        return items;
    }

    private static double Number(JsonElement node) =>
        node.ValueKind == JsonValueKind.Number && node.TryGetDouble(out var number) ? Parts.Finite(number) : throw new Cql2Refusal(Cql2Reasons.Number, "numbers that a double can hold");

    private static string Text(JsonElement node)
    {
        if (node.ValueKind != JsonValueKind.String) throw new Cql2Refusal(Cql2Reasons.Unreadable, $"a text, found {node.ValueKind}");
        try
        {
            return Parts.Text(node.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: well-formed JSON, but no text.
            throw new Cql2Refusal(Cql2Reasons.Text, "no half of a surrogate pair");
        }
    }
}
