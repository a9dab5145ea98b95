using System.Text.RegularExpressions;
using System.Xml.Linq;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>Namespaces, versions and names of types as they are written on the wire.</summary>
public static partial class WfsNames
{
    public static readonly XNamespace Wfs = "http://www.opengis.net/wfs/2.0", Fes = "http://www.opengis.net/fes/2.0", Gml = "http://www.opengis.net/gml/3.2",
        Ows = "http://www.opengis.net/ows/1.1", Xlink = "http://www.w3.org/1999/xlink", Xsi = "http://www.w3.org/2001/XMLSchema-instance", Xsd = "http://www.w3.org/2001/XMLSchema";

    /// <summary>The namespace of the feature types. It names; nothing is to be found there.</summary>
    public static readonly XNamespace App = "urn:x-gridmap:features:1";

    public const string Prefix = "gridmap", Geometry = "geometry";

    /// <summary>The stored query that every server must have, as 2.0.0 calls it and as 2.0.2 does.</summary>
    public static readonly string[] GetFeatureById = ["urn:ogc:def:query:OGC-WFS::GetFeatureById", "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"];

    public static readonly string[] Versions = ["2.0.2", "2.0.0"];

    /// <summary>How far references are followed: no feature here points to another, so that both answer alike.</summary>
    public static readonly string[] Resolves = ["none", "local"];

    public const string Gml32 = "application/gml+xml; version=3.2", GeoJson = "application/geo+json";

    /// <summary>All names under which clients ask for the two formats.</summary>
    public static readonly string[] GmlFormats = [Gml32, "text/xml; subtype=gml/3.2", "text/xml; subtype=gml/3.2.1", "gml32", "GML3"],
        GeoJsonFormats = [GeoJson, "application/json", "json", "geojson"];

    public static string TypeName(Layer layer) => $"{Prefix}:{layer.Name}";

    public static string FeatureId(Layer layer, long id) => $"{layer.Name}.{id}";

    /// <summary>The GML type of the geometry, without prefix.</summary>
    public static string GeometryType(Layer layer) => layer.Geometry switch { "point" => "PointPropertyType", "line" => "CurvePropertyType", _ => "MultiSurfacePropertyType" };

    public static string SchemaType(LayerColumn column) => column.Kind switch
    {
        ColumnKind.Text => "string",
        ColumnKind.Integer => "long",
        ColumnKind.Number => "double",
        ColumnKind.Flag => "boolean",
        _ => "dateTime",
    };

    /// <summary>The layer of a type name, with or without prefix.</summary>
    /// <exception cref="WfsFault">There is no such type.</exception>
    public static Layer Find(LayerCatalog layers, string typeName, string locator)
    {
        var local = typeName.Split(':')[^1].Trim();
        var isOther = typeName.Split(':') is [var prefix, _] && prefix.Contains("schema-element", StringComparison.Ordinal);
        return (isOther ? null : layers.Find(local)) ?? throw WfsFault.Invalid(locator, $"one of {string.Join(", ", layers.All.Select(TypeName))}");
    }

    /// <summary>Names of types with the prefix that stands for their namespace here, whatever prefix the client bound to it.</summary>
    /// <param name="names">By commas or in brackets.</param>
    /// <param name="namespaceOf">What the client bound a prefix to; null where he did not.</param>
    /// <exception cref="WfsFault">A prefix stands for another namespace, or for none.</exception>
    public static string WithKnownPrefix(string names, Func<string, string?> namespaceOf) => QualifiedName().Replace(names, match =>
    {
        var prefix = match.Groups["prefix"].Value;
        if ((namespaceOf(prefix) ?? (prefix == Prefix ? App.NamespaceName : null)) != App.NamespaceName)
            throw WfsFault.Invalid("typeNames", $"names in the namespace {App}, such as {Prefix}:areas ({prefix} stands for another)");
        return $"{Prefix}:{match.Groups["local"].Value}";
    });

    [GeneratedRegex(@"(?<prefix>[^\s,():]+):(?<local>[^\s,():]+)", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex QualifiedName();

    /// <summary>The name of a property without path and prefix: <c>gridmap:grids/gridmap:code</c> is <c>code</c>.</summary>
    public static string Local(string reference) => reference.Trim().Split('/')[^1].Split(':')[^1].Trim();
}
