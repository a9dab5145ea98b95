using System.Buffers.Binary;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>Rows of a layer in memory, in the order of their ids: columns, packed geometries and a tree over them. Immutable.</summary>
public sealed class Segment
{
    private readonly long[] _ids;

    internal Segment(long[] ids, ColumnData[] columns, GeometryArena geometries, ReadOnlySpan<PackedBox> boxes) =>
        (_ids, Columns, Geometries, Tree, Runs) = (ids, columns, geometries, new PackedTree(boxes), new RunBoxes(boxes));

    public int Count => _ids.Length;

    /// <summary>In the order of the layer's columns.</summary>
    public IReadOnlyList<ColumnData> Columns { get; }

    public GeometryArena Geometries { get; }

    public PackedTree Tree { get; }

    public RunBoxes Runs { get; }

    public long Bytes => (_ids.LongLength * 8) + Columns.Sum(column => column.Bytes) + Geometries.Bytes + Tree.Bytes + Runs.Bytes;

    public ReadOnlySpan<long> Ids => _ids;

    /// <summary>The row of an id, or the complement of where it would stand.</summary>
    public int Find(long id)
    {
        // Ids mostly run without gaps: look first where it would stand then.
        if (_ids.Length > 0 && id >= _ids[0] && id - _ids[0] < _ids.Length && _ids[id - _ids[0]] == id) return (int)(id - _ids[0]);
        return Array.BinarySearch(_ids, id);
    }
}

/// <summary>Collects rows, in the order of their ids, into a <see cref="Segment"/>.</summary>
public sealed class SegmentBuilder
{
    private readonly Layer _layer;
    private readonly List<long> _ids = [];
    private readonly List<PackedBox> _boxes = [];
    private readonly ColumnBuilder[] _columns;
    private readonly GeometryArenaBuilder _geometries;

    public SegmentBuilder(Layer layer, (int X, int Y) origin)
    {
        _layer = layer;
        _columns = [.. layer.Columns.Select(column => ColumnBuilder.For(column.Kind))];
        _geometries = new GeometryArenaBuilder(origin.X, origin.Y);
    }

    public int Count => _ids.Count;

    public IReadOnlyList<PackedBox> Boxes => _boxes;

    public IReadOnlyList<long> Ids => _ids;

    /// <summary>A row as <see cref="CopySql"/> asks for it.</summary>
    /// <exception cref="NotPackableException">Something that cannot be kept exactly.</exception>
    public void Add(CopyReader row)
    {
        if (row.IsNull(1)) throw new NotPackableException("a row without a geometry");
        var id = BinaryPrimitives.ReadInt64BigEndian(row.Field(0));
        try
        {
            _boxes.Add(_geometries.Add(row.Field(1)));
        }
        catch (Geo.GeoJson.WkbException exception)
        {
            throw new NotPackableException($"{_layer.Name} {id}: {exception.Message}", exception);
        }
        _ids.Add(id);
        for (var i = 0; i < _columns.Length; i++) _columns[i].Add(row.Field(i + 2), row.IsNull(i + 2));
    }

    public void Add(Segment from, int row, PackedBox box)
    {
        _ids.Add(from.Ids[row]);
        _boxes.Add(box);
        _geometries.Add(from.Geometries, row);
        for (var i = 0; i < _columns.Length; i++) from.Columns[i].CopyTo(_columns[i], row);
    }

    public Segment Build() => new([.. _ids], [.. _columns.Select(column => column.Build())], _geometries.Build(),
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_boxes));
}
