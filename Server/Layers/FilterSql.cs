using GridMap.Geo.Cql2;
using GridMap.Geo.GeoJson;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Layers;

/// <summary>
/// Turns a CQL2 expression into a SQL condition over a layer's FROM clause. Properties and kinds are checked on the way; every value is a parameter.
/// Three-valued as SQL is: what is unknown because a property is null does not match, and neither does its NOT.
/// </summary>
public sealed class FilterSql
{
    /// <summary>What filters call the geometry and the id of a feature.</summary>
    public const string GeometryName = "geometry", IdName = "id";

    // Up to here a result cannot leave the range of doubles, whatever the operator.
    private const double Comfortable = 1e290;

    private readonly Layer _layer;
    private readonly AskedCrs _crs;
    private readonly string _field;

    // What is left for all geometries together.
    private long _pairs = GeoJsonLimits.Default.MaxPairs;

    private FilterSql(Layer layer, AskedCrs crs, string field) => (_layer, _crs, _field) = (layer, crs, field);

    /// <param name="expression">As a reader gave it.</param>
    /// <param name="layer">Whose properties are meant.</param>
    /// <param name="crs">How the geometries of the expression are written.</param>
    /// <param name="field">The parameter that a refusal names.</param>
    /// <exception cref="Refused">A property or function is unknown, kinds do not fit, a geometry makes no sense.</exception>
    public static Sql Translate(Expression expression, Layer layer, AskedCrs crs, string field = "filter") =>
        new FilterSql(layer, crs, field).Condition(expression);

    private Sql Condition(Expression expression)
    {
        var operand = Operand(expression);
        return operand.Kind == FilterKind.Boolean ? operand.Sql : throw Wrong("filter.kind", $"a condition, found a {Name(operand.Kind)}");
    }

    private FilterOperand Operand(Expression expression) => expression switch
    {
        TextLiteral text => new FilterOperand(FilterKind.Text, Sql.Of($"{text.Value}")),
        NumberLiteral number => number.Whole is { } whole
            ? new FilterOperand(FilterKind.Number, Sql.Of($"{whole}")) { Most = Math.Abs((double)whole), IsWhole = true }
            : new FilterOperand(FilterKind.Number, Sql.Of($"{number.Value}")) { Most = Math.Abs(number.Value) },
        BooleanLiteral flag => new FilterOperand(FilterKind.Boolean, Sql.Trusted(flag.Value ? "TRUE" : "FALSE")),
        DateLiteral date => new FilterOperand(FilterKind.Date, Sql.Of($"{date.Value}")) { Day = date.Value },
        TimestampLiteral time => FilterOperand.Of(time.Value),
        IntervalOf interval => Interval(interval),
        GeometryLiteral geometry => Literal(_crs.EdgesToLonLat(geometry.Value)),
        BoxLiteral box => Literal(_crs.BoxToLonLat(box.LowerFirst, box.LowerSecond, box.UpperFirst, box.UpperSecond)),
        ArrayOf array => FilterSets.Of(array.Items.Select(Operand).ToList()),
        Property property => Column(property.Name),
        Call call => Call(call),
        _ => throw new InvalidOperationException($"No SQL for {expression.GetType()}"),
    };

    private FilterOperand Column(string name)
    {
        if (name == GeometryName) return new FilterOperand(FilterKind.Geometry, Sql.Trusted("t.geom"));
        if (name == IdName) return new FilterOperand(FilterKind.Number, Sql.Trusted("t.id")) { IsWhole = true, Most = 1e19 };
        var column = _layer.Columns.FirstOrDefault(column => column.Name == name)
            ?? throw Wrong("filter.unknown-property", $"properties of {_layer.Name}: {IdName}, {GeometryName}, {string.Join(", ", _layer.Columns.Select(column => column.Name))} ('{name}' is none)");
        var sql = Sql.Trusted(column.Sql);
        return column.Kind switch
        {
            ColumnKind.Text => new FilterOperand(FilterKind.Text, sql),
            ColumnKind.Integer => new FilterOperand(FilterKind.Number, sql) { IsWhole = true, Most = 1e19 },
            ColumnKind.Number => new FilterOperand(FilterKind.Number, sql),
            ColumnKind.Flag => new FilterOperand(FilterKind.Boolean, sql),
            // An open end is published as null and compared as null; only inside INTERVAL is it the end of time.
            _ when _layer.TimeEnd is not null && (column.Sql == _layer.TimeStart || column.Sql == _layer.TimeEnd) =>
                new FilterOperand(FilterKind.Timestamp, Sql.Of($"(CASE WHEN isfinite({sql}) THEN {sql} END)")) { WithInfinity = sql },
            _ => new FilterOperand(FilterKind.Timestamp, sql),
        };
    }

