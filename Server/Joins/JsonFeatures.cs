using System.Buffers;
using System.Text.Json;
using GridMap.Server.Http;

namespace GridMap.Server.Joins;

/// <summary>Cuts a GeoJSON FeatureCollection, or features line by line, into the bytes of one feature after the other, without holding more than one.</summary>
public static class JsonFeatures
{
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(Stream stream, JoinKind kind)
    {
        var buffer = new byte[1 << 16];
        var one = new ArrayBufferWriter<byte>(4096);
        var cutter = new Cutter(kind == JoinKind.Lines);
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            for (var i = 0; i < read; i++)
            {
                var step = cutter.Next(buffer[i]);
                if (step == Step.Outside) continue;
                one.Write(buffer.AsSpan(i, 1));
                if (one.WrittenCount > JoinParameters.MostRowBytes) throw Wrong($"features of at most {JoinParameters.MostRowBytes >> 20} MiB (line {cutter.Began})");
                if (step != Step.Last) continue;
                yield return one.WrittenMemory;
                one.ResetWrittenCount();
            }
        }
        if (!cutter.IsComplete) throw Wrong(kind == JoinKind.Lines ? $"whole objects, one a line (line {cutter.Began})" : "a whole FeatureCollection");
    }

    private static Refused Wrong(string expected) => Refused.Field("body", "body.not-json", expected);

    // What stands before each text of a sequence (RFC 8142).
    private const byte RecordSeparator = 0x1E;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private enum Step
    {
        Outside,
        Inside,
        Last,
    }

    // Follows brackets and texts. Features stand at level 0 of lines, and at level 2 of {"features":[…]}; whatever else stands between them would be a row that is lost.
    private sealed class Cutter(bool lines)
    {
        private readonly List<byte> _word = [];
        private int _depth;
        private bool _inText, _escaped, _inFeatures, _wasFeatures, _seen;
        private long _at, _line = 1;

        private int Level => lines ? 0 : 2;

        /// <summary>The line on which the last feature begins.</summary>
        public long Began { get; private set; } = 1;

        public bool IsComplete => _depth == 0 && !_inText && _seen;

        public Step Next(byte letter)
        {
            if (++_at <= 3 && ByteOrderMark[(int)_at - 1] == letter) return Step.Outside;
            if (letter == '\n') _line++;
            var inside = _depth > Level && (lines || _inFeatures);
            if (!inside && !_inText && !MayBeBetween(letter)) throw Wrong(lines ? $"objects and nothing else (line {_line})" : $"features that are objects, and nothing behind the collection (line {_line})");
            if (_inText)
            {
                if (_escaped) _escaped = false;
                else if (letter == '\\') _escaped = true;
                else if (letter == '"') _inText = false;
                if (_depth == 1 && _inText && _word.Count < 20) _word.Add(letter);
                return inside ? Step.Inside : Step.Outside;
            }
            switch (letter)
            {
                case (byte)'"':
                    _inText = true;
                    _word.Clear();
                    break;
                case (byte)':' when _depth == 1:
                    _wasFeatures = _word is [(byte)'f', (byte)'e', (byte)'a', (byte)'t', (byte)'u', (byte)'r', (byte)'e', (byte)'s'];
                    break;
                case (byte)'{' or (byte)'[':
                    if (!inside) Began = _line;
                    if (++_depth > 64) throw Wrong("at most 64 levels");
                    _seen |= lines || (_depth == 2 && _wasFeatures && letter == '[');
                    if (_depth == 2) _inFeatures = _wasFeatures && letter == '[';
                    return _depth > Level && (lines || _inFeatures) ? Step.Inside : Step.Outside;
                case (byte)'}' or (byte)']':
                    if (--_depth < 0) throw Wrong("brackets that fit");
                    return inside ? _depth == Level ? Step.Last : Step.Inside : Step.Outside;
            }
            return inside ? Step.Inside : Step.Outside;
        }

        // Between the members of a collection other than features anything goes.
        private bool MayBeBetween(byte letter) => letter switch
        {
            (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'[' or (byte)']' or (byte)'}' => true,
            (byte)'{' => lines || _depth > 0 || !_seen,
            (byte)',' when !lines && _inFeatures && _depth == Level => true,
            RecordSeparator => lines,
            _ => !lines && _depth > 0 && !(_inFeatures && _depth == Level),
        };
    }

    /// <summary>The place of a feature that is a point, or why it has none.</summary>
    public static ((double Lon, double Lat)? Place, string? Error) PlaceOf(JsonElement feature)
    {
        if (feature.ValueKind != JsonValueKind.Object || !feature.TryGetProperty("geometry", out var geometry) || geometry.ValueKind != JsonValueKind.Object) return (null, "place.missing");
        if (!geometry.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "Point") return (null, "geometry.not-a-point");
        if (!geometry.TryGetProperty("coordinates", out var at) || at.ValueKind != JsonValueKind.Array || at.GetArrayLength() < 2
            || at[0].ValueKind != JsonValueKind.Number || at[1].ValueKind != JsonValueKind.Number || !at[0].TryGetDouble(out var lon) || !at[1].TryGetDouble(out var lat)) return (null, "place.unreadable");
        return lon is >= -180 and <= 180 && lat is >= -90 and <= 90 ? ((lon, lat), null) : (null, "place.out-of-range");
    }
}
