using System.Net.Mime;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Gdal;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Plans;

/// <summary>Drafts as files: out to other programs, and in from them as one edit.</summary>
internal static class PlanFileEndpoints
{
    private static readonly Parameter<string?> Format = Parameters.Choice("format", PlanFormat.Names, "The kind of file.").Or("geojson");
    private static readonly Parameter<string?> Encoding = Parameters.Choice("encoding", ["UTF-8", "GB18030"], "Of a shapefile's texts; when reading, what the file says when absent.");
    private static readonly Parameter<string?> Crs = Parameters.TextOf("crs", 200, "EPSG:… of the file. When absent longitude and latitude, in drawings the city's plane; a file that says its CRS need not be told.");
    private static readonly Parameter<bool?> DryRun = Parameters.Flag("dryRun", "Answer what the file would do; change nothing.");

    public static void Map(RouteGroupBuilder plans)
    {
        plans.MapGet("/{id:long}/file", Write).Takes(Format, Encoding, Crs).Reads().Produces(200, contentType: MediaTypeNames.Application.Octet)
            .WithSummary("The grids of the draft as GeoPackage, zipped Shapefile, GeoJSON or DXF");
        plans.MapPost("/{id:long}/file", Read).Takes(Format, Encoding, Crs, DryRun).Needs(Role.Planner).Accepts<Stream>(MediaTypeNames.Application.Octet)
            .WithSummary("Take grids over that were drawn in another program, as one edit; drawn tells what is wrong with them");
    }

    private static async Task<FileContentHttpResult> Write(long id, HttpContext http, PlanEdits edits, PlanFigures figures, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var format = PlanFormat.Of(ask.Get(Format)!);
        if (ask.Get(Encoding) is not null && format.Name != "shapefile") throw Refused.Field("encoding", "choice.unknown", "none: only a shapefile has one");
        return await edits.Read(id, async (connection, plan, draft, plane) =>
        {
            var srid = await FileCrs.Of(connection, ask.Get(Crs), "crs", cancellation);
            var grids = await figures.Count(connection, [.. draft.Partition.Faces.Select(face => PlanFigures.Of(draft, face))], plan, plane, true, cancellation);
            var file = await PlanDownload.Make(connection, grids, format, srid, ask.Get(Encoding) ?? "UTF-8", cancellation);
            return TypedResults.File(file, format.MediaType, $"plan-{id}-{plan.Version}.{(format.Name == "shapefile" ? "zip" : format.Extension)}");
        }, cancellation);
    }

    private static async Task<Ok<PlanEdited>> Read(long id, HttpContext http, PlanEdits edits, Database database, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        int plane;
        int? srid;
        await using (var connection = await database.Open(cancellation))
            (plane, srid) = (await connection.Scalar<int>($"SELECT metric_srid FROM city", cancellation), await FileCrs.Of(connection, ask.Get(Crs), "crs", cancellation));
        var shapes = await PlanUpload.Read(http.Request.Body, PlanFormat.Of(ask.Get(Format)!), srid, plane, ask.Get(Encoding), cancellation);
        return PlanEndpoints.Edited(http, await edits.Edit(id, Caller.Of(http), PlanEndpoints.Expected(http), new PlanCommand("redraw", Shapes: shapes), ask.Get(DryRun) == true, cancellation));
    }
}
