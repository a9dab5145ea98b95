using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GridMap.Geo.GeoJson;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>
/// Writes rows of a question (id, WKB, its columns, the values sorted by) as RFC 7946 features straight from the reader to the response:
/// no object for a feature, one reused buffer for a geometry.
/// </summary>
public sealed class FeatureWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true,
    };

    private readonly IBufferWriter<byte> _output;
    private readonly FeatureQuestion _question;
    private readonly IReadOnlyList<LayerColumn> _columns;
    private readonly Utf8JsonWriter _json;
    private readonly JsonEncodedText[] _names;
    private byte[] _wkb = ArrayPool<byte>.Shared.Rent(4096);

    public FeatureWriter(IBufferWriter<byte> output, FeatureQuestion question)
    {
        (_output, _question, _columns) = (output, question, question.Columns);
        _json = new Utf8JsonWriter(output, Options);
        _names = _columns.Select(column => JsonEncodedText.Encode(column.Name)).ToArray();
    }

    /// <summary>How many features so far.</summary>
    public int Written { get; private set; }

    /// <param name="tail">Written inside the feature after its properties, such as <c>,"links":[…]</c>.</param>
    /// <returns>Where in the question's order the feature stands.</returns>
    public FeatureKey Write(NpgsqlDataReader row, string tail = "")
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
        Written++;
        return Key(row, _question, _columns.Count + 2, id);
    }

    /// <summary>A row's place in the question's order, from the values sorted by, which begin at a column.</summary>
    public static FeatureKey Key(NpgsqlDataReader row, FeatureQuestion question, int first, long? id = null) =>
        new(id ?? row.GetInt64(0), question.Sort.Count == 0 ? [] : [.. question.Sort.Select((sort, i) => Value(row, first + i, sort.Column.Kind))]);

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
        GeoJsonWriter.WriteGeometry(_output, _wkb.AsSpan(0, length), _question.Decimals, _question.Shift);
    }

    private void WriteProperty(NpgsqlDataReader row, int column)
    {
        var (name, at) = (_names[column], column + 2);
        if (row.IsDBNull(at))
        {
            _json.WriteNull(name);
            return;
        }
        switch (_columns[column].Kind)
        {
            case ColumnKind.Text: _json.WriteString(name, row.GetString(at)); break;
            case ColumnKind.Integer: _json.WriteNumber(name, row.GetInt64(at)); break;
            case ColumnKind.Number when row.GetDouble(at) is var number:
                if (double.IsFinite(number)) _json.WriteNumber(name, number);
                else _json.WriteNull(name); // JSON has no word for them
                break;
            case ColumnKind.Flag: _json.WriteBoolean(name, row.GetBoolean(at)); break;
            case ColumnKind.Time: WriteTime(name, row.GetDateTime(at)); break;
        }
    }

    /// <summary>A column's value as a <see cref="FeatureKey"/> holds it.</summary>
    public static object? Value(NpgsqlDataReader row, int at, ColumnKind kind) => row.IsDBNull(at) ? null : kind switch
    {
        ColumnKind.Text => row.GetString(at),
        ColumnKind.Integer => row.GetInt64(at),
        ColumnKind.Number => row.GetDouble(at),
        ColumnKind.Flag => row.GetBoolean(at),
        _ => row.GetDateTime(at),
    };

    private void WriteTime(JsonEncodedText name, DateTime time)
    {
        if (time == DateTime.MaxValue || time == DateTime.MinValue) _json.WriteNull(name); // ±infinity: an open end
        else _json.WriteString(name, time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture));
    }
}
