namespace GridMap.Geo.Packed;

/// <summary>
/// The box around each run of 64 items that follow one another: a search that wants items in their own order passes over whole runs, or takes them whole.
/// Worth it where neighbours in the list are neighbours on the map. Immutable and thread-safe; a quarter of a byte an item.
/// </summary>
public sealed class RunBoxes
{
    /// <summary>Items in a run; the last may have fewer.</summary>
    public const int RunSize = 64;

    private readonly PackedBox[] _boxes;
    private readonly bool[] _hasEmpty;

    public RunBoxes(ReadOnlySpan<PackedBox> items)
    {
        _boxes = new PackedBox[(items.Length + RunSize - 1) / RunSize];
        _hasEmpty = new bool[_boxes.Length];
        for (var run = 0; run < _boxes.Length; run++)
        {
            var box = PackedBox.Nothing;
            foreach (var item in items[(run * RunSize)..Math.Min(items.Length, (run + 1) * RunSize)])
            {
                box = box.With(item);
                _hasEmpty[run] |= item.MinX > item.MaxX;
            }
            _boxes[run] = box;
        }
    }

    public long Bytes => (_boxes.LongLength * 16) + _hasEmpty.LongLength;

    /// <summary>Whether some item of the run may meet the box.</summary>
    public bool MayMeet(int run, PackedBox box) => _boxes[run].Meets(box);

    /// <summary>Whether every item of the run has positions, and all of them lie inside the frame.</summary>
    public bool AreInside(int run, PackedBox frame) => !_hasEmpty[run] && _boxes[run].IsInside(frame);
}
