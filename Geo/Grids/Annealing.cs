namespace GridMap.Geo.Grids;

/// <summary>Single blocks change grids; changes for the worse are taken less and less often.</summary>
internal static class Annealing
{
    private const double Hot = 0.6, Cold = 0.005;

    public static void Run(DelineationState state, BlockGraph graph, DelineationTarget target, Random random, Action<double> progress, CancellationToken cancellation)
    {
        var moves = (long)target.MovesPerBlock * graph.Count;
        var best = (int[])state.GridOf.Clone();
        double total = 0, least = 0;
        for (long move = 0; move < moves; move++)
        {
            if (move % 4096 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress((double)move / moves);
            }

            var block = random.Next(graph.Count);
            var neighbours = graph.Starts[block + 1] - graph.Starts[block];
            if (neighbours == 0) continue;
            var toward = graph.Starts[block] + random.Next(neighbours);
            var to = state.GridOf[graph.Others[toward]];
            if (to == state.GridOf[block] || !graph.Joins[toward]) continue;
            var delta = state.Delta(block, to);
            if (double.IsNaN(delta)) continue;
            var heat = Hot * Math.Pow(Cold / Hot, (double)move / moves);
            if (delta > 0 && random.NextDouble() >= Math.Exp(-delta / heat)) continue;
            state.Move(block, to);
            total += delta;
            if (total >= least - 1e-9 || heat > 0.1) continue;
            least = total;
            state.GridOf.CopyTo(best, 0);
        }

        if (total <= least) return;
        // The last steps may have led away from the best: go back block by block, in the order that keeps sums right.
        for (var block = 0; block < graph.Count; block++)
        {
            if (state.GridOf[block] != best[block]) state.Move(block, best[block]);
        }
    }

    /// <summary>Only for the better, until nothing is.</summary>
    public static void Descend(DelineationState state, BlockGraph graph, CancellationToken cancellation)
    {
        for (var (round, any) = (0, true); any && round < 50; round++)
        {
            any = false;
            cancellation.ThrowIfCancellationRequested();
            for (var block = 0; block < graph.Count; block++)
            {
                foreach (var to in Around(state, graph, block))
                {
                    if (!(state.Delta(block, to) < -1e-9)) continue;
                    state.Move(block, to);
                    any = true;
                    break;
                }
            }
        }
    }

    /// <summary>The other grids beside a block, ascending.</summary>
    public static int[] Around(DelineationState state, BlockGraph graph, int block)
    {
        var around = new SortedSet<int>();
        foreach (var other in graph.Joined(block)) around.Add(state.GridOf[other]);
        around.Remove(state.GridOf[block]);
        return [.. around];
    }
}
