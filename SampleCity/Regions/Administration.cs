using GridMap.SampleCity.Blocks;
using GridMap.SampleCity.Names;
using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Regions;

/// <summary>Gives the regions their names, codes, dates and people.</summary>
internal sealed class Administration
{
    private readonly Partition partition;
    private readonly List<Block> blocks;
    private readonly int[] households;
    private readonly int[] residents;
    private readonly Namer namer;
    private readonly int[][] blocksOf;
    private readonly string[] gridCodes;
    private readonly int[] gridsInCommunity;

    public List<Area> Areas { get; } = [];
    public List<Grid> Grids { get; } = [];
    public List<Duty> Duties { get; } = [];
    public int[] GridIdOfBlock { get; }
    /// <summary>For every block the grid that it belonged to before the borders changed.</summary>
    public int[] FormerGridIdOfBlock { get; }
    public int[] CommunityIdOfBlock { get; }
    public int[] StreetIdOfBlock { get; }

    public Administration(Partition partition, List<Block> blocks, int[] households, int[] residents, Namer namer)
    {
        this.partition = partition;
        this.blocks = blocks;
        this.households = households;
        this.residents = residents;
        this.namer = namer;
        blocksOf = Group(partition.GridOfBlock, partition.Grids);
        gridCodes = new string[partition.Grids];
        gridsInCommunity = new int[partition.Communities];
        var communityIds = AddAreas();
        AddBaseGrids(communityIds);
        GridIdOfBlock = new int[blocks.Count];
        CommunityIdOfBlock = new int[blocks.Count];
        StreetIdOfBlock = new int[blocks.Count];
        for (var i = 0; i < blocks.Count; i++)
        {
            GridIdOfBlock[i] = partition.GridOfBlock[i] + 1;
            CommunityIdOfBlock[i] = communityIds[partition.CommunityOfGrid[partition.GridOfBlock[i]]];
            StreetIdOfBlock[i] = Areas[CommunityIdOfBlock[i] - 1].ParentId!.Value;
        }
        FormerGridIdOfBlock = (int[])GridIdOfBlock.Clone();
        AddHistory();
        AddOtherNet("police", "P", "警格", partition.PoliceOfGrid, community: false);
        AddOtherNet("volunteer", "V", "义格", partition.VolunteerOfGrid, community: true);
        AddDuties();
    }

    private int[] AddAreas()
    {
        var communityOfBlock = Array.ConvertAll(partition.GridOfBlock, grid => partition.CommunityOfGrid[grid]);
        var streetOfBlock = Array.ConvertAll(communityOfBlock, community => partition.StreetOfCommunity[community]);
        var districtOfBlock = Array.ConvertAll(streetOfBlock, street => partition.DistrictOfStreet[street]);
        Areas.Add(new(1, City.DivisionCode, City.Name, City.NameEn, AreaLevel.City, null, partition.OutlinesOf(_ => 0, 1)[0]));
        var districtIds = AddLevel(AreaLevel.District, districtOfBlock, partition.Districts, _ => 1, "区", " District",
            (_, number) => City.DivisionCode[..4] + (number + 1).ToString("00"));
        var streetIds = AddLevel(AreaLevel.Street, streetOfBlock, partition.Streets, street => districtIds[partition.DistrictOfStreet[street]], "街道", " Street",
            (parent, number) => parent + number.ToString("000"));
        return AddLevel(AreaLevel.Community, communityOfBlock, partition.Communities, community => streetIds[partition.StreetOfCommunity[community]], "社区", " Community",
            (parent, number) => parent + number.ToString("000"));
    }

    private int[] AddLevel(AreaLevel level, int[] regionOfBlock, int regions, Func<int, int> parentOf, string suffix, string suffixEn, Func<string, int, string> code)
    {
        var outlines = partition.OutlinesOf(block => regionOfBlock[block], regions);
        var centres = Centres(regionOfBlock, regions);
        var ids = new int[regions];
        var numbers = new Dictionary<int, int>();
        foreach (var region in Numbering.Order(centres))
        {
            var parent = parentOf(region);
            var number = numbers[parent] = numbers.GetValueOrDefault(parent) + 1;
            var (name, nameEn) = namer.Fresh(suffix, suffixEn);
            ids[region] = Areas.Count + 1;
            Areas.Add(new(ids[region], code(Areas[parent - 1].Code, number), name, nameEn, level, parent, outlines[region]));
        }
        return ids;
    }

