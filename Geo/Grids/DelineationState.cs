namespace GridMap.Geo.Grids;

/// <summary>Blocks and their neighbours, in flat arrays.</summary>
internal sealed class BlockGraph
{
    public BlockGraph(IReadOnlyList<DelineationBlock> blocks, IReadOnlyList<DelineationBorder> borders, DelineationTarget target)
    {
        Blocks = [.. blocks];
        Sizes = Array.ConvertAll(Blocks, block => target.SizeOf(block));
        var joined = new SortedDictionary<(int, int), (double Metres, double Cost, double Street, bool Joins)>();
        foreach (var border in borders)
        {
            if (border.A == border.B || border.A < 0 || border.B < 0 || border.A >= blocks.Count || border.B >= blocks.Count) throw new ArgumentException($"a border between {border.A} and {border.B} of {blocks.Count} blocks", nameof(borders));
            var key = border.A < border.B ? (border.A, border.B) : (border.B, border.A);
            var (metres, cost, street, joins) = joined.GetValueOrDefault(key);
            var length = Guard.InRange(border.Metres, 0, 1e9);
            joined[key] = (metres + length, cost + length * DelineationTarget.CostPerMetre(border.Street), street + (border.Street <= BorderKind.Gap ? 0 : length), joins || border.Street != BorderKind.Water);
        }

        Starts = new int[blocks.Count + 1];
        foreach (var (a, b) in joined.Keys)
        {
            Starts[a + 1]++;
            Starts[b + 1]++;
        }

        for (var i = 0; i < blocks.Count; i++) Starts[i + 1] += Starts[i];
        (Others, Metres, Costs, Streets, Joins) = (new int[joined.Count * 2], new double[joined.Count * 2], new double[joined.Count * 2], new double[joined.Count * 2], new bool[joined.Count * 2]);
        var next = Starts[..^1];
        foreach (var ((a, b), (metres, cost, street, joins)) in joined)
        {
            Put(next[a]++, b);
            Put(next[b]++, a);

            void Put(int at, int other) => (Others[at], Metres[at], Costs[at], Streets[at], Joins[at]) = (other, metres, cost, street, joins);
        }

        MeanMetres = Math.Max(1, Metres.Length == 0 ? 1 : Metres.Average());
    }

    public DelineationBlock[] Blocks { get; }

    public double[] Sizes { get; }

    /// <summary>Neighbours of block i are at [Starts[i], Starts[i + 1]).</summary>
    public int[] Starts { get; }

    public int[] Others { get; }

    public double[] Metres { get; }

    /// <summary>Metres weighted by what runs along: a grid that ends on an arterial costs little.</summary>
    public double[] Costs { get; }

    public double[] Streets { get; }

    /// <summary>Whether one gets across: blocks with nothing but water between them are not contiguous.</summary>
    public bool[] Joins { get; }

    public double MeanMetres { get; }

    public int Count => Blocks.Length;

    /// <summary>The neighbours that one gets to.</summary>
    public IEnumerable<int> Joined(int block)
    {
        for (var i = Starts[block]; i < Starts[block + 1]; i++)
        {
            if (Joins[i]) yield return Others[i];
        }
    }
}

/// <summary>An assignment of blocks to grids with everything that a move changes, kept up to date.</summary>
internal sealed class DelineationState
{
    private const double OutOfBand = 40, Roughness = 1, Border = 0.35, Evenness = 3, Kept = 6;

    private readonly BlockGraph graph;
    private readonly DelineationTarget target;
    private readonly double mean;
    private readonly double usualHouseholds;
    private readonly int[] mark;
    private readonly int[] queue;
    private int stamp;

    public DelineationState(BlockGraph graph, DelineationTarget target, int[] gridOfBlock, int grids)
    {
        (this.graph, this.target) = (graph, target);
        (mark, queue) = (new int[graph.Count], new int[graph.Count]);
        GridOf = (int[])gridOfBlock.Clone();
        Grids = grids;
        (Size, Area, Perimeter, Blocks) = (new double[grids], new double[grids], new double[grids], new int[grids]);
        mean = Math.Max(1e-9, graph.Sizes.Sum() / grids);
        usualHouseholds = Math.Max(1, graph.Blocks.Sum(block => block.Households) / GridDelineation.Fitting(graph.Sizes.Sum(), target));
        for (var b = 0; b < graph.Count; b++)
        {
            var g = GridOf[b];
            Size[g] += graph.Sizes[b];
            Area[g] += graph.Blocks[b].SquareMetres;
            Perimeter[g] += graph.Blocks[b].PerimeterMetres;
            Blocks[g]++;
            for (var i = graph.Starts[b]; i < graph.Starts[b + 1]; i++)
            {
                if (GridOf[graph.Others[i]] == g) Perimeter[g] -= graph.Metres[i];
            }
        }

        Own = Owners();
    }

    public int[] GridOf { get; }

    public int Grids { get; }

    public double[] Size { get; }

    public double[] Area { get; }

    public double[] Perimeter { get; }

    public int[] Blocks { get; }

    /// <summary>The grid of today that each grid continues; −1 for none.</summary>
    public int[] Own { get; private set; }

    /// <summary>How far a size lies outside the band, in parts of the mean.</summary>
    public double Violation(double size) => Math.Max(0, Math.Max(target.Least - size, size - target.Most)) / mean;

