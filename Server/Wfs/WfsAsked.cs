using System.Xml.Linq;

namespace GridMap.Server.Wfs;

/// <summary>One query of a request, as sent: nothing is checked yet but its shape.</summary>
public sealed record WfsQuery(string TypeName)
{
    public XElement? Filter { get; init; }

    public string? Bbox { get; init; }

    public string? ResourceId { get; init; }

    public string? SrsName { get; init; }

    public string? SortBy { get; init; }

    /// <summary>By commas; null for all.</summary>
    public string? PropertyNames { get; init; }
}

/// <summary>A request, whether it came as key-value pairs or as XML. <see cref="Values"/> have their keys in lower case.</summary>
public sealed record WfsAsked(string Operation, IReadOnlyDictionary<string, string> Values, IReadOnlyList<WfsQuery> Queries)
{
    public string? Get(string name) => Values.GetValueOrDefault(name.ToLowerInvariant()) is { Length: > 0 } value ? value : null;

    /// <summary>Names of parameters are known in any case, and unknown ones are a vendor's and passed over (OGC 09-025r2 §6.2.5.2, OGC 06-121r3 §11.5.2).</summary>
    /// <exception cref="WfsFault">The filter is no XML, a parameter comes twice, lists do not fit each other.</exception>
    public static WfsAsked Of(IQueryCollection query)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in query)
        {
            if (text.Count > 1 || !values.TryAdd(name, text.ToString())) throw WfsFault.Invalid(name, "one value");
        }
        var lower = values.ToDictionary(pair => pair.Key.ToLowerInvariant(), pair => pair.Value);
        var bound = Bound(lower.GetValueOrDefault("namespaces") ?? "");
        foreach (var name in new[] { "typenames", "typename" })
        {
            if (lower.TryGetValue(name, out var asked)) lower[name] = WfsNames.WithKnownPrefix(asked, bound.GetValueOrDefault);
        }
        var types = Lists(lower.GetValueOrDefault("typenames") ?? lower.GetValueOrDefault("typename"));
        var (filters, boxes, ids) = (Lists(lower.GetValueOrDefault("filter")), lower.GetValueOrDefault("bbox"), lower.GetValueOrDefault("resourceid") ?? lower.GetValueOrDefault("featureid"));
        if (new[] { filters.Count > 0, !string.IsNullOrEmpty(boxes), !string.IsNullOrEmpty(ids) }.Count(given => given) > 1)
            throw WfsFault.Invalid("filter", "one of filter, bbox and resourceId");
        // A resource id names its type.
        if (types.Count == 0 && !string.IsNullOrEmpty(ids))
            types = [.. ids.Split(',').Select(id => id.Split('.')[0]).Distinct()];
        var (properties, sorts, crs) = (Lists(lower.GetValueOrDefault("propertyname")), Lists(lower.GetValueOrDefault("sortby")), lower.GetValueOrDefault("srsname"));
        foreach (var (name, list) in new[] { ("filter", filters), ("propertyName", properties), ("sortBy", sorts) })
        {
            if (list.Count > 0 && list.Count != types.Count) throw WfsFault.Invalid(name, $"as many lists as types ({types.Count})");
        }
        var queries = types.Select((type, i) => new WfsQuery(type)
        {
            Filter = filters.Count > 0 ? WfsXml.Filter(filters[i]) : null, Bbox = Text(boxes), ResourceId = Text(ids), SrsName = Text(crs),
            PropertyNames = properties.Count > 0 ? properties[i] : null, SortBy = sorts.Count > 0 ? sorts[i] : null,
        }).ToList();
        return new WfsAsked(lower.GetValueOrDefault("request") ?? "", lower, queries);
    }

    /// <summary><c>xmlns(prefix,uri)</c>, several by commas (OGC 09-025r2 §7.6.6).</summary>
    private static Dictionary<string, string> Bound(string namespaces)
    {
        var bound = new Dictionary<string, string>();
        foreach (var part in namespaces.Split("xmlns(", StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.TrimEnd(',', ' ').TrimEnd(')').Split(',', '=') is [var prefix, var uri]) bound[prefix.Trim()] = Uri.UnescapeDataString(uri.Trim());
        }
        return bound;
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary><c>(a,b)(c)</c> are two lists, anything else is one.</summary>
    private static List<string> Lists(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        if (text[0] != '(' || text[^1] != ')') return [text];
        return [.. text[1..^1].Split(")(")];
    }
}
