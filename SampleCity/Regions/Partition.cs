using GridMap.SampleCity.Blocks;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Regions;

/// <summary>The city cut up: blocks into grids, grids into communities, these into streets and districts, each a union of the level below.</summary>
internal sealed class Partition
{
    private readonly PlanarMap map;
    private readonly List<Border> blockBorders;

    /// <summary>For every block (in order) its base grid, and for every base grid its community, and so on upwards.</summary>
    public int[] GridOfBlock { get; }
    public int[] CommunityOfGrid { get; }
    public int[] StreetOfCommunity { get; }
    public int[] DistrictOfStreet { get; }
    public int[] PoliceOfGrid { get; }
    public int[] VolunteerOfGrid { get; }

    /// <summary>For every face of the map but the outside, in order, its block.</summary>
    public IReadOnlyList<int> BlockOfFace { get; }
    public int Grids { get; }
    public int Communities { get; }
    public int Streets { get; }
    public int Districts { get; }

    public Partition(PlanarMap map, List<Block> blocks, int[] households, int grids)
    {
        this.map = map;
        if (blocks.Count < grids) throw new InvalidOperationException($"The city has {blocks.Count} blocks, too few for {grids} grids.");
        Grids = grids;
        Communities = Math.Max(2, (int)Math.Round(grids * 105 / 812.0));
        Streets = Math.Max(1, (int)Math.Round(grids * 8 / 812.0));
        Districts = grids < 200 ? 1 : Math.Max(2, (int)Math.Round(grids / 1000.0));
        blockBorders = Borders();
        var weights = new double[blocks.Count];
        // Land weighs a little by itself, or the fields would all become one grid.
        for (var i = 0; i < weights.Length; i++) weights[i] = households[i] + blocks[i].Area / 10_000 * 4;
        GridOfBlock = Balancing.Even(weights, blockBorders, Merging.Join(weights, blockBorders, Grids), Grids);
        var gridWeights = Sum(weights, GridOfBlock, Grids);
        var gridBorders = Lift(blockBorders, GridOfBlock);
        CommunityOfGrid = Merging.Join(gridWeights, gridBorders, Communities);
        var communityWeights = Sum(gridWeights, CommunityOfGrid, Communities);
        var communityBorders = Lift(gridBorders, CommunityOfGrid);
        StreetOfCommunity = Merging.Join(communityWeights, communityBorders, Streets);
        var streetWeights = Sum(communityWeights, StreetOfCommunity, Streets);
        DistrictOfStreet = Merging.Join(streetWeights, Lift(communityBorders, StreetOfCommunity), Districts);
        var streetOfGrid = Array.ConvertAll(CommunityOfGrid, community => StreetOfCommunity[community]);
        PoliceOfGrid = Merging.Join(gridWeights, gridBorders, Math.Max(2, Grids / 6), streetOfGrid);
        VolunteerOfGrid = Merging.Join(gridWeights, gridBorders, Grids * 2 / 5, CommunityOfGrid);
        int[] OfBlock(int[] regionOfGrid) => Array.ConvertAll(GridOfBlock, grid => regionOfGrid[grid]);
        BlockOfFace = CutCorners.Cut(map, blocks.Count, [GridOfBlock, OfBlock(PoliceOfGrid), OfBlock(VolunteerOfGrid), OfBlock(CommunityOfGrid), OfBlock(streetOfGrid),
            OfBlock(Array.ConvertAll(streetOfGrid, street => DistrictOfStreet[street]))]);
    }

    /// <summary>The outlines of the regions that a mapping of blocks describes.</summary>
    public List<Outline>[] OutlinesOf(Func<int, int> regionOfBlock, int regions)
    {
        var regionOf = new int[map.Faces];
        regionOf[PlanarMap.Outside] = -1;
        for (var face = 1; face < map.Faces; face++) regionOf[face] = regionOfBlock(BlockOfFace[face - 1]);
        return Outlines.Of(map, regionOf, regions);
    }

    public IEnumerable<(int A, int B)> NeighbouringGrids()
    {
        foreach (var border in Lift(blockBorders, GridOfBlock)) yield return (border.A, border.B);
    }

    public IEnumerable<(int A, int B)> NeighbouringBlocks()
    {
        foreach (var border in blockBorders) yield return (border.A, border.B);
    }

    private List<Border> Borders()
    {
        var shared = new Dictionary<(int, int), (double Metres, double Barrier)>();
        for (var half = 0; half < map.Halves; half += 2)
        {
            var a = map.Face(half) - 1;
            var b = map.Face(half ^ 1) - 1;
            if (a < 0 || b < 0 || a == b) continue;
            var metres = map.Point(map.Origin(half)).To(map.Point(map.Target(half)));
            var key = a < b ? (a, b) : (b, a);
            var sum = shared.GetValueOrDefault(key);
            shared[key] = (sum.Metres + metres, sum.Barrier + metres * Barrier(map.Kind(half)));
        }
        return [.. shared.Select(pair => new Border(pair.Key.Item1, pair.Key.Item2, pair.Value.Metres, pair.Value.Barrier))];
    }

    private static double Barrier(EdgeKind kind) => kind switch
    {
        EdgeKind.RiverCentre => 3,
        EdgeKind.RailCentre => 2,
        EdgeKind.CanalCentre => 1.2,
        EdgeKind.Ring => 1.1,
        EdgeKind.Arterial => 0.8,
        EdgeKind.Collector => 0.3,
        _ => 0,
    };

    private static List<Border> Lift(List<Border> borders, int[] regionOf)
    {
        var shared = new Dictionary<(int, int), (double Metres, double Barrier)>();
        foreach (var border in borders)
        {
            var a = regionOf[border.A];
            var b = regionOf[border.B];
            if (a == b) continue;
            var key = a < b ? (a, b) : (b, a);
            var sum = shared.GetValueOrDefault(key);
            shared[key] = (sum.Metres + border.Metres, sum.Barrier + border.Barrier);
        }
        return [.. shared.Select(pair => new Border(pair.Key.Item1, pair.Key.Item2, pair.Value.Metres, pair.Value.Barrier))];
    }

    private static double[] Sum(double[] weights, int[] regionOf, int regions)
    {
        var sums = new double[regions];
        for (var i = 0; i < weights.Length; i++) sums[regionOf[i]] += weights[i];
        return sums;
    }
}
