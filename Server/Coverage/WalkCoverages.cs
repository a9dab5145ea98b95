using System.Runtime.CompilerServices;
using GridMap.Geo.Coverage;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>The smallest groups of buildings from which all lists are added: those of one grid in one area (0 for none).</summary>
public sealed class WalkParts
{
    private static readonly ConditionalWeakTable<WalkingBuildings, WalkParts> Known = [];

    private WalkParts(WalkingBuildings buildings)
    {
        var (numbers, keys) = (new Dictionary<(long, long), int>(), new List<(long Grid, long Area)>());
        Of = new int[buildings.Count];
        for (var i = 0; i < Of.Length; i++)
        {
            var key = (buildings.Grids[i], buildings.Areas[i]);
            if (!numbers.TryGetValue(key, out var number))
            {
                numbers[key] = number = keys.Count;
                keys.Add(key);
            }
            Of[i] = number;
        }
        Keys = keys;
    }

    /// <summary>The part of each building.</summary>
    public int[] Of { get; }

    public IReadOnlyList<(long Grid, long Area)> Keys { get; }

    public static WalkParts For(WalkingBuildings buildings) => Known.GetValue(buildings, all => new WalkParts(all));
}

/// <summary>A coverage that is kept for the next question: of one kind of facility and one limit in one city.</summary>
public sealed class KnownCoverage(WalkingCity city, IReadOnlyList<WalkingFacility> facilities, int limit, CancellationToken cancellation)
{
    private bool[]? _inCircle;
    private (int Times, GroupFigures[] Sums)? _figures;
    private WalkQuantiles? _quantiles;

    public WalkingCity City => city;

    public IReadOnlyList<WalkingFacility> Facilities => facilities;

    /// <summary>Facility number i is <c>Facilities[i]</c>. Whoever changes it puts it back.</summary>
    public ServiceCoverage Coverage { get; } = new(city.Demand, limit, [.. facilities.Select(facility => facility.At)], cancellation);

    public WalkParts Parts { get; } = WalkParts.For(city.Buildings);

    /// <summary>By part, as things stand.</summary>
    /// <param name="times">How many facilities in time are often.</param>
    public GroupFigures[] Figures(int times = WalkAsked.UsualTimes)
    {
        if (_figures is { } known && known.Times == times) return known.Sums;
        var sums = CoverageFigures.ByGroup(Coverage, city.Buildings.People, Parts.Of, Parts.Keys.Count, times);
        _figures = (times, sums);
        return sums;
    }

    /// <summary>As things stand.</summary>
    public WalkQuantiles Quantiles => _quantiles ??= new(Coverage, city.Buildings.People);

    /// <summary>Whether each building is within the limit as the crow flies.</summary>
    public bool[] InCircle
    {
        get
        {
            if (_inCircle is { } known) return known;
            var inside = new bool[city.Buildings.Count];
            foreach (var facility in facilities)
            {
                var (x, y) = city.Plane.ToMetres(facility.Lon, facility.Lat);
                foreach (var building in city.Near.Within(facility.Lon, facility.Lat, x, y, limit / 1000.0)) inside[building] = true;
            }
            return _inCircle = inside;
        }
    }
}

/// <summary>Keeps the coverages that were asked for last, so that a planner who drags a point pays for the point alone.</summary>
public sealed class WalkCoverages
{
    private const int Most = 6, MostNumbers = 20_000;

    // A coverage is lent to one at a time. Two of the same are as many as can be worked on; more who ask for it wait for one of them.
    private const int Alike = 2;

    private readonly List<(string Key, WalkingCity City, KnownCoverage Known)> _kept = [];
    private readonly Dictionary<(string Key, WalkingCity City), Turn> _turns = [];
    private readonly Lock _gate = new();

    /// <summary>Lends the coverage to one at a time.</summary>
    /// <param name="effort">Spent when the coverage is not kept.</param>
    /// <exception cref="Refused">It is not kept, and making it takes too long to wait for.</exception>
    public async Task<T> Use<T>(WalkingCity city, FacilityChoice choice, int limit, WalkEffort effort, Func<KnownCoverage, T> use, CancellationToken cancellation)
    {
        var key = ($"{choice.Key}|{limit}", city);
        var turn = Join(key);
        try
        {
            await turn.Free.WaitAsync(cancellation);
            try
            {
                return Lend(key, choice, limit, effort, use, cancellation);
            }
            finally
            {
                turn.Free.Release();
            }
        }
        finally
        {
            Leave(key, turn);
        }
    }

    private T Lend<T>((string Key, WalkingCity City) key, FacilityChoice choice, int limit, WalkEffort effort, Func<KnownCoverage, T> use, CancellationToken cancellation)
    {
        var known = Take(key) ?? Make();
        try
        {
            var answer = use(known);
            Keep(key, known);
            return answer;
        }
        catch (Refused)
        {
            // A question is refused before anything is changed. After any other failure the coverage may be half changed, and is let go.
            Keep(key, known);
            throw;
        }

        KnownCoverage Make()
        {
            var facilities = choice.From(key.City);
            effort.Spend(key.City, [.. facilities.Select(facility => facility.At)], limit);
            return new KnownCoverage(key.City, facilities, limit, cancellation);
        }
    }

    private KnownCoverage? Take((string Key, WalkingCity City) key)
    {
        lock (_gate)
        {
            var at = _kept.FindIndex(entry => entry.Key == key.Key && ReferenceEquals(entry.City, key.City));
            if (at < 0) return null;
            var known = _kept[at].Known;
            _kept.RemoveAt(at);
            return known;
        }
    }

    private void Keep((string Key, WalkingCity City) key, KnownCoverage known)
    {
        lock (_gate)
        {
            // Those of an older city are of no use any more; the city of the cells has the version of its buildings'.
            _kept.RemoveAll(entry => entry.City.Version != key.City.Version);
            if (known.Coverage.Facilities < MostNumbers + known.Facilities.Count) _kept.Add((key.Key, key.City, known));
            if (_kept.Count > Most) _kept.RemoveAt(0);
        }
    }

    private Turn Join((string, WalkingCity) key)
    {
        lock (_gate)
        {
            if (!_turns.TryGetValue(key, out var turn)) _turns[key] = turn = new Turn();
            turn.Askers++;
            return turn;
        }
    }

    private void Leave((string, WalkingCity) key, Turn turn)
    {
        lock (_gate)
        {
            if (--turn.Askers > 0) return;
            _turns.Remove(key);
            turn.Free.Dispose();
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Free { get; } = new(Alike);

        public int Askers { get; set; }
    }
}
