using System.Buffers;
using GridMap.Geo.Packed;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>The rows of a copy that a question selects, without paging. Dispose to give its memory back.</summary>
public sealed class Selection : IDisposable
{
    private readonly ulong[][] _bits;

    private Selection(LayerCopy copy, ulong[][] bits, long count) => (Copy, _bits, Count) = (copy, bits, count);

    public LayerCopy Copy { get; }

    public long Count { get; }

    public ReadOnlySpan<ulong> Rows(int part) => _bits[part].AsSpan(0, RowBits.Words(Copy.Parts[part].Segment.Count));

    /// <summary>Whether memory can answer: everything but SQL, other orders than by id, and boxes without area (whose meaning is the database's own).</summary>
    public static bool CanAnswer(FeatureQuestion question) => question.Filter is null && question.Sort.Count == 0 && CanTest(question.Box);

    public static bool CanTest(Bbox? box) => box is not { } asked || (asked.South < asked.North && Halves(asked).All(half => half.West < half.East));

    public static Selection Of(LayerCopy copy, FeatureQuestion question)
    {
        var (bits, count) = (new ulong[copy.Parts.Length][], 0L);
        for (var i = 0; i < bits.Length; i++)
        {
            var part = copy.Parts[i];
            var words = RowBits.Words(part.Segment.Count);
            bits[i] = ArrayPool<ulong>.Shared.Rent(Math.Max(1, words));
            var rows = bits[i].AsSpan(0, words);
            Fill(rows, part, question);
            count += RowBits.Count(rows);
        }
        return new Selection(copy, bits, count);
    }

    public void Dispose()
    {
        for (var i = 0; i < _bits.Length; i++)
        {
            if (_bits[i].Length > 0) ArrayPool<ulong>.Shared.Return(_bits[i]);
            _bits[i] = [];
        }
    }

    private static void Fill(Span<ulong> rows, Part part, FeatureQuestion question)
    {
        var segment = part.Segment;
        if (question.Ids is { } ids)
        {
            rows.Clear();
            foreach (var id in ids)
            {
                if (segment.Find(id) is var row and >= 0) RowBits.Set(rows, row);
            }
            if (question.Box is { } box) Keep(rows, segment, box);
        }
        else if (question.Box is { } box)
        {
            rows.Clear();
            foreach (var half in Halves(box)) Add(rows, segment, half);
        }
        else
        {
            rows.Fill(ulong.MaxValue);
            if ((segment.Count & 63) != 0) rows[^1] = (1UL << (segment.Count & 63)) - 1;
        }
        if (part.Gone is { } gone)
        {
            for (var i = 0; i < rows.Length; i++) rows[i] &= ~gone[i];
        }
        During(rows, segment, question);
        foreach (var test in question.Tests) Test(segment, question.Layer, test).Apply(rows);
    }

    /// <summary>A property's test for one segment.</summary>
    public static CodeTest Test(Segment segment, Layer layer, PropertyTest test) => segment.Columns[IndexOf(layer, test.Column.Sql)].Test(test);

    private static void During(Span<ulong> rows, Segment segment, FeatureQuestion question)
    {
        if (question.Time is not { } span || question.Layer.TimeStart is not { } start) return;
        var end = question.Layer.TimeEnd ?? start;
        if (span.To is { } to) OrNull(rows, segment, question.Layer, start, TestKind.LessOrEqual, to);
        if (span.From is { } from) OrNull(rows, segment, question.Layer, end, question.Layer.TimeEnd is null ? TestKind.GreaterOrEqual : TestKind.Greater, from);
    }

    private static void OrNull(Span<ulong> rows, Segment segment, Layer layer, string sql, TestKind kind, DateTime value)
    {
        var data = segment.Columns[IndexOf(layer, sql)];
        var test = data.Test(PropertyTest.Compare(layer.Columns[IndexOf(layer, sql)], kind, value));
        for (var word = 0; word < rows.Length; word++)
        {
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var bit = System.Numerics.BitOperations.TrailingZeroCount(left);
                var row = (word << 6) + bit;
                if (data.Codes[row] != 0 && !test.Passes(row)) rows[word] &= ~(1UL << bit);
            }
        }
    }

    private static int IndexOf(Layer layer, string sql)
    {
        for (var i = 0; i < layer.Columns.Count; i++)
        {
            if (layer.Columns[i].Sql == sql) return i;
        }
        throw new ArgumentException($"{layer.Name} publishes no {sql}", nameof(sql));
    }

    // A box across the antimeridian is two.
    private static Bbox[] Halves(Bbox box) => box.West <= box.East ? [box] : [box with { East = 180 }, box with { West = -180 }];

    private static void Add(Span<ulong> rows, Segment segment, Bbox box)
    {
        var test = new BoxTest(box.West, box.South, box.East, box.North);
        var hits = new Hits();
        segment.Tree.Find(test.Outer, test.Inner, ref hits);
        for (var i = 0; i < hits.Count; i++)
        {
            var row = hits.Item(i);
            if (hits.IsInside(i) || test.Meets(segment.Geometries.Read(row))) RowBits.Set(rows, row);
        }
        hits.Dispose();
    }

    private static void Keep(Span<ulong> rows, Segment segment, Bbox box)
    {
        var tests = Halves(box).Select(half => new BoxTest(half.West, half.South, half.East, half.North)).ToArray();
        for (var word = 0; word < rows.Length; word++)
        {
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var bit = System.Numerics.BitOperations.TrailingZeroCount(left);
                var row = (word << 6) + bit;
                if (!tests.Any(test => test.Meets(segment.Geometries.Read(row)))) rows[word] &= ~(1UL << bit);
            }
        }
    }
}
