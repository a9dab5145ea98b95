using System.Text.Json;
using GridMap.Server.Access;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace GridMap.Server.Changes;

/// <summary><c>/api/changes</c>: what a mirror needs to become and to stay equal.</summary>
public static class ChangeEndpoints
{
    private const int UsualLimit = 1000, MostChanges = 10_000;

    private static readonly Parameter<int?> Limit = Parameters.Integer("limit", 1, MostChanges, $"At most how many changes; {UsualLimit} when absent.");

    private static readonly ListParameter<string> Tables = new("tables", "Only changes of these tables, by commas; all when absent.",
        new OpenApiSchema { Type = JsonSchemaType.String }, 10,
        text => text.Length <= 200 && text.Split(',').All(table => ChangeLog.Tables.Contains(table)) ? text : Reading<string>.Wrong("choice.unknown", $"some of {string.Join(",", ChangeLog.Tables)}"));

    private static readonly Parameter<string?> Collection = Parameters.TextOf("collection", 60, "Only changes that touch this collection: of its own table, and of those that its properties come from (told as a reload of the collection).");

    private static readonly Parameter<bool?> WithFeatures = Parameters.Flag("features", "Whether each change of a collection carries the feature as it is now.");

    public static void MapChanges(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/changes", Follow).Reads().Takes(Since.Parameter, Tables, Collection, Limit, WithFeatures).About("Live", "What changes, as it is committed")
            .WithSummary("Committed changes since a position or a time, complete and in order, for mirrors");

    private static async Task<Ok<ChangePage>> Follow(HttpContext http, ChangeQueries changes, LayerCatalog layers, LayerReader reader, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        http.Response.Headers.CacheControl = "no-store";
        var tables = TablesOf(ask, layers);
        if (ask.Get(Since.Parameter) is not { } since)
            return TypedResults.Ok(new ChangePage([], (await changes.Now(cancellation)).ToString(), false, clock.Now));
        var from = since.Position ?? await changes.At(since.Time!.Value.ToUtc(await clock.Zone(cancellation)), cancellation);
        var (page, next, more) = await changes.Page(from, tables, ask.Get(Limit) ?? UsualLimit, cancellation);
        var features = ask.Get(WithFeatures) == true ? await Features(page, layers, reader, cancellation) : [];
        var published = layers.All.ToDictionary(layer => layer.Table);
        var followed = ask.Get(Collection) is { } name ? layers.Find(name) : null;
        return TypedResults.Ok(new ChangePage(
            [.. page.Select(change => followed is not null && change.Table != followed.Table && !ask.Get(Tables).Any(text => text.Split(',').Contains(change.Table))
                // Which of its features took something from that row is not known: any may have.
                ? new ChangeTold(change.Table, followed.Name, "reload", null, change.At, change.Actor, null)
                : new ChangeTold(change.Table, published.GetValueOrDefault(change.Table)?.Name, change.Op, change.RowId, change.At, change.Actor,
                    features.TryGetValue((change.Table, change.RowId ?? 0), out var feature) ? feature : null))],
            next.ToString(), more, clock.Now));
    }

    private static string[]? TablesOf(Question ask, LayerCatalog layers)
    {
        var named = ask.Get(Tables).SelectMany(text => text.Split(',')).ToArray();
        if (ask.Get(Collection) is not { } name) return named.Length == 0 ? null : named;
        var layer = layers.Find(name) ?? throw Refused.Field("collection", "collection.not-found", $"one of {string.Join(", ", layers.All.Select(known => known.Name))}");
        return [.. named, .. layer.DependsOn];
    }

    // Read after the page: a feature is at least as new as the change that brought it, and one that is newer has a later change.
    private static async Task<Dictionary<(string Table, long Id), JsonElement>> Features(List<Change> page, LayerCatalog layers, LayerReader reader, CancellationToken cancellation)
    {
        var found = new Dictionary<(string, long), JsonElement>();
        foreach (var layer in layers.All)
        {
            var ids = page.Where(change => change.Table == layer.Table && change.RowId is not null).Select(change => change.RowId!.Value).Distinct().ToArray();
            foreach (var (id, feature) in await reader.ById(layer, ids, cancellation)) found[(layer.Table, id)] = feature;
        }
        return found;
    }
}
