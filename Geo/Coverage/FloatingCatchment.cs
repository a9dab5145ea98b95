using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>A belt of the walk: up to this far, and how willingly people walk so far.</summary>
/// <param name="Millimetres">The belt's outer edge.</param>
/// <param name="Weight">0 to 1.</param>
public readonly record struct Belt(int Millimetres, double Weight);

/// <summary>Accessibility with capacities: the enhanced two-step floating catchment area (E2SFCA).</summary>
/// <remarks>
/// Step 1: each facility's capacity is shared by everybody within reach, weighted by belt: R = capacity ÷ Σ people × weight. Step 2: a place's
/// accessibility is Σ R × weight over the facilities within reach: capacity per person. Sources: Luo and Wang 2003 (two steps), Luo and Qi 2009 (belts,
/// weights 1, 0.68, 0.22). What a facility offers is given out entirely: Σ people × accessibility = Σ capacities that somebody can reach. Thread-safe.
/// </remarks>
public static class FloatingCatchment
{
    /// <summary>Three equal belts with the weights of Luo and Qi 2009.</summary>
    public static Belt[] Usual(int limitMillimetres) => [new(limitMillimetres / 3, 1), new((int)(limitMillimetres * 2L / 3), 0.68), new(limitMillimetres, 0.22)];

    /// <summary>Capacity per person of every place; 0 where nothing is within reach, NaN off the network.</summary>
    /// <param name="demand">Where people live.</param>
    /// <param name="people">How many in each place; none negative.</param>
    /// <param name="facilities">Where, and what each can take (none negative).</param>
    /// <param name="belts">1 to 16, from the nearest out; weights from 0 to 1.</param>
    /// <param name="cancellation">Looked at between facilities.</param>
    /// <exception cref="ArgumentException">Lists that do not fit, belts out of order.</exception>
    public static double[] Accessibility(
        DemandPoints demand, int[] people, IReadOnlyList<(EdgePoint At, double Capacity)> facilities, Belt[] belts, CancellationToken cancellation = default) =>
        Accessibility(demand, people, [.. facilities.Select(facility => facility.At)], [[.. facilities.Select(facility => facility.Capacity)]], belts, cancellation)[0];

    /// <summary>The same for several cases at once, such as today and a scenario, of which each facility is walked from only once.</summary>
    /// <param name="demand">Where people live.</param>
    /// <param name="people">How many in each place; none negative.</param>
    /// <param name="facilities">Where there is one in any of the cases.</param>
    /// <param name="capacities">For each case, what each of the facilities can take (none negative); 0 where there is none.</param>
    /// <param name="belts">1 to 16, from the nearest out; weights from 0 to 1.</param>
    /// <param name="cancellation">Looked at between facilities.</param>
    /// <returns>For each case, capacity per person of every place. What a case says does not depend on the other cases, to the last bit.</returns>
    /// <exception cref="ArgumentException">Lists that do not fit, belts out of order.</exception>
    /// <remarks>Two threads, each with every other facility, so that sums come about in one order.</remarks>
    public static double[][] Accessibility(
        DemandPoints demand, int[] people, EdgePoint[] facilities, double[][] capacities, Belt[] belts, CancellationToken cancellation = default)
    {
        if (people.Length != demand.Count) throw new ArgumentException($"{people.Length} numbers of people for {demand.Count} places", nameof(people));
        Check(belts);
        foreach (var capacity in capacities)
        {
            if (capacity.Length != facilities.Length) throw new ArgumentException($"{capacity.Length} capacities for {facilities.Length} facilities", nameof(capacities));
            foreach (var each in capacity) Guard.InRange(each, 0, double.MaxValue, nameof(capacities));
        }

        var shares = new Sharing[2];
        Parallel.For(0, shares.Length, half => shares[half] = Sharing.Of(demand, people, facilities, capacities, belts, half, shares.Length, cancellation));
        cancellation.ThrowIfCancellationRequested();
        for (var place = 0; place < demand.Count; place++)
        {
            for (var i = 0; i < capacities.Length; i++)
                shares[0].Access[i][place] = demand.IsOnNetwork(place) ? shares[0].Access[i][place] + shares[1].Access[i][place] : double.NaN;
        }

        return shares[0].Access;
    }

    /// <summary>What some of the facilities give to every place.</summary>
    private sealed class Sharing(int[] people, Belt[] belts, double[][] access)
    {
        private readonly List<(int Place, int Belt)> reached = [];
        private readonly long[] within = new long[belts.Length];

        /// <summary>By case and place.</summary>
        public double[][] Access => access;

        public static Sharing Of(
            DemandPoints demand, int[] people, EdgePoint[] facilities, double[][] capacities, Belt[] belts, int first, int step, CancellationToken cancellation)
        {
            var sharing = new Sharing(people, belts, [.. capacities.Select(_ => new double[demand.Count])]);
            var around = new PlacesWithin(demand);
            // What is made is let go once somebody has cancelled.
            for (var i = first; i < facilities.Length && !cancellation.IsCancellationRequested; i += step)
            {
                if (!facilities[i].IsOnNetwork || capacities.All(capacity => capacity[i] == 0)) continue;
                sharing.Find(around, facilities[i]);
                for (var n = 0; n < capacities.Length; n++) sharing.Give(capacities[n][i], sharing.Access[n]);
            }

            return sharing;
        }

        private void Find(PlacesWithin around, EdgePoint at)
        {
            reached.Clear();
            Array.Clear(within);
            var taker = new Taker(people, belts, within, reached);
            around.Each([new(at, 0)], belts[^1].Millimetres, ref taker);
        }

        private void Give(double capacity, double[] to)
        {
            var sum = 0.0;
            for (var i = 0; i < belts.Length; i++) sum += within[i] * belts[i].Weight;
            if (capacity == 0 || sum <= 0) return;
            Span<double> given = stackalloc double[belts.Length];
            for (var i = 0; i < belts.Length; i++) given[i] = capacity / sum * belts[i].Weight;
            foreach (var (place, belt) in reached) to[place] += given[belt];
        }

        private readonly struct Taker(int[] people, Belt[] belts, long[] within, List<(int, int)> reached) : IPlaceTaker
        {
            public void Take(int place, int millimetres, int label)
            {
                var belt = 0;
                while (millimetres > belts[belt].Millimetres) belt++;
                within[belt] += people[place];
                reached.Add((place, belt));
            }
        }
    }

    private static void Check(ReadOnlySpan<Belt> belts)
    {
        if (belts.Length is < 1 or > 16) throw new ArgumentException($"{belts.Length} belts; 1 to 16 expected", nameof(belts));
        for (var i = 0; i < belts.Length; i++)
        {
            if (belts[i].Millimetres < 0 || (i > 0 && belts[i].Millimetres <= belts[i - 1].Millimetres) || belts[i].Weight is not (>= 0 and <= 1))
                throw new ArgumentException($"belt {i} is {belts[i]}; edges must rise and weights lie in [0, 1]", nameof(belts));
        }
    }
}
