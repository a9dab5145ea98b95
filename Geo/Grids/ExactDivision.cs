namespace GridMap.Geo.Grids;

/// <summary>Whether blocks can be handed out to contiguous grids that all lie in the band, found by trying every way.</summary>
/// <remarks>
/// Backtracking over connected sets: the block with the fewest neighbours left is given every grid it could be in, and what is left must still divide, part by part.
/// Blocks that count nothing are first taken as ground that any grid may pass over, so that "no" is right for the blocks as they are; where a "yes" needs one such
/// block for two grids, the search goes on. The same input gives the same answer on every machine: the bound is on steps, not on time.
/// </remarks>
internal sealed class ExactDivision
{
    private const int MostBlocks = 128, MostKnown = 1_000_000;

    private readonly BlockGraph graph;
    private readonly DelineationTarget target;
    private readonly int[] blocks;        // that count
    private readonly double[] sizes;
    private readonly UInt128[] beside;    // neighbours, also over blocks that count nothing
    private readonly HashSet<UInt128> hopeless = [];
    private readonly List<UInt128> grids = [];
    private readonly CancellationToken cancellation;
    private long steps;
    private bool unrealised;
    private int[]? found;

    private ExactDivision(BlockGraph graph, DelineationTarget target, int[] blocks, long steps, CancellationToken cancellation)
    {
        (this.graph, this.target, this.blocks, this.steps, this.cancellation) = (graph, target, blocks, steps, cancellation);
        sizes = Array.ConvertAll(blocks, block => graph.Sizes[block]);
        beside = Beside();
    }

    /// <summary>The grid of each block, numbered from 0, all in the band; null when there is none or none was found.</summary>
    /// <param name="graph">Blocks.</param>
    /// <param name="target">The band.</param>
    /// <param name="steps">After so many the search gives up.</param>
    /// <param name="impossible">True when every way was tried.</param>
    /// <param name="cancellation">Looked at often.</param>
    public static int[]? Find(BlockGraph graph, DelineationTarget target, long steps, out bool impossible, CancellationToken cancellation)
    {
        int[] counting = [.. Enumerable.Range(0, graph.Count).Where(block => graph.Sizes[block] > 0)];
        impossible = counting.Any(block => graph.Sizes[block] > target.Most);
        if (impossible || counting.Length is 0 or > MostBlocks) return null;
        var search = new ExactDivision(graph, target, counting, steps, cancellation);
        var all = counting.Length == MostBlocks ? UInt128.MaxValue : (UInt128.One << counting.Length) - 1;
        search.Divide(all);
        impossible = search.found is null && !search.unrealised && search.steps > 0;
        return search.found;
    }

    private bool Divide(UInt128 left)
    {
        if (left == 0) return Realise();
        if (hopeless.Contains(left)) return false;
        var (part, fits) = SmallestPart(left);
        if (fits && Grow(left, part)) return true;
        if (steps > 0 && hopeless.Count < MostKnown) hopeless.Add(left);
        return false;
    }

    /// <summary>Every grid that the block with the fewest neighbours could be in.</summary>
    private bool Grow(UInt128 left, UInt128 part)
    {
        var (seed, fewest) = (-1, int.MaxValue);
        for (var rest = part; rest != 0; rest &= rest - 1)
        {
            var block = (int)UInt128.TrailingZeroCount(rest);
            var degree = (int)UInt128.PopCount(beside[block] & part);
            if (degree < fewest || (degree == fewest && sizes[block] > sizes[seed])) (seed, fewest) = (block, degree);
        }

        return Extend(left, part, UInt128.One << seed, beside[seed] & part, UInt128.One << seed, sizes[seed]);
    }

    /// <param name="left">Not yet in a grid.</param>
    /// <param name="part">The part of it that is worked on.</param>
    /// <param name="grid">So far.</param>
    /// <param name="near">Blocks that could be added.</param>
    /// <param name="passed">Blocks that are in, or are not to be.</param>
    /// <param name="size">Of the grid.</param>
    private bool Extend(UInt128 left, UInt128 part, UInt128 grid, UInt128 near, UInt128 passed, double size)
    {
        if (--steps <= 0) return false;
        if (steps % 4096 == 0) cancellation.ThrowIfCancellationRequested();
        if (size >= target.Least)
        {
            grids.Add(grid);
            if (Divide(left & ~grid)) return true;
            grids.RemoveAt(grids.Count - 1);
        }

        near &= ~passed;
        for (var rest = near; rest != 0 && steps > 0; rest &= rest - 1)
        {
            var block = (int)UInt128.TrailingZeroCount(rest);
            var bit = UInt128.One << block;
            passed |= bit;
            if (size + sizes[block] <= target.Most && Extend(left, part, grid | bit, near | (beside[block] & part), passed, size + sizes[block])) return true;
        }

        return false;
    }

