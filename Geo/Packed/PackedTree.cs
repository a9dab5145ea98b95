namespace GridMap.Geo.Packed;

/// <summary>
/// A static R-tree in two arrays, its leaves in the order of a Hilbert curve (Kamel and Faloutsos 1994; the layout is that of "packed Hilbert R-trees"
/// with 16 entries a node). Immutable and thread-safe. About 21 bytes an item.
/// </summary>
public sealed class PackedTree
{
    private const int NodeSize = 16;

    // Four numbers a box: leaves first, then each level above, the root last. For leaves _entries is the item, above it the first box of the node below.
    private readonly int[] _boxes;
    private readonly int[] _entries;
    private readonly int[] _levelEnds;
    private readonly bool _hasEmpty;

    /// <summary>A tree over the boxes; the item's number is its place in the list.</summary>
    public PackedTree(ReadOnlySpan<PackedBox> items)
    {
        Count = items.Length;
        Box = PackedBox.Nothing;
        foreach (var item in items)
        {
            Box = Box.With(item);
            _hasEmpty |= item.MinX > item.MaxX;
        }
        var levels = new List<int>();
        var (nodes, total) = (items.Length, items.Length);
        levels.Add(total);
        while (nodes > 1)
        {
            nodes = (nodes + NodeSize - 1) / NodeSize;
            total += nodes;
            levels.Add(total);
        }
        _levelEnds = [.. levels];
        _boxes = new int[total * 4];
        _entries = new int[total];
        Leaves(items);
        Parents(items.Length);
    }

    public int Count { get; }

    /// <summary>Around everything; <see cref="PackedBox.Nothing"/> when there is nothing.</summary>
    public PackedBox Box { get; }

    public long Bytes => (_boxes.LongLength + _entries.LongLength) * 4;

    /// <summary>The items whose box meets <paramref name="box"/>, in no order, and whether theirs lies wholly inside <paramref name="inner"/>.</summary>
    public void Find(PackedBox box, PackedBox inner, ref Hits hits)
    {
        if (Count == 0) return;
        Span<int> stack = stackalloc int[NodeSize * 8];
        var depth = 0;
        var root = _entries.Length - 1;
        if (root == 0)
        {
            if (BoxAt(0).Meets(box)) hits.Add(_entries[0], BoxAt(0).IsInside(inner));
            return;
        }
        if (!BoxAt(root).Meets(box)) return;
        stack[depth++] = root;
        var leaves = _levelEnds[0];
        while (depth > 0)
        {
            var node = stack[--depth];
            var first = _entries[node];
            var last = Math.Min(first + NodeSize, LevelEnd(first));
            for (var i = first; i < last; i++)
            {
                var at = BoxAt(i);
                if (!at.Meets(box)) continue;
                if (i < leaves) hits.Add(_entries[i], at.IsInside(inner));
                else stack[depth++] = i;
            }
        }
    }

    /// <summary>How many items lie wholly inside <paramref name="inner"/>; those that only meet <paramref name="box"/> are added to <paramref name="edge"/>, for the caller to judge.</summary>
    /// <remarks>Whole branches inside are counted without being entered, so the cost is that of the box's border.</remarks>
    public int CountInside(PackedBox box, PackedBox inner, ref Hits edge)
    {
        if (Count == 0) return 0;
        Span<int> stack = stackalloc int[NodeSize * 8];
        var (depth, inside, leaves) = (0, 0, _levelEnds[0]);
        stack[depth++] = _entries.Length - 1;
        while (depth > 0)
        {
            var i = stack[--depth];
            var at = BoxAt(i);
            if (!at.Meets(box)) continue;
            if (i < leaves)
            {
                if (at.IsInside(inner)) inside++;
                else edge.Add(_entries[i], inside: false);
            }
            else if (!_hasEmpty && at.IsInside(inner))
            {
                inside += LeavesBelow(i);
            }
            else
            {
                var first = _entries[i];
                for (var below = Math.Min(first + NodeSize, LevelEnd(first)) - 1; below >= first; below--) stack[depth++] = below;
            }
        }
        return inside;
    }

    /// <summary>The box of one leaf entry by its place in the tree, and which item it is.</summary>
    public (int Item, PackedBox Box) Leaf(int place) => (_entries[place], BoxAt(place));

