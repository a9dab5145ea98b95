using System.Buffers.Binary;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>One property of all rows of a segment. Immutable.</summary>
public abstract class ColumnData
{
    public abstract long Bytes { get; }

    /// <summary>0 is null.</summary>
    public abstract Codes Codes { get; }

    /// <summary>The value as JSON: the same bytes that <see cref="FeatureWriter"/> writes.</summary>
    public abstract void WriteJson(ref Utf8Output output, int row);

    /// <summary>The rows that pass.</summary>
    public abstract CodeTest Test(PropertyTest test);

    public abstract void CopyTo(ColumnBuilder builder, int row);
}

/// <summary>Collects a column's values row by row, from the database's binary format or from another segment.</summary>
public abstract class ColumnBuilder
{
    public static ColumnBuilder For(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => new TextBuilder(),
        ColumnKind.Number => new NumberBuilder(),
        _ => new WholeBuilder(kind),
    };

    /// <summary>The value in PostgreSQL's binary format, of the type that <see cref="CopySql"/> casts to; null for null.</summary>
    public abstract void Add(ReadOnlySpan<byte> value, bool isNull);

    public abstract ColumnData Build();
}

/// <summary>Whole numbers, flags and times (microseconds since 2000, as PostgreSQL counts): 0 null, 1 −infinity, then the values from the least up, the last +infinity.</summary>
public sealed class WholeData(ColumnKind kind, Codes codes, long least, long unit, ulong infinity) : ColumnData
{
    private const long PostgresEpochTicks = 630822816000000000; // 2000-01-01

    public override long Bytes => codes.Bytes;

    public override Codes Codes => codes;

    public bool TryValue(int row, out long value)
    {
        var code = codes[row];
        value = least + ((long)(code - 2) * unit);
        return code > 1 && code < infinity;
    }

    public override void WriteJson(ref Utf8Output output, int row)
    {
        if (!TryValue(row, out var value)) output.Write("null"u8);
        else if (kind == ColumnKind.Integer) output.Write(value);
        else if (kind == ColumnKind.Flag) output.Write(value != 0 ? "true"u8 : "false"u8);
        else TimeText.Write(ref output, value);
    }

    public override CodeTest Test(PropertyTest test)
    {
        if (test.Kind == TestKind.IsNull) return new CodeTest(codes, 0, 0);
        if (test.Kind == TestKind.NotNull) return new CodeTest(codes, 1, ulong.MaxValue);
        var values = test.Values.Select(Whole).ToList();
        if (test.Kind is TestKind.In or TestKind.NotIn)
        {
            var wanted = values.Select(CodeOf).Where(code => code is not null).Select(code => code!.Value).ToHashSet();
            if (test.Kind == TestKind.In && wanted.Count <= 1) return wanted.Count == 0 ? CodeTest.None(codes) : new CodeTest(codes, wanted.First(), wanted.First());
            return new CodeTest(codes, 0, 0) { Wanted = wanted, Unwanted = test.Kind == TestKind.NotIn };
        }
        // The codes of values below, and up to, the one asked for.
        var below = Below(values[0], included: false);
        var upTo = Below(values[0], included: true);
        return test.Kind switch
        {
            TestKind.Less => new CodeTest(codes, 1, below),
            TestKind.LessOrEqual => new CodeTest(codes, 1, upTo),
            TestKind.Greater => new CodeTest(codes, upTo + 1, ulong.MaxValue),
            _ => new CodeTest(codes, below + 1, ulong.MaxValue),
        };
    }

    /// <summary>The greatest code whose value is below <paramref name="value"/> (or equal to it, when <paramref name="included"/>).</summary>
    public ulong Below(long value, bool included)
    {
        var distance = (Int128)value - least;
        if (!included) distance -= 1;
        if (distance < 0) return 1;
        var code = (UInt128)(distance / unit) + 2;
        return code >= infinity ? infinity - 1 : (ulong)code;
    }

    public override void CopyTo(ColumnBuilder builder, int row)
    {
        var code = codes[row];
        ((WholeBuilder)builder).Add(code == 0 ? null : code == 1 ? long.MinValue : code == infinity ? long.MaxValue : least + ((long)(code - 2) * unit));
    }

    public static long Whole(object value) => value switch
    {
        long whole => whole,
        bool flag => flag ? 1 : 0,
        DateTime time => Micros(time),
        _ => throw new ArgumentException($"not a whole value: {value.GetType()}", nameof(value)),
    };

    public static long Micros(DateTime time) => (time.Ticks - PostgresEpochTicks) / 10;

    public static DateTime Time(long micros) => new(PostgresEpochTicks + (micros * 10), DateTimeKind.Utc);

    private ulong? CodeOf(long value)
    {
        var distance = (Int128)value - least;
        if (distance < 0 || distance % unit != 0) return null;
        var code = (UInt128)(distance / unit) + 2;
        return code < infinity ? (ulong)code : null;
    }
}

public sealed class WholeBuilder(ColumnKind kind) : ColumnBuilder
{
    private readonly List<long> _values = [];
    private readonly List<bool> _nulls = [];

    public override void Add(ReadOnlySpan<byte> value, bool isNull) =>
        Add(isNull ? null : kind == ColumnKind.Flag ? value[0] : BinaryPrimitives.ReadInt64BigEndian(value));

    public void Add(long? value)
    {
        _values.Add(value ?? 0);
        _nulls.Add(value is null);
    }

    public override ColumnData Build()
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        var unit = kind == ColumnKind.Time ? 1_000_000L : 1;
        var values = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);
        for (var i = 0; i < values.Length; i++)
        {
            if (_nulls[i] || IsInfinite(values[i])) continue;
            (least, most) = (Math.Min(least, values[i]), Math.Max(most, values[i]));
        }
        if (least > most) (least, most) = (0, 0);
        if (kind == ColumnKind.Time && (least < WholeData.Micros(DateTime.MinValue) || most > WholeData.Micros(DateTime.MaxValue)))
            throw new NotPackableException("a time outside the years 1 to 9999");
        for (var i = 0; i < values.Length && unit != 1; i++)
        {
            if (!_nulls[i] && !IsInfinite(values[i]) && ((Int128)values[i] - least) % unit != 0) unit = 1;
        }
        var infinity = (ulong)(((Int128)most - least) / unit) + 3;
        var codes = new ulong[values.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = _nulls[i] ? 0 : !IsInfinite(values[i]) ? (ulong)(((Int128)values[i] - least) / unit) + 2 : values[i] < 0 ? 1 : infinity;
        }
        return new WholeData(kind, Codes.Of(codes), least, unit, infinity);
    }

    private bool IsInfinite(long value) => kind == ColumnKind.Time && value is long.MinValue or long.MaxValue;
}
