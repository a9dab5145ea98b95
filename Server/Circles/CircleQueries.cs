using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Circles;

/// <summary>Counts by geodesic distance on the ellipsoid.</summary>
public sealed class CircleQueries(NpgsqlConnection connection, Place place, double radiusMetres)
{
    private const int MostFacilities = 200;

    // Metres per degree anywhere: 110,574 to 111,694 along a meridian, as much times the cosine of the latitude along a parallel.
    private const double MetresPerDegree = 111_132, Doubt = 0.03;

    private Sql Centre => $"ST_SetSRID(ST_MakePoint({place.Lon}, {place.Lat}), 4326)::geography";

    /// <summary>
    /// Exactly ST_DWithin on the ellipsoid. What a flat distance, wrong by less than 1 % up to 10 km and 80° of latitude, puts clearly inside or outside
    /// is not measured again: a circle of 10 km may hold every incident of a city.
    /// </summary>
    private Sql Near(Sql geometry)
    {
        var exact = Sql.Of($"ST_DWithin({geometry}::geography, {Centre}, {radiusMetres})");
        if (Math.Abs(place.Lat) > 80) return exact;
        double up = MetresPerDegree, aside = MetresPerDegree * Math.Cos(double.DegreesToRadians(place.Lat));
        double inner = radiusMetres * (1 - Doubt), outer = radiusMetres * (1 + Doubt), tall = outer / up, wide = outer / aside;
        var flat = Sql.Of($"power((ST_X({geometry}) - {place.Lon}) * {aside}, 2) + power((ST_Y({geometry}) - {place.Lat}) * {up}, 2)");
        return Sql.Of($"""
            ({geometry} && ST_MakeEnvelope({place.Lon - wide}, {place.Lat - tall}, {place.Lon + wide}, {place.Lat + tall}, 4326)
             AND CASE WHEN {flat} < {inner * inner} THEN TRUE WHEN {flat} > {outer * outer} THEN FALSE ELSE {exact} END)
            """);
    }

    public async Task<CircleBuildings> Buildings(CancellationToken cancellation) => (await connection.QueryOne($"""
        SELECT count(*), coalesce(sum(households), 0), coalesce(sum(residents), 0), coalesce(sum(elderly), 0), coalesce(sum(children), 0)
        FROM buildings WHERE {Near(Sql.Trusted("centre"))}
        """, row => new CircleBuildings(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), cancellation))!;

    public async Task<CircleIncidents> Incidents(Sql where, CancellationToken cancellation)
    {
        var rows = await connection.Query($"""
            SELECT category, entry.name, entry.name_en, count, open FROM (
                SELECT category, count(*) AS count, count(*) FILTER (WHERE closed_at IS NULL) AS open
                FROM incidents WHERE {Near(Sql.Trusted("geom"))} AND {where} GROUP BY category
            ) AS counted JOIN catalogue_entries AS entry ON entry.catalogue = 'incident-categories' AND entry.code = category
            ORDER BY count DESC, category
            """, row => (Category: new CircleCategory(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3)), Open: row.GetInt64(4)), cancellation);
        return new CircleIncidents(rows.Sum(row => row.Category.Count), rows.Sum(row => row.Open), rows.Select(row => row.Category).ToList());
    }

    public async Task<CircleFacilities> Facilities(Datum datum, CancellationToken cancellation)
    {
        var types = await connection.Query($"""
            SELECT type, entry.name, entry.name_en, count FROM (
                SELECT type, count(*) AS count FROM facilities WHERE {Near(Sql.Trusted("geom"))} GROUP BY type
            ) AS counted JOIN catalogue_entries AS entry ON entry.catalogue = 'facility-types' AND entry.code = type
            ORDER BY count DESC, type
            """, row => new CircleFacilityType(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3)), cancellation);
        var nearest = await connection.Query($"""
            SELECT id, name, type, tier, ST_X(geom), ST_Y(geom), ST_Distance(geom::geography, {Centre}) AS metres
            FROM facilities WHERE {Near(Sql.Trusted("geom"))} ORDER BY metres, id LIMIT {MostFacilities}
            """, row => new CircleFacility(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), datum.FromStored(row.GetDouble(4), row.GetDouble(5)), row.GetDouble(6)), cancellation);
        return new CircleFacilities(types.Sum(type => type.Count), types, nearest);
    }

    /// <summary>The circle's area, and the base grids of the moment that share it, largest part first.</summary>
    public async Task<(double AreaSquareMetres, List<CircleGrid> Grids)> Grids(Polygon outline, DateTime at, CancellationToken cancellation)
    {
        var wkb = Wkb.Write(outline);
        var area = await connection.Scalar<double>($"SELECT ST_Area(ST_GeomFromWKB({wkb}, 4326)::geography)", cancellation);
        var grids = await connection.Query($"""
            SELECT id, net, code, name, kind, whole, part FROM (
                SELECT grids.id, nets.code AS net, grids.code, grids.name, grids.kind, ST_Area(grids.geom::geography) AS whole,
                       ST_Area(ST_Intersection(grids.geom, circle.geom)::geography) AS part
                FROM (SELECT ST_GeomFromWKB({wkb}, 4326) AS geom) AS circle
                JOIN grids ON ST_Intersects(grids.geom, circle.geom) JOIN nets ON nets.id = grids.net_id AND nets.code = 'base'
                WHERE grids.kind <> 'special' AND grids.valid_from <= {at} AND grids.valid_to > {at}
            ) AS parts WHERE part > 0 ORDER BY part DESC, code
            """, row => new CircleGrid(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.GetDouble(5), Math.Min(1, row.GetDouble(6) / row.GetDouble(5)), Math.Min(1, row.GetDouble(6) / area)), cancellation);
        return (area, grids);
    }
}
