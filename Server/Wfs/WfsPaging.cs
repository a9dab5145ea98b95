using System.Globalization;
using System.Xml.Linq;
using GridMap.Server.Http;

namespace GridMap.Server.Wfs;

/// <summary>The links to the next and the previous page: the same request as key-value pairs, however it came.</summary>
public static class WfsPaging
{
    // A longer address is refused by this server itself; the client then pages by startIndex.
    private const int MostCharacters = 250_000;

    private static readonly string[] Own = ["count", "startindex", "typenames", "typename", "filter", "propertyname", "sortby", "srsname", "bbox", "resourceid", "featureid", "resulttype", "service", "request"];

    public static string? Link(HttpContext http, WfsAsked asked, int count, int start)
    {
        var values = new List<(string Name, string? Value)> { ("service", "WFS"), ("request", asked.Operation) };
        values.AddRange(asked.Values.Where(pair => !Own.Contains(pair.Key)).Select(pair => (pair.Key, (string?)pair.Value)));
        var queries = asked.Queries;
        values.Add(("typeNames", Lists(queries, query => query.TypeName)));
        values.Add(("srsName", OneOrLists(queries, query => query.SrsName)));
        values.Add(("bbox", OneOrLists(queries, query => query.Bbox)));
        values.Add(("resourceId", OneOrLists(queries, query => query.ResourceId)));
        values.Add(("filter", Lists(queries, query => query.Filter?.ToString(SaveOptions.DisableFormatting))));
        values.Add(("propertyName", Lists(queries, query => query.PropertyNames)));
        values.Add(("sortBy", Lists(queries, query => query.SortBy)));
        values.Add(("count", count.ToString(CultureInfo.InvariantCulture)));
        values.Add(("startIndex", start.ToString(CultureInfo.InvariantCulture)));
        var link = $"{PublicAddress.Of(http)}/wfs?{string.Join('&', values.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value!)}"))}";
        return link.Length <= MostCharacters ? link : null;
    }

    // A query without a value has an empty list.
    private static string? Lists(IReadOnlyList<WfsQuery> queries, Func<WfsQuery, string?> part) =>
        queries.Count == 1 ? part(queries[0]) : queries.All(query => part(query) is null) ? null : string.Concat(queries.Select(query => $"({part(query)})"));

    private static string? OneOrLists(IReadOnlyList<WfsQuery> queries, Func<WfsQuery, string?> part) => queries.Select(part).Distinct().Count() == 1 ? part(queries[0]) : Lists(queries, part);
}
