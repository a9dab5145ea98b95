using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Tests.Grids;

/// <summary>Edits as a restless planner would make them, from a seed: most are sensible, some are refused.</summary>
internal sealed class RandomEdits(ArcPartition partition, int seed)
{
    private readonly Random random = new(seed);

    public static readonly string[] Kinds = ["split", "merge", "move", "insert", "delete", "reshape", "transfer", "draw", "simplify"];

    public (string Kind, GridEditResult Result) Next()
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        // As many merges as new grids keep the city at its size.
        if (kind is "split" or "draw" && partition.FaceCount > 1_000) kind = "merge";
        var face = Any(partition.Faces.ToArray());
        return (kind, kind switch
        {
            "split" => GridEdit.Split(partition, [face], [Across(face)]),
            "merge" => GridEdit.Merge(partition, face, [Neighbour(face)]),
            "move" => Move(face),
            "insert" => GridEdit.InsertVertex(partition, Shaken(Vertex(face), 20), 30),
            "delete" => GridEdit.DeleteVertex(partition, Vertex(face)),
            "reshape" => Reshape(face),
            "transfer" => GridEdit.Transfer(partition, Blob(Vertex(face), 10 + random.Next(40)), face),
            "draw" => GridEdit.Draw(partition, Blob(Vertex(face), 15 + random.Next(50))),
            _ => GridEdit.Simplify(partition, [face, .. partition.NeighboursOf(face)], 1 + random.Next(20)),
        });
    }

    private T Any<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    private int Neighbour(int face) => partition.NeighboursOf(face) is { Count: > 0 } list ? Any(list) : face;

    private Coordinate Vertex(int face) => Any(partition.PolygonOf(face).Coordinates);

    private Coordinate Shaken(Coordinate at, double metres) => new(at.X + (random.NextDouble() - 0.5) * 2 * metres / 95_000, at.Y + (random.NextDouble() - 0.5) * 2 * metres / 111_000);

    private LineString Across(int face)
    {
        var box = partition.PolygonOf(face).EnvelopeInternal;
        var middle = partition.PolygonOf(face).InteriorPoint.Coordinate;
        var angle = random.NextDouble() * Math.PI;
        double reach = Math.Max(box.Width, box.Height) * (0.5 + random.NextDouble()), dx = Math.Cos(angle) * reach, dy = Math.Sin(angle) * reach;
        return GeoJsonReader.Factory.CreateLineString([new(middle.X - dx, middle.Y - dy), Shaken(middle, 10), Shaken(middle, 10), new(middle.X + dx, middle.Y + dy)]);
    }

    private GridEditResult Move(int face)
    {
        var from = Vertex(face);
        return GridEdit.MoveVertex(partition, from, Shaken(from, 15));
    }

    private GridEditResult Reshape(int face)
    {
        var other = Neighbour(face);
        var shared = partition.ArcsOf(face).FirstOrDefault(arc => arc.Beyond(face) == other);
        if (shared is null) return GridEdit.Reshape(partition, face, other, GeoJsonReader.Factory.CreateLineString([new(0, 0), new(1, 1)]));
        Coordinate a = shared.First.ToCoordinate(), b = shared.Last.ToCoordinate();
        return GridEdit.Reshape(partition, face, other, GeoJsonReader.Factory.CreateLineString([Shaken(a, 1), Shaken(new((a.X + b.X) / 2, (a.Y + b.Y) / 2), 25), Shaken(b, 1)]));
    }

    private Polygon Blob(Coordinate middle, double metres)
    {
        var corners = 3 + random.Next(6);
        var ring = Enumerable.Range(0, corners).Select(i =>
        {
            double angle = Math.Tau * i / corners, radius = metres * (0.6 + 0.4 * random.NextDouble());
            return new Coordinate(middle.X + Math.Cos(angle) * radius / 95_000, middle.Y + Math.Sin(angle) * radius / 111_000);
        }).ToList();
        ring.Add(ring[0].Copy());
        return GeoJsonReader.Factory.CreatePolygon([.. ring]);
    }
}
