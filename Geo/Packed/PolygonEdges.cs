namespace GridMap.Geo.Packed;

/// <summary>An edge of a ring, in steps of 1e-7°.</summary>
internal readonly record struct PackedEdge(int X1, int Y1, int X2, int Y2);

/// <summary>The edges of many polygons, unpacked; rings are closed here. What is no polygon has none.</summary>
internal sealed class PolygonEdges
{
    private readonly PackedEdge[] _edges;
    private readonly int[] _starts;

    private PolygonEdges(PackedEdge[] edges, int[] starts, PackedBox box) => (_edges, _starts, Box) = (edges, starts, box);

    public int Count => _starts.Length - 1;

    public PackedBox Box { get; }

    public ReadOnlySpan<PackedEdge> EdgesOf(int item) => _edges.AsSpan(_starts[item], _starts[item + 1] - _starts[item]);

    public static PolygonEdges Of(IReadOnlyList<(GeometryArena Arena, int Index)> geometries)
    {
        var (edges, starts, box) = (new List<PackedEdge>(), new int[geometries.Count + 1], PackedBox.Nothing);
        for (var item = 0; item < geometries.Count; item++)
        {
            var at = geometries[item].Arena.Read(geometries[item].Index);
            if (at.Kind is PackedKind.Polygon or PackedKind.MultiPolygon)
            {
                for (var polygons = at.Kind == PackedKind.MultiPolygon ? at.Count() : 1; polygons > 0; polygons--)
                {
                    for (var rings = at.Count(); rings > 0; rings--) Ring(ref at, edges, ref box);
                }
            }
            starts[item + 1] = edges.Count;
        }
        return new PolygonEdges([.. edges], starts, box);
    }

    private static void Ring(ref GeometryCursor at, List<PackedEdge> edges, ref PackedBox box)
    {
        var count = at.Count();
        if (count == 0) return;
        at.Next();
        var (firstX, firstY) = (at.X, at.Y);
        var (x, y) = (firstX, firstY);
        box = box.With(new PackedBox(x, y, x, y));
        for (var i = 1; i <= count; i++)
        {
            if (i < count) at.Next();
            var (nextX, nextY) = i < count ? (at.X, at.Y) : (firstX, firstY);
            edges.Add(new PackedEdge(x, y, nextX, nextY));
            (x, y) = (nextX, nextY);
            box = box.With(new PackedBox(x, y, x, y));
        }
    }
}
