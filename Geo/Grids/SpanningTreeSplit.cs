namespace GridMap.Geo.Grids;

/// <summary>Cuts sets of blocks in two along random spanning trees that run through the blocks and avoid the great roads, so that cuts fall on these.</summary>
/// <remarks>Recombination (ReCom) of DeFord, Duchin and Solomon 2021, "Recombination: A Family of Markov Chains for Redistricting", with trees weighted by what lies between blocks.</remarks>
internal sealed class SpanningTreeSplit(BlockGraph graph, DelineationTarget target, Random random)
{
    private readonly int[] inSet = new int[graph.Count]; // stamp of the set a block is in
    private readonly int[] root = new int[graph.Count];
    private readonly int[] local = new int[graph.Count];
    private int stamp;

    /// <summary>Labels blocks with the numbers from <paramref name="first"/> on, <paramref name="parts"/> of them.</summary>
    public void Divide(int[] blocks, int parts, int first, int[] gridOfBlock, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (parts == 1 || blocks.Length <= 1)
        {
            foreach (var block in blocks) gridOfBlock[block] = first;
            return;
        }

        var some = parts / 2;
        var (one, other) = Halve(blocks, some, parts - some);
        Divide(one, some, first, gridOfBlock, cancellation);
        Divide(other, parts - some, first + some, gridOfBlock, cancellation);
    }

    /// <summary>The best of several trees: two contiguous sets, sized as <paramref name="a"/> to <paramref name="b"/>.</summary>
    public (int[] A, int[] B) Halve(int[] blocks, int a, int b)
    {
        stamp++;
        foreach (var block in blocks) inSet[block] = stamp;
        var total = blocks.Sum(block => graph.Sizes[block]);
        var wanted = total * a / (a + b);
        var unit = Math.Max(1e-9, total / (a + b));
        var trees = blocks.Length < 40 ? 40 : blocks.Length < 400 ? 25 : 12;
        (double Score, HashSet<int>? Cut) best = (double.PositiveInfinity, null);
        for (var tree = 0; tree < trees; tree++)
        {
            var (order, parent) = Tree(blocks);
            var weight = new double[order.Length];
            var count = new int[order.Length];
            for (var i = order.Length - 1; i >= 0; i--)
            {
                weight[i] += graph.Sizes[order[i]];
                count[i]++;
                if (parent[i] < 0) continue;
                weight[parent[i]] += weight[i];
                count[parent[i]] += count[i];
            }

            // The cut may leave either side as the smaller one.
            var cuts = new List<(double Off, int At, bool Below)>();
            for (var i = 1; i < order.Length; i++)
            {
                cuts.Add((Off(weight[i]), i, true));
                if (a != b) cuts.Add((Off(total - weight[i]), i, false));
            }

            cuts.Sort();
            foreach (var (off, at, below) in cuts.Take(4))
            {
                if (off > best.Score) break;
                var within = Below(order, parent, at);
                var score = off + 0.15 * BorderCost(blocks, within) / graph.MeanMetres / Math.Max(4, Math.Sqrt(blocks.Length));
                if (score < best.Score) best = (score, below ? within : [.. blocks.Where(block => !within.Contains(block))]);
            }
        }

        if (best.Cut is null) return (blocks[..1], blocks[1..]);
        return ([.. blocks.Where(best.Cut.Contains)], [.. blocks.Where(block => !best.Cut.Contains(block))]);

        double Off(double size)
        {
            var off = Math.Abs(size - wanted) / unit;
            var rest = total - size;
            var outside = Math.Max(0, Math.Max(a * target.Least - size, size - a * target.Most)) + Math.Max(0, Math.Max(b * target.Least - rest, rest - b * target.Most));
            return off * off + (outside > 0 ? 10 + 10 * outside / unit : 0);
        }
    }

    private double BorderCost(int[] blocks, HashSet<int> within)
    {
        double cost = 0;
        foreach (var block in blocks)
        {
            if (!within.Contains(block)) continue;
            for (var i = graph.Starts[block]; i < graph.Starts[block + 1]; i++)
            {
                if (inSet[graph.Others[i]] == stamp && !within.Contains(graph.Others[i])) cost += graph.Costs[i];
            }
        }

        return cost;
    }

    private static HashSet<int> Below(int[] order, int[] parent, int at)
    {
        var below = new bool[order.Length];
        below[at] = true;
        var blocks = new HashSet<int> { order[at] };
        for (var i = at + 1; i < order.Length; i++)
        {
            if (parent[i] < 0 || !below[parent[i]]) continue;
            below[i] = true;
            blocks.Add(order[i]);
        }

        return blocks;
    }

    /// <summary>A random tree of the set: blocks in the order of a walk from its root, with the place of each one's parent in that order.</summary>
    private (int[] Order, int[] Parent) Tree(int[] blocks)
    {
        var edges = new List<(double Weight, int A, int B)>();
        foreach (var block in blocks)
        {
            root[block] = block;
            for (var i = graph.Starts[block]; i < graph.Starts[block + 1]; i++)
            {
                var other = graph.Others[i];
                if (other < block || inSet[other] != stamp || !graph.Joins[i]) continue;
                // Little cost per metre is a great road: it comes last, and so is rarely in the tree.
                var ease = graph.Metres[i] > 0 ? graph.Costs[i] / graph.Metres[i] : 0;
                edges.Add((random.NextDouble() + 0.6 / (0.3 + ease), block, other));
            }
        }

        edges.Sort();
        var beside = new List<int>[blocks.Length];
        for (var i = 0; i < blocks.Length; i++) (local[blocks[i]], beside[i]) = (i, []);
        foreach (var (_, a, b) in edges)
        {
            int ra = Find(a), rb = Find(b);
            if (ra == rb) continue;
            root[ra] = rb;
            beside[local[a]].Add(local[b]);
            beside[local[b]].Add(local[a]);
        }

        var order = new int[blocks.Length];
        var parent = new int[blocks.Length];
        var seen = new bool[blocks.Length];
        var start = random.Next(blocks.Length);
        var places = new int[blocks.Length];
        var (head, tail) = (0, 1);
        places[0] = start;
        (order[0], parent[0], seen[start]) = (blocks[start], -1, true);
        while (head < tail)
        {
            var at = head++;
            foreach (var next in beside[places[at]])
            {
                if (seen[next]) continue;
                seen[next] = true;
                places[tail] = next;
                (order[tail], parent[tail]) = (blocks[next], at);
                tail++;
            }
        }

        return tail == blocks.Length ? (order, parent) : (order[..tail], parent[..tail]);

        int Find(int block)
        {
            while (root[block] != block) block = root[block] = root[root[block]];
            return block;
        }
    }
}
