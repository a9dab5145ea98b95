using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using GridMap.Geo.Coverage;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Projections;
using Microsoft.OpenApi;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Http;

/// <summary>A GeoJSON Polygon (RFC 7946) in an answer of ours: the outer ring counterclockwise, then holes clockwise, [longitude, latitude].</summary>
public sealed record PolygonShape(string Type, IReadOnlyList<double[][]> Coordinates)
{
    /// <param name="polygon">WGS 84; rings in either direction.</param>
    /// <param name="datum">The datum of the answer.</param>
    public static PolygonShape Of(Polygon polygon, Datum datum = default) =>
        new("Polygon", [Ring(polygon.ExteriorRing, counterclockwise: true, datum), .. polygon.InteriorRings.Select(hole => Ring(hole, counterclockwise: false, datum))]);

    private static double[][] Ring(LineString ring, bool counterclockwise, Datum datum)
    {
        var positions = ring.Coordinates.Select(at => datum.FromStored(at.X, at.Y)).Select(place => new[] { place.Lon, place.Lat }).ToArray();
        if (NetTopologySuite.Algorithm.Orientation.IsCCW(ring.CoordinateSequence) != counterclockwise) Array.Reverse(positions);
        return positions;
    }
}

/// <summary>A GeoJSON MultiPolygon (RFC 7946) in an answer of ours: its text, because a picture of thousands of places is written once and never looked at.</summary>
[JsonConverter(typeof(MultiPolygonShapeText))]
public sealed class MultiPolygonShape
{
    private readonly byte[] _json;

    private MultiPolygonShape(byte[] json) => _json = json;

    public static MultiPolygonShape Of(MultiPolygon area, Datum datum = default)
    {
        var text = new ArrayBufferWriter<byte>();
        GeoJsonWriter.WriteGeometry(text, area, shift: datum.FromStoredShift);
        return new(text.WrittenSpan.ToArray());
    }

    /// <param name="outline">In metres of the plane.</param>
    /// <param name="plane">Of the city.</param>
    /// <param name="datum">The datum of the answer.</param>
    public static MultiPolygonShape Of(WalkOutline outline, MetricPlane plane, Datum datum) => new(outline.ToGeoJson(plane, datum.FromStoredShift));

    /// <summary>Its text.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    internal static OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object, Required = new HashSet<string> { "type", "coordinates" }, AdditionalPropertiesAllowed = false,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["coordinates"] = Listed(Listed(Listed(Listed(new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" })))),
        },
    };

    private static OpenApiSchema Listed(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private sealed class MultiPolygonShapeText : JsonConverter<MultiPolygonShape>
    {
        public override MultiPolygonShape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Shapes are written, not read.");

        public override void Write(Utf8JsonWriter writer, MultiPolygonShape value, JsonSerializerOptions options) => writer.WriteRawValue(value._json, skipInputValidation: true);
    }
}

public sealed record Feature<TGeometry, TProperties>(string Type, TGeometry Geometry, TProperties Properties);

/// <summary>A GeoJSON FeatureCollection whose properties the contract describes.</summary>
public sealed record FeatureSet<TGeometry, TProperties>(string Type, IReadOnlyList<Feature<TGeometry, TProperties>> Features);
