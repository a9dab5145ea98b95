using System.Globalization;
using System.Text;
using System.Xml.Linq;
using GridMap.Geo.Cql2;
using GridMap.Geo.Projections;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>
/// Reads a filter of OGC Filter Encoding 2.0 (OGC 09-026r2) into the same tree as CQL2, with geometries in longitude and latitude. Literals of FES have no
/// kind of their own: each takes that of the property it is compared with.
/// </summary>
/// <param name="listed">The CRSs that geometries may be in.</param>
public sealed class FilterReader(Layer layer, IReadOnlyList<KnownCrs> listed)
{
    private readonly GmlReader _gml = new(listed);

    private const string Locator = "filter";

    private static readonly Dictionary<string, string> Comparisons = new()
    {
        ["PropertyIsEqualTo"] = "=", ["PropertyIsNotEqualTo"] = "<>", ["PropertyIsLessThan"] = "<", ["PropertyIsGreaterThan"] = ">",
        ["PropertyIsLessThanOrEqualTo"] = "<=", ["PropertyIsGreaterThanOrEqualTo"] = ">=",
    };

    private static readonly Dictionary<string, string> Spatials = new()
    {
        ["Equals"] = "s_equals", ["Disjoint"] = "s_disjoint", ["Touches"] = "s_touches", ["Within"] = "s_within", ["Overlaps"] = "s_overlaps",
        ["Crosses"] = "s_crosses", ["Intersects"] = "s_intersects", ["Contains"] = "s_contains", ["BBOX"] = "s_intersects",
    };

    /// <exception cref="WfsFault">An operator or property is unknown, a literal does not fit its property.</exception>
    public Expression Read(XElement filter)
    {
        if (filter.Name != WfsNames.Fes + "Filter") throw new WfsFault(WfsFault.OperationParsingFailed, Locator, $"A filter is an element Filter of the namespace {WfsNames.Fes}.");
        var parts = filter.Elements().ToList();
        if (parts.Count > 0 && parts.All(part => part.Name.LocalName == "ResourceId")) return ResourceIds(parts.Select(part => part.Attribute("rid")?.Value ?? throw WfsFault.Missing("rid")));
        return parts.Count == 1 ? Condition(parts[0]) : throw Wrong("one operator, or some ResourceId");
    }

    /// <summary>Features by their ids as GML writes them; those of other types are none of this layer's.</summary>
    public Expression ResourceIds(IEnumerable<string> ids)
    {
        var numbers = ids.Select(IdOf).OfType<long>().Select(id => (Expression)new NumberLiteral(id)).ToList();
        return numbers.Count == 0 ? new BooleanLiteral(false) : new Call("in", [new Property(FilterSql.IdName), new ArrayOf(numbers)]);
    }

    public long? IdOf(string resourceId) =>
        resourceId.Trim() is var text && text.StartsWith(layer.Name + ".", StringComparison.Ordinal)
        && long.TryParse(text.AsSpan(layer.Name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private Expression Condition(XElement element)
    {
        if (element.Name.Namespace != WfsNames.Fes) throw Wrong($"operators of {WfsNames.Fes}, found {element.Name.LocalName}");
        var name = element.Name.LocalName;
        if (Comparisons.TryGetValue(name, out var comparison)) return Compare(comparison, element);
        if (Spatials.TryGetValue(name, out var spatial)) return Spatial(spatial, element);
        switch (name)
        {
            case "And" or "Or":
                var conditions = element.Elements().Select(Condition).ToList();
                if (conditions.Count < 2) throw Wrong($"two conditions or more in {name}");
                return new Call(name.ToLowerInvariant(), conditions);
            case "Not": return new Call("not", [Condition(Only(element, 1)[0])]);
            case "PropertyIsNull" or "PropertyIsNil": return new Call("isnull", [Reference(Only(element, 1)[0])]);
            case "PropertyIsLike": return Like(element);
            case "PropertyIsBetween": return Between(element);
            case "DWithin" or "Beyond": return Distance(element);
            case "After" or "Before" or "During" or "TEquals": return Temporal(element);
            case "ResourceId": return ResourceIds([element.Attribute("rid")?.Value ?? throw WfsFault.Missing("rid")]);
            default: throw new WfsFault(WfsFault.OptionNotSupported, name, $"The operator {name} is not among the filter capabilities.");
        }
    }

    private Call Compare(string operation, XElement element)
    {
        var sides = Only(element, 2);
        var (left, right) = Pair(sides[0], sides[1]);
        if (element.Attribute("matchCase")?.Value is "false" or "0" && left is TextLiteral or Property && IsText(left, right))
            (left, right) = (new Call("casei", [left]), new Call("casei", [right]));
        return new Call(operation, [left, right]);
    }

    private bool IsText(Expression left, Expression right) => new[] { left, right }.All(side => side is TextLiteral || (side is Property property && ColumnOf(property.Name)?.Kind == ColumnKind.Text));

    private Call Between(XElement element)
    {
        var parts = Only(element, 3);
        var (lower, upper) = (parts.FirstOrDefault(part => part.Name.LocalName == "LowerBoundary"), parts.FirstOrDefault(part => part.Name.LocalName == "UpperBoundary"));
        if (lower is null || upper is null) throw Wrong("LowerBoundary and UpperBoundary in PropertyIsBetween");
        var value = parts.First(part => part != lower && part != upper);
        var (left, least) = Pair(value, Only(lower, 1)[0]);
        var (_, most) = Pair(value, Only(upper, 1)[0]);
        return new Call("between", [left, least, most]);
    }

    private Call Like(XElement element)
    {
        var sides = Only(element, 2);
        if (sides[1].Name.LocalName != "Literal") throw Wrong("a Literal as the pattern of PropertyIsLike");
        var (wild, single, escape) = (Mark(element, "wildCard"), Mark(element, "singleChar"), Mark(element, "escapeChar"));
        var (pattern, text) = (new StringBuilder(), sides[1].Value);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == escape && i + 1 < text.Length) Literally(text[++i]);
            else if (text[i] == wild) pattern.Append('%');
            else if (text[i] == single) pattern.Append('_');
            else Literally(text[i]);
        }
        Expression value = Reference(sides[0]), like = new TextLiteral(pattern.ToString());
        if (element.Attribute("matchCase")?.Value is "false" or "0") (value, like) = (new Call("casei", [value]), new Call("casei", [like]));
        return new Call("like", [value, like]);

        void Literally(char letter)
        {
            if (letter is '%' or '_' or '\\') pattern.Append('\\');
            pattern.Append(letter);
        }
    }

