using System.Text.Json;
using GridMap.Geo.Cql2;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Gdal;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Downloads;

/// <summary><c>/api/downloads</c>: any collection, or what a filter selects of it, as a file of another format. A job, because a city takes a while.</summary>
public static class DownloadEndpoints
{
    private static readonly string[] Encodings = ["UTF-8", "GB18030"];

    public static void MapDownloads(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/downloads").About("Downloads", "Collections as files").Needs(Role.Reader);
        api.MapPost("", Begin).Takes().Accepts<DownloadWanted>("application/json").WithSummary("Make a file of a collection, or of a part of it");
        api.MapGet("", List).Takes().WithSummary("The caller's downloads");
        api.MapGet("/{id}", One).Takes().WithName("Download").WithSummary("How far a download is");
        api.MapGet("/{id}/file", File).Takes().WithSummary("The file, in ranges when asked").Produces(200, contentType: "application/octet-stream").Produces(206);
        api.MapDelete("/{id}", Dismiss).Takes().WithSummary("End a download, or delete its file");
    }

    private static async Task<Accepted<Download>> Begin(HttpContext http, LayerCatalog layers, Database database, DownloadJobs jobs, CancellationToken cancellation)
    {
        var wanted = await Body.Read<DownloadWanted>(http, cancellation);
        var errors = new List<FieldError>();
        var layer = layers.Find(wanted.Collection);
        if (layer is null) errors.Add(new FieldError("collection", "collection.not-found", $"one of {string.Join(", ", layers.All.Select(known => known.Name))}"));
        var format = DownloadFormat.All.FirstOrDefault(known => known.Name == wanted.Format);
        if (format is null) errors.Add(new FieldError("format", "choice.unknown", $"one of {string.Join(", ", DownloadFormat.All.Select(known => known.Name))}"));
        var encoding = Encodings.FirstOrDefault(known => known.Equals(wanted.Encoding ?? "UTF-8", StringComparison.OrdinalIgnoreCase));
        if (encoding is null || (encoding != "UTF-8" && format is { IsZipped: false })) errors.Add(new FieldError("encoding", "choice.unknown", "UTF-8, or GB18030 for a shapefile"));
        if (wanted.FilterLang is not (null or "cql2-text" or "cql2-json")) errors.Add(new FieldError("filterLang", "choice.unknown", "cql2-text or cql2-json"));
        var srid = await Srid(database, wanted.Crs, format, errors, cancellation);
        var box = Read(Parameters.Bbox, "bbox", wanted.Bbox is null ? null : string.Join(',', wanted.Bbox.Select(number => number.ToString("R"))), errors);
        var time = Read(TimeSpanAsked.Parameter, "datetime", wanted.Datetime, errors);
        if (errors.Count > 0) throw Refused.Fields(errors);
        var question = new FeatureQuestion(layer!, int.MaxValue - 1) { Box = box, Time = time };
        if (wanted.Filter is { } filter)
        {
            var read = Read(filter, wanted.FilterLang);
            if (!read.IsRead) throw Refused.Field("filter", read.Reason, read.Detail);
            question = question with { Filter = FilterSql.Translate(read.Expression, layer!, AskedCrs.Default) };
        }
        if (!Ogr2Ogr.IsInstalled) throw new Refused("download.no-gdal", "The program ogr2ogr of GDAL is not installed on the server; on Debian and Ubuntu: apt install gdal-bin.");
        var job = new DownloadJob(Caller.Of(http).Name, format!, question, srid, encoding!, jobs.Folder, jobs.Now);
        jobs.Add(job);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Accepted($"/api/downloads/{job.Id}", job.ToDownload());
    }

    private static Ok<Listed<Download>> List(HttpContext http, DownloadJobs jobs)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Listed<Download>(jobs.Of(Caller.Of(http)).Select(job => job.ToDownload()).ToList()));
    }

    private static Ok<Download> One(string id, HttpContext http, DownloadJobs jobs)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(jobs.Find(id, Caller.Of(http)).ToDownload());
    }

    private static PhysicalFileHttpResult File(string id, HttpContext http, DownloadJobs jobs)
    {
        var job = jobs.Find(id, Caller.Of(http));
        if (job.Status != "successful") throw new Refused("download.not-ready", $"The download is {job.Status}.");
        http.Response.Headers.CacheControl = "private, no-transform";
        return TypedResults.PhysicalFile(Path.Combine(job.Folder, job.FileName), job.Format.MediaType, job.FileName, job.FinishedAt,
            new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{job.Id}\""), enableRangeProcessing: true);
    }

    private static async Task<NoContent> Dismiss(string id, HttpContext http, DownloadJobs jobs)
    {
        await jobs.Remove(jobs.Find(id, Caller.Of(http)));
        return TypedResults.NoContent();
    }

    // JSON as it is cannot be taken for text, so that it needs no name of its language.
    private static Cql2Result Read(JsonElement filter, string? language) => (filter.ValueKind, language) switch
    {
        (JsonValueKind.Object, not "cql2-text") => Cql2Json.Read(filter.GetRawText()),
        (JsonValueKind.String, "cql2-json") => Cql2Json.Read(TextOf(filter)),
        (JsonValueKind.String, _) => Cql2Text.Read(TextOf(filter)),
        _ => throw Refused.Field("filter", "field.wrong-type", language == "cql2-text" ? "a text" : "a text or an object of CQL2 JSON"),
    };

    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refused.Field("filter", "body.not-json", "a text without half a surrogate pair");
        }
    }

    private static async Task<int?> Srid(Database database, string? name, DownloadFormat? format, List<FieldError> errors, CancellationToken cancellation)
    {
        if (name is null) return null;
        await using var connection = await database.Open(cancellation);
        var srid = await FileCrs.Of(connection, name, "crs", errors, cancellation);
        if (format is { HasCrs: false } && srid is not (null or 4326)) errors.Add(new FieldError("crs", "crs.unknown", $"none: {format.Name} is always in longitude and latitude"));
        return srid;
    }

    private static T? Read<T>(Parameter<T?> parameter, string field, string? text, List<FieldError> errors)
    {
        if (text is null) return default;
        var value = parameter.Read(text, out var error);
        if (error is not null) errors.Add(error with { Field = field });
        return value is T read ? read : default;
    }
}
