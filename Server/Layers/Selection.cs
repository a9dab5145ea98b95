namespace GridMap.Server.Layers;

/// <summary>The rows of a copy that a question selects, without paging. Dispose to give its memory back.</summary>
public sealed class Selection : IDisposable
{
    private readonly PartRows[] _parts;

    public Selection(LayerCopy copy, FeatureQuestion question) =>
        (Copy, _parts) = (copy, [.. copy.Parts.Select(part => new PartRows(part, question))]);

    public LayerCopy Copy { get; }

    /// <summary>Whether memory can answer: everything but SQL, other orders than by id, and boxes without area (whose meaning is the database's own).</summary>
    public static bool CanAnswer(FeatureQuestion question) => question.Filter is null && question.Sort.Count == 0 && CanTest(question.Box);

    public static bool CanTest(Http.Bbox? box) => box is not { } asked || (asked.South < asked.North && PartRows.Halves(asked).All(half => half.West < half.East));

    /// <summary>How many rows are selected.</summary>
    public static long Count(LayerCopy copy, FeatureQuestion question)
    {
        using var selection = new Selection(copy, question);
        return selection._parts.Sum(part => part.Count());
    }

    /// <summary>The first selected row of a part from there on; -1 when there is none. Calls for a part go upwards.</summary>
    public int Following(int part, int row) => _parts[part].Following(row);

    public void Dispose()
    {
        foreach (var part in _parts) part.Dispose();
    }
}