    private FilterOperand Call(Call call)
    {
        var arguments = call.Arguments;
        switch (call.Name)
        {
            case "and" or "or": return Boolean(Join(arguments, call.Name == "and" ? " AND " : " OR "));
            case "not": return Boolean(Sql.Of($"(NOT {Condition(arguments[0])})"));
            case "isnull": return Boolean(Sql.Of($"({Whole(arguments[0])} IS NULL)"));
            case "=" or "<>" or "<" or "<=" or ">" or ">=": return Boolean(Sql.Of($"({Compare(call.Name, Operand(arguments[0]), Operand(arguments[1]))})"));
            case "between": return Boolean(Between(Operand(arguments[0]), Operand(arguments[1]), Operand(arguments[2])));
            case "in": return Boolean(In(arguments[0], arguments[1]));
            case "like": return Boolean(LikePattern(arguments[0], arguments[1]));
            case "casei": return new FilterOperand(FilterKind.Text, Sql.Of($"fold_case({Of(FilterKind.Text, arguments[0])})"));
            case "accenti": return new FilterOperand(FilterKind.Text, Sql.Of($"fold_accents({Of(FilterKind.Text, arguments[0])})"));
            case "+" or "-" or "*" or "/" or "^" or "%" or "div": return Calculate(call.Name, Number(arguments[0]), Number(arguments[1]));
            case ['s', '_', ..]: return Boolean(Spatial(call.Name, Of(FilterKind.Geometry, arguments[0]), Of(FilterKind.Geometry, arguments[1])));
            case ['t', '_', ..]: return Boolean(Temporal(call.Name, Operand(arguments[0]), Operand(arguments[1])));
            case ['a', '_', ..]: return Boolean(FilterSets.Compare(call.Name, Operand(arguments[0]), Operand(arguments[1])));
            default: return Function(call);
        }
    }

    // "t.valid_to IS NULL" must be true of an open end too, so the operand's own SQL is asked, not the column.
    private Sql Whole(Expression expression)
    {
        var operand = Operand(expression);
        return operand.Kind == FilterKind.Interval ? throw Wrong("filter.kind", "a property or a value before IS NULL") : operand.Sql;
    }

    private Sql Join(IReadOnlyList<Expression> conditions, string word)
    {
        var joined = Sql.Of($"({Condition(conditions[0])}");
        for (var i = 1; i < conditions.Count; i++)
        {
            joined.AppendLiteral(word);
            joined.AppendFormatted(Condition(conditions[i]));
        }
        joined.AppendLiteral(")");
        return joined;
    }

    private Sql Compare(string name, FilterOperand left, FilterOperand right)
    {
        MustCompare(left, right);
        if (left.Kind is FilterKind.Date or FilterKind.Timestamp) return FilterTimes.Compare(name, left, right);
        // By code points, so that every server and every copy in memory agree.
        var collation = Sql.Trusted(left.Kind == FilterKind.Text && name is not ("=" or "<>") ? " COLLATE \"C\"" : "");
        return Sql.Of($"{left.Sql}{collation} {Sql.Trusted(name)} {right.Sql}{collation}");
    }

    private Sql Between(FilterOperand value, FilterOperand least, FilterOperand most)
    {
        if (value.Kind == FilterKind.Boolean) throw Wrong("filter.kind", "a number, time or text before BETWEEN");
        MustCompare(value, least);
        MustCompare(value, most);
        return value.Kind is FilterKind.Date or FilterKind.Timestamp
            ? Sql.Of($"({FilterTimes.Compare(">=", value, least)} AND {FilterTimes.Compare("<=", value, most)})")
            : Sql.Of($"({value.Sql}{Collation(value)} BETWEEN ({least.Sql}{Collation(value)}) AND ({most.Sql}{Collation(value)}))");
    }

