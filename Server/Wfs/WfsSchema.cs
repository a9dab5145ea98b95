using System.Xml.Linq;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>DescribeFeatureType: the GML application schema of the layers.</summary>
public static class WfsSchema
{
    public static XDocument Of(IEnumerable<Layer> layers)
    {
        var (xsd, prefix) = (WfsNames.Xsd, WfsNames.Prefix);
        var schema = new XElement(xsd + "schema", new XAttribute(XNamespace.Xmlns + "xs", xsd), new XAttribute(XNamespace.Xmlns + "gml", WfsNames.Gml),
            new XAttribute(XNamespace.Xmlns + prefix, WfsNames.App), new XAttribute("targetNamespace", WfsNames.App), new XAttribute("elementFormDefault", "qualified"), new XAttribute("version", "1.0"),
            new XElement(xsd + "import", new XAttribute("namespace", WfsNames.Gml), new XAttribute("schemaLocation", "http://schemas.opengis.net/gml/3.2.1/gml.xsd")));
        foreach (var layer in layers)
        {
            var properties = new XElement(xsd + "sequence", Element(WfsNames.Geometry, $"gml:{WfsNames.GeometryType(layer)}"),
                layer.Columns.Select(column => Element(column.Name, $"xs:{WfsNames.SchemaType(column)}")));
            schema.Add(
                new XElement(xsd + "element", new XAttribute("name", layer.Name), new XAttribute("type", $"{prefix}:{layer.Name}Type"), new XAttribute("substitutionGroup", "gml:AbstractFeature")),
                new XElement(xsd + "complexType", new XAttribute("name", $"{layer.Name}Type"),
                    new XElement(xsd + "complexContent", new XElement(xsd + "extension", new XAttribute("base", "gml:AbstractFeatureType"), properties))));
        }
        return new XDocument(schema);
    }

    private static XElement Element(string name, string type) =>
        new(WfsNames.Xsd + "element", new XAttribute("name", name), new XAttribute("type", type), new XAttribute("minOccurs", 0));
}
