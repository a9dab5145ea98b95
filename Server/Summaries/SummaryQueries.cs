using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Summaries;

/// <summary>Counts by SQL. Every question touches only the rows of its period, by index, or those that were open at the moment.</summary>
public static class SummaryQueries
{
    // Written so that both halves have an index: incidents_open is partial on closed_at IS NULL.
    private static Sql OpenAt(DateTime at) => $"reported_at < {at} AND (closed_at IS NULL OR closed_at >= {at})";

    public static async Task<SummaryTotals> Totals(NpgsqlConnection connection, SummaryPeriod period, Sql where, CancellationToken cancellation)
    {
        var (from, to, at, before) = (period.From, period.To, period.At, period.Before);
        return (await connection.QueryOne($"""
            SELECT * FROM
                (SELECT count(*), count(*) FILTER (WHERE due_at < {at}), count(*) FILTER (WHERE severity = 'urgent')
                 FROM incidents WHERE {OpenAt(at)} AND {where}) AS open,
                (SELECT count(*) FILTER (WHERE reported_at >= {from}), count(*) FILTER (WHERE reported_at < {from})
                 FROM incidents WHERE reported_at >= {before} AND reported_at < {to} AND {where}) AS reported,
                (SELECT count(*) FILTER (WHERE closed_at >= {from}), count(*) FILTER (WHERE closed_at < {from})
                 FROM incidents WHERE closed_at >= {before} AND closed_at < {to} AND status = 'closed' AND {where}) AS closed,
                (SELECT count(*), count(*) FILTER (WHERE closed_at <= due_at)
                 FROM incidents WHERE due_at >= {from} AND due_at < {at} AND status <> 'rejected' AND {where}) AS due
            """, row => new SummaryTotals(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(5),
                row.GetInt64(7), row.GetInt64(8), row.GetInt64(4), row.GetInt64(6)), cancellation))!;
    }

    /// <summary>Buckets are those of the city's clock: its midnights, its months.</summary>
    public static Task<List<SummaryBucket>> Buckets(NpgsqlConnection connection, SummaryPeriod period, string zone, Sql where, CancellationToken cancellation)
    {
        var (from, to, unit) = (period.From, period.To, period.Bucket);
        return connection.Query($"""
            WITH reported AS (
                SELECT date_trunc({unit}, reported_at, {zone}) AS at, count(*) AS count FROM incidents
                WHERE reported_at >= {from} AND reported_at < {to} AND {where} GROUP BY 1
            ), closed AS (
                SELECT date_trunc({unit}, closed_at, {zone}) AS at, count(*) AS count FROM incidents
                WHERE closed_at >= {from} AND closed_at < {to} AND status = 'closed' AND {where} GROUP BY 1
            ), buckets AS (
                SELECT DISTINCT moment AT TIME ZONE {zone} AS at
                FROM generate_series(date_trunc({unit}, {from} AT TIME ZONE {zone}), ({to} - interval '1 microsecond') AT TIME ZONE {zone}, ('1 ' || {unit})::interval) AS moment
            )
            SELECT at, coalesce(reported.count, 0), coalesce(closed.count, 0)
            FROM buckets LEFT JOIN reported USING (at) LEFT JOIN closed USING (at) ORDER BY at LIMIT {SummaryPeriod.MostBuckets}
            """, row => new SummaryBucket(row.GetDateTime(0), row.GetInt64(1), row.GetInt64(2)), cancellation);
    }

    /// <summary>By category, source and status in one pass over the period.</summary>
    public static async Task<(List<SummaryCategory> Categories, List<SummarySource> Sources, List<SummaryStatus> Statuses)> Kinds(
        NpgsqlConnection connection, SummaryPeriod period, Sql where, CancellationToken cancellation)
    {
        var (from, to) = (period.From, period.To);
        var rows = await connection.Query($"""
            WITH counted AS (
                SELECT category, source, status, count(*) AS count FROM incidents
                WHERE reported_at >= {from} AND reported_at < {to} AND {where} GROUP BY category, source, status
            )
            SELECT 1 AS kind, category AS code, entry.name, entry.name_en, sum(count)::bigint
            FROM counted JOIN catalogue_entries AS entry ON entry.catalogue = 'incident-categories' AND entry.code = category GROUP BY 2, 3, 4
            UNION ALL SELECT 2, source, '', '', sum(count)::bigint FROM counted GROUP BY 2
            UNION ALL SELECT 3, status, '', '', sum(count)::bigint FROM counted GROUP BY 2
            ORDER BY 1, 5 DESC, 2
            """, row => (Kind: row.GetInt32(0), Code: row.GetString(1), Name: row.GetString(2), NameEn: row.GetString(3), Count: row.GetInt64(4)), cancellation);
        return (rows.Where(row => row.Kind == 1).Select(row => new SummaryCategory(row.Code, row.Name, row.NameEn, row.Count)).ToList(),
            rows.Where(row => row.Kind == 2).Select(row => new SummarySource(row.Code, row.Count)).ToList(),
            rows.Where(row => row.Kind == 3).Select(row => new SummaryStatus(row.Code, row.Count)).ToList());
    }

    /// <summary>Every street that the question touches, also with zeros; and a row without a street when incidents lie outside all.</summary>
    public static Task<List<SummaryStreet>> Streets(NpgsqlConnection connection, SummaryPeriod period, Sql where, long[]? areas, CancellationToken cancellation)
    {
        var (from, to, at) = (period.From, period.To, period.At);
        var touched = areas is null ? Sql.Trusted("TRUE") : Sql.Of($"id = ANY({areas})");
        return connection.Query($"""
            WITH RECURSIVE below AS (
                SELECT id AS street_id, id FROM areas WHERE level = 'street'
                UNION ALL
                SELECT below.street_id, areas.id FROM areas JOIN below ON areas.parent_id = below.id
            ), counted AS (
                SELECT area_id, sum(reported) AS reported, sum(open) AS open, sum(overdue) AS overdue FROM (
                    SELECT area_id, count(*) AS reported, 0 AS open, 0 AS overdue FROM incidents
                    WHERE reported_at >= {from} AND reported_at < {to} AND {where} GROUP BY area_id
                    UNION ALL
                    SELECT area_id, 0, count(*), count(*) FILTER (WHERE due_at < {at}) FROM incidents WHERE {OpenAt(at)} AND {where} GROUP BY area_id
                ) AS halves GROUP BY area_id
            ), streets AS (
                SELECT street_id, sum(reported) AS reported, sum(open) AS open, sum(overdue) AS overdue
                FROM counted LEFT JOIN below ON below.id = counted.area_id GROUP BY street_id
            )
            SELECT areas.id, areas.code, areas.name, areas.name_en, areas.level,
                   coalesce(streets.reported, 0)::bigint, coalesce(streets.open, 0)::bigint, coalesce(streets.overdue, 0)::bigint
            FROM (SELECT * FROM areas WHERE id IN (SELECT street_id FROM below WHERE {touched})) AS areas FULL JOIN streets ON streets.street_id = areas.id
            WHERE areas.id IS NOT NULL OR streets.street_id IS NULL
            ORDER BY 6 DESC, areas.code
            """, row => new SummaryStreet(row.IsDBNull(0) ? null : new AreaRef(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
                row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)), cancellation);
    }
}
