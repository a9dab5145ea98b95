namespace GridMap.Geo.Grids;

/// <summary>Proposes how to cut an area into grids: near equal, contiguous, compact, along streets, never through a block.</summary>
/// <remarks>
/// <para>Method: recursive bisection on random spanning trees (DeFord, Duchin and Solomon 2021), recombination of two or three neighbours that leave the band, then
/// simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) by single blocks with a contiguity test, in a hard band: a move may not take a grid out of it. The
/// criteria are those of commercial territory design (Kalcsics, Nickel and Schröder 2005): balance, compactness, contiguity; the compactness is
/// Polsby–Popper's. The same input and seed give the same proposals on every machine.</para>
/// <para>Cost: 120 blocks, three proposals: about 0.3 s; three times that where today's grids are to be kept.</para>
/// </remarks>
public static class GridDelineation
{
    /// <summary>Proposals, the best first; equal ones once.</summary>
    /// <param name="blocks">At most 100,000.</param>
    /// <param name="borders">Between blocks that touch; several between the same two are summed.</param>
    /// <param name="target">What is wanted; null for the usual.</param>
    /// <param name="progress">Told the share done, 0–1.</param>
    /// <param name="cancellation">Looked at often.</param>
    /// <exception cref="ArgumentException">No or too many blocks, a border to a block that is not there, or a target that cannot be read.</exception>
    public static IReadOnlyList<DelineationProposal> Propose(
        IReadOnlyList<DelineationBlock> blocks, IReadOnlyList<DelineationBorder> borders, DelineationTarget? target = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        target ??= DelineationTarget.Usual;
        Check(blocks, target);
        var graph = new BlockGraph(blocks, borders, target);
        var components = Components(graph);
        var proposals = new List<DelineationProposal>();
        double[] keeps = target.Keep > 0 && Array.TrueForAll(graph.Blocks, block => block.Current >= 0) ? [0, SomewhatKept, 1] : [0];
        var (done, tries) = (0, target.Proposals + (keeps.Length - 1) * Math.Min(MostKept, target.Proposals));
        foreach (var keep in keeps)
        {
            var tried = target with { Keep = keep };
            for (var i = 0; i < (keep > 0 ? Math.Min(MostKept, target.Proposals) : target.Proposals); i++, done++)
            {
                var random = new Random(unchecked(target.Seed * 7919 + i * 104_729));
                var grids = new int[graph.Count];
                var count = Start(graph, tried, components, random, i, grids, cancellation);
                var state = Recombined(graph, tried, grids, count, random, cancellation);
                Annealing.Run(state, graph, tried, random, share => progress?.Report((done + share) / tries), cancellation);
                state.NameAnew();
                Annealing.Descend(state, graph, cancellation);
                proposals.Add(Finished(graph, target, new(graph, target, state.GridOf, state.Grids)));
            }
        }

        progress?.Report(1);
        return [.. proposals.DistinctBy(proposal => string.Join(',', proposal.GridOfBlock)).OrderBy(proposal => proposal.Score.OutOfBand)
            .ThenBy(proposal => target.Keep < 1 ? 0 : proposal.Score.HouseholdsMoved).ThenBy(proposal => proposal.Score.Total)];
    }

    // Whatever is to be kept, one set of proposals is looked for and only their order is another: who wants to keep more never moves more.
    private const double SomewhatKept = 0.3;

    private const int MostKept = 4;

