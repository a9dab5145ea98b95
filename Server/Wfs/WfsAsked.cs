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
        var types = WfsLists.Read("typeNames", lower.GetValueOrDefault("typenames") ?? lower.GetValueOrDefault("typename"));
        var (filters, boxes) = (Of("filter"), Of("bbox"));
        var ids = WfsLists.Read("resourceId", lower.GetValueOrDefault("resourceid") ?? lower.GetValueOrDefault("featureid"));
        if (new[] { filters, boxes, ids }.Count(lists => lists.Exists(list => list.Length > 0)) > 1) throw WfsFault.Invalid("filter", "one of filter, bbox and resourceId");
        // A resource id names its type, and of what others name each query takes its own.
        if (types.Count == 0 && ids.Count > 0)
        {
            types = [.. ids.SelectMany(list => list.Split(',')).Select(id => id.Split('.')[0]).Distinct()];
            ids = [string.Join(',', ids)];
        }
        var (properties, sorts, crs) = (Of("propertyName"), Of("sortBy"), Of("srsName"));
        foreach (var (name, lists) in new[] { ("filter", filters), ("propertyName", properties), ("sortBy", sorts) })
        {
            if (lists.Count > 0 && lists.Count != types.Count) throw WfsFault.Invalid(name, $"as many lists as types ({types.Count})");
        }
        // One of these is of all queries.
        foreach (var (name, lists) in new[] { ("bbox", boxes), ("resourceId", ids), ("srsName", crs) })
        {
            if (lists.Count > 1 && lists.Count != types.Count) throw WfsFault.Invalid(name, $"one value, or as many as types ({types.Count})");
        }
        var queries = types.Select((type, i) => new WfsQuery(type)
        {
            Filter = At(filters, i) is { } filter ? WfsXml.Filter(filter) : null, Bbox = At(boxes, i), ResourceId = At(ids, i), SrsName = At(crs, i),
            PropertyNames = At(properties, i), SortBy = At(sorts, i),
        }).ToList();
        return new WfsAsked(lower.GetValueOrDefault("request") ?? "", lower, queries);

        List<string> Of(string name) => WfsLists.Read(name, lower.GetValueOrDefault(name.ToLowerInvariant()));
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

    // The value of one query; null where it has none.
    private static string? At(List<string> lists, int query) => lists.Count switch
    {
        0 => null,
        1 => lists[0],
        _ => lists[query],
    } is { Length: > 0 } value ? value : null;
}
