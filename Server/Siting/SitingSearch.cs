using GridMap.Geo.Siting;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Siting;

/// <param name="Candidates">Those of today first.</param>
/// <param name="Millimetres">How far was looked.</param>
internal sealed record SitingFound(SitingModel Model, SitingSolution Solution, IReadOnlyList<Candidate> Candidates, int Millimetres);

/// <summary>Finds out who reaches what, and chooses.</summary>
/// <param name="weights">Of each building.</param>
internal sealed class SitingSearch(WalkingCity city, SitingQuestion asked, List<Candidate> existing, long[] weights, IProgress<double>? progress)
{
    // A first look at a part of the reach in which everybody is surely served: often it will do, and has a third of the pairs.
    private const double FirstLook = 0.6;

    /// <summary>Of the candidates whose reach was looked at last, how many were before there were too many pairs, 0 to 1.</summary>
    public double Fitting { get; private set; } = 1;

    /// <param name="found">Where new sites may be.</param>
    /// <param name="limit">Millimetres; null for as far as the longest walk needs.</param>
    /// <returns>Null when there are too many pairs of a candidate and a building.</returns>
    /// <exception cref="Refused">There is nobody to serve, or too few sites to serve all (center).</exception>
    public SitingFound? Run(List<Candidate> found, int? limit, CancellationToken cancellation)
    {
        List<Candidate> all = [.. existing, .. found];
        SitingTime? time = null;
        if (asked.ObjectiveOrUsual != "center") return Look(all, limit!.Value, null, ref time, cancellation);
        var reach = SitingReach.Of(city, all, existing.Count + asked.Sites!.Value, weights, cancellation);
        if (limit < reach.Millimetres)
        {
            if (Look(all, limit.Value, null, ref time, cancellation) is { } within) return within;
            return Fitting < 1 ? null : throw Refused.Field("sites", "siting.too-few", "more sites or a longer walk: with so many nobody could be found who serves all that can be served");
        }
        if (reach.IsCutOff) throw Refused.Field("sites", "siting.too-few", "more sites: parts of the roads that do not meet need one each");
        // A metre more, so that a walk that ends there is not lost by rounding. Nobody needs a longer one, also where it was asked for.
        var (first, last) = ((int)Math.Max(reach.Least, reach.Millimetres * FirstLook) + 1000, reach.Millimetres + 1000);
        var near = first < last ? Look(all, first, null, ref time, cancellation) : null;
        if (near is null && Fitting == 1) near = Look(all, last, reach.Start, ref time, cancellation);
        return near is null || limit is null ? near : near with { Millimetres = limit.Value };
    }

    private SitingFound? Look(List<Candidate> all, int limit, IReadOnlyList<int>? start, ref SitingTime? time, CancellationToken cancellation)
    {
        var model = SitingModel.Build(city, all, weights, limit, asked.ObjectiveOrUsual is "median" or "center", asked.Backup ?? 1, time is null ? progress : null, out var share, cancellation);
        Fitting = share;
        if (model is null) return null;
        if (model.OutOfReach >= model.Demand) throw Refused.Field(asked.Places is not null ? "places" : "candidates", "siting.no-demand", "candidates that somebody who counts reaches within the walk");
        time ??= new SitingTime(TimeSpan.FromSeconds(asked.Seconds ?? 10));
        var effort = new SitingEffort(asked.Seed ?? 1, asked.Rounds ?? 60, 300, time);
        return SitingSolution.Solve(model, asked, all, existing.Count, start, effort, time, progress, cancellation) is { } solved ? new(model, solved, all, limit) : null;
    }
}
