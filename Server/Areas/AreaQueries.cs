using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.Areas;

public sealed class AreaQueries(Database database, LayerVersions versions)
{
    private const int Most = 20_000;

    private sealed record Known(long Version, IReadOnlyList<Area> Areas);

    private volatile Known? _known;

    public async Task<IReadOnlyList<Area>> List(string? level, long? parentId, CancellationToken cancellation) =>
        (await All(cancellation)).Where(area => (level is null || area.Level == level) && (parentId is null || area.ParentId == parentId)).Take(Most).ToList();

    public async Task<AreaDetails?> One(long id, bool withPhones, CancellationToken cancellation)
    {
        var all = await All(cancellation);
        if (all.FirstOrDefault(area => area.Id == id) is not { } found) return null;
        var chain = new List<AreaRef>();
        for (var at = found; at is not null; at = all.FirstOrDefault(area => area.Id == at.ParentId))
            chain.Insert(0, new AreaRef(at.Id, at.Code, at.Name, at.NameEn, at.Level));
        var people = await database.Query($"""
            SELECT role, person, phone FROM duties
            WHERE area_id = {id} AND valid_from <= now() AND valid_to > now() ORDER BY role, person
            """, reader => new DutyHolder(reader.GetString(0), reader.GetString(1), withPhones ? reader.GetString(2) : null), cancellation);
        return new AreaDetails(found.Id, found.Code, found.Name, found.NameEn, found.Level, found.ParentId, found.Bbox, found.Place,
            found.Households, found.Residents, found.Buildings, found.Grids, found.AreaSquareMetres, chain, people);
    }

    // Figures of a whole city are summed once for each version of what they are made of.
    private static readonly Layer MadeOf = new("area-figures", "areas", "", "", "") { From = "areas AS t", Columns = [], DependsOn = ["areas", "grids", "buildings"] };

    private async Task<IReadOnlyList<Area>> All(CancellationToken cancellation)
    {
        var version = await versions.Of(MadeOf, cancellation);
        if (_known is { } known && known.Version == version) return known.Areas;
        var areas = await database.Query($"""
            WITH RECURSIVE own AS (
                SELECT area_id, sum(households) AS households, sum(residents) AS residents, count(*) AS buildings
                FROM buildings WHERE area_id IS NOT NULL GROUP BY area_id
            ), gridded AS (
                SELECT area_id, count(*) AS grids FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base'
                WHERE valid_from <= now() AND valid_to > now() GROUP BY area_id
            ), up (id, of) AS (
                -- every area counts for itself and for all above it
                SELECT id, id FROM areas
                UNION ALL
                SELECT areas.parent_id, up.of FROM up JOIN areas ON areas.id = up.id WHERE areas.parent_id IS NOT NULL
            ), figures AS (
                SELECT up.id, sum(own.households) AS households, sum(own.residents) AS residents, sum(own.buildings) AS buildings, sum(gridded.grids) AS grids
                FROM up LEFT JOIN own ON own.area_id = up.of LEFT JOIN gridded ON gridded.area_id = up.of GROUP BY up.id
            )
            SELECT areas.id, code, name, name_en, level, parent_id, ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom),
                   ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom)),
                   coalesce(figures.households, 0)::bigint, coalesce(figures.residents, 0)::bigint, coalesce(figures.buildings, 0)::bigint, coalesce(figures.grids, 0)::bigint,
                   ST_Area(geom::geography)
            FROM areas JOIN figures ON figures.id = areas.id
            ORDER BY CASE level WHEN 'city' THEN 1 WHEN 'district' THEN 2 WHEN 'street' THEN 3 ELSE 4 END, code
            LIMIT {Most}
            """, Read, cancellation);
        _known = new Known(version, areas);
        return areas;
    }

    private static Area Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.LongOrNull(5),
        row.BoxOrNull(6)!, new Place(Math.Round(row.GetDouble(10), 7), Math.Round(row.GetDouble(11), 7)),
        row.GetInt64(12), row.GetInt64(13), row.GetInt64(14), row.GetInt64(15), row.GetDouble(16));
}