    /// <summary>A proposal with all grids in the band, found by trying every way, for where <see cref="Propose"/> finds none; null when there is none or the search was given up.</summary>
    /// <param name="blocks">As for <see cref="Propose"/>.</param>
    /// <param name="borders">As for <see cref="Propose"/>.</param>
    /// <param name="target">What is wanted.</param>
    /// <param name="impossible">True when every way was tried: these blocks cannot be handed out to grids in the band.</param>
    /// <param name="cancellation">Looked at often.</param>
    /// <exception cref="ArgumentException">As for <see cref="Propose"/>.</exception>
    public static DelineationProposal? Fit(
        IReadOnlyList<DelineationBlock> blocks, IReadOnlyList<DelineationBorder> borders, DelineationTarget? target, out bool impossible, CancellationToken cancellation = default)
    {
        target ??= DelineationTarget.Usual;
        Check(blocks, target);
        var graph = new BlockGraph(blocks, borders, target);
        if (ExactDivision.Find(graph, target, MostSteps, out impossible, cancellation) is not { } grids) return null;
        var state = new DelineationState(graph, target, grids, grids.Max() + 1);
        // In the band already: only what looks better there is changed.
        Annealing.Run(state, graph, target, new Random(target.Seed), _ => { }, cancellation);
        state.NameAnew();
        Annealing.Descend(state, graph, cancellation);
        return Finished(graph, target, state);
    }

    private const long MostSteps = 4_000_000;

    /// <summary>The single moves that help most from today's grids, best first: each by itself, not one after another.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Propose"/>, or a block that is in no grid today.</exception>
    public static IReadOnlyList<DelineationMove> Improve(
        IReadOnlyList<DelineationBlock> blocks, IReadOnlyList<DelineationBorder> borders, DelineationTarget? target = null, int limit = 20, CancellationToken cancellation = default)
    {
        target ??= DelineationTarget.Usual;
        Check(blocks, target);
        if (blocks.Any(block => block.Current < 0)) throw new ArgumentException("a block is in no grid today", nameof(blocks));
        // Moving is the point here: what stays counts nothing.
        var free = target with { Keep = 0 };
        var graph = new BlockGraph(blocks, borders, free);
        var (grids, names) = Dense(graph);
        var state = new DelineationState(graph, free, grids, names.Length);
        var moves = new List<DelineationMove>();
        for (var b = 0; b < graph.Count; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var to in Annealing.Around(state, graph, b))
            {
                var gain = -state.Delta(b, to);
                if (!(gain > 1e-9)) continue;
                var from = state.GridOf[b];
                moves.Add(new(b, names[from], names[to], gain, state.Size[from], state.Size[from] - graph.Sizes[b], state.Size[to], state.Size[to] + graph.Sizes[b]));
            }
        }

