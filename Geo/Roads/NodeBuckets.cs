using System.Numerics;

namespace GridMap.Geo.Roads;

/// <summary>Nodes that a search has yet to leave, by distance: a ring of buckets, each 4 m deep, in place of a heap.</summary>
/// <remarks>
/// Dial 1969 with wide buckets, as in delta-stepping (Meyer and Sanders 2003): within a bucket nodes come out in no order, so the reader relaxes again what
/// turns out nearer and skips what is out of date; what it ends with is the same. Pushing and taking cost a few writes whatever the number of nodes, where a
/// heap sifts. Distances may not fall below the bucket that is being emptied, but for those pushed before the first is taken. What lies beyond the ring
/// waits in a list until the ring is empty. Not thread-safe.
/// </remarks>
internal sealed class NodeBuckets
{
    private const int Depth = 12, Ring = 1024;

    // So far down that all that is pushed before the first is taken waits.
    private const int Nowhere = -Ring;

    private readonly int[] heads = new int[Ring];
    private readonly ulong[] filled = new ulong[Ring / 64];
    private Entry[] entries = new Entry[256];
    private int used;
    private int free = -1;
    private int inRing;
    private int waiting = -1;
    private int leastWaiting = int.MaxValue;
    // The bucket that is being emptied.
    private int current = Nowhere;

    public void Push(int distance, int node)
    {
        var at = free;
        if (at >= 0) free = entries[at].Next;
        else
        {
            if (used == entries.Length) Array.Resize(ref entries, 2 * used);
            at = used++;
        }

        ref var entry = ref entries[at];
        (entry.Distance, entry.Node) = (distance, node);
        var bucket = distance >> Depth;
        if (bucket - current < Ring) Put(at, bucket);
        else Wait(at, bucket);
    }

    /// <summary>One of the nearest bucket.</summary>
    public bool TryTake(out int distance, out int node)
    {
        var next = inRing > 0 ? NextBucket() : int.MaxValue;
        if (waiting >= 0 && leastWaiting < next)
        {
            Refill();
            next = NextBucket();
        }
        else if (inRing == 0)
        {
            (distance, node, current, used, free) = (0, 0, Nowhere, 0, -1);
            return false;
        }

        current = next;
        var slot = next & (Ring - 1);
        var at = heads[slot] - 1;
        ref var entry = ref entries[at];
        (distance, node) = (entry.Distance, entry.Node);
        heads[slot] = entry.Next + 1;
        if (entry.Next < 0) filled[slot >> 6] &= ~(1UL << slot);
        (entry.Next, free) = (free, at);
        inRing--;
        return true;
    }

    public void Clear()
    {
        if (inRing == 0 && waiting < 0) return;
        Array.Clear(heads);
        Array.Clear(filled);
        (inRing, waiting, leastWaiting, current, used, free) = (0, -1, int.MaxValue, Nowhere, 0, -1);
    }

    // Heads are kept one up, so that a new ring is empty.
    private void Put(int at, int bucket)
    {
        var slot = bucket & (Ring - 1);
        entries[at].Next = heads[slot] - 1;
        heads[slot] = at + 1;
        filled[slot >> 6] |= 1UL << slot;
        inRing++;
    }

    private void Wait(int at, int bucket)
    {
        (entries[at].Next, waiting) = (waiting, at);
        leastWaiting = Math.Min(leastWaiting, bucket);
    }

    private int NextBucket()
    {
        var start = current & (Ring - 1);
        var word = start >> 6;
        var bits = filled[word] & (ulong.MaxValue << start);
        while (bits == 0)
        {
            word = (word + 1) & (Ring / 64 - 1);
            bits = filled[word];
        }

        return current + (((word << 6) + BitOperations.TrailingZeroCount(bits) - start) & (Ring - 1));
    }

    // All that is in the ring lies less than a ring behind what has waited: it came in before this was near.
    private void Refill()
    {
        var rest = waiting;
        (current, waiting, leastWaiting) = (leastWaiting, -1, int.MaxValue);
        while (rest >= 0)
        {
            var (at, bucket) = (rest, entries[rest].Distance >> Depth);
            rest = entries[at].Next;
            if (bucket - current < Ring) Put(at, bucket);
            else Wait(at, bucket);
        }
    }

    private struct Entry
    {
        public int Distance;
        public int Node;
        public int Next;
    }
}
