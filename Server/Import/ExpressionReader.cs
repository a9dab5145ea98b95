using System.Text.Json;

namespace GridMap.Server.Import;

/// <summary>Reads the small language of fields and conditions.</summary>
internal static class ExpressionReader
{
    private static readonly string[] Modifiers = ["format", "zone", "unit", "multiply", "onUnreadable"];

    /// <summary>Lengths and areas in metres and square metres.</summary>
    private static readonly Dictionary<string, double> Units = new()
    {
        ["metre"] = 1, ["centimetre"] = 0.01, ["kilometre"] = 1000, ["foot"] = 0.3048, ["us-survey-foot"] = 1200.0 / 3937, ["yard"] = 0.9144,
    };

    public static Field Field(JsonAt at, ColumnKind kind)
    {
        string? format = null, zone = null;
        var factor = 1.0;
        var emptyWhenUnreadable = false;
        if (at.Kind == JsonValueKind.Object)
        {
            if (at.Has("format"))
            {
                if (kind is not (ColumnKind.Time or ColumnKind.Date)) throw at.Get("format").Wrong("is only for times and dates");
                format = at.Get("format").FilledText(60);
            }
            if (at.Has("zone"))
            {
                if (kind != ColumnKind.Time) throw at.Get("zone").Wrong("is only for times");
                zone = at.Get("zone").FilledText(60);
                if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) throw at.Get("zone").Wrong("is not a time zone of the IANA list");
            }
            if ((at.Has("unit") || at.Has("multiply")) && kind is not (ColumnKind.Number or ColumnKind.Integer))
                throw at.Get(at.Has("unit") ? "unit" : "multiply").Wrong("is only for numbers");
            if (at.Has("unit")) factor = Units[at.Get("unit").OneOf([.. Units.Keys])];
            if (at.Has("multiply")) factor *= at.Get("multiply").Number(1e-9, 1e9);
            emptyWhenUnreadable = at.Has("onUnreadable") && at.Get("onUnreadable").OneOf("refuse", "empty") == "empty";
        }
        return new Field(at.Path, Expression(at, withModifiers: true), format, zone, factor, emptyWhenUnreadable);
    }

    private static Expression Expression(JsonAt at, bool withModifiers = false)
    {
        if (at.Kind == JsonValueKind.String) return new SourceField(at.Path, [at.FilledText(200)], false);
        if (at.Kind != JsonValueKind.Object) throw at.Wrong("expected a field's name, or an object with field, value, template, first, cases or refuse");
        string[] extra = withModifiers ? Modifiers : [];
        if (at.Has("value"))
        {
            at.Object(["value", .. extra]);
            return new Constant(at.Get("value").Scalar());
        }
        if (at.Has("template"))
        {
            at.Object(["template", .. extra]);
            return Template(at.Get("template"));
        }
        if (at.Has("refuse"))
        {
            at.Object(["refuse", .. extra]);
            return new Refusal(null, at.Get("refuse").FilledText(200));
        }
        if (at.Has("cases"))
        {
            at.Object(["cases", "otherwise", .. extra]);
            return new Cases(at.Get("cases").Items(200).Select(Case).ToList(), Expression(at.Get("otherwise")));
        }
        if (at.Has("first"))
        {
            at.Object(["first", "map", "ignoreCase", "otherwise", .. extra]);
            var options = at.Get("first").Items(20).Select(item => Expression(item)).ToList();
            return Mapped(at, options.Count > 0 ? new FirstOf(options) : throw at.Get("first").Wrong("is empty"));
        }
        at.Object(["field", "optional", "map", "ignoreCase", "otherwise", .. extra]);
        var field = at.Get("field");
        var names = field.Kind == JsonValueKind.Array ? field.Items(20).Select(item => item.FilledText(200)).ToList() : [field.FilledText(200)];
        if (names.Count == 0) throw field.Wrong("is empty");
        return Mapped(at, new SourceField(field.Path, names, at.Has("optional") && at.Get("optional").Flag()));
    }

    private static Expression Mapped(JsonAt at, Expression of)
    {
        if (!at.Has("map"))
        {
            if (at.Has("otherwise") || at.Has("ignoreCase")) throw at.Wrong("\"otherwise\" and \"ignoreCase\" belong to a \"map\"");
            return of;
        }
        var ignoreCase = at.Has("ignoreCase") && at.Get("ignoreCase").Flag();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in at.Get("map").Properties())
        {
            if (!values.TryAdd(ignoreCase ? name.ToLowerInvariant() : name, value.Scalar())) throw value.Wrong("is given twice");
        }
        if (values.Count > 5000) throw at.Get("map").Wrong("has more than 5000 entries");
        if (!at.Has("otherwise")) return new ValueMap(of, values, ignoreCase, new Refusal(of, "is not in the map"));
        var otherwise = at.Get("otherwise");
        if (otherwise.Kind == JsonValueKind.String) return new ValueMap(of, values, ignoreCase, Unknown(otherwise));
        return new ValueMap(of, values, ignoreCase, Expression(otherwise));

        Expression? Unknown(JsonAt word) => word.OneOf("refuse", "keep", "empty") switch
        {
            "keep" => null,
            "empty" => new Constant(""),
            _ => new Refusal(of, "is not in the map"),
        };
    }

    private static Template Template(JsonAt at)
    {
        var text = at.FilledText(400);
        var parts = new List<TemplatePart>();
        for (var start = 0; start < text.Length;)
        {
            var open = text.IndexOf('{', start);
            var literal = open < 0 ? text[start..] : text[start..open];
            if (literal.Contains('}', StringComparison.Ordinal)) throw at.Wrong("has a } without {");
            if (literal.Length > 0) parts.Add(new TemplatePart(literal, null, 0));
            if (open < 0) break;
            var close = text.IndexOf('}', open);
            if (close < 0) throw at.Wrong("has a { without }");
            var hole = text[(open + 1)..close];
            var colon = hole.LastIndexOf(':');
            var pad = 0;
            if (colon >= 0 && int.TryParse(hole.AsSpan(colon + 1), out pad))
            {
                if (pad is < 1 or > 40) throw at.Wrong("pads to 1 to 40 characters");
                hole = hole[..colon];
            }
            if (hole.Length == 0) throw at.Wrong("has an empty hole {}");
            parts.Add(new TemplatePart("", hole, pad));
            start = close + 1;
        }
        return new Template(at.Path, parts);
    }

    private static Case Case(JsonAt at)
    {
        at.Object("when", "then");
        return new Case(Conditions(at.Get("when")), Expression(at.Get("then")));
    }

    /// <summary>A list of conditions that must all hold.</summary>
    public static IReadOnlyList<Condition> Conditions(JsonAt at) => at.Items(50).Select(Condition).ToList();

    private static Condition Condition(JsonAt at)
    {
        if (at.Has("any"))
        {
            var options = at.Object("any").Get("any").Items(50).Select(Condition).ToList();
            return options.Count > 0 ? new AnyOf(options) : throw at.Get("any").Wrong("is empty");
        }
        string[] tests = ["equals", "in", "contains", "startsWith", "present", "atLeast", "atMost"];
        at.Object(["field", "not", .. tests]);
        var field = at.Get("field").FilledText(200);
        var given = tests.Where(at.Has).ToList();
        if (given.Count != 1) throw at.Wrong($"expected exactly one of {string.Join(", ", tests)}");
        var test = at.Get(given[0]);
        var not = at.Has("not") && at.Get("not").Flag();
        return given[0] switch
        {
            "in" => new FieldTest(at.Path, field, "in", test.Items(1000).Select(item => item.Scalar()).ToList(), 0, not),
            "present" => new FieldTest(at.Path, field, "present", [], 0, not ^ !test.Flag()),
            "atLeast" or "atMost" => new FieldTest(at.Path, field, given[0], [], test.Number(-1e15, 1e15), not),
            _ => new FieldTest(at.Path, field, given[0], [test.Scalar()], 0, not),
        };
    }
}
