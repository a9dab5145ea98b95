using GridMap.Geo.Siting;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Siting;

/// <summary>The problem that is solved: who can be served from where.</summary>
public sealed class SitingModel
{
    // Of pairs of a candidate and a building: 16 bytes each, twice.
    private const int MostPairs = 12_000_000;

    /// <summary>How much of the way to an answer it usually is to make the model.</summary>
    public const double ShareOfWork = 0.3;

    private SitingModel(SitingProblem problem, long demand, long outOfReach, long offNetwork) =>
        (Problem, Demand, OutOfReach, OffNetwork) = (problem, demand, outOfReach, offNetwork);

    public SitingProblem Problem { get; }

    public long Demand { get; }

    public long OutOfReach { get; }

    public long OffNetwork { get; }

    /// <param name="isMedian">With distances; else within the limit or not.</param>
    /// <param name="weights">Of each building; 0 for those outside the area asked for.</param>
    /// <param name="share">Of the candidates, those that were looked at before there were too many pairs; 1 for all.</param>
    /// <returns>Null when the problem is too large.</returns>
    /// <exception cref="Refused">Nobody is there.</exception>
    public static SitingModel? Build(WalkingCity city, IReadOnlyList<Candidate> candidates, long[] weights, int limit, bool isMedian, int backup, IProgress<double>? progress, out double share, CancellationToken cancellation)
    {
        var (demand, off) = (0L, 0L);
        for (var i = 0; i < weights.Length; i++)
        {
            if (city.Buildings.At[i].IsOnNetwork) demand += weights[i];
            else off += weights[i];
        }
        if (demand == 0) throw Refused.Field("areaId", "siting.no-demand", "an area where somebody of the weight asked for lives near a road");
        if (Reached(city, candidates, weights, limit, progress, out share, cancellation) is not { } reached) return null;
        cancellation.ThrowIfCancellationRequested();
        return isMedian ? Median(reached, weights, limit, backup, demand, off) : Covering(reached, weights, backup, demand, off);
    }

    public static Refused TooLarge() =>
        Refused.Field("areaId", "siting.too-large", $"a smaller area, fewer candidates or a shorter walk: at most {MostPairs} pairs of a candidate and a building");

    /// <summary>What each building counts for; 0 for those outside the area asked for.</summary>
    public static long[] WeightsOf(WalkingCity city, SitingQuestion asked, long[]? areas)
    {
        var (people, within) = (city.Buildings.People, areas?.ToHashSet());
        return [.. Enumerable.Range(0, people.Count).Select(i => within is not null && !within.Contains(city.Buildings.Areas[i]) ? 0L
            : asked.Ages is { } ages ? ((long)ages.Elderly * people.Elderly[i]) + ((long)ages.Children * people.Children[i]) + ((long)ages.Others * (people.Residents[i] - people.Elderly[i] - people.Children[i]))
            : asked.Weight switch
            {
                "elderly" => people.Elderly[i],
                "children" => people.Children[i],
                "households" => people.Households[i],
                "buildings" => city.Buildings.AreHomes[i] ? 1 : 0,
                _ => people.Residents[i],
            })];
    }

    // Each candidate is a search of its own: two cores share them, some at a time.
    private static List<(int Building, int Millimetres)>[]? Reached(WalkingCity city, IReadOnlyList<Candidate> candidates, long[] weights, int limit, IProgress<double>? progress, out double share, CancellationToken cancellation)
    {
        const int part = 64;
        var (reached, pairs, done) = (new List<(int Building, int Millimetres)>[candidates.Count], 0L, 0);
        Parallel.For(0, (reached.Length + part - 1) / part, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation }, (at, state) => city.WithPlaces(within =>
        {
            for (var site = at * part; site < Math.Min(reached.Length, (at + 1) * part) && !state.ShouldExitCurrentIteration; site++)
            {
                reached[site] = within.Find(candidates[site].At, limit);
                reached[site].RemoveAll(pair => weights[pair.Building] == 0);
                if (Interlocked.Add(ref pairs, reached[site].Count) > MostPairs) state.Stop();
                var ready = Interlocked.Increment(ref done);
                progress?.Report(ShareOfWork * ready / reached.Length);
            }
            return at;
        }));
        share = pairs <= MostPairs ? 1 : Math.Min(0.99, (double)MostPairs / pairs * done / reached.Length);
        return pairs <= MostPairs ? reached : null;
    }

    // Buildings that the same candidates reach are one demand: told apart candidate by candidate.
    private static SitingModel Covering(List<(int Building, int Millimetres)>[] reached, long[] weights, int backup, long demand, long off)
    {
        var (group, count) = (new int[weights.Length], 1);
        var split = new Dictionary<int, int>();
        foreach (var set in reached)
        {
            split.Clear();
            foreach (var (building, _) in set)
            {
                if (!split.TryGetValue(group[building], out var own)) split[group[building]] = own = count++;
                group[building] = own;
            }
        }
        // Numbers of groups that were split away wholly are not in use any more.
        var (number, sums) = (new Dictionary<int, int>(), new List<long>());
        for (var building = 0; building < weights.Length; building++)
        {
            if (group[building] == 0) continue;
            if (!number.TryGetValue(group[building], out var at))
            {
                number[group[building]] = at = sums.Count;
                sums.Add(0);
            }
            sums[at] += weights[building];
        }
        var covered = reached.Select(set => (IReadOnlyList<int>)[.. set.Select(pair => number[group[pair.Building]]).Distinct().Order()]).ToArray();
        return new SitingModel(SitingProblem.Covering([.. sums], covered, backup), demand, demand - sums.Sum(), off);
    }

    private static SitingModel Median(List<(int Building, int Millimetres)>[] reached, long[] weights, int limit, int backup, long demand, long off)
    {
        var (number, sums) = (new Dictionary<int, int>(), new List<long>());
        foreach (var (building, _) in reached.SelectMany(set => set))
        {
            if (!number.TryAdd(building, sums.Count)) continue;
            sums.Add(weights[building]);
        }
        var served = reached.Select(set => (IReadOnlyList<(int, int)>)[.. set.Select(pair => (number[pair.Building], pair.Millimetres))]).ToArray();
        return new SitingModel(SitingProblem.Median([.. sums], served, limit + 1, backup), demand, demand - sums.Sum(), off);
    }
}
