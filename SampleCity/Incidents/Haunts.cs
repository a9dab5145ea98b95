using GridMap.SampleCity.Blocks;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Places;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Incidents;

/// <summary>The places where incidents of each sort happen, each with its weight: streets by length and life around them, houses by people, shops by trade.</summary>
internal sealed class Haunts
{
    private readonly record struct Spot(Vec A, Vec B, double Sideways, int Address);

    private readonly List<Spot>[] spots = new List<Spot>[5];
    private readonly List<double>[] sums = new List<double>[5];
    private readonly List<string> addressOfBuilding = [];
    private readonly PlanarMap map;
    private readonly Addresses addresses;

    public Haunts(PlanarMap map, List<Block> blocks, Household[][] people, List<(Building Building, Vec Middle)> buildings, int[] blockOfBuilding, Addresses addresses)
    {
        this.map = map;
        this.addresses = addresses;
        for (var i = 0; i < spots.Length; i++)
        {
            spots[i] = [];
            sums[i] = [];
        }
        var life = new double[map.Faces];
        for (var k = 0; k < blocks.Count; k++)
        {
            var residents = 0;
            foreach (var household in people[k]) residents += household.Residents;
            life[blocks[k].Face] = (residents + (blocks[k].Use is BlockUse.Mall or BlockUse.Market or BlockUse.Offices or BlockUse.Hospital ? 500 : 0)) / (blocks[k].Area / 10_000 + 1);
        }
        for (var half = 0; half < map.Halves; half += 2)
        {
            var kind = map.Kind(half);
            if (!kind.IsRoad() || kind == EdgeKind.Footpath) continue;
            var a = map.Point(map.Origin(half));
            var b = map.Point(map.Target(half));
            var lively = 25 + Math.Min(700, life[map.Face(half)] + life[map.Face(half ^ 1)]);
            var wide = kind switch { EdgeKind.Ring => 0.7, EdgeKind.Arterial => 1.5, EdgeKind.Collector => 1.4, _ => 0.8 };
            Add(Haunt.Street, new(a, b, kind.HalfWidth() * 0.8, half), a.To(b) * lively * wide);
        }
        for (var i = 0; i < buildings.Count; i++)
        {
            var building = buildings[i].Building;
            var block = blocks[blockOfBuilding[i]];
            addressOfBuilding.Add(building.Address.Length > 0 ? building.Address : building.Name);
            var spot = new Spot(buildings[i].Middle, buildings[i].Middle, 15, -1 - i);
            if (building.Residents > 0) Add(Haunt.Homes, spot, building.Residents);
            if (building.Residents > 0 && block.Zone == Zone.OldTown) Add(Haunt.OldTown, spot, building.Residents * 2);
            else if (building.Residents > 0 && block.Zone == Zone.Inner) Add(Haunt.OldTown, spot, building.Residents);
            if (building.Use is "commercial" or "mixed")
                Add(Haunt.Shops, spot, (block.Use is BlockUse.Mall or BlockUse.Market ? 5 : 1.2) * (1 + Math.Min(4, life[block.Face] / 90)));
            if (building.Use is "industrial" || (block.Zone is Zone.Outer or Zone.NewCentre && building.Floors > 10)) Add(Haunt.Works, spot, 4);
        }
        foreach (Haunt haunt in Enum.GetValues<Haunt>())
            if (spots[(int)haunt].Count == 0) throw new InvalidOperationException($"The city has no place of the sort {haunt}.");
    }

    private void Add(Haunt haunt, Spot spot, double weight)
    {
        spots[(int)haunt].Add(spot);
        sums[(int)haunt].Add((sums[(int)haunt].Count == 0 ? 0 : sums[(int)haunt][^1]) + weight);
    }

    public (Vec At, int Address) Draw(Haunt haunt, Pcg random)
    {
        var sum = sums[(int)haunt];
        var found = sum.BinarySearch(random.Unit() * sum[^1]);
        var spot = spots[(int)haunt][Math.Min(found < 0 ? ~found : found, sum.Count - 1)];
        if (spot.Address < 0) return (spot.A + new Vec(random.Bell() * spot.Sideways, random.Bell() * spot.Sideways), spot.Address);
        var at = spot.A + (spot.B - spot.A) * random.Unit();
        return (at + (spot.B - spot.A).Unit.Left * random.Between(-spot.Sideways, spot.Sideways), spot.Address);
    }

    public string AddressOf(int address, Vec at) => address < 0 ? addressOfBuilding[-1 - address] : addresses.On(address, at);

    /// <summary>The address of the building or street nearest to a place among those that a sort of incident knows.</summary>
    public int NearestAddress(Haunt haunt, Vec at)
    {
        var best = 0;
        var nearest = double.MaxValue;
        foreach (var spot in spots[(int)haunt])
        {
            var metres = spot.A.To(at);
            if (metres >= nearest) continue;
            nearest = metres;
            best = spot.Address;
        }
        return best;
    }
}
