using System.Xml.Linq;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>The one stored query that every server must have, a feature by its id, under both its names.</summary>
public static class WfsStoredQueries
{
    private const string Title = "Get feature by id 按标识取要素";

    public static XDocument List(LayerCatalog layers) => new(new XElement(WfsNames.Wfs + "ListStoredQueriesResponse", Namespaces(),
        WfsNames.GetFeatureById.Select(id => new XElement(WfsNames.Wfs + "StoredQuery", new XAttribute("id", id), new XElement(WfsNames.Wfs + "Title", Title),
            layers.All.Select(layer => new XElement(WfsNames.Wfs + "ReturnFeatureType", WfsNames.TypeName(layer)))))));

    /// <exception cref="WfsFault">Another stored query is asked for.</exception>
    public static XDocument Describe(WfsAsked asked, LayerCatalog layers)
    {
        var ids = asked.Get("storedquery_id")?.Split(',') ?? WfsNames.GetFeatureById;
        if (ids.Except(WfsNames.GetFeatureById).Any()) throw WfsFault.Invalid("storedQuery_Id", WfsNames.GetFeatureById[0]);
        return new(new XElement(WfsNames.Wfs + "DescribeStoredQueriesResponse", Namespaces(), ids.Distinct().Select(id =>
            new XElement(WfsNames.Wfs + "StoredQueryDescription", new XAttribute("id", id), new XElement(WfsNames.Wfs + "Title", Title),
                new XElement(WfsNames.Wfs + "Parameter", new XAttribute("name", "id"), new XAttribute("type", "xs:string")),
                new XElement(WfsNames.Wfs + "QueryExpressionText", new XAttribute("returnFeatureTypes", string.Join(' ', layers.All.Select(WfsNames.TypeName))),
                    new XAttribute("language", "urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression"), new XAttribute("isPrivate", true))))));
    }

    private static XAttribute[] Namespaces() =>
        [new(XNamespace.Xmlns + "wfs", WfsNames.Wfs), new(XNamespace.Xmlns + "xs", WfsNames.Xsd), new(XNamespace.Xmlns + WfsNames.Prefix, WfsNames.App)];
}
