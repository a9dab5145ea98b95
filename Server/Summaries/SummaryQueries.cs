using GridMap.Server.Databases;
using GridMap.Server.Http;

namespace GridMap.Server.Summaries;

/// <summary>Counts by SQL. Every question touches only the rows of its period, by index, or those that were open at the moment.</summary>
public static class SummaryQueries
{
    // Written so that both halves have an index: incidents_open is partial on closed_at IS NULL.
    private static Sql OpenAt(DateTime at) => $"reported_at < {at} AND (closed_at IS NULL OR closed_at >= {at})";

    /// <summary>The single numbers, except those of the period itself, which the buckets add up to.</summary>
    public static async Task<SummaryTotals> Totals(Database database, SummaryPeriod period, Sql where, CancellationToken cancellation)
    {
        var (from, at, before) = (period.From, period.At, period.Before);
        return (await database.QueryOne($"""
            SELECT * FROM
                (SELECT count(*), count(*) FILTER (WHERE due_at < {at}), count(*) FILTER (WHERE severity = 'urgent')
                 FROM incidents WHERE {OpenAt(at)} AND {where}) AS open,
                (SELECT count(*) FROM incidents WHERE reported_at >= {before.From} AND reported_at < {before.To} AND {where}) AS reported,
                (SELECT count(*) FROM incidents WHERE closed_at >= {before.From} AND closed_at < {before.To} AND status = 'closed' AND {where}) AS closed,
                (SELECT count(*), count(*) FILTER (WHERE closed_at <= due_at)
                 FROM incidents WHERE due_at >= {from} AND due_at < {at} AND status <> 'rejected' AND {where}) AS due
            """, row => new SummaryTotals(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)), cancellation))!;
    }

    /// <summary>Reported and closed in buckets of the city's clock: its hours, its midnights, its months.</summary>
    public static Task<List<SummaryBucket>> Buckets(Database database, SummaryPeriod period, string zone, Sql where, CancellationToken cancellation)
    {
        var (from, to, unit) = (period.From, period.To, period.Bucket);
        // The bounds are made once; finding a row's place among them is cheaper than cutting its time in the city's zone.
        return database.Query($"""
            WITH bounds AS MATERIALIZED (
                SELECT array_agg(at ORDER BY at) AS starts FROM (
                    SELECT DISTINCT moment AT TIME ZONE {zone} AS at
                    FROM generate_series(date_trunc({unit}, {from} AT TIME ZONE {zone}), ({to} - interval '1 microsecond') AT TIME ZONE {zone}, ('1 ' || {unit})::interval) AS moment
                ) AS moments
            ), reported AS (
                SELECT width_bucket(reported_at, (SELECT starts FROM bounds)) AS place, count(*) AS count FROM incidents
                WHERE reported_at >= {from} AND reported_at < {to} AND {where} GROUP BY 1
            ), closed AS (
                SELECT width_bucket(closed_at, (SELECT starts FROM bounds)) AS place, count(*) AS count FROM incidents
                WHERE closed_at >= {from} AND closed_at < {to} AND status = 'closed' AND {where} GROUP BY 1
            )
            SELECT at, coalesce(reported.count, 0), coalesce(closed.count, 0)
            FROM bounds, unnest(starts) WITH ORDINALITY AS bucket (at, place) LEFT JOIN reported USING (place) LEFT JOIN closed USING (place) ORDER BY at
            """, row => new SummaryBucket(row.GetDateTime(0), row.GetInt64(1), row.GetInt64(2)), cancellation);
    }

    /// <summary>By category, source and status in one pass over the period.</summary>
    public static async Task<(List<SummaryCategory> Categories, List<SummarySource> Sources, List<SummaryStatus> Statuses)> Kinds(
        Database database, SummaryPeriod period, Sql where, CancellationToken cancellation)
    {
        var (from, to) = (period.From, period.To);
        var rows = await database.Query($"""
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
    public static Task<List<SummaryStreet>> Streets(Database database, SummaryPeriod period, Sql where, long[]? areas, CancellationToken cancellation)
    {
        var (from, to, at) = (period.From, period.To, period.At);
        var touched = areas is null ? Sql.Trusted("TRUE") : Sql.Of($"id = ANY({areas})");
        return database.Query($"""
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
