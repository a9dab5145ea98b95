using System.Runtime.InteropServices;

namespace GridMap.SampleCity.Regions;

/// <summary>Two neighbours: how long their common border is, and how much of a barrier it is (metres weighted by the barrier).</summary>
internal readonly record struct Border(int A, int B, double Metres, double Barrier);

/// <summary>
/// Joins neighbouring items into a given number of connected regions of like weight: the lightest region is joined to the neighbour that suits
/// it best, until the number is reached.
/// </summary>
internal static class Merging
{
    private struct Shared
    {
        public double Metres, Barrier;
    }

    /// <returns>For every item the number of its region, 0 to <paramref name="wanted"/> - 1, in order of first appearance.</returns>
    public static int[] Join(double[] weights, IEnumerable<Border> borders, int wanted, int[]? groups = null)
    {
        var count = weights.Length;
        var weight = (double[])weights.Clone();
        var perimeter = new double[count];
        var leader = new int[count];
        var alive = new bool[count];
        var version = new int[count];
        var around = new Dictionary<int, Shared>[count];
        for (var i = 0; i < count; i++)
        {
            leader[i] = i;
            alive[i] = true;
            around[i] = [];
        }
        foreach (var border in borders)
        {
            perimeter[border.A] += border.Metres;
            perimeter[border.B] += border.Metres;
            if (groups is not null && groups[border.A] != groups[border.B]) continue;
            Add(around[border.A], border.B, border.Metres, border.Barrier);
            Add(around[border.B], border.A, border.Metres, border.Barrier);
        }
        var total = 0.0;
        foreach (var item in weights) total += item;
        var ideal = total / wanted;
        var lightest = new PriorityQueue<(int Region, int Version), (double, int)>();
        for (var i = 0; i < count; i++) lightest.Enqueue((i, 0), (weight[i], i));
        for (var left = count; left > wanted && lightest.TryDequeue(out var next, out _);)
        {
            var region = next.Region;
            if (!alive[region] || version[region] != next.Version) continue;
            var partner = Partner(region, around[region], weight, perimeter[region], ideal);
            if (partner < 0) continue;
            left--;
            alive[partner] = false;
            leader[partner] = region;
            weight[region] += weight[partner];
            perimeter[region] += perimeter[partner] - 2 * around[region][partner].Metres;
            around[region].Remove(partner);
            foreach (var (other, shared) in around[partner])
            {
                around[other].Remove(partner);
                if (other == region) continue;
                Add(around[region], other, shared.Metres, shared.Barrier);
                Add(around[other], region, shared.Metres, shared.Barrier);
            }
            around[partner].Clear();
            lightest.Enqueue((region, ++version[region]), (weight[region], region));
        }
        return Number(leader);
    }

    private static int Partner(int region, Dictionary<int, Shared> neighbours, double[] weight, double perimeter, double ideal)
    {
        var best = -1;
        var bestCost = double.MaxValue;
        foreach (var (other, shared) in neighbours)
        {
            var together = (weight[region] + weight[other]) / ideal;
            var cost = together + Math.Max(0, together - 1.25) * 2.5 + 1.6 * shared.Barrier / shared.Metres - 1.5 * shared.Metres / Math.Max(1, perimeter);
            if (cost > bestCost || (cost == bestCost && other > best)) continue;
            best = other;
            bestCost = cost;
        }
        return best;
    }

    private static void Add(Dictionary<int, Shared> around, int other, double metres, double barrier)
    {
        ref var shared = ref CollectionsMarshal.GetValueRefOrAddDefault(around, other, out _);
        shared.Metres += metres;
        shared.Barrier += barrier;
    }

    private static int[] Number(int[] leader)
    {
        var number = new Dictionary<int, int>();
        var region = new int[leader.Length];
        for (var i = 0; i < leader.Length; i++)
        {
            var top = i;
            while (leader[top] != top) top = leader[top];
            if (!number.TryGetValue(top, out var given)) number.Add(top, given = number.Count);
            region[i] = given;
        }
        return region;
    }
}
