using GridMap.Geo.GeoJson;
using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Grids;

public static class GridEndpoints
{
    private static readonly Parameter<bool?> DryRun = Parameters.Flag("dryRun", "Check and answer with the faults and figures; write nothing.");

    // A boundary is laid over its neighbours many times: what looks for crossings once may be closer.
    private static readonly GeoJsonLimits Drawn = new() { Types = GeoJsonTypes.Polygons, MaxVertices = 100_000, MaxPairs = 200_000 };

    public static void MapGrids(this IEndpointRouteBuilder app)
    {
        var grids = app.MapGroup("/api/grids").About("Grids", "Grids of every net, dated");
        grids.MapGet("/{id:long}", One).Reads().Takes().WithSummary("One version of a grid with its figures and people");
        grids.MapPost("", Draw).Needs(Role.Planner).Takes(DryRun, Parameters.Coord).Accepts<GridDrawn>("application/geo+json", "application/json")
            .Produces<GridCheck>().WithSummary("Save a drawn boundary, or only check it");
    }

    private static async Task<Ok<Grid>> One(long id, HttpContext http, GridQueries queries, CancellationToken cancellation) =>
        TypedResults.Ok(await queries.One(id, Caller.Of(http).SignedIn, cancellation) ?? throw Refused.NotFound("grid", id));

    private static async Task<Results<Created<Grid>, Ok<GridCheck>>> Draw(HttpContext http, Database database, GridQueries queries, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var drawn = await Body.Read<GridDrawn>(http, cancellation, "application/geo+json", "application/json");
        var boundary = Read(drawn, Datum.Of(ask));
        var caller = Caller.Of(http);
        if (ask.Get(DryRun) == true)
        {
            await using var connection = await database.Open(cancellation);
            return TypedResults.Ok(await GridChecks.Check(connection, boundary, drawn.Properties, cancellation));
        }
        var id = await database.Write(caller.Name, connection => Save(connection, caller, boundary, drawn.Properties, cancellation), cancellation);
        return TypedResults.Created($"/api/grids/{id}", await queries.One(id, true, cancellation));
    }

    /// <param name="path">What the names of its fields begin with in a refusal.</param>
    internal static async Task<long> Save(NpgsqlConnection connection, Caller caller, Geometry boundary, GridProperties wanted, CancellationToken cancellation, string path = "")
    {
        // Two planners must not both find the same place free: boundaries of one net are saved one after the other.
        await connection.Execute($"SELECT pg_advisory_xact_lock(hashtext('grids.' || {wanted.Net}))", cancellation);
        var check = await GridChecks.Check(connection, boundary, wanted, cancellation);
        if (!check.Ok)
        {
            FieldError[]? errors = check.Faults.Any(fault => fault.Code == GridChecks.CodeInUse) ? [Problems.TakenField($"{path}properties.code")] : null;
            throw new Refused("grid.faults", $"The boundary has {check.Faults.Count} fault(s): {string.Join(" ", check.Faults.Take(3).Select(fault => fault.Message))}", errors, check.Faults);
        }
        await AreaScope.Check(connection, caller, check.Area!.Id, cancellation);
        return await GridQueries.Insert(connection, wanted, check, Wkb.Write(boundary), cancellation);
    }

    private static Geometry Read(GridDrawn drawn, Datum datum)
    {
        var (errors, wanted) = (new List<FieldError>(), drawn.Properties);
        if (drawn.Type != "Feature") errors.Add(new FieldError("type", "choice.unknown", "\"Feature\""));
        var read = GeoJsonReader.Read(drawn.Geometry, Drawn with { Shift = ChinaOffset.Shift(datum.Kind, ChinaDatum.Wgs84) });
        if (!read.IsRead) errors.Add(new FieldError("geometry" + read.Path?.TrimStart('$'), read.Reason!, GeoJsonWords.Expected(read.Detail)));
        if (wanted.Name.Trim().Length is < 1 or > 100) errors.Add(new FieldError("properties.name", "text.length", "1 to 100 characters"));
        if (wanted.Kind is not ("base" or "special" or "micro")) errors.Add(new FieldError("properties.kind", "choice.unknown", "one of base, special, micro"));
        if (wanted.Households is < 0 or > 1_000_000) errors.Add(new FieldError("properties.households", "number.out-of-range", "a whole number from 0 to 1000000"));
        if (wanted.Residents is < 0 or > 5_000_000) errors.Add(new FieldError("properties.residents", "number.out-of-range", "a whole number from 0 to 5000000"));
        if (wanted.Code is { Length: < 1 or > 40 }) errors.Add(new FieldError("properties.code", "text.length", "1 to 40 characters"));
        if (wanted.ValidFrom is { Year: < 1900 or > 2199 }) errors.Add(new FieldError("properties.validFrom", "time.out-of-range", "a time between 1900 and 2199"));
        return errors.Count == 0 ? read.Geometry! : throw Refused.Fields(errors);
    }
}
