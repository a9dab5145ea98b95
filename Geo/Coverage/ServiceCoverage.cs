using System.Runtime.InteropServices;
using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>Which facility is nearest to every place on foot, how far, and how many are within the limit; kept right while facilities come and go.</summary>
/// <remarks>
/// The nearest facility is sought without a limit (one search from all of them), the number within the limit by one bounded search each, side by side on
/// two threads. Adding, removing or moving a facility looks again only at what it changes, and ends exactly where a new reckoning would; a trial
/// (<see cref="Mark"/>) says which places it changed and is taken back without searching. Ties go to the facility with the lower number. Distances are
/// millimetres of walking with both access legs. A place that no edge is near to has no distance (<see cref="RoadNetwork.NoWay"/>), no facility and is in
/// none of the counts. Not thread-safe; memory 13 bytes a place and two search trees.
/// </remarks>
public sealed class ServiceCoverage
{
    private readonly DemandPoints demand;
    private readonly RoadNetwork network;
    private readonly ShortestPathTree nearest;
    private readonly PlacesWithin around;
    private readonly List<EdgePoint?> facilities = [];
    private readonly int[] millimetres;
    private readonly int[] facility;
    private readonly int[] within;
    private readonly bool[] isAltered;
    private readonly List<PlaceBefore> altered = [];
    private readonly List<EdgePoint?> facilitiesBefore = [];
    private readonly List<int> visitedEdges = [];
    private readonly bool[] isVisited;
    private bool isMarked;

    /// <param name="demand">Who walks.</param>
    /// <param name="limitMillimetres">What counts as covered: 0 to <see cref="RoadNetwork.Farthest"/>.</param>
    /// <param name="facilities">Numbered from 0; those off the network reach nobody.</param>
    /// <param name="cancellation">Looked at between facilities.</param>
    public ServiceCoverage(DemandPoints demand, int limitMillimetres, ReadOnlySpan<EdgePoint> facilities, CancellationToken cancellation = default)
    {
        LimitMillimetres = Guard.InRange(limitMillimetres, 0, RoadNetwork.Farthest);
        (this.demand, network) = (demand, demand.Network);
        (nearest, around) = (new(network), new(demand));
        (millimetres, facility, within) = (new int[demand.Count], new int[demand.Count], new int[demand.Count]);
        (isVisited, isAltered) = (new bool[network.Edges], new bool[demand.Count]);
        var sources = new WalkSource[facilities.Length];
        for (var i = 0; i < facilities.Length; i++)
        {
            this.facilities.Add(facilities[i]);
            sources[i] = new(facilities[i], i);
        }

        var (next, more) = (-1, new int[demand.Count]);
        Parallel.Invoke(
            () =>
            {
                nearest.Search(sources, RoadNetwork.Farthest, demand.Heading);
                Array.Fill(millimetres, RoadNetwork.NoWay);
                Array.Fill(facility, -1);
                for (var edge = 0; edge < network.Edges; edge++) Measure(edge);
                CountRest(new(() => new(demand)), more);
            },
            () => CountRest(new(() => around), within));
        for (var place = 0; place < more.Length; place++) within[place] += more[place];
        cancellation.ThrowIfCancellationRequested();

        // Whoever has nothing else to do takes the next facility, so both threads end together.
        void CountRest(Lazy<PlacesWithin> places, int[] counts)
        {
            // What is made is let go with the exception, so the other thread may run on to its end.
            while (!cancellation.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < sources.Length)
            {
                if (!sources[i].At.IsOnNetwork) continue;
                var counter = new Counter(counts);
                places.Value.Each([new(sources[i].At, 0)], LimitMillimetres, ref counter);
            }
        }
    }

    public int LimitMillimetres { get; }

    public DemandPoints Demand => demand;

    /// <summary>Numbers given so far; a removed facility keeps its number.</summary>
    public int Facilities => facilities.Count;

    /// <summary>Millimetres from each place to its nearest facility; <see cref="RoadNetwork.NoWay"/> when none can be reached.</summary>
    public ReadOnlySpan<int> Millimetres => millimetres;

    /// <summary>The number of each place's nearest facility; −1 when none can be reached.</summary>
    public ReadOnlySpan<int> Nearest => facility;

    /// <summary>How many facilities are within the limit of each place.</summary>
    public ReadOnlySpan<int> Within => within;

    public bool IsCovered(int place) => millimetres[place] <= LimitMillimetres;

    /// <summary>The places that differ since <see cref="Mark"/> (or did in between), each once, with what held then; empty without a mark.</summary>
    public ReadOnlySpan<PlaceBefore> Altered => CollectionsMarshal.AsSpan(altered);

    /// <summary>What held for a place.</summary>
    public readonly record struct PlaceBefore(int Place, int Millimetres, int Nearest, int Within);

