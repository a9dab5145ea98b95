namespace GridMap.SampleCity.Regions;

/// <summary>
/// Evens out regions that were joined one by one: an item on a border changes sides when both regions come nearer to the mean by it, both stay
/// in one piece, and no great barrier lies between.
/// </summary>
internal sealed class Balancing
{
    private const int Rounds = 8;
    private const double WorstBarrier = 0.9;
    private const double LeastSharedBorder = 0.22;
    private readonly double[] weights;
    private readonly int[] regionOf;
    private readonly List<Border>[] around;
    private readonly List<int>[] members;
    private readonly double[] sums;
    private readonly double ideal;

    private Balancing(double[] weights, List<Border> borders, int[] regionOf, int regions)
    {
        this.weights = weights;
        this.regionOf = regionOf;
        around = new List<Border>[weights.Length];
        members = new List<int>[regions];
        sums = new double[regions];
        for (var i = 0; i < regions; i++) members[i] = [];
        for (var i = 0; i < weights.Length; i++)
        {
            around[i] = [];
            members[regionOf[i]].Add(i);
            sums[regionOf[i]] += weights[i];
        }
        foreach (var border in borders)
        {
            around[border.A].Add(border);
            around[border.B].Add(border);
        }
        ideal = sums.Sum() / regions;
    }

    public static int[] Even(double[] weights, List<Border> borders, int[] regionOf, int regions)
    {
        var balancing = new Balancing(weights, borders, (int[])regionOf.Clone(), regions);
        for (var round = 0; round < Rounds; round++)
        {
            var moved = 0;
            for (var item = 0; item < weights.Length; item++)
                if (balancing.Move(item)) moved++;
            if (moved == 0) break;
        }
        return balancing.regionOf;
    }

    private bool Move(int item)
    {
        var from = regionOf[item];
        if (members[from].Count < 2) return false;
        var perimeter = 0.0;
        foreach (var border in around[item]) perimeter += border.Metres;
        var best = -1;
        var bestGain = ideal * ideal * 0.002;
        foreach (var border in around[item])
        {
            var to = regionOf[Other(border, item)];
            if (to == from || to == best) continue;
            double metres = 0, barrier = 0;
            foreach (var side in around[item])
            {
                if (regionOf[Other(side, item)] != to) continue;
                metres += side.Metres;
                barrier += side.Barrier;
            }
            if (metres < LeastSharedBorder * perimeter || barrier > WorstBarrier * metres) continue;
            var gain = Off(sums[from]) + Off(sums[to]) - Off(sums[from] - weights[item]) - Off(sums[to] + weights[item]);
            if (gain <= bestGain) continue;
            bestGain = gain;
            best = to;
        }
        if (best < 0 || !StaysWhole(from, item)) return false;
        members[from].Remove(item);
        members[best].Add(item);
        sums[from] -= weights[item];
        sums[best] += weights[item];
        regionOf[item] = best;
        return true;
    }

    private double Off(double sum) => (sum - ideal) * (sum - ideal);

    private static int Other(Border border, int item) => border.A == item ? border.B : border.A;

    private bool StaysWhole(int region, int without)
    {
        var start = members[region][0] == without ? members[region][1] : members[region][0];
        var reached = new HashSet<int> { start };
        var waiting = new Stack<int>([start]);
        while (waiting.TryPop(out var item))
            foreach (var border in around[item])
                if (Other(border, item) is var next && next != without && regionOf[next] == region && reached.Add(next)) waiting.Push(next);
        return reached.Count == members[region].Count - 1;
    }
}
