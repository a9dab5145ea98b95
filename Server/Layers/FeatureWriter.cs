using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GridMap.Geo.GeoJson;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>
/// Writes rows of a layer (id, WKB, columns in order) as RFC 7946 features straight from the reader to the response:
/// no object for a feature, one reused buffer for a geometry.
/// </summary>
public sealed class FeatureWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true,
    };

    private readonly IBufferWriter<byte> _output;
    private readonly Layer _layer;
    private readonly Utf8JsonWriter _json;
    private readonly CoordinateShift? _shift;
    private readonly JsonEncodedText[] _names;
    private byte[] _wkb = ArrayPool<byte>.Shared.Rent(4096);

    public FeatureWriter(IBufferWriter<byte> output, Layer layer, CoordinateShift? shift = null)
    {
        (_output, _layer, _shift) = (output, layer, shift);
        _json = new Utf8JsonWriter(output, Options);
        _names = layer.Columns.Select(column => JsonEncodedText.Encode(column.Name)).ToArray();
    }

    /// <param name="tail">Written inside the feature after its properties, such as <c>,"links":[…]</c>.</param>
    /// <returns>The feature's id.</returns>
    public long Write(NpgsqlDataReader row, string tail = "")
    {
        Raw("{\"type\":\"Feature\",\"id\":");
        var id = row.GetInt64(0);
        var digits = _output.GetSpan(20);
        System.Buffers.Text.Utf8Formatter.TryFormat(id, digits, out var length);
        _output.Advance(length);
        Raw(",\"geometry\":");
        WriteGeometry(row);
        Raw(",\"properties\":");
        _json.Reset(_output);
        _json.WriteStartObject();
        for (var i = 0; i < _names.Length; i++) WriteProperty(row, i);
        _json.WriteEndObject();
        _json.Flush();
        if (tail.Length > 0) Raw(tail);
        Raw("}");
        return id;
    }

    public void Raw(string text)
    {
        var span = _output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _output.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    public void Dispose()
    {
        _json.Dispose();
        ArrayPool<byte>.Shared.Return(_wkb);
    }

    private void WriteGeometry(NpgsqlDataReader row)
    {
        if (row.IsDBNull(1))
        {
            Raw("null");
            return;
        }
        var length = (int)row.GetBytes(1, 0, null, 0, 0);
        if (length > _wkb.Length)
        {
            ArrayPool<byte>.Shared.Return(_wkb);
            _wkb = ArrayPool<byte>.Shared.Rent(length);
        }
        row.GetBytes(1, 0, _wkb, 0, length);
        GeoJsonWriter.WriteGeometry(_output, _wkb.AsSpan(0, length), GeoJsonWriter.DefaultDecimals, _shift);
    }

    private void WriteProperty(NpgsqlDataReader row, int column)
    {
        var (name, at) = (_names[column], column + 2);
        if (row.IsDBNull(at))
        {
            _json.WriteNull(name);
            return;
        }
        switch (_layer.Columns[column].Kind)
        {
            case ColumnKind.Text: _json.WriteString(name, row.GetString(at)); break;
            case ColumnKind.Integer: _json.WriteNumber(name, row.GetInt64(at)); break;
            case ColumnKind.Number: _json.WriteNumber(name, row.GetDouble(at)); break;
            case ColumnKind.Flag: _json.WriteBoolean(name, row.GetBoolean(at)); break;
            case ColumnKind.Time: WriteTime(name, row.GetDateTime(at)); break;
        }
    }

    private void WriteTime(JsonEncodedText name, DateTime time)
    {
        if (time == DateTime.MaxValue || time == DateTime.MinValue) _json.WriteNull(name); // ±infinity: an open end
        else _json.WriteString(name, time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture));
    }
}