    private static char Mark(XElement element, string name) => element.Attribute(name)?.Value is [var mark] ? mark : throw WfsFault.Invalid(name, "one character");

    private Call Spatial(string operation, XElement element)
    {
        var parts = element.Elements().ToList();
        // The property may be left out, in BBOX by the standard and elsewhere by its test suite: there is one geometry.
        var value = parts.FirstOrDefault(part => part.Name.LocalName == "ValueReference");
        if (value is not null && Reference(value) is not Property { Name: FilterSql.GeometryName }) throw Wrong("the property geometry in a spatial operator");
        var geometry = parts.SingleOrDefault(GmlReader.IsGeometry) ?? throw Wrong($"one geometry in {element.Name.LocalName}");
        return new Call(operation, [new Property(FilterSql.GeometryName), _gml.Read(geometry)]);
    }

    private Call Distance(XElement element)
    {
        var distance = element.Element(WfsNames.Fes + "Distance") ?? throw Wrong("a Distance");
        var metresEach = distance.Attribute("uom")?.Value.Trim() switch
        {
            "m" or "metre" or "meter" or "metres" or "meters" or "urn:ogc:def:uom:EPSG::9001" => 1.0,
            "km" or "kilometre" or "kilometer" => 1000,
            _ => throw WfsFault.Invalid("uom", "m or km"),
        };
        if (!double.TryParse(distance.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var far) || !(far >= 0 && far * metresEach <= 1e8)) throw Wrong("a Distance from 0 to 100,000 km");
        var geometry = element.Elements().SingleOrDefault(GmlReader.IsGeometry) ?? throw Wrong("one geometry");
        var within = new Call("within_metres", [new Property(FilterSql.GeometryName), _gml.Read(geometry), new NumberLiteral(far * metresEach)]);
        return element.Name.LocalName == "Beyond" ? new Call("not", [within]) : within;
    }

    // Times here are instants: a period is met by comparing with its ends (OGC 09-026r2 §7.9).
    private Call Temporal(XElement element)
    {
        var sides = Only(element, 2);
        var value = Reference(sides[0]);
        var (start, end) = Span(sides[1]);
        return element.Name.LocalName switch
        {
            "After" => new Call(">", [value, end]),
            "Before" => new Call("<", [value, start]),
            "TEquals" when start == end => new Call("=", [value, start]),
            "During" when start != end => new Call("and", [new Call(">", [value, start]), new Call("<", [value, end])]),
            _ => throw Wrong("an instant in TEquals, a period in During"),
        };
    }

    private static (Expression Start, Expression End) Span(XElement element)
    {
        if (element.Name.LocalName == "Literal" && element.Elements().FirstOrDefault() is { } inner) element = inner;
        if (element.Name == WfsNames.Gml + "TimePeriod")
        {
            return (Time(End("begin")), Time(End("end")));
        }
        var instant = Time(element.Name == WfsNames.Gml + "TimeInstant" ? element.Element(WfsNames.Gml + "timePosition")?.Value : element.Value);
        return (instant, instant);

        string? End(string name) => element.Element(WfsNames.Gml + (name + "Position"))?.Value ?? element.Element(WfsNames.Gml + name)?.Descendants(WfsNames.Gml + "timePosition").FirstOrDefault()?.Value;
    }

