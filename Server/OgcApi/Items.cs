using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>The items of a collection: read the question, answer from the ETag, or stream.</summary>
public sealed class Items
{
    public const int MaxLimit = 10_000, DefaultLimit = 10, MaxOffset = 10_000_000;

    public static readonly Parameter<int?> Limit = new("limit", $"At most how many features: 1 or more; above {MaxLimit} it means {MaxLimit}.",
        new Microsoft.OpenApi.OpenApiSchema { Type = Microsoft.OpenApi.JsonSchemaType.Integer, Minimum = "1", Maximum = MaxLimit.ToString(), Default = DefaultLimit },
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1
            ? (int)Math.Min(limit, MaxLimit) : Reading<int?>.Wrong("limit.unreadable", "a whole number from 1"));

    public static readonly Parameter<int?> Offset = Parameters.Integer("offset", 0, MaxOffset, "How many features to pass over; next links use 'after', which is faster and steadier.");

    public static readonly Parameter<long?> After = new("after", "Where the page before ended: taken from a next link.",
        new Microsoft.OpenApi.OpenApiSchema { Type = Microsoft.OpenApi.JsonSchemaType.String },
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : Reading<long?>.Wrong("after.unreadable", "the value in a next link"));

    private readonly ConcurrentDictionary<string, long> _counts = [];

    /// <summary>The parameters that one collection's items take: the standard's, then a filter for each property.</summary>
    public static IReadOnlyList<Parameter> ParametersOf(Layer layer) => Known.GetOrAdd(layer.Name, _ =>
        [Parameters.Bbox, TimeSpanAsked.Parameter, Limit, Offset, After, Formats.Parameter, .. layer.Columns.Select(PropertyFilter)]);

    private static readonly ConcurrentDictionary<string, IReadOnlyList<Parameter>> Known = [];

    public static FeatureQuestion Read(Layer layer, Question ask)
    {
        var tests = new List<PropertyTest>();
        foreach (var (parameter, column) in ParametersOf(layer).Skip(6).Zip(layer.Columns))
        {
            if (!ask.Has(parameter)) continue;
            tests.Add(PropertyTest.Equal(column, parameter switch
            {
                Parameter<string?> text => ask.Get(text)!,
                Parameter<long?> whole => ask.Get(whole)!.Value,
                Parameter<double?> number => ask.Get(number)!.Value,
                Parameter<bool?> flag => ask.Get(flag)!.Value,
                Parameter<When?> time => ask.Get(time)!.Value.ToUtc(TimeZoneInfo.Utc),
                _ => throw new InvalidOperationException($"No filter for {parameter.GetType()}"),
            }));
        }
        return new FeatureQuestion(layer, ask.Get(Limit) ?? DefaultLimit)
        {
            Box = ask.Get(Parameters.Bbox), Time = ask.Get(TimeSpanAsked.Parameter), Tests = tests,
            After = ask.Get(After) is { } after ? FeatureKey.Of(after) : null, Offset = ask.Get(Offset) ?? 0,
        };
    }

    /// <summary>Sets the ETag of what is asked for; true when the client has it already and 304 has been set.</summary>
    public static bool IsKnown(HttpContext http, LayerView view)
    {
        var question = SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Path}{http.Request.QueryString}|{Links.Base(http)}"));
        // Weak, because the same answer may be sent with different compression.
        var etag = $"W/\"{view.Layer.Name}-{view.Version}-{Convert.ToHexStringLower(question.AsSpan(0, 6))}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "no-cache";
        if (!http.Request.Headers.IfNoneMatch.SelectMany(value => (value ?? "").Split(',')).Any(value => value.Trim() == etag || value.Trim() == "*")) return false;
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>Streams the page: the first features leave before the last have been read.</summary>
    public async Task Stream(HttpContext http, LayerView view, FeatureQuestion question, CancellationToken cancellation)
    {
        var matched = CountMatched(view, question, cancellation);
        http.Response.ContentType = Links.GeoJson;
        var output = http.Response.BodyWriter;
        output.Write("{\"type\":\"FeatureCollection\",\"features\":["u8);
        var end = await view.Write(question, output, cancellation);
        var links = Links.SelfAndAlternate(http, Format.Json, Links.GeoJson, "This document").ToList();
        links.Add(new Link($"{Links.Base(http)}/ogc/collections/{question.Layer.Name}?f=json", "collection", Links.Json, question.Layer.Title));
        if (end.Next is { } next)
            links.Add(new Link(Links.With(http, Format.Json, ("after", next.Id.ToString(CultureInfo.InvariantCulture)), ("offset", null)), "next", Links.GeoJson, "Next page"));
        var text = $"],\"numberMatched\":{await matched},\"numberReturned\":{end.Returned},\"timeStamp\":\"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}\",\"links\":{JsonSerializer.Serialize(links, Links.Text)}}}";
        Encoding.UTF8.GetBytes(text, output);
        await output.FlushAsync(cancellation);
    }

    // Exact, and counted once for each version of the layer and question, beside the reading.
    private async Task<long> CountMatched(LayerView view, FeatureQuestion question, CancellationToken cancellation)
    {
        var key = $"{view.Layer.Name}-{view.Version}: {FeatureSql.Where(question).Fingerprint()}";
        if (_counts.TryGetValue(key, out var known)) return known;
        var count = await view.Count(question, cancellation);
        if (_counts.Count >= 1000) _counts.Clear();
        return _counts[key] = count;
    }

    private static Parameter PropertyFilter(LayerColumn column) => column.Kind switch
    {
        ColumnKind.Text when column.Choices is { } choices => Parameters.Choice(column.Name, choices, $"Only features with this {column.Name}."),
        ColumnKind.Text => Parameters.TextOf(column.Name, 200, $"Only features with exactly this {column.Name}."),
        ColumnKind.Integer => new Parameter<long?>(column.Name, $"Only features with this {column.Name}.",
            new Microsoft.OpenApi.OpenApiSchema { Type = Microsoft.OpenApi.JsonSchemaType.Integer, Format = "int64" },
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : Reading<long?>.Wrong("number.unreadable", "a whole number")),
        ColumnKind.Number => Parameters.Number(column.Name, -1e15, 1e15, $"Only features with this {column.Name}."),
        ColumnKind.Flag => Parameters.Flag(column.Name, $"Only features where {column.Name} is this."),
        _ => Parameters.Time(column.Name, $"Only features with this {column.Name}."),
    };
}
