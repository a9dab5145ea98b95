using System.Text.Json;
using GridMap.Server.Http;
using GridMap.Server.Jobs;
using GridMap.Server.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace GridMap.Server.OgcApi;

/// <summary>A question of the server's as a process: it is run by its own endpoint, with the same reading of its parameters and the same refusals.</summary>
public sealed class Process(RouteEndpoint endpoint)
{
    public string Id => Mark.Id;

    public ProcessOf Mark { get; } = endpoint.Metadata.GetRequiredMetadata<ProcessOf>();

    public IReadOnlyList<Parameter> Inputs => endpoint.Metadata.GetRequiredMetadata<Takes>().Parameters;

    public string Summary => endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? Mark.Title;

    /// <summary>Reads the question as its endpoint will, so that nobody waits for a job that cannot begin.</summary>
    /// <exception cref="Refused">An input is missing, repeated or unreadable, or names what is not there.</exception>
    public async Task Check(IServiceProvider services, string query, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var http = Asking(scope.ServiceProvider, query, cancellation);
        var ask = Question.Of(http);
        if (Inputs.Contains(TiledQuestions.TileParameter)) TiledQuestions.Check(ask);
        await Named(() => Mark.Check(http, cancellation));
    }

    /// <summary>Answers the question under <paramref name="query"/>; stopping it stops its SQL. An endpoint that can say how far it is finds <paramref name="progress"/> among the request's features.</summary>
    public async Task<JobResult> Run(IServiceProvider services, string query, IProgress<double>? progress, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        using var body = new MemoryStream();
        var http = Asking(scope.ServiceProvider, query, cancellation);
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        if (progress is not null) http.Features.Set(progress);
        await Named(() => endpoint.RequestDelegate!(http));
        await http.Response.BodyWriter.FlushAsync(cancellation);
        return new JobResult(http.Response.ContentType ?? Links.Json, body.ToArray());
    }

    // The address of a process is there: a thing that an input names and that is not is a wrong input, no 404.
    private async Task Named(Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (Refused missing) when (missing.Errors is null && Inputs.FirstOrDefault(input => missing.Code == $"{input.Name}.not-found") is { } input)
        {
            throw Refused.Field(input.Name, missing.Code, $"the id of a {input.Name} that there is");
        }
    }

    private DefaultHttpContext Asking(IServiceProvider services, string query, CancellationToken cancellation)
    {
        var http = new DefaultHttpContext { RequestServices = services, RequestAborted = cancellation };
        (http.Request.Method, http.Request.Scheme, http.Request.Host) = ("GET", "http", new HostString("localhost"));
        (http.Request.Path, http.Request.QueryString) = ("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), new QueryString(query));
        http.SetEndpoint(endpoint);
        return http;
    }

    /// <summary>The inputs of an execute request as a query, each value in the spelling of its parameter.</summary>
    /// <exception cref="Refused">An input is unknown or no plain value.</exception>
    public string QueryOf(JsonElement inputs)
    {
        var parts = new List<string>();
        foreach (var input in inputs.EnumerateObject())
        {
            var parameter = Inputs.FirstOrDefault(parameter => parameter.Name == input.Name)
                ?? throw Refused.Field($"inputs.{input.Name}", "input.unknown", $"one of {string.Join(", ", Inputs.Select(known => known.Name))}");
            if (input.Value.ValueKind == JsonValueKind.Null) continue;
            var values = input.Value.ValueKind == JsonValueKind.Array ? input.Value.EnumerateArray().Select(item => Text(item, input.Name)).ToList() : [Text(input.Value, input.Name)];
            foreach (var value in parameter.Repeats ? values : [string.Join(',', values)]) parts.Add($"{Uri.EscapeDataString(input.Name)}={Uri.EscapeDataString(value)}");
        }
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private static string Text(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => TextOf(value) ?? throw Wrong(name),
        JsonValueKind.Number => value.TryGetDouble(out var number) && double.IsFinite(number) ? value.GetRawText() : throw Wrong(name),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Object when value.TryGetProperty("value", out var inner) && inner.ValueKind != JsonValueKind.Object => Text(inner, name),
        _ => throw Wrong(name),
    };

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private static Refused Wrong(string name) => Refused.Field($"inputs.{name}", "input.wrong-type", "a text, number, boolean or a list of them");
}

/// <summary>The services of the whole server, for work that outlives its request.</summary>
public sealed record ProcessServices(IServiceProvider Provider);

/// <summary>Every question that is marked as a process.</summary>
public sealed class ProcessCatalog(EndpointDataSource endpoints)
{
    private readonly Lazy<IReadOnlyList<Process>> _all = new(() =>
        [.. endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<ProcessOf>() is not null).Select(endpoint => new Process(endpoint)).OrderBy(process => process.Id)]);

    public IReadOnlyList<Process> All => _all.Value;

    public Process Find(string id) => All.FirstOrDefault(process => process.Id == id) ?? throw Refused.NotFound("process", id);
}
