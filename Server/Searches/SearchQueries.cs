using GridMap.Server.Databases;
using GridMap.Server.Http;

namespace GridMap.Server.Searches;

/// <summary>
/// One statement over seven tables. Each table is asked for its own best few by index (trigrams of the same expression), the best of those
/// win, and only for the winners are places and details looked up. Rank: 0 the code itself, 1 the whole name, 2 its beginning, 3 anywhere.
/// </summary>
public static class SearchQueries
{
    // Trigrams need three letters; below that a table is read from end to end, which the largest one cannot afford.
    private const int LettersForIncidents = 3;

    private sealed record Table(string Kind, string Name, string Texts, string Title, string Code, string Condition = "TRUE");

    private static readonly Table[] Tables =
    [
        new("area", "areas", "(name || ' ' || name_en || ' ' || code)", "name", "code"),
        new("grid", "grids", "(name || ' ' || code)", "name", "code", "valid_to = 'infinity'"),
        new("compound", "compounds", "(name || ' ' || code)", "name", "code"),
        new("facility", "facilities", "(name || ' ' || name_en || ' ' || address || ' ' || code)", "name", "code"),
        new("building", "buildings", "(name || ' ' || address || ' ' || code)", "name", "code"),
    ];

    public static Task<List<Found>> Search(Database database, string text, int limit, CancellationToken cancellation)
    {
        var contains = Like.Contains(text);
        var starts = Like.StartsWith(text);
        // Chinese has no upper and lower case, and LIKE is several times faster than ILIKE where no index helps.
        var like = Sql.Trusted(text.Any(char.IsAsciiLetter) || text.Any(char.IsUpper) || text.Any(char.IsLower) ? "ILIKE" : "LIKE");
        var candidates = Sql.Empty;
        for (var i = 0; i < Tables.Length; i++)
        {
            var (name, texts, title, code, condition) = (Sql.Trusted(Tables[i].Name), Sql.Trusted(Tables[i].Texts), Sql.Trusted(Tables[i].Title), Sql.Trusted(Tables[i].Code), Sql.Trusted(Tables[i].Condition));
            candidates = Sql.Of($"""
                {candidates}
                (SELECT {i} AS kind, id, {title} AS title, CASE WHEN {code} = {text} THEN 0 WHEN lower({title}) = lower({text}) THEN 1 WHEN {title} {like} {starts} THEN 2 ELSE 3 END AS rank
                 FROM {name} WHERE {texts} {like} {contains} AND {condition} ORDER BY rank, length({title}), {title}, id LIMIT {limit})
                UNION ALL
                """);
        }
        var (roadKind, incidentKind) = (Tables.Length, Tables.Length + 1);
        // A road is many pieces: its name is found once.
        candidates = Sql.Of($"""
            {candidates}
            (SELECT {roadKind} AS kind, min(id) AS id, name AS title,
                    CASE WHEN lower(name) = lower({text}) THEN 1 WHEN name {like} {starts} THEN 2 ELSE 3 END AS rank
             FROM roads WHERE name <> '' AND (name || ' ' || name_en) {like} {contains} GROUP BY name ORDER BY rank, length(name), name LIMIT {limit})
            UNION ALL
            (SELECT {roadKind}, id, code, 0 FROM roads WHERE code = {text})
            UNION ALL
            (SELECT {incidentKind}, id, number, 0 FROM incidents WHERE number = {text})
            """);
        if (text.Length >= LettersForIncidents)
        {
            candidates = Sql.Of($"""
                {candidates}
                UNION ALL
                (SELECT {incidentKind}, id, number, 3 FROM incidents
                 WHERE (number || ' ' || title || ' ' || address) {like} {contains} AND number <> {text} ORDER BY reported_at DESC LIMIT {limit})
                """);
        }
        return database.Query($"""
            WITH best AS MATERIALIZED (
                SELECT kind, id, rank, title FROM ({candidates}) AS candidates ORDER BY rank, kind, length(title), title, id LIMIT {limit}
            ), described AS (
                SELECT best.*, 'area' AS word, areas.code, areas.name, coalesce(parent.name, '') AS detail, ST_PointOnSurface(areas.geom) AS place, areas.geom AS shape
                FROM best JOIN areas USING (id) LEFT JOIN areas AS parent ON parent.id = areas.parent_id WHERE best.kind = 0
                UNION ALL
                SELECT best.*, 'grid', grids.code, grids.name, areas.name || ' · ' || nets.name, ST_PointOnSurface(grids.geom), grids.geom
                FROM best JOIN grids USING (id) JOIN areas ON areas.id = grids.area_id JOIN nets ON nets.id = grids.net_id WHERE best.kind = 1
                UNION ALL
                SELECT best.*, 'compound', compounds.code, compounds.name, coalesce(areas.name, ''), ST_PointOnSurface(compounds.geom), compounds.geom
                FROM best JOIN compounds USING (id) LEFT JOIN areas ON areas.id = compounds.area_id WHERE best.kind = 2
                UNION ALL
                SELECT best.*, 'facility', facilities.code, facilities.name, concat_ws(' · ', entry.name, nullif(facilities.address, '')), facilities.geom, NULL
                FROM best JOIN facilities USING (id) JOIN catalogue_entries AS entry ON entry.catalogue = facilities.catalogue AND entry.code = facilities.type WHERE best.kind = 3
                UNION ALL
                SELECT best.*, 'building', buildings.code, coalesce(nullif(buildings.name, ''), nullif(buildings.address, ''), buildings.code),
                       concat_ws(' · ', compounds.name, nullif(buildings.address, '')), buildings.centre, buildings.geom
                FROM best JOIN buildings USING (id) LEFT JOIN compounds ON compounds.id = buildings.compound_id WHERE best.kind = 4
                UNION ALL
                SELECT best.*, 'road', roads.code, coalesce(nullif(roads.name, ''), roads.code), roads.class, ST_ClosestPoint(roads.geom, ST_Centroid(roads.geom)),
                       CASE WHEN roads.name = '' THEN roads.geom ELSE (SELECT ST_SetSRID(ST_Extent(pieces.geom)::geometry, 4326) FROM roads AS pieces WHERE pieces.name = roads.name) END
                FROM best JOIN roads USING (id) WHERE best.kind = {roadKind}
                UNION ALL
                SELECT best.*, 'incident', incidents.number, coalesce(nullif(incidents.title, ''), entry.name), concat_ws(' · ', entry.name, nullif(incidents.address, '')), incidents.geom, NULL
                FROM best JOIN incidents USING (id) JOIN catalogue_entries AS entry ON entry.catalogue = incidents.catalogue AND entry.code = incidents.category WHERE best.kind = {incidentKind}
            )
            SELECT word, id, code, name, detail, ST_X(place), ST_Y(place), ST_XMin(shape), ST_YMin(shape), ST_XMax(shape), ST_YMax(shape)
            FROM described ORDER BY rank, kind, length(title), title, id
            """, row => new Found(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), new Place(Round(row.GetDouble(5)), Round(row.GetDouble(6))),
                row.IsDBNull(7) ? null : [Round(row.GetDouble(7)), Round(row.GetDouble(8)), Round(row.GetDouble(9)), Round(row.GetDouble(10))]), cancellation);

        static double Round(double degrees) => Math.Round(degrees, 7);
    }
}
