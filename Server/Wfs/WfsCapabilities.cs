using System.Globalization;
using System.Xml.Linq;
using GridMap.Geo.Projections;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>GetCapabilities: what this service can do, said once.</summary>
public static class WfsCapabilities
{
    private static readonly string[] Operations = ["GetCapabilities", "DescribeFeatureType", "ListStoredQueries", "DescribeStoredQueries", "GetFeature", "GetPropertyValue"];

    private static readonly (string Name, bool Holds)[] Constraints =
    [
        ("ImplementsBasicWFS", true), ("ImplementsTransactionalWFS", false), ("ImplementsLockingWFS", false), ("KVPEncoding", true), ("XMLEncoding", true), ("SOAPEncoding", false),
        ("ImplementsInheritance", false), ("ImplementsRemoteResolve", false), ("ImplementsResultPaging", true), ("ImplementsStandardJoins", false), ("ImplementsSpatialJoins", false),
        ("ImplementsTemporalJoins", false), ("ImplementsFeatureVersioning", false), ("ManageStoredQueries", false),
    ];

    private static readonly (string Name, bool Holds)[] FilterClasses =
    [
        ("ImplementsQuery", true), ("ImplementsAdHocQuery", true), ("ImplementsFunctions", true), ("ImplementsResourceId", true), ("ImplementsMinStandardFilter", true),
        ("ImplementsStandardFilter", true), ("ImplementsMinSpatialFilter", true), ("ImplementsSpatialFilter", true), ("ImplementsMinTemporalFilter", true), ("ImplementsTemporalFilter", false),
        ("ImplementsVersionNav", false), ("ImplementsSorting", true), ("ImplementsExtendedOperators", false), ("ImplementsMinimumXPath", true), ("ImplementsSchemaElementFunc", false),
    ];

    public static async Task<XDocument> Of(string address, string version, LayerCatalog layers, Extents extents, CollectionCrs crs, CancellationToken cancellation)
    {
        var (wfs, ows) = (WfsNames.Wfs, WfsNames.Ows);
        var types = new XElement(wfs + "FeatureTypeList");
        foreach (var layer in layers.All) types.Add(Type(layer, await extents.Of(layer, cancellation), await crs.Of(layer, cancellation)));
        return new XDocument(new XElement(wfs + "WFS_Capabilities", new XAttribute("version", version),
            new XAttribute(XNamespace.Xmlns + "wfs", wfs), new XAttribute(XNamespace.Xmlns + "ows", ows), new XAttribute(XNamespace.Xmlns + "fes", WfsNames.Fes),
            new XAttribute(XNamespace.Xmlns + "gml", WfsNames.Gml), new XAttribute(XNamespace.Xmlns + "xlink", WfsNames.Xlink), new XAttribute(XNamespace.Xmlns + "xs", WfsNames.Xsd),
            new XAttribute(XNamespace.Xmlns + WfsNames.Prefix, WfsNames.App), new XAttribute(XNamespace.Xmlns + "xsi", WfsNames.Xsi),
            new XAttribute(WfsNames.Xsi + "schemaLocation", $"{wfs} http://schemas.opengis.net/wfs/2.0/wfs.xsd"),
            new XElement(ows + "ServiceIdentification",
                new XElement(ows + "Title", "GridMap"), new XElement(ows + "Abstract", "Grids, buildings, facilities, incidents and roads of a city. 城市网格、建筑、设施、事件与道路。"),
                new XElement(ows + "ServiceType", "WFS"), WfsNames.Versions.Select(version => new XElement(ows + "ServiceTypeVersion", version)),
                new XElement(ows + "Fees", "NONE"), new XElement(ows + "AccessConstraints", "NONE")),
            new XElement(ows + "ServiceProvider", new XElement(ows + "ProviderName", "GridMap"), new XElement(ows + "ServiceContact")),
            OperationsMetadata(address), types, FilterCapabilities()));
    }

    private static XElement OperationsMetadata(string address)
    {
        var ows = WfsNames.Ows;
        var metadata = new XElement(ows + "OperationsMetadata");
        foreach (var operation in Operations)
        {
            metadata.Add(new XElement(ows + "Operation", new XAttribute("name", operation),
                new XElement(ows + "DCP", new XElement(ows + "HTTP",
                    new XElement(ows + "Get", new XAttribute(WfsNames.Xlink + "href", $"{address}?")),
                    new XElement(ows + "Post", new XAttribute(WfsNames.Xlink + "href", address)))),
                operation switch
                {
                    "GetCapabilities" => Values("Parameter", "AcceptVersions", WfsNames.Versions),
                    "DescribeFeatureType" => Values("Parameter", "outputFormat", [WfsNames.Gml32]),
                    "GetFeature" => Values("Parameter", "outputFormat", [.. WfsNames.GmlFormats.Take(2), WfsNames.GeoJson, "application/json"]),
                    _ => null,
                },
                operation is "GetFeature" or "GetPropertyValue" ? Values("Parameter", "resolve", WfsNames.Resolves) : null,
                operation == "GetFeature" ? Values("Parameter", "resultType", ["results", "hits"]) : null));
        }
        metadata.Add(Values("Parameter", "version", WfsNames.Versions));
        foreach (var (name, holds) in Constraints) metadata.Add(Constraint("ows", name, holds ? "TRUE" : "FALSE"));
        metadata.Add(Constraint("ows", "CountDefault", WfsQuestions.CountDefault.ToString(CultureInfo.InvariantCulture)));
        metadata.Add(Values("Constraint", "QueryExpressions", ["wfs:Query", "wfs:StoredQuery"]));
        return metadata;
    }

