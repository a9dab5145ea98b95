using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Server.Walking;

namespace GridMap.Server.Siting;

/// <summary>How far must be looked where the longest walk is sought and none is given.</summary>
/// <param name="Millimetres">A choice is known in which nobody walks farther.</param>
/// <param name="Least">Some walk at least so far to the nearest place where a site may be.</param>
/// <param name="Start">That choice.</param>
internal sealed record SitingReach(int Millimetres, int Least, IReadOnlyList<int> Start)
{
    /// <summary>Whether no road leads to some of them from so few sites.</summary>
    public bool IsCutOff => Millimetres == RoadNetwork.NoWay;

    /// <summary>Again and again the candidate nearest to whoever walks farthest (Gonzalez 1985): everybody is then within about twice the shortest longest walk.</summary>
    /// <param name="most">Sites in all, locked ones among them.</param>
    /// <param name="weights">Of each building; those of 0 are not looked at.</param>
    public static SitingReach Of(WalkingCity city, IReadOnlyList<Candidate> candidates, int most, long[] weights, CancellationToken cancellation)
    {
        var nearest = new ServiceCoverage(city.Demand, 1, [.. candidates.Select(candidate => candidate.At)], cancellation);
        int[] served = [.. Enumerable.Range(0, weights.Length).Where(building => weights[building] > 0 && nearest.Millimetres[building] < RoadNetwork.NoWay)];
        if (served.Length == 0) return new(1, 0, []);
        var chosen = Enumerable.Range(0, candidates.Count).Where(site => candidates[site].IsLocked).ToList();
        var isChosen = chosen.ToHashSet();
        var coverage = new ServiceCoverage(city.Demand, 1, [.. chosen.Select(site => candidates[site].At)], cancellation);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (farthest, millimetres) = (served[0], -1);
            foreach (var building in served)
            {
                if (coverage.Millimetres[building] > millimetres) (farthest, millimetres) = (building, coverage.Millimetres[building]);
            }
            var next = nearest.Nearest[farthest];
            if (millimetres == RoadNetwork.NoWay && city.Network.IsOneWay && chosen.Count < most) next = Onwards(city, candidates, next, cancellation);
            // No other candidate is nearer to them than one that is chosen.
            if (chosen.Count == most || !isChosen.Add(next))
            {
                return new(millimetres, served.Max(building => nearest.Millimetres[building]), chosen);
            }
            chosen.Add(next);
            coverage.Add(candidates[next].At);
        }
    }

    // A candidate that leads to others but to which none of these leads back serves fewer than they do: whoever walks to it can walk on. The last of them is taken.
    private static int Onwards(WalkingCity city, IReadOnlyList<Candidate> candidates, int site, CancellationToken cancellation) => city.WithTree(tree =>
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            tree.Search([new(candidates[site].At, 0)], RoadNetwork.Farthest, Heading.Towards);
            var leadsHere = candidates.Select(candidate => tree.To(candidate.At).Label >= 0).ToArray();
            tree.Search([new(candidates[site].At, 0)], RoadNetwork.Farthest, Heading.From);
            var on = Enumerable.Range(0, candidates.Count).FirstOrDefault(other => !leadsHere[other] && tree.To(candidates[other].At).Label >= 0, -1);
            if (on < 0) return site;
            site = on;
        }
    });
}
