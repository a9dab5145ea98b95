namespace GridMap.Geo.Roads;

/// <summary>A heap of nodes by distance, four children each: half as deep as a binary one, and the children lie in one cache line.</summary>
/// <remarks>A node may be in it several times; the reader skips what is out of date. Equal distances come out in the order of node numbers. Not thread-safe.</remarks>
internal sealed class NodeHeap
{
    private long[] keys = new long[256];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Push(int distance, int node)
    {
        if (Count == keys.Length) Array.Resize(ref keys, 2 * keys.Length);
        var key = ((long)distance << 32) | (uint)node;
        var at = Count++;
        var heap = keys;
        while (at > 0)
        {
            var parent = (at - 1) >> 2;
            if (heap[parent] <= key) break;
            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = key;
    }

    public (int Distance, int Node) Pop()
    {
        var heap = keys;
        var top = heap[0];
        var count = --Count;
        var key = heap[count];
        var at = 0;
        while (true)
        {
            var child = 4 * at + 1;
            if (child >= count) break;
            var least = child;
            var end = Math.Min(child + 4, count);
            for (var i = child + 1; i < end; i++)
            {
                if (heap[i] < heap[least]) least = i;
            }

            if (heap[least] >= key) break;
            heap[at] = heap[least];
            at = least;
        }

        heap[at] = key;
        return ((int)(top >> 32), (int)top);
    }
}
