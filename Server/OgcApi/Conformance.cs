namespace GridMap.Server.OgcApi;

/// <summary>The conformance classes claimed, each beside the code that earns it. A test walks the list.</summary>
public static class Conformance
{
    private const string Common = "http://www.opengis.net/spec/ogcapi-common-", Features = "http://www.opengis.net/spec/ogcapi-features-", Processes = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/", Tiles = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/",
        Styles = "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/", Cql2 = "http://www.opengis.net/spec/cql2/1.0/conf/";

    public static readonly string[] Classes =
    [
        Common + "1/1.0/conf/core",                          // OgcEndpoints
        Common + "1/1.0/conf/landing-page",
        Common + "1/1.0/conf/json",
        Common + "1/1.0/conf/html",                          // OgcHtml
        Common + "1/1.0/conf/oas30",                         // OgcContract
        Common + "2/1.0/conf/collections",                   // Collections
        Features + "1/1.0/conf/core",                        // Items, ItemsQuestion, Collections, Question (400 for what is unknown)
        Features + "1/1.0/conf/geojson",                     // Layers/FeatureWriter
        Features + "1/1.0/conf/html",                        // OgcHtml
        Features + "1/1.0/conf/oas30",                       // OgcContract
        Features + "2/1.0/conf/crs",                         // CollectionCrs, Layers/AskedCrs
        Features + "3/1.0/conf/queryables",                  // SchemaEndpoints, Queryables
        Features + "3/1.0/conf/queryables-query-parameters", // Queryables
        Features + "3/1.0/conf/filter",                      // ItemsQuestion
        Features + "3/1.0/conf/features-filter",             // ItemsQuestion
        Features + "4/1.0/conf/create-replace-delete",       // WriteEndpoints, Layers/FeatureRows
        Features + "4/1.0/conf/update",                      // WriteEndpoints (JSON Merge Patch)
        Features + "4/1.0/conf/features",                    // FeatureBody
        Features + "4/1.0/conf/optimistic-locking-etags",    // WriteEndpoints.Change
        Features + "5/1.0/conf/schemas",                     // Schemas
        Features + "5/1.0/conf/core-roles-features",         // Schemas
        Features + "5/1.0/conf/returnables-and-receivables", // SchemaEndpoints
        Features + "5/1.0/conf/queryables",                  // SchemaEndpoints
        Features + "5/1.0/conf/sortables",                   // SchemaEndpoints, Sorting
        Processes + "core",                                  // ProcessEndpoints, Processes, Jobs/JobRunner
        Processes + "json",
        Processes + "ogc-process-description",
        Processes + "job-list",
        Processes + "dismiss",
        Tiles + "core",                                      // Tiles/TileEndpoints, Tiles/TileSource
        Tiles + "tileset",                                   // TileSets
        Tiles + "tilesets-list",
        Tiles + "dataset-tilesets",
        Tiles + "geodata-tilesets",
        Tiles + "collections-selection",
        Tiles + "oas30",                                     // OgcContract
        Tiles + "mvt",
        Styles + "core",                                     // Styles, CityStyle
        Styles + "global-styles",
        Styles + "mapbox-styles",
        Styles + "html",
        Cql2 + "cql2-text",                                  // Geo/Cql2/Cql2Text
        Cql2 + "cql2-json",                                  // Geo/Cql2/Cql2Json
        Cql2 + "basic-cql2",                                 // Layers/FilterSql, as all below
        Cql2 + "advanced-comparison-operators",
        Cql2 + "case-insensitive-comparison",                // fold_case in data/migrations/0013_filters.sql
        Cql2 + "accent-insensitive-comparison",              // fold_accents, same file
        Cql2 + "basic-spatial-functions",
        Cql2 + "basic-spatial-functions-plus",
        Cql2 + "spatial-functions",
        Cql2 + "temporal-functions",                         // Layers/FilterTimes
        Cql2 + "array-functions",                            // Layers/FilterSets
        Cql2 + "property-property",
        Cql2 + "functions",                                  // Layers/FilterFunctions
        Cql2 + "arithmetic",
    ];
}
