using System.Collections.Concurrent;
using GridMap.Geo.Coverage;
using GridMap.Geo.Packed;
using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Server.Http;

namespace GridMap.Server.Walking;

/// <summary>Buildings on foot (or population cells in their place), column by column, in the order of the edges they lie at; grids and areas are 0 where one lies in none.</summary>
public sealed record WalkingBuildings(
    long[] Ids, double[] Lons, double[] Lats, double[] Xs, double[] Ys, EdgePoint[] At, People People, bool[] AreHomes, long[] Grids, long[] Areas)
{
    private const double Steps = 1e7;

    public int Count => Ids.Length;

    /// <summary>A tree over the representative points, in steps of 1e-7 degree rounded outwards; a point without a place is in none of its boxes.</summary>
    internal PackedTree Tree()
    {
        var boxes = new PackedBox[Count];
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] = double.IsFinite(Lons[i]) && double.IsFinite(Lats[i])
                ? new((int)Math.Floor(Lons[i] * Steps), (int)Math.Floor(Lats[i] * Steps), (int)Math.Ceiling(Lons[i] * Steps), (int)Math.Ceiling(Lats[i] * Steps))
                : PackedBox.Nothing;
        }
        return new PackedTree(boxes);
    }
}

/// <summary>A facility on foot.</summary>
/// <param name="Hours">Null where none are known, or they cannot be read to the end.</param>
/// <param name="ServiceItems">Codes of what is done there.</param>
/// <param name="Lon">Degrees.</param>
/// <param name="Lat">Degrees.</param>
public sealed record WalkingFacility(
    long Id, string Name, string NameEn, string Type, string Tier, OpeningHours? Hours, string[] ServiceItems, int? Capacity, double Lon, double Lat, EdgePoint At);

/// <summary>
/// The city as people walk it, at one snapshot of the database: the network, and every building and facility snapped to it. Immutable; swapped whole by
/// <see cref="WalkingCities"/>. Search trees are lent, because each is as large as the network.
/// </summary>
public sealed class WalkingCity
{
    /// <summary>The longest way from a door to a road; beyond it a place is off the network: a class of its own.</summary>
    public const double ReachMetres = 200;

    // The picture's cells and the longest way to a road in it.
    private const double CellMetres = 10, PictureReachMetres = 100;

    private readonly ConcurrentBag<ShortestPathTree> _trees = [];
    private readonly ConcurrentBag<PlacesWithin> _within = [], _withinFrom = [];
    private readonly Lazy<DemandPoints> _demand, _demandFrom;
    private readonly Lazy<SnapRaster> _raster;
    private readonly Lazy<BuildingIndex> _index;
    private readonly Lazy<PackedTree> _places;
    private readonly Lazy<WalkingNetwork> _figures;

    /// <param name="cells">Null in the city of the cells itself.</param>
    /// <param name="before">The one that this follows: what has not changed is kept.</param>
    public WalkingCity(MetricPlane plane, EdgeIndex edges, WalkingBuildings buildings, WalkingBuildings? cells, IReadOnlyList<WalkingFacility> facilities, string version, WalkingCity? before)
    {
        (Plane, Edges, Buildings, Facilities, Version) = (plane, edges, buildings, facilities, version);
        Cells = cells is null ? null : new WalkingCity(plane, edges, cells, null, facilities, version, before?.Cells);
        var isSame = ReferenceEquals(before?.Edges, edges);
        _raster = isSame ? before!._raster : new(() => new SnapRaster(edges, CellMetres, PictureReachMetres));
        _demand = isSame && ReferenceEquals(before!.Buildings, buildings) ? before._demand : new(() => new DemandPoints(edges.Network, buildings.At));
        _demandFrom = isSame && ReferenceEquals(before!.Buildings, buildings) ? before._demandFrom : new(() => new DemandPoints(edges.Network, buildings.At, Heading.From));
        _index = isSame && ReferenceEquals(before!.Buildings, buildings) ? before._index : new(() => new BuildingIndex(buildings));
        _figures = new(() => WalkingNetwork.Of(this));
        _places = ReferenceEquals(before?.Buildings, buildings) ? before!._places : new(buildings.Tree);
    }

    public MetricPlane Plane { get; }

    public EdgeIndex Edges { get; }

    public RoadNetwork Network => Edges.Network;

    public SnapRaster Raster => _raster.Value;

    public WalkingBuildings Buildings { get; }

    /// <summary>The same city with its population cells in place of its buildings, each in the middle of its cell; null in that city itself.</summary>
    public WalkingCity? Cells { get; }

    public IReadOnlyList<WalkingFacility> Facilities { get; }

    public DemandPoints Demand => _demand.Value;

    public BuildingIndex Near => _index.Value;

    /// <summary>Finds buildings in boxes of degrees.</summary>
    public PackedTree Places => _places.Value;

    /// <summary>Rows of the change log of roads, buildings, facilities, cells and boundaries that went into it: the same version is the same city.</summary>
    public string Version { get; }

    /// <summary>How well the network hangs together, and who is off it.</summary>
    public WalkingNetwork Figures => _figures.Value;

    public EdgePoint Snap(double lon, double lat)
    {
        var (x, y) = Plane.ToMetres(lon, lat);
        return double.IsFinite(x) && double.IsFinite(y) ? Edges.Nearest(x, y, ReachMetres) : EdgePoint.None;
    }

    /// <exception cref="Refused">No road is near.</exception>
    public EdgePoint SnapOrRefuse(string field, double lon, double lat) => Snap(lon, lat) is { IsOnNetwork: true } at ? at
        : throw Refused.Field(field, "place.off-the-network", $"a place within {ReachMetres} m of a road that can be walked");

    public T WithTree<T>(Func<ShortestPathTree, T> use)
    {
        var tree = _trees.TryTake(out var free) ? free : new ShortestPathTree(Network);
        try
        {
            return use(tree);
        }
        finally
        {
            _trees.Add(tree);
        }
    }

    public T WithPlaces<T>(Func<PlacesWithin, T> use) => WithPlaces(Heading.Towards, use);

    public T WithPlaces<T>(Heading heading, Func<PlacesWithin, T> use)
    {
        // Nearly every street costs the same both ways; then one search serves both.
        var bag = heading == Heading.From && Network.IsOneWay ? _withinFrom : _within;
        var places = bag.TryTake(out var free) ? free : new PlacesWithin(ReferenceEquals(bag, _within) ? Demand : _demandFrom.Value);
        try
        {
            return use(places);
        }
        finally
        {
            bag.Add(places);
        }
    }
}
