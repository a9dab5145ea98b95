using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Streets;

/// <summary>The age and character of a part of town.</summary>
internal enum Zone : byte { OldTown, Inner, Outer, NewCentre, Industry, Fringe }

/// <summary>Where which part of town lies: an old centre, rings of growth around it, a new centre across the river, industry beyond the railway.</summary>
internal sealed class Zoning
{
    private readonly double radius;
    private readonly Corridor railway;
    private readonly Noise edge;
    private readonly List<(Vec Centre, double Reach)> oldTowns = [];

    public Vec NewCentre { get; }
    public double NewCentreReach { get; }
    /// <summary>About where the park with the lake lies, and how far from there it may be.</summary>
    public Vec Lake { get; }
    public double LakeReach { get; }
    public bool IsLarge => radius > 9000;

    public Zoning(Skeleton skeleton, Pcg random)
    {
        radius = skeleton.RadiusMetres;
        railway = skeleton.Corridors.Find(corridor => corridor.Centre == EdgeKind.RailCentre)!;
        edge = new(random.Next(), 700);
        NewCentre = new(0.47 * radius, 0.16 * radius);
        NewCentreReach = Math.Min(0.14 * radius, 1500);
        Lake = new(0.36 * radius, -0.44 * radius);
        LakeReach = Math.Clamp(0.16 * radius, 0, 1100);
        oldTowns.Add((default, Math.Min(0.33 * radius, 1400 + 0.03 * radius)));
        // A large city has swallowed market towns, each with its own old streets.
        if (IsLarge)
            for (var i = 0; i < 14; i++)
                oldTowns.Add((Vec.FromAngle(i * 2.399963) * (radius * Math.Sqrt((i + 2.0) / 17)), random.Between(450, 800)));
    }

    public Zone At(Vec point)
    {
        var ragged = edge.At(point);
        foreach (var (centre, reach) in oldTowns)
            if (point.To(centre) < reach * (1 + 0.16 * ragged)) return Zone.OldTown;
        if (point.To(NewCentre) < NewCentreReach * (1 + 0.15 * ragged)) return Zone.NewCentre;
        for (var i = 1; i < oldTowns.Count; i++)
            if (point.To(oldTowns[i].Centre) < oldTowns[i].Reach * (2.1 + 0.3 * ragged)) return Zone.Inner;
        var share = point.Length / radius + 0.05 * ragged;
        if (share > 0.50 && (BeyondRailway(point) && point.X < 0.45 * radius || point.X < -0.62 * radius && point.Y > -0.05 * radius)) return Zone.Industry;
        if (share > 0.86) return Zone.Fringe;
        return share < 0.50 ? Zone.Inner : Zone.Outer;
    }

    private bool BeyondRailway(Vec point)
    {
        var line = railway.Line;
        var index = (int)Math.Clamp((point.X - line[0].X) / (line[^1].X - line[0].X) * (line.Length - 1), 0, line.Length - 1);
        return point.Y > line[index].Y;
    }

    /// <summary>How large a street block is in this part of town, square metres.</summary>
    public static double BlockArea(Zone zone) => zone switch
    {
        Zone.OldTown => 10_500,
        Zone.Inner => 20_000,
        Zone.NewCentre => 20_000,
        Zone.Outer => 28_000,
        Zone.Industry => 75_000,
        _ => 60_000,
    };

    /// <summary>How freely streets were laid out: 0 by a ruler, 1 by the way people walked.</summary>
    public static double Freedom(Zone zone) => zone switch
    {
        Zone.OldTown => 0.9,
        Zone.Inner => 0.4,
        Zone.Fringe => 0.6,
        _ => 0.15,
    };
}