    /// <summary>The part of what is left with the fewest blocks, and whether every part can be divided as far as its size goes.</summary>
    private (UInt128 Part, bool Fits) SmallestPart(UInt128 left)
    {
        var (smallest, fewest) = (UInt128.Zero, int.MaxValue);
        while (left != 0)
        {
            UInt128 part = left & (~left + 1), fresh = part;
            double size = 0;
            while (fresh != 0)
            {
                var block = (int)UInt128.TrailingZeroCount(fresh);
                fresh &= fresh - 1;
                size += sizes[block];
                var more = beside[block] & left & ~part;
                part |= more;
                fresh |= more;
            }

            if (!target.Divides(size)) return (0, false);
            var count = (int)UInt128.PopCount(part);
            if (count < fewest) (smallest, fewest) = (part, count);
            left &= ~part;
        }

        return (smallest, true);
    }

    /// <summary>Neighbours by border or over blocks that count nothing.</summary>
    private UInt128[] Beside()
    {
        var number = new int[graph.Count];
        Array.Fill(number, -1);
        for (var i = 0; i < blocks.Length; i++) number[blocks[i]] = i;
        var near = new UInt128[blocks.Length];
        var seen = new int[graph.Count];
        for (var i = 0; i < blocks.Length; i++)
        {
            var waiting = new Stack<int>([blocks[i]]);
            while (waiting.TryPop(out var at))
            {
                foreach (var other in graph.Joined(at))
                {
                    if (number[other] >= 0) near[i] |= UInt128.One << number[other];
                    else if (seen[other] != i + 1) waiting.Push(other);
                    seen[other] = i + 1;
                }
            }

            near[i] &= ~(UInt128.One << i);
        }

        return near;
    }

    /// <summary>Gives blocks that count nothing to the grids: first where a grid needs them to hang together, then the rest.</summary>
    private bool Realise()
    {
        var gridOf = new int[graph.Count];
        Array.Fill(gridOf, -1);
        for (var i = 0; i < blocks.Length; i++) gridOf[blocks[i]] = grids.FindIndex(grid => (grid >> i & 1) != 0);
        for (var grid = 0; grid < grids.Count; grid++)
        {
            if (Join(gridOf, grid)) continue;
            unrealised = true;
            return false;
        }

        // What is left goes to a neighbour, from the grids outwards; land that no grid reaches is one of its own and outside the band.
        for (var any = true; any;)
        {
            any = false;
            for (var block = 0; block < graph.Count; block++)
            {
                if (gridOf[block] >= 0 || graph.Joined(block).Where(other => gridOf[other] >= 0).Select(other => gridOf[other]).DefaultIfEmpty(-1).First() is not (>= 0 and var grid)) continue;
                (gridOf[block], any) = (grid, true);
            }
        }

        if (Array.Exists(gridOf, grid => grid < 0))
        {
            unrealised = true;
            return false;
        }

        found = gridOf;
        return true;
    }

    /// <summary>Takes free blocks on the shortest ways between the parts of a grid.</summary>
    private bool Join(int[] gridOf, int grid)
    {
        while (true)
        {
            var first = Array.IndexOf(gridOf, grid);
            var came = new Dictionary<int, int> { [first] = -1 };
            var (inside, beyond) = (new Queue<int>([first]), new Queue<int>());
            var meets = -1;
            // All that hangs together already, then outwards over free blocks.
            while (meets < 0 && (inside.TryDequeue(out var at) || beyond.TryDequeue(out at)))
            {
                foreach (var other in graph.Joined(at))
                {
                    if (came.ContainsKey(other) || (gridOf[other] != grid && gridOf[other] >= 0)) continue;
                    came.Add(other, at);
                    if (gridOf[other] != grid) beyond.Enqueue(other);
                    else if (gridOf[at] == grid) inside.Enqueue(other);
                    else
                    {
                        meets = other;
                        break;
                    }
                }
            }

            if (meets < 0) return gridOf.Select((of, block) => (of, block)).All(pair => pair.of != grid || came.ContainsKey(pair.block));
            for (var at = meets; at >= 0; at = came[at]) gridOf[at] = grid;
        }
    }
}
