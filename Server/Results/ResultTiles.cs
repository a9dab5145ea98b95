using System.Text;
using System.Text.Json;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Packed;
using GridMap.Geo.Tiles;
using GridMap.Server.Layers;
using NetTopologySuite.IO;

namespace GridMap.Server.Results;

/// <summary>An answer as a layer of which tiles can be cut: its shapes packed, the properties of each row beside them. Immutable but for the tiles already made.</summary>
public sealed class ResultTiles
{
    private const int MostTiles = 2_000;

    private static readonly GeoJsonLimits AnySize = new() { MaxVertices = int.MaxValue, MaxPairs = long.MaxValue };

    [ThreadStatic] private static (TileGeometry Geometry, VectorTileWriter Writer)? t_tools;

    private readonly ResultLayer _layer;
    private readonly GeometryArena _shapes;
    private readonly List<(PackedBox Box, int Row)> _rows = [];
    private readonly byte[][] _names;
    private readonly List<byte[]> _texts = [];
    private readonly object?[][] _values;
    private readonly Dictionary<(int Z, int X, int Y), MadeTile> _made = [];
    private long _madeBytes;

    public ResultTiles(ResultLayer layer)
    {
        _layer = layer;
        var (builder, wkb) = (new GeometryArenaBuilder(0, 0), new WKBWriter());
        var codes = new Dictionary<string, Said>();
        _names = [.. layer.Columns.Select(column => column.Name).Concat(layer.About.Select(about => about.Name)).Select(Encoding.UTF8.GetBytes)];
        var about = layer.About.Select(each => Value(each.Value)).ToArray();
        _values = new object?[layer.Rows.Count][];
        for (var i = 0; i < layer.Rows.Count; i++)
        {
            var row = layer.Rows[i];
            if (row.Geometry is not { } json) continue; // without a place there is nothing of it on a map
            using var document = JsonDocument.Parse(json);
            // An outline without a point in it: the walk reaches nowhere.
            if (document.RootElement.GetProperty("coordinates").GetArrayLength() == 0) continue;
            var read = GeoJsonReader.Read(document.RootElement, AnySize);
            if (!read.IsRead) throw new InvalidDataException($"row {i} of {layer.Name}: {read.Path} {read.Detail}");
            _rows.Add((builder.Add(wkb.Write(read.Geometry)), i));
            _values[i] = [.. row.Values.Select(Value), .. about];
        }
        _shapes = builder.Build();
        Bytes = _shapes.Bytes + _texts.Sum(text => text.Length + 60L) + (24L * _rows.Count * _names.Length) + 4_000;

        // Texts are kept once, as numbers: the same in thousands of rows.
        object? Value(object? value) => value switch
        {
            null => null,
            int number => (long)number,
            long or double => value,
            _ => Text(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!),
        };

        Said Text(string text)
        {
            if (codes.TryGetValue(text, out var known)) return known;
            _texts.Add(Encoding.UTF8.GetBytes(text));
            return codes[text] = new Said(_texts.Count - 1);
        }
    }

    /// <summary>Of memory, with the tiles already made.</summary>
    public long Bytes { get; private set; }

    public MadeTile Tile(int z, int x, int y)
    {
        lock (_made)
        {
            if (_made.TryGetValue((z, x, y), out var known)) return known;
        }
        var tile = new MadeTile(Make(new TileMatrix(TileMatrixSet.WebMercatorQuad, z, x, y)));
        lock (_made)
        {
            if (_made.Count >= MostTiles)
            {
                _made.Clear();
                (Bytes, _madeBytes) = (Bytes - _madeBytes, 0);
            }
            if (_made.TryAdd((z, x, y), tile)) (Bytes, _madeBytes) = (Bytes + tile.Size, _madeBytes + tile.Size);
        }
        return tile;
    }

    /// <param name="template">Of a tile's address, with {z}, {x} and {y}.</param>
    public TileJson Describe(string template)
    {
        var box = PackedBox.Nothing;
        foreach (var row in _rows) box = box.With(row.Box);
        double[] bounds = _rows.Count == 0 ? [-180, -85.05112877980659, 180, 85.05112877980659] : [box.MinX / 1e7, box.MinY / 1e7, box.MaxX / 1e7, box.MaxY / 1e7];
        var about = _layer.About.ToDictionary(each => each.Name, each => each.Value);
        var fields = _layer.Columns.ToDictionary(column => column.Name, column => column.Kind is ColumnKind.Integer or ColumnKind.Number ? "Number" : "String");
        foreach (var (name, value) in about) fields[name] = value is int or long or double ? "Number" : "String";
        return new TileJson("3.0.0", _layer.Name, $"An answer: {_layer.Rows.Count} rows", "1.0.0", [template], 0, 16, bounds, [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, 12],
            [new VectorLayer(_layer.Name, _layer.Name, 0, 16, fields)])
        { About = about };
    }

    private byte[] Make(TileMatrix tile)
    {
        var (geometry, writer) = t_tools ??= (new TileGeometry(), new VectorTileWriter());
        writer.Begin(_layer.Name, _names);
        var reach = tile.Reach;
        for (var shape = 0; shape < _rows.Count; shape++)
        {
            var (box, row) = _rows[shape];
            if (!box.Meets(reach) || !geometry.Encode(_shapes.Read(shape), tile)) continue;
            for (var key = 0; key < _names.Length; key++)
            {
                switch (_values[row][key])
                {
                    case Said said:
                        if (!writer.Repeat(key, said.Code)) writer.Text(key, _texts[said.Code]);
                        break;
                    case long number:
                        writer.Whole(key, number);
                        break;
                    case double number:
                        writer.Double(key, number);
                        break;
                }
            }
            // A row that stands for a grid or an area has its id, so that it can be coloured by it; any other its number from 1.
            writer.Feature(_layer.Columns[0] is { Name: "id" } && _values[row][0] is long id ? id : row + 1, geometry.Type, geometry.Commands);
        }
        return writer.End();
    }

    private sealed record Said(int Code);
}
