using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.OgcApi;

/// <summary>OGC API – Features Part 4 (OGC 20-002): create, replace, update, delete, with optimistic locking by ETag.</summary>
internal static class WriteEndpoints
{
    private const string MergePatch = "application/merge-patch+json";

    public static void MapWrites(this RouteGroupBuilder ogc)
    {
        const string items = "/collections/{collection}/items", item = "/collections/{collection}/items/{fid}";
        ogc.MapPost(items, Create).Takes(Parameters.Coord).WithMetadata(new WritesFeatures());
        ogc.MapPut(item, Replace).Takes(Parameters.Coord).WithMetadata(new WritesFeatures());
        ogc.MapPatch(item, Update).Takes(Parameters.Coord).WithMetadata(new WritesFeatures());
        ogc.MapDelete(item, Delete).Takes().WithMetadata(new WritesFeatures());
        // They say what the resource takes, whatever its address is asked with.
        ogc.MapMethods(items, ["OPTIONS"], (string collection, HttpContext http, LayerCatalog layers) => Options(http, OgcEndpoints.Find(layers, collection), isItem: false)).WithMetadata(new SaysAllow((http, path) => Allowed(http, path, isItem: false)));
        ogc.MapMethods(item, ["OPTIONS"], (string collection, string fid, HttpContext http, LayerCatalog layers) => Options(http, OgcEndpoints.Find(layers, collection), isItem: true)).WithMetadata(new SaysAllow((http, path) => Allowed(http, path, isItem: true)));
    }

    private static async Task Create(string collection, HttpContext http, LayerCatalog layers, CollectionCrs crs, Database database, CityClock clock, CancellationToken cancellation)
    {
        var layer = OgcEndpoints.Find(layers, collection);
        var writes = Allowed(http, layer, isItem: false, writes => true);
        using var body = await FeatureBody.Read(http, cancellation, Links.GeoJson, Links.Json);
        var drafts = FeatureBody.Drafts(body.RootElement, layer, await CrsOfBody(http, layer, crs, cancellation), mayBeMany: true);
        var caller = Caller.Of(http);
        var (ids, first) = await database.Write(caller.Name, async connection =>
        {
            var context = new WriteContext(connection, caller, clock, cancellation);
            var ids = writes.Create is { } own ? await own(context, drafts) : await FeatureRows.Insert(context, layer, drafts);
            return (ids, await FeatureSql.One(connection, new FeatureQuestion(layer, 1), ids[0], cancellation));
        }, cancellation);
        var address = $"{Links.Base(http)}/ogc/collections/{layer.Name}/items/";
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = address + ids[0];
        if (body.RootElement.GetProperty("type").ValueEquals("Feature"))
        {
            http.Response.Headers.ETag = $"\"{FeatureRows.Tag(first)}\"";
            http.Response.ContentType = Links.GeoJson;
            OgcEndpoints.NameCrs(http, new AskedCrs(KnownCrs.Crs84, default));
            await http.Response.BodyWriter.WriteAsync(first, cancellation);
        }
        else
        {
            await http.Response.WriteAsJsonAsync(new { count = ids.Count, ids, links = ids.Select(id => new { href = address + id, rel = "item", type = Links.GeoJson }) }, cancellation);
        }
    }

    private static Task Replace(string collection, string fid, HttpContext http, LayerCatalog layers, CollectionCrs crs, Database database, CityClock clock, CancellationToken cancellation) =>
        Change(collection, fid, http, layers, database, clock, writes => writes.MayReplace, async layer =>
        {
            using var body = await FeatureBody.Read(http, cancellation, Links.GeoJson, Links.Json);
            var draft = FeatureBody.Drafts(body.RootElement, layer, await CrsOfBody(http, layer, crs, cancellation), mayBeMany: false)[0];
            return Changing(layer, draft, whole: true);
        }, cancellation);

    private static Task Update(string collection, string fid, HttpContext http, LayerCatalog layers, CollectionCrs crs, Database database, CityClock clock, CancellationToken cancellation) =>
        Change(collection, fid, http, layers, database, clock, writes => writes.MayReplace, async layer =>
        {
            using var body = await FeatureBody.Read(http, cancellation, MergePatch, Links.GeoJson, Links.Json);
            if (body.RootElement.TryGetProperty("id", out var id) && id.ToString() != fid)
                throw new Refused(Problems.Unprocessable, "id: expected the feature's own id, or none.", [new FieldError("id", "id.fixed", "the feature's own id, or none: an id does not change")]);
            var draft = FeatureBody.Patch(body.RootElement, layer, await CrsOfBody(http, layer, crs, cancellation));
            return Changing(layer, draft, whole: false);
        }, cancellation);

    private static Func<WriteContext, long, Task> Changing(Layer layer, FeatureDraft draft, bool whole) => layer.Writes!.Change is { } own
        ? (context, id) => own(context, id, draft, whole)
        : (context, id) => FeatureRows.Update(context, layer, id, draft, whole);

