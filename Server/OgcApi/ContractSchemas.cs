using System.Text.Json.Nodes;

namespace GridMap.Server.OgcApi;

/// <summary>What the documents under /ogc are, as schemas of the OpenAPI document.</summary>
internal static class ContractSchemas
{
    public static JsonObject All() => JsonNode.Parse("""
        {
          "Any": { "type": "object" },
          "Schema": { "type": "object", "required": ["$schema", "$id", "type", "properties"], "properties": { "$schema": { "type": "string" }, "$id": { "type": "string", "format": "uri" },
            "type": { "type": "string", "enum": ["object"] }, "properties": { "type": "object" } } },
          "Functions": { "type": "object", "required": ["functions"], "properties": { "functions": { "type": "array", "items": { "type": "object", "required": ["name", "returns"],
            "properties": { "name": { "type": "string" }, "description": { "type": "string" }, "arguments": { "type": "array", "items": { "type": "object" } },
            "returns": { "type": "array", "items": { "type": "string" } } } } } } },
          "Link": { "type": "object", "required": ["href", "rel"], "properties": {
            "href": { "type": "string", "format": "uri" }, "rel": { "type": "string" }, "type": { "type": "string" }, "title": { "type": "string" } } },
          "LandingPage": { "type": "object", "required": ["links"], "properties": { "title": { "type": "string" }, "description": { "type": "string" },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "Conformance": { "type": "object", "required": ["conformsTo"], "properties": { "conformsTo": { "type": "array", "items": { "type": "string" } } } },
          "Collection": { "type": "object", "required": ["id", "links"], "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "description": { "type": "string" },
            "itemType": { "type": "string" }, "crs": { "type": "array", "items": { "type": "string" } }, "extent": { "type": "object" },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "Collections": { "type": "object", "required": ["links", "collections"], "properties": { "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
            "collections": { "type": "array", "items": { "$ref": "#/components/schemas/Collection" } } } },
          "Feature": { "type": "object", "required": ["type", "geometry", "properties"], "properties": { "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "integer", "format": "int64" }, "geometry": { "type": "object", "nullable": true }, "properties": { "type": "object", "nullable": true },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "FeatureCollection": { "type": "object", "required": ["type", "features"], "properties": { "type": { "type": "string", "enum": ["FeatureCollection"] },
            "features": { "type": "array", "items": { "$ref": "#/components/schemas/Feature" } }, "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
            "timeStamp": { "type": "string", "format": "date-time" }, "numberMatched": { "type": "integer", "minimum": 0 }, "numberReturned": { "type": "integer", "minimum": 0 } } },
          "Problem": { "type": "object", "required": ["type", "title", "status", "detail", "code"], "properties": { "type": { "type": "string" }, "title": { "type": "string" },
            "status": { "type": "integer" }, "detail": { "type": "string" }, "instance": { "type": "string" }, "code": { "type": "string" },
            "errors": { "type": "array", "items": { "type": "object", "properties": { "field": { "type": "string" }, "code": { "type": "string" }, "expected": { "type": "string" } } } } } },
          "TileSets": { "type": "object", "required": ["links", "tilesets"], "properties": { "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
            "tilesets": { "type": "array", "items": { "$ref": "#/components/schemas/TileSet" } } } },
          "TileSet": { "type": "object", "required": ["dataType", "crs", "tileMatrixSetURI", "links"], "properties": { "title": { "type": "string" }, "dataType": { "type": "string", "enum": ["vector"] },
            "crs": { "type": "string", "format": "uri" }, "tileMatrixSetURI": { "type": "string", "format": "uri" }, "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
            "layers": { "type": "array", "items": { "type": "object", "required": ["id", "dataType"], "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "dataType": { "type": "string" },
              "geometryDimension": { "type": "integer", "minimum": 0, "maximum": 2 }, "minTileMatrix": { "type": "string" }, "maxTileMatrix": { "type": "string" }, "propertiesSchema": { "type": "object" } } } },
            "boundingBox": { "type": "object", "required": ["lowerLeft", "upperRight"], "properties": { "lowerLeft": { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" } },
              "upperRight": { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" } }, "crs": { "type": "string", "format": "uri" } } },
            "tileMatrixSetLimits": { "type": "array", "items": { "type": "object", "required": ["tileMatrix", "minTileRow", "maxTileRow", "minTileCol", "maxTileCol"], "properties": { "tileMatrix": { "type": "string" },
              "minTileRow": { "type": "integer", "minimum": 0 }, "maxTileRow": { "type": "integer", "minimum": 0 }, "minTileCol": { "type": "integer", "minimum": 0 }, "maxTileCol": { "type": "integer", "minimum": 0 } } } } } },
          "TileMatrixSets": { "type": "object", "required": ["tileMatrixSets"], "properties": { "tileMatrixSets": { "type": "array", "items": { "type": "object", "required": ["id", "links"], "properties": {
            "id": { "type": "string" }, "title": { "type": "string" }, "uri": { "type": "string", "format": "uri" }, "crs": { "type": "string", "format": "uri" },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } } }, "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "TileMatrixSet": { "type": "object", "required": ["id", "crs", "tileMatrices"], "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "uri": { "type": "string", "format": "uri" },
            "crs": { "type": "string", "format": "uri" }, "orderedAxes": { "type": "array", "items": { "type": "string" } }, "wellKnownScaleSet": { "type": "string", "format": "uri" },
            "tileMatrices": { "type": "array", "items": { "type": "object", "required": ["id", "scaleDenominator", "cellSize", "pointOfOrigin", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight"], "properties": {
              "id": { "type": "string" }, "scaleDenominator": { "type": "number" }, "cellSize": { "type": "number" }, "cornerOfOrigin": { "type": "string", "enum": ["topLeft"] },
              "pointOfOrigin": { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" } }, "tileWidth": { "type": "integer" }, "tileHeight": { "type": "integer" },
              "matrixWidth": { "type": "integer" }, "matrixHeight": { "type": "integer" } } } }, "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "Styles": { "type": "object", "required": ["styles"], "properties": { "default": { "type": "string" }, "styles": { "type": "array", "items": { "type": "object", "required": ["id", "links"], "properties": {
            "id": { "type": "string" }, "title": { "type": "string" }, "description": { "type": "string" }, "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } } },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "Style": { "type": "object", "required": ["version", "sources", "layers"], "properties": { "version": { "type": "integer", "enum": [8] }, "name": { "type": "string" }, "sources": { "type": "object" },
            "center": { "type": "array", "items": { "type": "number" } }, "zoom": { "type": "number" }, "layers": { "type": "array", "items": { "type": "object" } } } },
          "StyleMetadata": { "type": "object", "required": ["id", "links"], "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "description": { "type": "string" },
            "keywords": { "type": "array", "items": { "type": "string" } }, "accessConstraints": { "type": "string" }, "dates": { "type": "object" }, "scope": { "type": "string" }, "version": { "type": "string" },
            "stylesheets": { "type": "array", "items": { "type": "object" } }, "layers": { "type": "array", "items": { "type": "object" } }, "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "ProcessSummary": { "type": "object", "required": ["id", "version", "links"], "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "description": { "type": "string" }, "version": { "type": "string" },
            "jobControlOptions": { "type": "array", "items": { "type": "string", "enum": ["sync-execute", "async-execute", "dismiss"] } }, "outputTransmission": { "type": "array", "items": { "type": "string", "enum": ["value"] } },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "Processes": { "type": "object", "required": ["processes", "links"], "properties": { "processes": { "type": "array", "items": { "$ref": "#/components/schemas/ProcessSummary" } },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "Process": { "allOf": [ { "$ref": "#/components/schemas/ProcessSummary" }, { "type": "object", "required": ["inputs", "outputs"], "properties": {
            "inputs": { "type": "object", "additionalProperties": { "type": "object", "required": ["schema"], "properties": { "title": { "type": "string" }, "description": { "type": "string" },
              "minOccurs": { "type": "integer", "minimum": 0 }, "maxOccurs": { "type": "integer", "minimum": 1 }, "schema": { "type": "object" } } } },
            "outputs": { "type": "object", "additionalProperties": { "type": "object", "required": ["schema"], "properties": { "title": { "type": "string" }, "schema": { "type": "object" } } } } } } ] },
          "Execute": { "type": "object", "additionalProperties": false, "properties": { "inputs": { "type": "object", "description": "By name; what there is says the description of the process." },
            "outputs": { "type": "object", "additionalProperties": false, "properties": { "answer": { "type": "object", "properties": {
              "format": { "type": "object", "properties": { "mediaType": { "type": "string" } } }, "transmissionMode": { "type": "string", "enum": ["value"] } } } } },
            "response": { "type": "string", "enum": ["raw", "document"], "default": "raw" } } },
          "Job": { "type": "object", "required": ["jobID", "type", "status"], "properties": { "jobID": { "type": "string" }, "processID": { "type": "string" }, "type": { "type": "string", "enum": ["process"] },
            "status": { "type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed"] }, "message": { "type": "string" }, "progress": { "type": "integer", "minimum": 0, "maximum": 100 },
            "created": { "type": "string", "format": "date-time" }, "started": { "type": "string", "format": "date-time" }, "finished": { "type": "string", "format": "date-time" },
            "updated": { "type": "string", "format": "date-time" }, "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } },
          "Jobs": { "type": "object", "required": ["jobs", "links"], "properties": { "jobs": { "type": "array", "items": { "$ref": "#/components/schemas/Job" } },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } }
        }
        """)!.AsObject();
}
