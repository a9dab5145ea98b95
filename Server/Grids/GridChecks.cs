using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Grids;

/// <summary>
/// Whether one boundary may stand: valid, inside its community, apart from the grids of its net, with a code by the city's profile.
/// PostGIS decides, on the coordinates as they will be kept.
/// </summary>
public static class GridChecks
{
    internal const string CodeInUse = "grid.code-in-use";

    // Borders that cross between lattice points leave crumbs of this size where neighbours meet; anything larger is a real overlap.
    private const double CrumbSquareMetres = 0.05;

    private const double LeastSquareMetres = 100;

    public static async Task<GridCheck> Check(NpgsqlConnection connection, Geometry boundary, GridProperties wanted, CancellationToken cancellation)
    {
        var wkb = Wkb.Write(boundary);
        var faults = new List<GridFault>();
        var net = await connection.Scalar<long>($"SELECT id FROM nets WHERE code = {wanted.Net}", cancellation);
        if (net == 0) throw Refused.Field("properties.net", "net.unknown", "the code of a net");
        if (await Invalid(connection, wkb, cancellation) is { } invalid)
            return new GridCheck(false, [invalid], null, null, 0, 0, 0, 0, 0, 0);
        var area = await AreaOf(connection, wkb, wanted.AreaId, cancellation);
        var size = await Measure(connection, wkb, cancellation);
        if (size.Area < LeastSquareMetres)
            faults.Add(new GridFault("grid.too-small", $"The boundary holds {size.Area:0.##} m²; the least is {LeastSquareMetres} m².", size.Area, size.Place, []));
        if (size.Parts > 1) faults.Add(new GridFault("grid.multipart", $"The boundary falls into {size.Parts} parts.", size.Area, size.Place, []));
        if (area is null) faults.Add(new GridFault("grid.outside-area", "The boundary lies in no community.", size.Area, size.Place, []));
        else if (await Outside(connection, wkb, area, cancellation) is { } outside) faults.Add(outside);
        if (wanted.Kind != "special") faults.AddRange(await Overlaps(connection, wkb, net, wanted.ValidFrom, cancellation));
        var code = area is null ? null : await CodeFor(connection, net, area, wanted, faults, cancellation);
        return new GridCheck(faults.Count == 0, faults, code, area, size.Area, size.Perimeter, size.Compactness, size.Buildings, size.Households, size.Residents);
    }

    private static async Task<GridFault?> Invalid(NpgsqlConnection connection, byte[] wkb, CancellationToken cancellation) =>
        await connection.QueryOne($"""
            SELECT reason(detail), ST_X(location(detail)), ST_Y(location(detail))
            FROM (SELECT ST_IsValidDetail(ST_GeomFromWKB({wkb}, 4326)) AS detail) AS checked WHERE NOT valid(detail)
            """, row => new GridFault("grid.invalid", $"The boundary is not a valid polygon: {row.GetString(0)}.", null,
                row.IsDBNull(1) ? null : new Place(row.GetDouble(1), row.GetDouble(2)), []), cancellation);

