using System.Text.Json.Nodes;
using GridMap.Server.Databases;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>A point for the name of each area, as GeoJSON: a polygon cut by tile edges would be named once in every tile. Made once for each version of the areas.</summary>
public sealed class AreaNames(Database database, LayerVersions versions, LayerCatalog layers)
{
    private (long Version, JsonArray Features)? _known;

    public async Task<JsonObject> Points(CancellationToken cancellation)
    {
        var version = await versions.Of(layers.Find("areas")!, cancellation);
        if (_known is not { } known || known.Version != version)
        {
            var rows = await database.Query($"""
                SELECT level, name, round(ST_X(point)::numeric, 6), round(ST_Y(point)::numeric, 6)
                FROM areas CROSS JOIN LATERAL ST_PointOnSurface(geom) AS point WHERE name <> '' AND NOT ST_IsEmpty(geom) ORDER BY id
                """, row => (JsonNode)new JsonObject
            {
                ["type"] = "Feature", ["properties"] = new JsonObject { ["level"] = row.GetString(0), ["name"] = row.GetString(1) },
                ["geometry"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(row.GetDecimal(2), row.GetDecimal(3)) },
            }, cancellation);
            _known = known = (version, [.. rows]);
        }
        return new JsonObject { ["type"] = "FeatureCollection", ["features"] = known.Features.DeepClone() };
    }
}