    private static XElement Type(Layer layer, Extent extent, IReadOnlyList<KnownCrs> listed)
    {
        var (wfs, ows) = (WfsNames.Wfs, WfsNames.Ows);
        var box = extent.Box ?? [-180, -90, 180, 90];
        return new XElement(wfs + "FeatureType", new XElement(wfs + "Name", WfsNames.TypeName(layer)), new XElement(wfs + "Title", $"{layer.Title} {layer.TitleZh}"),
            new XElement(wfs + "Abstract", layer.Description), new XElement(wfs + "DefaultCRS", WfsCrs.Default.Name),
            listed.Where(crs => crs != WfsCrs.Default.Crs).Select(crs => new XElement(wfs + "OtherCRS", WfsCrs.Urn(crs))),
            new XElement(wfs + "OutputFormats", new XElement(wfs + "Format", WfsNames.Gml32), new XElement(wfs + "Format", WfsNames.GeoJson)),
            new XElement(ows + "WGS84BoundingBox", new XElement(ows + "LowerCorner", $"{Text(box[0])} {Text(box[1])}"), new XElement(ows + "UpperCorner", $"{Text(box[2])} {Text(box[3])}")));
    }

    private static XElement FilterCapabilities()
    {
        var fes = WfsNames.Fes;
        return new XElement(fes + "Filter_Capabilities",
            new XElement(fes + "Conformance", FilterClasses.Select(known => Constraint("fes", known.Name, known.Holds ? "TRUE" : "FALSE"))),
            new XElement(fes + "Id_Capabilities", new XElement(fes + "ResourceIdentifier", new XAttribute("name", "fes:ResourceId"))),
            new XElement(fes + "Scalar_Capabilities", new XElement(fes + "LogicalOperators"),
                Named("ComparisonOperators", "ComparisonOperator", "PropertyIsEqualTo", "PropertyIsNotEqualTo", "PropertyIsLessThan", "PropertyIsGreaterThan", "PropertyIsLessThanOrEqualTo",
                    "PropertyIsGreaterThanOrEqualTo", "PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween")),
            new XElement(fes + "Spatial_Capabilities",
                Named("GeometryOperands", "GeometryOperand", "gml:Envelope", "gml:Point", "gml:LineString", "gml:Curve", "gml:Polygon", "gml:Surface", "gml:MultiPoint", "gml:MultiCurve", "gml:MultiSurface", "gml:MultiGeometry"),
                Named("SpatialOperators", "SpatialOperator", "BBOX", "Equals", "Disjoint", "Touches", "Within", "Overlaps", "Crosses", "Intersects", "Contains", "DWithin", "Beyond")),
            new XElement(fes + "Temporal_Capabilities", Named("TemporalOperands", "TemporalOperand", "gml:TimeInstant", "gml:TimePeriod"),
                Named("TemporalOperators", "TemporalOperator", "After", "Before", "During", "TEquals")),
            new XElement(fes + "Functions", FilterFunctions.All.Where(function => function.Returns is FilterKind.Number or FilterKind.Boolean or FilterKind.Text && function.Arguments.All(argument => argument.Kind != FilterKind.Array))
                .Select(function => new XElement(fes + "Function", new XAttribute("name", function.Name), new XElement(fes + "Returns", Type(function.Returns)),
                    new XElement(fes + "Arguments", function.Arguments.Select(argument => new XElement(fes + "Argument", new XAttribute("name", argument.Name), new XElement(fes + "Type", Type(argument.Kind)))))))));
    }

    private static string Type(FilterKind kind) => kind switch
    {
        FilterKind.Geometry => "gml:AbstractGeometryType",
        FilterKind.Number => "xs:double",
        FilterKind.Boolean => "xs:boolean",
        FilterKind.Timestamp => "xs:dateTime",
        FilterKind.Date => "xs:date",
        _ => "xs:string",
    };

    private static XElement Named(string list, string each, params string[] names) =>
        new(WfsNames.Fes + list, names.Select(name => new XElement(WfsNames.Fes + each, new XAttribute("name", name))));

    private static XElement Values(string element, string name, IEnumerable<string> values) => new(WfsNames.Ows + element, new XAttribute("name", name),
        new XElement(WfsNames.Ows + "AllowedValues", values.Select(value => new XElement(WfsNames.Ows + "Value", value))));

    private static XElement Constraint(string space, string name, string value) => new((space == "fes" ? WfsNames.Fes : WfsNames.Ows) + "Constraint", new XAttribute("name", name),
        new XElement(WfsNames.Ows + "NoValues"), new XElement(WfsNames.Ows + "DefaultValue", value));

    private static string Text(double number) => number.ToString("0.#######", CultureInfo.InvariantCulture);
}