    private static Sql Collation(FilterOperand operand) => Sql.Trusted(operand.Kind == FilterKind.Text ? " COLLATE \"C\"" : "");

    // One OR of everything: of IN (…) with expressions PostgreSQL makes a pair of each item and all that come before it, as deep as the list is long.
    private Sql In(Expression expression, Expression list)
    {
        if (list is not ArrayOf { Items: { Count: > 0 } items }) throw Wrong("filter.arguments", "a list with an item after IN");
        var value = Operand(expression);
        string[] texts = value.Kind == FilterKind.Text ? [.. items.OfType<TextLiteral>().Select(text => text.Value)] : [];
        long[] numbers = value.Kind == FilterKind.Number ? [.. items.OfType<NumberLiteral>().Select(number => number.Whole).OfType<long>()] : [];
        var alone = items.Count - texts.Length - numbers.Length;
        // What must be reckoned is reckoned once, however long the list.
        var isNamed = expression is Call && alone + (texts.Length > 0 ? 1 : 0) + (numbers.Length > 0 ? 1 : 0) > 1;
        var asked = isNamed ? value with { Sql = Sql.Trusted("asked.value") } : value;
        var (sql, isFirst) = (Sql.Of($"("), true);
        if (texts.Length > 0) Or(Sql.Of($"{asked.Sql} = ANY({texts})"));
        if (numbers.Length > 0) Or(Sql.Of($"{asked.Sql} = ANY({numbers})"));
        foreach (var item in items.Where(item => !(texts.Length > 0 && item is TextLiteral) && !(numbers.Length > 0 && item is NumberLiteral { Whole: not null }))) Or(Compare("=", asked, Operand(item)));
        sql.AppendLiteral(")");
        return isNamed ? Sql.Of($"(SELECT {sql} FROM (SELECT {value.Sql} AS value OFFSET 0) AS asked)") : sql;

        void Or(Sql condition)
        {
            if (!isFirst) sql.AppendLiteral(" OR ");
            sql.AppendFormatted(condition);
            isFirst = false;
        }
    }

    private Sql LikePattern(Expression value, Expression pattern)
    {
        var inner = pattern;
        while (inner is Call { Name: "casei" or "accenti" } fold) inner = fold.Arguments[0];
        if (inner is not TextLiteral literal) throw Wrong("filter.pattern", "a text, or CASEI or ACCENTI of one, after LIKE");
        if (literal.Value.Reverse().TakeWhile(letter => letter == '\\').Count() % 2 == 1) throw Wrong("filter.pattern", "a pattern that does not end in a lone \\");
        return Sql.Of($"({Of(FilterKind.Text, value)} LIKE {Operand(pattern).Sql})");
    }

    private static FilterOperand Calculate(string name, FilterOperand left, FilterOperand right)
    {
        var (a, b) = (Sql.Of($"({left.Sql})::float8"), Sql.Of($"({right.Sql})::float8"));
        var (isWhole, most) = (left.IsWhole && right.IsWhole, name == "*" ? left.Most * right.Most : left.Most + right.Most);
        // Whole numbers of a moderate size cannot overflow nor vanish: they need no guard, and the planner may look inside.
        return name is "+" or "-" or "*" && isWhole && most < Comfortable
            ? new FilterOperand(FilterKind.Number, Sql.Of($"({a} {Sql.Trusted(name)} {b})")) { IsWhole = true, Most = most }
            : new FilterOperand(FilterKind.Number, Sql.Of($"calculate({name}, {a}, {b})"));
    }

    private static Sql Spatial(string name, Sql a, Sql b) => name switch
    {
        "s_intersects" => Sql.Of($"ST_Intersects({a}, {b})"),
        "s_disjoint" => Sql.Of($"(NOT ST_Intersects({a}, {b}))"),
        "s_equals" => Sql.Of($"ST_Equals({a}, {b})"),
        "s_touches" => Sql.Of($"ST_Touches({a}, {b})"),
        "s_within" => Sql.Of($"ST_Within({a}, {b})"),
        "s_contains" => Sql.Of($"ST_Contains({a}, {b})"),
        "s_overlaps" => Sql.Of($"ST_Overlaps({a}, {b})"),
        _ => Sql.Of($"ST_Crosses({a}, {b})"),
    };

