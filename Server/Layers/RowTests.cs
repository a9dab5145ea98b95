namespace GridMap.Server.Layers;

/// <summary>What a question asks of a row beside its place, made ready for one part: that it lives, its time, and its properties.</summary>
internal sealed class RowTests
{
    private readonly ulong[]? _gone;
    private readonly List<(CodeTest Test, bool NullPasses)> _tests = [];

    public RowTests(Part part, FeatureQuestion question)
    {
        _gone = part.Gone;
        During(part.Segment, question);
        foreach (var test in question.Tests) _tests.Add((Of(part.Segment, question.Layer, test), NullPasses: false));
    }

    /// <summary>Whether rows are tested by nothing but whether they live.</summary>
    public bool IsLifeAlone => _tests.Count == 0;

    /// <summary>A property's test for one segment.</summary>
    public static CodeTest Of(Segment segment, Layer layer, PropertyTest test) => segment.Columns[IndexOf(layer, test.Column.Sql)].Test(test);

    /// <summary>Those of 64 rows that pass.</summary>
    public ulong Keep(int word, ulong rows)
    {
        if (_gone is not null) rows &= ~_gone[word];
        foreach (var (test, nullPasses) in _tests)
        {
            for (var left = rows; left != 0; left &= left - 1)
            {
                var bit = System.Numerics.BitOperations.TrailingZeroCount(left);
                var row = (word << 6) + bit;
                if (!test.Passes(row) && !(nullPasses && test.Codes[row] == 0)) rows &= ~(1UL << bit);
            }
        }
        return rows;
    }

    private void During(Segment segment, FeatureQuestion question)
    {
        if (question.Time is not { } span || question.Layer.TimeStart is not { } start) return;
        var end = question.Layer.TimeEnd ?? start;
        if (span.To is { } to) Time(start, TestKind.LessOrEqual, to);
        if (span.From is { } from) Time(end, question.Layer.TimeEnd is null ? TestKind.GreaterOrEqual : TestKind.Greater, from);

        void Time(string sql, TestKind kind, DateTime value)
        {
            var column = IndexOf(question.Layer, sql);
            _tests.Add((segment.Columns[column].Test(PropertyTest.Compare(question.Layer.Columns[column], kind, value)), NullPasses: true));
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
}
