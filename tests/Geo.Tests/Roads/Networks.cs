using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.SampleCity;

namespace GridMap.Geo.Tests.Roads;

/// <summary>Networks to search in: of reference files, random ones, and the sample city's.</summary>
internal static class Networks
{
    public static double[][] Csv(string name) => [.. File.ReadLines(ReferenceData.File(Path.Combine("pgrouting", name))).Skip(1)
        .Where(line => line.Length > 0).Select(line => Array.ConvertAll(line.Split(','), double.Parse))];

    /// <summary>The documentation's graph; one unit is a kilometre. Node n of the files is n − 1 here.</summary>
    public static RoadNetwork Sample()
    {
        var nodes = Csv("sample_vertices.csv");
        return RoadNetwork.Create([.. nodes.Select(n => n[1] * 1000)], [.. nodes.Select(n => n[2] * 1000)],
            [.. Csv("sample_edges.csv").Select(e => new NetworkEdge((int)e[1] - 1, (int)e[2] - 1, Cost(e[3]), Cost(e[4]), (long)e[0]))]);

        static int Cost(double units) => units < 0 ? RoadNetwork.NoWay : (int)(units * 1_000_000);
    }

    /// <summary>The network of 2,490 nodes; both ways.</summary>
    public static RoadNetwork Small()
    {
        var nodes = Csv("small_nodes.csv");
        return RoadNetwork.Create([.. nodes.Select(n => n[1])], [.. nodes.Select(n => n[2])], [.. Csv("small_edges.csv").Select(e =>
        {
            var millimetres = (int)Math.Round(e[3] * 1000);
            return new NetworkEdge((int)e[1] - 1, (int)e[2] - 1, millimetres, millimetres, (long)e[0]);
        })]);
    }

    /// <summary>Nodes at random places, each joined to some near it; some edges closed one way, some dearer one way, some loops and doubles, some of no cost.</summary>
    public static RoadNetwork Random(Random random, int nodes = 60, int edges = 110, int unit = 100_000)
    {
        double[] xs = new double[nodes], ys = new double[nodes];
        for (var i = 0; i < nodes; i++) (xs[i], ys[i]) = (random.Next(2000), random.Next(2000));
        return RoadNetwork.Create(xs, ys, [.. Enumerable.Range(0, edges).Select(i =>
        {
            int from = random.Next(nodes), to = random.Next(20) == 0 ? from : random.Next(nodes);
            // Few different costs: ties are what goes wrong.
            int forward = random.Next(6) * unit, backward = random.Next(4) == 0 ? random.Next(6) * unit : forward;
            if (random.Next(8) == 0) forward = RoadNetwork.NoWay;
            if (random.Next(8) == 0) backward = RoadNetwork.NoWay;
            return new NetworkEdge(from, to, forward, backward, i);
        })]);
    }

    public static EdgePoint Place(Random random, RoadNetwork network) =>
        new(random.Next(network.Edges), random.Next(5) == 0 ? random.Next(2) : random.Next(101) / 100.0, random.Next(3) * 20_000);

    public static RoadNetwork Of(City city)
    {
        var builder = new RoadNetworkBuilder(MetricPlane.ForSrid(City.MetricSrid));
        var id = 0L;
        foreach (var road in city.Roads)
            builder.Add(++id, [.. road.Line.Select(place => place.Lon)], [.. road.Line.Select(place => place.Lat)], new(1, 1, road.Layer));
        return builder.Build();
    }
}