    private Sql Temporal(string name, FilterOperand a, FilterOperand b)
    {
        foreach (var operand in new[] { a, b })
        {
            var isInstant = operand.Kind is FilterKind.Timestamp or FilterKind.Date;
            if (operand.Kind != FilterKind.Interval && !(isInstant && FilterTimes.TakesInstants(name)))
                throw Wrong("filter.kind", $"{(FilterTimes.TakesInstants(name) ? "times or intervals" : "intervals")} in {name.ToUpperInvariant()}, found a {Name(operand.Kind)}");
        }
        return FilterTimes.Relate(name, a, b);
    }

    private FilterOperand Interval(IntervalOf interval)
    {
        return new FilterOperand(FilterKind.Interval, Sql.Empty) { Start = End(interval.Start, FilterOperand.FarPast), End = End(interval.End, FilterOperand.FarFuture) };

        FilterOperand End(Expression? end, FilterOperand open)
        {
            if (end is null) return open;
            var operand = Operand(end);
            if (operand.Kind is not (FilterKind.Date or FilterKind.Timestamp)) throw Wrong("filter.kind", $"times in INTERVAL, found a {Name(operand.Kind)}");
            return operand.WithInfinity is { } column ? operand with { Sql = column } : operand;
        }
    }

    private FilterOperand Literal(Geometry? geometry)
    {
        if (geometry is null) throw Wrong("filter.geometry", $"coordinates within {_crs.Crs}");
        if ((_pairs -= Crowding.Pairs(geometry, _pairs)) < 0) throw Wrong("filter.geometry", "geometries whose lines run less closely to and fro");
        if (!geometry.IsValid) throw Wrong("filter.geometry", "valid geometries (rings that do not cross themselves or each other)");
        return new FilterOperand(FilterKind.Geometry, Sql.Of($"ST_GeomFromWKB({Wkb.Write(geometry)}, 4326)"));
    }

    private FilterOperand Function(Call call)
    {
        var function = FilterFunctions.Find(call.Name)
            ?? throw Wrong("filter.unknown-function", $"a function of this server: {string.Join(", ", FilterFunctions.All.Select(known => known.Name))} ('{call.Name}' is none)");
        if (call.Arguments.Count != function.Arguments.Length)
            throw Wrong("filter.arguments", $"{function.Arguments.Length} arguments in {function.Name}, found {call.Arguments.Count}");
        var sql = call.Arguments.Select((argument, i) => Of(function.Arguments[i].Kind, argument)).ToArray();
        return new FilterOperand(function.Returns, function.Write(sql));
    }

    private FilterOperand Number(Expression expression)
    {
        var operand = Operand(expression);
        return operand.Kind == FilterKind.Number ? operand : throw Wrong("filter.kind", $"a number, found a {Name(operand.Kind)}");
    }

    private Sql Of(FilterKind kind, Expression expression)
    {
        var operand = Operand(expression);
        return operand.Kind == kind ? operand.Sql : throw Wrong("filter.kind", $"a {Name(kind)}, found a {Name(operand.Kind)}");
    }

    private void MustCompare(FilterOperand left, FilterOperand right)
    {
        if (left.Kind is FilterKind.Geometry or FilterKind.Array or FilterKind.Interval)
            throw Wrong("filter.kind", $"a text, number, time or boolean to compare, found a {Name(left.Kind)}");
        var areTimes = left.Kind is FilterKind.Date or FilterKind.Timestamp && right.Kind is FilterKind.Date or FilterKind.Timestamp;
        if (left.Kind != right.Kind && !areTimes) throw Wrong("filter.kind", $"values of one kind to compare, found a {Name(left.Kind)} and a {Name(right.Kind)}");
    }

    private static FilterOperand Boolean(Sql sql) => new(FilterKind.Boolean, sql);

    private static string Name(FilterKind kind) => kind.ToString().ToLowerInvariant();

    private Refused Wrong(string code, string expected) => Refused.Field(_field, code, expected);
}