    private static Task Delete(string collection, string fid, HttpContext http, LayerCatalog layers, Database database, CityClock clock, CancellationToken cancellation) =>
        Change(collection, fid, http, layers, database, clock, writes => writes.MayDelete, layer => Task.FromResult<Func<WriteContext, long, Task>>(
            (context, id) => layer.Writes!.Delete is { } own ? own(context, id) : FeatureRows.Delete(context, layer, id)), cancellation);

    // The feature is locked first and compared with If-Match then, in one transaction: of two writers with one ETag exactly one wins.
    private static async Task Change(string collection, string fid, HttpContext http, LayerCatalog layers, Database database, CityClock clock, Func<LayerWrites, bool> may,
        Func<Layer, Task<Func<WriteContext, long, Task>>> prepare, CancellationToken cancellation)
    {
        var layer = OgcEndpoints.Find(layers, collection);
        Allowed(http, layer, isItem: true, may);
        var write = await prepare(layer);
        var caller = Caller.Of(http);
        var isKnown = long.TryParse(fid, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        var content = await database.Write(caller.Name, async connection =>
        {
            var context = new WriteContext(connection, caller, clock, cancellation);
            var ifMatch = http.Request.Headers.IfMatch.SelectMany(value => (value ?? "").Split(',')).Select(tag => tag.Trim()).Where(tag => tag.Length > 0).ToList();
            // A variable that was never set must not write over everybody.
            if (http.Request.Headers.IfMatch.Count > 0 && ifMatch.Count == 0) throw Refused.Field("If-Match", "header.empty", "an ETag, or *");
            if (!isKnown || !await FeatureRows.Lock(context, layer, id))
                throw ifMatch.Count > 0 ? Changed($"There is no feature {fid} in {layer.Name} any more.") : OgcEndpoints.NoFeature(layer, fid);
            var ifNoneMatch = http.Request.Headers.IfNoneMatch;
            if (ifNoneMatch.Count > 0 || (ifMatch.Count > 0 && !ifMatch.Contains("*")))
            {
                var tag = FeatureRows.Tag(await FeatureSql.One(connection, new FeatureQuestion(layer, 1), id, cancellation));
                // Representations in other CRSs, formats and codings have the feature's tag in front of a dash.
                if (ifMatch.Count > 0 && !ifMatch.Any(match => match == "*" || match.Trim('"').Split('-')[0] == tag)) throw Changed("The feature has changed since it was read. Read it again.");
                if (Conditional.Names(ifNoneMatch, tag)) throw Changed("There is a feature already that If-None-Match excludes.");
            }
            await FeatureRows.CheckArea(context, layer, id);
            await write(context, id);
            return await FeatureSql.One(connection, new FeatureQuestion(layer, 1), id, cancellation);
        }, cancellation);
        if (content.Length > 0) http.Response.Headers.ETag = $"\"{FeatureRows.Tag(content)}\"";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static LayerWrites Allowed(HttpContext http, Layer layer, bool isItem, Func<LayerWrites, bool> may)
    {
        if (layer.Writes is not { } writes || !may(writes))
        {
            var allow = Methods(layer, isItem);
            http.Response.OnStarting(() => // a problem clears the headers that were set before it
            {
                http.Response.Headers.Allow = allow;
                return Task.CompletedTask;
            });
            throw new Refused(Problems.MethodNotAllowed, $"{http.Request.Method} is not allowed here. Allowed: {allow}.");
        }
        Caller.Of(http).Must(writes.Role);
        return writes;
    }

    private static Task Options(HttpContext http, Layer layer, bool isItem)
    {
        http.Response.Headers.Allow = Methods(layer, isItem);
        if (isItem && layer.Writes is { MayReplace: true }) http.Response.Headers["Accept-Patch"] = $"{MergePatch}, {Links.GeoJson}, {Links.Json}";
        if (!isItem && layer.Writes is not null) http.Response.Headers["Accept-Post"] = $"{Links.GeoJson}, {Links.Json}";
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static string? Allowed(HttpContext http, RouteValueDictionary path, bool isItem) =>
        http.RequestServices.GetRequiredService<LayerCatalog>().Find(path["collection"] as string ?? "") is { } layer ? Methods(layer, isItem) : null;

    private static string Methods(Layer layer, bool isItem)
    {
        List<string> methods = ["GET", "HEAD", "OPTIONS"];
        if (layer.Writes is { } writes)
        {
            if (!isItem) methods.Add("POST");
            if (isItem && writes.MayReplace) methods.AddRange(["PUT", "PATCH"]);
            if (isItem && writes.MayDelete) methods.Add("DELETE");
        }
        return string.Join(", ", methods);
    }

    private static async Task<AskedCrs> CrsOfBody(HttpContext http, Layer layer, CollectionCrs crs, CancellationToken cancellation)
    {
        var datum = Datum.Of(Question.Of(http));
        var name = http.Request.Headers["Content-Crs"].ToString().Trim();
        return name.Length == 0 ? new AskedCrs(KnownCrs.Crs84, datum) : await crs.Named(layer, name.Trim('<', '>'), "Content-Crs", datum, cancellation);
    }

    private static Refused Changed(string detail) => new(Problems.PreconditionFailed, detail);
}
