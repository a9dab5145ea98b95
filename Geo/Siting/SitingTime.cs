using System.Diagnostics;

namespace GridMap.Geo.Siting;

/// <summary>How long a search may take, shared by all its parts, and whether that has cut anything.</summary>
/// <remarks>
/// A part that is not cut does the same at every run; so an answer depends on nothing but problem, rules, seed and rounds as long as <see cref="HasCut"/> is
/// false. The time is looked at between steps that each look at all pairs of a site and a demand at most once or twice: some tenths of a second of the largest
/// problems, and by so much a search may take longer. Parts run one after the other: not thread-safe, but for <see cref="Passed"/>.
/// </remarks>
public sealed class SitingTime
{
    private readonly Stopwatch clock;
    private readonly TimeSpan longest;
    private readonly TimeSpan end;
    private readonly SitingTime? whole;
    private bool hasCut;

    /// <summary>Begins to run at once.</summary>
    /// <param name="longest">From now on; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    public SitingTime(TimeSpan longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, TimeSpan.Zero);
        (clock, this.longest, end) = (Stopwatch.StartNew(), longest, longest);
    }

    private SitingTime(SitingTime whole, double share)
    {
        (this.whole, clock, longest) = (whole.whole ?? whole, whole.clock, whole.longest);
        var now = clock.Elapsed;
        end = now >= whole.end ? whole.end : now + ((whole.end - now) * share);
    }

    /// <summary>Whether something was left undone because the time was up: another run may give another answer.</summary>
    public bool HasCut => whole?.HasCut ?? hasCut;

    /// <summary>How much of the time has passed, 0 to 1. Thread-safe.</summary>
    public double Passed => longest <= TimeSpan.Zero ? 1 : Math.Min(1, clock.Elapsed / longest);

    /// <summary>A part of what is left, after which its user stops so that others have time too; what it cuts is said of the whole.</summary>
    /// <param name="share">0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another share.</exception>
    public SitingTime Part(double share)
    {
        Guard.InRange(share, 0, 1);
        return new(this, share);
    }

    /// <summary>Whether the time is up. Whoever asks has more to do and now leaves it: it counts as cut.</summary>
    public bool CutsHere()
    {
        if (clock.Elapsed < end) return false;
        (whole ?? this).hasCut = true;
        return true;
    }
}
