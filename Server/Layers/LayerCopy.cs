using System.Collections.Immutable;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>A segment and which of its rows are no more.</summary>
public sealed record Part(Segment Segment, ulong[]? Gone, int Live)
{
    public static Part Of(Segment segment) => new(segment, null, segment.Count);

    public bool IsLive(int row) => Gone is null || !RowBits.Has(Gone, row);
}

/// <summary>
/// A layer at one version: a large first segment and small ones with what came later. A row lives in one of them; where it was before, it is marked gone.
/// Immutable, so a question that holds it sees one moment of the database from beginning to end.
/// </summary>
public sealed record LayerCopy(Layer Layer, long Version, ImmutableArray<Part> Parts, (int X, int Y) Origin)
{
    // Small segments are joined while they are fewer rows than this; beyond, the first one is made anew in the background.
    private const int MostJoined = 8192;

    /// <summary>When set, the copy has the features that began since then, and those that have not ended; null where it has all.</summary>
    public DateTime? Since { get; init; }

    public long Bytes => Parts.Sum(part => part.Segment.Bytes + ((part.Gone?.LongLength ?? 0) * 8));

    public int Count => Parts.Sum(part => part.Live);

    /// <summary>Whether all that a question selects is here.</summary>
    public bool HasAll(FeatureQuestion question) => Since is not { } since || question.Time?.From >= since || question.Ids?.All(Has) == true || question.Tests.Any(test => Keeps(test, since));

    // The features that pass are among those kept.
    private bool Keeps(PropertyTest test, DateTime since) =>
        (test.Kind == TestKind.IsNull && test.Column.Name == Layer.OpenWhileNull)
        || (test.Kind is TestKind.Greater or TestKind.GreaterOrEqual && test.Column.Sql == Layer.TimeStart && test.Values[0] is DateTime from && from >= since);

    public bool Has(long id)
    {
        foreach (var part in Parts)
        {
            if (part.Segment.Find(id) is var row and >= 0 && part.IsLive(row)) return true;
        }
        return false;
    }

    /// <summary>Rows that are not in the first segment, alive or gone.</summary>
    public int Later => Parts.Skip(1).Sum(part => part.Segment.Count) + (Parts.Length > 0 ? Parts[0].Segment.Count - Parts[0].Live : 0);

    /// <summary>The next version: the changed ids as they are now (<paramref name="fresh"/>), the others of them no more.</summary>
    /// <param name="version">Its number.</param>
    /// <param name="changed">Ids that came, changed or went.</param>
    /// <param name="fresh">Those of them that there are.</param>
    /// <param name="firstFree">Segments before this one must stay apart: they are being made anew.</param>
    /// <param name="touched">Boxes of what went and came are added here.</param>
    public LayerCopy With(long version, IReadOnlyCollection<long> changed, Segment fresh, int firstFree, List<PackedBox> touched)
    {
        var parts = Parts.ToBuilder();
        for (var i = 0; i < parts.Count; i++) parts[i] = Without(parts[i], changed, touched);
        for (var i = 0; i < fresh.Count; i++) touched.Add(fresh.Tree.Leaf(i).Box);
        if (fresh.Count > 0) parts.Add(Part.Of(fresh));
        for (var i = parts.Count - 1; i >= Math.Max(1, firstFree); i--)
        {
            if (parts[i].Live == 0) parts.RemoveAt(i);
        }
        while (parts.Count - 2 >= Math.Max(1, firstFree) && parts[^2].Live <= 2 * parts[^1].Live && parts[^2].Live + parts[^1].Live <= MostJoined)
        {
            var joined = Join(Layer, Origin, [parts[^2], parts[^1]]);
            parts.RemoveRange(parts.Count - 2, 2);
            parts.Add(Part.Of(joined));
        }
        return this with { Version = version, Parts = parts.ToImmutable() };
    }

    /// <summary>One segment of everything that lives in the parts.</summary>
    public static Segment Join(Layer layer, (int X, int Y) origin, IReadOnlyList<Part> parts)
    {
        var builder = new SegmentBuilder(layer, origin);
        var boxes = parts.Select(part => BoxesOf(part.Segment)).ToArray();
        var rows = new int[parts.Count];
        while (true)
        {
            var (least, from) = (long.MaxValue, -1);
            for (var i = 0; i < rows.Length; i++)
            {
                while (rows[i] < parts[i].Segment.Count && !parts[i].IsLive(rows[i])) rows[i]++;
                if (rows[i] < parts[i].Segment.Count && (from < 0 || parts[i].Segment.Ids[rows[i]] < least)) (least, from) = (parts[i].Segment.Ids[rows[i]], i);
            }
            if (from < 0) return builder.Build();
            builder.Add(parts[from].Segment, rows[from], boxes[from][rows[from]]);
            rows[from]++;
        }
    }

    /// <summary>The same part with more of its rows gone.</summary>
    public static Part Without(Part part, IReadOnlyCollection<long> changed, List<PackedBox> touched)
    {
        ulong[]? gone = null;
        var live = part.Live;
        foreach (var id in changed)
        {
            if (part.Segment.Find(id) is not (var row and >= 0) || !part.IsLive(row)) continue;
            if (gone is not null && RowBits.Has(gone, row)) continue;
            gone ??= part.Gone is null ? new ulong[RowBits.Words(part.Segment.Count)] : [.. part.Gone];
            RowBits.Set(gone, row);
            live--;
            touched.Add(BoxOf(part.Segment, row));
        }
        return gone is null ? part : new Part(part.Segment, gone, live);
    }

    /// <summary>The box of one row, read from its positions.</summary>
    public static PackedBox BoxOf(Segment segment, int row) => Outline.BoxOf(segment.Geometries.Read(row));

    private static PackedBox[] BoxesOf(Segment segment)
    {
        var boxes = new PackedBox[segment.Count];
        for (var i = 0; i < boxes.Length; i++)
        {
            var (item, box) = segment.Tree.Leaf(i);
            boxes[item] = box;
        }
        return boxes;
    }
}
