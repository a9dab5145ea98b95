using System.Text;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>A boundary of a grid over one period, as it is looked up.</summary>
/// <param name="Rank">Of several grids of a net at one point the lowest rank has it: by code, then id, in the database's own order.</param>
public sealed record KnownGrid(long Id, int Net, string Code, string Name, string Kind, long AreaId, long FromMicros, long ToMicros, int Rank);

/// <summary>An area with the ids of those above it.</summary>
/// <param name="Rank">The lowest level comes first, then the code.</param>
public sealed record KnownArea(long Id, string Code, string Name, string NameEn, string Level, long? ParentId, int Rank);

public sealed record KnownDuty(string Role, string Person, string Phone, long FromMicros, long ToMicros);

/// <summary>
/// Which grids and areas lie at a place, from memory, by the rule of the database itself: of several grids of a net that touch a point the lowest code has it; the place
/// belongs to the area of its base grid, or else to the lowest area under it. Immutable and thread-safe; a place takes some hundred nanoseconds.
/// </summary>
public sealed class GridLookup
{
    private readonly PointRaster _gridRaster, _areaRaster;
    private readonly KnownGrid[] _grids;
    private readonly KnownArea[] _areas;
    private readonly (int Net, int Rank, long From, long To)[] _rules;
    private readonly Dictionary<long, int> _areaById;
    private readonly Dictionary<(int Net, string Code), KnownDuty[]> _duties;
    private readonly KnownArea[][] _chains;
    private readonly int[] _areaOfGrid;

    internal GridLookup(long version, string[] nets, (KnownGrid Grid, GeometryArena Arena, int Row)[] grids, (KnownArea Area, GeometryArena Arena, int Row)[] areas,
        Dictionary<(int Net, string Code), KnownDuty[]> duties)
    {
        (Version, Nets, BaseNet, _duties) = (version, nets, Array.IndexOf(nets, "base"), duties);
        _grids = [.. grids.Select(grid => grid.Grid)];
        _areas = [.. areas.Select(area => area.Area)];
        _rules = [.. _grids.Select(grid => (grid.Kind == "special" ? -1 : grid.Net, grid.Rank, grid.FromMicros, grid.ToMicros))];
        _gridRaster = new PointRaster([.. grids.Select(grid => (grid.Arena, grid.Row))]);
        _areaRaster = new PointRaster([.. areas.Select(area => (area.Arena, area.Row))]);
        _areaById = _areas.Index().ToDictionary(area => area.Item.Id, area => area.Index);
        _chains = [.. _areas.Select(Chain)];
        _areaOfGrid = [.. _grids.Select(grid => _areaById.GetValueOrDefault(grid.AreaId, -1))];
    }

    /// <summary>Of the tables it was made from.</summary>
    public long Version { get; }

    /// <summary>Codes of the nets in their order; a net goes by its place in here.</summary>
    public string[] Nets { get; }

    /// <summary>-1 when there is no base net.</summary>
    public int BaseNet { get; }

    public long Bytes => _gridRaster.Bytes + _areaRaster.Bytes + (_grids.Length * 200L);

    public KnownGrid Grid(int grid) => _grids[grid];

    public KnownArea Area(int area) => _areas[area];

    public int AreaCount => _areas.Length;

    public int GridCount => _grids.Length;

    /// <summary>The areas from the city down to this one.</summary>
    public IReadOnlyList<KnownArea> ChainOf(int area) => _chains[area];

    /// <summary>The people of a grid, of all times, in the order in which they are told.</summary>
    public IReadOnlyList<KnownDuty> DutiesOf(KnownGrid grid) => _duties.GetValueOrDefault((grid.Net, grid.Code)) ?? [];

    /// <summary>The grid of one net at a place (longitude, latitude, WGS 84) and a moment; -1 for none.</summary>
    public int Find(double lon, double lat, DateTime at, int net) => Find(lon, lat, WholeData.Micros(at), net);

    /// <summary>The grid of each net at a place; -1 for none.</summary>
    public void Find(double lon, double lat, DateTime at, Span<int> gridOfNet)
    {
        var micros = WholeData.Micros(at);
        gridOfNet.Fill(-1);
        foreach (var candidate in _gridRaster.Candidates(lon, lat))
        {
            var rule = _rules[candidate.Item];
            if (rule.Net < 0 || micros < rule.From || micros >= rule.To) continue;
            var known = gridOfNet[rule.Net];
            if ((known < 0 || rule.Rank < _rules[known].Rank) && _gridRaster.Meets(candidate, lon, lat)) gridOfNet[rule.Net] = candidate.Item;
        }
    }

    /// <summary>The area of the base grid there, or else the lowest area under the place; -1 for none.</summary>
    public int AreaAt(double lon, double lat, int baseGrid)
    {
        if (baseGrid >= 0) return _areaOfGrid[baseGrid];
        var found = -1;
        foreach (var candidate in _areaRaster.Candidates(lon, lat))
        {
            var area = candidate.Item;
            if ((found < 0 || _areas[area].Rank < _areas[found].Rank) && _areaRaster.Meets(candidate, lon, lat)) found = area;
        }
        return found;
    }

    private int Find(double lon, double lat, long micros, int net)
    {
        var found = -1;
        foreach (var candidate in _gridRaster.Candidates(lon, lat))
        {
            var rule = _rules[candidate.Item];
            if (rule.Net != net || micros < rule.From || micros >= rule.To) continue;
            if ((found < 0 || rule.Rank < _rules[found].Rank) && _gridRaster.Meets(candidate, lon, lat)) found = candidate.Item;
        }
        return found;
    }

    private KnownArea[] Chain(KnownArea area)
    {
        var chain = new List<KnownArea>();
        for (var at = area; at is not null && chain.Count <= 20; at = at.ParentId is { } id && _areaById.TryGetValue(id, out var parent) ? _areas[parent] : null) chain.Insert(0, at);
        return [.. chain];
    }
}
