using GridMap.SampleCity.Blocks;
using GridMap.SampleCity.Incidents;
using GridMap.SampleCity.Names;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Places;
using GridMap.SampleCity.Regions;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity;

/// <summary>Makes a city: streets first, then what stands between them, then who lives there, how it is governed, and what happens in a year.</summary>
public static class CityGenerator
{
    private const double MetresPerRootOfGrids = 167;

    /// <param name="progress">Told what is being done, for people who wait.</param>
    public static City Generate(CityOrder order, Action<string>? progress = null)
    {
        if (order.Grids is < CityOrder.FewestGrids or > CityOrder.MostGrids)
            throw new ArgumentOutOfRangeException(nameof(order), order.Grids, $"A city has {CityOrder.FewestGrids} to {CityOrder.MostGrids} grids.");
        var seed = Pcg.Mix(order.Seed);
        var say = progress ?? (_ => { });
        say("Laying out streets");
        var namer = new Namer(new(seed, 1));
        var roadNames = new RoadNames(namer);
        var skeleton = new Skeleton(MetresPerRootOfGrids * Math.Sqrt(order.Grids), new(seed, 2), roadNames.Add);
        var map = SkeletonMap.Build(skeleton);
        var zoning = new Zoning(skeleton, new(seed, 3));
        var subdivision = new Subdivision(map, zoning, new(seed, 4), roadNames.Add);
        subdivision.Run();

        say($"Building on {map.Faces - 1:N0} blocks");
        var paths = new Footpaths(map);
        var blocks = new BlockBuilder(map, zoning, paths, namer, subdivision.LakeFace, zoning.IsLarge, seed).Build();
        var people = People.Settle(blocks, order.Grids, seed);

        say("Drawing borders");
        var households = Array.ConvertAll(people, list => list.Sum(household => household.Households));
        var residents = Array.ConvertAll(people, list => list.Sum(household => household.Residents));
        var partition = new Partition(map, blocks, households, order.Grids);
        var administration = new Administration(partition, blocks, households, residents, namer);

        say("Numbering houses");
        var addresses = new Addresses(map, roadNames);
        var compounds = new List<Compound>();
        var buildings = new List<(Building Building, Vec Middle)>();
        var blockOfBuilding = new List<int>();
        var random = new Pcg(seed, 6);
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            int? compound = null;
            if (block.Wall is not null && block.Buildings.Count > 0)
            {
                compound = compounds.Count + 1;
                compounds.Add(new(compound.Value, "X" + compound.Value.ToString("00000"), block.Name, block.NameEn, administration.CommunityIdOfBlock[i],
                    random.Chance(block.Zone is Zone.OldTown or Zone.Inner ? 0.45 : 0.93) ? namer.Fresh("物业服务有限公司", "").Name : "", block.BuiltYear,
                    Array.ConvertAll(block.Wall, CityPlane.Snap)));
            }
            AddBuildings(i, compound);
        }

        void AddBuildings(int index, int? compound)
        {
            var block = blocks[index];
            var sides = addresses.Sides(block.Face);
            var gate = addresses.At(block.Centre, sides);
            var number = 0;
            for (var k = 0; k < block.Buildings.Count; k++)
            {
                var draft = block.Buildings[k];
                var homes = people[index][k];
                var inside = compound is not null && draft.Use == "residential";
                var address = inside ? gate : addresses.At(draft.Middle, sides);
                var name = draft.Name;
                if (inside)
                {
                    name = $"{block.Name}{++number}幢";
                    address += name;
                }
                else if (name == "幼儿园") name = block.Name + name;
                else if (name.Length == 0 && block.Name.Length > 0 && draft.Use is "office" or "industrial" or "education" or "medical" or "public")
                    name = $"{block.Name}{++number}号楼";
                var id = buildings.Count + 1;
                buildings.Add((new(id, "B" + id.ToString("0000000"), name, address, draft.Use, draft.Floors, Height(draft), homes.Households, homes.Residents,
                    homes.Elderly, homes.Children, compound is not null && draft.Use is "residential" or "other" or "education" ? compound : null,
                    administration.GridIdOfBlock[index], administration.CommunityIdOfBlock[index], Array.ConvertAll(draft.Ring, CityPlane.Snap),
                    draft.Court is null ? null : Array.ConvertAll(draft.Court, CityPlane.Snap)), draft.Middle));
                blockOfBuilding.Add(index);
            }
        }

        say("Opening service points");
        var roads = new RoadLines(map, roadNames, paths).Build(paths);
        int[] blockOf = [.. blockOfBuilding];
        var facilities = new FacilityPlaces(blocks, buildings, blockOf, administration, map, addresses, namer, new(seed, 7)).Build(order.Grids);

        say("Living through a year");
        var haunts = new Haunts(map, blocks, people, buildings, blockOf, addresses);
        var year = new IncidentYear(haunts, new FaceFinder(map, partition.BlockOfFace), administration, HotspotPlans.Make(blocks, zoning), IncidentCount(order.Grids), seed);
        return new()
        {
            Areas = administration.Areas,
            Grids = administration.Grids,
            Duties = administration.Duties,
            Departments = Departments.All,
            Compounds = compounds,
            Buildings = buildings.ConvertAll(pair => pair.Building),
            PopulationCells = Cells.Count(buildings),
            Facilities = facilities,
            Roads = roads,
            Landscapes = Landscapes(skeleton, blocks),
            PlantedHotspots = year.Planted,
            IncidentCount = year.Count,
            Incidents = year.Read(),
        };
    }

    /// <summary>As lively as a district of 812 grids with 200,000 a year; a large city keeps to the million or so that one machine should show.</summary>
    private static int IncidentCount(int grids) => (int)Math.Round(Math.Min(grids * (200_000 / 812.0), Math.Max(985_000, grids * (1_000_000 / 13_000.0))));

    private static double Height(BuildingDraft draft) => Math.Round(draft.Use switch
    {
        "residential" => 3.0 * draft.Floors + 1,
        "industrial" => 6.5 * draft.Floors + 2,
        "other" => 3.2,
        _ => 4.2 * draft.Floors + 1.5,
    }, 1);

    private static List<Landscape> Landscapes(Skeleton skeleton, List<Block> blocks)
    {
        var landscapes = new List<Landscape>();
        void Add(string name, string nameEn, string kind, Vec[] ring) =>
            landscapes.Add(new("L" + (landscapes.Count + 1).ToString("00000"), name, nameEn, kind, Array.ConvertAll(ring, CityPlane.Snap)));
        foreach (var corridor in skeleton.Corridors) Add(corridor.Name, corridor.NameEn, corridor.IsWater ? "water" : "rail", corridor.Bed());
        foreach (var block in blocks)
            foreach (var cover in block.Covers) Add(cover.Name, cover.NameEn, cover.Kind, cover.Ring);
        return landscapes;
    }
}
