using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

/// <summary>What stands on a street block.</summary>
internal enum BlockUse : byte
{
    Strip, OldHouses, Village, Slabs, Towers, Villas, Offices, Mall, Market, Works, School, Hospital, Government, Park, Square, Field,
}

internal sealed record BuildingDraft(Vec[] Ring, Vec[]? Court, string Use, int Floors, int Flats, string Name)
{
    public Vec Middle { get; } = Shapes.Centroid(Ring);
}

/// <summary>Green, water or a square inside a block.</summary>
internal sealed record GroundCover(Vec[] Ring, string Kind, string Name, string NameEn);

/// <summary>A street block: one face of the street map with what was built on it.</summary>
internal sealed class Block
{
    public required int Face { get; init; }
    public required BlockUse Use { get; set; }
    public required Zone Zone { get; init; }
    public required Vec Centre { get; init; }
    public required double Area { get; init; }
    public string Name { get; set; } = "";
    public string NameEn { get; set; } = "";
    public int BuiltYear { get; set; }
    public Vec[]? Wall { get; set; }
    public List<BuildingDraft> Buildings { get; } = [];
    public List<GroundCover> Covers { get; } = [];
    public int AddressRoad { get; set; } = -1;

    public bool IsCompound => Use is BlockUse.Slabs or BlockUse.Towers or BlockUse.Villas;
    public bool IsHousing => IsCompound || Use is BlockUse.OldHouses or BlockUse.Village;

    public int Flats
    {
        get
        {
            var sum = 0;
            foreach (var building in Buildings) sum += building.Flats;
            return sum;
        }
    }
}
