using GridMap.SampleCity.Names;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Blocks;

/// <summary>Decides what each street block is and builds on it.</summary>
internal sealed class BlockBuilder(PlanarMap map, Zoning zoning, Footpaths paths, Namer namer, int lakeFace, bool large, ulong seed)
{
    private readonly Noise clusters = new(Pcg.Mix(seed ^ 0x51), 420);

    public List<Block> Build()
    {
        var inStrip = SkeletonMap.StripFaces(map);
        var blocks = new List<Block>();
        for (var face = 1; face < map.Faces; face++)
        {
            var ring = map.Corners(face);
            var centre = Shapes.Centroid(ring);
            blocks.Add(new() { Face = face, Use = inStrip[face] ? BlockUse.Strip : BlockUse.Field, Zone = zoning.At(centre), Centre = centre, Area = Shapes.SignedArea(ring) });
        }
        var lake = lakeFace > 0 ? blocks[lakeFace - 1] : LakePark(blocks);
        foreach (var block in blocks)
        {
            if (block.Use == BlockUse.Strip) continue;
            var random = new Pcg(Pcg.Mix(seed) ^ (ulong)block.Face, 77);
            Build(block, random, block == lake);
        }
        return blocks;
    }

    // In a town without a large piece of land to spare: the largest block near the new centre.
    private Block? LakePark(List<Block> blocks)
    {
        Block? best = null;
        foreach (var block in blocks)
        {
            if (block.Use == BlockUse.Strip || block.Zone is Zone.OldTown or Zone.Industry || block.Centre.To(zoning.NewCentre) > 1.9 * zoning.NewCentreReach) continue;
            if (best is null || block.Area > best.Area) best = block;
        }
        return best;
    }

    private void Build(Block block, Pcg random, bool lake)
    {
        var around = map.Around(block.Face);
        var ring = map.Corners(block.Face);
        var kinds = around.ConvertAll(map.Kind).ToArray();
        block.Use = lake ? BlockUse.Park : ChooseUse(block, ring, random);
        block.BuiltYear = block.Zone switch
        {
            Zone.OldTown => random.From(1955, 1992),
            Zone.Inner => random.From(1983, 2004),
            _ => random.From(2003, 2023),
        };
        Name(block, lake);
        var axis = Shapes.Axis(ring);
        // Houses face south as far as the street allows: they follow it up to 20 degrees and then no further.
        if (block.IsCompound && Math.Abs(axis) > 0.35) axis *= 0.25;
        var ground = new Ground(ring, kinds, block.Centre, axis);
        if (block.IsCompound) block.Wall = ground.Inset(2.2);
        switch (block.Use)
        {
            case BlockUse.OldHouses: Housing.OldHouses(block, ground, paths, random, village: false); break;
            case BlockUse.Village: Housing.OldHouses(block, ground, paths, random, village: true); break;
            case BlockUse.Slabs: Housing.Slabs(block, ground, paths, random); break;
            case BlockUse.Towers: Housing.Towers(block, ground, paths, random); break;
            case BlockUse.Villas: Housing.Villas(block, ground, paths, random); break;
            case BlockUse.Offices: Works.Offices(block, ground, paths, random); break;
            case BlockUse.Mall: Works.Mall(block, ground, paths, random); break;
            case BlockUse.Market: Works.Market(block, ground, paths, random); break;
            case BlockUse.Works: Works.Factory(block, ground, paths, random); break;
            case BlockUse.School: Civic.School(block, ground, paths, random); break;
            case BlockUse.Hospital: Civic.Hospital(block, ground, paths, random); break;
            case BlockUse.Government: Civic.Government(block, ground, paths, random); break;
            case BlockUse.Park: Civic.Park(block, ground, paths, random, lake); break;
            case BlockUse.Square: Civic.Square(block, ground, paths, random); break;
            default: Civic.Field(block, ground, paths, random); break;
        }
    }

    private static readonly BlockUse[] Choices =
    [
        BlockUse.OldHouses, BlockUse.Village, BlockUse.Slabs, BlockUse.Towers, BlockUse.Villas, BlockUse.Offices, BlockUse.Mall, BlockUse.Market,
        BlockUse.Works, BlockUse.School, BlockUse.Hospital, BlockUse.Government, BlockUse.Park, BlockUse.Square, BlockUse.Field,
    ];

