using System.Buffers.Binary;
using System.Buffers.Text;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>Doubles: each different value once, and a number for each row.</summary>
public sealed class NumberData(Codes codes, double[] values) : ColumnData
{
    public override long Bytes => codes.Bytes + (values.LongLength * 8);

    public override Codes Codes => codes;

    /// <summary>Null for null.</summary>
    public double? Value(int row) => codes[row] is var code and > 0 ? values[code - 1] : null;

    public override void WriteJson(ref Utf8Output output, int row)
    {
        if (Value(row) is not { } value || !double.IsFinite(value))
        {
            output.Write("null"u8);
            return;
        }
        Utf8Formatter.TryFormat(value, output.Span(32), out var length);
        output.Advance(length);
    }

    public override CodeTest Test(PropertyTest test)
    {
        if (test.Kind == TestKind.IsNull) return new CodeTest(codes, 0, 0);
        if (test.Kind == TestKind.NotNull) return new CodeTest(codes, 1, ulong.MaxValue);
        var set = new bool[values.Length + 1];
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            set[i + 1] = test.Kind switch
            {
                TestKind.In => test.Values.Any(wanted => Compare(value, (double)wanted) == 0),
                TestKind.NotIn => test.Values.All(wanted => Compare(value, (double)wanted) != 0),
                TestKind.Less => Compare(value, (double)test.Values[0]) < 0,
                TestKind.LessOrEqual => Compare(value, (double)test.Values[0]) <= 0,
                TestKind.Greater => Compare(value, (double)test.Values[0]) > 0,
                _ => Compare(value, (double)test.Values[0]) >= 0,
            };
        }
        return new CodeTest(codes, 0, 0, set);
    }

    public override void CopyTo(ColumnBuilder builder, int row) => ((NumberBuilder)builder).Add(Value(row));

    // In PostgreSQL NaN equals itself and is above everything.
    private static int Compare(double a, double b) => double.IsNaN(a) ? double.IsNaN(b) ? 0 : 1 : double.IsNaN(b) ? -1 : a.CompareTo(b);
}

public sealed class NumberBuilder : ColumnBuilder
{
    private readonly List<ulong> _codes = [];
    private readonly List<double> _values = [];
    private readonly Dictionary<long, int> _known = [];

    public override void Add(ReadOnlySpan<byte> value, bool isNull) => Add(isNull ? null : BinaryPrimitives.ReadDoubleBigEndian(value));

    public void Add(double? value)
    {
        if (value is not { } number)
        {
            _codes.Add(0);
            return;
        }
        if (!_known.TryGetValue(BitConverter.DoubleToInt64Bits(number), out var code))
        {
            _values.Add(number);
            _known[BitConverter.DoubleToInt64Bits(number)] = code = _values.Count;
        }
        _codes.Add((ulong)code);
    }

    public override ColumnData Build() => new NumberData(Codes.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_codes)), [.. _values]);
}
