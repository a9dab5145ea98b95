using System.Buffers;
using System.Globalization;
using System.Text;
using GridMap.Geo.Gml;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.Wfs;

/// <summary>Writes rows of a question as features of the GML application schema that DescribeFeatureType gives: no object for a feature.</summary>
public sealed class GmlFeatureWriter : IDisposable
{
    private readonly IBufferWriter<byte> _output;
    private readonly FeatureQuestion _question;
    private readonly IReadOnlyList<LayerColumn> _columns;
    private readonly GmlGeometryWriter _geometries;
    private byte[] _wkb = ArrayPool<byte>.Shared.Rent(4096);

    public GmlFeatureWriter(IBufferWriter<byte> output, FeatureQuestion question, WfsCrs crs)
    {
        (_output, _question, _columns) = (output, question, question.Columns);
        _geometries = new GmlGeometryWriter(FeatureAnswers.Escape(crs.Name), question.Decimals, question.Shift);
    }

    /// <param name="row">As <see cref="FeatureSql.Rows"/> has it.</param>
    /// <param name="namespaces">Declared on the feature itself, when it stands alone.</param>
    public void Feature(NpgsqlDataReader row, string namespaces) => Feature(row, row.GetInt64(0), namespaces);

    /// <summary>The feature as a member of a collection; a pointer to it where it is in the document already, because an id stands there once (xs:ID).</summary>
    /// <param name="row">As <see cref="FeatureSql.Rows"/> has it.</param>
    /// <param name="seen">What has been written, by layer and id; null where nothing can come twice.</param>
    public void Member(NpgsqlDataReader row, HashSet<(string Layer, long Id)>? seen)
    {
        var id = row.GetInt64(0);
        if (seen?.Add((_question.Layer.Name, id)) == false)
        {
            Text($"<wfs:member xlink:href=\"#{_question.Layer.Name}.{id}\"/>\n");
            return;
        }
        Text("<wfs:member>");
        Feature(row, id, "");
        Text("</wfs:member>\n");
    }

    private void Feature(NpgsqlDataReader row, long id, string namespaces)
    {
        var name = _question.Layer.Name;
        Text($"<{WfsNames.Prefix}:{name}{namespaces} gml:id=\"{name}.{id}\">");
        Geometry(row, id);
        for (var i = 0; i < _columns.Count; i++) Property(row, i);
        Text($"</{WfsNames.Prefix}:{name}>");
    }

    /// <summary>One property as its element: of a question about nothing else.</summary>
    public void Value(NpgsqlDataReader row, string property)
    {
        var id = row.GetInt64(0);
        if (property == WfsNames.Geometry) Geometry(row, id);
        else Property(row, 0);
    }

    public void Text(string text) => Encoding.UTF8.GetBytes(text, _output);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_wkb);

    private void Geometry(NpgsqlDataReader row, long id)
    {
        if (row.IsDBNull(1)) return;
        var length = (int)row.GetBytes(1, 0, null, 0, 0);
        if (length > _wkb.Length)
        {
            ArrayPool<byte>.Shared.Return(_wkb);
            _wkb = ArrayPool<byte>.Shared.Rent(length);
        }
        row.GetBytes(1, 0, _wkb, 0, length);
        // What the CRS cannot show is left out, as the schema allows: better than a position that is wrong.
        if (!_geometries.Make(_wkb.AsSpan(0, length), $"{_question.Layer.Name}.{id}.geometry")) return;
        Text($"<{WfsNames.Prefix}:{WfsNames.Geometry}>");
        _output.Write(_geometries.Text);
        Text($"</{WfsNames.Prefix}:{WfsNames.Geometry}>");
    }

    private void Property(NpgsqlDataReader row, int i)
    {
        var (column, at) = (_columns[i], i + 2);
        if (row.IsDBNull(at)) return;
        var text = column.Kind switch
        {
            ColumnKind.Text => FeatureAnswers.Escape(row.GetString(at)),
            ColumnKind.Integer => row.GetInt64(at).ToString(CultureInfo.InvariantCulture),
            ColumnKind.Number => row.GetDouble(at).ToString("R", CultureInfo.InvariantCulture),
            ColumnKind.Flag => row.GetBoolean(at) ? "true" : "false",
            _ => row.GetDateTime(at) is var time && (time == DateTime.MaxValue || time == DateTime.MinValue) ? null : FeatureAnswers.Time(time), // ±infinity: an open end
        };
        if (text is not null) Text($"<{WfsNames.Prefix}:{column.Name}>{text}</{WfsNames.Prefix}:{column.Name}>");
    }
}