    private BlockUse ChooseUse(Block block, Vec[] ring, Pcg random)
    {
        var around = 0.0;
        for (var i = 0; i < ring.Length; i++) around += ring[i].To(ring[(i + 1) % ring.Length]);
        var compactness = 4 * Math.PI * block.Area / (around * around);
        if (block.Area < 2200 || compactness < 0.28) return block.Zone == Zone.Fringe ? BlockUse.Field : BlockUse.Park;
        // Neighbours tend to be alike.
        var tendency = clusters.At(block.Centre);
        double[] weights = block.Zone switch
        {
            //                     old  vil  slab tow  vila off  mall mark work scho hosp gov  park squa fiel
            Zone.OldTown => [66, 0, 14, 0, 0, 3, 3, 2.5, 0, 4, 1.2, 1.6, 3.0, 1.0, 0],
            Zone.Inner => [5, 3, 64, 5, 0, 4, 2.6, 2.0, 1.0, 6.5, 1.2, 1.2, 3.5, 0.6, 0],
            Zone.NewCentre => [0, 0, 0, 27, 0, 36, 13, 0, 0, 4, 1.5, 5, 9, 4, 0],
            Zone.Outer => [0, 9, 20, 42, 3, 3, 2, 1.6, 2, 6, 0.9, 0.6, 6, 0.4, 5],
            Zone.Industry => [0, 9, 5, 2, 0, 5, 0.6, 0.6, 66, 2, 0.4, 0.4, 3, 0, 6],
            _ => [0, 27, 6, 9, 3, 1, 0.5, 0.8, 9, 3, 0.4, 0.4, 5, 0, 34],
        };
        if (tendency > 0.25)
        {
            weights[3] *= 1.8;
            weights[1] *= 0.35;
        }
        if (tendency < -0.25)
        {
            weights[2] *= 1.6;
            weights[1] *= 2.2;
            weights[0] *= 1.25;
        }
        // A large city has rebuilt most of its villages.
        if (large) weights[1] *= 0.16;
        if (block.Area < 7000)
        {
            weights[3] = weights[4] = weights[8] = weights[9] = weights[10] = 0;
            weights[12] *= 1.6;
            weights[13] *= 1.6;
        }
        if (block.Area > 45_000) weights[6] = weights[7] = weights[13] = weights[11] = 0;
        return Choices[random.Weighted(weights)];
    }

    private void Name(Block block, bool lake)
    {
        (block.Name, block.NameEn) = block.Use switch
        {
            _ when lake => ("望澜湖公园", "Wanglan Lake Park"),
            BlockUse.Slabs => block.Zone is Zone.OldTown or Zone.Inner ? namer.Fresh("新村", " Estate") : namer.Fresh("家园", " Gardens"),
            BlockUse.Towers => namer.Fresh(block.Zone == Zone.NewCentre ? "国际" : "花园", block.Zone == Zone.NewCentre ? " Heights" : " Garden"),
            BlockUse.Villas => namer.Fresh("别墅", " Villas"),
            BlockUse.OldHouses => namer.Fresh("坊", " Quarter"),
            BlockUse.Village => namer.Fresh("村", " Village"),
            BlockUse.Offices => namer.Fresh("商务中心", " Business Centre"),
            BlockUse.Mall => namer.Fresh("广场", " Plaza"),
            BlockUse.Market => namer.Fresh("农贸市场", " Market"),
            BlockUse.Works => namer.Fresh("产业园", " Works"),
            BlockUse.School => block.Area > 26_000 ? namer.Fresh("中学", " Middle School") : namer.Fresh("小学", " Primary School"),
            BlockUse.Hospital => namer.Fresh("医院", " Hospital"),
            BlockUse.Government => namer.Fresh("政务大楼", " Government Offices"),
            BlockUse.Park when block.Area > 6000 => namer.Fresh("公园", " Park"),
            BlockUse.Square => namer.Fresh("文化广场", " Square"),
            _ => ("", ""),
        };
    }
}
