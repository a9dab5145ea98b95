using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

internal readonly record struct Household(int Households, int Residents, int Elderly, int Children);

/// <summary>Fills the flats: how many are lived in, by how many, and how old they are. The old town is older, the new quarters have the children.</summary>
internal static class People
{
    private const double ResidentsPerGrid = 765;

    public static Household[][] Settle(List<Block> blocks, int grids, ulong seed)
    {
        var wanted = 0.0;
        foreach (var block in blocks)
            foreach (var building in block.Buildings) wanted += building.Flats * Size(block);
        var share = wanted == 0 ? 0 : Math.Min(1.6, grids * ResidentsPerGrid / wanted);
        var all = new Household[blocks.Count][];
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            var random = new Pcg(Pcg.Mix(seed + 5) ^ (ulong)block.Face, 13);
            var old = Elderly(block) * random.Between(0.8, 1.2);
            var young = Children(block) * random.Between(0.8, 1.2);
            var taken = share * random.Between(0.9, 1.1);
            all[i] = new Household[block.Buildings.Count];
            for (var k = 0; k < all[i].Length; k++)
            {
                var homes = Spread(block.Buildings[k].Flats * taken, random);
                var people = Spread(homes * Size(block) * random.Between(0.92, 1.08), random);
                var elderly = Math.Min(people, Spread(people * old, random));
                all[i][k] = new(homes, people, elderly, Math.Min(people - elderly, Spread(people * young, random)));
            }
        }
        return all;
    }

    /// <summary>A whole number whose mean is the given one.</summary>
    private static int Spread(double mean, Pcg random) => (int)Math.Floor(mean + random.Unit());

    private static double Size(Block block) => block.Use switch
    {
        BlockUse.Village => 2.2,
        BlockUse.OldHouses => 1.75,
        BlockUse.Towers => 2.15,
        _ => block.Zone is Zone.OldTown or Zone.Inner ? 1.9 : 2.05,
    };

    private static double Elderly(Block block) => block.Zone switch
    {
        Zone.OldTown => 0.36,
        Zone.Inner => 0.28,
        Zone.NewCentre => 0.11,
        Zone.Outer => block.Use == BlockUse.Village ? 0.22 : 0.15,
        _ => 0.18,
    };

    private static double Children(Block block) => block.Zone switch
    {
        Zone.OldTown => 0.08,
        Zone.Inner => 0.11,
        Zone.NewCentre => 0.18,
        Zone.Outer => 0.19,
        _ => 0.13,
    };
}