    private PackedBox BoxAt(int index)
    {
        var box = _boxes.AsSpan(index * 4, 4);
        return new PackedBox(box[0], box[1], box[2], box[3]);
    }

    private int LevelEnd(int index)
    {
        foreach (var end in _levelEnds)
        {
            if (index < end) return end;
        }
        return _entries.Length;
    }

    // Every node but the last of its level has all the leaves it can hold.
    private int LeavesBelow(int node)
    {
        var (level, each) = (0, 1);
        while (node >= _levelEnds[level])
        {
            level++;
            each *= NodeSize;
        }
        var place = node - (level == 0 ? 0 : _levelEnds[level - 1]);
        return Math.Min(each, Count - (place * each));
    }

    private void Leaves(ReadOnlySpan<PackedBox> items)
    {
        var (keys, order) = (new uint[items.Length], new int[items.Length]);
        var (width, height) = (Math.Max(1.0, (double)Box.MaxX - Box.MinX), Math.Max(1.0, (double)Box.MaxY - Box.MinY));
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            var x = (uint)((((double)item.MinX + item.MaxX) / 2 - Box.MinX) / width * 65535);
            var y = (uint)((((double)item.MinY + item.MaxY) / 2 - Box.MinY) / height * 65535);
            (keys[i], order[i]) = (Hilbert(x, y), i);
        }
        Array.Sort(keys, order);
        for (var i = 0; i < order.Length; i++)
        {
            _entries[i] = order[i];
            Set(i, items[order[i]]);
        }
    }

    private void Parents(int leaves)
    {
        var (from, to, next) = (0, leaves, leaves);
        while (to - from > 1)
        {
            for (var first = from; first < to; first += NodeSize)
            {
                var box = PackedBox.Nothing;
                for (var i = first; i < Math.Min(first + NodeSize, to); i++) box = box.With(BoxAt(i));
                _entries[next] = first;
                Set(next++, box);
            }
            (from, to) = (to, next);
        }
    }

    private void Set(int index, PackedBox box) =>
        (_boxes[index * 4], _boxes[(index * 4) + 1], _boxes[(index * 4) + 2], _boxes[(index * 4) + 3]) = (box.MinX, box.MinY, box.MaxX, box.MaxY);

    // Position along the curve of order 16 (Warren, Hacker's Delight, 16-2).
    private static uint Hilbert(uint x, uint y)
    {
        uint key = 0;
        for (var bit = 15; bit >= 0; bit--)
        {
            var (right, up) = ((x >> bit) & 1, (y >> bit) & 1);
            key = (key << 2) | ((3 * right) ^ up);
            if (up != 0) continue;
            if (right == 1) (x, y) = (~x & 0xFFFF, ~y & 0xFFFF);
            (x, y) = (y, x);
        }
        return key;
    }
}

/// <summary>Where a search puts what it finds: a growing list from a pool. Dispose to give it back.</summary>
public ref struct Hits : IDisposable
{
    private int[] _found;

    /// <summary>An empty list.</summary>
    public Hits() => _found = System.Buffers.ArrayPool<int>.Shared.Rent(1024);

    public int Count { get; private set; }

    /// <summary>The item found at a place of the list.</summary>
    public readonly int Item(int index) => _found[index] >> 1;

    /// <summary>Whether the item's box lies inside the inner box of the search.</summary>
    public readonly bool IsInside(int index) => (_found[index] & 1) != 0;

    /// <summary>Puts what was found in the order of the items.</summary>
    public readonly void Sort() => _found.AsSpan(0, Count).Sort();

    internal void Add(int item, bool inside)
    {
        if (Count == _found.Length)
        {
            var more = System.Buffers.ArrayPool<int>.Shared.Rent(Count * 2);
            _found.AsSpan(0, Count).CopyTo(more);
            System.Buffers.ArrayPool<int>.Shared.Return(_found);
            _found = more;
        }
        _found[Count++] = (item << 1) | (inside ? 1 : 0);
    }

    public void Dispose()
    {
        if (_found.Length > 0) System.Buffers.ArrayPool<int>.Shared.Return(_found);
        _found = [];
    }
}
