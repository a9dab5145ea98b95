using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Hotspots;

/// <summary>Points for a surface, and counts by grid.</summary>
public static class HotspotQueries
{
    public const int MostPoints = 5_000_000;

    /// <summary>The plane's code and the box of an area, or of the whole city; null where there is nothing.</summary>
    public static Task<(int? Srid, double[]? Box)> Frame(Database database, long[]? areas, CancellationToken cancellation)
    {
        var asked = areas is null ? Sql.Trusted("parent_id IS NULL") : Sql.Of($"id = ANY({areas})");
        return database.QueryOne($"""
            SELECT (SELECT metric_srid FROM city), ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
            FROM (SELECT coalesce((SELECT ST_Extent(geom) FROM areas WHERE {asked}), (SELECT ST_Extent(geom) FROM incidents)) AS box) AS frame
            """, row => (row.IntOrNull(0), row.BoxOrNull(1)), cancellation);
    }

    /// <summary>Longitudes and latitudes as two arrays: one row of a million numbers is read many times faster than a million rows.</summary>
    /// <exception cref="Refused">More than five million incidents.</exception>
    public static async Task<(double[] Lons, double[] Lats)> Points(Database database, FeatureQuestion question, CancellationToken cancellation)
    {
        var (lons, lats) = await database.QueryOne($"""
            SELECT coalesce(array_agg(ST_X(geom)), ARRAY[]::double precision[]), coalesce(array_agg(ST_Y(geom)), ARRAY[]::double precision[])
            FROM (SELECT t.geom FROM {Sql.Trusted(question.Layer.From)} WHERE {FeatureSql.Where(question)} LIMIT {MostPoints + 1}) AS incidents
            """, row => (row.GetFieldValue<double[]>(0), row.GetFieldValue<double[]>(1)), cancellation);
        return lons.Length <= MostPoints ? (lons, lats) : throw TooMany();
    }

    public static Refused TooMany() => Refused.Field("from", "period.too-many-incidents", $"a period with at most {MostPoints} incidents");

    /// <summary>
    /// Every grid of a net as it stood at the end of the period. An incident that was reported in one of these very boundaries is counted by its own
    /// column; one of an older boundary, or for another net, is placed by its point (on a border: the lowest code).
    /// </summary>
    public static async Task<(List<GridCount> Grids, long Located)> Grids(
        Database database, string net, long[]? areas, Sql where, DateTime from, DateTime to, DateTime boundariesAt, CancellationToken cancellation)
    {
        var before = from - (to - from);
        var asked = areas is null ? Sql.Trusted("TRUE") : Sql.Of($"grids.area_id = ANY({areas})");
        // Few incidents stray from the base net: found first, each is looked up. All stray from any other: there each boundary looks for its incidents by index.
        var strays = Sql.Trusted(net == "base" ? "" : "NOT ");
        var grids = await database.Query($"""
            WITH listed AS MATERIALIZED (
                SELECT grids.* FROM grids JOIN nets ON nets.id = grids.net_id AND nets.code = {net}
                WHERE grids.kind <> 'special' AND grids.valid_from <= {boundariesAt} AND grids.valid_to > {boundariesAt} AND {asked}
            ), own AS (
                SELECT grid_id, count(*) FILTER (WHERE reported_at >= {from}) AS count, count(*) FILTER (WHERE reported_at < {from}) AS before
                FROM incidents WHERE reported_at >= {before} AND reported_at < {to} AND {where} GROUP BY grid_id
            ), strays AS {strays}MATERIALIZED (
                SELECT incidents.id, incidents.geom, incidents.reported_at >= {from} AS is_now
                FROM incidents LEFT JOIN listed ON listed.id = incidents.grid_id
                WHERE reported_at >= {before} AND reported_at < {to} AND {where} AND listed.id IS NULL
            ), placed AS (
                SELECT DISTINCT ON (strays.id) strays.id, grids.id AS grid_id, strays.is_now
                FROM strays JOIN grids ON ST_Intersects(grids.geom, strays.geom) JOIN nets ON nets.id = grids.net_id AND nets.code = {net}
                WHERE grids.kind <> 'special' AND grids.valid_from <= {boundariesAt} AND grids.valid_to > {boundariesAt}
                ORDER BY strays.id, grids.code, grids.id
            ), counted AS (
                SELECT grid_id, sum(count) AS count, sum(before) AS before FROM (
                    SELECT grid_id, count, before FROM own
                    UNION ALL
                    SELECT grid_id, count(*) FILTER (WHERE is_now), count(*) FILTER (WHERE NOT is_now) FROM placed GROUP BY grid_id
                ) AS halves GROUP BY grid_id
            ), living AS (
                SELECT grid_id, sum(residents) AS residents FROM buildings WHERE grid_id IN (SELECT id FROM listed) GROUP BY grid_id
            )
            SELECT listed.id, listed.code, listed.name, ST_X(place), ST_Y(place), coalesce(counted.count, 0)::bigint, coalesce(counted.before, 0)::bigint,
                   coalesce(listed.residents, living.residents, 0)::bigint, ST_Area(listed.geom::geography)
            FROM listed LEFT JOIN counted ON counted.grid_id = listed.id LEFT JOIN living ON living.grid_id = listed.id, ST_PointOnSurface(listed.geom) AS place
            ORDER BY 6 DESC, listed.code
            """, row =>
            {
                var (count, earlier, residents) = (row.GetInt64(5), row.GetInt64(6), row.GetInt64(7));
                return new GridCount(row.GetInt64(0), row.GetString(1), row.GetString(2), default(Datum).FromStored(row.GetDouble(3), row.GetDouble(4)), count,
                    residents == 0 ? null : 1000.0 * count / residents, count / row.GetDouble(8) * 1e6, earlier, earlier == 0 ? null : Math.Round(100.0 * (count - earlier) / earlier, 2));
            }, cancellation);
        return (grids, grids.Sum(grid => grid.Count));
    }
}
