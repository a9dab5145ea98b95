using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Streets;

/// <summary>A river, a canal or a railway: a middle line, the width of its bed along the line, and the strip up to the roads on both sides.</summary>
internal sealed record Corridor(string Name, string NameEn, EdgeKind Centre, EdgeKind Side, Vec[] Line, double[] HalfWidths, double Margin)
{
    public bool IsWater => Centre is EdgeKind.RiverCentre or EdgeKind.CanalCentre;

    public Vec[] Offset(double sign, double extra)
    {
        var side = new Vec[Line.Length];
        for (var i = 0; i < Line.Length; i++)
        {
            var along = (Line[Math.Min(i + 1, Line.Length - 1)] - Line[Math.Max(i - 1, 0)]).Unit;
            side[i] = Line[i] + along.Left * (sign * (HalfWidths[i] + extra));
        }
        return side;
    }

    /// <summary>The bed between its two edges, as one ring.</summary>
    public Vec[] Bed() => [.. Offset(-1, 0), .. Offset(1, 0).Reverse()];

    /// <summary>How far a point lies within the strip; negative outside.</summary>
    public double DepthInStrip(Vec point)
    {
        var best = double.NegativeInfinity;
        for (var i = 0; i + 1 < Line.Length; i++)
            best = Math.Max(best, HalfWidths[i] + Margin - Shapes.Distance(point, Line[i], Line[i + 1]));
        return best;
    }
}

internal sealed record SkeletonLine(Vec[] Points, EdgeKind Kind, int Name, int Corridor);

/// <summary>What shapes the whole town: its edge, river, canal, railway, ring roads, main avenues. Everything else subdivides what these leave.</summary>
internal sealed class Skeleton
{
    public double RadiusMetres { get; }
    public Vec[] Boundary { get; }
    public List<Corridor> Corridors { get; } = [];
    public List<SkeletonLine> Lines { get; } = [];

    public Skeleton(double radiusMetres, Pcg random, Func<EdgeKind, string, int> nameRoad)
    {
        RadiusMetres = radiusMetres;
        var r = radiusMetres;
        Boundary = DrawBoundary(r, random);
        Lines.Add(new([.. Boundary, Boundary[0]], EdgeKind.Boundary, nameRoad(EdgeKind.Footpath, "环城绿道"), -1));
        AddRiver(r, random);
        AddCanal(r, random);
        AddRailway(r, random);
        for (var i = 0; i < Corridors.Count; i++)
        {
            var corridor = Corridors[i];
            Lines.Add(new(corridor.Line, corridor.Centre, -1, i));
            Lines.Add(new(corridor.Offset(1, corridor.Margin), corridor.Side, nameRoad(corridor.Side, corridor.Name + "北路"), i));
            Lines.Add(new(corridor.Offset(-1, corridor.Margin), corridor.Side, nameRoad(corridor.Side, corridor.Name + "南路"), i));
        }
        AddSmallCrossings(random, nameRoad);
        AddRings(r, random, nameRoad);
        AddAvenues(r, random, nameRoad);
    }

    private static Vec[] DrawBoundary(double r, Pcg random)
    {
        var phases = new double[5];
        for (var i = 0; i < phases.Length; i++) phases[i] = random.Between(0, SteadyMath.FullTurn);
        var count = (int)Math.Clamp(SteadyMath.FullTurn * r / 150, 40, 1200);
        var ring = new Vec[count];
        for (var i = 0; i < count; i++)
        {
            var angle = SteadyMath.FullTurn * i / count;
            var reach = r * (1 + 0.07 * SteadyMath.Cos(2 * angle + phases[0]) + 0.05 * SteadyMath.Cos(3 * angle + phases[1])
                + 0.025 * SteadyMath.Cos(7 * angle + phases[2]) + 0.012 * SteadyMath.Cos(17 * angle + phases[3]) + 0.006 * SteadyMath.Cos(41 * angle + phases[4]));
            ring[i] = Vec.FromAngle(angle) * reach;
        }
        return ring;
    }