    // The area asked for, or the lowest one that holds most of the boundary.
    private static async Task<AreaRef?> AreaOf(NpgsqlConnection connection, byte[] wkb, long? asked, CancellationToken cancellation)
    {
        var area = await connection.QueryOne($"""
            WITH drawn AS (SELECT tidy_polygon(ST_GeomFromWKB({wkb}, 4326)) AS geom)
            SELECT areas.id, code, name, name_en, level FROM areas, drawn
            WHERE ({asked}::bigint IS NOT NULL AND areas.id = {asked}::bigint)
               OR ({asked}::bigint IS NULL AND areas.geom && drawn.geom AND ST_Intersects(areas.geom, drawn.geom)
                   AND NOT EXISTS (SELECT FROM areas AS child WHERE child.parent_id = areas.id))
            ORDER BY ST_Area(ST_Intersection(areas.geom, drawn.geom)) DESC, code LIMIT 1
            """, row => new AreaRef(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)), cancellation);
        return area is null && asked is not null ? throw Refused.Field("properties.areaId", "area.not-found", "the id of an area") : area;
    }

    private sealed record Size(double Area, double Perimeter, double Compactness, int Parts, Place Place, long Buildings, long Households, long Residents);

    private static async Task<Size> Measure(NpgsqlConnection connection, byte[] wkb, CancellationToken cancellation) =>
        (await connection.QueryOne($"""
            WITH drawn AS MATERIALIZED (SELECT tidy_polygon(ST_GeomFromWKB({wkb}, 4326)) AS geom)
            SELECT ST_Area(drawn.geom::geography), ST_Perimeter(drawn.geom::geography), ST_NumGeometries(drawn.geom),
                   ST_X(ST_PointOnSurface(drawn.geom)), ST_Y(ST_PointOnSurface(drawn.geom)), inside.buildings, inside.households, inside.residents
            FROM drawn CROSS JOIN LATERAL (
                SELECT count(*) AS buildings, coalesce(sum(households), 0)::bigint AS households, coalesce(sum(residents), 0)::bigint AS residents
                FROM buildings WHERE buildings.centre && drawn.geom AND ST_Intersects(buildings.centre, drawn.geom)) AS inside
            """, row => new Size(row.GetDouble(0), row.GetDouble(1), PolsbyPopper(row.GetDouble(0), row.GetDouble(1)), row.GetInt32(2),
                new Place(row.GetDouble(3), row.GetDouble(4)), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)), cancellation))!;

    /// <summary>4πA/P²: 1 for a circle, less for anything else (Polsby and Popper 1991).</summary>
    public static double PolsbyPopper(double areaSquareMetres, double perimeterMetres) =>
        perimeterMetres > 0 ? 4 * Math.PI * areaSquareMetres / (perimeterMetres * perimeterMetres) : 0;

    private static async Task<GridFault?> Outside(NpgsqlConnection connection, byte[] wkb, AreaRef area, CancellationToken cancellation) =>
        await connection.QueryOne($"""
            WITH outside AS (
                SELECT ST_Difference(tidy_polygon(ST_GeomFromWKB({wkb}, 4326)), areas.geom) AS geom FROM areas WHERE id = {area.Id}
            )
            SELECT ST_Area(geom::geography), ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom))
            FROM outside WHERE NOT ST_IsEmpty(geom) AND ST_Area(geom::geography) > {CrumbSquareMetres}
            """, row => new GridFault("grid.outside-area", $"{row.GetDouble(0):0.#} m² lie outside {area.Name}.", row.GetDouble(0), new Place(row.GetDouble(1), row.GetDouble(2)), []), cancellation);

    private static Task<List<GridFault>> Overlaps(NpgsqlConnection connection, byte[] wkb, long net, DateTime? validFrom, CancellationToken cancellation) =>
        connection.Query($"""
            WITH drawn AS MATERIALIZED (SELECT tidy_polygon(ST_GeomFromWKB({wkb}, 4326)) AS geom), met AS (
                SELECT grids.code, grids.name, ST_Intersection(grids.geom, drawn.geom) AS geom
                FROM grids, drawn
                WHERE grids.net_id = {net} AND grids.kind <> 'special' AND grids.geom && drawn.geom
                  AND ST_Intersects(grids.geom, drawn.geom) AND NOT ST_Touches(grids.geom, drawn.geom)
                  AND grids.valid_to > coalesce({validFrom?.ToUniversalTime()}::timestamptz, now())
            )
            SELECT code, name, ST_Area(geom::geography), ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom))
            FROM met WHERE ST_Area(geom::geography) > {CrumbSquareMetres} ORDER BY 3 DESC LIMIT 100
            """, row => new GridFault("grid.overlap", $"It overlaps {row.GetString(1)} by {row.GetDouble(2):0.#} m².", row.GetDouble(2),
                new Place(row.GetDouble(3), row.GetDouble(4)), [row.GetString(0)]), cancellation);

    private static async Task<string?> CodeFor(NpgsqlConnection connection, long net, AreaRef area, GridProperties wanted, List<GridFault> faults, CancellationToken cancellation)
    {
        var profile = GridCodeProfiles.Find(await connection.Scalar<string>($"SELECT grid_code FROM city", cancellation) ?? "") ?? GridCodeProfiles.Unit15;
        var used = await connection.Query($"SELECT DISTINCT code FROM grids WHERE net_id = {net} AND starts_with(code, {area.Code})", row => row.GetString(0), cancellation);
        // A city imported from elsewhere may number its areas with letters; its grids then follow the area's code by a dash.
        var byProfile = area.Code.Length == profile.PrefixLength && area.Code.All(char.IsAsciiDigit);
        if (wanted.Code is { } code)
        {
            var read = byProfile ? GridCode.Parse(code, profile, area.Code) : new GridCodeResult(code, null, null);
            if (!read.IsValid) faults.Add(new GridFault(read.Reason!, $"The code {code} does not follow the profile: {read.Detail}.", null, null, []));
            else if (used.Contains(code)) faults.Add(new GridFault(CodeInUse, $"The code {code} has been given already; codes are never given twice.", null, null, [code]));
            return code;
        }
        if (!byProfile) return NextWithDash(area.Code, used);
        var next = GridCode.Next(area.Code, used, profile);
        if (!next.IsValid) faults.Add(new GridFault(next.Reason!, $"There is no free code in {area.Name}: {next.Detail}.", null, null, []));
        return next.Code;
    }

    private static string NextWithDash(string areaCode, List<string> used)
    {
        var highest = used.Select(code => code.StartsWith(areaCode + "-", StringComparison.Ordinal) && int.TryParse(code.AsSpan(areaCode.Length + 1), out var serial) ? serial : 0).DefaultIfEmpty(0).Max();
        return $"{areaCode}-{highest + 1:000}";
    }
}
