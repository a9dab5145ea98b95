namespace GridMap.Server.OgcApi;

/// <summary>The conformance classes claimed, each beside the code that earns it. A test walks the list.</summary>
public static class Conformance
{
    public static readonly string[] Classes =
    [
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",         // OgcEndpoints
        "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",  // Collections
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",       // Items, Collections, Question (400 for what is unknown)
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",    // Layers/FeatureWriter
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",       // OgcHtml
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",      // OgcContract
    ];
}
