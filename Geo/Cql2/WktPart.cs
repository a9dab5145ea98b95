using NetTopologySuite.Geometries;

namespace GridMap.Geo.Cql2;

/// <summary>A geometry inside CQL2 text: WKT (OGC 06-103r4 §7), or BBOX(…). Heights are read and dropped.</summary>
internal sealed class WktPart(Cql2Tokens tokens, string name, int depth)
{
    private readonly string _type = TypeOf(name);
    private bool _sized = IsSized(name);
    private int _depth = depth;

    /// <summary>Whether the name, which has been taken, begins a geometry.</summary>
    public bool IsGeometry => _type.Length > 0 && (tokens.IsSymbol("(") || (tokens.IsWord("Z") && _type != "BBOX"));

    public Expression Read()
    {
        if (_type != "BBOX") return new GeometryLiteral(Body(_type));
        tokens.Expect("(");
        List<double> numbers = [Number()];
        while (tokens.TakeSymbol(",")) numbers.Add(Number());
        tokens.Expect(")");
        return Parts.Box(numbers);
    }

    private static string TypeOf(string name)
    {
        var type = (IsSized(name) ? name[..^1] : name).ToUpperInvariant();
        return type is "POINT" or "LINESTRING" or "POLYGON" or "MULTIPOINT" or "MULTILINESTRING" or "MULTIPOLYGON" or "GEOMETRYCOLLECTION" || (type == "BBOX" && !IsSized(name)) ? type : "";
    }

    // The Z of heights may stand right behind the type.
    private static bool IsSized(string name) => name[^1] is 'Z' or 'z';

    private Geometry Body(string type)
    {
        if (tokens.TakeWord("Z")) _sized = true;
        tokens.Expect("(");
        Geometry geometry = type switch
        {
            "POINT" => Parts.Point(Position()),
            "LINESTRING" => Parts.Line(Positions()),
            "POLYGON" => Parts.Polygon(Each(Ring)),
            "MULTIPOINT" => Parts.Many(type, Each(LonePoint)),
            "MULTILINESTRING" => Parts.Many(type, Each(() => Parts.Line(Ring()))),
            "MULTIPOLYGON" => Parts.Many(type, Each(OnePolygon)),
            _ => Parts.Many(type, Each(Member)),
        };
        tokens.Expect(")");
        return geometry;
    }

    private Geometry Member()
    {
        var type = tokens.Kind == TokenKind.Name ? TypeOf(tokens.Value) : "";
        if (type is "" or "BBOX") throw tokens.Unexpected("a geometry");
        if (IsSized(tokens.Value)) _sized = true;
        tokens.Advance();
        if (type == "GEOMETRYCOLLECTION" && ++_depth > Cql2Limits.MaxDepth) throw Parts.TooDeep();
        return Body(type);
    }

    private Geometry OnePolygon()
    {
        tokens.Expect("(");
        var polygon = Parts.Polygon(Each(Ring));
        tokens.Expect(")");
        return polygon;
    }

    private Geometry LonePoint()
    {
        if (!tokens.TakeSymbol("(")) return Parts.Point(Position());
        var point = Parts.Point(Position());
        tokens.Expect(")");
        return point;
    }

    private Coordinate[] Ring()
    {
        tokens.Expect("(");
        var positions = Positions();
        tokens.Expect(")");
        return positions;
    }

    private Coordinate[] Positions() => [.. Each(Position)];

    private List<T> Each<T>(Func<T> read)
    {
        List<T> items = [read()];
        while (tokens.TakeSymbol(",")) items.Add(read());
        return items;
    }

    private Coordinate Position()
    {
        var at = new Coordinate(Number(), Number());
        var height = tokens.Kind == TokenKind.Number || tokens.IsSymbol("-") || tokens.IsSymbol("+");
        if (height) Number();
        else if (_sized) throw tokens.Unexpected("a height");
        return at;
    }

    private double Number()
    {
        var minus = tokens.TakeSymbol("-");
        if (!minus) tokens.TakeSymbol("+");
        if (tokens.Kind != TokenKind.Number) throw tokens.Unexpected("a number");
        var number = tokens.Number;
        tokens.Advance();
        return minus ? -number : number;
    }
}