    private (Expression Left, Expression Right) Pair(XElement left, XElement right)
    {
        var kind = KindOf(left) ?? KindOf(right) ?? ColumnKind.Text;
        return (Operand(left, kind), Operand(right, kind));
    }

    private ColumnKind? KindOf(XElement element) => element.Name.LocalName switch
    {
        "ValueReference" when WfsNames.Local(element.Value) is "@gml:id" or "@id" or "id" => ColumnKind.Integer,
        "ValueReference" => ColumnOf(WfsNames.Local(element.Value))?.Kind,
        "Function" => FilterFunctions.Find(element.Attribute("name")?.Value ?? "")?.Returns switch { FilterKind.Number => ColumnKind.Number, FilterKind.Boolean => ColumnKind.Flag, _ => ColumnKind.Text },
        _ => null,
    };

    private Expression Operand(XElement element, ColumnKind kind)
    {
        if (element.Name.Namespace == WfsNames.Gml) return _gml.Read(element);
        switch (element.Name.LocalName)
        {
            case "ValueReference": return Reference(element);
            case "Literal" when element.Elements().FirstOrDefault() is { } geometry && GmlReader.IsGeometry(geometry): return _gml.Read(geometry);
            case "Literal": return Literal(element.Value, kind);
            case "Function": return Function(element);
            default: throw Wrong($"ValueReference, Literal or Function, found {element.Name.LocalName}");
        }
    }

    private Call Function(XElement element)
    {
        var function = FilterFunctions.Find(element.Attribute("name")?.Value ?? "") ?? throw Wrong("a function of the filter capabilities");
        var parts = element.Elements().ToList();
        if (parts.Count != function.Arguments.Length) throw Wrong($"{function.Arguments.Length} arguments in {function.Name}");
        return new Call(function.Name, [.. parts.Select((part, i) => Operand(part, function.Arguments[i].Kind switch
        {
            FilterKind.Number => ColumnKind.Number, FilterKind.Boolean => ColumnKind.Flag, FilterKind.Timestamp => ColumnKind.Time, _ => ColumnKind.Text,
        }))]);
    }

    private Property Reference(XElement element)
    {
        if (element.Name != WfsNames.Fes + "ValueReference") throw Wrong($"a ValueReference, found {element.Name.LocalName}");
        var name = WfsNames.Local(element.Value);
        if (name is WfsNames.Geometry) return new Property(FilterSql.GeometryName);
        if (name is "@id" or "id") return new Property(FilterSql.IdName);
        return ColumnOf(name) is { } column ? new Property(column.Name)
            : throw Wrong($"a property of {layer.Name}: geometry, {string.Join(", ", layer.Columns.Select(known => known.Name))} (found {name})");
    }

    private LayerColumn? ColumnOf(string name) => layer.Columns.FirstOrDefault(column => column.Name == name);

    private Expression Literal(string text, ColumnKind kind)
    {
        switch (kind)
        {
            case ColumnKind.Text: return text.Contains('\0', StringComparison.Ordinal) ? throw Wrong("text") : new TextLiteral(text);
            case ColumnKind.Flag: return text.Trim() switch { "true" or "1" => new BooleanLiteral(true), "false" or "0" => new BooleanLiteral(false), _ => throw Wrong("true or false") };
            case ColumnKind.Time: return Time(text);
            default:
                if (IdOf(text) is { } id) return new NumberLiteral(id);
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                    ? new NumberLiteral(number) : throw Wrong($"a number to compare with a number (found '{(text.Length > 40 ? text[..40] : text)}')");
        }
    }

    // xs:date and xs:dateTime; without a zone UTC is meant.
    private static Expression Time(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        if (DateOnly.TryParseExact(trimmed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999) return new DateLiteral(day);
        return trimmed.Length is >= 19 and <= 40 && trimmed[10] == 'T'
            && DateTimeOffset.TryParse(trimmed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.UtcDateTime.Year is > 1 and < 9999
            ? new TimestampLiteral(time.UtcDateTime) : throw Wrong("a time such as 2026-03-01T08:00:00Z");
    }

    private static List<XElement> Only(XElement element, int count)
    {
        var parts = element.Elements().ToList();
        return parts.Count == count ? parts : throw Wrong($"{count} parts in {element.Name.LocalName}, found {parts.Count}");
    }

    private static WfsFault Wrong(string expected) => WfsFault.Invalid(Locator, expected);
}