    private Vec[] Centres(int[] regionOfBlock, int regions)
    {
        var sums = new Vec[regions];
        var areas = new double[regions];
        for (var i = 0; i < blocks.Count; i++)
        {
            sums[regionOfBlock[i]] += blocks[i].Centre * blocks[i].Area;
            areas[regionOfBlock[i]] += blocks[i].Area;
        }
        for (var i = 0; i < regions; i++) sums[i] *= 1 / areas[i];
        return sums;
    }

    private void AddBaseGrids(int[] communityIds)
    {
        var outlines = partition.OutlinesOf(block => partition.GridOfBlock[block], partition.Grids);
        var names = new string[partition.Grids];
        foreach (var grid in Numbering.Order(Centres(partition.GridOfBlock, partition.Grids)))
        {
            var community = partition.CommunityOfGrid[grid];
            var area = Areas[communityIds[community] - 1];
            var number = ++gridsInCommunity[community];
            gridCodes[grid] = area.Code + number.ToString("000");
            names[grid] = GridName(area, number);
        }
        for (var grid = 0; grid < partition.Grids; grid++)
        {
            var (homes, people) = Count(grid);
            Grids.Add(new(grid + 1, "base", gridCodes[grid], names[grid], communityIds[partition.CommunityOfGrid[grid]], homes, people, null, null, outlines[grid]));
        }
    }

    private static string GridName(Area community, int number) => $"{community.Name}第{Numbering.InSigns(number)}网格";

    private (int Households, int Residents) Count(int grid)
    {
        int homes = 0, people = 0;
        foreach (var block in blocksOf[grid])
        {
            homes += households[block];
            people += residents[block];
        }
        return (homes, people);
    }

    private static int[][] Group(int[] regionOf, int regions)
    {
        var lists = new List<int>[regions];
        for (var i = 0; i < regions; i++) lists[i] = [];
        for (var i = 0; i < regionOf.Length; i++) lists[regionOf[i]].Add(i);
        return Array.ConvertAll(lists, list => list.ToArray());
    }

    /// <summary>On the day of the change some grids had grown too large and were cut in two, others were joined. The old ones stay on record.</summary>
    private void AddHistory()
    {
        var changed = new HashSet<int>();
        var splits = Math.Clamp(partition.Grids / 130, 1, 6);
        foreach (var (a, b) in partition.NeighbouringGrids())
        {
            if (splits == 0) break;
            if (partition.CommunityOfGrid[a] != partition.CommunityOfGrid[b] || Grids[a].Households < 200 || Grids[b].Households < 200) continue;
            if (changed.Contains(a) || changed.Contains(b) || (a + b) % 7 != 3) continue;
            changed.Add(a);
            changed.Add(b);
            splits--;
            AddFormer(block => partition.GridOfBlock[block] == a || partition.GridOfBlock[block] == b ? 0 : -1, 1, a, [Grids[a].Households + Grids[b].Households], [Grids[a].Residents + Grids[b].Residents]);
        }
        var merges = Math.Clamp(partition.Grids / 200, 1, 4);
        for (var grid = 0; grid < partition.Grids && merges > 0; grid++)
        {
            if (changed.Contains(grid) || grid % 5 != 2 || Halves(blocksOf[grid]) is not { } half) continue;
            changed.Add(grid);
            merges--;
            int[] homes = [0, 0], people = [0, 0];
            foreach (var block in blocksOf[grid])
            {
                homes[half.Contains(block) ? 0 : 1] += households[block];
                people[half.Contains(block) ? 0 : 1] += residents[block];
            }
            AddFormer(block => partition.GridOfBlock[block] != grid ? -1 : half.Contains(block) ? 0 : 1, 2, grid, homes, people);
        }
        foreach (var grid in changed) Grids[grid] = Grids[grid] with { ValidFrom = City.BordersChangedAt };
    }

