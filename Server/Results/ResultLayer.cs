using System.Globalization;
using System.Text.Json;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.Results;

/// <summary>A column of a result.</summary>
public sealed record ResultColumn(string Name, ColumnKind Kind);

/// <summary>A row of a result.</summary>
/// <param name="Geometry">GeoJSON in UTF-8; null where a row has no place.</param>
/// <param name="Values">One for each column: text, long, double or null.</param>
public sealed record ResultRow(ReadOnlyMemory<byte>? Geometry, IReadOnlyList<object?> Values);

/// <summary>The answer to a question as a layer: shapes with figures, and on every row how they came about.</summary>
/// <param name="Name">Of the layer and its file.</param>
/// <param name="Geometry">point, line or polygon.</param>
/// <param name="About">What was asked, by which method, at which pace, of which version of the data; the same for all rows.</param>
public sealed record ResultLayer(
    string Name, string Geometry, IReadOnlyList<ResultColumn> Columns, IReadOnlyList<ResultRow> Rows, IReadOnlyList<(string Name, object? Value)> About)
{
    private const int PartBytes = 64 * 1024;

    /// <summary>A GeoJSON FeatureCollection, written part by part; <c>about</c> stands once at its head, and on every feature too, because many programs lose the head.</summary>
    public async Task WriteGeoJson(Stream target, CancellationToken cancellation)
    {
        await using (var json = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteString("name", Name);
            json.WriteStartObject("about");
            foreach (var (name, value) in About) Write(json, name, value);
            json.WriteEndObject();
            json.WriteStartArray("features");
            foreach (var row in Rows)
            {
                json.WriteStartObject();
                json.WriteString("type", "Feature");
                json.WritePropertyName("geometry");
                if (row.Geometry is { } shape) json.WriteRawValue(shape.Span, skipInputValidation: true);
                else json.WriteNullValue();
                json.WriteStartObject("properties");
                for (var i = 0; i < Columns.Count; i++) Write(json, Columns[i].Name, row.Values[i]);
                foreach (var (name, value) in About) Write(json, name, value);
                json.WriteEndObject();
                json.WriteEndObject();
                if (json.BytesPending >= PartBytes) await json.FlushAsync(cancellation);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    /// <summary>A shape as GeoJSON.</summary>
    public static ReadOnlyMemory<byte> Shape<T>(T shape) => JsonSerializer.SerializeToUtf8Bytes(shape, JsonSerializerOptions.Web);

    /// <summary>A place as GeoJSON.</summary>
    public static ReadOnlyMemory<byte> Point(Place place) =>
        System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"Point\",\"coordinates\":[{place.Lon:0.#######},{place.Lat:0.#######}]}}"));

    /// <summary>The shapes of grids or areas by id, as GeoJSON.</summary>
    public static async Task<Dictionary<long, ReadOnlyMemory<byte>>> Shapes(NpgsqlConnection connection, string level, IEnumerable<long> ids, CancellationToken cancellation)
    {
        var table = Sql.Trusted(level == "grid" ? "grids" : "areas");
        return (await connection.Query($"SELECT id, ST_AsGeoJSON(geom, 7) FROM {table} WHERE id = ANY({ids.Distinct().ToArray()})",
            row => (row.GetInt64(0), (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(row.GetString(1))), cancellation)).ToDictionary(shape => shape.Item1, shape => shape.Item2);
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: json.WriteNumber(name, number); break;
            case double number: json.WriteNumber(name, number); break;
            default: json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
