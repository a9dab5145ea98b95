using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>Writes features of a copy: no object for a feature, the same bytes as <see cref="FeatureWriter"/>.</summary>
public sealed class CopyWriter
{
    private const int FlushBytes = 64 << 10, ChunkBytes = 32 << 10;

    private readonly FeatureQuestion _question;
    private readonly LayerCopy _copy;
    private readonly byte[] _tail;
    private readonly (int Column, byte[] Name)[] _names;

    public CopyWriter(LayerCopy copy, FeatureQuestion question, string tail)
    {
        (_copy, _question, _tail) = (copy, question, tail.Length == 0 ? [] : Encoding.UTF8.GetBytes(tail));
        var all = NamesOf(question.Layer);
        _names = question.Properties is null ? all : [.. all.Where(name => question.Properties.Contains(question.Layer.Columns[name.Column].Name))];
    }

    /// <summary>The page of a selection in the order of ids.</summary>
    public async ValueTask<PageEnd> Page(Selection selection, PipeWriter output, CancellationToken cancellation)
    {
        var walk = new Walk(selection, _question);
        var (returned, last) = (0, 0L);
        while (Chunk(walk, output, ref returned, ref last)) await output.FlushAsync(cancellation);
        return new PageEnd(returned, walk.More && returned > 0 ? FeatureKey.Of(last) : null);
    }

    /// <summary>The features of these ids in this order; ids that there are not are passed over.</summary>
    public async ValueTask<int> These(IReadOnlyList<long> ids, PipeWriter output, CancellationToken cancellation)
    {
        var (next, returned) = (0, 0);
        while (Chunk(ids, output, ref next, ref returned)) await output.FlushAsync(cancellation);
        return returned;
    }

    /// <summary>One feature by its id.</summary>
    /// <returns>Whether there is such a feature; nothing is written when not.</returns>
    public bool One(long id, IBufferWriter<byte> writer)
    {
        foreach (var part in _copy.Parts)
        {
            if (part.Segment.Find(id) is not (var row and >= 0) || !part.IsLive(row)) continue;
            var output = new Utf8Output(writer);
            Feature(ref output, part.Segment, row);
            output.Flush();
            return true;
        }
        return false;
    }

    private bool Chunk(Walk walk, PipeWriter writer, ref int returned, ref long last)
    {
        var output = new Utf8Output(writer, ChunkBytes);
        while (output.Written < FlushBytes)
        {
            if (returned == _question.Limit || !walk.Next())
            {
                output.Flush();
                return false;
            }
            if (returned++ > 0) output.Write(",\n"u8);
            var segment = _copy.Parts[walk.Part].Segment;
            last = segment.Ids[walk.Row];
            Feature(ref output, segment, walk.Row);
        }
        output.Flush();
        return true;
    }

    private bool Chunk(IReadOnlyList<long> ids, PipeWriter writer, ref int next, ref int returned)
    {
        var output = new Utf8Output(writer, ChunkBytes);
        for (; next < ids.Count && output.Written < FlushBytes; next++)
        {
            foreach (var part in _copy.Parts)
            {
                if (part.Segment.Find(ids[next]) is not (var row and >= 0) || !part.IsLive(row)) continue;
                if (returned++ > 0) output.Write(",\n"u8);
                Feature(ref output, part.Segment, row);
                break;
            }
        }
        output.Flush();
        return next < ids.Count;
    }

    private void Feature(ref Utf8Output output, Segment segment, int row)
    {
        output.Write("{\"type\":\"Feature\",\"id\":"u8);
        output.Write(segment.Ids[row]);
        output.Write(",\"geometry\":"u8);
        if (_question.SkipGeometry) output.Write("null"u8);
        else PackedGeoJson.Write(ref output, segment.Geometries.Read(row), _question.Decimals, _question.Shift);
        output.Write(",\"properties\":{"u8);
        var first = true;
        foreach (var (column, name) in _names)
        {
            output.Write(first ? name.AsSpan(1) : name);
            segment.Columns[column].WriteJson(ref output, row);
            first = false;
        }
        output.Write((byte)'}');
        output.Write(_tail);
        output.Write((byte)'}');
    }

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Layer, (int, byte[])[]> Names = [];

    // ,"name": for each column.
    private static (int Column, byte[] Name)[] NamesOf(Layer layer) => Names.GetValue(layer, static layer =>
        [.. layer.Columns.Select((column, i) => (i, (byte[])[(byte)',', (byte)'"', .. JsonEncodedText.Encode(column.Name).EncodedUtf8Bytes, (byte)'"', (byte)':']))]);

    // Goes through the selected rows of all parts in the order of ids, behind the question's key and offset.
    private sealed class Walk
    {
        private readonly Selection _selection;
        private readonly int[] _rows;

        public Walk(Selection selection, FeatureQuestion question)
        {
            _selection = selection;
            _rows = new int[selection.Copy.Parts.Length];
            for (var i = 0; i < _rows.Length; i++)
            {
                var from = 0;
                if (question.After is { } after)
                {
                    var at = selection.Copy.Parts[i].Segment.Find(after.Id);
                    from = at >= 0 ? at + 1 : ~at;
                }
                _rows[i] = _selection.Following(i, from);
            }
            for (var skip = question.Offset; skip > 0 && Next(); skip--)
            {
                // passed over
            }
        }

        public int Part { get; private set; }

        public int Row { get; private set; }

        public bool More => _rows.Any(row => row >= 0);

        public bool Next()
        {
            var (part, least) = (-1, long.MaxValue);
            for (var i = 0; i < _rows.Length; i++)
            {
                if (_rows[i] < 0) continue;
                var id = _selection.Copy.Parts[i].Segment.Ids[_rows[i]];
                if (part < 0 || id < least) (part, least) = (i, id);
            }
            if (part < 0) return false;
            (Part, Row) = (part, _rows[part]);
            _rows[part] = _selection.Following(part, Row + 1);
            return true;
        }
    }
}
