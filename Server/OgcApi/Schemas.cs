using System.Text.Json.Nodes;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>Layers as JSON Schemas (2020-12): what may be asked for, sorted by, and what is answered (OGC 19-079r2, 20-004, 23-058).</summary>
internal static class Schemas
{
    public static JsonObject Queryable(HttpContext http, Layer layer, string address) => Document(http, layer, address, ("queryables", "可查询字段"),
        OgcApi.Queryables.Scalars(layer).Select(column => Scalar(http, layer, column)).Append(Geometry(http, layer)));

    public static JsonObject Sortable(HttpContext http, Layer layer, string address) => Document(http, layer, address, ("sortables", "可排序字段"),
        OgcApi.Queryables.Scalars(layer).Select(column => Scalar(http, layer, column)));

    /// <summary>A feature's properties as they are answered. The geometry is among them by the role that it plays.</summary>
    public static JsonObject Returned(HttpContext http, Layer layer, string address)
    {
        var written = layer.Writes?.Properties ?? [];
        var columns = OgcApi.Queryables.Scalars(layer).ToList();
        // What the server derives is only read, and what it turns into other properties only written (23-058, /req/schemas/properties E and F).
        return Document(http, layer, address, ("schema", "结构"), [
            .. columns.Select(column => Marked(Scalar(http, layer, column), written.Any(property => property.Name == column.Name) ? null : "readOnly")),
            .. written.Where(property => columns.TrueForAll(column => column.Name != property.Name)).Select(property => Marked(Writable(http, layer, property), "writeOnly")),
            Geometry(http, layer)]);
    }

    private static (string Name, JsonObject Schema) Marked((string Name, JsonObject Schema) property, string? mark)
    {
        if (mark is not null) property.Schema[mark] = true;
        return property;
    }

    /// <summary>What may be sent: to create and replace a whole feature, to update a part of it.</summary>
    public static JsonObject Received(HttpContext http, Layer layer, LayerWrites writes, string address, bool whole)
    {
        var document = Document(http, layer, address, ("receivables", "可写入字段"), writes.Properties.Select(property => Writable(http, layer, property)).Append(Geometry(http, layer)));
        if (whole) document["required"] = new JsonArray([.. writes.Properties.Where(property => property.IsRequired).Select(property => (JsonNode)property.Name), FilterSql.GeometryName]);
        return document;
    }

    private static (string Name, JsonObject Schema) Writable(HttpContext http, Layer layer, WritableProperty property)
    {
        var schema = new JsonObject { ["title"] = http.SayOrEnglish(layer.Columns.FirstOrDefault(column => column.Name == property.Name)?.Title ?? property.Title) };
        switch (property.Kind)
        {
            case ColumnKind.Text:
                schema["type"] = "string";
                schema["maxLength"] = property.MostCharacters;
                if (property.IsRequired) schema["minLength"] = 1;
                if (property.Choices is { } choices) schema["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice)]);
                break;
            case ColumnKind.Integer or ColumnKind.Number:
                schema["type"] = property.Kind == ColumnKind.Integer ? "integer" : "number";
                schema["minimum"] = property.Least;
                if (property.Most < long.MaxValue) schema["maximum"] = property.Most;
                break;
            case ColumnKind.Flag:
                schema["type"] = "boolean";
                break;
            default:
                schema["type"] = "string";
                schema["format"] = "date-time";
                break;
        }
        return (property.Name, schema);
    }

    private static JsonObject Document(HttpContext http, Layer layer, string address, Words what, IEnumerable<(string Name, JsonObject Schema)> properties) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$id"] = address,
        ["title"] = http.SayOrEnglish(($"{layer.Title}: {what.English}", $"{layer.TitleZh}：{what.Chinese}")),
        ["description"] = http.SayOrEnglish(PageWords.DescriptionOf(layer)),
        ["type"] = "object",
        ["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)property.Schema))),
        ["additionalProperties"] = false,
    };

    private static (string Name, JsonObject Schema) Scalar(HttpContext http, Layer layer, LayerColumn column)
    {
        var schema = new JsonObject { ["title"] = http.SayOrEnglish(column.Title) };
        (schema["type"], var format) = column.Kind switch
        {
            ColumnKind.Integer => ("integer", null),
            ColumnKind.Number => ("number", null),
            ColumnKind.Flag => ("boolean", null),
            ColumnKind.Time => ("string", "date-time"),
            _ => ((JsonNode)"string", (string?)null),
        };
        if (format is not null) schema["format"] = format;
        if (column.Choices is { } choices) schema["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice)]);
        if (column == OgcApi.Queryables.Id) schema["x-ogc-role"] = "id";
        else if (column.Sql == layer.TimeStart) schema["x-ogc-role"] = layer.TimeEnd is null ? "primary-instant" : "primary-interval-start";
        else if (column.Sql == layer.TimeEnd) schema["x-ogc-role"] = "primary-interval-end";
        return (column.Name, schema);
    }

    // A spatial property has neither type nor $ref.
    private static (string Name, JsonObject Schema) Geometry(HttpContext http, Layer layer) => (FilterSql.GeometryName, new JsonObject
    {
        ["title"] = http.SayOrEnglish(("Geometry", "几何")),
        ["format"] = layer.Geometry switch { "point" => "geometry-point", "line" => "geometry-linestring", _ => "geometry-multipolygon" },
        ["x-ogc-role"] = "primary-geometry",
    });
}
