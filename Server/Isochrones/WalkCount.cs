using System.Runtime.InteropServices;
using GridMap.Geo.Coverage;
using GridMap.Server.Walking;

namespace GridMap.Server.Isochrones;

/// <summary>Counts buildings by the first of several rings that reaches them; the answers are for each ring with all before it.</summary>
internal sealed class WalkCount(WalkingBuildings buildings, int rings)
{
    private readonly Headcount[] _counts = new Headcount[rings];

    // The first ring that reaches a building of the grid.
    private readonly Dictionary<long, int> _grids = [];
    private (long Grid, int Ring) _last;

    public void Add(int building, int ring)
    {
        _counts[ring].Add(buildings.People, building);
        var grid = buildings.Grids[building];
        // Neighbours mostly stand in one grid.
        if (grid == 0 || (grid == _last.Grid && ring >= _last.Ring)) return;
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_grids, grid, out var isKnown);
        if (!isKnown || ring < first) first = ring;
        _last = (grid, first);
    }

    public WalkPeople[] People()
    {
        var (people, sum) = (new WalkPeople[rings], default(Headcount));
        for (var ring = 0; ring < rings; ring++) people[ring] = WalkPeople.Of(sum += _counts[ring]);
        return people;
    }

    /// <summary>The ids of the grids that are reached, rising.</summary>
    public List<long>[] Grids()
    {
        var lists = new List<long>[rings];
        for (var ring = 0; ring < rings; ring++)
        {
            lists[ring] = [];
            foreach (var (grid, first) in _grids)
            {
                if (first <= ring) lists[ring].Add(grid);
            }
            lists[ring].Sort();
        }
        return lists;
    }
}
