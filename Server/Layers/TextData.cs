using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>Texts as UTF-8: each different text once, and a number for each row.</summary>
public sealed class TextData(Codes codes, int[] starts, byte[] bytes) : ColumnData
{
    // Whether no text holds anything that JSON must escape: then a value is copied as it is.
    private readonly bool _isPlain = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(bytes) < 0;

    public override long Bytes => codes.Bytes + (starts.LongLength * 4) + bytes.LongLength;

    public override Codes Codes => codes;

    public int Texts => starts.Length - 1;

    public ReadOnlySpan<byte> Text(ulong code) => bytes.AsSpan(starts[(int)code - 1], starts[(int)code] - starts[(int)code - 1]);

    public override void WriteJson(ref Utf8Output output, int row)
    {
        var code = codes[row];
        if (code == 0)
        {
            output.Write("null"u8);
            return;
        }
        var text = Text(code);
        if (!_isPlain && JavaScriptEncoder.UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(text) >= 0)
        {
            var target = output.Span((text.Length * 6) + 2);
            target[0] = (byte)'"';
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, target[1..], out _, out var written);
            target[written + 1] = (byte)'"';
            output.Advance(written + 2);
            return;
        }
        var span = output.Span(text.Length + 2);
        span[0] = (byte)'"';
        text.CopyTo(span[1..]);
        span[text.Length + 1] = (byte)'"';
        output.Advance(text.Length + 2);
    }

    public override CodeTest Test(PropertyTest test)
    {
        if (test.Kind == TestKind.IsNull) return new CodeTest(codes, 0, 0);
        if (test.Kind == TestKind.NotNull) return new CodeTest(codes, 1, ulong.MaxValue);
        var values = test.Values.Select(value => Encoding.UTF8.GetBytes((string)value)).ToList();
        if (test.Kind == TestKind.In && values.Count == 1)
        {
            for (var code = 1UL; code <= (ulong)Texts; code++)
            {
                if (Text(code).SequenceEqual(values[0])) return new CodeTest(codes, code, code);
            }
            return CodeTest.None(codes);
        }
        var set = new bool[Texts + 1];
        var wanted = values.Select(Convert.ToHexString).ToHashSet();
        for (var code = 1UL; code <= (ulong)Texts; code++)
        {
            var text = Text(code);
            set[code] = test.Kind switch
            {
                TestKind.In => wanted.Contains(Convert.ToHexString(text)),
                TestKind.NotIn => !wanted.Contains(Convert.ToHexString(text)),
                TestKind.Less => text.SequenceCompareTo(values[0]) < 0,
                TestKind.LessOrEqual => text.SequenceCompareTo(values[0]) <= 0,
                TestKind.Greater => text.SequenceCompareTo(values[0]) > 0,
                _ => text.SequenceCompareTo(values[0]) >= 0,
            };
        }
        return new CodeTest(codes, 0, 0, set);
    }

    public override void CopyTo(ColumnBuilder builder, int row)
    {
        var code = codes[row];
        builder.Add(code == 0 ? default : Text(code), code == 0);
    }
}

public sealed class TextBuilder : ColumnBuilder
{
    // Chosen anew at every start, so that nobody can prepare texts that all fall into one place of the table.
    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    private readonly List<int> _codes = [];
    private readonly List<int> _starts = [0];
    private byte[] _bytes = new byte[1024];
    private int[] _table = new int[256];
    private int _used;
    private bool _hasNulls;

    public override void Add(ReadOnlySpan<byte> value, bool isNull)
    {
        _hasNulls |= isNull;
        _codes.Add(isNull ? 0 : CodeOf(value));
    }

    public override ColumnData Build()
    {
        Array.Resize(ref _bytes, _used);
        _table = [];
        var texts = _starts.Count - 1;
        if (texts == _codes.Count && !_hasNulls) return new TextData(Codes.RowNumbers, [.. _starts], _bytes);
        var codes = new ulong[_codes.Count];
        for (var i = 0; i < codes.Length; i++) codes[i] = (ulong)_codes[i];
        return new TextData(Codes.Of(codes), [.. _starts], _bytes);
    }

    private int CodeOf(ReadOnlySpan<byte> text)
    {
        if (_starts.Count * 2 > _table.Length) Grow();
        var mask = _table.Length - 1;
        for (var at = (int)Hash(text) & mask; ; at = (at + 1) & mask)
        {
            var code = _table[at];
            if (code == 0) return _table[at] = Append(text);
            if (_bytes.AsSpan(_starts[code - 1], _starts[code] - _starts[code - 1]).SequenceEqual(text)) return code;
        }
    }

    private int Append(ReadOnlySpan<byte> text)
    {
        if ((long)_used + text.Length > Array.MaxLength) throw new NotPackableException("more than 2 GiB of text in one column");
        if (_used + text.Length > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_used + text.Length, _bytes.LongLength * 2)));
        text.CopyTo(_bytes.AsSpan(_used));
        _starts.Add(_used += text.Length);
        return _starts.Count - 1;
    }

    private void Grow()
    {
        _table = new int[_table.Length * 4];
        var mask = _table.Length - 1;
        for (var code = 1; code < _starts.Count; code++)
        {
            var at = (int)Hash(_bytes.AsSpan(_starts[code - 1], _starts[code] - _starts[code - 1])) & mask;
            while (_table[at] != 0) at = (at + 1) & mask;
            _table[at] = code;
        }
    }

    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = Seed + (ulong)text.Length;
        for (; text.Length >= 8; text = text[8..]) hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
        var rest = 0UL;
        foreach (var letter in text) rest = (rest << 8) | letter;
        return Mix(hash ^ rest);
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0x9E3779B97F4A7C15UL, out var low);
        return high ^ low ^ Seed;
    }
}