        return [.. moves.OrderByDescending(move => move.Gain).ThenBy(move => move.Block).ThenBy(move => move.To).Take(limit)];
    }

    /// <summary>How good a division is, by the same measure as proposals.</summary>
    public static DelineationScore Score(
        IReadOnlyList<DelineationBlock> blocks, IReadOnlyList<DelineationBorder> borders, IReadOnlyList<int> gridOfBlock, DelineationTarget? target = null)
    {
        target ??= DelineationTarget.Usual;
        Check(blocks, target);
        if (gridOfBlock.Count != blocks.Count) throw new ArgumentException($"{gridOfBlock.Count} grids for {blocks.Count} blocks", nameof(gridOfBlock));
        var graph = new BlockGraph(blocks, borders, target);
        var names = gridOfBlock.Distinct().Order().ToArray();
        var state = new DelineationState(graph, target, [.. gridOfBlock.Select(grid => Array.BinarySearch(names, grid))], names.Length);
        return ScoreOf(graph, target, state);
    }

    /// <summary>The number of grids nearest to the middle of the band that leaves room for all of them in it, if any does.</summary>
    /// <param name="total">Size of all.</param>
    /// <param name="target">The band.</param>
    /// <param name="other">0 for that number, 1 and more for the next nearest that fit.</param>
    internal static int Fitting(double total, DelineationTarget target, int other = 0)
    {
        var middle = Math.Max(1, (int)Math.Round(total / ((target.Least + target.Most) / 2)));
        int least = Math.Max(1, (int)Math.Ceiling(total / target.Most)), most = Math.Max(1, (int)Math.Floor(total / Math.Max(1e-9, target.Least)));
        if (least > most) return least;
        // Where blocks are large, one grid more or less may be what makes all of them fit.
        int[] fitting = [.. Enumerable.Range(least, Math.Min(1_000, most - least + 1)).OrderBy(count => Math.Abs(count - Math.Clamp(middle, least, most))).ThenBy(count => count).Take(3)];
        return most - least > 1_000 ? Math.Clamp(middle, least, most) : fitting[other % fitting.Length];
    }

    private static void Check(IReadOnlyList<DelineationBlock> blocks, DelineationTarget target)
    {
        if (blocks.Count is < 1 or > 100_000) throw new ArgumentException($"{blocks.Count} blocks; 1 to 100,000 expected", nameof(blocks));
        if (!(target.Least >= 0 && target.Most > target.Least && double.IsFinite(target.Most))) throw new ArgumentException($"a band from {target.Least} to {target.Most}", nameof(target));
        if (target.HouseholdWeight < 0 || target.ResidentWeight < 0 || target.LoadWeight < 0 || target.HectareWeight < 0) throw new ArgumentException("a weight below 0", nameof(target));
        Guard.InRange(target.Keep, 0, 1);
        Guard.InRange(target.Proposals, 1, 20);
        Guard.InRange(target.MovesPerBlock, 0, 20_000);
        foreach (var block in blocks)
        {
            Guard.InRange(block.Households, 0, 1e9);
            Guard.InRange(block.Residents, 0, 1e9);
            Guard.InRange(block.Load, 0, 1e9);
            Guard.InRange(block.SquareMetres, 0, 1e12);
            Guard.InRange(block.PerimeterMetres, 0, 1e9);
        }
    }

    /// <summary>From today's grids when they are to be kept, else from nothing; to keep them somewhat, one and the other in turn.</summary>
    private static int Start(
        BlockGraph graph, DelineationTarget target, List<int[]> components, Random random, int proposal, int[] grids, CancellationToken cancellation)
    {
        var split = new SpanningTreeSplit(graph, target, random);
        var count = 0;
        if (target.Keep >= 0.5 || (target.Keep > 0 && proposal % 2 == 0))
        {
            var (today, names) = Dense(graph);
            for (var g = 0; g < names.Length; g++)
            {
                // A grid of today may have come apart where a river was drawn later.
                foreach (var part in Parts(graph, [.. Enumerable.Range(0, graph.Count).Where(b => today[b] == g)]))
                {
                    var parts = part.Sum(b => graph.Sizes[b]) > target.Most ? Fitting(part.Sum(b => graph.Sizes[b]), target) : 1;
                    split.Divide(part, parts, count, grids, cancellation);
                    count += parts;
                }
            }

            return count;
        }

        foreach (var component in components)
        {
            var parts = Math.Min(component.Length, Fitting(component.Sum(b => graph.Sizes[b]), target, proposal));
            split.Divide(component, parts, count, grids, cancellation);
            count += parts;
        }

        return count;
    }

    /// <summary>Takes grids outside the band together with a neighbour and divides both anew, until none is left or it does not help.</summary>
    private static DelineationState Recombined(BlockGraph graph, DelineationTarget target, int[] grids, int count, Random random, CancellationToken cancellation)
    {
        var split = new SpanningTreeSplit(graph, target, random);
        for (var attempt = 0; attempt < 150 + 10 * count; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            var size = new double[count];
            for (var b = 0; b < graph.Count; b++) size[grids[b]] += graph.Sizes[b];
            var wrong = Enumerable.Range(0, count).Where(g => size[g] < target.Least || size[g] > target.Most).ToArray();
            if (wrong.Length == 0) break;
            var worst = wrong[random.Next(wrong.Length)];
            var around = new SortedSet<int>();
            for (var b = 0; b < graph.Count; b++)
            {
                if (grids[b] == worst) around.UnionWith(graph.Joined(b).Select(other => grids[other]));
            }

            around.Remove(worst);
            if (around.Count == 0) continue;
            var partner = around.ElementAt(random.Next(around.Count));
            var third = attempt % 3 == 2 && around.Count > 1 ? around.Where(g => g != partner).ElementAt(random.Next(around.Count - 1)) : partner;
            int[] both = [.. Enumerable.Range(0, graph.Count).Where(b => grids[b] == worst || grids[b] == partner || grids[b] == third)];
            int before = third == partner ? 2 : 3, parts = Math.Min(both.Length, Fitting(both.Sum(b => graph.Sizes[b]), target));
            var trial = (int[])grids.Clone();
            split.Divide(both, parts, count, trial, cancellation);
            var (renamed, now) = Renumbered(trial);
            if (Wrong(graph, target, renamed, now) <= Wrong(graph, target, grids, count) && (parts != before || Wrong(graph, target, renamed, now) < Wrong(graph, target, grids, count) || random.Next(2) == 0))
                (grids, count) = (renamed, now);
        }

        return new(graph, target, grids, count);
    }

    private static double Wrong(BlockGraph graph, DelineationTarget target, int[] grids, int count)
    {
        var size = new double[count];
        for (var b = 0; b < graph.Count; b++) size[grids[b]] += graph.Sizes[b];
        return size.Sum(s => Math.Max(0, Math.Max(target.Least - s, s - target.Most)));
    }

    private static (int[] Grids, int Count) Renumbered(int[] grids)
    {
        var names = grids.Distinct().Order().ToArray();
        return (Array.ConvertAll(grids, grid => Array.BinarySearch(names, grid)), names.Length);
    }

    private static (int[] Grids, int[] Names) Dense(BlockGraph graph)
    {
        var names = graph.Blocks.Select(block => block.Current).Distinct().Order().ToArray();
        return (Array.ConvertAll(graph.Blocks, block => Array.BinarySearch(names, block.Current)), names);
    }

    private static List<int[]> Components(BlockGraph graph) => Parts(graph, [.. Enumerable.Range(0, graph.Count)]);

    private static List<int[]> Parts(BlockGraph graph, int[] blocks)
    {
        var left = new HashSet<int>(blocks);
        var parts = new List<int[]>();
        foreach (var start in blocks)
        {
            if (!left.Remove(start)) continue;
            var part = new List<int> { start };
            for (var at = 0; at < part.Count; at++)
            {
                foreach (var other in graph.Joined(part[at]))
                {
                    if (left.Remove(other)) part.Add(other);
                }
            }

            part.Sort();
            parts.Add([.. part]);
        }

        return parts;
    }

    private static DelineationProposal Finished(BlockGraph graph, DelineationTarget target, DelineationState state)
    {
        state.NameAnew();
        var next = graph.Blocks.Max(block => block.Current) + 1;
        var names = (int[])state.Own.Clone();
        foreach (var grid in state.GridOf)
        {
            // New ones in the order in which blocks meet them, so that equal proposals look equal.
            if (names[grid] < 0) names[grid] = next++;
        }

        return new(Array.ConvertAll(state.GridOf, grid => names[grid]), ScoreOf(graph, target, state));
    }

    private static DelineationScore ScoreOf(BlockGraph graph, DelineationTarget target, DelineationState state)
    {
        double all = 0, street = 0, moved = 0;
        for (var b = 0; b < graph.Count; b++)
        {
            if (graph.Blocks[b].Current >= 0 && state.Own[state.GridOf[b]] != graph.Blocks[b].Current) moved += graph.Blocks[b].Households;
            for (var i = graph.Starts[b]; i < graph.Starts[b + 1]; i++)
            {
                if (graph.Others[i] < b || state.GridOf[graph.Others[i]] == state.GridOf[b]) continue;
                all += graph.Metres[i];
                street += graph.Streets[i];
            }
        }

        var broken = Enumerable.Range(0, state.Grids).Count(g => Parts(graph, [.. Enumerable.Range(0, graph.Count).Where(b => state.GridOf[b] == g)]).Count > 1);
        return new(state.Grids, state.Size.Count(size => size >= target.Least && size <= target.Most) / (double)state.Grids, broken, Spread.Of(state.Size.Select(size => Math.Max(0, size)).ToArray()),
            Enumerable.Range(0, state.Grids).Average(g => new GridShape(state.Area[g], state.Perimeter[g]).Compactness), all > 0 ? street / all : 1, moved, state.Total(), all);
    }
}
