using System.Text;
using GridMap.Geo.Packed;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Locations;

/// <summary>What lies at a place, from memory: the same answers as <see cref="LocationQueries"/>.</summary>
public sealed class LocationLookup(GridLookups lookups, LayerCopies copies, LayerCatalog catalog)
{
    private readonly Layer _compounds = catalog.Find("compounds")!, _buildings = catalog.Find("buildings")!;

    /// <summary>Null when the database must be asked: nothing in memory, or several buildings at one point, whose order is the database's own.</summary>
    public Location? One(Place place, Place asked, DateTime at, string coord, bool withPhones)
    {
        if (lookups.Ready is not { } lookup || copies.Find(_compounds) is not { } compounds || copies.Find(_buildings) is not { } buildings) return null;
        Span<int> grids = stackalloc int[lookup.Nets.Length <= 64 ? lookup.Nets.Length : 0];
        if (grids.Length != lookup.Nets.Length) return null;
        lookup.Find(place.Lon, place.Lat, at, grids);
        var area = lookup.AreaAt(place.Lon, place.Lat, lookup.BaseNet >= 0 ? grids[lookup.BaseNet] : -1);
        if (!TryOne(compounds, place, out var compound) || !TryOne(buildings, place, out var building)) return null;
        var there = new List<GridThere>(grids.Length);
        foreach (var grid in grids)
        {
            if (grid < 0) continue;
            var known = lookup.Grid(grid);
            there.Add(new GridThere(known.Id, lookup.Nets[known.Net], known.Code, known.Name, known.Kind,
                [.. lookup.DutiesOf(known, at).Select(duty => new DutyHolder(duty.Role, duty.Person, withPhones ? duty.Phone : null))]));
        }
        return new Location(asked, at, coord, area < 0 ? [] : [.. lookup.ChainOf(area).Select(up => new AreaRef(up.Id, up.Code, up.Name, up.NameEn, up.Level))], there,
            compound is var (segment, row) && segment is not null ? new CompoundRef(segment.Ids[row], Text(_compounds, segment, row, "code"), Text(_compounds, segment, row, "name")) : null,
            building is var (other, at2) && other is not null
                ? new BuildingRef(other.Ids[at2], Text(_buildings, other, at2, "code"), Text(_buildings, other, at2, "name"), Text(_buildings, other, at2, "address")) : null);
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

    private static string Text(Layer layer, Segment segment, int row, string name)
    {
        var column = 0;
        while (layer.Columns[column].Name != name) column++;
        var data = (TextData)segment.Columns[column];
        return data.Codes[row] is var code and > 0 ? Encoding.UTF8.GetString(data.Text(code)) : "";
    }
}
