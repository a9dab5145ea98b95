using System.Text.Json;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Land inside an area that belongs to no grid on purpose.</summary>
public sealed record GridHole(long Id, string Net, AreaRef Area, string Kind, string Name, double AreaSquareMetres, DateTime DeclaredAt, string DeclaredBy, DateTime? EndedAt, JsonElement Geometry);

/// <summary>A gap between the grids of today, named by a place in it, that is to be none.</summary>
public sealed record GridHoleWanted(long AreaId, Place Place, string Kind, string Name = "", string Net = "base");

/// <summary><c>/api/grid-holes</c>: a gap that is declared is no fault, and no edit of a plan may take from it.</summary>
internal static class GridHoles
{
    private static readonly string[] Kinds = ["water", "compound", "other"];

    public static void MapGridHoles(this IEndpointRouteBuilder app)
    {
        var holes = app.MapGroup("/api/grid-holes").About("Grids", "Grids of every net, dated");
        holes.MapGet("", List).Takes(Parameters.AreaId).Reads().WithSummary("Declared holes between grids that have not ended");
        holes.MapPost("", Declare).Takes().Needs(Role.Planner).Accepts<GridHoleWanted>("application/json").WithSummary("Declare a gap between grids: a lake, a walled compound");
        holes.MapDelete("/{id:long}", End).Takes().Needs(Role.Planner).WithSummary("End a declared hole: from now on it is a gap again");
    }

    /// <summary>Declared and not ended before a date, in an area; single polygons.</summary>
    public static async Task<List<Geometry>> In(NpgsqlConnection connection, long net, long area, DateTime at, CancellationToken cancellation)
    {
        var holes = await connection.Query($"""
            SELECT ST_AsBinary((ST_Dump(grid_holes.geom)).geom) FROM grid_holes JOIN areas ON areas.id = {area}
            WHERE net_id = {net} AND (ended_at IS NULL OR ended_at > {at}) AND grid_holes.geom && areas.geom AND ST_Intersects(ST_PointOnSurface(grid_holes.geom), areas.geom) ORDER BY grid_holes.id
            """, row => Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation);
        return holes;
    }

    private static async Task<Ok<Listed<GridHole>>> List(HttpContext http, Database database, CancellationToken cancellation)
    {
        var area = Question.Of(http).Get(Parameters.AreaId);
        await using var connection = await database.Open(cancellation);
        return TypedResults.Ok(new Listed<GridHole>(await Read(connection, area is { } id ? Sql.Of($"grid_holes.area_id IN (SELECT areas_below({id})) AND ended_at IS NULL") : Sql.Trusted("ended_at IS NULL"), cancellation)));
    }

    private static async Task<Created<GridHole>> Declare(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var wanted = await Body.Read<GridHoleWanted>(http, cancellation);
        var errors = new List<FieldError>();
        if (!Kinds.Contains(wanted.Kind)) errors.Add(new FieldError("kind", "choice.unknown", $"one of {string.Join(", ", Kinds)}"));
        if (wanted.Name.Length > 100) errors.Add(new FieldError("name", "text.length", "at most 100 characters"));
        if (!(wanted.Place.Lon is >= -180 and <= 180 && wanted.Place.Lat is >= -90 and <= 90)) errors.Add(new FieldError("place", "number.out-of-range", "a longitude and a latitude"));
        if (errors.Count > 0) throw Refused.Fields(errors);
        var caller = Caller.Of(http);
        var hole = await database.Write(caller.Name, async connection =>
        {
            await AreaScope.Check(connection, caller, wanted.AreaId, cancellation);
            var net = await connection.Scalar<long>($"SELECT id FROM nets WHERE code = {wanted.Net}", cancellation);
            if (net == 0) throw Refused.Field("net", "net.unknown", "the code of a net");
            var gap = await Gap(connection, net, wanted, clock.Now, cancellation);
            var id = await connection.Scalar<long>($"""
                INSERT INTO grid_holes (net_id, area_id, kind, name, declared_by, geom)
                VALUES ({net}, {wanted.AreaId}, {wanted.Kind}, {wanted.Name.Trim()}, {caller.Name}, ST_Multi(ST_GeomFromWKB({Wkb.Write(gap)}, 4326))) RETURNING id
                """, cancellation);
            return (await Read(connection, Sql.Of($"grid_holes.id = {id}"), cancellation))[0];
        }, cancellation);
        return TypedResults.Created($"/api/grid-holes/{hole.Id}", hole);
    }

    /// <summary>The gap around a place, with the very corners of the grids around it.</summary>
    private static async Task<Geometry> Gap(NpgsqlConnection connection, long net, GridHoleWanted wanted, DateTime now, CancellationToken cancellation)
    {
        var parent = await connection.QueryOne($"SELECT ST_AsBinary(geom) FROM areas WHERE id = {wanted.AreaId}", row => Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation)
            ?? throw Refused.Field("areaId", "area.not-found", "the id of an area");
        var grids = await PlanStart.Grids(connection, net, wanted.AreaId, now, cancellation);
        var plane = MetricPlane.ForSrid(await connection.Scalar<int>($"SELECT metric_srid FROM city", cancellation));
        Geometry[] all = [.. grids.Select(grid => grid.Boundary), .. await In(connection, net, wanted.AreaId, now, cancellation)];
        var at = parent.Factory.CreatePoint(new Coordinate(wanted.Place.Lon, wanted.Place.Lat));
        var faults = GridPartition.Faults(parent, all, plane, new() { MinGridWidthMetres = 0 }, cancellation);
        return faults.FirstOrDefault(fault => fault.Reason is GridFaultReasons.Gap or GridFaultReasons.SliverGap && fault.Place is Polygon && fault.Place.Intersects(at))?.Place
            ?? throw Refused.Field("place", "gap.not-found", "a place in a gap between the grids of today");
    }

    private static async Task<NoContent> End(long id, HttpContext http, Database database, CancellationToken cancellation)
    {
        var caller = Caller.Of(http);
        await database.Write(caller.Name, async connection =>
        {
            var area = await connection.Scalar<long>($"SELECT area_id FROM grid_holes WHERE id = {id} AND ended_at IS NULL", cancellation);
            if (area == 0) throw Refused.NotFound("grid-hole", id);
            await AreaScope.Check(connection, caller, area, cancellation);
            return await connection.Execute($"UPDATE grid_holes SET ended_at = now() WHERE id = {id}", cancellation);
        }, cancellation);
        return TypedResults.NoContent();
    }

    private static Task<List<GridHole>> Read(NpgsqlConnection connection, Sql where, CancellationToken cancellation) => connection.Query($"""
        SELECT grid_holes.id, nets.code, areas.id, areas.code, areas.name, areas.name_en, areas.level, kind, grid_holes.name, ST_Area(grid_holes.geom::geography), declared_at, declared_by, ended_at, ST_AsBinary(grid_holes.geom)
        FROM grid_holes JOIN nets ON nets.id = grid_holes.net_id JOIN areas ON areas.id = grid_holes.area_id WHERE {where} ORDER BY grid_holes.id LIMIT 1000
        """, row => new GridHole(row.GetInt64(0), row.GetString(1), new AreaRef(row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6)), row.GetString(7), row.GetString(8),
            row.GetDouble(9), row.GetDateTime(10), row.GetString(11), row.TimeOrNull(12), PlanFigures.GeoJson(Wkb.Read(row.GetFieldValue<byte[]>(13)))), cancellation);
}
