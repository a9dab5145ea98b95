using System.Buffers.Binary;
using GridMap.Server.Databases;

namespace GridMap.Server.Layers;

/// <summary>The statement that hands a layer's rows over in PostgreSQL's binary COPY format, with the types that the column builders read.</summary>
public static class CopySql
{
    /// <param name="layer">Which layer.</param>
    /// <param name="ids">Only these; null for all. Numbers, so that they may stand in the text: COPY takes no parameters.</param>
    /// <param name="since">Only what is kept of a layer since that time; null for all.</param>
    public static string Of(Layer layer, IReadOnlyCollection<long>? ids = null, DateTime? since = null)
    {
        var columns = string.Concat(layer.Columns.Select(column => $", ({column.Sql})::{Type(column.Kind)}"));
        var these = ids is null ? "TRUE" : $"t.id = ANY ('{{{string.Join(',', ids)}}}'::bigint[])";
        var recent = since is { } time ? FormattableString.Invariant($"({layer.TimeStart} >= '{time:yyyy-MM-ddTHH:mm:ss.ffffff}Z'::timestamptz OR {layer.Column(layer.OpenWhileNull!).Sql} IS NULL)") : "TRUE";
        return $"COPY (SELECT t.id::int8, ST_AsBinary(t.geom){columns} FROM {layer.From} WHERE {these} AND {recent} ORDER BY t.id) TO STDOUT (FORMAT BINARY)";
    }

    private static string Type(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => "text",
        ColumnKind.Integer => "int8",
        ColumnKind.Number => "float8",
        ColumnKind.Flag => "bool",
        _ => "timestamptz",
    };
}

/// <summary>Reads PostgreSQL's binary COPY stream row by row from one buffer.</summary>
public sealed class CopyReader(Stream stream)
{
    private const int HeaderBytes = 19;

    private byte[] _buffer = new byte[256 << 10];
    private (int Start, int Length)[] _fields = [];
    private int _at, _end;
    private bool _started;

    public bool IsNull(int field) => _fields[field].Length < 0;

    public ReadOnlySpan<byte> Field(int field) => _fields[field] is var (start, length) && length > 0 ? _buffer.AsSpan(start, length) : default;

    /// <summary>Moves to the next row; false at the end.</summary>
    public async ValueTask<bool> Next(CancellationToken cancellation)
    {
        if (!_started)
        {
            while (_end < HeaderBytes) await Fill(cancellation);
            // The signature, flags, and an extension of a length of its own.
            var extension = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(15));
            while (_end < HeaderBytes + extension) await Fill(cancellation);
            (_at, _started) = (HeaderBytes + extension, true);
        }
        int read;
        while ((read = Parse()) < 0) await Fill(cancellation);
        return read > 0;
    }

    // 1: a row; 0: the end; -1: more bytes are needed.
    private int Parse()
    {
        var bytes = _buffer.AsSpan(0, _end);
        var at = _at;
        if (bytes.Length - at < 2) return -1;
        var count = BinaryPrimitives.ReadInt16BigEndian(bytes[at..]);
        if (count < 0) return 0;
        if (_fields.Length != count) _fields = new (int, int)[count];
        at += 2;
        for (var i = 0; i < count; i++)
        {
            if (bytes.Length - at < 4) return -1;
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            at += 4;
            if (length > bytes.Length - at) return -1;
            _fields[i] = (at, length);
            at += Math.Max(length, 0);
        }
        _at = at;
        return 1;
    }

    private async ValueTask Fill(CancellationToken cancellation)
    {
        if (_at > 0)
        {
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
            (_end, _at) = (_end - _at, 0);
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
        if (read == 0) throw new EndOfStreamException("The database ended its answer early.");
        _end += read;
    }
}
