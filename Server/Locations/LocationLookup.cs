using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using GridMap.Geo.Packed;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace GridMap.Server.Locations;

/// <summary>What lies at a place, from memory: the same answers as <see cref="LocationQueries"/>, as JSON and with no object for a grid or a person.</summary>
public sealed class LocationLookup(GridLookups lookups, LayerCopies copies, LayerCatalog catalog, IOptions<JsonOptions> json)
{
    private const int MostNets = 64;

    private readonly JsonSerializerOptions _json = json.Value.SerializerOptions;
    private readonly Named _compounds = new(catalog.Find("compounds")!, ["code", "name"]), _buildings = new(catalog.Find("buildings")!, ["code", "name", "address"]);

    /// <summary>Writes a <see cref="Location"/>.</summary>
    /// <returns>False, and nothing is written, when the database must be asked: nothing in memory, or several buildings at one point, whose order is the database's own.</returns>
    public bool TryWrite(Place place, Place asked, DateTime at, string coord, bool withPhones, IBufferWriter<byte> target)
    {
        if (lookups.Ready is not { } lookup || copies.Find(_compounds.Layer) is not { } compounds || copies.Find(_buildings.Layer) is not { } buildings || lookup.Nets.Length > MostNets) return false;
        if (!TryOne(compounds, place, out var compound) || !TryOne(buildings, place, out var building)) return false;
        Span<int> grids = stackalloc int[lookup.Nets.Length];
        lookup.Find(place.Lon, place.Lat, at, grids);
        var area = lookup.AreaAt(place.Lon, place.Lat, lookup.BaseNet >= 0 ? grids[lookup.BaseNet] : -1);
        var texts = LocationTexts.Of(lookup, _json);
        var output = new Utf8Output(target);
        output.Write("{\"place\":{\"lon\":"u8);
        Write(ref output, asked.Lon);
        output.Write(",\"lat\":"u8);
        Write(ref output, asked.Lat);
        output.Write("},\"at\":"u8);
        Write(ref output, at);
        output.Write(",\"coord\":\""u8);
        foreach (var letter in coord) output.Write((byte)letter);
        output.Write("\",\"areas\":"u8);
        output.Write(texts.Chain(area));
        output.Write(",\"grids\":["u8);
        Write(ref output, texts, grids, WholeData.Micros(at), withPhones);
        output.Write("],\"compound\":"u8);
        _compounds.Write(ref output, compound);
        output.Write(",\"building\":"u8);
        _buildings.Write(ref output, building);
        output.Write((byte)'}');
        output.Flush();
        return true;
    }

    private static void Write(ref Utf8Output output, LocationTexts texts, scoped ReadOnlySpan<int> grids, long micros, bool withPhones)
    {
        var first = true;
        foreach (var grid in grids)
        {
            if (grid < 0) continue;
            if (!first) output.Write((byte)',');
            first = false;
            var text = texts.Grid(grid);
            output.Write(text.Head);
            var people = 0;
            foreach (var duty in text.Duties)
            {
                if (micros < duty.FromMicros || micros >= duty.ToMicros) continue;
                if (people++ > 0) output.Write((byte)',');
                output.Write(withPhones ? duty.WithPhone : duty.WithoutPhone);
            }
            output.Write("]}"u8);
        }
    }

    private static void Write(ref Utf8Output output, double number)
    {
        Utf8Formatter.TryFormat(number, output.Span(32), out var length);
        output.Advance(length);
    }

    // As System.Text.Json writes a time: the fraction without zeros at its end.
    private static void Write(ref Utf8Output output, DateTime utc)
    {
        var span = output.Span(32);
        span[0] = (byte)'"';
        Utf8Formatter.TryFormat(utc, span[1..], out var length, new StandardFormat('O'));
        var end = length; // at the Z
        while (span[end - 1] == '0' && end > 21) end--;
        if (span[end - 1] == '.') end--;
        span[end] = (byte)'Z';
        span[end + 1] = (byte)'"';
        output.Advance(end + 2);
    }

    // False when there are several.
    private static bool TryOne(LayerCopy copy, Place place, out (Segment? Segment, int Row) found)
    {
        found = default;
        // The box of the place, one step wider: a place need not be on the lattice.
        var (x, y) = ((int)Math.Floor(place.Lon * 1e7), (int)Math.Floor(place.Lat * 1e7));
        var box = new PackedBox(x, y, x + 1, y + 1);
        foreach (var part in copy.Parts)
        {
            var hits = new Hits();
            part.Segment.Tree.Find(box, box, ref hits);
            for (var i = 0; i < hits.Count; i++)
            {
                var row = hits.Item(i);
                if (!part.IsLive(row) || !PointTest.Meets(part.Segment.Geometries.Read(row), place.Lon, place.Lat)) continue;
                if (found.Segment is not null)
                {
                    hits.Dispose();
                    return false;
                }
                found = (part.Segment, row);
            }
            hits.Dispose();
        }
        return true;
    }

    /// <summary>A layer of which an answer names one feature.</summary>
    private sealed class Named(Layer layer, string[] names)
    {
        private readonly (int Column, byte[] Name)[] _columns = [.. names.Select(name => (layer.Columns.Index().First(column => column.Item.Name == name).Index, System.Text.Encoding.UTF8.GetBytes($",\"{name}\":")))];

        public Layer Layer => layer;

        public void Write(ref Utf8Output output, (Segment? Segment, int Row) found)
        {
            if (found.Segment is not { } segment)
            {
                output.Write("null"u8);
                return;
            }
            output.Write("{\"id\":"u8);
            output.Write(segment.Ids[found.Row]);
            foreach (var (column, name) in _columns)
            {
                output.Write(name);
                segment.Columns[column].WriteJson(ref output, found.Row);
            }
            output.Write((byte)'}');
        }
    }
}
