using System.Text;
using GridMap.Geo.Packed;
using GridMap.Geo.Tiles;
using GridMap.Server.Layers;

namespace GridMap.Server.Tiles;

/// <summary>Makes tiles from a layer's copy in memory, by the same rules as <see cref="TileQueries"/> does in the database.</summary>
public static class TileMaker
{
    // 64 cells a tile: as large as the buffer, so a cell is counted whole in every tile that shows it.
    private const int CellUnits = TileMatrix.Extent / 64;

    [ThreadStatic] private static Tools? t_tools;

    public static byte[] Make(LayerCopy copy, TileMatrix tile, IReadOnlyList<PropertyTest> tests)
    {
        var (layer, tools, zoom) = (copy.Layer, t_tools ??= new Tools(), tile.Set.Detail(tile.Z));
        var detail = layer.TileDetail(zoom);
        var counted = zoom < layer.CountBelowZoom;
        var columns = layer.Columns.Index().Where(column => column.Item.InTiles).Select(column => (column.Index, column.Item.Kind)).ToArray();
        var isOpen = counted && layer.OpenWhileNull is { } ending ? PropertyTest.IsNull(layer.Column(ending)) : null;
        var (countKey, openKey) = (columns.Length, columns.Length + 1);
        var names = columns.Select(column => layer.Columns[column.Index].Name).Concat(counted ? ["count"] : []).Concat(isOpen is null ? [] : ["open"]).Select(Encoding.UTF8.GetBytes).ToArray();
        tools.Writer.Begin(layer.Name, names);
        tools.Cells.Clear();
        tools.Firsts.Clear();
        var thinnedBy = layer.Thinning is { } thinning && zoom < thinning.BelowZoom ? layer.Columns.Index().First(column => column.Item.Name == thinning.By).Index : -1;
        for (var i = 0; i < copy.Parts.Length; i++)
        {
            var part = copy.Parts[i];
            var passes = tests.Concat(detail is null ? [] : [detail]).Select(test => RowTests.Of(part.Segment, layer, test)).ToArray();
            var open = isOpen is null ? null : RowTests.Of(part.Segment, layer, isOpen);
            var hits = new Hits();
            part.Segment.Tree.Find(tile.Reach, tile.Reach, ref hits);
            hits.Sort();
            for (var hit = 0; hit < hits.Count; hit++)
            {
                var row = hits.Item(hit);
                if (!part.IsLive(row) || !Passes(passes, row)) continue;
                if (counted) tools.Count(tile, part.Segment.Geometries.Read(row), part.Segment.Ids[row], open?.Passes(row) == true, i, row);
                else if (thinnedBy >= 0) tools.Thin(tile, part.Segment, thinnedBy, i, row);
                else if (tools.Geometry.Encode(part.Segment.Geometries.Read(row), tile)) Feature(tools, part.Segment, i, row, columns);
            }
            hits.Dispose();
        }
        foreach (var first in tools.Firsts.Values.OrderBy(first => first.Id))
        {
            var segment = copy.Parts[first.Part].Segment;
            if (tools.Geometry.Encode(segment.Geometries.Read(first.Row), tile)) Feature(tools, segment, first.Part, first.Row, columns);
        }
        foreach (var cell in tools.Cells.Values)
        {
            if (!tools.Geometry.EncodePoint(cell.X / cell.Count, cell.Y / cell.Count)) continue;
            tools.Writer.Whole(countKey, cell.Count);
            if (cell.Open > 0) tools.Writer.Whole(openKey, cell.Open);
            if (cell.Count == 1) Feature(tools, copy.Parts[cell.Part].Segment, cell.Part, cell.Row, columns);
            else tools.Writer.Feature(cell.Id, tools.Geometry.Type, tools.Geometry.Commands);
        }
        return tools.Writer.End();
    }

    private static bool Passes(CodeTest[] tests, int row)
    {
        foreach (var test in tests)
        {
            if (!test.Passes(row)) return false;
        }
        return true;
    }

    private static void Feature(Tools tools, Segment segment, int part, int row, (int Index, ColumnKind Kind)[] columns)
    {
        var writer = tools.Writer;
        for (var key = 0; key < columns.Length; key++)
        {
            switch (segment.Columns[columns[key].Index])
            {
                case TextData text when text.Codes[row] is var code and > 0:
                    if (!writer.Repeat(key, (long)code + ((long)part << 40))) writer.Text(key, text.Text(code));
                    break;
                case NumberData number when number.Value(row) is { } value:
                    writer.Double(key, value);
                    break;
                case WholeData whole when whole.TryValue(row, out var value):
                    if (columns[key].Kind == ColumnKind.Flag) writer.Flag(key, value != 0);
                    else writer.Whole(key, columns[key].Kind == ColumnKind.Time ? Seconds(value) : value);
                    break;
            }
        }
        writer.Feature(segment.Ids[row], tools.Geometry.Type, tools.Geometry.Commands);
    }

    // Seconds since 1970, rounded as PostgreSQL rounds a fraction to a whole number.
    private static long Seconds(long micros) => (long)Math.Round((micros / 1e6) + 946684800, MidpointRounding.ToEven);

    private sealed class Tools
    {
        public TileGeometry Geometry { get; } = new();

        public VectorTileWriter Writer { get; } = new();

        private readonly List<(byte[] Text, string Kind)> _kinds = [];

        public SortedDictionary<(int X, int Y), Cell> Cells { get; } = [];

        public Dictionary<(int X, int Y, string Kind), (long Id, int Part, int Row)> Firsts { get; } = [];

        public void Thin(TileMatrix tile, Segment segment, int column, int part, int row)
        {
            if (Place(tile, segment.Geometries.Read(row), out _, out _) is not { } at) return;
            var texts = (TextData)segment.Columns[column];
            var kind = (at.X, at.Y, texts.Codes[row] is var code and > 0 ? Kind(texts.Text(code)) : "");
            if (!Firsts.TryGetValue(kind, out var first) || segment.Ids[row] < first.Id) Firsts[kind] = (segment.Ids[row], part, row);
        }

        // A few dozen texts, again and again.
        private string Kind(ReadOnlySpan<byte> text)
        {
            foreach (var (known, kind) in _kinds)
            {
                if (text.SequenceEqual(known)) return kind;
            }
            if (_kinds.Count >= 1000) _kinds.Clear();
            _kinds.Add((text.ToArray(), Encoding.UTF8.GetString(text)));
            return _kinds[^1].Kind;
        }

        private static (int X, int Y)? Place(TileMatrix tile, GeometryCursor point, out double x, out double y)
        {
            point.Next();
            (x, y) = (tile.UnitsX(point.X), tile.UnitsY(point.Y));
            if (x < -TileMatrix.Buffer || y < -TileMatrix.Buffer || x >= TileMatrix.Extent + TileMatrix.Buffer || y >= TileMatrix.Extent + TileMatrix.Buffer) return null;
            return ((int)Math.Floor(x / CellUnits), (int)Math.Floor(y / CellUnits));
        }

        public void Count(TileMatrix tile, GeometryCursor point, long id, bool isOpen, int part, int row)
        {
            if (Place(tile, point, out var x, out var y) is not { } at) return;
            Cells[at] = Cells.TryGetValue(at, out var cell)
                ? new Cell(Math.Min(cell.Id, id), cell.Count + 1, cell.Open + (isOpen ? 1 : 0), cell.X + x, cell.Y + y, cell.Part, cell.Row)
                : new Cell(id, 1, isOpen ? 1 : 0, x, y, part, row);
        }
    }

    private readonly record struct Cell(long Id, int Count, int Open, double X, double Y, int Part, int Row);
}
