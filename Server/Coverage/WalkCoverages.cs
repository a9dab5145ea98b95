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
    private GroupFigures[]? _figures;

    public WalkingCity City => city;

    public IReadOnlyList<WalkingFacility> Facilities => facilities;

    /// <summary>Facility number i is <c>Facilities[i]</c>. Whoever changes it puts it back.</summary>
    public ServiceCoverage Coverage { get; } = new(city.Demand, limit, [.. facilities.Select(facility => facility.At)], cancellation);

    public WalkParts Parts { get; } = WalkParts.For(city.Buildings);

    /// <summary>By part, as things stand.</summary>
    public GroupFigures[] Figures => _figures ??= Count();

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

    public GroupFigures[] Count() => CoverageFigures.ByGroup(Coverage, city.Buildings.People, Parts.Of, Parts.Keys.Count);
}

/// <summary>Keeps the coverages that were asked for last, so that a planner who drags a point pays for the point alone.</summary>
public sealed class WalkCoverages
{
    private const int Most = 4, MostNumbers = 20_000;

    private readonly List<(string Key, WalkingCity City, KnownCoverage Known)> _kept = [];
    private readonly Lock _gate = new();

    /// <summary>Lends the coverage to one at a time.</summary>
    public T Use<T>(WalkingCity city, FacilityChoice choice, int limit, Func<KnownCoverage, T> use, CancellationToken cancellation)
    {
        var key = $"{choice.Key}|{limit}";
        KnownCoverage? known = null;
        lock (_gate)
        {
            var at = _kept.FindIndex(entry => entry.Key == key && ReferenceEquals(entry.City, city));
            if (at >= 0)
            {
                known = _kept[at].Known;
                _kept.RemoveAt(at);
            }
        }
        // Whoever finds none makes one: two at the same time make two, and one of them is kept.
        known ??= new KnownCoverage(city, choice.From(city), limit, cancellation);
        try
        {
            var answer = use(known);
            Keep();
            return answer;
        }
        catch (Refused)
        {
            // A question is refused before anything is changed. After any other failure the coverage may be half changed, and is let go.
            Keep();
            throw;
        }

        void Keep()
        {
            lock (_gate)
            {
                _kept.RemoveAll(entry => !ReferenceEquals(entry.City, city) || entry.Key == key);
                if (known.Coverage.Facilities < MostNumbers + known.Facilities.Count) _kept.Add((key, city, known));
                if (_kept.Count > Most) _kept.RemoveAt(0);
            }
        }
    }
}