    private void AddRiver(double r, Pcg random)
    {
        var phase = random.Between(1.9, 2.5);
        var second = random.Between(0, SteadyMath.FullTurn);
        var widthPhase = random.Between(0, SteadyMath.FullTurn);
        var count = (int)Math.Clamp(2.8 * r / 70, 60, 700);
        var line = new Vec[count];
        var widths = new double[count];
        var scale = Math.Min(1, r / 2500);
        for (var i = 0; i < count; i++)
        {
            var u = -1.4 + 2.8 * i / (count - 1);
            line[i] = new(u * r, r * (-0.20 + 0.105 * SteadyMath.Sin(3.1 * u + phase) + 0.022 * SteadyMath.Sin(8.3 * u + second)));
            widths[i] = scale * (60 + 22 * SteadyMath.Sin(4.3 * u + widthPhase) + 8 * SteadyMath.Sin(13 * u + second));
        }
        Corridors.Add(new("澜江", "Lan River", EdgeKind.RiverCentre, EdgeKind.Collector, line, widths, 42));
    }

    private void AddCanal(double r, Pcg random)
    {
        var phase = random.Between(0, SteadyMath.FullTurn);
        var river = Corridors[0];
        var line = new List<Vec>();
        var step = Math.Clamp(r / 60, 45, 120);
        for (var y = 1.35 * r; ; y -= step)
        {
            var u = y / r;
            var point = new Vec(r * (-0.21 - 0.10 * u + 0.05 * SteadyMath.Sin(4.1 * u + phase) + 0.012 * SteadyMath.Sin(11 * u)), y);
            line.Add(point);
            var nearest = double.MaxValue;
            foreach (var there in river.Line) nearest = Math.Min(nearest, Math.Abs(there.X - point.X) < 80 ? point.Y - there.Y : double.MaxValue);
            if (nearest < -10) break;
        }
        var widths = new double[line.Count];
        for (var i = 0; i < widths.Length; i++) widths[i] = 13 + 3 * SteadyMath.Sin(i * 0.31);
        Corridors.Add(new("漕河", "Cao Canal", EdgeKind.CanalCentre, EdgeKind.Lane, [.. line], widths, 20));
    }

    private void AddRailway(double r, Pcg random)
    {
        var tilt = random.Between(0.05, 0.12);
        var count = (int)Math.Clamp(2.6 * r / 160, 30, 400);
        var line = new Vec[count];
        var widths = new double[count];
        for (var i = 0; i < count; i++)
        {
            var u = -1.3 + 2.6 * i / (count - 1);
            line[i] = new(u * r, r * (0.56 + tilt * u - 0.07 * u * u));
            widths[i] = 9;
        }
        Corridors.Add(new("铁路", "Railway", EdgeKind.RailCentre, EdgeKind.Lane, line, widths, 22));
    }

    /// <summary>Between the main roads: small bridges over the canal, a few more over the river, underpasses below the railway.</summary>
    private void AddSmallCrossings(Pcg random, Func<EdgeKind, string, int> nameRoad)
    {
        foreach (var corridor in Corridors)
        {
            var kind = corridor.Centre == EdgeKind.RiverCentre ? EdgeKind.Collector : EdgeKind.Lane;
            var spacing = corridor.Centre switch { EdgeKind.RiverCentre => 1700.0, EdgeKind.CanalCentre => 520.0, _ => 950.0 };
            var wait = spacing * random.Between(0.3, 0.9);
            for (var i = 1; i + 1 < corridor.Line.Length; i++)
            {
                wait -= corridor.Line[i].To(corridor.Line[i - 1]);
                if (wait > 0) continue;
                wait = spacing * random.Between(0.75, 1.3);
                var aside = (corridor.Line[i + 1] - corridor.Line[i - 1]).Unit.Left * (corridor.HalfWidths[i] + corridor.Margin + 4);
                Lines.Add(new([corridor.Line[i] - aside, corridor.Line[i] + aside], kind, nameRoad(kind, ""), -1));
            }
        }
    }