    /// <summary>Begins a trial: <see cref="GoBack"/> brings back what holds now.</summary>
    public void Mark()
    {
        ForgetAltered();
        isMarked = true;
        nearest.Mark();
        facilitiesBefore.Clear();
        facilitiesBefore.AddRange(facilities);
    }

    /// <summary>Takes back all since <see cref="Mark"/>, numbers given since then included.</summary>
    /// <exception cref="InvalidOperationException">Nothing is marked.</exception>
    public void GoBack()
    {
        nearest.GoBack();
        isMarked = false;
        foreach (var was in altered) (millimetres[was.Place], facility[was.Place], within[was.Place]) = (was.Millimetres, was.Nearest, was.Within);
        ForgetAltered();
        facilities.Clear();
        facilities.AddRange(facilitiesBefore);
    }

    private void ForgetAltered()
    {
        foreach (var was in altered) isAltered[was.Place] = false;
        altered.Clear();
    }

    private void Note(int place)
    {
        if (!isMarked || isAltered[place]) return;
        isAltered[place] = true;
        altered.Add(new(place, millimetres[place], facility[place], within[place]));
    }

    /// <summary>Where a facility stands; null when it has been removed.</summary>
    public EdgePoint? Facility(int number) => facilities[number];

    /// <summary>One more facility.</summary>
    /// <returns>Its number.</returns>
    public int Add(EdgePoint at)
    {
        facilities.Add(at);
        Put(facilities.Count - 1, at);
        return facilities.Count - 1;
    }

    /// <summary>Closes a facility.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that number.</exception>
    public void Remove(int number)
    {
        var at = Standing(number);
        facilities[number] = null;
        nearest.Remove(number);
        MeasureChanged(at);
        Count(at, -1);
    }

    /// <summary>Opens a facility again that was closed, with its old number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It stands, or there never was one of that number.</exception>
    public void Reopen(int number, EdgePoint at)
    {
        if (number < 0 || number >= facilities.Count || facilities[number] is not null) throw new ArgumentOutOfRangeException(nameof(number), number, "there is no closed facility of this number");
        facilities[number] = at;
        Put(number, at);
    }

    /// <summary>Moves a facility.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that number.</exception>
    public void Move(int number, EdgePoint to)
    {
        Remove(number);
        facilities[number] = to;
        Put(number, to);
    }

    private void Put(int number, EdgePoint at)
    {
        nearest.Insert(new(at, number));
        MeasureChanged(at);
        Count(at, 1);
    }

    private EdgePoint Standing(int number) => number >= 0 && number < facilities.Count && facilities[number] is { } at
        ? at
        : throw new ArgumentOutOfRangeException(nameof(number), number, "there is no such facility");

    private void MeasureChanged(EdgePoint at)
    {
        if (at.IsOnNetwork) Visit(at.Edge);
        foreach (var node in nearest.Changed) VisitAround(node);
        foreach (var edge in visitedEdges) Measure(edge);
        Forget();
    }

    private void Count(EdgePoint at, int more)
    {
        if (!at.IsOnNetwork) return;
        var noting = new Noting(this, more);
        around.Each([new(at, 0)], LimitMillimetres, ref noting);
    }

    private readonly struct Counter(int[] counts) : IPlaceTaker
    {
        public void Take(int place, int millimetres, int label) => counts[place]++;
    }

    private readonly struct Noting(ServiceCoverage coverage, int more) : IPlaceTaker
    {
        public void Take(int place, int millimetres, int label)
        {
            coverage.Note(place);
            coverage.within[place] += more;
        }
    }

    private void Measure(int edge)
    {
        if (demand.First(edge) == demand.First(edge + 1)) return;
        ref readonly var ends = ref network.Edge(edge);
        ref readonly var from = ref nearest.States[ends.From];
        ref readonly var to = ref nearest.States[ends.To];
        var hasSource = nearest.HasSource(edge);
        for (var position = demand.First(edge); position < demand.First(edge + 1); position++)
        {
            var place = demand.PlaceAt(position);
            var (far, number) = hasSource ? nearest.To(demand.Place(place)) : demand.Through(from, to, position);
            if (far == millimetres[place] && number == facility[place]) continue;
            Note(place);
            (millimetres[place], facility[place]) = (far, number);
        }
    }

    private void VisitAround(int node)
    {
        for (var arc = network.FirstArc(node); arc < network.FirstArc(node + 1); arc++) Visit(network.ArcEdge(arc));
    }

    private void Visit(int edge)
    {
        if (isVisited[edge]) return;
        isVisited[edge] = true;
        visitedEdges.Add(edge);
    }

    private void Forget()
    {
        foreach (var edge in visitedEdges) isVisited[edge] = false;
        visitedEdges.Clear();
    }
}
