using GridMap.Geo.Roads;
using GridMap.Server.Http;

namespace GridMap.Server.Walking;

/// <summary>How far one question lets people walk from many places, counted in crossings that the walks pass: bounded while somebody waits for the answer, free in a job.</summary>
/// <remarks>Counted from the walks of a few of the places before any of the work is done, so a question is answered or refused whatever else the machine does.</remarks>
public sealed class WalkEffort
{
    // About two seconds of two processors.
    private const long MostAtOnce = 30_000_000;
    private const int Tried = 8;

    private readonly bool _isBounded;
    private readonly string _field;
    private long _spent;

    private WalkEffort(bool isBounded, string field) => (_isBounded, _field) = (isBounded, field);

    /// <summary>A job is told apart by its progress, which somebody who waits cannot see.</summary>
    /// <param name="http">The request, or the job's.</param>
    /// <param name="field">Where the question says how far.</param>
    public static WalkEffort Of(HttpContext http, string field) => new(http.Features.Get<IProgress<double>>() is null, field);

    /// <summary>Before so many walks are made.</summary>
    /// <param name="times">How often each is made.</param>
    /// <exception cref="Refused">That is more than somebody should wait for.</exception>
    public void Spend(WalkingCity city, IReadOnlyList<EdgePoint> from, int limit, int times = 1)
    {
        if (!_isBounded || from.Count == 0) return;
        // Few walks are not worth a look: what they pass at most is added.
        var most = (long)from.Count * times * city.Network.Nodes;
        if (most <= MostAtOnce / 8)
        {
            _spent += most;
            return;
        }

        var tries = Math.Min(Tried, from.Count);
        var passed = city.WithTree(tree => Enumerable.Range(0, tries).Sum(i =>
        {
            tree.Search([new(from[(int)((long)i * from.Count / tries)], 0)], limit, Heading.Towards);
            return (long)tree.Touched.Length;
        }));
        _spent += passed * from.Count * times / tries;
        if (_spent <= MostAtOnce) return;
        throw Refused.Field(_field, "walk.too-long", FormattableString.Invariant(
            $"walks that pass at most {MostAtOnce / 1_000_000} million crossings (those of {limit / 1000.0:0.#} m around {from.Count} places pass {Math.Ceiling(_spent / 1e6)} million), or the process of this question as a job, with Prefer: respond-async"));
    }
}
