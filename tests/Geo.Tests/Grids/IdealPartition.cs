using GridMap.Geo.GeoJson;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Tests.Grids;

/// <summary>A clean partition by construction: side × side grids, or of as many rows as wanted, with crooked shared borders around 119.9°E 31.7°N, about 100 m each.</summary>
internal sealed class IdealPartition
{
    public const double Cell = 0.001;
    private const double West = 119.9;
    private const double South = 31.7;

    private readonly Dictionary<(int, int, bool, int), Coordinate> vertices = new();
    private readonly Random random = new(42);
    private readonly int side;
    private readonly int pieces;

    public IdealPartition(int side, int pieces = 6, int? rows = null)
    {
        var tall = rows ?? side;
        this.side = side;
        this.pieces = pieces;
        for (var row = 0; row < tall; row++)
            for (var column = 0; column < side; column++)
                Children.Add(Polygon(column, row, 1, 1));
        Parent = Polygon(0, 0, side, tall);
    }

    public static MetricPlane Plane { get; } = MetricPlane.ForSrid(4549);

    public List<Geometry> Children { get; } = [];

    public Polygon Parent { get; }

    public Polygon this[int index] => (Polygon)Children[index];

    /// <summary>The polygon of a block of grids, with every vertex of their borders.</summary>
    public Polygon Polygon(int column, int row, int columns, int rows)
    {
        var ring = new List<Coordinate>();
        for (var c = column; c < column + columns; c++) Along(ring, c, row, horizontal: true, forward: true);
        for (var r = row; r < row + rows; r++) Along(ring, column + columns, r, horizontal: false, forward: true);
        for (var c = column + columns - 1; c >= column; c--) Along(ring, c, row + rows, horizontal: true, forward: false);
        for (var r = row + rows - 1; r >= row; r--) Along(ring, column, r, horizontal: false, forward: false);
        ring.Add(ring[0].Copy());
        return GeoJsonReader.Factory.CreatePolygon([.. ring]);
    }

    /// <summary>A copy of a child with one vertex moved.</summary>
    public Polygon Moved(int index, int vertex, double dLon, double dLat)
    {
        var ring = this[index].Copy().Coordinates;
        ring[vertex] = new(GeoJsonReader.Snap(ring[vertex].X + dLon), GeoJsonReader.Snap(ring[vertex].Y + dLat));
        if (vertex == 0) ring[^1] = ring[0].Copy();
        return GeoJsonReader.Factory.CreatePolygon(ring);
    }

    private void Along(List<Coordinate> ring, int column, int row, bool horizontal, bool forward)
    {
        for (var k = 0; k < pieces; k++)
        {
            var piece = forward ? k : pieces - k;
            // The end of one border is the start of the next: one vertex under one name.
            var (c, r, h, p) = piece == pieces ? (horizontal ? column + 1 : column, horizontal ? row : row + 1, true, 0) : piece == 0 ? (column, row, true, 0) : (column, row, horizontal, piece);
            ring.Add(Vertex(c, r, h, p).Copy());
        }
    }

    private Coordinate Vertex(int column, int row, bool horizontal, int piece)
    {
        if (vertices.TryGetValue((column, row, horizontal, piece), out var vertex)) return vertex;
        double along = piece / (double)pieces, jitter = 0.1 / pieces * (random.NextDouble() - 0.5), across = 0.2 / pieces * (random.NextDouble() - 0.5);
        double x = column + (horizontal ? along : 0) + (horizontal ? jitter : across), y = row + (horizontal ? 0 : along) + (horizontal ? across : jitter);
        vertex = new(GeoJsonReader.Snap(West + x * Cell), GeoJsonReader.Snap(South + y * Cell));
        vertices.Add((column, row, horizontal, piece), vertex);
        return vertex;
    }
}