    private void AddFormer(Func<int, int> regionOfBlock, int count, int near, int[] homes, int[] people)
    {
        var outlines = partition.OutlinesOf(regionOfBlock, count);
        for (var block = 0; block < blocks.Count; block++)
            if (regionOfBlock(block) is >= 0 and var part) FormerGridIdOfBlock[block] = Grids.Count + 1 + part;
        for (var i = 0; i < count; i++)
        {
            var area = Areas[Grids[near].AreaId - 1];
            var number = ++gridsInCommunity[partition.CommunityOfGrid[near]];
            Grids.Add(new(Grids.Count + 1, "base", area.Code + number.ToString("000"), GridName(area, number), area.Id, homes[i], people[i],
                null, City.BordersChangedAt, outlines[i]));
        }
    }

    /// <summary>Some of a grid's blocks, connected, such that the others are connected too; null when there is no such cut near the half.</summary>
    private HashSet<int>? Halves(int[] members)
    {
        if (members.Length < 4) return null;
        var around = new Dictionary<int, List<int>>();
        foreach (var member in members) around.Add(member, []);
        foreach (var (a, b) in partition.NeighbouringBlocks())
            if (around.TryGetValue(a, out var ofA) && around.TryGetValue(b, out var ofB))
            {
                ofA.Add(b);
                ofB.Add(a);
            }
        var half = Spread(members[0], around, block => true, members.Length / 2);
        var rest = members.Where(block => !half.Contains(block)).ToArray();
        return Spread(rest[0], around, block => !half.Contains(block), members.Length).Count == rest.Length ? half : null;
    }

    private static HashSet<int> Spread(int start, Dictionary<int, List<int>> around, Func<int, bool> allowed, int most)
    {
        var reached = new HashSet<int> { start };
        var waiting = new Queue<int>([start]);
        while (waiting.TryDequeue(out var block))
            foreach (var next in around[block])
                if (reached.Count < most && allowed(next) && reached.Add(next)) waiting.Enqueue(next);
        return reached;
    }

    private void AddOtherNet(string net, string letter, string suffix, int[] regionOfGrid, bool community)
    {
        var regions = regionOfGrid.Max() + 1;
        var outlines = partition.OutlinesOf(block => regionOfGrid[partition.GridOfBlock[block]], regions);
        var regionOfBlock = Array.ConvertAll(partition.GridOfBlock, grid => regionOfGrid[grid]);
        var parents = new int[regions];
        int[] homes = new int[regions], people = new int[regions];
        for (var grid = 0; grid < partition.Grids; grid++)
        {
            var region = regionOfGrid[grid];
            parents[region] = community ? Grids[grid].AreaId : Areas[Grids[grid].AreaId - 1].ParentId!.Value;
            homes[region] += Grids[grid].Households;
            people[region] += Grids[grid].Residents;
        }
        var numbers = new Dictionary<int, int>();
        foreach (var region in Numbering.Order(Centres(regionOfBlock, regions)))
        {
            var area = Areas[parents[region] - 1];
            var number = numbers[area.Id] = numbers.GetValueOrDefault(area.Id) + 1;
            Grids.Add(new(Grids.Count + 1, net, area.Code + letter + number.ToString("000"), $"{area.Name}第{Numbering.InSigns(number)}{suffix}", area.Id,
                homes[region], people[region], null, null, outlines[region]));
        }
    }

    private void AddDuties()
    {
        foreach (var area in Areas)
            if (area.Level is AreaLevel.Street or AreaLevel.Community)
                Duties.Add(new(null, null, area.Id, "leader", namer.Person(), namer.Phone(), null, null));
        foreach (var grid in Grids)
        {
            string[] roles = grid.Net switch { "base" => ["grid-head", "grid-worker"], "police" => ["police"], _ => ["volunteer"] };
            foreach (var role in roles)
                Duties.Add(new(grid.Net, grid.Code, null, role, namer.Person(), namer.Phone(), grid.ValidFrom, grid.ValidTo));
        }
    }
}
