using System.Globalization;
using System.Xml.Linq;
using GridMap.Server.Http;

namespace GridMap.Server.Wfs;

/// <summary>The links to the next and the previous page: the same request as key-value pairs, however it came.</summary>
public static class WfsPaging
{
    // A longer address is refused by servers and proxies, this one included; the client then pages by startIndex itself.
    private const int MostCharacters = 8000;

    private static readonly string[] Own = ["count", "startindex", "typenames", "typename", "filter", "propertyname", "sortby", "srsname", "bbox", "resourceid", "featureid", "service", "request"];

    public static string? Link(HttpContext http, WfsAsked asked, int count, int start)
    {
        var values = new List<(string Name, string? Value)> { ("service", "WFS"), ("request", asked.Operation) };
        values.AddRange(asked.Values.Where(pair => !Own.Contains(pair.Key)).Select(pair => (pair.Key, (string?)pair.Value)));
        var queries = asked.Queries;
        values.Add(("typeNames", Lists(queries, query => query.TypeName)));
        values.Add(("srsName", queries[0].SrsName));
        values.Add(("bbox", queries[0].Bbox));
        values.Add(("resourceId", queries[0].ResourceId));
        values.Add(("filter", Lists(queries, query => query.Filter?.ToString(SaveOptions.DisableFormatting))));
        values.Add(("propertyName", Lists(queries, query => query.PropertyNames)));
        values.Add(("sortBy", Lists(queries, query => query.SortBy)));
        values.Add(("count", count.ToString(CultureInfo.InvariantCulture)));
        values.Add(("startIndex", start.ToString(CultureInfo.InvariantCulture)));
        var link = $"{PublicAddress.Of(http)}/wfs?{string.Join('&', values.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value!)}"))}";
        // What one list has and another has not cannot be said in one address, nor can different CRSs.
        var isSayable = queries.Select(query => query.SrsName).Distinct().Count() == 1
            && new Func<WfsQuery, bool>[] { query => query.Filter is null, query => query.PropertyNames is null, query => query.SortBy is null }.All(part => queries.Select(part).Distinct().Count() == 1);
        return isSayable && link.Length <= MostCharacters ? link : null;
    }

    private static string? Lists(IReadOnlyList<WfsQuery> queries, Func<WfsQuery, string?> part) =>
        queries.Count == 1 ? part(queries[0]) : queries.Any(query => part(query) is null) ? null : string.Concat(queries.Select(query => $"({part(query)})"));
}
