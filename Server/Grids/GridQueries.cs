using System.Buffers;
using System.Text.Json;
using GridMap.Geo.GeoJson;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Grids;

public sealed class GridQueries(Database database)
{
    public async Task<Grid?> One(long id, bool withPhones, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var people = await connection.Query($"""
            SELECT duties.role, duties.person, duties.phone
            FROM grids JOIN duties ON duties.net_id = grids.net_id AND duties.grid_code = grids.code
            WHERE grids.id = {id} AND duties.valid_from <= now() AND duties.valid_to > now() ORDER BY duties.role, duties.person
            """, row => new DutyHolder(row.GetString(0), row.GetString(1), withPhones ? row.GetString(2) : null), cancellation);
        // Buildings and incidents know the base grid that they lie in now; what any other boundary holds is told by its place.
        return await connection.QueryOne($"""
            WITH one AS (
                SELECT grids.*, nets.code AS net, nets.code = 'base' AND kind <> 'special' AND valid_from <= now() AND valid_to > now() AS is_known FROM grids JOIN nets ON nets.id = net_id WHERE grids.id = {id}
            )
            SELECT grids.id, grids.net, grids.code, grids.name, grids.kind, areas.id, areas.code, areas.name, areas.name_en, areas.level,
                   grids.households, grids.residents,
                   CASE WHEN is_known THEN (SELECT count(*) FROM buildings WHERE grid_id = grids.id)
                        ELSE (SELECT count(*) FROM buildings WHERE centre && grids.geom AND ST_Intersects(centre, grids.geom)) END,
                   ST_Area(grids.geom::geography), ST_Perimeter(grids.geom::geography), grids.valid_from, grids.valid_to,
                   CASE WHEN is_known THEN (SELECT count(*) FROM incidents WHERE grid_id = grids.id AND reported_at > now() - interval '12 months')
                        ELSE (SELECT count(*) FROM incidents WHERE incidents.geom && grids.geom AND ST_Intersects(incidents.geom, grids.geom) AND reported_at > now() - interval '12 months') END,
                   ST_XMin(grids.geom), ST_YMin(grids.geom), ST_XMax(grids.geom), ST_YMax(grids.geom), ST_AsBinary(grids.geom)
            FROM one AS grids JOIN areas ON areas.id = grids.area_id
            """, row => new Grid(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                new AreaRef(row.GetInt64(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9)),
                row.IntOrNull(10), row.IntOrNull(11), row.GetInt64(12), row.GetDouble(13), row.GetDouble(14), GridChecks.PolsbyPopper(row.GetDouble(13), row.GetDouble(14)),
                row.TimeOrNull(15), row.TimeOrNull(16), people, row.GetInt64(17), row.BoxOrNull(18)!, GeoJson(row.GetFieldValue<byte[]>(22))), cancellation);
    }

    public static async Task<long> Insert(NpgsqlConnection connection, GridProperties wanted, GridCheck check, byte[] wkb, CancellationToken cancellation) =>
        await connection.Scalar<long>($"""
            INSERT INTO grids (net_id, code, name, kind, area_id, households, residents, valid_from, geom)
            SELECT nets.id, {check.Code}, {wanted.Name.Trim()}, {wanted.Kind}, {check.Area!.Id}, {wanted.Households ?? check.Households}::integer, {wanted.Residents ?? check.Residents}::integer,
                   coalesce({wanted.ValidFrom?.ToUniversalTime()}::timestamptz, now()), ST_Multi(ST_GeomFromWKB({wkb}, 4326))
            FROM nets WHERE nets.code = {wanted.Net}
            RETURNING id
            """, cancellation);

    private static JsonElement GeoJson(byte[] wkb)
    {
        var buffer = new ArrayBufferWriter<byte>(wkb.Length * 2);
        GeoJsonWriter.WriteGeometry(buffer, wkb);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