    private void AddRings(double r, Pcg random, Func<EdgeKind, string, int> nameRoad)
    {
        double[] reaches = r > 9000 ? [0.13, 0.32, 0.53, 0.76] : r > 3000 ? [0.33, 0.70] : [0.55];
        string[] names = ["内环路", "外环路", "三环路", "四环路"];
        for (var k = 0; k < reaches.Length; k++)
        {
            var phase = random.Between(0, SteadyMath.FullTurn);
            var turn = random.Between(-0.08, 0.08);
            var count = (int)Math.Clamp(SteadyMath.FullTurn * reaches[k] * r / 60, 36, 900);
            var ring = new Vec[count + 1];
            for (var i = 0; i <= count; i++)
            {
                var angle = SteadyMath.FullTurn * (i % count) / count;
                var c = SteadyMath.Cos(angle);
                var s = SteadyMath.Sin(angle);
                // |x|^4 + |y|^4 = 1: a square with round corners, as Chinese ring roads are.
                var reach = 1 / Math.Sqrt(Math.Sqrt(c * c * c * c + s * s * s * s));
                reach = 0.55 + 0.45 * reach;
                reach *= r * reaches[k] * (1 + 0.03 * SteadyMath.Sin(3 * angle + phase));
                ring[i] = Vec.FromAngle(angle + turn) * reach;
            }
            Lines.Add(new(ring, EdgeKind.Ring, nameRoad(EdgeKind.Ring, names[k]), -1));
        }
    }

    private void AddAvenues(double r, Pcg random, Func<EdgeKind, string, int> nameRoad)
    {
        // The old cross of the four gates, then diagonals from the first ring outwards.
        AddAvenue(new(-1.3 * r, 0.10 * r), new(1.3 * r, 0.03 * r), 0.03 * r, random, nameRoad(EdgeKind.Arterial, "人和大道"));
        AddAvenue(new(0.06 * r, -1.3 * r), new(-0.02 * r, 1.3 * r), 0.03 * r, random, nameRoad(EdgeKind.Arterial, "中兴大道"));
        double[] turns = r > 3000 ? [38, 68, 118, 146, 216, 244, 298, 326] : [45, 135, 225, 315];
        foreach (var degrees in turns)
        {
            var direction = Vec.FromAngle((degrees + random.Between(-4, 4)) / 360 * SteadyMath.FullTurn);
            var start = direction * (r * (degrees % 90 is > 30 and < 60 ? 0.31 : 0.66));
            AddAvenue(start, direction * (1.35 * r), 0.025 * r, random, nameRoad(EdgeKind.Arterial, ""));
        }
        if (r <= 9000) return;
        for (var k = 0; k < 16; k++)
        {
            var direction = Vec.FromAngle((k * 22.5 + 11 + random.Between(-3, 3)) / 360 * SteadyMath.FullTurn);
            AddAvenue(direction * (0.74 * r), direction * (1.35 * r), 0.01 * r, random, nameRoad(EdgeKind.Arterial, ""));
        }
    }

    private void AddAvenue(Vec from, Vec to, double sway, Pcg random, int name)
    {
        var way = to - from;
        var count = (int)Math.Clamp(way.Length / 90, 12, 500);
        var phase = random.Between(0, SteadyMath.FullTurn);
        var points = new Vec[count + 1];
        for (var i = 0; i <= count; i++)
        {
            var t = (double)i / count;
            var swing = SteadyMath.Sin(5.3 * t + phase) + 0.3 * SteadyMath.Sin(13.7 * t + 2 * phase);
            points[i] = from + way * t + way.Unit.Left * (sway * swing * Math.Min(1, 4 * t));
        }
        Lines.Add(new(points, EdgeKind.Arterial, name, -1));
    }
}
