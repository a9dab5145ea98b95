using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Locations;

/// <summary>
/// What lies at a place, by the rule of the database itself: of several grids of a net that touch a point the lowest code has it, and the
/// place belongs to the area of its base grid, or else to the lowest area under it. So a point on a border has one answer, here as in every derived column.
/// </summary>
public static class LocationQueries
{
    /// <summary>The chain of areas, the city first; empty outside.</summary>
    public static Task<List<AreaRef>> Areas(NpgsqlConnection connection, Place place, DateTime at, CancellationToken cancellation) => connection.Query($"""
        WITH RECURSIVE place AS (
            SELECT ST_SetSRID(ST_MakePoint({place.Lon}, {place.Lat}), 4326) AS geom
        ), up AS (
            SELECT areas.*, 0 AS height FROM place, areas
            WHERE areas.id = coalesce((SELECT area_id FROM grids WHERE id = base_grid_at(place.geom, {at})), lowest_area_at(place.geom))
            UNION ALL
            SELECT areas.*, up.height + 1 FROM areas JOIN up ON areas.id = up.parent_id WHERE up.height < 20
        )
        SELECT id, code, name, name_en, level FROM up ORDER BY height DESC
        """, row => new AreaRef(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)), cancellation);

    /// <summary>One grid of each net, in the order of the nets, with the people on duty at that moment.</summary>
    public static async Task<List<GridThere>> Grids(NpgsqlConnection connection, Place place, DateTime at, bool withPhones, CancellationToken cancellation)
    {
        var rows = await connection.Query($"""
            SELECT grid.id, nets.code, grid.code, grid.name, grid.kind, duties.role, duties.person, duties.phone
            FROM nets JOIN LATERAL (
                SELECT * FROM grids
                WHERE net_id = nets.id AND kind <> 'special' AND valid_from <= {at} AND valid_to > {at}
                  AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint({place.Lon}, {place.Lat}), 4326))
                ORDER BY code, id LIMIT 1
            ) AS grid ON TRUE
            LEFT JOIN duties ON duties.net_id = nets.id AND duties.grid_code = grid.code AND duties.valid_from <= {at} AND duties.valid_to > {at}
            ORDER BY nets.id, duties.role, duties.person
            """, row => (Grid: (Id: row.GetInt64(0), Net: row.GetString(1), Code: row.GetString(2), Name: row.GetString(3), Kind: row.GetString(4)),
                Duty: row.IsDBNull(5) ? null : new DutyHolder(row.GetString(5), row.GetString(6), withPhones ? row.GetString(7) : null)), cancellation);
        return rows.GroupBy(row => row.Grid, row => row.Duty)
            .Select(grid => new GridThere(grid.Key.Id, grid.Key.Net, grid.Key.Code, grid.Key.Name, grid.Key.Kind, grid.OfType<DutyHolder>().ToList())).ToList();
    }

    public static async Task<(CompoundRef? Compound, BuildingRef? Building)> Buildings(NpgsqlConnection connection, Place place, CancellationToken cancellation)
    {
        var rows = await connection.Query($"""
            WITH place AS (SELECT ST_SetSRID(ST_MakePoint({place.Lon}, {place.Lat}), 4326) AS geom)
            (SELECT TRUE, id, code, name, '' FROM compounds, place WHERE ST_Intersects(compounds.geom, place.geom) ORDER BY code LIMIT 1)
            UNION ALL
            (SELECT FALSE, id, code, name, address FROM buildings, place WHERE ST_Intersects(buildings.geom, place.geom) ORDER BY code LIMIT 1)
            """, row => (IsCompound: row.GetBoolean(0), Id: row.GetInt64(1), Code: row.GetString(2), Name: row.GetString(3), Address: row.GetString(4)), cancellation);
        var compound = rows.Where(row => row.IsCompound).Select(row => new CompoundRef(row.Id, row.Code, row.Name)).FirstOrDefault();
        var building = rows.Where(row => !row.IsCompound).Select(row => new BuildingRef(row.Id, row.Code, row.Name, row.Address)).FirstOrDefault();
        return (compound, building);
    }

    /// <summary>All places by one statement: the places are joined to the boundaries of the moment, and the rule picks one of each net.</summary>
    public static Task<List<LocatedPoint>> Many(Database database, Place[] places, DateTime at, CancellationToken cancellation) => database.Query($"""
        WITH RECURSIVE chains AS (
            SELECT id, ARRAY[code] AS codes FROM areas WHERE parent_id IS NULL
            UNION ALL
            SELECT areas.id, chains.codes || areas.code FROM areas JOIN chains ON areas.parent_id = chains.id
        ), places AS MATERIALIZED (
            SELECT position, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom
            FROM unnest({places.Select(place => place.Lon).ToArray()}, {places.Select(place => place.Lat).ToArray()}) WITH ORDINALITY AS place (lon, lat, position)
        ), hits AS MATERIALIZED (
            SELECT DISTINCT ON (places.position, grids.net_id) places.position, grids.net_id, nets.code AS net, grids.code, grids.area_id
            FROM places JOIN grids ON ST_Intersects(grids.geom, places.geom) JOIN nets ON nets.id = grids.net_id
            WHERE grids.kind <> 'special' AND grids.valid_from <= {at} AND grids.valid_to > {at}
            ORDER BY places.position, grids.net_id, grids.code, grids.id
        ), owners AS (
            SELECT places.position, coalesce(hits.area_id, lowest_area_at(places.geom)) AS area_id
            FROM places LEFT JOIN hits ON hits.position = places.position AND hits.net = 'base'
        ), nets_there AS (
            SELECT position, array_agg(net ORDER BY net_id) AS nets, array_agg(code ORDER BY net_id) AS codes FROM hits GROUP BY position
        )
        SELECT places.position, coalesce(chains.codes, ARRAY[]::text[]), coalesce(nets_there.nets, ARRAY[]::text[]), coalesce(nets_there.codes, ARRAY[]::text[])
        FROM places JOIN owners USING (position) LEFT JOIN chains ON chains.id = owners.area_id LEFT JOIN nets_there USING (position)
        ORDER BY places.position
        """, row => new LocatedPoint((int)row.GetInt64(0) - 1, row.GetFieldValue<string[]>(1),
            row.GetFieldValue<string[]>(2).Zip(row.GetFieldValue<string[]>(3)).ToDictionary(pair => pair.First, pair => pair.Second)), cancellation);
}
