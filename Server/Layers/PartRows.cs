using System.Buffers;
using System.Numerics;
using GridMap.Geo.Packed;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>
/// The rows of one part that a question selects. They are found 64 at a time while somebody walks them, so that the first page of a large box does not
/// wait for all that is in it; where that turns out to be much work, the tree finds all of them at once.
/// </summary>
internal sealed class PartRows : IDisposable
{
    // A larger page is likelier to need all of the box, and a page that has looked at this many geometries one by one would better have asked the tree.
    private const int LargestWalkedPage = 1000, MostLookedAt = 2048;

    private readonly Part _part;
    private readonly Segment _segment;
    private readonly FeatureQuestion _question;
    private readonly RowTests _tests;
    private readonly BoxTest[] _boxes;
    private readonly int _words;
    private ulong[] _bits;
    private int _known = -1; // the first word that is not known yet; below 0 nobody has asked
    private int _lookedAt;

    public PartRows(Part part, FeatureQuestion question)
    {
        (_part, _segment, _question, _tests) = (part, part.Segment, question, new RowTests(part, question));
        _boxes = question.Box is { } box ? [.. Halves(box).Select(half => new BoxTest(half.West, half.South, half.East, half.North))] : [];
        _words = RowBits.Words(_segment.Count);
        _bits = ArrayPool<ulong>.Shared.Rent(Math.Max(1, _words));
    }

    // A box across the antimeridian is two.
    public static Bbox[] Halves(Bbox box) => box.West <= box.East ? [box] : [box with { East = 180 }, box with { West = -180 }];

    /// <summary>The first selected row from there on; -1 when there is none. Calls go upwards.</summary>
    public int Following(int row)
    {
        var word = row >> 6;
        if (word >= _words) return -1;
        Know(word);
        for (var left = _bits[word] & (ulong.MaxValue << (row & 63)); ; left = _bits[word])
        {
            if (left != 0) return (word << 6) + BitOperations.TrailingZeroCount(left);
            if (++word == _words) return -1;
            Know(word);
        }
    }

    public long Count()
    {
        if (_question.Ids is null && _tests.IsLifeAlone && _boxes.Length == 0) return _part.Live;
        if (_question.Ids is null && _tests.IsLifeAlone && _boxes.Length == 1) return CountInTree(_boxes[0]);
        All();
        return RowBits.Count(_bits.AsSpan(0, _words));
    }

    public void Dispose()
    {
        if (_bits.Length > 0) ArrayPool<ulong>.Shared.Return(_bits);
        _bits = [];
    }

    private void Know(int word)
    {
        if (_known < 0) _known = word;
        if (word < _known) return;
        if (_question.Ids is not null || (_boxes.Length > 0 && (_question.Limit > LargestWalkedPage || _lookedAt > MostLookedAt)))
        {
            All();
            return;
        }
        for (; _known <= word; _known++) _bits[_known] = _tests.Keep(_known, InBoxes(_known, Present(_known)));
    }

    private ulong Present(int word) => word == _words - 1 && (_segment.Count & 63) != 0 ? (1UL << (_segment.Count & 63)) - 1 : ulong.MaxValue;

    private ulong InBoxes(int word, ulong rows)
    {
        if (_boxes.Length == 0) return rows;
        var found = 0UL;
        foreach (var box in _boxes)
        {
            if (_segment.Runs.AreInside(word, box.Inner)) return rows;
            if (!_segment.Runs.MayMeet(word, box.Outer)) continue;
            for (var left = rows & ~found; left != 0; left &= left - 1)
            {
                var bit = BitOperations.TrailingZeroCount(left);
                _lookedAt++;
                if (box.Meets(_segment.Geometries.Read((word << 6) + bit))) found |= 1UL << bit;
            }
        }
        return found;
    }

    private void All()
    {
        var rows = _bits.AsSpan(0, _words);
        rows.Clear();
        if (_question.Ids is { } ids) These(rows, ids);
        else if (_boxes.Length == 0) rows.Fill(ulong.MaxValue);
        else foreach (var box in _boxes) Add(rows, box);
        for (var word = 0; word < rows.Length; word++) rows[word] = _tests.Keep(word, rows[word] & Present(word));
        _known = _words;
    }

    private void These(Span<ulong> rows, IReadOnlyCollection<long> ids)
    {
        foreach (var id in ids)
        {
            if (_segment.Find(id) is not (var row and >= 0)) continue;
            if (_boxes.Length == 0 || _boxes.Any(box => box.Meets(_segment.Geometries.Read(row)))) RowBits.Set(rows, row);
        }
    }

    private void Add(Span<ulong> rows, BoxTest test)
    {
        var hits = new Hits();
        _segment.Tree.Find(test.Outer, test.Inner, ref hits);
        for (var i = 0; i < hits.Count; i++)
        {
            var row = hits.Item(i);
            if (hits.IsInside(i) || test.Meets(_segment.Geometries.Read(row))) RowBits.Set(rows, row);
        }
        hits.Dispose();
    }

    private long CountInTree(BoxTest test)
    {
        var edge = new Hits();
        long count = _segment.Tree.CountInside(test.Outer, test.Inner, ref edge);
        for (var i = 0; i < edge.Count; i++)
        {
            if (test.Meets(_segment.Geometries.Read(edge.Item(i)))) count++;
        }
        edge.Dispose();
        if (_part.Gone is not { } gone) return count;
        for (var word = 0; word < _words; word++)
        {
            for (var left = gone[word]; left != 0; left &= left - 1)
            {
                if (test.Meets(_segment.Geometries.Read((word << 6) + BitOperations.TrailingZeroCount(left)))) count--;
            }
        }
        return count;
    }
}