    /// <summary>What a grid alone adds to the total.</summary>
    public double CostOf(double size, double area, double perimeter)
    {
        var off = (size - mean) / mean;
        var violation = Violation(size);
        return OutOfBand * (violation > 0 ? 0.2 + violation : 0) + Evenness * off * off + Roughness * (1 - (perimeter > 0 ? 4 * Math.PI * area / (perimeter * perimeter) : 0));
    }

    public double Total()
    {
        double total = 0;
        for (var g = 0; g < Grids; g++) total += CostOf(Size[g], Area[g], Perimeter[g]);
        for (var b = 0; b < graph.Count; b++)
        {
            total += KeptCost(b, GridOf[b]);
            for (var i = graph.Starts[b]; i < graph.Starts[b + 1]; i++)
            {
                if (graph.Others[i] > b && GridOf[graph.Others[i]] != GridOf[b]) total += Border * graph.Costs[i] / graph.MeanMetres;
            }
        }

        return total;
    }

    private double KeptCost(int block, int grid)
        => target.Keep > 0 && graph.Blocks[block].Current >= 0 && Own[grid] != graph.Blocks[block].Current ? Kept * target.Keep * graph.Blocks[block].Households / usualHouseholds * 3 : 0;

    /// <summary>By how much the total changes when a block moves; NaN when the move is not allowed.</summary>
    public double Delta(int block, int to)
    {
        var from = GridOf[block];
        double size = graph.Sizes[block], fromSize = Size[from] - size, toSize = Size[to] + size;
        if (Blocks[from] == 1 || Violation(fromSize) + Violation(toSize) > Violation(Size[from]) + Violation(Size[to])) return double.NaN;
        double metresFrom = 0, metresTo = 0, border = 0;
        for (var i = graph.Starts[block]; i < graph.Starts[block + 1]; i++)
        {
            var g = GridOf[graph.Others[i]];
            if (g == from)
            {
                metresFrom += graph.Metres[i];
                border += graph.Costs[i];
            }
            else if (g == to)
            {
                metresTo += graph.Metres[i];
                border -= graph.Costs[i];
            }
        }

        if (!StaysWhole(block, from)) return double.NaN;
        var (area, perimeter) = (graph.Blocks[block].SquareMetres, graph.Blocks[block].PerimeterMetres);
        return CostOf(fromSize, Area[from] - area, Perimeter[from] - perimeter + 2 * metresFrom) - CostOf(Size[from], Area[from], Perimeter[from])
            + CostOf(toSize, Area[to] + area, Perimeter[to] + perimeter - 2 * metresTo) - CostOf(Size[to], Area[to], Perimeter[to])
            + Border * border / graph.MeanMetres + KeptCost(block, to) - KeptCost(block, from);
    }

    public void Move(int block, int to)
    {
        var from = GridOf[block];
        double metresFrom = 0, metresTo = 0;
        for (var i = graph.Starts[block]; i < graph.Starts[block + 1]; i++)
        {
            var g = GridOf[graph.Others[i]];
            if (g == from) metresFrom += graph.Metres[i];
            else if (g == to) metresTo += graph.Metres[i];
        }

        Shift(from, -1, 2 * metresFrom);
        Shift(to, 1, -2 * metresTo);
        GridOf[block] = to;

        void Shift(int g, int sign, double shared)
        {
            Size[g] += sign * graph.Sizes[block];
            Area[g] += sign * graph.Blocks[block].SquareMetres;
            Perimeter[g] += sign * graph.Blocks[block].PerimeterMetres + shared;
            Blocks[g] += sign;
        }
    }

    /// <summary>Whether a grid without one of its blocks still hangs together: only that block's neighbours need to find each other.</summary>
    private bool StaysWhole(int block, int grid)
    {
        stamp++;
        var wanted = 0;
        var first = -1;
        for (var i = graph.Starts[block]; i < graph.Starts[block + 1]; i++)
        {
            if (!graph.Joins[i] || GridOf[graph.Others[i]] != grid) continue;
            wanted++;
            first = graph.Others[i];
        }

        if (wanted <= 1) return true;
        mark[block] = stamp;
        mark[first] = stamp;
        queue[0] = first;
        var (head, tail, found) = (0, 1, 1);
        while (head < tail && found < wanted)
        {
            var at = queue[head++];
            for (var i = graph.Starts[at]; i < graph.Starts[at + 1]; i++)
            {
                var other = graph.Others[i];
                if (!graph.Joins[i] || mark[other] == stamp || GridOf[other] != grid) continue;
                mark[other] = stamp;
                queue[tail++] = other;
                for (var j = graph.Starts[other]; j < graph.Starts[other + 1]; j++)
                {
                    if (graph.Others[j] != block || !graph.Joins[j]) continue;
                    found++;
                    break;
                }
            }
        }

        return found >= wanted;
    }

    /// <summary>Gives each grid the name of today's grid with which it has most households in common, each name once.</summary>
    private int[] Owners()
    {
        var own = new int[Grids];
        Array.Fill(own, -1);
        var common = new SortedDictionary<(int Grid, int Current), double>();
        for (var b = 0; b < graph.Count; b++)
        {
            var current = graph.Blocks[b].Current;
            if (current >= 0) common[(GridOf[b], current)] = common.GetValueOrDefault((GridOf[b], current)) + graph.Blocks[b].Households + 1e-6 * graph.Blocks[b].SquareMetres;
        }

        var taken = new HashSet<int>();
        foreach (var ((grid, current), _) in common.OrderByDescending(pair => pair.Value))
        {
            if (own[grid] < 0 && taken.Add(current)) own[grid] = current;
        }

        return own;
    }

    public void NameAnew() => Own = Owners();
}
