using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Plans;

/// <summary>A grid as a plan found it.</summary>
/// <param name="Repaired">Its boundary here is not the one in force: it was repaired for the plan to begin.</param>
public sealed record BaseGrid(int Face, long GridId, string Code, string Name, long AreaId, Geometry Boundary, bool Repaired = false);

/// <summary>A plan opened: its base, its steps and the partition as it stands after those applied. Held in memory by <see cref="PlanDesk"/>; the tables are the truth.</summary>
internal sealed class PlanDraft
{
    private readonly Dictionary<string, int> _faces = [];
    private readonly Dictionary<int, BaseGrid> _base;
    private readonly Dictionary<int, (Polygon Polygon, bool Changed, bool Reshaped)> _seen = [];

    public PlanDraft(long planId, int version, IReadOnlyList<BaseGrid> grids, ArcPartition partition, long[] areas)
    {
        (PlanId, Version, Partition, Areas) = (planId, version, partition, areas);
        _base = grids.ToDictionary(grid => grid.Face);
        foreach (var grid in grids) _faces[grid.Code] = grid.Face;
    }

    public long PlanId { get; }

    public int Version { get; set; }

    public ArcPartition Partition { get; }

    /// <summary>Ids of the areas that grids belong to, by the number the partition knows them by.</summary>
    public long[] Areas { get; }

    public IEnumerable<BaseGrid> Base => _base.Values.OrderBy(grid => grid.Face);

    public int BaseCount => _base.Count;

    /// <summary>Changes of the applied steps and of those that can be redone, first step first; null where borders were left alone.</summary>
    public List<ArcChange?> Changes { get; } = [];

    /// <summary>Names given in the draft, by step and face.</summary>
    public List<(int Step, int Face, string Name)> Names { get; } = [];

    public int Position { get; set; }

    /// <summary>Grids that a step makes different, or takes away.</summary>
    public int[] TouchedBy(int step) => Changes[step - 1] is { } change ? [.. change.Touched] : [.. Names.Where(given => given.Step == step).Select(given => given.Face)];

    public BaseGrid? BaseOf(int face) => _base.GetValueOrDefault(face);

    public string Key(int face) => _base.TryGetValue(face, out var grid) ? grid.Code : $"#{face}";

    /// <summary>The number of a grid by its key; null when the draft has none of that name now.</summary>
    public int? Face(string key)
    {
        var face = _faces.TryGetValue(key, out var known) ? known
            : key.StartsWith('#') && int.TryParse(key.AsSpan(1), System.Globalization.NumberStyles.None, null, out var made) && made >= _base.Count ? made : -1;
        return face >= 0 && Partition.Has(face) ? face : null;
    }

    public string NameOf(int face) =>
        Names.LastOrDefault(given => given.Step <= Position && given.Face == face).Name ?? BaseOf(face)?.Name ?? "";

    public long AreaOf(int face) => Areas[Partition.ParentOf(face)];

    /// <summary>Whether a grid's boundary is another than in the base.</summary>
    public bool IsChanged(int face) => Seen(face).Changed;

    /// <summary>Whether a grid is another one for people: a vertex more on a straight border, where a neighbour was cut, is none.</summary>
    public bool IsReshaped(int face) => Seen(face).Reshaped;

    // A polygon is made anew when its grid changes, so what was found of one holds as long as it is there.
    private (Polygon Polygon, bool Changed, bool Reshaped) Seen(int face)
    {
        var polygon = Partition.PolygonOf(face);
        if (_seen.TryGetValue(face, out var seen) && ReferenceEquals(seen.Polygon, polygon)) return seen;
        var changed = BaseOf(face) is not { } grid || grid.Repaired || !Same(grid.Boundary, polygon);
        return _seen[face] = (polygon, changed, changed && Reshaped(face, polygon));
    }

    private bool Reshaped(int face, Polygon now)
    {
        if (BaseOf(face) is not { } grid || grid.Repaired) return true;
        var before = Single(grid.Boundary);
        var corners = now.Coordinates.ToHashSet();
        if (!before.Coordinates.All(corners.Contains)) return true;
        var plane = Partition.Plane;
        return Math.Abs(GridShape.Of(before, plane).SquareMetres - GridShape.Of(now, plane).SquareMetres) > PlanComparisons.CrumbSquareMetres;
    }

    /// <summary>Grids of the base that are different now, or gone.</summary>
    public IReadOnlyList<BaseGrid> Claims() =>
        [.. Touched().Select(BaseOf).OfType<BaseGrid>().Where(grid => !Partition.Has(grid.Face) || IsChanged(grid.Face)).OrderBy(grid => grid.Face)];

    /// <summary>Grids of the draft that are new or different.</summary>
    public IReadOnlyList<int> Changed() =>
        [.. Touched().Where(face => Partition.Has(face) && IsChanged(face)).Order()];

    private IEnumerable<int> Touched() =>
        Changes.Take(Position).SelectMany(change => change?.Touched ?? []).Concat(_base.Values.Where(grid => grid.Repaired).Select(grid => grid.Face)).Distinct();

    public static Polygon Single(Geometry geometry) => geometry is MultiPolygon { NumGeometries: 1 } one ? (Polygon)one.GetGeometryN(0) : (Polygon)geometry;

    private static bool Same(Geometry a, Polygon b) => a.NumPoints == b.NumPoints && Single(a).Normalized().EqualsExact(b.Normalized());
}
