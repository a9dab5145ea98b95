using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Joins;

/// <summary>
/// Grids and areas of many places at one moment, by the rule of the database itself: of several grids of a net that touch a point the lowest code has it, and the
/// place belongs to the area of its base grid, or else to the lowest area under it.
/// </summary>
public sealed class JoinPlaces
{
    private sealed record Area(string Code, string Name, string Level, long? ParentId);

    private readonly Database _database;
    private readonly DateTime _at;
    private readonly Dictionary<long, Area> _areas;
    private readonly Dictionary<(string Net, string Code), string> _people;

    private readonly GridLookup? _lookup;

    private JoinPlaces(Database database, GridLookup? lookup, DateTime at, string[] nets, Dictionary<long, Area> areas, Dictionary<(string, string), string> people) =>
        (_database, _lookup, _at, Nets, _areas, _people) = (database, lookup, at, nets, areas, people);

    /// <summary>Codes of all nets, in their order.</summary>
    public string[] Nets { get; }

    public static async Task<JoinPlaces> Of(Database database, GridLookups lookups, DateTime at, bool withPeople, CancellationToken cancellation)
    {
        var nets = await database.Query($"SELECT code FROM nets ORDER BY id", row => row.GetString(0), cancellation);
        var areas = await database.Query($"SELECT id, code, name, level, parent_id FROM areas",
            row => (Id: row.GetInt64(0), Area: new Area(row.GetString(1), row.GetString(2), row.GetString(3), row.LongOrNull(4))), cancellation);
        var people = !withPeople ? [] : await database.Query($"""
            SELECT nets.code, duties.grid_code, string_agg(duties.role || ': ' || duties.person, '; ' ORDER BY duties.role, duties.person)
            FROM duties JOIN nets ON nets.id = duties.net_id
            WHERE duties.valid_from <= {at} AND duties.valid_to > {at} GROUP BY nets.code, duties.grid_code
            """, row => (Net: row.GetString(0), Code: row.GetString(1), People: row.GetString(2)), cancellation);
        var lookup = await lookups.Get(cancellation);
        // One that knows other nets is of another moment: then the database answers.
        if (lookup is not null && !lookup.Nets.SequenceEqual(nets)) lookup = null;
        return new JoinPlaces(database, lookup, at, [.. nets], areas.ToDictionary(area => area.Id, area => area.Area), people.ToDictionary(one => (one.Net, one.Code), one => one.People));
    }

    /// <summary>One answer for each place, in order: from memory where the boundaries are there, else from the database, which say the same.</summary>
    public async Task<Joined[]> Find(IReadOnlyList<Place> places, CancellationToken cancellation)
    {
        var found = new Joined[places.Count];
        if (places.Count == 0) return found;
        if (_lookup is { } lookup)
        {
            var grids = new int[Nets.Length];
            for (var i = 0; i < found.Length; i++) found[i] = FromMemory(lookup, places[i], grids);
            return found;
        }
        var order = Nets.Index().ToDictionary(net => net.Item, net => net.Index);
        await _database.Query($"""
            WITH places AS MATERIALIZED (
                SELECT position, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom
                FROM unnest({places.Select(place => place.Lon).ToArray()}, {places.Select(place => place.Lat).ToArray()}) WITH ORDINALITY AS place (lon, lat, position)
            ), hits AS MATERIALIZED (
                SELECT DISTINCT ON (places.position, grids.net_id) places.position, nets.code AS net, grids.code, grids.area_id
                FROM places JOIN grids ON ST_Intersects(grids.geom, places.geom) JOIN nets ON nets.id = grids.net_id
                WHERE grids.kind <> 'special' AND grids.valid_from <= {_at} AND grids.valid_to > {_at}
                ORDER BY places.position, grids.net_id, grids.code, grids.id
            )
            SELECT places.position, coalesce(array_agg(hits.net) FILTER (WHERE hits.net IS NOT NULL), ARRAY[]::text[]), coalesce(array_agg(hits.code) FILTER (WHERE hits.net IS NOT NULL), ARRAY[]::text[]),
                   coalesce(max(hits.area_id) FILTER (WHERE hits.net = 'base'), lowest_area_at(places.geom))
            FROM places LEFT JOIN hits USING (position) GROUP BY places.position, places.geom
            """, row =>
            {
                var grids = new string?[Nets.Length];
                foreach (var (net, code) in row.GetFieldValue<string[]>(1).Zip(row.GetFieldValue<string[]>(2)))
                {
                    if (order.TryGetValue(net, out var at)) grids[at] = code;
                }
                return found[row.GetInt64(0) - 1] = new Joined(grids, row.LongOrNull(3));
            }, cancellation);
        return found;
    }

    /// <summary>What is added to a row: for each net grid and, when asked, people; then community and street with code and name.</summary>
    public IEnumerable<string?> Values(Joined joined, bool withPeople)
    {
        for (var i = 0; i < Nets.Length; i++)
        {
            yield return joined.Grids[i];
            if (withPeople) yield return joined.Grids[i] is { } code ? _people.GetValueOrDefault((Nets[i], code)) : null;
        }
        var (community, street) = (Above(joined.AreaId, "community"), Above(joined.AreaId, "street"));
        yield return community?.Code;
        yield return community?.Name;
        yield return street?.Code;
        yield return street?.Name;
    }

    /// <summary>The names of <see cref="Values"/>, and last that of the reason why a row has none.</summary>
    public string[] Names(bool withPeople) =>
        [.. Nets.SelectMany(net => withPeople ? new[] { $"grid_{net}", $"people_{net}" } : [$"grid_{net}"]), "community_code", "community_name", "street_code", "street_name", "join_error"];

    private Joined FromMemory(GridLookup lookup, Place place, int[] grids)
    {
        lookup.Find(place.Lon, place.Lat, _at, grids);
        var area = lookup.AreaAt(place.Lon, place.Lat, lookup.BaseNet >= 0 ? grids[lookup.BaseNet] : -1);
        return new Joined(Array.ConvertAll(grids, grid => grid < 0 ? null : lookup.Grid(grid).Code), area < 0 ? null : lookup.Area(area).Id);
    }

    private Area? Above(long? areaId, string level)
    {
        for (var (id, steps) = (areaId, 0); id is { } at && steps < 20 && _areas.TryGetValue(at, out var area); id = area.ParentId, steps++)
        {
            if (area.Level == level) return area;
        }
        return null;
    }
}
